#include "bankd-wire.h"

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
  g_autofree char *request = NULL;
  GString *text;
  WireReply *reply;

  if (connection == NULL)
    return g_new0 (WireReply, 1);
  request = g_strdup_printf ("%s %s HTTP/1.1\r\nHost: bank\r\nConnection: close\r\n"
                             "X-Request-ID: %s\r\nContent-Type: application/json\r\n"
                             "Content-Length: %" G_GSIZE_FORMAT "\r\n%s\r\n%s",
                             method, target, uuid, body != NULL ? strlen (body) : 0,
                             headers != NULL ? headers : "", body != NULL ? body : "");
  /* A bank that hangs up early may break the pipe: what it said before counts. */
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), request,
                             strlen (request), NULL, NULL, NULL);
  text = read_all (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  reply = parse (text);
  g_string_free (text, TRUE);
  return reply;
}

WireReply *
wire_write (const char *address, const char *method, const char *target, const char *key,
            const char *body)
{
  g_autofree char *headers = g_strdup_printf ("Idempotency-Key: \"%s\"\r\n", key);

  return wire_send (address, method, target, headers, body);
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
