/* Keeps the newest heads, of the ledger and of the bank's feed, in the keyring, where a copy of the data folder does not take them along.
 * Commits tell them on their own thread and go on; what reaches the keyring is the newest, written when the one before has been, so that it
 * may lag. */
#pragma once

#include "jn-clock.h"
#include "jn-keyring.h"
#include "jn-storage.h"

G_BEGIN_DECLS

#define JN_HEAD_ITEM "ledger-head"

typedef struct _JnHeadKeeper JnHeadKeeper;

/* Writes in the thread-default main context of the call. */
JnHeadKeeper *jn_head_keeper_new (JnKeyring *keyring, JnClock *clock);
JnHeadKeeper *jn_head_keeper_ref (JnHeadKeeper *self);
void jn_head_keeper_unref (JnHeadKeeper *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnHeadKeeper, jn_head_keeper_unref)

/* What the keyring had: NULL for nothing. An item that is not ours counts as nothing. */
void jn_head_keeper_set (JnHeadKeeper *self, JnSecret *item);

/* For jn_storage_open(). Any thread. The keeper outlives the storage. */
JnStorageHeads jn_head_keeper_get_heads (JnHeadKeeper *self);

/* Writes what was not written yet, for at most a second; nothing is written from then on. */
void jn_head_keeper_stop (JnHeadKeeper *self);

/* Whether what it knows is in the keyring. */
gboolean jn_head_keeper_is_kept (JnHeadKeeper *self);

G_END_DECLS
