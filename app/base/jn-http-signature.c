/* HTTP Message Signatures and Content-Digest. */
#include "jn-http-signature.h"

#include <sodium.h>
#include <string.h>

/* ---- Content-Digest ---- */

char *
jn_content_digest_make (gconstpointer data, gsize length)
{
  guint8 hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256 (hash, length > 0 ? data : (gconstpointer) "", length);
  g_autofree char *text = g_base64_encode (hash, sizeof hash);
  return g_strdup_printf ("sha-256=:%s:", text);
}

static gboolean
digest_is (const JnFieldItem *item, const guint8 *hash, gsize hash_length)
{
  gsize length = 0;
  if (item->type != JN_FIELD_BYTES)
    return FALSE;
  const guint8 *data = g_bytes_get_data (item->bytes, &length);
  return length == hash_length && memcmp (data, hash, length) == 0;
}

gboolean
jn_content_digest_check (const char *field, gconstpointer data, gsize length)
{
  gconstpointer bytes = length > 0 ? data : (gconstpointer) "";
  g_autoptr (GPtrArray) members = field != NULL ? jn_field_parse_dictionary (field) : NULL;
  const JnFieldItem *short_one = members != NULL ? jn_field_find (members, "sha-256") : NULL;
  const JnFieldItem *long_one = members != NULL ? jn_field_find (members, "sha-512") : NULL;
  guint8 hash[crypto_hash_sha512_BYTES];

  if (short_one == NULL)
    return FALSE;
  crypto_hash_sha256 (hash, bytes, length);
  if (!digest_is (short_one, hash, crypto_hash_sha256_BYTES))
    return FALSE;
  if (long_one == NULL)
    return TRUE;
  crypto_hash_sha512 (hash, bytes, length);
  return digest_is (long_one, hash, crypto_hash_sha512_BYTES);
}

gboolean
jn_ed25519_check (const guint8 key[JN_HTTP_KEY_BYTES], gconstpointer data, gsize length,
                  const guint8 signature[JN_HTTP_SIGNATURE_BYTES])
{
  return crypto_sign_verify_detached (signature, data, length, key) == 0;
}

/* ---- the signature base ---- */

void
jn_http_base_free (GString *base)
{
  if (base == NULL)
    return;
  explicit_bzero (base->str, base->allocated_len);
  g_string_free (base, TRUE);
}

static gboolean
is_field_name (const char *name)
{
  if (*name == '\0')
    return FALSE;
  for (; *name != '\0'; name++)
    if (!g_ascii_islower (*name) && !g_ascii_isdigit (*name)
        && strchr ("!#$%&'*+-.^_`|~", *name) == NULL)
      return FALSE;
  return TRUE;
}

/* A field's value without the blanks around it (RFC 9421, 2.1). */
static gboolean
append_field (GString *out, const JnHttpMessage *message, const char *name)
{
  const char *value = message->get_field (message->data, name);
  if (value == NULL || strpbrk (value, "\r\n") != NULL)
    return FALSE;
  value += strspn (value, " \t");
  gsize length = strlen (value);
  while (length > 0 && (value[length - 1] == ' ' || value[length - 1] == '\t'))
    length--;
  g_string_append_len (out, value, (gssize) length);
  return TRUE;
}

static gboolean
append_derived (GString *out, const JnHttpMessage *message, const char *name)
{
  const char *query = message->target != NULL ? strchr (message->target, '?') : NULL;

  if (g_str_equal (name, "@status") && message->status != 0)
    g_string_append_printf (out, "%03u", message->status);
  else if (g_str_equal (name, "@method") && message->method != NULL)
    g_string_append (out, message->method);
  else if (g_str_equal (name, "@authority") && message->authority != NULL)
    g_string_append (out, message->authority);
  else if (g_str_equal (name, "@path") && message->target != NULL)
    g_string_append_len (out, message->target,
                         query != NULL ? query - message->target
                                       : (gssize) strlen (message->target));
  else if (g_str_equal (name, "@query") && message->target != NULL)
    g_string_append (out, query != NULL ? query : "?");
  else
    return FALSE;
  return TRUE;
}

/* Whether a component asks for the request's part; FALSE in @known for parameters that we do not make. */
static gboolean
component_is_req (const JnFieldItem *item, gboolean *known)
{
  const JnFieldItem *req = jn_field_find (item->parameters, "req");
  gboolean asks = req != NULL && req->type == JN_FIELD_BOOLEAN && req->integer == 1;
  *known = item->type == JN_FIELD_STRING && item->parameters->len == (asks ? 1u : 0u);
  return asks;
}

static gboolean
component_is_repeated (const JnFieldItem *input, guint at)
{
  gboolean known = FALSE;
  const JnFieldItem *item = g_ptr_array_index (input->members, at);
  for (guint i = 0; i < at; i++)
    {
      const JnFieldItem *other = g_ptr_array_index (input->members, i);
      if (g_strcmp0 (other->text, item->text) == 0
          && component_is_req (other, &known) == component_is_req (item, &known))
        return TRUE;
    }
  return FALSE;
}

static gboolean
append_component (GString *out, const JnHttpMessage *message, const JnHttpMessage *request,
                  const JnFieldItem *item)
{
  gboolean known = FALSE;
  gboolean req = component_is_req (item, &known);
  const JnHttpMessage *of = req ? request : message;

  if (!known || of == NULL)
    return FALSE;
  jn_field_write (out, item);
  g_string_append (out, ": ");
  if (item->text[0] == '@')
    return append_derived (out, of, item->text);
  return is_field_name (item->text) && append_field (out, of, item->text);
}

GString *
jn_http_signature_base (const JnHttpMessage *message, const JnHttpMessage *request,
                        const JnFieldItem *input)
{
  g_return_val_if_fail (message != NULL && input != NULL, NULL);
  /* Room enough from the start: growing would leave copies of a session's secret behind. */
  GString *out = g_string_sized_new (4 * JN_FIELD_MAX_BYTES);

  if (input->type != JN_FIELD_LIST)
    goto fail;
  for (guint i = 0; i < input->members->len; i++)
    {
      if (component_is_repeated (input, i)
          || !append_component (out, message, request, g_ptr_array_index (input->members, i)))
        goto fail;
      g_string_append_c (out, '\n');
    }
  g_string_append (out, "\"@signature-params\": ");
  jn_field_write (out, input);
  return out;
fail:
  jn_http_base_free (out);
  return NULL;
}

/* ---- the wallet's profile ---- */

typedef struct
{
  const char *name;
  gboolean of_request; /* ;req */
  gboolean optional;   /* covered exactly when the header is there */
} Component;

static const Component of_requests[] = {
  { "@method", FALSE, FALSE },         { "@path", FALSE, FALSE },
  { "@query", FALSE, FALSE },          { "x-request-id", FALSE, FALSE },
  { "jinnang-counter", FALSE, FALSE }, { "content-digest", FALSE, TRUE },
  { "idempotency-key", FALSE, TRUE },  { "consent-id", FALSE, TRUE },
  { "authorization", FALSE, TRUE },
};

static const Component of_answers[] = {
  { "@status", FALSE, FALSE },       { "content-digest", FALSE, TRUE },
  { "@method", TRUE, FALSE },        { "@path", TRUE, FALSE },
  { "@query", TRUE, FALSE },         { "x-request-id", TRUE, TRUE },
  { "jinnang-counter", TRUE, TRUE }, { "idempotency-key", TRUE, TRUE },
};

/* The components that the profile asks for, as they stand in the list's parentheses. */
static char *
expected_components (const JnHttpMessage *message, const JnHttpMessage *request)
{
  const Component *list = request == NULL ? of_requests : of_answers;
  gsize n = request == NULL ? G_N_ELEMENTS (of_requests) : G_N_ELEMENTS (of_answers);
  GString *out = g_string_new ("(");

  for (gsize i = 0; i < n; i++)
    {
      const JnHttpMessage *of = list[i].of_request ? request : message;
      if (list[i].optional && of->get_field (of->data, list[i].name) == NULL)
        continue;
      g_string_append_printf (out, "%s\"%s\"%s", out->len > 1 ? " " : "", list[i].name,
                              list[i].of_request ? ";req" : "");
    }
  g_string_append_c (out, ')');
  return g_string_free (out, FALSE);
}

gboolean
jn_http_sign (const JnHttpMessage *message, const JnHttpMessage *request, gint64 created,
              const char *key_id, JnHttpSigner signer, gpointer signer_data, char **input,
              char **signature)
{
  g_return_val_if_fail (message != NULL && key_id != NULL && signer != NULL, FALSE);
  g_return_val_if_fail (input != NULL && signature != NULL, FALSE);
  g_autofree char *components = expected_components (message, request);
  g_autofree char *field = g_strdup_printf (
      JN_HTTP_SIGNATURE_LABEL "=%s;created=%" G_GINT64_FORMAT
                              ";keyid=\"%s\";alg=\"ed25519\";tag=\"" JN_HTTP_SIGNATURE_TAG "\"",
      components, created, key_id);
  g_autoptr (GPtrArray) members = jn_field_parse_dictionary (field);
  GString *base = members != NULL
                      ? jn_http_signature_base (message, request, g_ptr_array_index (members, 0))
                      : NULL;

  if (base == NULL)
    return FALSE;
  g_autofree char *bytes = signer (signer_data, base->str, base->len);
  jn_http_base_free (base);
  if (bytes == NULL)
    return FALSE;
  *signature = g_strdup_printf (JN_HTTP_SIGNATURE_LABEL "=:%s:", bytes);
  *input = g_steal_pointer (&field);
  return TRUE;
}

static gboolean
parameter_is (const JnFieldItem *input, const char *key, const char *value)
{
  const JnFieldItem *item = jn_field_find (input->parameters, key);
  return item != NULL && item->type == JN_FIELD_STRING && g_str_equal (item->text, value);
}

static gboolean
read_parameters (const JnFieldItem *input, JnHttpSigned *out)
{
  const JnFieldItem *created = jn_field_find (input->parameters, "created");
  const JnFieldItem *key = jn_field_find (input->parameters, "keyid");
  gsize length = 0;

  if (input->parameters->len != 4 || !parameter_is (input, "alg", "ed25519")
      || !parameter_is (input, "tag", JN_HTTP_SIGNATURE_TAG) || created == NULL
      || created->type != JN_FIELD_INTEGER || created->integer < 0 || key == NULL
      || key->type != JN_FIELD_STRING)
    return FALSE;
  g_autofree guint8 *bytes = jn_base64_decode_strict (key->text, -1, &length);
  if (bytes == NULL || length != JN_HTTP_KEY_BYTES)
    return FALSE;
  memcpy (out->key, bytes, length);
  out->created = created->integer;
  return TRUE;
}

/* Whether the inner list is exactly the expected one, its own parameters aside. */
static gboolean
covers_exactly (const JnFieldItem *input, const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);
  jn_field_write (text, input);
  gsize length = strlen (expected);
  return strncmp (text->str, expected, length) == 0 && text->str[length] == ';';
}

typedef struct
{
  GPtrArray *inputs, *signatures;
  const JnFieldItem *input;
  const guint8 *signature;
} Fields;

static void
fields_clear (Fields *fields)
{
  g_clear_pointer (&fields->inputs, g_ptr_array_unref);
  g_clear_pointer (&fields->signatures, g_ptr_array_unref);
}

static JnHttpVerdict
read_fields (const JnHttpMessage *message, const JnHttpMessage *request, Fields *fields,
             JnHttpSigned *out)
{
  const char *input = message->get_field (message->data, "signature-input");
  const char *signature = message->get_field (message->data, "signature");
  g_autofree char *expected = expected_components (message, request);
  gsize length = 0;

  if (input == NULL && signature == NULL)
    return JN_HTTP_SIGNATURE_MISSING;
  fields->inputs = input != NULL ? jn_field_parse_dictionary (input) : NULL;
  fields->signatures = signature != NULL ? jn_field_parse_dictionary (signature) : NULL;
  if (fields->inputs == NULL || fields->signatures == NULL)
    return JN_HTTP_SIGNATURE_WRONG;
  fields->input = jn_field_find (fields->inputs, JN_HTTP_SIGNATURE_LABEL);
  const JnFieldItem *bytes = jn_field_find (fields->signatures, JN_HTTP_SIGNATURE_LABEL);
  if (fields->input == NULL || bytes == NULL || fields->input->type != JN_FIELD_LIST
      || bytes->type != JN_FIELD_BYTES || !covers_exactly (fields->input, expected)
      || !read_parameters (fields->input, out))
    return JN_HTTP_SIGNATURE_WRONG;
  fields->signature = g_bytes_get_data (bytes->bytes, &length);
  return length == JN_HTTP_SIGNATURE_BYTES ? JN_HTTP_SIGNATURE_GOOD : JN_HTTP_SIGNATURE_WRONG;
}

JnHttpVerdict
jn_http_signature_read (const JnHttpMessage *message, const JnHttpMessage *request,
                        JnHttpSigned *out)
{
  g_return_val_if_fail (message != NULL, JN_HTTP_SIGNATURE_WRONG);
  Fields fields = { NULL };
  JnHttpSigned facts = { { 0 }, 0 };
  JnHttpVerdict verdict = read_fields (message, request, &fields, &facts);
  fields_clear (&fields);
  if (out != NULL)
    *out = facts;
  return verdict;
}

gsize
jn_http_find_key (const guint8 *keys, gsize n_keys, const guint8 key[JN_HTTP_KEY_BYTES])
{
  gsize i = 0;
  while (i < n_keys && memcmp (key, keys + i * JN_HTTP_KEY_BYTES, JN_HTTP_KEY_BYTES) != 0)
    i++;
  return i;
}

JnHttpVerdict
jn_http_signature_check (const JnHttpMessage *message, const JnHttpMessage *request,
                         const guint8 *keys, gsize n_keys, JnHttpSigned *out)
{
  g_return_val_if_fail (message != NULL && (keys != NULL || n_keys == 0), JN_HTTP_SIGNATURE_WRONG);
  Fields fields = { NULL };
  JnHttpSigned facts = { { 0 }, 0 };
  JnHttpVerdict verdict = read_fields (message, request, &fields, &facts);

  if (verdict == JN_HTTP_SIGNATURE_GOOD)
    {
      GString *base = jn_http_find_key (keys, n_keys, facts.key) < n_keys
                          ? jn_http_signature_base (message, request, fields.input)
                          : NULL;
      if (base == NULL || !jn_ed25519_check (facts.key, base->str, base->len, fields.signature))
        verdict = JN_HTTP_SIGNATURE_WRONG;
      jn_http_base_free (base);
    }
  fields_clear (&fields);
  if (out != NULL)
    *out = facts;
  return verdict;
}

gboolean
jn_http_counter_parse (const char *text, guint64 *out)
{
  if (text == NULL || text[0] == '0' || text[0] == '\0')
    return FALSE;
  gsize length = strspn (text, "0123456789");
  if (text[length] != '\0' || length > 19)
    return FALSE;
  guint64 value = g_ascii_strtoull (text, NULL, 10);
  if (value > G_MAXINT64)
    return FALSE;
  *out = value;
  return TRUE;
}
