/* Everything the wallet keeps on disk, behind one worker thread: the ledger, the outbox, the last answers of the bank. */
#pragma once

#include "jn-clock.h"
#include "jn-feed-chain.h"
#include "jn-secret.h"
#include "jn-vault.h"
#include "jn-worker.h"
#include "jn-ledger.h"
#include "jn-outbox.h"
#include "jn-wire.h"

G_BEGIN_DECLS

#define JN_TYPE_STORAGE (jn_storage_get_type ())
G_DECLARE_FINAL_TYPE (JnStorage, jn_storage, JN, STORAGE, GObject)

/* The ledger's newest head, kept where a copy of the files does not take it along. Called on the thread that opens and on the storage's
 * worker; both come back at once. */
typedef struct
{
  /* FALSE when none is kept. One that is kept for another file than @uuid is beyond all that this file has. */
  gboolean (*load) (gpointer data, const guint8 uuid[16], jn_head *out);
  /* After each commit of the ledger; a head with seq 0 when the file begins anew. */
  void (*store) (gpointer data, const guint8 uuid[16], const jn_head *head);
  /* The same for the head of the bank's feed, which is the bank's and not the file's; NULL: nowhere. */
  gboolean (*load_feed) (gpointer data, JnFeedHead *out);
  void (*store_feed) (gpointer data, const JnFeedHead *head);
  gpointer data;
} JnStorageHeads;

/* Where opening ended. */
typedef struct
{
  gboolean ledger;   /* it was ledger.db, and not wallet.db */
  guint32 page;      /* that does not authenticate; 0 when none is known */
  gboolean key_fits; /* the key is right for another file, or is not in question: it must stay */
} JnStorageFault;

typedef struct
{
  const char *
      folder; /* made (0700) and locked against a second process; NULL: a private one, removed at the end */
  const char *
      vfs; /* NULL: the disk. Else the SQLite VFS that the files live in, below the one that seals: no folder is made or locked, and @folder (nullable) only goes before the names */
  JnDataFolder *
      locked; /* (transfer full) (nullable): the folder, locked already; @folder is not looked at */
  JnSecret *
      key; /* 32 bytes that both files are sealed with; NULL: in the clear, for tests and comparisons */
  JnStorageHeads heads; /* zero: nowhere */
  JnClock *clock;
  JnEntropy *entropy;
  JnWorker *worker;         /* NULL: a thread of its own. Closing stops it in both cases */
  JnVaultProgress progress; /* of sealing files from before; on the thread that opens */
  gpointer progress_data;
  JnStorageFault *fault; /* (nullable): filled in when a file cannot be opened */
} JnStorageOptions;

/* What sub-folders with files that were set aside are called by their beginning. */
#define JN_STORAGE_ASIDE "aside-"

/* Opens ledger.db and wallet.db, sealing them once when they are from before; what @options point to is needed for the call alone, but for
 * the objects (referenced) and the functions' data. Slow: call it on the worker of your choice or before the first frame. Errors:
 * JN_ERROR_BUSY (second start), READ_ONLY, DISK_FULL, FORMAT_NEWER, PAGE_DAMAGED, KEY_WRONG, KEY_MISSING (sealed and no key given),
 * SLOT_DAMAGED, IO. */
JnStorage *jn_storage_open (const JnStorageOptions *options, GError **error);

/* The ledger is behind the head that is kept outside or went another way: an older copy of the folder was put back. It is used all the same, as
 * the bank brings it up to date; the head outside stays until a sync has ended well. Any thread. */
gboolean jn_storage_is_older_copy (JnStorage *self);

/* The program before this one did not end cleanly. */
gboolean jn_storage_ended_badly (JnStorage *self);

/* Whether a file of the wallet in @folder is sealed already, so that only its own key opens it. */
gboolean jn_storage_is_sealed (const char *folder);

/* The thread that everything below must be called on. */
JnWorker *jn_storage_get_worker (JnStorage *self);

jn_ledger *jn_storage_get_ledger (JnStorage *self);
JnOutbox *jn_storage_get_outbox (JnStorage *self);

/* Last known answers by name ("profile", "offers", "points", "accounts") with the time they were true. */
gboolean jn_storage_put_document (JnStorage *self, const char *name, GBytes *bytes, JnInstant as_of,
                                  GError **error);
GBytes *jn_storage_get_document (JnStorage *self, const char *name,
                                 JnInstant *as_of); /* NULL when none */

/* The customer's account and points account in the ledger (set at first sync); FALSE before. */
gboolean jn_storage_get_accounts (JnStorage *self, jn_id *money, jn_id *points);

/* When the last sync ended well; 0 for never. Any thread. */
JnInstant jn_storage_get_synced_at (JnStorage *self);
gboolean jn_storage_set_synced_at (JnStorage *self, JnInstant at, GError **error);

/* The newest head of the bank's feed that was checked: as wallet.db has it, and as it is kept outside, where it is newer after the files
 * were put back from a copy. FALSE when none is kept. Storing it also stores it outside, unless what is there is newer. */
gboolean jn_storage_get_feed_head (JnStorage *self, JnFeedHead *out);
gboolean jn_storage_get_outside_feed_head (JnStorage *self, JnFeedHead *out);
gboolean jn_storage_set_feed_head (JnStorage *self, const JnFeedHead *head, GError **error);

/* What a bank's entry says beyond what the ledger keeps; by the transfer's id in the ledger (of a hold: jn_entry_row.id). */
typedef struct
{
  JnId bank_id;     /* transactionId; differs from the ledger's id for pending ones alone */
  JnId intent;      /* zero when none */
  JnId returns;     /* the booked payment whose money comes back with this; zero when none */
  JnId returned_by; /* the entry that brought this payment's money back; zero when none */
  JnWireKind kind;
  JnMoney original, discount; /* currency NONE when there is none */
  gint64 points_earned;
  JnInstant expires_at;       /* of a pending one; 0 for none */
  char *counterparty_account; /* or NULL */
  char *card;                 /* masked number of the card that the money came from; or NULL */
  char *memo;                 /* whole, where the ledger keeps 200 bytes; or NULL */
} JnEntryDetail;
void jn_entry_detail_free (JnEntryDetail *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnEntryDetail, jn_entry_detail_free)

JnEntryDetail *jn_storage_get_entry_detail (JnStorage *self,
                                            const JnId *transfer); /* NULL when there is none */

/* The booked or pending transfer that an intent became, if its entry has come home; FALSE otherwise. */
gboolean jn_storage_find_intent (JnStorage *self, const JnId *intent, JnId *transfer);

/* Whether something brought the payment's money back, and what; @by may be NULL. */
gboolean jn_storage_find_return (JnStorage *self, const JnId *transfer, JnId *by);

/* How many entries bring a payment's money back. */
guint64 jn_storage_count_returns (JnStorage *self);

/* For sync: opens the ledger's accounts of an account at the bank, remembers them, and writes details (idempotent). */
gboolean jn_storage_open_accounts (JnStorage *self, const char *bban, JnCurrency currency,
                                   GError **error);
gboolean jn_storage_get_world (JnStorage *self, jn_id *world,
                               jn_id *issuer); /* counterparts of the two */
gboolean jn_storage_put_entry_details (JnStorage *self, GPtrArray *entries, gboolean pending,
                                       GError **error); /* JnWireEntry */
void jn_storage_pending_id (const JnWireEntry *entry,
                            jn_id *out); /* the ledger's id of a pending entry */

/* A ledger's answer as an error; FALSE when it is one. */
gboolean jn_storage_check (jn_status status, GError **error);

/* Whether the ledger has not been looked through today, or the program before this one did not end cleanly. Any thread. */
gboolean jn_storage_needs_check_up (JnStorage *self);

/* Recomputes every balance, sum and hash of the ledger beside its use, then keeps a backup of the day that is checked after writing, three deep.
 * Slow: on a worker of its own; closing or erasing the storage ends it. FALSE with PAGE_DAMAGED, CHAIN_BROKEN or INVARIANT when the ledger
 * is damaged; what only keeps it from being looked at (no room, no memory) is no finding. */
gboolean jn_storage_check_up (JnStorage *self, GCancellable *cancellable, GError **error);

/* Copies the customer's own words from the ledger that was set aside in @where: all that can be read, also behind a page that cannot. How many
 * there were; one that is met twice counts twice. From the newest backup that opens when that ledger does not. */
guint jn_storage_carry_notes (JnStorage *self, const char *where);

typedef enum
{
  JN_STORAGE_ASIDE_ALL,    /* both files, and the backups */
  JN_STORAGE_ASIDE_LEDGER, /* the ledger; its newest backup, when there is one, comes in its place */
  JN_STORAGE_ASIDE_LEDGER_NEW, /* the ledger; a new one begins in its place */
} JnStorageAside;

/* Moves the wallet's files into the sub-folder @where of @folder: not deleted, and out of the way. Locks the folder for the time. Errors: BUSY,
 * READ_ONLY, DISK_FULL, IO. */
gboolean jn_storage_set_aside (const char *folder, const char *vfs, JnStorageAside what,
                               const char *where, GError **error);

/* Whether something of a customer is in the files. Says so also when they cannot tell whose. */
gboolean jn_storage_is_used (JnStorage *self);

typedef enum
{
  JN_HAND_OVER_SAME,  /* the files stay as they are */
  JN_HAND_OVER_OTHER, /* another customer's were set aside */
  JN_HAND_OVER_OLDER, /* so, and older ones of a customer lay in the way: they are kept under another name, and do not come back */
} JnHandOver;

/* The files are for the customer of the account @bban from now on. When they are that customer's, or nobody's, they stay as they are. Those of
 * another, or of somebody whom they do not name, go into a sub-folder of their own with their backups, and what was set aside for this one
 * before comes back from there; @how tells. What was borrowed from the storage is invalid in every case. After an error (READ_ONLY, DISK_FULL,
 * IO, FORMAT_NEWER, …) everything is as it was; or the storage is not open and can only be closed. */
gboolean jn_storage_hand_over (JnStorage *self, const char *bban, JnHandOver *how, GError **error);

/* The account whose files these are, 16 bytes; NULL when they are nobody's. Any thread; caller unrefs. */
JnSecret *jn_storage_dup_owner (JnStorage *self);
/* FALSE when both the files and @account (nullable) say whose they are, and not the same. Any thread. */
gboolean jn_storage_is_of (JnStorage *self, JnSecret *account);

/* FALSE after an exchange of files that could neither be ended nor taken back. On the worker, or when nothing runs there. */
gboolean jn_storage_is_open (JnStorage *self);

/* Closes, removes every file, what was set aside too, and opens empty again. What waits for other customers goes with @others alone. */
gboolean jn_storage_erase (JnStorage *self, gboolean others, GError **error);

/* Closes the files; stops the worker. Waits. */
void jn_storage_close (JnStorage *self);

G_END_DECLS
