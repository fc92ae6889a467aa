/* The proleptic Gregorian calendar in integers, and the bank's fixed UTC+8. */
#include "jn-date.h"

#include <string.h>

#define BANK_OFFSET (8 * JN_HOUR)

static gint64
floor_divide (gint64 a, gint64 b)
{
  gint64 quotient = a / b;
  return (a % b != 0 && (a < 0) != (b < 0)) ? quotient - 1 : quotient;
}

/* Days since 1970-01-01, after Howard Hinnant's days_from_civil. */
static gint64
days_from_civil (int year, int month, int day)
{
  gint64 y = month <= 2 ? year - 1 : year;
  gint64 era = floor_divide (y, 400);
  gint64 year_of_era = y - era * 400;
  gint64 day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  gint64 day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

static JnDate
date_from_days (gint64 days)
{
  gint64 shifted = days + 719468;
  gint64 era = floor_divide (shifted, 146097);
  gint64 doe = shifted - era * 146097;
  gint64 yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  gint64 doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  gint64 mp = (5 * doy + 2) / 153;
  gint64 month = mp < 10 ? mp + 3 : mp - 9;
  gint64 year = yoe + era * 400 + (month <= 2 ? 1 : 0);

  if (year < 1 || year > 9999)
    return 0;
  return (JnDate) (year * 10000 + month * 100 + doy - (153 * mp + 2) / 5 + 1);
}

static gint64
date_to_days (JnDate date)
{
  return days_from_civil (jn_date_year (date), jn_date_month_number (date), jn_date_day (date));
}

JnDate
jn_date_at (JnInstant instant)
{
  return date_from_days (floor_divide (instant, JN_DAY)
                         + (instant - floor_divide (instant, JN_DAY) * JN_DAY + BANK_OFFSET)
                               / JN_DAY);
}

void
jn_time_of_day_at (JnInstant instant, int *hour, int *minute)
{
  gint64 in_day = (instant - floor_divide (instant, JN_DAY) * JN_DAY + BANK_OFFSET) % JN_DAY;
  if (hour != NULL)
    *hour = (int) (in_day / JN_HOUR);
  if (minute != NULL)
    *minute = (int) (in_day % JN_HOUR / JN_MINUTE);
}

JnInstant
jn_date_start (JnDate date)
{
  g_return_val_if_fail (jn_date_is_valid (date), 0);
  return date_to_days (date) * JN_DAY - BANK_OFFSET;
}

JnDate
jn_date_make (int year, int month, int day)
{
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
    return 0;
  JnDate date = year * 10000 + month * 100 + day;
  return jn_date_is_valid (date) ? date : 0;
}

gboolean
jn_date_is_valid (JnDate date)
{
  if (date < 10101 || date > 99991231)
    return FALSE;
  int month = jn_date_month_number (date);
  int day = jn_date_day (date);
  return month >= 1 && month <= 12 && day >= 1 && day <= jn_month_length (jn_date_month (date));
}

int
jn_date_year (JnDate date)
{
  return date / 10000;
}

int
jn_date_month_number (JnDate date)
{
  return date / 100 % 100;
}

int
jn_date_day (JnDate date)
{
  return date % 100;
}

JnDate
jn_date_add_days (JnDate date, int days)
{
  g_return_val_if_fail (jn_date_is_valid (date), 0);
  return date_from_days (date_to_days (date) + days);
}

int
jn_date_days_between (JnDate from, JnDate to)
{
  g_return_val_if_fail (jn_date_is_valid (from) && jn_date_is_valid (to), 0);
  return (int) (date_to_days (to) - date_to_days (from));
}

JnMonth
jn_date_month (JnDate date)
{
  return date / 100;
}

JnMonth
jn_month_add (JnMonth month, int months)
{
  gint64 count = (gint64) (month / 100) * 12 + month % 100 - 1 + months;
  gint64 year = floor_divide (count, 12);
  if (year < 1 || year > 9999)
    return 0;
  return (JnMonth) (year * 100 + (count - year * 12) + 1);
}

int
jn_month_length (JnMonth month)
{
  static const gint8 lengths[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  int year = month / 100;
  int number = month % 100;

  if (number < 1 || number > 12)
    return 0;
  if (number == 2 && (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)))
    return 29;
  return lengths[number - 1];
}

JnDate
jn_month_first (JnMonth month)
{
  return month * 100 + 1;
}

char *
jn_date_to_string (JnDate date)
{
  return g_strdup_printf ("%04d-%02d-%02d", jn_date_year (date), jn_date_month_number (date),
                          jn_date_day (date));
}

/* Reads exactly @count digits and moves on. */
static gboolean
take_digits (const char **text, int count, int *out)
{
  int value = 0;
  for (int i = 0; i < count; i++)
    {
      if (!g_ascii_isdigit ((*text)[i]))
        return FALSE;
      value = value * 10 + ((*text)[i] - '0');
    }
  *text += count;
  *out = value;
  return TRUE;
}

static gboolean
take_char (const char **text, char c)
{
  if (**text != c)
    return FALSE;
  (*text)++;
  return TRUE;
}

static gboolean
take_date (const char **text, JnDate *out)
{
  int year, month, day;
  if (!take_digits (text, 4, &year) || !take_char (text, '-') || !take_digits (text, 2, &month)
      || !take_char (text, '-') || !take_digits (text, 2, &day))
    return FALSE;
  *out = jn_date_make (year, month, day);
  return *out != 0;
}

gboolean
jn_date_from_string (const char *text, JnDate *out)
{
  JnDate date;
  if (text == NULL || !take_date (&text, &date) || *text != '\0')
    return FALSE;
  *out = date;
  return TRUE;
}

char *
jn_instant_to_string (JnInstant instant)
{
  gint64 days = floor_divide (instant, JN_DAY);
  gint64 rest = instant - days * JN_DAY;
  JnDate date = date_from_days (days);
  g_autofree char *day = jn_date_to_string (date);
  int hour = (int) (rest / JN_HOUR);
  int minute = (int) (rest % JN_HOUR / JN_MINUTE);
  int second = (int) (rest % JN_MINUTE / JN_SECOND);
  int micro = (int) (rest % JN_SECOND);

  if (micro == 0)
    return g_strdup_printf ("%sT%02d:%02d:%02dZ", day, hour, minute, second);
  return g_strdup_printf ("%sT%02d:%02d:%02d.%06dZ", day, hour, minute, second, micro);
}

/* Fraction of a second, at most six digits. */
static gboolean
take_fraction (const char **text, int *micro)
{
  int digits = 0;
  *micro = 0;
  if (!take_char (text, '.'))
    return TRUE;
  for (; g_ascii_isdigit (**text); (*text)++, digits++)
    if (digits < 6)
      *micro = *micro * 10 + (**text - '0');
    else
      return FALSE;
  for (int i = digits; i < 6; i++)
    *micro *= 10;
  return digits > 0;
}

static gboolean
take_offset (const char **text, JnInstant *offset)
{
  int hour, minute;
  *offset = 0;
  if (take_char (text, 'Z'))
    return TRUE;
  gboolean west = **text == '-';
  if (!west && **text != '+')
    return FALSE;
  (*text)++;
  if (!take_digits (text, 2, &hour) || !take_char (text, ':') || !take_digits (text, 2, &minute)
      || hour > 23 || minute > 59)
    return FALSE;
  *offset = (hour * JN_HOUR + minute * JN_MINUTE) * (west ? -1 : 1);
  return TRUE;
}

gboolean
jn_instant_from_string (const char *text, JnInstant *out)
{
  JnDate date;
  int hour, minute, second, micro;
  JnInstant offset;

  if (text == NULL || !take_date (&text, &date) || !take_char (&text, 'T')
      || !take_digits (&text, 2, &hour) || !take_char (&text, ':')
      || !take_digits (&text, 2, &minute) || !take_char (&text, ':')
      || !take_digits (&text, 2, &second) || !take_fraction (&text, &micro)
      || !take_offset (&text, &offset) || *text != '\0')
    return FALSE;
  if (hour > 23 || minute > 59 || second > 59)
    return FALSE;
  *out = date_to_days (date) * JN_DAY + hour * JN_HOUR + minute * JN_MINUTE + second * JN_SECOND
         + micro - offset;
  return TRUE;
}
