/* The ledger is looked through once a day and after an end that was not clean, beside everything else. */
#include "jn-context-state.h"

#include "jn-error.h"
#include "jn-log.h"

static gpointer
check_up (gpointer data, GCancellable *cancellable, GError **error)
{
  if (jn_storage_needs_check_up (data))
    jn_storage_check_up (data, cancellable, error);
  return NULL;
}

static gpointer
close_storage (gpointer data, GCancellable *cancellable, GError **error)
{
  jn_storage_close (data);
  return NULL;
}

/* What was found, until the files are closed. */
typedef struct
{
  JnContext *context;
  GError *error;
  gboolean only_ledger;
} Finding;

static void
on_closed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Finding *finding = user_data;
  JnContext *self = finding->context;

  jn_worker_run_finish (JN_WORKER (source), result, NULL);
  if (self->shut)
    g_error_free (finding->error);
  else
    {
      self->files_broke = TRUE;
      g_atomic_int_set (&self->only_ledger_broke, finding->only_ledger);
      g_atomic_int_set (&self->key_fits, TRUE);
      jn_context_break (self, finding->error);
    }
  g_object_unref (self);
  g_free (finding);
}

void
jn_context_close_broken (JnContext *self, GError *error, gboolean only_ledger)
{
  Finding *finding = g_new0 (Finding, 1);

  finding->context = g_object_ref (self);
  finding->error = error;
  finding->only_ledger = only_ledger;
  jn_context_leave_wallet (self);
  jn_context_set_stage (self, JN_STAGE_STARTING);
  JnStorage *storage = g_steal_pointer (&self->storage);
  jn_worker_run_async (self->slow, close_storage, storage, g_object_unref, NULL, NULL, on_closed,
                       finding);
}

static void
on_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnContext) self = user_data;
  GError *error = NULL;

  jn_worker_run_finish (JN_WORKER (source), result, &error);
  if (error == NULL || self->shut || self->storage == NULL
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&error);
      return;
    }
  jn_log (JN_LOG_WARNING, "session", "%s", error->message);
  /* Nothing that cannot be trusted is shown any longer. */
  jn_context_close_broken (self, error, TRUE);
}

void
jn_context_take_care (JnContext *self)
{
  if (self->cared_for || self->shut || self->storage == NULL || self->vfs != NULL)
    return;
  self->cared_for = TRUE;
  if (self->care == NULL)
    self->care = jn_context_make_worker (self, "care");
  jn_worker_run_async (self->care, check_up, g_object_ref (self->storage), g_object_unref, NULL,
                       self->wallet, on_checked, g_object_ref (self));
}
