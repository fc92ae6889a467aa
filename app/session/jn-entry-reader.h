/* Reads statement rows with everything the bank said about them. On the storage's worker. */
#pragma once

#include "jn-items-private.h"
#include "jn-storage.h"

G_BEGIN_DECLS

/* Whose rows, and which of our own intents are still in a customer's hands. */
typedef struct
{
  JnStorage *storage;
  JnCurrency currency;
  jn_id account;
  jn_snapshot *snapshot; /* whoever reads sets it: notes are read from it; borrowed, may be NULL */
} JnEntryReader;

/* FALSE before the first sync: there is no account yet. */
gboolean jn_entry_reader_init (JnEntryReader *self, JnStorage *storage, JnCurrency currency);

/* A booked row or a hold of the ledger. @out is filled as new. */
void jn_entry_reader_fill (JnEntryReader *self, const jn_entry_row *row, JnEntryFacts *out);

G_END_DECLS
