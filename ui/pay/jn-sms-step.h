/* The code of the text message, for amounts and payees that the bank wants a second factor for. */
#pragma once

#include "jn-payment-panel.h"

G_BEGIN_DECLS

#define JN_TYPE_SMS_STEP (jn_sms_step_get_type ())
G_DECLARE_FINAL_TYPE (JnSmsStep, jn_sms_step, JN, SMS_STEP, JnPaymentPanel)

/* For a payment in JN_PAYMENT_SMS; stays right while the code is checked. */
GtkWidget *jn_sms_step_new (JnContext *context, JnPayment *payment);

G_END_DECLS
