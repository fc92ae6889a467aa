/* Money: a 64-bit count of minor units with its currency. Checked arithmetic, one formatter, one parser. */
#pragma once

#include "jn-currency.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 minor; /* minor units: fen for CNY */
  JnCurrency currency;
} JnMoney;

/* What is wrong with a text that should be an amount. */
typedef enum
{
  JN_MONEY_ERROR_EMPTY,    /* nothing typed */
  JN_MONEY_ERROR_SYNTAX,   /* not a number */
  JN_MONEY_ERROR_DECIMALS, /* more decimals than the currency has */
  JN_MONEY_ERROR_RANGE,    /* does not fit in 64 bits of minor units */
  JN_MONEY_ERROR_CURRENCY, /* unknown currency */
} JnMoneyError;

#define JN_MONEY_ERROR (jn_money_error_quark ())
GQuark jn_money_error_quark (void);

typedef enum
{
  JN_MONEY_FORMAT_PLAIN = 0,          /* ¥1,234.56, −¥5.00 */
  JN_MONEY_FORMAT_SIGNED = 1 << 0,    /* income carries a plus: +¥300.00 */
  JN_MONEY_FORMAT_NO_SYMBOL = 1 << 1, /* 1,234.56 */
  JN_MONEY_FORMAT_NO_GROUPS = 1 << 2, /* ¥1234.56 */
} JnMoneyFormat;

static inline JnMoney
jn_money (gint64 minor, JnCurrency currency)
{
  JnMoney money = { minor, currency };
  return money;
}

/* Sum, difference and negation. Return FALSE, leaving @out alone, on overflow or unlike currencies. */
gboolean jn_money_add (JnMoney a, JnMoney b, JnMoney *out) G_GNUC_WARN_UNUSED_RESULT;
gboolean jn_money_subtract (JnMoney a, JnMoney b, JnMoney *out) G_GNUC_WARN_UNUSED_RESULT;
gboolean jn_money_negate (JnMoney a, JnMoney *out) G_GNUC_WARN_UNUSED_RESULT;

gboolean jn_money_equal (JnMoney a, JnMoney b);

/* The only function that shows an amount to a person. Groups by comma, exactly the currency's decimals, sign
 * before the symbol, minus U+2212; a currency without a symbol shows its code: "USD 12.00". Caller frees. */
char *jn_money_format (JnMoney money, JnMoneyFormat format);

/* The only function that reads an amount a person typed or pasted. Accepts full-width digits, '。' and '．' as
 * decimal point, spaces, thousands commas, a leading currency sign. Refuses a sign other than a leading '-' or '−',
 * too many decimals and overflow, with JN_MONEY_ERROR. */
gboolean jn_money_parse (const char *text, JnCurrency currency, JnMoney *out, GError **error);

/* Decimal string of the wire (XS2A amount): "-12.50", no groups, exactly the currency's decimals. Caller frees. */
char *jn_money_to_wire (JnMoney money);

/* Reads the wire's decimal string strictly: -?digits[.digits], at most the currency's decimals, no spaces, no plus,
 * no exponent. Errors: JN_MONEY_ERROR. */
gboolean jn_money_from_wire (const char *amount, const char *currency_code, JnMoney *out,
                             GError **error);

G_END_DECLS
