/* Signatures of requests and answers. */
#include "jn-bank-signed.h"

#include "jn-error.h"

#include <string.h>

gboolean
jn_request_is_write (const JnRequest *request)
{
  return jn_request_get_header (request, "Idempotency-Key") != NULL;
}

gboolean
jn_request_is_open (const JnRequest *request)
{
  static const char *const open[] = { "/wallet/v1/keys", "/wallet/v1/test-phone/",
                                      "/wallet/v1/sandbox/" };
  for (gsize i = 0; i < G_N_ELEMENTS (open); i++)
    if (g_str_has_prefix (request->path, open[i]))
      return TRUE;
  return FALSE;
}

/* ---- messages as the signature sees them ---- */

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

static JnHttpMessage
message_of_request (const JnRequest *request)
{
  return (JnHttpMessage){
    .method = request->method, .target = request->path, .get_field = request_field, .data = request
  };
}

static JnHttpMessage
message_of_answer (const JnAnswer *answer)
{
  return (JnHttpMessage){ .status = answer->status, .get_field = answer_field, .data = answer };
}

/* ---- requests ---- */

static char *
sign_with_device (gpointer data, gconstpointer base, gsize length)
{
  return jn_device_sign (data, base, length);
}

void
jn_request_sign (JnRequest *request, JnDevice *device, guint64 counter, JnInstant now)
{
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, counter);
  g_autofree char *key = jn_device_get_public_key (device);
  g_autofree char *input = NULL;
  g_autofree char *signature = NULL;

  jn_request_add_header (request, JN_HTTP_COUNTER_FIELD, number);
  if (request->body != NULL)
    {
      gsize length = 0;
      gconstpointer data = g_bytes_get_data (request->body, &length);
      g_autofree char *digest = jn_content_digest_make (data, length);
      jn_request_add_header (request, "Content-Digest", digest);
    }
  JnHttpMessage message = message_of_request (request);
  if (!jn_http_sign (&message, NULL, now / JN_SECOND, key, sign_with_device, device, &input,
                     &signature))
    return;
  jn_request_add_header (request, "Signature-Input", input);
  jn_request_add_header (request, "Signature", signature);
}

/* ---- answers ---- */

static gboolean
is_page (const JnAnswer *answer)
{
  const char *type = g_hash_table_lookup (answer->headers, "content-type");
  gboolean redirect = answer->status >= 300 && answer->status < 400 && answer->status != 304;
  return redirect || answer->status == 511
         || (type != NULL
             && (g_ascii_strncasecmp (type, "text/html", 9) == 0
                 || g_ascii_strncasecmp (type, "application/xhtml", 17) == 0));
}

static JnErrorCode
judge_unsigned (const JnAnswer *answer, const JnRequest *sent)
{
  if (answer->status >= 500 && answer->status != 511)
    return JN_ERROR_BANK_5XX;
  if (jn_request_is_write (sent))
    return JN_ERROR_ANSWER_NOT_SIGNED;
  if (is_page (answer))
    return JN_ERROR_SIGN_IN_PAGE;
  if (answer->status == 429)
    return JN_ERROR_RATE_LIMITED;
  if (answer->status == 413 || answer->status == 414 || answer->status == 431)
    return JN_ERROR_INVALID;
  return JN_ERROR_ANSWER_NOT_SIGNED;
}

static gboolean
body_is_signed (const JnAnswer *answer)
{
  gsize length = 0;
  gconstpointer data = answer->body != NULL ? g_bytes_get_data (answer->body, &length) : NULL;
  const char *digest = answer_field (answer, "content-digest");

  if (length == 0 && digest == NULL)
    return TRUE;
  return jn_content_digest_check (digest, data, length);
}

gboolean
jn_answer_names_stranger (const JnAnswer *answer, const JnRequest *sent, GBytes *keys)
{
  JnHttpMessage message = message_of_answer (answer);
  JnHttpMessage request = message_of_request (sent);
  JnHttpSigned facts;
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (keys, &length);

  return jn_http_signature_read (&message, &request, &facts) == JN_HTTP_SIGNATURE_GOOD
         && jn_http_find_key (data, length / JN_HTTP_KEY_BYTES, facts.key)
                == length / JN_HTTP_KEY_BYTES;
}

gboolean
jn_answer_check (const JnAnswer *answer, const JnRequest *sent, GBytes *keys, guint *key_index,
                 gint64 *created, GError **error)
{
  JnHttpMessage message = message_of_answer (answer);
  JnHttpMessage request = message_of_request (sent);
  JnHttpSigned facts;
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (keys, &length);
  JnHttpVerdict verdict =
      jn_http_signature_check (&message, &request, data, length / JN_HTTP_KEY_BYTES, &facts);

  if (verdict == JN_HTTP_SIGNATURE_MISSING)
    {
      g_set_error (error, JN_ERROR, (int) judge_unsigned (answer, sent), "%u without a signature",
                   answer->status);
      return FALSE;
    }
  if (verdict != JN_HTTP_SIGNATURE_GOOD)
    {
      g_set_error (error, JN_ERROR, JN_ERROR_ANSWER_NOT_SIGNED, "%u with a wrong signature",
                   answer->status);
      return FALSE;
    }
  if (!body_is_signed (answer))
    {
      g_set_error_literal (error, JN_ERROR, JN_ERROR_ANSWER_CUT, "not the body that was signed");
      return FALSE;
    }
  if (key_index != NULL)
    *key_index = (guint) jn_http_find_key (data, length / JN_HTTP_KEY_BYTES, facts.key);
  if (created != NULL)
    *created = facts.created;
  return TRUE;
}
