/* One intent of the journal: what it was, its key, and its steps in the order of time. */
#pragma once

#include <gtk/gtk.h>

#include "jn-context.h"

G_BEGIN_DECLS

/* Scrolls by itself. Floating reference. */
GtkWidget *jn_journal_detail_new (JnContext *context, JnJournalItem *item);

G_END_DECLS
