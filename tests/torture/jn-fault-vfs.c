#include "jn-fault-vfs.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  sqlite3_file file;
  Disk *disk;
  unsigned node;
  int level;
  unsigned shm_shared, shm_exclusive;
  bool mapped;
  bool sync_names; /* the first sync of a log also makes its name durable */
  bool gone_on_close;
} FaultFile;

FaultPlan fault_plan;
unsigned long fault_counts[FAULT_KINDS];
static Disk *current;

static FaultFile *
fault_file (sqlite3_file *file)
{
  return (FaultFile *) (void *) file;
}

static DiskNode *
node_of (FaultFile *f)
{
  return &f->disk->nodes[f->node];
}

static bool
must_fail (unsigned kind)
{
  bool fails;

  if ((fault_plan.kinds & kind) == 0)
    return false;
  fault_plan.count++;
  fails = fault_plan.fail_at != 0
          && (fault_plan.once ? fault_plan.count == fault_plan.fail_at
                              : fault_plan.count >= fault_plan.fail_at);
  fault_plan.met += fails;
  fault_counts[__builtin_ctz (kind)] += fails;
  return fails;
}

static int
fault_read (sqlite3_file *file, void *data, int n, sqlite3_int64 offset)
{
  const DiskBytes *b = &node_of (fault_file (file))->now;
  size_t have = 0;

  if (must_fail (FAULT_READ))
    {
      memset (data, 0, (size_t) n);
      if (fault_plan.partial && (size_t) offset + (size_t) n / 2 <= b->size)
        memcpy (data, b->data + offset, (size_t) n / 2);
      return fault_plan.partial ? SQLITE_IOERR_SHORT_READ : SQLITE_IOERR_READ;
    }
  if ((size_t) offset < b->size)
    have = b->size - (size_t) offset < (size_t) n ? b->size - (size_t) offset : (size_t) n;
  if (have > 0)
    memcpy (data, b->data + offset, have);
  memset ((uint8_t *) data + have, 0, (size_t) n - have);
  return have == (size_t) n ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int
fault_write (sqlite3_file *file, const void *data, int n, sqlite3_int64 offset)
{
  FaultFile *f = fault_file (file);

  if (must_fail (FAULT_WRITE))
    {
      /* Half of it is there when the error comes. */
      if (n / 2 / DISK_SECTOR > 0)
        disk_write (f->disk, f->node, data, (size_t) (n / 2 / DISK_SECTOR * DISK_SECTOR), offset);
      return fault_plan.full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    }
  disk_write (f->disk, f->node, data, (size_t) n, offset);
  return SQLITE_OK;
}

static int
fault_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  FaultFile *f = fault_file (file);

  if (must_fail (FAULT_TRUNCATE))
    return SQLITE_IOERR_TRUNCATE;
  disk_truncate (f->disk, f->node, size);
  return SQLITE_OK;
}

static int
fault_sync (sqlite3_file *file, int flags)
{
  FaultFile *f = fault_file (file);

  if (must_fail (FAULT_SYNC))
    {
      if (fault_plan.lie)
        return SQLITE_OK;
      if (fault_plan.drop)
        disk_sync (f->disk, f->node, DISK_SYNC_DROP);
      return SQLITE_IOERR_FSYNC;
    }
  disk_sync (f->disk, f->node, DISK_SYNC);
  if (f->sync_names)
    disk_sync (f->disk, f->node, DISK_SYNC_ALL);
  f->sync_names = false;
  return SQLITE_OK;
}

static int
fault_size (sqlite3_file *file, sqlite3_int64 *size)
{
  if (must_fail (FAULT_SIZE))
    return SQLITE_IOERR_FSTAT;
  *size = (sqlite3_int64) node_of (fault_file (file))->now.size;
  return SQLITE_OK;
}

static int
fault_unlock (sqlite3_file *file, int level)
{
  FaultFile *f = fault_file (file);
  DiskNode *node = node_of (f);

  if (f->level <= level)
    return SQLITE_OK;
  if (node->exclusive == f)
    node->exclusive = NULL;
  if (node->reserved == f)
    node->reserved = NULL;
  if (level == SQLITE_LOCK_NONE)
    node->n_shared--;
  f->level = level;
  return SQLITE_OK;
}

static int
fault_lock (sqlite3_file *file, int level)
{
  FaultFile *f = fault_file (file);
  DiskNode *node = node_of (f);

  if (f->level >= level)
    return SQLITE_OK;
  if (must_fail (FAULT_LOCK))
    return SQLITE_BUSY;
  if (node->exclusive != NULL && node->exclusive != f)
    return SQLITE_BUSY;
  if (level == SQLITE_LOCK_SHARED)
    node->n_shared++;
  else
    {
      if (node->reserved != NULL && node->reserved != f)
        return SQLITE_BUSY;
      node->reserved = f;
      if (level == SQLITE_LOCK_EXCLUSIVE)
        {
          /* Readers that come later are kept out while those here leave. */
          node->exclusive = f;
          if (node->n_shared > 1)
            {
              f->level = SQLITE_LOCK_PENDING;
              return SQLITE_BUSY;
            }
        }
    }
  f->level = level;
  return SQLITE_OK;
}

static int
fault_check_lock (sqlite3_file *file, int *out)
{
  *out = node_of (fault_file (file))->reserved != NULL;
  return SQLITE_OK;
}

static int
fault_control (sqlite3_file *file, int op, void *arg)
{
  return SQLITE_NOTFOUND;
}

static int
fault_sector (sqlite3_file *file)
{
  return DISK_SECTOR;
}

static int
fault_characteristics (sqlite3_file *file)
{
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int
fault_shm_map (sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
  FaultFile *f = fault_file (file);
  DiskNode *node = node_of (f);

  *out = NULL;
  if (must_fail (FAULT_SHARE))
    return SQLITE_IOERR_SHMMAP;
  if (!f->mapped)
    node->n_mapped++;
  f->mapped = true;
  while (node->n_regions <= region && extend)
    {
      void **more = realloc (node->regions, (size_t) (node->n_regions + 1) * sizeof *more);

      if (more == NULL)
        return SQLITE_NOMEM;
      node->regions = more;
      more[node->n_regions] = calloc (1, (size_t) size);
      if (more[node->n_regions] == NULL)
        return SQLITE_NOMEM;
      node->n_regions++;
    }
  if (region < node->n_regions)
    *out = node->regions[region];
  return SQLITE_OK;
}

static void
shm_unlock (FaultFile *f, unsigned mask)
{
  DiskNode *node = node_of (f);

  for (int i = 0; i < 8; i++)
    if ((mask & 1u << i) != 0)
      {
        if (node->shm_exclusive[i] == f)
          node->shm_exclusive[i] = NULL;
        else if ((f->shm_shared & 1u << i) != 0)
          node->shm_shared[i]--;
      }
  f->shm_shared &= ~mask;
  f->shm_exclusive &= ~mask;
}

static int
fault_shm_lock (sqlite3_file *file, int offset, int n, int flags)
{
  FaultFile *f = fault_file (file);
  DiskNode *node = node_of (f);
  unsigned mask = ((1u << n) - 1) << offset;
  bool shared = (flags & SQLITE_SHM_SHARED) != 0;

  if ((flags & SQLITE_SHM_UNLOCK) != 0)
    {
      shm_unlock (f, mask);
      return SQLITE_OK;
    }
  if (must_fail (FAULT_SHARE))
    return SQLITE_BUSY;
  for (int i = offset; i < offset + n; i++)
    if ((node->shm_exclusive[i] != NULL && node->shm_exclusive[i] != f)
        || (!shared && node->shm_shared[i] > ((f->shm_shared & 1u << i) != 0)))
      return SQLITE_BUSY;
  for (int i = offset; i < offset + n; i++)
    if (shared && (f->shm_shared & 1u << i) == 0)
      node->shm_shared[i]++;
    else if (!shared)
      node->shm_exclusive[i] = f;
  if (shared)
    f->shm_shared |= mask;
  else
    f->shm_exclusive |= mask;
  return SQLITE_OK;
}

static void
fault_shm_barrier (sqlite3_file *file)
{
  __sync_synchronize ();
}

static int
fault_shm_unmap (sqlite3_file *file, int delete)
{
  FaultFile *f = fault_file (file);
  DiskNode *node = node_of (f);

  if (!f->mapped)
    return SQLITE_OK;
  shm_unlock (f, 0xff);
  f->mapped = false;
  if (--node->n_mapped == 0)
    {
      for (int i = 0; i < node->n_regions; i++)
        free (node->regions[i]);
      free (node->regions);
      node->regions = NULL;
      node->n_regions = 0;
    }
  return SQLITE_OK;
}

static int
fault_close (sqlite3_file *file)
{
  FaultFile *f = fault_file (file);

  fault_shm_unmap (file, 0);
  fault_unlock (file, SQLITE_LOCK_NONE);
  if (f->gone_on_close && node_of (f)->name != NULL)
    disk_unlink (f->disk, f->node);
  node_of (f)->n_open--;
  return SQLITE_OK;
}

static const sqlite3_io_methods METHODS = {
  .iVersion = 2,
  .xClose = fault_close,
  .xRead = fault_read,
  .xWrite = fault_write,
  .xTruncate = fault_truncate,
  .xSync = fault_sync,
  .xFileSize = fault_size,
  .xLock = fault_lock,
  .xUnlock = fault_unlock,
  .xCheckReservedLock = fault_check_lock,
  .xFileControl = fault_control,
  .xSectorSize = fault_sector,
  .xDeviceCharacteristics = fault_characteristics,
  .xShmMap = fault_shm_map,
  .xShmLock = fault_shm_lock,
  .xShmBarrier = fault_shm_barrier,
  .xShmUnmap = fault_shm_unmap,
};

static int
fault_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
  static unsigned n_nameless;
  FaultFile *f = fault_file (file);
  char nameless[32];
  int node;

  memset (f, 0, sizeof *f);
  if (must_fail (FAULT_OPEN))
    return SQLITE_CANTOPEN;
  if (name == NULL)
    {
      snprintf (nameless, sizeof nameless, "/temp-%u", ++n_nameless);
      name = nameless;
    }
  node = disk_find (current, name);
  if (node < 0 && (flags & SQLITE_OPEN_CREATE) == 0)
    return SQLITE_CANTOPEN;
  f->disk = current;
  f->node = node < 0 ? disk_create (current, name) : (unsigned) node;
  f->sync_names = (flags & SQLITE_OPEN_CREATE) != 0
                  && (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
  f->gone_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
  node_of (f)->n_open++;
  f->file.pMethods = &METHODS;
  if (out_flags != NULL)
    *out_flags = flags;
  return SQLITE_OK;
}

static int
fault_delete (sqlite3_vfs *vfs, const char *name, int sync)
{
  int node = disk_find (current, name);

  if (must_fail (FAULT_DELETE))
    return SQLITE_IOERR_DELETE;
  if (node < 0)
    return SQLITE_IOERR_DELETE_NOENT;
  disk_unlink (current, (unsigned) node);
  if (sync)
    disk_sync (current, (unsigned) node, DISK_SYNC_ALL);
  return SQLITE_OK;
}

/* Like the unix VFS: an empty file does not exist. */
static int
fault_access (sqlite3_vfs *vfs, const char *name, int how, int *out)
{
  int node = disk_find (current, name);

  if (must_fail (FAULT_ACCESS))
    return SQLITE_IOERR_ACCESS;
  *out = how != SQLITE_ACCESS_EXISTS || (node >= 0 && current->nodes[node].now.size > 0);
  return SQLITE_OK;
}

static int
fault_full_path (sqlite3_vfs *vfs, const char *name, int n, char *out)
{
  sqlite3_snprintf (n, out, "%s%s", name[0] == '/' ? "" : "/", name);
  return SQLITE_OK;
}

/* Nobody waits for a lock in a test: what is busy stays busy. */
static int
fault_sleep (sqlite3_vfs *vfs, int microseconds)
{
  return microseconds;
}

void
fault_vfs_register (void)
{
  static sqlite3_vfs vfs;

  if (vfs.zName != NULL)
    return;
  vfs = *sqlite3_vfs_find ("unix");
  vfs.zName = "jn-fault";
  vfs.pNext = NULL;
  vfs.iVersion = 1;
  vfs.szOsFile = (int) sizeof (FaultFile);
  vfs.xOpen = fault_open;
  vfs.xDelete = fault_delete;
  vfs.xAccess = fault_access;
  vfs.xFullPathname = fault_full_path;
  vfs.xSleep = fault_sleep;
  sqlite3_vfs_register (&vfs, 0);
}

Disk *
fault_vfs_use (Disk *disk)
{
  Disk *before = current;

  current = disk;
  return before;
}
