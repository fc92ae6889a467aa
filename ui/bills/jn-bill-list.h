/* The list card of the bills: search, filters, rows by day. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_BILL_LIST (jn_bill_list_get_type ())
G_DECLARE_FINAL_TYPE (JnBillList, jn_bill_list, JN, BILL_LIST, AdwBin)

/* Signal "opened" (JnEntryItem *): a row was chosen. Shows what the context's JnBills holds. */
GtkWidget *jn_bill_list_new (JnContext *context);

/* Puts the focus into the search field, or ends the search. */
void jn_bill_list_set_searching (JnBillList *self, gboolean searching);
void jn_bill_list_search (JnBillList *self, const char *text);

/* The scrolled list, for measuring. Borrowed. */
GtkListView *jn_bill_list_get_view (JnBillList *self);

G_END_DECLS
