#include "hostile-server.h"

#include <string.h>

struct _HostileServer
{
  GSocketService *service;
  char *address;
  GMutex mutex;
  GHashTable *counts;
  gint stopping;
  GThread *thread;
  GMainContext *context;
};

#define JSON_TYPE "Content-Type: application/json\r\n"

static char *
digest_of (const char *body)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 bytes[32];
  gsize n = sizeof bytes;
  g_checksum_update (checksum, (const guchar *) body, (gssize) strlen (body));
  g_checksum_get_digest (checksum, bytes, &n);
  g_autofree char *text = g_base64_encode (bytes, n);
  return g_strdup_printf ("Content-Digest: sha-256=:%s:\r\n", text);
}

static gboolean
put (GOutputStream *out, const char *text)
{
  return g_output_stream_write_all (out, text, strlen (text), NULL, NULL, NULL);
}

/* A proper answer, with room for one thing to be wrong. */
static void
answer (GOutputStream *out, const char *status, const char *headers, const char *digest_body,
        gsize announced, const char *body)
{
  g_autofree char *digest = digest_body != NULL ? digest_of (digest_body) : g_strdup ("");
  g_autofree char *text = g_strdup_printf ("HTTP/1.1 %s\r\n%s%sContent-Length: %" G_GSIZE_FORMAT
                                           "\r\nConnection: close\r\n\r\n%s",
                                           status, headers, digest, announced, body);
  put (out, text);
}

static void
answer_chunked (GOutputStream *out, const char *body, const char *sent, gboolean end)
{
  g_autofree char *digest = digest_of (body);
  g_autofree char *text = g_strdup_printf ("HTTP/1.1 200 OK\r\n" JSON_TYPE
                                           "%sTransfer-Encoding: chunked\r\n\r\n%zx\r\n%s\r\n%s",
                                           digest, strlen (sent), sent, end ? "0\r\n\r\n" : "");
  put (out, text);
}

static void
answer_endless (GOutputStream *out, gboolean announced)
{
  g_autofree char *block = g_strnfill (64 * 1024, ' ');
  put (out, announced ? "HTTP/1.1 200 OK\r\n" JSON_TYPE "Content-Length: 104857600\r\n\r\n"
                      : "HTTP/1.1 200 OK\r\n" JSON_TYPE "Connection: close\r\n\r\n");
  for (guint i = 0; i < 1600; i++)
    if (!put (out, block))
      return;
}

/* Zeros, packed a thousand to one. */
static void
answer_bomb (GOutputStream *out)
{
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GZlibCompressor) zip = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9);
  g_autoptr (GOutputStream) packed = g_converter_output_stream_new (memory, G_CONVERTER (zip));
  g_autofree char *block = g_malloc0 (1024 * 1024);
  for (guint i = 0; i < 64; i++)
    g_output_stream_write_all (packed, block, 1024 * 1024, NULL, NULL, NULL);
  g_output_stream_close (packed, NULL, NULL);
  gsize size = g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (memory));
  g_autofree char *head = g_strdup_printf ("HTTP/1.1 200 OK\r\n" JSON_TYPE
                                           "Content-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n",
                                           size);
  put (out, head);
  g_output_stream_write_all (out, g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (memory)),
                             size, NULL, NULL, NULL);
}

static void
stall (HostileServer *server, GSocketConnection *connection)
{
  /* Until the client gives up: then a read ends. */
  char byte;
  g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), &byte, 1, NULL,
                       NULL);
}

static void
answer_path (HostileServer *server, GSocketConnection *connection, const char *path)
{
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  static const char ok[] = "{\"ok\":true}";

  if (g_str_equal (path, "/ok"))
    answer (out, "200 OK", JSON_TYPE, ok, strlen (ok), ok);
  else if (g_str_equal (path, "/problem"))
    answer (out, "400 Bad Request", "Content-Type: application/problem+json\r\n", ok, strlen (ok),
            ok);
  else if (g_str_equal (path, "/html"))
    answer (out, "200 OK", "Content-Type: text/html\r\n", "<html></html>", 13, "<html></html>");
  else if (g_str_equal (path, "/proxy-error"))
    answer (out, "502 Bad Gateway", "Content-Type: text/html\r\n", NULL, 13, "<html></html>");
  else if (g_str_equal (path, "/no-digest"))
    answer (out, "200 OK", JSON_TYPE, NULL, strlen (ok), ok);
  else if (g_str_equal (path, "/other-digest"))
    answer (out, "200 OK", JSON_TYPE, "{\"ok\":false}", strlen (ok), ok);
  else if (g_str_equal (path, "/half"))
    answer (out, "200 OK", JSON_TYPE, ok, strlen (ok) * 2, ok);
  else if (g_str_equal (path, "/too-long"))
    answer (out, "200 OK", JSON_TYPE, ok, 4, ok);
  else if (g_str_equal (path, "/chunked"))
    answer_chunked (out, ok, ok, TRUE);
  else if (g_str_equal (path, "/no-final-chunk"))
    answer_chunked (out, ok, "{\"ok\":", FALSE);
  else if (g_str_equal (path, "/endless"))
    answer_endless (out, FALSE);
  else if (g_str_equal (path, "/huge"))
    answer_endless (out, TRUE);
  else if (g_str_equal (path, "/bomb"))
    answer_bomb (out);
  else if (g_str_equal (path, "/redirect"))
    answer (out, "302 Found", JSON_TYPE "Location: /ok\r\n", ok, strlen (ok), ok);
  else if (g_str_equal (path, "/no-content"))
    put (out, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
  else if (g_str_equal (path, "/garbage"))
    put (out, "\x16\x03\x01 this is not HTTP\r\n\r\n");
  else if (g_str_equal (path, "/half-headers"))
    put (out, "HTTP/1.1 200 OK\r\nContent-Type: applic");
  else if (g_str_equal (path, "/stall"))
    stall (server, connection);
  else if (g_str_equal (path, "/stall-in-body"))
    {
      answer (out, "200 OK", JSON_TYPE, ok, 4096, ok);
      stall (server, connection);
    }
  /* Any other path: closed without a word. */
}

/* Reads head and body of one request; gives its path. */
static char *
read_request (GSocketConnection *connection)
{
  g_autoptr (GDataInputStream) in =
      g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  gsize length = 0;
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (in), FALSE);
  g_data_input_stream_set_newline_type (in, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  g_autofree char *first = g_data_input_stream_read_line (in, NULL, NULL, NULL);
  if (first == NULL)
    return NULL;
  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (in, NULL, NULL, NULL);
      if (line == NULL)
        return NULL;
      if (line[0] == '\0')
        break;
      if (g_ascii_strncasecmp (line, "Content-Length:", 15) == 0)
        length = (gsize) g_ascii_strtoull (line + 15, NULL, 10);
    }
  g_autofree char *body = g_malloc (length + 1);
  if (length > 0 && !g_input_stream_read_all (G_INPUT_STREAM (in), body, length, NULL, NULL, NULL))
    return NULL;
  g_auto (GStrv) words = g_strsplit (first, " ", 3);
  return g_strv_length (words) == 3 ? g_strdup (words[1]) : NULL;
}

static gboolean
on_run (GThreadedSocketService *service, GSocketConnection *connection, GObject *source,
        gpointer user_data)
{
  HostileServer *server = user_data;
  g_autofree char *path = read_request (connection);
  if (path != NULL)
    {
      g_mutex_lock (&server->mutex);
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (server->counts, path));
      g_hash_table_replace (server->counts, g_strdup (path), GUINT_TO_POINTER (count + 1));
      g_mutex_unlock (&server->mutex);
      answer_path (server, connection, path);
    }
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  return TRUE;
}

static gpointer
run (gpointer data)
{
  HostileServer *server = data;
  g_main_context_push_thread_default (server->context);
  while (!g_atomic_int_get (&server->stopping))
    g_main_context_iteration (server->context, TRUE);
  g_socket_service_stop (server->service);
  g_socket_listener_close (G_SOCKET_LISTENER (server->service));
  while (g_main_context_iteration (server->context, FALSE))
    ;
  g_main_context_pop_thread_default (server->context);
  return NULL;
}

HostileServer *
hostile_server_start (void)
{
  HostileServer *server = g_new0 (HostileServer, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) given = NULL;

  g_mutex_init (&server->mutex);
  server->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  server->context = g_main_context_new ();
  g_main_context_push_thread_default (server->context);
  server->service = g_threaded_socket_service_new (16);
  g_signal_connect (server->service, "run", G_CALLBACK (on_run), server);
  g_socket_listener_add_address (G_SOCKET_LISTENER (server->service), wanted, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &given, &error);
  g_assert_no_error (error);
  g_main_context_pop_thread_default (server->context);
  server->address = g_strdup_printf (
      "http://127.0.0.1:%u", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (given)));
  server->thread = g_thread_new ("hostile", run, server);
  return server;
}

const char *
hostile_server_get_address (HostileServer *server)
{
  return server->address;
}

guint
hostile_server_get_count (HostileServer *server, const char *path)
{
  g_mutex_lock (&server->mutex);
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (server->counts, path));
  g_mutex_unlock (&server->mutex);
  return count;
}

void
hostile_server_stop (HostileServer *server)
{
  g_atomic_int_set (&server->stopping, TRUE);
  g_main_context_wakeup (server->context);
  g_thread_join (server->thread);
  g_object_unref (server->service);
  g_main_context_unref (server->context);
  g_hash_table_unref (server->counts);
  g_mutex_clear (&server->mutex);
  g_free (server->address);
  g_free (server);
}
