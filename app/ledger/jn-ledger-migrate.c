#include "jn-ledger-private.h"

#include <string.h>

static jn_status
exec (jn_ledger *ledger, const char *sql)
{
  int rc = sqlite3_exec (ledger->writer.db, sql, NULL, NULL, NULL);

  return rc == SQLITE_OK ? JN_OK : jn_connection_status (&ledger->writer);
}

/* The seal moves from the log of commits into the last row of each. */
static jn_status
move_seal (jn_ledger *ledger, sqlite3_stmt *log)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_TRANSFER_SEAL);
  uint64_t n = (uint64_t) sqlite3_column_int64 (log, 2);
  const void *hash = sqlite3_column_blob (log, 3);
  uint8_t seal[JN_SEAL_BYTES];

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  if (hash == NULL || sqlite3_column_bytes (log, 3) != 32)
    return JN_CHAIN_BROKEN;
  jn_write_number (seal, (uint64_t) sqlite3_column_int64 (log, 0), 8);
  jn_write_number (seal + 8, n, 4);
  memcpy (seal + 12, hash, 32);
  sqlite3_bind_int64 (s, 1, sqlite3_column_int64 (log, 1) + (sqlite3_int64) n - 1);
  sqlite3_bind_blob (s, 2, seal, JN_SEAL_BYTES, SQLITE_STATIC);
  return jn_connection_run (&ledger->writer, s);
}

static jn_status
move_seals (jn_ledger *ledger)
{
  sqlite3_stmt *log = NULL;
  jn_status status = JN_OK;
  int rc = SQLITE_DONE;

  if (sqlite3_prepare_v2 (ledger->writer.db,
                          "SELECT seq, first_no, n, hash FROM commit_log ORDER BY seq", -1, &log,
                          NULL)
      != SQLITE_OK)
    return jn_connection_status (&ledger->writer);
  while (status == JN_OK && (rc = sqlite3_step (log)) == SQLITE_ROW)
    status = move_seal (ledger, log);
  if (status == JN_OK && rc != SQLITE_DONE)
    status = jn_connection_status (&ledger->writer);
  sqlite3_finalize (log);
  return status;
}

/* Format 1: every commit had a row of its own, entries were single rows, ids had a unique index, all digests were kept. */
static jn_status
from_1 (jn_ledger *ledger)
{
  jn_status status = exec (ledger, "ALTER TABLE transfer RENAME TO old_transfer");

  if (status == JN_OK)
    status = exec (ledger, jn_sql_schema_facts);
  if (status == JN_OK)
    status = exec (ledger, jn_sql_migrate_1);
  if (status == JN_OK)
    status = move_seals (ledger);
  if (status == JN_OK)
    status = exec (ledger, "DROP TABLE old_transfer; DROP TABLE commit_log; DROP TABLE entry;"
                           "DROP TABLE month");
  if (status == JN_OK)
    status = exec (ledger, jn_sql_schema_derived);
  return status == JN_OK ? exec (ledger, jn_sql_schema_imports) : status;
}

/* What is derived is thrown away and made anew by the newest rules. */
static jn_status
derive_anew (jn_ledger *ledger)
{
  jn_status status = exec (ledger, "DROP TABLE state; DROP TABLE id_key; DROP TABLE block;"
                                   "DROP TABLE month; DROP TABLE search");

  if (status == JN_OK)
    status = exec (ledger, jn_sql_schema_derived);
  return status == JN_OK ? jn_index_rebuild (ledger) : status;
}

jn_status
jn_migrate (jn_ledger *ledger, int version)
{
  jn_status status = JN_OK;

  if (version == 1)
    status = from_1 (ledger);
  /* Format 2 knew no annotations, format 3 no rollups by payee and no initials, format 4 no lots, format 5 no sums by day;
   * in files of format 6 lists of entries of large amounts may have ended early, the index of format 7 had no letter by itself. */
  if (status == JN_OK && version < 3)
    status = exec (ledger, jn_sql_schema_annotations);
  if (status == JN_OK && version < 5)
    status = exec (ledger, jn_sql_schema_lots);
  if (status != JN_OK)
    return status;
  return version == 2 || version == 3 ? derive_anew (ledger) : jn_index_rebuild (ledger);
}
