/* The hash chain of an account's feed: chain 0 is SHA-256("jinnang-feed:" + bban), chain n is SHA-256(chain n−1 and the RFC 8785 bytes of the
 * booked entry n without its member wallet.chain). The bank signs its newest value, so that no two customers or days see two histories. */
#pragma once

#include "jn-json.h"

G_BEGIN_DECLS

#define JN_FEED_CHAIN_BYTES 32
#define JN_FEED_SIGNATURE_BYTES 64

typedef struct
{
  guint64 sequence; /* entryReference of the newest entry; 0: before the first */
  guint8 chain[JN_FEED_CHAIN_BYTES];
} JnFeedHead;

/* The head of a feed without entries. */
void jn_feed_head_start (JnFeedHead *self, const char *bban);

/* Goes on by one booked entry as the bank sent it. FALSE when it has no canonical form; the head is unchanged then. */
gboolean jn_feed_head_step (JnFeedHead *self, JnJson *entry);

/* The two halves of it: what of an entry goes into the chain (NULL: it has no canonical form; caller frees), and the step itself. */
char *jn_feed_entry_bytes (JnJson *entry, gsize *length);
void jn_feed_head_step_bytes (JnFeedHead *self, const char *bytes, gsize length);

gboolean jn_feed_head_equal (const JnFeedHead *a, const JnFeedHead *b);

/* Whether one of the bank's keys (32 bytes each) signed this head of the account: Ed25519 over "jinnang-head:BBAN:SEQUENCE:HEX". */
gboolean jn_feed_head_is_signed (const JnFeedHead *self, const char *bban,
                                 const guint8 signature[JN_FEED_SIGNATURE_BYTES], GBytes *keys);

G_END_DECLS
