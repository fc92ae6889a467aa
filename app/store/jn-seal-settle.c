#include "jn-seal-private.h"

#include <stdlib.h>

#define CHUNK 65536

/* The disk's own bytes, and only those that no sync has confirmed: what is durable already is never put at risk. */
static int
write_again (sqlite3_file *file, sqlite3_int64 from)
{
  const sqlite3_io_methods *methods = file->pMethods;
  uint8_t *bytes = malloc (CHUNK);
  sqlite3_int64 size = 0;
  int rc = bytes == NULL ? SQLITE_NOMEM : methods->xFileSize (file, &size);

  for (sqlite3_int64 at = from; rc == SQLITE_OK && at < size; at += CHUNK)
    {
      int n = size - at < CHUNK ? (int) (size - at) : CHUNK;

      rc = methods->xRead (file, bytes, n, at);
      if (rc == SQLITE_OK)
        rc = methods->xWrite (file, bytes, n, at);
    }
  free (bytes);
  return rc;
}

static int
settle (sqlite3_file *log)
{
  sqlite3_int64 size = 0;
  int rc = log->pMethods->xFileSize (log, &size);

  if (rc == SQLITE_OK && size > 0 && log->pMethods == &jn_seal_wal_methods)
    {
      JnSealFile *f = jn_seal_file (log);
      sqlite3_int64 from = jn_seal_get_doubt (f);

      if (from >= 0)
        rc = write_again (f->real, from);
      if (rc == SQLITE_OK)
        rc = f->real->pMethods->xSync (f->real, SQLITE_SYNC_NORMAL);
      if (rc == SQLITE_OK)
        jn_seal_set_doubt (f, -1);
      return rc;
    }
  return rc == SQLITE_OK && size > 0 ? log->pMethods->xSync (log, SQLITE_SYNC_NORMAL) : rc;
}

int
jn_seal_settle (sqlite3 *db)
{
  sqlite3_file *log = NULL;
  int rc = sqlite3_exec (db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
  int ended;

  if (rc != SQLITE_OK)
    return rc;
  rc = sqlite3_file_control (db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (rc == SQLITE_OK && log != NULL && log->pMethods != NULL)
    rc = settle (log);
  ended = sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);
  return rc == SQLITE_OK ? ended : rc;
}
