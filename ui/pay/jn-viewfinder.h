/* What the camera sees, as it is and not mirrored: a code has a right way round. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define JN_TYPE_VIEWFINDER (jn_viewfinder_get_type ())
G_DECLARE_FINAL_TYPE (JnViewfinder, jn_viewfinder, JN, VIEWFINDER, GtkWidget)

/* @pixels: B, G, R, 255 each, row after row without gaps; NULL for no picture. */
void jn_viewfinder_show (JnViewfinder *self, GBytes *pixels, guint width, guint height);

G_END_DECLS
