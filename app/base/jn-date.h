/* Calendar dates and months of the bank, and the instants they are made from. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* An instant: microseconds since 1970-01-01T00:00:00Z. */
typedef gint64 JnInstant;

#define JN_SECOND ((JnInstant) 1000000)
#define JN_MINUTE (60 * JN_SECOND)
#define JN_HOUR (60 * JN_MINUTE)
#define JN_DAY (24 * JN_HOUR)

/* A date as yyyymmdd (20261122) and a month as yyyymm (202611): they order as numbers. 0 is "none". */
typedef gint32 JnDate;
typedef gint32 JnMonth;

/* The date, hour and minute that the clocks of China show at @instant (UTC+8, no daylight saving since 1991):
 * the bank's own time, used for every state. */
JnDate jn_date_at (JnInstant instant);
void jn_time_of_day_at (JnInstant instant, int *hour, int *minute);

/* First instant of @date in the bank's time. */
JnInstant jn_date_start (JnDate date);

JnDate jn_date_make (int year, int month, int day);
gboolean jn_date_is_valid (JnDate date);
int jn_date_year (JnDate date);
int jn_date_month_number (JnDate date); /* 1..12 */
int jn_date_day (JnDate date);
JnDate jn_date_add_days (JnDate date, int days);
int jn_date_days_between (JnDate from, JnDate to);

JnMonth jn_date_month (JnDate date);
JnMonth jn_month_add (JnMonth month, int months);
int jn_month_length (JnMonth month); /* days */
JnDate jn_month_first (JnMonth month);

/* ISO 8601: "2026-11-22" and "2026-11-22T10:41:00Z" (microseconds kept when not zero). Callers free. */
char *jn_date_to_string (JnDate date);
gboolean jn_date_from_string (const char *text, JnDate *out);
char *jn_instant_to_string (JnInstant instant);
gboolean jn_instant_from_string (const char *text, JnInstant *out);

G_END_DECLS
