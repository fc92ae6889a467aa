/* Inside the room: a document of the bank, first looked into on the reader's thread, then brought into the store on storage's. */
#pragma once

#include "jn-bank.h"
#include "jn-storage.h"

G_BEGIN_DECLS

typedef enum
{
  JN_SYNC_STEP_ACCOUNTS,
  JN_SYNC_STEP_FEED,
  JN_SYNC_STEP_POINTS,
  JN_SYNC_STEP_OFFERS,
  JN_SYNC_STEP_PROFILE,
  JN_SYNC_N_STEPS,
} JnSyncStep;

/* What a run knows; filled step by step. */
typedef struct
{
  char *resource_id;
  char *bban;
  guint64 feed_cursor; /* of the ledger */
  guint64 points_cursor;
  JnFeedHead head; /* how far the chain is computed: the cursor, or less when it has to catch up */
  JnFeedHead known[2]; /* newer heads that were checked before, to be met again; sequence 0: none */
} JnSyncPlace;

void jn_sync_place_clear (JnSyncPlace *place);
void jn_sync_place_copy (const JnSyncPlace *from, JnSyncPlace *to); /* @to is clear */

typedef struct
{
  JnSyncPlace place; /* after the step */
  gboolean changed;
  gboolean more; /* the same step again, from the new cursor */
} JnSyncOutcome;
void jn_sync_outcome_free (JnSyncOutcome *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnSyncOutcome, jn_sync_outcome_free)

/* A document of one step, with everything about it that can be told without the store. */
typedef struct
{
  JnSyncStep step;
  GBytes *bytes;        /* FEED: NULL */
  JnJsonDoc *doc;       /* FEED: NULL */
  JnWireFeedPage *page; /* FEED alone, as are those below */
  char *first;          /* what of its first entry goes into the chain; NULL: there is none */
  gsize first_length;
  guint n_linked;    /* entries that follow from the entry before them, the first taken as it is */
  JnErrorCode fault; /* of the one behind those, if there is one */
} JnSyncPaper;
void jn_sync_paper_free (JnSyncPaper *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnSyncPaper, jn_sync_paper_free)

typedef struct
{
  JnSyncStep step;
  GBytes *bytes;
} JnSyncReading;
void jn_sync_reading_free (gpointer data);

/* A JnWorkerFunc over a JnSyncReading: gives a JnSyncPaper. Pure. */
gpointer jn_sync_read (gpointer data, GCancellable *cancellable, GError **error);

typedef struct
{
  JnStorage *storage;
  JnSyncPlace place;
  JnSyncPaper *paper;
  GBytes *keys; /* of the bank, 32 bytes each */
  JnInstant now;
} JnSyncWork;
void jn_sync_work_free (gpointer data);

/* A JnWorkerFunc over a JnSyncWork: gives a JnSyncOutcome. All or nothing for each page. */
gpointer jn_sync_apply (gpointer data, GCancellable *cancellable, GError **error);

/* The path that the step reads. Caller frees. */
char *jn_sync_path (JnSyncStep step, const JnSyncPlace *place);

/* Where the chain goes on from: the head in the file when it fits the cursor, else the start. */
void jn_sync_chain_begin (JnStorage *storage, JnSyncPlace *place);

/* Nothing that was seen once may be gone: JN_ERROR_BANK_OLDER_THAN_HEAD. */
gboolean jn_sync_chain_check_not_older (const JnWireFeedPage *page, const JnSyncPlace *place,
                                        GError **error);

/* Goes along the page's chain from @place and holds it against heads that were seen before and against the signed head:
 * JN_ERROR_HEAD_MISMATCH, JN_ERROR_ANSWER_NOT_SIGNED. @place moves on to the end of the page. */
gboolean jn_sync_chain_page (const JnSyncWork *work, JnSyncPlace *place, GError **error);

/* Pages into the ledger. */
gboolean jn_sync_apply_feed (JnSyncWork *work, JnSyncOutcome *outcome, GError **error);
gboolean jn_sync_apply_points (JnSyncWork *work, JnSyncOutcome *outcome, GError **error);
char *jn_sync_feed_name (const char *kind, const char *bban);

/* Keeps a document; *changed becomes TRUE when its bytes are new. */
gboolean jn_sync_keep (JnSyncWork *work, const char *name, GBytes *bytes, gboolean *changed,
                       GError **error);

G_END_DECLS
