/* Two columns that become one on a narrow window: stacked, or one at a time behind a switch. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define JN_TYPE_COLUMNS (jn_columns_get_type ())
G_DECLARE_FINAL_TYPE (JnColumns, jn_columns, JN, COLUMNS, GtkWidget)

/* Children in a .ui file by type: "start", "end", and "switcher", which stands above the columns only while they are
 * narrow and makes them show one at a time. Properties: "show-end" (which one a narrow switch shows), "start-share" (percent of the
 * width), "breakpoint" (px) and "max-width" (px; wider windows keep the columns centred). Main thread. */
void jn_columns_set_show_end (JnColumns *self, gboolean show_end);
gboolean jn_columns_get_show_end (JnColumns *self);

G_END_DECLS
