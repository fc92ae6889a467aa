/* Ctrl+K: finds any function, payee and bill. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_SEARCH_DIALOG (jn_search_dialog_get_type ())
G_DECLARE_FINAL_TYPE (JnSearchDialog, jn_search_dialog, JN, SEARCH_DIALOG, AdwWindow)

/* Activates "win.go" (and other actions) of @parent. */
GtkWidget *jn_search_dialog_new (JnContext *context, GtkWindow *parent);

/* What is typed; the result list follows. */
void jn_search_dialog_set_text (JnSearchDialog *self, const char *text);

G_END_DECLS
