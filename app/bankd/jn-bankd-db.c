#include "jn-bankd-db.h"

#include <errno.h>
#include <stdarg.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "jn-bankd-schema.h"
#include "jn-error.h"

struct _JnBankdDb
{
  sqlite3 *handle;
  GHashTable *statements; /* SQL literal → sqlite3_stmt */
  gint64 found;           /* format when it was opened, 0 for an empty file */
  int failure;            /* first SQLite error since begin, or SQLITE_OK */
  gboolean within;        /* between begin and its end */
};

static void
finalize (gpointer stmt)
{
  sqlite3_finalize (stmt);
}

static JnErrorCode
error_code (int code)
{
  switch (code & 0xff)
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return JN_ERROR_BUSY;
    case SQLITE_FULL:
      return JN_ERROR_DISK_FULL;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return JN_ERROR_READ_ONLY;
    case SQLITE_NOMEM:
      return JN_ERROR_NO_MEMORY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return JN_ERROR_PAGE_DAMAGED;
    default:
      return JN_ERROR_IO;
    }
}

static gboolean
open_failed (JnBankdDb *self, int code, const char *folder, GError **error)
{
  JnErrorCode reason = error_code (code);

  if (reason == JN_ERROR_IO && folder != NULL && access (folder, W_OK) != 0)
    reason = JN_ERROR_READ_ONLY;
  g_set_error (error, JN_ERROR, (gint) reason, "bank database: %s", sqlite3_errstr (code));
  return FALSE;
}

static gboolean
make_folder (const char *folder, GError **error)
{
  int saved;

  if (g_mkdir_with_parents (folder, 0700) == 0)
    return TRUE;
  saved = errno;
  g_set_error (error, JN_ERROR,
               saved == EACCES || saved == EPERM || saved == EROFS ? JN_ERROR_READ_ONLY
               : saved == ENOSPC                                   ? JN_ERROR_DISK_FULL
                                                                   : JN_ERROR_IO,
               "bank folder: %s", g_strerror (saved));
  return FALSE;
}

/* SQLite ends a transaction by itself after some errors, or never began it: whatever ran then would be kept at once, a part of a whole. */
static gboolean
is_lost (JnBankdDb *self)
{
  return self->within && self->failure != SQLITE_OK;
}

static int
execute (JnBankdDb *self, const char *sql)
{
  if (is_lost (self))
    return self->failure;
  int code = sqlite3_exec (self->handle, sql, NULL, NULL, NULL);

  if (code != SQLITE_OK && self->failure == SQLITE_OK)
    self->failure = code;
  return code;
}

/* From the format that was found to this one. */
static int
make_tables (JnBankdDb *self)
{
  int code;

  if (self->found == 0)
    return execute (self, jn_bankd_schema);
  if (self->found < 2 && (code = execute (self, jn_bankd_upgrade_2)) != SQLITE_OK)
    return code;
  if (self->found < 3 && (code = execute (self, jn_bankd_upgrade_3)) != SQLITE_OK)
    return code;
  if (self->found < 4 && (code = execute (self, jn_bankd_upgrade_4)) != SQLITE_OK)
    return code;
  if (self->found < 5 && (code = execute (self, jn_bankd_upgrade_5)) != SQLITE_OK)
    return code;
  return execute (self, jn_bankd_upgrade_6);
}

static gboolean
prepare_format (JnBankdDb *self, const char *folder, GError **error)
{
  gint64 format = jn_bankd_db_integer (self, -1, "PRAGMA user_version", "");
  gint64 application = jn_bankd_db_integer (self, -1, "PRAGMA application_id", "");
  g_autofree char *stamp = NULL;
  int code;

  if (format < 0 || self->failure != SQLITE_OK)
    return open_failed (self, self->failure, folder, error);
  if (format > JN_BANKD_FORMAT || (format > 0 && application != JN_BANKD_APPLICATION_ID))
    {
      g_set_error (error, JN_ERROR, JN_ERROR_FORMAT_NEWER,
                   "bank database has format %" G_GINT64_FORMAT, format);
      return FALSE;
    }
  self->found = format;
  if (format == JN_BANKD_FORMAT)
    return TRUE;
  stamp = g_strdup_printf ("PRAGMA application_id=%d; PRAGMA user_version=%d",
                           JN_BANKD_APPLICATION_ID, JN_BANKD_FORMAT);
  /* Left open: the first commit is the core's, so that a half-made bank is never found on disk. */
  self->within = TRUE;
  if ((code = execute (self, "BEGIN IMMEDIATE")) != SQLITE_OK
      || (code = make_tables (self)) != SQLITE_OK || (code = execute (self, stamp)) != SQLITE_OK)
    return open_failed (self, code, folder, error);
  return TRUE;
}

JnBankdDb *
jn_bankd_db_open (const char *folder, const char *vfs, GError **error)
{
  g_autoptr (JnBankdDb) self = g_new0 (JnBankdDb, 1);
  g_autofree char *path =
      folder != NULL ? g_build_filename (folder, "bank.db", NULL) : g_strdup (":memory:");
  int code;

  self->statements = g_hash_table_new_full (NULL, NULL, NULL, finalize);
  if (folder != NULL && vfs == NULL && !make_folder (folder, error))
    return NULL;
  code = sqlite3_open_v2 (path, &self->handle,
                          SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, vfs);
  /* The log beside the database takes its mode from it. */
  if (code == SQLITE_OK && folder != NULL && vfs == NULL)
    (void) g_chmod (path, 0600);
  if (code == SQLITE_OK)
    code = execute (self, "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL;"
                          "PRAGMA synchronous=FULL; PRAGMA trusted_schema=OFF;"
                          "PRAGMA temp_store=MEMORY; BEGIN IMMEDIATE; COMMIT");
  if (code != SQLITE_OK)
    {
      open_failed (self, code, folder, error);
      return NULL;
    }
  if (!prepare_format (self, folder, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
jn_bankd_db_close (JnBankdDb *self)
{
  if (self == NULL)
    return;
  g_hash_table_destroy (self->statements);
  if (self->handle != NULL && !sqlite3_get_autocommit (self->handle))
    sqlite3_exec (self->handle, "ROLLBACK", NULL, NULL, NULL);
  sqlite3_close (self->handle);
  g_free (self);
}

gboolean
jn_bankd_db_is_empty (JnBankdDb *self)
{
  return self->found == 0;
}

gint64
jn_bankd_db_get_found (JnBankdDb *self)
{
  return self->found;
}

static void
fail (JnBankdDb *self, int code)
{
  if (self->failure == SQLITE_OK)
    self->failure = code;
}

static sqlite3_stmt *
query_valist (JnBankdDb *self, const char *sql, const char *types, va_list args)
{
  sqlite3_stmt *stmt = g_hash_table_lookup (self->statements, sql);
  int code = SQLITE_OK;

  if (is_lost (self))
    return NULL;

  if (stmt == NULL)
    {
      code = sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
      if (code != SQLITE_OK)
        {
          g_critical ("bankd: %s: %s", sqlite3_errmsg (self->handle), sql);
          fail (self, code);
          return NULL;
        }
      g_hash_table_insert (self->statements, (gpointer) sql, stmt);
    }
  sqlite3_reset (stmt);
  for (int i = 0; types[i] != '\0' && code == SQLITE_OK; i++)
    {
      if (types[i] == 's')
        code = sqlite3_bind_text (stmt, i + 1, va_arg (args, const char *), -1, SQLITE_TRANSIENT);
      else if (types[i] == 'i')
        code = sqlite3_bind_int64 (stmt, i + 1, va_arg (args, gint64));
      else
        {
          const void *data = va_arg (args, const void *);
          gsize length = va_arg (args, gsize);

          code =
              sqlite3_bind_blob64 (stmt, i + 1, data != NULL ? data : "", length, SQLITE_TRANSIENT);
        }
    }
  if (code != SQLITE_OK)
    fail (self, code);
  return stmt;
}

sqlite3_stmt *
jn_bankd_db_query (JnBankdDb *self, const char *sql, const char *types, ...)
{
  sqlite3_stmt *stmt;
  va_list args;

  va_start (args, types);
  stmt = query_valist (self, sql, types, args);
  va_end (args);
  return stmt;
}

gboolean
jn_bankd_db_step (JnBankdDb *self, sqlite3_stmt *stmt)
{
  int code = stmt != NULL ? sqlite3_step (stmt) : SQLITE_MISUSE;

  if (code == SQLITE_ROW)
    return TRUE;
  if (code != SQLITE_DONE)
    fail (self, code);
  jn_bankd_db_done (stmt);
  return FALSE;
}

void
jn_bankd_db_done (sqlite3_stmt *stmt)
{
  if (stmt != NULL)
    sqlite3_reset (stmt);
}

int
jn_bankd_db_run (JnBankdDb *self, const char *sql, const char *types, ...)
{
  sqlite3_stmt *stmt;
  va_list args;
  int before = self->failure;

  va_start (args, types);
  stmt = query_valist (self, sql, types, args);
  va_end (args);
  while (jn_bankd_db_step (self, stmt))
    ;
  return self->failure == before ? sqlite3_changes (self->handle) : -1;
}

gint64
jn_bankd_db_integer (JnBankdDb *self, gint64 fallback, const char *sql, const char *types, ...)
{
  gint64 value = fallback;
  sqlite3_stmt *stmt;
  va_list args;

  va_start (args, types);
  stmt = query_valist (self, sql, types, args);
  va_end (args);
  if (jn_bankd_db_step (self, stmt))
    {
      if (sqlite3_column_type (stmt, 0) != SQLITE_NULL)
        value = sqlite3_column_int64 (stmt, 0);
      jn_bankd_db_done (stmt);
    }
  return value;
}

char *
jn_bankd_db_text (JnBankdDb *self, const char *sql, const char *types, ...)
{
  char *value = NULL;
  sqlite3_stmt *stmt;
  va_list args;

  va_start (args, types);
  stmt = query_valist (self, sql, types, args);
  va_end (args);
  if (jn_bankd_db_step (self, stmt))
    {
      value = g_strdup (jn_bankd_column (stmt, 0));
      jn_bankd_db_done (stmt);
    }
  return value;
}

const char *
jn_bankd_column (sqlite3_stmt *stmt, int column)
{
  return (const char *) sqlite3_column_text (stmt, column);
}

/* Each request has both: they are prepared once. */
void
jn_bankd_db_begin (JnBankdDb *self)
{
  self->failure = SQLITE_OK;
  self->within = TRUE;
  jn_bankd_db_run (self, "BEGIN IMMEDIATE", "");
}

void
jn_bankd_db_forgive (JnBankdDb *self)
{
  if (!self->within)
    self->failure = SQLITE_OK;
}

gboolean
jn_bankd_db_commit (JnBankdDb *self, GError **error)
{
  int code;

  if (self->failure == SQLITE_OK)
    jn_bankd_db_run (self, "COMMIT", "");
  code = self->failure;
  if (code == SQLITE_OK)
    {
      self->within = FALSE;
      return TRUE;
    }
  jn_bankd_db_rollback (self);
  g_set_error (error, JN_ERROR, (gint) error_code (code), "commit: %s", sqlite3_errstr (code));
  return FALSE;
}

void
jn_bankd_db_rollback (JnBankdDb *self)
{
  if (!sqlite3_get_autocommit (self->handle))
    sqlite3_exec (self->handle, "ROLLBACK", NULL, NULL, NULL);
  self->within = FALSE;
  self->failure = SQLITE_OK;
}

gboolean
jn_bankd_db_has_failed (JnBankdDb *self)
{
  return self->failure != SQLITE_OK;
}

void
jn_bankd_db_savepoint (JnBankdDb *self)
{
  execute (self, "SAVEPOINT step");
}

void
jn_bankd_db_release (JnBankdDb *self, gboolean keep)
{
  execute (self, keep ? "RELEASE step" : "ROLLBACK TO step; RELEASE step");
}

void
jn_bankd_db_clear (JnBankdDb *self)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *stmt = jn_bankd_db_query (self,
                                          "SELECT name FROM sqlite_schema WHERE type = 'table'"
                                          " AND name NOT LIKE 'sqlite_%'"
                                          " AND name NOT IN ('bank_key', 'counter')",
                                          "");

  while (jn_bankd_db_step (self, stmt))
    g_ptr_array_add (names, g_strdup (jn_bankd_column (stmt, 0)));
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *sql = g_strdup_printf ("DELETE FROM %s", (char *) names->pdata[i]);

      execute (self, sql);
    }
}
