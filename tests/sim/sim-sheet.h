/* One wish to pay: what a person does about what the sheet says, until they have read its end or have left. */
#pragma once

#include "sim-wallet.h"

G_BEGIN_DECLS

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
  guint tries;
  gboolean coupon_changed;
  gboolean resolute;   /* pays, whatever is asked */
  gboolean hasty;      /* and at once */
  GPtrArray *approved; /* intents that were approved with a PIN; char * */
  gboolean saw_made, saw_not_made, saw_cancelled;
  JnId transaction; /* that was shown with MADE */
  char *booked;     /* the intent of it that the bank booked */
} SimFlow;

SimFlow *sim_flow_new (SimWorld *world, guint number, guint wallet);
void sim_flow_free (SimFlow *flow);
/* The screen is gone. */
void sim_flow_drop (SimFlow *flow);
/* Opens what is on the screen. Takes @payment. */
void sim_flow_watch (SimFlow *flow, JnPayment *payment);

/* It is on the screen again after a start. */
void sim_flow_reopen (SimFlow *flow, JnPayment *payment);

/* How long people think. */
gint64 sim_think (SimWorld *world);
gboolean sim_one_in (SimWorld *world, guint n);

/* "12.30" of @minor. Caller frees. */
char *sim_amount_text (gint64 minor);

G_END_DECLS
