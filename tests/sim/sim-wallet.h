/* A wallet of a world: the real context on a disk and a keyring of its own, which can be started, closed, killed, copied and put back. */
#pragma once

#include "jn-context-private.h"
#include "jn-keyring.h"
#include "sim-vfs.h"
#include "sim-world.h"

G_BEGIN_DECLS

/* @disk and @keyring are taken. It is closed. */
SimWallet *sim_wallet_new (SimWorld *world, guint number, Disk *disk, JnKeyring *keyring);
void sim_wallet_free (SimWallet *self);

void sim_wallet_start (SimWallet *self);
/* In order, as when the customer closes the window. */
void sim_wallet_close (SimWallet *self);
/* Ends in the middle of what it does; @power: with what the disk has not got yet. Starts again later. */
void sim_wallet_crash (SimWallet *self, SimFault why);
/* After each turn of the main loop: a crash that was planned, or a disk that died, takes effect. */
void sim_wallet_turn (SimWallet *self);
/* No faults any more. */
void sim_wallet_heal (SimWallet *self);

/* Remembers the disk as it is now, as a backup; and puts the one that is remembered back: FALSE when there is none. */
void sim_wallet_back_up (SimWallet *self);
gboolean sim_wallet_restore (SimWallet *self);

JnContext *sim_wallet_get_context (SimWallet *self); /* NULL while it is closed */
gboolean sim_wallet_is_ready (SimWallet *self);
SimWorld *sim_wallet_get_world (SimWallet *self);
guint sim_wallet_get_life (SimWallet *self);
guint sim_wallet_get_number (SimWallet *self);
SimClock *sim_wallet_get_clock (SimWallet *self);
SimVfs *sim_wallet_get_vfs (SimWallet *self);
JnKeyring *sim_wallet_get_keyring (SimWallet *self);
/* Every disk of it that was ever written to, the one in use last. Disk *; borrowed. */
GPtrArray *sim_wallet_get_disks (SimWallet *self);

/* A bit for each JnPaymentState that one of its payments is in; the last: none. */
guint64 sim_wallet_get_states (SimWallet *self);

/* Payments that are on the screen. JnPayment *; borrowed. */
GPtrArray *sim_wallet_get_payments (SimWallet *self);

G_END_DECLS
