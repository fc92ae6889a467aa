#include "jn-disk-file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_LOCKS 8

int
disk_file_open (DiskFile *self, Disk *disk, const char *name, int flags,
                const sqlite3_io_methods *methods)
{
  char nameless[40];

  if (name == NULL)
    {
      snprintf (nameless, sizeof nameless, "/temp-%u", disk->n_nodes);
      name = nameless;
    }
  int node = disk_find (disk, name);
  if (node < 0 && (flags & SQLITE_OPEN_CREATE) == 0)
    return SQLITE_CANTOPEN;
  self->disk = disk;
  self->node = node < 0 ? disk_create (disk, name) : (unsigned) node;
  self->sync_names = (flags & SQLITE_OPEN_CREATE) != 0
                     && (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
  self->gone_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
  disk_file_node (self)->n_open++;
  self->file.pMethods = methods;
  return SQLITE_OK;
}

int
disk_file_close (DiskFile *self, bool may_unlink)
{
  disk_file_shm_unmap (&self->file, 0);
  disk_file_unlock (&self->file, SQLITE_LOCK_NONE);
  if (self->gone_on_close && disk_file_node (self)->name != NULL && may_unlink)
    disk_unlink (self->disk, self->node);
  disk_file_node (self)->n_open--;
  return SQLITE_OK;
}

int
disk_file_read (DiskFile *self, void *data, int n, sqlite3_int64 offset)
{
  const DiskBytes *b = &disk_file_node (self)->now;
  size_t have = 0;

  if ((size_t) offset < b->size)
    have = b->size - (size_t) offset < (size_t) n ? b->size - (size_t) offset : (size_t) n;
  if (have > 0)
    memcpy (data, b->data + offset, have);
  if (have == (size_t) n)
    return SQLITE_OK;
  memset ((uint8_t *) data + have, 0, (size_t) n - have);
  return SQLITE_IOERR_SHORT_READ;
}

int
disk_file_sync (DiskFile *self)
{
  disk_sync (self->disk, self->node, DISK_SYNC);
  if (self->sync_names)
    disk_sync (self->disk, self->node, DISK_SYNC_ALL);
  self->sync_names = false;
  return SQLITE_OK;
}

int
disk_file_size (sqlite3_file *file, sqlite3_int64 *size)
{
  *size = (sqlite3_int64) disk_file_node (disk_file (file))->now.size;
  return SQLITE_OK;
}

/* ---- locks ---- */

int
disk_file_unlock (sqlite3_file *file, int level)
{
  DiskFile *f = disk_file (file);
  DiskNode *node = disk_file_node (f);

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

int
disk_file_lock (sqlite3_file *file, int level)
{
  DiskFile *f = disk_file (file);
  DiskNode *node = disk_file_node (f);

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

int
disk_file_check_lock (sqlite3_file *file, int *out)
{
  *out = disk_file_node (disk_file (file))->reserved != NULL;
  return SQLITE_OK;
}

int
disk_file_control (sqlite3_file *file, int op, void *arg)
{
  return SQLITE_NOTFOUND;
}

int
disk_file_sector (sqlite3_file *file)
{
  return DISK_SECTOR;
}

int
disk_file_characteristics (sqlite3_file *file)
{
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* ---- the index of the log, in shared memory ---- */

int
disk_file_shm_map (sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
  DiskFile *f = disk_file (file);
  DiskNode *node = disk_file_node (f);

  *out = NULL;
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
shm_unlock (DiskFile *f, unsigned mask)
{
  DiskNode *node = disk_file_node (f);

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

int
disk_file_shm_lock (sqlite3_file *file, int offset, int n, int flags)
{
  DiskFile *f = disk_file (file);
  DiskNode *node = disk_file_node (f);
  unsigned mask = ((1u << n) - 1) << offset;
  bool shared = (flags & SQLITE_SHM_SHARED) != 0;

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

void
disk_file_shm_barrier (sqlite3_file *file)
{
  __sync_synchronize ();
}

int
disk_file_shm_unmap (sqlite3_file *file, int delete)
{
  DiskFile *f = disk_file (file);
  DiskNode *node = disk_file_node (f);

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

/* ---- the folder ---- */

int
disk_file_delete (Disk *disk, const char *name, int sync)
{
  int node = disk_find (disk, name);

  if (node < 0)
    return SQLITE_IOERR_DELETE_NOENT;
  disk_unlink (disk, (unsigned) node);
  if (sync)
    disk_sync (disk, (unsigned) node, DISK_SYNC_ALL);
  return SQLITE_OK;
}

int
disk_file_access (const Disk *disk, const char *name, int how, int *out)
{
  int node = disk_find (disk, name);

  *out = how != SQLITE_ACCESS_EXISTS || (node >= 0 && disk->nodes[node].now.size > 0);
  return SQLITE_OK;
}

int
disk_file_full_path (sqlite3_vfs *vfs, const char *name, int n, char *out)
{
  sqlite3_snprintf (n, out, "%s%s", name[0] == '/' ? "" : "/", name);
  return SQLITE_OK;
}

int
disk_file_sleep (sqlite3_vfs *vfs, int microseconds)
{
  return microseconds;
}
