#include "jn-ledger-private.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* The commit that a row belongs to. */
typedef struct
{
  uint64_t first_no, last_no, seq;
  int64_t recorded_us;
  jn_map accounts; /* by number, only id and currency */
  jn_array leaves;
  uint8_t record[128]; /* of the wanted row */
} commit_leaves;

static void
clear_commit (commit_leaves *c)
{
  jn_map_clear (&c->accounts, free);
  jn_array_free (&c->leaves);
}

static jn_status
load_account (jn_connection *db, commit_leaves *c, uint64_t no, jn_account_state **out)
{
  sqlite3_stmt *s;
  uint8_t key[16] = { 0 };
  jn_status status = JN_OK;

  memcpy (key, &no, sizeof no);
  *out = jn_map_get (&c->accounts, key);
  if (*out != NULL)
    return JN_OK;
  s = jn_connection_get (db, JN_SQL_ACCOUNT_BY_NO);
  if (s == NULL)
    return jn_connection_status (db);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) no);
  status = jn_connection_need_row (db, s);
  if (status == JN_OK)
    {
      *out = calloc (1, sizeof **out);
      if (*out == NULL || !jn_map_put (&c->accounts, key, *out))
        {
          free (*out);
          *out = NULL;
          status = JN_NO_MEMORY;
        }
      else
        {
          jn_column_id (s, 1, &(*out)->info.id);
          (*out)->info.currency = (uint32_t) sqlite3_column_int64 (s, 2);
        }
    }
  sqlite3_reset (s);
  return status;
}

static jn_status
load_pending_id (jn_connection *db, uint64_t no, jn_id *out)
{
  sqlite3_stmt *s;
  jn_status status = JN_OK;

  if (no == 0)
    return JN_OK;
  s = jn_connection_get (db, JN_SQL_TRANSFER_BY_NO);
  if (s == NULL)
    return jn_connection_status (db);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) no);
  status = jn_connection_need_row (db, s);
  if (status == JN_OK)
    jn_column_id (s, JN_T_ID, out);
  sqlite3_reset (s);
  return status;
}

static jn_status
add_leaf (jn_connection *db, commit_leaves *c, sqlite3_stmt *s, uint64_t wanted)
{
  uint8_t *leaf = jn_array_add (&c->leaves, 32);
  jn_record r = { 0 };
  jn_status status;

  if (leaf == NULL)
    return JN_NO_MEMORY;
  jn_record_read (s, &r);
  if (!jn_texts_are_short (s))
    return JN_INVARIANT;
  status = load_account (db, c, (uint64_t) sqlite3_column_int64 (s, JN_T_DR), &r.debit);
  if (status == JN_OK)
    status = load_account (db, c, (uint64_t) sqlite3_column_int64 (s, JN_T_CR), &r.credit);
  if (status == JN_OK)
    status = load_pending_id (db, r.pend_no, &r.pending);
  if (status != JN_OK)
    return status;
  if ((uint64_t) sqlite3_column_int64 (s, JN_T_NO) == wanted)
    jn_chain_record (&r, c->record);
  jn_chain_leaf (&r, leaf);
  return JN_OK;
}

/* Reads the seal of row @no, or of the first sealed row after it. */
static jn_status
find_seal (jn_connection *db, uint64_t no, commit_leaves *c, jn_head *head)
{
  sqlite3_stmt *s = jn_connection_get (db, JN_SQL_TRANSFER_FROM);
  jn_status status = JN_CHAIN_BROKEN;
  int rc;

  if (s == NULL)
    return jn_connection_status (db);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) no);
  while ((rc = sqlite3_step (s)) == SQLITE_ROW)
    if (sqlite3_column_bytes (s, JN_T_SEAL) == JN_SEAL_BYTES)
      {
        const uint8_t *seal = sqlite3_column_blob (s, JN_T_SEAL);
        uint64_t n = jn_read_number (seal + 8, 4);

        c->last_no = (uint64_t) sqlite3_column_int64 (s, JN_T_NO);
        c->recorded_us = sqlite3_column_int64 (s, JN_T_RECORDED);
        c->seq = head->seq = jn_read_number (seal, 8);
        memcpy (head->hash, seal + 12, 32);
        c->first_no = c->last_no + 1 - n;
        status = n == 0 || n > c->last_no ? JN_CHAIN_BROKEN : JN_OK;
        break;
      }
  if (rc != SQLITE_ROW && rc != SQLITE_DONE)
    status = jn_connection_status (db);
  sqlite3_reset (s);
  return status;
}

static jn_status
load_leaves (jn_connection *db, commit_leaves *c, uint64_t wanted)
{
  sqlite3_stmt *s = jn_connection_get (db, JN_SQL_TRANSFER_FROM);
  jn_status status = s == NULL ? jn_connection_status (db) : JN_OK;

  c->leaves.count = 0;
  if (status == JN_OK)
    sqlite3_bind_int64 (s, 1, (sqlite3_int64) c->first_no);
  for (uint64_t no = c->first_no; status == JN_OK && no <= c->last_no; no++)
    {
      status = jn_connection_need_row (db, s);
      if (status == JN_INVARIANT
          || (status == JN_OK && (uint64_t) sqlite3_column_int64 (s, JN_T_NO) != no))
        status = JN_CHAIN_BROKEN;
      if (status == JN_OK)
        status = add_leaf (db, c, s, wanted);
    }
  sqlite3_reset (s);
  return status;
}

static void
hash_pair (const uint8_t left[32], const uint8_t right[32], uint8_t out[32])
{
  uint8_t pair[2][32];

  memcpy (pair[0], left, 32);
  memcpy (pair[1], right, 32);
  jn_chain_root (pair, 2, out);
}

/* Collects the neighbours on the way from leaf @index to the root; overwrites the leaves. */
static void
make_path (uint8_t (*nodes)[32], size_t n, size_t index, jn_proof *proof)
{
  for (proof->n_path = 0; n > 1; n = (n + 1) / 2, index /= 2)
    {
      size_t beside = index ^ 1;

      if (beside < n)
        memcpy (proof->path[proof->n_path++], nodes[beside], 32);
      for (size_t i = 0; i + 1 < n; i += 2)
        hash_pair (nodes[i], nodes[i + 1], nodes[i / 2]);
      if (n % 2 == 1)
        memmove (nodes[n / 2], nodes[n - 1], 32);
    }
}

static jn_status
load_hash (jn_connection *db, uint64_t no, uint8_t hash[32])
{
  commit_leaves c = { 0 };
  jn_head head = { 0 };
  jn_status status = JN_OK;

  if (no > 0)
    {
      status = find_seal (db, no, &c, &head);
      if (status == JN_OK && c.last_no != no)
        status = JN_CHAIN_BROKEN;
    }
  memcpy (hash, head.hash, 32);
  return status;
}

jn_status
jn_prove (jn_snapshot *snapshot, const jn_id *transfer, jn_proof *proof)
{
  commit_leaves c = { 0 };
  uint64_t no = 0;
  jn_head head;
  jn_status status = jn_snapshot_tail (snapshot);

  memset (proof, 0, sizeof *proof);
  if (status == JN_OK)
    status = jn_id_find (&snapshot->reader, &snapshot->tail, transfer, &no);
  if (status != JN_OK || no == 0)
    return status == JN_OK ? JN_NOT_FOUND : status;
  status = find_seal (&snapshot->reader, no, &c, &head);
  if (status == JN_OK && c.first_no > no)
    status = JN_CHAIN_BROKEN;
  if (status == JN_OK)
    status = load_leaves (&snapshot->reader, &c, no);
  if (status == JN_OK)
    status = load_hash (&snapshot->reader, c.first_no - 1, proof->previous);
  if (status == JN_OK)
    {
      memcpy (proof->record, c.record, sizeof proof->record);
      proof->seq = c.seq;
      proof->recorded_us = c.recorded_us;
      proof->n = c.leaves.count;
      proof->index = no - c.first_no;
      make_path (c.leaves.data, c.leaves.count, (size_t) proof->index, proof);
    }
  clear_commit (&c);
  return status;
}

jn_status
jn_prove_links (jn_snapshot *snapshot, const jn_proof *proof, const jn_id *transfer, jn_link *links,
                size_t *n)
{
  commit_leaves c = { 0 };
  uint64_t no = 0;
  size_t room = *n;
  jn_head head;
  jn_status status = jn_snapshot_tail (snapshot);

  *n = 0;
  if (status == JN_OK)
    status = jn_id_find (&snapshot->reader, &snapshot->tail, transfer, &no);
  if (status == JN_OK && no == 0)
    status = JN_NOT_FOUND;
  if (status == JN_OK)
    status = find_seal (&snapshot->reader, no, &c, &head);
  if (status == JN_OK && c.seq != proof->seq)
    status = JN_INVALID;
  while (status == JN_OK && *n < room
         && c.last_no < snapshot->tail.indexed + snapshot->tail.rows.count)
    {
      status = find_seal (&snapshot->reader, c.last_no + 1, &c, &head);
      if (status == JN_OK)
        status = load_leaves (&snapshot->reader, &c, 0);
      if (status != JN_OK)
        break;
      links[*n].recorded_us = c.recorded_us;
      links[*n].n = c.leaves.count;
      jn_chain_root (c.leaves.data, c.leaves.count, links[(*n)++].root);
    }
  clear_commit (&c);
  return status;
}

static bool
fold_path (const jn_proof *p, uint8_t root[32])
{
  uint8_t bytes[129] = { 0 };
  uint64_t n = p->n, index = p->index;
  size_t used = 0;

  if (n == 0 || index >= n || p->n_path > JN_PROOF_PATH)
    return false;
  memcpy (bytes + 1, p->record, 128);
  crypto_generichash (root, 32, bytes, sizeof bytes, NULL, 0);
  for (; n > 1; n = (n + 1) / 2, index /= 2)
    {
      if ((index ^ 1) >= n)
        continue;
      if (used == p->n_path)
        return false;
      if (index % 2 == 1)
        hash_pair (p->path[used++], root, root);
      else
        hash_pair (root, p->path[used++], root);
    }
  return used == p->n_path;
}

jn_status
jn_verify_proof (const jn_proof *proof, const jn_link *links, size_t n, const jn_head *head)
{
  uint8_t root[32], hash[32];
  uint64_t seq = proof->seq;

  if (!fold_path (proof, root)
      || jn_read_number (proof->record + 80, 8) != (uint64_t) proof->recorded_us)
    return JN_CHAIN_BROKEN;
  jn_chain_commit (proof->previous, seq, proof->recorded_us, proof->n, root, hash);
  for (size_t i = 0; i < n; i++)
    jn_chain_commit (hash, ++seq, links[i].recorded_us, links[i].n, links[i].root, hash);
  return seq == head->seq && memcmp (hash, head->hash, 32) == 0 ? JN_OK : JN_CHAIN_BROKEN;
}

/* ---- the head outside ---- */

/* Whether commit @known is part of what this file says; looked for from its end. */
static jn_status
find_head (jn_ledger *ledger, const jn_head *known)
{
  uint64_t no = ledger->next_no - 1;
  commit_leaves c = { 0 };
  jn_head head = { 0 };
  jn_status status = JN_OK;

  do
    {
      status = find_seal (&ledger->writer, no, &c, &head);
      if (status == JN_OK && (c.last_no != no || c.first_no == 0))
        status = JN_CHAIN_BROKEN;
      no = c.first_no - 1;
    }
  while (status == JN_OK && head.seq > known->seq && no > 0);
  if (status != JN_OK)
    return status;
  return head.seq == known->seq && memcmp (head.hash, known->hash, 32) == 0 ? JN_OK
                                                                            : JN_CHAIN_BROKEN;
}

jn_status
jn_head_check (jn_ledger *ledger)
{
  jn_head known = { 0 };

  if (ledger->host.head_load == NULL || !ledger->host.head_load (ledger->host.ctx, &known)
      || known.seq == 0)
    return JN_OK;
  if (known.seq > ledger->head.seq)
    return (ledger->flags & JN_OPEN_ACCEPT_OLDER) != 0 ? JN_OK : JN_FILE_OLDER_THAN_HEAD;
  return find_head (ledger, &known);
}
