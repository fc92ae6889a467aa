/* Reads a block of a statement on the storage's worker. */
#pragma once

#include "jn-entry-list.h"

G_BEGIN_DECLS

#define JN_ENTRY_BLOCK 64

/* Rows @from .. @to − 1 of @source, counted from the oldest, as JnEntryFacts with day headings and sums, newest first. */
GPtrArray *jn_entry_block_read (const JnEntrySource *source, guint64 from, guint64 to,
                                GError **error);

/* Rows that contain @text, newest first, at most @limit, as JnEntryItem; the whole history. */
GPtrArray *jn_entry_search (JnStorage *storage, JnCurrency currency, JnCategory category,
                            const char *text, guint limit, GError **error);

/* How many rows the filter of @source holds now. */
gboolean jn_entry_count_now (const JnEntrySource *source, guint64 *count, GError **error);

G_END_DECLS
