/* Faults of all kinds at once, while a ledger is used, while it recovers and while it is asked what happened; between them the power goes
 * and the process dies. */
#pragma once

#include <glib.h>

typedef struct
{
  guint64 steps, images, deaths, unknown, asked;
} StormCounts;

/* Uses the VFS of rig.h. Returns what is wrong, or NULL; the same for the same seed. */
const char *storm_play (guint64 seed, StormCounts *counts);
