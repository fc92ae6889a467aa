#include "sim-user.h"

#include "jn-error.h"
#include "sim-bank.h"
#include "sim-net.h"
#include "sim-oracle.h"

#define MOST_TRIES 4
#define MOST_WRONG_PINS 3
#define WRONG_PIN "111222"

struct _SimUser
{
  SimWorld *world;
  GPtrArray *flows;
  guint sessions[SIM_N_WALLETS]; /* left */
  guint actions[SIM_N_WALLETS];  /* left in this session */
  guint wrong_pins;
  gboolean calm;
  char *old_code;
};

static void on_session (gpointer data);

static void
flow_drop (SimFlow *flow)
{
  if (flow->payment != NULL && flow->handler != 0)
    g_signal_handler_disconnect (flow->payment, flow->handler);
  flow->handler = 0;
  g_clear_object (&flow->payment);
  g_clear_object (&flow->draft);
}

static void
flow_free (gpointer data)
{
  SimFlow *flow = data;
  flow_drop (flow);
  g_free (flow->code);
  g_free (flow->booked);
  g_ptr_array_unref (flow->approved);
  g_free (flow);
}

static SimWallet *
wallet_of (SimFlow *flow)
{
  return flow->world->wallets[flow->wallet];
}

/* How long people think. */
static gint64
think (SimWorld *world)
{
  return sim_delay (world, SIM_WORKLOAD, 3 * JN_SECOND, 400 * JN_SECOND);
}

static gboolean
one_in (SimWorld *world, guint n)
{
  return sim_random (world, SIM_WORKLOAD) % n == 0;
}

/* ---- the sheet ---- */

static void
tap_approve (SimFlow *flow, const char *pin)
{
  SimWorld *world = flow->world;
  guint taps = one_in (world, 3) ? 2 + (guint) (sim_random (world, SIM_WORKLOAD) % 2) : 1;
  const char *reference = jn_payment_get_reference (flow->payment);
  g_autoptr (JnPayment) payment = g_object_ref (flow->payment);

  world->stats->taps++;
  sim_log (world, "flow %u: approves %s, %u taps", flow->number, reference, taps);
  g_ptr_array_add (flow->approved, g_strdup (reference));
  sim_oracle_approved (world->oracle, flow, reference, jn_payment_get_total (payment).minor,
                       jn_payment_get_payee_account (payment));
  for (guint i = 0; i < taps; i++)
    jn_payment_approve (payment, pin);
}

static void
change_coupon (SimFlow *flow)
{
  GListModel *coupons = jn_payment_get_coupons (flow->payment);
  g_autoptr (JnCouponItem) item = g_list_model_get_item (coupons, 0);

  flow->coupon_changed = TRUE;
  jn_payment_choose_coupon (flow->payment,
                            jn_payment_get_coupon (flow->payment) == NULL && item != NULL
                                ? jn_coupon_item_get_id (item)
                                : NULL);
}

static void
act_on_sheet (SimFlow *flow)
{
  SimWorld *world = flow->world;
  SimUser *user = world->user;

  if (++flow->tries > MOST_TRIES || one_in (world, 12))
    jn_payment_cancel (flow->payment);
  else if (!flow->coupon_changed && one_in (world, 6)
           && jn_payment_can_choose_coupon (flow->payment))
    change_coupon (flow);
  else if (user->wrong_pins < MOST_WRONG_PINS && one_in (world, 12))
    {
      user->wrong_pins++;
      tap_approve (flow, WRONG_PIN);
    }
  else
    tap_approve (flow, SIM_PIN);
}

static void
act_on_message (SimFlow *flow)
{
  SimWorld *world = flow->world;
  g_autofree char *code = sim_bank_get_sms (world->bank);

  if (++flow->tries > MOST_TRIES * 2 || one_in (world, 15))
    jn_payment_cancel (flow->payment);
  else if (code == NULL || one_in (world, 8))
    jn_payment_resend_sms (flow->payment);
  else
    jn_payment_approve_sms (flow->payment, one_in (world, 10) ? "000000" : code);
}

static void
act_at_start (SimFlow *flow)
{
  if (++flow->tries > MOST_TRIES)
    jn_payment_cancel (flow->payment);
  else
    jn_payment_read_code (flow->payment, flow->code);
}

static void watch (SimFlow *flow, JnPayment *payment);
static SimFlow *flow_new (SimUser *self, guint wallet);

/* A top-up has a sheet and a PIN of its own: one more wish to pay. */
static void
watch_top_up (SimFlow *flow)
{
  SimUser *user = flow->world->user;
  JnPayment *top_up = jn_payment_get_top_up (flow->payment);

  for (guint i = 0; i < user->flows->len; i++)
    if (((SimFlow *) user->flows->pdata[i])->payment == top_up)
      return;
  SimFlow *own = flow_new (user, flow->wallet);
  sim_log (flow->world, "flow %u (w%u): tops up as flow %u", flow->number, flow->wallet,
           own->number);
  watch (own, g_object_ref (top_up));
}

/* What the customer does about what they read. */
static void
on_thought (gpointer data)
{
  SimFlow *flow = data;

  if (flow->payment == NULL || !sim_wallet_is_ready (wallet_of (flow)))
    return;
  switch (jn_payment_get_state (flow->payment))
    {
    case JN_PAYMENT_START:
      act_at_start (flow);
      break;
    case JN_PAYMENT_AMOUNT:
      {
        g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT ".%02" G_GINT64_FORMAT,
                                                 flow->amount / 100, flow->amount % 100);
        if (++flow->tries > MOST_TRIES)
          jn_payment_cancel (flow->payment);
        else
          jn_payment_set_amount (flow->payment, text);
        break;
      }
    case JN_PAYMENT_AGAIN:
      if (one_in (flow->world, 3))
        jn_payment_cancel (flow->payment);
      else
        jn_payment_pay_again (flow->payment);
      break;
    case JN_PAYMENT_SHORT:
      if (++flow->tries > MOST_TRIES || one_in (flow->world, 2))
        jn_payment_cancel (flow->payment);
      else
        jn_payment_top_up (flow->payment);
      break;
    case JN_PAYMENT_TOPPING_UP:
      watch_top_up (flow);
      break;
    case JN_PAYMENT_CONFIRM:
      act_on_sheet (flow);
      break;
    case JN_PAYMENT_SMS:
      act_on_message (flow);
      break;
    default:
      break;
    }
}

static void
note_end (SimFlow *flow, JnPaymentState state)
{
  SimStats *stats = flow->world->stats;

  if (state == JN_PAYMENT_MADE)
    {
      flow->saw_made = TRUE;
      flow->transaction = *jn_payment_get_transaction (flow->payment);
      stats->transfers_seen++;
    }
  else if (state == JN_PAYMENT_NOT_MADE)
    {
      flow->saw_not_made = TRUE;
      stats->not_made++;
    }
  else
    {
      flow->saw_cancelled = TRUE;
      stats->cancelled++;
    }
}

static void
on_state (JnPayment *payment, GParamSpec *spec, SimFlow *flow)
{
  SimWorld *world = flow->world;
  JnPaymentState state = jn_payment_get_state (payment);
  const GError *error = jn_payment_get_error (payment);

  sim_log (world, "flow %u (w%u): %s%s%s", flow->number, flow->wallet, sim_state_name (state),
           error != NULL ? " " : "", error != NULL ? jn_error_code_get_name (error->code) : "");
  if (state >= JN_PAYMENT_MADE)
    note_end (flow, state);
  else
    sim_plan (world, think (world), on_thought, flow);
}

/* Opens what is on the screen of @flow. Takes @payment. */
static void
watch (SimFlow *flow, JnPayment *payment)
{
  flow->payment = payment;
  g_ptr_array_add (sim_wallet_get_payments (wallet_of (flow)), g_object_ref (payment));
  flow->handler = g_signal_connect (payment, "notify::state", G_CALLBACK (on_state), flow);
  sim_plan (flow->world, think (flow->world), on_thought, flow);
}

static SimFlow *
flow_new (SimUser *self, guint wallet)
{
  SimFlow *flow = g_new0 (SimFlow, 1);

  flow->world = self->world;
  flow->number = self->flows->len;
  flow->wallet = wallet;
  flow->approved = g_ptr_array_new_with_free_func (g_free);
  flow->amount = sim_between (self->world, SIM_WORKLOAD, 1, 15000);
  if (one_in (self->world, 8))
    flow->amount = sim_between (self->world, SIM_WORKLOAD, 50000, 130000);
  g_ptr_array_add (self->flows, flow);
  return flow;
}

/* ---- wishes ---- */

static void
pay_code (SimUser *self, guint wallet)
{
  SimWorld *world = self->world;
  gint64 amount;
  g_autofree char *code = NULL;

  if (self->old_code != NULL && one_in (world, 6))
    code = g_strdup (self->old_code);
  else
    code = sim_bank_make_code (world->bank, sim_random (world, SIM_WORKLOAD), &amount);
  if (code == NULL)
    return;
  SimFlow *flow = flow_new (self, wallet);
  g_free (self->old_code);
  self->old_code = g_strdup (code);
  flow->code = g_steal_pointer (&code);
  sim_log (world, "flow %u (w%u): scans a code", flow->number, wallet);
  JnPayment *payment = jn_context_create_payment (sim_wallet_get_context (world->wallets[wallet]));
  watch (flow, payment);
  jn_payment_read_code (payment, flow->code);
}

static void
on_draft (gpointer data)
{
  SimFlow *flow = data;

  if (flow->draft == NULL || flow->payment != NULL || !sim_wallet_is_ready (wallet_of (flow)))
    return;
  jn_transfer_accept_mismatch (flow->draft);
  if (jn_transfer_is_ready (flow->draft))
    {
      sim_log (flow->world, "flow %u (w%u): opens a transfer", flow->number, flow->wallet);
      watch (flow, jn_transfer_open (flow->draft));
    }
  else if (++flow->tries <= MOST_TRIES)
    sim_plan (flow->world, think (flow->world), on_draft, flow);
}

static void
transfer (SimUser *self, guint wallet)
{
  SimWorld *world = self->world;
  JnContext *context = sim_wallet_get_context (world->wallets[wallet]);
  GListModel *payees = jn_context_get_payees (context);
  guint n = g_list_model_get_n_items (payees);

  if (n == 0)
    return;
  SimFlow *flow = flow_new (self, wallet);
  g_autoptr (JnPayeeItem) payee =
      g_list_model_get_item (payees, (guint) (sim_random (world, SIM_WORKLOAD) % n));
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT ".%02" G_GINT64_FORMAT,
                                           flow->amount / 100, flow->amount % 100);
  flow->draft = jn_context_create_transfer (context);
  jn_transfer_set_payee (flow->draft, payee);
  jn_transfer_set_amount (flow->draft, text);
  jn_transfer_set_memo (flow->draft, SIM_CANARY);
  sim_plan (world, think (world), on_draft, flow);
}

typedef struct
{
  SimUser *user;
  guint wallet;
} Person;

static Person *
person_new (SimUser *user, guint wallet)
{
  Person *person = g_new (Person, 1);
  *person = (Person){ user, wallet };
  return person;
}

static void
on_online (gpointer data)
{
  g_autofree Person *person = data;
  sim_net_set_offline (person->user->world->net, person->wallet, FALSE);
}

static void
go_offline (SimUser *self, guint wallet)
{
  SimWorld *world = self->world;

  if (world->rates[SIM_OFFLINE] == 0 || sim_net_is_offline (world->net, wallet))
    return;
  sim_fault_count (world, SIM_OFFLINE, wallet);
  sim_net_set_offline (world->net, wallet, TRUE);
  sim_plan_full (world, sim_delay (world, SIM_WORKLOAD, 20 * JN_SECOND, JN_HOUR), on_online,
                 person_new (self, wallet), g_free);
}

static void
do_something (SimUser *self, guint wallet)
{
  SimWorld *world = self->world;
  SimWallet *of = world->wallets[wallet];
  JnContext *context = sim_wallet_get_context (of);

  switch (sim_random (world, SIM_WORKLOAD) % 12)
    {
    case 0:
    case 1:
    case 2:
      transfer (self, wallet);
      break;
    case 3:
      go_offline (self, wallet);
      break;
    case 4:
      jn_context_sync (context);
      break;
    case 5:
      sim_wallet_back_up (of);
      break;
    default:
      pay_code (self, wallet);
      break;
    }
}

/* The next thing that somebody does at a computer. */
static void
on_action (gpointer data)
{
  g_autofree Person *person = data;
  SimUser *self = person->user;
  guint wallet = person->wallet;
  SimWallet *of = self->world->wallets[wallet];

  if (self->calm)
    return;
  if (self->actions[wallet] == 0)
    {
      sim_wallet_close (of);
      if (self->world->rates[SIM_WALLET_RESTORE] > 0 && one_in (self->world, 3))
        sim_wallet_restore (of);
      if (self->sessions[wallet] > 0)
        sim_plan_full (self->world, sim_delay (self->world, SIM_WORKLOAD, JN_HOUR, 20 * JN_HOUR),
                       on_session, person_new (self, wallet), g_free);
      return;
    }
  self->actions[wallet]--;
  if (sim_wallet_is_ready (of))
    do_something (self, wallet);
  else if (sim_wallet_get_context (of) != NULL
           && jn_context_get_stage (sim_wallet_get_context (of)) == JN_STAGE_BROKEN)
    {
      sim_wallet_close (of);
      sim_wallet_start (of);
    }
  sim_plan_full (self->world, think (self->world) * 2, on_action, person_new (self, wallet),
                 g_free);
}

static void
on_session (gpointer data)
{
  g_autofree Person *person = data;
  SimUser *self = person->user;
  SimWorld *world = self->world;
  guint wallet = person->wallet;

  if (self->calm)
    return;
  self->sessions[wallet]--;
  self->actions[wallet] = (guint) sim_between (world, SIM_WORKLOAD, 2, 7);
  sim_wallet_start (world->wallets[wallet]);
  sim_plan_full (world, think (world), on_action, person_new (self, wallet), g_free);
}

SimUser *
sim_user_new (SimWorld *world)
{
  SimUser *self = g_new0 (SimUser, 1);

  self->world = world;
  world->user = self;
  self->flows = g_ptr_array_new_with_free_func (flow_free);
  for (guint i = 0; i < SIM_N_WALLETS; i++)
    if (world->wallets[i] != NULL)
      {
        self->sessions[i] = (guint) sim_between (world, SIM_WORKLOAD, 1, 3);
        sim_plan_full (world, think (world), on_session, person_new (self, i), g_free);
      }
  return self;
}

void
sim_user_free (SimUser *self)
{
  g_ptr_array_unref (self->flows);
  g_free (self->old_code);
  g_free (self);
}

gboolean
sim_user_is_there (SimUser *self, guint wallet)
{
  return self->actions[wallet] > 0;
}

void
sim_user_calms_down (SimUser *self)
{
  self->calm = TRUE;
}

gboolean
sim_user_is_waiting (SimUser *self)
{
  gboolean waiting = FALSE;

  for (guint i = 0; i < self->flows->len; i++)
    {
      SimFlow *flow = self->flows->pdata[i];
      if (flow->payment == NULL || jn_payment_get_state (flow->payment) >= JN_PAYMENT_MADE)
        continue;
      waiting = TRUE;
      if (sim_wallet_is_ready (wallet_of (flow)))
        jn_payment_cancel (flow->payment);
    }
  return waiting;
}

GPtrArray *
sim_user_get_flows (SimUser *self)
{
  return self->flows;
}

/* ---- what is on the screen ---- */

static void
on_settled (JnContext *context, JnEntryItem *row, gboolean made, SimWallet *wallet)
{
  sim_oracle_settled (wallet, row, made);
}

static void
on_home (JnHome *home, SimWallet *wallet)
{
  sim_oracle_home_changed (wallet);
}

static void
on_connection (JnContext *context, GParamSpec *spec, SimWallet *wallet)
{
  sim_oracle_connection_changed (wallet);
}

void
sim_user_sees (SimWallet *wallet, JnContext *context)
{
  g_signal_connect (context, "payment-settled", G_CALLBACK (on_settled), wallet);
  g_signal_connect (context, "notify::connection", G_CALLBACK (on_connection), wallet);
  g_signal_connect (jn_context_get_home (context), "changed", G_CALLBACK (on_home), wallet);
}

void
sim_user_loses (SimWallet *wallet)
{
  JnContext *context = sim_wallet_get_context (wallet);
  SimUser *self = sim_wallet_get_world (wallet)->user;

  for (guint i = 0; self != NULL && i < self->flows->len; i++)
    {
      SimFlow *flow = self->flows->pdata[i];
      if (flow->wallet == sim_wallet_get_number (wallet))
        flow_drop (flow);
    }
  if (context != NULL)
    {
      g_signal_handlers_disconnect_by_data (context, wallet);
      g_signal_handlers_disconnect_by_data (jn_context_get_home (context), wallet);
    }
  g_ptr_array_set_size (sim_wallet_get_payments (wallet), 0);
}
