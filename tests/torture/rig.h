/* One engine on a disk in memory, everything that can be read of it as one text, and the public calls that are tried on it. */
#pragma once

#include <glib.h>

#include "jn-fault-vfs.h"
#include "jn-ledger.h"

#define RIG_PATH "/wallet.db"
#define RIG_COPY "/copy.db"
#define RIG_VFS "jn-seal-rig"
#define RIG_CANARY "canary-of-the-memo"

typedef struct
{
  Disk *disk; /* in use */
  const char *path;
  jn_ledger *ledger; /* NULL while closed */
  jn_host host;
  gint64 now;
  gboolean has_head; /* the head as it is kept outside */
  jn_head head;
  char *printed; /* by the call that reads */
} Rig;

/* VFS and keys; once, before SQLite is used. Uses the allocator's methods when there are some. */
void rig_set_up (void);
/* What the VFS knows about the files of the disk before, as a new process would. */
void rig_forget (void);
/* Nonces, salts and keys from here on are those of the last time: what is done again leaves the same bytes. */
void rig_same_again (void);
/* On a clone of @image, which it records. */
Rig *rig_new (const Disk *image, const char *path, const char *vfs);
void rig_free (Rig *rig);
jn_status rig_open (Rig *rig);
jn_status rig_open_older (Rig *rig); /* also a file that is behind the head outside */
void rig_close (Rig *rig);
/* All that can be read, as a text; the first status that is not JN_OK when it cannot. Caller frees. */
jn_status rig_print (Rig *rig, char **out);

typedef struct
{
  const char *name;
  /* What it is tried on. */
  const Disk *(*image) (void);
  const char *path, *vfs; /* NULL: the sealed wallet */
  gboolean opens;         /* the ledger is not open before it */
  jn_status (*run) (Rig *rig);
  gboolean copies; /* leaves a second file, which has to be the same */
} Call;

extern const Call CALLS[];
extern const guint N_CALLS;

/* How the call ends where nothing fails: the text before and after. */
void call_play (const Call *call, char **before, char **after);
/* A rig on the call's image, opened when the call wants it open. */
Rig *call_rig (const Call *call);

/* The fault after the @n-th one: each of the first ones, then with ever larger strides, under sanitizers sooner; JN_EXHAUSTIVE takes each. */
unsigned rig_next_fault (unsigned n);

jn_id rig_id (guint8 kind, guint32 n);
