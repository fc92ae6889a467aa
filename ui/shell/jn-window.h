/* The one window: the strip on top, the test phone at the side, and the page of the stage the wallet is in. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_WINDOW (jn_window_get_type ())
G_DECLARE_FINAL_TYPE (JnWindow, jn_window, JN, WINDOW, AdwApplicationWindow)

/* @application may be NULL in tests. */
GtkWidget *jn_window_new (GtkApplication *application, JnContext *context, GSettings *settings);

/* Closes without asking, also while a payment is being sent. */
void jn_window_close_now (JnWindow *self);

/* What "win.go" does: "PLACE" or "PLACE#TARGET". Nothing before the wallet is there. */
void jn_window_go (JnWindow *self, const char *where);

/* The open place, or NULL. */
const char *jn_window_get_place (JnWindow *self);

/* A short notice at the bottom. */
void jn_window_notice (JnWindow *self, const char *text);

G_END_DECLS
