/* The inside of a payment; for jn-payment*.c alone. */
#pragma once

#include "jn-context-private.h"
#include "jn-views-private.h"

G_BEGIN_DECLS

struct _JnPayment
{
  GObject parent_instance;
  JnContext *context; /* NULL once the wallet has ended */
  JnPaymentState state;
  JnWait wait;
  GError *error;
  int attempts_left;

  /* The step under way; replaced and cancelled when it ends early. */
  GCancellable *step;
  JnClock *clock;
  guint wait_timers[4];
  gint64 waiting_since;

  /* What is to be paid. */
  char *payload; /* code's text; NULL for transfers */
  JnWireQr *qr;
  gboolean is_transfer;
  char *product;
  char *account;
  char *name;
  char *memo;
  JnMoney amount;
  char *coupon; /* "best", "none" or an offer id */

  /* The quote on the sheet. */
  JnId intent;
  char *reference;
  JnWireOrder *order;
  char *authorisation;
  GListStore *coupons;
  JnCouponItem *used_coupon;
  JnMoney available;
  JnBudgetItem *budget_after;

  /* The quote that may replace it. */
  JnId next_intent;
  JnWireOrder *next_order;

  JnPaymentStep approval; /* how far, in APPROVING */
  gboolean approved;      /* outbox: APPROVED or later */
  gboolean resending;
  gint64 tapped_at;
  gint64 elapsed_us;
  gint64 bank_commit_us;
  JnId transaction;
};

/* The only way to another state; an edge that is not in the diagram is a programming error. Takes @error, which belongs to the
 * new state. */
void jn_payment_advance (JnPayment *self, JnPaymentState to, GError *error);

/* Tells how far the approval is. */
void jn_payment_set_step (JnPayment *self, JnPaymentStep step);

/* Keeps the state and says what is wrong. Takes @error. */
void jn_payment_complain (JnPayment *self, GError *error);

/* A fresh cancellable for the next step; the step before is cancelled. Borrowed. */
GCancellable *jn_payment_begin_step (JnPayment *self);

/* Asks the bank for a quote under a new intent: in QUOTING. */
void jn_payment_quote (JnPayment *self);

/* No answer came: hands the intent to the resolver. In APPROVING. */
void jn_payment_check (JnPayment *self);

/* Lets go of the quote on the sheet; the bank closes it in the background. */
void jn_payment_abandon (JnPayment *self);

/* One write to the outbox on the storage's worker. */
typedef struct
{
  JnStorage *storage;
  JnInstant now;
  JnIntent *add; /* adds it; then nothing else */
  gboolean
      fixed_order; /* with @add: refuse a second payment of one order while the first is not known yet */
  JnId id;
  JnIntentState to; /* moves to it, when not 0 */
  int reason;
  JnId transaction;
  char *payee; /* describes it, when not NULL */
  JnMoney amount;
  const char *note;
  int note_code;
} JnOutboxJob;

JnOutboxJob *jn_outbox_job_new (JnPayment *self, const JnId *intent, const char *note);
/* Takes @job. Finish with jn_worker_run_finish: only the error counts. Runs also when the payment is gone. */
void jn_outbox_job_run (JnPayment *self, JnOutboxJob *job, GAsyncReadyCallback callback,
                        gpointer user_data);

G_END_DECLS
