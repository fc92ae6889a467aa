/* Feed pages go in as a whole or not at all. */
#include "fake-wallet.h"
#include "wait.h"

#include "jn-error.h"
#include "jn-sync.h"

#include <string.h>

typedef struct
{
  FakeWallet wallet;
  guint changes;
} Fixture;

static void
on_changed (JnSync *sync, gpointer data)
{
  ++*(guint *) data;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  fake_wallet_open (&f->wallet, NULL);
  g_signal_connect (f->wallet.sync, "changed", G_CALLBACK (on_changed), &f->changes);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  fake_wallet_close (&f->wallet);
}

/* What the ledger holds. */
typedef struct
{
  JnStorage *storage;
  gint64 posted, available, points;
  guint64 n, cursor;
} Book;

static gpointer
read_book (gpointer data, GCancellable *cancellable, GError **error)
{
  Book *book = data;
  jn_ledger *ledger = jn_storage_get_ledger (book->storage);
  jn_snapshot *snapshot = NULL;
  jn_balance balance;
  jn_page page = { 0 };
  jn_id money, points;

  if (!jn_storage_get_accounts (book->storage, &money, &points))
    return NULL;
  g_assert_cmpint (jn_snapshot_begin (ledger, &snapshot), ==, JN_OK);
  g_assert_cmpint (jn_balance_get (snapshot, &money, &balance), ==, JN_OK);
  book->posted = balance.posted;
  book->available = balance.available;
  g_assert_cmpint (jn_balance_get (snapshot, &points, &balance), ==, JN_OK);
  book->points = balance.posted;
  g_assert_cmpint (jn_entry_count (snapshot, &money, &page, &book->n), ==, JN_OK);
  jn_snapshot_end (snapshot);
  g_assert_cmpint (jn_feed_cursor (ledger, "account:6222021234567890123", &book->cursor), ==,
                   JN_OK);
  return NULL;
}

static void
check_book (Fixture *f, gint64 posted, gint64 available, guint64 n, gint64 points)
{
  g_autoptr (GError) error = NULL;
  Book book = { .storage = f->wallet.storage };
  jn_worker_run (jn_storage_get_worker (f->wallet.storage), read_book, &book, &error);
  g_assert_no_error (error);
  g_assert_cmpint (book.posted, ==, posted);
  g_assert_cmpint (book.available, ==, available);
  g_assert_cmpuint (book.n, ==, n);
  g_assert_cmpuint (book.cursor, ==, n);
  g_assert_cmpint (book.points, ==, points);
}

static void
test_delta (Fixture *f, gconstpointer data)
{
  fake_wallet_sync_well (&f->wallet);
  check_book (f, 117600, 97600, 3, 1280);
  g_assert_cmpuint (f->changes, ==, 1);
  fake_wallet_sync_well (&f->wallet);
  check_book (f, 117600, 97600, 3, 1280);
  g_assert_cmpuint (f->changes, ==, 1);
  fake_bank_add (f->wallet.fake, -600);
  fake_bank_add_points (f->wallet.fake, 6);
  fake_wallet_sync_well (&f->wallet);
  check_book (f, 117000, 97000, 4, 1286);
  /* Once for the entry, once for the rest and the new time. */
  g_assert_cmpuint (f->changes, ==, 3);
}

/* A hold goes, comes back, and changes its amount. */
static void
test_holds (Fixture *f, gconstpointer data)
{
  static const gint64 holds[] = { 20000, 0, 20000, 15000, 0, 15000, 20000 };
  for (gsize i = 0; i < G_N_ELEMENTS (holds); i++)
    {
      fake_bank_set_hold (f->wallet.fake, holds[i]);
      fake_wallet_sync_well (&f->wallet);
      check_book (f, 117600, 117600 - holds[i], 3, 1280);
      /* The first run tells once; each that follows when the hold is in and at its end. */
      g_assert_cmpuint (f->changes, ==, 2 * i + 1);
    }
}

static void
test_pages (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 40; i++)
    fake_bank_add (f->wallet.fake, -1);
  fake_bank_set_page_size (f->wallet.fake, 4);
  fake_wallet_sync_well (&f->wallet);
  check_book (f, 117560, 97560, 43, 1280);
  g_assert_cmpuint (fake_bank_count (f->wallet.fake, "/transactions"), ==, 11);
  g_assert_cmpuint (f->changes, ==, 1);
}

static const struct
{
  const char *name, *path, *from, *to;
  JnErrorCode code;
} spoils[] = {
  { "entry", "/transactions", "\"amount\":\"-19.00\"", "\"amount\":\"-19.01\"",
    JN_ERROR_BALANCE_MISMATCH },
  { "balance-after", "/transactions", "\"amount\":\"1181.00\"", "\"amount\":\"1181.01\"",
    JN_ERROR_BALANCE_MISMATCH },
  { "booked", "/transactions",
    "interimBooked\",\"balanceAmount\":{\"currency\":\"CNY\",\"amount\":\"1176.00\"",
    "interimBooked\",\"balanceAmount\":{\"currency\":\"CNY\",\"amount\":\"1176.01\"",
    JN_ERROR_BALANCE_MISMATCH },
  { "available", "/transactions", "\"amount\":\"976.00\"", "\"amount\":\"977.00\"",
    JN_ERROR_BALANCE_MISMATCH },
  { "hold", "/transactions", "\"amount\":\"-200.00\"", "\"amount\":\"-100.00\"",
    JN_ERROR_BALANCE_MISMATCH },
  { "gap", "/transactions", "\"entryReference\":\"2\"", "\"entryReference\":\"4\"",
    JN_ERROR_ANSWER_INVALID },
  { "late-start", "/transactions", "\"entryReference\":\"1\"", "\"entryReference\":\"0\"",
    JN_ERROR_ANSWER_INVALID },
  { "same-id", "/transactions", "X00001", "X00000", JN_ERROR_HEAD_MISMATCH },
  { "currency", "/transactions", "\"CNY\"", "\"USD\"", JN_ERROR_ANSWER_INVALID },
  { "not-json", "/transactions", "{", "<html>", JN_ERROR_ANSWER_INVALID },
  { "half", "/transactions", "}}", "}", JN_ERROR_ANSWER_INVALID },
  { "empty-with-next", "/transactions", "\"_links\":{", "\"_links\":{\"next\":7,\"next\":8",
    JN_ERROR_ANSWER_INVALID },
};

/* Each mistake of the bank: the whole page stays out, and the next good answer brings everything. */
static void
test_spoiled (Fixture *f, gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;

  fake_bank_spoil (f->wallet.fake, spoils[i].path, 0, spoils[i].from, spoils[i].to);
  g_assert_false (fake_wallet_sync (&f->wallet, &error));
  g_test_message ("%s", error->message);
  g_assert_cmpstr (jn_error_code_get_name (error->code), ==,
                   jn_error_code_get_name ((int) spoils[i].code));
  g_assert_cmpint (jn_sync_get_state (f->wallet.sync), ==, JN_SYNC_BROKEN);
  g_assert_cmpint (jn_sync_get_as_of (f->wallet.sync), ==, 0);
  check_book (f, 0, 0, 0, 0);
  fake_wallet_sync_well (&f->wallet);
  check_book (f, 117600, 97600, 3, 1280);
  g_assert_null (jn_sync_get_error (f->wallet.sync));
}

/* The first page is in, the spoiled second is out, and the run that follows goes on from there. */
static void
test_second_page (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  fake_bank_set_page_size (f->wallet.fake, 2);
  fake_bank_spoil (f->wallet.fake, "/transactions", 1, "\"-5.00\"", "\"-5.01\"");
  g_assert_false (fake_wallet_sync (&f->wallet, &error));
  g_assert_true (jn_error_is (error, JN_ERROR_BALANCE_MISMATCH));
  check_book (f, 118100, 118100, 2, 0);
  g_assert_cmpuint (f->changes, ==, 1);
  fake_wallet_sync_well (&f->wallet);
  check_book (f, 117600, 97600, 3, 1280);
}

static void
test_points_mismatch (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  fake_bank_spoil (f->wallet.fake, "/points", 0, "\"balance\":1280", "\"balance\":1290");
  g_assert_false (fake_wallet_sync (&f->wallet, &error));
  g_assert_true (jn_error_is (error, JN_ERROR_BALANCE_MISMATCH));
  check_book (f, 117600, 97600, 3, 0);
}

/* A bank that starts over has fewer entries than we have: that is told, and nothing is lost. */
static void
test_bank_forgets (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  fake_wallet_sync_well (&f->wallet);
  fake_bank_spoil (f->wallet.fake, "/transactions", 0, "\"amount\":\"1176.00\"",
                   "\"amount\":\"1200.00\"");
  g_assert_false (fake_wallet_sync (&f->wallet, &error));
  g_assert_true (jn_error_is (error, JN_ERROR_BALANCE_MISMATCH));
  check_book (f, 117600, 97600, 3, 1280);
}

/* The last entry is gone at the bank: it was shown, and it was signed. */
static void
test_bank_is_older (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  fake_wallet_sync_well (&f->wallet);
  fake_bank_forget (f->wallet.fake, 1);
  g_assert_false (fake_wallet_sync (&f->wallet, &error));
  g_assert_true (jn_error_is (error, JN_ERROR_BANK_OLDER_THAN_HEAD));
  check_book (f, 117600, 97600, 3, 1280);
}

/* Another history with the same sums: signed, whole in itself, and not the one that we saw. */
static void
test_another_history (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  fake_wallet_sync_well (&f->wallet);
  fake_bank_fork (f->wallet.fake);
  g_assert_false (fake_wallet_sync (&f->wallet, &error));
  g_assert_true (jn_error_is (error, JN_ERROR_HEAD_MISMATCH));
  g_clear_error (&error);
  fake_bank_add (f->wallet.fake, -600);
  g_assert_false (fake_wallet_sync (&f->wallet, &error));
  g_assert_true (jn_error_is (error, JN_ERROR_HEAD_MISMATCH));
  check_book (f, 117600, 97600, 3, 1280);
}

typedef struct
{
  JnStorage *storage;
  JnFeedHead head;
} HeadJob;

static gpointer
put_head (gpointer data, GCancellable *cancellable, GError **error)
{
  HeadJob *job = data;
  jn_storage_set_feed_head (job->storage, &job->head, error);
  return NULL;
}

static gpointer
get_head (gpointer data, GCancellable *cancellable, GError **error)
{
  HeadJob *job = data;
  g_assert_true (jn_storage_get_feed_head (job->storage, &job->head));
  return NULL;
}

/* A wallet without a head, or with one behind its entries, catches up by asking for them again; nothing is written twice. */
static void
test_catches_up (Fixture *f, gconstpointer data)
{
  HeadJob job = { .storage = f->wallet.storage };
  JnWorker *worker = jn_storage_get_worker (f->wallet.storage);
  JnFeedHead good;

  fake_wallet_sync_well (&f->wallet);
  jn_worker_run (worker, get_head, &job, NULL);
  g_assert_cmpuint (job.head.sequence, ==, 3);
  good = job.head;
  for (guint at = 0; at < 3; at++)
    {
      jn_feed_head_start (&job.head, "6222021234567890123");
      job.head.sequence = 0;
      jn_worker_run (worker, put_head, &job, NULL);
      fake_bank_set_page_size (f->wallet.fake, at + 1);
      fake_wallet_sync_well (&f->wallet);
      check_book (f, 117600, 97600, 3, 1280);
      jn_worker_run (worker, get_head, &job, NULL);
      g_assert_true (jn_feed_head_equal (&job.head, &good));
    }
}

/* A head that was seen and is newer than the file's entries is met again, and has to be the same. */
static void
test_newer_head_is_met (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  HeadJob job = { .storage = f->wallet.storage };
  JnWorker *worker = jn_storage_get_worker (f->wallet.storage);

  fake_wallet_sync_well (&f->wallet);
  jn_worker_run (worker, get_head, &job, NULL);
  job.head.sequence = 4;
  job.head.chain[0] ^= 1;
  jn_worker_run (worker, put_head, &job, NULL);
  g_assert_false (fake_wallet_sync (&f->wallet, &error));
  g_assert_true (jn_error_is (error, JN_ERROR_BANK_OLDER_THAN_HEAD));
  g_clear_error (&error);
  fake_bank_add (f->wallet.fake, -600);
  g_assert_false (fake_wallet_sync (&f->wallet, &error));
  g_assert_true (jn_error_is (error, JN_ERROR_HEAD_MISMATCH));
  check_book (f, 117600, 97600, 3, 1280);
}

static void
on_count (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (jn_sync_run_finish (JN_SYNC (source), result, &error));
  g_assert_no_error (error);
  ++*(guint *) user_data;
}

/* Calls during a run are answered together by one more run. */
static void
test_joined (Fixture *f, gconstpointer data)
{
  guint ended = 0;
  for (guint i = 0; i < 5; i++)
    jn_sync_run_async (f->wallet.sync, NULL, on_count, &ended);
  while (ended < 5)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (fake_bank_count (f->wallet.fake, "/psd2/v1/accounts?"), ==, 2);
}

static void
on_stopped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_assert_false (jn_sync_run_finish (JN_SYNC (source), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  ++*(guint *) user_data;
}

/* An owner that goes away in the middle hears back once and leaves nothing running. */
static void
test_stop (Fixture *f, gconstpointer data)
{
  for (guint steps = 0; steps < 12; steps++)
    {
      guint ended = 0;
      JnSync *sync = jn_sync_new (f->wallet.bank, f->wallet.storage, NULL, f->wallet.clock);
      jn_sync_run_async (sync, NULL, on_stopped, &ended);
      for (guint i = 0; i < steps && ended == 0 && i < 4; i++)
        g_main_context_iteration (NULL, FALSE);
      jn_sync_stop (sync);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_assert_cmpuint (ended, ==, 1);
      g_assert_finalize_object (sync);
    }
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  if (!jn_sync_run_finish (JN_SYNC (source), result, &error))
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  (*(guint *) data)++;
}

/* The same with a page under way that is read ahead, at every moment of it; what was written stays whole. */
static void
test_stop_ahead (Fixture *f, gconstpointer data)
{
  fake_bank_set_page_size (f->wallet.fake, 1);
  for (guint steps = 0; steps < 40; steps++)
    {
      guint ended = 0;
      JnSync *sync = jn_sync_new (f->wallet.bank, f->wallet.storage, NULL, f->wallet.clock);
      for (guint i = 0; i < 4; i++)
        fake_bank_add (f->wallet.fake, -1);
      jn_sync_run_async (sync, NULL, on_ended, &ended);
      for (guint i = 0; i < steps && ended == 0; i++)
        g_main_context_iteration (NULL, TRUE);
      jn_sync_stop (sync);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_assert_cmpuint (ended, ==, 1);
      g_assert_finalize_object (sync);
    }
  fake_wallet_sync_well (&f->wallet);
  check_book (f, 117600 - 160, 97600 - 160, 163, 1280);
}

/* The page before is wrong: what was read ahead of it is nothing. */
static void
test_ahead_of_a_wrong_page (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fake_bank_set_page_size (f->wallet.fake, 1);
  fake_bank_spoil (f->wallet.fake, "/transactions", 0, "\"1200.00\"", "\"1200.01\"");
  g_assert_false (fake_wallet_sync (&f->wallet, &error));
  g_assert_true (jn_error_is (error, JN_ERROR_BALANCE_MISMATCH));
  g_assert_cmpuint (fake_bank_count (f->wallet.fake, "/transactions"), ==, 3);
  check_book (f, 0, 0, 0, 0);
  fake_wallet_sync_well (&f->wallet);
  check_book (f, 117600, 97600, 3, 1280);
}

/* The page that was read ahead is no page: the one before it stays. */
static void
test_wrong_page_ahead (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fake_bank_set_page_size (f->wallet.fake, 1);
  fake_bank_spoil (f->wallet.fake, "/transactions", 1, "{", "<html>");
  g_assert_false (fake_wallet_sync (&f->wallet, &error));
  g_assert_true (jn_error_is (error, JN_ERROR_ANSWER_INVALID));
  check_book (f, 120000, 120000, 1, 0);
  fake_wallet_sync_well (&f->wallet);
  check_book (f, 117600, 97600, 3, 1280);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function, data) g_test_add (path, Fixture, data, set_up, function, tear_down)
  ADD ("/bank/sync/delta", test_delta, NULL);
  ADD ("/bank/sync/holds", test_holds, NULL);
  ADD ("/bank/sync/pages", test_pages, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (spoils); i++)
    {
      g_autofree char *path = g_strconcat ("/bank/sync/spoiled/", spoils[i].name, NULL);
      ADD (path, test_spoiled, GSIZE_TO_POINTER (i));
    }
  ADD ("/bank/sync/second-page", test_second_page, NULL);
  ADD ("/bank/sync/points-mismatch", test_points_mismatch, NULL);
  ADD ("/bank/sync/bank-forgets", test_bank_forgets, NULL);
  ADD ("/bank/sync/bank-is-older", test_bank_is_older, NULL);
  ADD ("/bank/sync/another-history", test_another_history, NULL);
  ADD ("/bank/sync/catches-up", test_catches_up, NULL);
  ADD ("/bank/sync/newer-head-is-met", test_newer_head_is_met, NULL);
  ADD ("/bank/sync/joined", test_joined, NULL);
  ADD ("/bank/sync/stop", test_stop, NULL);
  ADD ("/bank/sync/stop-ahead", test_stop_ahead, NULL);
  ADD ("/bank/sync/ahead-of-a-wrong-page", test_ahead_of_a_wrong_page, NULL);
  ADD ("/bank/sync/wrong-page-ahead", test_wrong_page_ahead, NULL);
  return g_test_run ();
}
