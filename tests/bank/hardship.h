/* A wallet on a disk that things happen to: its bank in memory, its folder, and what must be in it. */
#pragma once

#include "fake-bank.h"

#include "jn-bank.h"
#include "jn-error.h"
#include "jn-storage.h"

G_BEGIN_DECLS

typedef struct
{
  char *folder;
  FakeBank *fake;
  JnClock *clock;
  JnEntropy *entropy;
  JnBank *bank;
  guint entries; /* that the bank has, of one each */
  JnId intent;   /* not settled, since hardship_fill() */
} Hardship;

void hardship_set_up (Hardship *self, gconstpointer data);
void hardship_tear_down (Hardship *self, gconstpointer data);

/* More at the bank. */
void hardship_add_entries (Hardship *self, guint n);

JnStorage *hardship_open (Hardship *self); /* must work */
void hardship_close (JnStorage *storage);

/* Whether opening fails with exactly this code. */
void hardship_refused (Hardship *self, JnErrorCode code);

/* One run of synchronisation with @storage. */
gboolean hardship_sync (Hardship *self, JnStorage *storage, GError **error);

/* A new intent, approved and not answered. */
gboolean hardship_add_intent (Hardship *self, JnStorage *storage, JnId *id, GError **error);

/* Opens, adds the intent, syncs, closes. */
void hardship_fill (Hardship *self);

/* The ledger proves itself and has the bank's first @entries entries; the intent is there. */
void hardship_check (Hardship *self, JnStorage *storage, guint entries);

guint hardship_count (JnStorage *storage); /* booked entries */

char *hardship_path (Hardship *self, const char *name);
GBytes *hardship_read (Hardship *self, const char *name);
void hardship_write (Hardship *self, const char *name, GBytes *bytes);

G_END_DECLS
