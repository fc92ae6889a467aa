/* Payments through the bank's own program: how many a second with 1, 8 and 32 customers' devices at once, beside 1,200 bad requests a second
 * and endless ones, and each of a payment's three round trips beside what it stands on: a bare exchange by libsoup, a bare durable commit
 * and a bare check of a PIN. Once with the cost of a PIN as the product has it, and once with the least that there is: what is left then
 * is the bank's own. */
#include <libsoup/soup.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bank-process.h"
#include "bankd-wire.h"
#include "bankd-world.h"
#include "bench-crowd.h"
#include "jn-bankd.h"

#define CLIENTS 32
#define SECONDS 5
#define ROUND_TRIPS 200
#define BAD_A_SECOND 1200
#define SLOW 50
#define MAX_TIMES 100000

enum
{
  ORDER,
  AUTHORISATION,
  PIN,
  N_STEPS
};

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

/* Order, authorisation, PIN with the device's signature: three signed writes, and how long each took. */
static void
pay (const Client *client, gint64 taken[N_STEPS])
{
  World *world = client->world;
  g_autofree char *intent = world_make_id (world);
  g_autofree char *body = world_transfer_body (world, intent, "0.01", client->friend, "李思雨");
  gint64 begun = now_us ();
  g_autoptr (Reply) payment =
      world_call (world, "POST", "/psd2/v1/payments/book-transfers", intent, body);
  taken[ORDER] = now_us () - begun;
  reply_assert (payment, 201, NULL);
  begun = now_us ();
  g_autofree char *path = world_authorise (world, "book-transfers", payment);
  taken[AUTHORISATION] = now_us () - begun;
  g_autofree char *proof = world_proof (world, payment, path, WORLD_PIN);
  begun = now_us ();
  g_autoptr (Reply) made = world_call (world, "PUT", path, NULL, proof);
  taken[PIN] = now_us () - begun;
  reply_assert (made, 200, NULL);
}

static gpointer
pay_on (gpointer data)
{
  Client *client = data;
  while (now_us () < client->end && client->times->len < MAX_TIMES)
    {
      gint64 taken[N_STEPS];
      pay (client, taken);
      g_array_append_val (client->times, taken[PIN]);
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
bench_rates (Client *clients, BankProcess *bank, const char *how)
{
  static const guint counts[] = { 1, 8, 32 };
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      gint64 before = bank_process_get_cpu (bank);
      g_autoptr (GArray) times = run_clients (clients, counts[i]);
      gint64 used = bank_process_get_cpu (bank) - before;
      g_autofree char *name = g_strdup_printf ("payments, %u clients%s", counts[i], how);
      g_autofree char *note = g_strdup_printf (
          ",\"better\":\"more\",\"note\":\"three signed writes each; p95 of the last "
          "%" G_GINT64_FORMAT " ms; the bank's processor time %" G_GINT64_FORMAT " us each\"",
          quantile (times, 95) / 1000, used / MAX (times->len, 1));
      report (name, (gint64) times->len * 1000 / SECONDS, "a second", note);
    }
}

static void
bench_crowd (Client *clients, BankProcess *bank)
{
  Crowd *crowd = crowd_new (bank->address, BAD_A_SECOND, SLOW);
  g_autoptr (GArray) times = run_clients (clients, 1);
  guint64 memory = bank_process_get_memory (bank);
  CrowdEnd end = crowd_end (crowd);
  g_autofree char *note = g_strdup_printf (
      ",\"goal\":500,\"note\":\"%u bad requests a second refused, %u answered otherwise; beside "
      "them %u endless ones (%u put out); %u payments made\"",
      end.a_second, end.other, SLOW, end.hung_up, times->len);

  report ("payment beside bad requests, p95", quantile (times, 95), "ms", note);
  report ("memory beside bad requests", (gint64) memory * 1000 / 1024, "MB", ",\"goal\":256");
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

/* What a round trip stands on, measured between the round trips: whatever the machine does meanwhile, it does to both. */
typedef struct
{
  GArray *exchanges, *commits, *pins;
  SoupSession *session;
  char *address;
  sqlite3 *db;
  char hash[crypto_pwhash_STRBYTES];
} Floor;

static void
floor_open (Floor *self, const char *folder)
{
  g_autoptr (GAsyncQueue) queue = g_async_queue_new ();
  g_autofree char *path = g_build_filename (folder, "bare.db", NULL);

  self->session = soup_session_new ();
  g_thread_unref (g_thread_new ("bare", serve_bare, queue));
  self->address = g_async_queue_pop (queue);
  g_assert_cmpint (sqlite3_open (path, &self->db), ==, SQLITE_OK);
  sqlite3_exec (self->db,
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (x)", NULL,
                NULL, NULL);
  /* As the product has it: the cost is there for whoever steals the book. */
  g_assert_cmpint (
      crypto_pwhash_str (self->hash, WORLD_PIN, strlen (WORLD_PIN), 2, 8 * 1024 * 1024), ==, 0);
}

static void
floor_close (Floor *self)
{
  g_object_unref (self->session);
  g_free (self->address);
  sqlite3_close (self->db);
}

/* On a connection of its own each time, as a write goes out. */
static void
exchange_bare (Floor *self)
{
  g_autoptr (SoupMessage) message = soup_message_new ("PUT", self->address);
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"a\":1}", 7);

  soup_message_set_flags (message, SOUP_MESSAGE_NEW_CONNECTION);
  soup_message_set_request_body_from_bytes (message, "application/json", body);
  g_autoptr (GBytes) answer = soup_session_send_and_read (self->session, message, NULL, NULL);
  g_assert_nonnull (answer);
}

static void
commit_bare (Floor *self)
{
  g_assert_cmpint (sqlite3_exec (self->db, "INSERT INTO t VALUES (1)", NULL, NULL, NULL), ==,
                   SQLITE_OK);
}

static void
check_bare (Floor *self)
{
  g_assert_cmpint (crypto_pwhash_str_verify (self->hash, WORLD_PIN, strlen (WORLD_PIN)), ==, 0);
}

static void
measure (Floor *self, void (*what) (Floor *), GArray *times)
{
  gint64 begun = now_us (), taken;

  what (self);
  taken = now_us () - begun;
  g_array_append_val (times, taken);
}

static void
floor_step (Floor *self)
{
  measure (self, exchange_bare, self->exchanges);
  measure (self, commit_bare, self->commits);
}

static void
report_step (const char *name, GArray *times, const Floor *floor, guint p, gboolean pin)
{
  gint64 exchange = quantile (floor->exchanges, p), commit = quantile (floor->commits, p);
  gint64 goal = (exchange + commit) * 3 / 2, least = exchange + commit;
  g_autofree char *title = g_strdup_printf ("%s, p%u", name, p);
  g_autofree char *hash =
      pin ? g_strdup_printf (" + a PIN %" G_GINT64_FORMAT, quantile (floor->pins, p))
          : g_strdup ("");
  g_autofree char *note = g_strdup_printf (
      ",\"goal\":%" G_GINT64_FORMAT ".%03d,\"note\":\"goal 1.5 x (libsoup %" G_GINT64_FORMAT
      " + commit %" G_GINT64_FORMAT " us); it stands on libsoup + a commit%s, %" G_GINT64_FORMAT
      " us\"",
      goal / 1000, (int) (goal % 1000), exchange, commit, hash,
      least + (pin ? quantile (floor->pins, p) : 0));

  report (title, quantile (times, p), "ms", note);
}

/* Each of a payment's round trips: one commit each. */
static void
bench_round_trips (Client *client, Floor *floor, gboolean pin, const char *how)
{
  static const char *const names[] = { "order", "start of authorisation", "PIN and booking" };
  static const guint hundredths[] = { 50, 99 };
  GArray *times[N_STEPS];

  for (guint i = 0; i < N_STEPS; i++)
    times[i] = g_array_new (FALSE, FALSE, sizeof (gint64));
  floor->exchanges = g_array_new (FALSE, FALSE, sizeof (gint64));
  floor->commits = g_array_new (FALSE, FALSE, sizeof (gint64));
  floor->pins = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint n = 0; n < ROUND_TRIPS; n++)
    {
      gint64 taken[N_STEPS];
      floor_step (floor);
      pay (client, taken);
      for (guint i = 0; i < N_STEPS; i++)
        g_array_append_val (times[i], taken[i]);
    }
  /* Not in between: who has just used the processor waits for it longer. */
  for (guint n = 0; n < ROUND_TRIPS / 4; n++)
    measure (floor, check_bare, floor->pins);
  for (guint i = 0; i < N_STEPS; i++)
    {
      g_autofree char *name = g_strdup_printf ("round trip: %s%s", names[i], how);
      for (guint p = 0; p < G_N_ELEMENTS (hundredths); p++)
        report_step (name, times[i], floor, hundredths[p], i == PIN && pin);
      g_array_unref (times[i]);
    }
  g_array_unref (floor->exchanges);
  g_array_unref (floor->commits);
  g_array_unref (floor->pins);
}

/* ---- a bank ---- */

/* This program as a bank whose PINs cost next to nothing. */
static int
be_bank (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  JnBankdOptions options = { .pin_operations = crypto_pwhash_OPSLIMIT_MIN,
                             .pin_memory = crypto_pwhash_MEMLIMIT_MIN };

  for (int i = 1; i < argc; i++)
    if (g_str_has_prefix (argv[i], "--data="))
      options.data_dir = argv[i] + strlen ("--data=");
  g_autoptr (JnBankd) bank = jn_bankd_start (&options, &error);
  g_assert_no_error (error);
  g_print ("%s\n", jn_bankd_get_address (bank));
  g_main_loop_run (loop);
  return EXIT_SUCCESS;
}

static void
bench_bank (const char *program, const char *folder, Floor *floor, gboolean product)
{
  Client clients[CLIENTS];
  BankProcess bank = { .program = g_strdup (program), .folder = g_strdup (folder) };
  const char *how = product ? "" : ", PINs for nothing";

  bank_process_start (&bank);
  for (guint i = 0; i < CLIENTS; i++)
    {
      clients[i] = (Client){ .world = world_new_remote (bank.address) };
      world_enrol (clients[i].world);
      clients[i].friend = world_find_friend (clients[i].world);
    }
  bench_round_trips (&clients[0], floor, product, how);
  bench_rates (clients, &bank, how);
  if (product)
    bench_crowd (clients, &bank);
  for (guint i = 0; i < CLIENTS; i++)
    {
      world_free (clients[i].world);
      g_free (clients[i].friend);
    }
  bank_process_kill (&bank);
  bank_process_clear (&bank);
}

int
main (int argc, char **argv)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = NULL;
  g_autofree char *product = NULL;
  g_autofree char *cheap = NULL;

  g_assert_cmpint (sodium_init (), >=, 0);
  if (argc > 1)
    return be_bank (argc, argv);
  folder = g_dir_make_tmp ("jn-bench-XXXXXX", NULL);
  product = g_build_filename (folder, "product", NULL);
  cheap = g_build_filename (folder, "cheap", NULL);
  Floor floor = { 0 };
  floor_open (&floor, folder);
  bench_bank (self, cheap, &floor, FALSE);
  bench_bank (BANK_PROGRAM, product, &floor, TRUE);
  floor_close (&floor);
  g_autofree char *command = g_strdup_printf ("rm -r '%s'", folder);
  return g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL) ? EXIT_SUCCESS : EXIT_FAILURE;
}
