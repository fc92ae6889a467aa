/* What reading costs as the sealed ledger grows: 1 k, 10 k, 100 k, 1 M transfers. Prints; asserts nothing about time.
 * bench-ledger-size [FOLDER]: where the files are made, a temporary folder by default. */
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>

#include "bench-kit.h"

#define MILLION 1000000

/* Pages of the index by SQLite's own table of them. */
static double
search_bytes (const char *path)
{
  sqlite3 *db = NULL;
  sqlite3_stmt *s = NULL;
  double bytes = 0;

  if (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, bench_vfs ()) == SQLITE_OK
      && sqlite3_prepare_v2 (db, "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'search%'", -1, &s,
                             NULL)
             == SQLITE_OK
      && sqlite3_step (s) == SQLITE_ROW)
    bytes = sqlite3_column_double (s, 0);
  sqlite3_finalize (s);
  sqlite3_close (db);
  return bytes;
}

/* Open, all balances, first page of 50: what a start needs. */
static double
first_page_ms (const char *path)
{
  jn_entry_row rows[50];
  gint64 start = g_get_monotonic_time ();
  jn_snapshot *snapshot = NULL;
  jn_id account = bench_id (1, 1);
  Bench bench = { 0 };
  gsize n = 50;
  double ms;

  bench_open (&bench, path);
  bench_must (jn_snapshot_begin (bench.ledger, &snapshot), "snapshot");
  for (guint64 i = 0; i < BENCH_ACCOUNTS; i++)
    {
      jn_balance balance;
      jn_id id = bench_id (1, i);

      bench_must (jn_balance_get (snapshot, &id, &balance), "balance");
    }
  bench_must (jn_entries (snapshot, &account, NULL, rows, &n), "entries");
  ms = bench_seconds_since (start) * 1e3;
  jn_snapshot_end (snapshot);
  bench_close (&bench);
  if (n != 50)
    g_error ("a page of %u rows", (guint) n);
  return ms;
}

static void
bench_pages (jn_snapshot *snapshot)
{
  jn_id account = bench_id (1, 1);
  jn_entry_row rows[50];
  gint64 start = g_get_monotonic_time ();

  for (int i = 0; i < 100; i++)
    {
      jn_page page = { .before = 1000 + (guint64) i * 9000 };
      gsize n = 50;

      bench_must (jn_entries (snapshot, &account, &page, rows, &n), "entries");
    }
  bench_report ("page of 50 anywhere in 1M", bench_seconds_since (start) * 1e4, "us", "-");
}

/* Any account, any date. */
static void
bench_as_of (jn_snapshot *snapshot)
{
  static double us[4000];

  for (guint i = 0; i < G_N_ELEMENTS (us); i++)
    {
      guint mixed = i * 2654435761u;
      jn_id account = bench_id (1, mixed % BENCH_ACCOUNTS);
      gint32 date = (gint32) ((2014 + mixed / 8 % 12) * 10000 + (1 + mixed / 96 % 12) * 100 + 1
                              + mixed / 1152 % 28);
      gint64 posted, start = g_get_monotonic_time ();

      bench_must (jn_balance_as_of (snapshot, &account, date, &posted), "as of");
      us[i] = (double) (g_get_monotonic_time () - start);
    }
  bench_report ("balance as of a date in 1M, p50", bench_quantile (us, G_N_ELEMENTS (us), 0.5),
                "us", "-");
  bench_report ("balance as of a date in 1M, p99", bench_quantile (us, G_N_ELEMENTS (us), 0.99),
                "us", "<= 50");
}

/* Every month of twelve years, by category, for every account. */
static void
bench_statement (jn_snapshot *snapshot)
{
  static jn_rollup_row rows[12 * 12 * 20];
  double ms[BENCH_ROUNDS];
  gsize total = 0;

  for (int k = 0; k < BENCH_ROUNDS; k++)
    {
      gint64 start = g_get_monotonic_time ();

      total = 0;
      for (guint64 i = 1; i < BENCH_ACCOUNTS; i++)
        {
          jn_id account = bench_id (1, i);
          gsize n = G_N_ELEMENTS (rows);

          bench_must (jn_rollup (snapshot, &account, 201401, 202512, rows, &n), "rollup");
          total += n;
        }
      ms[k] = bench_seconds_since (start) * 1e3;
    }
  if (total < 12 * 11 * 12)
    g_error ("a statement of %u rows", (guint) total);
  bench_report ("monthly income statement, 12 years", bench_quantile (ms, BENCH_ROUNDS, 0.5), "ms",
                "<= 5");
}

static void
bench_search (jn_snapshot *snapshot)
{
  static const struct
  {
    const char *text, *name, *goal;
  } searches[] = {
    { "午餐", "search 2 hanzi, frequent", "<= 5" },
    { "画室", "search 2 hanzi, seldom", "<= 5" },
    { "室午", "search 2 hanzi across words", "<= 5" },
    { "午", "search 1 hanzi, frequent", "<= 20" },
    { "琴", "search 1 hanzi, seldom", "<= 20" },
    { "陶艺陶艺陶艺", "search 6 hanzi, none", "<= 5" },
    { "op 12", "search Latin inside a word", "<= 5" },
    { "shop 299", "search Latin, whole", "<= 5" },
    { "户 ｓHOP 77", "search mixed widths", "<= 5" },
    { "7", "search 1 digit", "<= 20" },
    { "琴行7", "search that ends in half a pair", "<= 5" },
    { "z", "search 1 letter, none", "<= 20" },
  };
  jn_id account = bench_id (1, 1);
  jn_entry_row rows[50];

  for (gsize i = 0; i < G_N_ELEMENTS (searches); i++)
    {
      jn_page page = { .search = searches[i].text };
      double ms[BENCH_ROUNDS];

      for (int k = 0; k < BENCH_ROUNDS; k++)
        {
          gint64 start = g_get_monotonic_time ();
          gsize n = 50;

          bench_must (jn_entries (snapshot, &account, &page, rows, &n), "search");
          ms[k] = bench_seconds_since (start) * 1e3;
        }
      bench_report (searches[i].name, bench_quantile (ms, BENCH_ROUNDS, 0.5), "ms",
                    searches[i].goal);
    }
}

static void
bench_reading (const char *path)
{
  Bench bench = { 0 };
  jn_snapshot *snapshot = NULL;
  gint64 start;

  bench_open (&bench, path);
  bench_must (jn_snapshot_begin (bench.ledger, &snapshot), "snapshot");
  bench_pages (snapshot);
  bench_as_of (snapshot);
  bench_statement (snapshot);
  bench_search (snapshot);
  jn_snapshot_end (snapshot);
  start = g_get_monotonic_time ();
  bench_must (jn_verify (bench.ledger, NULL, NULL), "verify");
  bench_report ("full audit of 1M, sealed", bench_seconds_since (start), "s", "<= 4");
  bench_close (&bench);
}

static void
bench_bytes (const char *path)
{
  double search = search_bytes (path);
  GStatBuf info;

  if (g_stat (path, &info) != 0)
    g_error ("no file");
  bench_report ("bytes a transfer without search", ((double) info.st_size - search) / MILLION, "B",
                "<= 128");
  bench_report ("bytes a transfer for search", search / MILLION, "B", "-");
}

/* Rates of the last batches before each size: what a transfer costs when there are many already. */
static void
grow (const char *path, guint64 size, const char *name)
{
  Bench bench = { 0 };
  guint64 last = MIN (size / 2, 5 * JN_BATCH_MAX);

  bench_create (&bench, path);
  bench_fill (&bench, size - last);
  bench_report (name, (double) last / bench_fill (&bench, size), "transfers/s", "-");
  bench_close (&bench);
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    guint64 size;
    const char *open, *write;
  } steps[] = {
    { 1000, "open + first page, 1k", "batches up to 1k" },
    { 10000, "open + first page, 10k", "batches up to 10k" },
    { 100000, "open + first page, 100k", "batches up to 100k" },
    { MILLION, "open + first page, 1M", "batches up to 1M" },
  };
  g_autofree char *folder = bench_folder_make (argc > 1 ? argv[1] : NULL);
  double small = 0, median = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autofree char *name = g_strdup_printf ("size-%u.db", (guint) steps[i].size);
      g_autofree char *path = bench_path (folder, name);
      double ms[BENCH_ROUNDS];

      grow (path, steps[i].size, steps[i].write);
      for (int k = 0; k < BENCH_ROUNDS; k++)
        ms[k] = first_page_ms (path);
      median = bench_quantile (ms, BENCH_ROUNDS, 0.5);
      small = i == 0 ? median : small;
      bench_report (steps[i].open, median, "ms", steps[i].size == MILLION ? "<= 2" : "-");
      if (steps[i].size != MILLION)
        continue;
      bench_report ("open + first page, 1M to 1k", median / small, "ratio", "<= 1.5");
      bench_bytes (path);
      bench_reading (path);
    }
  bench_folder_remove (folder);
  return 0;
}
