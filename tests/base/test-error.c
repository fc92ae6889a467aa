/* Codes, names, classes. */
#include "jn-error.h"
#include "jn-money.h"

#include <gio/gio.h>

static void
test_names (void)
{
  int count = 0;
  for (int code = 0; code < 1200; code++)
    {
      const char *name = jn_error_code_get_name (code);
      if (name == NULL)
        continue;
      count++;
      g_assert_cmpint (jn_error_code_from_name (name), ==, code);
      g_assert_cmpint (jn_error_code_get_class (code), ==, code / 100);
    }
  g_assert_cmpint (count, >=, 65);
  g_assert_cmpstr (jn_error_code_get_name (JN_ERROR_NO_FUNDS), ==, "NO_FUNDS");
  g_assert_cmpint (jn_error_code_from_name ("nonsense"), ==, 0);
  g_assert_cmpint (jn_error_code_from_name (NULL), ==, 0);
}

static void
test_classes (void)
{
  g_autoptr (GError) refused = g_error_new (JN_ERROR, JN_ERROR_NO_FUNDS, "x");
  g_autoptr (GError) timeout = g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "x");
  g_autoptr (GError) cancelled = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "x");
  g_autoptr (GError) typed = g_error_new (JN_MONEY_ERROR, JN_MONEY_ERROR_SYNTAX, "x");

  g_assert_cmpint (jn_error_get_class (NULL), ==, JN_ERROR_CLASS_OK);
  g_assert_cmpint (jn_error_get_class (refused), ==, JN_ERROR_CLASS_REFUSED);
  g_assert_cmpint (jn_error_get_class (timeout), ==, JN_ERROR_CLASS_UNKNOWN);
  g_assert_cmpint (jn_error_get_class (cancelled), ==, JN_ERROR_CLASS_UNKNOWN);
  g_assert_cmpint (jn_error_get_class (typed), ==, JN_ERROR_CLASS_INVALID);
  g_assert_cmpint (jn_error_code_get_class (0), ==, JN_ERROR_CLASS_OK);
  g_assert_cmpint (jn_error_code_get_class (-1), ==, JN_ERROR_CLASS_UNKNOWN);
  g_assert_cmpint (jn_error_code_get_class (1100), ==, JN_ERROR_CLASS_UNKNOWN);
  g_assert_cmpint (jn_error_code_get_class (JN_ERROR_SESSION_EXPIRED), ==, JN_ERROR_CLASS_SESSION);
  g_assert_true (jn_error_is (refused, JN_ERROR_NO_FUNDS));
  g_assert_false (jn_error_is (refused, JN_ERROR_BUSY));
  g_assert_false (jn_error_is (timeout, JN_ERROR_BUSY));
  g_assert_false (jn_error_is (NULL, JN_ERROR_BUSY));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/names", test_names);
  g_test_add_func ("/error/classes", test_classes);
  return g_test_run ();
}
