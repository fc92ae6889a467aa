/* Everything the wallet keeps on disk, behind one worker thread: the ledger, the outbox, the last answers of the bank. */
#pragma once

#include "jn-clock.h"
#include "jn-worker.h"
#include "jn-ledger.h"
#include "jn-outbox.h"
#include "jn-wire.h"

G_BEGIN_DECLS

#define JN_TYPE_STORAGE (jn_storage_get_type ())
G_DECLARE_FINAL_TYPE (JnStorage, jn_storage, JN, STORAGE, GObject)

/* Opens ledger.db and wallet.db in @folder (created 0700, locked against a second process), or in a private folder that is removed at the end when
 * @folder is NULL. Slow: call it on the worker of your choice or before the first frame. Errors: JN_ERROR_BUSY (second start), READ_ONLY, DISK_FULL,
 * FORMAT_NEWER, PAGE_DAMAGED, IO. */
JnStorage *jn_storage_open (const char *folder, JnClock *clock, JnEntropy *entropy, GError **error);

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

/* Closes, removes every file and opens empty again. */
gboolean jn_storage_erase (JnStorage *self, GError **error);

/* Closes the files; stops the worker. Waits. */
void jn_storage_close (JnStorage *self);

G_END_DECLS
