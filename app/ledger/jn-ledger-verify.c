#include "jn-ledger-private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRESS_EACH 8192u

/* Everything is computed anew from the transfer rows, on a connection of its own and without the engine's caches. */

typedef struct
{
  uint64_t no;
  jn_account_state stored; /* no, id and currency; its counters as stored */
  int64_t d_posted, c_posted, d_pending, c_pending;
  uint64_t entries[2]; /* sums over its booked entries: by replay, as stored in blocks */
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
  jn_progress progress;
  void *ctx;
  jn_status worst;
  jn_map accounts, months, holds; /* by number; holds: counted_hold */
  uint64_t n_months, n_holds;
  uint64_t keys[2]; /* sums over the ids: by replay, as stored */
  const jn_tail *tail;
  int64_t recorded_us; /* of the row before */
  uint64_t last_no;
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

/* An order-free sum over rows needs each of them to be far from all others. */
static uint64_t
mix (const uint64_t *words, size_t n)
{
  uint64_t hash = UINT64_C (0x243f6a8885a308d3);

  for (size_t i = 0; i < n; i++)
    {
      hash = (hash ^ words[i]) * UINT64_C (0x9e3779b97f4a7c15);
      hash ^= hash >> 32;
    }
  return hash * UINT64_C (0xd6e8feb86659fd93) ^ hash >> 29;
}

static uint64_t
mix_entry (const jn_entry *e)
{
  uint64_t words[] = { e->no, (uint64_t) e->amount, (uint64_t) e->after, (uint64_t) e->value_date,
                       e->code };

  return mix (words, 5);
}

static uint64_t
mix_key (int64_t key, uint64_t no)
{
  uint64_t words[] = { (uint64_t) key, no };

  return mix (words, 2);
}

static void
count_entry (counted *c, const jn_record *r, uint64_t no, int64_t amount)
{
  jn_entry e = { no, amount, c->c_posted - c->d_posted, r->value_date, r->code };

  c->entries[0] += mix_entry (&e);
}

static jn_status
count_one (audit *a, const counted *c, const jn_record *r, uint64_t no, bool debit, int32_t month,
           uint16_t code)
{
  uint8_t key[16];
  jn_month *m;

  number_key (key, c->no);
  memcpy (key + 8, &month, sizeof month);
  memcpy (key + 12, &code, sizeof code);
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
count_month (audit *a, const counted *c, const jn_record *r, uint64_t no, bool debit)
{
  int32_t month = r->value_date / 100;
  jn_status status = count_one (a, c, r, no, debit, month, r->code);

  if (status == JN_OK)
    status = count_one (a, c, r, no, debit, -month, 0);
  return status == JN_OK ? count_one (a, c, r, no, debit, -(month / 100), 0) : status;
}

static jn_status
book (audit *a, counted *debit, counted *credit, const jn_record *r, uint64_t no)
{
  jn_status status;

  if (__builtin_add_overflow (debit->d_posted, r->amount, &debit->d_posted)
      || __builtin_add_overflow (credit->c_posted, r->amount, &credit->c_posted))
    find (a, JN_INVARIANT, "amount", no);
  /* The tail is in no derived table. */
  if (no > a->tail->indexed)
    return JN_OK;
  count_entry (debit, r, no, -r->amount);
  count_entry (credit, r, no, r->amount);
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

/* A row that takes back another names that one. */
static jn_status
load_id (audit *a, uint64_t no, jn_id *out)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_TRANSFER_BY_NO);
  int rc;

  if (s == NULL)
    return jn_connection_status (a->db);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) no);
  rc = sqlite3_step (s);
  if (rc == SQLITE_ROW)
    jn_column_id (s, JN_T_ID, out);
  sqlite3_reset (s);
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? JN_OK : jn_connection_status (a->db);
}

static jn_status
check_transfer (audit *a, sqlite3_stmt *s)
{
  uint64_t no = (uint64_t) sqlite3_column_int64 (s, JN_T_NO);
  counted *debit = by_number (&a->accounts, (uint64_t) sqlite3_column_int64 (s, JN_T_DR));
  counted *credit = by_number (&a->accounts, (uint64_t) sqlite3_column_int64 (s, JN_T_CR));
  uint8_t *leaf = jn_array_add (&a->leaves, 32);
  const counted_hold *pending;
  jn_status status = JN_OK;
  jn_record r;

  if (leaf == NULL)
    return JN_NO_MEMORY;
  memset (leaf, 0, 32);
  jn_record_read (s, &r);
  pending = by_number (&a->holds, r.pend_no);
  if (pending != NULL)
    r.pending = pending->id;
  else if (r.pend_no != 0)
    status = load_id (a, r.pend_no, &r.pending);
  if (status != JN_OK)
    return status;
  if (no != a->last_no + 1)
    find (a, JN_CHAIN_BROKEN, "transfer", no);
  a->last_no = no;
  if (no <= a->tail->indexed)
    a->keys[0] += mix_key (jn_id_to_key (&r.id, a->tail->key), no);
  if (debit == NULL || credit == NULL || !jn_texts_are_short (s))
    {
      find (a, JN_INVARIANT, "transfer", no);
      return JN_OK;
    }
  r.debit = &debit->stored;
  r.credit = &credit->stored;
  jn_chain_leaf (&r, leaf);
  return replay_record (a, debit, credit, &r, no);
}

/* The row ends a commit: all of it is told by the leaves since the seal before. */
static void
check_seal (audit *a, sqlite3_stmt *s)
{
  const uint8_t *seal = sqlite3_column_blob (s, JN_T_SEAL);
  uint64_t no = (uint64_t) sqlite3_column_int64 (s, JN_T_NO);
  uint64_t n = a->leaves.count;
  uint8_t root[32] = { 0 };

  if (n > 0)
    jn_chain_root (a->leaves.data, n, root);
  a->leaves.count = 0;
  a->head.seq++;
  jn_chain_commit (a->head.hash, a->head.seq, sqlite3_column_int64 (s, JN_T_RECORDED), n, root,
                   a->head.hash);
  if (sqlite3_column_bytes (s, JN_T_SEAL) != JN_SEAL_BYTES
      || jn_read_number (seal, 8) != a->head.seq || jn_read_number (seal + 8, 4) != n
      || memcmp (seal + 12, a->head.hash, 32) != 0)
    find (a, JN_CHAIN_BROKEN, "commit", no);
}

static jn_status
check_commits (audit *a)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_TRANSFER_SCAN);
  jn_status status = s == NULL ? jn_connection_status (a->db) : JN_OK;
  int rc = SQLITE_DONE;

  while (status == JN_OK && (rc = sqlite3_step (s)) == SQLITE_ROW)
    {
      int64_t recorded_us = sqlite3_column_int64 (s, JN_T_RECORDED);

      if (a->last_no > 0
          && (a->leaves.count == 0 ? recorded_us <= a->recorded_us : recorded_us != a->recorded_us))
        find (a, JN_CHAIN_BROKEN, "transfer", (uint64_t) sqlite3_column_int64 (s, JN_T_NO));
      a->recorded_us = recorded_us;
      status = check_transfer (a, s);
      if (status == JN_OK && sqlite3_column_type (s, JN_T_SEAL) != SQLITE_NULL)
        check_seal (a, s);
      if (status == JN_OK && a->progress != NULL && a->last_no % PROGRESS_EACH == 0
          && !a->progress (a->ctx, a->last_no, a->tail->indexed + a->tail->rows.count))
        status = JN_BUSY;
    }
  if (status == JN_OK && rc != SQLITE_DONE)
    status = jn_connection_status (a->db);
  if (status == JN_OK && a->leaves.count > 0)
    find (a, JN_CHAIN_BROKEN, "commit", a->last_no);
  if (status == JN_OK && a->progress != NULL && !a->progress (a->ctx, a->last_no, a->last_no))
    status = JN_BUSY;
  sqlite3_reset (s);
  return status;
}

static void
check_block (audit *a, sqlite3_stmt *s)
{
  uint64_t key = (uint64_t) sqlite3_column_int64 (s, 0);
  uint64_t first_no = key & ((UINT64_C (1) << JN_BLOCK_SHIFT) - 1);
  counted *c = by_number (&a->accounts, key >> JN_BLOCK_SHIFT);
  jn_entry entries[JN_BLOCK_ENTRIES];
  size_t n = 0;

  if (c == NULL
      || !jn_block_read (sqlite3_column_blob (s, 1), (size_t) sqlite3_column_bytes (s, 1), first_no,
                         entries, &n))
    {
      find (a, JN_INVARIANT, "block", first_no);
      return;
    }
  for (size_t i = 0; i < n; i++)
    c->entries[1] += mix_entry (&entries[i]);
}

static jn_status
check_blocks (audit *a)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_BLOCK_SCAN);
  int rc = SQLITE_ERROR;

  while (s != NULL && (rc = sqlite3_step (s)) == SQLITE_ROW)
    check_block (a, s);
  sqlite3_reset (s);
  return rc == SQLITE_DONE ? JN_OK : jn_connection_status (a->db);
}

static jn_status
check_keys (audit *a)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_KEY_SCAN);
  int rc = SQLITE_ERROR;

  while (s != NULL && (rc = sqlite3_step (s)) == SQLITE_ROW)
    a->keys[1] += mix_key (sqlite3_column_int64 (s, 0), (uint64_t) sqlite3_column_int64 (s, 1));
  sqlite3_reset (s);
  if (rc == SQLITE_DONE && a->keys[0] != a->keys[1])
    find (a, JN_INVARIANT, "id", 0);
  return rc == SQLITE_DONE ? JN_OK : jn_connection_status (a->db);
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
      if (c != NULL && c->entries[0] != c->entries[1])
        find (a, JN_INVARIANT, "entry", c->no);
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
check_pages (audit *a)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_QUICK_CHECK);
  int rc = s == NULL ? SQLITE_ERROR : sqlite3_step (s);

  if (rc == SQLITE_ROW && strcmp ((const char *) sqlite3_column_text (s, 0), "ok") != 0)
    find (a, JN_PAGE_DAMAGED, "file", 0);
  sqlite3_reset (s);
  return rc == SQLITE_ROW ? JN_OK : jn_connection_status (a->db);
}

jn_status
jn_head_read (jn_connection *connection, jn_head *head)
{
  sqlite3_stmt *s = jn_connection_get (connection, JN_SQL_HEAD);
  int rc = s == NULL ? SQLITE_ERROR : sqlite3_step (s);

  memset (head, 0, sizeof *head);
  if (rc == SQLITE_ROW && sqlite3_column_bytes (s, 0) == JN_SEAL_BYTES)
    {
      const uint8_t *seal = sqlite3_column_blob (s, 0);

      head->seq = jn_read_number (seal, 8);
      memcpy (head->hash, seal + 12, 32);
    }
  sqlite3_reset (s);
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? JN_OK : jn_connection_status (connection);
}

jn_status
jn_audit_connection (jn_connection *connection, jn_finding_func report, jn_progress progress,
                     void *ctx, jn_head *head)
{
  static jn_status (*const steps[]) (audit *) = { check_pages,  load_accounts, check_commits,
                                                  check_months, check_holds,   check_blocks,
                                                  check_keys };
  jn_tail tail = { 0 };
  audit a = { .db = connection, .report = report, .progress = progress, .ctx = ctx, .tail = &tail };
  jn_status status = jn_tail_load (connection, &tail, SIZE_MAX >> 1);

  for (size_t i = 0; status == JN_OK && i < sizeof steps / sizeof *steps; i++)
    status = steps[i](&a);
  if (status == JN_OK)
    check_accounts (&a);
  *head = a.head;
  jn_map_clear (&a.accounts, free);
  jn_map_clear (&a.months, free);
  jn_map_clear (&a.holds, free);
  jn_array_free (&a.leaves);
  jn_tail_clear (&tail);
  return status != JN_OK ? status : a.worst;
}

jn_status
jn_verify_with_progress (jn_ledger *ledger, jn_finding_func report, jn_progress progress, void *ctx)
{
  jn_snapshot *snapshot = NULL;
  jn_head got = { 0 }, stored = { 0 };
  jn_status status = jn_ledger_trust (ledger);

  if (status == JN_OK)
    status = jn_snapshot_begin (ledger, &snapshot);
  if (status != JN_OK)
    return status;
  status = jn_audit_connection (&snapshot->reader, report, progress, ctx, &got);
  if (status == JN_OK)
    status = jn_head_read (&snapshot->reader, &stored);
  jn_snapshot_end (snapshot);
  if (status != JN_OK || (got.seq == stored.seq && memcmp (got.hash, stored.hash, 32) == 0))
    return status;
  if (report != NULL)
    report (ctx, JN_CHAIN_BROKEN, "head", got.seq);
  return JN_CHAIN_BROKEN;
}

jn_status
jn_verify (jn_ledger *ledger, jn_finding_func report, void *ctx)
{
  return jn_verify_with_progress (ledger, report, NULL, ctx);
}
