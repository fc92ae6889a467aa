/* Requests, answers and the interface that carries them. */
#include "jn-transport.h"

#include <string.h>

#define DEFAULT_TIMEOUT_MS 10000
#define DEFAULT_MAX_ANSWER (4u * 1024u * 1024u)

G_DEFINE_INTERFACE (JnTransport, jn_transport, G_TYPE_OBJECT)

static void
jn_transport_default_init (JnTransportInterface *iface)
{
}

/* A header may carry the session's secret. */
static void
free_wiped (gpointer data)
{
  char *text = data;
  explicit_bzero (text, strlen (text));
  g_free (text);
}

JnRequest *
jn_request_new (const char *method, const char *path)
{
  g_return_val_if_fail (method != NULL && path != NULL && path[0] == '/', NULL);
  JnRequest *self = g_new0 (JnRequest, 1);
  self->method = g_strdup (method);
  self->path = g_strdup (path);
  self->headers = g_ptr_array_new_with_free_func (free_wiped);
  self->timeout_ms = DEFAULT_TIMEOUT_MS;
  self->max_answer = DEFAULT_MAX_ANSWER;
  return self;
}

void
jn_request_add_header (JnRequest *self, const char *name, const char *value)
{
  g_return_if_fail (self != NULL && name != NULL && value != NULL);
  g_ptr_array_add (self->headers, g_strdup (name));
  g_ptr_array_add (self->headers, g_strdup (value));
}

const char *
jn_request_get_header (const JnRequest *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);
  for (guint i = 0; i + 1 < self->headers->len; i += 2)
    if (g_ascii_strcasecmp (g_ptr_array_index (self->headers, i), name) == 0)
      return g_ptr_array_index (self->headers, i + 1);
  return NULL;
}

JnRequest *
jn_request_copy (const JnRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  JnRequest *copy = jn_request_new (self->method, self->path);
  for (guint i = 0; i + 1 < self->headers->len; i += 2)
    jn_request_add_header (copy, g_ptr_array_index (self->headers, i),
                           g_ptr_array_index (self->headers, i + 1));
  copy->body = self->body != NULL ? g_bytes_ref (self->body) : NULL;
  copy->timeout_ms = self->timeout_ms;
  copy->max_answer = self->max_answer;
  return copy;
}

void
jn_request_free (JnRequest *self)
{
  if (self == NULL)
    return;
  g_free (self->method);
  g_free (self->path);
  g_ptr_array_unref (self->headers);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

JnAnswer *
jn_answer_new (guint status)
{
  JnAnswer *self = g_new0 (JnAnswer, 1);
  self->status = status;
  self->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
jn_answer_free (JnAnswer *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->headers);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

void
jn_transport_send_async (JnTransport *self, JnRequest *request, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (JN_IS_TRANSPORT (self) && request != NULL);
  JN_TRANSPORT_GET_IFACE (self)->send_async (self, request, cancellable, callback, user_data);
}

JnAnswer *
jn_transport_send_finish (JnTransport *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (JN_IS_TRANSPORT (self), NULL);
  return JN_TRANSPORT_GET_IFACE (self)->send_finish (self, result, error);
}

void
jn_transport_open_async (JnTransport *self, JnRequest *request, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (JN_IS_TRANSPORT (self) && request != NULL);
  if (JN_TRANSPORT_GET_IFACE (self)->open_async != NULL)
    {
      JN_TRANSPORT_GET_IFACE (self)->open_async (self, request, cancellable, callback, user_data);
      return;
    }
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, jn_transport_open_async);
  jn_request_free (request);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "no streams here");
}

JnStream *
jn_transport_open_finish (JnTransport *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (JN_IS_TRANSPORT (self), NULL);
  if (g_async_result_is_tagged (result, jn_transport_open_async))
    return g_task_propagate_pointer (G_TASK (result), error);
  return JN_TRANSPORT_GET_IFACE (self)->open_finish (self, result, error);
}
