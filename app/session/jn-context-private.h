/* What the rooms inside session may ask of the context. Main thread. Everything is borrowed; NULL after shutdown where it says so. */
#pragma once

#include "jn-bank.h"
#include "jn-context.h"
#include "jn-device.h"
#include "jn-facts.h"
#include "jn-keyring.h"
#include "jn-resolver.h"
#include "jn-storage.h"

G_BEGIN_DECLS

JnBank *jn_context_get_bank (JnContext *self);
/* The sandbox's own line, which "cut the network" leaves alone. */
JnBank *jn_context_get_uncut_bank (JnContext *self);
JnStorage *jn_context_get_storage (JnContext *self); /* NULL before it is open and after shutdown */
JnWorker *jn_context_get_worker (JnContext *self);   /* the storage's; NULL likewise */
JnDevice *jn_context_get_device (JnContext *self);   /* NULL before READY */
JnFacts *jn_context_get_facts (JnContext *self);     /* NULL before the first reading */
JnClock *jn_context_get_clock (JnContext *self);
const char *jn_context_get_scan_program (JnContext *self);
JnId jn_context_make_id (JnContext *self);

/* Cancelled when the wallet of this device ends: shutdown, start over, erase. */
GCancellable *jn_context_get_cancellable (JnContext *self);

/* Reads the facts anew and redraws everything; joined when called again before it is done. */
void jn_context_refresh (JnContext *self);

/* Lets the test phone look for messages for a while. */
void jn_context_expect_sms (JnContext *self);

/* An intent in a payment's hands is left alone by the resolver; letting go of it makes the resolver settle it. */
void jn_context_hold_intent (JnContext *self, const JnId *intent);
void jn_context_release_intent (JnContext *self, const JnId *intent, gboolean settle);

/* Approved intents in the hands of payments (JnIntentAtHand); caller unrefs. */
GArray *jn_context_dup_at_hand (JnContext *self);

/* An approved intent that a payment shows again: the resolver asks whether its order is still open before it settles it. Its answer comes by
 * jn_payment_settled(). Letting go of it, as above, has it settled. */
void jn_context_reopen_intent (JnContext *self, const JnId *intent);

/* Rises when a note was written. */
guint jn_context_get_n_notes (JnContext *self);

/* A payment got its final answer by itself: syncs, then tells "payment-settled". */
void jn_context_payment_ended (JnContext *self, const JnId *intent, gboolean made,
                               const JnId *transaction);

/* The payment stays alive until it has ended. */
void jn_context_keep_payment (JnContext *self, JnPayment *payment);
void jn_context_drop_payment (JnContext *self, JnPayment *payment);

/* The enrolment is over: with a device and a session, or without (cancelled). */
void jn_context_enrolled (JnContext *self, JnDevice *device, const char *consent_id,
                          JnSecret *session_secret);
void jn_context_enrolment_cancelled (JnContext *self);

G_END_DECLS
