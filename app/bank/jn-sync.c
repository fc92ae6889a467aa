/* Runs of synchronisation, joined, and the event list that asks for them. */
#include "jn-sync.h"

#include "jn-error.h"
#include "jn-follow.h"
#include "jn-sync-apply.h"

#define RETRY_LEAST_S 1
#define RETRY_MOST_S 60

/* The next page of the feed, asked for while the last one is checked and written. */
typedef struct
{
  JnSync *sync; /* NULL: nobody wants it any more */
  GCancellable *cancellable;
  guint64 from;
  gboolean done;
  JnBankDocument *document;
  GError *error;
} Ahead;

struct _JnSync
{
  GObject parent_instance;
  JnBank *bank;
  JnStorage *storage;
  JnClock *clock;
  GCancellable *cancellable; /* of runs; cancelled for ever in dispose */

  JnSyncState state;
  GError *error;
  JnSyncStep step;
  JnSyncPlace place;
  gboolean changed;
  Ahead *ahead;   /* NULL: nothing was asked for */
  gboolean waits; /* for it */
  gboolean
      first; /* the run is the first of this device: nothing of it is shown before all is there */
  GPtrArray *current; /* GTask *: wait for the run that is under way */
  GPtrArray *next;    /* GTask *: came during it */

  JnFollow *follow; /* NULL while not following */
  GSource *retry;   /* of a run that failed: no event tells of what is not here yet */
  guint retry_s;
};

enum
{
  PROP_0,
  PROP_STATE,
  N_PROPS
};

static GParamSpec *props[N_PROPS];
static guint signal_changed;

G_DEFINE_FINAL_TYPE (JnSync, jn_sync, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (JnSyncState, jn_sync_state, G_DEFINE_ENUM_VALUE (JN_SYNC_IDLE, "idle"),
                    G_DEFINE_ENUM_VALUE (JN_SYNC_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (JN_SYNC_BROKEN, "failed"))

static void read_step (JnSync *self);
static void on_document (JnSync *self, JnBankDocument *document, GError *error);

static void
set_state (JnSync *self, JnSyncState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

/* ---- reading ahead ---- */

static void
ahead_free (Ahead *ahead)
{
  g_clear_pointer (&ahead->document, jn_bank_document_free);
  g_clear_error (&ahead->error);
  g_object_unref (ahead->cancellable);
  g_free (ahead);
}

static void
drop_ahead (JnSync *self)
{
  Ahead *ahead = g_steal_pointer (&self->ahead);

  self->waits = FALSE;
  if (ahead == NULL)
    return;
  ahead->sync = NULL;
  if (ahead->done)
    ahead_free (ahead);
  else
    g_cancellable_cancel (ahead->cancellable);
}

/* What was read is the next step's document. */
static void
use_ahead (JnSync *self)
{
  Ahead *ahead = g_steal_pointer (&self->ahead);
  JnBankDocument *document = g_steal_pointer (&ahead->document);
  GError *error = g_steal_pointer (&ahead->error);

  self->waits = FALSE;
  ahead_free (ahead);
  on_document (self, document, error);
}

static void
on_ahead (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Ahead *ahead = user_data;

  ahead->document = jn_bank_get_finish (JN_BANK (source), result, &ahead->error);
  ahead->done = TRUE;
  if (ahead->sync == NULL)
    ahead_free (ahead);
  else if (ahead->sync->waits)
    use_ahead (ahead->sync);
}

/* @document is the page before, which is not checked yet: what follows from it only says where to look. */
static void
read_ahead (JnSync *self, JnBankDocument *document)
{
  JnJson *root = document->doc != NULL ? jn_json_doc_root (document->doc) : NULL;
  guint n = jn_json_length (jn_json_path (root, "transactions/booked"));

  if (self->step != JN_SYNC_STEP_FEED || n == 0
      || jn_json_path (root, "transactions/_links/next") == NULL)
    return;
  JnSyncPlace place = self->place;
  place.head.sequence += n;
  g_autofree char *path = jn_sync_path (JN_SYNC_STEP_FEED, &place);
  self->ahead = g_new0 (Ahead, 1);
  self->ahead->sync = self;
  self->ahead->cancellable = g_cancellable_new ();
  self->ahead->from = place.head.sequence;
  jn_bank_get_async (self->bank, path, self->ahead->cancellable, on_ahead, self->ahead);
}

/* Whether the next page is under way, or here already. */
static gboolean
take_ahead (JnSync *self)
{
  if (self->ahead == NULL || self->step != JN_SYNC_STEP_FEED
      || self->ahead->from != self->place.head.sequence)
    {
      drop_ahead (self);
      return FALSE;
    }
  self->waits = TRUE;
  if (self->ahead->done)
    use_ahead (self);
  return TRUE;
}

/* ---- one run ---- */

static void
stop_retry (JnSync *self)
{
  if (self->retry != NULL)
    g_source_destroy (self->retry);
  g_clear_pointer (&self->retry, g_source_unref);
}

static gboolean
on_retry (gpointer user_data)
{
  JnSync *self = user_data;
  stop_retry (self);
  jn_sync_run_async (self, NULL, NULL, NULL);
  return G_SOURCE_REMOVE;
}

/* After a run: the next one comes later and later while they fail. */
static void
plan_retry (JnSync *self)
{
  stop_retry (self);
  if (self->error == NULL)
    self->retry_s = 0;
  if (self->error == NULL || self->follow == NULL)
    return;
  self->retry_s = self->retry_s == 0 ? RETRY_LEAST_S : MIN (self->retry_s * 2, RETRY_MOST_S);
  self->retry = jn_clock_timer_new (self->clock, self->retry_s * 1000);
  g_source_set_callback (self->retry, on_retry, self, NULL);
  g_source_attach (self->retry, g_main_context_get_thread_default ());
}

static void
start_run (JnSync *self)
{
  g_ptr_array_unref (self->current);
  self->current = g_steal_pointer (&self->next);
  self->next = g_ptr_array_new_with_free_func (g_object_unref);
  self->step = JN_SYNC_STEP_ACCOUNTS;
  self->changed = FALSE;
  self->first = jn_storage_get_synced_at (self->storage) == 0;
  stop_retry (self);
  jn_sync_place_clear (&self->place);
  set_state (self, JN_SYNC_RUNNING);
  read_step (self);
}

/* Takes @error; NULL for success. */
static void
end_run (JnSync *self, GError *error)
{
  g_autoptr (JnSync) alive = g_object_ref (self);
  g_autoptr (GPtrArray) done = g_steal_pointer (&self->current);
  gboolean again = self->next->len > 0;

  drop_ahead (self);
  self->current = g_ptr_array_new_with_free_func (g_object_unref);
  g_clear_error (&self->error);
  self->error = error;
  set_state (self, error != NULL ? JN_SYNC_BROKEN : JN_SYNC_IDLE);
  if (self->changed)
    g_signal_emit (self, signal_changed, 0);
  for (guint i = 0; i < done->len; i++)
    {
      GTask *task = g_ptr_array_index (done, i);
      if (self->error != NULL)
        g_task_return_error (task, g_error_copy (self->error));
      else
        g_task_return_boolean (task, TRUE);
    }
  if (again && self->cancellable != NULL && self->state != JN_SYNC_RUNNING)
    start_run (self);
  else if (self->state != JN_SYNC_RUNNING)
    plan_retry (self);
}

/* Entries are what people wait for: they are told of before the documents that follow. The end of the run is told too, as
 * then the time of the state is another one. */
static void
tell_of_entries (JnSync *self)
{
  if (self->step == JN_SYNC_STEP_FEED && self->changed && !self->first)
    g_signal_emit (self, signal_changed, 0);
}

static void
on_applied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  JnSync *self = user_data;
  GError *error = NULL;
  g_autoptr (JnSyncOutcome) outcome = jn_worker_run_finish (JN_WORKER (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_error_free (error);
      return;
    }
  if (outcome == NULL)
    {
      end_run (self, error);
      return;
    }
  jn_sync_place_clear (&self->place);
  self->place = outcome->place;
  outcome->place = (JnSyncPlace){ 0 };
  self->changed |= outcome->changed;
  if (!outcome->more)
    {
      tell_of_entries (self);
      self->step++;
    }
  if (self->step == JN_SYNC_N_STEPS)
    end_run (self, NULL);
  else if (!take_ahead (self))
    read_step (self);
}

/* Takes both. */
static void
on_document (JnSync *self, JnBankDocument *document, GError *error)
{
  if (document == NULL)
    {
      end_run (self, error);
      return;
    }
  read_ahead (self, document);
  JnSyncWork *work = g_new0 (JnSyncWork, 1);
  work->storage = g_object_ref (self->storage);
  work->step = self->step;
  jn_sync_place_copy (&self->place, &work->place);
  GBytes *keys = jn_bank_get_keys (self->bank);
  work->keys = keys != NULL ? g_bytes_ref (keys) : g_bytes_new_static ("", 0);
  work->document = document;
  work->now = jn_clock_now (self->clock);
  jn_worker_run_async (jn_storage_get_worker (self->storage), jn_sync_apply, work,
                       jn_sync_work_free, (GDestroyNotify) jn_sync_outcome_free, self->cancellable,
                       on_applied, self);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  JnSync *self = user_data;
  GError *error = NULL;
  JnBankDocument *document = jn_bank_get_finish (JN_BANK (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_error_free (error);
      return;
    }
  on_document (self, document, error);
}

static void
read_step (JnSync *self)
{
  g_autofree char *path = jn_sync_path (self->step, &self->place);
  jn_bank_get_async (self->bank, path, self->cancellable, on_read, self);
}

void
jn_sync_run_async (JnSync *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                   gpointer user_data)
{
  g_return_if_fail (JN_IS_SYNC (self));
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, jn_sync_run_async);
  if (self->cancellable == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "stopped");
      return;
    }
  g_ptr_array_add (self->next, g_steal_pointer (&task));
  if (self->state != JN_SYNC_RUNNING)
    start_run (self);
}

gboolean
jn_sync_run_finish (JnSync *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- events ---- */

/* The bank is out of reach: say so at once, and not at the next run only. */
static void
on_follow_failed (gpointer data, const GError *error)
{
  JnSync *self = data;
  if (self->state == JN_SYNC_RUNNING || !jn_error_is (error, JN_ERROR_OFFLINE))
    return;
  g_clear_error (&self->error);
  self->error = g_error_copy (error);
  set_state (self, JN_SYNC_BROKEN);
}

static void
on_look (gpointer data)
{
  jn_sync_run_async (data, NULL, NULL, NULL);
}

void
jn_sync_follow (JnSync *self, gboolean follow)
{
  g_return_if_fail (JN_IS_SYNC (self));
  if (follow == (self->follow != NULL) || (follow && self->cancellable == NULL))
    return;
  if (follow)
    {
      const JnFollowFuncs funcs = { on_look, on_follow_failed, self };
      self->follow = jn_follow_new (self->bank, self->clock, &funcs);
      return;
    }
  stop_retry (self);
  jn_follow_stop (self->follow);
  g_clear_object (&self->follow);
}

void
jn_sync_nudge (JnSync *self)
{
  g_return_if_fail (JN_IS_SYNC (self));
  if (self->cancellable == NULL)
    return;
  if (self->follow != NULL)
    jn_follow_nudge (self->follow);
  jn_sync_run_async (self, NULL, NULL, NULL);
}

gboolean
jn_sync_is_streaming (JnSync *self)
{
  g_return_val_if_fail (JN_IS_SYNC (self), FALSE);
  return self->follow != NULL && jn_follow_is_streaming (self->follow);
}

/* ---- the object ---- */

JnSyncState
jn_sync_get_state (JnSync *self)
{
  g_return_val_if_fail (JN_IS_SYNC (self), JN_SYNC_IDLE);
  return self->state;
}

JnInstant
jn_sync_get_as_of (JnSync *self)
{
  g_return_val_if_fail (JN_IS_SYNC (self), 0);
  return self->storage != NULL ? jn_storage_get_synced_at (self->storage) : 0;
}

const GError *
jn_sync_get_error (JnSync *self)
{
  g_return_val_if_fail (JN_IS_SYNC (self), NULL);
  return self->error;
}

static void
fail_waiting (GPtrArray *waiting)
{
  for (guint i = 0; i < waiting->len; i++)
    g_task_return_new_error (g_ptr_array_index (waiting, i), G_IO_ERROR, G_IO_ERROR_CANCELLED,
                             "stopped");
  g_ptr_array_set_size (waiting, 0);
}

void
jn_sync_stop (JnSync *self)
{
  g_return_if_fail (JN_IS_SYNC (self));
  g_autoptr (JnSync) alive = g_object_ref (self);

  jn_sync_follow (self, FALSE);
  if (self->cancellable == NULL)
    return;
  drop_ahead (self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->state = JN_SYNC_IDLE;
  fail_waiting (self->current);
  fail_waiting (self->next);
}

static void
jn_sync_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_STATE)
    g_value_set_enum (value, (gint) JN_SYNC (object)->state);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
jn_sync_dispose (GObject *object)
{
  JnSync *self = JN_SYNC (object);
  jn_sync_stop (self);
  g_clear_object (&self->bank);
  g_clear_object (&self->storage);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (jn_sync_parent_class)->dispose (object);
}

static void
jn_sync_finalize (GObject *object)
{
  JnSync *self = JN_SYNC (object);
  g_clear_error (&self->error);
  jn_sync_place_clear (&self->place);
  g_ptr_array_unref (self->current);
  g_ptr_array_unref (self->next);
  G_OBJECT_CLASS (jn_sync_parent_class)->finalize (object);
}

static void
jn_sync_class_init (JnSyncClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->get_property = jn_sync_get_property;
  object_class->dispose = jn_sync_dispose;
  object_class->finalize = jn_sync_finalize;
  props[PROP_STATE] =
      g_param_spec_enum ("state", NULL, NULL, JN_TYPE_SYNC_STATE, JN_SYNC_IDLE,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signal_changed = g_signal_new ("changed", JN_TYPE_SYNC, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
jn_sync_init (JnSync *self)
{
  self->cancellable = g_cancellable_new ();
  self->current = g_ptr_array_new_with_free_func (g_object_unref);
  self->next = g_ptr_array_new_with_free_func (g_object_unref);
}

JnSync *
jn_sync_new (JnBank *bank, JnStorage *storage, JnClock *clock)
{
  g_return_val_if_fail (JN_IS_BANK (bank) && JN_IS_STORAGE (storage) && JN_IS_CLOCK (clock), NULL);
  JnSync *self = g_object_new (JN_TYPE_SYNC, NULL);
  self->bank = g_object_ref (bank);
  self->storage = g_object_ref (storage);
  self->clock = g_object_ref (clock);
  return self;
}
