/* What the files of the outbox share. On storage's thread. */
#pragma once

#include "jn-db.h"
#include "jn-outbox.h"

G_BEGIN_DECLS

struct _JnOutbox
{
  JnDb *db;
};

/* A transaction, unless one is open already: *begun says whether this one has to be ended. */
gboolean jn_outbox_begin (JnOutbox *self, gboolean *begun, GError **error);
/* Commits when @ok, else rolls back; leaves both to whoever began further out. FALSE when it did not come to pass. */
gboolean jn_outbox_end (JnOutbox *self, gboolean begun, gboolean ok, GError **error);

void jn_outbox_bind_id (JnStatement *statement, int index, const JnId *id);
void jn_outbox_column_id (JnStatement *row, int column, JnId *out); /* zero when it is none */

G_END_DECLS
