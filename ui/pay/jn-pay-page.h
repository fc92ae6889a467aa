/* Pay: is this right. */
#pragma once

#include <adwaita.h>

#include "jn-place-page.h"

G_BEGIN_DECLS

#define JN_TYPE_PAY_PAGE (jn_pay_page_get_type ())
G_DECLARE_FINAL_TYPE (JnPayPage, jn_pay_page, JN, PAY_PAGE, JnPlacePage)

/* A place of the window (JnPage). Targets: "picture" opens the file chooser, "sample" puts the focus on the sandbox's shops. */
GtkWidget *jn_pay_page_new (JnContext *context);

/* Shows a payment that has begun elsewhere. Nothing else is being paid here. */
void jn_pay_page_show (JnPayPage *self, JnPayment *payment);

G_END_DECLS
