#include "jn-ledger-private.h"

#include <string.h>

#define PAGES_A_STEP 256
#define CACHE_KIB 2048

static void
delete_file (const char *path, const char *vfs_name, const char *suffix)
{
  sqlite3_vfs *vfs = sqlite3_vfs_find (vfs_name);
  char *name = sqlite3_mprintf ("%s%s", path, suffix);

  if (vfs != NULL && name != NULL)
    vfs->xDelete (vfs, name, 1);
  sqlite3_free (name);
}

/* OK when nothing has that name yet. */
static jn_status
check_name (const char *path, const char *vfs_name)
{
  sqlite3_vfs *vfs = sqlite3_vfs_find (vfs_name);
  int there = 0;

  if (path == NULL || vfs == NULL)
    return JN_INVALID;
  if (vfs->xAccess (vfs, path, SQLITE_ACCESS_EXISTS, &there) != SQLITE_OK)
    return JN_IO;
  return there != 0 ? JN_INVALID : JN_OK;
}

static jn_status
copy_pages (sqlite3_backup *backup, jn_progress progress, void *ctx)
{
  int rc;

  do
    {
      rc = sqlite3_backup_step (backup, PAGES_A_STEP);
      if (rc != SQLITE_OK && rc != SQLITE_DONE)
        break;
      if (progress != NULL)
        {
          uint64_t total = (uint64_t) sqlite3_backup_pagecount (backup);

          if (!progress (ctx, total - (uint64_t) sqlite3_backup_remaining (backup), total))
            return JN_BUSY;
        }
    }
  while (rc == SQLITE_OK);
  return jn_status_from_sqlite (rc);
}

static jn_status
write_copy (jn_snapshot *snapshot, const char *path, jn_progress progress, void *ctx)
{
  jn_connection target;
  sqlite3_backup *backup;
  jn_status status = jn_connection_open (&target, path, snapshot->ledger->vfs, 0, CACHE_KIB);

  if (status != JN_OK)
    return status;
  sqlite3_db_config (target.db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
  if (sqlite3_exec (target.db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", NULL, NULL,
                    NULL)
      != SQLITE_OK)
    status = jn_connection_status (&target);
  backup =
      status == JN_OK ? sqlite3_backup_init (target.db, "main", snapshot->reader.db, "main") : NULL;
  if (status == JN_OK && backup == NULL)
    status = jn_connection_status (&target);
  if (status == JN_OK)
    status = copy_pages (backup, progress, ctx);
  sqlite3_backup_finish (backup);
  /* All of it in the one file, synced, before anybody relies on it. */
  if (status == JN_OK
      && sqlite3_wal_checkpoint_v2 (target.db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL)
             != SQLITE_OK)
    status = jn_connection_status (&target);
  jn_connection_close (&target);
  return status;
}

/* Read anew from the disk, with everything recomputed. */
static jn_status
check_copy (jn_snapshot *snapshot, const char *path)
{
  jn_connection copy;
  jn_head want = { 0 }, got = { 0 };
  jn_status status =
      jn_connection_open (&copy, path, snapshot->ledger->vfs, JN_OPEN_READ_ONLY, CACHE_KIB);

  if (status != JN_OK)
    return status;
  status = jn_audit_connection (&copy, NULL, NULL, NULL, &got);
  if (status == JN_OK)
    status = jn_head_read (&snapshot->reader, &want);
  if (status == JN_OK && (want.seq != got.seq || memcmp (want.hash, got.hash, 32) != 0))
    status = JN_CHAIN_BROKEN;
  jn_connection_close (&copy);
  return status;
}

jn_status
jn_backup (jn_ledger *ledger, const char *path, jn_progress progress, void *ctx)
{
  jn_snapshot *snapshot = NULL;
  jn_status status = jn_ledger_trust (ledger);

  if (status == JN_OK)
    status = check_name (path, ledger->vfs);
  if (status == JN_OK)
    status = jn_snapshot_begin (ledger, &snapshot);
  if (status != JN_OK)
    return status;
  status = write_copy (snapshot, path, progress, ctx);
  if (status == JN_OK)
    status = check_copy (snapshot, path);
  jn_snapshot_end (snapshot);
  if (status != JN_OK)
    {
      delete_file (path, ledger->vfs, "");
      delete_file (path, ledger->vfs, "-wal");
      delete_file (path, ledger->vfs, "-shm");
    }
  return status;
}

jn_status
jn_rebuild (jn_ledger *ledger)
{
  /* Expires what is due, so that the caches hold nothing of their own. */
  jn_status status = jn_write_begin (ledger);

  if (status == JN_OK)
    status = jn_write_end (ledger, JN_OK, NULL);
  if (status != JN_OK)
    return status;
  status = jn_connection_do (&ledger->writer, JN_SQL_BEGIN);
  if (status == JN_OK)
    status = jn_index_rebuild (ledger);
  if (status == JN_OK)
    status = jn_connection_do (&ledger->writer, JN_SQL_COMMIT);
  ledger->changed = false;
  if (status != JN_OK)
    return jn_write_end (ledger, status, NULL);
  status = jn_state_load (ledger);
  ledger->reopen = status != JN_OK;
  return status;
}
