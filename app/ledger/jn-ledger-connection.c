#include "jn-ledger-private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jn-seal-vfs.h"

static jn_status
status_from_io (int code)
{
  switch (code)
    {
    case SQLITE_IOERR_FSYNC:
    case SQLITE_IOERR_DIR_FSYNC:
    case SQLITE_IOERR_COMMIT_ATOMIC:
      return JN_SYNC_FAILED;
    case SQLITE_IOERR_NOMEM:
      return JN_NO_MEMORY;
    case SQLITE_IOERR_LOCK:
    case SQLITE_IOERR_SHMLOCK:
      return JN_BUSY;
    case SQLITE_IOERR_DATA:
    case SQLITE_IOERR_CORRUPTFS:
    case SQLITE_IOERR_SHORT_READ:
      return JN_PAGE_DAMAGED;
    case SQLITE_IOERR_SHMSIZE: /* the side file of the WAL could not grow */
      return JN_DISK_FULL;
    default:
      return JN_IO;
    }
}

jn_status
jn_status_from_sqlite (int code)
{
  switch (code & 0xff)
    {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
      return JN_OK;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return JN_BUSY;
    case SQLITE_NOMEM:
      return JN_NO_MEMORY;
    case SQLITE_FULL:
      return JN_DISK_FULL;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return JN_READ_ONLY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
    case SQLITE_ERROR: /* our own SQL: a table of the format is missing or changed */
      return JN_PAGE_DAMAGED;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
      return JN_INVARIANT;
    default:
      return status_from_io (code);
    }
}

/* What the kernel said to the last write that failed. */
static bool
is_over_quota (sqlite3 *db)
{
  sqlite3_file *wal = NULL;
  int of_file = 0, of_wal = 0;

  sqlite3_file_control (db, "main", SQLITE_FCNTL_LAST_ERRNO, &of_file);
  sqlite3_file_control (db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal);
  if (wal != NULL && wal->pMethods != NULL)
    wal->pMethods->xFileControl (wal, SQLITE_FCNTL_LAST_ERRNO, &of_wal);
  return of_file == EDQUOT || of_wal == EDQUOT;
}

/* Never OK: asked only after something failed. */
jn_status
jn_connection_status (jn_connection *connection)
{
  int code = connection->db == NULL ? SQLITE_NOMEM : sqlite3_extended_errcode (connection->db);
  jn_status status = jn_status_from_sqlite (code);

  /* SQLite's own word for a full disk covers ENOSPC alone. */
  if (code == SQLITE_IOERR_WRITE && is_over_quota (connection->db))
    status = JN_DISK_FULL;
  return status == JN_OK ? JN_IO : status;
}

sqlite3_stmt *
jn_connection_get (jn_connection *connection, jn_sql which)
{
  sqlite3_stmt *stmt = connection->kept[which];

  if (stmt != NULL)
    {
      sqlite3_reset (stmt);
      return stmt;
    }
  if (sqlite3_prepare_v3 (connection->db, jn_sql_text[which], -1, SQLITE_PREPARE_PERSISTENT, &stmt,
                          NULL)
      != SQLITE_OK)
    return NULL;
  connection->kept[which] = stmt;
  return stmt;
}

jn_status
jn_connection_need_row (jn_connection *connection, sqlite3_stmt *stmt)
{
  int rc = sqlite3_step (stmt);

  if (rc == SQLITE_ROW)
    return JN_OK;
  return rc == SQLITE_DONE ? JN_INVARIANT : jn_connection_status (connection);
}

jn_status
jn_connection_run (jn_connection *connection, sqlite3_stmt *stmt)
{
  int rc = stmt == NULL ? SQLITE_ERROR : sqlite3_step (stmt);
  jn_status status =
      rc == SQLITE_DONE || rc == SQLITE_ROW ? JN_OK : jn_connection_status (connection);

  sqlite3_reset (stmt);
  return status;
}

jn_status
jn_connection_do (jn_connection *connection, jn_sql which)
{
  return jn_connection_run (connection, jn_connection_get (connection, which));
}

void
jn_connection_close (jn_connection *connection)
{
  for (int i = 0; i < JN_SQL_COUNT; i++)
    sqlite3_finalize (connection->kept[i]);
  sqlite3_close (connection->db);
  memset (connection, 0, sizeof *connection);
}

static bool
exists (sqlite3_vfs *vfs, const char *path, const char *suffix, int how)
{
  char *name = sqlite3_mprintf ("%s%s", path, suffix);
  int result = 0;

  if (name == NULL || vfs == NULL || vfs->xAccess (vfs, name, how, &result) != SQLITE_OK)
    result = 0;
  sqlite3_free (name);
  return result != 0;
}

static bool
folder_is_writable (sqlite3_vfs *vfs, const char *path)
{
  char *name = sqlite3_mprintf ("%s", path);
  char *slash = name == NULL ? NULL : strrchr (name, '/');
  bool result;

  if (slash != NULL)
    slash[slash == name ? 1 : 0] = '\0';
  result = exists (vfs, slash == NULL ? "." : name, "", SQLITE_ACCESS_READWRITE);
  sqlite3_free (name);
  return result;
}

/* file: URI that lets SQLite read a file in a folder where it cannot make its side files. */
static char *
immutable_uri (const char *path)
{
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-";
  char *uri = malloc (strlen (path) * 3 + 32);
  char *end = uri;

  if (uri == NULL)
    return NULL;
  end += sprintf (end, "file:");
  for (; *path != '\0'; path++)
    if (strchr (plain, *path) != NULL)
      *end++ = *path;
    else
      end += sprintf (end, "%%%02x", (unsigned char) *path);
  strcpy (end, "?immutable=1");
  return uri;
}

static jn_status
first_read (jn_connection *connection)
{
  int rc = sqlite3_exec (connection->db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);

  return rc == SQLITE_OK ? JN_OK : jn_connection_status (connection);
}

static jn_status
open_plain (jn_connection *connection, const char *name, const char *vfs, int mode)
{
  int rc = sqlite3_open_v2 (name, &connection->db,
                            mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs);

  if (rc != SQLITE_OK)
    return jn_connection_status (connection);
  sqlite3_busy_timeout (connection->db, 2000);
  sqlite3_db_config (connection->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  /* A file that turns out not to be ours must not even be checkpointed. */
  sqlite3_db_config (connection->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  return first_read (connection);
}

jn_status
jn_connection_open (jn_connection *connection, const char *path, const char *vfs, unsigned flags,
                    int cache_kib)
{
  bool read_only = (flags & JN_OPEN_READ_ONLY) != 0;
  sqlite3_vfs *found = sqlite3_vfs_find (vfs);
  jn_status status;
  char pragma[200];

  memset (connection, 0, sizeof *connection);
  status =
      open_plain (connection, path, vfs,
                  read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  bool locked =
      status != JN_OK && exists (found, path, "", SQLITE_ACCESS_EXISTS)
      && !(exists (found, path, "", SQLITE_ACCESS_READWRITE) && folder_is_writable (found, path));
  if (locked && !read_only)
    status = status == JN_PAGE_DAMAGED ? status : JN_READ_ONLY;
  /* Where somebody may write, a file that cannot be read just now must not be taken for one that never changes. */
  if (locked && read_only && !exists (found, path, "-wal", SQLITE_ACCESS_EXISTS))
    {
      char *uri = immutable_uri (path);

      jn_connection_close (connection);
      status = uri == NULL
                   ? JN_NO_MEMORY
                   : open_plain (connection, uri, vfs, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
      free (uri);
    }
  if (status == JN_OK && !read_only && sqlite3_db_readonly (connection->db, "main") == 1)
    status = JN_READ_ONLY;
  snprintf (pragma, sizeof pragma,
            "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-%d; PRAGMA mmap_size=0;"
            "PRAGMA trusted_schema=OFF",
            cache_kib);
  if (status == JN_OK && sqlite3_exec (connection->db, pragma, NULL, NULL, NULL) != SQLITE_OK)
    status = jn_connection_status (connection);
  /* Keeps a sealed connection to what is sealed; nothing to do for a plain one. */
  if (status == JN_OK)
    jn_seal_connect (connection->db, NULL);
  if (status == JN_OK)
    status = jn_search_register (connection->db);
  if (status != JN_OK)
    jn_connection_close (connection);
  return status;
}

jn_status
jn_connection_check_key (jn_connection *connection, const jn_key *key)
{
  switch (jn_seal_connect (connection->db, key->b))
    {
    case SQLITE_OK:
      return JN_OK;
    case SQLITE_NOTFOUND: /* a key and a file in the clear */
      return JN_INVALID;
    case SQLITE_AUTH:
      return JN_KEY_WRONG;
    default:
      return JN_NO_MEMORY;
    }
}
