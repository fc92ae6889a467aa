#include "bankd-signer.h"

#include <string.h>

#include "jn-json.h"

void
signer_init (Signer *self, const guint8 *seed)
{
  if (seed != NULL)
    crypto_sign_seed_keypair (self->public_key, self->secret_key, seed);
  else
    crypto_sign_keypair (self->public_key, self->secret_key);
  self->counter = (guint64) g_get_real_time ();
}

GHashTable *
fields_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

void
fields_set (GHashTable *fields, const char *name, const char *value)
{
  g_hash_table_replace (fields, g_ascii_strdown (name, -1), g_strdup (value));
}

static const char *
get_field (gconstpointer data, const char *name)
{
  return g_hash_table_lookup ((GHashTable *) data, name);
}

static char *
sign (gpointer data, gconstpointer base, gsize length)
{
  Signer *self = data;
  guint8 signature[crypto_sign_BYTES];

  crypto_sign_detached (signature, NULL, base, length, self->secret_key);
  return g_base64_encode (signature, sizeof signature);
}

void
signer_sign_as (Signer *self, const char *method, const char *target, GHashTable *fields,
                const char *body, guint64 counter)
{
  const JnHttpMessage message = {
    .method = method, .target = target, .get_field = get_field, .data = fields
  };
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, counter);
  g_autofree char *key = g_base64_encode (self->public_key, sizeof self->public_key);
  g_autofree char *input = NULL;
  g_autofree char *signature = NULL;

  fields_set (fields, "jinnang-counter", number);
  if (body != NULL)
    {
      g_autofree char *digest = jn_content_digest_make (body, strlen (body));

      fields_set (fields, "content-digest", digest);
    }
  g_assert_true (jn_http_sign (&message, NULL, g_get_real_time () / G_USEC_PER_SEC, key, sign, self,
                               &input, &signature));
  fields_set (fields, "signature-input", input);
  fields_set (fields, "signature", signature);
}

void
signer_sign (Signer *self, const char *method, const char *target, GHashTable *fields,
             const char *body)
{
  signer_sign_as (self, method, target, fields, body, ++self->counter);
}

gboolean
answer_is_signed (const guint8 *keys, gsize n_keys, const char *method, const char *target,
                  GHashTable *request_fields, guint status, GHashTable *fields, const char *body,
                  gsize length)
{
  const JnHttpMessage request = {
    .method = method, .target = target, .get_field = get_field, .data = request_fields
  };
  const JnHttpMessage answer = { .status = status, .get_field = get_field, .data = fields };

  return jn_http_signature_check (&answer, &request, keys, n_keys, NULL) == JN_HTTP_SIGNATURE_GOOD
         && (length == 0
             || jn_content_digest_check (get_field (fields, "content-digest"), body, length));
}

GByteArray *
read_keys (const char *body)
{
  g_autoptr (JnJsonDoc) doc = jn_json_parse (body, strlen (body), NULL);
  JnJson *list;
  GByteArray *keys = g_byte_array_new ();

  g_assert_nonnull (doc);
  list = jn_json_get (jn_json_doc_root (doc), "keys");
  for (guint i = 0; i < jn_json_length (list); i++)
    {
      gsize length = 0;
      g_autofree guint8 *key = g_base64_decode (
          jn_json_string (jn_json_get (jn_json_at (list, i), "publicKey")), &length);

      g_assert_cmpuint (length, ==, JN_HTTP_KEY_BYTES);
      g_byte_array_append (keys, key, (guint) length);
    }
  return keys;
}
