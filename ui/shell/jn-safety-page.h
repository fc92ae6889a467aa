/* Safety: where keys and data are kept, which device this is, whom to call. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_SAFETY_PAGE (jn_safety_page_get_type ())
G_DECLARE_FINAL_TYPE (JnSafetyPage, jn_safety_page, JN, SAFETY_PAGE, AdwBin)

GtkWidget *jn_safety_page_new (JnContext *context);

G_END_DECLS
