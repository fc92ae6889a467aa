/* The SQLite VFS "jn-fault" on a disk in memory. It counts operations and lets the chosen ones fail. One process, one thread. */
#pragma once

#include "jn-disk.h"

enum
{
  FAULT_READ = 1u << 0,
  FAULT_WRITE = 1u << 1,
  FAULT_SYNC = 1u << 2,
  FAULT_TRUNCATE = 1u << 3,
  FAULT_DELETE = 1u << 4,
  FAULT_OPEN = 1u << 5,
  FAULT_CHANGES = FAULT_WRITE | FAULT_SYNC | FAULT_TRUNCATE | FAULT_DELETE,
};

typedef struct
{
  unsigned kinds;   /* which operations count */
  unsigned count;   /* so far */
  unsigned fail_at; /* 0: never; else this one */
  bool once;        /* only that one, or from it on */
  bool full;        /* writes fail with "disk full" */
  bool drop;        /* a failed sync drops what it should have kept */
  unsigned met;     /* failures so far */
} FaultPlan;

extern FaultPlan fault_plan;

/* Registers the VFS, once. */
void fault_vfs_register (void);
/* The disk that the VFS stands on from now on. Returns the one before. */
Disk *fault_vfs_use (Disk *disk);
