/* A container for one child that knows whether it is narrow (under 720 px, or the threshold it is given); stands in for
 * AdwBreakpoint. While narrow it carries the style class "narrow". Property "narrow" notifies. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define JN_NARROW_WIDTH 720

#define JN_TYPE_LAYOUT_WATCHER (jn_layout_watcher_get_type ())
G_DECLARE_FINAL_TYPE (JnLayoutWatcher, jn_layout_watcher, JN, LAYOUT_WATCHER, GtkWidget)

GtkWidget *jn_layout_watcher_new (int threshold);
void jn_layout_watcher_set_child (JnLayoutWatcher *self, GtkWidget *child);
gboolean jn_layout_watcher_get_narrow (JnLayoutWatcher *self);

/* The width that is about to come, so that the first frame is right. */
void jn_layout_watcher_expect_width (JnLayoutWatcher *self, int width);

G_END_DECLS
