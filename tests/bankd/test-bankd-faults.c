/* Each fault switch, over a real socket; what was committed is read from the test phone. */
#include <string.h>

#include "bankd-wire.h"
#include "bankd-world.h"
#include "jn-bankd.h"
#include "jn-error.h"

#define ENROL "/wallet/v1/enrolments"

static JnBankd *
start (const char *faults)
{
  g_autoptr (GError) error = NULL;
  JnBankdOptions options = { .faults = faults };
  JnBankd *bank = jn_bankd_start (&options, &error);

  g_assert_no_error (error);
  return bank;
}

static void
set (JnBankd *bank, const char *faults)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (jn_bankd_set_faults (bank, faults, &error));
  g_assert_no_error (error);
}

static void
test_none (void)
{
  g_autoptr (JnBankd) bank = start (NULL);
  g_autofree char *key = wire_make_id ();
  g_autoptr (WireReply) reply =
      wire_write (jn_bankd_get_address (bank), "POST", ENROL, key, WIRE_ENROLMENT);

  g_assert_cmpuint (reply->status, ==, 201);
  g_assert_true (reply->whole);
  g_assert_nonnull (strstr (reply->headers, "Content-Digest: sha-256=:"));
  g_assert_nonnull (strstr (reply->headers, "Server-Timing: commit;dur="));
  g_assert_cmpuint (wire_count_messages (jn_bankd_get_address (bank)), ==, 1);
}

static void
test_drop_before (void)
{
  g_autoptr (JnBankd) bank = start ("drop-before=1,match=POST");
  const char *address = jn_bankd_get_address (bank);
  g_autofree char *key = wire_make_id ();
  g_autoptr (WireReply) reply = wire_write (address, "POST", ENROL, key, WIRE_ENROLMENT);

  g_assert_cmpuint (reply->status, ==, 0);
  g_assert_cmpuint (wire_count_messages (address), ==, 0);
}

static void
test_drop_after (void)
{
  g_autoptr (JnBankd) bank = start ("drop-after=1,match=POST /wallet,count=1");
  const char *address = jn_bankd_get_address (bank);
  g_autofree char *key = wire_make_id ();
  g_autoptr (WireReply) lost = wire_write (address, "POST", ENROL, key, WIRE_ENROLMENT);
  g_autoptr (WireReply) again = NULL;

  g_assert_cmpuint (lost->status, ==, 0);
  g_assert_cmpuint (wire_count_messages (address), ==, 1);
  /* The same key finds the answer that was lost. */
  again = wire_write (address, "POST", ENROL, key, WIRE_ENROLMENT);
  g_assert_cmpuint (again->status, ==, 201);
  g_assert_nonnull (strstr (again->headers, "Idempotency-Replayed: true"));
  g_assert_cmpuint (wire_count_messages (address), ==, 1);
}

static void
test_error (void)
{
  g_autoptr (JnBankd) bank = start ("error=1,count=1");
  const char *address = jn_bankd_get_address (bank);
  g_autofree char *key = wire_make_id ();
  g_autoptr (WireReply) error = wire_write (address, "POST", ENROL, key, WIRE_ENROLMENT);
  g_autoptr (WireReply) again = wire_write (address, "POST", ENROL, key, WIRE_ENROLMENT);

  g_assert_cmpuint (error->status, ==, 503);
  g_assert_nonnull (strstr (error->headers, "Content-Type: application/problem+json"));
  g_assert_cmpuint (again->status, ==, 201);
  g_assert_null (strstr (again->headers, "Idempotency-Replayed"));
}

static void
test_duplicate (void)
{
  g_autoptr (JnBankd) bank = start ("duplicate=1");
  const char *address = jn_bankd_get_address (bank);
  g_autofree char *key = wire_make_id ();
  g_autoptr (WireReply) reply = wire_write (address, "POST", ENROL, key, WIRE_ENROLMENT);

  g_assert_cmpuint (reply->status, ==, 201);
  g_assert_cmpuint (wire_count_messages (address), ==, 1);
}

static void
test_cut (void)
{
  g_autoptr (JnBankd) bank = start ("cut=1,match=POST");
  const char *address = jn_bankd_get_address (bank);
  g_autofree char *key = wire_make_id ();
  g_autoptr (WireReply) reply = wire_write (address, "POST", ENROL, key, WIRE_ENROLMENT);

  g_assert_cmpuint (reply->status, ==, 201);
  g_assert_false (reply->whole);
  g_assert_cmpuint (strlen (reply->body), >, 0);
  g_assert_cmpuint (wire_count_messages (address), ==, 1);
}

static void
test_delay (void)
{
  g_autoptr (JnBankd) bank = start ("delay=150,match=POST");
  const char *address = jn_bankd_get_address (bank);
  g_autofree char *key = wire_make_id ();
  gint64 begun = g_get_monotonic_time ();
  g_autoptr (WireReply) reply = wire_write (address, "POST", ENROL, key, WIRE_ENROLMENT);

  g_assert_cmpuint (reply->status, ==, 201);
  /* A lower bound only: how much longer it takes is the machine's business. */
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, 150 * 1000);
}

static void
test_replaced (void)
{
  g_autoptr (JnBankd) bank = start ("drop-before=1");
  const char *address = jn_bankd_get_address (bank);
  g_autoptr (GError) error = NULL;

  {
    g_autoptr (WireReply) lost = wire_send (address, "GET", "/x", NULL, NULL);

    g_assert_cmpuint (lost->status, ==, 0);
  }
  set (bank, NULL);
  g_assert_cmpuint (wire_count_messages (address), ==, 0);
  g_assert_false (jn_bankd_set_faults (bank, "delay=fast", &error));
  g_assert_error (error, JN_ERROR, JN_ERROR_INVALID);
}

static void
test_malformed (void)
{
  static const char *const bad[] = { "delay",          "delay=-1", "cut=1.1",
                                     "cut=x",          "storm=1",  "cut=",
                                     "delay=1,,cut=1", "match=",   "error=0.1234567" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      JnBankdOptions options = { .faults = bad[i] };

      g_test_message ("%s", bad[i]);
      g_assert_null (jn_bankd_start (&options, &error));
      g_assert_error (error, JN_ERROR, JN_ERROR_INVALID);
    }
}

typedef struct
{
  const char *address, *key;
  WireReply *reply;
} Twin;

static gpointer
write_twin (gpointer data)
{
  Twin *twin = data;

  twin->reply = wire_write (twin->address, "POST", ENROL, twin->key, WIRE_ENROLMENT);
  return NULL;
}

/* The same write at the same time on many connections: done once, one answer for all who come in order; who is overtaken
 * by a later one has to come again. */
static void
test_concurrent (void)
{
  g_autoptr (JnBankd) bank = start (NULL);
  const char *address = jn_bankd_get_address (bank);
  g_autofree char *key = wire_make_id ();
  Twin twins[16];
  GThread *threads[16];
  const char *answer = NULL;
  guint fresh = 0;

  for (guint i = 0; i < 16; i++)
    {
      twins[i] = (Twin){ address, key, NULL };
      threads[i] = g_thread_new ("twin", write_twin, &twins[i]);
    }
  for (guint i = 0; i < 16; i++)
    g_thread_join (threads[i]);
  for (guint i = 0; i < 16; i++)
    {
      if (twins[i].reply->status == 401)
        {
          g_assert_nonnull (strstr (twins[i].reply->body, "COUNTER_USED"));
          continue;
        }
      g_assert_cmpuint (twins[i].reply->status, ==, 201);
      answer = answer != NULL ? answer : twins[i].reply->body;
      g_assert_cmpstr (twins[i].reply->body, ==, answer);
      fresh += strstr (twins[i].reply->headers, "Idempotency-Replayed") == NULL;
    }
  for (guint i = 0; i < 16; i++)
    wire_reply_free (twins[i].reply);
  g_assert_cmpuint (fresh, ==, 1);
  g_assert_cmpuint (wire_count_messages (address), ==, 1);
}

static void
test_bad_requests (void)
{
  g_autoptr (JnBankd) bank = start (NULL);
  const char *address = jn_bankd_get_address (bank);
  g_autofree char *large = g_strnfill (70 * 1024, ' ');
  g_autofree char *flood = g_strnfill (2 * 1024 * 1024, ' ');
  g_autofree char *deep = g_strnfill (60000, '[');
  g_autofree char *key = wire_make_id ();
  g_autoptr (WireReply) too_large = wire_write (address, "POST", ENROL, key, large);
  g_autoptr (WireReply) flooded = wire_write (address, "POST", ENROL, key, flood);
  g_autoptr (WireReply) nested = wire_write (address, "POST", ENROL, key, deep);
  g_autoptr (WireReply) unknown = wire_send (address, "GET", "/", NULL, NULL);
  g_autoptr (WireReply) method = wire_send (address, "PATCH", ENROL, NULL, NULL);
  g_autoptr (WireReply) no_session = wire_send (address, "GET", "/psd2/v1/accounts", NULL, NULL);

  g_assert_cmpuint (too_large->status, ==, 413);
  g_assert_cmpuint (flooded->status, !=, 201);
  g_assert_cmpuint (nested->status, ==, 400);
  g_assert_cmpuint (unknown->status, ==, 404);
  g_assert_cmpuint (method->status, ==, 405);
  g_assert_cmpuint (no_session->status, ==, 401);
  g_assert_cmpuint (wire_count_messages (address), ==, 0);
}

typedef struct
{
  World *world;
  Reply *reply;
} Poll;

static gpointer
poll_news (gpointer data)
{
  Poll *poll = data;

  poll->reply = world_call (poll->world, "GET", "/wallet/v1/events?after=1&wait=25", NULL, NULL);
  return NULL;
}

/* Who waits for news is answered by the payment that makes some, and by nothing before. */
static void
test_long_poll (void)
{
  g_autoptr (JnBankd) bank = start (NULL);
  g_autoptr (World) world = world_new_remote (jn_bankd_get_address (bank));
  Poll poll = { .world = world };
  GThread *thread;

  world_enrol (world);
  thread = g_thread_new ("poll", poll_news, &poll);
  g_usleep (50 * 1000);
  g_free (world_buy_coffee (world));
  g_thread_join (thread);
  reply_assert (poll.reply, 200, NULL);
  g_assert_cmpuint (jn_json_length (jn_json_get (poll.reply->json, "events")), >, 0);
  reply_free (poll.reply);
}

/* A stop answers those who wait, and a client that went away while it waited harms nobody. */
static void
test_long_poll_ends (void)
{
  g_autoptr (JnBankd) bank = start (NULL);
  g_autoptr (World) world = world_new_remote (jn_bankd_get_address (bank));
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) gone = NULL;
  g_autoptr (GHashTable) fields = NULL;
  g_autofree char *request = NULL;
  Poll poll = { .world = world };
  GThread *thread;

  world_enrol (world);
  fields = world_fields (world, NULL);
  signer_sign (&world->signer, "GET", "/wallet/v1/events?after=1&wait=25", fields, NULL);
  request = wire_make_request ("GET", "/wallet/v1/events?after=1&wait=25", fields);
  gone = g_socket_client_connect_to_host (client, jn_bankd_get_address (bank) + strlen ("http://"),
                                          80, NULL, NULL);
  g_assert_nonnull (gone);
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (gone)),
                                            request, strlen (request), NULL, NULL, NULL));
  thread = g_thread_new ("poll", poll_news, &poll);
  g_usleep (50 * 1000);
  g_assert_true (g_io_stream_close (G_IO_STREAM (gone), NULL, NULL));
  jn_bankd_stop (bank);
  g_thread_join (thread);
  reply_assert (poll.reply, 200, NULL);
  g_assert_cmpuint (jn_json_length (jn_json_get (poll.reply->json, "events")), ==, 0);
  reply_free (poll.reply);
}

/* Stopping while requests are delayed finishes them. */
static gpointer
stop_soon (gpointer bank)
{
  g_usleep (50 * 1000);
  jn_bankd_stop (bank);
  return NULL;
}

static void
test_stop (void)
{
  g_autoptr (JnBankd) bank = start ("delay=600000,match=POST");
  g_autofree char *key = wire_make_id ();
  GThread *thread = g_thread_new ("stop", stop_soon, bank);
  g_autoptr (WireReply) reply =
      wire_write (jn_bankd_get_address (bank), "POST", ENROL, key, WIRE_ENROLMENT);

  g_thread_join (thread);
  g_assert_cmpuint (reply->status, ==, 201);
  g_assert_true (reply->whole);
}

/* Stopping while a PIN is hashed finishes the payment. */
static void
test_stop_while_hashing (void)
{
  g_autoptr (GError) error = NULL;
  /* Some hundred milliseconds each: longer than the bank is left alone. */
  const JnBankdOptions options = { .pin_operations = 20 };
  g_autoptr (JnBankd) bank = jn_bankd_start (&options, &error);
  g_autoptr (World) world = NULL;
  g_autofree char *friend = NULL;
  g_autofree char *intent = NULL;
  g_autofree char *body = NULL;
  g_autofree char *path = NULL;
  g_autofree char *proof = NULL;
  g_autoptr (Reply) payment = NULL;
  g_autoptr (Reply) made = NULL;
  GThread *thread;

  g_assert_no_error (error);
  world = world_new_remote (jn_bankd_get_address (bank));
  world_enrol (world);
  friend = world_find_friend (world);
  intent = world_make_id (world);
  body = world_transfer_body (world, intent, "1.00", friend, "李思雨");
  payment = world_call (world, "POST", "/psd2/v1/payments/book-transfers", intent, body);
  reply_assert (payment, 201, NULL);
  path = world_authorise (world, "book-transfers", payment);
  proof = world_proof (world, payment, path, WORLD_PIN);
  thread = g_thread_new ("stop", stop_soon, bank);
  made = world_call (world, "PUT", path, NULL, proof);
  g_thread_join (thread);
  reply_assert (made, 200, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bankd/faults/none", test_none);
  g_test_add_func ("/bankd/faults/drop-before", test_drop_before);
  g_test_add_func ("/bankd/faults/drop-after", test_drop_after);
  g_test_add_func ("/bankd/faults/error", test_error);
  g_test_add_func ("/bankd/faults/duplicate", test_duplicate);
  g_test_add_func ("/bankd/faults/cut", test_cut);
  g_test_add_func ("/bankd/faults/delay", test_delay);
  g_test_add_func ("/bankd/faults/replaced", test_replaced);
  g_test_add_func ("/bankd/faults/malformed", test_malformed);
  g_test_add_func ("/bankd/door/concurrent", test_concurrent);
  g_test_add_func ("/bankd/door/bad-requests", test_bad_requests);
  g_test_add_func ("/bankd/door/long-poll", test_long_poll);
  g_test_add_func ("/bankd/door/long-poll-ends", test_long_poll_ends);
  g_test_add_func ("/bankd/door/stop", test_stop);
  g_test_add_func ("/bankd/door/stop-while-hashing", test_stop_while_hashing);
  return g_test_run ();
}
