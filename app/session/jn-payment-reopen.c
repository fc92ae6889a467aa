/* A payment as it stood when the end of the program before cut it off, drawn from the order that was kept. One owner at a time: what was approved
 * is the resolver's until the bank says that its order is open, and the payment's from then on; what was not is the payment's, and held. */
#include "jn-payment-state.h"

/* The order says which coupon it is and what it takes off. Its name is no part of what is signed: the newest list of offers has it, unless the
 * offer is over. */
static void
add_coupon (JnPayment *self, JnWireOrder *order)
{
  JnFacts *facts = jn_context_get_facts (self->context);
  GPtrArray *offers = facts != NULL ? facts->offers : NULL;

  if (order->coupon_id == NULL)
    return;
  JnWireCoupon *coupon = g_new0 (JnWireCoupon, 1);
  coupon->offer_id = g_strdup (order->coupon_id);
  coupon->discount = order->discount;
  g_ptr_array_add (order->coupons, coupon);
  for (guint i = 0; offers != NULL && i < offers->len; i++)
    {
      const JnWireOffer *offer = offers->pdata[i];
      if (g_strcmp0 (offer->offer_id, order->coupon_id) != 0)
        continue;
      coupon->title.zh = g_strdup (offer->title.zh);
      coupon->title.en = g_strdup (offer->title.en);
      break;
    }
}

/* Nothing was approved: the sheet stands where the quote had come, and is opened once more. */
static void
take_up_quote (JnPayment *self, const JnIntent *intent, JnWireOrder *order)
{
  self->next_intent = intent->id;
  self->next_order = order;
  jn_payment_advance (self, JN_PAYMENT_QUOTING, NULL);
  jn_payment_authorise (self);
}

/* The approval may have been sent. */
static void
take_up_approval (JnPayment *self, const JnIntent *intent, JnWireOrder *order)
{
  self->intent = intent->id;
  self->reference = jn_id_to_string (&self->intent);
  self->order = order;
  self->approved = TRUE;
  self->tapped_at = jn_clock_get_monotonic (self->clock);
  jn_payment_fill_sheet (self);
  jn_context_keep_payment (self->context, self);
  jn_payment_advance (self, JN_PAYMENT_CHECKING, NULL);
  jn_context_reopen_intent (self->context, &self->intent);
}

JnPayment *
jn_payment_new_reopened (JnContext *context, const JnIntent *intent, JnWireOrder *order)
{
  JnPayment *self = jn_payment_new (context);

  self->reopened = TRUE;
  self->is_transfer = intent->kind != JN_INTENT_PAYMENT;
  self->is_top_up = intent->kind == JN_INTENT_TOP_UP;
  self->payload = jn_payment_dup_code (intent->request);
  self->product = g_strdup (order->product);
  self->account = g_strdup (order->payee_account);
  self->name = g_strdup (order->payee_name);
  self->memo = g_strdup (order->memo);
  self->card_id = g_strdup (order->card_id);
  self->card = g_strdup (order->card);
  self->card_bank = self->is_top_up ? g_strdup (intent->payee_name) : NULL;
  self->amount = order->original;
  add_coupon (self, order);
  if (intent->state == JN_INTENT_OPEN)
    take_up_quote (self, intent, order);
  else
    take_up_approval (self, intent, order);
  return self;
}

void
jn_payment_reopen (JnPayment *self, const char *authorisation)
{
  g_free (self->authorisation);
  self->authorisation = g_strdup (authorisation);
  jn_payment_fill_sheet (self);
  jn_payment_advance (self, JN_PAYMENT_CONFIRM, NULL);
  if (self->context != NULL)
    jn_context_refresh (self->context);
}

gboolean
jn_payment_is_reopened (JnPayment *self)
{
  return self->reopened;
}
