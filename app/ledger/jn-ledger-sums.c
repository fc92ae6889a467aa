#include "jn-ledger-private.h"

#include <stdlib.h>
#include <string.h>

/* What months and days add up to: the stored months and the tail together. */

static int
compare_months (const void *a, const void *b)
{
  const jn_month *x = a;
  const jn_month *y = b;

  if (x->row.month != y->row.month)
    return x->row.month < y->row.month ? -1 : 1;
  return (int) x->row.code - (int) y->row.code;
}

static jn_status
load_months (jn_snapshot *snapshot, uint64_t own, int32_t from, int32_t to, jn_month_list *list)
{
  sqlite3_stmt *s = jn_connection_get (&snapshot->reader, JN_SQL_MONTH_RANGE);
  jn_status status = JN_OK;
  int rc = SQLITE_DONE;

  if (s == NULL)
    return jn_connection_status (&snapshot->reader);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) own);
  sqlite3_bind_int (s, 2, from);
  sqlite3_bind_int (s, 3, to);
  while (status == JN_OK && (rc = sqlite3_step (s)) == SQLITE_ROW)
    {
      jn_month *m = jn_array_add (&list->rows, sizeof *m);

      if (m == NULL)
        status = JN_NO_MEMORY;
      else
        jn_month_read (s, m);
    }
  if (status == JN_OK && rc != SQLITE_DONE)
    status = jn_connection_status (&snapshot->reader);
  sqlite3_reset (s);
  return status;
}

static jn_month *
month_for (jn_month_list *list, size_t stored, uint64_t own, const jn_tail_row *row)
{
  jn_month key = { .row = { .month = row->value_date / 100, .code = row->code } };
  jn_month *rows = list->rows.data;
  jn_month *m = stored == 0 ? NULL : bsearch (&key, rows, stored, sizeof key, compare_months);

  for (size_t i = stored; m == NULL && i < list->rows.count; i++)
    if (compare_months (&rows[i], &key) == 0)
      m = &rows[i];
  if (m != NULL)
    return m;
  m = jn_array_add (&list->rows, sizeof *m);
  if (m != NULL)
    {
      *m = key;
      m->account = own;
      m->first_no = row->no;
    }
  return m;
}

jn_status
jn_snapshot_months (jn_snapshot *snapshot, uint64_t own, int32_t from, int32_t to,
                    jn_month_list *list)
{
  jn_status status = jn_snapshot_tail (snapshot);
  size_t stored;

  if (status == JN_OK)
    status = load_months (snapshot, own, from, to, list);
  stored = list->rows.count;
  for (size_t i = 0; status == JN_OK && i < snapshot->tail.rows.count; i++)
    {
      const jn_tail_row *row = jn_tail_get (&snapshot->tail, i);
      bool all = (int64_t) own < 0 && row->flow != 0 && jn_all_accounts (row->currency) == own;
      bool debit = all ? row->flow < 0 : row->dr == own;
      jn_month *m;

      if (!jn_kind_books (row->kind) || (!all && !debit && row->cr != own)
          || row->value_date / 100 < from || row->value_date / 100 > to)
        continue;
      m = month_for (list, stored, own, row);
      if (m == NULL)
        return JN_NO_MEMORY;
      if (!jn_add_to_sum (debit ? &m->row.d : &m->row.c, row->amount, (int64_t) own < 0))
        return JN_INVARIANT;
      *(debit ? &m->row.n_d : &m->row.n_c) += 1;
      m->last_no = row->no;
    }
  if (status == JN_OK && list->rows.count > stored)
    qsort (list->rows.data, list->rows.count, sizeof (jn_month), compare_months);
  return status;
}

/* ---- by the category that rows show ---- */

static jn_status
add_shift (jn_month_list *list, size_t facts, uint64_t own, const jn_shift *shift)
{
  jn_tail_row key = { .value_date = shift->month * 100, .code = shift->category };
  jn_month *m = month_for (list, facts, own, &key);

  if (m == NULL)
    return JN_NO_MEMORY;
  m->row.n_d += (uint64_t) shift->n_d;
  m->row.n_c += (uint64_t) shift->n_c;
  return jn_add_to_sum (&m->row.d, shift->d, (int64_t) own < 0)
                 && jn_add_to_sum (&m->row.c, shift->c, (int64_t) own < 0)
             ? JN_OK
             : JN_INVARIANT;
}

static jn_status
add_shifts (jn_snapshot *snapshot, uint64_t own, int32_t from, int32_t to, jn_month_list *list)
{
  sqlite3_stmt *s = jn_connection_get (&snapshot->reader, JN_SQL_SHIFT_RANGE);
  size_t facts = list->rows.count;
  jn_status status = JN_OK;
  jn_shift shift;
  int rc = SQLITE_DONE;

  if (s == NULL)
    return jn_connection_status (&snapshot->reader);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) own);
  sqlite3_bind_int (s, 2, from);
  sqlite3_bind_int (s, 3, to);
  while (status == JN_OK && (rc = sqlite3_step (s)) == SQLITE_ROW)
    {
      jn_shift_read (s, &shift);
      status = add_shift (list, facts, own, &shift);
    }
  if (status == JN_OK && rc != SQLITE_DONE)
    status = jn_connection_status (&snapshot->reader);
  sqlite3_reset (s);
  return status;
}

/* Categories that everything has moved out of are none. */
static void
drop_empty (jn_month_list *list)
{
  jn_month *rows = list->rows.data;
  size_t n = 0;

  for (size_t i = 0; i < list->rows.count; i++)
    if (rows[i].row.n_d + rows[i].row.n_c > 0)
      rows[n++] = rows[i];
  list->rows.count = n;
}

jn_status
jn_snapshot_categories (jn_snapshot *snapshot, uint64_t own, int32_t from, int32_t to,
                        jn_month_list *list)
{
  bool annotated = false;
  jn_status status = jn_snapshot_annotated (snapshot, &annotated);

  if (status == JN_OK)
    status = jn_snapshot_months (snapshot, own, from, to, list);
  if (status != JN_OK || !annotated)
    return status;
  status = add_shifts (snapshot, own, from, to, list);
  drop_empty (list);
  if (list->rows.count > 0)
    qsort (list->rows.data, list->rows.count, sizeof (jn_month), compare_months);
  return status;
}

static jn_status
copy_rollup (jn_snapshot *snapshot, uint64_t own, int32_t from, int32_t to, jn_rollup_row *rows,
             size_t *n)
{
  jn_month_list list = { 0 };
  size_t room = *n;
  jn_status status = jn_snapshot_categories (snapshot, own, from, to, &list);

  *n = 0;
  for (size_t i = 0; status == JN_OK && i < list.rows.count && *n < room; i++)
    rows[(*n)++] = ((const jn_month *) list.rows.data)[i].row;
  jn_array_free (&list.rows);
  return status;
}

jn_status
jn_rollup (jn_snapshot *snapshot, const jn_id *account, int32_t from, int32_t to,
           jn_rollup_row *rows, size_t *n)
{
  jn_snapshot_account_row own = { 0 };
  jn_status status = jn_snapshot_account_get (snapshot, account, &own);

  if (status == JN_OK)
    return copy_rollup (snapshot, own.no, from, to, rows, n);
  *n = 0;
  return status;
}

jn_status
jn_rollup_all (jn_snapshot *snapshot, uint32_t currency, int32_t from, int32_t to,
               jn_rollup_row *rows, size_t *n)
{
  return copy_rollup (snapshot, jn_all_accounts (currency), from, to, rows, n);
}

typedef struct
{
  int64_t d, c;
  bool used;
} day_sum;

static jn_status
add_to_day (day_sum days[32], int32_t date, int64_t d, int64_t c)
{
  day_sum *day = &days[date % 100 & 31];

  day->used = true;
  return __builtin_add_overflow (day->d, d, &day->d) || __builtin_add_overflow (day->c, c, &day->c)
             ? JN_INVARIANT
             : JN_OK;
}

/* The rows near the first one of a month, which no sum by day has. */
static jn_status
sum_first (jn_snapshot *snapshot, const jn_snapshot_account_row *own, int32_t month,
           uint64_t first_no, day_sum days[32])
{
  uint64_t last = first_no + JN_DAY_SPAN - 1;
  jn_walk walk;
  jn_entry e = { .no = 1 };
  jn_status status = jn_snapshot_tail (snapshot);

  if (last > snapshot->tail.indexed)
    last = snapshot->tail.indexed;
  if (status == JN_OK)
    status = jn_walk_begin (&walk, snapshot, own->no, own->posted, first_no, last);
  if (status != JN_OK)
    return status;
  while (status == JN_OK)
    {
      status = jn_walk_next (&walk, &e);
      if (status != JN_OK || e.no == 0)
        break;
      if (e.value_date / 100 == month)
        status = add_to_day (days, e.value_date, e.amount < 0 ? -e.amount : 0,
                             e.amount > 0 ? e.amount : 0);
    }
  jn_walk_end (&walk);
  return status;
}

/* What is kept below zero, one by one. */
typedef struct
{
  jn_snapshot *snapshot;
  sqlite3_stmt *rows;
  int32_t of; /* the year, month or day */
  int64_t d, c;
  uint64_t first_no;
} totals;

static jn_status
totals_begin (totals *t, jn_snapshot *snapshot, uint64_t own, int32_t from, int32_t to)
{
  t->snapshot = snapshot;
  t->rows = jn_connection_get (&snapshot->reader, JN_SQL_MONTH_TOTALS);
  if (t->rows == NULL)
    return jn_connection_status (&snapshot->reader);
  sqlite3_bind_int64 (t->rows, 1, (sqlite3_int64) own);
  sqlite3_bind_int (t->rows, 2, -to);
  sqlite3_bind_int (t->rows, 3, -from);
  return JN_OK;
}

/* JN_NOT_FOUND at the end. */
static jn_status
totals_next (totals *t)
{
  int rc = sqlite3_step (t->rows);

  if (rc != SQLITE_ROW)
    return rc == SQLITE_DONE ? JN_NOT_FOUND : jn_connection_status (&t->snapshot->reader);
  t->of = -sqlite3_column_int (t->rows, 0);
  t->d = sqlite3_column_int64 (t->rows, 1);
  t->c = sqlite3_column_int64 (t->rows, 2);
  t->first_no = (uint64_t) sqlite3_column_int64 (t->rows, 3);
  return JN_OK;
}

static jn_status
add_sums (int64_t *posted, int64_t d, int64_t c)
{
  return __builtin_add_overflow (*posted, c, posted) || __builtin_sub_overflow (*posted, d, posted)
             ? JN_INVARIANT
             : JN_OK;
}

/* *found: what there is of the month @of, which does not count itself; left alone when there is nothing. */
static jn_status
sum_totals (jn_snapshot *snapshot, uint64_t own, int32_t from, int32_t to, int32_t of,
            totals *found, int64_t *posted)
{
  totals t = { 0 };
  jn_status status = totals_begin (&t, snapshot, own, from, to);

  while (status == JN_OK && (status = totals_next (&t)) == JN_OK)
    if (t.of == of)
      *found = t;
    else
      status = add_sums (posted, t.d, t.c);
  sqlite3_reset (t.rows);
  return status == JN_NOT_FOUND ? JN_OK : status;
}

/* The days of a month from @from to @to, as far as they are indexed; others may have a part of theirs. @first_no: of the month's
 * first row. */
static jn_status
sum_days (jn_snapshot *snapshot, const jn_snapshot_account_row *own, int32_t from, int32_t to,
          uint64_t first_no, day_sum days[32])
{
  totals t = { 0 };
  jn_status status = sum_first (snapshot, own, to / 100, first_no, days);

  if (status == JN_OK)
    status = totals_begin (&t, snapshot, own->no, from, to);
  while (status == JN_OK && (status = totals_next (&t)) == JN_OK)
    status = add_to_day (days, t.of, t.d, t.c);
  sqlite3_reset (t.rows);
  return status == JN_NOT_FOUND ? JN_OK : status;
}

static bool
is_of (const jn_tail_row *row, uint64_t own)
{
  return jn_kind_books (row->kind) && (row->dr == own || row->cr == own);
}

static jn_status
sum_tail_days (jn_snapshot *snapshot, uint64_t own, int32_t month, day_sum days[32])
{
  jn_status status = jn_snapshot_tail (snapshot);

  for (size_t i = 0; status == JN_OK && i < snapshot->tail.rows.count; i++)
    {
      const jn_tail_row *row = jn_tail_get (&snapshot->tail, i);

      if (is_of (row, own) && row->value_date / 100 == month)
        status = add_to_day (days, row->value_date, row->dr == own ? row->amount : 0,
                             row->cr == own ? row->amount : 0);
    }
  return status;
}

jn_status
jn_days (jn_snapshot *snapshot, const jn_id *account, int32_t month, jn_day_row *rows, size_t *n)
{
  day_sum days[32] = { { 0 } };
  jn_snapshot_account_row own = { 0 };
  size_t room = *n;
  totals all = { 0 };
  int64_t posted = 0;
  jn_status status = month <= 0 || month > JN_LAST_DATE / 100
                         ? JN_INVALID
                         : jn_snapshot_account_get (snapshot, account, &own);

  *n = 0;
  if (status == JN_OK)
    status = sum_totals (snapshot, own.no, month, month, month, &all, &posted);
  if (status == JN_OK && all.first_no != 0)
    status = sum_days (snapshot, &own, month * 100 + 1, month * 100 + 31, all.first_no, days);
  if (status == JN_OK)
    status = sum_tail_days (snapshot, own.no, month, days);
  for (int32_t day = 1; status == JN_OK && day < 32 && *n < room; day++)
    if (days[day].used)
      rows[(*n)++] = (jn_day_row){ month * 100 + day, days[day].d, days[day].c };
  return status;
}

static jn_status
sum_tail (jn_snapshot *snapshot, uint64_t own, int32_t date, int64_t *posted)
{
  jn_status status = jn_snapshot_tail (snapshot);

  for (size_t i = 0; status == JN_OK && i < snapshot->tail.rows.count; i++)
    {
      const jn_tail_row *row = jn_tail_get (&snapshot->tail, i);

      if (is_of (row, own) && row->value_date <= date)
        status =
            add_sums (posted, row->dr == own ? row->amount : 0, row->cr == own ? row->amount : 0);
    }
  return status;
}

/* The days up to @until, or, late in the month, all of it without the days after. */
static jn_status
sum_until (jn_snapshot *snapshot, const jn_snapshot_account_row *own, int32_t until,
           const totals *month, int64_t *posted)
{
  day_sum days[32] = { { 0 } };
  bool late = until % 100 > 15;
  int32_t first = until / 100 * 100;
  int32_t from = late ? until + 1 : first + 1;
  int32_t to = late ? first + 31 : until;
  jn_status status = sum_days (snapshot, own, from, to, month->first_no, days);

  if (status == JN_OK && late)
    status = add_sums (posted, month->d, month->c);
  for (int32_t day = from; status == JN_OK && day <= to; day++)
    {
      const day_sum *sum = &days[day % 100 & 31];

      status = late ? add_sums (posted, sum->c, sum->d) : add_sums (posted, sum->d, sum->c);
    }
  return status;
}

/* Years before, months before in this year, days of this month, and what is in none of them yet. */
jn_status
jn_balance_as_of (jn_snapshot *snapshot, const jn_id *account, int32_t date, int64_t *posted)
{
  jn_snapshot_account_row own = { 0 };
  totals of_month = { 0 };
  int32_t until = date > JN_LAST_DATE ? JN_LAST_DATE : date;
  int32_t month = until / 100, year = until / 10000;
  jn_status status = jn_snapshot_account_get (snapshot, account, &own);

  *posted = 0;
  if (status == JN_OK)
    status = sum_totals (snapshot, own.no, 1, year - 1, 0, &of_month, posted);
  if (status == JN_OK)
    status = sum_totals (snapshot, own.no, year * 100 + 1, month, month, &of_month, posted);
  if (status == JN_OK)
    status = sum_tail (snapshot, own.no, until, posted);
  return status == JN_OK && of_month.first_no != 0
             ? sum_until (snapshot, &own, until, &of_month, posted)
             : status;
}

/* ---- as known at ---- */

static jn_status
recorded_at (jn_snapshot *snapshot, uint64_t no, int64_t *recorded_us)
{
  sqlite3_stmt *s = jn_connection_get (&snapshot->reader, JN_SQL_TRANSFER_BY_NO);
  jn_status status = JN_OK;
  int rc;

  if (s == NULL)
    return jn_connection_status (&snapshot->reader);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) no);
  rc = sqlite3_step (s);
  if (rc == SQLITE_ROW)
    *recorded_us = sqlite3_column_int64 (s, JN_T_RECORDED);
  else
    status = rc == SQLITE_DONE ? JN_INVARIANT : jn_connection_status (&snapshot->reader);
  sqlite3_reset (s);
  return status;
}

jn_status
jn_balance_known_at (jn_snapshot *snapshot, const jn_id *account, int64_t recorded_us,
                     int64_t *posted)
{
  jn_snapshot_account_row own = { 0 };
  uint64_t low = 0, high;
  jn_walk walk;
  jn_entry entry = { 0 };
  jn_status status = jn_snapshot_account_get (snapshot, account, &own);

  *posted = 0;
  if (status == JN_OK)
    status = jn_snapshot_tail (snapshot);
  if (status != JN_OK)
    return status;
  /* Record time rises with the number: low is known by then, what lies above high is not. */
  high = snapshot->tail.indexed + snapshot->tail.rows.count;
  while (status == JN_OK && low < high)
    {
      uint64_t middle = low + (high - low + 1) / 2;
      int64_t at = 0;

      status = recorded_at (snapshot, middle, &at);
      if (at <= recorded_us)
        low = middle;
      else
        high = middle - 1;
    }
  if (status != JN_OK || low == 0)
    return status;
  status = jn_walk_begin (&walk, snapshot, own.no, own.posted, 0, low);
  if (status == JN_OK)
    status = jn_walk_next (&walk, &entry);
  jn_walk_end (&walk);
  *posted = entry.after;
  return status;
}
