#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "jn-db.h"

static const char *const ONE[] = { "CREATE TABLE a (x INTEGER PRIMARY KEY, t TEXT) STRICT", NULL };
static const char *const TWO[] = {
  "CREATE TABLE a (x INTEGER PRIMARY KEY, t TEXT) STRICT",
  "CREATE TABLE b (y BLOB) STRICT; INSERT INTO a VALUES (7, 'two')", NULL
};
static const char *const BROKEN[] = {
  "CREATE TABLE a (x INTEGER PRIMARY KEY, t TEXT) STRICT",
  "CREATE TABLE b (y BLOB) STRICT; INSERT INTO nowhere VALUES (1)", NULL
};

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("jn-db-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "test.db", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  static const char *const suffixes[] = { "", "-wal", "-shm" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strconcat (fixture->path, suffixes[i], NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static void
test_migrations (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  JnDb *db = jn_db_open (fixture->path, NULL, ONE, &error);

  g_assert_no_error (error);
  g_assert_cmpint (jn_db_get_version (db), ==, 1);
  g_assert_true (jn_db_exec (db, "INSERT INTO a VALUES (1, 'one')", &error));
  jn_db_close (db);

  g_assert_null (jn_db_open (fixture->path, NULL, BROKEN, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  db = jn_db_open (fixture->path, NULL, ONE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (jn_db_get_version (db), ==, 1);
  g_assert_false (jn_db_exec (db, "SELECT * FROM b", NULL));
  jn_db_close (db);

  db = jn_db_open (fixture->path, NULL, TWO, &error);
  g_assert_no_error (error);
  g_assert_cmpint (jn_db_get_version (db), ==, 2);
  {
    JnStatement *s = jn_db_prepare (db, "SELECT x, t FROM a ORDER BY x", &error);

    g_assert_cmpint (jn_statement_step (s, &error), ==, JN_STEP_ROW);
    g_assert_cmpstr (jn_statement_column_text (s, 1), ==, "one");
    g_assert_cmpint (jn_statement_step (s, &error), ==, JN_STEP_ROW);
    g_assert_cmpint (jn_statement_column_int (s, 0), ==, 7);
    g_assert_cmpint (jn_statement_step (s, &error), ==, JN_STEP_DONE);
  }
  jn_db_close (db);
}

static void
test_newer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize length_before, length_after;

  jn_db_close (jn_db_open (fixture->path, NULL, TWO, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (fixture->path, &before, &length_before, NULL));
  g_assert_null (jn_db_open (fixture->path, NULL, ONE, &error));
  g_assert_error (error, JN_ERROR, (int) JN_ERROR_FORMAT_NEWER);
  g_assert_true (g_file_get_contents (fixture->path, &after, &length_after, NULL));
  g_assert_cmpmem (before, length_before, after, length_after);
}

static void
test_statements (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnDb) db = jn_db_open (fixture->path, NULL, TWO, &error);
  JnStatement *insert = jn_db_prepare (db, "INSERT INTO b VALUES (?1)", &error);
  JnStatement *select;
  gsize length = 9;

  g_assert_true (insert == jn_db_prepare (db, "INSERT INTO b VALUES (?1)", NULL));
  jn_statement_bind_blob (insert, 1, "\0\1\2", 3);
  g_assert_true (jn_statement_run (insert, &error));
  g_assert_cmpint (jn_db_get_changes (db), ==, 1);
  jn_statement_bind_blob (insert, 1, "", 0);
  g_assert_true (jn_statement_run (insert, &error));
  jn_statement_bind_blob (insert, 1, NULL, 0);
  g_assert_true (jn_statement_run (insert, &error));
  g_assert_cmpint (jn_db_get_last_row (db), ==, 3);

  jn_statement_bind_int (insert, 2, 5);
  g_assert_false (jn_statement_run (insert, &error));
  g_assert_error (error, JN_ERROR, (int) JN_ERROR_INVALID);
  g_clear_error (&error);
  jn_statement_bind_text (insert, 1, "not a blob");
  g_assert_false (jn_statement_run (insert, &error));
  g_assert_error (error, JN_ERROR, (int) JN_ERROR_INVARIANT);
  g_clear_error (&error);

  select = jn_db_prepare (db, "SELECT y FROM b ORDER BY rowid", &error);
  g_assert_cmpint (jn_statement_step (select, &error), ==, JN_STEP_ROW);
  g_assert_cmpint (memcmp (jn_statement_column_blob (select, 0, &length), "\0\1\2", 3), ==, 0);
  g_assert_cmpuint (length, ==, 3);
  g_assert_cmpint (jn_statement_step (select, &error), ==, JN_STEP_ROW);
  jn_statement_column_blob (select, 0, &length);
  g_assert_cmpuint (length, ==, 0);
  g_assert_false (jn_statement_column_is_null (select, 0));
  g_assert_cmpint (jn_statement_step (select, &error), ==, JN_STEP_ROW);
  g_assert_true (jn_statement_column_is_null (select, 0));
  g_assert_cmpint (jn_statement_step (select, &error), ==, JN_STEP_DONE);
  g_assert_null (jn_db_prepare (db, "SELECT nothing FROM b", &error));
  g_assert_error (error, JN_ERROR, (int) JN_ERROR_INVALID);
}

static void
test_transactions (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnDb) db = jn_db_open (fixture->path, NULL, ONE, &error);
  g_autoptr (JnDb) other = NULL;

  g_assert_true (jn_db_begin (db, &error));
  g_assert_true (jn_db_in_transaction (db));
  g_assert_false (jn_db_begin (db, NULL));
  g_assert_true (jn_db_exec (db, "INSERT INTO a VALUES (1, 'x')", &error));
  jn_db_rollback (db);
  jn_db_rollback (db);
  g_assert_false (jn_db_in_transaction (db));
  g_assert_true (jn_db_begin (db, &error));
  g_assert_true (jn_db_exec (db, "INSERT INTO a VALUES (2, 'y')", &error));

  other = jn_db_open (fixture->path, NULL, ONE, &error);
  g_assert_no_error (error);
  g_assert_false (jn_db_begin (other, &error));
  g_assert_error (error, JN_ERROR, (int) JN_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_true (jn_db_commit (db, &error));
  {
    JnStatement *s = jn_db_prepare (other, "SELECT count(*), max(x) FROM a", &error);

    g_assert_cmpint (jn_statement_step (s, &error), ==, JN_STEP_ROW);
    g_assert_cmpint (jn_statement_column_int (s, 0), ==, 1);
    g_assert_cmpint (jn_statement_column_int (s, 1), ==, 2);
    jn_statement_reset (s);
  }
}

static void
test_full (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnDb) db = jn_db_open (fixture->path, NULL, ONE, &error);
  JnStatement *insert;
  gboolean ok = TRUE;

  g_assert_true (jn_db_exec (db, "PRAGMA max_page_count=10", &error));
  insert = jn_db_prepare (db, "INSERT INTO a (t) VALUES (hex(randomblob(1000)))", &error);
  for (int i = 0; ok && i < 100; i++)
    ok = jn_statement_run (insert, &error);
  g_assert_error (error, JN_ERROR, (int) JN_ERROR_DISK_FULL);
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *junk = g_strnfill (8192, 'j');

  g_assert_true (g_file_set_contents (fixture->path, junk, 8192, NULL));
  g_assert_null (jn_db_open (fixture->path, NULL, ONE, &error));
  g_assert_error (error, JN_ERROR, (int) JN_ERROR_PAGE_DAMAGED);
}

/* Root may write anywhere, so the attempt is made as nobody when it runs as root. */
static void
test_read_only (Fixture *fixture, gconstpointer data)
{
  jn_db_close (jn_db_open (fixture->path, NULL, ONE, NULL));
  g_chmod (fixture->path, 0444);
  g_chmod (fixture->folder, 0555);
  {
    pid_t child = fork ();
    int status = 0;

    if (child == 0)
      {
        g_autoptr (GError) error = NULL;

        if (geteuid () == 0 && setuid (65534) != 0)
          _exit (3);
        if (jn_db_open (fixture->path, NULL, TWO, &error) != NULL)
          _exit (4);
        _exit (error->code == JN_ERROR_READ_ONLY ? 0 : 5);
      }
    g_assert_cmpint (waitpid (child, &status, 0), ==, child);
    g_assert_cmpint (status, ==, 0);
  }
  g_chmod (fixture->folder, 0755);
}

static void
test_codes (void)
{
  g_assert_cmpint (jn_db_error_code (SQLITE_FULL), ==, JN_ERROR_DISK_FULL);
  g_assert_cmpint (jn_db_error_code (SQLITE_IOERR_FSYNC), ==, JN_ERROR_SYNC_FAILED);
  g_assert_cmpint (jn_db_error_code (SQLITE_IOERR_READ), ==, JN_ERROR_IO);
  g_assert_cmpint (jn_db_error_code (SQLITE_BUSY_SNAPSHOT), ==, JN_ERROR_BUSY);
  g_assert_cmpint (jn_db_error_code (SQLITE_READONLY_DIRECTORY), ==, JN_ERROR_READ_ONLY);
  g_assert_cmpint (jn_db_error_code (SQLITE_CORRUPT_VTAB), ==, JN_ERROR_PAGE_DAMAGED);
  g_assert_cmpint (jn_db_error_code (SQLITE_IOERR_DATA), ==, JN_ERROR_PAGE_DAMAGED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name) g_test_add ("/store/db/" #name, Fixture, NULL, set_up, test_##name, tear_down)
  TEST (migrations);
  TEST (newer);
  TEST (statements);
  TEST (transactions);
  TEST (full);
  TEST (damaged);
  TEST (read_only);
#undef TEST
  g_test_add_func ("/store/db/codes", test_codes);
  return g_test_run ();
}
