/* One payment: its states, how long the customer waits, and what the sheet shows. */
#include "jn-payment.h"

#include "jn-error.h"
#include "jn-payment-state.h"

#define CHECK_AFTER_MS 45000

G_DEFINE_FINAL_TYPE (JnPayment, jn_payment, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STATE,
  PROP_WAIT,
  PROP_STEP,
  PROP_ERROR,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

#define TO(state) (1u << JN_PAYMENT_##state)

/* The diagram of jn-payment.h. CONFIRM after QUOTING also with an error: the quote before stays. */
static const guint edges[] = {
  [JN_PAYMENT_START] =
      TO (READING) | TO (RESOLVING) | TO (QUOTING) | TO (CHECKING) | TO (CANCELLED),
  [JN_PAYMENT_READING] = TO (RESOLVING) | TO (START) | TO (CANCELLED),
  [JN_PAYMENT_RESOLVING] = TO (AMOUNT) | TO (QUOTING) | TO (START) | TO (CANCELLED),
  [JN_PAYMENT_AMOUNT] = TO (QUOTING) | TO (CANCELLED),
  [JN_PAYMENT_QUOTING] = TO (CONFIRM) | TO (AGAIN) | TO (SHORT) | TO (START) | TO (AMOUNT)
                         | TO (FAILED) | TO (CANCELLED),
  [JN_PAYMENT_AGAIN] = TO (CONFIRM) | TO (CANCELLED),
  [JN_PAYMENT_SHORT] = TO (TOPPING_UP) | TO (QUOTING) | TO (START) | TO (AMOUNT) | TO (CANCELLED),
  [JN_PAYMENT_TOPPING_UP] = TO (QUOTING) | TO (NOT_MADE) | TO (SHORT) | TO (CANCELLED),
  [JN_PAYMENT_CONFIRM] = TO (QUOTING) | TO (APPROVING) | TO (CANCELLED),
  [JN_PAYMENT_APPROVING] = TO (MADE) | TO (NOT_MADE) | TO (SMS) | TO (CONFIRM) | TO (CHECKING),
  [JN_PAYMENT_SMS] = TO (APPROVING) | TO (CANCELLED),
  [JN_PAYMENT_CHECKING] = TO (MADE) | TO (NOT_MADE) | TO (CONFIRM),
  [JN_PAYMENT_MADE] = 0,
  [JN_PAYMENT_NOT_MADE] = 0,
  [JN_PAYMENT_CANCELLED] = 0,
  [JN_PAYMENT_FAILED] = 0,
};

#define WAITING_STATES                                                                             \
  (TO (READING) | TO (RESOLVING) | TO (QUOTING) | TO (APPROVING) | TO (CHECKING))

static void
jn_payment_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  JnPayment *self = JN_PAYMENT (object);
  if (id == PROP_STATE)
    g_value_set_int (value, (int) self->state);
  else if (id == PROP_WAIT)
    g_value_set_int (value, (int) self->wait);
  else if (id == PROP_STEP)
    g_value_set_int (value, (int) self->approval);
  else if (id == PROP_ERROR)
    g_value_set_boxed (value, self->error);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
stop_timers (JnPayment *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->wait_timers); i++)
    g_clear_handle_id (&self->wait_timers[i], g_source_remove);
}

static void
jn_payment_dispose (GObject *object)
{
  JnPayment *self = JN_PAYMENT (object);

  stop_timers (self);
  if (self->state == JN_PAYMENT_CONFIRM || self->state == JN_PAYMENT_AGAIN)
    jn_payment_abandon (self);
  jn_payment_drop_top_up (self);
  g_cancellable_cancel (self->step);
  if (self->context != NULL)
    g_object_remove_weak_pointer (G_OBJECT (self->context), (gpointer *) &self->context);
  self->context = NULL;
  g_clear_object (&self->coupons);
  g_clear_object (&self->used_coupon);
  g_clear_object (&self->budget_after);
  G_OBJECT_CLASS (jn_payment_parent_class)->dispose (object);
}

static void
jn_payment_finalize (GObject *object)
{
  JnPayment *self = JN_PAYMENT (object);
  g_clear_object (&self->step);
  g_clear_object (&self->clock);
  g_clear_error (&self->error);
  g_clear_pointer (&self->payload, g_free);
  g_clear_pointer (&self->qr, jn_wire_qr_free);
  g_clear_pointer (&self->product, g_free);
  g_clear_pointer (&self->account, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->memo, g_free);
  jn_payment_forget_card (self);
  g_clear_pointer (&self->card_bank, g_free);
  g_clear_pointer (&self->coupon, g_free);
  g_clear_pointer (&self->reference, g_free);
  g_clear_pointer (&self->order, jn_wire_order_free);
  g_clear_pointer (&self->next_order, jn_wire_order_free);
  g_clear_pointer (&self->authorisation, g_free);
  g_clear_pointer (&self->next_authorisation, g_free);
  g_clear_pointer (&self->earlier, jn_intent_free);
  g_clear_pointer (&self->paid_on, g_free);
  G_OBJECT_CLASS (jn_payment_parent_class)->finalize (object);
}

static void
jn_payment_class_init (JnPaymentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = jn_payment_get_property;
  object_class->dispose = jn_payment_dispose;
  object_class->finalize = jn_payment_finalize;
  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, JN_PAYMENT_FAILED, 0, flags);
  props[PROP_WAIT] = g_param_spec_int ("wait", NULL, NULL, 0, JN_WAIT_MAY_LEAVE, 0, flags);
  props[PROP_STEP] = g_param_spec_int ("step", NULL, NULL, 0, JN_PAYMENT_STEP_KEEPING, 0, flags);
  props[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
jn_payment_init (JnPayment *self)
{
  self->step = g_cancellable_new ();
  self->coupons = g_list_store_new (JN_TYPE_COUPON_ITEM);
  self->coupon = g_strdup ("best");
  self->attempts_left = -1;
  self->elapsed_us = self->bank_commit_us = -1;
}

JnPayment *
jn_payment_new (JnContext *context)
{
  JnPayment *self = g_object_new (JN_TYPE_PAYMENT, NULL);
  self->context = context;
  self->clock = g_object_ref (jn_context_get_clock (context));
  g_object_add_weak_pointer (G_OBJECT (context), (gpointer *) &self->context);
  return self;
}

JnPayment *
jn_payment_new_transfer (JnContext *context, const JnTransferOrder *order)
{
  JnPayment *self = jn_payment_new (context);

  self->is_transfer = TRUE;
  self->product = g_strdup (order->product);
  self->account = g_strdup (order->account);
  self->name = g_strdup (order->name);
  self->memo = order->memo != NULL && order->memo[0] != '\0' ? g_strdup (order->memo) : NULL;
  self->amount = order->amount;
  g_free (self->coupon);
  self->coupon = g_strdup ("none");
  jn_payment_advance (self, JN_PAYMENT_QUOTING, NULL);
  jn_payment_quote (self);
  return self;
}

JnPayment *
jn_payment_new_top_up (JnContext *context, const JnWireCard *card, JnMoney amount)
{
  const JnFacts *facts = jn_context_get_facts (context);
  JnPayment *self = jn_payment_new (context);

  self->is_transfer = self->is_top_up = TRUE;
  self->product = g_strdup ("ibps-credit-transfers");
  self->account = g_strdup (facts->account);
  self->name = g_strdup (facts->profile->name);
  self->card_id = g_strdup (card->card_id);
  self->card = g_strdup (card->masked_pan);
  self->card_bank = g_strdup (card->bank_name.zh);
  self->amount = amount;
  g_free (self->coupon);
  self->coupon = g_strdup ("none");
  jn_payment_advance (self, JN_PAYMENT_QUOTING, NULL);
  jn_payment_quote (self);
  return self;
}

void
jn_payment_stop (JnPayment *self)
{
  stop_timers (self);
  g_cancellable_cancel (self->step);
  if (self->context != NULL)
    g_object_remove_weak_pointer (G_OBJECT (self->context), (gpointer *) &self->context);
  self->context = NULL;
}

GCancellable *
jn_payment_begin_step (JnPayment *self)
{
  g_cancellable_cancel (self->step);
  g_object_unref (self->step);
  self->step = g_cancellable_new ();
  return self->step;
}

/* ---- waiting ---- */

static void
set_wait (JnPayment *self, JnWait wait)
{
  if (self->wait == wait)
    return;
  self->wait = wait;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_WAIT]);
}

static gboolean
on_spinner (gpointer user_data)
{
  JnPayment *self = user_data;
  self->wait_timers[0] = 0;
  set_wait (self, JN_WAIT_SPINNER);
  return G_SOURCE_REMOVE;
}

static gboolean
on_steps (gpointer user_data)
{
  JnPayment *self = user_data;
  self->wait_timers[1] = 0;
  set_wait (self, JN_WAIT_STEPS);
  /* From now on it is a row as well. */
  if (self->state == JN_PAYMENT_APPROVING && self->context != NULL)
    jn_context_refresh (self->context);
  return G_SOURCE_REMOVE;
}

static gboolean
on_may_leave (gpointer user_data)
{
  JnPayment *self = user_data;
  self->wait_timers[2] = 0;
  set_wait (self, JN_WAIT_MAY_LEAVE);
  return G_SOURCE_REMOVE;
}

static gboolean
on_too_long (gpointer user_data)
{
  JnPayment *self = user_data;
  self->wait_timers[3] = 0;
  /* An answer that is here and only has to be written down needs no verdict: none would come, as the intent is settled. */
  if (self->state == JN_PAYMENT_APPROVING && self->context != NULL && self->approved
      && self->approval != JN_PAYMENT_STEP_KEEPING)
    jn_payment_check (self, JN_ERROR_SENT_NO_ANSWER);
  return G_SOURCE_REMOVE;
}

static void
start_waiting (JnPayment *self)
{
  stop_timers (self);
  set_wait (self, JN_WAIT_SHORT);
  self->wait_timers[0] = jn_clock_add_timer (self->clock, 300, on_spinner, self);
  self->wait_timers[1] = jn_clock_add_timer (self->clock, 3000, on_steps, self);
  self->wait_timers[2] = jn_clock_add_timer (self->clock, 10000, on_may_leave, self);
  self->wait_timers[3] = jn_clock_add_timer (self->clock, CHECK_AFTER_MS, on_too_long, self);
}

/* ---- the machine ---- */

static gboolean
is_final (JnPaymentState state)
{
  return edges[state] == 0;
}

void
jn_payment_set_step (JnPayment *self, JnPaymentStep step)
{
  if (self->approval == step)
    return;
  self->approval = step;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STEP]);
}

void
jn_payment_complain (JnPayment *self, GError *error)
{
  if (self->error == NULL && error == NULL)
    return;
  g_clear_error (&self->error);
  self->error = error;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ERROR]);
}

void
jn_payment_advance (JnPayment *self, JnPaymentState to, GError *error)
{
  g_autoptr (JnPayment) alive = g_object_ref (self);
  JnPaymentState from = self->state;
  gboolean waited = (WAITING_STATES & 1u << from) != 0;
  gboolean waits = (WAITING_STATES & 1u << to) != 0;

  g_assert ((edges[from] & 1u << to) != 0);
  g_object_freeze_notify (G_OBJECT (self));
  self->state = to;
  /* A picture, its payee and its quote are one wait to the customer; so are approving and checking. */
  if (waits && !waited)
    start_waiting (self);
  else if (!waits)
    {
      stop_timers (self);
      set_wait (self, JN_WAIT_SHORT);
    }
  jn_payment_complain (self, error);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
  g_object_thaw_notify (G_OBJECT (self));
  if (is_final (to) && self->context != NULL)
    jn_context_drop_payment (self->context, self);
}

/* ---- what the sheet shows ---- */

JnPaymentState
jn_payment_get_state (JnPayment *self)
{
  return self->state;
}

JnWait
jn_payment_get_wait (JnPayment *self)
{
  return self->wait;
}

JnPaymentStep
jn_payment_get_step (JnPayment *self)
{
  return self->approval;
}

const GError *
jn_payment_get_error (JnPayment *self)
{
  return self->error;
}

int
jn_payment_get_attempts_left (JnPayment *self)
{
  return self->attempts_left;
}

gboolean
jn_payment_is_transfer (JnPayment *self)
{
  return self->is_transfer && !self->is_top_up;
}

gboolean
jn_payment_is_top_up (JnPayment *self)
{
  return self->is_top_up;
}

const char *
jn_payment_get_paying_card (JnPayment *self)
{
  return self->order != NULL ? self->order->card : self->card;
}

const char *
jn_payment_get_payee (JnPayment *self)
{
  if (self->order != NULL)
    return self->order->payee_name;
  return self->qr != NULL ? self->qr->payee_name : self->name;
}

const char *
jn_payment_get_payee_account (JnPayment *self)
{
  if (self->order != NULL)
    return self->order->payee_account;
  return self->qr != NULL ? self->qr->account : self->account;
}

const char *
jn_payment_get_branch (JnPayment *self)
{
  if (self->order != NULL)
    return self->order->payee_branch;
  return self->qr != NULL ? self->qr->branch : NULL;
}

gboolean
jn_payment_get_verified (JnPayment *self)
{
  if (self->order != NULL)
    return self->order->payee_verified;
  return self->qr != NULL && self->qr->verified;
}

JnCategory
jn_payment_get_category (JnPayment *self)
{
  if (self->order != NULL)
    return self->order->category;
  if (self->qr != NULL)
    return self->qr->category;
  return self->is_transfer ? JN_CATEGORY_TRANSFER : JN_CATEGORY_NONE;
}

JnMoney
jn_payment_get_original (JnPayment *self)
{
  return self->order != NULL ? self->order->original : self->amount;
}

JnMoney
jn_payment_get_discount (JnPayment *self)
{
  return self->order != NULL ? self->order->discount : jn_money (0, self->amount.currency);
}

JnMoney
jn_payment_get_fee (JnPayment *self)
{
  return self->order != NULL ? self->order->fee : jn_money (0, self->amount.currency);
}

JnMoney
jn_payment_get_total (JnPayment *self)
{
  return self->order != NULL ? self->order->total : self->amount;
}

gint64
jn_payment_get_points (JnPayment *self)
{
  return self->order != NULL ? self->order->points_earned : 0;
}

const char *
jn_payment_get_memo (JnPayment *self)
{
  return self->order != NULL ? self->order->memo : self->memo;
}

JnInstant
jn_payment_get_expires_at (JnPayment *self)
{
  return self->order != NULL ? self->order->expires_at : 0;
}

GListModel *
jn_payment_get_coupons (JnPayment *self)
{
  return G_LIST_MODEL (self->coupons);
}

JnCouponItem *
jn_payment_get_coupon (JnPayment *self)
{
  return self->used_coupon;
}

JnMoney
jn_payment_get_available (JnPayment *self)
{
  return self->available;
}

JnInstant
jn_payment_get_earlier_at (JnPayment *self)
{
  return self->earlier != NULL ? self->earlier->changed_at : 0;
}

gboolean
jn_payment_is_earlier_made (JnPayment *self)
{
  return self->earlier != NULL && self->earlier->state == JN_INTENT_MADE;
}

JnMoney
jn_payment_get_earlier_amount (JnPayment *self)
{
  return self->earlier != NULL ? self->earlier->amount : jn_money (0, JN_CURRENCY_NONE);
}

const char *
jn_payment_get_paid_on (JnPayment *self, JnInstant *at)
{
  if (at != NULL)
    *at = self->paid_at;
  return self->paid_on;
}

const char *
jn_payment_get_code (JnPayment *self)
{
  return self->payload;
}

JnStatus
jn_payment_get_status (JnPayment *self)
{
  switch (self->state)
    {
    case JN_PAYMENT_APPROVING:
      return JN_STATUS_SENDING;
    case JN_PAYMENT_CHECKING:
      return JN_STATUS_CHECKING;
    case JN_PAYMENT_MADE:
      return JN_STATUS_MADE;
    case JN_PAYMENT_NOT_MADE:
    case JN_PAYMENT_FAILED:
      return JN_STATUS_NOT_MADE;
    case JN_PAYMENT_CANCELLED:
      return JN_STATUS_CANCELLED;
    default:
      return JN_STATUS_NONE;
    }
}

JnBudgetItem *
jn_payment_get_budget_after (JnPayment *self)
{
  return self->budget_after;
}

const char *
jn_payment_get_reference (JnPayment *self)
{
  return self->reference;
}

const JnId *
jn_payment_get_transaction (JnPayment *self)
{
  return &self->transaction;
}

gint64
jn_payment_get_elapsed_us (JnPayment *self)
{
  return self->elapsed_us;
}

gint64
jn_payment_get_bank_commit_us (JnPayment *self)
{
  return self->bank_commit_us;
}
