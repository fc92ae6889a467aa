/* Sums over rollups where they are enough, over the entries of a month where a day matters. */
#include "jn-cashflow.h"

#define ROWS 256
#define LAST_MONTH 999912

typedef void (*EntryFunc) (const jn_entry_row *row, gpointer data);

/* Calls @func for every booked entry of a month in one category, or in all when @code is 0. */
static jn_status
walk_month (jn_snapshot *snapshot, const jn_id *account, JnMonth month, guint16 code,
            EntryFunc func, gpointer data)
{
  g_autofree jn_entry_row *rows = g_new (jn_entry_row, ROWS);
  jn_page page = { .month = month, .code = code };

  for (;;)
    {
      size_t n = ROWS;
      jn_status status = jn_entries (snapshot, account, &page, rows, &n);
      if (status != JN_OK)
        return status;
      for (size_t i = 0; i < n; i++)
        func (&rows[i], data);
      if (n < ROWS)
        return JN_OK;
      page.before = rows[n - 1].no;
    }
}

typedef void (*RollupFunc) (const jn_rollup_row *row, gpointer data);

static jn_status
walk_rollups (jn_snapshot *snapshot, const jn_id *account, JnMonth from, JnMonth to,
              RollupFunc func, gpointer data)
{
  g_autofree jn_rollup_row *rows = g_new (jn_rollup_row, ROWS);

  while (from <= to)
    {
      size_t n = ROWS;
      jn_status status = jn_rollup (snapshot, account, from, to, rows, &n);
      if (status != JN_OK)
        return status;
      if (n < ROWS)
        {
          for (size_t i = 0; i < n; i++)
            func (&rows[i], data);
          return JN_OK;
        }
      /* The last month may be cut: it is read again from its first row. */
      JnMonth last = rows[n - 1].month;
      for (size_t i = 0; i < n && rows[i].month < last; i++)
        func (&rows[i], data);
      from = last;
    }
  return JN_OK;
}

static void
add_rollup (const jn_rollup_row *row, gpointer data)
{
  JnCashflow *flow = data;
  if (jn_category_is_spending ((JnCategory) row->code))
    flow->spent += row->d - row->c;
  else if (row->code == JN_CATEGORY_INCOME)
    flow->income += row->c - row->d;
}

typedef struct
{
  JnDate until;
  gint64 *spent;
  guint64 *counts;
} ByCategory;

static void
add_entry (const jn_entry_row *row, gpointer data)
{
  ByCategory *by = data;
  if (row->value_date > by->until || row->code >= JN_N_CATEGORIES
      || !jn_category_is_spending ((JnCategory) row->code))
    return;
  by->spent[row->code] -= row->amount;
  if (by->counts != NULL)
    by->counts[row->code]++;
}

static void
add_category_rollup (const jn_rollup_row *row, gpointer data)
{
  ByCategory *by = data;
  if (row->code >= JN_N_CATEGORIES || !jn_category_is_spending ((JnCategory) row->code))
    return;
  by->spent[row->code] += row->d - row->c;
  if (by->counts != NULL)
    by->counts[row->code] += row->n_d + row->n_c;
}

jn_status
jn_cashflow_by_category (jn_snapshot *snapshot, const jn_id *account, JnMonth month, JnDate until,
                         gint64 *spent, guint64 *counts)
{
  ByCategory by = { until, spent, counts };

  for (guint i = 0; i < JN_N_CATEGORIES; i++)
    {
      spent[i] = 0;
      if (counts != NULL)
        counts[i] = 0;
    }
  if (jn_date_day (until) >= jn_month_length (month) || jn_date_month (until) > month)
    return walk_rollups (snapshot, account, month, month, add_category_rollup, &by);
  return walk_month (snapshot, account, month, 0, add_entry, &by);
}

JnDate
jn_cashflow_compare_until (JnMonth month, JnDate today)
{
  JnMonth before = jn_month_add (month, -1);
  int length = jn_month_length (before);
  int day = jn_date_month (today) == month ? jn_date_day (today) : length;
  /* The last day of a month compares with the last day of the month before. */
  if (day > length || day == jn_month_length (month))
    day = length;
  return jn_date_add_days (jn_month_first (before), day - 1);
}

static void
subtract_from_day (const jn_entry_row *row, gpointer data)
{
  gint64 *days = data;
  int day = jn_date_day (row->value_date);
  if (day >= 1 && day <= JN_CASHFLOW_DAYS)
    days[day - 1] += row->amount;
}

/* Spending a day: what left the account that day, without the few entries that are no spending. */
static jn_status
read_days (jn_snapshot *snapshot, const jn_id *account, JnMonth month, gint64 *days)
{
  jn_day_row rows[JN_CASHFLOW_DAYS];
  size_t n = G_N_ELEMENTS (rows);
  jn_status status = jn_days (snapshot, account, month, rows, &n);

  for (size_t i = 0; status == JN_OK && i < n; i++)
    days[CLAMP (jn_date_day (rows[i].date), 1, JN_CASHFLOW_DAYS) - 1] += rows[i].d - rows[i].c;
  for (guint code = JN_CATEGORY_GROCERIES; status == JN_OK && code < JN_N_CATEGORIES; code++)
    if (!jn_category_is_spending ((JnCategory) code))
      status = walk_month (snapshot, account, month, (guint16) code, subtract_from_day, days);
  return status;
}

jn_status
jn_cashflow_read (jn_snapshot *snapshot, const jn_id *account, JnMonth month, JnDate today,
                  JnCashflow *out)
{
  gint64 before[JN_N_CATEGORIES];
  jn_status status;

  *out = (JnCashflow){ 0 };
  status = walk_rollups (snapshot, account, month, month, add_rollup, out);
  if (status == JN_OK)
    status = read_days (snapshot, account, month, out->days);
  if (status == JN_OK)
    status = jn_cashflow_by_category (snapshot, account, jn_month_add (month, -1),
                                      jn_cashflow_compare_until (month, today), before, NULL);
  if (status != JN_OK)
    return status;
  for (guint i = 0; i < JN_N_CATEGORIES; i++)
    out->spent_before += before[i];
  out->n_days =
      (guint) (jn_date_month (today) == month ? jn_date_day (today) : jn_month_length (month));
  return JN_OK;
}

jn_status
jn_cashflow_read_all (jn_snapshot *snapshot, const jn_id *account, JnCashflow *out)
{
  *out = (JnCashflow){ 0 };
  return walk_rollups (snapshot, account, 0, LAST_MONTH, add_rollup, out);
}

jn_status
jn_cashflow_first_month (jn_snapshot *snapshot, const jn_id *account, JnMonth *out)
{
  g_autofree jn_rollup_row *rows = g_new (jn_rollup_row, 1);
  size_t n = 1;
  jn_status status = jn_rollup (snapshot, account, 0, LAST_MONTH, rows, &n);

  *out = status == JN_OK && n > 0 ? rows[0].month : 0;
  return status;
}
