/* The language changes while the program runs, also where no locale but C and C.UTF-8 is installed. */
#include "jn-error-text.h"
#include "jn-format.h"
#include "jn-language.h"

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
  g_test_add_func ("/ui/language/c-locale", test_c_locale);
  return g_test_run ();
}
