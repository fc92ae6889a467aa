/* SQLite VFSes on disks in memory, one a simulated computer. Each can fail by chance, fill up, and die at a chosen operation. One
 * thread. The VFS "unix" is never touched. */
#pragma once

#include <glib.h>

#include "jn-disk.h"

typedef struct _SimVfs SimVfs;

typedef enum
{
  SIM_DISK_ERROR, /* an operation failed */
  SIM_DISK_FULL,  /* a write found no room */
  SIM_DISK_DEATH, /* the power went in the middle of an operation */
} SimDiskEvent;

typedef void (*SimDiskFunc) (gpointer data, SimDiskEvent event);

/* Registers a VFS under @name, or gives the one that has it. */
SimVfs *sim_vfs_get (const char *name);
const char *sim_vfs_get_name (SimVfs *self);

/* The disk that opens from now on find; files that are open stay on theirs. Borrowed. */
void sim_vfs_use (SimVfs *self, Disk *disk);
Disk *sim_vfs_get_disk (SimVfs *self);

/* Chance of an error and of a full disk, of a million operations; @random is the stream that decides. @func is told. */
void sim_vfs_set_faults (SimVfs *self, guint error_ppm, guint full_ppm, guint64 *random,
                         SimDiskFunc func, gpointer data);
/* The disk dies at the @operations-th change from now (0: never): from then on every operation on it fails. */
void sim_vfs_set_death (SimVfs *self, guint operations);
gboolean sim_vfs_is_dead (SimVfs *self);
/* Dies now. */
void sim_vfs_kill (SimVfs *self);
/* No chance of faults between hush and unhush, for looks from outside the world. */
void sim_vfs_hush (SimVfs *self, gboolean hush);

/* What a power cut at the moment of death (or now) leaves: a new disk that records. */
Disk *sim_disk_cut (const Disk *disk, CutDamage damage, guint64 *random);
/* The same files on another disk, durable. */
Disk *sim_disk_copy (const Disk *disk);
/* How many files are open on it. */
guint sim_disk_n_open (const Disk *disk);
