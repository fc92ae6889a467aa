/* For sim-oracle*.c alone. */
#pragma once

#include "jn-bankd-book.h"
#include "jn-error.h"
#include "jn-ledger.h"
#include "sim-oracle.h"

G_BEGIN_DECLS

/* An intent that somebody approved. */
typedef struct
{
  SimFlow *flow;
  gint64 total;
  gboolean top_up, card; /* money comes from a card: to the wallet, or for this payment */
  gboolean pin;          /* the right one was typed */
  gboolean needs, code;  /* so was the text message's, which was asked for */
} SimAsked;

/* What one computer has, beside what the bank has. */
typedef struct
{
  guint64 commits_then; /* of the ledger, when it was backed up */
  gboolean owed;        /* the customer has to be told of an older copy */
  guint64 fed_older;    /* entries of the older book whose feed it read last; 0: the bank's own */
  gboolean restored;    /* ever */
  GHashTable *notes, *notes_then; /* id → text: now, and when it was backed up */
} SimKept;

struct _SimOracle
{
  SimWorld *world;
  GHashTable *asked;                    /* intent → SimAsked */
  GHashTable *returned;                 /* transactions that somebody sent back */
  GHashTable *counters;                 /* of writes that were answered: key and counter */
  GHashTable *answers;                  /* Idempotency-Key → hashes of request and answer */
  GHashTable *verdicts;                 /* intent → made + 1, as the bank settled it */
  GHashTable *told;                     /* id of a row → made + 1, as the customer was told */
  gint64 last_transfer;                 /* looked at */
  gint64 first_transfer, first_balance; /* when the world began */
  gint64 sent, received;                /* by others, as far as is known: tried, confirmed */
  JnInstant latest_bank_time;
  guint64 cursors[SIM_N_WALLETS];
  JnFacts *shown[SIM_N_WALLETS];     /* what is on the screen; NULL */
  guint64 shown_from[SIM_N_WALLETS]; /* where the cursor stood before it was */
  SimKept kept[SIM_N_WALLETS];
  gboolean begun;
};

/* The wallet's book is a prefix of the bank's, and what it shows fits it. */
void sim_oracle_check_prefix (SimOracle *self, SimWallet *wallet);

void sim_kept_init (SimKept *self);
void sim_kept_clear (SimKept *self);
/* Who was fed by an older book says so and does not call itself current. */
void sim_oracle_check_trust (SimWallet *wallet, JnConnection connection, const GError *error);
/* Every note that was said to be kept is there. */
void sim_oracle_check_notes (SimWallet *wallet, jn_snapshot *snapshot);

G_END_DECLS
