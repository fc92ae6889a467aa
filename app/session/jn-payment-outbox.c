/* What a payment writes down before and after it speaks to the bank. */
#include "jn-payment-state.h"

#include "jn-error.h"

JnOutboxJob *
jn_outbox_job_new (JnPayment *self, const JnId *intent, const char *note)
{
  JnOutboxJob *job = g_new0 (JnOutboxJob, 1);
  job->storage = g_object_ref (jn_context_get_storage (self->context));
  job->now = jn_context_now (self->context);
  job->id = *intent;
  job->note = note;
  return job;
}

static void
job_free (gpointer data)
{
  JnOutboxJob *job = data;
  g_object_unref (job->storage);
  g_clear_pointer (&job->add, jn_intent_free);
  g_free (job->payee);
  g_free (job);
}

/* Whether two initiations are about the same code. */
static gboolean
is_same_code (GBytes *a, GBytes *b)
{
  gsize length_a, length_b;
  const char *data_a = g_bytes_get_data (a, &length_a);
  const char *data_b = g_bytes_get_data (b, &length_b);
  g_autoptr (JnJsonDoc) doc_a = jn_json_parse (data_a, length_a, NULL);
  g_autoptr (JnJsonDoc) doc_b = jn_json_parse (data_b, length_b, NULL);

  if (doc_a == NULL || doc_b == NULL)
    return FALSE;
  const char *code_a = jn_json_string (jn_json_path (jn_json_doc_root (doc_a), "wallet/qrPayload"));
  const char *code_b = jn_json_string (jn_json_path (jn_json_doc_root (doc_b), "wallet/qrPayload"));
  return code_a != NULL && g_strcmp0 (code_a, code_b) == 0;
}

static gboolean
is_order_free (JnOutbox *outbox, const JnIntent *intent, GError **error)
{
  g_autoptr (GPtrArray) unsettled = jn_outbox_list_unsettled (outbox, error);

  if (unsettled == NULL)
    return FALSE;
  for (guint i = 0; i < unsettled->len; i++)
    {
      const JnIntent *other = unsettled->pdata[i];
      if (other->state != JN_INTENT_OPEN && other->request != NULL
          && is_same_code (other->request, intent->request))
        {
          g_set_error_literal (error, JN_ERROR, JN_ERROR_CONFLICT,
                               "this order is being paid; the result is not known yet");
          return FALSE;
        }
    }
  return TRUE;
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
  if (job->note != NULL)
    jn_outbox_note (outbox, &job->id, job->note, job->note_code, job->now, NULL);
  if (job->payee != NULL && !jn_outbox_describe (outbox, &job->id, job->payee, job->amount, error))
    return NULL;
  if (job->to != 0)
    jn_outbox_move (outbox, &job->id, job->to, job->reason,
                    job->to == JN_INTENT_MADE ? &job->transaction : NULL, job->now, error);
  return NULL;
}

static void
on_ignored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  jn_worker_run_finish (JN_WORKER (source), result, &error);
}

void
jn_outbox_job_run (JnPayment *self, JnOutboxJob *job, GAsyncReadyCallback callback,
                   gpointer user_data)
{
  jn_worker_run_async (jn_storage_get_worker (job->storage), run, job, job_free, NULL, NULL,
                       callback != NULL ? callback : on_ignored, user_data);
}
