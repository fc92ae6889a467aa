#include "jn-ledger-private.h"

#include <string.h>

#define PAGES_A_STEP 256
#define CACHE_KIB 2048

/* A copy's files. Named before anything is written, so that taking a copy away needs no memory. */
typedef struct
{
  sqlite3_vfs *vfs;
  char *names[3];
} copy_files;

static jn_status
copy_files_init (copy_files *files, const char *path, const char *vfs_name)
{
  static const char *const suffixes[] = { "", "-wal", "-shm" };
  jn_status status = JN_OK;

  files->vfs = sqlite3_vfs_find (vfs_name);
  for (int i = 0; i < 3; i++)
    {
      files->names[i] = sqlite3_mprintf ("%s%s", path, suffixes[i]);
      if (files->names[i] == NULL)
        status = JN_NO_MEMORY;
    }
  return status;
}

static void
copy_files_delete (copy_files *files, int first)
{
  for (int i = first; files->vfs != NULL && i < 3; i++)
    files->vfs->xDelete (files->vfs, files->names[i], 1);
}

static void
copy_files_clear (copy_files *files)
{
  for (int i = 0; i < 3; i++)
    sqlite3_free (files->names[i]);
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

static jn_status
back_up (jn_ledger *ledger, const char *path, jn_progress progress, void *ctx)
{
  jn_snapshot *snapshot = NULL;
  jn_status status = jn_snapshot_begin (ledger, &snapshot);

  if (status == JN_OK)
    status = write_copy (snapshot, path, progress, ctx);
  if (status == JN_OK)
    status = check_copy (snapshot, path);
  jn_snapshot_end (snapshot);
  return status;
}

jn_status
jn_backup (jn_ledger *ledger, const char *path, jn_progress progress, void *ctx)
{
  copy_files files = { 0 };
  jn_status status = jn_ledger_trust (ledger);

  if (status == JN_OK)
    status = check_name (path, ledger->vfs);
  if (status != JN_OK)
    return status;
  status = copy_files_init (&files, path, ledger->vfs);
  if (status == JN_OK)
    {
      /* The log of a file that is gone would be taken for this one's. */
      copy_files_delete (&files, 1);
      status = back_up (ledger, path, progress, ctx);
      if (status != JN_OK)
        copy_files_delete (&files, 0);
    }
  copy_files_clear (&files);
  return status;
}

jn_status
jn_rebuild (jn_ledger *ledger)
{
  /* Expires what is due, so that the caches hold nothing of their own. */
  jn_status status = jn_write_begin (ledger);

  if (status == JN_OK)
    status = jn_write_end (ledger, JN_OK, NULL);
  if (status == JN_OK)
    status = jn_ledger_trust (ledger);
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
