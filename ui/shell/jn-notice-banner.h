/* The line that says that data of this computer was old or could not be used, and that the bank has made it good. */
#pragma once

#include <gtk/gtk.h>

#include "jn-context.h"

G_BEGIN_DECLS

/* A JnBanner that follows the context's notice. */
GtkWidget *jn_notice_banner_new (JnContext *context);

G_END_DECLS
