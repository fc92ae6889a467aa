#include "jn-ledger-private.h"

#include <sodium.h>
#include <string.h>

/* RFC 3629. */
bool
jn_text_is_good (const char *text, size_t most)
{
  const uint8_t *p = (const uint8_t *) text;
  size_t n = text == NULL ? 0 : strnlen (text, most + 1);

  if (n > most)
    return false;
  for (size_t i = 0; i < n;)
    {
      static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
      uint32_t c = p[i];
      int more = c < 0x80 ? 0 : c < 0xc2 ? -1 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : c < 0xf5 ? 3 : -1;

      if (more < 0)
        return false;
      c &= more == 0 ? 0x7f : 0x3fu >> more;
      for (int k = 1; k <= more; k++)
        {
          /* The terminating zero is not a continuation byte either. */
          if ((p[i + (size_t) k] & 0xc0) != 0x80)
            return false;
          c = c << 6 | (p[i + (size_t) k] & 0x3fu);
        }
      if (c < least[more] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        return false;
      i += (size_t) more + 1;
    }
  return true;
}

static bool
date_is_good (int32_t date)
{
  int32_t month = date / 100 % 100;
  int32_t day = date % 100;

  return date >= 10000101 && date <= JN_LAST_DATE && month >= 1 && month <= 12 && day >= 1
         && day <= 31;
}

bool
jn_id_is_reserved (const jn_id *id)
{
  jn_id ones;

  memset (&ones, 0xff, sizeof ones);
  return jn_id_is_zero (id) || jn_id_equal (id, &ones);
}

static bool
form_is_good (const jn_event *e)
{
  bool moves = e->kind == JN_TRANSFER || e->kind == JN_PENDING;

  if (e->kind < JN_TRANSFER || e->kind > JN_VOID || e->amount < 0 || e->timeout_us < 0
      || !jn_text_is_good (e->payee, JN_TEXT_MAX) || !jn_text_is_good (e->memo, JN_TEXT_MAX)
      || !jn_text_is_good (e->reference, JN_TEXT_MAX))
    return false;
  if (!date_is_good (e->value_date) && (moves || e->value_date != 0))
    return false;
  if (e->timeout_us != 0 && e->kind != JN_PENDING && (e->flags & JN_LOT) == 0)
    return false;
  if ((e->flags & JN_LOT) != 0
      && (e->kind != JN_TRANSFER || e->timeout_us == 0 || e->currency < JN_OWN_UNITS))
    return false;
  if (e->amount != 0 && e->kind == JN_VOID)
    return false;
  if (moves)
    return jn_id_is_zero (&e->pending);
  return jn_id_is_zero (&e->debit) && jn_id_is_zero (&e->credit);
}

jn_status
jn_event_check_form (const jn_event *e)
{
  bool moves = e->kind == JN_TRANSFER || e->kind == JN_PENDING;

  if (!form_is_good (e))
    return JN_INVALID;
  if (moves && e->amount == 0)
    return JN_AMOUNT_ZERO;
  if (moves && jn_id_equal (&e->debit, &e->credit))
    return JN_SAME_ACCOUNT;
  return JN_OK;
}

static jn_status
check_currency (jn_ledger *ledger, const jn_event *e)
{
  jn_account_state *debit = NULL, *credit = NULL;
  jn_hold hold;
  jn_status status;

  if (e->kind == JN_POST || e->kind == JN_VOID)
    {
      if (e->currency == 0)
        return JN_OK;
      status = jn_hold_load (ledger, &e->pending, 0, &hold);
      if (status != JN_OK)
        return status == JN_PENDING_UNKNOWN ? JN_OK : status;
      return hold.debit->info.currency == e->currency ? JN_OK : JN_CURRENCY_MISMATCH;
    }
  status = jn_account_find (ledger, &e->debit, &debit);
  if (status == JN_OK)
    status = jn_account_find (ledger, &e->credit, &credit);
  if (status != JN_OK)
    return status;
  if ((debit != NULL && debit->info.currency != e->currency)
      || (credit != NULL && credit->info.currency != e->currency))
    return JN_CURRENCY_MISMATCH;
  return JN_OK;
}

static unsigned
flags_of_kind (uint16_t kind)
{
  unsigned balance = JN_LINKED | JN_BALANCE_DEBIT | JN_BALANCE_CREDIT;

  switch (kind)
    {
    case JN_TRANSFER:
      return balance | JN_LOT;
    case JN_PENDING:
      return balance | JN_CLOSE_DEBIT | JN_CLOSE_CREDIT;
    case JN_POST:
      return JN_LINKED | JN_TOP_UP;
    default:
      return JN_LINKED;
    }
}

/* The INVALID class, in the order of its numbers. */
jn_status
jn_event_check (jn_ledger *ledger, const jn_event *e)
{
  bool moves = e->kind == JN_TRANSFER || e->kind == JN_PENDING;
  jn_status status = jn_event_check_form (e);

  if (status == JN_OK)
    status = check_currency (ledger, e);
  if (status != JN_OK)
    return status;
  if ((e->flags & ~flags_of_kind (e->kind)) != 0)
    return JN_UNKNOWN_FLAG;
  if (jn_id_is_reserved (&e->id) || (!moves && jn_id_is_reserved (&e->pending))
      || (moves && (jn_id_is_reserved (&e->debit) || jn_id_is_reserved (&e->credit))))
    return JN_ID_RESERVED;
  return JN_OK;
}

jn_record
jn_record_from_event (const jn_event *e, jn_account_state *debit, jn_account_state *credit)
{
  jn_record r = { 0 };

  r.id = e->id;
  r.kind = e->kind;
  r.flags = e->flags;
  r.debit = debit;
  r.credit = credit;
  r.amount = e->amount;
  r.asked = e->amount;
  r.pending = e->pending;
  r.value_date = e->value_date;
  r.occurred_us = e->occurred_us;
  r.timeout_us = e->timeout_us;
  r.code = e->code;
  r.payee = e->payee;
  r.memo = e->memo;
  r.reference = e->reference;
  return r;
}

/* ---- what is known about an id ---- */

/* A move's row tells the whole request. */
static void
digest_of_row (sqlite3_stmt *s, jn_known *k)
{
  jn_event e = { .id = k->id,
                 .kind = k->kind,
                 .flags = k->flags,
                 .code = k->code,
                 .currency = k->currency,
                 .debit = k->debit,
                 .credit = k->credit,
                 .amount = k->asked,
                 .timeout_us = sqlite3_column_int64 (s, JN_T_TIMEOUT),
                 .value_date = sqlite3_column_int (s, JN_T_DATE),
                 .occurred_us = sqlite3_column_int64 (s, JN_T_OCCURRED) };

  e.payee = (const char *) sqlite3_column_text (s, JN_T_PAYEE);
  e.memo = (const char *) sqlite3_column_text (s, JN_T_MEMO);
  e.reference = (const char *) sqlite3_column_text (s, JN_T_REFERENCE);
  jn_chain_digest (&e, k->digest);
}

static jn_status
read_transfer (jn_ledger *ledger, sqlite3_stmt *s, jn_known *k)
{
  const void *digest = sqlite3_column_blob (s, JN_T_DIGEST);
  jn_account_state *debit = NULL, *credit = NULL;
  uint64_t dr = (uint64_t) sqlite3_column_int64 (s, JN_T_DR);
  uint64_t cr = (uint64_t) sqlite3_column_int64 (s, JN_T_CR);
  jn_status status;

  k->found = true;
  jn_column_id (s, JN_T_ID, &k->id);
  k->status = JN_OK;
  k->no = (uint64_t) sqlite3_column_int64 (s, JN_T_NO);
  k->kind = (uint16_t) sqlite3_column_int (s, JN_T_KIND);
  k->flags = (uint16_t) sqlite3_column_int (s, JN_T_FLAGS);
  k->code = (uint16_t) sqlite3_column_int (s, JN_T_CODE);
  k->amount = sqlite3_column_int64 (s, JN_T_AMOUNT);
  k->asked = sqlite3_column_type (s, JN_T_ASKED) == SQLITE_NULL
                 ? k->amount
                 : sqlite3_column_int64 (s, JN_T_ASKED);
  if (k->kind == JN_POST && (k->flags & JN_TOP_UP) != 0 && k->asked > k->amount)
    k->amount = k->asked;
  k->recorded_us = sqlite3_column_int64 (s, JN_T_RECORDED);
  k->pending_no = (uint64_t) sqlite3_column_int64 (s, JN_T_PEND);
  if (digest != NULL && sqlite3_column_bytes (s, JN_T_DIGEST) == 16)
    memcpy (k->digest, digest, 16);
  status = jn_account_by_no (ledger, dr, &debit);
  if (status == JN_OK)
    status = jn_account_by_no (ledger, cr, &credit);
  if (status != JN_OK)
    return status;
  k->debit = debit->info.id;
  k->credit = credit->info.id;
  k->currency = debit->info.currency;
  if (digest == NULL && jn_texts_are_short (s))
    digest_of_row (s, k);
  return JN_OK;
}

static jn_status
find_transfer (jn_ledger *ledger, sqlite3_stmt *s, jn_known *k)
{
  jn_status status = JN_OK;
  int rc = sqlite3_step (s);

  if (rc == SQLITE_ROW)
    status = read_transfer (ledger, s, k);
  else if (rc != SQLITE_DONE)
    status = jn_connection_status (&ledger->writer);
  sqlite3_reset (s);
  return status;
}

static jn_status
find_refused (jn_ledger *ledger, const jn_id *id, jn_known *k)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_REFUSED_GET);
  int rc;

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_blob (s, 1, id->b, 16, SQLITE_STATIC);
  rc = sqlite3_step (s);
  if (rc == SQLITE_ROW)
    {
      const void *digest = sqlite3_column_blob (s, 9);

      k->found = k->refused = true;
      k->status = (jn_status) sqlite3_column_int (s, 0);
      k->kind = (uint16_t) sqlite3_column_int (s, 1);
      k->flags = (uint16_t) sqlite3_column_int (s, 2);
      k->currency = (uint32_t) sqlite3_column_int64 (s, 3);
      jn_column_id (s, 4, &k->debit);
      jn_column_id (s, 5, &k->credit);
      jn_column_id (s, 6, &k->pending);
      k->amount = k->asked = sqlite3_column_int64 (s, 7);
      k->recorded_us = sqlite3_column_int64 (s, 8);
      if (digest != NULL && sqlite3_column_bytes (s, 9) == 16)
        memcpy (k->digest, digest, 16);
    }
  sqlite3_reset (s);
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? JN_OK : jn_connection_status (&ledger->writer);
}

jn_status
jn_known_by_no (jn_ledger *ledger, uint64_t no, jn_known *out)
{
  jn_status status = jn_records_reach (ledger, no);
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_TRANSFER_BY_NO);

  memset (out, 0, sizeof *out);
  if (status != JN_OK || s == NULL)
    return status != JN_OK ? status : jn_connection_status (&ledger->writer);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) no);
  status = find_transfer (ledger, s, out);
  return status == JN_OK && !out->found ? JN_INVARIANT : status;
}

jn_status
jn_known_find (jn_ledger *ledger, const jn_id *id, jn_known *out)
{
  uint64_t no = 0;
  jn_status status;
  jn_known pending;

  memset (out, 0, sizeof *out);
  /* Ids rise with time, so most new ones need no look-up at all. */
  if (memcmp (id->b, ledger->max_id.b, 16) > 0)
    return JN_OK;
  status = jn_id_find (&ledger->writer, &ledger->tail, id, &no);
  if (status != JN_OK)
    return status;
  if (no == 0)
    return memcmp (id->b, ledger->max_refused.b, 16) > 0 ? JN_OK : find_refused (ledger, id, out);
  status = jn_known_by_no (ledger, no, out);
  if (status != JN_OK)
    return status;
  if (out->pending_no != 0)
    {
      status = jn_known_by_no (ledger, out->pending_no, &pending);
      out->pending = pending.id;
    }
  return status;
}

/* EXISTS, or the first field in which a request under the same id differs. */
jn_status
jn_event_compare (const jn_event *e, const jn_known *k)
{
  bool moves = e->kind == JN_TRANSFER || e->kind == JN_PENDING;
  uint8_t digest[16];

  jn_chain_digest (e, digest);
  if (memcmp (digest, k->digest, 16) == 0)
    return JN_EXISTS;
  if (e->kind != k->kind)
    return JN_CONFLICT_KIND;
  if (e->amount != k->asked)
    return JN_CONFLICT_AMOUNT;
  if (moves && !jn_id_equal (&e->debit, &k->debit))
    return JN_CONFLICT_DEBIT;
  if (moves && !jn_id_equal (&e->credit, &k->credit))
    return JN_CONFLICT_CREDIT;
  if (e->currency != k->currency && (moves || e->currency != 0))
    return JN_CONFLICT_CURRENCY;
  if (!moves && !jn_id_equal (&e->pending, &k->pending))
    return JN_CONFLICT_PENDING;
  if (e->flags != k->flags)
    return JN_CONFLICT_FLAGS;
  return JN_CONFLICT_TEXT;
}
