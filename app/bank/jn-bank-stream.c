/* The event stream: asked for with a signature, believed when its head is signed. */
#include "jn-bank-private.h"
#include "jn-error.h"
#include "jn-stream.h"

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  JnBank *self = g_task_get_source_object (task);
  const JnRequest *sent = g_task_get_task_data (task);
  GError *error = NULL;
  guint index = 0;
  g_autoptr (JnStream) stream = jn_transport_open_finish (JN_TRANSPORT (source), result, &error);
  const JnAnswer *head = stream != NULL ? jn_stream_get_head (stream) : NULL;

  if (head == NULL || self->keys == NULL
      || !jn_answer_check (head, sent, self->keys, &index, NULL, &error))
    {
      if (error == NULL)
        error = g_error_new_literal (JN_ERROR, JN_ERROR_ANSWER_NOT_SIGNED, "keys were forgotten");
      g_task_return_error (task, error);
      return;
    }
  jn_bank_note_key (self, index);
  const char *type = g_hash_table_lookup (head->headers, "content-type");
  if (head->status != 200 || type == NULL
      || g_ascii_strncasecmp (type, "text/event-stream", 17) != 0)
    g_task_return_new_error (
        task, JN_ERROR, head->status == 401 ? JN_ERROR_SESSION_EXPIRED : JN_ERROR_ANSWER_INVALID,
        "%u instead of an event stream", head->status);
  else
    g_task_return_pointer (task, g_steal_pointer (&stream), g_object_unref);
}

void
jn_bank_stream_async (JnBank *self, guint64 after, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (JN_IS_BANK (self));
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  JnRequest *request = jn_bank_request ("GET", NULL, JN_BANK_READ_MS, "/wallet/v1/events/stream");

  g_task_set_source_tag (task, jn_bank_stream_async);
  if (self->keys == NULL)
    {
      jn_request_free (request);
      g_task_return_new_error (task, JN_ERROR, JN_ERROR_NOT_SENT, "no keys of the bank yet");
      return;
    }
  if (after != 0)
    {
      g_autofree char *last = g_strdup_printf ("%" G_GUINT64_FORMAT, after);
      jn_request_add_header (request, "Last-Event-ID", last);
    }
  jn_bank_prepare (self, request);
  g_task_set_task_data (task, jn_request_copy (request), (GDestroyNotify) jn_request_free);
  jn_transport_open_async (self->transport, request, cancellable, on_opened,
                           g_steal_pointer (&task));
}

JnStream *
jn_bank_stream_finish (JnBank *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, jn_bank_stream_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
