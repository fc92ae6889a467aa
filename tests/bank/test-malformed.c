/* Answers that are wrong in every way that we could think of: each has its error, nothing of it is written, nothing grows. */
#include "fake-wallet.h"
#include "malformed.h"
#include "wait.h"

#include "jn-error.h"
#include "jn-sync.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MOST_GROWTH (32u * 1024 * 1024)

typedef struct
{
  char *folder;
  FakeWallet wallet;
} Fixture;

/* A wallet with three entries, and a fourth one at the bank. */
static void
set_up (Fixture *f)
{
  f->folder = g_dir_make_tmp ("jinnang-malformed-XXXXXX", NULL);
  fake_wallet_open (&f->wallet, f->folder);
  fake_wallet_sync_well (&f->wallet);
  fake_bank_add (f->wallet.fake, -600);
  fake_bank_add_points (f->wallet.fake, 6);
}

static void
tear_down (Fixture *f)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  fake_wallet_close (&f->wallet);
  dir = g_dir_open (f->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);
      g_unlink (path);
    }
  g_rmdir (f->folder);
  g_free (f->folder);
}

/* ---- what is in the files ---- */

static void
add_rows (GChecksum *sum, sqlite3 *db, const char *table)
{
  g_autofree char *text = g_strdup_printf ("SELECT * FROM \"%s\" ORDER BY 1, 2", table);
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (db, text, -1, &statement, NULL) != SQLITE_OK)
    {
      g_autofree char *one = g_strdup_printf ("SELECT * FROM \"%s\" ORDER BY 1", table);
      g_assert_cmpint (sqlite3_prepare_v2 (db, one, -1, &statement, NULL), ==, SQLITE_OK);
    }
  while (sqlite3_step (statement) == SQLITE_ROW)
    for (int i = 0; i < sqlite3_column_count (statement); i++)
      {
        int length = sqlite3_column_bytes (statement, i);
        const void *value = sqlite3_column_blob (statement, i);
        g_checksum_update (sum, (const guchar *) &length, sizeof length);
        if (length > 0)
          g_checksum_update (sum, value, length);
      }
  sqlite3_finalize (statement);
}

static void
add_file (GChecksum *sum, const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  sqlite3 *db = NULL;
  sqlite3_stmt *tables = NULL;
  guint n = 0;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  g_assert_cmpint (
      sqlite3_prepare_v2 (
          db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'",
          -1, &tables, NULL),
      ==, SQLITE_OK);
  for (; sqlite3_step (tables) == SQLITE_ROW; n++)
    add_rows (sum, db, (const char *) sqlite3_column_text (tables, 0));
  sqlite3_finalize (tables);
  sqlite3_close (db);
  g_assert_cmpuint (n, >, 3);
}

/* All rows of both files. */
static char *
dump (Fixture *f)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  add_file (sum, f->folder, "ledger.db");
  add_file (sum, f->folder, "wallet.db");
  return g_strdup (g_checksum_get_string (sum));
}

static gsize
resident_bytes (void)
{
  g_autofree char *text = NULL;
  gsize pages = 0, resident = 0;
  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%zu %zu", &pages, &resident), ==, 2);
  return resident * (gsize) sysconf (_SC_PAGESIZE);
}

static void
check_case (Fixture *f, const MalformedCase *c, const char *before)
{
  g_autoptr (GError) error = NULL;

  fake_bank_spoil (f->wallet.fake, c->path, 0, c->from, c->to);
  gboolean done = fake_wallet_sync (&f->wallet, &error);
  if (done || error->domain != JN_ERROR || error->code != c->code)
    g_error ("%s: %s → %s: %s, not %s", c->path, c->from, c->to,
             done ? "taken" : jn_error_code_get_name (error->code),
             jn_error_code_get_name (c->code));
  if (before != NULL)
    {
      g_autofree char *after = dump (f);
      if (!g_str_equal (before, after))
        g_error ("%s: %s → %s: something was written", c->path, c->from, c->to);
    }
}

static void
test_malformed (void)
{
  Fixture f;
  g_autoptr (GPtrArray) cases = malformed_make_cases ();
  guint n_feed = 0;

  set_up (&f);
  /* Once, so that what stays for good is there, and the list of accounts, which is right and comes before the feed. */
  check_case (&f, g_ptr_array_index (cases, 0), NULL);
  g_autofree char *before = dump (&f);
  gsize start = resident_bytes ();
  for (guint i = 0; i < cases->len; i++)
    {
      const MalformedCase *c = g_ptr_array_index (cases, i);
      if (strstr (c->path, "/points") != NULL || strstr (c->path, "/offers") != NULL
          || strstr (c->path, "/profile") != NULL)
        continue;
      check_case (&f, c, before);
      n_feed++;
    }
  /* The documents after the feed: what came before them in the run is in, by right. */
  fake_wallet_sync_well (&f.wallet);
  fake_bank_add_points (f.wallet.fake, 7);
  g_autofree char *later = dump (&f);
  for (guint i = 0; i < cases->len; i++)
    {
      const MalformedCase *c = g_ptr_array_index (cases, i);
      if (strstr (c->path, "/points") != NULL)
        check_case (&f, c, later);
    }
  fake_wallet_sync_well (&f.wallet);
  g_autofree char *last = dump (&f);
  for (guint i = 0; i < cases->len; i++)
    {
      const MalformedCase *c = g_ptr_array_index (cases, i);
      if (strstr (c->path, "/offers") != NULL || strstr (c->path, "/profile") != NULL)
        check_case (&f, c, last);
    }
  gsize end = resident_bytes ();
  g_test_message ("%u malformed answers, %u of them before the feed was in; memory grew by %zu kB",
                  cases->len, n_feed, end > start ? (end - start) / 1024 : 0);
  g_assert_cmpuint (cases->len, >=, 250);
#ifndef __SANITIZE_ADDRESS__
  g_assert_cmpuint (end, <, start + MOST_GROWTH);
#endif
  fake_wallet_sync_well (&f.wallet);
  tear_down (&f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bank/malformed/answers", test_malformed);
  return g_test_run ();
}
