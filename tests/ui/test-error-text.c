/* What is said about money never contradicts what happened to it. */
#include "jn-error-text.h"
#include "jn-error.h"
#include "jn-money.h"

#include <gio/gio.h>

#define NOT_MOVED "Your money has not moved."

static void
test_classes (void)
{
  guint n = 0;

  for (int code = 100; code < 1100; code++)
    {
      g_autoptr (GError) error = NULL;
      JnErrorText text;
      JnErrorClass class;

      if (jn_error_code_get_name (code) == NULL)
        continue;
      error = g_error_new_literal (JN_ERROR, code, "secret text of a lower room");
      text = jn_error_text_for (error);
      class = jn_error_get_class (error);
      n++;
      g_assert_cmpstr (text.what, !=, "");
      g_assert_cmpstr (text.now, !=, "");
      g_assert_null (strstr (text.what, "secret"));
      /* A payment that is being checked has a page of its own: no error says that one is. */
      g_assert_null (strstr (text.now, "Do not pay again"));
      g_assert_null (strstr (text.now, "checking"));
      if (class == JN_ERROR_CLASS_UNKNOWN)
        g_assert_cmpstr (text.money, ==, "Nothing was changed.");
      if (class == JN_ERROR_CLASS_AGAIN && *text.money)
        g_assert_cmpstr (text.money, ==, NOT_MOVED);
    }
  g_assert_cmpuint (n, >, 60);
}

static void
test_foreign (void)
{
  g_autoptr (GError) failed = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "raw");
  g_autoptr (GError) decimals =
      g_error_new_literal (JN_MONEY_ERROR, JN_MONEY_ERROR_DECIMALS, "raw");
  g_autoptr (GError) wrong = g_error_new_literal (JN_ERROR, JN_ERROR_PIN_WRONG, "raw");
  g_autofree char *all = jn_error_text_dup (failed);
  g_autofree char *field = jn_error_text_dup_field (decimals, -1);
  g_autofree char *left = jn_error_text_dup_field (wrong, 2);

  g_assert_null (strstr (all, "raw"));
  g_assert_cmpstr (field, ==, "There are too many digits after the point.");
  g_assert_cmpstr (left, ==, "The payment PIN is not right. 2 attempts left.");
  g_assert_cmpstr (jn_error_text_for (NULL).what, !=, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/error-text/classes", test_classes);
  g_test_add_func ("/ui/error-text/foreign", test_foreign);
  return g_test_run ();
}
