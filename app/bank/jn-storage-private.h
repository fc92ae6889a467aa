/* Inside the room: what the parts of storage share. */
#pragma once

#include "jn-db.h"
#include "jn-storage.h"

G_BEGIN_DECLS

JnDb *jn_storage_get_db (JnStorage *self);
const JnStorageHeads *jn_storage_get_heads (JnStorage *self);
JnClock *jn_storage_get_clock (JnStorage *self);
JnVault *jn_storage_get_vault (JnStorage *self); /* NULL once closed */
/* Held while the ledger is open a second time: closing asks for an end and waits for it. */
GMutex *jn_storage_get_care (JnStorage *self);
gboolean jn_storage_is_closing (JnStorage *self);
/* Opens the ledger, or the one set aside in @where, to be read beside the open one. Caller closes. */
jn_status jn_storage_open_beside (JnStorage *self, const char *where, jn_ledger **out);
void jn_storage_drop_backups (JnVault *vault);
gboolean jn_storage_set_backups_aside (JnVault *vault, const char *where, GError **error);
/* Puts a copy of the newest backup in the place of @ledger. FALSE when there is none. */
gboolean jn_storage_restore_backup (JnVault *vault, const char *ledger);
void jn_storage_forget_synced_at (JnStorage *self);
void jn_storage_load_synced_at (JnStorage *self, JnInstant *at);
/* What wallet.db says of a ledger that is not there any more is forgotten, so that a sync makes it anew. */
gboolean jn_storage_match_files (JnStorage *self, GError **error);
gboolean jn_storage_save_synced_at (JnStorage *self, JnInstant at, GError **error);

G_END_DECLS
