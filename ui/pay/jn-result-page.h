/* How a payment ended: made, not made, or not known yet. Three pages that can never be taken for one another. */
#pragma once

#include "jn-payment-panel.h"

G_BEGIN_DECLS

#define JN_TYPE_RESULT_PAGE (jn_result_page_get_type ())
G_DECLARE_FINAL_TYPE (JnResultPage, jn_result_page, JN, RESULT_PAGE, JnPaymentPanel)

/* Signals: "done" (leave) and "again" (a new payment, never the same intent). For a payment in CHECKING or at its end; a payment that is
 * being checked changes the page by itself when its verdict comes. */
GtkWidget *jn_result_page_new (JnContext *context, JnPayment *payment);

/* Whether it is about the payment of a row: the row's id is its intent's or its transaction's. */
gboolean jn_result_page_is_about (JnResultPage *self, const JnId *row);

G_END_DECLS
