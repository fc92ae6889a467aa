/* Payments a second through the bank's own program with 1, 8 and 32 customers' devices at once, beside 1,000 bad requests a second, and one
 * payment's last round trip beside what it stands on: a bare exchange by libsoup, a bare durable commit and a bare check of a PIN. */
#include <libsoup/soup.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "bank-process.h"
#include "bankd-wire.h"
#include "bankd-world.h"

#define CLIENTS 32
#define SECONDS 5
#define ROUND_TRIPS 100
#define FLOODERS 8
#define BAD_A_SECOND 1000
#define MAX_TIMES 100000

typedef struct
{
  World *world;
  char *friend;
  gint64 end;
  GArray *times; /* of the last round trip, microseconds */
} Client;

static gint64
now_us (void)
{
  return g_get_monotonic_time ();
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const gint64 *left = a, *right = b;
  return *left < *right ? -1 : *left > *right;
}

static gint64
quantile (GArray *times, guint hundredths)
{
  g_array_sort (times, compare);
  return g_array_index (times, gint64, (times->len - 1) * hundredths / 100);
}

/* @value in thousandths of @unit. */
static void
report (const char *name, gint64 value, const char *unit, const char *more)
{
  g_print ("BENCH {\"room\":\"bankd\",\"name\":\"%s\",\"value\":%" G_GINT64_FORMAT
           ".%03d,\"unit\":\"%s\"%s}\n",
           name, value / 1000, (int) (value % 1000), unit, more);
}

/* Order, authorisation, PIN with the device's signature: three signed writes. Gives how long the last one took. */
static gint64
pay (const Client *client)
{
  World *world = client->world;
  g_autofree char *intent = world_make_id (world);
  g_autofree char *body = world_transfer_body (world, intent, "0.01", client->friend, "李思雨");
  g_autoptr (Reply) payment =
      world_call (world, "POST", "/psd2/v1/payments/book-transfers", intent, body);
  reply_assert (payment, 201, NULL);
  g_autofree char *path = world_authorise (world, "book-transfers", payment);
  g_autofree char *proof = world_proof (world, payment, path, WORLD_PIN);
  gint64 begun = now_us ();
  g_autoptr (Reply) made = world_call (world, "PUT", path, NULL, proof);
  gint64 taken = now_us () - begun;
  reply_assert (made, 200, NULL);
  return taken;
}

static gpointer
pay_on (gpointer data)
{
  Client *client = data;
  while (now_us () < client->end && client->times->len < MAX_TIMES)
    {
      gint64 taken = pay (client);
      g_array_append_val (client->times, taken);
    }
  return NULL;
}

/* Lets @n clients pay for some seconds; the times of all their last round trips. Caller unrefs. */
static GArray *
run_clients (Client *clients, guint n)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (gint64));
  GThread *threads[CLIENTS];

  for (guint i = 0; i < n; i++)
    {
      clients[i].end = now_us () + SECONDS * G_USEC_PER_SEC;
      clients[i].times = g_array_new (FALSE, FALSE, sizeof (gint64));
      threads[i] = g_thread_new ("client", pay_on, &clients[i]);
    }
  for (guint i = 0; i < n; i++)
    {
      g_thread_join (threads[i]);
      g_array_append_vals (all, clients[i].times->data, clients[i].times->len);
      g_array_unref (clients[i].times);
    }
  return all;
}

static void
bench_rates (Client *clients)
{
  static const guint counts[] = { 1, 8, 32 };
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autoptr (GArray) times = run_clients (clients, counts[i]);
      g_autofree char *name = g_strdup_printf ("payments, %u clients", counts[i]);
      g_autofree char *note =
          g_strdup_printf (",\"better\":\"more\",\"note\":\"three signed writes each; p95 of the "
                           "last %" G_GINT64_FORMAT " ms\"",
                           quantile (times, 95) / 1000);
      report (name, (gint64) times->len * 1000 / SECONDS, "a second", note);
    }
}

/* ---- beside bad requests ---- */

typedef struct
{
  const char *address;
  gint64 end;
  guint sent;
} Flooder;

static gpointer
flood (gpointer data)
{
  static const char *const bodies[] = { "{", "{\"payload\":1}", "[[[[[[[[", "\xff\xfe", "{}" };
  Flooder *flooder = data;
  gint64 begun = now_us ();

  while (now_us () < flooder->end)
    {
      gint64 due = begun + (gint64) flooder->sent * G_USEC_PER_SEC * FLOODERS / BAD_A_SECOND;
      if (due > now_us ())
        g_usleep ((gulong) (due - now_us ()));
      g_autoptr (WireReply) reply = wire_send (
          flooder->address, "POST", "/psd2/v1/payments/qr-payments",
          "Content-Type: application/json\r\n", bodies[flooder->sent % G_N_ELEMENTS (bodies)]);
      flooder->sent++;
    }
  return NULL;
}

static void
bench_flood (Client *clients, BankProcess *bank)
{
  Flooder flooders[FLOODERS];
  GThread *threads[FLOODERS];
  guint sent = 0;

  for (guint i = 0; i < FLOODERS; i++)
    {
      flooders[i] = (Flooder){ bank->address, now_us () + SECONDS * G_USEC_PER_SEC, 0 };
      threads[i] = g_thread_new ("flooder", flood, &flooders[i]);
    }
  g_autoptr (GArray) times = run_clients (clients, 1);
  for (guint i = 0; i < FLOODERS; i++)
    {
      g_thread_join (threads[i]);
      sent += flooders[i].sent;
    }
  g_autofree char *note = g_strdup_printf (",\"goal\":500,\"note\":\"%u bad requests a second came "
                                           "through, %u payments made\"",
                                           sent / SECONDS, times->len);
  report ("payment beside bad requests, p95", quantile (times, 95), "ms", note);
  report ("memory after it", (gint64) bank_process_get_memory (bank) * 1000 / 1024, "MB",
          ",\"goal\":256");
}

/* ---- the floor ---- */

static void
answer_bare (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
             gpointer data)
{
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, "{}", 2);
}

static gpointer
serve_bare (gpointer data)
{
  GMainContext *context = g_main_context_new ();
  g_main_context_push_thread_default (context);
  SoupServer *server = soup_server_new (NULL, NULL);
  soup_server_add_handler (server, NULL, answer_bare, NULL, NULL);
  soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL);
  GSList *uris = soup_server_get_uris (server);
  g_async_queue_push (data, g_strdup_printf ("http://127.0.0.1:%d/", g_uri_get_port (uris->data)));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  for (;;)
    g_main_context_iteration (context, TRUE);
  return NULL;
}

/* On a connection of its own each time, as a write goes out. */
static GArray *
time_bare_exchanges (void)
{
  GArray *times = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GAsyncQueue) queue = g_async_queue_new ();
  g_autoptr (SoupSession) session = soup_session_new ();
  g_thread_unref (g_thread_new ("bare", serve_bare, queue));
  g_autofree char *address = g_async_queue_pop (queue);

  for (guint i = 0; i < ROUND_TRIPS; i++)
    {
      g_autoptr (SoupMessage) message = soup_message_new ("PUT", address);
      g_autoptr (GBytes) body = g_bytes_new_static ("{\"a\":1}", 7);
      soup_message_set_flags (message, SOUP_MESSAGE_NEW_CONNECTION);
      soup_message_set_request_body_from_bytes (message, "application/json", body);
      gint64 begun = now_us ();
      g_autoptr (GBytes) answer = soup_session_send_and_read (session, message, NULL, NULL);
      gint64 taken = now_us () - begun;
      g_assert_nonnull (answer);
      g_array_append_val (times, taken);
    }
  return times;
}

static GArray *
time_bare_commits (const char *folder)
{
  GArray *times = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *path = g_build_filename (folder, "bare.db", NULL);
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_exec (db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (x)",
                NULL, NULL, NULL);
  for (guint i = 0; i < ROUND_TRIPS; i++)
    {
      gint64 begun = now_us ();
      g_assert_cmpint (sqlite3_exec (db, "INSERT INTO t VALUES (1)", NULL, NULL, NULL), ==,
                       SQLITE_OK);
      gint64 taken = now_us () - begun;
      g_array_append_val (times, taken);
    }
  sqlite3_close (db);
  return times;
}

/* What the bank pays for a PIN: the cost is there for whoever steals the book. */
static GArray *
time_bare_pins (void)
{
  GArray *times = g_array_new (FALSE, FALSE, sizeof (gint64));
  char hash[crypto_pwhash_STRBYTES];

  g_assert_cmpint (crypto_pwhash_str (hash, WORLD_PIN, strlen (WORLD_PIN), 2, 8 * 1024 * 1024), ==,
                   0);
  for (guint i = 0; i < ROUND_TRIPS; i++)
    {
      gint64 begun = now_us ();
      g_assert_cmpint (crypto_pwhash_str_verify (hash, WORLD_PIN, strlen (WORLD_PIN)), ==, 0);
      gint64 taken = now_us () - begun;
      g_array_append_val (times, taken);
    }
  return times;
}

static void
bench_round_trip (Client *client, const char *folder)
{
  static const guint hundredths[] = { 50, 99 };
  g_autoptr (GArray) payments = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) exchanges = time_bare_exchanges ();
  g_autoptr (GArray) commits = time_bare_commits (folder);
  g_autoptr (GArray) pins = time_bare_pins ();

  for (guint i = 0; i < ROUND_TRIPS; i++)
    {
      gint64 taken = pay (client);
      g_array_append_val (payments, taken);
    }
  for (guint i = 0; i < G_N_ELEMENTS (hundredths); i++)
    {
      guint p = hundredths[i];
      gint64 exchange = quantile (exchanges, p), commit = quantile (commits, p);
      gint64 pin = quantile (pins, p), payment = quantile (payments, p);
      g_autofree char *name = g_strdup_printf ("payment round trip, p%u", p);
      g_autofree char *more = g_strdup_printf (
          ",\"goal\":%" G_GINT64_FORMAT ".%03d,\"note\":\"1.5 x (libsoup %" G_GINT64_FORMAT
          " + commit %" G_GINT64_FORMAT " + PIN check %" G_GINT64_FORMAT
          " us); without the PIN's cost the sum is %" G_GINT64_FORMAT " us\"",
          (exchange + commit + pin) * 3 / 2 / 1000,
          (int) ((exchange + commit + pin) * 3 / 2 % 1000), exchange, commit, pin,
          exchange + commit);
      report (name, payment, "ms", more);
    }
}

int
main (int argc, char **argv)
{
  Client clients[CLIENTS];
  BankProcess bank = { .program = g_strdup (BANK_PROGRAM) };
  g_autofree char *folder = g_dir_make_tmp ("jn-bench-XXXXXX", NULL);

  g_assert_cmpint (sodium_init (), >=, 0);
  bank.folder = g_strdup (folder);
  bank_process_start (&bank);
  for (guint i = 0; i < CLIENTS; i++)
    {
      clients[i] = (Client){ .world = world_new_remote (bank.address) };
      world_enrol (clients[i].world);
      clients[i].friend = world_find_friend (clients[i].world);
    }
  bench_round_trip (&clients[0], folder);
  bench_rates (clients);
  bench_flood (clients, &bank);
  for (guint i = 0; i < CLIENTS; i++)
    {
      world_free (clients[i].world);
      g_free (clients[i].friend);
    }
  bank_process_stop (&bank);
  bank_process_clear (&bank);
  g_autofree char *command = g_strdup_printf ("rm -r '%s'", folder);
  return g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL) ? EXIT_SUCCESS : EXIT_FAILURE;
}
