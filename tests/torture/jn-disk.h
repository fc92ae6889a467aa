/* A disk in memory: what files hold now, and a log of what was done to them, from which the images are made that a power cut
 * could leave. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DISK_SECTOR 512

typedef enum
{
  DISK_CREATE,
  DISK_UNLINK,
  DISK_WRITE,
  DISK_TRUNCATE,
  DISK_SYNC,      /* the node's content is durable */
  DISK_SYNC_DROP, /* the sync failed and what was not durable never will be */
  DISK_SYNC_ALL,  /* the names of the folder are durable */
} DiskKind;

typedef struct
{
  DiskKind kind;
  unsigned node;
  int64_t offset; /* new size for TRUNCATE */
  size_t length;
  uint8_t *data;
} DiskOp;

typedef struct
{
  uint8_t *data;
  size_t size, room;
} DiskBytes;

typedef struct
{
  char *name; /* NULL once unlinked */
  DiskBytes now;
  int n_open;
  /* Locks and the WAL index of the process; lost in a power cut. */
  int n_shared;
  void *reserved, *exclusive;
  int shm_shared[8];
  void *shm_exclusive[8];
  void **regions;
  int n_regions, n_mapped;
} DiskNode;

typedef struct
{
  DiskNode *nodes;
  unsigned n_nodes;
  DiskOp *log;
  size_t n_log, log_room;
  bool recording;
} Disk;

Disk *disk_new (void);
void disk_free (Disk *disk);
/* The files as they are now; nobody has them open and nothing was recorded. */
Disk *disk_clone (const Disk *disk);
/* The disk takes memory for itself just now: a test that lets allocations fail has to let this one pass. */
extern volatile bool disk_is_allocating;

/* -1 when there is none. */
int disk_find (const Disk *disk, const char *name);
unsigned disk_create (Disk *disk, const char *name);
void disk_unlink (Disk *disk, unsigned node);
void disk_write (Disk *disk, unsigned node, const void *data, size_t length, int64_t offset);
void disk_truncate (Disk *disk, unsigned node, int64_t size);
/* Records from now on, as if all that is there had been written and synced first. */
void disk_record (Disk *disk);
void disk_sync (Disk *disk, unsigned node, DiskKind how);
/* Whether any byte ever written holds @text. Looks at the log and at the files. */
bool disk_holds (const Disk *disk, const void *text, size_t length);

/* ---- power cuts ---- */

typedef enum
{
  CUT_LOST,      /* nothing that was not synced */
  CUT_KEPT,      /* all of it */
  CUT_TORN_LAST, /* the last write stops in the middle, at a sector */
  CUT_SOME,      /* a random part of the writes */
  CUT_REORDERED, /* a random part of them, in reverse */
  CUT_TORN_ALL,  /* of each write a random part of its sectors */
  CUT_GARBAGE,   /* one unsynced sector holds garbage */
  CUT_ZEROS,     /* sizes grew, contents did not come: zeros */
  CUT_MIXED,     /* each file its own fate */
  CUT_COUNT
} CutDamage;

typedef struct DiskHistory DiskHistory;

/* Walks along the log of @disk, which must outlive it. */
DiskHistory *disk_history_new (const Disk *disk);
void disk_history_free (DiskHistory *history);
/* What is durable after the first @n operations; @n never shrinks. */
void disk_history_advance (DiskHistory *history, size_t n);
/* How many operations are not durable. */
size_t disk_history_pending (const DiskHistory *history);
/* A new disk as the cut leaves it. */
Disk *disk_history_cut (const DiskHistory *history, CutDamage damage, uint64_t *random);

uint64_t disk_random (uint64_t *state); /* splitmix64 */
