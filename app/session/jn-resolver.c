/* One round: list the unsettled, settle them one by one, note the verdicts; with back-off between rounds. */
#include "jn-resolver.h"

#include "jn-error.h"
#include "jn-log.h"

#define MAX_DELAY_S 15

struct _JnResolver
{
  GObject parent_instance;
  JnBank *bank;
  JnStorage *storage;
  JnClock *clock;
  JnVerdictFunc func;
  gpointer data;

  GCancellable *cancellable;
  GArray *held; /* JnId: a payment's own */
  GArray *
      shown; /* JnId: shown again by a payment, and ours until the bank says that the order is open */
  GPtrArray *round; /* JnIntent still to settle in this round; NULL between rounds */
  gboolean again;   /* kicked during a round */
  gboolean failed;  /* something of this round stays open */
  guint delay_s;
  guint timer;
};

G_DEFINE_FINAL_TYPE (JnResolver, jn_resolver, G_TYPE_OBJECT)

static void settle_next (JnResolver *self);

/* What the worker is given. */
typedef struct
{
  JnStorage *storage;
  JnInstant now;
  JnId id;
  JnWireIntent verdict;
  const char *note;
} MoveJob;

static void
move_job_free (gpointer data)
{
  MoveJob *job = data;
  g_object_unref (job->storage);
  g_free (job);
}

static void
jn_resolver_dispose (GObject *object)
{
  JnResolver *self = JN_RESOLVER (object);
  jn_resolver_stop (self);
  g_clear_object (&self->bank);
  g_clear_object (&self->storage);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (jn_resolver_parent_class)->dispose (object);
}

static void
jn_resolver_finalize (GObject *object)
{
  JnResolver *self = JN_RESOLVER (object);
  g_clear_pointer (&self->round, g_ptr_array_unref);
  g_clear_pointer (&self->held, g_array_unref);
  g_clear_pointer (&self->shown, g_array_unref);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (jn_resolver_parent_class)->finalize (object);
}

static void
jn_resolver_class_init (JnResolverClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_resolver_dispose;
  G_OBJECT_CLASS (klass)->finalize = jn_resolver_finalize;
}

static void
jn_resolver_init (JnResolver *self)
{
  self->cancellable = g_cancellable_new ();
  self->held = g_array_new (FALSE, FALSE, sizeof (JnId));
  self->shown = g_array_new (FALSE, FALSE, sizeof (JnId));
  self->delay_s = 1;
}

JnResolver *
jn_resolver_new (JnBank *bank, JnStorage *storage, JnClock *clock, JnVerdictFunc func,
                 gpointer data)
{
  JnResolver *self = g_object_new (JN_TYPE_RESOLVER, NULL);
  self->bank = g_object_ref (bank);
  self->storage = g_object_ref (storage);
  self->clock = g_object_ref (clock);
  self->func = func;
  self->data = data;
  return self;
}

void
jn_resolver_stop (JnResolver *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->timer, g_source_remove);
}

static int
find_id (GArray *ids, const JnId *intent)
{
  for (guint i = 0; i < ids->len; i++)
    if (jn_id_equal (&g_array_index (ids, JnId, i), intent))
      return (int) i;
  return -1;
}

static void
add_id (GArray *ids, const JnId *intent)
{
  if (find_id (ids, intent) < 0)
    g_array_append_val (ids, *intent);
}

static gboolean
remove_id (GArray *ids, const JnId *intent)
{
  int at = find_id (ids, intent);

  if (at >= 0)
    g_array_remove_index_fast (ids, (guint) at);
  return at >= 0;
}

void
jn_resolver_hold (JnResolver *self, const JnId *intent)
{
  add_id (self->held, intent);
}

void
jn_resolver_release (JnResolver *self, const JnId *intent)
{
  remove_id (self->held, intent);
  remove_id (self->shown, intent);
}

void
jn_resolver_reopen (JnResolver *self, const JnId *intent)
{
  remove_id (self->held, intent);
  add_id (self->shown, intent);
}

static gboolean
on_timer (gpointer user_data)
{
  JnResolver *self = user_data;
  self->timer = 0;
  guint delay = MIN (self->delay_s * 2, MAX_DELAY_S);
  jn_resolver_kick (self);
  self->delay_s = delay;
  return G_SOURCE_REMOVE;
}

static void
end_round (JnResolver *self)
{
  gboolean failed = self->failed;

  g_clear_pointer (&self->round, g_ptr_array_unref);
  self->failed = FALSE;
  if (self->again)
    {
      self->again = FALSE;
      jn_resolver_kick (self);
      return;
    }
  if (failed)
    self->timer = jn_clock_add_timer (self->clock, self->delay_s * 1000, on_timer, self);
  else
    self->delay_s = 1;
}

/* Along the diagram of jn-outbox.h; an intent that was closed unapproved yet made at the bank goes through APPROVED. The intent as it was,
 * which may have moved on since the round began. */
static gpointer
move_intent (gpointer data, GCancellable *cancellable, GError **error)
{
  MoveJob *job = data;
  JnOutbox *outbox = jn_storage_get_outbox (job->storage);
  gboolean made = job->verdict.verdict == JN_WIRE_VERDICT_MADE;
  g_autoptr (JnIntent) was = jn_outbox_get (outbox, &job->id, error);

  if (was == NULL)
    return NULL;
  if (made && was->state == JN_INTENT_OPEN
      && !jn_outbox_move (outbox, &job->id, JN_INTENT_APPROVED, 0, NULL, job->now, error))
    return NULL;
  JnIntentChange change = {
    .id = job->id,
    .now = job->now,
    .step = JN_NOTE_SETTLED,
    .code = job->verdict.reason,
    .to = made ? JN_INTENT_MADE : JN_INTENT_NOT_MADE,
    .reason = made                       ? 0
              : job->verdict.reason != 0 ? job->verdict.reason
                                         : JN_ERROR_CANCELLED,
    .transaction = job->verdict.transaction,
  };
  if (!jn_outbox_apply (outbox, &change, error))
    return NULL;
  return g_steal_pointer (&was);
}

/* A round's own state while its calls run. */
typedef struct
{
  JnResolver *self;
  JnIntent *intent;
  JnWireIntent verdict;
} Step;

static void
step_free (Step *step)
{
  jn_intent_free (step->intent);
  g_object_unref (step->self);
  g_free (step);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Step, step_free)

static void
on_moved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Step) step = user_data;
  g_autoptr (GError) error = NULL;
  JnResolver *self = step->self;

  g_autoptr (JnIntent) was = jn_worker_run_finish (JN_WORKER (source), result, &error);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (was == NULL)
    {
      jn_log (JN_LOG_WARNING, "session", "a verdict could not be kept: %s",
              error != NULL ? error->message : "its intent is not there");
      self->failed = TRUE;
    }
  else
    {
      JnVerdict verdict = {
        .intent = step->intent->id,
        .made = step->verdict.verdict == JN_WIRE_VERDICT_MADE,
        .was_approved = was->state != JN_INTENT_OPEN,
        .reason = step->verdict.reason,
        .transaction = step->verdict.transaction,
        .row = step->intent,
      };
      self->func (self->data, &verdict);
    }
  if (!g_cancellable_is_cancelled (self->cancellable))
    settle_next (self);
}

static gpointer
note_step (gpointer data, GCancellable *cancellable, GError **error)
{
  MoveJob *job = data;
  jn_outbox_note (jn_storage_get_outbox (job->storage), &job->id, job->note, job->verdict.reason,
                  job->now, error);
  return NULL;
}

/* The journal says that the bank was asked, and what there was instead of a verdict; the line counts when that stays the same. */
static void
note (JnResolver *self, const JnIntent *intent, const char *name, const GError *error)
{
  MoveJob *job = g_new0 (MoveJob, 1);

  job->storage = g_object_ref (self->storage);
  job->now = jn_clock_now (self->clock);
  job->id = intent->id;
  job->note = name;
  job->verdict.reason = error != NULL && error->domain == JN_ERROR ? error->code : 0;
  jn_worker_run_async (jn_storage_get_worker (self->storage), note_step, job, move_job_free, NULL,
                       NULL, NULL, NULL);
}

/* When the bank cannot be reached or will not talk for one, it does not for the next. What it says about one alone must not hold up
 * the others. */
static gboolean
is_about_the_bank (const GError *error)
{
  JnErrorClass what = jn_error_get_class (error);

  return what == JN_ERROR_CLASS_AGAIN || what == JN_ERROR_CLASS_SESSION
         || (what == JN_ERROR_CLASS_UNKNOWN && !jn_error_is (error, JN_ERROR_ANSWER_INVALID));
}

/* No verdict in this round. */
static void
stays_open (JnResolver *self, const Step *step, const GError *error)
{
  self->failed = TRUE;
  note (self, step->intent, JN_NOTE_CHECKED, error);
  if (error != NULL && is_about_the_bank (error))
    g_ptr_array_set_size (self->round, 0);
  settle_next (self);
}

static void
on_settled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Step) step = user_data;
  g_autoptr (GError) error = NULL;
  JnResolver *self = step->self;
  gboolean ok = jn_bank_settle_finish (JN_BANK (source), result, &step->verdict, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (!ok || step->verdict.verdict == JN_WIRE_VERDICT_OPEN)
    {
      stays_open (self, step, error);
      return;
    }

  MoveJob *job = g_new0 (MoveJob, 1);
  job->storage = g_object_ref (self->storage);
  job->now = jn_clock_now (self->clock);
  job->id = step->intent->id;
  job->verdict = step->verdict;
  jn_worker_run_async (jn_storage_get_worker (self->storage), move_intent, job, move_job_free,
                       (GDestroyNotify) jn_intent_free, self->cancellable, on_moved,
                       g_steal_pointer (&step));
}

/* Takes @step. */
static void
settle (JnResolver *self, Step *step)
{
  jn_bank_settle_async (self->bank, &step->intent->id, self->cancellable, on_settled, step);
}

/* The order is open, and no approval from before can make it any more: it is the payment's again, whose sheet goes on. What the bank says of
 * the order instead, it says better as a verdict. */
static void
on_reopened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Step) step = user_data;
  g_autoptr (GError) error = NULL;
  JnResolver *self = step->self;
  g_autofree char *authorisation = jn_bank_authorise_finish (JN_BANK (source), result, &error);
  gboolean later = authorisation == NULL && is_about_the_bank (error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  /* Not shown any more: the customer has left meanwhile. */
  if (later && find_id (self->shown, &step->intent->id) >= 0)
    {
      stays_open (self, step, error);
      return;
    }
  if (!remove_id (self->shown, &step->intent->id) || authorisation == NULL)
    {
      settle (self, g_steal_pointer (&step));
      return;
    }
  JnVerdict verdict = {
    .intent = step->intent->id,
    .authorisation = authorisation,
    .was_approved = TRUE,
    .row = step->intent,
  };
  add_id (self->held, &verdict.intent);
  note (self, step->intent, JN_NOTE_OPEN, NULL);
  self->func (self->data, &verdict);
  if (!g_cancellable_is_cancelled (self->cancellable))
    settle_next (self);
}

static void
settle_next (JnResolver *self)
{
  while (self->round->len > 0)
    {
      g_autoptr (JnIntent) intent = g_ptr_array_steal_index (self->round, 0);
      if (find_id (self->held, &intent->id) >= 0)
        continue;
      gboolean shown = find_id (self->shown, &intent->id) >= 0;
      g_autoptr (JnWireOrder) order =
          shown && intent->order != NULL ? jn_wire_read_kept_order (intent->order, NULL) : NULL;
      Step *step = g_new0 (Step, 1);
      step->self = g_object_ref (self);
      step->intent = g_steal_pointer (&intent);
      if (order != NULL)
        jn_bank_authorise_async (self->bank, order, self->cancellable, on_reopened, step);
      else
        settle (self, step);
      return;
    }
  end_round (self);
}

static gpointer
list_unsettled (gpointer data, GCancellable *cancellable, GError **error)
{
  return jn_outbox_list_unsettled (jn_storage_get_outbox (data), error);
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnResolver) self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *intents = jn_worker_run_finish (JN_WORKER (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    {
      g_clear_pointer (&intents, g_ptr_array_unref);
      return;
    }
  g_ptr_array_unref (self->round);
  self->round =
      intents != NULL ? intents : g_ptr_array_new_with_free_func ((GDestroyNotify) jn_intent_free);
  self->failed = intents == NULL;
  settle_next (self);
}

void
jn_resolver_kick (JnResolver *self)
{
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  self->delay_s = 1;
  if (self->round != NULL)
    {
      self->again = TRUE;
      return;
    }
  g_clear_handle_id (&self->timer, g_source_remove);
  self->round = g_ptr_array_new_with_free_func ((GDestroyNotify) jn_intent_free);
  jn_worker_run_async (jn_storage_get_worker (self->storage), list_unsettled,
                       g_object_ref (self->storage), g_object_unref,
                       (GDestroyNotify) g_ptr_array_unref, self->cancellable, on_listed,
                       g_object_ref (self));
}
