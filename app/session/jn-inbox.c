/* Inbox: how payments ended. */
#include "jn-inbox.h"

#include "jn-context-private.h"
#include "jn-views-private.h"

struct _JnNoticeItem
{
  GObject parent_instance;
  JnNoticeKind kind;
  gint64 no;
  JnId about;
  JnInstant at;
  char *payee;
  JnMoney amount;
  gboolean seen;
};

G_DEFINE_FINAL_TYPE (JnNoticeItem, jn_notice_item, G_TYPE_OBJECT)

static void
jn_notice_item_finalize (GObject *object)
{
  g_free (JN_NOTICE_ITEM (object)->payee);
  G_OBJECT_CLASS (jn_notice_item_parent_class)->finalize (object);
}

static void
jn_notice_item_class_init (JnNoticeItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = jn_notice_item_finalize;
}

static void
jn_notice_item_init (JnNoticeItem *self)
{
}

static JnNoticeItem *
jn_notice_item_new (const JnNotice *notice)
{
  JnNoticeItem *self = g_object_new (JN_TYPE_NOTICE_ITEM, NULL);

  self->kind = notice->kind;
  self->no = notice->no;
  self->about = notice->about;
  self->at = notice->at;
  self->payee = g_strdup (notice->payee);
  self->amount = notice->amount;
  self->seen = notice->seen;
  return self;
}

JnStatus
jn_notice_item_get_status (JnNoticeItem *self)
{
  switch (self->kind)
    {
    case JN_NOTICE_MADE:
    case JN_NOTICE_TOPPED_UP:
      return JN_STATUS_MADE;
    case JN_NOTICE_RETURNED:
      return JN_STATUS_RETURNED;
    case JN_NOTICE_NOT_MADE:
    case JN_NOTICE_NOT_TOPPED_UP:
    default:
      return JN_STATUS_NOT_MADE;
    }
}

gboolean
jn_notice_item_is_top_up (JnNoticeItem *self)
{
  return self->kind == JN_NOTICE_TOPPED_UP || self->kind == JN_NOTICE_NOT_TOPPED_UP;
}

const JnId *
jn_notice_item_get_about (JnNoticeItem *self)
{
  return &self->about;
}

JnInstant
jn_notice_item_get_at (JnNoticeItem *self)
{
  return self->at;
}

const char *
jn_notice_item_get_payee (JnNoticeItem *self)
{
  return self->payee;
}

JnMoney
jn_notice_item_get_amount (JnNoticeItem *self)
{
  return self->amount;
}

gboolean
jn_notice_item_is_seen (JnNoticeItem *self)
{
  return self->seen;
}

/* ---- the inbox ---- */

struct _JnInbox
{
  GObject parent_instance;
  JnContext *context; /* outlives us */
  GListStore *notices;
  guint n_unseen;
};

G_DEFINE_FINAL_TYPE (JnInbox, jn_inbox, G_TYPE_OBJECT)

static guint signal_changed;

static void
jn_inbox_dispose (GObject *object)
{
  g_clear_object (&JN_INBOX (object)->notices);
  G_OBJECT_CLASS (jn_inbox_parent_class)->dispose (object);
}

static void
jn_inbox_class_init (JnInboxClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_inbox_dispose;
  signal_changed = g_signal_new ("changed", JN_TYPE_INBOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
jn_inbox_init (JnInbox *self)
{
  self->notices = g_list_store_new (JN_TYPE_NOTICE_ITEM);
}

JnInbox *
jn_inbox_new (JnContext *context)
{
  JnInbox *self = g_object_new (JN_TYPE_INBOX, NULL);
  self->context = context;
  return self;
}

static gboolean
notice_equal (gpointer a, gpointer b)
{
  JnNoticeItem *left = a, *right = b;
  return left->no == right->no && left->seen == right->seen;
}

void
jn_inbox_apply (JnInbox *self, JnFacts *facts)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  self->n_unseen = 0;
  for (guint i = 0; facts != NULL && i < facts->notices->len; i++)
    {
      const JnNotice *notice = facts->notices->pdata[i];
      g_ptr_array_add (items, jn_notice_item_new (notice));
      self->n_unseen += notice->seen ? 0 : 1;
    }
  jn_list_update (self->notices, items, notice_equal);
  g_signal_emit (self, signal_changed, 0);
}

GListModel *
jn_inbox_get_notices (JnInbox *self)
{
  return G_LIST_MODEL (self->notices);
}

guint
jn_inbox_get_n_unseen (JnInbox *self)
{
  return self->n_unseen;
}

/* ---- seeing ---- */

typedef struct
{
  JnStorage *storage;
  gboolean one;
  JnId about;
  gint64 no;
} SeeJob;

static void
see_job_free (gpointer data)
{
  SeeJob *job = data;
  g_object_unref (job->storage);
  g_free (job);
}

static gpointer
run_see (gpointer data, GCancellable *cancellable, GError **error)
{
  SeeJob *job = data;
  jn_outbox_see (jn_storage_get_outbox (job->storage), job->one ? &job->about : NULL, job->no,
                 error);
  return NULL;
}

static void
on_seen (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnContext) context = user_data;
  g_autoptr (GError) error = NULL;

  /* What could not be written is unseen still, and says so. */
  jn_worker_run_finish (JN_WORKER (source), result, &error);
  jn_context_refresh (context);
}

static void
see (JnInbox *self, const JnId *about, gint64 no)
{
  JnStorage *storage = jn_context_get_storage (self->context);

  if (storage == NULL)
    return;
  SeeJob *job = g_new0 (SeeJob, 1);
  job->storage = g_object_ref (storage);
  job->one = about != NULL;
  if (about != NULL)
    job->about = *about;
  job->no = no;
  jn_worker_run_async (jn_storage_get_worker (storage), run_see, job, see_job_free, NULL, NULL,
                       on_seen, g_object_ref (self->context));
}

void
jn_inbox_see_all (JnInbox *self)
{
  g_autoptr (JnNoticeItem) newest = g_list_model_get_item (G_LIST_MODEL (self->notices), 0);

  if (newest != NULL && self->n_unseen > 0)
    see (self, NULL, newest->no);
}

void
jn_inbox_see (JnInbox *self, const JnId *about)
{
  see (self, about, 0);
}
