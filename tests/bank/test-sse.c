/* The reader of event streams: what it takes, in whatever pieces, and what it refuses. */
#include "jn-sse.h"

#include "jn-error.h"

#include <string.h>

static void
on_event (gpointer user_data, guint64 id, const char *kind, const char *data)
{
  g_string_append_printf (user_data, "%" G_GUINT64_FORMAT " %s [%s];", id, kind, data);
}

static const struct
{
  const char *text, *events;
} good[] = {
  { "", "" },
  { "retry: 1000\n\nid: 7\nevent: feed\ndata: {}\n\n", "7 feed [{}];" },
  { "id:7\r\nevent:feed\r\ndata:{}\r\n\r\n", "7 feed [{}];" },
  { "id: 7\revent: feed\rdata: {}\r\r", "7 feed [{}];" },
  { ":\n\n: alive\n\ndata\n\n", "0 message [];" },
  { "\xef\xbb\xbf"
    "data: x\n\n",
    "0 message [x];" },
  { "data: a\ndata: b\ndata:  c\n\n", "0 message [a\nb\n c];" },
  { "id: 1\ndata: x\n\ndata: y\n\nid: 2\n\ndata: z\n\n",
    "1 message [x];1 message [y];2 message [z];" },
  { "event: points\n\ndata: x\n\n", "0 message [x];" },
  { "unknown: field\nretry: soon\ndata: x\n\n", "0 message [x];" },
  { "data: half", "" },
  { "data: half\n", "" },
  { "id: 0\ndata: 锦囊\n\n", "0 message [锦囊];" },
};

static void
check (const char *text, gsize step, const char *events)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (JnSse) sse = jn_sse_new (on_event, out);
  g_autoptr (GError) error = NULL;
  gsize length = strlen (text);

  for (gsize at = 0; at < length; at += step)
    g_assert_true (jn_sse_feed (sse, text + at, MIN (step, length - at), &error));
  g_assert_no_error (error);
  g_assert_cmpstr (out->str, ==, events);
}

static void
test_good (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    for (gsize step = 1; step <= strlen (good[i].text) + 1; step++)
      check (good[i].text, step, good[i].events);
}

static JnSse *ended;

static void
end_it (gpointer user_data, guint64 id, const char *kind, const char *data)
{
  guint *events = user_data;
  (*events)++;
  g_clear_pointer (&ended, jn_sse_free);
}

/* An event ends the stream while its bytes are being read: the ones behind it are nobody's. */
static void
test_ended_by_an_event (void)
{
  static const char text[] = "data: a\n\ndata: b\n\n\xff\n";
  guint events = 0;

  ended = jn_sse_new (end_it, &events);
  g_assert_true (jn_sse_feed (ended, text, sizeof text - 1, NULL));
  g_assert_null (ended);
  g_assert_cmpuint (events, ==, 1);
}

static void
test_signs (void)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (JnSse) sse = jn_sse_new (on_event, out);
  static const char text[] = "retry: 2500\n:\n\n:\n\n";
  g_assert_true (jn_sse_feed (sse, text, strlen (text), NULL));
  g_assert_cmpuint (jn_sse_get_retry_ms (sse), ==, 2500);
  g_assert_cmpuint (jn_sse_get_comments (sse), ==, 2);
}

static void
check_refused (const char *data, gsize length)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (JnSse) sse = jn_sse_new (on_event, out);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again = NULL;

  g_assert_false (jn_sse_feed (sse, data, length, &error));
  g_assert_error (error, JN_ERROR, JN_ERROR_ANSWER_INVALID);
  g_assert_false (jn_sse_feed (sse, "data: x\n\n", 9, &again));
  g_assert_error (again, JN_ERROR, JN_ERROR_ANSWER_INVALID);
  g_assert_cmpstr (out->str, ==, "");
}

static void
test_bad (void)
{
  static const char *const bad[] = {
    "id: x\n",
    "id: -1\n",
    "id: 1 \n",
    "id: 99999999999999999999\n",
    "id: 0x1\n",
    "data: \xff",
    "data: \xc3(\n",
    "id: 9223372036854775808\n",
    "id:  1\n",
    "id\n",
    "data: \xed\xa0\x80\n",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *text = g_strconcat (bad[i], "\n", NULL);
      check_refused (text, strlen (text));
    }
  check_refused ("data: a\0b\n\n", 11);
  g_autofree char *line = g_strnfill (JN_SSE_MAX_LINE + 1, 'a');
  check_refused (line, strlen (line));
  g_autofree char *kind = g_strnfill (65, 'k');
  g_autofree char *event = g_strconcat ("event: ", kind, "\n", NULL);
  check_refused (event, strlen (event));
  g_autoptr (GString) much = g_string_new (NULL);
  for (guint i = 0; i < JN_SSE_MAX_DATA / 100 + 1; i++)
    {
      g_autofree char *part = g_strnfill (100, 'd');
      g_string_append_printf (much, "data: %s\n", part);
    }
  check_refused (much->str, much->len);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bank/sse/good", test_good);
  g_test_add_func ("/bank/sse/ended-by-an-event", test_ended_by_an_event);
  g_test_add_func ("/bank/sse/signs", test_signs);
  g_test_add_func ("/bank/sse/bad", test_bad);
  return g_test_run ();
}
