#include "jn-fault-vfs.h"

#include "jn-disk-file.h"

#include <errno.h>
#include <string.h>

FaultPlan fault_plan;
unsigned long fault_counts[FAULT_KINDS];
static Disk *current;
static const sqlite3_file *over_quota; /* whose last write failed for that */

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
  const DiskBytes *b = &disk_file_node (disk_file (file))->now;

  if (must_fail (FAULT_READ))
    {
      memset (data, 0, (size_t) n);
      if (fault_plan.partial && (size_t) offset + (size_t) n / 2 <= b->size)
        memcpy (data, b->data + offset, (size_t) n / 2);
      return fault_plan.partial ? SQLITE_IOERR_SHORT_READ : SQLITE_IOERR_READ;
    }
  return disk_file_read (disk_file (file), data, n, offset);
}

static int
fault_write (sqlite3_file *file, const void *data, int n, sqlite3_int64 offset)
{
  DiskFile *f = disk_file (file);

  if (must_fail (FAULT_WRITE))
    {
      over_quota = fault_plan.quota ? file : NULL;
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
  DiskFile *f = disk_file (file);

  if (must_fail (FAULT_TRUNCATE))
    return SQLITE_IOERR_TRUNCATE;
  disk_truncate (f->disk, f->node, size);
  return SQLITE_OK;
}

static int
fault_sync (sqlite3_file *file, int flags)
{
  DiskFile *f = disk_file (file);

  if (must_fail (FAULT_SYNC))
    {
      if (fault_plan.lie)
        return SQLITE_OK;
      if (fault_plan.drop)
        disk_sync (f->disk, f->node, DISK_SYNC_DROP);
      return SQLITE_IOERR_FSYNC;
    }
  return disk_file_sync (f);
}

static int
fault_size (sqlite3_file *file, sqlite3_int64 *size)
{
  if (must_fail (FAULT_SIZE))
    return SQLITE_IOERR_FSTAT;
  return disk_file_size (file, size);
}

static int
fault_lock (sqlite3_file *file, int level)
{
  if (disk_file (file)->level < level && must_fail (FAULT_LOCK))
    return SQLITE_BUSY;
  return disk_file_lock (file, level);
}

static int
fault_shm_map (sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
  *out = NULL;
  if (must_fail (FAULT_SHARE))
    return SQLITE_IOERR_SHMMAP;
  return disk_file_shm_map (file, region, size, extend, out);
}

static int
fault_shm_lock (sqlite3_file *file, int offset, int n, int flags)
{
  if ((flags & SQLITE_SHM_UNLOCK) == 0 && must_fail (FAULT_SHARE))
    return SQLITE_BUSY;
  return disk_file_shm_lock (file, offset, n, flags);
}

static int
fault_control (sqlite3_file *file, int op, void *arg)
{
  if (op != SQLITE_FCNTL_LAST_ERRNO)
    return disk_file_control (file, op, arg);
  *(int *) arg = file == over_quota ? EDQUOT : 0;
  return SQLITE_OK;
}

static int
fault_close (sqlite3_file *file)
{
  return disk_file_close (disk_file (file), true);
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
  .xUnlock = disk_file_unlock,
  .xCheckReservedLock = disk_file_check_lock,
  .xFileControl = fault_control,
  .xSectorSize = disk_file_sector,
  .xDeviceCharacteristics = disk_file_characteristics,
  .xShmMap = fault_shm_map,
  .xShmLock = fault_shm_lock,
  .xShmBarrier = disk_file_shm_barrier,
  .xShmUnmap = disk_file_shm_unmap,
};

static int
fault_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
  DiskFile *f = disk_file (file);

  memset (f, 0, sizeof *f);
  if (must_fail (FAULT_OPEN))
    return SQLITE_CANTOPEN;
  if (out_flags != NULL)
    *out_flags = flags;
  return disk_file_open (f, current, name, flags, &METHODS);
}

static int
fault_delete (sqlite3_vfs *vfs, const char *name, int sync)
{
  return must_fail (FAULT_DELETE) ? SQLITE_IOERR_DELETE : disk_file_delete (current, name, sync);
}

static int
fault_access (sqlite3_vfs *vfs, const char *name, int how, int *out)
{
  return must_fail (FAULT_ACCESS) ? SQLITE_IOERR_ACCESS
                                  : disk_file_access (current, name, how, out);
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
  vfs.szOsFile = (int) sizeof (DiskFile);
  vfs.xOpen = fault_open;
  vfs.xDelete = fault_delete;
  vfs.xAccess = fault_access;
  vfs.xFullPathname = disk_file_full_path;
  vfs.xSleep = disk_file_sleep;
  sqlite3_vfs_register (&vfs, 0);
}

Disk *
fault_vfs_use (Disk *disk)
{
  Disk *before = current;

  current = disk;
  return before;
}
