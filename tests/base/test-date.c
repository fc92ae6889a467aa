/* Dates and instants. GLib's calendar is the second opinion. */
#include "jn-date.h"

static void
test_calendar (void)
{
  g_assert_cmpint (jn_date_make (2026, 11, 22), ==, 20261122);
  g_assert_cmpint (jn_date_make (2026, 2, 29), ==, 0);
  g_assert_cmpint (jn_date_make (2024, 2, 29), ==, 20240229);
  g_assert_cmpint (jn_date_make (1900, 2, 29), ==, 0);
  g_assert_cmpint (jn_date_make (2000, 2, 29), ==, 20000229);
  g_assert_cmpint (jn_date_make (2026, 13, 1), ==, 0);
  g_assert_cmpint (jn_date_make (2026, 0, 1), ==, 0);
  g_assert_cmpint (jn_date_make (2026, 1, 0), ==, 0);
  g_assert_cmpint (jn_date_make (0, 1, 1), ==, 0);
  g_assert_cmpint (jn_date_make (10000, 1, 1), ==, 0);
  g_assert_false (jn_date_is_valid (20260431));
  g_assert_false (jn_date_is_valid (0));
  g_assert_false (jn_date_is_valid (-20261122));
  g_assert_cmpint (jn_date_year (20261122), ==, 2026);
  g_assert_cmpint (jn_date_month_number (20261122), ==, 11);
  g_assert_cmpint (jn_date_day (20261122), ==, 22);
}

static void
test_months (void)
{
  g_assert_cmpint (jn_date_month (20261122), ==, 202611);
  g_assert_cmpint (jn_month_add (202611, 2), ==, 202701);
  g_assert_cmpint (jn_month_add (202601, -1), ==, 202512);
  g_assert_cmpint (jn_month_add (202601, -13), ==, 202412);
  g_assert_cmpint (jn_month_add (202611, 0), ==, 202611);
  g_assert_cmpint (jn_month_add (999912, 1), ==, 0);
  g_assert_cmpint (jn_month_length (202602), ==, 28);
  g_assert_cmpint (jn_month_length (202402), ==, 29);
  g_assert_cmpint (jn_month_length (202612), ==, 31);
  g_assert_cmpint (jn_month_length (202613), ==, 0);
  g_assert_cmpint (jn_month_first (202602), ==, 20260201);
}

static void
test_days_agree_with_glib (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (2);
  GDate calendar;

  for (int round = 0; round < 20000; round++)
    {
      int year = g_rand_int_range (random, 1, 9900);
      int month = g_rand_int_range (random, 1, 13);
      int day = g_rand_int_range (random, 1, 32);
      JnDate date = jn_date_make (year, month, day);
      g_assert_true ((date != 0)
                     == g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year));
      if (date == 0)
        continue;
      guint ahead = (guint) g_rand_int_range (random, 0, 30000);
      g_date_clear (&calendar, 1);
      g_date_set_dmy (&calendar, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
      g_date_add_days (&calendar, ahead);
      JnDate later = jn_date_add_days (date, (int) ahead);
      g_assert_cmpint (later, ==,
                       g_date_get_year (&calendar) * 10000
                           + (int) g_date_get_month (&calendar) * 100 + g_date_get_day (&calendar));
      g_assert_cmpint (jn_date_days_between (date, later), ==, ahead);
      g_assert_cmpint (jn_date_add_days (later, -(int) ahead), ==, date);
      g_assert_cmpint (jn_date_at (jn_date_start (date)), ==, date);
      g_assert_cmpint (jn_date_at (jn_date_start (date) - 1), !=, date);
      g_assert_cmpint (jn_date_at (jn_date_start (date) + JN_DAY - 1), ==, date);
    }
}

static void
test_bank_time (void)
{
  int hour, minute;
  JnInstant instant;

  g_assert_cmpint (jn_date_at (0), ==, 19700101);
  jn_time_of_day_at (0, &hour, &minute);
  g_assert_cmpint (hour, ==, 8);
  g_assert_cmpint (minute, ==, 0);
  g_assert_cmpint (jn_date_start (19700101), ==, -8 * JN_HOUR);

  /* Sixteen o'clock UTC is the next day in China, all year round. */
  g_assert_true (jn_instant_from_string ("2026-12-31T15:59:59.999999Z", &instant));
  g_assert_cmpint (jn_date_at (instant), ==, 20261231);
  g_assert_cmpint (jn_date_at (instant + 1), ==, 20270101);
  g_assert_true (jn_instant_from_string ("2026-07-01T00:30:00Z", &instant));
  jn_time_of_day_at (instant, &hour, &minute);
  g_assert_cmpint (hour, ==, 8);
  g_assert_cmpint (minute, ==, 30);
  g_assert_cmpint (jn_date_at (-1), ==, 19700101);
  jn_time_of_day_at (-JN_MINUTE, &hour, &minute);
  g_assert_cmpint (hour, ==, 7);
  g_assert_cmpint (minute, ==, 59);
}

static void
test_strings (void)
{
  g_autofree char *date = jn_date_to_string (20260102);
  g_autofree char *whole = jn_instant_to_string (0);
  g_autofree char *parts = jn_instant_to_string (1500000);
  JnInstant instant, other;
  JnDate read;

  g_assert_cmpstr (date, ==, "2026-01-02");
  g_assert_cmpstr (whole, ==, "1970-01-01T00:00:00Z");
  g_assert_cmpstr (parts, ==, "1970-01-01T00:00:01.500000Z");
  g_assert_true (jn_date_from_string ("2026-01-02", &read));
  g_assert_cmpint (read, ==, 20260102);
  g_assert_true (jn_instant_from_string ("2026-11-22T10:41:00Z", &instant));
  g_assert_true (jn_instant_from_string ("2026-11-22T18:41:00+08:00", &other));
  g_assert_cmpint (instant, ==, other);
  g_assert_true (jn_instant_from_string ("2026-11-22T10:41:00.25Z", &other));
  g_assert_cmpint (other - instant, ==, 250000);
  g_assert_true (jn_instant_from_string ("1969-12-31T23:59:59Z", &instant));
  g_assert_cmpint (instant, ==, -JN_SECOND);
}

static void
test_strings_refused (void)
{
  static const char *const dates[] = { "",          "2026-1-2",    "2026-02-30",
                                       "20260102",  "2026-01-02 ", " 2026-01-02",
                                       "2026/01/02" };
  static const char *const instants[] = { "",
                                          "2026-11-22",
                                          "2026-11-22T10:41Z",
                                          "2026-11-22T10:41:00",
                                          "2026-11-22T24:00:00Z",
                                          "2026-11-22T10:60:00Z",
                                          "2026-11-22T10:41:60Z",
                                          "2026-11-22T10:41:00.Z",
                                          "2026-11-22T10:41:00.1234567Z",
                                          "2026-11-22T10:41:00+8:00",
                                          "2026-11-22T10:41:00Zx",
                                          "2026-13-22T10:41:00Z" };
  JnDate date;
  JnInstant instant;

  for (gsize i = 0; i < G_N_ELEMENTS (dates); i++)
    g_assert_false (jn_date_from_string (dates[i], &date));
  for (gsize i = 0; i < G_N_ELEMENTS (instants); i++)
    g_assert_false (jn_instant_from_string (instants[i], &instant));
  g_assert_false (jn_date_from_string (NULL, &date));
  g_assert_false (jn_instant_from_string (NULL, &instant));
}

static void
test_instant_round_trips (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  for (int round = 0; round < 5000; round++)
    {
      gint64 seconds = (gint64) g_rand_double_range (random, -6e10, 2e11);
      JnInstant instant = seconds * JN_SECOND;
      JnInstant back;
      if (g_rand_boolean (random))
        instant += g_rand_int_range (random, 0, 1000000);
      g_autofree char *text = jn_instant_to_string (instant);
      g_assert_true (jn_instant_from_string (text, &back));
      g_assert_cmpint (back, ==, instant);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/date/calendar", test_calendar);
  g_test_add_func ("/date/months", test_months);
  g_test_add_func ("/date/glib-agrees", test_days_agree_with_glib);
  g_test_add_func ("/date/bank-time", test_bank_time);
  g_test_add_func ("/date/strings", test_strings);
  g_test_add_func ("/date/strings-refused", test_strings_refused);
  g_test_add_func ("/date/instant-round-trips", test_instant_round_trips);
  return g_test_run ();
}
