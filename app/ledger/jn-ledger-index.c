#include "jn-ledger-private.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK 8192u

/* ---- ids ---- */

typedef struct
{
  int64_t key;
  uint64_t no;
} id_key;

static int
compare_keys (const void *a, const void *b)
{
  const id_key *x = a;
  const id_key *y = b;

  if (x->key != y->key)
    return x->key < y->key ? -1 : 1;
  return x->no < y->no ? -1 : x->no > y->no;
}

static void
key_column (sqlite3_context *out, const void *row, int i)
{
  const id_key *key = row;

  sqlite3_result_int64 (out, i == 0 ? key->key : (sqlite3_int64) key->no);
}

/* Sorted, so that neighbours meet on one page. */
static jn_status
index_ids (jn_ledger *ledger)
{
  size_t n = ledger->tail.rows.count;
  id_key *keys = calloc (n, sizeof *keys);
  jn_status status;

  if (keys == NULL)
    return JN_NO_MEMORY;
  for (size_t i = 0; i < n; i++)
    {
      const jn_tail_row *row = jn_tail_get (&ledger->tail, i);

      keys[i] = (id_key){ jn_id_to_key (&row->id, ledger->tail.key), row->no };
    }
  qsort (keys, n, sizeof *keys, compare_keys);
  status = jn_bulk_run (&ledger->writer, JN_SQL_KEY_INSERT, keys, n, sizeof *keys, key_column);
  if (keys[n - 1].key > ledger->tail.max_key)
    ledger->tail.max_key = keys[n - 1].key;
  free (keys);
  return status;
}

/* ---- blocks ---- */

static jn_status
write_block (jn_ledger *ledger, jn_block *block)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_BLOCK_PUT);

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) (block->account << JN_BLOCK_SHIFT | block->first_no));
  sqlite3_bind_blob (s, 2, block->data, (int) block->size, SQLITE_STATIC);
  block->dirty = false;
  return jn_connection_run (&ledger->writer, s);
}

static bool
read_block (sqlite3_stmt *s, jn_block *block)
{
  jn_entry entries[JN_BLOCK_ENTRIES];
  const void *data = sqlite3_column_blob (s, 1);
  size_t size = (size_t) sqlite3_column_bytes (s, 1);

  block->first_no = (uint64_t) sqlite3_column_int64 (s, 0) & ((UINT64_C (1) << JN_BLOCK_SHIFT) - 1);
  if (data == NULL || size > sizeof block->data
      || !jn_block_read (data, size, block->first_no, entries, &block->n) || block->n == 0)
    return false;
  memcpy (block->data, data, size);
  block->size = size;
  block->last = entries[block->n - 1];
  return true;
}

/* The last block of the account, from the file when it is not in memory. */
static jn_status
load_block (jn_ledger *ledger, jn_account_state *account)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_BLOCK_DOWN);
  jn_status status = JN_OK;
  int rc;

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  account->block = calloc (1, sizeof *account->block);
  if (account->block == NULL)
    return JN_NO_MEMORY;
  account->block->account = account->no;
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) (account->no << JN_BLOCK_SHIFT));
  sqlite3_bind_int64 (s, 2, (sqlite3_int64) ((account->no + 1) << JN_BLOCK_SHIFT) - 1);
  rc = sqlite3_step (s);
  if (rc == SQLITE_ROW)
    status = read_block (s, account->block) ? JN_OK : JN_INVARIANT;
  else if (rc != SQLITE_DONE)
    status = jn_connection_status (&ledger->writer);
  sqlite3_reset (s);
  return status;
}

static jn_status
add_entry (jn_ledger *ledger, jn_account_state *account, const jn_tail_row *row, bool debit,
           jn_array *dirty)
{
  jn_entry entry = { .no = row->no,
                     .amount = debit ? -row->amount : row->amount,
                     .value_date = row->value_date,
                     .code = row->code };
  jn_status status = account->block == NULL ? load_block (ledger, account) : JN_OK;
  bool was_dirty;

  if (status != JN_OK)
    return status;
  was_dirty = account->block->dirty;
  if (!jn_block_append (account->block, &entry))
    {
      status = was_dirty ? write_block (ledger, account->block) : JN_OK;
      account->block->n = account->block->size = 0;
      jn_block_append (account->block, &entry);
    }
  if (status == JN_OK && !was_dirty)
    {
      jn_block **slot = jn_array_add (dirty, sizeof (void *));

      if (slot == NULL)
        return JN_NO_MEMORY;
      *slot = account->block;
    }
  return status;
}

/* ---- months ---- */

static jn_status
add_to_one (jn_ledger *ledger, const jn_tail_row *row, uint64_t account, bool debit, int32_t month,
            uint16_t code, uint64_t *first_no)
{
  jn_month *m = NULL;
  jn_status status = jn_month_find (ledger, account, month, code, &m);

  if (status == JN_OK)
    status = jn_month_touch (ledger, m);
  if (status != JN_OK)
    return status;
  if (!jn_add_to_sum (debit ? &m->row.d : &m->row.c, row->amount, (int64_t) account < 0))
    return JN_INVARIANT;
  *(debit ? &m->row.n_d : &m->row.n_c) += 1;
  if (m->first_no == 0)
    m->first_no = row->no;
  m->last_no = row->no;
  if (first_no != NULL)
    *first_no = m->first_no;
  return JN_OK;
}

/* By code, and the totals of the month, of the year and of a day, which have the number below zero. */
static jn_status
add_to_month (jn_ledger *ledger, const jn_tail_row *row, uint64_t account, bool debit)
{
  int32_t month = row->value_date / 100;
  uint64_t first_no = 0;
  jn_status status = add_to_one (ledger, row, account, debit, month, row->code, NULL);

  if (status == JN_OK)
    status = add_to_one (ledger, row, account, debit, -month, 0, &first_no);
  if (status == JN_OK)
    status = add_to_one (ledger, row, account, debit, -(month / 100), 0, NULL);
  if (status == JN_OK && jn_counts_by_day (row->no, first_no))
    status = add_to_one (ledger, row, account, debit, -row->value_date, 0, NULL);
  return status;
}

static jn_status
index_row (jn_ledger *ledger, const jn_tail_row *row, jn_array *dirty)
{
  jn_account_state *debit = NULL, *credit = NULL;
  jn_status status = jn_account_by_no (ledger, row->dr, &debit);

  if (status == JN_OK)
    status = jn_account_by_no (ledger, row->cr, &credit);
  if (status == JN_OK)
    status = add_entry (ledger, debit, row, true, dirty);
  if (status == JN_OK)
    status = add_entry (ledger, credit, row, false, dirty);
  if (status == JN_OK)
    status = add_to_month (ledger, row, row->dr, true);
  if (status == JN_OK)
    status = add_to_month (ledger, row, row->cr, false);
  if (status != JN_OK || row->flow == 0)
    return status;
  status = add_to_one (ledger, row, jn_all_accounts (row->currency), row->flow < 0,
                       row->value_date / 100, row->code, NULL);
  return status == JN_OK ? jn_payee_index (ledger, row) : status;
}

static jn_status
index_entries (jn_ledger *ledger)
{
  jn_array dirty = { 0 };
  jn_block **blocks;
  jn_status status = JN_OK;

  for (size_t i = 0; status == JN_OK && i < ledger->tail.rows.count; i++)
    {
      const jn_tail_row *row = jn_tail_get (&ledger->tail, i);

      if (jn_kind_books (row->kind))
        status = index_row (ledger, row, &dirty);
    }
  blocks = dirty.data;
  for (size_t i = 0; status == JN_OK && i < dirty.count; i++)
    status = write_block (ledger, blocks[i]);
  jn_array_free (&dirty);
  if (status == JN_OK)
    status = jn_months_flush (ledger);
  return status == JN_OK ? jn_payees_flush (ledger) : status;
}

/* ---- all of them ---- */

jn_status
jn_index_tail (jn_ledger *ledger)
{
  size_t n = ledger->tail.rows.count;
  sqlite3_stmt *s;
  jn_status status;

  if (n == 0)
    return JN_OK;
  status = index_ids (ledger);
  if (status == JN_OK)
    status = index_entries (ledger);
  if (status == JN_OK)
    status = jn_search_index_tail (ledger);
  if (status != JN_OK)
    return status;
  s = jn_connection_get (&ledger->writer, JN_SQL_STATE_PUT);
  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  ledger->tail.indexed += n;
  jn_tail_empty (&ledger->tail);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) ledger->tail.indexed);
  return jn_connection_run (&ledger->writer, s);
}

jn_status
jn_index_when_full (jn_ledger *ledger)
{
  return ledger->tail.rows.count < jn_tail_limit (&ledger->host) ? JN_OK : jn_index_tail (ledger);
}

jn_status
jn_index_rebuild (jn_ledger *ledger)
{
  jn_status status = jn_status_from_sqlite (
      sqlite3_exec (ledger->writer.db,
                    "DELETE FROM id_key; DELETE FROM block; DELETE FROM month; DELETE FROM payee;"
                    "INSERT INTO search (search) VALUES ('delete-all');"
                    "UPDATE state SET indexed = 0",
                    NULL, NULL, NULL));

  jn_caches_clear (ledger);
  do
    {
      if (status == JN_OK)
        status = jn_tail_load (&ledger->writer, &ledger->tail, CHUNK);
      if (status == JN_OK && ledger->tail.rows.count > 0)
        status = jn_index_tail (ledger);
      else
        break;
    }
  while (status == JN_OK);
  return status == JN_OK ? jn_local_rebuild (ledger) : status;
}
