/* Opening a wallet, one question a step: phone, code, PIN, person, card. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_ENROLMENT_PAGE (jn_enrolment_page_get_type ())
G_DECLARE_FINAL_TYPE (JnEnrolmentPage, jn_enrolment_page, JN, ENROLMENT_PAGE, AdwBin)

GtkWidget *jn_enrolment_page_new (JnContext *context, JnEnrolment *enrolment);

G_END_DECLS
