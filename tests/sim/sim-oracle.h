/* What must hold in every world, whatever happens (ledger.md g.4), and a model of the bank that is far simpler than the bank. */
#pragma once

#include "sim-message.h"
#include "sim-user.h"

G_BEGIN_DECLS

SimOracle *sim_oracle_new (SimWorld *world);
void sim_oracle_free (SimOracle *self);

/* Somebody approved an intent with a PIN, reading this total and payee. */
void sim_oracle_approved (SimOracle *self, SimFlow *flow, const char *intent, gint64 total,
                          const char *account);
/* "payment-settled" was told. */
void sim_oracle_settled (SimWallet *wallet, JnEntryItem *row, gboolean made);
void sim_oracle_home_changed (SimWallet *wallet);
void sim_oracle_connection_changed (SimWallet *wallet);

/* The bank made this answer, whether it arrives or not. */
void sim_oracle_answered (SimOracle *self, const SimMessage *request, const SimMessage *answer,
                          gboolean again);
void sim_oracle_bank_started (SimOracle *self);
void sim_oracle_book_changed (SimOracle *self);
/* The book was put back to an older copy: what was promised since does not bind any more. */
void sim_oracle_forgive (SimOracle *self);
/* Somebody sent the customer money; @done: the bank says that it is booked. */
void sim_oracle_received (SimOracle *self, gint64 amount, gboolean done);

/* Everything is healed and was given time. */
gboolean sim_oracle_is_quiet (SimOracle *self, SimWallet *wallet, char **why);
void sim_oracle_finish (SimOracle *self);

G_END_DECLS
