/* What a payment writes down before and after it speaks to the bank. */
#include "jn-payment-state.h"

#include "jn-error.h"

#define AGAIN_WITHIN (5 * 60 * JN_SECOND)

JnOutboxJob *
jn_outbox_job_new (JnPayment *self, const JnId *intent, const char *step)
{
  JnOutboxJob *job = g_new0 (JnOutboxJob, 1);
  job->storage = g_object_ref (jn_context_get_storage (self->context));
  job->change.now = jn_context_now (self->context);
  job->change.id = *intent;
  job->change.step = step;
  return job;
}

static void
job_free (gpointer data)
{
  JnOutboxJob *job = data;
  g_object_unref (job->storage);
  g_clear_pointer (&job->add, jn_intent_free);
  g_free (job->change.payee);
  g_free (job->change.order);
  g_free (job->asked_payee);
  g_free (job);
}

char *
jn_payment_dup_code (GBytes *request)
{
  gsize length = 0;
  const char *data = request != NULL ? g_bytes_get_data (request, &length) : NULL;
  g_autoptr (JnJsonDoc) doc = data != NULL ? jn_json_parse (data, length, NULL) : NULL;

  return doc != NULL
             ? g_strdup (jn_json_string (jn_json_path (jn_json_doc_root (doc), "wallet/qrPayload")))
             : NULL;
}

/* No other payment of the same code may be on its way. */
static gboolean
is_order_free (JnOutbox *outbox, const JnIntent *intent, GError **error)
{
  g_autoptr (GPtrArray) unsettled = jn_outbox_list_unsettled (outbox, error);
  g_autofree char *code = jn_payment_dup_code (intent->request);

  for (guint i = 0; unsettled != NULL && code != NULL && i < unsettled->len; i++)
    {
      const JnIntent *other = unsettled->pdata[i];
      g_autofree char *its_code =
          other->state != JN_INTENT_OPEN ? jn_payment_dup_code (other->request) : NULL;
      if (g_strcmp0 (its_code, code) == 0)
        {
          g_set_error_literal (error, JN_ERROR, JN_ERROR_CONFLICT,
                               "this order is being paid; the result is not known yet");
          return FALSE;
        }
    }
  return unsettled != NULL;
}

/* Whether an earlier payment was asked for with the same amount, whatever a coupon made of it. */
static gboolean
is_same_amount (const JnIntent *earlier, JnMoney asked, JnMoney total)
{
  gsize length;
  const char *data = g_bytes_get_data (earlier->request, &length);
  g_autoptr (JnJsonDoc) doc = jn_json_parse (data, length, NULL);
  const char *amount =
      doc != NULL
          ? jn_json_string (jn_json_path (jn_json_doc_root (doc), "instructedAmount/amount"))
          : NULL;
  g_autofree char *text = jn_money_to_wire (asked);

  return jn_money_equal (earlier->amount, total) || g_strcmp0 (amount, text) == 0;
}

/* The newest payment of the same amount to the same payee that was made within five minutes, or is not known yet. */
static JnIntent *
find_earlier (JnOutboxJob *job, JnOutbox *outbox, GError **error)
{
  g_autoptr (GPtrArray) paid =
      jn_outbox_list_paid (outbox, job->asked_payee, job->change.now - AGAIN_WITHIN, error);

  for (guint i = 0; paid != NULL && i < paid->len; i++)
    if (is_same_amount (paid->pdata[i], job->asked, job->change.amount))
      return jn_intent_copy (paid->pdata[i]);
  return NULL;
}

static gpointer
run (gpointer data, GCancellable *cancellable, GError **error)
{
  JnOutboxJob *job = data;
  JnOutbox *outbox = jn_storage_get_outbox (job->storage);

  if (job->add != NULL)
    {
      if (!job->fixed_order || is_order_free (outbox, job->add, error))
        jn_outbox_add (outbox, job->add, error);
      return NULL;
    }
  if (!jn_outbox_apply (outbox, &job->change, error) || job->asked_payee == NULL)
    return NULL;
  return find_earlier (job, outbox, error);
}

static void
on_ignored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  JnIntent *earlier = jn_worker_run_finish (JN_WORKER (source), result, &error);
  g_clear_pointer (&earlier, jn_intent_free);
}

void
jn_outbox_job_run (JnPayment *self, JnOutboxJob *job, GAsyncReadyCallback callback,
                   gpointer user_data)
{
  jn_worker_run_async (jn_storage_get_worker (job->storage), run, job, job_free,
                       (GDestroyNotify) jn_intent_free, NULL,
                       callback != NULL ? callback : on_ignored, user_data);
}
