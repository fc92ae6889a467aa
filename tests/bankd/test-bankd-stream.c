/* News as server-sent events, over real sockets. */
#include <string.h>

#include "bankd-ask.h"
#include "bankd-wire.h"
#include "jn-bankd.h"

#define STREAM "/wallet/v1/events/stream"

static JnBankd *
start (void)
{
  g_autoptr (GError) error = NULL;
  JnBankdOptions options = { 0 };
  JnBankd *bank = jn_bankd_start (&options, &error);

  g_assert_no_error (error);
  return bank;
}

typedef struct
{
  GSocketConnection *connection;
  GString *text; /* what has come */
  gboolean ended;
} Line;

static void
line_clear (Line *self)
{
  g_object_unref (self->connection);
  g_string_free (self->text, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Line, line_clear)

/* Opens a stream; @last NULL: without Last-Event-ID. */
static Line
line_open (World *world, const char *last)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GHashTable) fields = world_fields (world, NULL);
  g_autofree char *request = NULL;
  Line line = { .text = g_string_new (NULL) };

  if (last != NULL)
    fields_set (fields, "last-event-id", last);
  signer_sign (&world->signer, "GET", STREAM, fields, NULL);
  request = wire_make_request ("GET", STREAM, fields);
  line.connection =
      g_socket_client_connect_to_host (client, world->address + strlen ("http://"), 80, NULL, NULL);
  g_assert_nonnull (line.connection);
  g_assert_true (
      g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (line.connection)),
                                 request, strlen (request), NULL, NULL, NULL));
  return line;
}

/* Reads until @wanted was said or the line ends. */
static gboolean
line_wait (Line *self, const char *wanted)
{
  GInputStream *stream = g_io_stream_get_input_stream (G_IO_STREAM (self->connection));
  char buffer[512];

  while (strstr (self->text->str, wanted) == NULL && !self->ended)
    {
      gssize n = g_input_stream_read (stream, buffer, sizeof buffer, NULL, NULL);

      self->ended = n <= 0;
      if (n > 0)
        g_string_append_len (self->text, buffer, n);
    }
  return strstr (self->text->str, wanted) != NULL;
}

/* The last chunk of a body that has none to come. */
#define END "\r\n0\r\n\r\n"

static void
test_news (void)
{
  g_autoptr (JnBankd) bank = start ();
  g_autoptr (World) world = world_new_remote (jn_bankd_get_address (bank));
  g_auto (Line) line = { 0 };

  world_enrol (world);
  line = line_open (world, NULL);
  g_assert_true (line_wait (&line, "retry: 1000\n\n"));
  g_assert_nonnull (strstr (line.text->str, "Content-Type: text/event-stream\r\n"));
  g_assert_nonnull (strstr (line.text->str, "Signature: jn=:"));
  g_assert_null (strstr (line.text->str, "Content-Digest"));
  g_assert_null (strstr (line.text->str, "event:"));
  g_free (world_buy_coffee (world));
  g_assert_true (line_wait (&line, "event: feed\ndata: {}\n\n"));
  g_assert_true (line_wait (&line, "event: points\ndata: {}\n\n"));
  g_assert_true (line_wait (&line, "event: offers\ndata: {}\n\n"));
}

/* What was said while nobody listened is said at the next opening, and not again after it. */
static void
test_last_event (void)
{
  g_autoptr (JnBankd) bank = start ();
  g_autoptr (World) world = world_new_remote (jn_bankd_get_address (bank));
  g_autoptr (Reply) news = NULL;
  g_auto (Line) late = { 0 };
  g_auto (Line) later = { 0 };
  g_autofree char *last = NULL;
  gint64 number = 0;

  world_enrol (world);
  g_free (world_buy_coffee (world));
  late = line_open (world, "0");
  g_assert_true (line_wait (&late, "event: feed\n"));
  news = world_call (world, "GET", "/wallet/v1/events?after=0&wait=0", NULL, NULL);
  g_assert_true (jn_json_integer (jn_json_get (news->json, "last"), &number));
  last = g_strdup_printf ("%" G_GINT64_FORMAT, number);
  later = line_open (world, last);
  g_assert_true (line_wait (&later, "retry"));
  g_free (world_buy_coffee (world));
  g_assert_true (line_wait (&later, "event: points\n"));
  g_assert_null (strstr (later.text->str, "event: profile"));
  g_assert_null (strstr (later.text->str, "id: 1\n"));
}

static void
test_bad_last_event (void)
{
  g_autoptr (JnBankd) bank = start ();
  g_autoptr (World) world = world_new_remote (jn_bankd_get_address (bank));
  g_auto (Line) line = { 0 };
  g_auto (Line) unsigned_line = { 0 };

  world_enrol (world);
  line = line_open (world, "-1");
  g_assert_true (line_wait (&line, "HTTP/1.1 400"));
  g_free (world->consent);
  world->consent = NULL;
  unsigned_line = line_open (world, NULL);
  g_assert_true (line_wait (&unsigned_line, "HTTP/1.1 401"));
}

/* A device has a few streams; each more ends its oldest. Whoever is put out hears no more. */
static void
test_bound (void)
{
  g_autoptr (JnBankd) bank = start ();
  g_autoptr (World) world = world_new_remote (jn_bankd_get_address (bank));
  Line lines[JN_BANKD_MAX_STREAMS + 1];
  g_autofree char *path = NULL;

  world_enrol (world);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      lines[i] = line_open (world, NULL);
      g_assert_true (line_wait (&lines[i], "retry"));
    }
  g_free (world_buy_coffee (world));
  g_assert_true (line_wait (&lines[0], END));
  g_assert_null (strstr (lines[0].text->str, "event: feed"));
  for (guint i = 1; i < G_N_ELEMENTS (lines); i++)
    g_assert_true (line_wait (&lines[i], "event: feed"));
  path = g_strdup_printf ("/psd2/v1/consents/%s", world->consent);
  reply_free (world_call (world, "DELETE", path, NULL, NULL));
  for (guint i = 1; i < G_N_ELEMENTS (lines); i++)
    g_assert_true (line_wait (&lines[i], END));
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    line_clear (&lines[i]);
}

/* What the bank remembers of who listens is bounded: it begins anew, and whoever is put out by that may come again. */
static void
test_bound_of_all (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  JnBankdCore *core = world->core;

  world_enrol (world);
  g_autoptr (Ask) first = ask_signed (world, "GET", STREAM, NULL, NULL);
  g_assert_true (first->got.stream);
  for (guint i = 1; i < JN_BANKD_MAX_DEVICES; i++)
    g_hash_table_insert (core->streams, g_strdup_printf ("%u", i), g_new0 (guint64, 1));
  g_assert_true (jn_bankd_door_stream (core, &first->got, text));
  world_enrol (world);
  g_autoptr (Ask) second = ask_signed (world, "GET", STREAM, NULL, NULL);
  g_assert_cmpuint (g_hash_table_size (core->streams), ==, 1);
  g_assert_false (jn_bankd_door_stream (core, &first->got, text));
  g_assert_true (jn_bankd_door_stream (core, &second->got, text));
  g_assert_cmpuint (g_hash_table_size (core->streams), ==, 1);
}

/* A line that is quiet says that it lives; a stop ends it in order; a client that went away harms nobody. */
static void
test_quiet_and_stop (void)
{
  g_autoptr (JnBankd) bank = start ();
  g_autoptr (World) world = world_new_remote (jn_bankd_get_address (bank));
  g_auto (Line) line = { 0 };

  world_enrol (world);
  {
    g_auto (Line) gone = line_open (world, NULL);

    g_assert_true (line_wait (&gone, "retry"));
  }
  line = line_open (world, NULL);
  g_assert_true (line_wait (&line, "\r\n:\n\n"));
  g_free (world_buy_coffee (world));
  g_assert_true (line_wait (&line, "event: feed"));
  jn_bankd_stop (bank);
  g_assert_true (line_wait (&line, END));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bankd/stream/news", test_news);
  g_test_add_func ("/bankd/stream/last-event", test_last_event);
  g_test_add_func ("/bankd/stream/bad-last-event", test_bad_last_event);
  g_test_add_func ("/bankd/stream/bound", test_bound);
  g_test_add_func ("/bankd/stream/bound-of-all", test_bound_of_all);
  g_test_add_func ("/bankd/stream/quiet-and-stop", test_quiet_and_stop);
  return g_test_run ();
}
