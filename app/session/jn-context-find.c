/* Looking up one row, telling what became of a payment, and the sandbox's shops. */
#include "jn-context-state.h"

#include "jn-entry-reader.h"
#include "jn-error.h"
#include "jn-qr-matrix.h"

#define MAX_HOLDS 200

/* ---- one row by its id ---- */

typedef struct
{
  JnStorage *storage;
  JnCurrency currency;
  JnId id;
  JnAtHand at_hand;
  gboolean settled_too; /* our own row also when it was not made, or is not home yet */
} FindJob;

static void
find_job_free (gpointer data)
{
  FindJob *job = data;
  g_object_unref (job->storage);
  g_free (job);
}

static FindJob *
find_job_new (JnContext *self, const JnId *id, gboolean settled_too)
{
  FindJob *job = g_new0 (FindJob, 1);
  job->storage = g_object_ref (self->storage);
  job->currency = jn_context_get_currency (self);
  job->id = *id;
  job->settled_too = settled_too;
  g_autoptr (GArray) at_hand = jn_context_dup_at_hand (self);
  job->at_hand = jn_at_hand_find (at_hand, id);
  return job;
}

static JnEntryItem *
find_hold (JnEntryReader *reader, jn_snapshot *snapshot, const JnId *id)
{
  g_autofree jn_entry_row *rows = g_new (jn_entry_row, MAX_HOLDS);
  size_t n = MAX_HOLDS;

  if (jn_holds (snapshot, &reader->account, rows, &n, NULL) != JN_OK)
    return NULL;
  for (size_t i = 0; i < n; i++)
    {
      JnEntryFacts facts;
      jn_entry_reader_fill (reader, &rows[i], &facts);
      if (jn_id_equal (&facts.id, id) || memcmp (rows[i].id.b, id->bytes, sizeof id->bytes) == 0
          || jn_id_equal (&facts.intent, id))
        return jn_entry_item_new (&facts);
      jn_entry_facts_clear (&facts);
    }
  return NULL;
}

static JnEntryItem *
find_in_ledger (FindJob *job, JnEntryReader *reader)
{
  jn_snapshot *snapshot = NULL;
  JnEntryItem *item = NULL;
  g_autofree jn_entry_row *row = g_new (jn_entry_row, 1);
  JnId transfer = job->id;
  jn_id key;

  jn_storage_find_intent (job->storage, &job->id, &transfer);
  memcpy (key.b, transfer.bytes, sizeof key.b);
  if (jn_snapshot_begin (jn_storage_get_ledger (job->storage), &snapshot) != JN_OK)
    return NULL;
  reader->snapshot = snapshot;
  if (jn_entry_get (snapshot, &reader->account, &key, row) == JN_OK)
    {
      JnEntryFacts facts;
      jn_entry_reader_fill (reader, row, &facts);
      item = jn_entry_item_new (&facts);
    }
  else
    item = find_hold (reader, snapshot, &job->id);
  jn_snapshot_end (snapshot);
  return item;
}

static gpointer
find_entry (gpointer data, GCancellable *cancellable, GError **error)
{
  FindJob *job = data;
  JnEntryReader reader;
  JnEntryItem *item = NULL;

  if (jn_entry_reader_init (&reader, job->storage, job->currency))
    item = find_in_ledger (job, &reader);
  if (item != NULL)
    return item;
  g_autoptr (JnIntent) intent =
      jn_outbox_get (jn_storage_get_outbox (job->storage), &job->id, error);
  if (intent != NULL
      && (job->settled_too
          || (intent->state == JN_INTENT_APPROVED && job->at_hand != JN_AT_HAND_WAITING)
          || intent->state == JN_INTENT_UNKNOWN
          || (intent->state == JN_INTENT_NOT_MADE && intent->was_approved)))
    return jn_entry_item_new_from_intent (intent, job->at_hand == JN_AT_HAND_SENDING);
  return NULL;
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  JnEntryItem *item = jn_worker_run_finish (JN_WORKER (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, item, item != NULL ? g_object_unref : NULL);
}

void
jn_context_find_entry_async (JnContext *self, const JnId *id, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, jn_context_find_entry_async);
  if (self->storage == NULL)
    {
      g_task_return_pointer (task, NULL, NULL);
      g_object_unref (task);
      return;
    }
  jn_worker_run_async (jn_storage_get_worker (self->storage), find_entry,
                       find_job_new (self, id, FALSE), find_job_free, g_object_unref, cancellable,
                       on_found, task);
}

JnEntryItem *
jn_context_find_entry_finish (JnContext *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- the end of an intent ---- */

typedef struct
{
  JnContext *context;
  JnId intent;
  gboolean made;
} Announcement;

static void
announcement_free (Announcement *news)
{
  g_object_unref (news->context);
  g_free (news);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Announcement, announcement_free)

static void
on_row (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Announcement) news = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JnEntryItem) row = jn_worker_run_finish (JN_WORKER (source), result, &error);

  if (row != NULL && !news->context->shut)
    jn_context_emit_settled (news->context, row, news->made);
}

static void
look_for_row (Announcement *news)
{
  JnContext *self = news->context;

  jn_worker_run_async (jn_storage_get_worker (self->storage), find_entry,
                       find_job_new (self, &news->intent, TRUE), find_job_free, g_object_unref,
                       self->wallet, on_row, news);
}

static void
on_synced (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Announcement) news = user_data;

  /* Without a sync the row is our own. */
  jn_sync_run_finish (JN_SYNC (source), result, NULL);
  if (!news->context->shut && news->context->sync == JN_SYNC (source))
    look_for_row (g_steal_pointer (&news));
}

void
jn_context_announce (JnContext *self, const JnId *intent, gboolean made, const JnId *transaction)
{
  if (self->sync == NULL)
    return;
  Announcement *news = g_new0 (Announcement, 1);
  news->context = g_object_ref (self);
  news->intent = *intent;
  news->made = made;
  jn_context_refresh (self);
  if (made)
    jn_sync_run_async (self->sync, self->wallet, on_synced, news);
  else
    look_for_row (news);
}

/* ---- shops ---- */

static guint8 *
dup_modules (const char *payload, guint *size)
{
  g_autoptr (JnQrMatrix) matrix = jn_qr_matrix_new (payload, NULL);
  *size = matrix != NULL ? (guint) matrix->size : 0;
  return matrix != NULL ? g_memdup2 (matrix->bits, (gsize) matrix->size * (gsize) matrix->size)
                        : NULL;
}

static void
on_shops (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JnBankDocument) document = jn_bank_get_finish (JN_BANK (source), result, &error);
  g_autoptr (GPtrArray) shops = NULL;

  if (document != NULL)
    shops = jn_wire_read_shops (jn_json_doc_root (document->doc), &error);
  if (shops == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  GListStore *store = g_list_store_new (JN_TYPE_SHOP_ITEM);
  for (guint i = 0; i < shops->len; i++)
    {
      const JnWireShop *shop = shops->pdata[i];
      guint size;
      guint8 *modules = dup_modules (shop->payload, &size);
      g_autoptr (JnShopItem) item = jn_shop_item_new (shop, modules, size);
      g_list_store_append (store, item);
    }
  g_task_return_pointer (task, store, g_object_unref);
}

void
jn_context_list_shops_async (JnContext *self, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, jn_context_list_shops_async);
  jn_bank_get_async (self->uncut_bank, "/wallet/v1/sandbox/shops", cancellable, on_shops, task);
}

GListModel *
jn_context_list_shops_finish (JnContext *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
