/* The code names no amount: the customer types it. */
#pragma once

#include "jn-payment-panel.h"

G_BEGIN_DECLS

#define JN_TYPE_AMOUNT_STEP (jn_amount_step_get_type ())
G_DECLARE_FINAL_TYPE (JnAmountStep, jn_amount_step, JN, AMOUNT_STEP, JnPaymentPanel)

/* For a payment in JN_PAYMENT_AMOUNT. What was typed stays when it is refused. */
GtkWidget *jn_amount_step_new (JnContext *context, JnPayment *payment);

G_END_DECLS
