#include "jn-bankd-server.h"

#include <libsoup/soup.h>
#include <sodium.h>
#include <string.h>

#include "jn-bankd-router.h"

#define MAX_BODY (64 * 1024)
#define MAX_FLOOD (4 * MAX_BODY) /* whoever sends more is cut off */
#define DRAIN_SECONDS 2

struct _JnBankdServer
{
  SoupServer *soup;
  JnBankdCore *core;
  JnBankdFaults *faults;
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
  gboolean waits_for_news; /* long poll; otherwise a delay */
} Exchange;

static void
exchange_free (Exchange *self)
{
  if (self->timer != NULL)
    {
      g_source_destroy (self->timer);
      g_source_unref (self->timer);
    }
  g_object_unref (self->message);
  g_free (self);
}

static void
shut (SoupServerMessage *message)
{
  GSocket *socket = soup_server_message_get_socket (message);

  if (socket != NULL)
    g_socket_shutdown (socket, TRUE, TRUE, NULL);
}

static const char *
header (SoupServerMessage *message, const char *name)
{
  return soup_message_headers_get_one (soup_server_message_get_request_headers (message), name);
}

static gsize
received (SoupServerMessage *message)
{
  return GPOINTER_TO_SIZE (g_object_get_data (G_OBJECT (message), "jn-received"));
}

static void
handle (JnBankdServer *self, SoupServerMessage *message, JnBankdAnswer *answer)
{
  GUri *uri = soup_server_message_get_uri (message);
  g_autoptr (GBytes) body =
      soup_message_body_flatten (soup_server_message_get_request_body (message));
  JnBankdRequest request = {
    .method = soup_server_message_get_method (message),
    .path = g_uri_get_path (uri),
    .query = g_uri_get_query (uri),
    .request_id = header (message, "X-Request-ID"),
    .authorization = header (message, "Authorization"),
    .consent_id = header (message, "Consent-ID"),
    .idempotency_key = header (message, "Idempotency-Key"),
    .if_none_match = header (message, "If-None-Match"),
    .content_type = header (message, "Content-Type"),
    .too_large = received (message) > MAX_BODY,
  };

  request.body = g_bytes_get_data (body, &request.body_length);
  jn_bankd_router_handle (self->core, &request, answer);
}

static void
set_headers (JnBankdServer *self, SoupServerMessage *message, const JnBankdAnswer *answer)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autoptr (GDateTime) now =
      g_date_time_new_from_unix_utc (jn_clock_now (self->core->clock) / JN_SECOND);
  g_autofree char *date = soup_date_time_to_string (now, SOUP_DATE_HTTP);
  const char *request_id = header (message, "X-Request-ID");

  soup_message_headers_replace (headers, "Date", date);
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  if (request_id != NULL && g_uuid_string_is_valid (request_id))
    soup_message_headers_replace (headers, "X-Request-ID", request_id);
  if (answer->etag != NULL)
    soup_message_headers_replace (headers, "ETag", answer->etag);
  if (answer->embedded_sca)
    soup_message_headers_replace (headers, "ASPSP-SCA-Approach", "EMBEDDED");
  if (answer->replayed)
    soup_message_headers_replace (headers, "Idempotency-Replayed", "true");
  if (answer->commit_time >= 0)
    {
      g_autofree char *timing =
          g_strdup_printf ("commit;dur=%" G_GINT64_FORMAT ".%03" G_GINT64_FORMAT,
                           answer->commit_time / 1000, answer->commit_time % 1000);

      soup_message_headers_replace (headers, "Server-Timing", timing);
    }
}

static void
set_body (SoupServerMessage *message, const JnBankdAnswer *answer)
{
  guint8 hash[crypto_hash_sha256_BYTES];
  char text[sodium_base64_ENCODED_LEN (crypto_hash_sha256_BYTES, sodium_base64_VARIANT_ORIGINAL)];
  g_autofree char *digest = NULL;

  if (answer->body == NULL)
    return;
  crypto_hash_sha256 (hash, (const guint8 *) answer->body, answer->body_length);
  sodium_bin2base64 (text, sizeof text, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
  digest = g_strdup_printf ("sha-256=:%s:", text);
  soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                "Content-Digest", digest);
  soup_message_body_truncate (soup_server_message_get_response_body (message));
  soup_server_message_set_response (
      message, answer->problem ? "application/problem+json" : "application/json", SOUP_MEMORY_COPY,
      answer->body, answer->body_length);
}

static void
on_half_written (SoupServerMessage *message, gpointer rest)
{
  /* The rest finds a closed socket, which ends the exchange. */
  shut (message);
  soup_message_body_append_bytes (soup_server_message_get_response_body (message), rest);
}

static void
set_half_body (SoupServerMessage *message, const JnBankdAnswer *answer)
{
  gsize half = answer->body_length / 2;
  GBytes *rest;

  if (half == 0)
    {
      shut (message);
      return;
    }
  soup_message_headers_set_content_length (soup_server_message_get_response_headers (message),
                                           (goffset) answer->body_length);
  soup_message_body_truncate (soup_server_message_get_response_body (message));
  soup_message_body_append (soup_server_message_get_response_body (message), SOUP_MEMORY_COPY,
                            answer->body, half);
  rest = g_bytes_new (answer->body + half, answer->body_length - half);
  g_signal_connect_data (message, "wrote-chunk", G_CALLBACK (on_half_written), rest,
                         (GClosureNotify) (void (*) (void)) g_bytes_unref, 0);
}

static void
send_answer (JnBankdServer *self, SoupServerMessage *message, const JnBankdAnswer *answer,
             gboolean cut)
{
  soup_server_message_set_status (message, answer->status, NULL);
  set_headers (self, message, answer);
  set_body (message, answer);
  if (cut)
    set_half_body (message, answer);
}

static Exchange *
pause_exchange (JnBankdServer *self, SoupServerMessage *message, JnBankdFault fault,
                guint milliseconds, GSourceFunc func)
{
  Exchange *exchange = g_new0 (Exchange, 1);

  exchange->server = self;
  exchange->message = g_object_ref (message);
  exchange->fault = fault;
  exchange->timer = g_timeout_source_new (milliseconds);
  g_source_set_callback (exchange->timer, func, exchange, NULL);
  g_source_attach (exchange->timer, g_main_context_get_thread_default ());
  soup_server_message_pause (message);
  g_ptr_array_add (self->paused, exchange);
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

static void
answer_error (JnBankdServer *self, SoupServerMessage *message)
{
  static const char body[] = "{\"type\":\"about:blank\",\"title\":\"The bank cannot answer now\","
                             "\"status\":503,\"code\":\"SERVICE_UNAVAILABLE\","
                             "\"reason\":\"BANK_5XX\"}";
  JnBankdAnswer answer = { .status = 503, .problem = TRUE, .commit_time = -1 };

  answer.body = (char *) body;
  answer.body_length = strlen (body);
  send_answer (self, message, &answer, FALSE);
}

/* Handles a request now and either answers it or lets it wait for news. */
static void
process (JnBankdServer *self, SoupServerMessage *message, JnBankdFault fault)
{
  JnBankdAnswer answer = { .commit_time = -1 };

  if (fault.error)
    {
      answer_error (self, message);
      return;
    }
  handle (self, message, &answer);
  if (fault.duplicate)
    handle (self, message, &answer);
  if (fault.drop_after)
    shut (message);
  send_answer (self, message, &answer, fault.cut);
  if (answer.wait > 0 && !self->draining && !fault.drop_after && !fault.cut)
    pause_exchange (self, message, fault, answer.wait * 1000, on_wait_over)->waits_for_news = TRUE;
  else
    wake_waiters (self);
  jn_bankd_answer_clear (&answer);
}

/* Asks again for everyone who waits for news: whoever has some now, or has lost their session, is answered. */
static void
wake_waiters (JnBankdServer *self)
{
  for (guint i = self->paused->len; i > 0; i--)
    {
      Exchange *exchange = g_ptr_array_index (self->paused, i - 1);
      JnBankdAnswer answer = { .commit_time = -1 };

      if (!exchange->waits_for_news)
        continue;
      handle (self, exchange->message, &answer);
      if (answer.wait == 0 || self->draining)
        {
          send_answer (self, exchange->message, &answer, FALSE);
          soup_server_message_unpause (exchange->message);
          g_ptr_array_remove_index_fast (self->paused, i - 1);
        }
      jn_bankd_answer_clear (&answer);
    }
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
      shut (message);
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
  if (total > MAX_BODY)
    soup_message_body_truncate (soup_server_message_get_request_body (message));
  if (total > MAX_FLOOD)
    shut (message);
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
  self->soup = soup_server_new (NULL, NULL);
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

void
jn_bankd_server_drain (JnBankdServer *self, GSourceFunc done, gpointer data)
{
  g_autoptr (GSource) limit = g_timeout_source_new_seconds (DRAIN_SECONDS);

  self->draining = TRUE;
  self->done = done;
  self->done_data = data;
  wake_waiters (self);
  while (self->paused->len > 0)
    on_delay_over (g_ptr_array_index (self->paused, 0));
  g_source_set_callback (limit, on_drain_over, self, NULL);
  g_source_attach (limit, g_main_context_get_thread_default ());
  finish_drain (self);
}

void
jn_bankd_server_free (JnBankdServer *self)
{
  soup_server_disconnect (self->soup);
  g_object_unref (self->soup);
  g_ptr_array_unref (self->paused);
  g_free (self);
}
