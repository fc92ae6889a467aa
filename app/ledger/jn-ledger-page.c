#include "jn-ledger-private.h"

#include <string.h>

#include "jn-ledger-initials.h"

#define JN_SEARCH_MAX (3u * JN_ANNOTATION_MAX) /* all of a text, in full width */
#define LOOK_FIRST 2u /* tails of entries to look at before the index is asked */

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
  if (m->first_no == 0)
    return;
  if (r->first == 0 || m->first_no < r->first)
    r->first = m->first_no;
  if (m->last_no > r->last)
    r->last = m->last_no;
}

static jn_status
take_months (jn_snapshot *snapshot, const jn_page *page, bool shown, range *r)
{
  int32_t to = page->month == 0 ? INT32_MAX : page->month;
  jn_month_list months = { 0 };
  jn_status status =
      shown ? jn_snapshot_categories (snapshot, r->account.no, page->month, to, &months)
            : jn_snapshot_months (snapshot, r->account.no, page->month, to, &months);

  for (size_t i = 0; status == JN_OK && i < months.rows.count; i++)
    take_month ((const jn_month *) months.rows.data + i, page, r);
  jn_array_free (&months.rows);
  return status;
}

/* The months know where their entries lie and how many there are, so neither is searched for. What the customer moved into or out of a
 * category may lie anywhere. */
static jn_status
find_range (jn_snapshot *snapshot, const jn_page *page, range *r)
{
  bool annotated = false;
  jn_page all = *page;
  uint64_t count;
  jn_status status = jn_snapshot_annotated (snapshot, &annotated);

  if (status == JN_OK)
    status = take_months (snapshot, page, true, r);
  if (status != JN_OK || !annotated)
    return status;
  count = r->count;
  all.code = 0;
  status = take_months (snapshot, &all, false, r);
  r->count = count;
  return status;
}

static bool
entry_is_wanted (const jn_entry *e, const jn_page *page)
{
  return (page->month == 0 || e->value_date / 100 == page->month)
         && (page->code == 0 || e->code == page->code)
         && (page->direction == 0 || (page->direction > 0) == (e->amount > 0));
}

static bool
row_is_wanted (const jn_entry_row *row, const jn_page *page)
{
  jn_entry e = { row->no, row->amount, 0, row->value_date, row->category };

  return jn_kind_books (row->kind) && entry_is_wanted (&e, page);
}

/* ---- pages ---- */

typedef struct
{
  jn_snapshot *snapshot;
  const jn_id *account;
  const jn_page *page;
  range range;
  uint64_t skip;
  char part[JN_SEARCH_MAX]; /* what is searched, folded */
  size_t part_length;
  bool letters; /* may be the initials of a payee */
  jn_entry_row *rows;
  size_t room, n;
  sqlite3_stmt *
      local; /* rows with a category of the customer's own, downwards; NULL when there is none left */
  uint64_t local_no; /* on which it stands */
} pager;

static bool
has_part (const pager *p, const char *text)
{
  return text != NULL && jn_search_contains (text, p->part, p->part_length);
}

static bool
has_payee (const pager *p, const char *payee)
{
  return has_part (p, payee)
         || (payee != NULL && p->letters
             && jn_initials_match (payee, strlen (payee), p->part, p->part_length));
}

static jn_status
text_is_wanted (const pager *p, const jn_entry_row *row, bool *wanted)
{
  jn_local local;
  jn_status status;

  *wanted = p->part_length == 0 || has_payee (p, row->payee) || has_part (p, row->memo)
            || has_part (p, row->reference);
  if (*wanted || (row->fields & 1u << JN_FIELD_NOTE) == 0)
    return JN_OK;
  status = jn_local_get (&p->snapshot->reader, row->no, &local);
  *wanted = status == JN_OK && has_part (p, local.note);
  return status;
}

/* The category that the entry shows. The statement goes down with the walk. */
static jn_status
show_category (pager *p, jn_entry *entry)
{
  sqlite3_stmt *s = p->local;
  int rc = SQLITE_ROW;

  if (s == NULL)
    return JN_OK;
  while (p->local_no > entry->no && (rc = sqlite3_step (s)) == SQLITE_ROW)
    p->local_no = (uint64_t) sqlite3_column_int64 (s, 0);
  if (rc == SQLITE_DONE)
    {
      p->local_no = 0;
      p->local = NULL;
      sqlite3_reset (s);
    }
  else if (rc != SQLITE_ROW)
    return jn_connection_status (&p->snapshot->reader);
  else if (p->local_no == entry->no)
    entry->code = (uint16_t) sqlite3_column_int (s, 1);
  return JN_OK;
}

/* Only a filter by category has to know. */
static jn_status
begin_categories (pager *p)
{
  bool annotated = false;
  jn_status status = jn_snapshot_annotated (p->snapshot, &annotated);

  p->local = NULL;
  if (status != JN_OK || !annotated || p->page->code == 0)
    return status;
  p->local = jn_connection_get (&p->snapshot->reader, JN_SQL_LOCAL_DOWN);
  if (p->local == NULL)
    return jn_connection_status (&p->snapshot->reader);
  sqlite3_bind_int64 (p->local, 1, (sqlite3_int64) p->range.last);
  p->local_no = UINT64_MAX;
  return JN_OK;
}

static jn_status
read_row (pager *p, uint64_t no, int64_t after, bool *mine)
{
  jn_entry_row *row = &p->rows[p->n];
  jn_status status = jn_row_fill (p->snapshot, p->range.account.no, no, row, mine);

  row->account = *p->account;
  row->currency = p->range.account.currency;
  row->posted_after = after;
  row->expires_us = 0;
  return status;
}

static void
keep_row (pager *p)
{
  if (p->skip > 0)
    p->skip--;
  else
    p->n++;
}

/* Takes at most @most entries as they come and leaves in range.last what is below them. */
static jn_status
read_page (pager *p, uint64_t most)
{
  jn_walk walk;
  jn_entry entry = { 0 };
  bool mine = true, wanted = false;
  jn_status status = jn_walk_begin (&walk, p->snapshot, p->range.account.no,
                                    p->range.account.posted, p->range.first, p->range.last);

  if (status == JN_OK)
    status = begin_categories (p);
  while (status == JN_OK && p->n < p->room && most-- > 0)
    {
      status = jn_walk_next (&walk, &entry);
      if (status != JN_OK)
        break;
      p->range.last = entry.no == 0 ? 0 : entry.no - 1;
      if (entry.no == 0)
        break;
      status = show_category (p, &entry);
      if (status != JN_OK || !entry_is_wanted (&entry, p->page))
        continue;
      /* Only a search has to read a row to know whether it counts. */
      if (p->skip > 0 && p->part_length == 0)
        {
          p->skip--;
          continue;
        }
      status = read_row (p, entry.no, entry.after, &mine);
      if (status == JN_OK && !mine)
        status = JN_INVARIANT;
      if (status == JN_OK)
        status = text_is_wanted (p, &p->rows[p->n], &wanted);
      if (status == JN_OK && wanted)
        keep_row (p);
    }
  sqlite3_reset (p->local);
  jn_walk_end (&walk);
  return status;
}

static jn_status
balance_after (pager *p, jn_entry_row *row)
{
  jn_walk walk;
  jn_entry entry = { 0 };
  jn_status status = jn_walk_begin (&walk, p->snapshot, p->range.account.no,
                                    p->range.account.posted, row->no, row->no);

  if (status == JN_OK)
    status = jn_walk_next (&walk, &entry);
  jn_walk_end (&walk);
  row->posted_after = entry.after;
  return status == JN_OK && entry.no != row->no ? JN_INVARIANT : status;
}

static jn_status
read_candidate (pager *p, uint64_t no)
{
  jn_entry_row *row = &p->rows[p->n];
  bool mine = false;
  jn_status status = read_row (p, no, 0, &mine);

  if (status != JN_OK || !mine || !row_is_wanted (row, p->page))
    return status;
  if (p->skip == 0)
    status = balance_after (p, row);
  keep_row (p);
  return status;
}

/* The rows of a document, from range.last down; those of another account are not even compared. */
static jn_status
read_document (pager *p, uint64_t first_no)
{
  sqlite3_stmt *s = jn_connection_get (&p->snapshot->reader, JN_SQL_SEARCH_ROWS);
  uint64_t own = p->range.account.no;
  uint64_t last = first_no + JN_SEARCH_ROWS - 1;
  jn_status status = JN_OK;
  int rc = SQLITE_ROW;

  if (s == NULL)
    return jn_connection_status (&p->snapshot->reader);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) first_no);
  sqlite3_bind_int64 (s, 2, (sqlite3_int64) (last < p->range.last ? last : p->range.last));
  while (status == JN_OK && p->n < p->room && (rc = sqlite3_step (s)) == SQLITE_ROW)
    {
      bool mine = (uint64_t) sqlite3_column_int64 (s, 1) == own
                  || (uint64_t) sqlite3_column_int64 (s, 2) == own;

      if (mine
          && (has_payee (p, (const char *) sqlite3_column_text (s, 3))
              || has_part (p, (const char *) sqlite3_column_text (s, 4))
              || has_part (p, (const char *) sqlite3_column_text (s, 5))
              || has_part (p, (const char *) sqlite3_column_text (s, 6))))
        status = read_candidate (p, (uint64_t) sqlite3_column_int64 (s, 0));
    }
  if (status == JN_OK && rc != SQLITE_ROW && rc != SQLITE_DONE)
    status = jn_connection_status (&p->snapshot->reader);
  sqlite3_reset (s);
  return status;
}

/* Down from range.last; stops after @most names of the index. */
static jn_status
read_matches (pager *p, const char *query, uint64_t most)
{
  sqlite3_stmt *s =
      jn_connection_get (&p->snapshot->reader,
                         p->snapshot->annotated ? JN_SQL_SEARCH_MATCH_BOTH : JN_SQL_SEARCH_MATCH);
  uint64_t first = p->range.first < JN_SEARCH_ROWS ? 0 : p->range.first - JN_SEARCH_ROWS + 1;
  jn_status status = JN_OK;
  int rc = SQLITE_ROW;

  if (s == NULL)
    return jn_connection_status (&p->snapshot->reader);
  sqlite3_bind_text (s, 1, query, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (s, 2, (sqlite3_int64) p->range.last);
  sqlite3_bind_int64 (s, 3, (sqlite3_int64) first);
  while (status == JN_OK && p->n < p->room && most-- > 0 && (rc = sqlite3_step (s)) == SQLITE_ROW)
    {
      uint64_t no = (uint64_t) sqlite3_column_int64 (s, 0);

      status = read_document (p, no);
      p->range.last = no - 1;
    }
  if (rc == SQLITE_DONE)
    p->range.last = 0;
  else if (status == JN_OK && rc != SQLITE_ROW)
    status = jn_connection_status (&p->snapshot->reader);
  sqlite3_reset (s);
  return status;
}

static bool
is_done (const pager *p)
{
  return p->n == p->room || p->range.last == 0 || p->range.last < p->range.first;
}

/* What is frequent is met soon by looking, what is rare is soon told by the index: neither needs to be long at it. A query that ends
 * in half a pair is dear to ask, so what comes before it is tried for a while. */
static jn_status
search_page (pager *p)
{
  char query[2 * JN_SEARCH_MAX + 6];
  size_t look = LOOK_FIRST * jn_tail_limit (&p->snapshot->ledger->host);
  size_t length = strnlen (p->page->search, JN_SEARCH_MAX + 1);
  bool annotated = false;
  jn_status status = jn_snapshot_annotated (p->snapshot, &annotated);

  /* Longer than any text. */
  if (length > JN_SEARCH_MAX || status != JN_OK)
    return status;
  p->part_length = jn_search_fold (p->page->search, length, p->part);
  p->letters = jn_initials_are_letters (p->part, p->part_length);
  if (jn_search_query (p->part, p->part_length, query) == 0)
    return read_page (p, UINT64_MAX);
  status = jn_snapshot_tail (p->snapshot);
  if (status == JN_OK)
    status = read_page (p, look + p->snapshot->tail.rows.count);
  if (status == JN_OK && !is_done (p) && query[strlen (query) - 1] == '*'
      && jn_search_query (p->part, p->part_length - 1, query) > 0)
    status = read_matches (p, query, look);
  if (status != JN_OK || is_done (p))
    return status;
  jn_search_query (p->part, p->part_length, query);
  return read_matches (p, query, UINT64_MAX);
}

jn_status
jn_entries (jn_snapshot *snapshot, const jn_id *account, const jn_page *page, jn_entry_row *rows,
            size_t *n)
{
  static const jn_page all = { 0 };
  pager p = { .snapshot = snapshot,
              .account = account,
              .page = page == NULL ? &all : page,
              .rows = rows,
              .room = *n };
  range *r = &p.range;
  jn_status status = jn_snapshot_account_get (snapshot, account, &r->account);

  *n = 0;
  p.skip = p.page->skip;
  if (status == JN_OK && (p.page->month != 0 || p.page->code != 0))
    status = find_range (snapshot, p.page, r);
  else
    r->last = INT64_MAX;
  if (p.page->before != 0 && p.page->before <= r->last)
    r->last = p.page->before - 1;
  if (status == JN_OK)
    status = p.page->search == NULL || *p.page->search == '\0' ? read_page (&p, UINT64_MAX)
                                                               : search_page (&p);
  *n = p.n;
  return status;
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
  static const jn_page all = { 0 };
  pager p = { .snapshot = snapshot, .account = account, .page = &all, .rows = out, .room = 1 };
  jn_status status = jn_snapshot_account_get (snapshot, account, &p.range.account);

  if (status == JN_OK)
    status = find_booked (snapshot, transfer, &p.range.first);
  if (status != JN_OK)
    return status;
  p.range.last = p.range.first;
  status = read_page (&p, 1);
  return status == JN_OK && p.n == 0 ? JN_NOT_FOUND : status;
}
