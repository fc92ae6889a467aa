#include "jn-db.h"

#include "jn-seal-vfs.h"

#include <errno.h>
#include <sqlite3.h>

struct _JnStatement
{
  JnDb *db;
  sqlite3_stmt *stmt;
  int bind_result; /* first binding that failed since the last reset */
};

struct _JnDb
{
  sqlite3 *sqlite;
  GHashTable *statements; /* SQL text → JnStatement */
};

static JnErrorCode
error_code_extended (int code)
{
  switch (code)
    {
    case SQLITE_IOERR_FSYNC:
    case SQLITE_IOERR_DIR_FSYNC:
    case SQLITE_IOERR_COMMIT_ATOMIC:
      return JN_ERROR_SYNC_FAILED;
    case SQLITE_IOERR_NOMEM:
      return JN_ERROR_NO_MEMORY;
    case SQLITE_IOERR_LOCK:
    case SQLITE_IOERR_SHMLOCK:
      return JN_ERROR_BUSY;
    case SQLITE_IOERR_DATA:
    case SQLITE_IOERR_CORRUPTFS:
    case SQLITE_IOERR_SHORT_READ:
      return JN_ERROR_PAGE_DAMAGED;
    case SQLITE_IOERR_SHMSIZE: /* the side file of the WAL could not grow */
      return JN_ERROR_DISK_FULL;
    default:
      return JN_ERROR_IO;
    }
}

JnErrorCode
jn_db_error_code (int sqlite_code)
{
  switch (sqlite_code & 0xff)
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return JN_ERROR_BUSY;
    case SQLITE_NOMEM:
      return JN_ERROR_NO_MEMORY;
    case SQLITE_FULL:
      return JN_ERROR_DISK_FULL;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return JN_ERROR_READ_ONLY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
      return JN_ERROR_PAGE_DAMAGED;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
      return JN_ERROR_INVARIANT;
    case SQLITE_RANGE:
    case SQLITE_MISUSE:
    case SQLITE_TOOBIG:
    case SQLITE_ERROR:
      return JN_ERROR_INVALID;
    default:
      return error_code_extended (sqlite_code);
    }
}

/* What the kernel said to the last write that failed. */
static gboolean
is_over_quota (sqlite3 *sqlite)
{
  sqlite3_file *wal = NULL;
  int of_file = 0, of_wal = 0;

  sqlite3_file_control (sqlite, "main", SQLITE_FCNTL_LAST_ERRNO, &of_file);
  sqlite3_file_control (sqlite, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal);
  if (wal != NULL && wal->pMethods != NULL)
    wal->pMethods->xFileControl (wal, SQLITE_FCNTL_LAST_ERRNO, &of_wal);
  return of_file == EDQUOT || of_wal == EDQUOT;
}

/* SQLite's own word for a full disk covers ENOSPC alone. */
static JnErrorCode
error_code_now (JnDb *db, int code)
{
  if (code == SQLITE_IOERR_WRITE && db->sqlite != NULL && is_over_quota (db->sqlite))
    return JN_ERROR_DISK_FULL;
  return jn_db_error_code (code);
}

/* SQLite's message names tables and constraints, never bound values. */
static void
set_error (JnDb *db, int code, GError **error)
{
  const char *message = db->sqlite != NULL ? sqlite3_errmsg (db->sqlite) : sqlite3_errstr (code);

  g_set_error (error, JN_ERROR, (int) error_code_now (db, code), "%s (SQLite %d)", message, code);
}

static void
jn_statement_free (JnStatement *self)
{
  sqlite3_finalize (self->stmt);
  g_free (self);
}

static gboolean
query_version (JnDb *db, int *version, GError **error)
{
  sqlite3_stmt *stmt = NULL;
  int rc = sqlite3_prepare_v2 (db->sqlite, "PRAGMA user_version", -1, &stmt, NULL);

  if (rc == SQLITE_OK && (rc = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      *version = sqlite3_column_int (stmt, 0);
      rc = SQLITE_OK;
    }
  sqlite3_finalize (stmt);
  if (rc != SQLITE_OK)
    set_error (db, rc, error);
  return rc == SQLITE_OK;
}

static gboolean
migrate_step (JnDb *db, const char *script, int version, GError **error)
{
  g_autofree char *pragma = g_strdup_printf ("PRAGMA user_version = %d", version);

  if (!jn_db_begin (db, error))
    return FALSE;
  if (!jn_db_exec (db, script, error) || !jn_db_exec (db, pragma, error))
    {
      jn_db_rollback (db);
      return FALSE;
    }
  return jn_db_commit (db, error);
}

static gboolean
migrate (JnDb *db, const char *const *migrations, int version, GError **error)
{
  for (int i = 0; migrations != NULL && migrations[i] != NULL; i++)
    if (i >= version && !migrate_step (db, migrations[i], i + 1, error))
      return FALSE;
  return TRUE;
}

static gboolean
check_version (JnDb *db, const char *const *migrations, int *version, GError **error)
{
  int known = 0;

  if (!query_version (db, version, error))
    return FALSE;
  while (migrations != NULL && migrations[known] != NULL)
    known++;
  if (migrations == NULL || *version <= known)
    return TRUE;
  g_set_error (error, JN_ERROR, JN_ERROR_FORMAT_NEWER, "format %d is newer than %d", *version,
               known);
  return FALSE;
}

/* Nothing to do for a file in the clear. */
static gboolean
keep_sealed (JnDb *db, GError **error)
{
  int rc = jn_seal_connect (db->sqlite, NULL);

  if (rc != SQLITE_OK && rc != SQLITE_NOTFOUND)
    set_error (db, rc, error);
  return rc == SQLITE_OK || rc == SQLITE_NOTFOUND;
}

JnDb *
jn_db_open (const char *path, const char *vfs, const char *const *migrations, GError **error)
{
  g_autoptr (JnDb) db = g_new0 (JnDb, 1);
  int version = 0;
  int rc;

  g_return_val_if_fail (path != NULL, NULL);
  db->statements =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) jn_statement_free);
  rc = sqlite3_open_v2 (path, &db->sqlite,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
                            | SQLITE_OPEN_EXRESCODE,
                        vfs);
  if (rc != SQLITE_OK)
    {
      set_error (db, rc, error);
      return NULL;
    }
  sqlite3_busy_timeout (db->sqlite, 2000);
  sqlite3_db_config (db->sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  /* A file of a newer format must not even be checkpointed. */
  sqlite3_db_config (db->sqlite, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  if (sqlite3_db_readonly (db->sqlite, "main") == 1)
    {
      g_set_error_literal (error, JN_ERROR, JN_ERROR_READ_ONLY, "the file is read-only");
      return NULL;
    }
  if (!check_version (db, migrations, &version, error))
    return NULL;
  sqlite3_db_config (db->sqlite, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
  if (!jn_db_exec (db,
                   "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                   "PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON; PRAGMA mmap_size=0;"
                   "PRAGMA trusted_schema=OFF",
                   error)
      || !keep_sealed (db, error) || !migrate (db, migrations, version, error))
    return NULL;
  return g_steal_pointer (&db);
}

void
jn_db_close (JnDb *db)
{
  if (db == NULL)
    return;
  g_hash_table_unref (db->statements);
  sqlite3_close (db->sqlite);
  g_free (db);
}

int
jn_db_get_version (JnDb *db)
{
  int version = 0;

  query_version (db, &version, NULL);
  return version;
}

gboolean
jn_db_exec (JnDb *db, const char *sql, GError **error)
{
  int rc = sqlite3_exec (db->sqlite, sql, NULL, NULL, NULL);

  if (rc != SQLITE_OK)
    set_error (db, rc, error);
  return rc == SQLITE_OK;
}

gboolean
jn_db_begin (JnDb *db, GError **error)
{
  return jn_db_exec (db, "BEGIN IMMEDIATE", error);
}

gboolean
jn_db_commit (JnDb *db, GError **error)
{
  if (jn_db_exec (db, "COMMIT", error))
    return TRUE;
  jn_db_rollback (db);
  return FALSE;
}

void
jn_db_rollback (JnDb *db)
{
  if (jn_db_in_transaction (db))
    jn_db_exec (db, "ROLLBACK", NULL);
}

gboolean
jn_db_in_transaction (JnDb *db)
{
  return sqlite3_get_autocommit (db->sqlite) == 0;
}

gint64
jn_db_get_last_row (JnDb *db)
{
  return sqlite3_last_insert_rowid (db->sqlite);
}

int
jn_db_get_changes (JnDb *db)
{
  return sqlite3_changes (db->sqlite);
}

JnStatement *
jn_db_prepare (JnDb *db, const char *sql, GError **error)
{
  JnStatement *statement = g_hash_table_lookup (db->statements, sql);
  sqlite3_stmt *stmt = NULL;
  int rc;

  if (statement != NULL)
    {
      jn_statement_reset (statement);
      return statement;
    }
  rc = sqlite3_prepare_v3 (db->sqlite, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
  if (rc != SQLITE_OK)
    {
      set_error (db, rc, error);
      return NULL;
    }
  statement = g_new0 (JnStatement, 1);
  statement->db = db;
  statement->stmt = stmt;
  g_hash_table_insert (db->statements, g_strdup (sql), statement);
  return statement;
}

static void
note_bind (JnStatement *statement, int rc)
{
  if (statement->bind_result == SQLITE_OK)
    statement->bind_result = rc;
}

void
jn_statement_bind_int (JnStatement *statement, int index, gint64 value)
{
  note_bind (statement, sqlite3_bind_int64 (statement->stmt, index, value));
}

void
jn_statement_bind_text (JnStatement *statement, int index, const char *value)
{
  note_bind (statement, sqlite3_bind_text (statement->stmt, index, value, -1, SQLITE_TRANSIENT));
}

void
jn_statement_bind_blob (JnStatement *statement, int index, const void *data, gsize length)
{
  if (data != NULL && length == 0)
    note_bind (statement, sqlite3_bind_zeroblob (statement->stmt, index, 0));
  else
    note_bind (statement,
               sqlite3_bind_blob64 (statement->stmt, index, data, length, SQLITE_TRANSIENT));
}

void
jn_statement_bind_null (JnStatement *statement, int index)
{
  note_bind (statement, sqlite3_bind_null (statement->stmt, index));
}

JnStep
jn_statement_step (JnStatement *statement, GError **error)
{
  int rc = statement->bind_result;

  if (rc == SQLITE_OK)
    rc = sqlite3_step (statement->stmt);
  if (rc == SQLITE_ROW)
    return JN_STEP_ROW;
  if (rc != SQLITE_DONE)
    set_error (statement->db, rc, error);
  jn_statement_reset (statement);
  return rc == SQLITE_DONE ? JN_STEP_DONE : JN_STEP_ERROR;
}

gboolean
jn_statement_run (JnStatement *statement, GError **error)
{
  JnStep step;

  while ((step = jn_statement_step (statement, error)) == JN_STEP_ROW)
    ;
  return step == JN_STEP_DONE;
}

void
jn_statement_reset (JnStatement *statement)
{
  sqlite3_reset (statement->stmt);
  sqlite3_clear_bindings (statement->stmt);
  statement->bind_result = SQLITE_OK;
}

gint64
jn_statement_column_int (JnStatement *statement, int column)
{
  return sqlite3_column_int64 (statement->stmt, column);
}

const char *
jn_statement_column_text (JnStatement *statement, int column)
{
  return (const char *) sqlite3_column_text (statement->stmt, column);
}

const void *
jn_statement_column_blob (JnStatement *statement, int column, gsize *length)
{
  const void *data = sqlite3_column_blob (statement->stmt, column);

  if (length != NULL)
    *length = (gsize) sqlite3_column_bytes (statement->stmt, column);
  return data;
}

gboolean
jn_statement_column_is_null (JnStatement *statement, int column)
{
  return sqlite3_column_type (statement->stmt, column) == SQLITE_NULL;
}
