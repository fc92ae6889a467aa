/* Transfers: to whom. */
#pragma once

#include <adwaita.h>

#include "jn-place-page.h"

G_BEGIN_DECLS

#define JN_TYPE_TRANSFERS_PAGE (jn_transfers_page_get_type ())
G_DECLARE_FINAL_TYPE (JnTransfersPage, jn_transfers_page, JN, TRANSFERS_PAGE, JnPlacePage)

/* A place of the window (JnPage). Target: "payee:ACCOUNT". */
GtkWidget *jn_transfers_page_new (JnContext *context);

/* Shows a transfer that has begun elsewhere. */
void jn_transfers_page_show (JnTransfersPage *self, JnPayment *payment);

G_END_DECLS
