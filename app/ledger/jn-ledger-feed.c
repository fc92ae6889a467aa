#include "jn-ledger-private.h"

#include <stdlib.h>
#include <string.h>

#define FEED_NAME_MAX 60

/* *no is 0 when the feed has never been applied. */
static jn_status
find_feed (jn_ledger *ledger, const char *name, uint64_t *no, uint64_t *cursor)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_FEED_GET);
  int rc;

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_text (s, 1, name, -1, SQLITE_STATIC);
  rc = sqlite3_step (s);
  *no = rc == SQLITE_ROW ? (uint64_t) sqlite3_column_int64 (s, 0) : 0;
  *cursor = rc == SQLITE_ROW ? (uint64_t) sqlite3_column_int64 (s, 1) : 0;
  sqlite3_reset (s);
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? JN_OK : jn_connection_status (&ledger->writer);
}

static jn_status
ensure_feed (jn_ledger *ledger, const char *name, uint64_t *no, uint64_t *cursor)
{
  sqlite3_stmt *s;
  jn_status status = find_feed (ledger, name, no, cursor);

  if (status != JN_OK || *no != 0)
    return status;
  s = jn_connection_get (&ledger->writer, JN_SQL_FEED_INSERT);
  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_text (s, 1, name, -1, SQLITE_STATIC);
  status = jn_connection_run (&ledger->writer, s);
  *no = (uint64_t) sqlite3_last_insert_rowid (ledger->writer.db);
  ledger->changed = true;
  return status;
}

static jn_status
move_cursor (jn_ledger *ledger, uint64_t feed, uint64_t cursor)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_FEED_UPDATE);

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) feed);
  sqlite3_bind_int64 (s, 2, (sqlite3_int64) cursor);
  ledger->changed = true;
  return jn_connection_run (&ledger->writer, s);
}

static jn_status
check_page (const jn_feed_page *page)
{
  if (page->feed == NULL || *page->feed == '\0' || strlen (page->feed) > FEED_NAME_MAX
      || page->from_seq == 0 || page->from_seq > INT64_MAX || page->to_seq > INT64_MAX
      || page->to_seq + 1 < page->from_seq)
    return JN_INVALID;
  return page->n_events > JN_BATCH_MAX ? JN_TOO_MANY : JN_OK;
}

static jn_status
apply_events (jn_ledger *ledger, const jn_event *events, size_t n, uint64_t feed,
              jn_result *results)
{
  for (size_t i = 0; i < n; i++)
    {
      jn_status status = jn_event_apply (ledger, &events[i], true, feed, &results[i]);

      if (status == JN_OK || status == JN_EXISTS)
        continue;
      for (size_t k = 0; k < n; k++)
        if (k != i)
          results[k] = (jn_result){ .status = JN_GROUP_FAILED, .amount = events[k].amount };
      return status;
    }
  return JN_OK;
}

static jn_status
check_balances (jn_ledger *ledger, const jn_feed_page *page)
{
  for (size_t i = 0; i < page->n_balances; i++)
    {
      jn_account_state *account = NULL;
      jn_status status = jn_account_find (ledger, &page->balances[i].account, &account);

      if (status != JN_OK)
        return status;
      if (account == NULL)
        return JN_ACCOUNT_UNKNOWN;
      if (account->c_posted - account->d_posted != page->balances[i].posted)
        return JN_BALANCE_MISMATCH;
    }
  return JN_OK;
}

jn_status
jn_feed_apply (jn_ledger *ledger, const jn_feed_page *page, jn_result *results, jn_head *head)
{
  uint64_t feed = 0, cursor = 0;
  jn_status status = check_page (page);

  if (status != JN_OK)
    return status;
  status = jn_write_begin (ledger);
  if (status != JN_OK)
    return status;
  status = ensure_feed (ledger, page->feed, &feed, &cursor);
  /* A page that was delivered before is fine as long as it leaves no gap and does not end in the past. */
  if (status == JN_OK && (page->from_seq > cursor + 1 || page->to_seq < cursor))
    status = JN_FEED_GAP;
  if (status == JN_OK)
    status = apply_events (ledger, page->events, page->n_events, feed, results);
  if (status == JN_OK)
    status = check_balances (ledger, page);
  if (status == JN_OK && page->to_seq != cursor)
    status = move_cursor (ledger, feed, page->to_seq);
  return jn_write_end (ledger, status, head);
}

jn_status
jn_feed_cursor (jn_ledger *ledger, const char *feed, uint64_t *seq)
{
  uint64_t no = 0;
  jn_status status = jn_ledger_trust (ledger);

  *seq = 0;
  return status == JN_OK ? find_feed (ledger, feed, &no, seq) : status;
}

/* ---- the pending set ---- */

static bool
hold_matches (const jn_hold *hold, const jn_event *e)
{
  return hold->amount == e->amount && jn_id_equal (&hold->debit->info.id, &e->debit)
         && jn_id_equal (&hold->credit->info.id, &e->credit);
}

/* The bank holds again, or holds another amount, under an id that is spent here: the record gets an id of its own. */
static jn_status
hold_again (jn_ledger *ledger, const jn_event *e, uint64_t feed, jn_hold *root)
{
  jn_event again = *e;
  jn_result result;
  jn_status status;

  jn_chain_derive (&e->id, 'a', ledger->next_no, &again.id);
  status = jn_hold_record_again (ledger, &again, root, feed, &result);
  root->again_no = result.no;
  return status == JN_OK ? jn_hold_save (ledger, root) : status;
}

/* Sets *kept to the number of the open hold that stands for @e, 0 when it is booked already. */
static jn_status
keep_hold (jn_ledger *ledger, const jn_event *e, uint64_t feed, const jn_known *known,
           uint64_t *kept)
{
  jn_hold root, hold;
  jn_status status;

  *kept = 0;
  if (known->kind != JN_PENDING)
    return JN_OK;
  status = jn_hold_load (ledger, NULL, known->no, &root);
  if (status != JN_OK || root.posted_no != 0)
    return status;
  hold = root;
  if (root.again_no != 0)
    status = jn_hold_load (ledger, NULL, root.again_no, &hold);
  if (status == JN_OK && hold.state == JN_HOLD_OPEN && hold_matches (&hold, e))
    {
      *kept = hold.no;
      if (hold.feed == feed)
        return JN_OK;
      hold.feed = feed;
      return jn_hold_save (ledger, &hold);
    }
  if (status == JN_OK && hold.state == JN_HOLD_OPEN)
    status = jn_hold_drop (ledger, &hold, JN_VOID);
  if (hold.no == root.no)
    root = hold;
  *kept = ledger->next_no;
  return status == JN_OK ? hold_again (ledger, e, feed, &root) : status;
}

static jn_status
put_hold (jn_ledger *ledger, const jn_event *e, uint64_t feed, uint64_t *kept)
{
  jn_known known = { 0 };
  jn_result result;
  jn_status status = e->kind == JN_PENDING ? jn_event_check (ledger, e) : JN_INVALID;

  if (status == JN_OK)
    status = jn_known_find (ledger, &e->id, &known);
  if (status != JN_OK)
    return status;
  if (known.found && !known.refused)
    return keep_hold (ledger, e, feed, &known, kept);
  status = jn_event_apply (ledger, e, true, feed, &result);
  *kept = result.no;
  return status;
}

static int
compare_numbers (const void *a, const void *b)
{
  uint64_t x = *(const uint64_t *) a;
  uint64_t y = *(const uint64_t *) b;

  return x < y ? -1 : x > y;
}

/* The next open hold of @feed after *no, 0 for none. */
static jn_status
next_open (jn_ledger *ledger, uint64_t feed, uint64_t *no)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_PENDING_OF_FEED);
  int rc;

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) feed);
  sqlite3_bind_int64 (s, 2, (sqlite3_int64) *no);
  rc = sqlite3_step (s);
  *no = rc == SQLITE_ROW ? (uint64_t) sqlite3_column_int64 (s, 0) : 0;
  sqlite3_reset (s);
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? JN_OK : jn_connection_status (&ledger->writer);
}

static jn_status
drop_others (jn_ledger *ledger, uint64_t feed, uint64_t *kept, size_t n)
{
  uint64_t no = 0;
  jn_hold hold;
  jn_status status;

  if (n > 0)
    qsort (kept, n, sizeof *kept, compare_numbers);
  while ((status = next_open (ledger, feed, &no)) == JN_OK && no != 0)
    {
      if (n > 0 && bsearch (&no, kept, n, sizeof *kept, compare_numbers) != NULL)
        continue;
      status = jn_hold_load (ledger, NULL, no, &hold);
      if (status == JN_OK)
        status = jn_hold_drop (ledger, &hold, JN_VOID);
      if (status != JN_OK)
        return status;
    }
  return status;
}

jn_status
jn_feed_pending (jn_ledger *ledger, const char *feed, const jn_event *pending, size_t n)
{
  uint64_t no = 0, cursor = 0;
  uint64_t *kept;
  jn_status status;

  if (feed == NULL || *feed == '\0' || strlen (feed) > FEED_NAME_MAX)
    return JN_INVALID;
  if (n > JN_BATCH_MAX)
    return JN_TOO_MANY;
  kept = calloc (n + 1, sizeof *kept);
  if (kept == NULL)
    return JN_NO_MEMORY;
  status = jn_write_begin (ledger);
  if (status == JN_OK)
    {
      status = ensure_feed (ledger, feed, &no, &cursor);
      for (size_t i = 0; status == JN_OK && i < n; i++)
        status = put_hold (ledger, &pending[i], no, &kept[i]);
      if (status == JN_OK)
        status = drop_others (ledger, no, kept, n);
      status = jn_write_end (ledger, status, NULL);
    }
  free (kept);
  return status;
}
