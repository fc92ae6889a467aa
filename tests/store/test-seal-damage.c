/* What changes on the disk is noticed, named by its page, and never served. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "jn-seal-slot.h"
#include "seal-world.h"

#define PAGE JN_SEAL_PAGE_SIZE
#define FRAME (PAGE + 24)

static sqlite3_file *
file_of (sqlite3 *db)
{
  sqlite3_file *file = NULL;

  g_assert_cmpint (sqlite3_file_control (db, "main", SQLITE_FCNTL_FILE_POINTER, &file), ==,
                   SQLITE_OK);
  return file;
}

static JnSealFault
fault_of (SealWorld *world)
{
  JnSealFault fault;

  g_assert_true (jn_seal_vfs_get_fault (WORLD_VFS, world->path, &fault));
  return fault;
}

/* Closes without a checkpoint, so that the log stays. */
static void
close_with_log (sqlite3 *db)
{
  sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

static void
flip (int fd, off_t at, int bit)
{
  guint8 byte;

  g_assert_cmpint (pread (fd, &byte, 1, at), ==, 1);
  byte ^= (guint8) (1u << bit);
  g_assert_cmpint (pwrite (fd, &byte, 1, at), ==, 1);
}

/* 7: one bit in each page, and the fault names the page. */
static void
test_each_page (SealWorld *world, gconstpointer data)
{
  guint8 page[PAGE];
  static const guint8 zeros[PAGE];
  sqlite3 *db = seal_world_open (world);
  sqlite3_file *file = file_of (db);
  sqlite3_int64 size = 0;
  guint n_pages;
  int fd;

  seal_world_fill (db, 6000);
  seal_must (db, "PRAGMA wal_checkpoint(TRUNCATE)");
  g_assert_cmpint (file->pMethods->xFileSize (file, &size), ==, SQLITE_OK);
  n_pages = (guint) (size / PAGE);
  g_assert_cmpuint (n_pages, >, 500);
  fd = open (world->path, O_RDWR | O_CLOEXEC);
  for (guint n = 0; n < n_pages; n++)
    {
      off_t at = (off_t) n * PAGE + g_test_rand_int_range (0, PAGE);
      int bit = g_test_rand_int_range (0, 8);

      flip (fd, at, bit);
      g_assert_cmpint (file->pMethods->xRead (file, page, PAGE, (sqlite3_int64) n * PAGE), ==,
                       SQLITE_IOERR_DATA);
      g_assert_cmpmem (page, PAGE, zeros, PAGE);
      g_assert_cmpuint (fault_of (world).page, ==, n + 1);
      g_assert_cmpuint (fault_of (world).count, ==, n + 1);
      g_assert_cmpint (fault_of (world).status, ==, JN_SEAL_PAGE_DAMAGED);
      g_assert_false (fault_of (world).in_wal);
      flip (fd, at, bit);
      g_assert_cmpint (file->pMethods->xRead (file, page, PAGE, (sqlite3_int64) n * PAGE), ==,
                       SQLITE_OK);
    }
  close (fd);
  g_test_message ("%u pages", n_pages);
  sqlite3_close (db);
}

/* Each byte of page 1 and of another, the uuid and the geometry in the clear too. */
static void
test_each_byte (SealWorld *world, gconstpointer data)
{
  guint8 page[PAGE];
  sqlite3 *db = seal_world_open (world);
  sqlite3_file *file = file_of (db);
  int fd;

  seal_world_fill (db, 50);
  seal_must (db, "PRAGMA wal_checkpoint(TRUNCATE)");
  fd = open (world->path, O_RDWR | O_CLOEXEC);
  for (int i = 0; i < 2 * PAGE; i++)
    {
      flip (fd, i, i & 7);
      g_assert_cmpint (file->pMethods->xRead (file, page, PAGE, i / PAGE * PAGE), ==,
                       SQLITE_IOERR_DATA);
      flip (fd, i, i & 7);
    }
  close (fd);
  sqlite3_close (db);
}

static void
put_page (SealWorld *world, GByteArray *bytes, guint to, const guint8 *page)
{
  memcpy (bytes->data + (gsize) to * PAGE, page, PAGE);
  seal_world_save (world, "", bytes);
}

/* 3: pages do not change places, and do not come from another file of the same key, nor from nowhere. */
static void
test_moved_pages (SealWorld *world, gconstpointer data)
{
  SealWorld other = *world;
  g_autoptr (GByteArray) bytes = NULL;
  g_autoptr (GByteArray) foreign = NULL;
  g_autofree guint8 *page = g_malloc (PAGE);
  sqlite3 *db = seal_world_open (world);
  gint64 right;

  seal_world_fill (db, 300);
  right = seal_int (db, "SELECT count(*) + sum(length(b)) FROM t");
  sqlite3_close (db);
  other.path = seal_world_name (world, "-other.db");
  db = seal_world_open (&other);
  seal_world_fill (db, 300);
  sqlite3_close (db);
  bytes = seal_world_load (world, "");
  foreign = seal_world_load (&other, "");
  for (guint n = 1; n < 5; n++)
    {
      g_autoptr (GByteArray) moved = g_byte_array_new ();
      JnSealFault fault;
      gint64 got;

      g_byte_array_append (moved, bytes->data, bytes->len);
      memcpy (page, n == 4 ? foreign->data + n * PAGE : bytes->data + (gsize) (n + 2) * PAGE, PAGE);
      if (n == 3)
        memset (page, 0, PAGE);
      put_page (world, moved, n, page);
      db = seal_world_open (world);
      got = seal_int (db, "SELECT count(*) + sum(length(b)) FROM t");
      g_assert_true (got == -1 || got == right);
      seal_exec (db, "PRAGMA integrity_check");
      fault = fault_of (world);
      g_assert_cmpint (fault.status, ==, JN_SEAL_PAGE_DAMAGED);
      g_assert_cmpuint (fault.page, ==, n + 1);
      sqlite3_close (db);
    }
  g_free (other.path);
}

/* 6: page 1 may be torn when the log holds it, and only then. */
static void
test_torn_page_1 (SealWorld *world, gconstpointer data)
{
  static const guint8 garbage[512] = { 0xaa, 0xbb };
  g_autoptr (GByteArray) bytes = NULL;
  g_autoptr (GByteArray) nothing = g_byte_array_new ();

  for (guint sector = 0; sector < 8; sector++)
    {
      sqlite3 *db = seal_world_open (world);
      g_autofree char *path = seal_world_name (world, "");
      int fd;

      seal_world_fill (db, 20);
      seal_must (db, "PRAGMA wal_checkpoint(TRUNCATE); CREATE TABLE IF NOT EXISTS u (x);"
                     "DROP TABLE u; CREATE TABLE u (x)");
      close_with_log (db);
      fd = open (path, O_RDWR | O_CLOEXEC);
      g_assert_cmpint (pwrite (fd, garbage, sizeof garbage, (off_t) sector * 512), ==, 512);
      close (fd);
      db = seal_world_open (world);
      g_assert_cmpint (seal_int (db, "SELECT count(*) FROM t"), ==, (sector + 1) * 20);
      sqlite3_close (db);
    }
  bytes = seal_world_load (world, "");
  bytes->data[2000] ^= 4;
  seal_world_save (world, "", bytes);
  {
    sqlite3 *db = seal_world_open (world);

    g_assert_cmpint (seal_exec (db, "SELECT count(*) FROM t"), ==, SQLITE_IOERR_DATA);
    g_assert_cmpuint (fault_of (world).page, ==, 1);
    sqlite3_close (db);
  }
}

/* A file that ends in the middle of a page, or one page early, has lost something. */
static void
test_cut_file (SealWorld *world, gconstpointer data)
{
  sqlite3 *db = seal_world_open (world);
  g_autoptr (GByteArray) bytes = NULL;

  seal_world_fill (db, 300);
  sqlite3_close (db);
  bytes = seal_world_load (world, "");
  for (guint lost = 1; lost <= 3 * PAGE; lost += 511)
    {
      g_autoptr (GByteArray) cut = g_byte_array_new ();
      int rc;

      g_byte_array_append (cut, bytes->data, bytes->len - lost);
      seal_world_save (world, "", cut);
      db = seal_world_open (world);
      rc = seal_exec (db, "SELECT count(*), sum(length(b)) FROM t NOT INDEXED");
      if (rc == SQLITE_OK)
        rc = seal_exec (db, "SELECT count(*), sum(length(b)) FROM t INDEXED BY t_b");
      g_assert_true (rc == SQLITE_IOERR_DATA || rc == SQLITE_CORRUPT);
      sqlite3_close (db);
    }
}

/* 13: a torn or spoiled log is a shorter log. */
static void
test_torn_log (SealWorld *world, gconstpointer data)
{
  g_autoptr (GByteArray) file = NULL;
  g_autoptr (GByteArray) log = NULL;
  sqlite3 *db = seal_world_open (world);

  seal_world_fill (db, 20);
  seal_must (db, "PRAGMA wal_checkpoint(TRUNCATE)");
  for (int i = 0; i < 10; i++)
    seal_must (db, "INSERT INTO t SELECT NULL, b FROM t LIMIT 10");
  close_with_log (db);
  file = seal_world_load (world, "");
  log = seal_world_load (world, "-wal");
  for (guint round = 0; round < 200; round++)
    {
      g_autoptr (GByteArray) spoiled = g_byte_array_new ();
      g_autofree char *sound = NULL;
      guint at = (guint) g_test_rand_int_range (0, (gint32) log->len);
      gint64 n;

      g_byte_array_append (spoiled, log->data, round % 3 == 0 ? at : log->len);
      for (guint i = at; round % 3 == 1 && i < at + 512 && i < log->len; i++)
        spoiled->data[i] = (guint8) g_test_rand_int ();
      if (round % 3 == 2)
        spoiled->data[at] ^= (guint8) (1u << (round % 8));
      seal_world_save (world, "", file);
      seal_world_save (world, "-wal", spoiled);
      db = seal_world_open (world);
      n = seal_int (db, "SELECT count(*) FROM t");
      g_assert_cmpint (n, >=, 20);
      g_assert_cmpint (n, <=, 120);
      g_assert_cmpint (n % 10, ==, 0);
      sound = seal_text (db, "PRAGMA integrity_check");
      g_assert_cmpstr (sound, ==, "ok");
      sqlite3_close (db);
    }
}

/* 14: a frame that goes bad under an open connection is an error, and says where. */
static void
test_bad_frame (SealWorld *world, gconstpointer data)
{
  g_autofree char *name = seal_world_name (world, "-wal");
  sqlite3 *db = seal_world_open (world);
  sqlite3 *reader;
  JnSealFault fault;
  int fd;

  seal_world_fill (db, 200);
  reader = seal_world_open (world);
  fd = open (name, O_RDWR | O_CLOEXEC);
  for (off_t at = 32 + 24 + 100; at < lseek (fd, 0, SEEK_END); at += FRAME)
    flip (fd, at, 3);
  g_assert_cmpint (seal_exec (reader, "SELECT sum(length(b)) FROM t"), ==, SQLITE_IOERR_DATA);
  fault = fault_of (world);
  g_assert_cmpint (fault.status, ==, JN_SEAL_PAGE_DAMAGED);
  g_assert_true (fault.in_wal);
  g_assert_cmpuint ((fault.offset - 32) % FRAME, ==, 0);
  close (fd);
  sqlite3_close (reader);
  close_with_log (db);
}

/* 3: a frame of an earlier generation of the log, put back at its place, is not taken. */
static void
test_old_frame (SealWorld *world, gconstpointer data)
{
  g_autoptr (GByteArray) old = NULL;
  g_autoptr (GByteArray) now = NULL;
  guint8 page[PAGE];
  sqlite3_file *log = NULL;
  sqlite3 *db = seal_world_open (world);

  seal_must (db, "CREATE TABLE v (x); INSERT INTO v VALUES (1); PRAGMA wal_checkpoint(TRUNCATE);"
                 "UPDATE v SET x = 2");
  old = seal_world_load (world, "-wal");
  seal_must (db, "PRAGMA wal_checkpoint(RESTART); UPDATE v SET x = 3");
  close_with_log (db);
  now = seal_world_load (world, "-wal");
  g_assert_cmpuint (old->len, >=, 32 + FRAME);
  /* The header of the frame as it is now, the sealed page of before. */
  memcpy (now->data + 32 + 24, old->data + 32 + 24, PAGE);
  seal_world_save (world, "-wal", now);
  db = seal_world_open (world);
  g_assert_cmpint (seal_int (db, "SELECT x FROM v"), ==, 2);
  g_assert_cmpint (sqlite3_file_control (db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log), ==,
                   SQLITE_OK);
  g_assert_cmpint (log->pMethods->xRead (log, page, PAGE, 32 + 24), ==, SQLITE_IOERR_DATA);
  close_with_log (db);
  memcpy (now->data + 32, old->data + 32, FRAME);
  seal_world_save (world, "-wal", now);
  db = seal_world_open (world);
  g_assert_cmpint (seal_int (db, "SELECT x FROM v"), ==, 2);
  sqlite3_close (db);
}

/* Without asking the slot, a wrong key opens nothing. */
static void
test_wrong_key (SealWorld *world, gconstpointer data)
{
  sqlite3 *db = seal_world_open (world);
  JnSealSlot slot;
  guint8 wrong[JN_SEAL_KEY_SIZE];

  seal_world_fill (db, 20);
  sqlite3_close (db);
  memcpy (wrong, world->key, sizeof wrong);
  wrong[31] ^= 1;
  g_assert_cmpint (jn_seal_slot_read (world->path, &slot), ==, JN_SEAL_OK);
  g_assert_cmpint (jn_seal_vfs_add_key (WORLD_VFS, world->path, slot.uuid, wrong), ==, JN_SEAL_OK);
  g_assert_cmpint (sqlite3_open_v2 (world->path, &db, SQLITE_OPEN_READWRITE, WORLD_VFS), ==,
                   SQLITE_OK);
  sqlite3_extended_result_codes (db, 1);
  g_assert_cmpint (seal_exec (db, "SELECT * FROM sqlite_schema"), ==, SQLITE_IOERR_DATA);
  g_assert_cmpint (seal_exec (db, "CREATE TABLE x (y)"), ==, SQLITE_IOERR_DATA);
  sqlite3_close (db);
  db = seal_world_open (world);
  g_assert_cmpint (seal_int (db, "SELECT count(*) FROM t"), ==, 20);
  sqlite3_close (db);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name)                                                                                 \
  g_test_add ("/seal/damage/" #name, SealWorld, NULL, seal_world_set_up, test_##name,              \
              seal_world_tear_down)
  TEST (each_page);
  TEST (each_byte);
  TEST (moved_pages);
  TEST (torn_page_1);
  TEST (cut_file);
  TEST (torn_log);
  TEST (bad_frame);
  TEST (old_frame);
  TEST (wrong_key);
#undef TEST
  return g_test_run ();
}
