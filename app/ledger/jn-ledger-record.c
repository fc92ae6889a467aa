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
  sqlite3_bind_blob (s, JN_T_DIGEST + 1, r->digest, 16, SQLITE_STATIC);
}

jn_status
jn_record_write (jn_ledger *ledger, const jn_record *record, uint64_t *no)
{
  jn_record r = *record;
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_TRANSFER_INSERT);
  uint8_t *leaf = jn_array_add (&ledger->leaves, 32);

  if (leaf == NULL)
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
  return jn_connection_run (&ledger->writer, s);
}

static jn_status
write_entry (jn_ledger *ledger, const jn_account_state *a, const jn_record *r, uint64_t no,
             int64_t amount)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_ENTRY_INSERT);

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) a->no);
  sqlite3_bind_int64 (s, 2, (sqlite3_int64) no);
  sqlite3_bind_int64 (s, 3, amount);
  sqlite3_bind_int64 (s, 4, a->c_posted - a->d_posted);
  sqlite3_bind_int (s, 5, r->value_date);
  sqlite3_bind_int (s, 6, r->code);
  return jn_connection_run (&ledger->writer, s);
}

static jn_status
add_to_month (jn_ledger *ledger, const jn_account_state *a, const jn_record *r, uint64_t no,
              bool debit)
{
  jn_month *m = NULL;
  jn_status status = jn_month_find (ledger, a->no, r->value_date / 100, r->code, &m);

  if (status == JN_OK)
    status = jn_month_touch (ledger, m);
  if (status != JN_OK)
    return status;
  if (__builtin_add_overflow (debit ? m->row.d : m->row.c, r->amount,
                              debit ? &m->row.d : &m->row.c))
    return JN_INVARIANT;
  *(debit ? &m->row.n_d : &m->row.n_c) += 1;
  if (m->first_no == 0)
    m->first_no = no;
  m->last_no = no;
  return JN_OK;
}

static jn_status
book_side (jn_ledger *ledger, jn_account_state *a, const jn_record *r, uint64_t no, bool debit)
{
  jn_status status = jn_account_touch (ledger, a);

  if (status != JN_OK)
    return status;
  /* The caller has refused what does not fit. */
  if (__builtin_add_overflow (debit ? a->d_posted : a->c_posted, r->amount,
                              debit ? &a->d_posted : &a->c_posted))
    return JN_INVARIANT;
  status = write_entry (ledger, a, r, no, debit ? -r->amount : r->amount);
  return status == JN_OK ? add_to_month (ledger, a, r, no, debit) : status;
}

jn_status
jn_record_book (jn_ledger *ledger, const jn_record *record, uint64_t no)
{
  jn_status status = book_side (ledger, record->debit, record, no, true);

  return status == JN_OK ? book_side (ledger, record->credit, record, no, false) : status;
}
