#include "jn-ledger-private.h"

#include <string.h>

static void
bind_text (sqlite3_stmt *s, int index, const char *text)
{
  if (text == NULL || *text == '\0')
    sqlite3_bind_null (s, index);
  else
    sqlite3_bind_text (s, index, text, -1, SQLITE_STATIC);
}

static void
bind_record (sqlite3_stmt *s, const jn_record *r, uint64_t no)
{
  sqlite3_bind_int64 (s, JN_T_NO + 1, (sqlite3_int64) no);
  sqlite3_bind_blob (s, JN_T_ID + 1, r->id.b, 16, SQLITE_STATIC);
  sqlite3_bind_int (s, JN_T_KIND + 1, r->kind);
  sqlite3_bind_int (s, JN_T_FLAGS + 1, r->flags);
  sqlite3_bind_int64 (s, JN_T_DR + 1, (sqlite3_int64) r->debit->no);
  sqlite3_bind_int64 (s, JN_T_CR + 1, (sqlite3_int64) r->credit->no);
  sqlite3_bind_int64 (s, JN_T_AMOUNT + 1, r->amount);
  if (r->asked == r->amount)
    sqlite3_bind_null (s, JN_T_ASKED + 1);
  else
    sqlite3_bind_int64 (s, JN_T_ASKED + 1, r->asked);
  if (r->pend_no == 0)
    sqlite3_bind_null (s, JN_T_PEND + 1);
  else
    sqlite3_bind_int64 (s, JN_T_PEND + 1, (sqlite3_int64) r->pend_no);
  sqlite3_bind_int (s, JN_T_DATE + 1, r->value_date);
  sqlite3_bind_int64 (s, JN_T_OCCURRED + 1, r->occurred_us);
  sqlite3_bind_int64 (s, JN_T_TIMEOUT + 1, r->timeout_us);
  sqlite3_bind_int64 (s, JN_T_RECORDED + 1, r->recorded_us);
  sqlite3_bind_int (s, JN_T_CODE + 1, r->code);
  bind_text (s, JN_T_PAYEE + 1, r->payee);
  bind_text (s, JN_T_MEMO + 1, r->memo);
  bind_text (s, JN_T_REFERENCE + 1, r->reference);
  if (r->digested)
    sqlite3_bind_blob (s, JN_T_DIGEST + 1, r->digest, 16, SQLITE_STATIC);
  else
    sqlite3_bind_null (s, JN_T_DIGEST + 1);
}

static const char *
column_chars (sqlite3_stmt *s, int column)
{
  return (const char *) sqlite3_column_text (s, column);
}

void
jn_record_read (sqlite3_stmt *s, jn_record *r)
{
  *r = (jn_record){ 0 };
  jn_column_id (s, JN_T_ID, &r->id);
  r->kind = (uint16_t) sqlite3_column_int (s, JN_T_KIND);
  r->flags = (uint16_t) sqlite3_column_int (s, JN_T_FLAGS);
  r->amount = sqlite3_column_int64 (s, JN_T_AMOUNT);
  r->pend_no = (uint64_t) sqlite3_column_int64 (s, JN_T_PEND);
  r->value_date = sqlite3_column_int (s, JN_T_DATE);
  r->occurred_us = sqlite3_column_int64 (s, JN_T_OCCURRED);
  r->timeout_us = sqlite3_column_int64 (s, JN_T_TIMEOUT);
  r->recorded_us = sqlite3_column_int64 (s, JN_T_RECORDED);
  r->code = (uint16_t) sqlite3_column_int (s, JN_T_CODE);
  r->payee = column_chars (s, JN_T_PAYEE);
  r->memo = column_chars (s, JN_T_MEMO);
  r->reference = column_chars (s, JN_T_REFERENCE);
}

jn_status
jn_record_load (jn_ledger *ledger, uint64_t no, jn_record *r, char texts[3][JN_TEXT_MAX + 1])
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_TRANSFER_BY_NO);
  uint64_t dr = 0, cr = 0;
  jn_status status;

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) no);
  status = jn_connection_need_row (&ledger->writer, s);
  if (status == JN_OK)
    {
      jn_record_read (s, r);
      jn_column_text (s, JN_T_PAYEE, texts[0]);
      jn_column_text (s, JN_T_MEMO, texts[1]);
      jn_column_text (s, JN_T_REFERENCE, texts[2]);
      dr = (uint64_t) sqlite3_column_int64 (s, JN_T_DR);
      cr = (uint64_t) sqlite3_column_int64 (s, JN_T_CR);
    }
  sqlite3_reset (s);
  r->payee = texts[0];
  r->memo = texts[1];
  r->reference = texts[2];
  if (status == JN_OK)
    status = jn_account_by_no (ledger, dr, &r->debit);
  return status == JN_OK ? jn_account_by_no (ledger, cr, &r->credit) : status;
}

jn_status
jn_record_write (jn_ledger *ledger, const jn_record *record, uint64_t *no)
{
  jn_record r = *record;
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_TRANSFER_INSERT);
  uint8_t *leaf = jn_array_add (&ledger->leaves, 32);
  jn_tail_row row = { .no = ledger->next_no,
                      .id = r.id,
                      .dr = r.debit->no,
                      .cr = r.credit->no,
                      .amount = r.amount,
                      .payee = jn_payee_key (r.payee, ledger->tail.key),
                      .currency = r.debit->info.currency,
                      .value_date = r.value_date,
                      .kind = r.kind,
                      .code = r.code,
                      .flow = jn_flow (r.debit->info.class_, r.credit->info.class_) };
  jn_status status;

  if (leaf == NULL || !jn_tail_add (&ledger->tail, &row))
    return JN_NO_MEMORY;
  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  *no = ledger->next_no++;
  r.recorded_us = ledger->recorded_us;
  jn_chain_leaf (&r, leaf);
  bind_record (s, &r, *no);
  if (memcmp (r.id.b, ledger->max_id.b, 16) > 0)
    ledger->max_id = r.id;
  ledger->changed = true;
  status = jn_connection_run (&ledger->writer, s);
  if (status == JN_OK && ledger->early && (r.flags & JN_DERIVED) == 0)
    status = jn_local_arrive (ledger, &r.id, *no);
  return status;
}

jn_status
jn_record_book (jn_ledger *ledger, const jn_record *r)
{
  jn_status status = jn_account_touch (ledger, r->debit);

  if (status == JN_OK)
    status = jn_account_touch (ledger, r->credit);
  /* The caller has refused what does not fit. */
  if (status == JN_OK
      && (__builtin_add_overflow (r->debit->d_posted, r->amount, &r->debit->d_posted)
          || __builtin_add_overflow (r->credit->c_posted, r->amount, &r->credit->c_posted)))
    status = JN_INVARIANT;
  if (status == JN_OK && ledger->annotated
      && ((r->flags & JN_DERIVED) != 0 || ledger->arrived_no == ledger->next_no - 1))
    status = jn_local_book (ledger, r, ledger->next_no - 1);
  if (status == JN_OK && r->debit->info.currency >= JN_OWN_UNITS)
    status = jn_lot_take (ledger, r);
  return status;
}
