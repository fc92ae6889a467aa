/* What the bank says about name and account, beside the fields it is about. */
#pragma once

#include <adwaita.h>

#include "jn-transfer.h"

G_BEGIN_DECLS

#define JN_TYPE_PAYEE_CHECK_VIEW (jn_payee_check_view_get_type ())
G_DECLARE_FINAL_TYPE (JnPayeeCheckView, jn_payee_check_view, JN, PAYEE_CHECK_VIEW, AdwBin)

/* Signals: "correct-name" and "correct-account", two of the three choices when they do not belong together; the third accepts the
 * mismatch at @transfer itself. */
GtkWidget *jn_payee_check_view_new (void);
void jn_payee_check_view_set_transfer (JnPayeeCheckView *self, JnTransfer *transfer);

G_END_DECLS
