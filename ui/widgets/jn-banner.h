/* A line above a page that says something which stays true for a while, with at most one button. */
#pragma once

#include <gtk/gtk.h>

#include "jn-avatar.h"

G_BEGIN_DECLS

#define JN_TYPE_BANNER (jn_banner_get_type ())
G_DECLARE_FINAL_TYPE (JnBanner, jn_banner, JN, BANNER, GtkWidget)

/* Signal "clicked": the button. */

GtkWidget *jn_banner_new (JnTone tone);

/* NULL hides the banner. */
void jn_banner_set_text (JnBanner *self, const char *text);
/* NULL: no button. */
void jn_banner_set_button (JnBanner *self, const char *label);

G_END_DECLS
