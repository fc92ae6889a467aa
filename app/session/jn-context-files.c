/* Keys and files: the folder is locked, the data key looked up or made, the files opened with it. */
#include "jn-context-state.h"

#include "jn-error.h"
#include "jn-log.h"

#define KEY_BYTES 32

/* Steps of one opening; each has the next one as its callback. */
typedef struct
{
  JnContext *context;
  JnDataFolder *locked;
  gboolean sealed; /* something in the folder needs the key it was sealed with */
  JnSecret *key;
} Opening;

static void
opening_free (Opening *opening)
{
  g_clear_pointer (&opening->locked, jn_data_folder_close);
  g_clear_pointer (&opening->key, jn_secret_unref);
  g_object_unref (opening->context);
  g_free (opening);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Opening, opening_free)

/* Takes @error. */
static void
fail (Opening *opening, GError *error)
{
  if (opening->context->shut)
    g_error_free (error);
  else
    jn_context_break (opening->context, error);
}

/* ---- progress ---- */

static gboolean
show_protecting (gpointer data)
{
  jn_context_notify_protecting (data);
  return G_SOURCE_REMOVE;
}

static void
tell_protecting (gpointer data, guint64 done, guint64 total)
{
  JnContext *self = data;
  int permille = total > 0 ? (int) (MIN (done, total) * 1000 / total) : 0;

  if (g_atomic_int_get (&self->protecting) == permille)
    return;
  g_atomic_int_set (&self->protecting, permille);
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, show_protecting, g_object_ref (self),
                              g_object_unref);
}

int
jn_context_get_protecting (JnContext *self)
{
  return g_atomic_int_get (&self->protecting);
}

/* ---- opening ---- */

typedef struct
{
  JnContext *context; /* for its progress alone */
  JnStorageOptions options;
  char *folder;
  char *vfs;
  char *aside; /* whose notes are carried over; NULL for none */
} OpenJob;

static void
open_job_free (gpointer data)
{
  OpenJob *job = data;
  g_clear_pointer (&job->options.locked, jn_data_folder_close);
  g_clear_pointer (&job->options.key, jn_secret_unref);
  g_clear_object (&job->options.clock);
  g_clear_object (&job->options.entropy);
  g_clear_object (&job->options.worker);
  g_object_unref (job->context);
  g_free (job->aside);
  g_free (job->folder);
  g_free (job->vfs);
  g_free (job);
}

static gpointer
open_storage (gpointer data, GCancellable *cancellable, GError **error)
{
  OpenJob *job = data;
  JnStorageOptions options = job->options;
  JnStorageFault fault = { 0 };

  options.fault = &fault;
  job->options.locked = NULL;
  JnStorage *storage = jn_storage_open (&options, error);
  if (storage != NULL && job->aside != NULL)
    jn_storage_carry_notes (storage, job->aside);
  g_atomic_int_set (&job->context->protecting, -1);
  g_atomic_int_set (&job->context->only_ledger_broke, storage == NULL && fault.ledger);
  g_atomic_int_set (&job->context->key_fits, storage == NULL && fault.key_fits);
  return storage;
}

static void
close_storage (gpointer data)
{
  jn_storage_close (data);
  g_object_unref (data);
}

static void
on_storage_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnContext) self = user_data;
  GError *error = NULL;
  JnStorage *storage = jn_worker_run_finish (JN_WORKER (source), result, &error);

  if (self->shut)
    {
      g_clear_pointer (&storage, close_storage);
      g_clear_error (&error);
      return;
    }
  jn_context_notify_protecting (self);
  if (storage == NULL)
    {
      self->files_broke = TRUE;
      jn_context_break (self, error);
      return;
    }
  self->storage = storage;
  self->cared_for = FALSE;
  if (self->rebuilding)
    jn_context_set_notice (self, JN_CONTEXT_NOTICE_REBUILDING);
  else if (jn_storage_is_older_copy (storage))
    jn_context_set_notice (self, JN_CONTEXT_NOTICE_OLDER_COPY);
  self->rebuilding = FALSE;
  jn_context_look_up_secrets (self);
}

/* Takes @opening. */
static void
open_files (Opening *opening)
{
  JnContext *self = opening->context;
  OpenJob *job = g_new0 (OpenJob, 1);

  job->context = g_object_ref (self);
  job->folder = g_strdup (jn_context_get_folder (self));
  job->vfs = g_strdup (self->vfs);
  job->aside = g_steal_pointer (&self->aside);
  job->options.folder = job->folder;
  job->options.vfs = job->vfs;
  job->options.locked = g_steal_pointer (&opening->locked);
  job->options.key = jn_secret_ref (opening->key);
  job->options.clock = g_object_ref (self->clock);
  job->options.entropy = g_object_ref (self->entropy);
  job->options.worker = jn_context_make_worker (self, "storage");
  job->options.progress = tell_protecting;
  job->options.progress_data = self;
  if (job->folder != NULL)
    job->options.heads = jn_head_keeper_get_heads (self->heads);
  opening_free (opening);
  jn_worker_run_async (self->slow, open_storage, job, open_job_free, close_storage, NULL,
                       on_storage_opened, g_object_ref (self));
}

/* ---- keys ---- */

static void
on_head (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Opening) opening = user_data;
  GError *error = NULL;
  g_autoptr (JnSecret) item = jn_keyring_lookup_finish (JN_KEYRING (source), result, &error);

  if (error != NULL)
    {
      fail (opening, error);
      return;
    }
  if (opening->context->shut)
    return;
  jn_head_keeper_set (opening->context->heads, item);
  open_files (g_steal_pointer (&opening));
}

/* Takes @opening, whose key is in the keyring. */
static void
look_up_head (Opening *opening)
{
  jn_keyring_lookup_async (opening->context->keyring, JN_HEAD_ITEM, NULL, on_head, opening);
}

static void
on_key_kept (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Opening) opening = user_data;
  GError *error = NULL;

  if (!jn_keyring_store_finish (JN_KEYRING (source), result, &error))
    fail (opening, error);
  else if (!opening->context->shut)
    look_up_head (g_steal_pointer (&opening));
}

static void
on_key (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Opening) opening = user_data;
  JnContext *self = opening->context;
  GError *error = NULL;
  gsize length = 0;

  opening->key = jn_keyring_lookup_finish (JN_KEYRING (source), result, &error);
  if (opening->key != NULL)
    jn_secret_get (opening->key, &length);
  if (jn_error_is (error, JN_ERROR_SLOT_DAMAGED)
      || (error == NULL && opening->key != NULL && length != KEY_BYTES))
    {
      g_clear_error (&error);
      error = g_error_new (JN_ERROR, JN_ERROR_KEY_WRONG, "the data key is not ours");
    }
  if (error == NULL && opening->key == NULL && opening->sealed)
    error = g_error_new (JN_ERROR, JN_ERROR_KEY_MISSING, "the keyring has no data key");
  if (error != NULL)
    {
      self->files_broke = TRUE;
      fail (opening, error);
      return;
    }
  if (self->shut)
    return;
  if (opening->key != NULL)
    {
      look_up_head (g_steal_pointer (&opening));
      return;
    }
  /* In the keyring before anything is sealed with it. */
  opening->key = jn_secret_new_random (KEY_BYTES);
  JnSecret *key = opening->key;
  jn_keyring_store_async (self->keyring, JN_KEY_ITEM, key, NULL, on_key_kept,
                          g_steal_pointer (&opening));
}

/* ---- the folder ---- */

typedef struct
{
  JnDataFolder *folder;
  gboolean sealed;
} Locked;

static void
locked_free (gpointer data)
{
  Locked *locked = data;
  g_clear_pointer (&locked->folder, jn_data_folder_close);
  g_free (locked);
}

static gpointer
lock_folder (gpointer data, GCancellable *cancellable, GError **error)
{
  JnDataFolder *folder = jn_data_folder_open (data, error);
  if (folder == NULL)
    return NULL;
  Locked *locked = g_new0 (Locked, 1);
  locked->folder = folder;
  locked->sealed = jn_storage_is_sealed (data);
  return locked;
}

static void
on_locked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Opening) opening = user_data;
  GError *error = NULL;
  Locked *locked = jn_worker_run_finish (JN_WORKER (source), result, &error);

  if (locked == NULL)
    {
      fail (opening, error);
      return;
    }
  opening->locked = g_steal_pointer (&locked->folder);
  opening->sealed = locked->sealed;
  locked_free (locked);
  if (opening->context->shut)
    return;
  JnKeyring *keyring = opening->context->keyring;
  jn_keyring_lookup_async (keyring, JN_KEY_ITEM, NULL, on_key, g_steal_pointer (&opening));
}

void
jn_context_open_files (JnContext *self)
{
  Opening *opening = g_new0 (Opening, 1);
  const char *folder = jn_context_get_folder (self);

  opening->context = g_object_ref (self);
  self->files_broke = FALSE;
  g_atomic_int_set (&self->only_ledger_broke, FALSE);
  g_atomic_int_set (&self->key_fits, FALSE);
  if (folder == NULL)
    {
      if (self->run_key == NULL)
        self->run_key = jn_secret_new_random (KEY_BYTES);
      opening->key = jn_secret_ref (self->run_key);
      open_files (opening);
    }
  else if (self->vfs != NULL)
    jn_keyring_lookup_async (self->keyring, JN_KEY_ITEM, NULL, on_key, opening);
  else
    /* Locked before the key is looked for: of two programs that start for the first time, one makes it. */
    jn_worker_run_async (self->slow, lock_folder, g_strdup (folder), g_free, locked_free, NULL,
                         on_locked, opening);
}
