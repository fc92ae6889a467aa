/* What a bank keeps on disk: across a restart, a kill, and folders that cannot be used. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "bankd-wire.h"
#include "bankd-world.h"
#include "jn-bankd.h"

typedef struct
{
  char *folder;
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("jn-bankd-XXXXXX", NULL);
  g_assert_nonnull (fixture->folder);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
}

static void
test_restart (Fixture *fixture, gconstpointer data)
{
  g_autoptr (World) device = world_new_remote (NULL);
  g_autofree char *intent = NULL;
  g_autofree char *path = NULL;
  g_autofree char *before = NULL;

  {
    g_autoptr (World) world = world_new (fixture->folder);
    g_autoptr (Reply) reply = NULL;

    world_enrol (world);
    intent = world_buy_coffee (world);
    path = g_strdup_printf ("/wallet/v1/intents/%s", intent);
    reply = world_call (world, "GET", path, NULL, NULL);
    before = g_strdup (reply->text);
    world_become (device, world);
  }
  {
    g_autoptr (World) world = world_new (fixture->folder);
    g_autoptr (Reply) reply = NULL;

    world_become (world, device);
    reply = world_call (world, "GET", path, NULL, NULL);
    reply_assert (reply, 200, NULL);
    g_assert_cmpstr (reply->text, ==, before);
    g_assert_cmpint (jn_bankd_book_available (world->core, JN_BANKD_ACCOUNT_WALLET), ==, 98100);
  }
}

static char *
program (void)
{
  return g_test_build_filename (G_TEST_BUILT, "..", "app", "bankd", "jinnang-bankd", NULL);
}

static GSubprocess *
launch (const char *folder, char **address)
{
  g_autofree char *path = program ();
  g_autoptr (GError) error = NULL;
  GSubprocess *bank =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, path, "--data", folder, NULL);
  g_autoptr (GDataInputStream) lines = NULL;

  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (bank));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  *address = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (*address);
  return bank;
}

typedef struct
{
  World *world;
  char *friend;
  gint acknowledged; /* payments the bank said it made */
} Payer;

/* One yuan to a friend; FALSE when the bank does not answer any more. */
static gboolean
pay_once (Payer *self)
{
  World *world = self->world;
  g_autofree char *intent = world_make_id (world);
  g_autofree char *body = world_transfer_body (world, intent, "1.00", self->friend, "李思雨");
  g_autofree char *start = NULL;
  g_autofree char *path = NULL;
  g_autofree char *proof = NULL;
  g_autoptr (Reply) payment =
      world_call (world, "POST", "/psd2/v1/payments/book-transfers", intent, body);
  g_autoptr (Reply) authorisation = NULL;
  g_autoptr (Reply) made = NULL;

  if (payment->status != 201)
    return FALSE;
  start = g_strdup_printf ("/psd2/v1/payments/book-transfers/%s/authorisations",
                           reply_string (payment, "paymentId"));
  authorisation = world_call (world, "POST", start, NULL, "{}");
  if (authorisation->status != 201)
    return FALSE;
  path = g_strdup_printf ("%s/%s", start, reply_string (authorisation, "authorisationId"));
  proof = world_proof (world, payment, path, WORLD_PIN);
  made = world_call (world, "PUT", path, NULL, proof);
  if (made->status != 200)
    return FALSE;
  g_atomic_int_inc (&self->acknowledged);
  return TRUE;
}

static gpointer
pay_on (gpointer data)
{
  Payer *self = data;

  while (pay_once (self))
    ;
  return NULL;
}

/* Killed while payments are made: all that was acknowledged is there, nothing is there by half. */
static void
test_kill (Fixture *fixture, gconstpointer data)
{
  gint64 acknowledged = 0;

  for (guint round = 0; round < 4; round++)
    {
      g_autofree char *address = NULL;
      g_autoptr (GSubprocess) bank = launch (fixture->folder, &address);
      g_autoptr (World) remote = world_new_remote (address);
      Payer payer = { .world = remote };
      GThread *thread;

      world_enrol (remote);
      payer.friend = world_find_friend (remote);
      thread = g_thread_new ("payer", pay_on, &payer);
      while (g_atomic_int_get (&payer.acknowledged) < 3 + (gint) round)
        g_usleep (500);
      g_usleep (2300 * (round + 1));
      g_subprocess_force_exit (bank);
      g_thread_join (thread);
      g_assert_true (g_subprocess_wait (bank, NULL, NULL));
      g_free (payer.friend);
      acknowledged += payer.acknowledged;
      {
        /* world_free proves the rest of the book. */
        g_autoptr (World) world = world_new (fixture->folder);
        gint64 made = jn_bankd_db_integer (
            world->core->db, -1, "SELECT count (*) FROM transfer WHERE intent IS NOT NULL", "");

        g_assert_cmpint (made, >=, acknowledged);
        /* Each round may have lost the answer to one payment, never to two. */
        g_assert_cmpint (made, <=, acknowledged + round + 1);
        g_assert_cmpint (jn_bankd_book_available (world->core, JN_BANKD_ACCOUNT_WALLET), ==,
                         100000 - 100 * made);
      }
    }
}

static void
assert_refused (const char *folder, JnErrorCode code)
{
  g_autoptr (GError) error = NULL;
  JnBankdOptions options = { .data_dir = folder };

  g_assert_null (jn_bankd_start (&options, &error));
  g_assert_error (error, JN_ERROR, (gint) code);
}

static void
test_newer (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "bank.db", NULL);
  sqlite3 *handle = NULL;

  world_free (world_new (fixture->folder));
  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, "PRAGMA user_version = 99", NULL, NULL, NULL), ==,
                   SQLITE_OK);
  sqlite3_close (handle);
  assert_refused (fixture->folder, JN_ERROR_FORMAT_NEWER);
}

static void
test_not_a_bank (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "bank.db", NULL);
  g_autofree char *noise = g_strnfill (8192, 'x');

  g_assert_true (g_file_set_contents (path, noise, -1, NULL));
  assert_refused (fixture->folder, JN_ERROR_PAGE_DAMAGED);
}

static void
test_busy (Fixture *fixture, gconstpointer data)
{
  g_autoptr (World) world = world_new (fixture->folder);

  assert_refused (fixture->folder, JN_ERROR_BUSY);
}

static void
test_read_only (Fixture *fixture, gconstpointer data)
{
  /* Nobody, root included, makes folders in /sys. */
  assert_refused ("/sys/jinnang-bankd-test", JN_ERROR_READ_ONLY);
}

static void
test_stops_on_signal (Fixture *fixture, gconstpointer data)
{
  static const int signals[] = { SIGTERM, SIGINT };

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      g_autofree char *address = NULL;
      g_autoptr (GSubprocess) bank = launch (fixture->folder, &address);

      g_assert_true (g_str_has_prefix (address, "http://127.0.0.1:"));
      g_subprocess_send_signal (bank, signals[i]);
      g_assert_true (g_subprocess_wait_check (bank, NULL, NULL));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/bankd/files/" name, Fixture, NULL, setup, func, teardown)
  ADD ("restart", test_restart);
  ADD ("kill", test_kill);
  ADD ("newer", test_newer);
  ADD ("not-a-bank", test_not_a_bank);
  ADD ("busy", test_busy);
  ADD ("read-only", test_read_only);
  ADD ("signals", test_stops_on_signal);
  return g_test_run ();
}
