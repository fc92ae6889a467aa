/* Inside the room: the tables of wallet.db, and what reads them. */
#pragma once

#include "jn-db.h"
#include "jn-outbox.h"

G_BEGIN_DECLS

/* @vfs: NULL for SQLite's own. */
JnDb *jn_wallet_db_open (const char *path, const char *vfs, GError **error);

/* Borrows @db, which outlives it. */
JnOutbox *jn_outbox_new (JnDb *db);
void jn_outbox_free (JnOutbox *self);

G_END_DECLS
