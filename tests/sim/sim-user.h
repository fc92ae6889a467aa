/* The people of a world: what they do with the wallets, and what they saw. */
#pragma once

#include "sim-wallet.h"

G_BEGIN_DECLS

/* One wish to pay, from the tap that opens the sheet to what the customer read last. */
typedef struct
{
  SimWorld *world;
  guint number;
  guint wallet;
  JnPayment *payment; /* NULL once the screen is gone */
  JnTransfer *draft;
  gulong handler;
  char *code;
  gint64 amount; /* typed; minor units */
  guint tries, wrong_pins;
  gboolean coupon_changed;
  GPtrArray *approved; /* intents that were approved with a PIN; char * */
  gboolean saw_made, saw_not_made, saw_cancelled;
  JnId transaction; /* that was shown with MADE */
  char *booked;     /* the intent of it that the bank booked */
} SimFlow;

/* Plans everything that people do in the safety phase. */
SimUser *sim_user_new (SimWorld *world);
void sim_user_free (SimUser *self);

/* The customer looks at a program that starts; at one that is gone. */
void sim_user_sees (SimWallet *wallet, JnContext *context);
void sim_user_loses (SimWallet *wallet);

/* Whether somebody sits at this computer and would start the program again. */
gboolean sim_user_is_there (SimUser *self, guint wallet);

/* No new wishes; open sheets are left. */
void sim_user_calms_down (SimUser *self);
/* Whether a sheet still waits for the bank. */
gboolean sim_user_is_waiting (SimUser *self);
/* SimFlow *; borrowed. */
GPtrArray *sim_user_get_flows (SimUser *self);

G_END_DECLS
