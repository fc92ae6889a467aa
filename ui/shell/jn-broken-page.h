/* When the wallet cannot go on: what happened, what it means for the money, what to do now. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_BROKEN_PAGE (jn_broken_page_get_type ())
G_DECLARE_FINAL_TYPE (JnBrokenPage, jn_broken_page, JN, BROKEN_PAGE, AdwBin)

GtkWidget *jn_broken_page_new (JnContext *context);

G_END_DECLS
