#include "jn-ledger-private.h"

#include <string.h>

/* Lots: what was granted for a time. Whatever an account pays out of such a unit takes from its open lots, oldest first; what no lot covers was
 * not granted for a time. */

typedef struct
{
  uint64_t no, account, last_no;
  int64_t left, expires_us;
} lot;

static void
read_lot (sqlite3_stmt *s, lot *out)
{
  out->no = (uint64_t) sqlite3_column_int64 (s, 0);
  out->account = (uint64_t) sqlite3_column_int64 (s, 1);
  out->left = sqlite3_column_int64 (s, 2);
  out->expires_us = sqlite3_column_int64 (s, 3);
  out->last_no = (uint64_t) sqlite3_column_int64 (s, 4);
}

/* Steps once; *found tells whether there was one. */
static jn_status
take_one (jn_ledger *ledger, sqlite3_stmt *s, lot *out, bool *found)
{
  int rc = sqlite3_step (s);

  *found = rc == SQLITE_ROW;
  if (*found)
    read_lot (s, out);
  sqlite3_reset (s);
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? JN_OK : jn_connection_status (&ledger->writer);
}

static jn_status
save (jn_ledger *ledger, const lot *l)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_LOT_UPDATE);

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) l->no);
  sqlite3_bind_int64 (s, 2, l->left);
  sqlite3_bind_int64 (s, 3, (sqlite3_int64) l->last_no);
  return jn_connection_run (&ledger->writer, s);
}

jn_status
jn_lot_add (jn_ledger *ledger, const jn_record *r, uint64_t no, uint64_t feed)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_LOT_INSERT);
  int64_t expires_us;

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  if (__builtin_add_overflow (ledger->recorded_us, r->timeout_us, &expires_us))
    expires_us = INT64_MAX;
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) no);
  sqlite3_bind_int64 (s, 2, (sqlite3_int64) r->credit->no);
  sqlite3_bind_int64 (s, 3, r->amount);
  sqlite3_bind_int64 (s, 4, expires_us);
  sqlite3_bind_int64 (s, 5, (sqlite3_int64) feed);
  if (feed == 0 && expires_us < ledger->next_expiry)
    ledger->next_expiry = expires_us;
  return jn_connection_run (&ledger->writer, s);
}

static jn_status
take_from (jn_ledger *ledger, lot *l, int64_t *amount)
{
  int64_t part = *amount < l->left ? *amount : l->left;

  *amount -= part;
  l->left -= part;
  return part > 0 ? save (ledger, l) : JN_OK;
}

jn_status
jn_lot_take (jn_ledger *ledger, const jn_record *r)
{
  int64_t amount = r->amount;
  bool found = true;
  jn_status status = JN_OK;
  sqlite3_stmt *s;
  lot l;

  /* What takes a grant back, or lets it lapse, takes from it first. */
  if (r->pend_no != 0)
    {
      s = jn_connection_get (&ledger->writer, JN_SQL_LOT_GET);
      if (s == NULL)
        return jn_connection_status (&ledger->writer);
      sqlite3_bind_int64 (s, 1, (sqlite3_int64) r->pend_no);
      status = take_one (ledger, s, &l, &found);
      if (status == JN_OK && found && l.account == r->debit->no)
        status = take_from (ledger, &l, &amount);
    }
  found = true;
  while (status == JN_OK && found && amount > 0)
    {
      s = jn_connection_get (&ledger->writer, JN_SQL_LOT_OLDEST);
      if (s == NULL)
        return jn_connection_status (&ledger->writer);
      sqlite3_bind_int64 (s, 1, (sqlite3_int64) r->debit->no);
      status = take_one (ledger, s, &l, &found);
      if (status == JN_OK && found)
        status = take_from (ledger, &l, &amount);
    }
  return status;
}

/* ---- expiry ---- */

/* yyyymmdd in UTC: days since 1970 to a civil date, with years that begin in March. */
static int32_t
utc_day (int64_t us)
{
  int64_t days = us / 86400000000 - (us % 86400000000 < 0);
  int64_t z = days + 719468;
  int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  int64_t of_era = z - era * 146097;
  int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  int64_t month = (5 * of_year + 2) / 153;
  int64_t day = of_year - (153 * month + 2) / 5 + 1;

  month = month < 10 ? month + 3 : month - 9;
  return (int32_t) ((year + era * 400 + (month <= 2)) * 10000 + month * 100 + day);
}

static int32_t
day_of (jn_ledger *ledger, int64_t us)
{
  return ledger->host.day_of != NULL ? ledger->host.day_of (ledger->host.ctx, us) : utc_day (us);
}

/* What reservations, which count against the oldest lots first, leave of it. */
static jn_status
free_part (jn_ledger *ledger, const lot *l, const jn_account_state *account, int64_t *part)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_LOT_OPEN);
  int64_t reserved = account->d_pending;
  __int128 there = (__int128) account->c_posted - account->d_posted - account->d_pending;
  int rc = SQLITE_DONE;

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) l->account);
  while (reserved > 0 && (rc = sqlite3_step (s)) == SQLITE_ROW
         && (uint64_t) sqlite3_column_int64 (s, 0) < l->no)
    reserved -= sqlite3_column_int64 (s, 2);
  sqlite3_reset (s);
  *part = reserved > 0 ? l->left - reserved : l->left;
  if (*part > there)
    *part = (int64_t) there;
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? JN_OK : jn_connection_status (&ledger->writer);
}

/* What is not reserved goes back to the issuer; what is reserved goes when it is released, or is paid. */
static jn_status
lapse (jn_ledger *ledger, lot *l)
{
  char texts[3][JN_TEXT_MAX + 1];
  jn_record grant, r;
  int64_t part = 0;
  jn_status status = jn_record_load (ledger, l->no, &grant, texts);

  if (status == JN_OK)
    status = free_part (ledger, l, grant.credit, &part);
  if (status != JN_OK || part <= 0)
    return status;
  r = grant;
  r.amount = r.asked = part;
  r.debit = grant.credit;
  r.credit = grant.debit;
  if (jn_move_check (r.debit, r.credit, r.amount, true) != JN_OK)
    return JN_OK;
  jn_chain_derive (&grant.id, 'l', l->last_no != 0 ? l->last_no : l->no, &r.id);
  r.flags = JN_LAPSED;
  r.pend_no = l->no;
  r.pending = grant.id;
  r.timeout_us = 0;
  r.value_date = day_of (ledger, l->expires_us);
  r.occurred_us = l->expires_us;
  status = jn_record_write (ledger, &r, &l->last_no);
  if (status == JN_OK)
    status = jn_record_book (ledger, &r);
  l->left -= r.amount;
  return status == JN_OK ? save (ledger, l) : status;
}

jn_status
jn_lots_expire (jn_ledger *ledger)
{
  lot l = { .expires_us = INT64_MIN };
  bool found = true;
  jn_status status = JN_OK;

  while (status == JN_OK && found)
    {
      sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_LOT_DUE);

      if (s == NULL)
        return jn_connection_status (&ledger->writer);
      sqlite3_bind_int64 (s, 1, ledger->recorded_us);
      sqlite3_bind_int64 (s, 2, l.expires_us);
      sqlite3_bind_int64 (s, 3, (sqlite3_int64) l.no);
      status = take_one (ledger, s, &l, &found);
      if (status == JN_OK && found)
        status = lapse (ledger, &l);
    }
  return status;
}

/* ---- reading ---- */

static jn_status
fill (jn_snapshot *snapshot, sqlite3_stmt *lots, jn_lot *out)
{
  jn_entry_row row;
  bool mine;
  jn_status status = jn_row_fill (snapshot, (uint64_t) sqlite3_column_int64 (lots, 1),
                                  (uint64_t) sqlite3_column_int64 (lots, 0), &row, &mine);

  *out = (jn_lot){ .id = row.id,
                   .granted = row.amount,
                   .left = sqlite3_column_int64 (lots, 2),
                   .recorded_us = row.recorded_us,
                   .expires_us = sqlite3_column_int64 (lots, 3) };
  return status == JN_OK && !mine ? JN_INVARIANT : status;
}

jn_status
jn_lots (jn_snapshot *snapshot, const jn_id *account, jn_lot *rows, size_t *n)
{
  uint64_t own = 0;
  size_t room = *n;
  jn_status status = jn_snapshot_account (snapshot, account, &own, NULL);
  sqlite3_stmt *s;
  int rc = SQLITE_ROW;

  *n = 0;
  if (status != JN_OK)
    return status;
  s = jn_connection_get (&snapshot->reader, JN_SQL_LOT_OPEN);
  if (s == NULL)
    return jn_connection_status (&snapshot->reader);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) own);
  while (status == JN_OK && *n < room && (rc = sqlite3_step (s)) == SQLITE_ROW)
    status = fill (snapshot, s, &rows[(*n)++]);
  if (status == JN_OK && rc != SQLITE_ROW && rc != SQLITE_DONE)
    status = jn_connection_status (&snapshot->reader);
  sqlite3_reset (s);
  return status;
}
