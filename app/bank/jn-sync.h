/* Brings the bank's facts home: feed pages into the ledger, all or nothing, and the other documents into the store. */
#pragma once

#include "jn-bank.h"
#include "jn-storage.h"

G_BEGIN_DECLS

#define JN_TYPE_SYNC (jn_sync_get_type ())
G_DECLARE_FINAL_TYPE (JnSync, jn_sync, JN, SYNC, GObject)

/* BROKEN: the last run failed, see jn_sync_get_error(). (JN_SYNC_FAILED is the ledger's word for fsync.) */
typedef enum
{
  JN_SYNC_IDLE,
  JN_SYNC_RUNNING,
  JN_SYNC_BROKEN
} JnSyncState;
#define JN_TYPE_SYNC_STATE (jn_sync_state_get_type ())
GType jn_sync_state_get_type (void);

/* Properties (notify in the thread-default main context it was made in): "state" JnSyncState; signal "changed" after each run that
 * changed something, and in every run but a device's first one also as soon as new entries are in the ledger. Documents are looked into on
 * @reader's thread (NULL: on storage's). */
JnSync *jn_sync_new (JnBank *bank, JnStorage *storage, JnWorker *reader, JnClock *clock);

/* Pulls accounts, every feed page after the cursor, the pending snapshot, profile, offers and points. Runs are joined: a call
 * during a run makes one more run follow. A page with a gap, a wrong balance or a bad entry changes nothing: JN_ERROR_BALANCE_MISMATCH,
 * JN_ERROR_ANSWER_INVALID. */
void jn_sync_run_async (JnSync *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer user_data);
gboolean jn_sync_run_finish (JnSync *self, GAsyncResult *result, GError **error);

JnSyncState jn_sync_get_state (JnSync *self);
JnInstant jn_sync_get_as_of (JnSync *self);     /* last success; 0 for never */
const GError *jn_sync_get_error (JnSync *self); /* of the last run, or NULL */

/* Follows the bank's events (a stream, or the long poll while there is none; back-off 1 s to 60 s) and syncs when told to look. */
void jn_sync_follow (JnSync *self, gboolean follow);

/* The network changed: looks now, and tries at once what waits for its time. */
void jn_sync_nudge (JnSync *self);

/* Whether the bank's events come over a stream now. */
gboolean jn_sync_is_streaming (JnSync *self);

/* Ends the run that is under way and following, for ever; waiting calls fail with G_IO_ERROR_CANCELLED. Waiting calls keep the
 * object alive, so that an owner that goes away calls this first. */
void jn_sync_stop (JnSync *self);

G_END_DECLS
