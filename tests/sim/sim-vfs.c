#include "sim-vfs.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define CHANCE_OF 1000000
#define N_LOCKS 8

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
  sqlite3_file file;
  SimVfs *vfs;
  Disk *disk;
  unsigned node;
  int level;
  unsigned shm_shared, shm_exclusive;
  gboolean mapped, sync_names, gone_on_close;
} SimFile;

static SimFile *
sim_file (sqlite3_file *file)
{
  return (SimFile *) (void *) file;
}

static DiskNode *
node_of (SimFile *f)
{
  return &f->disk->nodes[f->node];
}

static gboolean
is_gone (SimFile *f)
{
  return f->disk != f->vfs->disk || f->vfs->dead == f->disk;
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
  const DiskBytes *b = &node_of (f)->now;
  size_t have = 0;

  if (is_gone (f))
    return SQLITE_IOERR_READ;
  if (chance (f->vfs, f->vfs->error_ppm / 4))
    {
      tell (f->vfs, SIM_DISK_ERROR);
      return SQLITE_IOERR_READ;
    }
  if ((size_t) offset < b->size)
    have = MIN (b->size - (size_t) offset, (size_t) n);
  if (have > 0)
    memcpy (data, b->data + offset, have);
  memset ((guint8 *) data + have, 0, (size_t) n - have);
  return have == (size_t) n ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int
sim_write (sqlite3_file *file, const void *data, int n, sqlite3_int64 offset)
{
  SimFile *f = sim_file (file);
  gboolean part;
  int code = refuse_change (f, SQLITE_IOERR_WRITE, TRUE, &part);
  size_t half = (size_t) n / 2 / DISK_SECTOR * DISK_SECTOR;

  if (code == SQLITE_OK)
    disk_write (f->disk, f->node, data, (size_t) n, offset);
  else if (part && half > 0)
    disk_write (f->disk, f->node, data, half, offset);
  return code;
}

static int
sim_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  SimFile *f = sim_file (file);
  gboolean part;
  int code = refuse_change (f, SQLITE_IOERR_TRUNCATE, FALSE, &part);

  if (code == SQLITE_OK)
    disk_truncate (f->disk, f->node, size);
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
        disk_sync (f->disk, f->node, DISK_SYNC_DROP);
      return code;
    }
  disk_sync (f->disk, f->node, DISK_SYNC);
  if (f->sync_names)
    disk_sync (f->disk, f->node, DISK_SYNC_ALL);
  f->sync_names = FALSE;
  return SQLITE_OK;
}

static int
sim_size (sqlite3_file *file, sqlite3_int64 *size)
{
  *size = (sqlite3_int64) node_of (sim_file (file))->now.size;
  return SQLITE_OK;
}

/* ---- locks ---- */

static int
sim_unlock (sqlite3_file *file, int level)
{
  SimFile *f = sim_file (file);
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
sim_lock (sqlite3_file *file, int level)
{
  SimFile *f = sim_file (file);
  DiskNode *node = node_of (f);

  if (f->level >= level)
    return SQLITE_OK;
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
        node->exclusive = f;
      /* Readers that come later are kept out while those here leave. */
      if (level == SQLITE_LOCK_EXCLUSIVE && node->n_shared > 1)
        {
          f->level = SQLITE_LOCK_PENDING;
          return SQLITE_BUSY;
        }
    }
  f->level = level;
  return SQLITE_OK;
}

static int
sim_check_lock (sqlite3_file *file, int *out)
{
  *out = node_of (sim_file (file))->reserved != NULL;
  return SQLITE_OK;
}

static int
sim_control (sqlite3_file *file, int op, void *arg)
{
  return SQLITE_NOTFOUND;
}

static int
sim_sector (sqlite3_file *file)
{
  return DISK_SECTOR;
}

static int
sim_characteristics (sqlite3_file *file)
{
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* ---- the index of the log, in shared memory ---- */

static int
sim_shm_map (sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
  SimFile *f = sim_file (file);
  DiskNode *node = node_of (f);

  *out = NULL;
  if (!f->mapped)
    node->n_mapped++;
  f->mapped = TRUE;
  while (node->n_regions <= region && extend)
    {
      node->regions = realloc (node->regions, (size_t) (node->n_regions + 1) * sizeof (void *));
      node->regions[node->n_regions] = calloc (1, (size_t) size);
      g_assert_nonnull (node->regions[node->n_regions]);
      node->n_regions++;
    }
  if (region < node->n_regions)
    *out = node->regions[region];
  return SQLITE_OK;
}

static void
shm_unlock (SimFile *f, unsigned mask)
{
  DiskNode *node = node_of (f);

  for (int i = 0; i < N_LOCKS; i++)
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
sim_shm_lock (sqlite3_file *file, int offset, int n, int flags)
{
  SimFile *f = sim_file (file);
  DiskNode *node = node_of (f);
  unsigned mask = ((1u << n) - 1) << offset;
  gboolean shared = (flags & SQLITE_SHM_SHARED) != 0;

  if ((flags & SQLITE_SHM_UNLOCK) != 0)
    {
      shm_unlock (f, mask);
      return SQLITE_OK;
    }
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
sim_shm_barrier (sqlite3_file *file)
{
}

static int
sim_shm_unmap (sqlite3_file *file, int delete)
{
  SimFile *f = sim_file (file);
  DiskNode *node = node_of (f);

  if (!f->mapped)
    return SQLITE_OK;
  shm_unlock (f, 0xff);
  f->mapped = FALSE;
  if (--node->n_mapped > 0)
    return SQLITE_OK;
  for (int i = 0; i < node->n_regions; i++)
    free (node->regions[i]);
  free (node->regions);
  node->regions = NULL;
  node->n_regions = 0;
  return SQLITE_OK;
}

static int
sim_close (sqlite3_file *file)
{
  SimFile *f = sim_file (file);

  sim_shm_unmap (file, 0);
  sim_unlock (file, SQLITE_LOCK_NONE);
  if (f->gone_on_close && node_of (f)->name != NULL && !is_gone (f))
    disk_unlink (f->disk, f->node);
  node_of (f)->n_open--;
  return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
  .iVersion = 2,
  .xClose = sim_close,
  .xRead = sim_read,
  .xWrite = sim_write,
  .xTruncate = sim_truncate,
  .xSync = sim_sync,
  .xFileSize = sim_size,
  .xLock = sim_lock,
  .xUnlock = sim_unlock,
  .xCheckReservedLock = sim_check_lock,
  .xFileControl = sim_control,
  .xSectorSize = sim_sector,
  .xDeviceCharacteristics = sim_characteristics,
  .xShmMap = sim_shm_map,
  .xShmLock = sim_shm_lock,
  .xShmBarrier = sim_shm_barrier,
  .xShmUnmap = sim_shm_unmap,
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
  char nameless[40];

  memset (f, 0, sizeof *f);
  if (self->disk == NULL || self->dead == self->disk)
    return SQLITE_CANTOPEN;
  if (chance (self, self->error_ppm / 4))
    {
      tell (self, SIM_DISK_ERROR);
      return SQLITE_CANTOPEN;
    }
  if (name == NULL)
    {
      g_snprintf (nameless, sizeof nameless, "/temp-%u", self->disk->n_nodes);
      name = nameless;
    }
  int node = disk_find (self->disk, name);
  if (node < 0 && (flags & SQLITE_OPEN_CREATE) == 0)
    return SQLITE_CANTOPEN;
  f->vfs = self;
  f->disk = self->disk;
  f->node = node < 0 ? disk_create (self->disk, name) : (unsigned) node;
  f->sync_names = (flags & SQLITE_OPEN_CREATE) != 0
                  && (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
  f->gone_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
  node_of (f)->n_open++;
  f->file.pMethods = &methods;
  if (out_flags != NULL)
    *out_flags = flags;
  return SQLITE_OK;
}

static int
sim_delete (sqlite3_vfs *vfs, const char *name, int sync)
{
  SimVfs *self = sim_vfs (vfs);

  if (self->disk == NULL || self->dead == self->disk || dies_now (self))
    return SQLITE_IOERR_DELETE;
  int node = disk_find (self->disk, name);
  if (node < 0)
    return SQLITE_IOERR_DELETE_NOENT;
  disk_unlink (self->disk, (unsigned) node);
  if (sync)
    disk_sync (self->disk, (unsigned) node, DISK_SYNC_ALL);
  return SQLITE_OK;
}

/* Like the unix VFS: an empty file does not exist. */
static int
sim_access (sqlite3_vfs *vfs, const char *name, int how, int *out)
{
  SimVfs *self = sim_vfs (vfs);
  int node = self->disk != NULL ? disk_find (self->disk, name) : -1;

  *out = how != SQLITE_ACCESS_EXISTS || (node >= 0 && self->disk->nodes[(guint) node].now.size > 0);
  return SQLITE_OK;
}

static int
sim_full_path (sqlite3_vfs *vfs, const char *name, int n, char *out)
{
  sqlite3_snprintf (n, out, "%s%s", name[0] == '/' ? "" : "/", name);
  return SQLITE_OK;
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
  self->vfs.xFullPathname = sim_full_path;
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
