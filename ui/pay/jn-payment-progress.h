/* What is happening while the bank's answer takes longer than three seconds. */
#pragma once

#include <adwaita.h>

#include "jn-payment.h"

G_BEGIN_DECLS

#define JN_TYPE_PAYMENT_PROGRESS (jn_payment_progress_get_type ())
G_DECLARE_FINAL_TYPE (JnPaymentProgress, jn_payment_progress, JN, PAYMENT_PROGRESS, AdwBin)

/* Signal "leave": the customer does not want to wait; the payment goes on. Shows nothing under 0.3 s, a spinner, then the steps by name, then that
 * one may leave: as JnWait of the payment says. */
GtkWidget *jn_payment_progress_new (JnPayment *payment);

G_END_DECLS
