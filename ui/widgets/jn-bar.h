/* One horizontal bar: a trough, a filling, a piece that is about to be added, a tick. Shares are thousandths of the
 * width, 0 to 1000; the tick may be −1 for none. */
#pragma once

#include <gtk/gtk.h>

#include "jn-avatar.h"

G_BEGIN_DECLS

#define JN_TYPE_BAR (jn_bar_get_type ())
G_DECLARE_FINAL_TYPE (JnBar, jn_bar, JN, BAR, GtkWidget)

GtkWidget *jn_bar_new (int thickness);

/* @strength: 100 draws the filling in full colour, less lets it fade (a chart's smaller bars). */
void jn_bar_set (JnBar *self, int filled, int added, int tick);
void jn_bar_set_tone (JnBar *self, JnTone tone);
void jn_bar_set_strength (JnBar *self, int strength);
void jn_bar_set_trough (JnBar *self, gboolean trough);

G_END_DECLS
