/* A page's frame: scrolls, keeps the content centred at a maximum width, with the page's margins. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @content receives the vertical box (18 px between cards) that the page fills. */
GtkWidget *jn_column_new (int max_width, GtkWidget **content);

G_END_DECLS
