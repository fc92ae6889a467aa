/* Backup, progress of the audit, rebuilding of what is derived. */
#include <sqlite3.h>
#include <string.h>

#include <glib/gstdio.h>

#include "ledger-world.h"

typedef struct
{
  World world;
  jn_ledger *ledger;
} Fixture;

static void
submit (jn_ledger *ledger, const jn_event *events, gsize n)
{
  jn_result results[16];

  g_assert_cmpint (jn_submit (ledger, events, n, results, NULL), ==, JN_OK);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpint (results[i].status, ==, JN_OK);
}

static jn_event
pay_in (guint64 n, gint64 amount)
{
  return world_transfer (world_id (100 + n, n), world_id (1, 0), world_id (1, 1), amount);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  jn_annotation annotations[] = { { world_id (101, 1), JN_FIELD_CATEGORY, 5, 1, "7" },
                                  { world_id (101, 1), JN_FIELD_NOTE, 6, 1, "with Li 李" } };
  jn_event events[3];

  world_init (&f->world);
  f->world.host.tail_rows = 1;
  f->ledger = world_open (&f->world);
  for (guint64 i = 0; i < 3; i++)
    {
      jn_account a =
          world_account (i, i == 0 ? JN_ACCOUNT_WORLD : JN_ACCOUNT_CUSTOMER, 156, 0, G_MAXINT64);

      g_assert_cmpint (jn_account_open (f->ledger, &a), ==, JN_OK);
    }
  events[0] = pay_in (1, 5000);
  events[0].payee = "瑞幸咖啡";
  events[0].reference = "REF-1";
  submit (f->ledger, events, 1);
  for (guint64 i = 0; i < 3; i++)
    events[i] = pay_in (2 + i, (gint64) (100 + i));
  events[1].kind = JN_PENDING;
  submit (f->ledger, events, 3);
  g_assert_cmpint (jn_annotate (f->ledger, annotations, G_N_ELEMENTS (annotations)), ==, JN_OK);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  jn_close (f->ledger);
  world_clear (&f->world);
}

static void
sql (Fixture *f, const char *text)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (f->world.path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, text, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static void
close_ledger (Fixture *f)
{
  jn_close (f->ledger);
  f->ledger = NULL;
}

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
fill (Fixture *f)
{
  g_autofree jn_event *events = g_new0 (jn_event, JN_BATCH_MAX);
  g_autofree jn_result *results = g_new0 (jn_result, JN_BATCH_MAX);

  for (guint64 k = 0; k < 3; k++)
    {
      for (guint64 i = 0; i < JN_BATCH_MAX; i++)
        {
          events[i] = pay_in (5000 + k * JN_BATCH_MAX + i, 1 + (gint64) i % 50);
          events[i].memo = i % 3 == 0 ? "早餐" : "午餐";
          events[i].value_date = 20250101 + (gint32) (i % 12) * 100;
        }
      g_assert_cmpint (jn_submit (f->ledger, events, JN_BATCH_MAX, results, NULL), ==, JN_OK);
    }
}

static void
test_backup (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_strconcat (f->world.path, ".backup", NULL);
  Progress progress = { 0 }, stopped = { .stop_at = 1 };
  jn_head head, copied;
  jn_ledger *copy = NULL;
  jn_event e = pay_in (4000, 5);

  fill (f);
  g_assert_cmpint (jn_backup (f->ledger, path, on_progress, &stopped), ==, JN_BUSY);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (jn_backup (f->ledger, path, on_progress, &progress), ==, JN_OK);
  g_assert_cmpuint (progress.calls, >, 1);
  g_assert_cmpuint (progress.done, ==, progress.total);
  g_assert_cmpint (jn_backup (f->ledger, path, NULL, NULL), ==, JN_INVALID);
  g_assert_cmpint (jn_head_get (f->ledger, &head), ==, JN_OK);
  submit (f->ledger, &e, 1);
  g_assert_cmpint (jn_open (path, NULL, &f->world.host, 0, &copy), ==, JN_OK);
  g_assert_cmpint (jn_head_get (copy, &copied), ==, JN_OK);
  g_assert_cmpmem (&head, sizeof head, &copied, sizeof copied);
  /* The copy lives on its own. */
  submit (copy, &e, 1);
  g_assert_cmpint (jn_verify (copy, NULL, NULL), ==, JN_OK);
  jn_close (copy);
}

/* A copy is only as good as what it was made from, and says so. */
static void
test_backup_of_damaged (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_strconcat (f->world.path, ".backup", NULL);

  close_ledger (f);
  sql (f, "UPDATE transfer SET amount = amount + 1 WHERE no = 2");
  f->ledger = world_open (&f->world);
  g_assert_cmpint (jn_backup (f->ledger, path, NULL, NULL), ==, JN_CHAIN_BROKEN);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_progress (Fixture *f, gconstpointer data)
{
  Progress progress = { 0 }, stopped = { .stop_at = 2 };

  fill (f);
  g_assert_cmpint (jn_verify_with_progress (f->ledger, NULL, on_progress, &progress), ==, JN_OK);
  g_assert_cmpuint (progress.calls, >, 2);
  g_assert_cmpuint (progress.total, >, 3 * JN_BATCH_MAX);
  g_assert_cmpint (jn_verify_with_progress (f->ledger, NULL, on_progress, &stopped), ==, JN_BUSY);
}

static void
test_rebuild (Fixture *f, gconstpointer data)
{
  static const char *const damages[] = { "DELETE FROM month",
                                         "DELETE FROM block",
                                         "DELETE FROM id_key",
                                         "UPDATE block SET data = zeroblob (30)",
                                         "UPDATE month SET n_c = n_c + 1",
                                         "DELETE FROM payee",
                                         "DELETE FROM search_data WHERE id > 10",
                                         "DELETE FROM local",
                                         "UPDATE shift SET d = 7",
                                         "DELETE FROM search_note_data WHERE id > 10",
                                         "UPDATE annotation SET early = 1 - early" };
  jn_page page = { .search = "早餐" };
  jn_id id = world_id (1, 1);
  jn_event again = pay_in (5001, 2), more = pay_in (99999, 7);
  jn_result result;

  fill (f);
  again.memo = "午餐";
  again.value_date = 20250201;
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      static jn_entry_row rows[10000];
      jn_snapshot *snapshot = NULL;
      gsize n = G_N_ELEMENTS (rows);

      close_ledger (f);
      sql (f, damages[i]);
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
  submit (f->ledger, &more, 1);
  g_assert_cmpint (jn_verify (f->ledger, NULL, NULL), ==, JN_OK);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name) g_test_add ("/ledger/care/" #name, Fixture, NULL, set_up, test_##name, tear_down)
  TEST (backup);
  TEST (backup_of_damaged);
  TEST (progress);
  TEST (rebuild);
#undef TEST
  return g_test_run ();
}
