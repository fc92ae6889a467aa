/* Runs of synchronisation, joined, and the event list that asks for them. */
#include "jn-sync.h"

#include "jn-error.h"
#include "jn-follow.h"
#include "jn-sync-apply.h"

#define MOST_ERRANDS                                                                               \
  3 /* beside the one that goes into the store: each may be of JN_JSON_MAX_BYTES */
#define RETRY_LEAST_S 1
#define RETRY_MOST_S 60

/* A document on its way: asked for, looked into on the reader's thread, and then the step's. */
typedef struct
{
  JnSync *sync; /* NULL: nobody wants it any more */
  GCancellable *cancellable;
  JnSyncStep step;
  guint64 from; /* FEED: the entry before its first */
  gboolean here;
  JnSyncPaper *paper;
  GError *error;
} Errand;

struct _JnSync
{
  GObject parent_instance;
  JnBank *bank;
  JnStorage *storage;
  JnWorker *reader;
  JnClock *clock;
  GCancellable *cancellable; /* of runs; cancelled for ever in dispose */

  JnSyncState state;
  GError *error;
  JnSyncStep step;
  JnSyncPlace place;
  gboolean changed;
  GQueue errands;     /* Errand *, in the order in which they are wanted */
  gboolean applying;  /* one that is no longer among them */
  guint64 asked_from; /* of the newest */
  guint64
      feed_end; /* there are pages up to here, as far as is known; 0: none but the one that was asked for */
  guint page_length; /* in entries, of those that are followed by others */
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

static void advance (JnSync *self);

static void
set_state (JnSync *self, JnSyncState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

/* ---- errands ---- */

static void
errand_free (Errand *errand)
{
  g_clear_pointer (&errand->paper, jn_sync_paper_free);
  g_clear_error (&errand->error);
  g_object_unref (errand->cancellable);
  g_free (errand);
}

static void
drop_errands (JnSync *self)
{
  Errand *errand;

  self->feed_end = 0;
  while ((errand = g_queue_pop_head (&self->errands)) != NULL)
    {
      errand->sync = NULL;
      if (errand->here)
        errand_free (errand);
      else
        g_cancellable_cancel (errand->cancellable);
    }
}

/* With what it brought, or the reason why it brought nothing. Takes both. */
static void
end_errand (Errand *errand, JnSyncPaper *paper, GError *error)
{
  errand->here = TRUE;
  errand->paper = paper;
  errand->error = error;
  if (errand->sync != NULL)
    advance (errand->sync);
  else
    errand_free (errand);
}

/* The page is not checked yet: what follows from it only says where to look for others. */
static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Errand *errand = user_data;
  GError *error = NULL;
  JnSyncPaper *paper = jn_worker_run_finish (JN_WORKER (source), result, &error);
  const JnWireFeedPage *page = paper != NULL ? paper->page : NULL;

  if (errand->sync != NULL && page != NULL && page->more)
    {
      errand->sync->page_length = page->booked->len;
      errand->sync->feed_end = page->head.sequence;
    }
  end_errand (errand, paper, error);
}

static void
on_fetched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Errand *errand = user_data;
  GError *error = NULL;
  GBytes *bytes = jn_bank_fetch_finish (JN_BANK (source), result, &error);

  if (bytes == NULL || errand->sync == NULL)
    {
      g_clear_pointer (&bytes, g_bytes_unref);
      end_errand (errand, NULL, error);
      return;
    }
  JnSyncReading *reading = g_new0 (JnSyncReading, 1);
  reading->step = errand->step;
  reading->bytes = bytes;
  jn_worker_run_async (errand->sync->reader, jn_sync_read, reading, jn_sync_reading_free,
                       (GDestroyNotify) jn_sync_paper_free, errand->cancellable, on_read, errand);
}

/* Asks for the step's document; of the feed, for the page behind the entry @from. */
static void
send_errand (JnSync *self, guint64 from)
{
  Errand *errand = g_new0 (Errand, 1);
  JnSyncPlace place = self->place;

  place.head.sequence = from;
  g_autofree char *path = jn_sync_path (self->step, &place);
  errand->sync = self;
  errand->cancellable = g_cancellable_new ();
  errand->step = self->step;
  errand->from = self->asked_from = from;
  g_queue_push_tail (&self->errands, errand);
  jn_bank_fetch_async (self->bank, path, errand->cancellable, on_fetched, errand);
}

/* Pages that will be wanted, so that bank, reader and storage all have something to do. */
static void
send_ahead (JnSync *self)
{
  while (self->page_length > 0 && self->asked_from + self->page_length < self->feed_end
         && g_queue_get_length (&self->errands) < MOST_ERRANDS)
    send_errand (self, self->asked_from + self->page_length);
}

/* Sends for what is wanted next, unless it is on its way. */
static void
read_step (JnSync *self)
{
  const Errand *next = g_queue_peek_head (&self->errands);
  guint64 from = self->step == JN_SYNC_STEP_FEED ? self->place.head.sequence : 0;

  if (next == NULL || next->step != self->step || next->from != from)
    {
      drop_errands (self);
      send_errand (self, from);
    }
  advance (self);
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

  drop_errands (self);
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
  self->applying = FALSE;
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
  else
    read_step (self);
}

/* Takes @paper. */
static void
apply (JnSync *self, JnSyncPaper *paper)
{
  JnSyncWork *work = g_new0 (JnSyncWork, 1);
  GBytes *keys = jn_bank_get_keys (self->bank);

  work->storage = g_object_ref (self->storage);
  jn_sync_place_copy (&self->place, &work->place);
  work->keys = keys != NULL ? g_bytes_ref (keys) : g_bytes_new_static ("", 0);
  work->paper = paper;
  work->now = jn_clock_now (self->clock);
  self->applying = TRUE;
  jn_worker_run_async (jn_storage_get_worker (self->storage), jn_sync_apply, work,
                       jn_sync_work_free, (GDestroyNotify) jn_sync_outcome_free, self->cancellable,
                       on_applied, self);
}

/* What is wanted next goes into the store when it is here and what was before it is in. */
static void
advance (JnSync *self)
{
  Errand *next = g_queue_peek_head (&self->errands);

  if (!self->applying && next != NULL && next->here)
    {
      g_queue_pop_head (&self->errands);
      JnSyncPaper *paper = g_steal_pointer (&next->paper);
      GError *error = g_steal_pointer (&next->error);
      errand_free (next);
      if (paper == NULL)
        {
          end_run (self, error);
          return;
        }
      apply (self, paper);
    }
  send_ahead (self);
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
  drop_errands (self);
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
  g_clear_object (&self->reader);
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
jn_sync_new (JnBank *bank, JnStorage *storage, JnWorker *reader, JnClock *clock)
{
  g_return_val_if_fail (JN_IS_BANK (bank) && JN_IS_STORAGE (storage) && JN_IS_CLOCK (clock), NULL);
  JnSync *self = g_object_new (JN_TYPE_SYNC, NULL);
  self->bank = g_object_ref (bank);
  self->storage = g_object_ref (storage);
  self->reader = g_object_ref (reader != NULL ? reader : jn_storage_get_worker (storage));
  self->clock = g_object_ref (clock);
  return self;
}
