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
  FAULT_LOCK = 1u << 6,  /* somebody else holds the file */
  FAULT_SHARE = 1u << 7, /* the WAL index: its map and its locks */
  FAULT_SIZE = 1u << 8,
  FAULT_ACCESS = 1u << 9,
  FAULT_KINDS = 10,
  FAULT_CHANGES = FAULT_WRITE | FAULT_SYNC | FAULT_TRUNCATE | FAULT_DELETE,
};

typedef struct
{
  unsigned kinds;   /* which operations count */
  unsigned count;   /* so far */
  unsigned fail_at; /* 0: never; else this one */
  bool once;        /* only that one, or from it on */
  bool full;        /* writes fail with "disk full" */
  bool quota;       /* or with EDQUOT, for which SQLite has no word */
  bool drop;        /* a failed sync drops what it should have kept */
  bool lie; /* a failed sync says that all is well; the next one that works makes it durable */
  bool
      partial; /* a failed read or write is half done; a read then says so, as one at the end of a file does */
  unsigned met; /* failures so far */
} FaultPlan;

extern FaultPlan fault_plan;
/* Failures since the process began, by the number of the bit of their kind. */
extern unsigned long fault_counts[FAULT_KINDS];

/* Registers the VFS, once. */
void fault_vfs_register (void);
/* The disk that the VFS stands on from now on. Returns the one before. */
Disk *fault_vfs_use (Disk *disk);
