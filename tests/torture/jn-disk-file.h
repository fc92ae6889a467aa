/* An open file on a disk in memory, as SQLite's file methods want it: what a VFS does when nothing fails. Each VFS puts its faults before
 * these. One thread. */
#pragma once

#include <sqlite3.h>

#include "jn-disk.h"

/* Stands first in a VFS's own struct. */
typedef struct
{
  sqlite3_file file;
  Disk *disk;
  unsigned node;
  int level; /* SQLITE_LOCK_ */
  unsigned shm_shared, shm_exclusive;
  bool mapped;
  bool sync_names; /* the first sync of a log also makes its name durable */
  bool gone_on_close;
} DiskFile;

static inline DiskFile *
disk_file (sqlite3_file *file)
{
  return (DiskFile *) (void *) file;
}

static inline DiskNode *
disk_file_node (const DiskFile *self)
{
  return &self->disk->nodes[self->node];
}

/* @self is zeroed but for what the VFS keeps there. @name NULL: one of its own. SQLITE_CANTOPEN. */
int disk_file_open (DiskFile *self, Disk *disk, const char *name, int flags,
                    const sqlite3_io_methods *methods);
int disk_file_close (DiskFile *self, bool may_unlink);
int disk_file_read (DiskFile *self, void *data, int n, sqlite3_int64 offset);
int disk_file_sync (DiskFile *self);

/* SQLite's methods as they are. */
int disk_file_size (sqlite3_file *file, sqlite3_int64 *size);
int disk_file_lock (sqlite3_file *file, int level);
int disk_file_unlock (sqlite3_file *file, int level);
int disk_file_check_lock (sqlite3_file *file, int *out);
int disk_file_control (sqlite3_file *file, int op, void *arg);
int disk_file_sector (sqlite3_file *file);
int disk_file_characteristics (sqlite3_file *file);
int disk_file_shm_map (sqlite3_file *file, int region, int size, int extend, void volatile **out);
int disk_file_shm_lock (sqlite3_file *file, int offset, int n, int flags);
void disk_file_shm_barrier (sqlite3_file *file);
int disk_file_shm_unmap (sqlite3_file *file, int delete);

/* Those of a VFS on @disk. */
int disk_file_delete (Disk *disk, const char *name, int sync);
/* Like the unix VFS: an empty file does not exist. */
int disk_file_access (const Disk *disk, const char *name, int how, int *out);
int disk_file_full_path (sqlite3_vfs *vfs, const char *name, int n, char *out);
/* Nobody waits for a lock in a test: what is busy stays busy. */
int disk_file_sleep (sqlite3_vfs *vfs, int microseconds);
