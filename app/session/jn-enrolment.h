/* Opening a wallet on this device, step by step. */
#pragma once

#include <gio/gio.h>
#include "jn-money.h"

G_BEGIN_DECLS

/*  PHONE ─▶ CODE ─▶ PIN ─▶ IDENTITY ─▶ CARD ─▶ FINISHING ─▶ DONE ; CODE and PHONE may go back to PHONE. */
typedef enum
{
  JN_ENROLMENT_PHONE,
  JN_ENROLMENT_CODE,
  JN_ENROLMENT_PIN,
  JN_ENROLMENT_IDENTITY,
  JN_ENROLMENT_CARD,
  JN_ENROLMENT_FINISHING,
  JN_ENROLMENT_DONE,
} JnEnrolmentState;

#define JN_TYPE_ENROLMENT (jn_enrolment_get_type ())
G_DECLARE_FINAL_TYPE (JnEnrolment, jn_enrolment, JN, ENROLMENT, GObject)

/* Properties that notify: "state" "busy" "error" (boxed GError of the last step or NULL; a failed step keeps the state). */
JnEnrolmentState jn_enrolment_get_state (JnEnrolment *self);
gboolean jn_enrolment_get_busy (JnEnrolment *self);
const GError *jn_enrolment_get_error (JnEnrolment *self);
int jn_enrolment_get_attempts_left (JnEnrolment *self); /* −1: not told */

void jn_enrolment_submit_phone (JnEnrolment *self,
                                const char *phone); /* 11 digits; JN_ERROR_INVALID otherwise */
void jn_enrolment_submit_code (JnEnrolment *self, const char *code);
void jn_enrolment_back_to_phone (JnEnrolment *self);
/* Twice the same 6 digits; JN_ERROR_PIN_WEAK for a weak one, JN_ERROR_INVALID when they differ. Wiped by the caller. */
void jn_enrolment_submit_pin (JnEnrolment *self, const char *pin, const char *again);
/* NULLs: the sandbox's sample person. JN_ERROR_INVALID for a wrong check digit (GB 11643). */
void jn_enrolment_submit_identity (JnEnrolment *self, const char *name, const char *resident_id);
/* NULL: the sandbox's sample card. JN_ERROR_INVALID when Luhn does not hold. */
void jn_enrolment_submit_card (JnEnrolment *self, const char *number);
void jn_enrolment_skip_card (JnEnrolment *self);
void jn_enrolment_cancel (JnEnrolment *self); /* back to WELCOME */

/* What the bank answered; NULL / NONE before. */
const char *jn_enrolment_get_suggested_phone (JnEnrolment *self); /* sandbox only */
const char *jn_enrolment_get_suggested_pin (JnEnrolment *self);   /* sandbox only */
const char *jn_enrolment_get_phone (JnEnrolment *self);
const char *jn_enrolment_get_name (JnEnrolment *self);
const char *jn_enrolment_get_tier (JnEnrolment *self);
void jn_enrolment_get_limits (JnEnrolment *self, JnMoney *payment, JnMoney *day, JnMoney *year);
const char *jn_enrolment_get_masked_card (JnEnrolment *self);

G_END_DECLS
