/* When what is shown was true: "Synced 10:42", "Offline, as of 10:42". Pressed, it syncs. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_SYNC_PILL (jn_sync_pill_get_type ())
G_DECLARE_FINAL_TYPE (JnSyncPill, jn_sync_pill, JN, SYNC_PILL, AdwBin)

GtkWidget *jn_sync_pill_new (JnContext *context);

/* Only the dot; the words go to the tooltip and the name. */
void jn_sync_pill_set_compact (JnSyncPill *self, gboolean compact);

G_END_DECLS
