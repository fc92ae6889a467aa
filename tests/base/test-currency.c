/* The currency table. */
#include "jn-currency.h"

static void
test_known (void)
{
  static const struct
  {
    const char *code;
    JnCurrency number;
    int exponent;
  } rows[] = {
    { "CNY", 156, 2 }, { "USD", 840, 2 }, { "JPY", 392, 0 },   { "KWD", 414, 3 }, { "CLF", 990, 4 },
    { "EUR", 978, 2 }, { "KRW", 410, 0 }, { "BHD", 48, 3 },    { "XOF", 952, 0 }, { "ISK", 352, 0 },
    { "TND", 788, 3 }, { "UYW", 927, 4 }, { "PTS", 10000, 0 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_assert_cmpuint (jn_currency_from_code (rows[i].code), ==, rows[i].number);
      g_assert_cmpstr (jn_currency_get_code (rows[i].number), ==, rows[i].code);
      g_assert_cmpint (jn_currency_get_exponent (rows[i].number), ==, rows[i].exponent);
      g_assert_true (jn_currency_is_known (rows[i].number));
    }
}

static void
test_unknown (void)
{
  static const char *const codes[] = { "", "cny", "CN", "CNYY", "XAU", "XTS", "XXX", "¥", "ZZZ" };
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    g_assert_cmpuint (jn_currency_from_code (codes[i]), ==, JN_CURRENCY_NONE);
  g_assert_cmpuint (jn_currency_from_code (NULL), ==, JN_CURRENCY_NONE);
  g_assert_false (jn_currency_is_known (JN_CURRENCY_NONE));
  g_assert_null (jn_currency_get_code (999));
  g_assert_cmpint (jn_currency_get_exponent (999), ==, -1);
  g_assert_null (jn_currency_get_symbol (840));
  g_assert_cmpstr (jn_currency_get_symbol (JN_CURRENCY_CNY), ==, "¥");
}

static void
test_table_is_consistent (void)
{
  guint count = 0;
  for (JnCurrency number = 1; number < 1000; number++)
    {
      const char *code = jn_currency_get_code (number);
      if (code == NULL)
        continue;
      g_assert_cmpuint (jn_currency_from_code (code), ==, number);
      g_assert_cmpint (jn_currency_get_exponent (number), >=, 0);
      g_assert_cmpint (jn_currency_get_exponent (number), <=, 4);
      count++;
    }
  g_assert_cmpuint (count, >, 150);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/currency/known", test_known);
  g_test_add_func ("/currency/unknown", test_unknown);
  g_test_add_func ("/currency/table", test_table_is_consistent);
  return g_test_run ();
}
