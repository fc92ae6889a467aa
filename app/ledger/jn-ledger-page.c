#include "jn-ledger-private.h"

#include <string.h>

typedef struct
{
  jn_snapshot_account_row account;
  uint64_t first, last; /* numbers between which all wanted entries lie */
  uint64_t count;
} range;

static void
take_month (const jn_month *m, const jn_page *page, range *r)
{
  if (page->code != 0 && page->code != m->row.code)
    return;
  if (page->direction <= 0)
    r->count += m->row.n_d;
  if (page->direction >= 0)
    r->count += m->row.n_c;
  if (r->first == 0 || m->first_no < r->first)
    r->first = m->first_no;
  if (m->last_no > r->last)
    r->last = m->last_no;
}

/* The months know where their entries lie and how many there are, so neither is searched for. */
static jn_status
find_range (jn_snapshot *snapshot, const jn_page *page, range *r)
{
  jn_month_list months = { 0 };
  jn_status status = jn_snapshot_months (snapshot, r->account.no, page->month,
                                         page->month == 0 ? INT32_MAX : page->month, &months);

  for (size_t i = 0; status == JN_OK && i < months.rows.count; i++)
    take_month ((const jn_month *) months.rows.data + i, page, r);
  jn_array_free (&months.rows);
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
entry_is_wanted (const jn_entry *e, const jn_page *page)
{
  return (page->month == 0 || e->value_date / 100 == page->month)
         && (page->code == 0 || e->code == page->code)
         && (page->direction == 0 || (page->direction > 0) == (e->amount > 0));
}

static bool
has_search (const jn_page *page)
{
  return page->search != NULL && *page->search != '\0';
}

static bool
text_is_wanted (const jn_entry_row *row, const jn_page *page)
{
  return !has_search (page) || contains (row->payee, page->search)
         || contains (row->memo, page->search) || contains (row->reference, page->search);
}

static jn_status
read_row (jn_snapshot *snapshot, const range *r, const jn_id *account, const jn_entry *entry,
          jn_entry_row *row)
{
  bool mine;
  jn_status status = jn_row_fill (snapshot, r->account.no, entry->no, row, &mine);

  row->account = *account;
  row->currency = r->account.currency;
  row->posted_after = entry->after;
  row->expires_us = 0;
  return status == JN_OK && !mine ? JN_INVARIANT : status;
}

static jn_status
read_page (jn_snapshot *snapshot, const range *r, const jn_id *account, const jn_page *page,
           jn_entry_row *rows, size_t room, size_t *n)
{
  uint64_t skip = page->skip;
  jn_walk walk;
  jn_entry entry = { 0 };
  jn_status status =
      jn_walk_begin (&walk, snapshot, r->account.no, r->account.posted, r->first, r->last);

  while (status == JN_OK && *n < room)
    {
      status = jn_walk_next (&walk, &entry);
      if (status != JN_OK || entry.no == 0)
        break;
      if (!entry_is_wanted (&entry, page))
        continue;
      if (!has_search (page) && skip > 0)
        {
          skip--;
          continue;
        }
      status = read_row (snapshot, r, account, &entry, &rows[*n]);
      if (status == JN_OK && text_is_wanted (&rows[*n], page))
        skip > 0 ? (void) skip-- : (void) (*n)++;
    }
  jn_walk_end (&walk);
  return status;
}

jn_status
jn_entries (jn_snapshot *snapshot, const jn_id *account, const jn_page *page, jn_entry_row *rows,
            size_t *n)
{
  static const jn_page all = { 0 };
  range r = { 0 };
  size_t room = *n;
  jn_status status = jn_snapshot_account_get (snapshot, account, &r.account);

  *n = 0;
  if (page == NULL)
    page = &all;
  if (status == JN_OK && (page->month != 0 || page->code != 0))
    status = find_range (snapshot, page, &r);
  else
    r.last = INT64_MAX;
  if (page->before != 0 && page->before <= r.last)
    r.last = page->before - 1;
  return status == JN_OK ? read_page (snapshot, &r, account, page, rows, room, n) : status;
}

jn_status
jn_entry_count (jn_snapshot *snapshot, const jn_id *account, const jn_page *page, uint64_t *count)
{
  static const jn_page all = { 0 };
  range r = { 0 };
  jn_status status = jn_snapshot_account_get (snapshot, account, &r.account);

  if (status == JN_OK)
    status = find_range (snapshot, page == NULL ? &all : page, &r);
  *count = r.count;
  return status;
}

/* The row that booked this id: itself, or what a pending transfer became. */
static jn_status
find_booked (jn_snapshot *snapshot, const jn_id *transfer, uint64_t *no)
{
  sqlite3_stmt *s;
  int kind = 0;
  int rc;
  jn_status status = jn_snapshot_tail (snapshot);

  if (status == JN_OK)
    status = jn_id_find (&snapshot->reader, &snapshot->tail, transfer, no);
  if (status != JN_OK || *no == 0)
    return status == JN_OK ? JN_NOT_FOUND : status;
  s = jn_connection_get (&snapshot->reader, JN_SQL_TRANSFER_BY_NO);
  if (s == NULL)
    return jn_connection_status (&snapshot->reader);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) *no);
  rc = sqlite3_step (s);
  if (rc == SQLITE_ROW)
    kind = sqlite3_column_int (s, JN_T_KIND);
  sqlite3_reset (s);
  if (rc != SQLITE_ROW)
    return rc == SQLITE_DONE ? JN_INVARIANT : jn_connection_status (&snapshot->reader);
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
  jn_status status = jn_snapshot_account_get (snapshot, account, &r.account);

  if (status == JN_OK)
    status = find_booked (snapshot, transfer, &r.first);
  if (status != JN_OK)
    return status;
  r.last = r.first;
  status = read_page (snapshot, &r, account, &all, out, 1, &n);
  return status == JN_OK && n == 0 ? JN_NOT_FOUND : status;
}
