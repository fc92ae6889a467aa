/* The feed's chain, step by step. */
#include "jn-feed-chain.h"

#include <sodium.h>
#include <string.h>

G_STATIC_ASSERT (JN_FEED_CHAIN_BYTES == crypto_hash_sha256_BYTES);
G_STATIC_ASSERT (JN_FEED_SIGNATURE_BYTES == crypto_sign_BYTES);

void
jn_feed_head_start (JnFeedHead *self, const char *bban)
{
  g_return_if_fail (self != NULL && bban != NULL);
  g_autofree char *text = g_strconcat ("jinnang-feed:", bban, NULL);
  self->sequence = 0;
  crypto_hash_sha256 (self->chain, (const guint8 *) text, strlen (text));
}

gboolean
jn_feed_head_step (JnFeedHead *self, JnJson *entry)
{
  g_return_val_if_fail (self != NULL && entry != NULL, FALSE);
  crypto_hash_sha256_state state;
  gsize length = 0;
  g_autofree char *text = jn_json_canonical_without (entry, "wallet/chain", &length);

  if (text == NULL)
    return FALSE;
  crypto_hash_sha256_init (&state);
  crypto_hash_sha256_update (&state, self->chain, sizeof self->chain);
  crypto_hash_sha256_update (&state, (const guint8 *) text, length);
  crypto_hash_sha256_final (&state, self->chain);
  self->sequence++;
  return TRUE;
}

gboolean
jn_feed_head_equal (const JnFeedHead *a, const JnFeedHead *b)
{
  return a->sequence == b->sequence && memcmp (a->chain, b->chain, sizeof a->chain) == 0;
}

gboolean
jn_feed_head_is_signed (const JnFeedHead *self, const char *bban,
                        const guint8 signature[JN_FEED_SIGNATURE_BYTES], GBytes *keys)
{
  g_return_val_if_fail (self != NULL && bban != NULL && keys != NULL, FALSE);
  char hex[2 * JN_FEED_CHAIN_BYTES + 1];
  gsize length = 0;
  const guint8 *key = g_bytes_get_data (keys, &length);

  sodium_bin2hex (hex, sizeof hex, self->chain, sizeof self->chain);
  g_autofree char *text =
      g_strdup_printf ("jinnang-head:%s:%" G_GUINT64_FORMAT ":%s", bban, self->sequence, hex);
  for (; length >= crypto_sign_PUBLICKEYBYTES;
       key += crypto_sign_PUBLICKEYBYTES, length -= crypto_sign_PUBLICKEYBYTES)
    if (crypto_sign_verify_detached (signature, (const guint8 *) text, strlen (text), key) == 0)
      return TRUE;
  return FALSE;
}
