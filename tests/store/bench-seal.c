/* Sealed beside plain, in turns in one run: medians of the pairs. Prints; asserts nothing about time.
 * bench-seal [FOLDER]: where the files are made, a temporary folder by default. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <glib/gstdio.h>

#include "jn-seal-store.h"
#include "jn-seal-vfs.h"

#define VFS "jn-seal-bench"
#define ROUNDS 7

typedef struct
{
  const char *name;
  int n_calls;
  const char *sql; /* of one call */
  double goal;     /* ratio sealed to plain, by rate */
  int n_openings;  /* of each page it writes, beside one seal; each opening is sealed again */
} Row;

static const Row ROWS[] = {
  { "one-row commits", 400, "INSERT INTO t VALUES (NULL, randomblob(100))", 0.85 },
  { "batches of 8,190 rows", 3,
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 8190)"
    " INSERT INTO t SELECT NULL, randomblob(100) FROM c",
    0.85 },
  { "batches with an index", 3,
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 8190)"
    " INSERT INTO u SELECT randomblob(16), x FROM c",
    0.85 },
  { "updates of 1,000 scattered rows", 8, "UPDATE t SET b = randomblob(100) WHERE k % 50 = 7",
    0.85 },
  { "the same, each checkpointed", 3,
    "UPDATE t SET b = randomblob(100) WHERE k % 50 = 9; PRAGMA wal_checkpoint(TRUNCATE)", 0.85, 1 },
  { "warm reads by key", 40,
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 1000)"
    " SELECT sum(length(b)) FROM c JOIN t ON t.k = x * 37",
    0.77 },
  { "scans, cache too small", 6, "SELECT sum(length(b)) FROM t", 0 },
};

static void
must (sqlite3 *db, const char *sql)
{
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
}

static sqlite3 *
open_one (const char *path, const char *vfs)
{
  sqlite3 *db = NULL;

  if (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs) != SQLITE_OK)
    g_error ("open: %s", sqlite3_errmsg (db));
  must (db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;"
            "PRAGMA wal_autocheckpoint=4096; PRAGMA cache_size=-32768;"
            "CREATE TABLE t (k INTEGER PRIMARY KEY, b BLOB);"
            "CREATE TABLE u (id BLOB PRIMARY KEY, n INTEGER) WITHOUT ROWID");
  return db;
}

static double
seconds (sqlite3 *db, const Row *row)
{
  gint64 start;

  must (db,
        strstr (row->name, "cache") != NULL ? "PRAGMA cache_size=50" : "PRAGMA cache_size=-32768");
  start = g_get_monotonic_time ();
  for (int i = 0; i < row->n_calls; i++)
    must (db, row->sql);
  return (double) (g_get_monotonic_time () - start) / 1e6;
}

/* Pages that the last call of seconds() gave to the VFS for its log. */
static int
pages_written (sqlite3 *db)
{
  int n = 0, unused;

  sqlite3_db_status (db, SQLITE_DBSTATUS_CACHE_WRITE, &n, &unused, 1);
  return n;
}

/* Processor time that libsodium alone takes for a page. */
static double
cipher_seconds (gboolean open)
{
  static guint8 page[JN_SEAL_PAGE_SIZE - JN_SEAL_RESERVE], sealed[sizeof page];
  static guint8 nonce[24], key[32], tag[16];
  clock_t start;

  crypto_aead_xchacha20poly1305_ietf_encrypt_detached (sealed, tag, NULL, page, sizeof page, NULL,
                                                       0, NULL, nonce, key);
  start = clock ();
  for (int i = 0; i < 5000; i++)
    if (!open)
      crypto_aead_xchacha20poly1305_ietf_encrypt_detached (sealed, tag, NULL, page, sizeof page,
                                                           NULL, 0, NULL, nonce, key);
    else if (crypto_aead_xchacha20poly1305_ietf_decrypt_detached (page, NULL, sealed, sizeof sealed,
                                                                  tag, NULL, 0, nonce, key)
             != 0)
      g_error ("a page that was just sealed");
  return (double) (clock () - start) / CLOCKS_PER_SEC / 5000;
}

static double
open_seconds (const char *path, const char *vfs)
{
  gint64 start = g_get_monotonic_time ();

  for (int i = 0; i < 20; i++)
    {
      sqlite3 *db = NULL;

      if (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, vfs) != SQLITE_OK)
        g_error ("open: %s", sqlite3_errmsg (db));
      must (db, "SELECT count(*) FROM sqlite_schema");
      sqlite3_close (db);
    }
  return (double) (g_get_monotonic_time () - start) / 1e6;
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return x < y ? -1 : x > y;
}

/* @n_pages are written: what their cipher alone leaves of the rate is the most that sealing can reach. */
static void
report_limit (const Row *row, double plain, int n_pages)
{
  double seal = cipher_seconds (FALSE), open = cipher_seconds (TRUE);
  double cipher = n_pages * (seal + row->n_openings * (open + seal));

  printf ("%-34s %d pages a call, cipher %.2f us to seal, %.2f to open\n", "",
          n_pages / row->n_calls, seal * 1e6, open * 1e6);
  printf (
      "BENCH {\"room\":\"store\",\"name\":\"limit by the cipher: "
      "%s\",\"value\":%.3f,\"unit\":\"x\","
      "\"note\":\"%d pages a call, %.2f us to seal and %.2f to open one; plain %.2f us a page\"}\n",
      row->name, plain / (plain + cipher), n_pages / row->n_calls, seal * 1e6, open * 1e6,
      plain / n_pages * 1e6);
}

static void
report (const char *name, double *ratios, double plain, int n_calls, double goal)
{
  qsort (ratios, ROUNDS, sizeof *ratios, compare_doubles);
  printf ("%-34s sealed/plain rate %.2f (%.2f to %.2f), plain %.1f us a call\n", name,
          ratios[ROUNDS / 2], ratios[0], ratios[ROUNDS - 1], plain / n_calls * 1e6);
  printf (
      "BENCH {\"room\":\"store\",\"name\":\"sealed to plain: %s\",\"value\":%.3f,\"unit\":\"x\","
      "\"better\":\"more\"",
      name, ratios[ROUNDS / 2]);
  if (goal > 0)
    printf (",\"goal\":%.2f", goal);
  printf ("}\n");
  fflush (stdout);
}

int
main (int argc, char *argv[])
{
  static const guint8 key[JN_SEAL_KEY_SIZE] = { 1 };
  g_autofree char *folder =
      argc > 1 ? g_strdup (argv[1]) : g_dir_make_tmp ("jn-bench-seal-XXXXXX", NULL);
  g_autofree char *plain_path = g_build_filename (folder, "plain.db", NULL);
  g_autofree char *sealed_path = g_build_filename (folder, "sealed.db", NULL);
  sqlite3 *plain, *sealed;
  double ratios[ROUNDS], time = 0;
  int n_pages = 0;

  if (jn_seal_vfs_register (VFS, NULL) != SQLITE_OK
      || jn_seal_prepare (VFS, sealed_path, key) != JN_SEAL_OK)
    g_error ("cannot seal");
  plain = open_one (plain_path, "unix-excl");
  sealed = open_one (sealed_path, VFS);
  for (gsize r = 0; r < G_N_ELEMENTS (ROWS); r++)
    {
      for (int i = 0; i < ROUNDS; i++)
        {
          /* Whoever is first finds the disk as the other left it: turn about. */
          double first = seconds (i % 2 == 0 ? plain : sealed, &ROWS[r]);
          double second = seconds (i % 2 == 0 ? sealed : plain, &ROWS[r]);

          time = i % 2 == 0 ? first : second;
          ratios[i] = i % 2 == 0 ? first / second : second / first;
          n_pages = pages_written (sealed);
        }
      report (ROWS[r].name, ratios, time, ROWS[r].n_calls, ROWS[r].goal);
      if (n_pages > 0)
        report_limit (&ROWS[r], time, n_pages);
    }
  sqlite3_close (plain);
  sqlite3_close (sealed);
  for (int i = 0; i < ROUNDS; i++)
    {
      time = open_seconds (plain_path, "unix-excl");
      ratios[i] = time / open_seconds (sealed_path, VFS);
    }
  report ("opening", ratios, time, 20, 0);
  for (int i = 0; i < 4; i++)
    {
      static const char *const names[] = { "plain.db", "sealed.db", "sealed.db-slot",
                                           "sealed.db-slot.old" };
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
  return 0;
}
