/* The payment journal as a list. */
#include "jn-journal.h"

#include "jn-context-private.h"
#include "jn-error.h"
#include "jn-views-private.h"

#define PAGE 100
#define MOST 10000

struct _JnJournalItem
{
  GObject parent_instance;
  JnIntent *intent;
  char *key;
  JnStatus status;
  GPtrArray *steps; /* JnIntentStep */
};

G_DEFINE_FINAL_TYPE (JnJournalItem, jn_journal_item, G_TYPE_OBJECT)

static void
jn_journal_item_finalize (GObject *object)
{
  JnJournalItem *self = JN_JOURNAL_ITEM (object);
  g_clear_pointer (&self->intent, jn_intent_free);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
  g_free (self->key);
  G_OBJECT_CLASS (jn_journal_item_parent_class)->finalize (object);
}

static void
jn_journal_item_class_init (JnJournalItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = jn_journal_item_finalize;
}

static void
jn_journal_item_init (JnJournalItem *self)
{
}

static JnStatus
status_of (const JnIntent *intent, JnAtHand how, gboolean returned)
{
  switch (intent->state)
    {
    case JN_INTENT_APPROVED:
      return how == JN_AT_HAND_SENDING   ? JN_STATUS_SENDING
             : how == JN_AT_HAND_WAITING ? JN_STATUS_NONE
                                         : JN_STATUS_CHECKING;
    case JN_INTENT_UNKNOWN:
      return JN_STATUS_CHECKING;
    case JN_INTENT_MADE:
      return returned ? JN_STATUS_RETURNED : JN_STATUS_MADE;
    case JN_INTENT_NOT_MADE:
      return intent->was_cancelled
                     || (!intent->was_approved && intent->reason == JN_ERROR_CANCELLED)
                 ? JN_STATUS_CANCELLED
                 : JN_STATUS_NOT_MADE;
    case JN_INTENT_OPEN:
    default:
      return JN_STATUS_NONE;
    }
}

const JnId *
jn_journal_item_get_id (JnJournalItem *self)
{
  return &self->intent->id;
}

const char *
jn_journal_item_get_key (JnJournalItem *self)
{
  return self->key;
}

JnStatus
jn_journal_item_get_status (JnJournalItem *self)
{
  return self->status;
}

gboolean
jn_journal_item_is_transfer (JnJournalItem *self)
{
  return self->intent->kind == JN_INTENT_TRANSFER;
}

gboolean
jn_journal_item_is_top_up (JnJournalItem *self)
{
  return self->intent->kind == JN_INTENT_TOP_UP;
}

const char *
jn_journal_item_get_card (JnJournalItem *self)
{
  return self->intent->card;
}

gboolean
jn_journal_item_was_approved (JnJournalItem *self)
{
  return self->intent->was_approved;
}

const char *
jn_journal_item_get_payee (JnJournalItem *self)
{
  return self->intent->payee_name != NULL ? self->intent->payee_name : "";
}

const char *
jn_journal_item_get_account (JnJournalItem *self)
{
  return self->intent->payee_account != NULL ? self->intent->payee_account : "";
}

JnMoney
jn_journal_item_get_amount (JnJournalItem *self)
{
  return self->intent->amount;
}

JnInstant
jn_journal_item_get_created_at (JnJournalItem *self)
{
  return self->intent->created_at;
}

JnInstant
jn_journal_item_get_changed_at (JnJournalItem *self)
{
  return self->intent->changed_at;
}

int
jn_journal_item_get_reason (JnJournalItem *self)
{
  return self->intent->reason;
}

const JnId *
jn_journal_item_get_transaction (JnJournalItem *self)
{
  return &self->intent->transaction;
}

guint
jn_journal_item_get_n_steps (JnJournalItem *self)
{
  return self->steps->len;
}

JnJournalStep
jn_journal_item_get_step (JnJournalItem *self, guint index)
{
  const JnIntentStep *step = g_ptr_array_index (self->steps, index);
  return (JnJournalStep){ step->step, step->code, step->at, step->last_at, step->times };
}

/* ---- reading ---- */

typedef struct
{
  JnStorage *storage;
  GArray *at_hand; /* JnIntentAtHand */
  JnIntent *before;
  gboolean one;
  JnId id;
  guint limit;
} ReadJob;

static void
read_job_free (gpointer data)
{
  ReadJob *job = data;
  g_object_unref (job->storage);
  g_array_unref (job->at_hand);
  g_clear_pointer (&job->before, jn_intent_free);
  g_free (job);
}

static JnJournalItem *
read_item (const ReadJob *job, const JnIntent *intent, GError **error)
{
  g_autoptr (GPtrArray) steps =
      jn_outbox_list_steps (jn_storage_get_outbox (job->storage), &intent->id, error);

  if (steps == NULL)
    return NULL;
  JnJournalItem *item = g_object_new (JN_TYPE_JOURNAL_ITEM, NULL);
  item->intent = jn_intent_copy (intent);
  item->key = jn_id_to_string (&intent->id);
  item->status =
      status_of (intent, jn_at_hand_find (job->at_hand, &intent->id),
                 intent->state == JN_INTENT_MADE
                     && jn_storage_find_return (job->storage, &intent->transaction, NULL));
  item->steps = g_steal_pointer (&steps);
  return item;
}

static GPtrArray *
list_intents (const ReadJob *job, GError **error)
{
  JnOutbox *outbox = jn_storage_get_outbox (job->storage);

  if (!job->one)
    return jn_outbox_list (outbox, job->before, job->limit, error);
  GError *failure = NULL;
  JnIntent *intent = jn_outbox_get (outbox, &job->id, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  GPtrArray *intents = g_ptr_array_new_with_free_func ((GDestroyNotify) jn_intent_free);
  if (intent != NULL)
    g_ptr_array_add (intents, intent);
  return intents;
}

static gpointer
read_page (gpointer data, GCancellable *cancellable, GError **error)
{
  const ReadJob *job = data;
  g_autoptr (GPtrArray) intents = list_intents (job, error);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  if (intents == NULL)
    return NULL;
  for (guint i = 0; i < intents->len; i++)
    {
      JnJournalItem *item = read_item (job, intents->pdata[i], error);
      if (item == NULL)
        return NULL;
      g_ptr_array_add (items, item);
    }
  return g_steal_pointer (&items);
}

/* ---- the list ---- */

struct _JnJournal
{
  GObject parent_instance;
  JnContext *context; /* weak; NULL when it is gone */
  gboolean one;
  JnId id;
  JnViewState state;
  GError *error;
  GListStore *items;
  gboolean more;
  gboolean anew; /* what is being read takes the place of what is here */
  GCancellable *reading;
};

G_DEFINE_FINAL_TYPE (JnJournal, jn_journal, G_TYPE_OBJECT)

static guint signal_changed;

static void
jn_journal_dispose (GObject *object)
{
  JnJournal *self = JN_JOURNAL (object);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_weak_pointer (&self->context);
  g_clear_object (&self->items);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (jn_journal_parent_class)->dispose (object);
}

static void
jn_journal_class_init (JnJournalClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_journal_dispose;
  signal_changed = g_signal_new ("changed", JN_TYPE_JOURNAL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
jn_journal_init (JnJournal *self)
{
  self->items = g_list_store_new (JN_TYPE_JOURNAL_ITEM);
}

static ReadJob *
read_job_new (JnJournal *self, guint limit)
{
  JnStorage *storage = self->context != NULL ? jn_context_get_storage (self->context) : NULL;

  if (storage == NULL)
    return NULL;
  ReadJob *job = g_new0 (ReadJob, 1);
  job->storage = g_object_ref (storage);
  job->at_hand = jn_context_dup_at_hand (self->context);
  job->one = self->one;
  job->id = self->id;
  job->limit = limit;
  return job;
}

static gboolean
item_equal (gpointer a, gpointer b)
{
  JnJournalItem *left = a, *right = b;
  return jn_id_equal (&left->intent->id, &right->intent->id) && left->status == right->status
         && left->intent->changed_at == right->intent->changed_at
         && left->steps->len == right->steps->len;
}

static void
on_page (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnJournal) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = jn_worker_run_finish (JN_WORKER (source), result, &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))) || self->items == NULL)
    return;
  g_clear_object (&self->reading);
  g_clear_error (&self->error);
  if (items == NULL)
    {
      self->error = g_steal_pointer (&error);
      self->state = JN_VIEW_ERROR;
    }
  else
    {
      if (self->anew)
        jn_list_update (self->items, items, item_equal);
      else
        g_list_store_splice (self->items, g_list_model_get_n_items (G_LIST_MODEL (self->items)), 0,
                             items->pdata, items->len);
      self->more = !self->one && items->len == PAGE;
      self->state = g_list_model_get_n_items (G_LIST_MODEL (self->items)) > 0 ? JN_VIEW_CONTENT
                                                                              : JN_VIEW_EMPTY;
    }
  g_signal_emit (self, signal_changed, 0);
}

static void
start_reading (JnJournal *self, gboolean anew)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  ReadJob *job = read_job_new (self, PAGE);

  if (job == NULL)
    return;
  if (!anew && n > 0)
    {
      g_autoptr (JnJournalItem) last = g_list_model_get_item (G_LIST_MODEL (self->items), n - 1);
      job->before = jn_intent_copy (last->intent);
    }
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  self->anew = anew;
  jn_worker_run_async (jn_storage_get_worker (job->storage), read_page, job, read_job_free,
                       (GDestroyNotify) g_ptr_array_unref, self->reading, on_page,
                       g_object_ref (self));
}

JnJournal *
jn_journal_new (JnContext *context, const JnId *only)
{
  JnJournal *self = g_object_new (JN_TYPE_JOURNAL, NULL);

  g_set_weak_pointer (&self->context, context);
  self->one = only != NULL;
  if (only != NULL)
    self->id = *only;
  start_reading (self, TRUE);
  return self;
}

JnViewState
jn_journal_get_state (JnJournal *self)
{
  return self->state;
}

const GError *
jn_journal_get_error (JnJournal *self)
{
  return self->error;
}

GListModel *
jn_journal_get_items (JnJournal *self)
{
  return G_LIST_MODEL (self->items);
}

gboolean
jn_journal_has_more (JnJournal *self)
{
  return self->more;
}

void
jn_journal_load_more (JnJournal *self)
{
  if (self->more && self->reading == NULL)
    start_reading (self, FALSE);
}

void
jn_journal_reload (JnJournal *self)
{
  start_reading (self, TRUE);
}

/* ---- for service ---- */

static void
on_all (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GPtrArray *items = jn_worker_run_finish (JN_WORKER (source), result, &error);

  if (items == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, items, (GDestroyNotify) g_ptr_array_unref);
}

void
jn_journal_read_all_async (JnJournal *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  ReadJob *job = read_job_new (self, MOST);

  g_task_set_source_tag (task, jn_journal_read_all_async);
  if (job == NULL)
    {
      g_task_return_new_error (task, JN_ERROR, JN_ERROR_IO, "no wallet is open");
      g_object_unref (task);
      return;
    }
  jn_worker_run_async (jn_storage_get_worker (job->storage), read_page, job, read_job_free,
                       (GDestroyNotify) g_ptr_array_unref, cancellable, on_all, task);
}

GPtrArray *
jn_journal_read_all_finish (JnJournal *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
