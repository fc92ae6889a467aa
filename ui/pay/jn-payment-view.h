/* One payment from its quote to its end: the right step for each of its states. Pay and Transfers share it. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_PAYMENT_VIEW (jn_payment_view_get_type ())
G_DECLARE_FINAL_TYPE (JnPaymentView, jn_payment_view, JN, PAYMENT_VIEW, AdwBin)

/* Signals: "left" when the customer is through with the payment or it was cancelled (whoever made it goes back), and "again" when another one like it is
 * wanted. */
GtkWidget *jn_payment_view_new (JnContext *context);

/* NULL shows nothing. A payment that was sent goes on without the view. */
void jn_payment_view_set_payment (JnPaymentView *self, JnPayment *payment);
JnPayment *jn_payment_view_get_payment (JnPaymentView *self);

/* One step back: cancels what is not approved yet, leaves the rest alone. Emits "left". */
void jn_payment_view_go_back (JnPaymentView *self);

G_END_DECLS
