/* One payment or transfer, from a code or a draft to a final state. The state machine of the whole flow. */
#pragma once

#include "jn-items.h"
#include "jn-status.h"

G_BEGIN_DECLS

/*
 *  START ─picture─▶ READING ─▶ RESOLVING ─▶ AMOUNT ─▶ QUOTING ─▶ CONFIRM ─PIN─▶ APPROVING ─▶ MADE
 *    ╰────text──────────────────▲   ╰──────amount known───▲        ▲ ▲ ╲            │ ╲╲──▶ NOT_MADE
 *                                                           coupon ╯ ╰─wrong PIN────╯  ╲──▶ SMS ─code─▶ APPROVING
 *  QUOTING ─the same was paid a moment ago, or is not known yet─▶ AGAIN ─yes─▶ CONFIRM
 *  QUOTING ─not enough money─▶ SHORT ─pay by card─▶ QUOTING     SHORT ─other─▶ AMOUNT | START
 *  SHORT ─top up─▶ TOPPING_UP ─it is MADE─▶ QUOTING     TOPPING_UP ─it is NOT_MADE | FAILED─▶ NOT_MADE
 *                  TOPPING_UP ─it is CANCELLED─▶ SHORT  TOPPING_UP ─the customer leaves─▶ CANCELLED
 *  APPROVING ─no answer─▶ CHECKING ─verdict─▶ MADE | NOT_MADE      START…CONFIRM, SMS ─cancel─▶ CANCELLED
 *  The program ended in AGAIN…CONFIRM; at the next start: START ─▶ QUOTING ─still open─▶ CONFIRM | AGAIN, ─else─▶ CANCELLED
 *  The program ended in APPROVING, SMS or after a wrong PIN; at the next start:
 *                  START ─▶ CHECKING ─nothing made, still open─▶ CONFIRM, ─verdict─▶ MADE | NOT_MADE
 *  READING, RESOLVING, QUOTING ─error─▶ back to START / AMOUNT with an error; QUOTING of a transfer ─error─▶ FAILED
 *
 * A top-up is a payment of its own from a card to the wallet (jn_payment_get_top_up): it goes from QUOTING to its end along the same edges,
 * under its own intent, with its own row in the outbox, order, PIN and verdict. TOPPING_UP only watches it. So a top-up without an answer is
 * CHECKING like every payment, and the card is charged once or not at all.
 *
 * A payment that is shown again has its intent, and the order that was kept with it: the same sheet, the same key at the bank. The bank gives it a
 * new authorisation, which ends the one before, so an approval that was still on its way makes nothing any more; the PIN is asked for again.
 */
typedef enum
{
  JN_PAYMENT_START,     /* waits for a picture or a code */
  JN_PAYMENT_READING,   /* the picture is being decoded */
  JN_PAYMENT_RESOLVING, /* the bank is asked who the payee is */
  JN_PAYMENT_AMOUNT,    /* the code has no amount: the customer types it */
  JN_PAYMENT_QUOTING,   /* the bank quotes: coupon, fee, total */
  JN_PAYMENT_AGAIN, /* quoted; the same amount went to the same payee within five minutes: asks once */
  JN_PAYMENT_SHORT,      /* not enough money; nothing was approved */
  JN_PAYMENT_TOPPING_UP, /* the top-up goes its own way; then the quote is asked for again */
  JN_PAYMENT_CONFIRM,    /* the sheet: waits for the PIN */
  JN_PAYMENT_APPROVING,  /* sent; waits for the answer */
  JN_PAYMENT_SMS,        /* waits for the text message's code */
  JN_PAYMENT_CHECKING,   /* not known yet: being checked by its id */
  JN_PAYMENT_MADE,
  JN_PAYMENT_NOT_MADE, /* money has not moved; error says why */
  JN_PAYMENT_CANCELLED, /* with an error: it was to be shown again, nothing approved, and could not be */
  JN_PAYMENT_FAILED, /* could not be opened; nothing was sent that could move money */
} JnPaymentState;

/* How long the customer has waited for an answer. */
typedef enum
{
  JN_WAIT_SHORT,     /* under 0.3 s: show nothing */
  JN_WAIT_SPINNER,   /* to 3 s */
  JN_WAIT_STEPS,     /* to 10 s: name the steps */
  JN_WAIT_MAY_LEAVE, /* over 10 s: "you may leave; the result comes as a notification" */
} JnWait;

/* How far an approval is. */
typedef enum
{
  JN_PAYMENT_STEP_WRITING, /* being written to the outbox; nothing was sent */
  JN_PAYMENT_STEP_WAITING, /* written, signed and handed to the network: waits for the answer */
  JN_PAYMENT_STEP_KEEPING, /* answered: being written to the outbox */
} JnPaymentStep;

#define JN_TYPE_PAYMENT (jn_payment_get_type ())
G_DECLARE_FINAL_TYPE (JnPayment, jn_payment, JN, PAYMENT, GObject)

/* Properties that notify: "state" "wait" "step" "error" (why the last step failed, or NULL). */
JnPaymentState jn_payment_get_state (JnPayment *self);
JnWait jn_payment_get_wait (JnPayment *self);
JnPaymentStep jn_payment_get_step (JnPayment *self); /* in APPROVING */
const GError *jn_payment_get_error (JnPayment *self);
int jn_payment_get_attempts_left (JnPayment *self); /* after PIN_WRONG / SMS_WRONG; −1: not told */
gboolean jn_payment_is_transfer (JnPayment *self);
gboolean jn_payment_is_top_up (JnPayment *self);
/* The program ended before it did, and it is shown again. */
gboolean jn_payment_is_reopened (JnPayment *self);
/* Masked number of the card that pays; NULL: the wallet does. From CONFIRM on read from the bytes that are signed. */
const char *jn_payment_get_paying_card (JnPayment *self);

/* START only; ignored in any other state. The whole file's bytes (PNG, JPEG, …) / the code's text. */
void jn_payment_read_picture (JnPayment *self, GBytes *picture);
void jn_payment_read_code (JnPayment *self, const char *text);

/* AMOUNT: what the customer typed. Errors keep the state: JN_MONEY_ERROR, JN_ERROR_AMOUNT_ZERO. */
void jn_payment_set_amount (JnPayment *self, const char *text);

/* AGAIN: yes. */
void jn_payment_pay_again (JnPayment *self);

/* SHORT: opens a top-up of what is missing, which the customer approves like a payment; after it this one goes on by itself to its own sheet.
 * When the top-up fails this payment is NOT_MADE. */
void jn_payment_top_up (JnPayment *self);
/* The top-up of TOPPING_UP: driven by the same calls as any payment. NULL in every other state. Borrowed. */
JnPayment *jn_payment_get_top_up (JnPayment *self);
/* SHORT: one of jn_payment_dup_cards() pays instead of the wallet: quotes anew. */
void jn_payment_pay_by_card (JnPayment *self, const char *card);
/* Masked numbers of the cards that the bank takes for this payment; none for transfers. Caller g_strfreev()s. */
char **jn_payment_dup_cards (JnPayment *self);
/* SHORT: another amount, another code; a transfer goes back to its draft (CANCELLED). */
void jn_payment_choose_other (JnPayment *self);

/* CONFIRM: another coupon (an id of jn_payment_get_coupons) or NULL for none: quotes anew under a new intent. */
void jn_payment_choose_coupon (JnPayment *self, const char *coupon_id);
/* FALSE once a PIN was sent: from then on the quote is what it is. Holds until the state changes. */
gboolean jn_payment_can_choose_coupon (JnPayment *self);

/* CONFIRM: the PIN, wiped by the caller afterwards. A second call, in any other state, does nothing: one tap, one approval. */
void jn_payment_approve (JnPayment *self, const char *pin);
void jn_payment_approve_sms (JnPayment *self, const char *code);
void jn_payment_resend_sms (JnPayment *self);

/* Before anything is approved, and in SMS. */
void jn_payment_cancel (JnPayment *self);

/* The same as a row of it says: one of six, or NONE before it is sent. */
JnStatus jn_payment_get_status (JnPayment *self);

/* The payment that AGAIN asks about: when, how much, and whether it is made or not known yet. */
JnInstant jn_payment_get_earlier_at (JnPayment *self);
JnMoney jn_payment_get_earlier_amount (JnPayment *self);
gboolean jn_payment_is_earlier_made (JnPayment *self);

/* SHORT and TOPPING_UP: what is missing after coupon and fee (currency NONE while it is not known), what is held, the card that could bring it
 * (masked number, NULL when there is none that the bank takes). */
JnMoney jn_payment_get_shortfall (JnPayment *self);
JnMoney jn_payment_get_held (JnPayment *self);
const char *jn_payment_get_card (JnPayment *self);
gboolean jn_payment_can_change_amount (JnPayment *self);
/* What came from the card for this payment; currency NONE when nothing did. */
JnMoney jn_payment_get_topped_up (JnPayment *self);

/* With ORDER_PAID: on which device and when the order was paid; NULL when the bank does not say. */
const char *jn_payment_get_paid_on (JnPayment *self, JnInstant *at);

/* The code's text; NULL for transfers. */
const char *jn_payment_get_code (JnPayment *self);

/* The payee as the bank names it; from RESOLVING's end on. */
const char *jn_payment_get_payee (JnPayment *self);
const char *jn_payment_get_payee_account (JnPayment *self);
const char *jn_payment_get_branch (JnPayment *self); /* NULL */
gboolean jn_payment_get_verified (JnPayment *self);
JnCategory jn_payment_get_category (JnPayment *self);

/* The quote; from CONFIRM on. These are read from the very bytes that are signed. */
JnMoney jn_payment_get_original (JnPayment *self);
JnMoney jn_payment_get_discount (JnPayment *self); /* ≥ 0 */
JnMoney jn_payment_get_fee (JnPayment *self);
JnMoney jn_payment_get_total (JnPayment *self);
gint64 jn_payment_get_points (JnPayment *self);
const char *jn_payment_get_memo (JnPayment *self); /* NULL */
JnInstant jn_payment_get_expires_at (JnPayment *self);
GListModel *jn_payment_get_coupons (JnPayment *self);  /* JnCouponItem */
JnCouponItem *jn_payment_get_coupon (JnPayment *self); /* the one used, or NULL */
JnMoney jn_payment_get_available (JnPayment *self);    /* before the payment */
/* The budget it counts to, after this payment; NULL when there is none. */
JnBudgetItem *jn_payment_get_budget_after (JnPayment *self);

/* Journal key of the intent, for a receipt; NULL before CONFIRM. Borrowed. */
const char *jn_payment_get_reference (JnPayment *self);
/* The transaction when MADE; zero id otherwise. */
const JnId *jn_payment_get_transaction (JnPayment *self);
/* Microseconds from tap to answer, and the bank's own commit of it (−1 not told): for measurement. */
gint64 jn_payment_get_elapsed_us (JnPayment *self);
gint64 jn_payment_get_bank_commit_us (JnPayment *self);

G_END_DECLS
