/* Capital amounts against published examples. */
#include "jn-capital-amount.h"

static void
assert_capital (gint64 fen, const char *expected)
{
  g_autofree char *text = jn_capital_amount (jn_money (fen, JN_CURRENCY_CNY));
  g_assert_cmpstr (text, ==, expected);
}

static void
test_examples (void)
{
  /* The first three are the examples of the rules. */
  assert_capital (140950, "人民币壹仟肆佰零玖元伍角");
  assert_capital (32504, "人民币叁佰贰拾伍元零肆分");
  assert_capital (1640902, "人民币壹万陆仟肆佰零玖元零贰分");
  assert_capital (600714, "人民币陆仟零柒元壹角肆分");
  assert_capital (168032, "人民币壹仟陆佰捌拾元叁角贰分");
  assert_capital (10700053, "人民币壹拾万零柒仟元伍角叁分");
  assert_capital (1900, "人民币壹拾玖元整");
  assert_capital (0, "人民币零元整");
  assert_capital (1, "人民币壹分");
  assert_capital (10, "人民币壹角");
  assert_capital (25, "人民币贰角伍分");
  assert_capital (1005, "人民币壹拾元零伍分");
  assert_capital (10000, "人民币壹佰元整");
}

static void
test_large (void)
{
  assert_capital (G_GINT64_CONSTANT (10000000000), "人民币壹亿元整");
  assert_capital (G_GINT64_CONSTANT (10001000000), "人民币壹亿零壹万元整");
  assert_capital (G_GINT64_CONSTANT (10000000100), "人民币壹亿零壹元整");
  assert_capital (G_GINT64_CONSTANT (100000000000000), "人民币壹万亿元整");
  assert_capital (G_GINT64_CONSTANT (123400000000000), "人民币壹万贰仟叁佰肆拾亿元整");
  assert_capital (1000000 * 100, "人民币壹佰万元整");
  assert_capital (12345678900, "人民币壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元整");
  assert_capital (G_MAXINT64,
                  "人民币玖亿贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零柒分");
}

static void
test_refused (void)
{
  g_assert_null (jn_capital_amount (jn_money (-1, JN_CURRENCY_CNY)));
  g_assert_null (jn_capital_amount (jn_money (1, JN_CURRENCY_POINTS)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/capital-amount/examples", test_examples);
  g_test_add_func ("/capital-amount/large", test_large);
  g_test_add_func ("/capital-amount/refused", test_refused);
  return g_test_run ();
}
