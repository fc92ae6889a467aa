/* "Is this right": one payment before it is approved, and the one button that approves it. */
#pragma once

#include "jn-payment-panel.h"

G_BEGIN_DECLS

#define JN_TYPE_CONFIRM_SHEET (jn_confirm_sheet_get_type ())
G_DECLARE_FINAL_TYPE (JnConfirmSheet, jn_confirm_sheet, JN, CONFIRM_SHEET, JnPaymentPanel)

/* For a payment in JN_PAYMENT_CONFIRM; follows it through QUOTING (another coupon) and APPROVING by itself. However often and however its
 * button is pressed, the payment is approved once. */
GtkWidget *jn_confirm_sheet_new (JnContext *context, JnPayment *payment);

G_END_DECLS
