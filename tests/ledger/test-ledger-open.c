/* Where a ledger lies: files and folders that may only be read, names of all kinds, what another user may do; and what SQLite's answers are told as. */
#include <sqlite3.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "jn-ledger-private.h"
#include "ledger-booked.h"

#define NOBODY 65534

/* Root may write everywhere: the process goes on as somebody who may not, in itself and not in a child, so that what it does is seen by whoever
 * watches it. */
static void
become_nobody (void)
{
  if (getuid () == 0)
    g_assert_cmpint (setresuid (NOBODY, NOBODY, 0), ==, 0);
}

static void
become_oneself (void)
{
  uid_t real, effective, saved;

  g_assert_cmpint (getresuid (&real, &effective, &saved), ==, 0);
  if (saved == 0)
    g_assert_cmpint (setresuid (0, 0, 0), ==, 0);
}

/* Renames the file within the folder of the world. */
static void
name_file (Booked *f, const char *name)
{
  char *path = g_build_filename (f->world.folder, name, NULL);

  booked_close (f);
  g_assert_cmpint (g_rename (f->world.path, path), ==, 0);
  g_free (f->world.path);
  f->world.path = path;
}

static void
protect (Booked *f, int file, int folder)
{
  g_assert_cmpint (g_chmod (f->world.path, file), ==, 0);
  g_assert_cmpint (g_chmod (f->world.folder, folder), ==, 0);
}

static jn_status
open_as_nobody (Booked *f, const char *path, unsigned flags)
{
  jn_status status;

  become_nobody ();
  status = jn_open (path, NULL, &f->world.host, flags, &f->ledger);
  become_oneself ();
  g_assert_true ((f->ledger != NULL) == (status == JN_OK));
  return status;
}

/* All of it can be read and nothing written. */
static void
check_reading (Booked *f)
{
  jn_snapshot *snapshot = NULL;
  jn_balance balance = { 0 };
  jn_event e = booked_pay_in (50, 1);
  jn_id id = world_id (1, 1);
  jn_result result;

  become_nobody ();
  g_assert_cmpint (jn_submit (f->ledger, &e, 1, &result, NULL), ==, JN_READ_ONLY);
  g_assert_cmpint (jn_snapshot_begin (f->ledger, &snapshot), ==, JN_OK);
  g_assert_cmpint (jn_balance_get (snapshot, &id, &balance), ==, JN_OK);
  g_assert_cmpint (balance.posted, ==, 5202);
  jn_snapshot_end (snapshot);
  g_assert_cmpint (jn_verify (f->ledger, NULL, NULL), ==, JN_OK);
  booked_close (f);
  become_oneself ();
}

/* With the rights back, the same file goes on. */
static void
check_going_on (Booked *f)
{
  jn_event e = booked_pay_in (60, 1);

  protect (f, 0644, 0755);
  f->ledger = world_open (&f->world);
  booked_submit (f->ledger, &e, 1);
  g_assert_cmpint (jn_verify (f->ledger, NULL, NULL), ==, JN_OK);
}

/* Neither the file nor its folder: SQLite cannot make its files beside it. Also where the name would mean something in a URI. */
static void
test_read_only (Booked *f, gconstpointer data)
{
  static const char *const names[] = { "ledger.db", "Mein Buch #1 100%25?mode=rw&vfs=x.db",
                                       "账本.db" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      name_file (f, names[i]);
      protect (f, 0444, 0555);
      g_assert_cmpint (open_as_nobody (f, f->world.path, 0), ==, JN_READ_ONLY);
      g_assert_cmpint (open_as_nobody (f, f->world.path, JN_OPEN_READ_ONLY), ==, JN_OK);
      check_reading (f);
      protect (f, 0644, 0755);
    }
  check_going_on (f);
}

/* The same without a folder in the name. */
static void
test_relative (Booked *f, gconstpointer data)
{
  g_autofree char *before = g_get_current_dir ();

  booked_close (f);
  protect (f, 0666, 0555);
  g_assert_cmpint (chdir (f->world.folder), ==, 0);
  g_assert_cmpint (open_as_nobody (f, "ledger.db", 0), ==, JN_READ_ONLY);
  g_assert_cmpint (open_as_nobody (f, "ledger.db", JN_OPEN_READ_ONLY), ==, JN_OK);
  check_reading (f);
  g_assert_cmpint (chdir (before), ==, 0);
  check_going_on (f);
}

/* Only the file, or only the folder. */
static void
test_half (Booked *f, gconstpointer data)
{
  booked_close (f);
  protect (f, 0444, 0777);
  g_assert_cmpint (open_as_nobody (f, f->world.path, 0), ==, JN_READ_ONLY);
  g_assert_cmpint (open_as_nobody (f, f->world.path, JN_OPEN_READ_ONLY), ==, JN_OK);
  check_reading (f);
  protect (f, 0666, 0555);
  g_assert_cmpint (open_as_nobody (f, f->world.path, 0), ==, JN_READ_ONLY);
  g_assert_cmpint (open_as_nobody (f, f->world.path, JN_OPEN_READ_ONLY), ==, JN_OK);
  check_reading (f);
  check_going_on (f);
}

/* What is no ledger is told as that, and not as one that only may not be written. */
static void
test_damaged (Booked *f, gconstpointer data)
{
  g_autofree char *junk = g_strnfill (5000, 'x'), *bytes = NULL;
  gsize n = 0;

  booked_close (f);
  g_assert_true (g_file_get_contents (f->world.path, &bytes, &n, NULL));
  g_assert_true (g_file_set_contents (f->world.path, junk, 5000, NULL));
  protect (f, 0444, 0555);
  g_assert_cmpint (open_as_nobody (f, f->world.path, 0), ==, JN_PAGE_DAMAGED);
  g_assert_cmpint (open_as_nobody (f, f->world.path, JN_OPEN_READ_ONLY), ==, JN_PAGE_DAMAGED);
  protect (f, 0644, 0755);
  g_assert_true (g_file_set_contents (f->world.path, bytes, (gssize) n, NULL));
  check_going_on (f);
}

/* A log that somebody left has to be read as well: without it the file is not told as if that were all. */
static void
test_log_left (Booked *f, gconstpointer data)
{
  g_autofree char *wal = g_strconcat (f->world.path, "-wal", NULL), *file = NULL, *log = NULL;
  jn_event e = booked_pay_in (51, 7);
  jn_snapshot *snapshot = NULL;
  jn_balance balance;
  jn_id id = world_id (1, 1);
  gsize n_file = 0, n_log = 0;

  booked_close (f);
  f->ledger = world_open (&f->world);
  booked_submit (f->ledger, &e, 1);
  g_assert_true (g_file_get_contents (f->world.path, &file, &n_file, NULL));
  g_assert_true (g_file_get_contents (wal, &log, &n_log, NULL));
  booked_close (f);
  g_assert_true (g_file_set_contents (f->world.path, file, (gssize) n_file, NULL));
  g_assert_true (g_file_set_contents (wal, log, (gssize) n_log, NULL));
  protect (f, 0444, 0555);
  g_assert_cmpint (open_as_nobody (f, f->world.path, 0), ==, JN_READ_ONLY);
  g_assert_cmpint (open_as_nobody (f, f->world.path, JN_OPEN_READ_ONLY), !=, JN_OK);
  check_going_on (f);
  g_assert_cmpint (jn_snapshot_begin (f->ledger, &snapshot), ==, JN_OK);
  g_assert_cmpint (jn_balance_get (snapshot, &id, &balance), ==, JN_OK);
  g_assert_cmpint (balance.posted, ==, 5202 + 7 + 1);
  jn_snapshot_end (snapshot);
}

/* ---- what SQLite says ---- */

static const struct
{
  int code;
  jn_status told;
} CODES[] = {
  { SQLITE_OK, JN_OK },
  { SQLITE_ROW, JN_OK },
  { SQLITE_DONE, JN_OK },
  { SQLITE_BUSY, JN_BUSY },
  { SQLITE_BUSY_RECOVERY, JN_BUSY },
  { SQLITE_LOCKED, JN_BUSY },
  { SQLITE_IOERR_LOCK, JN_BUSY },
  { SQLITE_IOERR_SHMLOCK, JN_BUSY },
  { SQLITE_NOMEM, JN_NO_MEMORY },
  { SQLITE_IOERR_NOMEM, JN_NO_MEMORY },
  { SQLITE_FULL, JN_DISK_FULL },
  { SQLITE_IOERR_SHMSIZE, JN_DISK_FULL },
  { SQLITE_READONLY, JN_READ_ONLY },
  { SQLITE_READONLY_DIRECTORY, JN_READ_ONLY },
  { SQLITE_PERM, JN_READ_ONLY },
  { SQLITE_IOERR_READ, JN_IO },
  { SQLITE_IOERR_WRITE, JN_IO },
  { SQLITE_CANTOPEN, JN_IO },
  /* Nobody knows what is on the disk. */
  { SQLITE_IOERR_FSYNC, JN_SYNC_FAILED },
  { SQLITE_IOERR_DIR_FSYNC, JN_SYNC_FAILED },
  { SQLITE_IOERR_COMMIT_ATOMIC, JN_SYNC_FAILED },
  { SQLITE_CORRUPT, JN_PAGE_DAMAGED },
  { SQLITE_CORRUPT_VTAB, JN_PAGE_DAMAGED },
  { SQLITE_NOTADB, JN_PAGE_DAMAGED },
  { SQLITE_FORMAT, JN_PAGE_DAMAGED },
  { SQLITE_ERROR, JN_PAGE_DAMAGED },
  { SQLITE_IOERR_DATA, JN_PAGE_DAMAGED },
  { SQLITE_IOERR_CORRUPTFS, JN_PAGE_DAMAGED },
  { SQLITE_IOERR_SHORT_READ, JN_PAGE_DAMAGED },
  { SQLITE_CONSTRAINT, JN_INVARIANT },
  { SQLITE_CONSTRAINT_UNIQUE, JN_INVARIANT },
  { SQLITE_MISMATCH, JN_INVARIANT },
};

static void
test_codes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (CODES); i++)
    {
      g_test_message ("%d", CODES[i].code);
      g_assert_cmpint (jn_status_from_sqlite (CODES[i].code), ==, CODES[i].told);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name)                                                                                 \
  g_test_add ("/ledger/open/" #name, Booked, NULL, booked_set_up, test_##name, booked_tear_down)
  TEST (read_only);
  TEST (relative);
  TEST (half);
  TEST (damaged);
  TEST (log_left);
#undef TEST
  g_test_add_func ("/ledger/open/codes", test_codes);
  return g_test_run ();
}
