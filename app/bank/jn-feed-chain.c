/* The feed's chain, step by step. */
#include "jn-feed-chain.h"

#include "jn-http-signature.h"

#include <string.h>

G_STATIC_ASSERT (JN_FEED_SIGNATURE_BYTES == JN_HTTP_SIGNATURE_BYTES);

static void
hash (guint8 out[JN_FEED_CHAIN_BYTES], gconstpointer before, gsize before_length, const char *text,
      gsize length)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize n = JN_FEED_CHAIN_BYTES;
  if (before_length > 0)
    g_checksum_update (checksum, before, (gssize) before_length);
  g_checksum_update (checksum, (const guchar *) text, (gssize) length);
  g_checksum_get_digest (checksum, out, &n);
}

void
jn_feed_head_start (JnFeedHead *self, const char *bban)
{
  g_return_if_fail (self != NULL && bban != NULL);
  g_autofree char *text = g_strconcat ("jinnang-feed:", bban, NULL);
  self->sequence = 0;
  hash (self->chain, NULL, 0, text, strlen (text));
}

gboolean
jn_feed_head_step (JnFeedHead *self, JnJson *entry)
{
  g_return_val_if_fail (self != NULL && entry != NULL, FALSE);
  gsize length = 0;
  g_autofree char *text = jn_json_canonical_without (entry, "wallet/chain", &length);

  if (text == NULL)
    return FALSE;
  hash (self->chain, self->chain, sizeof self->chain, text, length);
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
  g_autoptr (GString) text = g_string_new (NULL);
  gsize length = 0;
  const guint8 *key = g_bytes_get_data (keys, &length);

  g_string_append_printf (text, "jinnang-head:%s:%" G_GUINT64_FORMAT ":", bban, self->sequence);
  for (gsize i = 0; i < sizeof self->chain; i++)
    g_string_append_printf (text, "%02x", self->chain[i]);
  for (; length >= JN_HTTP_KEY_BYTES; key += JN_HTTP_KEY_BYTES, length -= JN_HTTP_KEY_BYTES)
    if (jn_ed25519_check (key, text->str, text->len, signature))
      return TRUE;
  return FALSE;
}
