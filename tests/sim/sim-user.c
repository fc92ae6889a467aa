#include "sim-user.h"

#include "jn-error.h"
#include "sim-bank.h"
#include "sim-net.h"
#include "sim-oracle.h"

#define MOST_TRIES 4

/* Entries from which one is chosen for a note. */
#define NOTED 5

struct _SimUser
{
  SimWorld *world;
  GPtrArray *flows;
  guint sessions[SIM_N_WALLETS]; /* left */
  guint actions[SIM_N_WALLETS];  /* left in this session */
  gboolean calm;
  char *old_code; /* the last one, and what was paid with it */
  gint64 old_amount;
};

static void on_session (gpointer data);

/* ---- wishes ---- */

static SimWallet *
wallet_of (SimFlow *flow)
{
  return flow->world->wallets[flow->wallet];
}

static SimFlow *
add_flow (SimUser *self, guint wallet)
{
  SimFlow *flow = sim_flow_new (self->world, self->flows->len, wallet);
  g_ptr_array_add (self->flows, flow);
  return flow;
}

static SimFlow *
pay_code (SimUser *self, guint wallet)
{
  SimWorld *world = self->world;
  gint64 amount;
  g_autofree char *code = NULL;

  gboolean again = self->old_code != NULL && sim_one_in (world, 3);
  if (again)
    code = g_strdup (self->old_code);
  else
    code = sim_bank_make_code (world->bank, sim_random (world, SIM_WORKLOAD), &amount);
  if (code == NULL)
    return NULL;
  SimFlow *flow = add_flow (self, wallet);
  if (again)
    {
      flow->amount = self->old_amount;
      flow->hasty = TRUE;
    }
  self->old_amount = flow->amount;
  g_free (self->old_code);
  self->old_code = g_strdup (code);
  flow->code = g_steal_pointer (&code);
  sim_log (world, "flow %u (w%u): scans a code", flow->number, wallet);
  JnPayment *payment = jn_context_create_payment (sim_wallet_get_context (world->wallets[wallet]));
  sim_flow_watch (flow, payment);
  jn_payment_read_code (payment, flow->code);
  return flow;
}

SimFlow *
sim_user_pays (SimUser *self, guint wallet)
{
  g_clear_pointer (&self->old_code, g_free);
  SimFlow *flow = pay_code (self, wallet);
  if (flow == NULL)
    return NULL;
  flow->resolute = TRUE;
  flow->amount = 100;
  return flow;
}

void
sim_user_tops_up (SimUser *self, SimFlow *flow)
{
  JnPayment *top_up = jn_payment_get_top_up (flow->payment);

  for (guint i = 0; i < self->flows->len; i++)
    if (((SimFlow *) self->flows->pdata[i])->payment == top_up)
      return;
  SimFlow *own = add_flow (self, flow->wallet);
  own->resolute = flow->resolute;
  sim_log (flow->world, "flow %u (w%u): tops up as flow %u", flow->number, flow->wallet,
           own->number);
  sim_flow_watch (own, g_object_ref (top_up));
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
      sim_flow_watch (flow, jn_transfer_open (flow->draft));
    }
  else if (++flow->tries <= MOST_TRIES)
    sim_plan (flow->world, sim_think (flow->world), on_draft, flow);
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
  SimFlow *flow = add_flow (self, wallet);
  g_autoptr (JnPayeeItem) payee =
      g_list_model_get_item (payees, (guint) (sim_random (world, SIM_WORKLOAD) % n));
  g_autofree char *text = sim_amount_text (flow->amount);
  flow->draft = jn_context_create_transfer (context);
  jn_transfer_set_payee (flow->draft, payee);
  jn_transfer_set_amount (flow->draft, text);
  jn_transfer_set_memo (flow->draft, SIM_CANARY);
  sim_plan (world, sim_think (world), on_draft, flow);
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

void
sim_user_goes_offline (SimUser *self, guint wallet)
{
  SimWorld *world = self->world;

  if (world->rates[SIM_OFFLINE] == 0 || sim_net_is_offline (world->net, wallet))
    return;
  sim_fault_count (world, SIM_OFFLINE, wallet);
  sim_net_set_offline (world->net, wallet, TRUE);
  sim_plan_full (world, sim_delay (world, SIM_WORKLOAD, 20 * JN_SECOND, JN_HOUR), on_online,
                 person_new (self, wallet), g_free);
}

/* The customer and somebody of the family, on the phone with each other, pay most of what is there in the same moment. */
static void
pay_together (SimUser *self)
{
  SimWorld *world = self->world;
  SimFlow *flows[SIM_N_WALLETS];

  for (guint i = 0; i < SIM_N_WALLETS; i++)
    if (!sim_wallet_is_ready (world->wallets[i]))
      return;
  for (guint i = 0; i < SIM_N_WALLETS; i++)
    {
      JnContext *context = sim_wallet_get_context (world->wallets[i]);
      gint64 available = jn_home_get_available (jn_context_get_home (context)).minor;
      g_clear_pointer (&self->old_code, g_free);
      if ((flows[i] = pay_code (self, i)) == NULL)
        return;
      flows[i]->amount = MAX (available * 2 / 3, 1);
      flows[i]->resolute = flows[i]->hasty = TRUE;
    }
}

/* A note to one of the newest entries. */
static void
write_note (SimWallet *wallet)
{
  SimWorld *world = sim_wallet_get_world (wallet);
  JnStorage *storage = jn_context_get_storage (sim_wallet_get_context (wallet));
  jn_entry_row rows[NOTED];
  jn_snapshot *snapshot = NULL;
  jn_page page = { 0 };
  jn_id money, points;
  gsize n = NOTED;

  sim_vfs_hush (sim_wallet_get_vfs (wallet), TRUE);
  gboolean read = jn_storage_get_accounts (storage, &money, &points)
                  && jn_snapshot_begin (jn_storage_get_ledger (storage), &snapshot) == JN_OK
                  && jn_entries (snapshot, &money, &page, rows, &n) == JN_OK && n > 0;
  jn_snapshot_end (snapshot);
  sim_vfs_hush (sim_wallet_get_vfs (wallet), FALSE);
  if (read)
    sim_oracle_note (wallet, &rows[sim_random (world, SIM_WORKLOAD) % n].id);
}

static void
do_something (SimUser *self, guint wallet)
{
  SimWorld *world = self->world;
  SimWallet *of = world->wallets[wallet];
  JnContext *context = sim_wallet_get_context (of);

  switch (sim_random (world, SIM_WORKLOAD) % 14)
    {
    case 0:
    case 1:
    case 2:
      transfer (self, wallet);
      break;
    case 3:
      sim_user_goes_offline (self, wallet);
      break;
    case 4:
      jn_context_sync (context);
      break;
    case 5:
      sim_wallet_back_up (of);
      break;
    case 6:
      write_note (of);
      break;
    case 7:
      pay_together (self);
      break;
    default:
      pay_code (self, wallet);
      break;
    }
}

static void
on_bank_back (gpointer data)
{
  sim_bank_come_back (((SimWorld *) data)->bank);
}

/* The next thing that somebody does at a computer. */
static void
on_action (gpointer data)
{
  g_autofree Person *person = data;
  SimUser *self = person->user;
  guint wallet = person->wallet;
  SimWorld *world = self->world;
  SimWallet *of = world->wallets[wallet];

  if (self->calm)
    return;
  if (self->actions[wallet] == 0)
    {
      sim_wallet_close (of);
      if (self->world->rates[SIM_WALLET_RESTORE] > 0 && sim_one_in (self->world, 3))
        sim_wallet_restore (of);
      if (self->sessions[wallet] > 0)
        sim_plan_full (self->world, sim_delay (self->world, SIM_WORKLOAD, JN_HOUR, 20 * JN_HOUR),
                       on_session, person_new (self, wallet), g_free);
      return;
    }
  self->actions[wallet]--;
  if (world->rates[SIM_OLD_REPLICA] > 0 && sim_one_in (world, 3)
      && sim_bank_fail_over (world->bank))
    sim_plan (world, sim_delay (world, SIM_CRASH, 3 * JN_MINUTE, 2 * JN_HOUR), on_bank_back, world);
  if (sim_wallet_is_ready (of))
    do_something (self, wallet);
  else if (sim_wallet_get_context (of) != NULL
           && jn_context_get_stage (sim_wallet_get_context (of)) == JN_STAGE_BROKEN)
    {
      sim_wallet_close (of);
      sim_wallet_start (of);
    }
  sim_plan_full (self->world, sim_think (self->world) * 2, on_action, person_new (self, wallet),
                 g_free);
}

/* Somebody sits at the other computer at the same time. */
static void
meet (SimUser *self, guint other)
{
  if (self->sessions[other] > 0 && self->actions[other] == 0 && sim_one_in (self->world, 2))
    sim_plan_full (self->world, sim_think (self->world), on_session, person_new (self, other),
                   g_free);
}

static void
on_session (gpointer data)
{
  g_autofree Person *person = data;
  SimUser *self = person->user;
  SimWorld *world = self->world;
  guint wallet = person->wallet;

  if (self->calm || self->sessions[wallet] == 0 || self->actions[wallet] > 0)
    return;
  self->sessions[wallet]--;
  meet (self, 1 - wallet);
  self->actions[wallet] = (guint) sim_between (world, SIM_WORKLOAD, 3, 8);
  sim_wallet_start (world->wallets[wallet]);
  sim_plan_full (world, sim_think (world), on_action, person_new (self, wallet), g_free);
}

SimUser *
sim_user_new (SimWorld *world)
{
  SimUser *self = g_new0 (SimUser, 1);

  self->world = world;
  world->user = self;
  self->flows = g_ptr_array_new_with_free_func ((GDestroyNotify) sim_flow_free);
  for (guint i = 0; i < SIM_N_WALLETS; i++)
    if (world->wallets[i] != NULL)
      {
        self->sessions[i] = (guint) sim_between (world, SIM_WORKLOAD, 1, 3);
        sim_plan_full (world, sim_think (world), on_session, person_new (self, i), g_free);
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

gboolean
sim_user_comes_back (SimUser *self)
{
  for (guint i = 0; i < SIM_N_WALLETS; i++)
    if (self->sessions[i] > 0 || self->actions[i] > 0)
      return TRUE;
  return FALSE;
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

/* A start shows the sheet again that the one before had lost: somebody goes on with it, somebody leaves. */
static void
on_reopened (JnContext *context, JnPayment *payment, SimWallet *wallet)
{
  SimWorld *world = sim_wallet_get_world (wallet);
  SimUser *self = world->user;

  if (self == NULL || self->calm)
    jn_payment_cancel (payment);
  else
    sim_flow_reopen (add_flow (self, sim_wallet_get_number (wallet)), payment);
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

static void
on_stage (JnContext *context, GParamSpec *spec, SimWallet *wallet)
{
  sim_oracle_stage_changed (wallet);
}

void
sim_user_sees (SimWallet *wallet, JnContext *context)
{
  g_signal_connect (context, "payment-settled", G_CALLBACK (on_settled), wallet);
  g_signal_connect (context, "payment-reopened", G_CALLBACK (on_reopened), wallet);
  g_signal_connect (context, "notify::stage", G_CALLBACK (on_stage), wallet);
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
        sim_flow_drop (flow);
    }
  if (context != NULL)
    {
      g_signal_handlers_disconnect_by_data (context, wallet);
      g_signal_handlers_disconnect_by_data (jn_context_get_home (context), wallet);
    }
  g_ptr_array_set_size (sim_wallet_get_payments (wallet), 0);
}
