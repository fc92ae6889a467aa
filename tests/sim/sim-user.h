/* The people of a world: what they do with the wallets, and what they saw. */
#pragma once

#include "sim-sheet.h"

G_BEGIN_DECLS

/* Plans everything that people do in the safety phase. */
SimUser *sim_user_new (SimWorld *world);
void sim_user_free (SimUser *self);

/* The customer looks at a program that starts; at one that is gone. */
void sim_user_sees (SimWallet *wallet, JnContext *context);
void sim_user_loses (SimWallet *wallet);

/* Whether somebody sits at this computer and would start the program again. */
gboolean sim_user_is_there (SimUser *self, guint wallet);

/* Whether somebody sits at a computer, or will once more. */
gboolean sim_user_comes_back (SimUser *self);

/* The network of a computer is gone for a while, in a world where that happens. */
void sim_user_goes_offline (SimUser *self, guint wallet);

/* Scans a code and pays at once, whatever is asked. NULL while the bank is down. */
SimFlow *sim_user_pays (SimUser *self, guint wallet);

/* The top-up of a payment has a sheet and a PIN of its own: one more wish to pay. */
void sim_user_tops_up (SimUser *self, SimFlow *flow);

/* No new wishes; open sheets are left. */
void sim_user_calms_down (SimUser *self);
/* Whether a sheet still waits for the bank. */
gboolean sim_user_is_waiting (SimUser *self);
/* SimFlow *; borrowed. */
GPtrArray *sim_user_get_flows (SimUser *self);

G_END_DECLS
