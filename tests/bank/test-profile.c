/* Bank profiles: good ones, and what is refused. */
#include "jn-bank-profile.h"

#include "jn-error.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

#define GOOD "[Bank]\nid=test\nname=Test Bank\ncurrency=CNY\nfeatures=payments;points;\n"

#define PIN_A "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
#define PIN_B "sha256/RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg="
#define KEY_A "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
#define ELSEWHERE GOOD "address=https://bank.example\ncertificates=ca.pem\n"

static char *folder;

static JnBankProfile *
load (const char *text, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "test.ini", NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return jn_bank_profile_load (path, error);
}

static void
test_good (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnBankProfile) profile =
      load (GOOD "address=https://api.bank.example/v1/\ncertificates=ca.pem\naccent-light=#19725f\n"
                 "pins=" PIN_A ";" PIN_B ";\nkeys=" KEY_A "\n",
            &error);
  g_assert_no_error (error);
  g_autofree char *beside = g_build_filename (folder, "ca.pem", NULL);
  g_assert_cmpstr (profile->id, ==, "test");
  g_assert_cmpstr (profile->address, ==, "https://api.bank.example/v1");
  g_assert_cmpstr (profile->certificates, ==, beside);
  g_assert_cmpstr (profile->accent_light, ==, "#19725f");
  g_assert_cmpstr (profile->pins, ==, PIN_A ";" PIN_B ";");
  g_assert_cmpstr (profile->keys, ==, KEY_A);
  g_assert_null (profile->accent_dark);
  g_assert_null (profile->hotline);
  g_assert_true (jn_bank_profile_has (profile, "points"));
  g_assert_false (jn_bank_profile_has (profile, "offers"));
  g_assert_false (jn_bank_profile_is_sandbox (profile));
}

static void
test_embedded (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnBankProfile) profile = load (GOOD "address=\n", &error);
  g_assert_no_error (error);
  g_assert_null (profile->address);
  g_assert_true (jn_bank_profile_is_sandbox (profile));
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "",
    "no key file",
    "[Bank]\nname=x\ncurrency=CNY\n",
    "[Bank]\nid=Test\nname=x\ncurrency=CNY\n",
    "[Bank]\nid=../x\nname=x\ncurrency=CNY\n",
    "[Bank]\nid=x\ncurrency=CNY\n",
    "[Bank]\nid=x\nname=x\ncurrency=XYZ\n",
    GOOD "address=http://api.bank.example\n",
    GOOD "address=http://127.0.0.1.evil.example\n",
    GOOD "address=https://user@bank.example\n",
    GOOD "address=https://bank.example/?a=b\n",
    GOOD "address=ftp://bank.example\n",
    GOOD "address=bank.example\n",
    GOOD "accent-light=red\n",
    ELSEWHERE,
    GOOD "address=https://bank.example\npins=" PIN_A ";" PIN_B "\n",
    ELSEWHERE "pins=" PIN_A "\n",
    ELSEWHERE "pins=" PIN_A ";" PIN_A "\n",
    ELSEWHERE "pins=" PIN_A ";sha1/47DEQpj8HBSa+/TImW+5JCeuQeQ=\n",
    ELSEWHERE "pins=" PIN_A ";sha256/AAAA\n",
    ELSEWHERE "pins=" PIN_A ";" PIN_B ";;\n",
    ELSEWHERE "pins=" PIN_A " ; " PIN_B "\n",
    GOOD "keys=AAAA\n",
    GOOD "keys=" KEY_A ";;\n",
    GOOD "keys=none\n",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JnBankProfile) profile = load (texts[i], &error);
      g_test_message ("%s", texts[i]);
      g_assert_null (profile);
      g_assert_true (jn_error_is (error, JN_ERROR_INVALID));
    }
  g_autoptr (GError) error = NULL;
  g_assert_null (jn_bank_profile_load ("/nonexistent/profile.ini", &error));
  g_assert_true (jn_error_is (error, JN_ERROR_INVALID));
}

static void
test_loopback (void)
{
  static const char *const hosts[] = { "127.0.0.1:8080", "localhost:1", "[::1]:9" };
  for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = g_strdup_printf (GOOD "address=http://%s\n", hosts[i]);
      g_autoptr (JnBankProfile) profile = load (text, &error);
      g_assert_no_error (error);
    }
}

/* The profiles that we ship. */
static void
test_shipped (void)
{
  static const char *const names[] = { "sandbox.ini", "local.ini", "example.ini" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = g_build_filename (g_getenv ("JN_TEST_BANKS"), names[i], NULL);
      g_autoptr (JnBankProfile) profile = jn_bank_profile_load (path, &error);
      g_assert_no_error (error);
      g_assert_cmpint (jn_bank_profile_is_sandbox (profile), ==, i < 2);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("jinnang-test-XXXXXX", NULL);
  g_test_add_func ("/bank/profile/good", test_good);
  g_test_add_func ("/bank/profile/embedded", test_embedded);
  g_test_add_func ("/bank/profile/refused", test_refused);
  g_test_add_func ("/bank/profile/loopback", test_loopback);
  g_test_add_func ("/bank/profile/shipped", test_shipped);
  int status = g_test_run ();
  g_autofree char *path = g_build_filename (folder, "test.ini", NULL);
  g_unlink (path);
  g_rmdir (folder);
  g_free (folder);
  return status;
}
