/* From a picture or a text to a quote on the sheet. */
#include "jn-payment-state.h"

#include "jn-emv-code.h"
#include "jn-error.h"
#include "jn-scanner.h"

#include <string.h>

#define MAX_CODE_BYTES 4096

void
jn_payment_remember_paid (JnPayment *self, const GError *error)
{
  if (!jn_error_is (error, JN_ERROR_ORDER_PAID))
    return;
  g_free (self->paid_on);
  self->paid_on =
      g_strdup (jn_bank_get_paid_on (jn_context_get_bank (self->context), &self->paid_at));
}

/* ---- the code ---- */

static void
on_resolved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnPayment) self = user_data;
  GError *error = NULL;
  JnWireQr *qr = jn_bank_resolve_qr_finish (JN_BANK (source), result, &error);

  if (self->context == NULL || self->state != JN_PAYMENT_RESOLVING)
    {
      g_clear_pointer (&qr, jn_wire_qr_free);
      g_clear_error (&error);
      return;
    }
  if (qr == NULL)
    {
      jn_payment_remember_paid (self, error);
      jn_payment_advance (self, JN_PAYMENT_START, error);
      return;
    }
  g_clear_pointer (&self->qr, jn_wire_qr_free);
  self->qr = qr;
  if (!qr->has_amount)
    {
      jn_payment_advance (self, JN_PAYMENT_AMOUNT, NULL);
      return;
    }
  self->amount = qr->amount;
  jn_payment_advance (self, JN_PAYMENT_QUOTING, NULL);
  jn_payment_quote (self);
}

/* Another payee or amount: what was answered and brought for the one before says nothing of it. */
static void
forget_earlier_answers (JnPayment *self)
{
  self->asked_again = FALSE;
  self->topped_up = jn_money (0, JN_CURRENCY_NONE);
  self->after_top_up = jn_money (0, JN_CURRENCY_NONE);
}

static void
resolve (JnPayment *self, const char *text)
{
  g_autofree char *clean = g_strstrip (g_strdup (text));
  g_autoptr (JnEmvCode) code = NULL;
  GError *error = NULL;

  if (strlen (clean) > MAX_CODE_BYTES)
    error = g_error_new_literal (JN_ERROR, JN_ERROR_CODE_FORMAT, "too long for a code");
  else
    jn_emv_code_parse (clean, &code, &error);
  if (error != NULL)
    {
      jn_payment_advance (self, JN_PAYMENT_START, error);
      return;
    }
  g_free (self->payload);
  self->payload = g_steal_pointer (&clean);
  forget_earlier_answers (self);
  jn_bank_resolve_qr_async (jn_context_get_bank (self->context), self->payload,
                            jn_payment_begin_step (self), on_resolved, g_object_ref (self));
}

void
jn_payment_read_code (JnPayment *self, const char *text)
{
  if (self->state != JN_PAYMENT_START || self->context == NULL || self->is_transfer)
    return;
  jn_payment_advance (self, JN_PAYMENT_RESOLVING, NULL);
  resolve (self, text != NULL ? text : "");
}

static void
on_decoded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnPayment) self = user_data;
  GError *error = NULL;
  g_autofree char *text = jn_scanner_decode_finish (result, &error);

  if (self->context == NULL || self->state != JN_PAYMENT_READING)
    {
      g_clear_error (&error);
      return;
    }
  if (text == NULL)
    {
      jn_payment_advance (self, JN_PAYMENT_START, error);
      return;
    }
  jn_payment_advance (self, JN_PAYMENT_RESOLVING, NULL);
  resolve (self, text);
}

void
jn_payment_read_picture (JnPayment *self, GBytes *picture)
{
  if (self->state != JN_PAYMENT_START || self->context == NULL || self->is_transfer)
    return;
  jn_payment_advance (self, JN_PAYMENT_READING, NULL);
  jn_scanner_decode_async (jn_context_get_scan_program (self->context), picture,
                           jn_payment_begin_step (self), on_decoded, g_object_ref (self));
}

void
jn_payment_set_amount (JnPayment *self, const char *text)
{
  GError *error = NULL;
  JnMoney amount;

  if (self->state != JN_PAYMENT_AMOUNT || self->context == NULL)
    return;
  if (!jn_money_parse (text != NULL ? text : "", jn_context_get_currency (self->context), &amount,
                       &error))
    {
      jn_payment_complain (self, error);
      return;
    }
  if (amount.minor <= 0)
    {
      jn_payment_complain (
          self, g_error_new_literal (JN_ERROR, JN_ERROR_AMOUNT_ZERO, "an amount is above zero"));
      return;
    }
  self->amount = amount;
  forget_earlier_answers (self);
  jn_payment_advance (self, JN_PAYMENT_QUOTING, NULL);
  jn_payment_quote (self);
}

/* ---- the quote ---- */

/* Back to where the customer can do something about it. The new intent is closed in the background, a quote that is still on the
 * sheet stays. Takes @error. */
static void
fail (JnPayment *self, GError *error)
{
  JnPaymentState to = JN_PAYMENT_START;

  jn_payment_remember_paid (self, error);
  g_clear_pointer (&self->next_order, jn_wire_order_free);
  /* Nothing was approved, and there is no code to begin with again: closed for good, and no start shows it again. */
  if (self->reopened)
    {
      jn_payment_drop_intent (self, &self->next_intent);
      jn_payment_advance (self, JN_PAYMENT_CANCELLED, error);
      return;
    }
  jn_context_release_intent (self->context, &self->next_intent, TRUE);
  if (jn_error_is (error, JN_ERROR_NO_FUNDS) && self->card_id == NULL)
    {
      g_error_free (error);
      jn_payment_fall_short (self);
      return;
    }
  if (self->order == NULL && !self->is_top_up)
    jn_payment_forget_card (self);
  if (self->order != NULL)
    to = JN_PAYMENT_CONFIRM;
  else if (self->is_transfer)
    to = JN_PAYMENT_FAILED;
  else if (!self->qr->has_amount)
    to = JN_PAYMENT_AMOUNT;
  jn_payment_advance (self, to, error);
}

static gboolean
is_here (JnPayment *self, GError **error)
{
  if (self->context != NULL && self->state == JN_PAYMENT_QUOTING)
    return TRUE;
  g_clear_error (error);
  return FALSE;
}

void
jn_payment_fill_sheet (JnPayment *self)
{
  JnFacts *facts = jn_context_get_facts (self->context);

  g_list_store_remove_all (self->coupons);
  g_clear_object (&self->used_coupon);
  for (guint i = 0; self->order->coupons != NULL && i < self->order->coupons->len; i++)
    {
      const JnWireCoupon *wire = self->order->coupons->pdata[i];
      g_autoptr (JnCouponItem) item = jn_coupon_item_new (wire);
      g_list_store_append (self->coupons, item);
      if (self->order->coupon_id != NULL && g_strcmp0 (wire->offer_id, self->order->coupon_id) == 0)
        self->used_coupon = g_object_ref (item);
    }
  self->available = facts != NULL ? facts->available : jn_money (0, JN_CURRENCY_NONE);
  /* Of this payment, approved before, the bank says that nothing was made. */
  for (guint i = 0; facts != NULL && self->approved && i < facts->unknown->len; i++)
    if (self->order->card == NULL
        && jn_id_equal (jn_entry_item_get_id (facts->unknown->pdata[i]), &self->intent)
        && !jn_money_add (self->available, self->order->total, &self->available))
      self->available = facts->available;
  /* The bank quotes nothing that there is no money for: what came from the card has not come with the feed yet. */
  if (self->after_top_up.currency == self->available.currency && self->card_id == NULL
      && self->available.minor < self->order->total.minor)
    self->available = self->after_top_up;
  g_clear_object (&self->budget_after);
  if (facts != NULL && jn_category_is_spending (self->order->category))
    self->budget_after =
        jn_facts_dup_budget (facts, self->order->category, self->order->total.minor);
}

/* The new quote takes the place of the old one, which the bank closes. */
static void
show_order (JnPayment *self)
{
  jn_payment_abandon (self);
  self->intent = self->next_intent;
  self->next_intent = (JnId){ 0 };
  self->order = g_steal_pointer (&self->next_order);
  self->authorisation = g_steal_pointer (&self->next_authorisation);
  self->reference = jn_id_to_string (&self->intent);
  jn_payment_fill_sheet (self);
  gboolean ask = self->earlier != NULL && !self->asked_again;
  self->asked_again |= ask;
  jn_payment_advance (self, ask ? JN_PAYMENT_AGAIN : JN_PAYMENT_CONFIRM, NULL);
}

void
jn_payment_pay_again (JnPayment *self)
{
  if (self->state == JN_PAYMENT_AGAIN)
    jn_payment_advance (self, JN_PAYMENT_CONFIRM, NULL);
}

static void
on_described (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnPayment) self = user_data;
  GError *error = NULL;
  g_autoptr (JnIntent) earlier = jn_worker_run_finish (JN_WORKER (source), result, &error);

  if (!is_here (self, &error))
    return;
  if (error != NULL)
    {
      fail (self, error);
      return;
    }
  g_clear_pointer (&self->earlier, jn_intent_free);
  self->earlier = g_steal_pointer (&earlier);
  show_order (self);
}

/* The order is kept with its intent before it is shown: the next start can show it again. */
static void
on_authorised (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnPayment) self = user_data;
  GError *error = NULL;
  g_autofree char *id = jn_bank_authorise_finish (JN_BANK (source), result, &error);

  if (!is_here (self, &error))
    return;
  if (id == NULL)
    {
      fail (self, error);
      return;
    }
  const JnWireOrder *order = self->next_order;
  JnOutboxJob *job = jn_outbox_job_new (self, &self->next_intent, JN_NOTE_QUOTED);
  g_free (self->next_authorisation);
  self->next_authorisation = g_steal_pointer (&id);
  job->change.payee = g_strdup (self->is_top_up ? self->card_bank : order->payee_name);
  job->change.amount = order->total;
  job->change.order = g_strdup (order->canonical);
  job->asked = self->amount;
  job->asked_payee = g_strdup (order->payee_account);
  jn_outbox_job_run (self, job, on_described, g_object_ref (self));
}

/* The authorisation is opened with the sheet: approving is then a single request. */
void
jn_payment_authorise (JnPayment *self)
{
  jn_bank_authorise_async (jn_context_get_bank (self->context), self->next_order,
                           jn_payment_begin_step (self), on_authorised, g_object_ref (self));
}

/* What the bank quotes must be what was asked for. */
static gboolean
check_order (JnPayment *self, GError **error)
{
  const JnWireOrder *order = self->next_order;
  const char *account = self->is_transfer ? self->account : self->qr->account;

  if (jn_id_equal (&order->intent, &self->next_intent)
      && jn_money_equal (order->original, self->amount)
      && g_strcmp0 (order->payee_account, account) == 0
      && g_strcmp0 (order->card_id, self->card_id) == 0 && g_strcmp0 (order->card, self->card) == 0
      && order->total.currency == self->amount.currency && order->total.minor >= 0)
    return TRUE;
  g_set_error_literal (error, JN_ERROR, JN_ERROR_ANSWER_INVALID,
                       "the order is not what was asked for");
  return FALSE;
}

static void
on_initiated (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnPayment) self = user_data;
  GError *error = NULL;
  JnWireOrder *order = jn_bank_initiate_finish (JN_BANK (source), result, &error);

  if (!is_here (self, &error))
    {
      g_clear_pointer (&order, jn_wire_order_free);
      return;
    }
  self->next_order = order;
  if (order == NULL || !check_order (self, &error))
    {
      fail (self, error);
      return;
    }
  jn_payment_authorise (self);
}

static JnPaymentRequest
make_request (JnPayment *self)
{
  return (JnPaymentRequest){
    .intent = self->next_intent,
    .product = self->is_transfer ? self->product : "qr-payments",
    .debtor_account = jn_context_get_facts (self->context)->account,
    .creditor_account = self->is_transfer ? self->account : self->qr->account,
    .creditor_name = self->is_transfer ? self->name : self->qr->payee_name,
    .amount = self->amount,
    .card = self->card,
    .card_id = self->card_id,
    .memo = self->memo,
    .qr_payload = self->payload,
    .coupon = self->coupon,
  };
}

static void
on_added (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnPayment) self = user_data;
  GError *error = NULL;

  jn_worker_run_finish (JN_WORKER (source), result, &error);
  if (!is_here (self, &error))
    return;
  if (error == NULL && jn_context_get_facts (self->context) == NULL)
    error = g_error_new_literal (JN_ERROR, JN_ERROR_OFFLINE, "the account is not known");
  if (error != NULL)
    {
      fail (self, error);
      return;
    }
  JnPaymentRequest request = make_request (self);
  jn_bank_initiate_async (jn_context_get_bank (self->context), &request,
                          jn_payment_begin_step (self), on_initiated, g_object_ref (self));
}

void
jn_payment_quote (JnPayment *self)
{
  /* Whoever heard of the state may have cancelled already. */
  if (self->state != JN_PAYMENT_QUOTING || self->context == NULL)
    return;
  JnFacts *facts = jn_context_get_facts (self->context);

  self->next_intent = jn_context_make_id (self->context);
  if (facts == NULL || facts->account == NULL || jn_context_get_storage (self->context) == NULL)
    {
      fail (self, g_error_new_literal (JN_ERROR, JN_ERROR_OFFLINE, "the account is not known yet"));
      return;
    }
  JnPaymentRequest request = make_request (self);
  JnOutboxJob *job = jn_outbox_job_new (self, &self->next_intent, NULL);
  job->add = g_new0 (JnIntent, 1);
  *job->add = (JnIntent){
    .id = self->next_intent,
    .kind = self->is_top_up     ? JN_INTENT_TOP_UP
            : self->is_transfer ? JN_INTENT_TRANSFER
                                : JN_INTENT_PAYMENT,
    .state = JN_INTENT_OPEN,
    .payee_name = g_strdup (self->is_top_up ? self->card_bank : request.creditor_name),
    .card = g_strdup (self->card),
    .payee_account = g_strdup (request.creditor_account),
    .memo = g_strdup (self->memo),
    .category = self->is_transfer ? JN_CATEGORY_TRANSFER : (int) self->qr->category,
    .amount = self->amount,
    .created_at = job->change.now,
    .changed_at = job->change.now,
    .request = jn_payment_request_to_bytes (&request),
  };
  job->fixed_order = self->qr != NULL && self->qr->has_amount;
  jn_context_hold_intent (self->context, &self->next_intent);
  jn_outbox_job_run (self, job, on_added, g_object_ref (self));
}

gboolean
jn_payment_can_choose_coupon (JnPayment *self)
{
  return self->state == JN_PAYMENT_CONFIRM && self->context != NULL && !self->approved
         && !self->reopened;
}

void
jn_payment_choose_coupon (JnPayment *self, const char *coupon_id)
{
  if (!jn_payment_can_choose_coupon (self))
    return;
  if (g_strcmp0 (self->order->coupon_id, coupon_id) == 0)
    return;
  g_free (self->coupon);
  self->coupon = g_strdup (coupon_id != NULL ? coupon_id : "none");
  jn_payment_advance (self, JN_PAYMENT_QUOTING, NULL);
  jn_payment_quote (self);
}
