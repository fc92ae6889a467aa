/* A folder, a clock that the test moves, and random numbers from a seed. */
#pragma once

#include <glib.h>

#include "jn-ledger.h"

typedef struct
{
  char *folder;
  char *path;
  gint64 now;
  jn_host host;
} World;

void world_init (World *world);
void world_clear (World *world); /* removes the folder */
jn_ledger *world_open (World *world);

jn_id world_id (guint64 high, guint64 low);
jn_account world_account (guint64 n, int class_, guint32 currency, gint64 floor, gint64 ceiling);
jn_event world_transfer (jn_id id, jn_id debit, jn_id credit, gint64 amount);
