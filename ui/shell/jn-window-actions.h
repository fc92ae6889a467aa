/* The window's commands: win.go, win.back, win.find, win.search, win.mask, win.test-phone, win.use-code, win.notice,
 * win.connect-bank, win.start-over, win.erase. */
#pragma once

#include "jn-window.h"

G_BEGIN_DECLS

void jn_window_add_actions (JnWindow *self, JnContext *context, GtkWidget *flap);

/* The part of the window that the commands use. */
gboolean jn_window_back (JnWindow *self);
gboolean jn_window_find (JnWindow *self);
gboolean jn_window_is_ready (JnWindow *self);

G_END_DECLS
