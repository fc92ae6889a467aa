#include "mock-transport.h"

#include "bank-key.h"
#include "jn-error.h"
#include "mock-answer.h"

#include <libsoup/soup.h>
#include <string.h>

#define XS2A_BASE "/psd2"

struct _MockTransport
{
  GObject parent_instance;
  SoupSession *session;
  char *xs2a, *wallet;
  BankKey key;
  guint exchanges, refused;
};

static void mock_transport_iface_init (JnTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MockTransport, mock_transport, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (JN_TYPE_TRANSPORT, mock_transport_iface_init))

typedef struct
{
  JnRequest *request;
  SoupMessage *message;
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;
  jn_request_free (call->request);
  g_object_unref (call->message);
  g_free (call);
}

static char *
text_of (GBytes *bytes)
{
  gsize length = 0;
  const char *data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;
  return data != NULL ? g_strndup (data, length) : NULL;
}

static void
copy_header (const char *name, const char *value, gpointer user_data)
{
  JnAnswer *answer = user_data;
  g_hash_table_replace (answer->headers, g_ascii_strdown (name, -1), g_strdup (value));
}

static JnAnswer *
make_answer (MockTransport *self, const Call *call, GBytes *bytes)
{
  JnAnswer *answer = jn_answer_new (soup_message_get_status (call->message));
  g_autofree char *body = text_of (bytes);
  g_autofree char *sent = text_of (call->request->body);

  soup_message_headers_foreach (soup_message_get_response_headers (call->message), copy_header,
                                answer);
  if (answer->status >= 400)
    {
      self->refused++;
      g_print ("REFUSED %s %s %s\n  %u %s\n", call->request->method, call->request->path,
               sent != NULL ? sent : "", answer->status, body != NULL ? body : "");
    }
  if (body != NULL && body[0] == '{')
    {
      char *whole = answer->status < 400 ? mock_answer_complete (call->request->method,
                                                                 call->request->path, sent, body)
                                         : g_steal_pointer (&body);
      answer->body = g_bytes_new_take (whole, strlen (whole));
    }
  else
    answer->body = g_bytes_new_static ("", 0);
  bank_key_sign_answer (&self->key, answer, call->request);
  return answer;
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GBytes) bytes =
      soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);

  if (bytes == NULL)
    {
      g_task_return_new_error (task, JN_ERROR, JN_ERROR_SENT_NO_ANSWER, "%s", error->message);
      g_error_free (error);
      return;
    }
  g_task_return_pointer (
      task, make_answer (g_task_get_source_object (task), g_task_get_task_data (task), bytes),
      (GDestroyNotify) jn_answer_free);
}

static SoupMessage *
make_message (MockTransport *self, const JnRequest *request)
{
  gboolean xs2a = g_str_has_prefix (request->path, XS2A_BASE "/");
  g_autofree char *uri = g_strconcat (xs2a ? self->xs2a : self->wallet,
                                      request->path + (xs2a ? strlen (XS2A_BASE) : 0), NULL);
  g_autofree char *sent = text_of (request->body);
  const char *example = mock_answer_choose (request->method, request->path, sent);
  SoupMessage *message = soup_message_new (request->method, uri);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  for (guint i = 0; i + 1 < request->headers->len; i += 2)
    soup_message_headers_append (headers, request->headers->pdata[i],
                                 request->headers->pdata[i + 1]);
  if (example != NULL)
    {
      g_autofree char *prefer = g_strdup_printf ("example=\"%s\"", example);
      soup_message_headers_append (headers, "Prefer", prefer);
    }
  if (request->body != NULL)
    soup_message_set_request_body_from_bytes (message, "application/json", request->body);
  return message;
}

static void
send_async (JnTransport *transport, JnRequest *request, GCancellable *cancellable,
            GAsyncReadyCallback callback, gpointer user_data)
{
  MockTransport *self = MOCK_TRANSPORT (transport);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  self->exchanges++;
  call->request = request;
  call->message = make_message (self, request);
  g_task_set_task_data (task, call, call_free);
  soup_session_send_and_read_async (self->session, call->message, G_PRIORITY_DEFAULT, cancellable,
                                    on_read, task);
}

static JnAnswer *
send_finish (JnTransport *transport, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
mock_transport_iface_init (JnTransportInterface *iface)
{
  iface->send_async = send_async;
  iface->send_finish = send_finish;
}

static void
mock_transport_finalize (GObject *object)
{
  MockTransport *self = MOCK_TRANSPORT (object);
  g_object_unref (self->session);
  g_free (self->xs2a);
  g_free (self->wallet);
  G_OBJECT_CLASS (mock_transport_parent_class)->finalize (object);
}

static void
mock_transport_class_init (MockTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mock_transport_finalize;
}

static void
mock_transport_init (MockTransport *self)
{
  self->session = soup_session_new ();
  bank_key_init (&self->key, MOCK_KEY);
}

JnTransport *
mock_transport_new (const char *xs2a, const char *wallet)
{
  MockTransport *self = g_object_new (MOCK_TYPE_TRANSPORT, NULL);
  self->xs2a = g_strdup (xs2a);
  self->wallet = g_strdup (wallet);
  return JN_TRANSPORT (self);
}

guint
mock_transport_get_refused (MockTransport *self)
{
  return self->refused;
}

guint
mock_transport_get_exchanges (MockTransport *self)
{
  return self->exchanges;
}
