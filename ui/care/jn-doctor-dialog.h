/* "Why did it not work?": six checks with their marks, and the one button that mends or explains. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_DOCTOR_DIALOG (jn_doctor_dialog_get_type ())
G_DECLARE_FINAL_TYPE (JnDoctorDialog, jn_doctor_dialog, JN, DOCTOR_DIALOG, AdwWindow)

/* Opens it before the window of @widget. @payment: what failed; NULL looks at the wallet as such. @code: JnErrorCode that was shown, or 0. */
void jn_doctor_dialog_open (GtkWidget *widget, JnContext *context, JnPayment *payment, int code);

/* A flat button "Why?" that does so. */
GtkWidget *jn_doctor_button_new (JnContext *context, JnPayment *payment, int code);

G_END_DECLS
