/* The bank of a world: the real core behind its door, on a disk of its own, with a power button. */
#pragma once

#include "jn-bankd-core.h"
#include "sim-message.h"
#include "sim-vfs.h"
#include "sim-world.h"

G_BEGIN_DECLS

/* Opens the bank on @disk (taken). */
SimBank *sim_bank_new (SimWorld *world, Disk *disk);
void sim_bank_free (SimBank *self);

/* NULL: nobody is there, or the power went while it was handled. New reference. */
SimMessage *sim_bank_handle (SimBank *self, const SimMessage *request, gboolean again);

/* NULL while it is down. Looking into it is between sim_bank_look and sim_bank_look_away. */
JnBankdCore *sim_bank_get_core (SimBank *self);
void sim_bank_hush (SimBank *self, gboolean hush);

void sim_bank_crash (SimBank *self, SimFault why);
gboolean sim_bank_is_up (SimBank *self);
/* Starts it now if it is down; no faults of the disk any more. */
void sim_bank_heal (SimBank *self);
/* Closes it in order and gives a copy of the disk. */
Disk *sim_bank_close (SimBank *self);

/* Fails over to the copy of its disk that was made earlier (it is made now when there is none), which only reads, until it comes back to
 * its own. FALSE when nothing was booked since. */
gboolean sim_bank_fail_over (SimBank *self);
void sim_bank_come_back (SimBank *self);
/* While an older copy serves: the balances of the customer's account in the newer book, by sequence (gint64). Else NULL. */
const GArray *sim_bank_get_balances_aside (SimBank *self);

SimClock *sim_bank_get_clock (SimBank *self);
/* Books what is due by itself. */
void sim_bank_tick (SimBank *self);
/* Something else changed the book: news for who waits. */
void sim_bank_changed (SimBank *self);

/* A code to pay at, as a shop shows it; NULL while the bank is down. @n chooses the shop. Caller frees. */
char *sim_bank_make_code (SimBank *self, guint64 n, gint64 *amount);
/* The newest text message on the customer's phone; NULL for none. Caller frees. */
char *sim_bank_get_sms (SimBank *self);
/* A request of the sandbox that nobody signs. The status; 0 when nobody is there. */
guint sim_bank_ask (SimBank *self, const char *method, const char *target, const char *body);

G_END_DECLS
