#include "jn-ledger-private.h"

#include <stdlib.h>
#include <string.h>

#define READER_CACHE_KIB 8192

void
jn_snapshot_free (jn_snapshot *snapshot)
{
  if (snapshot == NULL)
    return;
  jn_tail_clear (&snapshot->tail);
  jn_connection_close (&snapshot->reader);
  free (snapshot);
}

static jn_snapshot *
take_spare (jn_ledger *ledger)
{
  jn_snapshot *snapshot;

  pthread_mutex_lock (&ledger->lock);
  snapshot = ledger->spare;
  ledger->spare = NULL;
  pthread_mutex_unlock (&ledger->lock);
  return snapshot;
}

static jn_status
connect_reader (jn_ledger *ledger, jn_snapshot **out)
{
  jn_snapshot *snapshot = calloc (1, sizeof *snapshot);
  jn_status status;

  if (snapshot == NULL)
    return JN_NO_MEMORY;
  snapshot->ledger = ledger;
  status = jn_connection_open (&snapshot->reader, ledger->path, ledger->vfs, JN_OPEN_READ_ONLY,
                               READER_CACHE_KIB);
  if (status != JN_OK)
    {
      free (snapshot);
      return status;
    }
  *out = snapshot;
  return JN_OK;
}

jn_status
jn_snapshot_begin (jn_ledger *ledger, jn_snapshot **out)
{
  jn_snapshot *snapshot = take_spare (ledger);
  jn_status status = JN_OK;

  *out = NULL;
  if (snapshot == NULL)
    status = connect_reader (ledger, &snapshot);
  if (status != JN_OK)
    return status;
  status = jn_connection_do (&snapshot->reader, JN_SQL_BEGIN_READ);
  /* BEGIN alone pins nothing. */
  if (status == JN_OK)
    status = jn_connection_do (&snapshot->reader, JN_SQL_HEAD);
  if (status != JN_OK)
    jn_snapshot_free (snapshot);
  else
    *out = snapshot;
  return status;
}

void
jn_snapshot_end (jn_snapshot *snapshot)
{
  jn_ledger *ledger;

  if (snapshot == NULL)
    return;
  ledger = snapshot->ledger;
  snapshot->has_tail = snapshot->asked_annotated = false;
  for (int i = 0; i < JN_SQL_COUNT; i++)
    sqlite3_reset (snapshot->reader.kept[i]);
  if (jn_connection_do (&snapshot->reader, JN_SQL_ROLLBACK) == JN_OK)
    {
      pthread_mutex_lock (&ledger->lock);
      if (ledger->spare == NULL)
        {
          ledger->spare = snapshot;
          snapshot = NULL;
        }
      pthread_mutex_unlock (&ledger->lock);
    }
  jn_snapshot_free (snapshot);
}

/* *row stands on the account; the caller resets it. */
jn_status
jn_snapshot_account (jn_snapshot *snapshot, const jn_id *id, uint64_t *no, sqlite3_stmt **row)
{
  sqlite3_stmt *s = jn_connection_get (&snapshot->reader, JN_SQL_ACCOUNT_BY_ID);
  int rc;

  if (s == NULL)
    return jn_connection_status (&snapshot->reader);
  sqlite3_bind_blob (s, 1, id->b, 16, SQLITE_STATIC);
  rc = sqlite3_step (s);
  if (rc == SQLITE_ROW)
    *no = (uint64_t) sqlite3_column_int64 (s, 0);
  if (rc == SQLITE_ROW && row != NULL)
    *row = s;
  else
    sqlite3_reset (s);
  if (rc == SQLITE_ROW)
    return JN_OK;
  return rc == SQLITE_DONE ? JN_NOT_FOUND : jn_connection_status (&snapshot->reader);
}

jn_status
jn_snapshot_account_get (jn_snapshot *snapshot, const jn_id *id, jn_snapshot_account_row *out)
{
  sqlite3_stmt *s = NULL;
  jn_status status = jn_snapshot_account (snapshot, id, &out->no, &s);

  if (status != JN_OK)
    return status;
  out->currency = (uint32_t) sqlite3_column_int64 (s, 2);
  out->posted = sqlite3_column_int64 (s, 9) - sqlite3_column_int64 (s, 8);
  sqlite3_reset (s);
  return JN_OK;
}

static int64_t
available (const jn_balance *b, uint16_t flags, int64_t floor)
{
  int64_t result;

  if (__builtin_sub_overflow (b->posted, b->d_pending, &result))
    return INT64_MIN;
  if ((flags & JN_ACCOUNT_BOUNDED) == 0)
    return result;
  if (__builtin_sub_overflow (result, floor, &result))
    return floor < 0 ? INT64_MAX : INT64_MIN;
  return result;
}

jn_status
jn_balance_get (jn_snapshot *snapshot, const jn_id *account, jn_balance *out)
{
  uint64_t no = 0;
  sqlite3_stmt *s = NULL;
  jn_status status = jn_snapshot_account (snapshot, account, &no, &s);

  if (status != JN_OK)
    return status;
  out->d_posted = sqlite3_column_int64 (s, 8);
  out->c_posted = sqlite3_column_int64 (s, 9);
  out->d_pending = sqlite3_column_int64 (s, 10);
  out->c_pending = sqlite3_column_int64 (s, 11);
  out->posted = out->c_posted - out->d_posted;
  out->available =
      available (out, (uint16_t) sqlite3_column_int (s, 4), sqlite3_column_int64 (s, 5));
  sqlite3_reset (s);
  return JN_OK;
}

/* What the customer says of a booked row. */
static jn_status
fill_local (jn_snapshot *snapshot, jn_entry_row *row)
{
  bool annotated = false;
  jn_local local;
  jn_status status = jn_snapshot_annotated (snapshot, &annotated);

  row->category = row->code;
  row->fields = 0;
  if (status != JN_OK || !annotated || !jn_kind_books (row->kind))
    return status;
  status = jn_local_get (&snapshot->reader, row->no, &local);
  row->fields = local.fields;
  if (local.category != 0)
    row->category = local.category;
  return status;
}

jn_status
jn_row_fill (jn_snapshot *snapshot, uint64_t own, uint64_t no, jn_entry_row *row, bool *mine)
{
  sqlite3_stmt *s = jn_connection_get (&snapshot->reader, JN_SQL_TRANSFER_BY_NO);
  uint64_t up = 0;
  jn_status status;
  bool debit;

  if (s == NULL)
    return jn_connection_status (&snapshot->reader);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) no);
  status = jn_connection_need_row (&snapshot->reader, s);
  if (status != JN_OK)
    {
      sqlite3_reset (s);
      return status;
    }
  row->no = no;
  jn_column_id (s, JN_T_ID, &row->id);
  row->kind = (uint16_t) sqlite3_column_int (s, JN_T_KIND);
  row->code = (uint16_t) sqlite3_column_int (s, JN_T_CODE);
  debit = (uint64_t) sqlite3_column_int64 (s, JN_T_DR) == own;
  *mine = debit || (uint64_t) sqlite3_column_int64 (s, JN_T_CR) == own;
  row->amount = sqlite3_column_int64 (s, JN_T_AMOUNT);
  if (debit)
    row->amount = -row->amount;
  row->value_date = sqlite3_column_int (s, JN_T_DATE);
  row->occurred_us = sqlite3_column_int64 (s, JN_T_OCCURRED);
  row->recorded_us = sqlite3_column_int64 (s, JN_T_RECORDED);
  jn_column_text (s, JN_T_PAYEE, row->payee);
  jn_column_text (s, JN_T_MEMO, row->memo);
  jn_column_text (s, JN_T_REFERENCE, row->reference);
  if ((sqlite3_column_int (s, JN_T_FLAGS) & (int) JN_DERIVED) != 0)
    up = (uint64_t) sqlite3_column_int64 (s, JN_T_PEND);
  row->expires_us = 0;
  row->posted_after = 0;
  sqlite3_reset (s);
  if (up != 0)
    status = jn_outside_id (&snapshot->reader, up, &row->id);
  return status == JN_OK ? fill_local (snapshot, row) : status;
}

jn_status
jn_holds (jn_snapshot *snapshot, const jn_id *account, jn_entry_row *rows, size_t *n, size_t *total)
{
  uint64_t own = 0;
  sqlite3_stmt *s = NULL;
  uint32_t currency;
  size_t room = *n, count = 0;
  jn_status status = jn_snapshot_account (snapshot, account, &own, &s);
  int rc = SQLITE_DONE;

  *n = 0;
  if (status != JN_OK)
    return status;
  currency = (uint32_t) sqlite3_column_int64 (s, 2);
  sqlite3_reset (s);
  s = jn_connection_get (&snapshot->reader, JN_SQL_PENDING_OPEN);
  if (s == NULL)
    return jn_connection_status (&snapshot->reader);
  while (status == JN_OK && (rc = sqlite3_step (s)) == SQLITE_ROW)
    {
      jn_entry_row row;
      bool mine = false;

      status = jn_row_fill (snapshot, own, (uint64_t) sqlite3_column_int64 (s, 0), &row, &mine);
      if (status != JN_OK || !mine)
        continue;
      row.account = *account;
      row.currency = currency;
      row.expires_us = sqlite3_column_int64 (s, 1);
      if (count++ < room)
        rows[(*n)++] = row;
    }
  sqlite3_reset (s);
  if (total != NULL)
    *total = count;
  return status == JN_OK && rc != SQLITE_DONE ? jn_connection_status (&snapshot->reader) : status;
}
