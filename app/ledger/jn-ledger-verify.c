#include "jn-ledger-audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRESS_EACH 8192u

/* The parts of it that are about annotations, payees and search are in files of their own. */

/* Everything is computed anew from the transfer rows, on a connection of its own and without the engine's caches. */

void
jn_audit_find (jn_audit *a, jn_status what, const char *where, uint64_t no)
{
  if (a->worst == JN_OK || a->worst == JN_INVARIANT)
    a->worst = what;
  if (a->report != NULL)
    a->report (a->ctx, what, where, no);
}

void
jn_audit_number_key (uint8_t key[16], uint64_t no)
{
  memset (key, 0, 16);
  memcpy (key, &no, sizeof no);
}

static void *
by_number (const jn_map *map, uint64_t no)
{
  uint8_t key[16];

  jn_audit_number_key (key, no);
  return jn_map_get (map, key);
}

static void *
add_number (jn_map *map, uint64_t no, size_t size)
{
  void *value = calloc (1, size);
  uint8_t key[16];

  jn_audit_number_key (key, no);
  if (value != NULL && !jn_map_put (map, key, value))
    {
      free (value);
      return NULL;
    }
  return value;
}

static jn_status
load_accounts (jn_audit *a)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_ACCOUNT_SCAN);
  int rc = SQLITE_ERROR;

  while (s != NULL && (rc = sqlite3_step (s)) == SQLITE_ROW)
    {
      uint64_t no = (uint64_t) sqlite3_column_int64 (s, 0);
      jn_counted *c = add_number (&a->accounts, no, sizeof *c);

      if (c == NULL)
        return JN_NO_MEMORY;
      c->no = c->stored.no = no;
      jn_column_id (s, 1, &c->stored.info.id);
      c->stored.info.currency = (uint32_t) sqlite3_column_int64 (s, 2);
      c->stored.info.class_ = (uint16_t) sqlite3_column_int (s, 3);
      c->stored.closed = (uint64_t) sqlite3_column_int64 (s, 7);
      c->stored.d_posted = sqlite3_column_int64 (s, 8);
      c->stored.c_posted = sqlite3_column_int64 (s, 9);
      c->stored.d_pending = sqlite3_column_int64 (s, 10);
      c->stored.c_pending = sqlite3_column_int64 (s, 11);
    }
  sqlite3_reset (s);
  return rc == SQLITE_DONE ? JN_OK : jn_connection_status (a->db);
}

uint64_t
jn_audit_mix (const uint64_t *words, size_t n)
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

  return jn_audit_mix (words, 5);
}

static uint64_t
mix_key (int64_t key, uint64_t no)
{
  uint64_t words[] = { (uint64_t) key, no };

  return jn_audit_mix (words, 2);
}

static void
count_entry (jn_counted *c, const jn_record *r, uint64_t no, int64_t amount)
{
  jn_entry e = { no, amount, c->c_posted - c->d_posted, r->value_date, r->code };

  c->entries[0] += mix_entry (&e);
}

static jn_status
book (jn_audit *a, jn_counted *debit, jn_counted *credit, const jn_record *r, uint64_t no)
{
  jn_status status;

  if (__builtin_add_overflow (debit->d_posted, r->amount, &debit->d_posted)
      || __builtin_add_overflow (credit->c_posted, r->amount, &credit->c_posted))
    jn_audit_find (a, JN_INVARIANT, "amount", no);
  status = jn_audit_count_lots (a, debit, credit, r, no);
  if (status == JN_OK && a->annotations.count > 0)
    status = jn_audit_book_local (a, r, no);
  /* The tail is in no table that the transfers fill. */
  if (status != JN_OK || no > a->tail->indexed)
    return status;
  count_entry (debit, r, no, -r->amount);
  count_entry (credit, r, no, r->amount);
  status = jn_audit_count_month (a, debit, r, no, true);
  if (status == JN_OK)
    status = jn_audit_count_month (a, credit, r, no, false);
  return status == JN_OK ? jn_audit_count_all (a, r, no) : status;
}

static jn_status
hold (jn_audit *a, jn_counted *debit, jn_counted *credit, const jn_record *r, uint64_t no)
{
  jn_counted_hold *h = add_number (&a->holds, no, sizeof *h);

  if (h == NULL)
    return JN_NO_MEMORY;
  *h = (jn_counted_hold){ no, JN_HOLD_OPEN, r->amount, r->id, debit, credit, r->flags };
  debit->d_pending += r->amount;
  credit->c_pending += r->amount;
  a->n_holds++;
  return JN_OK;
}

static void
release (jn_audit *a, const jn_record *r, uint64_t no)
{
  jn_counted_hold *h = by_number (&a->holds, r->pend_no);

  if (h == NULL || h->state != JN_HOLD_OPEN)
    {
      jn_audit_find (a, JN_INVARIANT, "pending", no);
      return;
    }
  h->debit->d_pending -= h->amount;
  h->credit->c_pending -= h->amount;
  h->state = r->kind == JN_POST   ? JN_HOLD_POSTED
             : r->kind == JN_VOID ? JN_HOLD_VOIDED
                                  : JN_HOLD_EXPIRED;
}

static jn_status
replay_record (jn_audit *a, jn_counted *debit, jn_counted *credit, const jn_record *r, uint64_t no)
{
  if (r->amount <= 0 || debit == credit || r->debit->info.currency != r->credit->info.currency)
    jn_audit_find (a, JN_INVARIANT, "transfer", no);
  if (r->kind == JN_PENDING)
    return hold (a, debit, credit, r, no);
  if (r->kind == JN_POST || r->kind == JN_VOID || r->kind == JN_EXPIRE)
    release (a, r, no);
  return r->kind == JN_TRANSFER || r->kind == JN_POST ? book (a, debit, credit, r, no) : JN_OK;
}

/* A row that takes back another names that one. */
static jn_status
load_id (jn_audit *a, uint64_t no, jn_id *out)
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
check_transfer (jn_audit *a, sqlite3_stmt *s)
{
  uint64_t no = (uint64_t) sqlite3_column_int64 (s, JN_T_NO);
  jn_counted *debit = by_number (&a->accounts, (uint64_t) sqlite3_column_int64 (s, JN_T_DR));
  jn_counted *credit = by_number (&a->accounts, (uint64_t) sqlite3_column_int64 (s, JN_T_CR));
  uint8_t *leaf = jn_array_add (&a->leaves, 32);
  const jn_counted_hold *pending;
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
    jn_audit_find (a, JN_CHAIN_BROKEN, "transfer", no);
  a->last_no = no;
  jn_audit_arrive (a, &r.id);
  if (no <= a->tail->indexed)
    a->keys[0] += mix_key (jn_id_to_key (&r.id, a->tail->key), no);
  if (debit == NULL || credit == NULL || !jn_texts_are_short (s))
    {
      jn_audit_find (a, JN_INVARIANT, "transfer", no);
      return JN_OK;
    }
  r.debit = &debit->stored;
  r.credit = &credit->stored;
  jn_chain_leaf (&r, leaf);
  return replay_record (a, debit, credit, &r, no);
}

/* The row ends a commit: all of it is told by the leaves since the seal before. */
static void
check_seal (jn_audit *a, sqlite3_stmt *s)
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
    jn_audit_find (a, JN_CHAIN_BROKEN, "commit", no);
}

static jn_status
check_commits (jn_audit *a)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_TRANSFER_SCAN);
  jn_status status = s == NULL ? jn_connection_status (a->db) : JN_OK;
  int rc = SQLITE_DONE;

  while (status == JN_OK && (rc = sqlite3_step (s)) == SQLITE_ROW)
    {
      int64_t recorded_us = sqlite3_column_int64 (s, JN_T_RECORDED);

      if (a->last_no > 0
          && (a->leaves.count == 0 ? recorded_us <= a->recorded_us : recorded_us != a->recorded_us))
        jn_audit_find (a, JN_CHAIN_BROKEN, "transfer",
                       (uint64_t) sqlite3_column_int64 (s, JN_T_NO));
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
    jn_audit_find (a, JN_CHAIN_BROKEN, "commit", a->last_no);
  if (status == JN_OK && a->tail->indexed > a->last_no)
    jn_audit_find (a, JN_INVARIANT, "entry", a->tail->indexed);
  if (status == JN_OK && a->progress != NULL && !a->progress (a->ctx, a->last_no, a->last_no))
    status = JN_BUSY;
  sqlite3_reset (s);
  return status;
}

static void
check_block (jn_audit *a, sqlite3_stmt *s)
{
  uint64_t key = (uint64_t) sqlite3_column_int64 (s, 0);
  uint64_t first_no = key & ((UINT64_C (1) << JN_BLOCK_SHIFT) - 1);
  jn_counted *c = by_number (&a->accounts, key >> JN_BLOCK_SHIFT);
  jn_entry entries[JN_BLOCK_ENTRIES];
  size_t n = 0;

  if (c == NULL
      || !jn_block_read (sqlite3_column_blob (s, 1), (size_t) sqlite3_column_bytes (s, 1), first_no,
                         entries, &n))
    {
      jn_audit_find (a, JN_INVARIANT, "block", first_no);
      return;
    }
  for (size_t i = 0; i < n; i++)
    c->entries[1] += mix_entry (&entries[i]);
}

static jn_status
check_blocks (jn_audit *a)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_BLOCK_SCAN);
  int rc = SQLITE_ERROR;

  while (s != NULL && (rc = sqlite3_step (s)) == SQLITE_ROW)
    check_block (a, s);
  sqlite3_reset (s);
  return rc == SQLITE_DONE ? JN_OK : jn_connection_status (a->db);
}

static jn_status
check_keys (jn_audit *a)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_KEY_SCAN);
  int rc = SQLITE_ERROR;

  while (s != NULL && (rc = sqlite3_step (s)) == SQLITE_ROW)
    a->keys[1] += mix_key (sqlite3_column_int64 (s, 0), (uint64_t) sqlite3_column_int64 (s, 1));
  sqlite3_reset (s);
  if (rc == SQLITE_DONE && a->keys[0] != a->keys[1])
    jn_audit_find (a, JN_INVARIANT, "id", 0);
  return rc == SQLITE_DONE ? JN_OK : jn_connection_status (a->db);
}

static bool
is_closed_by (const jn_counted *c, const jn_counted_hold *h)
{
  return c->stored.closed == 1 || c->stored.closed == h->no + 1;
}

/* An open hold that closes has closed; what the bank holds closes nothing. */
static void
check_closes (jn_audit *a, const jn_counted_hold *h)
{
  if (h->state != JN_HOLD_OPEN)
    return;
  if ((h->flags & JN_CLOSE_DEBIT) != 0 && !is_closed_by (h->debit, h))
    jn_audit_find (a, JN_INVARIANT, "closed", h->debit->no);
  if ((h->flags & JN_CLOSE_CREDIT) != 0 && !is_closed_by (h->credit, h))
    jn_audit_find (a, JN_INVARIANT, "closed", h->credit->no);
}

/* What an account says that it is closed by is a hold which closes it and was not released. */
static void
check_closed (jn_audit *a, const jn_counted *c)
{
  const jn_counted_hold *h =
      c->stored.closed < 2 ? NULL : by_number (&a->holds, c->stored.closed - 1);
  unsigned flag = h == NULL        ? 0
                  : h->debit == c  ? JN_CLOSE_DEBIT
                  : h->credit == c ? JN_CLOSE_CREDIT
                                   : 0;

  if (c->stored.closed >= 2
      && (h == NULL || (h->flags & flag) == 0
          || (h->state != JN_HOLD_OPEN && h->state != JN_HOLD_POSTED)))
    jn_audit_find (a, JN_INVARIANT, "closed", c->no);
}

static jn_status
check_holds (jn_audit *a)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_PENDING_SCAN);
  uint64_t n = 0;
  int rc = SQLITE_ERROR;

  for (; s != NULL && (rc = sqlite3_step (s)) == SQLITE_ROW; n++)
    {
      uint64_t no = (uint64_t) sqlite3_column_int64 (s, 0);
      const jn_counted_hold *h = by_number (&a->holds, no);

      if (h == NULL || (int) h->state != sqlite3_column_int (s, 1))
        jn_audit_find (a, JN_INVARIANT, "pending", no);
      else if (sqlite3_column_int64 (s, 2) == 0)
        check_closes (a, h);
    }
  sqlite3_reset (s);
  if (rc != SQLITE_DONE)
    return jn_connection_status (a->db);
  if (n != a->n_holds)
    jn_audit_find (a, JN_INVARIANT, "pending", 0);
  return JN_OK;
}

static void
check_accounts (jn_audit *a)
{
  for (size_t i = 0; i < a->accounts.capacity; i++)
    {
      const jn_counted *c = a->accounts.slots[i].value;

      if (c != NULL
          && (c->d_posted != c->stored.d_posted || c->c_posted != c->stored.c_posted
              || c->d_pending != c->stored.d_pending || c->c_pending != c->stored.c_pending))
        jn_audit_find (a, JN_INVARIANT, "account", c->no);
      if (c != NULL && c->entries[0] != c->entries[1])
        jn_audit_find (a, JN_INVARIANT, "entry", c->no);
      if (c != NULL)
        check_closed (a, c);
    }
}

/* A page that could not be read just now is no finding. SQLite tells the code only in its words. */
static jn_status
judge_check (jn_audit *a, const char *text)
{
  static const char before[] = "error code=";
  const char *code = text == NULL ? NULL : strstr (text, before);
  jn_status status = JN_PAGE_DAMAGED;

  if (text == NULL)
    return JN_NO_MEMORY;
  if (strcmp (text, "ok") == 0)
    return JN_OK;
  if (code != NULL)
    status = jn_status_from_sqlite (atoi (code + sizeof before - 1));
  if (status != JN_PAGE_DAMAGED)
    return status == JN_OK ? JN_IO : status;
  jn_audit_find (a, JN_PAGE_DAMAGED, "file", 0);
  return JN_OK;
}

static jn_status
check_pages (jn_audit *a)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_QUICK_CHECK);
  int rc = s == NULL ? SQLITE_ERROR : sqlite3_step (s);
  jn_status status = rc == SQLITE_ROW ? judge_check (a, (const char *) sqlite3_column_text (s, 0))
                                      : jn_connection_status (a->db);

  sqlite3_reset (s);
  return status;
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

static void
free_counted (void *data)
{
  jn_counted *c = data;

  jn_array_free (&c->lots);
  free (c);
}

jn_status
jn_audit_connection (jn_connection *connection, jn_finding_func report, jn_progress progress,
                     void *ctx, jn_head *head)
{
  static jn_status (*const steps[]) (jn_audit *) = { check_pages,
                                                     load_accounts,
                                                     jn_audit_load_annotations,
                                                     check_commits,
                                                     jn_audit_check_months,
                                                     check_holds,
                                                     check_blocks,
                                                     check_keys,
                                                     jn_audit_check_lots,
                                                     jn_audit_check_locals,
                                                     jn_audit_check_shifts,
                                                     jn_audit_check_early,
                                                     jn_audit_check_payees,
                                                     jn_audit_check_search,
                                                     jn_audit_check_notes };
  jn_tail tail = { 0 };
  jn_audit a = {
    .db = connection, .report = report, .progress = progress, .ctx = ctx, .tail = &tail
  };
  jn_status status = jn_tail_load (connection, &tail, SIZE_MAX >> 1);

  for (size_t i = 0; status == JN_OK && i < sizeof steps / sizeof *steps; i++)
    status = steps[i](&a);
  if (status == JN_OK)
    check_accounts (&a);
  *head = a.head;
  jn_map_clear (&a.accounts, free_counted);
  jn_map_clear (&a.lots, free);
  jn_map_clear (&a.months, free);
  jn_map_clear (&a.holds, free);
  jn_map_clear (&a.annotations, free);
  jn_map_clear (&a.shifts, free);
  jn_map_clear (&a.payees, free);
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
