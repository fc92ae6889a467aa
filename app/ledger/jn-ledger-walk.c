#include "jn-ledger-private.h"

#include <string.h>

jn_status
jn_snapshot_tail (jn_snapshot *snapshot)
{
  jn_status status;

  if (snapshot->has_tail)
    return JN_OK;
  status = jn_tail_load (&snapshot->reader, &snapshot->tail, SIZE_MAX >> 1);
  snapshot->has_tail = status == JN_OK;
  return status;
}

jn_status
jn_walk_begin (jn_walk *walk, jn_snapshot *snapshot, uint64_t own, int64_t posted, uint64_t first,
               uint64_t last)
{
  uint64_t most = (UINT64_C (1) << JN_BLOCK_SHIFT) - 1;
  jn_status status = jn_snapshot_tail (snapshot);

  walk->snapshot = snapshot;
  walk->own = own;
  walk->first = first;
  walk->last = last < most ? last : most;
  walk->balance = posted;
  walk->tail_left = snapshot->tail.rows.count;
  walk->left = 0;
  walk->blocks = NULL;
  if (status != JN_OK)
    return status;
  walk->blocks = jn_connection_get (&snapshot->reader, JN_SQL_BLOCK_DOWN);
  if (walk->blocks == NULL)
    return jn_connection_status (&snapshot->reader);
  sqlite3_bind_int64 (walk->blocks, 1, (sqlite3_int64) (own << JN_BLOCK_SHIFT));
  sqlite3_bind_int64 (walk->blocks, 2, (sqlite3_int64) (own << JN_BLOCK_SHIFT | walk->last));
  return JN_OK;
}

static bool
next_of_tail (jn_walk *walk, jn_entry *entry)
{
  while (walk->tail_left > 0)
    {
      const jn_tail_row *row = jn_tail_get (&walk->snapshot->tail, --walk->tail_left);
      bool debit = row->dr == walk->own;

      if (!jn_kind_books (row->kind) || (!debit && row->cr != walk->own))
        continue;
      *entry = (jn_entry){ row->no, debit ? -row->amount : row->amount, walk->balance,
                           row->value_date, row->code };
      walk->balance = (int64_t) ((uint64_t) walk->balance - (uint64_t) entry->amount);
      if (row->no <= walk->last)
        return true;
    }
  return false;
}

static jn_status
next_block (jn_walk *walk)
{
  int rc = sqlite3_step (walk->blocks);
  uint64_t first_no;

  if (rc != SQLITE_ROW)
    return rc == SQLITE_DONE ? JN_NOT_FOUND : jn_connection_status (&walk->snapshot->reader);
  first_no =
      (uint64_t) sqlite3_column_int64 (walk->blocks, 0) & ((UINT64_C (1) << JN_BLOCK_SHIFT) - 1);
  return jn_block_read (sqlite3_column_blob (walk->blocks, 1),
                        (size_t) sqlite3_column_bytes (walk->blocks, 1), first_no, walk->entries,
                        &walk->left)
             ? JN_OK
             : JN_INVARIANT;
}

jn_status
jn_walk_next (jn_walk *walk, jn_entry *entry)
{
  jn_status status = JN_OK;
  bool found = next_of_tail (walk, entry);

  while (!found)
    {
      while (walk->left > 0 && !found)
        {
          *entry = walk->entries[--walk->left];
          found = entry->no <= walk->last;
        }
      if (found)
        break;
      status = next_block (walk);
      if (status == JN_OK)
        continue;
      *entry = (jn_entry){ 0 };
      return status == JN_NOT_FOUND ? JN_OK : status;
    }
  if (entry->no < walk->first)
    *entry = (jn_entry){ 0 };
  return JN_OK;
}

void
jn_walk_end (jn_walk *walk)
{
  sqlite3_reset (walk->blocks);
}
