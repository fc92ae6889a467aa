#include "jn-ledger-private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Everything is computed anew from the transfer rows, on a connection of its own and without the engine's caches. */

typedef struct
{
  uint64_t no;
  jn_account_state stored; /* no, id and currency; its counters as stored */
  int64_t d_posted, c_posted, d_pending, c_pending;
} counted;

typedef struct
{
  uint64_t no;
  jn_hold_state state;
  int64_t amount;
  jn_id id;
  counted *debit, *credit;
} counted_hold;

typedef struct
{
  jn_connection *db;
  jn_finding_func report;
  void *ctx;
  jn_status worst;
  jn_map accounts, months, holds; /* by number; holds: counted_hold */
  uint64_t n_entries, n_months, n_holds;
  uint64_t last_no;
  bool at_end; /* of the transfers; one more step would begin anew */
  jn_array leaves;
  jn_head head;
} audit;

static void
find (audit *a, jn_status what, const char *where, uint64_t no)
{
  if (a->worst == JN_OK || a->worst == JN_INVARIANT)
    a->worst = what;
  if (a->report != NULL)
    a->report (a->ctx, what, where, no);
}

static void
number_key (uint8_t key[16], uint64_t no)
{
  memset (key, 0, 16);
  memcpy (key, &no, sizeof no);
}

static void *
by_number (const jn_map *map, uint64_t no)
{
  uint8_t key[16];

  number_key (key, no);
  return jn_map_get (map, key);
}

static void *
add_number (jn_map *map, uint64_t no, size_t size)
{
  void *value = calloc (1, size);
  uint8_t key[16];

  number_key (key, no);
  if (value != NULL && !jn_map_put (map, key, value))
    {
      free (value);
      return NULL;
    }
  return value;
}

static jn_status
load_accounts (audit *a)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_ACCOUNT_SCAN);
  int rc = SQLITE_ERROR;

  while (s != NULL && (rc = sqlite3_step (s)) == SQLITE_ROW)
    {
      uint64_t no = (uint64_t) sqlite3_column_int64 (s, 0);
      counted *c = add_number (&a->accounts, no, sizeof *c);

      if (c == NULL)
        return JN_NO_MEMORY;
      c->no = c->stored.no = no;
      jn_column_id (s, 1, &c->stored.info.id);
      c->stored.info.currency = (uint32_t) sqlite3_column_int64 (s, 2);
      c->stored.d_posted = sqlite3_column_int64 (s, 8);
      c->stored.c_posted = sqlite3_column_int64 (s, 9);
      c->stored.d_pending = sqlite3_column_int64 (s, 10);
      c->stored.c_pending = sqlite3_column_int64 (s, 11);
    }
  sqlite3_reset (s);
  return rc == SQLITE_DONE ? JN_OK : jn_connection_status (a->db);
}

static jn_status
check_entry (audit *a, const counted *c, const jn_record *r, uint64_t no, int64_t amount)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_ENTRY_GET);
  int rc;

  if (s == NULL)
    return jn_connection_status (a->db);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) c->no);
  sqlite3_bind_int64 (s, 2, (sqlite3_int64) no);
  rc = sqlite3_step (s);
  if (rc != SQLITE_ROW || sqlite3_column_int64 (s, 1) != amount
      || sqlite3_column_int64 (s, 2) != c->c_posted - c->d_posted
      || sqlite3_column_int (s, 3) != r->value_date || sqlite3_column_int (s, 4) != r->code)
    find (a, JN_INVARIANT, "entry", no);
  sqlite3_reset (s);
  a->n_entries++;
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? JN_OK : jn_connection_status (a->db);
}

static jn_status
count_month (audit *a, const counted *c, const jn_record *r, uint64_t no, bool debit)
{
  int32_t month = r->value_date / 100;
  uint8_t key[16];
  jn_month *m;

  number_key (key, c->no);
  memcpy (key + 8, &month, sizeof month);
  memcpy (key + 12, &r->code, sizeof r->code);
  m = jn_map_get (&a->months, key);
  if (m == NULL)
    {
      m = calloc (1, sizeof *m);
      if (m == NULL || !jn_map_put (&a->months, key, m))
        {
          free (m);
          return JN_NO_MEMORY;
        }
      m->first_no = no;
    }
  m->last_no = no;
  *(debit ? &m->row.n_d : &m->row.n_c) += 1;
  if (__builtin_add_overflow (debit ? m->row.d : m->row.c, r->amount,
                              debit ? &m->row.d : &m->row.c))
    find (a, JN_INVARIANT, "month", no);
  return JN_OK;
}

static jn_status
book (audit *a, counted *debit, counted *credit, const jn_record *r, uint64_t no)
{
  jn_status status;

  if (__builtin_add_overflow (debit->d_posted, r->amount, &debit->d_posted)
      || __builtin_add_overflow (credit->c_posted, r->amount, &credit->c_posted))
    find (a, JN_INVARIANT, "amount", no);
  status = check_entry (a, debit, r, no, -r->amount);
  if (status == JN_OK)
    status = check_entry (a, credit, r, no, r->amount);
  if (status == JN_OK)
    status = count_month (a, debit, r, no, true);
  return status == JN_OK ? count_month (a, credit, r, no, false) : status;
}

static jn_status
hold (audit *a, counted *debit, counted *credit, const jn_record *r, uint64_t no)
{
  counted_hold *h = add_number (&a->holds, no, sizeof *h);

  if (h == NULL)
    return JN_NO_MEMORY;
  *h = (counted_hold){ no, JN_HOLD_OPEN, r->amount, r->id, debit, credit };
  debit->d_pending += r->amount;
  credit->c_pending += r->amount;
  a->n_holds++;
  return JN_OK;
}

static void
release (audit *a, const jn_record *r, uint64_t no)
{
  counted_hold *h = by_number (&a->holds, r->pend_no);

  if (h == NULL || h->state != JN_HOLD_OPEN)
    {
      find (a, JN_INVARIANT, "pending", no);
      return;
    }
  h->debit->d_pending -= h->amount;
  h->credit->c_pending -= h->amount;
  h->state = r->kind == JN_POST   ? JN_HOLD_POSTED
             : r->kind == JN_VOID ? JN_HOLD_VOIDED
                                  : JN_HOLD_EXPIRED;
}

static jn_status
replay_record (audit *a, counted *debit, counted *credit, const jn_record *r, uint64_t no)
{
  if (r->amount <= 0 || debit == credit || r->debit->info.currency != r->credit->info.currency)
    find (a, JN_INVARIANT, "transfer", no);
  if (r->kind == JN_PENDING)
    return hold (a, debit, credit, r, no);
  if (r->kind == JN_POST || r->kind == JN_VOID || r->kind == JN_EXPIRE)
    release (a, r, no);
  return r->kind == JN_TRANSFER || r->kind == JN_POST ? book (a, debit, credit, r, no) : JN_OK;
}

static const char *
column_chars (sqlite3_stmt *s, int column)
{
  return (const char *) sqlite3_column_text (s, column);
}

static void
read_record (const audit *a, sqlite3_stmt *s, jn_record *r)
{
  const counted_hold *h;

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
  h = by_number (&a->holds, r->pend_no);
  if (h != NULL)
    r->pending = h->id;
}

static bool
texts_are_short (const jn_record *r)
{
  return (r->payee == NULL || strlen (r->payee) <= JN_TEXT_MAX)
         && (r->memo == NULL || strlen (r->memo) <= JN_TEXT_MAX);
}

static jn_status
check_transfer (audit *a, sqlite3_stmt *s)
{
  uint64_t no = (uint64_t) sqlite3_column_int64 (s, JN_T_NO);
  counted *debit = by_number (&a->accounts, (uint64_t) sqlite3_column_int64 (s, JN_T_DR));
  counted *credit = by_number (&a->accounts, (uint64_t) sqlite3_column_int64 (s, JN_T_CR));
  uint8_t *leaf = jn_array_add (&a->leaves, 32);
  jn_record r;

  if (leaf == NULL)
    return JN_NO_MEMORY;
  memset (leaf, 0, 32);
  read_record (a, s, &r);
  if (no != a->last_no + 1)
    find (a, JN_CHAIN_BROKEN, "transfer", no);
  a->last_no = no;
  if (debit == NULL || credit == NULL || !texts_are_short (&r))
    {
      find (a, JN_INVARIANT, "transfer", no);
      return JN_OK;
    }
  r.debit = &debit->stored;
  r.credit = &credit->stored;
  jn_chain_leaf (&r, leaf);
  return replay_record (a, debit, credit, &r, no);
}

static bool
column_equals (sqlite3_stmt *s, int column, const uint8_t hash[32])
{
  const void *data = sqlite3_column_blob (s, column);

  return data != NULL && sqlite3_column_bytes (s, column) == 32 && memcmp (data, hash, 32) == 0;
}

static jn_status
check_commit (audit *a, sqlite3_stmt *log, sqlite3_stmt *transfers)
{
  uint64_t seq = (uint64_t) sqlite3_column_int64 (log, 0);
  int64_t recorded_us = sqlite3_column_int64 (log, 1);
  uint64_t n = (uint64_t) sqlite3_column_int64 (log, 3);
  uint8_t root[32] = { 0 };

  if (seq != a->head.seq + 1 || (uint64_t) sqlite3_column_int64 (log, 2) != a->last_no + 1
      || n == 0)
    find (a, JN_CHAIN_BROKEN, "commit", seq);
  a->leaves.count = 0;
  for (uint64_t i = 0; i < n; i++)
    {
      int rc = a->at_end ? SQLITE_DONE : sqlite3_step (transfers);
      jn_status status;

      if (rc == SQLITE_DONE)
        {
          a->at_end = true;
          find (a, JN_CHAIN_BROKEN, "commit", seq);
          break;
        }
      status = rc == SQLITE_ROW ? check_transfer (a, transfers) : jn_connection_status (a->db);
      if (status != JN_OK)
        return status;
    }
  if (a->leaves.count > 0)
    jn_chain_root (a->leaves.data, a->leaves.count, root);
  jn_chain_commit (a->head.hash, seq, recorded_us, n, root, a->head.hash);
  a->head.seq = seq;
  if (!column_equals (log, 4, root) || !column_equals (log, 5, a->head.hash))
    find (a, JN_CHAIN_BROKEN, "commit", seq);
  return JN_OK;
}

static jn_status
check_commits (audit *a)
{
  sqlite3_stmt *log = jn_connection_get (a->db, JN_SQL_COMMIT_SCAN);
  sqlite3_stmt *transfers = jn_connection_get (a->db, JN_SQL_TRANSFER_SCAN);
  jn_status status = log == NULL || transfers == NULL ? jn_connection_status (a->db) : JN_OK;
  int rc = SQLITE_DONE;

  while (status == JN_OK && (rc = sqlite3_step (log)) == SQLITE_ROW)
    status = check_commit (a, log, transfers);
  if (status == JN_OK && rc != SQLITE_DONE)
    status = jn_connection_status (a->db);
  while (status == JN_OK && !a->at_end && (rc = sqlite3_step (transfers)) == SQLITE_ROW)
    {
      find (a, JN_CHAIN_BROKEN, "transfer", (uint64_t) sqlite3_column_int64 (transfers, JN_T_NO));
      status = check_transfer (a, transfers);
    }
  if (status == JN_OK && rc != SQLITE_DONE)
    status = jn_connection_status (a->db);
  sqlite3_reset (log);
  sqlite3_reset (transfers);
  return status;
}

static void
check_accounts (audit *a)
{
  for (size_t i = 0; i < a->accounts.capacity; i++)
    {
      const counted *c = a->accounts.slots[i].value;

      if (c != NULL
          && (c->d_posted != c->stored.d_posted || c->c_posted != c->stored.c_posted
              || c->d_pending != c->stored.d_pending || c->c_pending != c->stored.c_pending))
        find (a, JN_INVARIANT, "account", c->no);
    }
}

static void
check_month (audit *a, sqlite3_stmt *s)
{
  uint64_t account = (uint64_t) sqlite3_column_int64 (s, 0);
  int32_t month = sqlite3_column_int (s, 1);
  uint16_t code = (uint16_t) sqlite3_column_int (s, 2);
  uint8_t key[16];
  const jn_month *m;

  number_key (key, account);
  memcpy (key + 8, &month, sizeof month);
  memcpy (key + 12, &code, sizeof code);
  m = jn_map_get (&a->months, key);
  if (m == NULL || m->row.d != sqlite3_column_int64 (s, 3)
      || m->row.c != sqlite3_column_int64 (s, 4)
      || m->row.n_d != (uint64_t) sqlite3_column_int64 (s, 5)
      || m->row.n_c != (uint64_t) sqlite3_column_int64 (s, 6)
      || m->first_no != (uint64_t) sqlite3_column_int64 (s, 7)
      || m->last_no != (uint64_t) sqlite3_column_int64 (s, 8))
    find (a, JN_INVARIANT, "month", (uint64_t) month);
  a->n_months++;
}

static jn_status
check_months (audit *a)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_MONTH_SCAN);
  int rc = SQLITE_ERROR;

  while (s != NULL && (rc = sqlite3_step (s)) == SQLITE_ROW)
    check_month (a, s);
  sqlite3_reset (s);
  if (rc != SQLITE_DONE)
    return jn_connection_status (a->db);
  if (a->n_months != a->months.count)
    find (a, JN_INVARIANT, "month", 0);
  return JN_OK;
}

static jn_status
check_holds (audit *a)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_PENDING_SCAN);
  uint64_t n = 0;
  int rc = SQLITE_ERROR;

  for (; s != NULL && (rc = sqlite3_step (s)) == SQLITE_ROW; n++)
    {
      uint64_t no = (uint64_t) sqlite3_column_int64 (s, 0);
      const counted_hold *h = by_number (&a->holds, no);

      if (h == NULL || (int) h->state != sqlite3_column_int (s, 1))
        find (a, JN_INVARIANT, "pending", no);
    }
  sqlite3_reset (s);
  if (rc != SQLITE_DONE)
    return jn_connection_status (a->db);
  if (n != a->n_holds)
    find (a, JN_INVARIANT, "pending", 0);
  return JN_OK;
}

static jn_status
check_entry_count (audit *a)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_ENTRY_COUNT);
  int rc = s == NULL ? SQLITE_ERROR : sqlite3_step (s);

  if (rc == SQLITE_ROW && (uint64_t) sqlite3_column_int64 (s, 0) != a->n_entries)
    find (a, JN_INVARIANT, "entry", 0);
  sqlite3_reset (s);
  return rc == SQLITE_ROW ? JN_OK : jn_connection_status (a->db);
}

static jn_status
check_pages (audit *a)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_QUICK_CHECK);
  int rc = s == NULL ? SQLITE_ERROR : sqlite3_step (s);

  if (rc == SQLITE_ROW && strcmp (column_chars (s, 0), "ok") != 0)
    find (a, JN_PAGE_DAMAGED, "file", 0);
  sqlite3_reset (s);
  return rc == SQLITE_ROW ? JN_OK : jn_connection_status (a->db);
}

jn_status
jn_verify (jn_ledger *ledger, jn_finding_func report, void *ctx)
{
  jn_snapshot *snapshot = NULL;
  audit a = { .report = report, .ctx = ctx };
  jn_status status = jn_ledger_trust (ledger);

  if (status == JN_OK)
    status = jn_snapshot_begin (ledger, &snapshot);
  if (status != JN_OK)
    return status;
  a.db = &snapshot->reader;
  status = check_pages (&a);
  if (status == JN_OK)
    status = load_accounts (&a);
  if (status == JN_OK)
    status = check_commits (&a);
  if (status == JN_OK)
    status = check_months (&a);
  if (status == JN_OK)
    status = check_holds (&a);
  if (status == JN_OK)
    status = check_entry_count (&a);
  if (status == JN_OK)
    check_accounts (&a);
  if (status == JN_OK
      && (a.head.seq != ledger->head.seq || memcmp (a.head.hash, ledger->head.hash, 32) != 0))
    find (&a, JN_CHAIN_BROKEN, "head", a.head.seq);
  jn_map_clear (&a.accounts, free);
  jn_map_clear (&a.months, free);
  jn_map_clear (&a.holds, free);
  jn_array_free (&a.leaves);
  jn_snapshot_end (snapshot);
  return status != JN_OK ? status : a.worst;
}
