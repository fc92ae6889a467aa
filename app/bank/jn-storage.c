/* The files of a wallet and the thread that owns them. */
#include "jn-storage.h"

#include "jn-data-folder.h"
#include "jn-error.h"
#include "jn-storage-private.h"
#include "jn-wallet-db.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define LEDGER_FILE "ledger.db"
#define WALLET_FILE "wallet.db"

struct _JnStorage
{
  GObject parent_instance;
  JnClock *clock;
  JnEntropy *entropy;
  JnWorker *worker;
  JnDataFolder *folder;
  char *private_path; /* removed at the end; NULL when the folder is the customer's */
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

static gboolean
open_files (JnStorage *self, GError **error)
{
  g_autofree char *ledger_path = jn_data_folder_build_path (self->folder, LEDGER_FILE);
  g_autofree char *wallet_path = jn_data_folder_build_path (self->folder, WALLET_FILE);

  self->db = jn_wallet_db_open (wallet_path, error);
  if (self->db == NULL
      || !jn_storage_check (jn_open (ledger_path, NULL, &self->host, 0, &self->ledger), error))
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

static void
remove_files (JnStorage *self)
{
  static const char *const names[] = { LEDGER_FILE,        LEDGER_FILE "-wal",
                                       LEDGER_FILE "-shm", LEDGER_FILE "-journal",
                                       WALLET_FILE,        WALLET_FILE "-wal",
                                       WALLET_FILE "-shm", WALLET_FILE "-journal" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = jn_data_folder_build_path (self->folder, names[i]);
      g_unlink (path);
    }
}

/* Memory that looks like a folder where there is one, so that a visit leaves nothing on a disk. */
static char *
make_private_folder (GError **error)
{
  const char *runtime = g_getenv ("XDG_RUNTIME_DIR");
  if (runtime != NULL && g_path_is_absolute (runtime) && access (runtime, W_OK | X_OK) == 0)
    {
      char *path = g_build_filename (runtime, "jinnang-XXXXXX", NULL);
      if (g_mkdtemp_full (path, 0700) != NULL)
        return path;
      g_free (path);
    }
  GError *inner = NULL;
  char *path = g_dir_make_tmp ("jinnang-XXXXXX", &inner);
  if (path == NULL)
    {
      g_set_error (error, JN_ERROR, JN_ERROR_READ_ONLY, "%s", inner->message);
      g_error_free (inner);
    }
  return path;
}

static void
remove_private_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_unlink (file);
    }
  g_rmdir (path);
}

JnStorage *
jn_storage_open (const char *folder, JnClock *clock, JnEntropy *entropy, GError **error)
{
  g_return_val_if_fail (JN_IS_CLOCK (clock) && JN_IS_ENTROPY (entropy), NULL);
  g_autoptr (JnStorage) self = g_object_new (JN_TYPE_STORAGE, NULL);

  self->clock = g_object_ref (clock);
  self->entropy = g_object_ref (entropy);
  if (folder == NULL && (self->private_path = make_private_folder (error)) == NULL)
    return NULL;
  self->folder = jn_data_folder_open (folder != NULL ? folder : self->private_path, error);
  if (self->folder == NULL || !open_files (self, error))
    return NULL;
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
  if (self->private_path != NULL && self->folder != NULL)
    remove_files (self);
  g_clear_pointer (&self->folder, jn_data_folder_close);
  if (self->private_path != NULL)
    remove_private_folder (self->private_path);
  g_clear_pointer (&self->private_path, g_free);
}

gboolean
jn_storage_erase (JnStorage *self, GError **error)
{
  g_return_val_if_fail (JN_IS_STORAGE (self) && self->folder != NULL, FALSE);
  close_files (self);
  remove_files (self);
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
  self->host.vfs = NULL;
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
