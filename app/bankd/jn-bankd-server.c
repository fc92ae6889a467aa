#include "jn-bankd-server.h"

#include <libsoup/soup.h>
#include <string.h>

#include "jn-bankd-door.h"
#include "jn-bankd-patience.h"
#include "jn-bankd-streams.h"

#define MAX_FLOOD (4 * JN_BANKD_MAX_BODY) /* whoever sends more is cut off */
#define DRAIN_SECONDS 2

struct _JnBankdServer
{
  SoupServer *soup;
  JnBankdCore *core;
  JnBankdFaults *faults;
  JnBankdPatience *patience;
  JnBankdStreams *streams;
  GPtrArray *paused; /* Exchange: delayed or waiting for news */
  guint active;      /* requests handed in and not finished */
  gboolean draining;
  GSourceFunc done;
  gpointer done_data;
};

typedef struct
{
  JnBankdServer *server;
  SoupServerMessage *message;
  JnBankdFault fault;
  GSource *timer;
  gboolean waits_for_news; /* long poll; otherwise a delay, or a job */
  JnBankdReply reply;      /* of a job that is not over */
} Exchange;

static void
exchange_free (Exchange *self)
{
  if (self->timer != NULL)
    {
      g_source_destroy (self->timer);
      g_source_unref (self->timer);
    }
  if (self->reply.job != NULL)
    jn_bankd_door_forget (self->server->core, &self->reply, self);
  jn_bankd_reply_clear (&self->reply);
  g_object_unref (self->message);
  g_free (self);
}

static gsize
received (SoupServerMessage *message)
{
  return GPOINTER_TO_SIZE (g_object_get_data (G_OBJECT (message), "jn-received"));
}

/* The request as the door reads it, with what keeps its bytes alive. */
typedef struct
{
  JnBankdMessage message;
  GArray *headers;
  GBytes *body;
  char *target;
} Incoming;

static void
incoming_clear (Incoming *self)
{
  g_clear_pointer (&self->headers, g_array_unref);
  g_bytes_unref (self->body);
  g_free (self->target);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Incoming, incoming_clear)

static void
on_header (const char *name, const char *value, gpointer headers)
{
  JnBankdHeader header = { name, value };

  g_array_append_val (headers, header);
}

static void
read_incoming (SoupServerMessage *message, Incoming *self)
{
  GUri *uri = soup_server_message_get_uri (message);
  const char *query = g_uri_get_query (uri);

  self->headers = g_array_new (FALSE, FALSE, sizeof (JnBankdHeader));
  soup_message_headers_foreach (soup_server_message_get_request_headers (message), on_header,
                                self->headers);
  self->body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  self->target = g_strconcat (g_uri_get_path (uri), query != NULL ? "?" : NULL, query, NULL);
  self->message.method = soup_server_message_get_method (message);
  self->message.target = self->target;
  self->message.headers = (const JnBankdHeader *) (gpointer) self->headers->data;
  self->message.n_headers = self->headers->len;
  self->message.body = g_bytes_get_data (self->body, &self->message.body_length);
  self->message.too_large = received (message) > JN_BANKD_MAX_BODY;
}

static void
set_headers (SoupServerMessage *message, const JnBankdReply *reply)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_message_headers_clear (headers);
  for (guint i = 0; reply->headers != NULL && i < reply->headers->len; i++)
    {
      const JnBankdHeader *header = &g_array_index (reply->headers, JnBankdHeader, i);

      soup_message_headers_append (headers, header->name, header->value);
    }
}

static void
on_half_written (SoupServerMessage *message, gpointer rest)
{
  /* The rest finds a closed socket, which ends the exchange. */
  jn_bankd_hang_up (message);
  soup_message_body_append_bytes (soup_server_message_get_response_body (message), rest);
}

/* Half of the body, and a closed connection. */
static void
set_half_body (SoupServerMessage *message, const JnBankdReply *reply)
{
  gsize half = reply->body_length / 2;
  GBytes *rest;

  if (half == 0)
    {
      jn_bankd_hang_up (message);
      return;
    }
  soup_message_body_append (soup_server_message_get_response_body (message), SOUP_MEMORY_COPY,
                            reply->body, half);
  rest = g_bytes_new (reply->body + half, reply->body_length - half);
  g_signal_connect_data (message, "wrote-chunk", G_CALLBACK (on_half_written), rest,
                         (GClosureNotify) (void (*) (void)) g_bytes_unref, 0);
}

static void
send_reply (SoupServerMessage *message, const JnBankdReply *reply, gboolean cut)
{
  SoupMessageBody *body = soup_server_message_get_response_body (message);

  soup_server_message_set_status (message, reply->status, NULL);
  set_headers (message, reply);
  soup_message_body_truncate (body);
  /* libsoup 3.2 closes the connection after it; who is not told would send the next request into it. */
  if (reply->status == 204)
    soup_message_headers_append (soup_server_message_get_response_headers (message), "Connection",
                                 "close");
  if (cut)
    set_half_body (message, reply);
  else if (reply->body != NULL)
    soup_message_body_append (body, SOUP_MEMORY_COPY, reply->body, reply->body_length);
}

static Exchange *
hold_exchange (JnBankdServer *self, SoupServerMessage *message, JnBankdFault fault)
{
  Exchange *exchange = g_new0 (Exchange, 1);

  exchange->server = self;
  exchange->message = g_object_ref (message);
  exchange->fault = fault;
  soup_server_message_pause (message);
  g_ptr_array_add (self->paused, exchange);
  return exchange;
}

static Exchange *
pause_exchange (JnBankdServer *self, SoupServerMessage *message, JnBankdFault fault,
                guint milliseconds, GSourceFunc func)
{
  Exchange *exchange = hold_exchange (self, message, fault);

  exchange->timer = g_timeout_source_new (milliseconds);
  g_source_set_callback (exchange->timer, func, exchange, NULL);
  g_source_attach (exchange->timer, g_main_context_get_thread_default ());
  return exchange;
}

static void wake_waiters (JnBankdServer *self);

static gboolean
on_wait_over (gpointer data)
{
  Exchange *exchange = data;
  SoupServerMessage *message = exchange->message;

  /* The empty answer was prepared when the wait began. */
  soup_server_message_unpause (message);
  g_ptr_array_remove_fast (exchange->server->paused, exchange);
  return G_SOURCE_REMOVE;
}

/* What a front end says by itself when the bank behind it does not answer: not signed by the bank. */
static void
send_error (SoupServerMessage *message)
{
  static const char body[] = "{\"type\":\"about:blank\",\"title\":\"The bank cannot answer now\","
                             "\"status\":503,\"code\":\"SERVICE_UNAVAILABLE\","
                             "\"reason\":\"BANK_5XX\"}";

  soup_server_message_set_status (message, 503, NULL);
  soup_server_message_set_response (message, "application/problem+json", SOUP_MEMORY_STATIC, body,
                                    strlen (body));
}

static void
answer (JnBankdServer *self, SoupServerMessage *message, JnBankdFault fault, JnBankdReply *reply)
{
  if (fault.drop_after)
    jn_bankd_hang_up (message);
  send_reply (message, reply, fault.cut);
  if (reply->stream && !self->draining)
    {
      jn_bankd_patience_excuse (self->patience, message);
      jn_bankd_streams_add (self->streams, message, reply);
    }
  else if (reply->wait > 0 && !self->draining && !fault.drop_after && !fault.cut)
    pause_exchange (self, message, fault, reply->wait * 1000, on_wait_over)->waits_for_news = TRUE;
  else
    wake_waiters (self);
}

static void on_job_over (gpointer job, gpointer data);

static void
wait_for_job (Exchange *exchange, JnBankdReply *reply)
{
  exchange->reply = *reply;
  memset (reply, 0, sizeof *reply);
  jn_bankd_door_wait (exchange->server->core, &exchange->reply, on_job_over, exchange);
}

/* A request whose PIN was hashed is handled to its end, also when nobody is there any more to hear the answer. */
static void
on_job_over (gpointer job, gpointer data)
{
  Exchange *exchange = data;
  JnBankdServer *self = exchange->server;
  g_autoptr (SoupServerMessage) message = g_object_ref (exchange->message);
  JnBankdFault fault = exchange->fault;
  g_auto (Incoming) incoming = { 0 };
  g_auto (JnBankdReply) reply = exchange->reply;

  memset (&exchange->reply, 0, sizeof exchange->reply);
  read_incoming (message, &incoming);
  jn_bankd_door_look_again (self->core, &incoming.message, &reply);
  if (reply.job != NULL)
    {
      wait_for_job (exchange, &reply);
      return;
    }
  g_ptr_array_remove_fast (self->paused, exchange);
  soup_server_message_unpause (message);
  answer (self, message, fault, &reply);
}

/* Handles a request now and either answers it or lets it wait: for news, or until its PIN is hashed. */
static void
process (JnBankdServer *self, SoupServerMessage *message, JnBankdFault fault)
{
  g_auto (Incoming) incoming = { 0 };
  g_auto (JnBankdReply) reply = { 0 };

  if (fault.error)
    {
      send_error (message);
      return;
    }
  read_incoming (message, &incoming);
  jn_bankd_door_handle (self->core, &incoming.message, &reply);
  if (fault.duplicate)
    {
      g_auto (JnBankdReply) lost = { 0 };

      /* The answer to the copy goes where the copy came from. */
      jn_bankd_door_handle (self->core, &incoming.message, &lost);
    }
  if (reply.job != NULL)
    wait_for_job (hold_exchange (self, message, fault), &reply);
  else
    answer (self, message, fault, &reply);
}

static gboolean
look_again (JnBankdServer *self, SoupServerMessage *message)
{
  g_auto (Incoming) incoming = { 0 };
  g_auto (JnBankdReply) reply = { 0 };

  read_incoming (message, &incoming);
  jn_bankd_door_look_again (self->core, &incoming.message, &reply);
  if (reply.wait > 0 && !self->draining)
    return FALSE;
  send_reply (message, &reply, FALSE);
  return TRUE;
}

/* Asks again for everyone who waits for news: whoever has some now, or has lost their session, is answered. */
static void
wake_waiters (JnBankdServer *self)
{
  for (guint i = self->paused->len; i > 0; i--)
    {
      Exchange *exchange = g_ptr_array_index (self->paused, i - 1);

      if (exchange->waits_for_news && look_again (self, exchange->message))
        {
          soup_server_message_unpause (exchange->message);
          g_ptr_array_remove_index_fast (self->paused, i - 1);
        }
    }
  jn_bankd_streams_wake (self->streams);
}

static gboolean
on_delay_over (gpointer data)
{
  Exchange *exchange = data;
  JnBankdServer *self = exchange->server;
  g_autoptr (SoupServerMessage) message = g_object_ref (exchange->message);
  JnBankdFault fault = exchange->fault;

  g_ptr_array_remove_fast (self->paused, exchange);
  soup_server_message_unpause (message);
  process (self, message, fault);
  return G_SOURCE_REMOVE;
}

static void
finish_drain (JnBankdServer *self)
{
  if (self->draining && self->active == 0 && self->done != NULL)
    {
      GSourceFunc done = g_steal_pointer (&self->done);

      done (self->done_data);
    }
}

static void
on_finished (SoupServerMessage *message, JnBankdServer *self)
{
  self->active--;
  for (guint i = 0; i < self->paused->len; i++)
    {
      Exchange *exchange = g_ptr_array_index (self->paused, i);

      /* A client that has gone away needs no news; what it asked for after a delay is still done. */
      if (exchange->message == message && exchange->waits_for_news)
        {
          g_ptr_array_remove_index_fast (self->paused, i);
          break;
        }
    }
  finish_drain (self);
}

static void
on_request (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer data)
{
  JnBankdServer *self = data;
  JnBankdFault fault =
      jn_bankd_faults_draw (self->faults, soup_server_message_get_method (message), path);

  self->active++;
  g_signal_connect (message, "finished", G_CALLBACK (on_finished), self);
  if (fault.drop_before)
    {
      jn_bankd_hang_up (message);
      soup_server_message_set_status (message, 503, NULL);
    }
  else if (fault.delay > 0 && !self->draining)
    pause_exchange (self, message, fault, fault.delay, on_delay_over);
  else
    process (self, message, fault);
}

static void
on_chunk (SoupServerMessage *message, GBytes *chunk, gpointer data)
{
  gsize total = received (message) + g_bytes_get_size (chunk);

  g_object_set_data (G_OBJECT (message), "jn-received", GSIZE_TO_POINTER (total));
  if (total > JN_BANKD_MAX_BODY)
    soup_message_body_truncate (soup_server_message_get_request_body (message));
  if (total > MAX_FLOOD)
    jn_bankd_hang_up (message);
}

static void
on_request_started (SoupServer *soup, SoupServerMessage *message, gpointer data)
{
  g_signal_connect (message, "got-chunk", G_CALLBACK (on_chunk), NULL);
}

JnBankdServer *
jn_bankd_server_new (JnBankdCore *core, JnBankdFaults *faults, guint16 port, GError **error)
{
  JnBankdServer *self = g_new0 (JnBankdServer, 1);

  self->core = core;
  self->faults = faults;
  self->paused = g_ptr_array_new_with_free_func ((GDestroyNotify) exchange_free);
  self->streams = jn_bankd_streams_new (core);
  self->soup = soup_server_new (NULL, NULL);
  self->patience = jn_bankd_patience_new (self->soup);
  g_signal_connect (self->soup, "request-started", G_CALLBACK (on_request_started), NULL);
  soup_server_add_handler (self->soup, NULL, on_request, self, NULL);
  if (soup_server_listen_local (self->soup, port, SOUP_SERVER_LISTEN_IPV4_ONLY, error))
    return self;
  jn_bankd_server_free (self);
  return NULL;
}

char *
jn_bankd_server_make_address (JnBankdServer *self)
{
  GSList *uris = soup_server_get_uris (self->soup);
  char *address = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return address;
}

static gboolean
on_drain_over (gpointer data)
{
  JnBankdServer *self = data;

  self->active = 0;
  finish_drain (self);
  return G_SOURCE_REMOVE;
}

/* Whatever has a timer is answered now; what waits for a job comes by itself. */
static void
end_delays (JnBankdServer *self)
{
  guint i = 0;

  while (i < self->paused->len)
    {
      Exchange *exchange = g_ptr_array_index (self->paused, i);

      if (exchange->timer == NULL)
        i++;
      else
        on_delay_over (exchange);
    }
}

void
jn_bankd_server_drain (JnBankdServer *self, GSourceFunc done, gpointer data)
{
  g_autoptr (GSource) limit = g_timeout_source_new_seconds (DRAIN_SECONDS);

  self->draining = TRUE;
  self->done = done;
  self->done_data = data;
  wake_waiters (self);
  jn_bankd_streams_end (self->streams);
  end_delays (self);
  g_source_set_callback (limit, on_drain_over, self, NULL);
  g_source_attach (limit, g_main_context_get_thread_default ());
  finish_drain (self);
}

void
jn_bankd_server_free (JnBankdServer *self)
{
  soup_server_disconnect (self->soup);
  jn_bankd_patience_free (self->patience);
  jn_bankd_streams_free (self->streams);
  g_ptr_array_unref (self->paused);
  g_object_unref (self->soup);
  g_free (self);
}
