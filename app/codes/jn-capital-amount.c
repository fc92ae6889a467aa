/* Amounts in Chinese capital characters. */
#include "jn-capital-amount.h"

static const char *const digits[10] = {
  "零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"
};

/* @yuan in groups of four digits: 亿亿, 万亿, 亿, 万 and the rest. */
static void
append_yuan (GString *out, guint64 yuan)
{
  static const char *const places[4] = { "", "拾", "佰", "仟" };
  static const char *const groups[5] = { "", "万", "亿", "万", "亿" };
  gboolean gap = FALSE, any = FALSE, group_any = FALSE, hundred_million = FALSE;
  guint64 power = G_GUINT64_CONSTANT (10000000000000000000);

  for (int place = 19; place >= 0; place--, power /= 10)
    {
      int digit = (int) (yuan / power % 10);
      if (digit == 0)
        gap = TRUE;
      else
        {
          if (gap && any)
            g_string_append (out, digits[0]);
          g_string_append (out, digits[digit]);
          g_string_append (out, places[place % 4]);
          gap = FALSE;
          any = group_any = TRUE;
        }
      if (place % 4 != 0)
        continue;
      hundred_million = hundred_million || (place >= 8 && group_any);
      if (group_any || (place == 8 && hundred_million))
        g_string_append (out, groups[place / 4]);
      group_any = FALSE;
    }
}

char *
jn_capital_amount (JnMoney amount)
{
  if (amount.currency != JN_CURRENCY_CNY || amount.minor < 0)
    return NULL;

  GString *out = g_string_new ("人民币");
  guint64 yuan = (guint64) amount.minor / 100;
  int jiao = (int) (amount.minor / 10 % 10);
  int fen = (int) (amount.minor % 10);

  if (yuan > 0)
    {
      append_yuan (out, yuan);
      g_string_append (out, "元");
    }
  if (jiao > 0)
    g_string_append_printf (out, "%s角", digits[jiao]);
  else if (fen > 0 && yuan > 0)
    g_string_append (out, digits[0]);
  if (fen > 0)
    g_string_append_printf (out, "%s分", digits[fen]);
  if (jiao == 0 && fen == 0)
    g_string_append (out, yuan > 0 ? "整" : "零元整");
  return g_string_free (out, FALSE);
}
