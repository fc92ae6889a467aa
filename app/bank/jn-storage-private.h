/* Inside the room: what the parts of storage share. */
#pragma once

#include "jn-db.h"
#include "jn-storage.h"

G_BEGIN_DECLS

JnDb *jn_storage_get_db (JnStorage *self);
void jn_storage_load_synced_at (JnStorage *self, JnInstant *at);
gboolean jn_storage_save_synced_at (JnStorage *self, JnInstant at, GError **error);

G_END_DECLS
