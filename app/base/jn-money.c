/* Money in integers. */
#include "jn-money.h"

#include "jn-text.h"

#include <string.h>

#define MINUS "\u2212"

G_DEFINE_QUARK (jn_money_error, jn_money_error)

gboolean
jn_money_add (JnMoney a, JnMoney b, JnMoney *out)
{
  gint64 sum;
  if (a.currency != b.currency || __builtin_add_overflow (a.minor, b.minor, &sum))
    return FALSE;
  *out = jn_money (sum, a.currency);
  return TRUE;
}

gboolean
jn_money_subtract (JnMoney a, JnMoney b, JnMoney *out)
{
  gint64 difference;
  if (a.currency != b.currency || __builtin_sub_overflow (a.minor, b.minor, &difference))
    return FALSE;
  *out = jn_money (difference, a.currency);
  return TRUE;
}

gboolean
jn_money_negate (JnMoney a, JnMoney *out)
{
  return jn_money_subtract (jn_money (0, a.currency), a, out);
}

gboolean
jn_money_equal (JnMoney a, JnMoney b)
{
  return a.minor == b.minor && a.currency == b.currency;
}

static guint64
magnitude (gint64 minor)
{
  return minor < 0 ? (guint64) (-(minor + 1)) + 1 : (guint64) minor;
}

/* Digits of the magnitude with a decimal point, and commas when asked for. */
static void
append_number (GString *out, JnMoney money, gboolean groups)
{
  int exponent = MAX (jn_currency_get_exponent (money.currency), 0);
  g_autofree char *digits =
      g_strdup_printf ("%0*" G_GUINT64_FORMAT, exponent + 1, magnitude (money.minor));
  gsize whole = strlen (digits) - (gsize) exponent;

  for (gsize i = 0; i < whole; i++)
    {
      if (groups && i > 0 && (whole - i) % 3 == 0)
        g_string_append_c (out, ',');
      g_string_append_c (out, digits[i]);
    }
  if (exponent > 0)
    g_string_append_printf (out, ".%s", digits + whole);
}

char *
jn_money_format (JnMoney money, JnMoneyFormat format)
{
  GString *out = g_string_new (NULL);
  const char *symbol = jn_currency_get_symbol (money.currency);
  const char *code = jn_currency_get_code (money.currency);

  if (money.minor < 0)
    g_string_append (out, MINUS);
  else if (money.minor > 0 && (format & JN_MONEY_FORMAT_SIGNED) != 0)
    g_string_append_c (out, '+');
  if ((format & JN_MONEY_FORMAT_NO_SYMBOL) == 0)
    {
      if (symbol != NULL)
        g_string_append (out, symbol);
      else if (code != NULL)
        g_string_append_printf (out, "%s ", code);
    }
  append_number (out, money, (format & JN_MONEY_FORMAT_NO_GROUPS) == 0);
  return g_string_free (out, FALSE);
}

char *
jn_money_to_wire (JnMoney money)
{
  GString *out = g_string_new (money.minor < 0 ? "-" : NULL);
  append_number (out, money, FALSE);
  return g_string_free (out, FALSE);
}

static gboolean
fail (GError **error, JnMoneyError code, const char *what)
{
  g_set_error_literal (error, JN_MONEY_ERROR, (int) code, what);
  return FALSE;
}

/* A number in parts: @whole holds only digits (groups removed), @fraction points to digits. */
static gboolean
assemble (gboolean negative, const char *whole, const char *fraction, gsize fraction_length,
          JnCurrency currency, JnMoney *out, GError **error)
{
  gsize exponent = (gsize) MAX (jn_currency_get_exponent (currency), 0);
  guint64 limit = (guint64) G_MAXINT64 + (negative ? 1 : 0);
  guint64 value = 0;

  if (fraction_length > exponent)
    return fail (error, JN_MONEY_ERROR_DECIMALS, "more decimals than the currency has");
  for (gsize i = 0, whole_length = strlen (whole); i < whole_length + exponent; i++)
    {
      guint64 digit = 0;
      if (i < whole_length)
        digit = (guint64) (whole[i] - '0');
      else if (i - whole_length < fraction_length)
        digit = (guint64) (fraction[i - whole_length] - '0');
      if (__builtin_mul_overflow (value, (guint64) 10, &value)
          || __builtin_add_overflow (value, digit, &value) || value > limit)
        return fail (error, JN_MONEY_ERROR_RANGE, "amount does not fit");
    }
  if (value > (guint64) G_MAXINT64)
    *out = jn_money (G_MININT64, currency);
  else
    *out = jn_money (negative ? -(gint64) value : (gint64) value, currency);
  return TRUE;
}

static const char *
skip_spaces (const char *text)
{
  while (g_unichar_isspace (g_utf8_get_char (text)))
    text = g_utf8_next_char (text);
  return text;
}

static const char *
skip_currency_sign (const char *text, JnCurrency currency)
{
  const char *signs[4] = { jn_currency_get_symbol (currency), jn_currency_get_code (currency), NULL,
                           NULL };

  if (currency == JN_CURRENCY_CNY)
    {
      signs[2] = "\uffe5";
      signs[3] = "RMB";
    }
  for (gsize i = 0; i < G_N_ELEMENTS (signs); i++)
    if (signs[i] != NULL && g_str_has_prefix (text, signs[i]))
      return text + strlen (signs[i]);
  return text;
}

/* The whole part, with groups of three when it has separators, which are all alike. */
static gboolean
take_whole (const char **text, GString *digits)
{
  gunichar separator = 0;
  gsize group = 0;
  const char *p = *text;

  for (;; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      if (c < 0x80 && g_ascii_isdigit ((char) c))
        {
          g_string_append_c (digits, (char) c);
          group++;
          continue;
        }
      gboolean inside = g_ascii_isdigit (*g_utf8_next_char (p)) && digits->len > 0;
      if (c == '\0' || !inside || !(c == ',' || g_unichar_isspace (c)))
        break;
      if (separator == 0 ? group > 3 : (c != separator || group != 3))
        return FALSE;
      separator = c;
      group = 0;
    }
  *text = p;
  return separator == 0 || group == 3;
}

gboolean
jn_money_parse (const char *text, JnCurrency currency, JnMoney *out, GError **error)
{
  g_autoptr (GString) whole = g_string_new (NULL);

  if (!jn_currency_is_known (currency))
    return fail (error, JN_MONEY_ERROR_CURRENCY, "unknown currency");
  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    return fail (error, text == NULL ? JN_MONEY_ERROR_EMPTY : JN_MONEY_ERROR_SYNTAX, "no amount");

  g_autofree char *folded = jn_text_fold_width (text);
  const char *p = skip_spaces (folded);
  if (*p == '\0')
    return fail (error, JN_MONEY_ERROR_EMPTY, "no amount");

  gboolean negative = *p == '-' || g_str_has_prefix (p, MINUS);
  if (negative)
    p = skip_spaces (g_utf8_next_char (p));
  p = skip_spaces (skip_currency_sign (p, currency));
  if (!take_whole (&p, whole))
    return fail (error, JN_MONEY_ERROR_SYNTAX, "digits are grouped wrongly");

  const char *fraction = p;
  gsize fraction_length = 0;
  if (*p == '.')
    {
      fraction = ++p;
      while (g_ascii_isdigit (*p))
        p++;
      fraction_length = (gsize) (p - fraction);
    }
  if (whole->len + fraction_length == 0 || *skip_spaces (p) != '\0')
    return fail (error, JN_MONEY_ERROR_SYNTAX, "not an amount");
  return assemble (negative, whole->str, fraction, fraction_length, currency, out, error);
}

gboolean
jn_money_from_wire (const char *amount, const char *currency_code, JnMoney *out, GError **error)
{
  JnCurrency currency = jn_currency_from_code (currency_code);

  if (currency == JN_CURRENCY_NONE)
    return fail (error, JN_MONEY_ERROR_CURRENCY, "unknown currency");
  if (amount == NULL || *amount == '\0')
    return fail (error, JN_MONEY_ERROR_EMPTY, "no amount");

  gboolean negative = *amount == '-';
  const char *start = negative ? amount + 1 : amount;
  gsize whole_length = strspn (start, "0123456789");
  const char *rest = start + whole_length;
  gsize fraction_length = 0;

  if (*rest == '.')
    {
      fraction_length = strspn (rest + 1, "0123456789");
      if (fraction_length == 0)
        return fail (error, JN_MONEY_ERROR_SYNTAX, "nothing after the point");
    }
  if (whole_length == 0 || rest[fraction_length > 0 ? fraction_length + 1 : 0] != '\0')
    return fail (error, JN_MONEY_ERROR_SYNTAX, "not an amount");
  g_autofree char *whole = g_strndup (start, whole_length);
  return assemble (negative, whole, rest + 1, fraction_length, currency, out, error);
}
