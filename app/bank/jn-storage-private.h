/* Inside the room: what the parts of storage share. */
#pragma once

#include "jn-db.h"
#include "jn-storage.h"

G_BEGIN_DECLS

/* A customer's whole set. */
#define JN_STORAGE_ASIDE_OF JN_STORAGE_ASIDE "of-"
/* In the name of what lay in the way of a newer set. */
#define JN_STORAGE_OLDER ".older-"

JnDb *jn_storage_get_db (JnStorage *self);
const JnStorageHeads *jn_storage_get_heads (JnStorage *self);
JnClock *jn_storage_get_clock (JnStorage *self);
JnVault *jn_storage_get_vault (JnStorage *self); /* NULL once closed */
/* Held while the ledger is open a second time: closing asks for an end and waits for it. */
GMutex *jn_storage_get_care (JnStorage *self);
gboolean jn_storage_is_closing (JnStorage *self);
/* Opens the ledger, or another of this name (a path from the folder), to be read beside the open one. Caller closes. */
jn_status jn_storage_open_beside (JnStorage *self, const char *name, jn_ledger **out);
gboolean jn_storage_key_fits_backup (JnVault *vault);
void jn_storage_drop_backups (JnVault *vault);
gboolean jn_storage_set_backups_aside (JnVault *vault, const char *where, GError **error);
/* Puts a copy of the newest backup in the place of @ledger. FALSE when there is none. */
gboolean jn_storage_restore_backup (JnVault *vault, const char *ledger);
void jn_storage_forget_synced_at (JnStorage *self);
void jn_storage_load_synced_at (JnStorage *self, JnInstant *at);
/* What wallet.db says of a ledger that is not there any more is forgotten, so that a sync makes it anew. */
gboolean jn_storage_match_files (JnStorage *self, GError **error);
/* Small values of a fixed length by name. */
gboolean jn_storage_put_setting (JnStorage *self, const char *name, const void *data, gsize length,
                                 GError **error);
gboolean jn_storage_get_setting (JnStorage *self, const char *name, void *data, gsize length);
/* The ledger's id of the customer's account at the bank. */
void jn_storage_account_id (const char *bban, jn_id *out);
gboolean jn_storage_get_owner (JnStorage *self, jn_id *out);
void jn_storage_note_owner (JnStorage *self); /* for jn_storage_dup_owner() */
gboolean jn_storage_set_owner (JnStorage *self, const jn_id *account, GError **error);
/* FALSE (INVARIANT) when the files are another account's, or those of @account lie aside: they are not to be mixed. */
gboolean jn_storage_is_for (JnStorage *self, const jn_id *account, GError **error);
/* Whether @ledger has a customer's entries, and not those of whom wallet.db is. */
gboolean jn_storage_is_foreign (JnStorage *self, jn_ledger *ledger);
/* The ledger's id of the one that grants points, which every wallet's ledger has. */
void jn_storage_issuer_id (jn_id *out);
/* Moves all files into the sub-folder @out, and those in @in (nullable) to their place; opens what is there then, else new ones. After an error
 * everything is as it was, and open; or the files are closed: those of @in when they are damaged or of another key. */
gboolean jn_storage_exchange (JnStorage *self, const char *out, const char *in, GError **error);
/* The whole set, closed, into the sub-folder @where, and back from there to where nothing is. What is there already is kept under another name.
 * What was cut off is ended, or taken back, by jn_storage_settle_aside(), before anything else is done. Errors: READ_ONLY, DISK_FULL, IO. */
gboolean jn_storage_move_out (JnVault *vault, JnClock *clock, const char *where, GError **error);
gboolean jn_storage_move_in (JnVault *vault, JnClock *clock, const char *where, GError **error);
/* What was set aside goes, but for what is of others than @own (a name as above; NULL: goes too). */
void jn_storage_remove_aside (JnVault *vault, const char *own);
/* Under which name the files that are open go aside. Caller frees. */
char *jn_storage_name_for_what_is_here (JnStorage *self);
gboolean jn_storage_settle_aside (JnVault *vault, JnClock *clock, GError **error);
gboolean jn_storage_save_synced_at (JnStorage *self, JnInstant at, GError **error);

G_END_DECLS
