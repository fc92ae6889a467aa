/* Account numbers and amounts in running text. */
#include "jn-payment-numbers.h"

#include "jn-check-digits.h"

#include <string.h>

#define MAX_GROUPS 9
#define MAX_CARD_DIGITS 19
#define MAX_ACCOUNT_DIGITS 30
#define MIN_ACCOUNT_DIGITS 12
#define MIN_LABELLED_DIGITS 8
#define MAX_BARE_LENGTH 10

static const char *const units[] = { "元",   "块",  "圆",  "yuan", "Yuan",
                                     "YUAN", "RMB", "rmb", "CNY",  "cny" };
static const char *const prefixes[] = { "¥", "\uffe5", "CNY", "cny", "RMB", "rmb", "人民币" };

static gsize
skip_blanks (const char *text, gsize at)
{
  while (text[at] == ' ' || text[at] == '\t')
    at++;
  return at;
}

static gsize
digits_length (const char *text, gsize at)
{
  return strspn (text + at, "0123456789");
}

/* Whether the character before @at ends something that a number would be part of. */
static gboolean
is_free_before (const char *text, gsize at)
{
  if (at == 0)
    return TRUE;
  char before = text[at - 1];
  return !g_ascii_isalnum (before) && before != '*' && before != '.' && before != '-'
         && before != '_' && !(at >= 3 && strncmp (text + at - 3, "…", 3) == 0);
}

static gboolean
is_mask (const char *text, gsize at)
{
  return text[at] == '*' || g_str_has_prefix (text + at, "…") || g_ascii_isalpha (text[at]);
}

static gboolean
has_unit (const char *text, gsize at)
{
  at = skip_blanks (text, at);
  if (g_str_has_prefix (text + at, "万"))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_str_has_prefix (text + at, units[i]))
      return TRUE;
  return FALSE;
}

/* ---- accounts ---- */

typedef struct
{
  int count;
  JnSpan groups[MAX_GROUPS];
} Groups;

/* Digits at @at and the groups that belong to them: fours with a shorter end, or six and the rest. */
static void
collect_groups (const char *text, gsize at, gsize end, Groups *out)
{
  gsize length = digits_length (text, at);

  out->count = 1;
  out->groups[0] = (JnSpan){ at, at + length };
  gsize first = length;
  while (out->count < MAX_GROUPS && length == (out->count == 1 ? first : 4))
    {
      gsize next = out->groups[out->count - 1].end;
      if ((text[next] != ' ' && text[next] != '-') || next + 1 >= end)
        return;
      length = digits_length (text, next + 1);
      gboolean fits = first == 4                      ? length >= 1 && length <= 4
                      : first == 6 && out->count == 1 ? length >= 10 && length <= 13
                                                      : FALSE;
      if (!fits)
        return;
      out->groups[out->count++] = (JnSpan){ next + 1, next + 1 + length };
    }
}

static char *
join_groups (const char *text, const Groups *groups)
{
  GString *out = g_string_new (NULL);
  for (int i = 0; i < groups->count; i++)
    g_string_append_len (out, text + groups->groups[i].start,
                         (gssize) (groups->groups[i].end - groups->groups[i].start));
  return g_string_free (out, FALSE);
}

/* Whether the last group is more likely an amount than the end of the account. */
static gboolean
last_group_is_foreign (const char *text, Groups *groups, gboolean labelled)
{
  gsize end = groups->groups[groups->count - 1].end;

  if (groups->count < 4)
    return FALSE;
  if (has_unit (text, end)
      || ((text[end] == '.' || text[end] == ',') && g_ascii_isdigit (text[end + 1])))
    return TRUE;
  g_autofree char *with = join_groups (text, groups);
  if (strlen (with) > MAX_CARD_DIGITS)
    return TRUE;
  if (labelled || jn_luhn_is_valid (with))
    return FALSE;
  groups->count--;
  g_autofree char *without = join_groups (text, groups);
  groups->count++;
  return jn_luhn_is_valid (without);
}

static char *
digits_account_at (const char *text, gsize at, gsize end, gboolean labelled, JnSpan *found)
{
  Groups groups;

  collect_groups (text, at, end, &groups);
  if (groups.count > 1 && last_group_is_foreign (text, &groups, labelled))
    groups.count--;
  g_autofree char *account = join_groups (text, &groups);
  gsize length = strlen (account);
  gsize after = groups.groups[groups.count - 1].end;
  if (length < (labelled ? MIN_LABELLED_DIGITS : MIN_ACCOUNT_DIGITS) || length > MAX_ACCOUNT_DIGITS
      || is_mask (text, after))
    return NULL;
  if (!labelled && jn_resident_id_is_valid (account) && !jn_luhn_is_valid (account))
    return NULL;
  *found = (JnSpan){ at, after };
  return g_steal_pointer (&account);
}

static char *
iban_at (const char *text, gsize at, gsize end, JnSpan *found)
{
  char buffer[36];
  gsize length = 0;
  gsize valid = 0;

  for (gsize i = at; i < end && length < 34; i++)
    {
      if (text[i] == ' ' && i + 1 < end && g_ascii_isalnum (text[i + 1]))
        continue;
      if (!g_ascii_isupper (text[i]) && !g_ascii_isdigit (text[i]))
        break;
      buffer[length++] = text[i];
      buffer[length] = '\0';
      if (!g_ascii_isalnum (text[i + 1]) && jn_iban_is_valid (buffer))
        {
          valid = length;
          *found = (JnSpan){ at, i + 1 };
        }
    }
  return valid > 0 ? g_strndup (buffer, valid) : NULL;
}

char *
jn_payment_find_account (const char *text, JnSpan where, gboolean labelled, JnSpan *found)
{
  for (gsize at = where.start; at < where.end; at++)
    {
      char *account = NULL;
      if (!is_free_before (text, at))
        continue;
      if (g_ascii_isdigit (text[at]))
        {
          account = digits_account_at (text, at, where.end, labelled, found);
          at += account == NULL ? digits_length (text, at) - 1 : 0;
        }
      else if (g_ascii_isupper (text[at]))
        account = iban_at (text, at, where.end, found);
      if (account != NULL)
        return account;
    }
  return NULL;
}

/* ---- amounts ---- */

/* "1.25" in units of ten thousand, as a text in units. */
static char *
times_ten_thousand (const char *number)
{
  g_auto (GStrv) parts = g_strsplit (number, ".", 2);
  const char *fraction = parts[1] != NULL ? parts[1] : "";
  GString *out = g_string_new (NULL);

  for (const char *p = parts[0]; *p != '\0'; p++)
    if (*p != ',')
      g_string_append_c (out, *p);
  for (int i = 0; i < 4; i++)
    g_string_append_c (out, *fraction != '\0' ? *fraction++ : '0');
  if (*fraction != '\0')
    g_string_append_printf (out, ".%s", fraction);
  return g_string_free (out, FALSE);
}

static gboolean
has_prefix_before (const char *text, gsize start, gsize at, gsize *prefix_start)
{
  while (at > start && text[at - 1] == ' ')
    at--;
  for (gsize i = 0; i < G_N_ELEMENTS (prefixes); i++)
    {
      gsize length = strlen (prefixes[i]);
      if (at >= start + length && strncmp (text + at - length, prefixes[i], length) == 0)
        {
          *prefix_start = at - length;
          return TRUE;
        }
    }
  return FALSE;
}

/* Length of the number at @at: digits, commas between digits, one point between digits. */
static gsize
number_length (const char *text, gsize at, gsize end)
{
  gsize i = at;
  gboolean point = FALSE;

  for (; i < end; i++)
    {
      if (g_ascii_isdigit (text[i]))
        continue;
      gboolean inside = i + 1 < end && g_ascii_isdigit (text[i + 1]);
      if (!inside || (text[i] != ',' && text[i] != '.') || (text[i] == '.' && point))
        break;
      point = point || text[i] == '.';
    }
  return i - at;
}

/* What may not follow a bare number: it would be a date, a share, a time or part of a word. */
static gboolean
is_free_after (const char *text, gsize at)
{
  static const char *const others[] = { "年", "月", "日", "号", "%", "/", "-", ":", "*", "…", "…" };
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    if (g_str_has_prefix (text + at, others[i]))
      return FALSE;
  return !g_ascii_isalnum (text[at]);
}

static gboolean
amount_at (const char *text, gsize start, gsize at, gsize length, JnPaymentAmountKind kind,
           JnMoney *out, JnSpan *found)
{
  gsize prefix_start = at;
  gsize after = at + length;
  gboolean prefixed = has_prefix_before (text, start, at, &prefix_start);
  gboolean unit = has_unit (text, after);

  if (!(prefixed && prefix_start < at) && !is_free_before (text, at))
    return FALSE;
  if (prefix_start > 0 && text[prefix_start - 1] == '-')
    return FALSE;
  if (!unit && (!is_free_after (text, after) || (kind == JN_PAYMENT_AMOUNT_MARKED && !prefixed)))
    return FALSE;

  /* A long bare number is a telephone or another account. */
  if (!unit && !prefixed && length >= MAX_BARE_LENGTH)
    return FALSE;

  gsize unit_at = skip_blanks (text, after);
  gboolean ten_thousand = g_str_has_prefix (text + unit_at, "万");
  g_autofree char *token = g_strndup (text + at, length);
  g_autofree char *number = ten_thousand ? times_ten_thousand (token) : g_strdup (token);
  if (!jn_money_parse (number, JN_CURRENCY_CNY, out, NULL) || out->minor <= 0)
    return FALSE;
  if (ten_thousand)
    after = unit_at + strlen ("万");
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_str_has_prefix (text + skip_blanks (text, after), units[i]))
      after = skip_blanks (text, after) + strlen (units[i]);
  *found = (JnSpan){ prefix_start, after };
  return TRUE;
}

gboolean
jn_payment_find_amount (const char *text, JnSpan where, JnPaymentAmountKind kind, JnMoney *out,
                        JnSpan *found)
{
  for (gsize at = where.start; at < where.end;)
    {
      if (!g_ascii_isdigit (text[at]))
        {
          at++;
          continue;
        }
      gsize length = number_length (text, at, where.end);
      if (amount_at (text, where.start, at, length, kind, out, found))
        return TRUE;
      at += length;
    }
  return FALSE;
}
