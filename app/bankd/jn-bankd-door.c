#include "jn-bankd-door.h"

#include <sodium.h>
#include <string.h>

#include "jn-bankd-router.h"

#define DIGEST_BYTES crypto_hash_sha256_BYTES

static void
clear_header (gpointer data)
{
  JnBankdHeader *header = data;

  g_free ((char *) header->name);
  g_free ((char *) header->value);
}

static void
add_header (JnBankdReply *reply, const char *name, const char *value)
{
  JnBankdHeader header = { g_strdup (name), g_strdup (value) };

  if (reply->headers == NULL)
    {
      reply->headers = g_array_new (FALSE, FALSE, sizeof (JnBankdHeader));
      g_array_set_clear_func (reply->headers, clear_header);
    }
  g_array_append_val (reply->headers, header);
}

const char *
jn_bankd_reply_get_header (const JnBankdReply *reply, const char *name)
{
  for (guint i = 0; reply->headers != NULL && i < reply->headers->len; i++)
    {
      const JnBankdHeader *header = &g_array_index (reply->headers, JnBankdHeader, i);

      if (g_ascii_strcasecmp (header->name, name) == 0)
        return header->value;
    }
  return NULL;
}

void
jn_bankd_reply_clear (JnBankdReply *reply)
{
  g_clear_pointer (&reply->headers, g_array_unref);
  g_clear_pointer (&reply->body, g_free);
  memset (reply, 0, sizeof *reply);
}

/* "sha-256=:BASE64:" over the bytes of a body (RFC 9530). */
static char *
make_digest (const char *body, gsize length)
{
  guint8 hash[DIGEST_BYTES];
  char text[sodium_base64_ENCODED_LEN (DIGEST_BYTES, sodium_base64_VARIANT_ORIGINAL)];

  crypto_hash_sha256 (hash, (const guint8 *) body, length);
  sodium_bin2base64 (text, sizeof text, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
  return g_strdup_printf ("sha-256=:%s:", text);
}

static void
write_headers (JnBankdCore *core, const JnBankdRequest *request, const JnBankdAnswer *answer,
               JnBankdReply *reply)
{
  g_autoptr (GDateTime) now =
      g_date_time_new_from_unix_utc (jn_clock_now (core->clock) / JN_SECOND);
  g_autofree char *date = g_date_time_format (now, "%a, %d %b %Y %H:%M:%S GMT");

  add_header (reply, "Date", date);
  add_header (reply, "Cache-Control", "no-store");
  if (request->request_id != NULL && g_uuid_string_is_valid (request->request_id))
    add_header (reply, "X-Request-ID", request->request_id);
  if (answer->etag != NULL)
    add_header (reply, "ETag", answer->etag);
  if (answer->embedded_sca)
    add_header (reply, "ASPSP-SCA-Approach", "EMBEDDED");
  if (answer->replayed)
    add_header (reply, "Idempotency-Replayed", "true");
  if (answer->commit_time >= 0)
    {
      g_autofree char *timing =
          g_strdup_printf ("commit;dur=%" G_GINT64_FORMAT ".%03" G_GINT64_FORMAT,
                           answer->commit_time / 1000, answer->commit_time % 1000);

      add_header (reply, "Server-Timing", timing);
    }
}

/* Where the made thing is, in the words of the answer's own link to it. */
static void
add_location (JnBankdCore *core, const JnBankdAnswer *answer, JnBankdReply *reply)
{
  g_autoptr (JnJsonDoc) doc = NULL;
  g_autofree char *location = NULL;
  const char *self;

  if (answer->status != 201 || core->public_address == NULL || answer->body == NULL)
    return;
  doc = jn_json_parse (answer->body, answer->body_length, NULL);
  self = doc != NULL ? jn_json_string (jn_json_path (jn_json_doc_root (doc), "_links/self/href"))
                     : NULL;
  if (self == NULL)
    return;
  location = g_strconcat (core->public_address, self, NULL);
  add_header (reply, "Location", location);
}

static void
take_body (JnBankdAnswer *answer, JnBankdReply *reply)
{
  g_autofree char *digest = NULL;
  g_autofree char *length = NULL;

  if (answer->body == NULL)
    return;
  digest = make_digest (answer->body, answer->body_length);
  length = g_strdup_printf ("%" G_GSIZE_FORMAT, answer->body_length);
  add_header (reply, "Content-Type",
              answer->problem ? "application/problem+json" : "application/json");
  add_header (reply, "Content-Length", length);
  add_header (reply, "Content-Digest", digest);
  reply->body = g_steal_pointer (&answer->body);
  reply->body_length = answer->body_length;
}

typedef struct
{
  const char *name;
  gsize field; /* offset in JnBankdRequest */
} Wanted;

#define WANTED(name, member)                                                                       \
  {                                                                                                \
    name, G_STRUCT_OFFSET (JnBankdRequest, member)                                                 \
  }

static const Wanted wanted[] = {
  WANTED ("X-Request-ID", request_id),     WANTED ("Authorization", authorization),
  WANTED ("Consent-ID", consent_id),       WANTED ("Idempotency-Key", idempotency_key),
  WANTED ("If-None-Match", if_none_match), WANTED ("Content-Type", content_type),
};

/* The one value of a header; two of them are joined, which no value of ours survives as valid. */
static void
read_header (const JnBankdMessage *message, const Wanted *want, GStringChunk *texts,
             JnBankdRequest *request)
{
  const char **value = G_STRUCT_MEMBER_P (request, want->field);

  for (gsize i = 0; i < message->n_headers; i++)
    if (g_ascii_strcasecmp (message->headers[i].name, want->name) == 0)
      {
        g_autofree char *joined = NULL;

        if (*value != NULL)
          joined = g_strconcat (*value, ", ", message->headers[i].value, NULL);
        *value = g_string_chunk_insert (texts, joined != NULL ? joined : message->headers[i].value);
      }
}

static void
handle (JnBankdCore *core, const JnBankdMessage *message, gboolean again, JnBankdReply *reply)
{
  g_autoptr (GStringChunk) texts = g_string_chunk_new (1024);
  g_auto (GStrv) parts = g_strsplit (message->target, "?", 2);
  JnBankdAnswer answer = { .commit_time = -1 };
  JnBankdRequest request = {
    .method = message->method,
    .path = parts[0] != NULL ? parts[0] : "",
    .query = parts[0] != NULL ? parts[1] : NULL,
    .body = message->body,
    .body_length = message->body_length,
    .too_large = message->too_large || message->body_length > JN_BANKD_MAX_BODY,
    .again = again,
  };

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    read_header (message, &wanted[i], texts, &request);
  jn_bankd_router_handle (core, &request, &answer);
  jn_bankd_reply_clear (reply);
  reply->status = answer.status;
  reply->wait = answer.wait;
  write_headers (core, &request, &answer, reply);
  add_location (core, &answer, reply);
  take_body (&answer, reply);
  jn_bankd_answer_clear (&answer);
}

void
jn_bankd_door_handle (JnBankdCore *core, const JnBankdMessage *message, JnBankdReply *reply)
{
  handle (core, message, FALSE, reply);
}

void
jn_bankd_door_look_again (JnBankdCore *core, const JnBankdMessage *message, JnBankdReply *reply)
{
  handle (core, message, TRUE, reply);
}
