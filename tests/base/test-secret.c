/* Secret bytes. */
#include "jn-secret.h"

#include <string.h>

static void
test_content (void)
{
  g_autoptr (JnSecret) a = jn_secret_new ("hunter2", 7);
  g_autoptr (JnSecret) same = jn_secret_new ("hunter2", 7);
  g_autoptr (JnSecret) other = jn_secret_new ("hunter3", 7);
  g_autoptr (JnSecret) shorter = jn_secret_new ("hunter", 6);
  g_autoptr (JnSecret) empty = jn_secret_new (NULL, 0);
  gsize length = 99;

  const guint8 *bytes = jn_secret_get (a, &length);
  g_assert_cmpuint (length, ==, 7);
  g_assert_cmpstr ((const char *) bytes, ==, "hunter2");
  g_assert_true (jn_secret_equal (a, same));
  g_assert_false (jn_secret_equal (a, other));
  g_assert_false (jn_secret_equal (a, shorter));
  jn_secret_get (empty, &length);
  g_assert_cmpuint (length, ==, 0);
  g_assert_true (jn_secret_equal (empty, empty));
}

static void
test_random (void)
{
  g_autoptr (JnSecret) a = jn_secret_new_random (32);
  g_autoptr (JnSecret) b = jn_secret_new_random (32);
  g_assert_false (jn_secret_equal (a, b));
}

static void
test_references (void)
{
  JnSecret *a = jn_secret_new ("x", 1);
  JnSecret *again = jn_secret_ref (a);
  jn_secret_unref (a);
  g_assert_cmpint (jn_secret_get (again, NULL)[0], ==, 'x');
  jn_secret_unref (again);
  jn_secret_unref (NULL);
}

static void
test_guarded (void)
{
  if (g_test_subprocess ())
    {
      JnSecret *secret = jn_secret_new ("x", 1);
      volatile guint8 *bytes = (volatile guint8 *) (gsize) jn_secret_get (secret, NULL);
      bytes[0] = 'y';
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/secret/content", test_content);
  g_test_add_func ("/secret/random", test_random);
  g_test_add_func ("/secret/references", test_references);
  g_test_add_func ("/secret/write-is-fatal", test_guarded);
  return g_test_run ();
}
