/* What every noun of the reference bank works with: database, time, chance. Only the server's thread touches it. */
#pragma once

#include "jn-bankd-db.h"
#include "jn-category.h"
#include "jn-clock.h"
#include "jn-error.h"
#include "jn-id.h"
#include "jn-money.h"

G_BEGIN_DECLS

typedef struct _JnBankdHasher JnBankdHasher;

#define JN_BANKD_CUSTOMER ((gint64) 1) /* the sample customer */
#define JN_BANKD_MAX_DEVICES 4096u     /* remembered at a time in tables of memory alone */
#define JN_BANKD_REVOKED ((gint64) 0)  /* end of a device that its customer put out */
#define JN_BANKD_READS_A_DAY 10000     /* told in a consent */
#define JN_BANKD_HOUSE_PREFIX "629988" /* accounts of this bank begin so */

typedef struct
{
  JnBankdDb *db;
  JnClock *clock;
  JnEntropy *entropy;
  guint64 seed;
  guint64 pin_operations;
  gsize pin_memory;
  JnBankdHasher *hasher;
  char *public_address;                  /* as customers reach the bank, NULL: not known */
  JnInstant next_due;                    /* when something happens by itself, at the earliest */
  guint8 key_public[32], key_secret[64]; /* Ed25519, for answers; read by jn-bankd-keys.c */
  gboolean keys_stale;                   /* a transaction touched the keys: read them again */
  GHashTable *counters;                  /* of jn-bankd-signature.c */
  GHashTable *streams;   /* device → how many it has opened since the table began */
  guint64 streams_begun; /* how often that was */
} JnBankdCore;

/* Everything may be left 0. */
typedef struct
{
  const char *folder; /* of bank.db; NULL: in memory */
  const char *
      vfs; /* SQLite VFS that holds the file, NULL: the system's disk. In another VFS no folder is made */
  guint64 seed; /* of the sample customer's history */
  JnClock *clock;
  JnEntropy *entropy;
  guint64 pin_operations; /* Argon2id cost of the PIN: passes, and bytes of memory */
  gsize pin_memory;
  guint threads; /* that hash PINs; 0: each is hashed where its request is handled */
  const char *
      public_address; /* "https://…" of the front end, for Location; no trailing slash. NULL: none is told */
} JnBankdCoreOptions;

/* Opens the book and seeds it when it is new. Errors as jn_bankd_start. */
JnBankdCore *jn_bankd_core_open (const JnBankdCoreOptions *options, GError **error);
void jn_bankd_core_close (JnBankdCore *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnBankdCore, jn_bankd_core_close)

/* A new id as text. Caller frees. */
char *jn_bankd_core_make_id (JnBankdCore *self);

/* Tells the customer's devices to look: kind is feed, points, offers or profile. */
void jn_bankd_core_tell (JnBankdCore *self, gint64 customer, const char *kind);

/* Books what is due by itself at @now: holds that end, bills, points that expire. A transaction of its own;
 * returns TRUE when something changed. */
gboolean jn_bankd_core_tick (JnBankdCore *self, JnInstant now);

G_END_DECLS
