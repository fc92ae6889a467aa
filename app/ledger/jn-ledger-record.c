#include "jn-ledger-private.h"

#include <string.h>

/* ---- rows that wait to be written ---- */

/* A commit writes its rows together, at its end or before one of them is read. */
typedef struct
{
  uint64_t no;
  size_t text_at;
  jn_record record;
  const uint8_t *seal; /* for the last row of the commit */
} waiting;

static void
put_number (sqlite3_context *out, uint64_t value, bool there)
{
  if (there)
    sqlite3_result_int64 (out, (sqlite3_int64) value);
  else
    sqlite3_result_null (out);
}

static void
put_text (sqlite3_context *out, const char *text)
{
  if (*text == '\0')
    sqlite3_result_null (out);
  else
    sqlite3_result_text (out, text, -1, SQLITE_STATIC);
}

static void
put_bytes (sqlite3_context *out, const uint8_t *bytes, int n)
{
  if (bytes == NULL)
    sqlite3_result_null (out);
  else
    sqlite3_result_blob (out, bytes, n, SQLITE_STATIC);
}

static void
record_column (sqlite3_context *out, const void *row, int i)
{
  const waiting *w = row;
  const jn_record *r = &w->record;

  switch (i)
    {
    case JN_T_ID:
      put_bytes (out, r->id.b, 16);
      return;
    case JN_T_PAYEE:
      put_text (out, r->payee);
      return;
    case JN_T_MEMO:
      put_text (out, r->memo);
      return;
    case JN_T_REFERENCE:
      put_text (out, r->reference);
      return;
    case JN_T_DIGEST:
      put_bytes (out, r->digested ? r->digest : NULL, 16);
      return;
    case JN_T_SEAL:
      put_bytes (out, w->seal, JN_SEAL_BYTES);
      return;
    default:
      {
        const uint64_t numbers[] = { [JN_T_NO] = w->no,
                                     [JN_T_KIND] = r->kind,
                                     [JN_T_FLAGS] = r->flags,
                                     [JN_T_DR] = r->debit->no,
                                     [JN_T_CR] = r->credit->no,
                                     [JN_T_AMOUNT] = (uint64_t) r->amount,
                                     [JN_T_ASKED] = (uint64_t) r->asked,
                                     [JN_T_PEND] = r->pend_no,
                                     [JN_T_DATE] = (uint64_t) (int64_t) r->value_date,
                                     [JN_T_OCCURRED] = (uint64_t) r->occurred_us,
                                     [JN_T_TIMEOUT] = (uint64_t) r->timeout_us,
                                     [JN_T_RECORDED] = (uint64_t) r->recorded_us,
                                     [JN_T_CODE] = r->code };

        put_number (out, numbers[i],
                    (i != JN_T_ASKED || r->asked != r->amount)
                        && (i != JN_T_PEND || r->pend_no != 0));
      }
    }
}

jn_status
jn_records_flush (jn_ledger *ledger, const uint8_t *seal)
{
  waiting *rows = ledger->waiting.data;
  size_t n = ledger->waiting.count;

  if (n == 0)
    return JN_OK;
  for (size_t i = 0; i < n; i++)
    {
      jn_record *r = &rows[i].record;

      r->payee = (const char *) ledger->tail.texts.data + rows[i].text_at;
      r->memo = r->payee + strlen (r->payee) + 1;
      r->reference = r->memo + strlen (r->memo) + 1;
    }
  rows[n - 1].seal = seal;
  ledger->waiting.count = 0;
  return jn_bulk_run (&ledger->writer, JN_SQL_TRANSFER_INSERT, rows, n, sizeof *rows,
                      record_column);
}

jn_status
jn_records_reach (jn_ledger *ledger, uint64_t no)
{
  const waiting *rows = ledger->waiting.data;

  return ledger->waiting.count > 0 && no >= rows[0].no ? jn_records_flush (ledger, NULL) : JN_OK;
}

static bool
keep_waiting (jn_ledger *ledger, const jn_record *record, size_t text_at)
{
  waiting *w = jn_array_add (&ledger->waiting, sizeof *w);

  if (w != NULL)
    *w = (waiting){ ledger->next_no, text_at, *record, NULL };
  return w != NULL;
}

/* ---- one row ---- */

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
  jn_status status = jn_records_reach (ledger, no);
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_TRANSFER_BY_NO);
  uint64_t dr = 0, cr = 0;

  if (status != JN_OK || s == NULL)
    return status != JN_OK ? status : jn_connection_status (&ledger->writer);
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
  uint8_t *leaf = jn_array_add (&ledger->leaves, 32);
  const char *const texts[3] = { r.payee, r.memo, r.reference };
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

  r.recorded_us = ledger->recorded_us;
  if (leaf == NULL || !jn_tail_add_texts (&ledger->tail, texts, &row.text_at)
      || !jn_tail_add (&ledger->tail, &row) || !keep_waiting (ledger, &r, row.text_at))
    return JN_NO_MEMORY;
  *no = ledger->next_no++;
  jn_chain_leaf (&r, leaf);
  if (memcmp (r.id.b, ledger->max_id.b, 16) > 0)
    ledger->max_id = r.id;
  ledger->changed = true;
  return ledger->early && (r.flags & JN_DERIVED) == 0 ? jn_local_arrive (ledger, &r.id, *no)
                                                      : JN_OK;
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
