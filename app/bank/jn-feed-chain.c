/* The feed's chain, step by step. */
#include "jn-feed-chain.h"

#include "jn-http-signature.h"

#include <gnutls/crypto.h>
#include <string.h>

G_STATIC_ASSERT (JN_FEED_SIGNATURE_BYTES == JN_HTTP_SIGNATURE_BYTES);

static void
hash (guint8 out[JN_FEED_CHAIN_BYTES], gconstpointer before, gsize before_length, const char *text,
      gsize length)
{
  gnutls_hash_hd_t state = NULL;
  /* It uses what the processor has for it, which GLib does not. */
  if (gnutls_hash_init (&state, GNUTLS_DIG_SHA256) < 0
      || gnutls_hash (state, before, before_length) < 0 || gnutls_hash (state, text, length) < 0)
    g_error ("no SHA-256");
  gnutls_hash_deinit (state, out);
}

void
jn_feed_head_start (JnFeedHead *self, const char *bban)
{
  g_return_if_fail (self != NULL && bban != NULL);
  g_autofree char *text = g_strconcat ("jinnang-feed:", bban, NULL);
  self->sequence = 0;
  hash (self->chain, NULL, 0, text, strlen (text));
}

char *
jn_feed_entry_bytes (JnJson *entry, gsize *length)
{
  g_return_val_if_fail (entry != NULL && length != NULL, NULL);
  return jn_json_canonical_without (entry, "wallet/chain", length);
}

void
jn_feed_head_step_bytes (JnFeedHead *self, const char *bytes, gsize length)
{
  g_return_if_fail (self != NULL && bytes != NULL);
  hash (self->chain, self->chain, sizeof self->chain, bytes, length);
  self->sequence++;
}

gboolean
jn_feed_head_step (JnFeedHead *self, JnJson *entry)
{
  gsize length = 0;
  g_autofree char *bytes = jn_feed_entry_bytes (entry, &length);

  if (bytes == NULL)
    return FALSE;
  jn_feed_head_step_bytes (self, bytes, length);
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
