/* What must hold in every world, whatever happens (ledger.md g.4), and a model of the bank that is far simpler than the bank. */
#pragma once

#include "sim-message.h"
#include "sim-user.h"

#include "jn-ledger.h"

G_BEGIN_DECLS

SimOracle *sim_oracle_new (SimWorld *world);
void sim_oracle_free (SimOracle *self);

/* Somebody approves what the sheet of @flow says; @right: the PIN was the customer's. */
void sim_oracle_approved (SimOracle *self, SimFlow *flow, gboolean right);
/* A sheet waits for the PIN or the code. */
void sim_oracle_sheet_open (SimOracle *self, const char *intent);
/* The sheet asks for the code of the text message; the right one was typed. */
void sim_oracle_asked_for_code (SimOracle *self, const char *intent);
void sim_oracle_typed_code (SimOracle *self, const char *intent);
/* The sheet says made. */
void sim_oracle_told_made (SimWallet *wallet, JnPayment *payment);
/* "payment-settled" was told. */
void sim_oracle_settled (SimWallet *wallet, JnEntryItem *row, gboolean made);
void sim_oracle_home_changed (SimWallet *wallet);
void sim_oracle_stage_changed (SimWallet *wallet);

/* The disk of an open wallet was copied; the copy was put back. */
void sim_oracle_backed_up (SimWallet *wallet);
void sim_oracle_restored (SimWallet *wallet);
/* A page of the feed arrives as the bank sent it; @newest: how many entries that book has when it is an older one, else 0. */
void sim_oracle_fed (SimWallet *wallet, guint64 newest);
/* The customer writes a note to an entry. */
void sim_oracle_note (SimWallet *wallet, const jn_id *transfer);
void sim_oracle_connection_changed (SimWallet *wallet);

/* The bank made this answer, whether it arrives or not. */
void sim_oracle_answered (SimOracle *self, const SimMessage *request, const SimMessage *answer,
                          gboolean again);
void sim_oracle_bank_started (SimOracle *self);
void sim_oracle_book_changed (SimOracle *self);
/* A payee's bank sends a payment back, if the bank lets it. */
void sim_oracle_returned (SimOracle *self, const char *transaction);
/* Somebody sent the customer money; @done: the bank says that it is booked. */
void sim_oracle_received (SimOracle *self, gint64 amount, gboolean done);

/* Everything is healed and was given time. */
gboolean sim_oracle_is_quiet (SimOracle *self, SimWallet *wallet, char **why);
/* The wallet has every entry that the bank has now. */
gboolean sim_oracle_has_all (SimOracle *self, SimWallet *wallet);
void sim_oracle_finish (SimOracle *self);

G_END_DECLS
