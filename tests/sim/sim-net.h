/* The network between wallets and the bank: whole messages, with everything that can happen to them. */
#pragma once

#include "jn-transport.h"
#include "sim-bank.h"

G_BEGIN_DECLS

SimNet *sim_net_new (SimWorld *world);
void sim_net_free (SimNet *self);

/* The wire of one life of a wallet's program; nothing is delivered to a life that has ended. */
JnTransport *sim_net_connect (SimNet *self, guint wallet);
/* The life has ended: nothing goes out any more, and answers under way go nowhere. */
void sim_net_hang_up (SimNet *self, guint wallet);
/* What it still waits for fails, so that nobody waits for ever. */
void sim_net_fail_open (SimNet *self, guint wallet);

/* The wallet has no network until told otherwise. */
void sim_net_set_offline (SimNet *self, guint wallet, gboolean offline);
gboolean sim_net_is_offline (SimNet *self, guint wallet);

/* Sends one of the captured requests to the bank once more; its answer is for nobody. */
void sim_net_replay (SimNet *self);

/* News at the bank: who waits for some is answered. */
void sim_net_bank_changed (SimNet *self);
/* The bank's program has ended: every connection with it. */
void sim_net_bank_down (SimNet *self);

G_END_DECLS
