/* Rates of the sealed ledger beside raw SQLite and beside itself unsealed, in turns in one run. Prints; asserts nothing about time.
 * bench-ledger [FOLDER]: where the files are made, a temporary folder by default. */
#include <sqlite3.h>
#include <stdio.h>

#include "bench-kit.h"

#define SINGLES 1000
/* So often SINGLES, and the ledger's log has come round and is written over, as SQLite's is after one. */
#define LAPS 3
#define CALLS 5

/* ---- one transfer, one commit ---- */

static sqlite3 *
open_raw (const char *folder, sqlite3_stmt **insert)
{
  g_autofree char *path = bench_path (folder, "raw.db");
  sqlite3 *db = NULL;

  if (sqlite3_open (path, &db) != SQLITE_OK
      || sqlite3_exec (db,
                       "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                       "CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB)",
                       NULL, NULL, NULL)
             != SQLITE_OK
      || sqlite3_prepare_v2 (db, "INSERT INTO t VALUES (NULL, ?1)", -1, insert, NULL) != SQLITE_OK)
    g_error ("raw: %s", sqlite3_errmsg (db));
  return db;
}

static double
raw_rate (sqlite3_stmt *insert, double *latencies)
{
  static const char row[100] = "one hundred bytes";
  double sum = 0;

  for (int i = 0; i < SINGLES; i++)
    {
      gint64 start = g_get_monotonic_time ();

      sqlite3_bind_blob (insert, 1, row, sizeof row, SQLITE_STATIC);
      if (sqlite3_step (insert) != SQLITE_DONE)
        g_error ("raw insert");
      sqlite3_reset (insert);
      sum += latencies[i] = bench_seconds_since (start);
    }
  return SINGLES / sum;
}

static double
single_rate (Bench *bench, double *latencies)
{
  double sum = 0;

  for (int i = 0; i < SINGLES; i++)
    sum += latencies[i] = bench_submit (bench, 1);
  return SINGLES / sum;
}

/* Of all rounds. What the raw commits show is the disk's own part. */
static void
report_latencies (const char *name, double *latencies, const char *goal)
{
  double p50 = bench_quantile (latencies, BENCH_ROUNDS * SINGLES, 0.5);
  double p99 = bench_quantile (latencies, BENCH_ROUNDS * SINGLES, 0.99);
  g_autofree char *middle = g_strdup_printf ("%s p50", name);
  g_autofree char *ratio = g_strdup_printf ("%s p99 to p50", name);

  bench_report (middle, p50 * 1e6, "us", "-");
  bench_report (ratio, p99 / p50, "ratio", goal);
}

static void
bench_singles (const char *folder)
{
  double raw[BENCH_ROUNDS], single[BENCH_ROUNDS], to_raw[BENCH_ROUNDS], to_plain[BENCH_ROUNDS];
  static double raw_latencies[BENCH_ROUNDS * SINGLES], latencies[BENCH_ROUNDS * SINGLES];
  double unused[SINGLES], growing;
  g_autofree char *sealed_path = bench_path (folder, "single.db");
  g_autofree char *plain_path = bench_path (folder, "single-plain.db");
  Bench sealed = { 0 }, plain = { .plain = TRUE };
  sqlite3_stmt *insert = NULL;
  sqlite3 *db = open_raw (folder, &insert);

  bench_create (&sealed, sealed_path);
  bench_create (&plain, plain_path);
  bench_fill (&sealed, 20000);
  bench_fill (&plain, 20000);
  growing = 1 / raw_rate (insert, unused);
  growing *= single_rate (&sealed, unused);
  for (int i = 0; i < LAPS; i++)
    {
      single_rate (&sealed, unused);
      single_rate (&plain, unused);
    }
  for (int i = 0; i < BENCH_ROUNDS; i++)
    {
      raw[i] = raw_rate (insert, raw_latencies + i * SINGLES);
      single[i] = single_rate (&sealed, latencies + i * SINGLES);
      to_raw[i] = single[i] / raw[i];
      to_plain[i] = single[i] / single_rate (&plain, unused);
    }
  bench_report ("raw one-row commits", bench_quantile (raw, BENCH_ROUNDS, 0.5), "1/s", "-");
  bench_report ("single durable transfers", bench_quantile (single, BENCH_ROUNDS, 0.5), "1/s", "-");
  bench_report ("single transfers to raw commits", bench_quantile (to_raw, BENCH_ROUNDS, 0.5),
                "ratio", ">= 0.80");
  bench_report ("the same while both logs grow", growing, "ratio", "-");
  bench_report ("single transfers, sealed to plain", bench_quantile (to_plain, BENCH_ROUNDS, 0.5),
                "ratio", ">= 0.85");
  report_latencies ("raw one-row commit", raw_latencies, "-");
  report_latencies ("single transfer", latencies, "<= 3");
  sqlite3_finalize (insert);
  sqlite3_close (db);
  bench_close (&sealed);
  bench_close (&plain);
}

/* ---- batches ---- */

static double
batch_rate (Bench *bench)
{
  double seconds = 0;

  for (int k = 0; k < CALLS; k++)
    seconds += bench_submit (bench, JN_BATCH_MAX);
  return CALLS * (double) JN_BATCH_MAX / seconds;
}

/* In turns: the differences are what sealing costs, and what texts and their search cost. */
static void
bench_batches (const char *folder)
{
  static const char *const names[] = { "batch.db", "batch-plain.db", "batch-textless.db" };
  Bench benches[3] = { { 0 }, { .plain = TRUE }, { .textless = TRUE } };
  double rates[3][BENCH_ROUNDS], to_plain[BENCH_ROUNDS], to_textless[BENCH_ROUNDS];

  for (int b = 0; b < 3; b++)
    {
      g_autofree char *path = bench_path (folder, names[b]);

      bench_create (&benches[b], path);
      bench_fill (&benches[b], 4 * JN_BATCH_MAX);
    }
  for (int i = 0; i < BENCH_ROUNDS; i++)
    {
      for (int b = 0; b < 3; b++)
        rates[b][i] = batch_rate (&benches[b]);
      to_plain[i] = rates[0][i] / rates[1][i];
      to_textless[i] = rates[0][i] / rates[2][i];
    }
  bench_report ("batches of 8190, sealed, with search",
                bench_quantile (rates[0], BENCH_ROUNDS, 0.5), "transfers/s", ">= 150000");
  bench_report ("batches, sealed to plain", bench_quantile (to_plain, BENCH_ROUNDS, 0.5), "ratio",
                ">= 0.85");
  bench_report ("batches without texts and search", bench_quantile (rates[2], BENCH_ROUNDS, 0.5),
                "transfers/s", "-");
  bench_report ("share left after texts and search",
                bench_quantile (to_textless, BENCH_ROUNDS, 0.5), "ratio", "-");
  for (int b = 0; b < 3; b++)
    bench_close (&benches[b]);
}

/* ---- a bank's feed ---- */

#define FEED_ENTRIES 100000
#define FEED_PAGE 8000

static void
apply_page (Bench *bench, guint64 from)
{
  static jn_event events[FEED_PAGE];
  static jn_result results[FEED_PAGE];
  static char payees[FEED_PAGE][40], memos[FEED_PAGE][40];
  gsize n = (gsize) MIN (FEED_PAGE, FEED_ENTRIES - from);
  jn_feed_page page = {
    .feed = "bench", .from_seq = from + 1, .to_seq = from + n, .events = events, .n_events = n
  };

  for (gsize i = 0; i < n; i++)
    events[i] = bench_event (from + i, payees[i], memos[i]);
  bench_must (jn_feed_apply (bench->ledger, &page, results, NULL), "feed");
}

static void
bench_import (const char *folder)
{
  double seconds[3];

  for (int i = 0; i < 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("feed-%d.db", i);
      g_autofree char *path = bench_path (folder, name);
      Bench bench = { 0 };
      gint64 start;

      bench_create (&bench, path);
      start = g_get_monotonic_time ();
      for (guint64 from = 0; from < FEED_ENTRIES; from += FEED_PAGE)
        apply_page (&bench, from);
      seconds[i] = bench_seconds_since (start);
      bench_close (&bench);
    }
  bench_report ("import of a feed of 100,000", bench_quantile (seconds, 3, 0.5), "s", "<= 1.5");
}

int
main (int argc, char *argv[])
{
  g_autofree char *folder = bench_folder_make (argc > 1 ? argv[1] : NULL);

  printf ("warm page cache, median of %d alternating rounds, %s\n", BENCH_ROUNDS, folder);
  bench_singles (folder);
  bench_batches (folder);
  bench_import (folder);
  bench_folder_remove (folder);
  return 0;
}
