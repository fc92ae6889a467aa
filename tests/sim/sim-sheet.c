#include "sim-sheet.h"

#include "jn-error.h"
#include "sim-bank.h"
#include "sim-nature.h"
#include "sim-net.h"
#include "sim-oracle.h"
#include "sim-user.h"

#define MOST_TRIES 4
#define MOST_WRONG_PINS 3
#define WRONG_PIN "111222"
/* The bank's limit for one payment. */
#define MOST_AMOUNT 499900

void
sim_flow_drop (SimFlow *flow)
{
  if (flow->payment != NULL && flow->handler != 0)
    g_signal_handler_disconnect (flow->payment, flow->handler);
  flow->handler = 0;
  g_clear_object (&flow->payment);
  g_clear_object (&flow->draft);
}

void
sim_flow_free (SimFlow *flow)
{
  sim_flow_drop (flow);
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

gint64
sim_think (SimWorld *world)
{
  return sim_delay (world, SIM_WORKLOAD, 3 * JN_SECOND, 400 * JN_SECOND);
}

gboolean
sim_one_in (SimWorld *world, guint n)
{
  return sim_random (world, SIM_WORKLOAD) % n == 0;
}

char *
sim_amount_text (gint64 minor)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT ".%02" G_GINT64_FORMAT, minor / 100, minor % 100);
}

/* ---- the sheet ---- */

static void on_thought (gpointer data);

static gint64
think (SimFlow *flow)
{
  return flow->hasty ? sim_between (flow->world, SIM_WORKLOAD, 50, 500) * 1000
                     : sim_think (flow->world);
}

/* Leaves while the bank works: closes the sheet, or the whole program. */
static void
on_leave (gpointer data)
{
  SimFlow *flow = data;
  SimWorld *world = flow->world;
  g_autoptr (JnPayment) payment = flow->payment != NULL ? g_object_ref (flow->payment) : NULL;
  JnPaymentState state = payment != NULL ? jn_payment_get_state (payment) : JN_PAYMENT_START;

  if (state != JN_PAYMENT_APPROVING && state != JN_PAYMENT_CHECKING && state != JN_PAYMENT_SMS)
    return;
  world->stats->left_after_pin++;
  sim_log (world, "flow %u: leaves in %s", flow->number, sim_state_name (state));
  if (sim_one_in (world, 2))
    {
      sim_wallet_close (wallet_of (flow));
      return;
    }
  jn_payment_cancel (payment);
  sim_flow_drop (flow);
}

static void
tap_approve (SimFlow *flow, const char *pin)
{
  SimWorld *world = flow->world;
  guint taps = sim_one_in (world, 3) ? 2 + (guint) (sim_random (world, SIM_WORKLOAD) % 2) : 1;
  const char *reference = jn_payment_get_reference (flow->payment);
  g_autoptr (JnPayment) payment = g_object_ref (flow->payment);

  world->stats->taps++;
  sim_log (world, "flow %u: approves %s, %u taps", flow->number, reference, taps);
  g_ptr_array_add (flow->approved, g_strdup (reference));
  sim_oracle_approved (world->oracle, flow, g_str_equal (pin, SIM_PIN));
  for (guint i = 0; i < taps; i++)
    jn_payment_approve (payment, pin);
  if (!flow->resolute && sim_one_in (world, 4))
    sim_plan (world, sim_delay (world, SIM_WORKLOAD, 20 * 1000, 20 * JN_SECOND), on_leave, flow);
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

  if (flow->resolute)
    tap_approve (flow, SIM_PIN);
  else if (++flow->tries > MOST_TRIES || sim_one_in (world, 10))
    {
      world->stats->left_before_pin++;
      jn_payment_cancel (flow->payment);
    }
  else if (!flow->coupon_changed && sim_one_in (world, 6)
           && jn_payment_can_choose_coupon (flow->payment))
    change_coupon (flow);
  else if (world->wrong_pins < MOST_WRONG_PINS && sim_one_in (world, 12))
    {
      world->wrong_pins++;
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

  if (++flow->tries > MOST_TRIES * 2 || (!flow->resolute && sim_one_in (world, 15)))
    jn_payment_cancel (flow->payment);
  else if (code == NULL || (!flow->resolute && sim_one_in (world, 8)))
    jn_payment_resend_sms (flow->payment);
  else
    {
      gboolean wrong = !flow->resolute && sim_one_in (world, 4);
      if (!wrong)
        sim_oracle_typed_code (world->oracle, jn_payment_get_reference (flow->payment));
      jn_payment_approve_sms (flow->payment, wrong ? "000000" : code);
    }
}

static void
act_at_start (SimFlow *flow)
{
  if (++flow->tries > MOST_TRIES)
    jn_payment_cancel (flow->payment);
  else
    jn_payment_read_code (flow->payment, flow->code);
}

static void
act_when_short (SimFlow *flow)
{
  SimWorld *world = flow->world;
  g_auto (GStrv) cards = jn_payment_dup_cards (flow->payment);

  if (++flow->tries > MOST_TRIES || sim_one_in (world, 8))
    jn_payment_cancel (flow->payment);
  else if (sim_one_in (world, 8))
    jn_payment_choose_other (flow->payment);
  else if (cards != NULL && cards[0] != NULL && sim_one_in (world, 4))
    jn_payment_pay_by_card (flow->payment, cards[0]);
  else
    jn_payment_top_up (flow->payment);
  /* What is missing is not known yet. */
  if (jn_payment_get_state (flow->payment) == JN_PAYMENT_SHORT)
    sim_plan (world, think (flow), on_thought, flow);
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
        g_autofree char *text = sim_amount_text (flow->amount);
        if (++flow->tries > MOST_TRIES)
          jn_payment_cancel (flow->payment);
        else
          jn_payment_set_amount (flow->payment, text);
        break;
      }
    case JN_PAYMENT_AGAIN:
      if (!flow->resolute && sim_one_in (flow->world, 3))
        jn_payment_cancel (flow->payment);
      else
        jn_payment_pay_again (flow->payment);
      break;
    case JN_PAYMENT_SHORT:
      act_when_short (flow);
      break;
    case JN_PAYMENT_TOPPING_UP:
      sim_user_tops_up (flow->world->user, flow);
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
      sim_oracle_told_made (wallet_of (flow), flow->payment);
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
  if (state == JN_PAYMENT_CONFIRM || state == JN_PAYMENT_SMS)
    sim_oracle_sheet_open (world->oracle, jn_payment_get_reference (payment));
  if (state == JN_PAYMENT_SMS)
    sim_oracle_asked_for_code (world->oracle, jn_payment_get_reference (payment));
  if (state >= JN_PAYMENT_MADE)
    note_end (flow, state);
  else
    sim_plan (world, think (flow), on_thought, flow);
  /* Somebody listens on the line; somebody drives into a tunnel. */
  if (world->rates[SIM_REPLAY] > 0 && !world->healed && sim_one_in (world, 3))
    sim_net_replay (world->net);
  if (!world->healed && sim_one_in (world, 12))
    sim_user_goes_offline (world->user, flow->wallet);
  if (sim_one_in (world, 8))
    sim_nature_strikes (world);
}

void
sim_flow_watch (SimFlow *flow, JnPayment *payment)
{
  flow->payment = payment;
  g_ptr_array_add (sim_wallet_get_payments (wallet_of (flow)), g_object_ref (payment));
  flow->handler = g_signal_connect (payment, "notify::state", G_CALLBACK (on_state), flow);
  sim_plan (flow->world, think (flow), on_thought, flow);
}

void
sim_flow_reopen (SimFlow *flow, JnPayment *payment)
{
  SimWorld *world = flow->world;
  JnPaymentState state = jn_payment_get_state (payment);

  world->stats->reopened++;
  sim_log (world, "flow %u (w%u): is shown again in %s", flow->number, flow->wallet,
           sim_state_name (state));
  sim_flow_watch (flow, g_object_ref (payment));
  if (state == JN_PAYMENT_CHECKING && sim_one_in (world, 4))
    sim_plan (world, sim_delay (world, SIM_WORKLOAD, 20 * 1000, 20 * JN_SECOND), on_leave, flow);
}

/* What people pay: mostly little, sometimes much, and now and then a little more than they have. */
static gint64
draw_amount (SimWorld *world, guint wallet)
{
  JnContext *context = sim_wallet_get_context (world->wallets[wallet]);
  gint64 available = jn_home_get_available (jn_context_get_home (context)).minor;

  if (sim_one_in (world, 5))
    return CLAMP (available - sim_between (world, SIM_WORKLOAD, 0, 20000), 1, MOST_AMOUNT);
  if (sim_one_in (world, 2))
    return CLAMP (available + sim_between (world, SIM_WORKLOAD, 1, 20000), 1, MOST_AMOUNT);
  if (sim_one_in (world, 8))
    return sim_between (world, SIM_WORKLOAD, 50000, 130000);
  return sim_between (world, SIM_WORKLOAD, 1, 15000);
}

SimFlow *
sim_flow_new (SimWorld *world, guint number, guint wallet)
{
  SimFlow *flow = g_new0 (SimFlow, 1);

  flow->world = world;
  flow->number = number;
  flow->wallet = wallet;
  flow->approved = g_ptr_array_new_with_free_func (g_free);
  flow->amount = draw_amount (world, wallet);
  return flow;
}
