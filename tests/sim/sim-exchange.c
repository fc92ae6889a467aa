/* One request and at most one answer, as the wallet sees it, and the transport that makes them. */
#include "sim-net-private.h"

#include "jn-stream.h"
#include "sim-line.h"
#include "sim-oracle.h"

#include <string.h>

void
sim_exchange_unref (SimExchange *self)
{
  if (!g_ref_count_dec (&self->refs))
    return;
  sim_message_unref (self->request);
  g_free (self);
}

SimExchange *
sim_exchange_ref (SimExchange *self)
{
  g_ref_count_inc (&self->refs);
  return self;
}

/* Takes the task out; nothing comes back any more. The exchange may be gone then. */
static GTask *
exchange_end (SimExchange *self)
{
  GTask *task = g_steal_pointer (&self->task);

  if (task == NULL)
    return NULL;
  if (self->deadline != NULL)
    {
      g_source_destroy (self->deadline);
      g_clear_pointer (&self->deadline, g_source_unref);
    }
  if (self->cancelled != 0)
    g_signal_handler_disconnect (g_task_get_cancellable (task), self->cancelled);
  self->cancelled = 0;
  self->held_until = 0;
  if (self->world->net != NULL)
    g_ptr_array_remove_fast (self->world->net->open, self);
  return task;
}

void
sim_exchange_fail (SimExchange *self, JnErrorCode code)
{
  if (self->task == NULL)
    return;
  sim_log (self->world, "w%u #%u fails: %s", self->wallet, self->number,
           jn_error_code_get_name (code));
  g_autoptr (GTask) task = exchange_end (self);
  g_task_return_new_error (task, JN_ERROR, (int) code, "simulated");
}

/* The head, and what is read behind it. Takes @answer. */
static JnStream *
open_stream (SimExchange *self, const SimMessage *message, JnAnswer *answer)
{
  g_autoptr (GInputStream) body = NULL;

  if (message->line != NULL)
    body = sim_line_connect (message->line, self->wallet);
  else
    body = g_memory_input_stream_new_from_bytes (answer->body);
  return jn_stream_new (answer, body);
}

/* @whole: how long the body was said to be. */
void
sim_exchange_answer (SimExchange *self, const SimMessage *message, gsize whole)
{
  int wrong = message->line != NULL ? 0 : sim_message_judge (message, whole);

  if (self->task == NULL)
    return;
  if (wrong != 0 && message->status < 500)
    {
      sim_exchange_fail (self, (JnErrorCode) wrong);
      return;
    }
  if (message->body != NULL && message->body->len > self->max_answer)
    {
      sim_exchange_fail (self, JN_ERROR_ANSWER_INVALID);
      return;
    }
  sim_log (self->world, "w%u #%u <- %u", self->wallet, self->number, message->status);
  if (message->status == 200 && wrong == 0
      && strstr (self->request->target, "/transactions?") != NULL)
    sim_oracle_fed (self->world->wallets[self->wallet], message->older);
  g_autoptr (GTask) task = exchange_end (self);
  JnAnswer *answer = jn_answer_new (message->status);
  for (guint i = 0; i + 1 < message->headers->len; i += 2)
    g_hash_table_replace (answer->headers, g_ascii_strdown (message->headers->pdata[i], -1),
                          g_strdup (message->headers->pdata[i + 1]));
  answer->body = wrong == 0 && message->body != NULL
                     ? g_bytes_new (message->body->data, message->body->len)
                     : g_bytes_new_static ("", 0);
  if (self->is_stream)
    g_task_return_pointer (task, open_stream (self, message, answer), g_object_unref);
  else
    g_task_return_pointer (task, answer, (GDestroyNotify) jn_answer_free);
}

/* ---- the transport ---- */

#define SIM_TYPE_TRANSPORT (sim_transport_get_type ())
G_DECLARE_FINAL_TYPE (SimTransport, sim_transport, SIM, TRANSPORT, GObject)

struct _SimTransport
{
  GObject parent_instance;
  SimNet *net;
  guint wallet;
  guint life;
};

static gboolean
on_deadline (gpointer data)
{
  SimExchange *exchange = data;
  if (exchange->life != exchange->world->net->life[exchange->wallet])
    return G_SOURCE_CONTINUE;
  sim_exchange_fail (data, JN_ERROR_SENT_NO_ANSWER);
  return G_SOURCE_REMOVE;
}

static void
on_cancelled (GCancellable *cancellable, SimExchange *exchange)
{
  g_autoptr (GTask) task = exchange_end (exchange);
  if (task != NULL)
    g_task_return_error_if_cancelled (task);
}

static SimExchange *
exchange_new (SimTransport *transport, GTask *task, JnRequest *request)
{
  SimNet *net = transport->net;
  SimExchange *self = g_new0 (SimExchange, 1);

  g_ref_count_init (&self->refs);
  self->world = net->world;
  self->wallet = transport->wallet;
  self->life = transport->life;
  self->number = ++net->n;
  self->task = task;
  self->max_answer = request->max_answer;
  self->request = sim_message_new ();
  self->request->method = g_strdup (request->method);
  self->request->target = g_strdup (request->path);
  for (guint i = 0; i + 1 < request->headers->len; i += 2)
    sim_message_add_header (self->request, request->headers->pdata[i],
                            request->headers->pdata[i + 1]);
  if (request->body != NULL)
    {
      gsize length;
      const void *data = g_bytes_get_data (request->body, &length);
      sim_message_add_header (self->request, "Content-Type", "application/json");
      sim_message_set_body (self->request, data, length);
    }
  return self;
}

/* Takes @task and @request. */
static void
begin (SimTransport *self, GTask *task, JnRequest *request, gboolean is_stream)
{
  SimNet *net = self->net;
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (net->life[self->wallet] != self->life || g_cancellable_is_cancelled (cancellable))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "ended");
      g_object_unref (task);
      jn_request_free (request);
      return;
    }
  SimExchange *exchange = exchange_new (self, task, request);
  exchange->is_stream = is_stream;
  net->world->stats->requests++;
  g_ptr_array_add (net->open, exchange);
  exchange->deadline =
      jn_clock_timer_new (JN_CLOCK (sim_bank_get_clock (net->world->bank)), request->timeout_ms);
  g_source_set_callback (exchange->deadline, on_deadline, exchange, NULL);
  g_source_attach (exchange->deadline, NULL);
  if (cancellable != NULL)
    exchange->cancelled =
        g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_cancelled), exchange);
  sim_log (net->world, "w%u #%u -> %s %s", self->wallet, exchange->number, request->method,
           request->path);
  sim_net_send (exchange);
  jn_request_free (request);
}

static void
transport_send_async (JnTransport *transport, JnRequest *request, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer user_data)
{
  begin (SIM_TRANSPORT (transport), g_task_new (transport, cancellable, callback, user_data),
         request, FALSE);
}

static void
transport_open_async (JnTransport *transport, JnRequest *request, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer user_data)
{
  SimTransport *self = SIM_TRANSPORT (transport);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  if (!self->net->world->no_streams)
    {
      begin (self, task, request, TRUE);
      return;
    }
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "no streams here");
  g_object_unref (task);
  jn_request_free (request);
}

static JnStream *
transport_open_finish (JnTransport *transport, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static JnAnswer *
transport_send_finish (JnTransport *transport, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
transport_iface_init (JnTransportInterface *iface)
{
  iface->send_async = transport_send_async;
  iface->send_finish = transport_send_finish;
  iface->open_async = transport_open_async;
  iface->open_finish = transport_open_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (SimTransport, sim_transport, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (JN_TYPE_TRANSPORT, transport_iface_init))

static void
sim_transport_init (SimTransport *self)
{
}

static void
sim_transport_class_init (SimTransportClass *klass)
{
}

JnTransport *
sim_net_connect (SimNet *self, guint wallet)
{
  SimTransport *transport = g_object_new (SIM_TYPE_TRANSPORT, NULL);

  transport->net = self;
  transport->wallet = wallet;
  transport->life = self->life[wallet];
  return JN_TRANSPORT (transport);
}
