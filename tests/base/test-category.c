/* Categories and their names on the wire. */
#include "jn-category.h"

static void
test_names (void)
{
  for (int i = 1; i < JN_N_CATEGORIES; i++)
    {
      const char *name = jn_category_to_name ((JnCategory) i);
      g_assert_nonnull (name);
      g_assert_cmpint (jn_category_from_name (name), ==, i);
    }
  g_assert_null (jn_category_to_name (JN_CATEGORY_NONE));
  g_assert_null (jn_category_to_name (JN_N_CATEGORIES));
  g_assert_cmpint (jn_category_from_name ("nonsense"), ==, JN_CATEGORY_NONE);
  g_assert_cmpint (jn_category_from_name (NULL), ==, JN_CATEGORY_NONE);
}

static void
test_spending (void)
{
  g_assert_true (jn_category_is_spending (JN_CATEGORY_DINING));
  g_assert_true (jn_category_is_spending (JN_CATEGORY_OTHER));
  g_assert_false (jn_category_is_spending (JN_CATEGORY_NONE));
  g_assert_false (jn_category_is_spending (JN_CATEGORY_TRANSFER));
  g_assert_false (jn_category_is_spending (JN_CATEGORY_INCOME));
  g_assert_false (jn_category_is_spending (JN_CATEGORY_OPENING));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/category/names", test_names);
  g_test_add_func ("/category/spending", test_spending);
  return g_test_run ();
}
