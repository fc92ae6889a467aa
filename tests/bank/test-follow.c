/* Hearing of events: the stream while there is one, the long poll while there is none. */
#include "script-bank.h"

#include "jn-error.h"
#include "jn-follow.h"
#include "step-clock.h"

#include <string.h>

typedef struct
{
  BankKey key;
  BankKey *signer;
  ScriptBank *script;
  JnClock *clock;
  JnEntropy *entropy;
  JnDevice *device;
  JnBank *bank;
  JnFollow *follow;
  guint looks, failures;
} Fixture;

static JnAnswer *
make_answer (gpointer data, const JnRequest *request, GError **error)
{
  Fixture *f = data;
  gboolean stream = g_str_has_suffix (request->path, "/stream");
  JnAnswer *answer = script_answer (200, stream ? "" : "{\"events\":[],\"last\":0}");
  if (stream)
    g_hash_table_replace (answer->headers, g_strdup ("content-type"),
                          g_strdup ("text/event-stream; charset=utf-8"));
  if (f->signer != NULL)
    bank_key_sign_answer (f->signer, answer, request);
  return answer;
}

static void
on_look (gpointer data)
{
  ((Fixture *) data)->looks++;
}

static void
on_failed (gpointer data, const GError *error)
{
  ((Fixture *) data)->failures++;
}

static void
set_up (Fixture *f, gconstpointer streams)
{
  g_autofree char *keys = NULL;
  bank_key_init (&f->key, 1);
  f->signer = &f->key;
  f->script = script_bank_new (&f->key, make_answer, f);
  script_bank_allow_streams (f->script, GPOINTER_TO_INT (streams));
  /* A poll is answered when the test lets it. */
  script_bank_hold (f->script, TRUE);
  f->clock = step_clock_new ();
  f->entropy = jn_seeded_entropy_new (5);
  f->device = jn_device_new ();
  f->bank = jn_bank_new (JN_TRANSPORT (f->script), f->clock, f->entropy);
  keys = bank_key_get_text (&f->key);
  jn_bank_set_keys (f->bank, keys, TRUE);
  jn_bank_set_device (f->bank, f->device);
}

static void
begin (Fixture *f)
{
  const JnFollowFuncs funcs = { on_look, on_failed, f };
  f->follow = jn_follow_new (f->bank, f->clock, &funcs);
}

static void
spin (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
wait_until (guint *number, guint value)
{
  while (*number < value)
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_for_requests (Fixture *f, const char *path, guint n)
{
  while (script_bank_count (f->script, path) < n)
    g_main_context_iteration (NULL, TRUE);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  jn_follow_stop (f->follow);
  script_bank_hold (f->script, FALSE);
  script_bank_end_stream (f->script);
  spin ();
  g_assert_finalize_object (f->follow);
  g_assert_finalize_object (f->bank);
  g_assert_finalize_object (f->script);
  g_object_unref (f->clock);
  g_object_unref (f->entropy);
  jn_device_free (f->device);
}

static void
test_polls (Fixture *f, gconstpointer data)
{
  begin (f);
  wait_for_requests (f, "/events?after=0", 1);
  g_assert_false (jn_follow_is_streaming (f->follow));
  g_assert_cmpuint (script_bank_count (f->script, "/stream"), ==, 0);
}

/* Events over the stream, no poll beside it; when it ends the poll serves, and the stream opens again behind the last event. */
static void
test_streams (Fixture *f, gconstpointer data)
{
  begin (f);
  wait_until (&f->looks, 1);
  g_assert_true (jn_follow_is_streaming (f->follow));
  script_bank_push (f->script, "retry: 1000\n\nid: 41\nevent: feed\ndata: {}\n\nid: 42\nev");
  wait_until (&f->looks, 2);
  script_bank_push (f->script, "ent: points\ndata: {}\n\n");
  wait_until (&f->looks, 3);
  g_assert_cmpuint (script_bank_count (f->script, "/events?"), ==, 0);

  script_bank_end_stream (f->script);
  wait_for_requests (f, "/events?after=42", 1);
  g_assert_false (jn_follow_is_streaming (f->follow));
  wait_until (&f->looks, 4);
  g_assert_true (jn_follow_is_streaming (f->follow));
  GPtrArray *requests = script_bank_get_requests (f->script);
  const JnRequest *again = g_ptr_array_index (requests, requests->len - 1);
  g_assert_cmpstr (again->path, ==, "/wallet/v1/events/stream");
  g_assert_cmpstr (jn_request_get_header (again, "Last-Event-ID"), ==, "42");
  g_assert_true (bank_key_request_is_signed (again, NULL));
}

/* A stream that the bank did not sign, or that holds nonsense, is not listened to. */
static void
test_not_signed (Fixture *f, gconstpointer data)
{
  f->signer = NULL;
  begin (f);
  wait_for_requests (f, "/events?after=0", 1);
  g_assert_false (jn_follow_is_streaming (f->follow));
  g_assert_cmpuint (f->looks, ==, 0);
}

static void
test_nonsense (Fixture *f, gconstpointer data)
{
  begin (f);
  wait_until (&f->looks, 1);
  script_bank_push (f->script, "id: not a number\n\n");
  wait_for_requests (f, "/events?after=0", 1);
  g_assert_cmpuint (f->failures, ==, 1);
  g_assert_cmpuint (f->looks, ==, 1);
}

/* The network is back: at once, not when the time has come. */
static void
test_nudge (Fixture *f, gconstpointer data)
{
  f->signer = NULL;
  begin (f);
  wait_for_requests (f, "/events?after=0", 1);
  f->signer = &f->key;
  guint before = script_bank_count (f->script, "/stream");
  jn_follow_nudge (f->follow);
  wait_until (&f->looks, 1);
  g_assert_true (jn_follow_is_streaming (f->follow));
  g_assert_cmpuint (script_bank_count (f->script, "/stream"), ==, before + 1);
}

/* The bank says nothing for longer than it may: the poll takes over, and the stream is opened anew behind the last event. */
static void
test_silence (Fixture *f, gconstpointer data)
{
  begin (f);
  wait_until (&f->looks, 1);
  script_bank_push (f->script, "id: 7\nevent: feed\ndata: {}\n\n");
  wait_until (&f->looks, 2);
  step_clock_ahead (f->clock, 44000);
  script_bank_push (f->script, ":\n\n");
  for (guint i = 0; i < 5; i++)
    g_main_context_iteration (NULL, FALSE);
  step_clock_ahead (f->clock, 44000);
  spin ();
  g_assert_true (jn_follow_is_streaming (f->follow));
  step_clock_ahead (f->clock, 2000);
  wait_for_requests (f, "/events?after=7", 1);
  g_assert_false (jn_follow_is_streaming (f->follow));
  g_assert_cmpuint (f->failures, ==, 0);
  step_clock_ahead (f->clock, 1000);
  wait_until (&f->looks, 3);
  g_assert_true (jn_follow_is_streaming (f->follow));
  g_assert_cmpuint (script_bank_count (f->script, "/stream"), ==, 2);
}

/* A long poll that is answered at once, and with nothing, is not asked again at once. */
static void
test_empty_polls (Fixture *f, gconstpointer data)
{
  script_bank_hold (f->script, FALSE);
  begin (f);
  wait_for_requests (f, "/events?after=0", 1);
  for (guint n = 1, wait = 1000; n < 5; n++, wait *= 2)
    {
      spin ();
      step_clock_ahead (f->clock, (int) wait - 900);
      spin ();
      g_assert_cmpuint (script_bank_count (f->script, "/events?after=0"), ==, n);
      step_clock_ahead (f->clock, 900);
      wait_for_requests (f, "/events?after=0", n + 1);
    }
  g_assert_cmpuint (f->looks, ==, 0);
  g_assert_cmpuint (f->failures, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function, streams)                                                               \
  g_test_add (path, Fixture, GINT_TO_POINTER (streams), set_up, function, tear_down)
  ADD ("/bank/follow/polls", test_polls, FALSE);
  ADD ("/bank/follow/streams", test_streams, TRUE);
  ADD ("/bank/follow/not-signed", test_not_signed, TRUE);
  ADD ("/bank/follow/nonsense", test_nonsense, TRUE);
  ADD ("/bank/follow/nudge", test_nudge, TRUE);
  ADD ("/bank/follow/silence", test_silence, TRUE);
  ADD ("/bank/follow/empty-polls", test_empty_polls, FALSE);
  return g_test_run ();
}
