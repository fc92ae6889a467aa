/* The single steps of opening a wallet: each builds one question. They keep a reference to the enrolment. */
#pragma once

#include <gtk/gtk.h>

#include "jn-enrolment.h"

G_BEGIN_DECLS

GtkWidget *jn_enrolment_phone_step (JnEnrolment *enrolment, gboolean sandbox);
GtkWidget *jn_enrolment_code_step (JnEnrolment *enrolment, gboolean sandbox);
GtkWidget *jn_enrolment_pin_step (JnEnrolment *enrolment, gboolean sandbox);
GtkWidget *jn_enrolment_identity_step (JnEnrolment *enrolment, gboolean sandbox);
GtkWidget *jn_enrolment_card_step (JnEnrolment *enrolment, gboolean sandbox);
GtkWidget *jn_enrolment_finishing_step (void);

/* The bank or the session said no: digits are wiped, what can be corrected stays. */
void jn_enrolment_step_refused (GtkWidget *step);

G_END_DECLS
