/* One thread with a bounded queue. */
#include "jn-worker.h"

#include "jn-error.h"

#define MAX_WAITING 1024

typedef struct
{
  JnWorkerFunc func;
  gpointer data;
  GDestroyNotify data_free;
  GDestroyNotify result_free;
  GTask *task; /* NULL for a call that somebody waits for */

  gboolean done;
  gpointer result;
  GError *error;
} Call;

/* What the thread and the object share; outlives both. */
typedef struct
{
  GMutex mutex;
  GCond changed;
  GQueue waiting;
  gboolean stopped;
} Core;

struct _JnWorker
{
  GObject parent_instance;
  Core *core;
  GThread *thread; /* NULL for an inline worker */
  gboolean is_inline;
  gboolean running; /* of an inline worker: inside a call */
};

G_DEFINE_FINAL_TYPE (JnWorker, jn_worker, G_TYPE_OBJECT)

static void
core_clear (gpointer data)
{
  Core *core = data;
  g_mutex_clear (&core->mutex);
  g_cond_clear (&core->changed);
  g_queue_clear (&core->waiting);
}

static void
core_release (Core *core)
{
  g_atomic_rc_box_release_full (core, core_clear);
}

static void
call_run_task (Call *call)
{
  GTask *task = call->task;
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, &error))
    {
      g_task_return_error (task, error);
    }
  else
    {
      gpointer result = call->func (call->data, cancellable, &error);
      if (error != NULL)
        {
          if (result != NULL && call->result_free != NULL)
            call->result_free (result);
          g_task_return_error (task, error);
        }
      else
        {
          g_task_return_pointer (task, result, call->result_free);
        }
    }
  if (call->data_free != NULL)
    call->data_free (call->data);
  g_object_unref (task);
  g_free (call);
}

static void
call_run_waited (Core *core, Call *call)
{
  GError *error = NULL;
  gpointer result = call->func (call->data, NULL, &error);
  g_mutex_lock (&core->mutex);
  call->result = result;
  call->error = error;
  call->done = TRUE;
  g_cond_broadcast (&core->changed);
  g_mutex_unlock (&core->mutex);
}

static gpointer
worker_thread (gpointer data)
{
  Core *core = data;

  for (;;)
    {
      g_mutex_lock (&core->mutex);
      while (g_queue_is_empty (&core->waiting) && !core->stopped)
        g_cond_wait (&core->changed, &core->mutex);
      Call *call = g_queue_pop_head (&core->waiting);
      g_mutex_unlock (&core->mutex);

      if (call == NULL)
        break;
      if (call->task != NULL)
        call_run_task (call);
      else
        call_run_waited (core, call);
    }
  core_release (core);
  return NULL;
}

/* Takes the call when it fits in; otherwise sets @error. */
static gboolean
core_push (Core *core, Call *call, GError **error)
{
  gboolean pushed = FALSE;

  g_mutex_lock (&core->mutex);
  if (core->stopped)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "the worker is stopped");
  else if (g_queue_get_length (&core->waiting) >= MAX_WAITING)
    g_set_error_literal (error, JN_ERROR, JN_ERROR_BUSY, "too many calls wait");
  else
    {
      g_queue_push_tail (&core->waiting, call);
      g_cond_broadcast (&core->changed);
      pushed = TRUE;
    }
  g_mutex_unlock (&core->mutex);
  return pushed;
}

/* Runs the call that has waited longest; FALSE when there was none. */
static gboolean
run_inline (JnWorker *self)
{
  g_autoptr (JnWorker) alive = g_object_ref (self);
  g_mutex_lock (&self->core->mutex);
  Call *call = g_queue_pop_head (&self->core->waiting);
  g_mutex_unlock (&self->core->mutex);

  if (call == NULL)
    return FALSE;
  self->running = TRUE;
  if (call->task != NULL)
    call_run_task (call);
  else
    call_run_waited (self->core, call);
  self->running = FALSE;
  return TRUE;
}

static gboolean
on_turn (gpointer user_data)
{
  JnWorker *self = user_data;
  if (self->running) /* a call that iterates the main context */
    return G_SOURCE_CONTINUE;
  run_inline (self);
  return G_SOURCE_REMOVE;
}

static void
plan_turn (JnWorker *self)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_turn, g_object_ref (self), g_object_unref);
  g_source_attach (source, g_main_context_get_thread_default ());
}

void
jn_worker_stop (JnWorker *self)
{
  g_return_if_fail (JN_IS_WORKER (self));
  g_mutex_lock (&self->core->mutex);
  self->core->stopped = TRUE;
  g_cond_broadcast (&self->core->changed);
  g_mutex_unlock (&self->core->mutex);

  while (self->is_inline && !self->running && run_inline (self))
    ;
  GThread *thread = g_steal_pointer (&self->thread);
  if (thread == NULL)
    return;
  /* The last reference may go with a task that ends on the worker's own thread. */
  if (thread == g_thread_self ())
    g_thread_unref (thread);
  else
    g_thread_join (thread);
}

static void
jn_worker_dispose (GObject *object)
{
  jn_worker_stop (JN_WORKER (object));
  G_OBJECT_CLASS (jn_worker_parent_class)->dispose (object);
}

static void
jn_worker_finalize (GObject *object)
{
  core_release (JN_WORKER (object)->core);
  G_OBJECT_CLASS (jn_worker_parent_class)->finalize (object);
}

static void
jn_worker_class_init (JnWorkerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_worker_dispose;
  G_OBJECT_CLASS (klass)->finalize = jn_worker_finalize;
}

static void
jn_worker_init (JnWorker *self)
{
  self->core = g_atomic_rc_box_new0 (Core);
  g_mutex_init (&self->core->mutex);
  g_cond_init (&self->core->changed);
  g_queue_init (&self->core->waiting);
}

JnWorker *
jn_worker_new (const char *name)
{
  JnWorker *self = g_object_new (JN_TYPE_WORKER, NULL);
  self->thread = g_thread_new (name, worker_thread, g_atomic_rc_box_acquire (self->core));
  return self;
}

JnWorker *
jn_worker_new_inline (const char *name)
{
  JnWorker *self = g_object_new (JN_TYPE_WORKER, NULL);
  self->is_inline = TRUE;
  return self;
}

void
jn_worker_run_async (JnWorker *self, JnWorkerFunc func, gpointer data, GDestroyNotify data_free,
                     GDestroyNotify result_free, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (JN_IS_WORKER (self) && func != NULL);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, jn_worker_run_async);
  call->func = func;
  call->data = data;
  call->data_free = data_free;
  call->result_free = result_free;
  call->task = g_object_ref (task);
  if (core_push (self->core, call, &error))
    {
      if (self->is_inline)
        plan_turn (self);
      return;
    }
  g_task_return_error (task, error);
  if (data_free != NULL)
    data_free (data);
  g_object_unref (call->task);
  g_free (call);
}

gpointer
jn_worker_run_finish (JnWorker *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

gpointer
jn_worker_run (JnWorker *self, JnWorkerFunc func, gpointer data, GError **error)
{
  g_return_val_if_fail (JN_IS_WORKER (self) && func != NULL, NULL);
  g_return_val_if_fail (self->thread != g_thread_self () && !self->running, NULL);
  Call call = { .func = func, .data = data };
  Core *core = self->core;

  if (!core_push (core, &call, error))
    return NULL;
  while (self->is_inline && !call.done)
    run_inline (self);
  g_mutex_lock (&core->mutex);
  while (!call.done)
    g_cond_wait (&core->changed, &core->mutex);
  g_mutex_unlock (&core->mutex);
  if (call.error != NULL)
    g_propagate_error (error, call.error);
  return call.result;
}
