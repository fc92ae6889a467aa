/* The payment journal in words: for its page, and for a person at the bank's service. */
#pragma once

#include "jn-context.h"

G_BEGIN_DECLS

/* "Sent to the bank", with what was answered when that says more. Caller frees. */
char *jn_journal_step_text (JnJournalStep step);

/* The whole journal as plain text. Caller frees. */
char *jn_journal_to_text (GPtrArray *items, const char *bank, const char *version, JnInstant now);

/* Whom an intent pays, or that it is a top-up and from which bank. Caller frees. */
char *jn_journal_dup_title (JnJournalItem *item);

G_END_DECLS
