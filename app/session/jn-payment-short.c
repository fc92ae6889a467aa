/* Not enough money: what is missing, and bringing it from the card. */
#include "jn-payment-state.h"

#include "jn-error.h"

/* What is missing by what is known here; the bank has the last word and has said no. */
static JnMoney
count_missing (JnPayment *self)
{
  JnFacts *facts = self->context != NULL ? jn_context_get_facts (self->context) : NULL;
  JnMoney missing = jn_money (0, JN_CURRENCY_NONE);

  if (facts == NULL || !facts->known || facts->currency != self->amount.currency
      || !jn_money_subtract (self->amount, facts->available, &missing) || missing.minor <= 0)
    return jn_money (0, JN_CURRENCY_NONE);
  return missing;
}

static GError *
error_new (void)
{
  return g_error_new_literal (JN_ERROR, JN_ERROR_NO_FUNDS, "more than is available");
}

void
jn_payment_fall_short (JnPayment *self)
{
  JnFacts *facts = jn_context_get_facts (self->context);

  /* The bank's own figures: after coupon and fee, and of this moment. */
  if (!jn_bank_get_funds (jn_context_get_bank (self->context), &self->available, &self->held,
                          &self->short_of)
      || self->short_of.currency != self->amount.currency)
    {
      self->short_of = count_missing (self);
      self->held = facts != NULL ? facts->held : jn_money (0, JN_CURRENCY_NONE);
      self->available = facts != NULL ? facts->available : jn_money (0, JN_CURRENCY_NONE);
    }
  jn_payment_abandon (self);
  /* The bank knows of less than we do: somebody else spent it. */
  if (self->short_of.currency == JN_CURRENCY_NONE)
    jn_context_sync (self->context);
  jn_payment_advance (self, JN_PAYMENT_SHORT, error_new ());
}

JnMoney
jn_payment_get_shortfall (JnPayment *self)
{
  if (self->state == JN_PAYMENT_SHORT && self->short_of.currency == JN_CURRENCY_NONE)
    self->short_of = count_missing (self);
  return self->short_of;
}

JnMoney
jn_payment_get_held (JnPayment *self)
{
  return self->held;
}

JnMoney
jn_payment_get_topped_up (JnPayment *self)
{
  return self->topped_up;
}

/* ---- the customer's cards ---- */

static GPtrArray *
get_cards (JnPayment *self)
{
  JnFacts *facts = self->context != NULL ? jn_context_get_facts (self->context) : NULL;

  return facts != NULL && facts->account != NULL && facts->profile != NULL ? facts->profile->cards
                                                                           : NULL;
}

static const JnWireCard *
find_top_up_card (JnPayment *self)
{
  GPtrArray *cards = get_cards (self);

  for (guint i = 0; cards != NULL && i < cards->len; i++)
    {
      const JnWireCard *card = cards->pdata[i];
      if (card->top_up)
        return card;
    }
  return NULL;
}

const char *
jn_payment_get_card (JnPayment *self)
{
  const JnWireCard *card = find_top_up_card (self);
  return card != NULL ? card->masked_pan : NULL;
}

/* Debit cards first: credit costs. */
static void
add_cards (GPtrArray *cards, const char *kind, GPtrArray *out)
{
  for (guint i = 0; cards != NULL && i < cards->len; i++)
    {
      const JnWireCard *card = cards->pdata[i];
      if (card->pays && g_strcmp0 (card->kind, kind) == 0)
        g_ptr_array_add (out, g_strdup (card->masked_pan));
    }
}

char **
jn_payment_dup_cards (JnPayment *self)
{
  GPtrArray *out = g_ptr_array_new ();

  if (!self->is_transfer)
    {
      add_cards (get_cards (self), "debit", out);
      add_cards (get_cards (self), "credit", out);
    }
  g_ptr_array_add (out, NULL);
  return (char **) g_ptr_array_free (out, FALSE);
}

void
jn_payment_forget_card (JnPayment *self)
{
  g_clear_pointer (&self->card_id, g_free);
  g_clear_pointer (&self->card, g_free);
}

void
jn_payment_pay_by_card (JnPayment *self, const char *masked)
{
  GPtrArray *cards = get_cards (self);

  if (self->state != JN_PAYMENT_SHORT || self->context == NULL || self->is_transfer)
    return;
  for (guint i = 0; cards != NULL && i < cards->len; i++)
    {
      const JnWireCard *card = cards->pdata[i];
      if (!card->pays || g_strcmp0 (card->masked_pan, masked) != 0)
        continue;
      self->card_id = g_strdup (card->card_id);
      self->card = g_strdup (card->masked_pan);
      jn_payment_advance (self, JN_PAYMENT_QUOTING, NULL);
      jn_payment_quote (self);
      return;
    }
}

/* ---- another way ---- */

gboolean
jn_payment_can_change_amount (JnPayment *self)
{
  return self->is_transfer || (self->qr != NULL && !self->qr->has_amount);
}

void
jn_payment_choose_other (JnPayment *self)
{
  if (self->state != JN_PAYMENT_SHORT || self->context == NULL)
    return;
  if (self->is_transfer)
    jn_payment_advance (self, JN_PAYMENT_CANCELLED, NULL);
  else
    jn_payment_advance (self, self->qr->has_amount ? JN_PAYMENT_START : JN_PAYMENT_AMOUNT, NULL);
}

/* ---- the top-up ---- */

JnPayment *
jn_payment_get_top_up (JnPayment *self)
{
  return self->state == JN_PAYMENT_TOPPING_UP ? self->top_up : NULL;
}

void
jn_payment_drop_top_up (JnPayment *self)
{
  g_autoptr (JnPayment) top_up = g_steal_pointer (&self->top_up);

  if (top_up == NULL)
    return;
  g_signal_handlers_disconnect_by_data (top_up, self);
  jn_payment_cancel (top_up);
}

static void
on_top_up_changed (JnPayment *self)
{
  const GError *error = NULL;

  if (self->context == NULL || self->state != JN_PAYMENT_TOPPING_UP)
    return;
  switch (self->top_up->state)
    {
    case JN_PAYMENT_MADE:
      self->topped_up = jn_payment_get_total (self->top_up);
      if (!jn_money_add (self->available, self->topped_up, &self->after_top_up))
        self->after_top_up = jn_money (0, JN_CURRENCY_NONE);
      jn_context_sync (self->context);
      jn_payment_advance (self, JN_PAYMENT_QUOTING, NULL);
      jn_payment_drop_top_up (self);
      jn_payment_quote (self);
      break;
    case JN_PAYMENT_NOT_MADE:
    case JN_PAYMENT_FAILED:
      error = self->top_up->error;
      jn_context_sync (self->context);
      jn_payment_advance (self, JN_PAYMENT_NOT_MADE, error != NULL ? g_error_copy (error) : NULL);
      jn_payment_drop_top_up (self);
      break;
    case JN_PAYMENT_CANCELLED:
      jn_payment_advance (self, JN_PAYMENT_SHORT, error_new ());
      jn_payment_drop_top_up (self);
      break;
    default:
      break;
    }
}

void
jn_payment_top_up (JnPayment *self)
{
  const JnWireCard *card = find_top_up_card (self);

  if (self->state != JN_PAYMENT_SHORT || self->context == NULL || card == NULL
      || jn_payment_get_shortfall (self).currency == JN_CURRENCY_NONE)
    return;
  self->top_up = jn_payment_new_top_up (self->context, card, self->short_of);
  g_signal_connect_object (self->top_up, "notify::state", G_CALLBACK (on_top_up_changed), self,
                           G_CONNECT_SWAPPED);
  jn_payment_advance (self, JN_PAYMENT_TOPPING_UP, NULL);
  /* It may have failed at once. */
  on_top_up_changed (self);
}
