/* Offers: what do I get. */
#pragma once

#include <adwaita.h>

#include "jn-place-page.h"

G_BEGIN_DECLS

#define JN_TYPE_OFFERS_PAGE (jn_offers_page_get_type ())
G_DECLARE_FINAL_TYPE (JnOffersPage, jn_offers_page, JN, OFFERS_PAGE, JnPlacePage)

/* A place of the window (JnPage). */
GtkWidget *jn_offers_page_new (JnContext *context);

G_END_DECLS
