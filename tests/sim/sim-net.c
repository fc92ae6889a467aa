#include "sim-net-private.h"

#include "sim-line.h"

#include <string.h>

#define MOST_CAPTURED 64
#define TYPICAL_DELAY (20 * 1000)
#define LONGEST_DELAY (800 * 1000)
#define HELD (26 * JN_SECOND)
#define LATE (90 * JN_SECOND)

/* ---- answers ---- */

typedef struct
{
  SimExchange *exchange;
  SimMessage *answer; /* NULL: the connection breaks */
  gsize whole;
} Delivery;

static void
delivery_free (gpointer data)
{
  Delivery *delivery = data;
  g_clear_pointer (&delivery->answer, sim_message_unref);
  sim_exchange_unref (delivery->exchange);
  g_free (delivery);
}

static void
on_delivery (gpointer data)
{
  Delivery *delivery = data;
  SimExchange *exchange = delivery->exchange;

  if (exchange->life != exchange->world->net->life[exchange->wallet])
    sim_log (exchange->world, "w%u #%u comes back to nobody", exchange->wallet, exchange->number);
  else if (delivery->answer != NULL)
    sim_exchange_answer (exchange, delivery->answer, delivery->whole);
  else
    sim_exchange_fail (exchange, JN_ERROR_SENT_NO_ANSWER);
  delivery_free (delivery);
}

static gint64
draw_delay (SimWorld *world)
{
  return sim_delay (world, SIM_NETWORK, TYPICAL_DELAY, LONGEST_DELAY);
}

/* Takes @answer. */
static void
deliver (SimExchange *self, SimMessage *answer, gsize whole, gint64 delay)
{
  Delivery *delivery = g_new0 (Delivery, 1);

  *delivery = (Delivery){ sim_exchange_ref (self), answer, whole };
  sim_plan_full (self->world, delay, on_delivery, delivery, delivery_free);
}

/* What happens to an answer on its way. */
static void
send_answer (SimExchange *self, const SimMessage *answer)
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
      copy->corrupt = TRUE;
      whole = copy->body != NULL ? copy->body->len : 0;
    }
  else if (net->foreign != NULL && sim_fault (world, SIM_NETWORK, SIM_SWAP_ANSWER, self->wallet))
    {
      sim_message_unref (copy);
      copy = sim_message_copy (net->foreign);
      copy->corrupt = TRUE;
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
  SimExchange *exchange;
  SimMessage *request; /* as it arrives */
  gboolean copy;       /* whoever made it hides that it failed */
} Arrival;

static void
arrive (SimExchange *exchange, SimWorld *world, const SimMessage *request, gboolean again)
{
  g_autoptr (SimMessage) answer = sim_bank_handle (world->bank, request, again);

  if (exchange == NULL || exchange->task == NULL)
    return;
  if (answer == NULL)
    {
      if (!sim_bank_is_up (world->bank))
        sim_exchange_fail (exchange, JN_ERROR_SENT_NO_ANSWER);
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
  sim_exchange_unref (arrival->exchange);
  g_free (arrival);
}

static void
on_arrival (gpointer data)
{
  Arrival *arrival = data;
  SimExchange *exchange = arrival->exchange;
  SimWorld *world = exchange->world;

  if (sim_bank_is_up (world->bank))
    arrive (exchange, world, arrival->request, FALSE);
  else if (!arrival->copy)
    sim_exchange_fail (exchange, JN_ERROR_SENT_NO_ANSWER);
  arrival_free (arrival);
}

static void
plan_arrival (SimExchange *self, const SimMessage *request, gboolean copy, gint64 delay)
{
  Arrival *arrival = g_new0 (Arrival, 1);

  *arrival = (Arrival){ sim_exchange_ref (self), sim_message_copy (request), copy };
  sim_plan_full (self->world, delay, on_arrival, arrival, arrival_free);
}

static void
drop_exchange (gpointer data)
{
  sim_exchange_unref (data);
}

static void
on_refused (gpointer data)
{
  SimExchange *exchange = data;
  sim_exchange_fail (exchange, JN_ERROR_OFFLINE);
  sim_exchange_unref (exchange);
}

/* When the bank's patience with a held answer is over. */
static void
on_held (gpointer data)
{
  SimExchange *exchange = data;

  if (exchange->task != NULL && exchange->held_until != 0
      && exchange->world->mono >= exchange->held_until && sim_bank_is_up (exchange->world->bank))
    arrive (exchange, exchange->world, exchange->request, TRUE);
  sim_exchange_unref (exchange);
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
void
sim_net_send (SimExchange *self)
{
  SimWorld *world = self->world;
  gint64 delay = draw_delay (world);
  g_autoptr (SimMessage) request = sim_message_copy (self->request);

  /* Of a connection that nobody takes not a byte is seen. */
  if (world->net->offline[self->wallet] || !sim_bank_is_up (world->bank)
      || sim_fault (world, SIM_NETWORK, SIM_REFUSED, self->wallet))
    {
      sim_plan_full (world, delay, on_refused, sim_exchange_ref (self), drop_exchange);
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
  sim_plan_full (world, delay + HELD, on_held, sim_exchange_ref (self), drop_exchange);
}

/* ---- the net ---- */

SimNet *
sim_net_new (SimWorld *world)
{
  SimNet *self = g_new0 (SimNet, 1);

  self->world = world;
  world->net = self;
  self->open = g_ptr_array_new_with_free_func ((GDestroyNotify) sim_exchange_unref);
  self->captured = g_ptr_array_new_with_free_func ((GDestroyNotify) sim_message_unref);
  return self;
}

void
sim_net_free (SimNet *self)
{
  g_ptr_array_unref (self->open);
  g_ptr_array_unref (self->captured);
  g_clear_pointer (&self->foreign, sim_message_unref);
  g_free (self);
}

static void
fail_all (SimNet *self, guint wallet, gboolean held_only, JnErrorCode code)
{
  g_autoptr (GPtrArray) open = g_ptr_array_new_with_free_func ((GDestroyNotify) sim_exchange_unref);

  for (guint i = 0; i < self->open->len; i++)
    g_ptr_array_add (open, sim_exchange_ref (self->open->pdata[i]));
  for (guint i = 0; i < open->len; i++)
    {
      SimExchange *exchange = open->pdata[i];
      if ((wallet == SIM_N_WALLETS || exchange->wallet == wallet)
          && (!held_only || exchange->held_until != 0))
        sim_exchange_fail (exchange, code);
    }
}

void
sim_net_hang_up (SimNet *self, guint wallet)
{
  self->life[wallet]++;
  sim_lines_break (self->world, wallet, FALSE);
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
  if (!offline)
    return;
  fail_all (self, wallet, FALSE, JN_ERROR_SENT_NO_ANSWER);
  sim_lines_break (self->world, wallet, TRUE);
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
  g_autoptr (GPtrArray) waiting =
      g_ptr_array_new_with_free_func ((GDestroyNotify) sim_exchange_unref);

  for (guint i = 0; i < self->open->len; i++)
    {
      SimExchange *exchange = self->open->pdata[i];
      if (exchange->held_until != 0)
        g_ptr_array_add (waiting, sim_exchange_ref (exchange));
    }
  for (guint i = 0; i < waiting->len && sim_bank_is_up (self->world->bank); i++)
    arrive (waiting->pdata[i], self->world, ((SimExchange *) waiting->pdata[i])->request, TRUE);
  sim_lines_wake (self->world);
}

void
sim_net_bank_down (SimNet *self)
{
  fail_all (self, SIM_N_WALLETS, TRUE, JN_ERROR_SENT_NO_ANSWER);
  sim_lines_break (self->world, SIM_N_WALLETS, TRUE);
}
