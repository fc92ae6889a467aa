/* Dates and the details of a refusal. */
#include "jn-bank-told.h"

#include "jn-wire-read.h"

#include <string.h>

static gboolean
take_number (const char *text, gsize digits, gint64 most, int *out)
{
  g_autofree char *part = g_strndup (text, digits);
  guint64 value = 0;

  if (!g_ascii_string_to_unsigned (part, 10, 0, (guint64) most, &value, NULL))
    return FALSE;
  *out = (int) value;
  return TRUE;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" */
gboolean
jn_bank_parse_date (const char *text, JnInstant *out)
{
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  static const char shape[] = "aaa, 00 aaa 0000 00:00:00 GMT";
  int day, year, hour, minute, second;
  char month[4] = { 0 };

  if (text == NULL || strlen (text) != strlen (shape))
    return FALSE;
  for (gsize i = 0; shape[i] != '\0'; i++)
    if (shape[i] == '0'   ? !g_ascii_isdigit (text[i])
        : shape[i] == 'a' ? !g_ascii_isalpha (text[i])
                          : text[i] != shape[i])
      return FALSE;
  memcpy (month, text + 8, 3);
  const char *found = strstr (months, month);
  if (found == NULL || (found - months) % 3 != 0 || !take_number (text + 5, 2, 31, &day)
      || !take_number (text + 12, 4, 9999, &year) || !take_number (text + 17, 2, 23, &hour)
      || !take_number (text + 20, 2, 59, &minute) || !take_number (text + 23, 2, 60, &second))
    return FALSE;
  g_autofree char *iso =
      g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02dZ", year, (int) (found - months) / 3 + 1, day,
                       hour, minute, MIN (second, 59));
  return jn_instant_from_string (iso, out);
}

void
jn_bank_told_begin (JnBankTold *self, const JnAnswer *answer, JnInstant now)
{
  JnInstant date = 0;

  g_clear_pointer (&self->paid_on, g_free);
  self->paid_at = 0;
  self->available = self->held = self->missing = jn_money (0, JN_CURRENCY_NONE);
  if (answer == NULL || answer->headers == NULL
      || !jn_bank_parse_date (g_hash_table_lookup (answer->headers, "date"), &date))
    return;
  self->date = date;
  self->came = now;
}

static void
read_funds (JnBankTold *self, JnJson *problem)
{
  JnWireReader reader = { NULL };
  JnMoney available = jn_wire_take_money (&reader, problem, "available", JN_WIRE_REQUIRED);
  JnMoney held = jn_wire_take_money (&reader, problem, "held", JN_WIRE_REQUIRED);
  JnMoney missing = jn_wire_take_money (&reader, problem, "missing", JN_WIRE_REQUIRED);

  if (reader.failure != NULL || missing.minor <= 0 || held.minor < 0
      || missing.currency != available.currency || missing.currency != held.currency)
    return;
  self->available = available;
  self->held = held;
  self->missing = missing;
}

void
jn_bank_told_read (JnBankTold *self, JnJson *problem)
{
  JnWireReader name = { NULL };
  JnWireReader time = { NULL };

  self->paid_on = jn_wire_take_name (&name, problem, "paidOn", JN_WIRE_OPTIONAL);
  self->paid_at = jn_wire_take_instant (&time, problem, "paidAt", JN_WIRE_OPTIONAL);
  if (jn_json_get (problem, "missing") != NULL)
    read_funds (self, problem);
}
