/* A transfer being written: one field that takes pasted text, and the four it fills. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_TRANSFER_FORM (jn_transfer_form_get_type ())
G_DECLARE_FINAL_TYPE (JnTransferForm, jn_transfer_form, JN, TRANSFER_FORM, AdwBin)

/* Signal "continued": everything is there and the customer goes on. What is typed stays in the form until another transfer is set. */
GtkWidget *jn_transfer_form_new (JnContext *context);

void jn_transfer_form_set_transfer (JnTransferForm *self, JnTransfer *transfer);

/* Puts the focus on the amount, when the payee is already known. */
void jn_transfer_form_focus_amount (JnTransferForm *self);

G_END_DECLS
