/* For sim-net.c and sim-exchange.c alone: the net, and one exchange as the wallet sees it. */
#pragma once

#include "jn-error.h"
#include "sim-net.h"

G_BEGIN_DECLS

typedef struct _SimExchange SimExchange;

/* One exchange as the wallet sees it: one request, at most one answer. */
struct _SimExchange
{
  grefcount refs;
  SimWorld *world;
  guint wallet;
  guint life;
  guint number;
  GTask *task; /* NULL once it has come back */
  SimMessage *request;
  gboolean is_stream; /* the answer does not end */
  gsize max_answer;
  GSource *deadline;
  gulong cancelled;
  gint64 held_until; /* the bank holds the answer back until then; 0: it does not */
};

struct _SimNet
{
  SimWorld *world;
  guint n;
  guint life[SIM_N_WALLETS];
  gboolean offline[SIM_N_WALLETS];
  GPtrArray *open;     /* SimExchange *, not come back */
  GPtrArray *captured; /* SimMessage *, requests */
  SimMessage *foreign; /* an answer to something else */
};

SimExchange *sim_exchange_ref (SimExchange *self);
void sim_exchange_unref (SimExchange *self);

/* It comes back without an answer; nothing when it came back before. */
void sim_exchange_fail (SimExchange *self, JnErrorCode code);
/* It comes back with what arrives; @whole: how long the body was said to be. */
void sim_exchange_answer (SimExchange *self, const SimMessage *message, gsize whole);

/* What happens to a request on its way. */
void sim_net_send (SimExchange *exchange);

G_END_DECLS
