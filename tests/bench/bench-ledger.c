/* Rates of the ledger beside raw SQLite in the same run, and opening times by size. Prints; asserts nothing about time.
 * bench-ledger [FOLDER]: where the files are made, a temporary folder by default. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "jn-ledger.h"

#define ROUNDS 5
#define SINGLES 1000
#define N_ACCOUNTS 8

typedef struct
{
  const char *folder;
  jn_ledger *ledger;
  guint64 n;         /* transfers made so far */
  gboolean textless; /* without texts there is nothing to search */
} Bench;

static int64_t
now_us (void *ctx)
{
  return g_get_real_time ();
}

static const jn_host HOST = { .now_us = now_us };

static void
must (jn_status status, const char *what)
{
  if (status > JN_EXISTS)
    g_error ("%s: %d", what, status);
}

/* @goal: ">= 0.60", "<= 5", words for people, or "-" for none. */
static void
report (const char *name, double value, const char *unit, const char *goal)
{
  char *end = NULL;
  double limit = strlen (goal) > 3 ? g_ascii_strtod (goal + 3, &end) : 0;

  printf ("%-34s %12.2f %-14s goal %s\n", name, value, unit, goal);
  printf ("BENCH {\"room\":\"ledger\",\"name\":\"%s\",\"value\":%.3f,\"unit\":\"%s\"", name, value,
          unit);
  if (end != NULL && *end == '\0')
    printf (",\"goal\":%g,\"better\":\"%s\"", limit, goal[0] == '>' ? "more" : "less");
  printf ("}\n");
  fflush (stdout);
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return x < y ? -1 : x > y;
}

static double
median (double *values, gsize n)
{
  qsort (values, n, sizeof *values, compare_doubles);
  return values[n / 2];
}

static jn_id
make_id (guint64 high, guint64 low)
{
  jn_id id;

  for (int i = 0; i < 8; i++)
    {
      id.b[i] = (uint8_t) (high >> (56 - 8 * i));
      id.b[8 + i] = (uint8_t) (low >> (56 - 8 * i));
    }
  return id;
}

/* The first ones often, the last ones seldom. */
static const char *const WORDS[] = {
  "午餐", "咖啡", "地铁", "超市", "水果", "外卖", "早餐", "晚餐", "打车", "电影", "话费", "电费",
  "水费", "房租", "快递", "药店", "加油", "停车", "书店", "理发", "酒店", "机票", "火车", "公园",
  "礼物", "红包", "转账", "退款", "工资", "奖金", "利息", "保险", "挂号", "体检", "学费", "补习",
  "健身", "游泳", "宠物", "猫粮", "花店", "蛋糕", "奶茶", "烧烤", "火锅", "面馆", "寿司", "西餐",
  "租车", "洗车", "维修", "家具", "灯具", "床品", "厨具", "玩具", "琴行", "画室", "陶艺", "摄影"
};

/* The n-th transfer of a history of twelve years at a million, over 12 categories. */
static jn_event
make_event (guint64 n, char payee[40], char memo[40])
{
  guint64 mixed = n * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  gint32 months = (gint32) (n / 7000);
  jn_event e = { 0 };

  mixed ^= mixed >> 31;
  g_snprintf (payee, 40, "商户 Shop %u", (guint) (mixed % 300));
  g_snprintf (memo, 40, "%s%s", WORDS[MIN (mixed / 7 % 60, mixed / 1009 % 60)],
              WORDS[mixed / 100003 % 60]);
  e.id = make_id ((G_GUINT64_CONSTANT (0x19000000000) + n / 200) << 16 | (mixed & 0xffff), mixed);
  e.kind = JN_TRANSFER;
  e.code = (uint16_t) (1 + mixed % 12);
  e.currency = 156;
  e.debit = make_id (1, mixed % 5 == 0 ? 0 : 1 + mixed % (N_ACCOUNTS - 1));
  e.credit = make_id (1, mixed % 5 == 0 ? 1 + mixed % (N_ACCOUNTS - 1) : 0);
  e.amount = 1 + (gint64) (mixed % 100000);
  e.value_date =
      (2014 + months / 12) * 10000 + (1 + months % 12) * 100 + 1 + (gint32) (n % 7000 / 250);
  e.occurred_us = (gint64) n;
  e.payee = payee;
  e.memo = memo;
  return e;
}

static void
open_ledger (Bench *bench, const char *name)
{
  g_autofree char *path = g_build_filename (bench->folder, name, NULL);

  must (jn_open (path, NULL, &HOST, 0, &bench->ledger), "open");
}

static void
create_ledger (Bench *bench, const char *name)
{
  open_ledger (bench, name);
  bench->n = 0;
  for (guint64 i = 0; i < N_ACCOUNTS; i++)
    {
      jn_account a = { .id = make_id (1, i),
                       .currency = 156,
                       .class_ = i == 0 ? JN_ACCOUNT_WORLD : JN_ACCOUNT_CUSTOMER,
                       .flags = i == 0 ? 0 : JN_ACCOUNT_BOUNDED,
                       .floor = i == 0 ? 0 : -(G_GINT64_CONSTANT (1) << 50),
                       .ceiling = G_MAXINT64 };

      must (jn_account_open (bench->ledger, &a), "account");
    }
}

static void
submit_batch (Bench *bench, gsize n)
{
  static jn_event events[JN_BATCH_MAX];
  static jn_result results[JN_BATCH_MAX];
  static char payees[JN_BATCH_MAX][40], memos[JN_BATCH_MAX][40];

  for (gsize i = 0; i < n; i++)
    {
      events[i] = make_event (bench->n++, payees[i], memos[i]);
      if (bench->textless)
        events[i].payee = events[i].memo = NULL;
    }
  must (jn_submit (bench->ledger, events, n, results, NULL), "submit");
  for (gsize i = 0; i < n; i++)
    must (results[i].status, "transfer");
}

static void
fill (Bench *bench, guint64 n)
{
  while (bench->n < n)
    submit_batch (bench, (gsize) MIN (n - bench->n, JN_BATCH_MAX));
}

static double
seconds_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / 1e6;
}

static sqlite3 *
open_raw (Bench *bench, sqlite3_stmt **insert)
{
  g_autofree char *path = g_build_filename (bench->folder, "raw.db", NULL);
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
raw_rate (sqlite3_stmt *insert)
{
  static const char row[100] = "one hundred bytes";
  gint64 start = g_get_monotonic_time ();

  for (int i = 0; i < SINGLES; i++)
    {
      sqlite3_bind_blob (insert, 1, row, sizeof row, SQLITE_STATIC);
      if (sqlite3_step (insert) != SQLITE_DONE)
        g_error ("raw insert");
      sqlite3_reset (insert);
    }
  return SINGLES / seconds_since (start);
}

static double
single_rate (Bench *bench, double *latencies)
{
  gint64 start = g_get_monotonic_time ();

  for (int i = 0; i < SINGLES; i++)
    {
      gint64 before = g_get_monotonic_time ();

      submit_batch (bench, 1);
      latencies[i] = (double) (g_get_monotonic_time () - before);
    }
  return SINGLES / seconds_since (start);
}

static void
bench_singles (Bench *bench)
{
  double raw[ROUNDS], single[ROUNDS], ratio[ROUNDS], latencies[SINGLES];
  sqlite3_stmt *insert = NULL;
  sqlite3 *db = open_raw (bench, &insert);

  create_ledger (bench, "single.db");
  fill (bench, 20000);
  raw_rate (insert);
  single_rate (bench, latencies);
  for (int i = 0; i < ROUNDS; i++)
    {
      raw[i] = raw_rate (insert);
      single[i] = single_rate (bench, latencies);
      ratio[i] = single[i] / raw[i];
    }
  report ("raw one-row commits", median (raw, ROUNDS), "1/s", "-");
  report ("single durable transfers", median (single, ROUNDS), "1/s", "-");
  report ("single transfers to raw commits", median (ratio, ROUNDS), "ratio", ">= 0.80");
  qsort (latencies, SINGLES, sizeof *latencies, compare_doubles);
  report ("single transfer p50", latencies[SINGLES / 2], "us", "-");
  report ("single transfer p99", latencies[SINGLES * 99 / 100], "us", "<= 3 x p50");
  sqlite3_finalize (insert);
  sqlite3_close (db);
  jn_close (bench->ledger);
}

/* With and without texts in turn: the difference is what texts and their search cost. */
static void
bench_batches (Bench *bench)
{
  static const char *const names[] = { "batch.db", "batch-textless.db" };
  Bench both[2] = { *bench, *bench };
  double rates[2][ROUNDS], ratio[ROUNDS];

  both[1].textless = TRUE;
  for (int b = 0; b < 2; b++)
    {
      create_ledger (&both[b], names[b]);
      fill (&both[b], 4 * JN_BATCH_MAX);
    }
  for (int i = 0; i < ROUNDS; i++)
    {
      for (int b = 0; b < 2; b++)
        {
          gint64 start = g_get_monotonic_time ();

          for (int k = 0; k < 5; k++)
            submit_batch (&both[b], JN_BATCH_MAX);
          rates[b][i] = 5 * JN_BATCH_MAX / seconds_since (start);
        }
      ratio[i] = rates[0][i] / rates[1][i];
    }
  report ("batches of 8190", median (rates[0], ROUNDS), "transfers/s", ">= 150000");
  report ("batches without texts and search", median (rates[1], ROUNDS), "transfers/s", "-");
  report ("share left after texts and search", median (ratio, ROUNDS), "ratio", "-");
  for (int b = 0; b < 2; b++)
    jn_close (both[b].ledger);
}

/* Pages of the index by SQLite's own table of them. */
static double
search_bytes (const char *path)
{
  sqlite3 *db = NULL;
  sqlite3_stmt *s = NULL;
  double bytes = 0;

  if (sqlite3_open (path, &db) == SQLITE_OK
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
first_page_ms (Bench *bench, const char *name)
{
  jn_entry_row rows[50];
  gint64 start = g_get_monotonic_time ();
  jn_snapshot *snapshot = NULL;
  jn_id account = make_id (1, 1);
  gsize n = 50;
  double ms;

  open_ledger (bench, name);
  must (jn_snapshot_begin (bench->ledger, &snapshot), "snapshot");
  for (guint64 i = 0; i < N_ACCOUNTS; i++)
    {
      jn_balance balance;
      jn_id id = make_id (1, i);

      must (jn_balance_get (snapshot, &id, &balance), "balance");
    }
  must (jn_entries (snapshot, &account, NULL, rows, &n), "entries");
  ms = seconds_since (start) * 1e3;
  jn_snapshot_end (snapshot);
  jn_close (bench->ledger);
  return n == 50 ? ms : -1;
}

static void
bench_page (Bench *bench, const char *name)
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
  jn_snapshot *snapshot = NULL;
  jn_id account = make_id (1, 1);
  jn_entry_row rows[50];
  gint64 start;
  gint64 posted;

  open_ledger (bench, name);
  must (jn_snapshot_begin (bench->ledger, &snapshot), "snapshot");
  start = g_get_monotonic_time ();
  for (int i = 0; i < 100; i++)
    {
      jn_page page = { .before = 1000 + (guint64) i * 9000 };
      gsize n = 50;

      must (jn_entries (snapshot, &account, &page, rows, &n), "entries");
    }
  report ("page of 50 anywhere in 1M", seconds_since (start) * 1e4, "us", "-");
  start = g_get_monotonic_time ();
  for (int i = 0; i < 100; i++)
    must (jn_balance_as_of (snapshot, &account, 20200615 + i / 50 * 100, &posted), "as of");
  report ("balance as of a date in 1M", seconds_since (start) * 1e4, "us", "<= 50");
  for (gsize i = 0; i < G_N_ELEMENTS (searches); i++)
    {
      jn_page page = { .search = searches[i].text };
      double ms[ROUNDS];

      for (int k = 0; k < ROUNDS; k++)
        {
          gsize n = 50;

          start = g_get_monotonic_time ();
          must (jn_entries (snapshot, &account, &page, rows, &n), "search");
          ms[k] = seconds_since (start) * 1e3;
        }
      report (searches[i].name, median (ms, ROUNDS), "ms", searches[i].goal);
    }
  jn_snapshot_end (snapshot);
  start = g_get_monotonic_time ();
  must (jn_verify (bench->ledger, NULL, NULL), "verify");
  report ("full verification of 1M", seconds_since (start), "s", "<= 4");
  jn_close (bench->ledger);
}

static void
bench_open (Bench *bench)
{
  static const guint64 sizes[] = { 1000, 10000, 100000, 1000000 };
  static const char *const names[] = { "open + first page, 1k", "open + first page, 10k",
                                       "open + first page, 100k", "open + first page, 1M" };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      double ms[ROUNDS];
      g_autofree char *name = g_strdup_printf ("open-%u.db", (guint) sizes[i]);
      g_autofree char *path = g_build_filename (bench->folder, name, NULL);
      GStatBuf info;

      create_ledger (bench, name);
      fill (bench, sizes[i]);
      jn_close (bench->ledger);
      for (int k = 0; k < ROUNDS; k++)
        ms[k] = first_page_ms (bench, name);
      report (names[i], median (ms, ROUNDS), "ms", sizes[i] == 1000000 ? "<= 5" : "-");
      if (sizes[i] == 1000000 && g_stat (path, &info) == 0)
        {
          double search = search_bytes (path);

          report ("bytes a transfer without search", ((double) info.st_size - search) / 1e6, "B",
                  "<= 128");
          report ("bytes a transfer for search", search / 1e6, "B", "-");
        }
      if (sizes[i] == 1000000)
        bench_page (bench, name);
    }
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

int
main (int argc, char *argv[])
{
  g_autofree char *folder = NULL;
  Bench bench = { 0 };

  folder = argc > 1 ? g_build_filename (argv[1], "bench-ledger-XXXXXX", NULL)
                    : g_build_filename (g_get_tmp_dir (), "bench-ledger-XXXXXX", NULL);
  if (g_mkdtemp (folder) == NULL)
    g_error ("no folder for the files");
  bench.folder = folder;
  printf ("warm page cache, median of %d alternating rounds, %s\n", ROUNDS, folder);
  bench_singles (&bench);
  bench_batches (&bench);
  bench_open (&bench);
  remove_folder (folder);
  return 0;
}
