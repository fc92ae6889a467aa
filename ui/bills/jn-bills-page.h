/* Bills: where did it go. */
#pragma once

#include <adwaita.h>

#include "jn-bill-list.h"
#include "jn-place-page.h"

G_BEGIN_DECLS

#define JN_TYPE_BILLS_PAGE (jn_bills_page_get_type ())
G_DECLARE_FINAL_TYPE (JnBillsPage, jn_bills_page, JN, BILLS_PAGE, JnPlacePage)

/* A place of the window (JnPage). Targets: "category:2", "entry:ID", "search:TEXT". */
GtkWidget *jn_bills_page_new (JnContext *context);

/* The list of the page; borrowed. */
JnBillList *jn_bills_page_get_list (JnBillsPage *self);

G_END_DECLS
