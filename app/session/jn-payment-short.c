/* Not enough money: what is missing, and bringing it from the card. */
#include "jn-payment-state.h"

#include "jn-error.h"

#define TOP_UP_TRIES 3

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

void
jn_payment_fall_short (JnPayment *self)
{
  JnFacts *facts = jn_context_get_facts (self->context);

  self->short_of = count_missing (self);
  self->held = facts != NULL ? facts->held : jn_money (0, JN_CURRENCY_NONE);
  self->available = facts != NULL ? facts->available : jn_money (0, JN_CURRENCY_NONE);
  jn_payment_abandon (self);
  /* The bank knows of less than we do: somebody else spent it. */
  if (self->short_of.currency == JN_CURRENCY_NONE)
    jn_context_sync (self->context);
  jn_payment_advance (self, JN_PAYMENT_SHORT,
                      g_error_new_literal (JN_ERROR, JN_ERROR_NO_FUNDS, "more than is available"));
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

/* The debit card first: credit costs. */
static const JnWireCard *
find_card (JnPayment *self)
{
  JnFacts *facts = self->context != NULL ? jn_context_get_facts (self->context) : NULL;
  const JnWireProfile *profile = facts != NULL ? facts->profile : NULL;
  const JnWireCard *found = NULL;

  for (guint i = 0; profile != NULL && i < profile->cards->len; i++)
    {
      const JnWireCard *card = profile->cards->pdata[i];
      if (found == NULL
          || (g_strcmp0 (card->kind, "debit") == 0 && g_strcmp0 (found->kind, "debit") != 0))
        found = card;
    }
  return found;
}

const char *
jn_payment_get_card (JnPayment *self)
{
  const JnWireCard *card = find_card (self);
  return card != NULL ? card->masked_pan : NULL;
}

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

static void send_top_up (JnPayment *self);

static void
on_topped_up (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnPayment) self = user_data;
  GError *error = NULL;
  gboolean ok = jn_bank_top_up_finish (JN_BANK (source), result, &error);

  if (self->context == NULL || self->state != JN_PAYMENT_TOPPING_UP)
    {
      g_clear_error (&error);
      return;
    }
  if (ok)
    {
      self->topped_up = self->short_of;
      jn_context_sync (self->context);
      jn_payment_advance (self, JN_PAYMENT_QUOTING, NULL);
      jn_payment_quote (self);
      return;
    }
  /* The same key: however often it is sent, the card is asked once. */
  if (++self->top_up_tries < TOP_UP_TRIES && jn_error_get_class (error) == JN_ERROR_CLASS_UNKNOWN)
    {
      g_error_free (error);
      send_top_up (self);
      return;
    }
  jn_context_sync (self->context);
  jn_payment_advance (self, JN_PAYMENT_NOT_MADE, error);
}

static void
send_top_up (JnPayment *self)
{
  const JnWireCard *card = find_card (self);
  JnFacts *facts = jn_context_get_facts (self->context);

  /* The wallet has ended meanwhile. */
  if (card == NULL || facts == NULL)
    {
      jn_payment_advance (self, JN_PAYMENT_NOT_MADE,
                          g_error_new_literal (JN_ERROR, JN_ERROR_SENT_NO_ANSWER, "top-up"));
      return;
    }
  jn_bank_top_up_async (jn_context_get_bank (self->context), &self->top_up, facts->account,
                        card->card_id, self->short_of, jn_payment_begin_step (self), on_topped_up,
                        g_object_ref (self));
}

void
jn_payment_top_up (JnPayment *self)
{
  if (self->state != JN_PAYMENT_SHORT || self->context == NULL || find_card (self) == NULL
      || jn_payment_get_shortfall (self).currency == JN_CURRENCY_NONE)
    return;
  self->top_up = jn_context_make_id (self->context);
  self->top_up_tries = 0;
  jn_payment_advance (self, JN_PAYMENT_TOPPING_UP, NULL);
  send_top_up (self);
}
