/* HTTP through libsoup, with everything that it does by itself switched off. */
#include "jn-transport.h"

#include "jn-error.h"
#include "jn-log.h"
#include "jn-stream.h"
#include "jn-tls-pins.h"

#include <libsoup/soup.h>
#include <string.h>

#define READ_BYTES (64 * 1024)
#define MAX_CONNECTIONS 6 /* one of them may be the event stream */
#define IDLE_SECONDS 15

struct _JnSoupTransport
{
  GObject parent_instance;
  char *address;
  char *pins; /* NULL: any key that the authorities vouch for */
  SoupSession *session;
};

static void jn_soup_transport_iface_init (JnTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (JnSoupTransport, jn_soup_transport, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (JN_TYPE_TRANSPORT,
                                                      jn_soup_transport_iface_init))

typedef struct
{
  JnSoupTransport *transport; /* borrowed: the task holds it */
  JnRequest *request;
  SoupMessage *message;
  GCancellable *stop; /* ours: deadline, TLS too old, answer too long, or the caller's */
  gulong caller_handler;
  GSource *deadline;
  GInputStream *stream;
  GByteArray *body;
  gboolean streams;    /* the body is the caller's to read */
  gboolean maybe_sent; /* set once, also when a second try on another connection never got out */
  gboolean answered;   /* the answer's headers are there */
  gboolean timed_out;
  gboolean tls_refused;
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;
  if (call->deadline != NULL)
    {
      g_source_destroy (call->deadline);
      g_source_unref (call->deadline);
    }
  if (call->message != NULL)
    g_signal_handlers_disconnect_by_data (call->message, call);
  g_clear_object (&call->message);
  g_clear_object (&call->stream);
  g_clear_object (&call->stop);
  g_clear_pointer (&call->body, g_byte_array_unref);
  jn_request_free (call->request);
  g_free (call);
}

static void
call_disconnect_caller (GTask *task)
{
  Call *call = g_task_get_task_data (task);
  GCancellable *caller = g_task_get_cancellable (task);
  if (call->caller_handler != 0)
    g_cancellable_disconnect (caller, call->caller_handler);
  call->caller_handler = 0;
}

static gboolean
is_unreachable (const GError *error)
{
  if (error->domain == G_RESOLVER_ERROR)
    return TRUE;
  if (error->domain != G_IO_ERROR)
    return FALSE;
  switch (error->code)
    {
    case G_IO_ERROR_CONNECTION_REFUSED:
    case G_IO_ERROR_HOST_UNREACHABLE:
    case G_IO_ERROR_NETWORK_UNREACHABLE:
    case G_IO_ERROR_HOST_NOT_FOUND:
    case G_IO_ERROR_TIMED_OUT:
      return TRUE;
    default:
      return FALSE;
    }
}

/* What may have happened, from where the call had come to when it failed. */
static JnErrorCode
call_classify (const Call *call, const GError *error)
{
  gboolean read_only = g_str_equal (call->request->method, "GET");

  if (call->answered)
    return JN_ERROR_ANSWER_CUT;
  if (call->maybe_sent && !(read_only && is_unreachable (error)))
    return JN_ERROR_SENT_NO_ANSWER;
  if (call->tls_refused)
    return JN_ERROR_NOT_SENT;
  if (call->timed_out || is_unreachable (error))
    return JN_ERROR_OFFLINE;
  return JN_ERROR_NOT_SENT;
}

/* Takes @error. */
static void
call_fail (GTask *task, GError *error)
{
  Call *call = g_task_get_task_data (task);
  call_disconnect_caller (task);
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_new_error (task, JN_ERROR, (int) call_classify (call, error), "%s",
                             error->message);
  g_error_free (error);
}

static void
call_refuse (GTask *task, JnErrorCode code, const char *what)
{
  Call *call = g_task_get_task_data (task);
  call_disconnect_caller (task);
  g_cancellable_cancel (call->stop);
  g_task_return_new_error (task, JN_ERROR, (int) code, "%s", what);
}

static void
copy_header (const char *name, const char *value, gpointer user_data)
{
  JnAnswer *answer = user_data;
  g_autofree char *key = g_ascii_strdown (name, -1);
  const char *before = g_hash_table_lookup (answer->headers, key);
  /* What stands twice is one list (RFC 9110, 5.3). */
  char *all = before != NULL ? g_strconcat (before, ", ", value, NULL) : g_strdup (value);
  g_hash_table_replace (answer->headers, g_steal_pointer (&key), all);
}

static void
call_finish (GTask *task)
{
  Call *call = g_task_get_task_data (task);
  SoupMessageHeaders *headers = soup_message_get_response_headers (call->message);
  guint status = soup_message_get_status (call->message);

  if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH && status != 304
      && soup_message_headers_get_content_length (headers) != (goffset) call->body->len)
    {
      call_refuse (task, JN_ERROR_ANSWER_CUT, "shorter than announced");
      return;
    }
  JnAnswer *answer = jn_answer_new (status);
  soup_message_headers_foreach (headers, copy_header, answer);
  answer->body = g_byte_array_free_to_bytes (g_steal_pointer (&call->body));
  call_disconnect_caller (task);
  g_task_return_pointer (task, answer, (GDestroyNotify) jn_answer_free);
}

static void read_more (GTask *task);

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) bytes =
      g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);

  if (bytes == NULL)
    {
      call_fail (task, error);
      return;
    }
  gsize length = g_bytes_get_size (bytes);
  if (length == 0)
    {
      call_finish (task);
      return;
    }
  if (length > call->request->max_answer - call->body->len)
    {
      call_refuse (task, JN_ERROR_ANSWER_INVALID, "longer than allowed");
      return;
    }
  g_byte_array_append (call->body, g_bytes_get_data (bytes, NULL), (guint) length);
  read_more (g_steal_pointer (&task));
}

/* Takes @task. */
static void
read_more (GTask *task)
{
  Call *call = g_task_get_task_data (task);
  g_input_stream_read_bytes_async (call->stream, READ_BYTES, G_PRIORITY_DEFAULT, call->stop,
                                   on_read, task);
}

static void
call_give_stream (GTask *task)
{
  Call *call = g_task_get_task_data (task);
  JnAnswer *head = jn_answer_new (soup_message_get_status (call->message));

  soup_message_headers_foreach (soup_message_get_response_headers (call->message), copy_header,
                                head);
  call_disconnect_caller (task);
  g_source_destroy (call->deadline);
  g_task_return_pointer (task, jn_stream_new (head, call->stream), g_object_unref);
}

static void
on_headers (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  GError *error = NULL;
  call->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);

  if (call->stream == NULL)
    {
      call_fail (task, error);
      return;
    }
  call->answered = TRUE;
  if (call->streams)
    {
      call_give_stream (task);
      return;
    }
  SoupMessageHeaders *headers = soup_message_get_response_headers (call->message);
  if (soup_message_headers_get_content_length (headers) > (goffset) call->request->max_answer)
    {
      call_refuse (task, JN_ERROR_ANSWER_INVALID, "longer than allowed");
      return;
    }
  read_more (g_steal_pointer (&task));
}

/* Whether this is the bank on a channel that nobody reads. A version that is not told is lower than all. */
static gboolean
channel_is_good (const Call *call)
{
  const char *pins = call->transport->pins;
  GTlsCertificate *certificate = soup_message_get_tls_peer_certificate (call->message);
  return soup_message_get_tls_protocol_version (call->message) >= G_TLS_PROTOCOL_VERSION_TLS_1_2
         && jn_tls_certificate_is_for_servers (certificate)
         && (pins == NULL || jn_tls_pins_match (pins, certificate));
}

/* The connection stands, nothing of this request is written yet: the last place to refuse it, also for one that was kept. */
static void
on_starting (SoupMessage *message, Call *call)
{
  gboolean secret = g_str_equal (g_uri_get_scheme (soup_message_get_uri (message)), "https");
  if (secret && !channel_is_good (call))
    {
      call->tls_refused = TRUE;
      g_cancellable_cancel (call->stop);
      return;
    }
  call->maybe_sent = TRUE;
}

static gboolean
on_deadline (gpointer user_data)
{
  Call *call = user_data;
  call->timed_out = TRUE;
  g_cancellable_cancel (call->stop);
  return G_SOURCE_REMOVE;
}

static void
on_caller_cancelled (GCancellable *caller, gpointer user_data)
{
  g_cancellable_cancel (G_CANCELLABLE (user_data));
}

static SoupMessage *
make_message (JnSoupTransport *self, JnRequest *request, gboolean streams)
{
  g_autofree char *uri = g_strconcat (self->address, request->path, NULL);
  SoupMessage *message = soup_message_new (request->method, uri);
  if (message == NULL)
    return NULL;
  guint flags = SOUP_MESSAGE_NO_REDIRECT;
  /* libsoup sends again by itself when a kept connection turns out dead; a write goes out once. */
  if (!g_str_equal (request->method, "GET"))
    flags |= SOUP_MESSAGE_NEW_CONNECTION;
  soup_message_set_flags (message, (SoupMessageFlags) flags);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  soup_message_headers_append (headers, "Accept",
                               streams ? "text/event-stream, application/problem+json"
                                       : "application/json, application/problem+json");
  for (guint i = 0; i + 1 < request->headers->len; i += 2)
    soup_message_headers_append (headers, g_ptr_array_index (request->headers, i),
                                 g_ptr_array_index (request->headers, i + 1));
  if (request->body != NULL)
    soup_message_set_request_body_from_bytes (message, "application/json", request->body);
  return message;
}

/* Takes @request. */
static void
send (JnSoupTransport *self, gpointer tag, JnRequest *request, gboolean streams,
      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  (g_task_set_source_tag) (task, tag);
  g_task_set_task_data (task, call, call_free);
  call->transport = self;
  call->request = request;
  call->streams = streams;
  call->stop = g_cancellable_new ();
  call->body = g_byte_array_new ();
  call->message = make_message (self, request, streams);
  if (call->message == NULL)
    {
      g_task_return_new_error (task, JN_ERROR, JN_ERROR_INVALID, "not an address");
      return;
    }
  g_signal_connect (call->message, "starting", G_CALLBACK (on_starting), call);
  call->deadline = g_timeout_source_new (request->timeout_ms);
  g_source_set_callback (call->deadline, on_deadline, call, NULL);
  g_source_attach (call->deadline, g_main_context_get_thread_default ());
  if (cancellable != NULL)
    call->caller_handler = g_cancellable_connect (cancellable, G_CALLBACK (on_caller_cancelled),
                                                  g_object_ref (call->stop), g_object_unref);
  soup_session_send_async (self->session, call->message, G_PRIORITY_DEFAULT, call->stop, on_headers,
                           g_steal_pointer (&task));
}

static void
jn_soup_transport_send_async (JnTransport *transport, JnRequest *request, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  send (JN_SOUP_TRANSPORT (transport), jn_soup_transport_send_async, request, FALSE, cancellable,
        callback, user_data);
}

static JnAnswer *
jn_soup_transport_send_finish (JnTransport *transport, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, transport), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
jn_soup_transport_open_async (JnTransport *transport, JnRequest *request, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  send (JN_SOUP_TRANSPORT (transport), jn_soup_transport_open_async, request, TRUE, cancellable,
        callback, user_data);
}

static JnStream *
jn_soup_transport_open_finish (JnTransport *transport, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, transport), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
jn_soup_transport_iface_init (JnTransportInterface *iface)
{
  iface->send_async = jn_soup_transport_send_async;
  iface->send_finish = jn_soup_transport_send_finish;
  iface->open_async = jn_soup_transport_open_async;
  iface->open_finish = jn_soup_transport_open_finish;
}

static void
jn_soup_transport_dispose (GObject *object)
{
  JnSoupTransport *self = JN_SOUP_TRANSPORT (object);
  if (self->session != NULL)
    soup_session_abort (self->session);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (jn_soup_transport_parent_class)->dispose (object);
}

static void
jn_soup_transport_finalize (GObject *object)
{
  g_free (JN_SOUP_TRANSPORT (object)->address);
  g_free (JN_SOUP_TRANSPORT (object)->pins);
  G_OBJECT_CLASS (jn_soup_transport_parent_class)->finalize (object);
}

static void
jn_soup_transport_class_init (JnSoupTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_soup_transport_dispose;
  G_OBJECT_CLASS (klass)->finalize = jn_soup_transport_finalize;
}

static void
jn_soup_transport_init (JnSoupTransport *self)
{
}

/* A certificate file that cannot be read leaves a database that believes nobody. */
static GTlsDatabase *
load_database (const char *ca_file)
{
  g_autoptr (GError) error = NULL;
  GTlsDatabase *database = g_tls_file_database_new (ca_file, &error);
  if (database == NULL)
    jn_log (JN_LOG_ERROR, "bank", "no certificate authority: %s", error->message);
  return database;
}

JnTransport *
jn_soup_transport_new (const char *address, const char *ca_file)
{
  return jn_soup_transport_new_pinned (address, ca_file, NULL);
}

JnTransport *
jn_soup_transport_new_pinned (const char *address, const char *ca_file, const char *pins)
{
  g_return_val_if_fail (address != NULL, NULL);
  g_return_val_if_fail (ca_file == NULL || g_path_is_absolute (ca_file), NULL);
  JnSoupTransport *self = g_object_new (JN_TYPE_SOUP_TRANSPORT, NULL);
  self->address = g_strdup (address);
  self->pins = g_strdup (pins);
  self->session = soup_session_new_with_options ("max-conns", MAX_CONNECTIONS, "max-conns-per-host",
                                                 MAX_CONNECTIONS, "idle-timeout", IDLE_SECONDS,
                                                 "timeout", 0, "user-agent", "Jinnang", NULL);
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_CONTENT_DECODER);
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_AUTH_MANAGER);
  gboolean plain = g_str_has_prefix (address, "http:");
  if (ca_file != NULL && !plain)
    {
      g_autoptr (GTlsDatabase) database = load_database (ca_file);
      soup_session_set_tls_database (self->session, database);
    }
  /* Loopback never goes through a proxy. */
  if (plain)
    soup_session_set_proxy_resolver (self->session, NULL);
  return JN_TRANSPORT (self);
}
