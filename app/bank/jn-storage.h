/* Everything the wallet keeps on disk, behind one worker thread: the ledger, the outbox, the last answers of the bank. */
#pragma once

#include "jn-clock.h"
#include "jn-worker.h"
#include "jn-ledger.h"
#include "jn-outbox.h"

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
gboolean jn_storage_put_document (JnStorage *self, const char *name, GBytes *bytes, JnInstant as_of, GError **error);
GBytes *jn_storage_get_document (JnStorage *self, const char *name, JnInstant *as_of); /* NULL when none */

/* The customer's account and points account in the ledger (set at first sync); FALSE before. */
gboolean jn_storage_get_accounts (JnStorage *self, jn_id *money, jn_id *points);

/* Closes, removes every file and opens empty again. */
gboolean jn_storage_erase (JnStorage *self, GError **error);

/* Closes the files; stops the worker. Waits. */
void jn_storage_close (JnStorage *self);

G_END_DECLS
