/* A program whose n-th change to the disk fails or is its last: SQLite's calls and the sealed store's own. For programs linked with
 * broken_disk_link_args. */
#pragma once

#include <glib.h>

typedef enum
{
  BROKEN_DISK_COUNTS, /* nothing happens */
  BROKEN_DISK_FAILS,  /* the call fails with EIO, once */
  BROKEN_DISK_KILLS,  /* the process is killed before the call */
  BROKEN_DISK_TEARS,  /* the process is killed after half of what was to be written */
} BrokenDisk;

void broken_disk_set (BrokenDisk how, guint at); /* counted from 1, anew */
guint broken_disk_count (void);
