/* Why does it fail? Six checks in the order in which one thing stands on another, and the one thing to do. */
#pragma once

#include "jn-payment.h"

G_BEGIN_DECLS

typedef enum
{
  JN_CHECK_NETWORK,
  JN_CHECK_BANK,
  JN_CHECK_CLOCK,
  JN_CHECK_FUNDS,
  JN_CHECK_LIMITS, /* limits, freeze, PIN, session */
  JN_CHECK_CODE,
  JN_N_CHECKS
} JnCheck;

typedef enum
{
  JN_MARK_WAITING, /* not looked at yet */
  JN_MARK_GOOD,
  JN_MARK_BAD,
  JN_MARK_NOT_NEEDED, /* nothing of the kind is in this payment */
  JN_MARK_CANNOT,     /* could not be looked at: what it stands on is bad */
} JnCheckMark;

typedef enum
{
  JN_FIX_NONE,      /* nothing was found */
  JN_FIX_RECONNECT, /* the sandbox's network is cut */
  JN_FIX_NETWORK_SETTINGS,
  JN_FIX_SIGN_IN,   /* this network needs a sign-in page */
  JN_FIX_TRY_AGAIN, /* the bank does not answer */
  JN_FIX_CLOCK_SETTINGS,
  JN_FIX_MORE_MONEY,
  JN_FIX_CALL_BANK,
  JN_FIX_SET_UP_AGAIN, /* this device is not registered any more */
  JN_FIX_NEW_CODE,
} JnFix;

#define JN_TYPE_DOCTOR (jn_doctor_get_type ())
G_DECLARE_FINAL_TYPE (JnDoctor, jn_doctor, JN, DOCTOR, GObject)

/* Signal "changed". Begins by itself; nothing it asks has an effect. Main thread. */
JnCheckMark jn_doctor_get_mark (JnDoctor *self, JnCheck check);
int jn_doctor_get_code (JnDoctor *self, JnCheck check); /* JnErrorCode of what is BAD, 0 */
gboolean jn_doctor_is_done (JnDoctor *self);
JnFix jn_doctor_get_fix (JnDoctor *self); /* of the first check that is BAD, once done */
/* How far this computer's clock is ahead of the bank's, in seconds; 0 while not known. */
gint64 jn_doctor_get_clock_ahead (JnDoctor *self);
JnMoney jn_doctor_get_short (JnDoctor *self); /* what is missing; currency NONE */
/* A plain address that a network in need of a sign-in answers with its page. Static. */
const char *jn_doctor_get_sign_in_address (void);

/* Looks at everything again. */
void jn_doctor_run (JnDoctor *self);

G_END_DECLS
