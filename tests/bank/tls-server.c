#include "tls-server.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define FLAG "--serve"
#define BODY "{\"ok\":true}"

static void
answer (GOutputStream *out, const char *request, const char *location)
{
  g_autofree char *hash = NULL;
  g_autofree char *text = NULL;
  gboolean redirect = strstr (request, " /redirect ") != NULL;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize n = sizeof digest;

  g_checksum_update (checksum, (const guchar *) BODY, strlen (BODY));
  g_checksum_get_digest (checksum, digest, &n);
  hash = g_base64_encode (digest, n);
  text = g_strdup_printf ("HTTP/1.1 %s\r\n%s%s%sContent-Type: application/json\r\n"
                          "Content-Digest: sha-256=:%s:\r\nContent-Length: %zu\r\n"
                          "Connection: close\r\n\r\n" BODY,
                          redirect ? "302 Found" : "200 OK", redirect ? "Location: " : "",
                          redirect ? location : "", redirect ? "\r\n" : "", hash, strlen (BODY));
  g_output_stream_write_all (out, text, strlen (text), NULL, NULL, NULL);
}

/* Reads to the end of the headers; the body of a write is small and comes with them or is not waited for. */
static void
talk (GIOStream *stream, TlsReport *report, const char *location)
{
  g_autoptr (GString) request = g_string_new (NULL);
  GInputStream *in = g_io_stream_get_input_stream (stream);
  char buffer[4096];
  gssize n;

  while ((n = g_input_stream_read (in, buffer, sizeof buffer, NULL, NULL)) > 0)
    {
      g_string_append_len (request, buffer, n);
      report->bytes += (guint) n;
      if (strstr (request->str, "\r\n\r\n") != NULL)
        {
          answer (g_io_stream_get_output_stream (stream), request->str, location);
          break;
        }
    }
  g_io_stream_close (stream, NULL, NULL);
}

static void
serve_one (GSocketConnection *connection, GTlsCertificate *certificate, TlsReport *report,
           const char *location)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) tls =
      g_tls_server_connection_new (G_IO_STREAM (connection), certificate, &error);

  g_assert_no_error (error);
  report->connections++;
  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (tls), FALSE);
  if (!g_tls_connection_handshake (G_TLS_CONNECTION (tls), NULL, &error))
    return;
  report->handshakes++;
  talk (tls, report, location);
}

/* The first byte of TLS is 22; whoever begins with '?' gets the report instead, and it ends. */
static gboolean
is_question (GSocketConnection *connection)
{
  GSocket *socket = g_socket_connection_get_socket (connection);
  char first = 0;
  GInputVector vector = { &first, 1 };
  int flags = G_SOCKET_MSG_PEEK;

  g_socket_receive_message (socket, NULL, &vector, 1, NULL, NULL, &flags, NULL, NULL);
  return first == '?';
}

void
tls_server_main (int argc, char **argv)
{
  g_autoptr (GSocketListener) listener = NULL;
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autoptr (GError) error = NULL;
  TlsReport report = { 0 };

  if (argc < 4 || !g_str_equal (argv[1], FLAG))
    return;
  /* A test that fails leaves nobody behind. */
  prctl (PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  listener = g_socket_listener_new ();
  certificate = g_tls_certificate_new_from_file (argv[2], &error);
  g_assert_no_error (error);
  printf ("%u\n", g_socket_listener_add_any_inet_port (listener, NULL, &error));
  g_assert_no_error (error);
  fflush (stdout);
  for (;;)
    {
      g_autoptr (GSocketConnection) connection =
          g_socket_listener_accept (listener, NULL, NULL, &error);

      g_assert_no_error (error);
      if (is_question (connection))
        break;
      serve_one (connection, certificate, &report, argv[3]);
    }
  printf ("%u %u %u\n", report.connections, report.handshakes, report.bytes);
  fflush (stdout);
  _exit (0);
}

static void
read_line (TlsServer *server, char *line, gsize room)
{
  GInputStream *out = g_subprocess_get_stdout_pipe (server->process);
  gsize n = 0;

  while (n + 1 < room && g_input_stream_read (out, line + n, 1, NULL, NULL) == 1)
    if (line[n++] == '\n')
      break;
  line[n] = '\0';
}

TlsServer *
tls_server_start (const char *program, const char *pem, const char *priority, const char *location)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GError) error = NULL;
  TlsServer *server = g_new0 (TlsServer, 1);
  char line[64];
  unsigned port = 0;

  g_subprocess_launcher_unsetenv (launcher, "SSLKEYLOGFILE");
  g_subprocess_launcher_unsetenv (launcher, "G_TLS_GNUTLS_PRIORITY");
  if (priority != NULL)
    g_subprocess_launcher_setenv (launcher, "G_TLS_GNUTLS_PRIORITY", priority, TRUE);
  server->process = g_subprocess_launcher_spawn (launcher, &error, program, FLAG, pem,
                                                 location != NULL ? location : "/", NULL);
  g_assert_no_error (error);
  read_line (server, line, sizeof line);
  g_assert_cmpint (sscanf (line, "%u", &port), ==, 1);
  server->port = (guint16) port;
  return server;
}

TlsReport
tls_server_stop (TlsServer *server)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  TlsReport report = { 0 };
  char line[64];

  connection = g_socket_client_connect_to_host (client, "127.0.0.1", server->port, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), "?", 1, NULL,
                             NULL, &error);
  g_assert_no_error (error);
  read_line (server, line, sizeof line);
  g_assert_cmpint (
      sscanf (line, "%u %u %u", &report.connections, &report.handshakes, &report.bytes), ==, 3);
  g_subprocess_wait_check (server->process, NULL, &error);
  g_assert_no_error (error);
  g_object_unref (server->process);
  g_free (server);
  return report;
}
