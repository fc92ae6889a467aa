/* Who signed a request: HTTP message signatures (RFC 9421) of devices, and the counters that let each signed message in
 * once. The highest counter of a write is kept in its commit; the rest is memory. */
#pragma once

#include "jn-bankd-call.h"

G_BEGIN_DECLS

/* Counters by device key, for JnBankdCore.counters. */
GHashTable *jn_bankd_counters_new (void);

/* Checks that the device with @key (32 bytes) signed the request and did so for the first time; @write: it is to change
 * something. Fails the call otherwise. */
gboolean jn_bankd_signature_check (JnBankdCall *call, const guint8 *key, gboolean write);

/* Stores the counter of a write. Inside its transaction. */
void jn_bankd_signature_store (JnBankdCall *call);

/* For a request that was let in before: its signer and counter, which are stored with what it does. */
void jn_bankd_signature_take_over (JnBankdCall *call, const guint8 *key);

G_END_DECLS
