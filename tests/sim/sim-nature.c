#include "sim-nature.h"

#include "jn-bankd-book.h"
#include "sim-bank.h"
#include "sim-net.h"
#include "sim-oracle.h"
#include "sim-sheet.h"
#include "sim-wallet.h"

/* Payments that can come back. */
#define PAID                                                                                       \
  "kind IN ('payment', 'transfer') AND intent IS NOT NULL AND NOT EXISTS"                          \
  " (SELECT 1 FROM transfer AS t WHERE t.returns = transfer.id)"

/* Commits what others did and tells everybody. TRUE when the bank says that it is booked. */
static gboolean
finish (SimWorld *world, JnBankdCore *core, gboolean told)
{
  if (told)
    jn_bankd_core_tell (core, JN_BANKD_CUSTOMER, "feed");
  return jn_bankd_db_commit (core->db, NULL);
}

static void
receive (SimWorld *world, JnBankdCore *core, gint64 amount)
{
  JnBankdTransfer transfer = {
    .kind = "income",
    .category = JN_CATEGORY_INCOME,
    .currency = JN_CURRENCY_CNY,
    .at = jn_clock_now (JN_CLOCK (sim_bank_get_clock (world->bank))),
    .debtor_name = "李思雨",
    .creditor_name = "王小明",
    .memo = SIM_CANARY,
    .legs = { { JN_BANKD_ACCOUNT_CLEARING, -amount }, { JN_BANKD_ACCOUNT_WALLET, amount } },
    .n_legs = 2,
  };

  jn_bankd_db_begin (core->db);
  gboolean done = finish (world, core, jn_bankd_book_post (core, &transfer, NULL));
  sim_log (world, "bank: somebody sends %" G_GINT64_FORMAT "%s", amount,
           done ? "" : ", which fails");
  sim_oracle_received (world->oracle, amount, done);
  sim_bank_changed (world->bank);
}

/* A hotel holds a deposit, for an hour to three days. */
static void
hold (SimWorld *world, JnBankdCore *core)
{
  JnInstant now = jn_clock_now (JN_CLOCK (sim_bank_get_clock (world->bank)));
  gint64 amount = sim_between (world, SIM_WORKLOAD, 100, 20000);
  gint64 lasts = sim_between (world, SIM_WORKLOAD, JN_HOUR, 3 * JN_DAY);
  g_autofree char *id = jn_bankd_core_make_id (core);

  jn_bankd_db_begin (core->db);
  gboolean held = jn_bankd_book_hold (core, id, JN_BANKD_ACCOUNT_WALLET, amount, JN_CATEGORY_TRAVEL,
                                      "湖畔酒店", SIM_CANARY, now, now + lasts, NULL);
  gboolean done = finish (world, core, held) && held;
  core->next_due = 0;
  world->stats->holds += done;
  sim_log (world, "bank: %" G_GINT64_FORMAT " is held%s", amount, done ? "" : ", which fails");
  sim_bank_changed (world->bank);
}

/* A payee's bank sends a payment back. */
static void
send_back (SimWorld *world, JnBankdCore *core)
{
  sim_bank_hush (world->bank, TRUE);
  gint64 n = jn_bankd_db_integer (core->db, 0, "SELECT count (*) FROM transfer WHERE " PAID, "");
  g_autofree char *id =
      n > 0
          ? jn_bankd_db_text (core->db,
                              "SELECT id FROM transfer WHERE " PAID " ORDER BY number DESC LIMIT 1"
                              " OFFSET ?",
                              "i", sim_between (world, SIM_WORKLOAD, 0, MIN (n, 8) - 1))
          : NULL;
  sim_bank_hush (world->bank, FALSE);
  if (id == NULL)
    return;
  g_autofree char *body = g_strdup_printf ("{\"transactionId\":\"%s\"}", id);
  sim_oracle_returned (world->oracle, id);
  guint status = sim_bank_ask (world->bank, "POST", "/wallet/v1/sandbox/returns", body);
  sim_log (world, "bank: %s comes back, %u", id, status);
  /* And the payee's bank says so twice. */
  if (sim_one_in (world, 4))
    sim_bank_ask (world->bank, "POST", "/wallet/v1/sandbox/returns", body);
}

static void
others_act (SimWorld *world)
{
  JnBankdCore *core = sim_bank_get_core (world->bank);
  guint64 what = sim_random (world, SIM_WORKLOAD) % 8;

  if (what <= 1)
    receive (world, core, sim_between (world, SIM_WORKLOAD, 1, 50000));
  else if (what == 2)
    hold (world, core);
  else if (what <= 4)
    send_back (world, core);
}

static void
jump_clock (SimWorld *world)
{
  if (world->rates[SIM_BANK_CLOCK] > 0 && sim_random (world, SIM_TIME) % 4 == 0)
    {
      gint64 by = sim_between (world, SIM_TIME, -2 * JN_MINUTE, 30 * JN_MINUTE);
      sim_clock_jump (sim_bank_get_clock (world->bank), by);
      sim_fault_count (world, SIM_BANK_CLOCK, SIM_N_WALLETS);
    }
  if (world->rates[SIM_WALLET_CLOCK] > 0 && sim_random (world, SIM_TIME) % 3 == 0)
    {
      guint wallet = (guint) (sim_random (world, SIM_TIME) % SIM_N_WALLETS);
      gint64 by = sim_random (world, SIM_TIME) % 3 == 0
                      ? sim_between (world, SIM_TIME, -700 * JN_DAY, 700 * JN_DAY)
                      : sim_between (world, SIM_TIME, -20 * JN_MINUTE, 20 * JN_MINUTE);
      sim_clock_jump (sim_wallet_get_clock (world->wallets[wallet]), by);
      sim_fault_count (world, SIM_WALLET_CLOCK, wallet);
    }
}

/* The rate counts those that are left: a wallet can sleep through 62. */
static void
rotate_key (SimWorld *world)
{
  if (world->rates[SIM_KEY_ROTATION] == 0 || sim_random (world, SIM_WORKLOAD) % 3 != 0)
    return;
  world->rates[SIM_KEY_ROTATION]--;
  sim_fault_count (world, SIM_KEY_ROTATION, SIM_N_WALLETS);
  sim_bank_ask (world->bank, "POST", "/wallet/v1/sandbox/rotate-key", "{}");
}

void
sim_nature_strikes (SimWorld *world)
{
  if (world->healed)
    return;
  jump_clock (world);
  rotate_key (world);
}

static void
on_nature (gpointer data)
{
  SimWorld *world = data;

  if (world->healed)
    return;
  if (sim_bank_is_up (world->bank) && sim_bank_get_balances_aside (world->bank) == NULL)
    others_act (world);
  if (world->rates[SIM_REPLAY] > 0)
    for (guint i = 0; i < 4; i++)
      sim_net_replay (world->net);
  sim_nature_strikes (world);
  sim_plan (world, sim_delay (world, SIM_WORKLOAD, JN_HOUR, 20 * JN_HOUR), on_nature, world);
}

void
sim_nature_begin (SimWorld *world)
{
  sim_plan (world, sim_delay (world, SIM_WORKLOAD, JN_MINUTE, JN_HOUR), on_nature, world);
}
