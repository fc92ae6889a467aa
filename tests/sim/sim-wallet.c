#include "sim-wallet.h"

#include "jn-error.h"
#include "sim-net.h"
#include "sim-oracle.h"
#include "sim-user.h"

#define MOST_TURNS 400
#define MOST_OPERATIONS 200

struct _SimWallet
{
  SimWorld *world;
  guint number;
  SimVfs *vfs;
  SimClock *clock;
  JnEntropy *entropy;
  JnKeyring *keyring;
  JnContext *context;
  guint life;
  guint turns_left; /* until it crashes; 0: never */
  gboolean died;    /* the disk did, in the middle of something */
  gboolean starting;
  Disk *backup;
  JnKeyring *written;
  GPtrArray *disks;
  GPtrArray *payments;
};

static void
on_disk (gpointer data, SimDiskEvent event)
{
  SimWallet *self = data;

  if (event == SIM_DISK_DEATH)
    {
      self->died = TRUE;
      /* Nothing leaves a computer without power, nor is a keyring written on it. */
      g_set_object (&self->written, NULL);
      self->written = jn_keyring_copy_memory (self->keyring);
      sim_net_hang_up (self->world->net, self->number);
      return;
    }
  sim_fault_count (self->world,
                   event == SIM_DISK_FULL ? SIM_WALLET_DISK_FULL : SIM_WALLET_DISK_ERROR,
                   self->number);
}

static void
set_faults (SimWallet *self, gboolean any)
{
  const guint *rates = self->world->rates;
  sim_vfs_set_faults (self->vfs, any ? rates[SIM_WALLET_DISK_ERROR] : 0,
                      any ? rates[SIM_WALLET_DISK_FULL] : 0, &self->world->streams[SIM_DISK],
                      on_disk, self);
}

SimWallet *
sim_wallet_new (SimWorld *world, guint number, Disk *disk, JnKeyring *keyring)
{
  SimWallet *self = g_new0 (SimWallet, 1);
  g_autofree char *name = g_strdup_printf ("sim-wallet-%u", number);

  self->world = world;
  world->wallets[number] = self;
  self->number = number;
  self->vfs = sim_vfs_get (name);
  self->clock = sim_clock_new (world);
  self->entropy = jn_seeded_entropy_new (sim_random (world, SIM_WORKLOAD));
  self->keyring = keyring;
  self->disks = g_ptr_array_new_with_free_func ((GDestroyNotify) disk_free);
  self->payments = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (self->disks, disk);
  sim_vfs_use (self->vfs, disk);
  set_faults (self, TRUE);
  return self;
}

static JnTransport *
make_transport (gpointer data, const char *address, const char *ca_file)
{
  SimWallet *self = data;
  return sim_net_connect (self->world->net, self->number);
}

static JnWorker *
make_worker (gpointer data, const char *name)
{
  return jn_worker_new_inline (name);
}

static char *
give_address (gpointer data, const char *folder, GError **error)
{
  return g_strdup ("http://127.0.0.1:1");
}

void
sim_wallet_start (SimWallet *self)
{
  SimWorld *world = self->world;
  g_autoptr (GError) error = NULL;
  JnContextOptions options = {
    .profile_path = self->world->profile,
    .data_dir = "/wallet",
    .keyring = self->keyring,
    .keyring_kept = TRUE,
    .clock = JN_CLOCK (self->clock),
    .entropy = self->entropy,
    .start_bank = give_address,
    .make_transport = make_transport,
    .make_worker = make_worker,
    .make_data = self,
    .vfs = sim_vfs_get_name (self->vfs),
  };

  if (self->context != NULL)
    return;
  self->starting = FALSE;
  self->life++;
  world->stats->restarts++;
  sim_log (world, "w%u starts", self->number);
  self->context = jn_context_new (&options, &error);
  g_assert_no_error (error);
  if (world->rates[SIM_WALLET_CRASH] > 0 && !world->healed && (sim_random (world, SIM_CRASH) & 1))
    self->turns_left = (guint) sim_between (world, SIM_CRASH, 1, MOST_TURNS);
  if (world->rates[SIM_WALLET_POWER] > 0 && !world->healed && (sim_random (world, SIM_CRASH) & 1))
    sim_vfs_set_death (self->vfs, (guint) sim_between (world, SIM_CRASH, 1, MOST_OPERATIONS));
  sim_user_sees (self, self->context);
  jn_context_start (self->context);
}

/* The program has ended, in whatever way. */
static void
end (SimWallet *self)
{
  self->turns_left = 0;
  sim_net_hang_up (self->world->net, self->number);
  sim_user_loses (self);
  g_autoptr (JnContext) context = g_steal_pointer (&self->context);
  if (context != NULL)
    jn_context_shutdown (context);
  sim_net_fail_open (self->world->net, self->number);
  g_ptr_array_set_size (self->payments, 0);
}

void
sim_wallet_close (SimWallet *self)
{
  if (self->context == NULL)
    return;
  sim_log (self->world, "w%u closes", self->number);
  end (self);
  /* The power may have gone in the last write. */
  if (self->died)
    sim_wallet_crash (self, SIM_WALLET_POWER);
}

static void
on_start (gpointer data)
{
  SimWallet *self = data;
  if (self->starting && sim_user_is_there (self->world->user, self->number))
    sim_wallet_start (self);
}

static void
put_disk (SimWallet *self, Disk *disk)
{
  g_ptr_array_add (self->disks, disk);
  sim_vfs_use (self->vfs, disk);
}

void
sim_wallet_crash (SimWallet *self, SimFault why)
{
  SimWorld *world = self->world;
  Disk *before = sim_vfs_get_disk (self->vfs);
  CutDamage damage = (CutDamage) (sim_random (world, SIM_DISK) % CUT_COUNT);
  JnKeyring *keyring =
      self->died ? g_steal_pointer (&self->written) : jn_keyring_copy_memory (self->keyring);

  /* A program that ends alone leaves what it has written to the computer. */
  if (why == SIM_WALLET_CRASH && (sim_random (world, SIM_DISK) & 1) != 0)
    damage = CUT_KEPT;
  sim_fault_count (world, why, self->number);
  sim_log (world, "w%u dies, damage %d", self->number, (int) damage);
  Disk *after = sim_disk_cut (before, damage, &world->streams[SIM_DISK]);
  sim_vfs_kill (self->vfs);
  end (self);
  sim_world_settle (world);
  self->died = FALSE;
  g_set_object (&self->written, NULL);
  g_object_unref (self->keyring);
  self->keyring = keyring;
  put_disk (self, after);
  self->starting = TRUE;
  sim_plan (world, sim_delay (world, SIM_CRASH, 5 * JN_SECOND, JN_HOUR), on_start, self);
}

void
sim_wallet_turn (SimWallet *self)
{
  if (self->context == NULL)
    return;
  if (self->died)
    sim_wallet_crash (self, SIM_WALLET_POWER);
  else if (self->turns_left > 0 && --self->turns_left == 0)
    sim_wallet_crash (self, SIM_WALLET_CRASH);
}

void
sim_wallet_heal (SimWallet *self)
{
  set_faults (self, FALSE);
  sim_vfs_set_death (self->vfs, 0);
  self->turns_left = 0;
  sim_net_set_offline (self->world->net, self->number, FALSE);
  sim_wallet_start (self);
  if (jn_context_get_cut (self->context))
    jn_context_set_cut (self->context, FALSE);
}

void
sim_wallet_free (SimWallet *self)
{
  set_faults (self, FALSE);
  sim_vfs_set_death (self->vfs, 0);
  end (self);
  sim_world_settle (self->world);
  self->world->wallets[self->number] = NULL;
  sim_vfs_use (self->vfs, NULL);
  g_ptr_array_unref (self->payments);
  g_ptr_array_unref (self->disks);
  g_clear_pointer (&self->backup, disk_free);
  g_clear_object (&self->written);
  g_object_unref (self->keyring);
  g_object_unref (self->clock);
  g_object_unref (self->entropy);
  g_free (self);
}

/* ---- backups ---- */

void
sim_wallet_back_up (SimWallet *self)
{
  g_clear_pointer (&self->backup, disk_free);
  self->backup =
      sim_disk_cut (sim_vfs_get_disk (self->vfs), CUT_KEPT, &self->world->streams[SIM_DISK]);
  sim_log (self->world, "w%u is backed up", self->number);
  sim_oracle_backed_up (self);
}

gboolean
sim_wallet_restore (SimWallet *self)
{
  if (self->backup == NULL || self->context != NULL)
    return FALSE;
  sim_fault_count (self->world, SIM_WALLET_RESTORE, self->number);
  sim_log (self->world, "w%u gets its backup back", self->number);
  put_disk (self, sim_disk_copy (self->backup));
  sim_oracle_restored (self);
  return TRUE;
}

/* ---- looks ---- */

JnContext *
sim_wallet_get_context (SimWallet *self)
{
  return self->context;
}

gboolean
sim_wallet_is_ready (SimWallet *self)
{
  return self->context != NULL && !self->died
         && jn_context_get_stage (self->context) == JN_STAGE_READY;
}

SimWorld *
sim_wallet_get_world (SimWallet *self)
{
  return self->world;
}

guint
sim_wallet_get_life (SimWallet *self)
{
  return self->life;
}

guint
sim_wallet_get_number (SimWallet *self)
{
  return self->number;
}

SimClock *
sim_wallet_get_clock (SimWallet *self)
{
  return self->clock;
}

SimVfs *
sim_wallet_get_vfs (SimWallet *self)
{
  return self->vfs;
}

JnKeyring *
sim_wallet_get_keyring (SimWallet *self)
{
  return self->keyring;
}

GPtrArray *
sim_wallet_get_disks (SimWallet *self)
{
  return self->disks;
}

GPtrArray *
sim_wallet_get_payments (SimWallet *self)
{
  return self->payments;
}

guint64
sim_wallet_get_states (SimWallet *self)
{
  guint64 states = 0;

  for (guint i = 0; i < self->payments->len; i++)
    states |= G_GUINT64_CONSTANT (1) << jn_payment_get_state (self->payments->pdata[i]);
  return states != 0 ? states : G_GUINT64_CONSTANT (1) << (SIM_N_STATES - 1);
}
