#include "bank-key.h"

#include "jn-http-signature.h"

#include <sodium.h>
#include <string.h>

void
bank_key_init (BankKey *key, guint8 number)
{
  guint8 seed[crypto_sign_SEEDBYTES];
  memset (seed, number, sizeof seed);
  g_assert_cmpint (sodium_init (), >=, 0);
  crypto_sign_seed_keypair (key->public_key, key->secret_key, seed);
}

char *
bank_key_get_text (const BankKey *key)
{
  return g_base64_encode (key->public_key, sizeof key->public_key);
}

static char *
sign (gpointer data, gconstpointer base, gsize length)
{
  guint8 signature[crypto_sign_BYTES];
  crypto_sign_detached (signature, NULL, base, length, ((BankKey *) data)->secret_key);
  return g_base64_encode (signature, sizeof signature);
}

static const char *
request_field (gconstpointer data, const char *name)
{
  return jn_request_get_header (data, name);
}

static const char *
answer_field (gconstpointer data, const char *name)
{
  return g_hash_table_lookup (((const JnAnswer *) data)->headers, name);
}

static void
set (JnAnswer *answer, const char *name, const char *value)
{
  g_hash_table_replace (answer->headers, g_strdup (name), g_strdup (value));
}

void
bank_key_sign_answer (const BankKey *key, JnAnswer *answer, const JnRequest *request)
{
  JnHttpMessage of_request = {
    .method = request->method, .target = request->path, .get_field = request_field, .data = request
  };
  JnHttpMessage of_answer = { .status = answer->status, .get_field = answer_field, .data = answer };
  g_autofree char *id = bank_key_get_text (key);
  g_autofree char *input = NULL;
  g_autofree char *signature = NULL;
  gsize length = 0;
  gconstpointer data = answer->body != NULL ? g_bytes_get_data (answer->body, &length) : NULL;

  if (length > 0)
    {
      g_autofree char *digest = jn_content_digest_make (data, length);
      set (answer, "content-digest", digest);
      set (answer, "content-type", "application/json");
    }
  g_assert_true (jn_http_sign (&of_answer, &of_request, 1763770000, id, sign, (gpointer) key,
                               &input, &signature));
  set (answer, "signature-input", input);
  set (answer, "signature", signature);
}

char *
bank_key_sign_head (const BankKey *key, const JnFeedHead *head, const char *bban)
{
  char hex[2 * JN_FEED_CHAIN_BYTES + 1];
  sodium_bin2hex (hex, sizeof hex, head->chain, sizeof head->chain);
  g_autofree char *text =
      g_strdup_printf ("jinnang-head:%s:%" G_GUINT64_FORMAT ":%s", bban, head->sequence, hex);
  return sign ((gpointer) key, text, strlen (text));
}

char *
bank_key_make_entry (const BankKey *key, const char *state, const BankKey *next)
{
  g_autofree char *own = bank_key_get_text (key);
  g_autofree char *more = NULL;
  if (next != NULL)
    {
      g_autofree char *other = bank_key_get_text (next);
      g_autofree char *text = g_strdup_printf ("jinnang-key:%s:%s", own, other);
      g_autofree char *signature = sign ((gpointer) key, text, strlen (text));
      more = g_strdup_printf (",\"succession\":\"%s\"", signature);
    }
  return g_strdup_printf ("{\"keyId\":\"%s\",\"publicKey\":\"%s\",\"state\":\"%s\"%s}", own, own,
                          state, more != NULL ? more : "");
}

char *
bank_key_make_list (const BankKey *current, const BankKey *next)
{
  g_autofree char *first = bank_key_make_entry (current, "current", NULL);
  g_autofree char *second = next != NULL ? bank_key_make_entry (next, "next", NULL) : NULL;
  return g_strdup_printf ("{\"keys\":[%s%s%s]}", first, next != NULL ? "," : "",
                          next != NULL ? second : "");
}

gboolean
bank_key_request_is_signed (const JnRequest *request, guint64 *counter)
{
  JnHttpMessage message = {
    .method = request->method, .target = request->path, .get_field = request_field, .data = request
  };
  JnHttpSigned facts;
  guint64 number = 0;
  gsize length = 0;
  gconstpointer data = request->body != NULL ? g_bytes_get_data (request->body, &length) : NULL;

  if (jn_http_signature_read (&message, NULL, &facts) != JN_HTTP_SIGNATURE_GOOD
      || jn_http_signature_check (&message, NULL, facts.key, 1, NULL) != JN_HTTP_SIGNATURE_GOOD
      || !jn_http_counter_parse (jn_request_get_header (request, JN_HTTP_COUNTER_FIELD), &number))
    return FALSE;
  if (counter != NULL)
    *counter = number;
  return request->body == NULL
         || jn_content_digest_check (jn_request_get_header (request, "Content-Digest"), data,
                                     length);
}
