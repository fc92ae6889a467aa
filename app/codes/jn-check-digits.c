/* Numbers that check themselves. */
#include "jn-check-digits.h"

#include "jn-date.h"

#include <string.h>

static gboolean
is_digits (const char *text, gsize min, gsize max)
{
  if (text == NULL)
    return FALSE;
  gsize length = strlen (text);
  return length >= min && length <= max && strspn (text, "0123456789") == length;
}

/* Sum of Luhn; @double_last says whether the last digit is doubled. */
static int
luhn_sum (const char *digits, gboolean double_last)
{
  int sum = 0;
  gboolean twice = double_last;

  for (gsize i = strlen (digits); i > 0; i--, twice = !twice)
    {
      int digit = (digits[i - 1] - '0') * (twice ? 2 : 1);
      sum += digit > 9 ? digit - 9 : digit;
    }
  return sum;
}

gboolean
jn_luhn_is_valid (const char *digits)
{
  return is_digits (digits, 12, 19) && luhn_sum (digits, FALSE) % 10 == 0;
}

int
jn_luhn_check_digit (const char *digits)
{
  if (!is_digits (digits, 1, 64))
    return -1;
  return (10 - luhn_sum (digits, TRUE) % 10) % 10;
}

gboolean
jn_resident_id_is_valid (const char *text)
{
  static const int weights[17] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
  static const char checks[] = "10X98765432";
  int sum = 0;

  if (text == NULL || strlen (text) != 18 || strspn (text, "0123456789") < 17 || text[0] == '0')
    return FALSE;
  int parts[3] = { 0, 0, 0 };
  for (int i = 6; i < 14; i++)
    {
      int part = i < 10 ? 0 : i < 12 ? 1 : 2;
      parts[part] = parts[part] * 10 + (text[i] - '0');
    }
  if (parts[0] < 1800 || jn_date_make (parts[0], parts[1], parts[2]) == 0)
    return FALSE;
  for (int i = 0; i < 17; i++)
    sum += (text[i] - '0') * weights[i];
  return text[17] == checks[sum % 11];
}

gboolean
jn_iban_is_valid (const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;
  int remainder = 0;

  if (length < 15 || length > 34 || !g_ascii_isupper (text[0]) || !g_ascii_isupper (text[1])
      || !g_ascii_isdigit (text[2]) || !g_ascii_isdigit (text[3]))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      char c = text[(i + 4) % length];
      if (g_ascii_isdigit (c))
        remainder = (remainder * 10 + (c - '0')) % 97;
      else if (g_ascii_isupper (c))
        remainder = (remainder * 100 + (c - 'A' + 10)) % 97;
      else
        return FALSE;
    }
  return remainder == 1;
}

gboolean
jn_cnaps_is_valid (const char *text)
{
  return is_digits (text, 12, 12);
}
