/* What the sealed store answers where nothing is as it should be: unknown names, files that are none, writes and heads that end in the middle. */
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "jn-seal-slot.h"
#include "seal-world.h"

#define PAGE JN_SEAL_PAGE_SIZE
#define NOBODY "no such vfs"

static void
test_names (SealWorld *world, gconstpointer data)
{
  guint8 key[JN_SEAL_KEY_SIZE] = { 3 };
  JnSealFault fault;

  g_assert_false (jn_seal_vfs_is_sealing (NULL));
  g_assert_false (jn_seal_vfs_is_sealing (NOBODY));
  g_assert_false (jn_seal_vfs_is_sealing ("unix"));
  g_assert_true (jn_seal_vfs_is_sealing (WORLD_VFS));
  g_assert_cmpint (jn_seal_vfs_register ("jn-seal-never", NOBODY), ==, SQLITE_NOTFOUND);
  g_assert_cmpint (jn_seal_vfs_register (WORLD_VFS, NOBODY), ==, SQLITE_OK);
  g_assert_cmpint (jn_seal_vfs_register ("jn-seal-short", NULL), ==, SQLITE_OK);
  g_assert_cmpint (jn_seal_vfs_add_key ("jn-seal-short", world->path, key, key), ==, JN_SEAL_OK);
  jn_seal_vfs_unregister ("jn-seal-short");
  g_assert_false (jn_seal_vfs_is_sealing ("jn-seal-short"));
  jn_seal_vfs_unregister (NOBODY);
  jn_seal_vfs_remove_key (NOBODY, world->path);
  jn_seal_vfs_remove_key (WORLD_VFS, "/never/given");
  g_assert_false (jn_seal_vfs_get_fault (NOBODY, world->path, &fault));
  g_assert_cmpint (jn_seal_prepare (NOBODY, world->path, key), ==, JN_SEAL_INVALID);
  g_assert_cmpint (jn_seal_convert (NOBODY, world->path, key, NULL, NULL), ==, JN_SEAL_INVALID);
}

/* What SQLite asks of a VFS beside its files goes on to the one below. */
static void
test_vfs (SealWorld *world, gconstpointer data)
{
  sqlite3_vfs *vfs = sqlite3_vfs_find (WORLD_VFS);
  g_autofree sqlite3_file *file = g_malloc0 ((gsize) vfs->szOsFile);
  guint8 zeros[16] = { 0 };
  char bytes[16] = { 0 };
  double day = 0;

  g_assert_cmpint (vfs->xRandomness (vfs, sizeof bytes, bytes), ==, sizeof bytes);
  g_assert_true (memcmp (bytes, zeros, sizeof zeros) != 0);
  g_assert_cmpint (vfs->xSleep (vfs, 1), >=, 1);
  g_assert_cmpint (vfs->xCurrentTime (vfs, &day), ==, SQLITE_OK);
  g_assert_cmpfloat (day, >, 2400000);
  vfs->xGetLastError (vfs, sizeof bytes, bytes);
  g_assert_cmpint (vfs->xOpen (vfs, world->path, file,
                               SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_DELETEONCLOSE
                                   | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                               NULL),
                   ==, SQLITE_CANTOPEN);
  g_assert_null (file->pMethods);
}

/* Asked for by the VFS's own name, without being told what came of the flags; and upon a VFS that has no last error. */
static void
test_bare_vfs (SealWorld *world, gconstpointer data)
{
  static sqlite3_vfs mute;
  sqlite3_vfs *vfs = sqlite3_vfs_find (WORLD_VFS);
  g_autofree sqlite3_file *file = g_malloc0 ((gsize) vfs->szOsFile);
  sqlite3_filename name = sqlite3_create_filename (world->path, "", "", 0, NULL);
  sqlite3 *db = seal_world_open (world);
  sqlite3_int64 size = 0;
  char bytes[16];

  seal_world_fill (db, 20);
  sqlite3_close (db);
  g_assert_cmpint (vfs->xOpen (vfs, name, file, SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_READWRITE, NULL),
                   ==, SQLITE_OK);
  g_assert_cmpint (file->pMethods->xFileSize (file, &size), ==, SQLITE_OK);
  g_assert_cmpint (size % PAGE, ==, 0);
  g_assert_cmpint (size, >, 0);
  g_assert_cmpint (file->pMethods->xClose (file), ==, SQLITE_OK);
  sqlite3_free_filename (name);
  mute = *sqlite3_vfs_find ("unix-excl");
  mute.zName = "unix-mute";
  mute.pNext = NULL;
  mute.xGetLastError = NULL;
  g_assert_cmpint (sqlite3_vfs_register (&mute, 0), ==, SQLITE_OK);
  g_assert_cmpint (jn_seal_vfs_register ("jn-seal-mute", "unix-mute"), ==, SQLITE_OK);
  vfs = sqlite3_vfs_find ("jn-seal-mute");
  g_assert_cmpint (vfs->xGetLastError (vfs, sizeof bytes, bytes), ==, 0);
  jn_seal_vfs_unregister ("jn-seal-mute");
  sqlite3_vfs_unregister (&mute);
}

/* By another name of the same file SQLite finds the key too. */
static void
test_symlink (SealWorld *world, gconstpointer data)
{
  g_autofree char *other = g_build_filename (world->folder, "other.db", NULL);
  sqlite3 *db = seal_world_open (world);
  JnSealSlot slot;

  seal_world_fill (db, 20);
  sqlite3_close (db);
  g_assert_cmpint (jn_seal_slot_read (world->path, &slot), ==, JN_SEAL_OK);
  jn_seal_vfs_remove_key (WORLD_VFS, world->path);
  g_assert_cmpint (symlink (world->path, other), ==, 0);
  g_assert_cmpint (jn_seal_vfs_add_key (WORLD_VFS, other, slot.uuid, world->key), ==, JN_SEAL_OK);
  g_assert_cmpint (sqlite3_open_v2 (other, &db, SQLITE_OPEN_READWRITE, WORLD_VFS), ==, SQLITE_OK);
  g_assert_cmpint (jn_seal_connect (db, world->key), ==, SQLITE_OK);
  g_assert_cmpint (seal_int (db, "SELECT count(*) FROM t"), ==, 20);
  sqlite3_close (db);
}

/* What has no log needs no settling; what somebody writes to right now waits. */
static void
test_settle (SealWorld *world, gconstpointer data)
{
  sqlite3 *db = seal_world_open (world), *other;

  seal_world_fill (db, 20);
  g_assert_cmpint (jn_seal_settle (db), ==, SQLITE_OK);
  other = seal_world_open (world);
  seal_must (other, "BEGIN IMMEDIATE");
  g_assert_cmpint (jn_seal_settle (db), ==, SQLITE_BUSY);
  sqlite3_close (other);
  g_assert_cmpint (jn_seal_settle (db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_get_autocommit (db), !=, 0);
  g_assert_cmpint (seal_int (db, "SELECT count(*) FROM t"), ==, 20);
  sqlite3_close (db);
  g_assert_cmpint (sqlite3_open (":memory:", &db), ==, SQLITE_OK);
  g_assert_cmpint (jn_seal_settle (db), ==, SQLITE_OK);
  g_assert_cmpint (jn_seal_connect (db, world->key), ==, SQLITE_NOTFOUND);
  sqlite3_close (db);
}

/* The one page of a new file, bent: that is damage, and no file that still has to be born. */
static void
test_bent_birth (SealWorld *world, gconstpointer data)
{
  g_autoptr (GByteArray) bytes = NULL, after = NULL;
  sqlite3 *db = seal_world_open (world);
  JnSealFault fault;

  sqlite3_close (db);
  jn_seal_vfs_remove_key (WORLD_VFS, world->path);
  bytes = seal_world_load (world, "");
  g_assert_cmpuint (bytes->len, ==, PAGE);
  bytes->data[1000] ^= 1;
  seal_world_save (world, "", bytes);
  g_assert_cmpint (jn_seal_prepare (WORLD_VFS, world->path, world->key), ==, JN_SEAL_OK);
  g_assert_cmpint (sqlite3_open_v2 (world->path, &db, SQLITE_OPEN_READWRITE, WORLD_VFS), ==,
                   SQLITE_OK);
  g_assert_cmpint (seal_exec (db, "SELECT count(*) FROM sqlite_schema"), !=, SQLITE_OK);
  sqlite3_close (db);
  g_assert_true (jn_seal_vfs_get_fault (WORLD_VFS, world->path, &fault));
  g_assert_cmpint (fault.status, ==, JN_SEAL_PAGE_DAMAGED);
  g_assert_cmpuint (fault.page, ==, 1);
  after = seal_world_load (world, "");
  g_assert_cmpmem (after->data, after->len, bytes->data, bytes->len);
}

static sqlite3_file *
log_of (sqlite3 *db)
{
  sqlite3_file *log = NULL;

  g_assert_cmpint (sqlite3_file_control (db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log), ==,
                   SQLITE_OK);
  return log;
}

/* A header whose page never came, and which stands on no frame, spoils whatever comes next, and only that. */
static void
test_lone_header (SealWorld *world, gconstpointer data)
{
  guint8 header[24] = { 0, 0, 0, 2 }, start[32], frame[24 + PAGE];
  sqlite3 *db = seal_world_open (world);
  sqlite3_int64 end = 0, size = 0;
  sqlite3_file *log;

  seal_world_fill (db, 20);
  log = log_of (db);
  g_assert_cmpint (log->pMethods->xFileSize (log, &end), ==, SQLITE_OK);
  g_assert_cmpint (log->pMethods->xRead (log, start, 32, 0), ==, SQLITE_OK);
  g_assert_cmpint (log->pMethods->xRead (log, frame, sizeof frame, 32), ==, SQLITE_OK);
  for (int what = 0; what < 7; what++)
    {
      int rc = SQLITE_OK;

      g_assert_cmpint (log->pMethods->xWrite (log, header, 24, end), ==, SQLITE_OK);
      switch (what)
        {
        case 0:
          rc = log->pMethods->xRead (log, frame, sizeof frame, 32);
          break;
        case 1:
          rc = log->pMethods->xWrite (log, header, 24, 32);
          break;
        case 2:
          rc = log->pMethods->xWrite (log, start, 32, 0);
          break;
        case 3:
          rc = log->pMethods->xTruncate (log, end);
          break;
        case 4:
          rc = log->pMethods->xSync (log, SQLITE_SYNC_NORMAL);
          break;
        case 5:
          rc = log->pMethods->xWrite (log, frame + 24, PAGE, 32 + 24);
          break;
        default:
          rc = log->pMethods->xFileSize (log, &size);
          break;
        }
      g_assert_cmpint (rc, ==, SQLITE_IOERR_DATA);
      g_assert_cmpint (log->pMethods->xFileSize (log, &size), ==, SQLITE_OK);
      g_assert_cmpint (size, ==, end);
    }
  g_assert_cmpint (log->pMethods->xWrite (log, frame, 100, 32), ==, SQLITE_IOERR_WRITE);
  g_assert_cmpint (log->pMethods->xRead (log, frame, 100, 10), ==, SQLITE_IOERR_READ);
  g_assert_cmpint (log->pMethods->xRead (log, frame, 200, 32 + PAGE - 100), ==, SQLITE_IOERR_READ);
  g_assert_cmpint (log->pMethods->xFileControl (log, SQLITE_FCNTL_CHUNK_SIZE, &size), ==,
                   SQLITE_NOTFOUND);
  g_assert_cmpint (seal_int (db, "SELECT count(*) FROM t"), ==, 20);
  g_assert_cmpint (log->pMethods->xWrite (log, header, 24, end), ==, SQLITE_OK);
  sqlite3_close (db);
  db = seal_world_open (world);
  g_assert_cmpint (seal_int (db, "SELECT count(*) FROM t"), ==, 20);
  sqlite3_close (db);
}

static void
test_attach (SealWorld *world, gconstpointer data)
{
  sqlite3 *db = seal_world_open (world);

  g_assert_cmpint (seal_exec (db, "ATTACH 'a' || 'b' AS other"), !=, SQLITE_OK);
  g_assert_cmpint (seal_exec (db, "ATTACH ':memory:' AS other"), ==, SQLITE_AUTH);
  seal_must (db, "PRAGMA page_size");
  g_assert_cmpint (seal_int (db, "PRAGMA page_size"), ==, PAGE);
  sqlite3_close (db);
}

/* ---- files that are none ---- */

static void
save (SealWorld *world, const char *suffix, gsize n, guint8 byte)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  g_byte_array_set_size (bytes, (guint) n);
  memset (bytes->data, byte, n);
  seal_world_save (world, suffix, bytes);
}

static void
test_strange_files (SealWorld *world, gconstpointer data)
{
  g_autofree char *deep = g_build_filename (world->folder, "no", "such", "wallet.db", NULL);
  g_autofree char *slot = seal_world_name (world, JN_SEAL_SLOT_SUFFIX);
  g_autofree char *old = seal_world_name (world, JN_SEAL_SLOT_SUFFIX ".old");
  g_autofree char *here = g_get_current_dir ();

  g_assert_cmpint (jn_seal_prepare (WORLD_VFS, deep, world->key), !=, JN_SEAL_OK);
  g_assert_cmpint (jn_seal_prepare (WORLD_VFS, world->folder, world->key), ==, JN_SEAL_IO);
  g_assert_cmpint (jn_seal_convert (WORLD_VFS, world->folder, world->key, NULL, NULL), ==,
                   JN_SEAL_IO);
  /* No database yet, and a slot that nobody can read: its key may still be somebody's. */
  save (world, JN_SEAL_SLOT_SUFFIX, 70, 9);
  g_assert_cmpint (jn_seal_prepare (WORLD_VFS, world->path, world->key), ==, JN_SEAL_SLOT_DAMAGED);
  g_unlink (slot);
  /* Zeros are no database; ones are one that the key does not open. */
  save (world, "", PAGE, 0);
  g_assert_cmpint (jn_seal_prepare (WORLD_VFS, world->path, world->key), ==, JN_SEAL_OK);
  jn_seal_vfs_remove_key (WORLD_VFS, world->path);
  g_unlink (slot);
  g_unlink (old);
  save (world, "", PAGE, 1);
  g_assert_cmpint (jn_seal_prepare (WORLD_VFS, world->path, world->key), ==, JN_SEAL_SLOT_DAMAGED);
  /* So are a few bytes of anything. */
  save (world, "", 7, 1);
  g_assert_cmpint (jn_seal_prepare (WORLD_VFS, world->path, world->key), ==, JN_SEAL_SLOT_DAMAGED);
  g_unlink (world->path);
  /* A name without a folder is in this one. */
  g_assert_cmpint (chdir (world->folder), ==, 0);
  g_assert_cmpint (jn_seal_prepare (WORLD_VFS, "wallet-here.db", world->key), ==, JN_SEAL_OK);
  jn_seal_vfs_remove_key (WORLD_VFS, "wallet-here.db");
  g_unlink ("wallet-here.db" JN_SEAL_SLOT_SUFFIX);
  g_assert_cmpint (chdir (here), ==, 0);
}

/* A plain file that ends in the middle of a page. */
static void
test_cut_plain (SealWorld *world, gconstpointer data)
{
  g_autoptr (GByteArray) bytes = NULL;
  JnSealStatus status;

  seal_world_make_plain (world, PAGE, "DELETE", 200);
  bytes = seal_world_load (world, "");
  g_byte_array_set_size (bytes, bytes->len - 100);
  seal_world_save (world, "", bytes);
  status = jn_seal_convert (WORLD_VFS, world->path, world->key, NULL, NULL);
  g_assert_cmpint (status, ==, JN_SEAL_PAGE_DAMAGED);
}

/* Somebody else has the plain file: it stays what it is, and is converted once it is free. */
static void
test_convert_busy (SealWorld *world, gconstpointer data)
{
  sqlite3 *other = NULL, *db;

  seal_world_make_plain (world, PAGE, "DELETE", 200);
  g_assert_cmpint (sqlite3_open (world->path, &other), ==, SQLITE_OK);
  seal_must (other, "BEGIN EXCLUSIVE");
  g_assert_cmpint (jn_seal_convert (WORLD_VFS, world->path, world->key, NULL, NULL), ==,
                   JN_SEAL_BUSY);
  seal_must (other, "COMMIT");
  g_assert_cmpint (seal_int (other, "SELECT count(*) FROM t"), ==, 200);
  sqlite3_close (other);
  g_assert_cmpint (jn_seal_convert (WORLD_VFS, world->path, world->key, NULL, NULL), ==,
                   JN_SEAL_OK);
  db = seal_world_open (world);
  g_assert_cmpint (seal_int (db, "SELECT count(*) FROM t"), ==, 200);
  sqlite3_close (db);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name)                                                                                 \
  g_test_add ("/seal/edges/" #name, SealWorld, NULL, seal_world_set_up, test_##name,               \
              seal_world_tear_down)
  TEST (names);
  TEST (vfs);
  TEST (bare_vfs);
  TEST (symlink);
  TEST (settle);
  TEST (bent_birth);
  TEST (lone_header);
  TEST (attach);
  TEST (strange_files);
  TEST (cut_plain);
  TEST (convert_busy);
#undef TEST
  return g_test_run ();
}
