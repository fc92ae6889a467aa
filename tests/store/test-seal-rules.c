/* What a sealed file looks like on the disk, and every way out of it that has to be shut. Numbers are those of the design's rules. */
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>

#include <glib/gstdio.h>

#include "seal-world.h"

#define PAGE JN_SEAL_PAGE_SIZE

static sqlite3_file *
file_of (sqlite3 *db)
{
  sqlite3_file *file = NULL;

  g_assert_cmpint (sqlite3_file_control (db, "main", SQLITE_FCNTL_FILE_POINTER, &file), ==,
                   SQLITE_OK);
  return file;
}

/* 1, 4: pages of 4,096 with 40 reserved, the uuid for the magic, the geometry in the clear. */
static void
test_geometry (SealWorld *world, gconstpointer data)
{
  static const guint8 geometry[8] = { 0x10, 0, 2, 2, 40, 64, 32, 32 };
  guint8 page[PAGE] = { 0 };
  sqlite3 *db = seal_world_open (world);
  sqlite3_file *file = file_of (db);
  g_autoptr (GByteArray) bytes = NULL;
  g_autoptr (GByteArray) slot = NULL;

  seal_world_fill (db, 50);
  seal_must (db, "PRAGMA wal_checkpoint(TRUNCATE)");
  g_assert_cmpint (file->pMethods->xWrite (file, page, 512, PAGE), ==, SQLITE_IOERR_WRITE);
  g_assert_cmpint (file->pMethods->xWrite (file, page, PAGE, PAGE + 1), ==, SQLITE_IOERR_WRITE);
  page[PAGE - 1] = 1;
  g_assert_cmpint (file->pMethods->xWrite (file, page, PAGE, PAGE), ==, SQLITE_IOERR_WRITE);
  page[PAGE - 1] = 0;
  page[PAGE - 40] = 1;
  g_assert_cmpint (file->pMethods->xWrite (file, page, PAGE, PAGE), ==, SQLITE_IOERR_WRITE);
  g_assert_cmpint (file->pMethods->xRead (file, page, PAGE, 0), ==, SQLITE_OK);
  g_assert_cmpmem (page, 16, "SQLite format 3", 16);
  page[18] = 1; /* a page 1 that leaves WAL mode */
  g_assert_cmpint (file->pMethods->xWrite (file, page, PAGE, 0), ==, SQLITE_IOERR_WRITE);
  g_assert_cmpint (file->pMethods->xTruncate (file, PAGE + 1), ==, SQLITE_IOERR_TRUNCATE);
  g_assert_cmpint (file->pMethods->xTruncate (file, 0), ==, SQLITE_IOERR_TRUNCATE);
  bytes = seal_world_load (world, "");
  slot = seal_world_load (world, "-slot");
  g_assert_cmpint (bytes->len % PAGE, ==, 0);
  g_assert_cmpmem (bytes->data, 16, slot->data + 16, 16);
  g_assert_cmpmem (bytes->data + 16, 8, geometry, 8);
  sqlite3_close (db);
}

/* 2: the same page is never sealed the same way twice; SQLite never sees what stands in the reserve. */
static void
test_nonces (SealWorld *world, gconstpointer data)
{
  guint8 page[PAGE], again[PAGE];
  static const guint8 zeros[40];
  sqlite3 *db = seal_world_open (world);
  sqlite3_file *file = file_of (db);
  g_autoptr (GByteArray) one = NULL;
  g_autoptr (GByteArray) two = NULL;

  seal_world_fill (db, 200);
  seal_must (db, "PRAGMA wal_checkpoint(TRUNCATE)");
  one = seal_world_load (world, "");
  for (sqlite3_int64 at = 0; at < (sqlite3_int64) one->len; at += PAGE)
    {
      g_assert_cmpint (file->pMethods->xRead (file, page, PAGE, at), ==, SQLITE_OK);
      g_assert_cmpmem (page + PAGE - 40, 40, zeros, 40);
      g_assert_cmpint (file->pMethods->xWrite (file, page, PAGE, at), ==, SQLITE_OK);
      g_assert_cmpint (file->pMethods->xRead (file, again, PAGE, at), ==, SQLITE_OK);
      g_assert_cmpmem (page, PAGE, again, PAGE);
    }
  two = seal_world_load (world, "");
  for (guint at = 0; at < one->len; at += PAGE)
    {
      g_assert_true (memcmp (one->data + at + 24, two->data + at + 24, 16) != 0);
      g_assert_true (memcmp (one->data + at + PAGE - 24, two->data + at + PAGE - 24, 24) != 0);
    }
  sqlite3_close (db);
}

/* 5: parts of a page come from the whole page. */
static void
test_parts (SealWorld *world, gconstpointer data)
{
  guint8 page[PAGE], part[PAGE];
  sqlite3 *db = seal_world_open (world);
  sqlite3_file *file = file_of (db);

  seal_world_fill (db, 50);
  seal_must (db, "PRAGMA wal_checkpoint(TRUNCATE)");
  for (sqlite3_int64 at = 0; at < 2 * PAGE; at += PAGE)
    {
      g_assert_cmpint (file->pMethods->xRead (file, page, PAGE, at), ==, SQLITE_OK);
      g_assert_cmpint (file->pMethods->xRead (file, part, 100, at), ==, SQLITE_OK);
      g_assert_cmpmem (page, 100, part, 100);
      g_assert_cmpint (file->pMethods->xRead (file, part, 16, at + 24), ==, SQLITE_OK);
      g_assert_cmpmem (page + 24, 16, part, 16);
      g_assert_cmpint (file->pMethods->xRead (file, part, PAGE - 1, at + 1), ==, SQLITE_OK);
      g_assert_cmpmem (page + 1, PAGE - 1, part, PAGE - 1);
      g_assert_cmpint (file->pMethods->xRead (file, part, PAGE, at + 1), ==, SQLITE_IOERR_READ);
    }
  sqlite3_close (db);
}

/* 15, 16: no promise that sealing does not keep, and no memory map. */
static void
test_device (SealWorld *world, gconstpointer data)
{
  sqlite3 *db = seal_world_open (world);
  sqlite3_file *file = file_of (db);
  sqlite3_int64 size = 1 << 20;

  seal_world_fill (db, 50);
  g_assert_cmpint (file->pMethods->iVersion, ==, 2);
  g_assert_cmpint (file->pMethods->xDeviceCharacteristics (file), ==,
                   SQLITE_IOCAP_POWERSAFE_OVERWRITE);
  for (int op = SQLITE_FCNTL_BEGIN_ATOMIC_WRITE; op <= SQLITE_FCNTL_ROLLBACK_ATOMIC_WRITE; op++)
    g_assert_cmpint (file->pMethods->xFileControl (file, op, NULL), ==, SQLITE_NOTFOUND);
  g_assert_cmpint (file->pMethods->xFileControl (file, SQLITE_FCNTL_MMAP_SIZE, &size), ==,
                   SQLITE_OK);
  g_assert_cmpint (size, ==, 0);
  g_assert_cmpint (seal_int (db, "PRAGMA mmap_size=1000000"), ==, 0);
  g_assert_cmpint (seal_int (db, "PRAGMA mmap_size"), ==, 0);
  g_assert_cmpint (seal_int (db, "SELECT count(*) FROM t"), ==, 50);
  sqlite3_close (db);
}

#define FRAME (PAGE + 24)

/* As SQLite computes it over a header's first 8 bytes or a page; both words are carried on. */
static void
add_checksum (const guint8 *data, gsize length, guint32 sum[2])
{
  for (gsize i = 0; i < length; i += 8)
    {
      guint32 words[2];

      memcpy (words, data + i, 8);
      sum[0] += GUINT32_FROM_LE (words[0]) + sum[1];
      sum[1] += GUINT32_FROM_LE (words[1]) + sum[0];
    }
}

static void
put_be (guint8 *out, guint32 value)
{
  for (int i = 0; i < 4; i++)
    out[i] = (guint8) (value >> (24 - 8 * i));
}

static guint32
get_be (const guint8 *in)
{
  return (guint32) in[0] << 24 | (guint32) in[1] << 16 | (guint32) in[2] << 8 | in[3];
}

/* 9: what SQLite reads back is its checksum over plaintext, what stands on the disk is not. */
static void
test_masked_checksum (SealWorld *world, gconstpointer data)
{
  guint8 frame[FRAME], start[32], sum_bytes[8];
  guint32 sum[2];
  sqlite3 *db = seal_world_open (world);
  sqlite3_file *log = NULL;
  g_autoptr (GByteArray) raw = NULL;

  seal_world_fill (db, 20);
  g_assert_cmpint (sqlite3_file_control (db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log), ==,
                   SQLITE_OK);
  raw = seal_world_load (world, "-wal");
  g_assert_cmpint (log->pMethods->xRead (log, start, 32, 0), ==, SQLITE_OK);
  g_assert_cmpmem (start, 32, raw->data, 32);
  sum[0] = get_be (start + 24);
  sum[1] = get_be (start + 28);
  for (guint at = 32; at + FRAME <= raw->len; at += FRAME)
    {
      g_assert_cmpint (log->pMethods->xRead (log, frame, FRAME, at), ==, SQLITE_OK);
      /* The log's number says which byte order its checksums are made in. */
      g_assert_cmpuint (get_be (start), ==,
                        G_BYTE_ORDER == G_LITTLE_ENDIAN ? 0x377f0682 : 0x377f0683);
      add_checksum (frame, 8, sum);
      add_checksum (frame + 24, PAGE, sum);
      put_be (sum_bytes, sum[0]);
      put_be (sum_bytes + 4, sum[1]);
      g_assert_cmpmem (frame + 16, 8, sum_bytes, 8);
      g_assert_true (memcmp (raw->data + at + 16, sum_bytes, 8) != 0);
      g_assert_cmpint (log->pMethods->xRead (log, sum_bytes, 8, at + 16), ==, SQLITE_OK);
      g_assert_cmpmem (frame + 16, 8, sum_bytes, 8);
      g_assert_cmpmem (frame, 16, raw->data + at, 16);
    }
  sqlite3_close (db);
}

/* 8, 10 to 12: a header waits for its page; one that comes alone, or a page that comes alone, makes the whole frame anew. */
static void
test_log_writes (SealWorld *world, gconstpointer data)
{
  guint8 header[24], page[PAGE], got[FRAME];
  sqlite3 *db = seal_world_open (world);
  sqlite3_file *log = NULL;
  sqlite3_int64 end = 0, now = 0;
  g_autoptr (GByteArray) before = NULL;
  g_autoptr (GByteArray) after = NULL;

  seal_world_fill (db, 20);
  g_assert_cmpint (sqlite3_file_control (db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log), ==,
                   SQLITE_OK);
  g_assert_cmpint (log->pMethods->xFileSize (log, &end), ==, SQLITE_OK);
  g_assert_cmpint (log->pMethods->xRead (log, got, FRAME, 32), ==, SQLITE_OK);
  memcpy (header, got, 24);
  memcpy (page, got + 24, PAGE);
  put_be (header, 7);
  /* Nothing is written until the page is here. */
  g_assert_cmpint (log->pMethods->xWrite (log, header, 24, end), ==, SQLITE_OK);
  before = seal_world_load (world, "-wal");
  g_assert_cmpint (before->len, ==, end);
  g_assert_cmpint (log->pMethods->xWrite (log, page, PAGE, end + 24), ==, SQLITE_OK);
  g_assert_cmpint (log->pMethods->xFileSize (log, &now), ==, SQLITE_OK);
  g_assert_cmpint (now, ==, end + FRAME);
  g_byte_array_unref (before);
  before = seal_world_load (world, "-wal");
  /* The page alone. */
  page[2000] ^= 1;
  g_assert_cmpint (log->pMethods->xWrite (log, page, PAGE, end + 24), ==, SQLITE_OK);
  g_assert_cmpint (log->pMethods->xRead (log, got, FRAME, end), ==, SQLITE_OK);
  g_assert_cmpmem (got, 24, header, 24);
  g_assert_cmpmem (got + 24, PAGE, page, PAGE);
  /* The header alone, after something else was read; it reaches the disk with the sync, under another nonce. */
  g_byte_array_unref (before);
  before = seal_world_load (world, "-wal");
  header[17] ^= 1;
  g_assert_cmpint (log->pMethods->xRead (log, got, FRAME, 32), ==, SQLITE_OK);
  g_assert_cmpint (log->pMethods->xWrite (log, header, 24, end), ==, SQLITE_OK);
  g_assert_cmpint (log->pMethods->xSync (log, SQLITE_SYNC_NORMAL), ==, SQLITE_OK);
  after = seal_world_load (world, "-wal");
  g_assert_cmpuint (after->len, ==, before->len);
  g_assert_true (memcmp (after->data + end + FRAME - 24, before->data + end + FRAME - 24, 24) != 0);
  g_assert_cmpint (log->pMethods->xRead (log, got, FRAME, end), ==, SQLITE_OK);
  g_assert_cmpmem (got, 24, header, 24);
  g_assert_cmpmem (got + 24, PAGE, page, PAGE);
  g_assert_cmpint (log->pMethods->xTruncate (log, end), ==, SQLITE_OK);
  sqlite3_close (db);
}

/* 8: nothing else may be written to the log. */
static void
test_log_refusals (SealWorld *world, gconstpointer data)
{
  guint8 header[24], page[PAGE], got[FRAME];
  sqlite3 *db = seal_world_open (world);
  sqlite3_file *log = NULL;
  sqlite3_int64 end = 0;

  seal_world_fill (db, 20);
  g_assert_cmpint (sqlite3_file_control (db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log), ==,
                   SQLITE_OK);
  g_assert_cmpint (log->pMethods->xFileSize (log, &end), ==, SQLITE_OK);
  g_assert_cmpint (log->pMethods->xRead (log, got, FRAME, 32), ==, SQLITE_OK);
  memcpy (header, got, 24);
  memcpy (page, got + 24, PAGE);
  /* Anything else is refused: parts of frames, pages with something in the reserve. */
  g_assert_cmpint (log->pMethods->xWrite (log, page, 100, end + 24), ==, SQLITE_IOERR_WRITE);
  g_assert_cmpint (log->pMethods->xWrite (log, page, 24, end + 1), ==, SQLITE_IOERR_WRITE);
  g_assert_cmpint (log->pMethods->xWrite (log, page, 16, 0), ==, SQLITE_IOERR_WRITE);
  page[PAGE - 40] = 1;
  g_assert_cmpint (log->pMethods->xWrite (log, header, 24, end), ==, SQLITE_OK);
  g_assert_cmpint (log->pMethods->xWrite (log, page, PAGE, end + 24), ==, SQLITE_IOERR_WRITE);
  sqlite3_close (db);
}

/* 17: whatever mode is asked for, nothing but sealed pages is written, and the file works on. */
static void
test_journal_modes (SealWorld *world, gconstpointer data)
{
  static const char *const modes[] = { "DELETE", "TRUNCATE", "PERSIST", "MEMORY", "OFF" };
  g_autofree char *journal = seal_world_name (world, "-journal");

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_autofree char *pragma = g_strdup_printf ("PRAGMA journal_mode=%s", modes[i]);
      g_autofree char *mode = NULL;
      g_autofree char *sound = NULL;
      sqlite3 *db = seal_world_open (world);
      gint64 before;

      seal_world_fill (db, 50);
      before = seal_int (db, "SELECT count(*) FROM t");
      g_assert_cmpint (seal_exec (db, pragma), !=, SQLITE_OK);
      g_assert_false (g_file_test (journal, G_FILE_TEST_EXISTS));
      seal_exec (db, "INSERT INTO t VALUES (NULL, '" WORLD_CANARY "')");
      g_assert_false (g_file_test (journal, G_FILE_TEST_EXISTS));
      g_assert_false (seal_world_leaks (world));
      sqlite3_close (db);
      db = seal_world_open (world);
      mode = seal_text (db, "PRAGMA journal_mode");
      g_assert_cmpstr (mode, ==, "wal");
      g_assert_cmpint (seal_int (db, "SELECT count(*) FROM t"), >=, before);
      sound = seal_text (db, "PRAGMA integrity_check");
      g_assert_cmpstr (sound, ==, "ok");
      sqlite3_close (db);
    }
}

/* 17: a journal that somebody laid beside the file is not played back into it. */
static void
test_foreign_journal (SealWorld *world, gconstpointer data)
{
  static const guint8 header[512] = { 0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7, 0, 0,
                                      0,    0,    0,    0,    0,    0,    0,    0,    0, 0,
                                      0,    0,    2,    0,    0,    0,    0x10, 0 };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  sqlite3 *db = seal_world_open (world);

  seal_world_fill (db, 50);
  sqlite3_close (db);
  g_byte_array_append (bytes, header, sizeof header);
  seal_world_save (world, "-journal", bytes);
  db = seal_world_open (world);
  g_assert_cmpint (seal_int (db, "SELECT count(*) FROM t"), ==, 50);
  sqlite3_close (db);
}

static int
open_as (sqlite3_vfs *vfs, const char *name, int flags)
{
  g_autofree sqlite3_file *file = g_malloc0 ((gsize) vfs->szOsFile);
  int rc = vfs->xOpen (vfs, name, file, flags | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);

  g_assert_null (file->pMethods);
  return rc;
}

/* 18, 19: nameless files, journals, super-journals and foreign names are not opened. */
static void
test_other_files (SealWorld *world, gconstpointer data)
{
  sqlite3_vfs *vfs = sqlite3_vfs_find (WORLD_VFS);
  g_autofree char *attach = NULL;
  g_autofree char *other = seal_world_name (world, "-other");
  sqlite3 *db = seal_world_open (world);

  g_assert_cmpint (open_as (vfs, NULL, SQLITE_OPEN_TEMP_DB), ==, SQLITE_CANTOPEN);
  g_assert_cmpint (open_as (vfs, NULL, SQLITE_OPEN_TEMP_JOURNAL), ==, SQLITE_CANTOPEN);
  g_assert_cmpint (open_as (vfs, NULL, SQLITE_OPEN_SUBJOURNAL), ==, SQLITE_CANTOPEN);
  g_assert_cmpint (open_as (vfs, NULL, SQLITE_OPEN_TRANSIENT_DB), ==, SQLITE_CANTOPEN);
  g_assert_cmpint (open_as (vfs, other, SQLITE_OPEN_SUPER_JOURNAL), ==, SQLITE_CANTOPEN);
  g_assert_cmpint (open_as (vfs, other, SQLITE_OPEN_MAIN_JOURNAL), ==, SQLITE_CANTOPEN);
  g_assert_cmpint (open_as (vfs, other, SQLITE_OPEN_MAIN_DB), ==, SQLITE_CANTOPEN);
  g_assert_false (g_file_test (other, G_FILE_TEST_EXISTS));
  attach = g_strdup_printf ("ATTACH '%s' AS other", world->path);
  g_assert_cmpint (seal_exec (db, attach), ==, SQLITE_AUTH);
  /* Work that is too large for the cache: in memory, or not at all. */
  seal_world_fill (db, 4000);
  seal_must (db, "PRAGMA cache_size=10; CREATE TEMP TABLE x AS SELECT * FROM t;"
                 "SELECT b FROM t ORDER BY b || k DESC LIMIT 1");
  g_assert_false (seal_world_leaks (world));
  seal_must (db, "DROP TABLE x");
  seal_exec (db, "PRAGMA temp_store=FILE; CREATE TEMP TABLE x AS SELECT * FROM t");
  g_assert_false (seal_world_leaks (world));
  sqlite3_close (db);
}

/* 20, 21: VACUUM keeps the size of the page, whatever was asked for. */
static void
test_vacuum (SealWorld *world, gconstpointer data)
{
  char size[] = "8192", name[] = "page_size";
  char *words[] = { NULL, name, size };
  sqlite3 *db = seal_world_open (world);
  g_autofree char *sound = NULL;

  g_assert_cmpint (sqlite3_file_control (db, "main", SQLITE_FCNTL_PRAGMA, words), ==, SQLITE_OK);
  seal_world_fill (db, 2000);
  seal_must (db, "DELETE FROM t WHERE k % 2 = 0; PRAGMA page_size=8192; VACUUM;"
                 "PRAGMA page_size=1024; VACUUM");
  g_assert_cmpint (seal_int (db, "PRAGMA page_size"), ==, PAGE);
  sound = seal_text (db, "PRAGMA integrity_check");
  g_assert_cmpstr (sound, ==, "ok");
  g_assert_cmpint (seal_int (db, "SELECT count(*) FROM t"), ==, 1000);
  g_assert_false (seal_world_leaks (world));
  sqlite3_close (db);
  g_assert_false (seal_world_leaks (world));
}

/* 22: the backup API gives a sealed file under the key of its target; VACUUM INTO finds no empty file to write to. */
static void
test_backup (SealWorld *world, gconstpointer data)
{
  SealWorld copy = *world;
  sqlite3 *db = seal_world_open (world);
  sqlite3 *to;
  sqlite3_backup *backup;
  g_autofree char *into = NULL;
  g_autofree char *sound = NULL;

  copy.path = seal_world_name (world, "-copy.db");
  copy.key[0] ^= 1;
  seal_world_fill (db, 3000);
  to = seal_world_open (&copy);
  backup = sqlite3_backup_init (to, "main", db, "main");
  g_assert_nonnull (backup);
  g_assert_cmpint (sqlite3_backup_step (backup, -1), ==, SQLITE_DONE);
  g_assert_cmpint (sqlite3_backup_finish (backup), ==, SQLITE_OK);
  sqlite3_close (to);
  to = seal_world_open (&copy);
  sound = seal_text (to, "PRAGMA integrity_check");
  g_assert_cmpstr (sound, ==, "ok");
  g_assert_cmpint (seal_int (to, "SELECT count(*) FROM t"), ==, 3000);
  sqlite3_close (to);
  into = g_strdup_printf ("VACUUM INTO '%s-into'", world->path);
  g_assert_cmpint (seal_exec (db, into), !=, SQLITE_OK);
  sqlite3_close (db);
  g_assert_false (seal_world_leaks (world));
  g_free (copy.path);
}

/* 22: a copy of a file without the reserve bytes is refused at its first page. */
static void
test_backup_of_plain (SealWorld *world, gconstpointer data)
{
  sqlite3 *db = seal_world_open (world);
  sqlite3 *from = NULL;
  sqlite3_backup *backup;

  g_assert_cmpint (sqlite3_open (":memory:", &from), ==, SQLITE_OK);
  seal_world_fill (from, 100);
  backup = sqlite3_backup_init (db, "main", from, "main");
  sqlite3_backup_step (backup, -1);
  g_assert_cmpint (sqlite3_backup_finish (backup), !=, SQLITE_OK);
  sqlite3_close (from);
  sqlite3_close (db);
  db = seal_world_open (world);
  g_assert_cmpint (seal_int (db, "SELECT count(*) FROM sqlite_schema"), ==, 0);
  g_assert_false (seal_world_leaks (world));
  sqlite3_close (db);
}

/* 23: the page that SQLite locks is all zeros, and the only one that may be; pages beyond it work. */
static void
test_lock_page (SealWorld *world, gconstpointer data)
{
  const sqlite3_int64 lock = (sqlite3_int64) 1 << 30;
  guint8 page[PAGE] = { 0 };
  guint8 got[PAGE];
  sqlite3 *db = seal_world_open (world);
  sqlite3_file *file = file_of (db);
  int fd = open (world->path, O_RDWR);

  page[7] = 7;
  g_assert_cmpint (file->pMethods->xWrite (file, page, PAGE, lock + PAGE), ==, SQLITE_OK);
  g_assert_cmpint (file->pMethods->xRead (file, got, PAGE, lock + PAGE), ==, SQLITE_OK);
  g_assert_cmpmem (page, PAGE, got, PAGE);
  g_assert_cmpint (file->pMethods->xWrite (file, page, PAGE, lock), ==, SQLITE_IOERR_WRITE);
  g_assert_cmpint (file->pMethods->xRead (file, got, PAGE, lock), ==, SQLITE_OK);
  page[7] = 0;
  g_assert_cmpmem (page, PAGE, got, PAGE);
  g_assert_cmpint (file->pMethods->xWrite (file, page, PAGE, lock), ==, SQLITE_OK);
  g_assert_cmpint (pwrite (fd, "x", 1, lock + 9), ==, 1);
  g_assert_cmpint (file->pMethods->xRead (file, got, PAGE, lock), ==, SQLITE_IOERR_DATA);
  close (fd);
  /* The hole before it was never written. */
  g_assert_cmpint (file->pMethods->xRead (file, got, PAGE, lock - PAGE), ==, SQLITE_IOERR_DATA);
  g_assert_cmpint (file->pMethods->xRead (file, got, PAGE, lock + 2 * PAGE), ==, SQLITE_IOERR_DATA);
  sqlite3_close (db);
}

static int
try_open (const char *path)
{
  SealWorld world = { .path = (char *) path };
  sqlite3 *db = NULL;
  int rc;

  for (guint i = 0; i < sizeof world.key; i++)
    world.key[i] = (guint8) (i * 7 + 1);
  jn_seal_vfs_register (WORLD_VFS, NULL);
  if (jn_seal_prepare (WORLD_VFS, path, world.key) != JN_SEAL_OK)
    return 100;
  rc = sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, WORLD_VFS);
  if (rc == SQLITE_OK)
    rc = seal_exec (db, "SELECT * FROM t");
  sqlite3_close (db);
  return rc & 0xff;
}

/* 24: no file for the WAL index; a second connection in here works, a second process does not. */
static void
test_one_process (SealWorld *world, gconstpointer data)
{
  g_autofree char *shm = seal_world_name (world, "-shm");
  sqlite3 *db = seal_world_open (world);
  char *arguments[] = { (char *) "/proc/self/exe", (char *) "--try", world->path, NULL };
  sqlite3 *second;
  int status = 0;

  seal_world_fill (db, 50);
  second = seal_world_open (world);
  g_assert_cmpint (seal_int (second, "SELECT count(*) FROM t"), ==, 50);
  g_assert_false (g_file_test (shm, G_FILE_TEST_EXISTS));
  sqlite3_close (second);
  g_assert_true (
      g_spawn_sync (NULL, arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, NULL));
  g_assert_cmpint (WEXITSTATUS (status), ==, SQLITE_BUSY);
  sqlite3_close (db);
}

/* 25, 26: the key comes before the file; a path without one cannot be opened; each file has its own. */
static void
test_keys (SealWorld *world, gconstpointer data)
{
  guint8 wrong[JN_SEAL_KEY_SIZE] = { 0 };
  sqlite3 *db = NULL;
  JnSealFault fault;

  g_assert_cmpint (
      sqlite3_open_v2 (world->path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, WORLD_VFS), ==,
      SQLITE_CANTOPEN);
  sqlite3_close (db);
  g_assert_false (g_file_test (world->path, G_FILE_TEST_EXISTS));
  g_assert_false (jn_seal_vfs_get_fault (WORLD_VFS, world->path, &fault));
  g_assert_cmpint (jn_seal_vfs_add_key ("no such vfs", world->path, wrong, wrong), ==,
                   JN_SEAL_INVALID);
  db = seal_world_open (world);
  g_assert_cmpint (jn_seal_connect (db, wrong), ==, SQLITE_AUTH);
  seal_world_fill (db, 10);
  /* An open file keeps its key; the next open needs one again. */
  jn_seal_vfs_remove_key (WORLD_VFS, world->path);
  seal_must (db, "INSERT INTO t VALUES (NULL, 'x')");
  sqlite3_close (db);
  g_assert_cmpint (sqlite3_open_v2 (world->path, &db, SQLITE_OPEN_READWRITE, WORLD_VFS), ==,
                   SQLITE_CANTOPEN);
  sqlite3_close (db);
  g_assert_cmpint (sqlite3_open (":memory:", &db), ==, SQLITE_OK);
  g_assert_cmpint (jn_seal_connect (db, NULL), ==, SQLITE_NOTFOUND);
  sqlite3_close (db);
  db = seal_world_open (world);
  g_assert_cmpint (seal_int (db, "SELECT count(*) FROM t"), ==, 11);
  sqlite3_close (db);
}

static void
test_read_only (SealWorld *world, gconstpointer data)
{
  sqlite3 *db = seal_world_open (world);

  seal_world_fill (db, 20);
  sqlite3_close (db);
  g_assert_cmpint (sqlite3_open_v2 (world->path, &db, SQLITE_OPEN_READONLY, WORLD_VFS), ==,
                   SQLITE_OK);
  g_assert_cmpint (seal_int (db, "SELECT count(*) FROM t"), ==, 20);
  g_assert_cmpint (seal_exec (db, "DELETE FROM t"), ==, SQLITE_READONLY);
  sqlite3_close (db);
}

int
main (int argc, char *argv[])
{
  if (argc == 3 && g_str_equal (argv[1], "--try"))
    return try_open (argv[2]);
  g_test_init (&argc, &argv, NULL);
#define TEST(name)                                                                                 \
  g_test_add ("/seal/rules/" #name, SealWorld, NULL, seal_world_set_up, test_##name,               \
              seal_world_tear_down)
  TEST (geometry);
  TEST (nonces);
  TEST (parts);
  TEST (device);
  TEST (masked_checksum);
  TEST (log_writes);
  TEST (log_refusals);
  TEST (journal_modes);
  TEST (foreign_journal);
  TEST (other_files);
  TEST (vacuum);
  TEST (backup);
  TEST (backup_of_plain);
  TEST (lock_page);
  TEST (one_process);
  TEST (keys);
  TEST (read_only);
#undef TEST
  return g_test_run ();
}
