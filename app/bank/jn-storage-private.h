/* Inside the room: what the parts of storage share. */
#pragma once

#include "jn-db.h"
#include "jn-storage.h"

G_BEGIN_DECLS

JnDb *jn_storage_get_db (JnStorage *self);
const JnStorageHeads *jn_storage_get_heads (JnStorage *self);
void jn_storage_load_synced_at (JnStorage *self, JnInstant *at);
/* What wallet.db says of a ledger that is not there any more is forgotten, so that a sync makes it anew. */
gboolean jn_storage_match_files (JnStorage *self, GError **error);
gboolean jn_storage_save_synced_at (JnStorage *self, JnInstant at, GError **error);

G_END_DECLS
