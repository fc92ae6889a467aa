#include "sim-run.h"

#include <glib/gstdio.h>

#include "sim-bank.h"
#include "sim-nature.h"
#include "sim-net.h"
#include "sim-oracle.h"
#include "sim-sodium.h"

/* 22 November 2026, 02:00 UTC. */
#define EPOCH (G_GINT64_CONSTANT (1795312800) * JN_SECOND)
#define LONGEST (4 * JN_DAY)
#define HEALING (20 * JN_MINUTE)
/* Long enough for every back-off to be over. */
#define CALM (70 * JN_SECOND)
/* From the payment's end to all of it on both screens; the slowest message takes 0.8 s. */
#define AT_ONCE (5 * JN_SECOND)
#define STEP (20 * JN_SECOND)

struct _SimStart
{
  char *profile;
  Disk *bank;
  Disk *disks[SIM_N_WALLETS];
  JnKeyring *keyrings[SIM_N_WALLETS];
  gint64 epoch;
};

/* ---- the beginning of all worlds ---- */

static char *
write_profile (void)
{
  static const char text[] = "[Bank]\nid=world\nname=World\naddress=\ncertificates=\nhotline=\n"
                             "currency=CNY\nfeatures=payments;transfers;bills;offers;points;\n";
  char *path = NULL;
  int file = g_file_open_tmp ("jn-sim-XXXXXX.ini", &path, NULL);

  g_assert_cmpint (file, >=, 0);
  g_close (file, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

#define UNTIL(world, condition)                                                                    \
  for (guint tries_ = 0; !(condition); tries_++)                                                   \
    {                                                                                              \
      if (tries_ > 5000)                                                                           \
        g_error ("the beginning does not get past: " #condition);                                  \
      sim_world_run ((world), (world)->mono + 20000);                                              \
    }

static void
enrol (SimWorld *world, SimWallet *wallet)
{
  sim_wallet_start (wallet);
  JnContext *context = sim_wallet_get_context (wallet);
  UNTIL (world, jn_context_get_stage (context) == JN_STAGE_WELCOME);
  jn_context_begin_enrolment (context);
  JnEnrolment *enrolment = jn_context_get_enrolment (context);
  jn_enrolment_submit_phone (enrolment, "13800138000");
  UNTIL (world, jn_enrolment_get_state (enrolment) == JN_ENROLMENT_CODE);
  g_autofree char *code = sim_bank_get_sms (world->bank);
  jn_enrolment_submit_code (enrolment, code);
  UNTIL (world, jn_enrolment_get_state (enrolment) == JN_ENROLMENT_PIN);
  jn_enrolment_submit_pin (enrolment, SIM_PIN, SIM_PIN);
  UNTIL (world, jn_enrolment_get_state (enrolment) == JN_ENROLMENT_IDENTITY);
  jn_enrolment_submit_identity (enrolment, "王小明", "11010519491231002X");
  UNTIL (world, jn_enrolment_get_state (enrolment) == JN_ENROLMENT_CARD);
  jn_enrolment_skip_card (enrolment);
  UNTIL (world, jn_context_get_stage (context) == JN_STAGE_READY
                    && jn_context_get_connection (context) == JN_CONNECTION_CURRENT);
  sim_wallet_close (wallet);
  sim_world_settle (world);
}

static SimWorld *
world_new (SimStart *start, guint64 seed, SimStats *stats)
{
  SimWorld *world = sim_world_new (seed, start->epoch, stats);

  world->profile = start->profile;
  sim_sodium_seed (seed, start->bank != NULL);
  sim_oracle_new (world);
  sim_net_new (world);
  return world;
}

/* The parts go before what they look into. */
static void
world_free (SimWorld *world)
{
  for (guint i = 0; i < SIM_N_WALLETS; i++)
    if (world->wallets[i] != NULL)
      sim_wallet_free (world->wallets[i]);
  sim_bank_free (world->bank);
  g_clear_pointer (&world->user, sim_user_free);
  sim_world_settle (world);
  sim_oracle_free (world->oracle);
  SimNet *net = world->net;
  sim_world_free (world);
  sim_net_free (net);
}

SimStart *
sim_start_new (void)
{
  SimStart *self = g_new0 (SimStart, 1);
  SimStats stats = { 0 };

  self->profile = write_profile ();
  self->epoch = EPOCH;
  SimWorld *world = world_new (self, 1, &stats);
  Disk *disk = disk_new ();
  disk_record (disk);
  sim_bank_new (world, disk);
  for (guint i = 0; i < SIM_N_WALLETS; i++)
    {
      disk = disk_new ();
      disk_record (disk);
      enrol (world, sim_wallet_new (world, i, disk, jn_keyring_new_memory ()));
      self->disks[i] = sim_disk_copy (sim_vfs_get_disk (sim_wallet_get_vfs (world->wallets[i])));
      self->keyrings[i] = jn_keyring_copy_memory (sim_wallet_get_keyring (world->wallets[i]));
    }
  self->bank = sim_bank_close (world->bank);
  self->epoch += world->mono + JN_MINUTE;
  g_assert_cmpstr (world->failure, ==, NULL);
  world_free (world);
  return self;
}

void
sim_start_free (SimStart *self)
{
  g_remove (self->profile);
  g_free (self->profile);
  disk_free (self->bank);
  for (guint i = 0; i < SIM_N_WALLETS; i++)
    {
      disk_free (self->disks[i]);
      g_object_unref (self->keyrings[i]);
    }
  g_free (self);
}

/* ---- swarm ---- */

/* The most that a fault happens, of 10,000 occasions; for disks of a million operations; for keys at all. */
static const guint most[SIM_N_FAULTS] = {
  [SIM_REFUSED] = 1500,
  [SIM_OFFLINE] = 1,
  [SIM_DROP_REQUEST] = 2000,
  [SIM_LATE_REQUEST] = 800,
  [SIM_DUPLICATE] = 3000,
  [SIM_REORDER] = 3000,
  [SIM_CORRUPT_REQUEST] = 1500,
  [SIM_REPLAY] = 1,
  [SIM_DROP_ANSWER] = 2000,
  [SIM_LATE_ANSWER] = 800,
  [SIM_CUT_ANSWER] = 1500,
  [SIM_CORRUPT_ANSWER] = 1500,
  [SIM_SWAP_ANSWER] = 1000,
  [SIM_PROXY_BEFORE] = 1000,
  [SIM_PROXY_AFTER] = 1000,
  [SIM_PORTAL] = 600,
  [SIM_STREAM_CUT] = 2000,
  [SIM_STREAM_SILENT] = 1000,
  [SIM_WALLET_CRASH] = 1,
  [SIM_WALLET_POWER] = 1,
  [SIM_WALLET_DISK_ERROR] = 12000,
  [SIM_WALLET_DISK_FULL] = 16000,
  [SIM_WALLET_RESTORE] = 1,
  [SIM_WALLET_CLOCK] = 1,
  [SIM_BANK_CRASH] = 200,
  [SIM_BANK_POWER] = 800,
  [SIM_BANK_DISK_ERROR] = 16000,
  [SIM_BANK_DISK_FULL] = 8000,
  [SIM_BANK_CLOCK] = 1,
  [SIM_KEY_ROTATION] = 20,
  [SIM_OLD_REPLICA] = 1,
};

static void
draw_rates (SimWorld *world)
{
  for (guint i = 0; i < SIM_N_FAULTS; i++)
    if (most[i] > 0 && sim_random (world, SIM_WORKLOAD) % 3 == 0)
      world->rates[i] = (guint) sim_between (world, SIM_WORKLOAD, 1, most[i]);
}

/* ---- a world ---- */

static gboolean
is_quiet (SimWorld *world, char **why)
{
  gboolean quiet = TRUE;

  if (sim_user_is_waiting (world->user))
    {
      g_free (*why);
      *why = g_strdup ("a sheet waits");
      quiet = FALSE;
    }
  for (guint i = 0; i < SIM_N_WALLETS; i++)
    quiet = sim_oracle_is_quiet (world->oracle, world->wallets[i], why) && quiet;
  return quiet;
}

/* Everything works from now on; the customer opens what is closed and what cannot go on. */
static void
heal (SimWorld *world)
{
  gint64 until = world->mono + HEALING;
  g_autofree char *why = NULL;

  sim_log (world, "everything is healed");
  world->healed = TRUE;
  sim_user_calms_down (world->user);
  sim_bank_heal (world->bank);
  for (guint i = 0; i < SIM_N_WALLETS; i++)
    sim_wallet_heal (world->wallets[i]);
  do
    {
      sim_world_run (world, world->mono + STEP);
      for (guint i = 0; i < SIM_N_WALLETS; i++)
        {
          JnContext *context = sim_wallet_get_context (world->wallets[i]);
          if (context == NULL || jn_context_get_stage (context) == JN_STAGE_BROKEN)
            {
              sim_wallet_close (world->wallets[i]);
              sim_wallet_start (world->wallets[i]);
            }
        }
    }
  while (world->failure == NULL && !is_quiet (world, &why) && world->mono < until);
  gboolean quiet = world->failure == NULL && is_quiet (world, &why);
  if (world->failure == NULL)
    sim_check (world, SIM_CHECK_ENDS, quiet, "not settled 20 minutes after: %s", why);
}

/* In the healed world a payment on one computer is made, and seen on the other at once. */
static void
last_act (SimWorld *world)
{
  gint64 until;

  sim_world_run (world, world->mono + CALM);
  SimFlow *flow = world->failure == NULL ? sim_user_pays (world->user, 0) : NULL;
  if (flow == NULL)
    return;
  for (until = world->mono + JN_HOUR; world->failure == NULL && world->mono < until
                                      && flow->payment != NULL
                                      && jn_payment_get_state (flow->payment) < JN_PAYMENT_MADE;)
    sim_world_run (world, world->mono + JN_SECOND);
  sim_world_run (world, world->mono + AT_ONCE);
  if (world->failure != NULL)
    return;
  sim_check (world, SIM_CHECK_ENDS,
             flow->payment != NULL && jn_payment_get_state (flow->payment) >= JN_PAYMENT_MADE,
             "the last payment does not end");
  for (guint i = 0; i < SIM_N_WALLETS; i++)
    sim_check (world, SIM_CHECK_ENDS, sim_oracle_has_all (world->oracle, world->wallets[i]),
               "w%u does not see at once what happens", i);
  g_autofree char *why = NULL;
  until = world->mono + JN_MINUTE;
  while (world->failure == NULL && !is_quiet (world, &why) && world->mono < until)
    sim_world_run (world, world->mono + JN_SECOND);
}

static SimWorld *
build (SimStart *start, guint64 seed, gboolean verbose, SimStats *stats)
{
  SimWorld *world = world_new (start, seed, stats);

  world->verbose = verbose;
  draw_rates (world);
  world->no_streams = sim_random (world, SIM_WORKLOAD) % 4 == 0;
  sim_bank_new (world, sim_disk_copy (start->bank));
  for (guint i = 0; i < SIM_N_WALLETS; i++)
    sim_wallet_new (world, i, sim_disk_copy (start->disks[i]),
                    jn_keyring_copy_memory (start->keyrings[i]));
  sim_user_new (world);
  sim_nature_begin (world);
  return world;
}

/* When the world may be healed: at any time, mostly days later, when nobody is there; with somebody at a computer; in the middle of an
 * approval; while a payment is being checked. What is forgotten there stays forgotten, where a new start of the program makes up for much. */
static const guint64 moments[] = { 0,
                                   0,
                                   0,
                                   ~G_GUINT64_CONSTANT (0),
                                   1 << JN_PAYMENT_APPROVING | 1 << JN_PAYMENT_SMS,
                                   1 << JN_PAYMENT_CHECKING };

static gboolean
is_moment (SimWorld *world, guint64 states)
{
  if (states == 0 || !sim_user_comes_back (world->user))
    return TRUE;
  for (guint i = 0; i < SIM_N_WALLETS; i++)
    if (sim_user_is_there (world->user, i)
        && (sim_wallet_get_states (world->wallets[i]) & states) != 0)
      return TRUE;
  return FALSE;
}

static void
go_wrong (SimWorld *world)
{
  guint64 states = moments[sim_random (world, SIM_TIME) % G_N_ELEMENTS (moments)];

  /* Most of what people do is done within the first hours. */
  sim_world_run (world, states == 0 ? sim_between (world, SIM_TIME, 2 * JN_HOUR, LONGEST)
                                    : sim_between (world, SIM_TIME, 0, 2 * JN_HOUR));
  while (world->failure == NULL && !is_moment (world, states))
    {
      gboolean there = sim_user_is_there (world->user, 0) || sim_user_is_there (world->user, 1);
      sim_world_run (world, world->mono + (there ? 2 * JN_SECOND : JN_MINUTE));
    }
  if (states == 0)
    return;
  /* People leave their sheets before it: to leave one makes the wallet look. */
  sim_user_calms_down (world->user);
  sim_user_is_waiting (world->user);
  sim_world_run (world, world->mono + sim_between (world, SIM_TIME, 0, 20 * JN_SECOND));
}

gboolean
sim_run (SimStart *start, guint64 seed, gboolean verbose, SimStats *stats, guint64 *hash,
         char **failure)
{
  SimWorld *world = build (start, seed, verbose, stats);

  go_wrong (world);
  if (world->failure == NULL)
    heal (world);
  if (world->failure == NULL)
    last_act (world);
  if (world->failure == NULL)
    sim_oracle_finish (world->oracle);
  stats->seeds++;
  stats->failed += world->failure != NULL;
  stats->simulated_us += (guint64) world->mono;
  *hash = world->hash;
  *failure = g_strdup (world->failure);
  if (world->failure != NULL)
    sim_print_last (world);
  world_free (world);
  return *failure == NULL;
}
