/* One payment: RCVD, then ACSC (made), RJCT (refused for ever) or CANC. Its state lives with its intent, because a
 * customer may ask about an intent that never became a payment. */
#pragma once

#include "jn-bankd-call.h"

G_BEGIN_DECLS

typedef struct
{
  char *id, *product, *intent, *state, *transfer;
  int reason; /* JnErrorCode, 0 for none */
  gint64 creditor;
  char *creditor_bban, *creditor_name, *offer, *memo, *bill;
  char *card;      /* id of the card that it comes from; NULL: the wallet */
  gboolean top_up; /* it goes to the customer's own wallet */
  JnCategory category;
  gint64 original, discount, total, points;
  gboolean sms;
  JnInstant expires_at;
  char *order_text, *digest;
} JnBankdPayment;

void jn_bankd_payment_free (JnBankdPayment *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnBankdPayment, jn_bankd_payment_free)

JnBankdPayment *jn_bankd_payment_load (JnBankdCore *core, gint64 customer, const char *product,
                                       const char *id);

/* Moves the intent from RCVD to a final state. */
void jn_bankd_payment_close (JnBankdCore *core, const char *intent, const char *state,
                             JnErrorCode reason);

/* Books it: entry, coupon, points, bill and payee in the current transaction. Returns the transfer's id (caller
 * frees), or NULL when the bank says no: the payment is RJCT then and @error tells why. */
char *jn_bankd_payment_execute (JnBankdCore *core, gint64 customer, const JnBankdPayment *self,
                                JnInstant now, GError **error);

/* What the customer spent through the wallet since @from, minor units. */
gint64 jn_bankd_payment_spent_since (JnBankdCore *core, gint64 customer, JnDate from);

/* Whether @total fits the limits of the customer now; of a top-up, which spends nothing, that of one payment alone. */
gboolean jn_bankd_payment_within_limits (JnBankdCore *core, gint64 customer, gint64 total,
                                         gboolean top_up, JnInstant now);

/* Ends the call with a problem and says with it what the customer needs to know: NO_FUNDS what the account has and
 * holds, and how much of @total is missing; ORDER_PAID when and on which of the customer's own devices @bill was paid (NULL: no bill). */
void jn_bankd_payment_fail (JnBankdCall *call, guint status, const char *code, JnErrorCode reason,
                            gint64 total, const char *bill);

gboolean jn_bankd_payment_is_known_payee (JnBankdCore *core, gint64 customer, const char *bban);

G_END_DECLS
