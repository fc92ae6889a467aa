/* Backup, progress of the audit, rebuilding of what is derived. */
#include <sqlite3.h>
#include <string.h>

#include <glib/gstdio.h>

#include "ledger-booked.h"

typedef struct
{
  guint64 done, total;
  guint calls, stop_at;
} Progress;

static bool
on_progress (void *ctx, uint64_t done, uint64_t total)
{
  Progress *progress = ctx;

  g_assert_cmpuint (done, >=, progress->done);
  g_assert_cmpuint (done, <=, total);
  progress->done = done;
  progress->total = total;
  return ++progress->calls != progress->stop_at;
}

/* Enough for several steps of the progress. */
static void
fill (Booked *f)
{
  g_autofree jn_event *events = g_new0 (jn_event, JN_BATCH_MAX);
  g_autofree jn_result *results = g_new0 (jn_result, JN_BATCH_MAX);

  for (guint64 k = 0; k < 3; k++)
    {
      for (guint64 i = 0; i < JN_BATCH_MAX; i++)
        {
          events[i] = booked_pay_in (5000 + k * JN_BATCH_MAX + i, 1 + (gint64) i % 50);
          events[i].memo = i % 3 == 0 ? "早餐" : "午餐";
          events[i].value_date = 20250101 + (gint32) (i % 12) * 100;
        }
      g_assert_cmpint (jn_submit (f->ledger, events, JN_BATCH_MAX, results, NULL), ==, JN_OK);
    }
}

static void
test_backup (Booked *f, gconstpointer data)
{
  g_autofree char *path = g_strconcat (f->world.path, ".backup", NULL);
  Progress progress = { 0 }, stopped = { .stop_at = 1 };
  jn_head head, copied;
  jn_ledger *copy = NULL;
  jn_event e = booked_pay_in (4000, 5);

  fill (f);
  g_assert_cmpint (jn_backup (f->ledger, path, on_progress, &stopped), ==, JN_BUSY);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (jn_backup (f->ledger, path, on_progress, &progress), ==, JN_OK);
  g_assert_cmpuint (progress.calls, >, 1);
  g_assert_cmpuint (progress.done, ==, progress.total);
  g_assert_cmpint (jn_backup (f->ledger, path, NULL, NULL), ==, JN_INVALID);
  g_assert_cmpint (jn_head_get (f->ledger, &head), ==, JN_OK);
  booked_submit (f->ledger, &e, 1);
  g_assert_cmpint (jn_open (path, NULL, &f->world.host, 0, &copy), ==, JN_OK);
  g_assert_cmpint (jn_head_get (copy, &copied), ==, JN_OK);
  g_assert_cmpmem (&head, sizeof head, &copied, sizeof copied);
  /* The copy lives on its own. */
  booked_submit (copy, &e, 1);
  g_assert_cmpint (jn_verify (copy, NULL, NULL), ==, JN_OK);
  jn_close (copy);
}

/* A copy is only as good as what it was made from, and says so. */
static void
test_backup_of_damaged (Booked *f, gconstpointer data)
{
  g_autofree char *path = g_strconcat (f->world.path, ".backup", NULL);

  booked_close (f);
  booked_sql (f, "UPDATE transfer SET amount = amount + 1 WHERE no = 2");
  f->ledger = world_open (&f->world);
  g_assert_cmpint (jn_backup (f->ledger, path, NULL, NULL), ==, JN_CHAIN_BROKEN);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_progress (Booked *f, gconstpointer data)
{
  Progress progress = { 0 }, stopped = { .stop_at = 2 };

  fill (f);
  g_assert_cmpint (jn_verify_with_progress (f->ledger, NULL, on_progress, &progress), ==, JN_OK);
  g_assert_cmpuint (progress.calls, >, 2);
  g_assert_cmpuint (progress.total, >, 3 * JN_BATCH_MAX);
  g_assert_cmpint (jn_verify_with_progress (f->ledger, NULL, on_progress, &stopped), ==, JN_BUSY);
}

static void
test_rebuild (Booked *f, gconstpointer data)
{
  static const char *const damages[] = { "DELETE FROM month",
                                         "DELETE FROM block",
                                         "DELETE FROM id_key",
                                         "UPDATE block SET data = zeroblob (30)",
                                         "UPDATE month SET n_c = n_c + 1",
                                         "DELETE FROM month WHERE month < -9999999",
                                         "UPDATE month SET c = c + 1 WHERE month < -9999999",
                                         "DELETE FROM payee",
                                         "DELETE FROM search_data WHERE id > 10",
                                         "DELETE FROM local",
                                         "UPDATE shift SET d = 7",
                                         "DELETE FROM search_note_data WHERE id > 10",
                                         "UPDATE annotation SET early = 1 - early" };
  jn_page page = { .search = "早餐" };
  jn_id id = world_id (1, 1);
  jn_event again = booked_pay_in (5001, 2), more = booked_pay_in (99999, 7);
  jn_result result;

  fill (f);
  again.memo = "午餐";
  again.value_date = 20250201;
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      static jn_entry_row rows[10000];
      jn_snapshot *snapshot = NULL;
      gsize n = G_N_ELEMENTS (rows);

      booked_close (f);
      booked_sql (f, damages[i]);
      f->ledger = world_open (&f->world);
      g_assert_cmpint (jn_verify (f->ledger, NULL, NULL), ==, JN_INVARIANT);
      g_assert_cmpint (jn_rebuild (f->ledger), ==, JN_OK);
      g_assert_cmpint (jn_verify (f->ledger, NULL, NULL), ==, JN_OK);
      g_assert_cmpint (jn_snapshot_begin (f->ledger, &snapshot), ==, JN_OK);
      g_assert_cmpint (jn_entries (snapshot, &id, &page, rows, &n), ==, JN_OK);
      g_assert_cmpuint (n, ==, 3 * JN_BATCH_MAX / 3);
      jn_snapshot_end (snapshot);
      g_assert_cmpint (jn_submit (f->ledger, &again, 1, &result, NULL), ==, JN_OK);
      g_assert_cmpint (result.status, ==, JN_EXISTS);
    }
  booked_submit (f->ledger, &more, 1);
  g_assert_cmpint (jn_verify (f->ledger, NULL, NULL), ==, JN_OK);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name)                                                                                 \
  g_test_add ("/ledger/care/" #name, Booked, NULL, booked_set_up, test_##name, booked_tear_down)
  TEST (backup);
  TEST (backup_of_damaged);
  TEST (progress);
  TEST (rebuild);
#undef TEST
  return g_test_run ();
}
