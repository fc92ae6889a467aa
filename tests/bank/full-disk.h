/* A disk without room, where SQLite asks the kernel: the n-th write and all that follow find no space. */
#pragma once

#include <glib.h>

/* @writes: how many still succeed; negative: all. @error: ENOSPC or EDQUOT. Any thread. */
void full_disk_set (int writes, int error);

/* Whether a write was refused since then. */
gboolean full_disk_was_hit (void);
