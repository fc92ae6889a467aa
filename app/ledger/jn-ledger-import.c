#include "jn-ledger-private.h"

#include <sodium.h>
#include <string.h>

typedef struct
{
  bool found, undone;
  uint64_t first_no, last_no;
} import_row;

static jn_status
find_import (jn_ledger *ledger, const jn_id *id, import_row *out)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_IMPORT_GET);
  int rc;

  *out = (import_row){ 0 };
  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_blob (s, 1, id->b, 16, SQLITE_STATIC);
  rc = sqlite3_step (s);
  if (rc == SQLITE_ROW)
    *out =
        (import_row){ true, sqlite3_column_int (s, 2) != 0, (uint64_t) sqlite3_column_int64 (s, 0),
                      (uint64_t) sqlite3_column_int64 (s, 1) };
  sqlite3_reset (s);
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? JN_OK : jn_connection_status (&ledger->writer);
}

static jn_status
insert_import (jn_ledger *ledger, const jn_id *id, uint64_t first_no, uint64_t last_no)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_IMPORT_INSERT);

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_blob (s, 1, id->b, 16, SQLITE_STATIC);
  sqlite3_bind_int64 (s, 2, (sqlite3_int64) first_no);
  sqlite3_bind_int64 (s, 3, (sqlite3_int64) last_no);
  ledger->changed = true;
  return jn_connection_run (&ledger->writer, s);
}

static void
fail_others (const jn_event *events, jn_result *results, size_t n, size_t culprit)
{
  for (size_t i = 0; i < n; i++)
    if (i != culprit)
      results[i] = (jn_result){ .status = JN_GROUP_FAILED, .amount = events[i].amount };
}

/* An import that is known must be the same one: nothing of it may be new. */
static jn_status
apply_import (jn_ledger *ledger, const jn_id *id, const jn_event *events, size_t n,
              jn_result *results)
{
  import_row known;
  uint64_t first_no = ledger->next_no;
  jn_status status = find_import (ledger, id, &known);

  for (size_t i = 0; status == JN_OK && i < n; i++)
    {
      jn_status answer = jn_event_apply (ledger, &events[i], false, 0, &results[i]);

      if (answer == JN_EXISTS || (answer == JN_OK && !known.found))
        continue;
      if (answer == JN_OK)
        answer = JN_CONFLICT_TEXT;
      if (jn_fatal (answer))
        return answer;
      results[i] = (jn_result){ .status = answer, .amount = events[i].amount };
      fail_others (events, results, n, i);
      return answer;
    }
  if (status != JN_OK || known.found)
    return status;
  return insert_import (ledger, id, first_no, ledger->next_no - 1);
}

jn_status
jn_import (jn_ledger *ledger, const jn_id *id, const jn_event *events, size_t n, jn_result *results,
           jn_head *head)
{
  jn_status status;

  if (sodium_is_zero (id->b, 16))
    return JN_ID_RESERVED;
  if (n > JN_BATCH_MAX)
    return JN_TOO_MANY;
  status = jn_write_begin (ledger);
  if (status != JN_OK)
    return status;
  /* Nothing of a refused import is kept, not even the refusal: its file may be made right and come again. */
  status = apply_import (ledger, id, events, n, results);
  return jn_write_end (ledger, status, head);
}

/* ---- undo ---- */

/* The same the other way round, on the same value date, so that months and days are as if it had never been. */
static jn_status
reverse (jn_ledger *ledger, uint64_t no, const jn_record *original)
{
  jn_record r = *original;
  uint64_t ignored;
  jn_status status = jn_move_check (original->credit, original->debit, r.amount, false);

  if (status != JN_OK)
    return status;
  r.debit = original->credit;
  r.credit = original->debit;
  r.kind = JN_TRANSFER;
  r.flags = JN_DERIVED;
  r.asked = r.amount;
  r.pend_no = no;
  r.pending = original->id;
  r.timeout_us = 0;
  jn_chain_derive (&original->id, 'u', no, &r.id);
  status = jn_record_write (ledger, &r, &ignored);
  return status == JN_OK ? jn_record_book (ledger, &r) : status;
}

static jn_status
undo_row (jn_ledger *ledger, uint64_t no)
{
  char texts[3][JN_TEXT_MAX + 1];
  jn_record r;
  jn_hold hold;
  jn_status status = jn_record_load (ledger, no, &r, texts);

  if (status != JN_OK)
    return status;
  if (jn_kind_books (r.kind))
    return reverse (ledger, no, &r);
  if (r.kind != JN_PENDING)
    return JN_OK;
  status = jn_hold_load (ledger, NULL, no, &hold);
  /* What was posted after the import is not the import's to take back. */
  if (status == JN_OK && hold.state == JN_HOLD_POSTED && hold.posted_no == 0)
    return JN_INVARIANT;
  return status == JN_OK && hold.state == JN_HOLD_OPEN ? jn_hold_drop (ledger, &hold, JN_VOID)
                                                       : status;
}

static jn_status
mark_undone (jn_ledger *ledger, const jn_id *id)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_IMPORT_UNDO);

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_blob (s, 1, id->b, 16, SQLITE_STATIC);
  ledger->changed = true;
  return jn_connection_run (&ledger->writer, s);
}

jn_status
jn_import_undo (jn_ledger *ledger, const jn_id *id, jn_head *head)
{
  import_row known;
  jn_status answer = JN_OK;
  jn_status status = jn_write_begin (ledger);

  if (status != JN_OK)
    return status;
  status = find_import (ledger, id, &known);
  if (status == JN_OK && !known.found)
    answer = JN_NOT_FOUND;
  else if (status == JN_OK && known.undone)
    answer = JN_EXISTS;
  else if (status == JN_OK)
    {
      /* Newest first: what was received last is given back first. */
      for (uint64_t no = known.last_no; status == JN_OK && no >= known.first_no; no--)
        status = undo_row (ledger, no);
      if (status == JN_OK)
        status = mark_undone (ledger, id);
    }
  status = jn_write_end (ledger, status, head);
  return status == JN_OK ? answer : status;
}
