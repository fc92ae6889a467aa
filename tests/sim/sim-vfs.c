#include "sim-vfs.h"

#include "jn-disk-file.h"

#include <string.h>

#define CHANCE_OF 1000000

struct _SimVfs
{
  sqlite3_vfs vfs;
  Disk *disk;
  Disk *dead; /* the disk that died, if it is the one in use */
  guint error_ppm, full_ppm;
  guint64 *random;
  guint death;
  guint hushed;
  SimDiskFunc func;
  gpointer data;
};

typedef struct
{
  DiskFile base;
  SimVfs *vfs;
} SimFile;

static SimFile *
sim_file (sqlite3_file *file)
{
  return (SimFile *) (void *) file;
}

static gboolean
is_gone (SimFile *f)
{
  return f->base.disk != f->vfs->disk || f->vfs->dead == f->base.disk;
}

static void
tell (SimVfs *vfs, SimDiskEvent event)
{
  if (vfs->func != NULL)
    vfs->func (vfs->data, event);
}

static gboolean
chance (SimVfs *vfs, guint ppm)
{
  return ppm > 0 && vfs->hushed == 0 && disk_random (vfs->random) % CHANCE_OF < ppm;
}

static gboolean
dies_now (SimVfs *vfs)
{
  if (vfs->death == 0 || vfs->hushed > 0 || --vfs->death > 0)
    return FALSE;
  vfs->dead = vfs->disk;
  tell (vfs, SIM_DISK_DEATH);
  return TRUE;
}

/* What a change ends with before it is made: SQLITE_OK to make it. @part: it is made in part. */
static int
refuse_change (SimFile *f, int error, gboolean may_be_full, gboolean *part)
{
  SimVfs *vfs = f->vfs;

  *part = FALSE;
  if (is_gone (f))
    return error;
  if (dies_now (vfs))
    {
      *part = (disk_random (vfs->random) & 1) != 0;
      return error;
    }
  if (may_be_full && chance (vfs, vfs->full_ppm))
    {
      *part = TRUE;
      tell (vfs, SIM_DISK_FULL);
      return SQLITE_FULL;
    }
  if (chance (vfs, vfs->error_ppm))
    {
      *part = TRUE;
      tell (vfs, SIM_DISK_ERROR);
      return error;
    }
  return SQLITE_OK;
}

/* ---- files ---- */

static int
sim_read (sqlite3_file *file, void *data, int n, sqlite3_int64 offset)
{
  SimFile *f = sim_file (file);

  if (is_gone (f))
    return SQLITE_IOERR_READ;
  if (chance (f->vfs, f->vfs->error_ppm / 4))
    {
      tell (f->vfs, SIM_DISK_ERROR);
      return SQLITE_IOERR_READ;
    }
  return disk_file_read (&f->base, data, n, offset);
}

static int
sim_write (sqlite3_file *file, const void *data, int n, sqlite3_int64 offset)
{
  SimFile *f = sim_file (file);
  gboolean part;
  int code = refuse_change (f, SQLITE_IOERR_WRITE, TRUE, &part);
  size_t half = (size_t) n / 2 / DISK_SECTOR * DISK_SECTOR;

  if (code == SQLITE_OK)
    disk_write (f->base.disk, f->base.node, data, (size_t) n, offset);
  else if (part && half > 0)
    disk_write (f->base.disk, f->base.node, data, half, offset);
  return code;
}

static int
sim_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  SimFile *f = sim_file (file);
  gboolean part;
  int code = refuse_change (f, SQLITE_IOERR_TRUNCATE, FALSE, &part);

  if (code == SQLITE_OK)
    disk_truncate (f->base.disk, f->base.node, size);
  return code;
}

static int
sim_sync (sqlite3_file *file, int flags)
{
  SimFile *f = sim_file (file);
  gboolean part;
  int code = refuse_change (f, SQLITE_IOERR_FSYNC, FALSE, &part);

  if (code != SQLITE_OK)
    {
      /* As ext4: what was not written is forgotten as if it were clean. */
      if (part && !is_gone (f))
        disk_sync (f->base.disk, f->base.node, DISK_SYNC_DROP);
      return code;
    }
  return disk_file_sync (&f->base);
}

static int
sim_close (sqlite3_file *file)
{
  return disk_file_close (disk_file (file), !is_gone (sim_file (file)));
}

static const sqlite3_io_methods methods = {
  .iVersion = 2,
  .xClose = sim_close,
  .xRead = sim_read,
  .xWrite = sim_write,
  .xTruncate = sim_truncate,
  .xSync = sim_sync,
  .xFileSize = disk_file_size,
  .xLock = disk_file_lock,
  .xUnlock = disk_file_unlock,
  .xCheckReservedLock = disk_file_check_lock,
  .xFileControl = disk_file_control,
  .xSectorSize = disk_file_sector,
  .xDeviceCharacteristics = disk_file_characteristics,
  .xShmMap = disk_file_shm_map,
  .xShmLock = disk_file_shm_lock,
  .xShmBarrier = disk_file_shm_barrier,
  .xShmUnmap = disk_file_shm_unmap,
};

/* ---- the folder ---- */

static SimVfs *
sim_vfs (sqlite3_vfs *vfs)
{
  return vfs->pAppData;
}

static int
sim_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
  SimVfs *self = sim_vfs (vfs);
  SimFile *f = sim_file (file);

  memset (f, 0, sizeof *f);
  f->vfs = self;
  if (self->disk == NULL || self->dead == self->disk)
    return SQLITE_CANTOPEN;
  if (chance (self, self->error_ppm / 4))
    {
      tell (self, SIM_DISK_ERROR);
      return SQLITE_CANTOPEN;
    }
  if (out_flags != NULL)
    *out_flags = flags;
  return disk_file_open (&f->base, self->disk, name, flags, &methods);
}

static int
sim_delete (sqlite3_vfs *vfs, const char *name, int sync)
{
  SimVfs *self = sim_vfs (vfs);

  if (self->disk == NULL || self->dead == self->disk || dies_now (self))
    return SQLITE_IOERR_DELETE;
  return disk_file_delete (self->disk, name, sync);
}

static int
sim_access (sqlite3_vfs *vfs, const char *name, int how, int *out)
{
  SimVfs *self = sim_vfs (vfs);

  *out = 0;
  return self->disk != NULL ? disk_file_access (self->disk, name, how, out) : SQLITE_OK;
}

/* ---- what the world does with it ---- */

SimVfs *
sim_vfs_get (const char *name)
{
  sqlite3_vfs *known = sqlite3_vfs_find (name);

  if (known != NULL)
    return sim_vfs (known);
  SimVfs *self = g_new0 (SimVfs, 1);
  self->vfs = *sqlite3_vfs_find ("unix");
  self->vfs.zName = g_strdup (name);
  self->vfs.pNext = NULL;
  self->vfs.iVersion = 1;
  self->vfs.szOsFile = (int) sizeof (SimFile);
  self->vfs.pAppData = self;
  self->vfs.xOpen = sim_open;
  self->vfs.xDelete = sim_delete;
  self->vfs.xAccess = sim_access;
  self->vfs.xFullPathname = disk_file_full_path;
  self->vfs.xSleep = disk_file_sleep;
  sqlite3_vfs_register (&self->vfs, 0);
  return self;
}

const char *
sim_vfs_get_name (SimVfs *self)
{
  return self->vfs.zName;
}

void
sim_vfs_use (SimVfs *self, Disk *disk)
{
  self->disk = disk;
  self->dead = NULL;
  self->death = 0;
}

Disk *
sim_vfs_get_disk (SimVfs *self)
{
  return self->disk;
}

void
sim_vfs_set_faults (SimVfs *self, guint error_ppm, guint full_ppm, guint64 *random,
                    SimDiskFunc func, gpointer data)
{
  self->error_ppm = error_ppm;
  self->full_ppm = full_ppm;
  self->random = random;
  self->func = func;
  self->data = data;
}

void
sim_vfs_set_death (SimVfs *self, guint operations)
{
  self->death = operations;
}

gboolean
sim_vfs_is_dead (SimVfs *self)
{
  return self->dead != NULL && self->dead == self->disk;
}

void
sim_vfs_kill (SimVfs *self)
{
  self->dead = self->disk;
  self->death = 0;
}

void
sim_vfs_hush (SimVfs *self, gboolean hush)
{
  self->hushed += hush ? 1 : -1;
}

Disk *
sim_disk_cut (const Disk *disk, CutDamage damage, guint64 *random)
{
  DiskHistory *history = disk_history_new (disk);

  disk_history_advance (history, disk->n_log);
  Disk *cut = disk_history_cut (history, damage, random);
  disk_history_free (history);
  disk_record (cut);
  return cut;
}

Disk *
sim_disk_copy (const Disk *disk)
{
  Disk *copy = disk_new ();

  for (unsigned i = 0; i < disk->n_nodes; i++)
    if (disk->nodes[i].name != NULL)
      {
        unsigned node = disk_create (copy, disk->nodes[i].name);
        disk_write (copy, node, disk->nodes[i].now.data, disk->nodes[i].now.size, 0);
      }
  disk_record (copy);
  return copy;
}

guint
sim_disk_n_open (const Disk *disk)
{
  guint n = 0;

  for (unsigned i = 0; i < disk->n_nodes; i++)
    n += (guint) disk->nodes[i].n_open;
  return n;
}
