/* The wallet itself: side bar or bottom bar, header, the pages of all places. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_SHELL (jn_shell_get_type ())
G_DECLARE_FINAL_TYPE (JnShell, jn_shell, JN, SHELL, AdwBin)

GtkWidget *jn_shell_new (JnContext *context, GSettings *settings);

/* "PLACE" or "PLACE#TARGET"; unknown places are left alone. */
void jn_shell_go (JnShell *self, const char *where);
const char *jn_shell_get_place (JnShell *self);

/* Goes to the place of a payment that is shown again, and shows it there. */
void jn_shell_show_payment (JnShell *self, JnPayment *payment);

/* Goes back within the open page; FALSE when there was nothing to go back from. */
gboolean jn_shell_back (JnShell *self);

/* The open page's own search; FALSE when it has none. */
gboolean jn_shell_find (JnShell *self);

/* For the first frame. */
void jn_shell_set_narrow (JnShell *self, gboolean narrow);

G_END_DECLS
