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
  gboolean is_transfer; /* not of a code: the payee is given */
  gboolean is_top_up;   /* such a transfer, from a card to the wallet itself */
  char *card_id;        /* the card that pays; NULL: the wallet does */
  char *card;           /* its masked number */
  char *card_bank;      /* of a top-up: whose card it is */
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
  JnIntent *earlier;    /* paid a moment ago, like this one; NULL */
  gboolean asked_again; /* the customer was asked, once for a payee and an amount */
  JnMoney short_of;     /* what is missing, in SHORT and after */
  JnMoney held;         /* in SHORT */
  JnMoney topped_up;    /* came from the card for this payment; currency NONE */
  JnMoney after_top_up; /* available with it, until the feed has told; currency NONE */
  JnPayment *top_up;    /* in TOPPING_UP: with its own intent, outbox row, sheet and PIN */
  char *paid_on;        /* with ORDER_PAID: the device; NULL */
  JnInstant paid_at;    /* likewise; 0 */

  /* The quote that may replace it. */
  JnId next_intent;
  JnWireOrder *next_order;
  char *next_authorisation;

  JnPaymentStep approval; /* how far, in APPROVING */
  gboolean approved;      /* outbox: APPROVED or later */
  gboolean reopened;      /* shown again from what was kept */
  gboolean resending;
  gboolean
      left; /* nobody looks at it any more: what would wait for the customer is settled instead */
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

/* Takes up the order that is next: asks for an authorisation, then shows it. In QUOTING. */
void jn_payment_authorise (JnPayment *self);

/* The bank says that the order is open, under this authorisation: the sheet goes on. In CHECKING, the intent is held. */
void jn_payment_reopen (JnPayment *self, const char *authorisation);

/* What the sheet shows beside the order: coupons, what is available, the budget. */
void jn_payment_fill_sheet (JnPayment *self);

/* No answer came, but @reason (JnErrorCode): hands the intent to the resolver. In APPROVING. */
void jn_payment_check (JnPayment *self, int reason);

/* Lets go of the quote on the sheet; the bank closes it in the background. */
void jn_payment_abandon (JnPayment *self);

/* Lets go of an intent that nobody has approved, for good: it is not shown again, and the bank closes it in the background. */
void jn_payment_drop_intent (JnPayment *self, const JnId *intent);

/* With ORDER_PAID: keeps what the bank told about it. */
void jn_payment_remember_paid (JnPayment *self, const GError *error);

/* The code that an initiation is about, from its exact bytes; NULL when it is about none. Caller frees. Any thread. */
char *jn_payment_dup_code (GBytes *request);

/* Not enough money by the bank's word: in QUOTING. */
void jn_payment_fall_short (JnPayment *self);

/* Lets go of the top-up: closes it unless it was sent; what was sent goes on without us. */
void jn_payment_drop_top_up (JnPayment *self);

/* The wallet pays again. */
void jn_payment_forget_card (JnPayment *self);

/* One write to the outbox on the storage's worker. */
typedef struct
{
  JnStorage *storage;
  JnIntent *add; /* adds it; then nothing else */
  gboolean
      fixed_order; /* with @add: refuse a second payment of one order while the first is not known yet */
  JnIntentChange change;
  JnMoney
      asked; /* of the order that is described: looks for one like it, unless its currency is NONE */
  char *asked_payee; /* account */
} JnOutboxJob;

JnOutboxJob *jn_outbox_job_new (JnPayment *self, const JnId *intent, const char *step);
/* Takes @job. Finish with jn_worker_run_finish: an earlier payment that was looked for, (transfer full), or an error. Runs also
 * when the payment is gone. */
void jn_outbox_job_run (JnPayment *self, JnOutboxJob *job, GAsyncReadyCallback callback,
                        gpointer user_data);

G_END_DECLS
