/* How the context makes its view-models and tells them what is new. Main thread. */
#pragma once

#include "jn-bank.h"
#include "jn-bills.h"
#include "jn-context.h"
#include "jn-doctor.h"
#include "jn-enrolment.h"
#include "jn-facts.h"
#include "jn-home.h"
#include "jn-inbox.h"
#include "jn-journal.h"
#include "jn-offers.h"
#include "jn-payment.h"
#include "jn-resolver.h"
#include "jn-test-phone.h"
#include "jn-transfer.h"

G_BEGIN_DECLS

/* @facts: NULL forgets everything and goes back to LOADING. @error: why there are no facts, or why the first sync failed; NULL. */
JnHome *jn_home_new (void);
void jn_home_apply (JnHome *self, JnFacts *facts, const GError *error);
JnOffers *jn_offers_new (void);
void jn_offers_apply (JnOffers *self, JnFacts *facts, const GError *error);
/* The context outlives its bills. */
JnBills *jn_bills_new (JnContext *context);
void jn_bills_apply (JnBills *self, JnFacts *facts, const GError *error);
JnTestPhone *jn_test_phone_new (JnBank *bank, JnClock *clock);
void jn_test_phone_watch (JnTestPhone *self, guint seconds);
void jn_test_phone_forget (JnTestPhone *self);
JnEnrolment *jn_enrolment_new (JnContext *context, JnBank *bank);
void jn_enrolment_stop (JnEnrolment *self);
/* The device is kept (DONE), or it could not be: the last step may be tried again. */
void jn_enrolment_complete (JnEnrolment *self, const GError *error);

JnPayment *jn_payment_new (JnContext *context);
/* A transfer starts in QUOTING. @product as the payee check named it. */
typedef struct
{
  const char *product;
  const char *account;
  const char *name;
  const char *memo;
  JnMoney amount;
} JnTransferOrder;
JnPayment *jn_payment_new_transfer (JnContext *context, const JnTransferOrder *order);
/* A top-up of @amount from @card, in QUOTING. The facts have an account and a profile. */
JnPayment *jn_payment_new_top_up (JnContext *context, const JnWireCard *card, JnMoney amount);
/* The payment of an intent that the end of the program cut off, as it stood: in CHECKING when it was approved, kept by the context until its
 * end; else in QUOTING, and CANCELLED when the bank does not take it up again. Takes @order. */
JnPayment *jn_payment_new_reopened (JnContext *context, const JnIntent *intent, JnWireOrder *order);
/* The resolver's verdict about one of its intents, or that its order is open. */
void jn_payment_settled (JnPayment *self, const JnVerdict *verdict);
/* The wallet ends: no callback touches the payment any more. */
void jn_payment_stop (JnPayment *self);

JnTransfer *jn_transfer_new (JnContext *context);

JnInbox *jn_inbox_new (JnContext *context);
void jn_inbox_apply (JnInbox *self, JnFacts *facts); /* NULL forgets everything */
/* @only: one intent alone; NULL for all. */
JnJournal *jn_journal_new (JnContext *context, const JnId *only);
JnDoctor *jn_doctor_new (JnContext *context, JnPayment *payment, int code);

/* Puts @items (of GObject) in the place of what @store holds, touching only what differs by @equal (NULL: by identity). */
typedef gboolean (*JnItemEqual) (gpointer a, gpointer b);
void jn_list_update (GListStore *store, GPtrArray *items, JnItemEqual equal);

G_END_DECLS
