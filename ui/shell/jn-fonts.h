/* Fonts: the system's, with simplified Chinese shapes for what it lacks. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Applies to the default display; again after the language has changed. */
void jn_fonts_apply (void);

G_END_DECLS
