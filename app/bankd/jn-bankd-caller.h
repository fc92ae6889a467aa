/* Who asks: the session of an enrolled device and the device's signature. */
#pragma once

#include "jn-bankd-call.h"

G_BEGIN_DECLS

/* Finds the device of the session and checks that it signed the request; sets the customer and the device of @call.
 * @write: the request is to change something. Fails the call otherwise. */
gboolean jn_bankd_caller_check (JnBankdCall *call, gboolean write);

/* The same for a step of an enrolment, whose body has been read: signed by the key that is being enrolled. */
gboolean jn_bankd_caller_check_enrolment (JnBankdCall *call);

/* Forgets what the check found. */
void jn_bankd_caller_clear (JnBankdCall *call);

G_END_DECLS
