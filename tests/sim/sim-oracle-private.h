/* For sim-oracle*.c alone. */
#pragma once

#include "jn-bankd-book.h"
#include "jn-error.h"
#include "sim-oracle.h"

G_BEGIN_DECLS

/* An intent that somebody approved. */
typedef struct
{
  SimFlow *flow;
  gint64 total;
  char *account;
} SimAsked;

struct _SimOracle
{
  SimWorld *world;
  GHashTable *asked;                    /* intent → SimAsked */
  GHashTable *answers;                  /* Idempotency-Key → hashes of request and answer */
  GHashTable *verdicts;                 /* intent → made + 1, as the bank settled it */
  GHashTable *told;                     /* id of a row → made + 1, as the customer was told */
  gint64 last_transfer;                 /* looked at */
  gint64 first_transfer, first_balance; /* when the world began */
  gint64 sent, received;                /* by others, as far as is known: tried, confirmed */
  JnInstant latest_bank_time;
  guint64 cursors[SIM_N_WALLETS];
  gboolean begun, forgiven;
};

/* The wallet's book is a prefix of the bank's, and what it shows fits it. */
void sim_oracle_check_prefix (SimOracle *self, SimWallet *wallet);

G_END_DECLS
