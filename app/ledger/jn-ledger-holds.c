#include "jn-ledger-private.h"

#include <string.h>

static jn_status
read_hold (jn_ledger *ledger, sqlite3_stmt *s, jn_hold *h)
{
  uint64_t dr = (uint64_t) sqlite3_column_int64 (s, JN_T_DR);
  uint64_t cr = (uint64_t) sqlite3_column_int64 (s, JN_T_CR);
  jn_status status;

  if (sqlite3_column_int (s, JN_T_KIND) != JN_PENDING)
    return JN_PENDING_UNKNOWN;
  h->no = (uint64_t) sqlite3_column_int64 (s, JN_T_NO);
  jn_column_id (s, JN_T_ID, &h->id);
  h->amount = sqlite3_column_int64 (s, JN_T_AMOUNT);
  h->value_date = sqlite3_column_int (s, JN_T_DATE);
  h->occurred_us = sqlite3_column_int64 (s, JN_T_OCCURRED);
  h->code = (uint16_t) sqlite3_column_int (s, JN_T_CODE);
  jn_column_text (s, JN_T_PAYEE, h->payee);
  jn_column_text (s, JN_T_MEMO, h->memo);
  jn_column_text (s, JN_T_REFERENCE, h->reference);
  status = jn_account_by_no (ledger, dr, &h->debit);
  return status == JN_OK ? jn_account_by_no (ledger, cr, &h->credit) : status;
}

static jn_status
read_state (jn_ledger *ledger, jn_hold *h)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_PENDING_GET);
  jn_status status = JN_OK;
  int rc;

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) h->no);
  rc = sqlite3_step (s);
  if (rc == SQLITE_ROW)
    {
      h->state = (jn_hold_state) sqlite3_column_int (s, 0);
      h->feed = (uint64_t) sqlite3_column_int64 (s, 1);
      h->expires_us = sqlite3_column_int64 (s, 2);
      h->posted_no = (uint64_t) sqlite3_column_int64 (s, 3);
      h->again_no = (uint64_t) sqlite3_column_int64 (s, 4);
    }
  else
    status = rc == SQLITE_DONE ? JN_INVARIANT : jn_connection_status (&ledger->writer);
  sqlite3_reset (s);
  return status;
}

jn_status
jn_hold_load (jn_ledger *ledger, const jn_id *id, uint64_t no, jn_hold *out)
{
  sqlite3_stmt *s;
  jn_status status;
  int rc;

  memset (out, 0, sizeof *out);
  if (id != NULL && memcmp (id->b, ledger->max_id.b, 16) > 0)
    return JN_PENDING_UNKNOWN;
  if (id != NULL)
    {
      status = jn_id_find (&ledger->writer, &ledger->tail, id, &no);
      if (status != JN_OK || no == 0)
        return status == JN_OK ? JN_PENDING_UNKNOWN : status;
    }
  status = jn_records_reach (ledger, no);
  if (status != JN_OK)
    return status;
  s = jn_connection_get (&ledger->writer, JN_SQL_TRANSFER_BY_NO);
  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) no);
  rc = sqlite3_step (s);
  if (rc == SQLITE_ROW)
    status = read_hold (ledger, s, out);
  else
    status = rc == SQLITE_DONE ? JN_PENDING_UNKNOWN : jn_connection_status (&ledger->writer);
  sqlite3_reset (s);
  return status == JN_OK ? read_state (ledger, out) : status;
}

static void
bind_optional (sqlite3_stmt *s, int index, uint64_t no)
{
  if (no == 0)
    sqlite3_bind_null (s, index);
  else
    sqlite3_bind_int64 (s, index, (sqlite3_int64) no);
}

jn_status
jn_hold_save (jn_ledger *ledger, const jn_hold *hold)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_PENDING_UPDATE);

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) hold->no);
  sqlite3_bind_int (s, 2, (int) hold->state);
  sqlite3_bind_int64 (s, 3, (sqlite3_int64) hold->feed);
  bind_optional (s, 4, hold->posted_no);
  bind_optional (s, 5, hold->again_no);
  ledger->changed = true;
  return jn_connection_run (&ledger->writer, s);
}

static jn_status
insert_hold (jn_ledger *ledger, uint64_t no, uint64_t feed, int64_t expires_us)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_PENDING_INSERT);

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) no);
  sqlite3_bind_int64 (s, 2, (sqlite3_int64) feed);
  sqlite3_bind_int64 (s, 3, expires_us);
  return jn_connection_run (&ledger->writer, s);
}

jn_status
jn_hold_add (jn_ledger *ledger, const jn_record *record, uint64_t no, uint64_t feed)
{
  int64_t expires_us = 0;
  jn_status status = jn_account_touch (ledger, record->debit);

  if (status == JN_OK)
    status = jn_account_touch (ledger, record->credit);
  if (status != JN_OK)
    return status;
  if (record->timeout_us > 0
      && __builtin_add_overflow (ledger->recorded_us, record->timeout_us, &expires_us))
    expires_us = INT64_MAX;
  if (__builtin_add_overflow (record->debit->d_pending, record->amount, &record->debit->d_pending)
      || __builtin_add_overflow (record->credit->c_pending, record->amount,
                                 &record->credit->c_pending))
    return JN_INVARIANT;
  if (feed == 0 && expires_us > 0 && expires_us < ledger->next_expiry)
    ledger->next_expiry = expires_us;
  return insert_hold (ledger, no, feed, expires_us);
}

jn_status
jn_hold_release (jn_ledger *ledger, const jn_hold *hold)
{
  jn_status status = jn_account_touch (ledger, hold->debit);

  if (status == JN_OK)
    status = jn_account_touch (ledger, hold->credit);
  if (status != JN_OK)
    return status;
  if (hold->debit->d_pending < hold->amount || hold->credit->c_pending < hold->amount)
    return JN_INVARIANT;
  hold->debit->d_pending -= hold->amount;
  hold->credit->c_pending -= hold->amount;
  return JN_OK;
}

void
jn_hold_open_accounts (const jn_hold *hold)
{
  if (hold->debit->closed == hold->no + 1)
    hold->debit->closed = 0;
  if (hold->credit->closed == hold->no + 1)
    hold->credit->closed = 0;
}

jn_status
jn_hold_drop (jn_ledger *ledger, jn_hold *hold, uint16_t kind)
{
  jn_record r = { 0 };
  uint64_t no;
  jn_status status;

  jn_chain_derive (&hold->id, kind == JN_EXPIRE ? 'e' : 'v', hold->no, &r.id);
  r.kind = kind;
  r.flags = JN_DERIVED;
  r.debit = hold->debit;
  r.credit = hold->credit;
  r.amount = r.asked = hold->amount;
  r.pend_no = hold->no;
  r.pending = hold->id;
  r.value_date = hold->value_date;
  r.code = hold->code;
  status = jn_record_write (ledger, &r, &no);
  if (status == JN_OK)
    status = jn_hold_release (ledger, hold);
  if (status == JN_OK)
    jn_hold_open_accounts (hold);
  hold->state = kind == JN_EXPIRE ? JN_HOLD_EXPIRED : JN_HOLD_VOIDED;
  return status == JN_OK ? jn_hold_save (ledger, hold) : status;
}

/* *no is 0 when none is due. */
static jn_status
next_due (jn_ledger *ledger, uint64_t *no)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_PENDING_DUE);
  int rc;

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_int64 (s, 1, ledger->recorded_us);
  rc = sqlite3_step (s);
  *no = rc == SQLITE_ROW ? (uint64_t) sqlite3_column_int64 (s, 0) : 0;
  sqlite3_reset (s);
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? JN_OK : jn_connection_status (&ledger->writer);
}

static jn_status
load_expiry (jn_ledger *ledger, jn_sql which)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, which);
  int rc = s == NULL ? SQLITE_ERROR : sqlite3_step (s);

  if (rc == SQLITE_ROW && sqlite3_column_int64 (s, 0) < ledger->next_expiry)
    ledger->next_expiry = sqlite3_column_int64 (s, 0);
  sqlite3_reset (s);
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? JN_OK : jn_connection_status (&ledger->writer);
}

jn_status
jn_expiry_load (jn_ledger *ledger)
{
  jn_status status;

  ledger->next_expiry = INT64_MAX;
  status = load_expiry (ledger, JN_SQL_NEXT_EXPIRY);
  return status == JN_OK ? load_expiry (ledger, JN_SQL_LOT_NEXT) : status;
}

jn_status
jn_holds_expire (jn_ledger *ledger)
{
  jn_status status = JN_OK;
  uint64_t no = 1;
  jn_hold hold;

  while (status == JN_OK)
    {
      status = next_due (ledger, &no);
      if (status != JN_OK || no == 0)
        break;
      status = jn_hold_load (ledger, NULL, no, &hold);
      if (status == JN_OK)
        status = jn_hold_drop (ledger, &hold, JN_EXPIRE);
      else if (status == JN_PENDING_UNKNOWN)
        status = JN_INVARIANT;
    }
  return status;
}
