/* Holds requests back until the bank's address is known. */
#include "jn-late-transport.h"

#include "jn-error.h"

#define MAX_WAITING 64

struct _JnLateTransport
{
  GObject parent_instance;
  JnTransport *inner;
  GQueue waiting; /* GTask, its task data the request */
  gboolean refusing;
};

static void jn_late_transport_iface_init (JnTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (JnLateTransport, jn_late_transport, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (JN_TYPE_TRANSPORT,
                                                      jn_late_transport_iface_init))

/* Owns a request until it is sent. */
typedef struct
{
  JnRequest *request;
} Waiting;

static void
waiting_free (gpointer data)
{
  Waiting *waiting = data;
  g_clear_pointer (&waiting->request, jn_request_free);
  g_free (waiting);
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  JnAnswer *answer = jn_transport_send_finish (JN_TRANSPORT (source), result, &error);

  if (answer != NULL)
    g_task_return_pointer (task, answer, (GDestroyNotify) jn_answer_free);
  else
    g_task_return_error (task, error);
}

static void
forward (JnLateTransport *self, GTask *task, JnRequest *request)
{
  jn_transport_send_async (self->inner, request, g_task_get_cancellable (task), on_sent, task);
}

static void
late_send_async (JnTransport *transport, JnRequest *request, GCancellable *cancellable,
                 GAsyncReadyCallback callback, gpointer user_data)
{
  JnLateTransport *self = JN_LATE_TRANSPORT (transport);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, late_send_async);
  if (self->inner != NULL)
    {
      forward (self, task, request);
      return;
    }
  if (self->refusing || g_queue_get_length (&self->waiting) >= MAX_WAITING)
    {
      jn_request_free (request);
      g_task_return_new_error (task, JN_ERROR, JN_ERROR_OFFLINE, "the bank is not there");
      g_object_unref (task);
      return;
    }
  Waiting *waiting = g_new0 (Waiting, 1);
  waiting->request = request;
  g_task_set_task_data (task, waiting, waiting_free);
  g_queue_push_tail (&self->waiting, task);
}

static JnAnswer *
late_send_finish (JnTransport *transport, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  JnStream *stream = jn_transport_open_finish (JN_TRANSPORT (source), result, &error);

  if (stream != NULL)
    g_task_return_pointer (task, stream, g_object_unref);
  else
    g_task_return_error (task, error);
}

/* A stream is opened again soon: it does not wait. */
static void
late_open_async (JnTransport *transport, JnRequest *request, GCancellable *cancellable,
                 GAsyncReadyCallback callback, gpointer user_data)
{
  JnLateTransport *self = JN_LATE_TRANSPORT (transport);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, late_open_async);
  if (self->inner != NULL)
    {
      jn_transport_open_async (self->inner, request, cancellable, on_opened, task);
      return;
    }
  jn_request_free (request);
  g_task_return_new_error (task, JN_ERROR, JN_ERROR_OFFLINE, "the bank is not there");
  g_object_unref (task);
}

static JnStream *
late_open_finish (JnTransport *transport, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
jn_late_transport_iface_init (JnTransportInterface *iface)
{
  iface->open_async = late_open_async;
  iface->open_finish = late_open_finish;
  iface->send_async = late_send_async;
  iface->send_finish = late_send_finish;
}

void
jn_late_transport_set_inner (JnLateTransport *self, JnTransport *inner)
{
  g_set_object (&self->inner, inner);
  self->refusing = FALSE;
  while (self->inner != NULL && !g_queue_is_empty (&self->waiting))
    {
      GTask *task = g_queue_pop_head (&self->waiting);
      Waiting *waiting = g_task_get_task_data (task);

      if (g_task_return_error_if_cancelled (task))
        g_object_unref (task);
      else
        forward (self, task, g_steal_pointer (&waiting->request));
    }
}

gboolean
jn_late_transport_is_open (JnLateTransport *self)
{
  return self->inner != NULL;
}

void
jn_late_transport_refuse (JnLateTransport *self)
{
  self->refusing = TRUE;
  g_clear_object (&self->inner);
  while (!g_queue_is_empty (&self->waiting))
    {
      g_autoptr (GTask) task = g_queue_pop_head (&self->waiting);
      g_task_return_new_error (task, JN_ERROR, JN_ERROR_OFFLINE, "the bank is not there");
    }
}

static void
jn_late_transport_dispose (GObject *object)
{
  jn_late_transport_refuse (JN_LATE_TRANSPORT (object));
  G_OBJECT_CLASS (jn_late_transport_parent_class)->dispose (object);
}

static void
jn_late_transport_class_init (JnLateTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_late_transport_dispose;
}

static void
jn_late_transport_init (JnLateTransport *self)
{
  g_queue_init (&self->waiting);
}

JnLateTransport *
jn_late_transport_new (void)
{
  return g_object_new (JN_TYPE_LATE_TRANSPORT, NULL);
}
