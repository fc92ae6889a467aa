/* Home: what do I have. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_HOME_PAGE (jn_home_page_get_type ())
G_DECLARE_FINAL_TYPE (JnHomePage, jn_home_page, JN, HOME_PAGE, AdwBin)

GtkWidget *jn_home_page_new (JnContext *context, GSettings *settings);

G_END_DECLS
