#include "jn-bankd-door.h"

#include <string.h>

#include "jn-bankd-keys.h"
#include "jn-bankd-router.h"

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
  g_clear_pointer (&reply->stream_device, g_free);
  g_clear_pointer (&reply->job, jn_bankd_job_unref);
  memset (reply, 0, sizeof *reply);
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

  if (answer->stream_device != NULL)
    add_header (reply, "Content-Type", "text/event-stream");
  if (answer->body == NULL)
    return;
  digest = jn_content_digest_make (answer->body, answer->body_length);
  length = g_strdup_printf ("%" G_GSIZE_FORMAT, answer->body_length);
  add_header (reply, "Content-Type",
              answer->problem ? "application/problem+json" : "application/json");
  add_header (reply, "Content-Length", length);
  add_header (reply, "Content-Digest", digest);
  reply->body = g_steal_pointer (&answer->body);
  reply->body_length = answer->body_length;
}

static guint64 *
count_streams (JnBankdCore *core, const char *device)
{
  guint64 *count = g_hash_table_lookup (core->streams, device);

  if (count == NULL)
    {
      if (g_hash_table_size (core->streams) >= JN_BANKD_MAX_DEVICES)
        {
          g_hash_table_remove_all (core->streams);
          core->streams_begun++;
        }
      count = g_new0 (guint64, 1);
      g_hash_table_insert (core->streams, g_strdup (device), count);
    }
  return count;
}

static void
take_stream (JnBankdCore *core, JnBankdAnswer *answer, JnBankdReply *reply)
{
  if (answer->stream_device == NULL)
    return;
  reply->stream = TRUE;
  reply->stream_device = g_steal_pointer (&answer->stream_device);
  reply->stream_customer = answer->stream_customer;
  reply->stream_after = answer->stream_after;
  reply->stream_number = ++*count_streams (core, reply->stream_device);
  reply->stream_table = core->streams_begun;
}

static gboolean
stream_goes_on (JnBankdCore *core, const JnBankdReply *reply)
{
  return reply->stream_table == core->streams_begun
         && *count_streams (core, reply->stream_device)
                < reply->stream_number + JN_BANKD_MAX_STREAMS
         && jn_bankd_db_integer (core->db, 0,
                                 "SELECT count (*) FROM device WHERE id = ? AND expires_at > ?",
                                 "si", reply->stream_device, jn_clock_now (core->clock))
                > 0;
}

gboolean
jn_bankd_door_stream (JnBankdCore *core, JnBankdReply *reply, GString *out)
{
  sqlite3_stmt *stmt;

  if (!stream_goes_on (core, reply))
    return FALSE;
  jn_bankd_core_tick (core, jn_clock_now (core->clock));
  if (!reply->stream_begun)
    g_string_append (out, "retry: 1000\n\n");
  reply->stream_begun = TRUE;
  stmt = jn_bankd_db_query (core->db,
                            "SELECT sequence, kind FROM event WHERE customer = ? AND sequence > ?"
                            " ORDER BY sequence LIMIT 500",
                            "ii", reply->stream_customer, reply->stream_after);
  while (jn_bankd_db_step (core->db, stmt))
    {
      reply->stream_after = sqlite3_column_int64 (stmt, 0);
      g_string_append_printf (out, "id: %" G_GINT64_FORMAT "\nevent: %s\ndata: {}\n\n",
                              reply->stream_after, jn_bankd_column (stmt, 1));
    }
  return TRUE;
}

/* Lower-case name → the one value; the values of a repeated header are one list, which no value of ours survives. */
static GHashTable *
read_fields (const JnBankdMessage *message)
{
  GHashTable *fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (gsize i = 0; i < message->n_headers; i++)
    {
      char *name = g_ascii_strdown (message->headers[i].name, -1);
      const char *value = message->headers[i].value;
      const char *before = g_hash_table_lookup (fields, name);

      g_hash_table_replace (fields, name,
                            before != NULL ? g_strconcat (before, ", ", value, NULL)
                                           : g_strdup (value));
    }
  return fields;
}

static const char *
get_field (gconstpointer data, const char *name)
{
  return g_hash_table_lookup ((GHashTable *) data, name);
}

static const char *
get_reply_field (gconstpointer data, const char *name)
{
  return jn_bankd_reply_get_header (data, name);
}

static char *
sign (gpointer data, gconstpointer base, gsize length)
{
  return jn_bankd_keys_sign (data, base, length);
}

/* Every answer of the bank fits the one request that it belongs to. */
static void
sign_reply (JnBankdCore *core, const JnBankdRequest *request, JnBankdReply *reply)
{
  const JnHttpMessage message = { .status = reply->status,
                                  .get_field = get_reply_field,
                                  .data = reply };
  g_autofree char *id = jn_bankd_keys_make_id (core);
  g_autofree char *input = NULL;
  g_autofree char *signature = NULL;

  if (!jn_http_sign (&message, &request->http, jn_clock_now (core->clock) / JN_SECOND, id, sign,
                     core, &input, &signature))
    return;
  add_header (reply, "Signature-Input", input);
  add_header (reply, "Signature", signature);
}

static JnBankdRequest
read_request (const JnBankdMessage *message, GHashTable *fields, char **parts)
{
  return (JnBankdRequest){
    .method = message->method,
    .path = parts[0] != NULL ? parts[0] : "",
    .query = parts[0] != NULL ? parts[1] : NULL,
    .request_id = get_field (fields, "x-request-id"),
    .authorization = get_field (fields, "authorization"),
    .consent_id = get_field (fields, "consent-id"),
    .idempotency_key = get_field (fields, "idempotency-key"),
    .if_none_match = get_field (fields, "if-none-match"),
    .content_type = get_field (fields, "content-type"),
    .last_event_id = get_field (fields, "last-event-id"),
    .body = message->body,
    .body_length = message->body_length,
    .too_large = message->too_large || message->body_length > JN_BANKD_MAX_BODY,
    .http = { .method = message->method,
              .target = message->target,
              .get_field = get_field,
              .data = fields },
  };
}

/* @job: which the message waited for, taken over; NULL: none. */
static void
handle (JnBankdCore *core, const JnBankdMessage *message, gboolean again, JnBankdJob *job,
        JnBankdReply *reply)
{
  g_autoptr (JnBankdJob) waited = job;
  g_autoptr (GHashTable) fields = read_fields (message);
  g_auto (GStrv) parts = g_strsplit (message->target, "?", 2);
  JnBankdAnswer answer = { .commit_time = -1 };
  JnBankdRequest request = read_request (message, fields, parts);

  request.again = again;
  request.job = waited;
  jn_bankd_router_handle (core, &request, &answer);
  if (waited != NULL)
    jn_bankd_hasher_release (core->hasher, waited);
  jn_bankd_reply_clear (reply);
  reply->job = g_steal_pointer (&answer.job);
  if (reply->job != NULL)
    return;
  reply->status = answer.status;
  reply->wait = answer.wait;
  write_headers (core, &request, &answer, reply);
  add_location (core, &answer, reply);
  take_body (&answer, reply);
  take_stream (core, &answer, reply);
  sign_reply (core, &request, reply);
  jn_bankd_answer_clear (&answer);
}

static void
run_here (JnBankdCore *core, const JnBankdMessage *message, JnBankdReply *reply)
{
  if (reply->job == NULL || !jn_bankd_hasher_is_inline (core->hasher))
    return;
  jn_bankd_hasher_run (core->hasher, reply->job);
  handle (core, message, TRUE, g_steal_pointer (&reply->job), reply);
}

void
jn_bankd_door_wait (JnBankdCore *core, JnBankdReply *reply, GFunc done, gpointer data)
{
  jn_bankd_hasher_wait (core->hasher, reply->job, done, data);
}

void
jn_bankd_door_forget (JnBankdCore *core, JnBankdReply *reply, gpointer data)
{
  jn_bankd_hasher_forget (core->hasher, reply->job, data);
}

void
jn_bankd_door_handle (JnBankdCore *core, const JnBankdMessage *message, JnBankdReply *reply)
{
  handle (core, message, FALSE, NULL, reply);
  run_here (core, message, reply);
}

void
jn_bankd_door_look_again (JnBankdCore *core, const JnBankdMessage *message, JnBankdReply *reply)
{
  handle (core, message, TRUE, g_steal_pointer (&reply->job), reply);
  run_here (core, message, reply);
}
