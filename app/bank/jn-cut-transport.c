/* A network that can be cut. */
#include "jn-transport.h"

#include "jn-error.h"
#include "jn-stream.h"

struct _JnCutTransport
{
  GObject parent_instance;
  JnTransport *inner;
  gboolean cut;
  GPtrArray *streams; /* JnStream * that may be open, weak */
};

static void jn_cut_transport_iface_init (JnTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (JnCutTransport, jn_cut_transport, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (JN_TYPE_TRANSPORT,
                                                      jn_cut_transport_iface_init))

typedef struct
{
  gboolean lost; /* cut when it was sent: its answer never comes */
} Call;

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  JnCutTransport *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JnAnswer) answer = jn_transport_send_finish (JN_TRANSPORT (source), result, &error);

  if (answer == NULL)
    g_task_return_error (task, error);
  else if (call->lost || self->cut)
    g_task_return_new_error (task, JN_ERROR, JN_ERROR_SENT_NO_ANSWER, "the network is cut");
  else
    g_task_return_pointer (task, g_steal_pointer (&answer), (GDestroyNotify) jn_answer_free);
}

/* Every request that changes something carries its idempotency key. */
static gboolean
request_is_write (const JnRequest *request)
{
  return jn_request_get_header (request, "Idempotency-Key") != NULL;
}

static void
jn_cut_transport_send_async (JnTransport *transport, JnRequest *request, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  JnCutTransport *self = JN_CUT_TRANSPORT (transport);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  g_task_set_source_tag (task, jn_cut_transport_send_async);
  g_task_set_task_data (task, call, g_free);
  if (self->cut && !request_is_write (request))
    {
      jn_request_free (request);
      g_task_return_new_error (task, JN_ERROR, JN_ERROR_OFFLINE, "the network is cut");
      return;
    }
  call->lost = self->cut;
  jn_transport_send_async (self->inner, request, cancellable, on_sent, g_steal_pointer (&task));
}

static JnAnswer *
jn_cut_transport_send_finish (JnTransport *transport, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, transport), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_stream_gone (gpointer data, GObject *stream)
{
  g_ptr_array_remove_fast (data, stream);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  JnCutTransport *self = g_task_get_source_object (task);
  GError *error = NULL;
  JnStream *stream = jn_transport_open_finish (JN_TRANSPORT (source), result, &error);

  if (stream == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_ptr_array_add (self->streams, stream);
  g_object_weak_ref (G_OBJECT (stream), on_stream_gone, self->streams);
  if (self->cut)
    jn_stream_cut (stream);
  g_task_return_pointer (task, stream, g_object_unref);
}

static void
jn_cut_transport_open_async (JnTransport *transport, JnRequest *request, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  JnCutTransport *self = JN_CUT_TRANSPORT (transport);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, jn_cut_transport_open_async);
  if (self->cut)
    {
      jn_request_free (request);
      g_task_return_new_error (task, JN_ERROR, JN_ERROR_OFFLINE, "the network is cut");
      return;
    }
  jn_transport_open_async (self->inner, request, cancellable, on_opened, g_steal_pointer (&task));
}

static JnStream *
jn_cut_transport_open_finish (JnTransport *transport, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, transport), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
jn_cut_transport_iface_init (JnTransportInterface *iface)
{
  iface->open_async = jn_cut_transport_open_async;
  iface->open_finish = jn_cut_transport_open_finish;
  iface->send_async = jn_cut_transport_send_async;
  iface->send_finish = jn_cut_transport_send_finish;
}

static void
jn_cut_transport_dispose (GObject *object)
{
  JnCutTransport *self = JN_CUT_TRANSPORT (object);
  for (guint i = 0; self->streams != NULL && i < self->streams->len; i++)
    g_object_weak_unref (g_ptr_array_index (self->streams, i), on_stream_gone, self->streams);
  g_clear_pointer (&self->streams, g_ptr_array_unref);
  g_clear_object (&self->inner);
  G_OBJECT_CLASS (jn_cut_transport_parent_class)->dispose (object);
}

static void
jn_cut_transport_class_init (JnCutTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_cut_transport_dispose;
}

static void
jn_cut_transport_init (JnCutTransport *self)
{
  self->streams = g_ptr_array_new ();
}

JnCutTransport *
jn_cut_transport_new (JnTransport *inner)
{
  g_return_val_if_fail (JN_IS_TRANSPORT (inner), NULL);
  JnCutTransport *self = g_object_new (JN_TYPE_CUT_TRANSPORT, NULL);
  self->inner = g_object_ref (inner);
  return self;
}

void
jn_cut_transport_set_cut (JnCutTransport *self, gboolean cut)
{
  g_return_if_fail (JN_IS_CUT_TRANSPORT (self));
  self->cut = cut;
  for (guint i = 0; cut && i < self->streams->len; i++)
    jn_stream_cut (g_ptr_array_index (self->streams, i));
}

gboolean
jn_cut_transport_get_cut (JnCutTransport *self)
{
  g_return_val_if_fail (JN_IS_CUT_TRANSPORT (self), FALSE);
  return self->cut;
}
