/* A row of the bills: drawn by hand, so that a list of a hundred thousand scrolls as lightly as one of ten. */
#pragma once

#include <gtk/gtk.h>

#include "jn-context.h"

G_BEGIN_DECLS

/* What stands together in the list. */
typedef enum
{
  JN_BILL_GROUP_BOOKED, /* under its day */
  JN_BILL_GROUP_UNDER_WAY,
  JN_BILL_GROUP_OPEN,
  JN_BILL_GROUP_ENDED,
} JnBillGroup;
JnBillGroup jn_bill_group_of (JnEntryItem *item);

#define JN_TYPE_BILL_ROW (jn_bill_row_get_type ())
G_DECLARE_FINAL_TYPE (JnBillRow, jn_bill_row, JN, BILL_ROW, GtkWidget)

/* Follows the context's mask. */
GtkWidget *jn_bill_row_new (JnContext *context);

/* The day heading stands in the row that begins a day. A LOADING item draws a skeleton until it is "loaded". NULL empties the row. The spoken name is
 * set on the row's parent, the list's own item. */
void jn_bill_row_set_item (JnBillRow *self, JnEntryItem *item);

/* The first row of a list has no line above it. */
void jn_bill_row_set_first (JnBillRow *self, gboolean first);

G_END_DECLS
