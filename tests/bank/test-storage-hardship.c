/* The wallet's files when the disk is read-only, full, damaged, somebody else's or from the future. */
#include "full-disk.h"
#include "hardship.h"
#include "own-mounts.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define NOBODY 65534
#define NO_USER 3

static const char *const files[] = { "ledger.db", "wallet.db" };

typedef struct
{
  GBytes *bytes[G_N_ELEMENTS (files)];
} Kept;

static void
keep (Hardship *f, Kept *kept)
{
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    kept->bytes[i] = hardship_read (f, files[i]);
}

static void
check_kept (Hardship *f, Kept *kept)
{
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GBytes) now = hardship_read (f, files[i]);
      g_assert_true (g_bytes_equal (now, kept->bytes[i]));
    }
}

static void
kept_clear (Kept *kept)
{
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    g_clear_pointer (&kept->bytes[i], g_bytes_unref);
}

/* ---- read-only ---- */

/* Root may write anywhere. The child ends with NO_USER, 0, or the code that it got. */
static int
open_as_nobody (Hardship *f)
{
  int status = -1;
  pid_t child = fork ();

  if (child == 0)
    {
      g_autoptr (GError) error = NULL;
      if (geteuid () == 0 && setuid (NOBODY) != 0)
        _exit (NO_USER);
      if (jn_storage_open (
              &(JnStorageOptions){ .folder = f->folder, .clock = f->clock, .entropy = f->entropy },
              &error)
          != NULL)
        _exit (0);
      _exit (error->domain == JN_ERROR && error->code == JN_ERROR_READ_ONLY ? 1 : 2);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

/* FALSE, and the test is skipped, where root has no other user to become. */
static gboolean
give_to_nobody (Hardship *f)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;
  if (geteuid () != 0)
    return TRUE;
  if (open_as_nobody (f) == NO_USER)
    {
      g_test_skip ("root here cannot become another user");
      return FALSE;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = hardship_path (f, name);
      g_assert_cmpint (chown (path, NOBODY, NOBODY), ==, 0);
    }
  g_assert_cmpint (chown (f->folder, NOBODY, NOBODY), ==, 0);
  return TRUE;
}

static void
test_read_only (Hardship *f, gconstpointer data)
{
  static const char *const names[] = { ".", "lock", "ledger.db", "wallet.db" };
  Kept kept;

  hardship_fill (f);
  if (!give_to_nobody (f))
    return;
  g_assert_cmpint (open_as_nobody (f), ==, 0);
  keep (f, &kept);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = hardship_path (f, names[i]);
      g_assert_cmpint (g_chmod (path, i == 0 ? 0500 : 0400), ==, 0);
      g_assert_cmpint (open_as_nobody (f), ==, 1);
      g_assert_cmpint (g_chmod (path, 0700), ==, 0);
    }
  check_kept (f, &kept);
  kept_clear (&kept);
  g_assert_cmpint (open_as_nobody (f), ==, 0);
}

/* A folder that cannot even be made. */
static void
test_read_only_parent (Hardship *f, gconstpointer data)
{
  Hardship below = *f;
  if (!give_to_nobody (f))
    return;
  g_assert_cmpint (g_chmod (f->folder, 0500), ==, 0);
  below.folder = hardship_path (f, "wallet");
  g_assert_cmpint (open_as_nobody (&below), ==, 1);
  g_free (below.folder);
  g_chmod (f->folder, 0700);
}

/* ---- newer ---- */

static void
set_version (Hardship *f, const char *name, const char *pragma)
{
  g_autofree char *path = hardship_path (f, name);
  sqlite3 *db = NULL;
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, pragma, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

static void
test_newer (Hardship *f, gconstpointer data)
{
  const char *name = data;
  g_autoptr (GBytes) before = NULL;
  Kept kept;

  hardship_fill (f);
  before = hardship_read (f, name);
  set_version (f, name, "PRAGMA user_version = 99");
  keep (f, &kept);
  hardship_refused (f, JN_ERROR_FORMAT_NEWER);
  hardship_refused (f, JN_ERROR_FORMAT_NEWER);
  check_kept (f, &kept);
  kept_clear (&kept);

  hardship_write (f, name, before);
  JnStorage *storage = hardship_open (f);
  hardship_check (f, storage, f->entries);
  hardship_close (storage);
}

/* ---- busy ---- */

static void
test_second_start (Hardship *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  hardship_fill (f);
  JnStorage *storage = hardship_open (f);
  int status = -1;
  pid_t child = fork ();

  if (child == 0)
    {
      g_autoptr (GError) refused = NULL;
      if (jn_storage_open (
              &(JnStorageOptions){ .folder = f->folder, .clock = f->clock, .entropy = f->entropy },
              &refused)
          != NULL)
        _exit (2);
      _exit (jn_error_is (refused, JN_ERROR_BUSY) ? 0 : 3);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
  hardship_refused (f, JN_ERROR_BUSY);
  /* The first goes on as if nothing had been. */
  hardship_add_entries (f, 3);
  hardship_sync (f, storage, &error);
  g_assert_no_error (error);
  hardship_check (f, storage, f->entries);
  hardship_close (storage);
  storage = hardship_open (f);
  hardship_check (f, storage, f->entries);
  hardship_close (storage);
}

/* ---- damage ---- */

static GBytes *
spoil_page (GBytes *whole, gsize page, gsize size)
{
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (whole, &length);
  guint8 *copy = g_memdup2 (data, length);
  for (gsize i = page * size; i < (page + 1) * size; i++)
    copy[i] ^= 0xff;
  return g_bytes_new_take (copy, length);
}

static gsize
page_size_of (GBytes *file)
{
  const guint8 *data = g_bytes_get_data (file, NULL);
  gsize size = (gsize) data[16] << 8 | data[17];
  return size == 1 ? 65536 : size;
}

/* A file that opens must be caught by the proof that it can give of itself. */
static gboolean
is_found_damaged (Hardship *f)
{
  g_autoptr (GError) error = NULL;
  JnStorage *storage = jn_storage_open (
      &(JnStorageOptions){ .folder = f->folder, .clock = f->clock, .entropy = f->entropy }, &error);
  if (storage == NULL)
    {
      g_assert_error (error, JN_ERROR, (int) JN_ERROR_PAGE_DAMAGED);
      return TRUE;
    }
  gboolean proven = jn_verify (jn_storage_get_ledger (storage), NULL, NULL) == JN_OK;
  hardship_close (storage);
  return !proven;
}

static void
test_spoiled_pages (Hardship *f, gconstpointer data)
{
  const char *name = data;
  hardship_fill (f);
  g_autoptr (GBytes) whole = hardship_read (f, name);
  gsize size = page_size_of (whole);
  gsize n = g_bytes_get_size (whole) / size;

  g_assert_cmpuint (n, >, 5);
  for (gsize page = 0; page < n; page++)
    {
      g_autoptr (GBytes) spoiled = spoil_page (whole, page, size);
      hardship_write (f, name, spoiled);
      g_test_message ("page %zu of %zu", page + 1, n);
      g_assert_true (is_found_damaged (f));
      g_autoptr (GBytes) after = hardship_read (f, name);
      g_assert_true (g_bytes_equal (after, spoiled));
    }
  hardship_write (f, name, whole);
  JnStorage *storage = hardship_open (f);
  hardship_check (f, storage, f->entries);
  hardship_close (storage);
}

/* Lost space of an empty page is no loss, and of 0 or 1 bytes SQLite makes a new file: neither is here. */
static void
test_truncated (Hardship *f, gconstpointer data)
{
  const char *name = data;
  hardship_fill (f);
  g_autoptr (GBytes) whole = hardship_read (f, name);
  gsize length = g_bytes_get_size (whole), page = page_size_of (whole);
  const gsize lengths[] = { 2, 99, page / 2, page, length / 2, length - page };

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (whole, 0, lengths[i]);
      hardship_write (f, name, part);
      g_test_message ("%zu of %zu bytes", lengths[i], length);
      g_assert_true (is_found_damaged (f));
      g_autoptr (GBytes) after = hardship_read (f, name);
      g_assert_true (g_bytes_equal (after, part));
    }
}

/* ---- full ---- */

static void
start_empty (Hardship *f)
{
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = hardship_path (f, files[i]);
      g_unlink (path);
    }
}

/* The disk is full at each write of a first start: nothing half made is left over. */
static void
test_full_at_start (Hardship *f, gconstpointer data)
{
  gboolean hit = TRUE;
  for (int writes = 0; hit; writes++)
    {
      g_autoptr (GError) error = NULL;
      start_empty (f);
      full_disk_set (writes, GPOINTER_TO_INT (data));
      JnStorage *storage = jn_storage_open (
          &(JnStorageOptions){ .folder = f->folder, .clock = f->clock, .entropy = f->entropy },
          &error);
      hit = full_disk_was_hit ();
      full_disk_set (-1, ENOSPC);
      if (hit && storage == NULL)
        g_assert_error (error, JN_ERROR, (int) JN_ERROR_DISK_FULL);
      if (storage != NULL)
        hardship_close (storage);
      hardship_fill (f);
    }
}

/* The disk is full from each write of a run on, until there is room again. */
static void
test_full_in_sync (Hardship *f, gconstpointer data)
{
  int number = GPOINTER_TO_INT (data);
  gboolean hit = TRUE;
  for (int writes = 0; hit; writes += number == ENOSPC ? 2 : 7)
    {
      g_autoptr (GError) error = NULL;
      JnId late;
      start_empty (f);
      JnStorage *storage = hardship_open (f);
      hardship_add_intent (f, storage, &f->intent, &error);
      g_assert_no_error (error);
      full_disk_set (writes, number);
      gboolean done = hardship_sync (f, storage, &error);
      hit = full_disk_was_hit ();
      g_assert_cmpint (done, ==, !hit);
      if (hit)
        {
          g_assert_error (error, JN_ERROR, (int) JN_ERROR_DISK_FULL);
          g_clear_error (&error);
          g_assert_false (hardship_add_intent (f, storage, &late, &error));
          g_assert_error (error, JN_ERROR, (int) JN_ERROR_DISK_FULL);
          g_clear_error (&error);
          hardship_check (f, storage, hardship_count (storage));
        }
      full_disk_set (-1, ENOSPC);
      g_assert_true (hardship_sync (f, storage, &error));
      hardship_check (f, storage, f->entries);
      g_assert_true (hardship_add_intent (f, storage, &late, &error));
      hardship_close (storage);
    }
}

/* The same, but the program ends while the disk is full. */
static void
test_full_at_end (Hardship *f, gconstpointer data)
{
  gboolean hit = TRUE;
  for (int writes = 0; hit; writes += 5)
    {
      g_autoptr (GError) error = NULL;
      start_empty (f);
      hardship_fill (f);
      guint before = f->entries;
      hardship_add_entries (f, 30);
      JnStorage *storage = hardship_open (f);
      full_disk_set (writes, GPOINTER_TO_INT (data));
      hardship_sync (f, storage, NULL);
      hit = full_disk_was_hit ();
      guint stored = hardship_count (storage);
      hardship_close (storage);
      full_disk_set (-1, ENOSPC);
      storage = hardship_open (f);
      g_assert_cmpuint (stored, >=, before);
      hardship_check (f, storage, stored);
      g_assert_true (hardship_sync (f, storage, &error));
      hardship_check (f, storage, f->entries);
      hardship_close (storage);
    }
}

/* ---- disks of our own ---- */

static void
mount_disk (Hardship *f, unsigned long flags, const char *options)
{
  g_assert_cmpint (mount ("none", f->folder, "tmpfs", flags, options), ==, 0);
}

static void
test_full_tmpfs_child (Hardship *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  JnId late;
  g_assert_true (own_mounts_enter ());
  mount_disk (f, 0, "size=900k,mode=0700");
  JnStorage *storage = hardship_open (f);
  hardship_add_intent (f, storage, &f->intent, &error);
  g_assert_no_error (error);
  fake_bank_set_page_size (f->fake, 200);
  hardship_add_entries (f, 4000);
  g_assert_false (hardship_sync (f, storage, &error));
  g_assert_error (error, JN_ERROR, (int) JN_ERROR_DISK_FULL);
  g_clear_error (&error);
  guint stored = hardship_count (storage);
  g_assert_cmpuint (stored, >, 0);
  g_assert_cmpuint (stored, <, f->entries);
  hardship_check (f, storage, stored);
  mount_disk (f, MS_REMOUNT, "size=32m");
  g_assert_true (hardship_sync (f, storage, &error));
  g_assert_true (hardship_add_intent (f, storage, &late, &error));
  hardship_check (f, storage, f->entries);
  hardship_close (storage);
  g_assert_cmpint (umount (f->folder), ==, 0);
}

static void
test_read_only_tmpfs_child (Hardship *f, gconstpointer data)
{
  Kept kept;
  g_assert_true (own_mounts_enter ());
  mount_disk (f, 0, "size=32m,mode=0700");
  hardship_fill (f);
  keep (f, &kept);
  mount_disk (f, MS_REMOUNT | MS_RDONLY, NULL);
  hardship_refused (f, JN_ERROR_READ_ONLY);
  check_kept (f, &kept);
  kept_clear (&kept);
  mount_disk (f, MS_REMOUNT, NULL);
  JnStorage *storage = hardship_open (f);
  hardship_check (f, storage, f->entries);
  hardship_close (storage);
  g_assert_cmpint (umount (f->folder), ==, 0);
}

static void
test_own_disk (gconstpointer data)
{
  if (!own_mounts_allowed ())
    {
      g_test_skip ("no mounts of its own here");
      return;
    }
  g_test_trap_subprocess (data, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

#define SUB "/bank/hardship/subprocess/"

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function, data)                                                                  \
  g_test_add (path, Hardship, data, hardship_set_up, function, hardship_tear_down)
  ADD ("/bank/hardship/read-only", test_read_only, NULL);
  ADD ("/bank/hardship/read-only-parent", test_read_only_parent, NULL);
  ADD ("/bank/hardship/newer/ledger", test_newer, "ledger.db");
  ADD ("/bank/hardship/newer/wallet", test_newer, "wallet.db");
  ADD ("/bank/hardship/second-start", test_second_start, NULL);
  ADD ("/bank/hardship/spoiled-pages/ledger", test_spoiled_pages, "ledger.db");
  ADD ("/bank/hardship/spoiled-pages/wallet", test_spoiled_pages, "wallet.db");
  ADD ("/bank/hardship/truncated/ledger", test_truncated, "ledger.db");
  ADD ("/bank/hardship/truncated/wallet", test_truncated, "wallet.db");
  ADD ("/bank/hardship/full-at-start", test_full_at_start, GINT_TO_POINTER (ENOSPC));
  ADD ("/bank/hardship/full-in-sync/space", test_full_in_sync, GINT_TO_POINTER (ENOSPC));
  ADD ("/bank/hardship/full-in-sync/quota", test_full_in_sync, GINT_TO_POINTER (EDQUOT));
  ADD ("/bank/hardship/full-at-end", test_full_at_end, GINT_TO_POINTER (ENOSPC));
  g_test_add_data_func ("/bank/hardship/full-tmpfs", SUB "full-tmpfs", test_own_disk);
  g_test_add_data_func ("/bank/hardship/read-only-tmpfs", SUB "read-only-tmpfs", test_own_disk);
  ADD (SUB "full-tmpfs", test_full_tmpfs_child, NULL);
  ADD (SUB "read-only-tmpfs", test_read_only_tmpfs_child, NULL);
  return g_test_run ();
}
