/* The payment journal: every intent with its key, its times and each step; nothing secret. */
#pragma once

#include "jn-items.h"
#include "jn-view.h"

G_BEGIN_DECLS

/* A step, as the journal keeps it. Borrowed from its item. */
typedef struct
{
  const char *
      name; /* "created", "quoted", "approved", "sent", "answered", "not known yet", "checked", "settled", "made", "refused",
                       "cancelled", "open"; a file of another version may hold others */
  int code; /* JnErrorCode, 0 for none */
  JnInstant at;
  JnInstant last_at; /* of the last time */
  guint times;
} JnJournalStep;

#define JN_TYPE_JOURNAL_ITEM (jn_journal_item_get_type ())
G_DECLARE_FINAL_TYPE (JnJournalItem, jn_journal_item, JN, JOURNAL_ITEM, GObject)
const JnId *jn_journal_item_get_id (JnJournalItem *self);
const char *jn_journal_item_get_key (JnJournalItem *self); /* the id as text: the idempotency key */
JnStatus jn_journal_item_get_status (JnJournalItem *self); /* NONE: its sheet is open */
gboolean jn_journal_item_is_transfer (JnJournalItem *self);
gboolean jn_journal_item_is_top_up (JnJournalItem *self);
/* Masked number of the card that the money comes from; NULL: the wallet. */
const char *jn_journal_item_get_card (JnJournalItem *self);
gboolean jn_journal_item_was_approved (JnJournalItem *self);
const char *jn_journal_item_get_payee (JnJournalItem *self);   /* never NULL */
const char *jn_journal_item_get_account (JnJournalItem *self); /* never NULL */
JnMoney jn_journal_item_get_amount (JnJournalItem *self);      /* > 0 */
JnInstant jn_journal_item_get_created_at (JnJournalItem *self);
JnInstant jn_journal_item_get_changed_at (JnJournalItem *self);
int jn_journal_item_get_reason (JnJournalItem *self);              /* JnErrorCode, 0 */
const JnId *jn_journal_item_get_transaction (JnJournalItem *self); /* zero unless made */
guint jn_journal_item_get_n_steps (JnJournalItem *self);
JnJournalStep jn_journal_item_get_step (JnJournalItem *self, guint index); /* oldest first */

#define JN_TYPE_JOURNAL (jn_journal_get_type ())
G_DECLARE_FINAL_TYPE (JnJournal, jn_journal, JN, JOURNAL, GObject)

/* Signal "changed". Reads by itself, newest first, some at a time. Main thread. */
JnViewState jn_journal_get_state (JnJournal *self);
const GError *jn_journal_get_error (JnJournal *self);
GListModel *jn_journal_get_items (JnJournal *self); /* JnJournalItem */
gboolean jn_journal_has_more (JnJournal *self);
void jn_journal_load_more (JnJournal *self);
/* Reads anew from the newest. */
void jn_journal_reload (JnJournal *self);

/* Everything that is kept, up to 10,000 intents, newest first, for service. JnJournalItem; caller unrefs. */
void jn_journal_read_all_async (JnJournal *self, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *jn_journal_read_all_finish (JnJournal *self, GAsyncResult *result, GError **error);

/* The same for a machine: JSON with codes and times; the payees' accounts are cut to their last four digits. Pure. */
GBytes *jn_journal_to_json (GPtrArray *items, const char *bank, const char *version, JnInstant now);

G_END_DECLS
