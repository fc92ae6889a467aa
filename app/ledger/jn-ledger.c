#include "jn-ledger-private.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "jn-seal-vfs.h"

#define WRITER_CACHE_KIB 32768
#define MONTHS_KEPT 16384u

void
jn_column_id (sqlite3_stmt *stmt, int column, jn_id *out)
{
  const void *data = sqlite3_column_blob (stmt, column);

  memset (out, 0, sizeof *out);
  if (data != NULL && sqlite3_column_bytes (stmt, column) == 16)
    memcpy (out->b, data, 16);
}

void
jn_column_text (sqlite3_stmt *stmt, int column, char out[JN_TEXT_MAX + 1])
{
  const void *text = sqlite3_column_text (stmt, column);
  size_t n = (size_t) sqlite3_column_bytes (stmt, column);

  if (n > JN_TEXT_MAX)
    n = JN_TEXT_MAX;
  if (text != NULL)
    memcpy (out, text, n);
  out[text == NULL ? 0 : n] = '\0';
}

bool
jn_texts_are_short (sqlite3_stmt *stmt)
{
  return sqlite3_column_bytes (stmt, JN_T_PAYEE) <= JN_TEXT_MAX
         && sqlite3_column_bytes (stmt, JN_T_MEMO) <= JN_TEXT_MAX;
}

static jn_status
query_int (jn_ledger *ledger, jn_sql which, int64_t *out)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, which);
  int rc = s == NULL ? SQLITE_ERROR : sqlite3_step (s);

  if (rc == SQLITE_ROW)
    *out = sqlite3_column_int64 (s, 0);
  sqlite3_reset (s);
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? JN_OK : jn_connection_status (&ledger->writer);
}

static jn_status
raise_max_id (jn_ledger *ledger)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_MAX_REFUSED);
  int rc = s == NULL ? SQLITE_ERROR : sqlite3_step (s);
  int64_t key = INT64_MIN;
  jn_id id;
  jn_status status;

  if (rc == SQLITE_ROW)
    jn_column_id (s, 0, &ledger->max_id);
  sqlite3_reset (s);
  if (rc != SQLITE_ROW && rc != SQLITE_DONE)
    return jn_connection_status (&ledger->writer);
  status = query_int (ledger, JN_SQL_MAX_KEY, &key);
  if (status != JN_OK)
    return status;
  ledger->max_refused = ledger->max_id;
  ledger->tail.max_key = key;
  /* The key tells the first six bytes; whatever follows them lies below. */
  memset (id.b, 0xff, sizeof id.b);
  jn_write_number (id.b, ((uint64_t) key ^ (UINT64_C (1) << 63)) | 0xffff, 8);
  if (key != INT64_MIN && memcmp (id.b, ledger->max_id.b, 16) > 0)
    ledger->max_id = id;
  for (size_t i = 0; i < ledger->tail.rows.count; i++)
    if (memcmp (jn_tail_get (&ledger->tail, i)->id.b, ledger->max_id.b, 16) > 0)
      ledger->max_id = jn_tail_get (&ledger->tail, i)->id;
  return JN_OK;
}

static jn_status
load_head (jn_ledger *ledger)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_HEAD);
  int rc = s == NULL ? SQLITE_ERROR : sqlite3_step (s);

  memset (&ledger->head, 0, sizeof ledger->head);
  ledger->last_recorded_us = INT64_MIN;
  ledger->next_no = 1;
  if (rc == SQLITE_ROW)
    {
      const uint8_t *seal = sqlite3_column_blob (s, 0);

      if (seal != NULL && sqlite3_column_bytes (s, 0) == JN_SEAL_BYTES)
        {
          ledger->head.seq = jn_read_number (seal, 8);
          memcpy (ledger->head.hash, seal + 12, 32);
        }
      ledger->last_recorded_us = sqlite3_column_int64 (s, 1);
      ledger->next_no = (uint64_t) sqlite3_column_int64 (s, 2) + 1;
    }
  sqlite3_reset (s);
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? JN_OK : jn_connection_status (&ledger->writer);
}

jn_status
jn_state_load (jn_ledger *ledger)
{
  int64_t annotated = 0, early = 0;
  jn_status status;

  jn_caches_clear (ledger);
  memset (&ledger->max_id, 0, sizeof ledger->max_id);
  ledger->next_expiry = INT64_MAX;
  status = load_head (ledger);
  if (status == JN_OK)
    status = jn_tail_load (&ledger->writer, &ledger->tail, SIZE_MAX >> 1);
  /* Rows that count as indexed and are not there would hide those that come. */
  if (status == JN_OK && ledger->tail.indexed >= ledger->next_no)
    status = JN_INVARIANT;
  if (status == JN_OK)
    status = raise_max_id (ledger);
  if (status == JN_OK)
    status = jn_expiry_load (ledger);
  if (status == JN_OK)
    status = query_int (ledger, JN_SQL_ANNOTATION_ANY, &annotated);
  if (status == JN_OK && annotated != 0)
    status = query_int (ledger, JN_SQL_ANNOTATION_EARLY, &early);
  ledger->annotated = annotated != 0;
  ledger->early = early != 0;
  return status;
}

static jn_status
exec (jn_ledger *ledger, const char *sql)
{
  int rc = sqlite3_exec (ledger->writer.db, sql, NULL, NULL, NULL);

  return rc == SQLITE_OK ? JN_OK : jn_connection_status (&ledger->writer);
}

static jn_status
query_version (jn_ledger *ledger, int *version)
{
  sqlite3_stmt *s = NULL;
  jn_status status = JN_OK;

  if (sqlite3_prepare_v2 (ledger->writer.db, "PRAGMA user_version", -1, &s, NULL) != SQLITE_OK
      || sqlite3_step (s) != SQLITE_ROW)
    status = jn_connection_status (&ledger->writer);
  else
    *version = sqlite3_column_int (s, 0);
  sqlite3_finalize (s);
  return status;
}

static jn_status
create_tables (jn_ledger *ledger)
{
  jn_status status = exec (ledger, jn_sql_schema_accounts);

  if (status == JN_OK)
    status = exec (ledger, jn_sql_schema_facts);
  if (status == JN_OK)
    status = exec (ledger, jn_sql_schema_derived);
  if (status == JN_OK)
    status = exec (ledger, jn_sql_schema_imports);
  if (status == JN_OK)
    status = exec (ledger, jn_sql_schema_annotations);
  if (status == JN_OK)
    status = exec (ledger, jn_sql_schema_lots);
  return status == JN_OK ? exec (ledger, jn_sql_schema_rest) : status;
}

/* From any format that ever was to this one, in one transaction. */
static jn_status
bring_up_to_date (jn_ledger *ledger)
{
  int version = 0;
  jn_status status = exec (ledger, "BEGIN IMMEDIATE");

  /* Another process may have been first. */
  if (status == JN_OK)
    status = query_version (ledger, &version);
  if (status == JN_OK && version == 0)
    status = create_tables (ledger);
  else if (status == JN_OK && version < JN_FORMAT)
    status = jn_migrate (ledger, version);
  if (status == JN_OK)
    status = exec (ledger, jn_sql_version);
  if (status == JN_OK)
    status = exec (ledger, "COMMIT");
  if (status != JN_OK)
    exec (ledger, "ROLLBACK");
  return status;
}

static jn_status
settle (jn_ledger *ledger)
{
  int rc = jn_seal_settle (ledger->writer.db);

  return rc == SQLITE_OK ? JN_OK : jn_status_from_sqlite (rc);
}

static jn_status
connect_writer (jn_ledger *ledger)
{
  int version = 0;
  bool read_only = (ledger->flags & JN_OPEN_READ_ONLY) != 0;
  jn_status status = jn_connection_open (&ledger->writer, ledger->path, ledger->vfs, ledger->flags,
                                         WRITER_CACHE_KIB);

  if (status == JN_OK)
    status = jn_bulk_register (&ledger->writer);
  /* What is told from here on must not go with the power. */
  if (status == JN_OK && !read_only)
    status = settle (ledger);
  if (status == JN_OK)
    status = query_version (ledger, &version);
  if (status == JN_OK && version > JN_FORMAT)
    status = JN_FORMAT_NEWER;
  if (status == JN_OK && !read_only)
    {
      sqlite3_db_config (ledger->writer.db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
      /* The WAL is reused in place, which is twice as fast as growing it; 4096 pages bound it. */
      status = exec (ledger, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                             "PRAGMA journal_size_limit=-1; PRAGMA wal_autocheckpoint=4096");
    }
  if (status == JN_OK && version < JN_FORMAT)
    status = !read_only ? bring_up_to_date (ledger) : version == 0 ? JN_PAGE_DAMAGED : JN_READ_ONLY;
  if (status == JN_OK)
    status = query_int (ledger, JN_SQL_DATA_VERSION, &ledger->data_version);
  if (status == JN_OK)
    status = jn_state_load (ledger);
  return status;
}

jn_status
jn_open (const char *path, const jn_key *key, const jn_host *host, unsigned flags, jn_ledger **out)
{
  jn_ledger *ledger;
  jn_status status;

  *out = NULL;
  /* A key without a VFS that seals would leave the file in the clear. */
  if ((key != NULL && host != NULL && !jn_seal_vfs_is_sealing (host->vfs)) || path == NULL
      || host == NULL || host->now_us == NULL)
    return JN_INVALID;
  if ((flags & ~(unsigned) (JN_OPEN_READ_ONLY | JN_OPEN_ACCEPT_OLDER)) != 0)
    return JN_UNKNOWN_FLAG;
  ledger = calloc (1, sizeof *ledger);
  if (sodium_init () < 0 || ledger == NULL || pthread_mutex_init (&ledger->lock, NULL) != 0)
    {
      free (ledger);
      return JN_NO_MEMORY;
    }
  ledger->tail.writer = true;
  ledger->host = *host;
  ledger->flags = flags;
  ledger->path = strdup (path);
  ledger->vfs = host->vfs == NULL ? NULL : strdup (host->vfs);
  if (ledger->path == NULL || (host->vfs != NULL && ledger->vfs == NULL))
    status = JN_NO_MEMORY;
  else
    status = connect_writer (ledger);
  if (status == JN_OK && key != NULL)
    status = jn_connection_check_key (&ledger->writer, key);
  if (status == JN_OK)
    status = jn_head_check (ledger);
  if (status != JN_OK)
    jn_close (ledger);
  else
    *out = ledger;
  return status;
}

jn_status
jn_close (jn_ledger *ledger)
{
  if (ledger == NULL)
    return JN_OK;
  jn_snapshot_free (ledger->spare);
  jn_caches_clear (ledger);
  jn_tail_clear (&ledger->tail);
  jn_connection_close (&ledger->writer);
  pthread_mutex_destroy (&ledger->lock);
  free (ledger->path);
  free (ledger->vfs);
  free (ledger);
  return JN_OK;
}

/* False when even that fails, as without memory; then only closing the connection ends the transaction. */
static bool
roll_back (jn_ledger *ledger)
{
  return sqlite3_get_autocommit (ledger->writer.db) != 0
         || jn_connection_do (&ledger->writer, JN_SQL_ROLLBACK) == JN_OK;
}

/* After a failed sync only the file, read anew, tells what happened. A commit of its own comes first: where the one that failed is not
 * seen, its frames are written over, so that no later recovery finds them; where it is seen, it is durable together with this one. */
jn_status
jn_ledger_trust (jn_ledger *ledger)
{
  bool writes = (ledger->flags & JN_OPEN_READ_ONLY) == 0;
  bool decided = !writes;
  jn_status status;

  if (!ledger->reopen)
    return JN_OK;
  pthread_mutex_lock (&ledger->lock);
  jn_snapshot_free (ledger->spare);
  ledger->spare = NULL;
  pthread_mutex_unlock (&ledger->lock);
  if (writes && ledger->writer.db != NULL)
    decided = roll_back (ledger) && exec (ledger, jn_sql_version) == JN_OK;
  jn_connection_close (&ledger->writer);
  status = connect_writer (ledger);
  if (status == JN_OK && !decided)
    status = exec (ledger, jn_sql_version);
  ledger->reopen = status != JN_OK;
  return status;
}

static jn_status
begin (jn_ledger *ledger)
{
  int64_t version = ledger->data_version;
  jn_status status = jn_connection_do (&ledger->writer, JN_SQL_BEGIN);

  if (status != JN_OK)
    return status;
  status = query_int (ledger, JN_SQL_DATA_VERSION, &version);
  if (status == JN_OK && version != ledger->data_version)
    {
      ledger->data_version = version;
      status = jn_state_load (ledger);
    }
  return status;
}

jn_status
jn_write_begin (jn_ledger *ledger)
{
  int64_t now = ledger->host.now_us (ledger->host.ctx);
  jn_status status;

  if ((ledger->flags & JN_OPEN_READ_ONLY) != 0)
    return JN_READ_ONLY;
  status = jn_ledger_trust (ledger);
  if (status != JN_OK)
    return status;
  ledger->changed = false;
  status = begin (ledger);
  ledger->recorded_us = now > ledger->last_recorded_us ? now : ledger->last_recorded_us + 1;
  ledger->first_no = ledger->next_no;
  ledger->leaves.count = 0;
  if (status == JN_OK && ledger->next_expiry <= ledger->recorded_us)
    {
      /* Holds first: what they give back may be over as well. */
      status = jn_holds_expire (ledger);
      if (status == JN_OK)
        status = jn_lots_expire (ledger);
      if (status == JN_OK)
        status = jn_expiry_load (ledger);
    }
  return status == JN_OK ? JN_OK : jn_write_end (ledger, status, NULL);
}

/* Chains this commit to the one before and leaves the seal in its last row. */
static jn_status
seal_commit (jn_ledger *ledger, jn_head *head)
{
  size_t n = ledger->leaves.count;
  uint8_t root[32], seal[JN_SEAL_BYTES];
  sqlite3_stmt *s;

  jn_chain_root (ledger->leaves.data, n, root);
  head->seq = ledger->head.seq + 1;
  jn_chain_commit (ledger->head.hash, head->seq, ledger->recorded_us, n, root, head->hash);
  jn_write_number (seal, head->seq, 8);
  jn_write_number (seal + 8, n, 4);
  memcpy (seal + 12, head->hash, 32);
  if (ledger->waiting.count > 0)
    return jn_records_flush (ledger, seal);
  /* That row was read in this commit. */
  s = jn_connection_get (&ledger->writer, JN_SQL_TRANSFER_SEAL);
  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) ledger->next_no - 1);
  sqlite3_bind_blob (s, 2, seal, JN_SEAL_BYTES, SQLITE_STATIC);
  return jn_connection_run (&ledger->writer, s);
}

static jn_status
commit (jn_ledger *ledger)
{
  jn_head head = ledger->head;
  jn_status status = jn_caches_flush (ledger);

  if (status == JN_OK && ledger->leaves.count > 0)
    status = seal_commit (ledger, &head);
  if (status == JN_OK)
    status = jn_index_when_full (ledger);
  if (status == JN_OK)
    status = jn_connection_do (&ledger->writer, JN_SQL_COMMIT);
  if (status == JN_OK && ledger->leaves.count > 0)
    {
      ledger->head = head;
      ledger->last_recorded_us = ledger->recorded_us;
      if (ledger->host.head_store != NULL)
        ledger->host.head_store (ledger->host.ctx, &ledger->head);
    }
  return status;
}

jn_status
jn_write_end (jn_ledger *ledger, jn_status status, jn_head *head)
{
  bool ended = true;

  if (status == JN_OK && ledger->changed)
    status = commit (ledger);
  else
    ended = roll_back (ledger);
  if (status != JN_OK)
    {
      ended = roll_back (ledger);
      ledger->reopen = status == JN_SYNC_FAILED || !ended || jn_state_load (ledger) != JN_OK;
    }
  else if (!ended)
    ledger->reopen = true;
  else if (ledger->months.count + ledger->payees.count > MONTHS_KEPT)
    jn_caches_clear (ledger);
  if (status == JN_OK && head != NULL)
    *head = ledger->head;
  return status;
}

static void
undo_all (jn_ledger *ledger)
{
  jn_undo *undo = ledger->undo.data;

  for (size_t i = ledger->undo.count; i > 0; i--)
    *undo[i - 1].account = undo[i - 1].before;
}

jn_status
jn_group_begin (jn_ledger *ledger, jn_group_mark *mark)
{
  jn_status status = jn_records_flush (ledger, NULL);

  mark->next_no = ledger->next_no;
  mark->leaves = ledger->leaves.count;
  ledger->undo.count = 0;
  ledger->in_group = true;
  return status == JN_OK ? jn_connection_do (&ledger->writer, JN_SQL_SAVE) : status;
}

jn_status
jn_group_end (jn_ledger *ledger, const jn_group_mark *mark, bool keep)
{
  jn_status status = JN_OK;

  if (!keep)
    {
      undo_all (ledger);
      ledger->next_no = mark->next_no;
      ledger->leaves.count = mark->leaves;
      ledger->waiting.count = 0;
      jn_tail_cut (&ledger->tail, mark->next_no);
      status = jn_connection_do (&ledger->writer, JN_SQL_SAVE_BACK);
    }
  ledger->in_group = false;
  ledger->undo.count = 0;
  return status == JN_OK ? jn_connection_do (&ledger->writer, JN_SQL_RELEASE) : status;
}

jn_status
jn_head_get (jn_ledger *ledger, jn_head *out)
{
  jn_status status = jn_ledger_trust (ledger);

  if (status == JN_OK)
    *out = ledger->head;
  return status;
}
