/* While the files of an older version are being sealed, once. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_PROTECTING_PAGE (jn_protecting_page_get_type ())
G_DECLARE_FINAL_TYPE (JnProtectingPage, jn_protecting_page, JN, PROTECTING_PAGE, AdwBin)

GtkWidget *jn_protecting_page_new (JnContext *context);

G_END_DECLS
