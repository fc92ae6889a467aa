/* Amounts: arithmetic, the formatter, the two parsers. */
#include "jn-money.h"

#define KWD ((JnCurrency) 414)
#define JPY ((JnCurrency) 392)
#define USD ((JnCurrency) 840)
#define CNY JN_CURRENCY_CNY

static void
test_arithmetic (void)
{
  JnMoney out = jn_money (7, CNY);

  g_assert_true (jn_money_add (jn_money (1, CNY), jn_money (2, CNY), &out));
  g_assert_cmpint (out.minor, ==, 3);
  g_assert_true (jn_money_subtract (jn_money (1, CNY), jn_money (2, CNY), &out));
  g_assert_cmpint (out.minor, ==, -1);
  g_assert_true (jn_money_negate (jn_money (-5, CNY), &out));
  g_assert_cmpint (out.minor, ==, 5);
  g_assert_false (jn_money_add (jn_money (G_MAXINT64, CNY), jn_money (1, CNY), &out));
  g_assert_false (jn_money_add (jn_money (G_MININT64, CNY), jn_money (-1, CNY), &out));
  g_assert_false (jn_money_subtract (jn_money (G_MININT64, CNY), jn_money (1, CNY), &out));
  g_assert_false (jn_money_negate (jn_money (G_MININT64, CNY), &out));
  g_assert_false (jn_money_add (jn_money (1, CNY), jn_money (1, USD), &out));
  g_assert_false (jn_money_subtract (jn_money (1, CNY), jn_money (1, USD), &out));
  g_assert_cmpint (out.minor, ==, 5);
  g_assert_true (jn_money_equal (jn_money (1, CNY), jn_money (1, CNY)));
  g_assert_false (jn_money_equal (jn_money (1, CNY), jn_money (1, USD)));
}

static void
assert_format (JnMoney money, JnMoneyFormat format, const char *expected)
{
  g_autofree char *text = jn_money_format (money, format);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_format (void)
{
  assert_format (jn_money (123456, CNY), JN_MONEY_FORMAT_PLAIN, "¥1,234.56");
  assert_format (jn_money (-500, CNY), JN_MONEY_FORMAT_PLAIN, "−¥5.00");
  assert_format (jn_money (30000, CNY), JN_MONEY_FORMAT_SIGNED, "+¥300.00");
  assert_format (jn_money (0, CNY), JN_MONEY_FORMAT_SIGNED, "¥0.00");
  assert_format (jn_money (5, CNY), JN_MONEY_FORMAT_NO_SYMBOL, "0.05");
  assert_format (jn_money (123456, CNY), JN_MONEY_FORMAT_NO_GROUPS, "¥1234.56");
  assert_format (jn_money (1200, USD), JN_MONEY_FORMAT_PLAIN, "USD 12.00");
  assert_format (jn_money (-1200, USD), JN_MONEY_FORMAT_PLAIN, "−USD 12.00");
  assert_format (jn_money (1234567, JPY), JN_MONEY_FORMAT_NO_SYMBOL, "1,234,567");
  assert_format (jn_money (1, KWD), JN_MONEY_FORMAT_NO_SYMBOL, "0.001");
  assert_format (jn_money (100000, CNY), JN_MONEY_FORMAT_NO_SYMBOL, "1,000.00");
  assert_format (jn_money (99999, CNY), JN_MONEY_FORMAT_NO_SYMBOL, "999.99");
  assert_format (jn_money (1280, JN_CURRENCY_POINTS), JN_MONEY_FORMAT_NO_SYMBOL, "1,280");
  assert_format (jn_money (G_MININT64, CNY), JN_MONEY_FORMAT_PLAIN, "−¥92,233,720,368,547,758.08");
}

typedef struct
{
  const char *text;
  JnCurrency currency;
  gint64 minor;
} Good;

static void
test_parse (void)
{
  static const Good cases[] = {
    { "12", CNY, 1200 },
    { "12.5", CNY, 1250 },
    { "12.50", CNY, 1250 },
    { "0.01", CNY, 1 },
    { ".5", CNY, 50 },
    { "5.", CNY, 500 },
    { "1,234.56", CNY, 123456 },
    { "1,234,567", CNY, 123456700 },
    { " 12 ", CNY, 1200 },
    { "１２．５０", CNY, 1250 },
    { "１２。５", CNY, 1250 },
    { "１，２３４．５", CNY, 123450 },
    { "¥12", CNY, 1200 },
    { "￥ 12", CNY, 1200 },
    { "CNY 12", CNY, 1200 },
    { "-5", CNY, -500 },
    { "−5", CNY, -500 },
    { "−¥5.00", CNY, -500 },
    { "1 234.56", CNY, 123456 },
    { "12\u3000", CNY, 1200 },
    { "007", CNY, 700 },
    { "1234", JPY, 1234 },
    { "1.234", KWD, 1234 },
    { "USD 12.00", USD, 1200 },
    { "92233720368547758.07", CNY, G_MAXINT64 },
    { "-92233720368547758.08", CNY, G_MININT64 },
    { "0", CNY, 0 },
    { "-0", CNY, 0 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      JnMoney money;
      g_autoptr (GError) error = NULL;
      jn_money_parse (cases[i].text, cases[i].currency, &money, &error);
      g_assert_no_error (error);
      g_assert_cmpint (money.minor, ==, cases[i].minor);
      g_assert_cmpuint (money.currency, ==, cases[i].currency);
    }
}

typedef struct
{
  const char *text;
  JnMoneyError code;
} Bad;

static void
test_parse_refuses (void)
{
  static const Bad cases[] = {
    { "", JN_MONEY_ERROR_EMPTY },
    { "  ", JN_MONEY_ERROR_EMPTY },
    { "abc", JN_MONEY_ERROR_SYNTAX },
    { "1e9", JN_MONEY_ERROR_SYNTAX },
    { "0x10", JN_MONEY_ERROR_SYNTAX },
    { "+5", JN_MONEY_ERROR_SYNTAX },
    { "--5", JN_MONEY_ERROR_SYNTAX },
    { "1.2.3", JN_MONEY_ERROR_SYNTAX },
    { "1,23", JN_MONEY_ERROR_SYNTAX },
    { "12,34.5", JN_MONEY_ERROR_SYNTAX },
    { "1,234 567", JN_MONEY_ERROR_SYNTAX },
    { "1234,567", JN_MONEY_ERROR_SYNTAX },
    { ".", JN_MONEY_ERROR_SYNTAX },
    { "¥", JN_MONEY_ERROR_SYNTAX },
    { "-", JN_MONEY_ERROR_SYNTAX },
    { "1 2", JN_MONEY_ERROR_SYNTAX },
    { "٣", JN_MONEY_ERROR_SYNTAX },
    { "12 USD", JN_MONEY_ERROR_SYNTAX },
    { "NaN", JN_MONEY_ERROR_SYNTAX },
    { "\xff", JN_MONEY_ERROR_SYNTAX },
    { "1.999", JN_MONEY_ERROR_DECIMALS },
    { "1.990", JN_MONEY_ERROR_DECIMALS },
    { "92233720368547758.08", JN_MONEY_ERROR_RANGE },
    { "-92233720368547758.09", JN_MONEY_ERROR_RANGE },
    { "99999999999999999999999999999", JN_MONEY_ERROR_RANGE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      JnMoney money = jn_money (42, CNY);
      g_autoptr (GError) error = NULL;
      g_assert_false (jn_money_parse (cases[i].text, CNY, &money, &error));
      g_assert_error (error, JN_MONEY_ERROR, (int) cases[i].code);
      g_assert_cmpint (money.minor, ==, 42);
    }
  JnMoney money;
  g_assert_false (jn_money_parse ("1", 999, &money, NULL));
  g_assert_false (jn_money_parse (NULL, CNY, &money, NULL));
  g_assert_false (jn_money_parse ("1.5", JPY, &money, NULL));
}

static void
test_wire (void)
{
  static const Good cases[] = { { "12.50", CNY, 1250 },
                                { "-12.5", CNY, -1250 },
                                { "0", CNY, 0 },
                                { "1234", JPY, 1234 },
                                { "-0.01", CNY, -1 } };
  static const Bad bad[] = {
    { "", JN_MONEY_ERROR_EMPTY },
    { "+1", JN_MONEY_ERROR_SYNTAX },
    { " 1", JN_MONEY_ERROR_SYNTAX },
    { "1 ", JN_MONEY_ERROR_SYNTAX },
    { "1e9", JN_MONEY_ERROR_SYNTAX },
    { "1,000", JN_MONEY_ERROR_SYNTAX },
    { ".5", JN_MONEY_ERROR_SYNTAX },
    { "5.", JN_MONEY_ERROR_SYNTAX },
    { "1.2.3", JN_MONEY_ERROR_SYNTAX },
    { "１", JN_MONEY_ERROR_SYNTAX },
    { "--1", JN_MONEY_ERROR_SYNTAX },
    { "-", JN_MONEY_ERROR_SYNTAX },
    { "1.234", JN_MONEY_ERROR_DECIMALS },
    { "123.5000", JN_MONEY_ERROR_DECIMALS },
    { "92233720368547758.08", JN_MONEY_ERROR_RANGE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      JnMoney money;
      g_autoptr (GError) error = NULL;
      jn_money_from_wire (cases[i].text, jn_currency_get_code (cases[i].currency), &money, &error);
      g_assert_no_error (error);
      g_assert_cmpint (money.minor, ==, cases[i].minor);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      JnMoney money;
      g_autoptr (GError) error = NULL;
      g_assert_false (jn_money_from_wire (bad[i].text, "CNY", &money, &error));
      g_assert_error (error, JN_MONEY_ERROR, (int) bad[i].code);
    }
  JnMoney money;
  g_autoptr (GError) error = NULL;
  g_assert_false (jn_money_from_wire ("1", "XYZ", &money, &error));
  g_assert_error (error, JN_MONEY_ERROR, JN_MONEY_ERROR_CURRENCY);
  g_assert_false (jn_money_from_wire ("1", NULL, &money, NULL));
  g_assert_false (jn_money_from_wire (NULL, "CNY", &money, NULL));
}

static void
test_round_trips (void)
{
  static const JnCurrency currencies[] = { CNY, USD, JPY, KWD, JN_CURRENCY_POINTS, 990 };
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (int round = 0; round < 20000; round++)
    {
      guint64 bits = (guint64) g_rand_int (random) << 32 | g_rand_int (random);
      gint64 minor = (gint64) (bits >> g_rand_int_range (random, 0, 64));
      if (g_rand_boolean (random) && minor > 0)
        minor = -minor;
      JnMoney money = jn_money (minor, currencies[round % (int) G_N_ELEMENTS (currencies)]);
      JnMoney back;
      g_autofree char *wire = jn_money_to_wire (money);
      g_autofree char *shown = jn_money_format (money, JN_MONEY_FORMAT_PLAIN);
      g_autofree char *bare = jn_money_format (money, JN_MONEY_FORMAT_NO_SYMBOL);

      g_assert_true (jn_money_from_wire (wire, jn_currency_get_code (money.currency), &back, NULL));
      g_assert_true (jn_money_equal (money, back));
      g_assert_true (jn_money_parse (shown, money.currency, &back, NULL));
      g_assert_true (jn_money_equal (money, back));
      g_assert_true (jn_money_parse (bare, money.currency, &back, NULL));
      g_assert_true (jn_money_equal (money, back));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/money/arithmetic", test_arithmetic);
  g_test_add_func ("/money/format", test_format);
  g_test_add_func ("/money/parse", test_parse);
  g_test_add_func ("/money/parse-refuses", test_parse_refuses);
  g_test_add_func ("/money/wire", test_wire);
  g_test_add_func ("/money/round-trips", test_round_trips);
  return g_test_run ();
}
