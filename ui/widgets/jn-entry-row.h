/* One row of a list of bills. Follows the context's mask and clock by itself. Put it in a GtkListBoxRow or a list
 * item: it is no control of its own; its accessible name is set on it and, when it has one, on its parent. */
#pragma once

#include <gtk/gtk.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_ENTRY_ROW (jn_entry_row_get_type ())
G_DECLARE_FINAL_TYPE (JnEntryRow, jn_entry_row, JN, ENTRY_ROW, GtkWidget)

/* @context: NULL only in tests (system clock, nothing masked). */
GtkWidget *jn_entry_row_new (JnContext *context);

/* NULL shows the skeleton. An item that is LOADING fills the row when it is "loaded". */
void jn_entry_row_set_item (JnEntryRow *self, JnEntryItem *item);
JnEntryItem *jn_entry_row_get_item (JnEntryRow *self);

/* Whether the dim line says the day ("Today 10:41") or only the time, under a day heading. TRUE unless told. */
void jn_entry_row_set_show_day (JnEntryRow *self, gboolean show_day);

/* What a screen reader says for the whole row. Borrowed. */
const char *jn_entry_row_get_spoken (JnEntryRow *self);

G_END_DECLS
