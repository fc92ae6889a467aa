/* The keyring in each of its states; run-keyring.sh makes the state and says it in JN_TEST_KEYRING. */
#include "jn-keyring.h"

#include "jn-error.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  GMainLoop *loop;
  GAsyncResult *result;
} Wait;

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Wait *wait = user_data;
  wait->result = g_object_ref (result);
  g_main_loop_quit (wait->loop);
}

static GAsyncResult *
wait_for (Wait *wait)
{
  g_main_loop_run (wait->loop);
  g_main_loop_unref (wait->loop);
  return wait->result;
}

#define WAIT_INIT                                                                                  \
  {                                                                                                \
    g_main_loop_new (NULL, FALSE), NULL                                                            \
  }

static JnKeyringState
probe (JnKeyring *keyring)
{
  Wait wait = WAIT_INIT;
  jn_keyring_probe_async (keyring, NULL, on_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  return jn_keyring_probe_finish (keyring, result);
}

static gboolean
store (JnKeyring *keyring, const char *name, JnSecret *secret, GError **error)
{
  Wait wait = WAIT_INIT;
  jn_keyring_store_async (keyring, name, secret, NULL, on_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  return jn_keyring_store_finish (keyring, result, error);
}

static JnSecret *
lookup (JnKeyring *keyring, const char *name, GError **error)
{
  Wait wait = WAIT_INIT;
  jn_keyring_lookup_async (keyring, name, NULL, on_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  return jn_keyring_lookup_finish (keyring, result, error);
}

static gboolean
clear (JnKeyring *keyring, const char *name, GError **error)
{
  Wait wait = WAIT_INIT;
  jn_keyring_clear_async (keyring, name, NULL, on_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  return jn_keyring_clear_finish (keyring, result, error);
}

static JnSecret *
make_secret (void)
{
  static const guint8 bytes[] = { 0, 1, 0xff, 0, '\n', 0x80, 7, 0 };
  return jn_secret_new (bytes, sizeof bytes);
}

/* What every working store does, whichever it is. */
static void
check_store (JnKeyring *keyring)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnSecret) secret = make_secret ();
  g_autoptr (JnSecret) second = jn_secret_new_random (32);

  g_assert_null (lookup (keyring, "device-key", &error));
  g_assert_no_error (error);
  g_assert_true (store (keyring, "device-key", secret, &error));
  g_assert_no_error (error);
  g_autoptr (JnSecret) found = lookup (keyring, "device-key", &error);
  g_assert_no_error (error);
  g_assert_nonnull (found);
  g_assert_true (jn_secret_equal (found, secret));
  g_assert_null (lookup (keyring, "session-secret", &error));
  g_assert_no_error (error);
  g_assert_true (store (keyring, "device-key", second, &error));
  g_assert_no_error (error);
  g_autoptr (JnSecret) replaced = lookup (keyring, "device-key", &error);
  g_assert_no_error (error);
  g_assert_nonnull (replaced);
  g_assert_true (jn_secret_equal (replaced, second));
}

static void
check_clear (JnKeyring *keyring)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (clear (keyring, "device-key", &error));
  g_assert_no_error (error);
  g_assert_null (lookup (keyring, "device-key", &error));
  g_assert_no_error (error);
  g_assert_true (clear (keyring, "device-key", &error));
  g_assert_no_error (error);
}

static void
test_kept (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnKeyring) keyring = jn_keyring_new_system ("test");
  g_assert_cmpint (probe (keyring), ==, JN_KEYRING_KEPT);
  g_assert_cmpint (jn_keyring_get_state (keyring), ==, JN_KEYRING_KEPT);
  check_store (keyring);

  /* Another object finds it; another bank does not. */
  g_autoptr (JnKeyring) again = jn_keyring_new_system ("test");
  g_autoptr (JnKeyring) other = jn_keyring_new_system ("other");
  g_assert_cmpint (probe (again), ==, JN_KEYRING_KEPT);
  g_assert_cmpint (probe (other), ==, JN_KEYRING_KEPT);
  g_autoptr (JnSecret) found = lookup (again, "device-key", &error);
  g_assert_no_error (error);
  g_assert_nonnull (found);
  g_assert_null (lookup (other, "device-key", &error));
  g_assert_no_error (error);
  /* The probe leaves nothing behind. */
  g_assert_null (lookup (keyring, "probe", &error));
  g_assert_no_error (error);
  check_clear (keyring);
}

static void
test_locked (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnKeyring) keyring = jn_keyring_new_system ("test");
  g_autoptr (JnSecret) secret = make_secret ();

  g_assert_cmpint (probe (keyring), ==, JN_KEYRING_LOCKED);
  g_assert_null (lookup (keyring, "device-key", &error));
  g_assert_true (jn_error_is (error, JN_ERROR_KEY_MISSING));
  g_clear_error (&error);
  g_assert_false (store (keyring, "device-key", secret, &error));
  g_assert_cmpint (jn_error_get_class (error), ==, JN_ERROR_CLASS_KEY);
}

static void
test_this_run_only (void)
{
  g_autoptr (JnKeyring) keyring = jn_keyring_new_system ("test");
  g_assert_cmpint (probe (keyring), ==, JN_KEYRING_THIS_RUN_ONLY);
  check_store (keyring);
  check_clear (keyring);

  /* Nothing was written anywhere that a later object could find. */
  g_autoptr (GError) error = NULL;
  g_autoptr (JnKeyring) again = jn_keyring_new_system ("test");
  g_assert_cmpint (probe (again), ==, JN_KEYRING_THIS_RUN_ONLY);
  g_assert_null (lookup (again, "device-key", &error));
  g_assert_no_error (error);
}

static void
test_memory (void)
{
  g_autoptr (JnKeyring) keyring = jn_keyring_new_memory ();
  g_assert_cmpint (probe (keyring), ==, JN_KEYRING_THIS_RUN_ONLY);
  check_store (keyring);
  check_clear (keyring);
}

static void
test_memory_copy (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnKeyring) keyring = jn_keyring_new_memory ();
  g_autoptr (JnSecret) first = jn_secret_new ("first", 5);
  g_autoptr (JnSecret) second = jn_secret_new ("second", 6);

  g_assert_true (store (keyring, "device-key", first, &error));
  g_autoptr (JnKeyring) copy = jn_keyring_copy_memory (keyring);
  g_assert_true (store (keyring, "device-key", second, &error));
  g_autoptr (JnSecret) found = lookup (copy, "device-key", &error);
  g_assert_no_error (error);
  gsize length;
  g_assert_cmpmem (jn_secret_get (found, &length), 5, "first", 5);
  g_assert_cmpuint (length, ==, 5);
}

static void
test_not_probed (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnKeyring) keyring = jn_keyring_new_system ("test");
  g_assert_null (lookup (keyring, "device-key", &error));
  g_assert_true (jn_error_is (error, JN_ERROR_KEY_MISSING));
}

/* The file backend keeps items in a file that is sealed: the secret cannot be read from it. */
static void
test_file_is_sealed (void)
{
  const char *path = g_getenv ("SECRET_FILE_TEST_PATH");
  static const char plain[] = "correct-horse-battery-staple";
  g_autoptr (GError) error = NULL;
  g_autoptr (JnKeyring) keyring = jn_keyring_new_system ("test");
  g_autoptr (JnSecret) secret = jn_secret_new (plain, strlen (plain));
  g_autofree char *base64 = g_base64_encode ((const guchar *) plain, strlen (plain));
  g_autofree char *contents = NULL;
  gsize length = 0;

  g_assert_cmpint (probe (keyring), ==, JN_KEYRING_KEPT);
  g_assert_true (store (keyring, "device-key", secret, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &contents, &length, &error));
  g_assert_null (memmem (contents, length, plain, strlen (plain)));
  g_assert_null (memmem (contents, length, base64, strlen (base64)));
  check_clear (keyring);
}

int
main (int argc, char **argv)
{
  const char *mode = g_getenv ("JN_TEST_KEYRING");
  g_test_init (&argc, &argv, NULL);
  if (mode == NULL)
    {
      g_test_add_func ("/security/keyring/memory", test_memory);
      g_test_add_func ("/security/keyring/memory-copy", test_memory_copy);
      g_test_add_func ("/security/keyring/not-probed", test_not_probed);
      return g_test_run ();
    }
  if (g_str_equal (mode, "kept") || g_str_equal (mode, "file"))
    g_test_add_func ("/security/keyring/kept", test_kept);
  if (g_str_equal (mode, "file"))
    g_test_add_func ("/security/keyring/file-is-sealed", test_file_is_sealed);
  if (g_str_equal (mode, "locked"))
    g_test_add_func ("/security/keyring/locked", test_locked);
  if (g_str_equal (mode, "no-service") || g_str_equal (mode, "no-bus")
      || g_str_equal (mode, "no-keyring"))
    g_test_add_func ("/security/keyring/this-run-only", test_this_run_only);
  return g_test_run ();
}
