#include "bankd-wire.h"

#include "bankd-signer.h"

#include <string.h>

#include "jn-id.h"
#include "jn-json.h"

void
wire_reply_free (WireReply *reply)
{
  g_free (reply->headers);
  g_free (reply->body);
  g_free (reply);
}

static GString *
read_all (GInputStream *stream)
{
  GString *text = g_string_new (NULL);
  char buffer[4096];
  gssize n;

  while ((n = g_input_stream_read (stream, buffer, sizeof buffer, NULL, NULL)) > 0)
    g_string_append_len (text, buffer, n);
  return text;
}

static WireReply *
parse (GString *text)
{
  WireReply *reply = g_new0 (WireReply, 1);
  const char *end = strstr (text->str, "\r\n\r\n");
  const char *length;

  if (end == NULL || !g_str_has_prefix (text->str, "HTTP/1.1 "))
    return reply;
  reply->status = (guint) g_ascii_strtoull (text->str + 9, NULL, 10);
  reply->headers = g_strndup (text->str, (gsize) (end - text->str) + 2);
  reply->body = g_strdup (end + 4);
  length = strstr (reply->headers, "\r\nContent-Length: ");
  reply->whole = length == NULL
                 || g_ascii_strtoull (length + strlen ("\r\nContent-Length: "), NULL, 10)
                        == strlen (reply->body);
  return reply;
}

WireReply *
wire_send (const char *address, const char *method, const char *target, const char *headers,
           const char *body)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect_to_host (client, address + strlen ("http://"), 80, NULL, NULL);
  g_autofree char *uuid = g_uuid_string_random ();
  gboolean has_id = headers != NULL && strstr (headers, "x-request-id: ") != NULL;
  g_autofree char *request = NULL;
  GString *text;
  WireReply *reply;

  if (connection == NULL)
    return g_new0 (WireReply, 1);
  request = g_strdup_printf ("%s %s HTTP/1.1\r\nHost: bank\r\nConnection: close\r\n"
                             "%s%s%sContent-Type: application/json\r\n"
                             "Content-Length: %" G_GSIZE_FORMAT "\r\n%s\r\n%s",
                             method, target, has_id ? "" : "X-Request-ID: ", has_id ? "" : uuid,
                             has_id ? "" : "\r\n", body != NULL ? strlen (body) : 0,
                             headers != NULL ? headers : "", body != NULL ? body : "");
  /* A bank that hangs up early may break the pipe: what it said before counts. */
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), request,
                             strlen (request), NULL, NULL, NULL);
  text = read_all (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  reply = parse (text);
  g_string_free (text, TRUE);
  return reply;
}

static char *
make_lines (GHashTable *fields)
{
  GString *lines = g_string_new (NULL);
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, fields);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (strcmp (name, "content-type") != 0)
      g_string_append_printf (lines, "%s: %s\r\n", (char *) name, (char *) value);
  return g_string_free (lines, FALSE);
}

char *
wire_make_request (const char *method, const char *target, GHashTable *fields)
{
  g_autofree char *lines = make_lines (fields);

  return g_strdup_printf ("%s %s HTTP/1.1\r\nHost: bank\r\n%s\r\n", method, target, lines);
}

WireReply *
wire_send_fields (const char *address, const char *method, const char *target, GHashTable *fields,
                  const char *body)
{
  g_autofree char *lines = make_lines (fields);

  return wire_send (address, method, target, lines, body);
}

GHashTable *
wire_reply_fields (const WireReply *reply)
{
  GHashTable *fields = fields_new ();
  g_auto (GStrv) lines = g_strsplit (reply->headers != NULL ? reply->headers : "", "\r\n", -1);

  for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++)
    {
      char *colon = strstr (lines[i], ": ");

      if (colon == NULL)
        continue;
      *colon = '\0';
      fields_set (fields, lines[i], colon + 2);
    }
  return fields;
}

WireReply *
wire_write (const char *address, const char *method, const char *target, const char *key,
            const char *body)
{
  static Signer signer;
  static GMutex mutex;
  static const guint8 seed[crypto_sign_SEEDBYTES];
  g_autoptr (GHashTable) fields = fields_new ();
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", key);
  g_autofree char *uuid = g_uuid_string_random ();

  fields_set (fields, "x-request-id", uuid);
  fields_set (fields, "idempotency-key", quoted);
  g_mutex_lock (&mutex);
  if (signer.counter == 0)
    signer_init (&signer, seed);
  signer_sign (&signer, method, target, fields, body);
  g_mutex_unlock (&mutex);
  return wire_send_fields (address, method, target, fields, body);
}

char *
wire_make_id (void)
{
  g_autoptr (JnClock) clock = jn_system_clock_new ();
  g_autoptr (JnEntropy) entropy = jn_system_entropy_new ();
  JnId id = jn_id_make (clock, entropy);

  return jn_id_to_string (&id);
}

guint
wire_count_messages (const char *address)
{
  g_autoptr (WireReply) reply =
      wire_send (address, "GET", "/wallet/v1/test-phone/messages", NULL, NULL);
  g_autoptr (JnJsonDoc) doc = NULL;

  g_assert_cmpuint (reply->status, ==, 200);
  doc = jn_json_parse (reply->body, strlen (reply->body), NULL);
  g_assert_nonnull (doc);
  return jn_json_length (jn_json_get (jn_json_doc_root (doc), "messages"));
}
