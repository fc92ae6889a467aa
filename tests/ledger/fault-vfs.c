#include "fault-vfs.h"

#include <sqlite3.h>

FaultPlan fault_plan;

typedef struct
{
  sqlite3_file base;
  sqlite3_file *real;
} FaultFile;

static sqlite3_vfs *real_vfs;

static sqlite3_file *
real (sqlite3_file *file)
{
  return ((FaultFile *) (void *) file)->real;
}

static gboolean
must_fail (void)
{
  guint n = ++fault_plan.count;

  if (fault_plan.fail_at == 0)
    return FALSE;
  return fault_plan.once ? n == fault_plan.fail_at : n >= fault_plan.fail_at;
}

static int
fault_close (sqlite3_file *f)
{
  return real (f)->pMethods->xClose (real (f));
}

static int
fault_read (sqlite3_file *f, void *data, int n, sqlite3_int64 offset)
{
  return real (f)->pMethods->xRead (real (f), data, n, offset);
}

static int
fault_write (sqlite3_file *f, const void *data, int n, sqlite3_int64 offset)
{
  if (must_fail ())
    {
      /* Half of it is on the disk when the error comes. */
      real (f)->pMethods->xWrite (real (f), data, n / 2, offset);
      return fault_plan.write_error;
    }
  return real (f)->pMethods->xWrite (real (f), data, n, offset);
}

static int
fault_truncate (sqlite3_file *f, sqlite3_int64 size)
{
  return must_fail () ? SQLITE_IOERR_TRUNCATE : real (f)->pMethods->xTruncate (real (f), size);
}

static int
fault_sync (sqlite3_file *f, int flags)
{
  return must_fail () ? SQLITE_IOERR_FSYNC : real (f)->pMethods->xSync (real (f), flags);
}

static int
fault_size (sqlite3_file *f, sqlite3_int64 *size)
{
  return real (f)->pMethods->xFileSize (real (f), size);
}

static int
fault_lock (sqlite3_file *f, int level)
{
  return real (f)->pMethods->xLock (real (f), level);
}

static int
fault_unlock (sqlite3_file *f, int level)
{
  return real (f)->pMethods->xUnlock (real (f), level);
}

static int
fault_check_lock (sqlite3_file *f, int *out)
{
  return real (f)->pMethods->xCheckReservedLock (real (f), out);
}

static int
fault_control (sqlite3_file *f, int op, void *arg)
{
  return real (f)->pMethods->xFileControl (real (f), op, arg);
}

static int
fault_sector (sqlite3_file *f)
{
  return real (f)->pMethods->xSectorSize (real (f));
}

static int
fault_characteristics (sqlite3_file *f)
{
  return real (f)->pMethods->xDeviceCharacteristics (real (f));
}

static int
fault_shm_map (sqlite3_file *f, int region, int size, int extend, void volatile **out)
{
  return real (f)->pMethods->xShmMap (real (f), region, size, extend, out);
}

static int
fault_shm_lock (sqlite3_file *f, int offset, int n, int flags)
{
  return real (f)->pMethods->xShmLock (real (f), offset, n, flags);
}

static void
fault_shm_barrier (sqlite3_file *f)
{
  real (f)->pMethods->xShmBarrier (real (f));
}

static int
fault_shm_unmap (sqlite3_file *f, int remove)
{
  return real (f)->pMethods->xShmUnmap (real (f), remove);
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
  FaultFile *f = (FaultFile *) (void *) file;
  int rc;

  f->real = (sqlite3_file *) (void *) (f + 1);
  rc = real_vfs->xOpen (real_vfs, name, f->real, flags, out_flags);
  f->base.pMethods = f->real->pMethods == NULL ? NULL : &METHODS;
  return rc;
}

void
fault_vfs_register (void)
{
  static sqlite3_vfs vfs;

  if (real_vfs != NULL)
    return;
  real_vfs = sqlite3_vfs_find (NULL);
  vfs = *real_vfs;
  vfs.zName = "jn-fault";
  vfs.pNext = NULL;
  vfs.szOsFile += (int) sizeof (FaultFile);
  vfs.xOpen = fault_open;
  sqlite3_vfs_register (&vfs, 0);
}
