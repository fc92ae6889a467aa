/* The files of a wallet and the thread that owns them. */
#include "jn-storage.h"

#include "jn-error.h"
#include "jn-storage-private.h"
#include "jn-vault.h"
#include "jn-wallet-db.h"

#define LEDGER_FILE "ledger.db"
#define WALLET_FILE "wallet.db"

struct _JnStorage
{
  GObject parent_instance;
  JnClock *clock;
  JnEntropy *entropy;
  JnWorker *worker;
  JnVault *vault;
  JnStorageHeads heads;
  jn_host host;
  jn_ledger *ledger;
  JnDb *db;
  JnOutbox *outbox;
  GMutex mutex;
  JnInstant synced_at; /* under the mutex */
};

G_DEFINE_FINAL_TYPE (JnStorage, jn_storage, G_TYPE_OBJECT)

static int64_t
host_now (void *ctx)
{
  return jn_clock_now (JN_STORAGE (ctx)->clock);
}

static void
host_random (void *ctx, void *buffer, size_t length)
{
  jn_entropy_fill (JN_STORAGE (ctx)->entropy, buffer, length);
}

static bool
host_head_load (void *ctx, jn_head *out)
{
  JnStorageHeads *heads = &JN_STORAGE (ctx)->heads;
  return heads->load != NULL && heads->load (heads->data, out);
}

static void
host_head_store (void *ctx, const jn_head *head)
{
  JnStorageHeads *heads = &JN_STORAGE (ctx)->heads;
  if (heads->store != NULL)
    heads->store (heads->data, head);
}

gboolean
jn_storage_check (jn_status status, GError **error)
{
  int code = (int) status;

  if (status == JN_OK || status == JN_EXISTS)
    return TRUE;
  if (jn_error_code_get_class (code) == JN_ERROR_CLASS_CONFLICT)
    code = JN_ERROR_CONFLICT;
  else if (status == JN_FEED_GAP)
    code = JN_ERROR_ANSWER_INVALID;
  else if (jn_error_code_get_name (code) == NULL)
    code = JN_ERROR_INVARIANT;
  g_set_error (error, JN_ERROR, code, "the ledger answered %d", (int) status);
  return FALSE;
}

/* ---- files ---- */

static const char *const names[] = { WALLET_FILE, LEDGER_FILE, NULL };

gboolean
jn_storage_is_sealed (const char *folder)
{
  return jn_vault_is_sealed (folder, names);
}

static gboolean
open_ledger (JnStorage *self, GError **error)
{
  g_autofree char *path = jn_vault_build_path (self->vault, LEDGER_FILE);
  const jn_key *key = (const jn_key *) (gconstpointer) jn_vault_get_key (self->vault);

  return jn_storage_check (jn_open (path, key, &self->host, 0, &self->ledger), error);
}

static gboolean
open_files (JnStorage *self, GError **error)
{
  if (!jn_vault_prepare (self->vault, error))
    return FALSE;
  g_autofree char *wallet_path = jn_vault_build_path (self->vault, WALLET_FILE);
  self->db = jn_wallet_db_open (wallet_path, jn_vault_get_vfs (self->vault), error);
  if (self->db == NULL || !open_ledger (self, error))
    return FALSE;
  self->outbox = jn_outbox_new (self->db);
  JnInstant synced_at = 0;
  jn_storage_load_synced_at (self, &synced_at);
  g_mutex_lock (&self->mutex);
  self->synced_at = synced_at;
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

static void
close_files (JnStorage *self)
{
  g_clear_pointer (&self->outbox, jn_outbox_free);
  g_clear_pointer (&self->db, jn_db_close);
  if (self->ledger != NULL)
    jn_close (self->ledger);
  self->ledger = NULL;
}

JnStorage *
jn_storage_open (const JnStorageOptions *options, GError **error)
{
  g_return_val_if_fail (JN_IS_CLOCK (options->clock) && JN_IS_ENTROPY (options->entropy), NULL);
  g_autoptr (JnStorage) self = g_object_new (JN_TYPE_STORAGE, NULL);

  self->clock = g_object_ref (options->clock);
  self->entropy = g_object_ref (options->entropy);
  self->heads = options->heads;
  self->worker = options->worker != NULL ? g_object_ref (options->worker) : NULL;
  JnVaultOptions vault = { .names = names,
                           .folder = options->folder,
                           .vfs = options->vfs,
                           .key = options->key,
                           .progress = options->progress,
                           .progress_data = options->progress_data };
  self->vault = jn_vault_new (&vault, error);
  if (self->vault == NULL)
    return NULL;
  self->host.vfs = jn_vault_get_vfs (self->vault);
  if (!open_files (self, error))
    return NULL;
  if (self->worker == NULL)
    self->worker = jn_worker_new ("storage");
  return g_steal_pointer (&self);
}

void
jn_storage_close (JnStorage *self)
{
  g_return_if_fail (JN_IS_STORAGE (self));
  if (self->worker != NULL)
    jn_worker_stop (self->worker);
  close_files (self);
  g_clear_pointer (&self->vault, jn_vault_free);
}

gboolean
jn_storage_erase (JnStorage *self, GError **error)
{
  g_return_val_if_fail (JN_IS_STORAGE (self) && self->vault != NULL, FALSE);
  close_files (self);
  jn_vault_remove (self->vault);
  return open_files (self, error);
}

/* ---- the object ---- */

static void
jn_storage_dispose (GObject *object)
{
  JnStorage *self = JN_STORAGE (object);
  jn_storage_close (self);
  g_clear_object (&self->worker);
  g_clear_object (&self->clock);
  g_clear_object (&self->entropy);
  G_OBJECT_CLASS (jn_storage_parent_class)->dispose (object);
}

static void
jn_storage_finalize (GObject *object)
{
  g_mutex_clear (&JN_STORAGE (object)->mutex);
  G_OBJECT_CLASS (jn_storage_parent_class)->finalize (object);
}

static void
jn_storage_class_init (JnStorageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_storage_dispose;
  G_OBJECT_CLASS (klass)->finalize = jn_storage_finalize;
}

static void
jn_storage_init (JnStorage *self)
{
  g_mutex_init (&self->mutex);
  self->host.now_us = host_now;
  self->host.random = host_random;
  self->host.ctx = self;
  self->host.head_load = host_head_load;
  self->host.head_store = host_head_store;
}

JnWorker *
jn_storage_get_worker (JnStorage *self)
{
  g_return_val_if_fail (JN_IS_STORAGE (self), NULL);
  return self->worker;
}

jn_ledger *
jn_storage_get_ledger (JnStorage *self)
{
  g_return_val_if_fail (JN_IS_STORAGE (self), NULL);
  return self->ledger;
}

JnOutbox *
jn_storage_get_outbox (JnStorage *self)
{
  g_return_val_if_fail (JN_IS_STORAGE (self), NULL);
  return self->outbox;
}

JnDb *
jn_storage_get_db (JnStorage *self)
{
  return self->db;
}

JnInstant
jn_storage_get_synced_at (JnStorage *self)
{
  g_return_val_if_fail (JN_IS_STORAGE (self), 0);
  g_mutex_lock (&self->mutex);
  JnInstant at = self->synced_at;
  g_mutex_unlock (&self->mutex);
  return at;
}

gboolean
jn_storage_set_synced_at (JnStorage *self, JnInstant at, GError **error)
{
  g_return_val_if_fail (JN_IS_STORAGE (self), FALSE);
  if (!jn_storage_save_synced_at (self, at, error))
    return FALSE;
  g_mutex_lock (&self->mutex);
  self->synced_at = at;
  g_mutex_unlock (&self->mutex);
  return TRUE;
}
