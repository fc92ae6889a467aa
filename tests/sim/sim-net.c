#include "sim-net.h"

#include "jn-error.h"

#include <string.h>

#define MOST_CAPTURED 64
#define TYPICAL_DELAY (20 * 1000)
#define LONGEST_DELAY (800 * 1000)
#define HELD (26 * JN_SECOND)
#define LATE (90 * JN_SECOND)

/* One exchange as the wallet sees it: one request, at most one answer. */
typedef struct
{
  grefcount refs;
  SimWorld *world;
  guint wallet;
  guint life;
  guint number;
  GTask *task; /* NULL once it has come back */
  SimMessage *request;
  gboolean is_read;
  gsize max_answer;
  GSource *deadline;
  gulong cancelled;
  gint64 held_until; /* the bank holds the answer back until then; 0: it does not */
} Exchange;

struct _SimNet
{
  SimWorld *world;
  guint n;
  guint life[SIM_N_WALLETS];
  gboolean offline[SIM_N_WALLETS];
  GPtrArray *open;     /* Exchange *, not come back */
  GPtrArray *captured; /* SimMessage *, requests */
  SimMessage *foreign; /* an answer to something else */
};

static void
exchange_unref (Exchange *self)
{
  if (!g_ref_count_dec (&self->refs))
    return;
  sim_message_unref (self->request);
  g_free (self);
}

static Exchange *
exchange_ref (Exchange *self)
{
  g_ref_count_inc (&self->refs);
  return self;
}

/* Takes the task out; nothing comes back any more. The exchange may be gone then. */
static GTask *
exchange_end (Exchange *self)
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

static void
exchange_fail (Exchange *self, JnErrorCode code)
{
  if (self->task == NULL)
    return;
  sim_log (self->world, "w%u #%u fails: %s", self->wallet, self->number,
           jn_error_code_get_name (code));
  g_autoptr (GTask) task = exchange_end (self);
  g_task_return_new_error (task, JN_ERROR, (int) code, "simulated");
}

/* ---- answers ---- */

/* @whole: how long the body was said to be. */
static void
exchange_answer (Exchange *self, const SimMessage *message, gsize whole)
{
  int wrong = sim_message_judge (message, whole);

  if (self->task == NULL)
    return;
  if (wrong != 0 && message->status < 500)
    {
      exchange_fail (self, (JnErrorCode) wrong);
      return;
    }
  if (message->body != NULL && message->body->len > self->max_answer)
    {
      exchange_fail (self, JN_ERROR_ANSWER_INVALID);
      return;
    }
  sim_log (self->world, "w%u #%u <- %u", self->wallet, self->number, message->status);
  g_autoptr (GTask) task = exchange_end (self);
  JnAnswer *answer = jn_answer_new (message->status);
  for (guint i = 0; i + 1 < message->headers->len; i += 2)
    g_hash_table_replace (answer->headers, g_ascii_strdown (message->headers->pdata[i], -1),
                          g_strdup (message->headers->pdata[i + 1]));
  answer->body = wrong == 0 && message->body != NULL
                     ? g_bytes_new (message->body->data, message->body->len)
                     : g_bytes_new_static ("", 0);
  g_task_return_pointer (task, answer, (GDestroyNotify) jn_answer_free);
}

typedef struct
{
  Exchange *exchange;
  SimMessage *answer; /* NULL: the connection breaks */
  gsize whole;
} Delivery;

static void
delivery_free (gpointer data)
{
  Delivery *delivery = data;
  g_clear_pointer (&delivery->answer, sim_message_unref);
  exchange_unref (delivery->exchange);
  g_free (delivery);
}

static void
on_delivery (gpointer data)
{
  Delivery *delivery = data;
  Exchange *exchange = delivery->exchange;

  if (exchange->life != exchange->world->net->life[exchange->wallet])
    sim_log (exchange->world, "w%u #%u comes back to nobody", exchange->wallet, exchange->number);
  else if (delivery->answer != NULL)
    exchange_answer (exchange, delivery->answer, delivery->whole);
  else
    exchange_fail (exchange, JN_ERROR_SENT_NO_ANSWER);
  delivery_free (delivery);
}

static gint64
draw_delay (SimWorld *world)
{
  return sim_delay (world, SIM_NETWORK, TYPICAL_DELAY, LONGEST_DELAY);
}

/* Takes @answer. */
static void
deliver (Exchange *self, SimMessage *answer, gsize whole, gint64 delay)
{
  Delivery *delivery = g_new0 (Delivery, 1);

  *delivery = (Delivery){ exchange_ref (self), answer, whole };
  sim_plan_full (self->world, delay, on_delivery, delivery, delivery_free);
}

/* What happens to an answer on its way. */
static void
send_answer (Exchange *self, const SimMessage *answer)
{
  SimWorld *world = self->world;
  SimNet *net = world->net;
  gsize whole = answer->body != NULL ? answer->body->len : 0;
  gint64 delay = draw_delay (world);

  if (self->task == NULL || net->offline[self->wallet])
    return;
  g_autoptr (SimMessage) copy = sim_message_copy (answer);
  if (sim_fault (world, SIM_NETWORK, SIM_DROP_ANSWER, self->wallet))
    {
      if ((sim_random (world, SIM_NETWORK) & 1) != 0)
        deliver (self, NULL, 0, delay);
      return;
    }
  if (sim_fault (world, SIM_NETWORK, SIM_PROXY_AFTER, self->wallet))
    {
      deliver (self, sim_message_new_page (504, "<html>Gateway Timeout</html>"), 0, delay);
      return;
    }
  if (sim_fault (world, SIM_NETWORK, SIM_LATE_ANSWER, self->wallet))
    delay += LATE;
  if (whole > 0 && sim_fault (world, SIM_NETWORK, SIM_CUT_ANSWER, self->wallet))
    g_byte_array_set_size (copy->body, (guint) (sim_random (world, SIM_NETWORK) % whole));
  else if (sim_fault (world, SIM_NETWORK, SIM_CORRUPT_ANSWER, self->wallet))
    {
      sim_message_corrupt (copy, sim_random (world, SIM_NETWORK));
      whole = copy->body != NULL ? copy->body->len : 0;
    }
  else if (net->foreign != NULL && sim_fault (world, SIM_NETWORK, SIM_SWAP_ANSWER, self->wallet))
    {
      sim_message_unref (copy);
      copy = sim_message_copy (net->foreign);
      whole = copy->body != NULL ? copy->body->len : 0;
    }
  if (sim_random (world, SIM_NETWORK) % 4 == 0)
    {
      g_clear_pointer (&net->foreign, sim_message_unref);
      net->foreign = sim_message_copy (answer);
    }
  deliver (self, g_steal_pointer (&copy), whole, delay);
}

/* ---- requests ---- */

typedef struct
{
  Exchange *exchange;
  SimMessage *request; /* as it arrives */
  gboolean copy;       /* whoever made it hides that it failed */
} Arrival;

static void
arrive (Exchange *exchange, SimWorld *world, const SimMessage *request, gboolean again)
{
  g_autoptr (SimMessage) answer = sim_bank_handle (world->bank, request, again);

  if (exchange == NULL || exchange->task == NULL)
    return;
  if (answer == NULL)
    {
      if (!sim_bank_is_up (world->bank))
        exchange_fail (exchange, JN_ERROR_SENT_NO_ANSWER);
      return;
    }
  if (answer->wait > 0)
    {
      if (exchange->held_until == 0)
        exchange->held_until = world->mono + answer->wait * JN_SECOND;
      if (world->mono < exchange->held_until)
        return;
    }
  exchange->held_until = 0;
  send_answer (exchange, answer);
}

static void
arrival_free (gpointer data)
{
  Arrival *arrival = data;
  sim_message_unref (arrival->request);
  exchange_unref (arrival->exchange);
  g_free (arrival);
}

static void
on_arrival (gpointer data)
{
  Arrival *arrival = data;
  Exchange *exchange = arrival->exchange;
  SimWorld *world = exchange->world;

  if (sim_bank_is_up (world->bank))
    arrive (exchange, world, arrival->request, FALSE);
  else if (!arrival->copy)
    exchange_fail (exchange, JN_ERROR_OFFLINE);
  arrival_free (arrival);
}

static void
plan_arrival (Exchange *self, const SimMessage *request, gboolean copy, gint64 delay)
{
  Arrival *arrival = g_new0 (Arrival, 1);

  *arrival = (Arrival){ exchange_ref (self), sim_message_copy (request), copy };
  sim_plan_full (self->world, delay, on_arrival, arrival, arrival_free);
}

static void
drop_exchange (gpointer data)
{
  exchange_unref (data);
}

static void
on_refused (gpointer data)
{
  Exchange *exchange = data;
  exchange_fail (exchange, JN_ERROR_OFFLINE);
  exchange_unref (exchange);
}

/* When the bank's patience with a held answer is over. */
static void
on_held (gpointer data)
{
  Exchange *exchange = data;

  if (exchange->task != NULL && exchange->held_until != 0
      && exchange->world->mono >= exchange->held_until && sim_bank_is_up (exchange->world->bank))
    arrive (exchange, exchange->world, exchange->request, TRUE);
  exchange_unref (exchange);
}

static void
capture (SimNet *net, const SimMessage *request)
{
  if (g_strcmp0 (request->method, "GET") == 0 && sim_random (net->world, SIM_NETWORK) % 8 != 0)
    return;
  if (net->captured->len >= MOST_CAPTURED)
    g_ptr_array_remove_index (net->captured,
                              (guint) (sim_random (net->world, SIM_NETWORK) % MOST_CAPTURED));
  g_ptr_array_add (net->captured, sim_message_copy (request));
}

/* What happens to a request on its way. */
static void
send_request (Exchange *self)
{
  SimWorld *world = self->world;
  gint64 delay = draw_delay (world);
  g_autoptr (SimMessage) request = sim_message_copy (self->request);

  if (world->net->offline[self->wallet]
      || sim_fault (world, SIM_NETWORK, SIM_REFUSED, self->wallet))
    {
      sim_plan_full (world, delay, on_refused, exchange_ref (self), drop_exchange);
      return;
    }
  capture (world->net, request);
  if (sim_fault (world, SIM_NETWORK, SIM_PORTAL, self->wallet))
    {
      deliver (self,
               sim_message_new_page (sim_random (world, SIM_NETWORK) % 2 != 0 ? 200 : 302,
                                     "<html>Welcome to the free network of the hotel</html>"),
               0, delay);
      return;
    }
  if (sim_fault (world, SIM_NETWORK, SIM_PROXY_BEFORE, self->wallet))
    {
      deliver (self, sim_message_new_page (502, "<html>Bad Gateway</html>"), 0, delay);
      return;
    }
  if (sim_fault (world, SIM_NETWORK, SIM_DROP_REQUEST, self->wallet))
    return;
  if (sim_fault (world, SIM_NETWORK, SIM_DUPLICATE, self->wallet))
    plan_arrival (self, request, TRUE, delay + draw_delay (world) * 4);
  if (sim_fault (world, SIM_NETWORK, SIM_REORDER, self->wallet))
    delay += sim_between (world, SIM_NETWORK, 0, 5 * JN_SECOND);
  if (sim_fault (world, SIM_NETWORK, SIM_LATE_REQUEST, self->wallet))
    delay += LATE;
  if (sim_fault (world, SIM_NETWORK, SIM_CORRUPT_REQUEST, self->wallet))
    sim_message_corrupt (request, sim_random (world, SIM_NETWORK));
  plan_arrival (self, request, FALSE, delay);
  sim_plan_full (world, delay + HELD, on_held, exchange_ref (self), drop_exchange);
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
  Exchange *exchange = data;
  if (exchange->life != exchange->world->net->life[exchange->wallet])
    return G_SOURCE_CONTINUE;
  exchange_fail (data, JN_ERROR_SENT_NO_ANSWER);
  return G_SOURCE_REMOVE;
}

static void
on_cancelled (GCancellable *cancellable, Exchange *exchange)
{
  g_autoptr (GTask) task = exchange_end (exchange);
  if (task != NULL)
    g_task_return_error_if_cancelled (task);
}

static Exchange *
exchange_new (SimTransport *transport, GTask *task, JnRequest *request)
{
  SimNet *net = transport->net;
  Exchange *self = g_new0 (Exchange, 1);

  g_ref_count_init (&self->refs);
  self->world = net->world;
  self->wallet = transport->wallet;
  self->life = transport->life;
  self->number = ++net->n;
  self->task = task;
  self->is_read = g_str_equal (request->method, "GET");
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

static void
transport_send_async (JnTransport *transport, JnRequest *request, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer user_data)
{
  SimTransport *self = SIM_TRANSPORT (transport);
  SimNet *net = self->net;
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, transport_send_async);
  if (net->life[self->wallet] != self->life || g_cancellable_is_cancelled (cancellable))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "ended");
      g_object_unref (task);
      jn_request_free (request);
      return;
    }
  Exchange *exchange = exchange_new (self, task, request);
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
  send_request (exchange);
  jn_request_free (request);
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

/* ---- the net ---- */

SimNet *
sim_net_new (SimWorld *world)
{
  SimNet *self = g_new0 (SimNet, 1);

  self->world = world;
  world->net = self;
  self->open = g_ptr_array_new_with_free_func ((GDestroyNotify) exchange_unref);
  self->captured = g_ptr_array_new_with_free_func ((GDestroyNotify) sim_message_unref);
  return self;
}

void
sim_net_free (SimNet *self)
{
  self->world->net = NULL;
  g_ptr_array_unref (self->open);
  g_ptr_array_unref (self->captured);
  g_clear_pointer (&self->foreign, sim_message_unref);
  g_free (self);
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

static void
fail_all (SimNet *self, guint wallet, gboolean held_only, JnErrorCode code)
{
  g_autoptr (GPtrArray) open = g_ptr_array_new_with_free_func ((GDestroyNotify) exchange_unref);

  for (guint i = 0; i < self->open->len; i++)
    g_ptr_array_add (open, exchange_ref (self->open->pdata[i]));
  for (guint i = 0; i < open->len; i++)
    {
      Exchange *exchange = open->pdata[i];
      if ((wallet == SIM_N_WALLETS || exchange->wallet == wallet)
          && (!held_only || exchange->held_until != 0))
        exchange_fail (exchange, code);
    }
}

void
sim_net_hang_up (SimNet *self, guint wallet)
{
  self->life[wallet]++;
}

void
sim_net_fail_open (SimNet *self, guint wallet)
{
  fail_all (self, wallet, FALSE, JN_ERROR_SENT_NO_ANSWER);
}

void
sim_net_set_offline (SimNet *self, guint wallet, gboolean offline)
{
  if (self->offline[wallet] == offline)
    return;
  self->offline[wallet] = offline;
  sim_log (self->world, "w%u goes %s", wallet, offline ? "offline" : "online");
  if (offline)
    fail_all (self, wallet, FALSE, JN_ERROR_SENT_NO_ANSWER);
}

gboolean
sim_net_is_offline (SimNet *self, guint wallet)
{
  return self->offline[wallet];
}

void
sim_net_replay (SimNet *self)
{
  if (self->captured->len == 0 || !sim_bank_is_up (self->world->bank))
    return;
  SimMessage *request =
      self->captured->pdata[sim_random (self->world, SIM_NETWORK) % self->captured->len];
  sim_fault_count (self->world, SIM_REPLAY, SIM_N_WALLETS);
  sim_log (self->world, "replayed: %s %s", request->method, request->target);
  g_autoptr (SimMessage) answer = sim_bank_handle (self->world->bank, request, FALSE);
}

void
sim_net_bank_changed (SimNet *self)
{
  g_autoptr (GPtrArray) waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) exchange_unref);

  for (guint i = 0; i < self->open->len; i++)
    {
      Exchange *exchange = self->open->pdata[i];
      if (exchange->held_until != 0)
        g_ptr_array_add (waiting, exchange_ref (exchange));
    }
  for (guint i = 0; i < waiting->len && sim_bank_is_up (self->world->bank); i++)
    arrive (waiting->pdata[i], self->world, ((Exchange *) waiting->pdata[i])->request, TRUE);
}

void
sim_net_bank_down (SimNet *self)
{
  fail_all (self, SIM_N_WALLETS, TRUE, JN_ERROR_SENT_NO_ANSWER);
}
