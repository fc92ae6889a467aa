#include "jn-ledger-private.h"

#include <stdlib.h>
#include <string.h>

typedef struct
{
  uint64_t own;
  uint32_t currency;
  uint64_t first, last; /* numbers between which all wanted entries lie */
  uint64_t count;
} range;

static jn_status
find_account (jn_snapshot *snapshot, const jn_id *account, range *r)
{
  sqlite3_stmt *s = NULL;
  jn_status status = jn_snapshot_account (snapshot, account, &r->own, &s);

  if (status == JN_OK)
    {
      r->currency = (uint32_t) sqlite3_column_int64 (s, 2);
      sqlite3_reset (s);
    }
  return status;
}

static void
take_month (sqlite3_stmt *s, const jn_page *page, range *r)
{
  uint64_t first = (uint64_t) sqlite3_column_int64 (s, 7);
  uint64_t last = (uint64_t) sqlite3_column_int64 (s, 8);

  if (page->code != 0 && page->code != sqlite3_column_int (s, 2))
    return;
  if (page->direction <= 0)
    r->count += (uint64_t) sqlite3_column_int64 (s, 5);
  if (page->direction >= 0)
    r->count += (uint64_t) sqlite3_column_int64 (s, 6);
  if (r->first == 0 || first < r->first)
    r->first = first;
  if (last > r->last)
    r->last = last;
}

/* The months know where their entries lie and how many there are, so neither is searched for. */
static jn_status
find_range (jn_snapshot *snapshot, const jn_page *page, range *r)
{
  sqlite3_stmt *s = jn_connection_get (&snapshot->reader, JN_SQL_MONTH_RANGE);
  int rc;

  if (s == NULL)
    return jn_connection_status (&snapshot->reader);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) r->own);
  sqlite3_bind_int (s, 2, page->month);
  sqlite3_bind_int (s, 3, page->month == 0 ? INT32_MAX : page->month);
  while ((rc = sqlite3_step (s)) == SQLITE_ROW)
    take_month (s, page, r);
  sqlite3_reset (s);
  return rc == SQLITE_DONE ? JN_OK : jn_connection_status (&snapshot->reader);
}

/* Numbers between which @count wanted entries lie. */
typedef struct
{
  uint64_t first, last, count;
} span;

typedef struct
{
  span *at;
  size_t n, room;
} spans;

static bool
spans_add (spans *all, uint64_t first, uint64_t last, uint64_t count)
{
  if (all->n == all->room)
    {
      size_t room = all->room == 0 ? 256 : 2 * all->room;
      span *at = realloc (all->at, room * sizeof *at);

      if (at == NULL)
        return false;
      all->at = at;
      all->room = room;
    }
  all->at[all->n++] = (span){ first, last, count };
  return true;
}

static int
compare_spans (const void *a, const void *b)
{
  const span *left = a;
  const span *right = b;

  return left->first < right->first ? -1 : left->first > right->first;
}

/* Afterwards no two overlap, oldest first: what lies between the ends of one is counted in it. */
static void
spans_join (spans *all)
{
  size_t n = 0;

  if (all->n > 1)
    qsort (all->at, all->n, sizeof *all->at, compare_spans);
  for (size_t i = 0; i < all->n; i++)
    if (n > 0 && all->at[i].first <= all->at[n - 1].last)
      {
        all->at[n - 1].count += all->at[i].count;
        if (all->at[i].last > all->at[n - 1].last)
          all->at[n - 1].last = all->at[i].last;
      }
    else
      all->at[n++] = all->at[i];
  all->n = n;
}

static jn_status
find_spans (jn_snapshot *snapshot, const jn_page *page, const range *r, spans *all)
{
  sqlite3_stmt *s = jn_connection_get (&snapshot->reader, JN_SQL_MONTH_RANGE);
  jn_status status = JN_OK;
  int rc = SQLITE_DONE;

  if (s == NULL)
    return jn_connection_status (&snapshot->reader);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) r->own);
  sqlite3_bind_int (s, 2, page->month);
  sqlite3_bind_int (s, 3, page->month == 0 ? INT32_MAX : page->month);
  while (status == JN_OK && (rc = sqlite3_step (s)) == SQLITE_ROW)
    {
      range month = { 0 };

      take_month (s, page, &month);
      if (month.count > 0 && !spans_add (all, month.first, month.last, month.count))
        status = JN_NO_MEMORY;
    }
  sqlite3_reset (s);
  if (status == JN_OK && rc != SQLITE_DONE)
    return jn_connection_status (&snapshot->reader);
  spans_join (all);
  return status;
}

/* Passes over whole months, which know how many entries they hold; *skip is what is left to pass over row by row. */
static jn_status
skip_months (jn_snapshot *snapshot, const jn_page *page, range *r, uint64_t *skip)
{
  spans all = { 0 };
  jn_status status = find_spans (snapshot, page, r, &all);

  for (size_t i = all.n; status == JN_OK && i > 0 && *skip >= all.at[i - 1].count; i--)
    {
      *skip -= all.at[i - 1].count;
      r->last = all.at[i - 1].first - 1;
    }
  free (all.at);
  return status;
}

static char
fold (char c)
{
  return c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;
}

/* UTF-8 is self-synchronizing, so a substring of bytes is a substring of characters. */
static bool
contains (const char *text, const char *part)
{
  for (; *text != '\0'; text++)
    {
      size_t i = 0;

      while (part[i] != '\0' && fold (text[i]) == fold (part[i]))
        i++;
      if (part[i] == '\0')
        return true;
    }
  return *part == '\0';
}

static bool
row_is_wanted (sqlite3_stmt *s, const jn_page *page)
{
  int64_t amount = sqlite3_column_int64 (s, 1);

  return (page->month == 0 || sqlite3_column_int (s, 3) / 100 == page->month)
         && (page->code == 0 || sqlite3_column_int (s, 4) == page->code)
         && (page->direction == 0 || (page->direction > 0) == (amount > 0));
}

static bool
text_is_wanted (const jn_entry_row *row, const jn_page *page)
{
  return page->search == NULL || *page->search == '\0' || contains (row->payee, page->search)
         || contains (row->memo, page->search) || contains (row->reference, page->search);
}

static jn_status
read_row (jn_snapshot *snapshot, const range *r, const jn_id *account, sqlite3_stmt *s,
          jn_entry_row *row)
{
  bool mine;
  jn_status status =
      jn_row_fill (snapshot, r->own, (uint64_t) sqlite3_column_int64 (s, 0), row, &mine);

  row->account = *account;
  row->currency = r->currency;
  row->posted_after = sqlite3_column_int64 (s, 2);
  row->expires_us = 0;
  return status == JN_OK && !mine ? JN_INVARIANT : status;
}

static jn_status
read_page (jn_snapshot *snapshot, const range *r, const jn_id *account, const jn_page *page,
           uint64_t skip, jn_entry_row *rows, size_t room, size_t *n)
{
  sqlite3_stmt *s = jn_connection_get (&snapshot->reader, JN_SQL_ENTRY_PAGE);
  bool search = page->search != NULL && *page->search != '\0';
  jn_status status = JN_OK;
  int rc = SQLITE_ROW;

  if (s == NULL)
    return jn_connection_status (&snapshot->reader);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) r->own);
  sqlite3_bind_int64 (s, 2, (sqlite3_int64) r->first);
  sqlite3_bind_int64 (s, 3, (sqlite3_int64) r->last);
  while (status == JN_OK && *n < room && (rc = sqlite3_step (s)) == SQLITE_ROW)
    {
      if (!row_is_wanted (s, page))
        continue;
      /* Only a search has to read a row to know whether it counts. */
      if (skip > 0 && !search)
        {
          skip--;
          continue;
        }
      status = read_row (snapshot, r, account, s, &rows[*n]);
      if (status != JN_OK || !text_is_wanted (&rows[*n], page))
        continue;
      if (skip > 0)
        skip--;
      else
        (*n)++;
    }
  if (status == JN_OK && rc != SQLITE_ROW && rc != SQLITE_DONE)
    status = jn_connection_status (&snapshot->reader);
  sqlite3_reset (s);
  return status;
}

jn_status
jn_entries (jn_snapshot *snapshot, const jn_id *account, const jn_page *page, jn_entry_row *rows,
            size_t *n)
{
  static const jn_page all = { 0 };
  range r = { 0 };
  size_t room = *n;
  uint64_t skip;
  jn_status status = find_account (snapshot, account, &r);

  *n = 0;
  if (page == NULL)
    page = &all;
  if (status == JN_OK && (page->month != 0 || page->code != 0))
    status = find_range (snapshot, page, &r);
  else
    r.last = INT64_MAX;
  skip = page->skip;
  if (page->before != 0 && page->before <= r.last)
    r.last = page->before - 1;
  else if (status == JN_OK && skip > 0 && (page->search == NULL || *page->search == '\0'))
    status = skip_months (snapshot, page, &r, &skip);
  return status == JN_OK ? read_page (snapshot, &r, account, page, skip, rows, room, n) : status;
}

jn_status
jn_entry_count (jn_snapshot *snapshot, const jn_id *account, const jn_page *page, uint64_t *count)
{
  static const jn_page all = { 0 };
  range r = { 0 };
  jn_status status = find_account (snapshot, account, &r);

  if (status == JN_OK)
    status = find_range (snapshot, page == NULL ? &all : page, &r);
  *count = r.count;
  return status;
}

/* The row that booked this id: itself, or what a pending transfer became. */
static jn_status
find_booked (jn_snapshot *snapshot, const jn_id *transfer, uint64_t *no)
{
  sqlite3_stmt *s = jn_connection_get (&snapshot->reader, JN_SQL_TRANSFER_BY_ID);
  int kind = 0;
  int rc;

  if (s == NULL)
    return jn_connection_status (&snapshot->reader);
  sqlite3_bind_blob (s, 1, transfer->b, 16, SQLITE_TRANSIENT);
  rc = sqlite3_step (s);
  if (rc == SQLITE_ROW)
    {
      *no = (uint64_t) sqlite3_column_int64 (s, JN_T_NO);
      kind = sqlite3_column_int (s, JN_T_KIND);
    }
  sqlite3_reset (s);
  if (rc != SQLITE_ROW)
    return rc == SQLITE_DONE ? JN_NOT_FOUND : jn_connection_status (&snapshot->reader);
  if (kind != JN_PENDING)
    return JN_OK;
  s = jn_connection_get (&snapshot->reader, JN_SQL_PENDING_GET);
  if (s == NULL)
    return jn_connection_status (&snapshot->reader);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) *no);
  rc = sqlite3_step (s);
  *no = rc == SQLITE_ROW ? (uint64_t) sqlite3_column_int64 (s, 3) : 0;
  sqlite3_reset (s);
  if (rc != SQLITE_ROW && rc != SQLITE_DONE)
    return jn_connection_status (&snapshot->reader);
  return *no == 0 ? JN_NOT_FOUND : JN_OK;
}

jn_status
jn_entry_get (jn_snapshot *snapshot, const jn_id *account, const jn_id *transfer, jn_entry_row *out)
{
  range r = { 0 };
  size_t n = 0;
  static const jn_page all = { 0 };
  jn_status status = find_account (snapshot, account, &r);

  if (status == JN_OK)
    status = find_booked (snapshot, transfer, &r.first);
  if (status != JN_OK)
    return status;
  r.last = r.first;
  status = read_page (snapshot, &r, account, &all, 0, out, 1, &n);
  return status == JN_OK && n == 0 ? JN_NOT_FOUND : status;
}

jn_status
jn_rollup (jn_snapshot *snapshot, const jn_id *account, int32_t from, int32_t to,
           jn_rollup_row *rows, size_t *n)
{
  uint64_t own = 0;
  size_t room = *n;
  jn_status status = jn_snapshot_account (snapshot, account, &own, NULL);
  sqlite3_stmt *s;
  int rc = SQLITE_ROW;

  *n = 0;
  if (status != JN_OK)
    return status;
  s = jn_connection_get (&snapshot->reader, JN_SQL_MONTH_RANGE);
  if (s == NULL)
    return jn_connection_status (&snapshot->reader);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) own);
  sqlite3_bind_int (s, 2, from);
  sqlite3_bind_int (s, 3, to);
  while (*n < room && (rc = sqlite3_step (s)) == SQLITE_ROW)
    rows[(*n)++] = (jn_rollup_row){ .month = sqlite3_column_int (s, 1),
                                    .code = (uint16_t) sqlite3_column_int (s, 2),
                                    .d = sqlite3_column_int64 (s, 3),
                                    .c = sqlite3_column_int64 (s, 4),
                                    .n_d = (uint64_t) sqlite3_column_int64 (s, 5),
                                    .n_c = (uint64_t) sqlite3_column_int64 (s, 6) };
  sqlite3_reset (s);
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? JN_OK : jn_connection_status (&snapshot->reader);
}

typedef struct
{
  int64_t d, c;
  bool used;
} day_sum;

static jn_status
add_to_day (sqlite3_stmt *s, int32_t month, day_sum days[32])
{
  int64_t amount = sqlite3_column_int64 (s, 1);
  int32_t date = sqlite3_column_int (s, 3);
  day_sum *day = &days[date % 100 & 31];

  if (date / 100 != month)
    return JN_OK;
  day->used = true;
  if (amount < 0 ? __builtin_sub_overflow (day->d, amount, &day->d)
                 : __builtin_add_overflow (day->c, amount, &day->c))
    return JN_INVARIANT;
  return JN_OK;
}

jn_status
jn_days (jn_snapshot *snapshot, const jn_id *account, int32_t month, jn_day_row *rows, size_t *n)
{
  jn_page page = { .month = month };
  day_sum days[32] = { { 0 } };
  range r = { 0 };
  size_t room = *n;
  sqlite3_stmt *s;
  int rc = SQLITE_DONE;
  jn_status status = month <= 0 ? JN_INVALID : find_account (snapshot, account, &r);

  *n = 0;
  if (status == JN_OK)
    status = find_range (snapshot, &page, &r);
  if (status != JN_OK || r.first == 0)
    return status;
  s = jn_connection_get (&snapshot->reader, JN_SQL_ENTRY_PAGE);
  if (s == NULL)
    return jn_connection_status (&snapshot->reader);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) r.own);
  sqlite3_bind_int64 (s, 2, (sqlite3_int64) r.first);
  sqlite3_bind_int64 (s, 3, (sqlite3_int64) r.last);
  while (status == JN_OK && (rc = sqlite3_step (s)) == SQLITE_ROW)
    status = add_to_day (s, month, days);
  sqlite3_reset (s);
  if (status == JN_OK && rc != SQLITE_DONE)
    return jn_connection_status (&snapshot->reader);
  for (int32_t day = 1; day < 32 && *n < room; day++)
    if (days[day].used)
      rows[(*n)++] = (jn_day_row){ month * 100 + day, days[day].d, days[day].c };
  return status;
}
