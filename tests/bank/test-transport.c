/* HTTP against a server that does everything wrong: each has its error, nothing is believed, nothing grows. */
#include "hostile-server.h"
#include "wait.h"

#include "jn-error.h"
#include "jn-transport.h"

#include <string.h>
#include <stdio.h>
#include <unistd.h>

typedef struct
{
  HostileServer *server;
  JnTransport *transport;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->server = hostile_server_start ();
  f->transport = jn_soup_transport_new (hostile_server_get_address (f->server), NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_object_unref (f->transport);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  hostile_server_stop (f->server);
}

static JnAnswer *
send_request (JnTransport *transport, JnRequest *request, GError **error)
{
  Wait wait = { 0 };
  jn_transport_send_async (transport, request, NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  return jn_transport_send_finish (transport, result, error);
}

static JnRequest *
make_request (const char *method, const char *path)
{
  JnRequest *request = jn_request_new (method, path);
  if (!g_str_equal (method, "GET"))
    request->body = g_bytes_new_static ("{\"a\":1}", 7);
  request->timeout_ms = 20000;
  return request;
}

static void
check_error (Fixture *f, const char *method, const char *path, JnErrorCode code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnAnswer) answer = send_request (f->transport, make_request (method, path), &error);
  g_assert_null (answer);
  g_test_message ("%s %s: %s", method, path, error->message);
  g_assert_cmpstr (jn_error_code_get_name (error->code), ==, jn_error_code_get_name ((int) code));
  g_assert_true (error->domain == JN_ERROR);
}

static void
check_answer (Fixture *f, const char *method, const char *path, guint status, const char *body)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnAnswer) answer = send_request (f->transport, make_request (method, path), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (answer->status, ==, status);
  gsize length = 0;
  const char *data = g_bytes_get_data (answer->body, &length);
  g_assert_cmpmem (data, length, body, strlen (body));
}

static void
test_good (Fixture *f, gconstpointer data)
{
  check_answer (f, "GET", "/ok", 200, "{\"ok\":true}");
  check_answer (f, "POST", "/ok", 200, "{\"ok\":true}");
  check_answer (f, "GET", "/chunked", 200, "{\"ok\":true}");
  check_answer (f, "PUT", "/problem", 400, "{\"ok\":true}");
  check_answer (f, "DELETE", "/no-content", 204, "");
  /* Whose answer it is, its signature says elsewhere. */
  check_answer (f, "GET", "/proxy-error", 502, "<html></html>");
  check_answer (f, "GET", "/html", 200, "<html></html>");
  check_answer (f, "PUT", "/no-digest", 200, "{\"ok\":true}");
}

static void
test_bad (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *path;
    JnErrorCode code;
  } cases[] = {
    { "/half", JN_ERROR_ANSWER_CUT },
    { "/close-after-reading", JN_ERROR_SENT_NO_ANSWER },
    { "/garbage", JN_ERROR_SENT_NO_ANSWER },
    { "/half-headers", JN_ERROR_SENT_NO_ANSWER },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      check_error (f, "GET", cases[i].path, cases[i].code);
      check_error (f, "POST", cases[i].path, cases[i].code);
      /* A write is sent once, whatever comes back. */
      check_error (f, "PUT", cases[i].path, cases[i].code);
    }
}

static void
test_write_is_sent_once (Fixture *f, gconstpointer data)
{
  check_answer (f, "GET", "/ok", 200, "{\"ok\":true}");
  check_error (f, "PUT", "/close", JN_ERROR_SENT_NO_ANSWER);
  g_assert_cmpuint (hostile_server_get_count (f->server, "/close"), ==, 1);
  check_error (f, "POST", "/close", JN_ERROR_SENT_NO_ANSWER);
  g_assert_cmpuint (hostile_server_get_count (f->server, "/close"), ==, 2);
}

static void
test_redirect (Fixture *f, gconstpointer data)
{
  check_answer (f, "GET", "/redirect", 302, "{\"ok\":true}");
  g_assert_cmpuint (hostile_server_get_count (f->server, "/ok"), ==, 0);
}

static gsize
resident_bytes (void)
{
  g_autofree char *text = NULL;
  gsize pages = 0, resident = 0;
  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%zu %zu", &pages, &resident), ==, 2);
  return resident * (gsize) sysconf (_SC_PAGESIZE);
}

/* 100 MB without an end, 100 MB announced, and 64 MB in 64 KB: refused, and memory stays bounded. */
static void
test_too_much (Fixture *f, gconstpointer data)
{
  gsize before = resident_bytes ();
  check_error (f, "GET", "/endless", JN_ERROR_ANSWER_INVALID);
  check_error (f, "GET", "/huge", JN_ERROR_ANSWER_INVALID);
  /* Nothing is unpacked: what came is what is there. */
  g_autoptr (GError) error = NULL;
  g_autoptr (JnAnswer) packed = send_request (f->transport, make_request ("GET", "/bomb"), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (packed->body), <, 128 * 1024);
  gsize after = resident_bytes ();
  g_test_message ("memory grew by %zu kB", after > before ? (after - before) / 1024 : 0);
#ifndef __SANITIZE_ADDRESS__
  g_assert_cmpuint (after, <, before + 48 * 1024 * 1024);
#endif
}

static void
test_deadline (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *path;
    JnErrorCode code;
  } cases[] = { { "/stall", JN_ERROR_SENT_NO_ANSWER }, { "/stall-in-body", JN_ERROR_ANSWER_CUT } };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      JnRequest *request = make_request ("POST", cases[i].path);
      request->timeout_ms = 300;
      g_assert_null (send_request (f->transport, request, &error));
      g_assert_cmpint (error->code, ==, cases[i].code);
    }
}

static void
on_count (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnAnswer) answer = jn_transport_send_finish (JN_TRANSPORT (source), result, &error);
  g_assert_null (answer);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  ++*(guint *) user_data;
}

static void
test_cancel (Fixture *f, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  guint ended = 0;
  jn_transport_send_async (f->transport, make_request ("POST", "/stall"), cancellable, on_count,
                           &ended);
  while (hostile_server_get_count (f->server, "/stall") == 0)
    g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (cancellable);
  while (ended == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (ended, ==, 1);
}

/* Nobody listens: certainly nothing was sent. */
static void
test_offline (void)
{
  HostileServer *server = hostile_server_start ();
  g_autofree char *address = g_strdup (hostile_server_get_address (server));
  hostile_server_stop (server);
  Fixture f = { NULL, jn_soup_transport_new (address, NULL) };
  check_error (&f, "GET", "/ok", JN_ERROR_OFFLINE);
  check_error (&f, "POST", "/ok", JN_ERROR_OFFLINE);
  g_object_unref (f.transport);
}

/* A kept connection to a server that is gone: a read is offline, a write was never sent. */
static void
test_server_goes_away (void)
{
  HostileServer *server = hostile_server_start ();
  Fixture f = { server, jn_soup_transport_new (hostile_server_get_address (server), NULL) };
  check_answer (&f, "GET", "/chunked", 200, "{\"ok\":true}");
  hostile_server_stop (server);
  check_error (&f, "GET", "/ok", JN_ERROR_OFFLINE);
  check_error (&f, "PUT", "/ok", JN_ERROR_OFFLINE);
  g_object_unref (f.transport);
}

static void
test_cut (Fixture *f, gconstpointer data)
{
  g_autoptr (JnCutTransport) cut = jn_cut_transport_new (f->transport);
  Fixture through = { f->server, JN_TRANSPORT (cut) };

  check_answer (&through, "GET", "/ok", 200, "{\"ok\":true}");
  jn_cut_transport_set_cut (cut, TRUE);
  g_assert_true (jn_cut_transport_get_cut (cut));
  check_error (&through, "GET", "/ok", JN_ERROR_OFFLINE);
  check_error (&through, "POST", "/ok", JN_ERROR_OFFLINE);
  g_assert_cmpuint (hostile_server_get_count (f->server, "/ok"), ==, 1);

  g_autoptr (GError) error = NULL;
  JnRequest *write = make_request ("POST", "/ok");
  jn_request_add_header (write, "Idempotency-Key", "\"key\"");
  g_assert_null (send_request (JN_TRANSPORT (cut), write, &error));
  g_assert_true (jn_error_is (error, JN_ERROR_SENT_NO_ANSWER));
  g_assert_cmpuint (hostile_server_get_count (f->server, "/ok"), ==, 2);
  jn_cut_transport_set_cut (cut, FALSE);
  check_answer (&through, "POST", "/ok", 200, "{\"ok\":true}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/bank/transport/good", test_good);
  ADD ("/bank/transport/bad", test_bad);
  ADD ("/bank/transport/write-is-sent-once", test_write_is_sent_once);
  ADD ("/bank/transport/redirect", test_redirect);
  ADD ("/bank/transport/too-much", test_too_much);
  ADD ("/bank/transport/deadline", test_deadline);
  ADD ("/bank/transport/cancel", test_cancel);
  ADD ("/bank/transport/cut", test_cut);
  g_test_add_func ("/bank/transport/offline", test_offline);
  g_test_add_func ("/bank/transport/server-goes-away", test_server_goes_away);
  return g_test_run ();
}
