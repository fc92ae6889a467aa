/* The language changes while the program runs, also where no locale but C and C.UTF-8 is installed. */
#include "jn-bank-profile.h"
#include "jn-error-text.h"
#include "jn-format.h"
#include "jn-language.h"

#include <glib/gstdio.h>
#include <libintl.h>
#include <locale.h>

static void
test_switch (void)
{
  g_autofree char *month = NULL;

  jn_language_use ("zh_CN");
  /* The catalogue that was just built, in the layout of an installation. */
  bindtextdomain ("jinnang", g_getenv ("JN_TEST_LOCALE_DIR"));
  textdomain ("jinnang");
  g_assert_true (jn_format_is_chinese ());
  g_assert_cmpstr (jn_format_category (JN_CATEGORY_DINING), ==, "餐饮");
  month = jn_format_month (202611);
  g_assert_cmpstr (month, ==, "2026年11月");
  jn_language_use ("en");
  g_assert_false (jn_format_is_chinese ());
  g_assert_cmpstr (jn_format_category (JN_CATEGORY_DINING), ==, "Dining");
}

/* The bank's name is asked for at the time of the call, not when the file was read. */
static void
test_bank_name (void)
{
  g_autofree char *folder = g_dir_make_tmp ("jinnang-name-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "bank.ini", NULL);
  g_autoptr (JnBankProfile) profile = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (
      path, "[Bank]\nid=two\nname=Two Rivers\nname[zh_CN]=两江银行\ncurrency=CNY\n", -1, NULL));
  jn_language_use ("en");
  profile = jn_bank_profile_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (jn_bank_profile_get_name (profile), ==, "Two Rivers");
  jn_language_use ("zh_CN");
  g_assert_cmpstr (jn_bank_profile_get_name (profile), ==, "两江银行");
  jn_language_use ("en");
  g_assert_cmpstr (jn_bank_profile_get_name (profile), ==, "Two Rivers");
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_c_locale (void)
{
  g_setenv ("LC_ALL", "C", TRUE);
  jn_language_use ("zh_CN");
  g_assert_cmpstr (setlocale (LC_MESSAGES, NULL), ==, "C.UTF-8");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/language/switch", test_switch);
  g_test_add_func ("/ui/language/bank-name", test_bank_name);
  g_test_add_func ("/ui/language/c-locale", test_c_locale);
  return g_test_run ();
}
