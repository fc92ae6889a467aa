/* One bill: everything that is known about it and what its state means. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_BILL_DETAIL (jn_bill_detail_get_type ())
G_DECLARE_FINAL_TYPE (JnBillDetail, jn_bill_detail, JN, BILL_DETAIL, AdwBin)

GtkWidget *jn_bill_detail_new (JnContext *context, JnEntryItem *item);

G_END_DECLS
