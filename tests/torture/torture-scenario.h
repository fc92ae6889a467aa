/* What is played on the disk, and what has to be true of every image that a power cut leaves of it. */
#pragma once

#include <glib.h>

#include "jn-fault-vfs.h"

#define TORTURE_PATH "/wallet.db"
#define TORTURE_VFS "jn-seal-torture"
#define TORTURE_CANARY "canary-of-the-memo"

typedef struct Scenario Scenario;

typedef struct
{
  const char *name;
  gsize state_size;
  /* Plays it on the disk in use, which records; notes after each acknowledged call how long the log is. */
  void (*play) (Scenario *s);
  /* Opens the disk in use and compares: @acked calls were acknowledged, one more may be there. Returns what is wrong, or NULL.
   * @go_on: also writes, to see that the file is usable. */
  const char *(*check) (Scenario *s, guint acked, gboolean go_on);
} ScenarioKind;

struct Scenario
{
  const ScenarioKind *kind;
  guint64 seed;
  Disk *disk;      /* what it was played on */
  GArray *marks;   /* gsize: length of the log when call i was acknowledged */
  GArray *states;  /* what the kind wants to know about the state after call i */
  gboolean failed; /* a call did not answer OK */
};

extern const ScenarioKind scenario_ledger;
extern const ScenarioKind scenario_sql;

/* VFS and keys; once. */
void scenario_set_up (void);
Scenario *scenario_new (const ScenarioKind *kind, guint64 seed);
void scenario_free (Scenario *s);
/* Plays it on a new disk that records, and leaves that disk in use. */
void scenario_play (Scenario *s);
/* Unless the call failed. */
void scenario_acknowledge (Scenario *s, gconstpointer state);
/* How many calls were acknowledged within the first @n operations. */
guint scenario_acked (const Scenario *s, gsize n);
/* Checks @disk instead of the one in use. */
const char *scenario_check (Scenario *s, Disk *disk, guint acked, gboolean go_on);
