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
add_to_day (const jn_entry *e, int32_t month, day_sum days[32])
{
  day_sum *day = &days[e->value_date % 100 & 31];

  if (e->value_date / 100 != month)
    return JN_OK;
  day->used = true;
  if (e->amount < 0 ? __builtin_sub_overflow (day->d, e->amount, &day->d)
                    : __builtin_add_overflow (day->c, e->amount, &day->c))
    return JN_INVARIANT;
  return JN_OK;
}

/* Where the entries of a month lie, of all codes. */
static jn_status
month_range (jn_snapshot *snapshot, uint64_t own, int32_t month, uint64_t *first, uint64_t *last)
{
  jn_month_list list = { 0 };
  jn_status status = jn_snapshot_months (snapshot, own, month, month, &list);
  const jn_month *m = list.rows.data;

  *first = *last = 0;
  for (size_t i = 0; status == JN_OK && i < list.rows.count; i++)
    {
      *first = i == 0 || m[i].first_no < *first ? m[i].first_no : *first;
      *last = m[i].last_no > *last ? m[i].last_no : *last;
    }
  jn_array_free (&list.rows);
  return status;
}

static jn_status
sum_days (jn_snapshot *snapshot, const jn_snapshot_account_row *own, int32_t month,
          day_sum days[32])
{
  uint64_t first = 0, last = 0;
  jn_walk walk;
  jn_entry entry = { .no = 1 };
  jn_status status = month_range (snapshot, own->no, month, &first, &last);

  if (status != JN_OK || first == 0)
    return status;
  status = jn_walk_begin (&walk, snapshot, own->no, own->posted, first, last);
  while (status == JN_OK)
    {
      status = jn_walk_next (&walk, &entry);
      if (status != JN_OK || entry.no == 0)
        break;
      status = add_to_day (&entry, month, days);
    }
  jn_walk_end (&walk);
  return status;
}

jn_status
jn_days (jn_snapshot *snapshot, const jn_id *account, int32_t month, jn_day_row *rows, size_t *n)
{
  day_sum days[32] = { { 0 } };
  jn_snapshot_account_row own = { 0 };
  size_t room = *n;
  jn_status status = month <= 0 ? JN_INVALID : jn_snapshot_account_get (snapshot, account, &own);

  *n = 0;
  if (status == JN_OK)
    status = sum_days (snapshot, &own, month, days);
  for (int32_t day = 1; status == JN_OK && day < 32 && *n < room; day++)
    if (days[day].used)
      rows[(*n)++] = (jn_day_row){ month * 100 + day, days[day].d, days[day].c };
  return status;
}

static jn_status
add_sums (int64_t *posted, int64_t d, int64_t c)
{
  return __builtin_add_overflow (*posted, c, posted) || __builtin_sub_overflow (*posted, d, posted)
             ? JN_INVARIANT
             : JN_OK;
}

static jn_status
sum_totals (jn_snapshot *snapshot, uint64_t own, int32_t from, int32_t to, int64_t *posted)
{
  jn_month_list list = { 0 };
  jn_status status = load_months (snapshot, own, -to, -from, &list);

  for (size_t i = 0; status == JN_OK && i < list.rows.count; i++)
    {
      const jn_month *m = (const jn_month *) list.rows.data + i;

      status = add_sums (posted, m->row.d, m->row.c);
    }
  jn_array_free (&list.rows);
  return status;
}

static jn_status
sum_tail (jn_snapshot *snapshot, uint64_t own, int32_t before, int64_t *posted)
{
  jn_status status = jn_snapshot_tail (snapshot);

  for (size_t i = 0; status == JN_OK && i < snapshot->tail.rows.count; i++)
    {
      const jn_tail_row *row = jn_tail_get (&snapshot->tail, i);

      if (jn_kind_books (row->kind) && row->value_date / 100 < before
          && (row->dr == own || row->cr == own))
        status =
            add_sums (posted, row->dr == own ? row->amount : 0, row->cr == own ? row->amount : 0);
    }
  return status;
}

/* Years before, months before in this year, days of this month. */
jn_status
jn_balance_as_of (jn_snapshot *snapshot, const jn_id *account, int32_t date, int64_t *posted)
{
  jn_snapshot_account_row own = { 0 };
  day_sum days[32] = { { 0 } };
  int32_t month = date / 100, year = date / 10000;
  jn_status status = jn_snapshot_account_get (snapshot, account, &own);

  *posted = 0;
  if (status == JN_OK)
    status = sum_totals (snapshot, own.no, 1, year - 1, posted);
  if (status == JN_OK)
    status = sum_totals (snapshot, own.no, year * 100 + 1, month - 1, posted);
  if (status == JN_OK)
    status = sum_tail (snapshot, own.no, month, posted);
  if (status == JN_OK)
    status = sum_days (snapshot, &own, month, days);
  for (int32_t day = 1; status == JN_OK && day <= date % 100 && day < 32; day++)
    status = add_sums (posted, days[day].d, days[day].c);
  return status;
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
