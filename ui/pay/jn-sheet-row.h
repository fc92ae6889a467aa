/* A line of a sheet: a title with an optional dim line under it, and something at the right. */
#pragma once

#include <gtk/gtk.h>

#include "jn-money.h"
#include "jn-payment.h"

G_BEGIN_DECLS

/* @subtitle and @end may be NULL. Floating reference. Main thread. */
GtkWidget *jn_sheet_row_new (const char *title, const char *subtitle, GtkWidget *end);

/* The same with a text at the right, selectable when @copyable. */
GtkWidget *jn_sheet_row_new_text (const char *title, const char *subtitle, const char *value,
                                  gboolean copyable);

/* The same with an amount at the right; @style_class may be NULL. */
GtkWidget *jn_sheet_row_new_money (const char *title, const char *subtitle, JnMoney money,
                                   gboolean masked, const char *style_class);

/* The points that a payment earned. NULL when it earned none. */
GtkWidget *jn_sheet_row_new_points (gint64 points);

/* A coupon's name, or that it is one. Borrowed. */
const char *jn_sheet_coupon_title (JnCouponItem *coupon);

/* What the button of a payment says: "Pay ¥19.00". Caller frees. */
char *jn_sheet_dup_verb (JnPayment *payment, const char *amount);

G_END_DECLS
