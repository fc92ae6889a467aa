/* Slots, conversion of a plain database, heads kept outside. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "jn-seal-slot.h"
#include "seal-world.h"

#define ROWS 400

static JnSealStatus
prepare (SealWorld *world, const guint8 *key)
{
  jn_seal_vfs_remove_key (WORLD_VFS, world->path);
  return jn_seal_prepare (WORLD_VFS, world->path, key);
}

static void
make_sealed (SealWorld *world)
{
  sqlite3 *db = seal_world_open (world);

  seal_world_fill (db, 20);
  sqlite3_close (db);
}

/* Wrong key, damaged page and damaged slot are three answers. */
static void
test_three_answers (SealWorld *world, gconstpointer data)
{
  g_autoptr (GByteArray) slot = NULL;
  g_autoptr (GByteArray) file = NULL;
  guint8 wrong[JN_SEAL_KEY_SIZE];
  sqlite3 *db;
  JnSealFault fault;

  make_sealed (world);
  for (guint i = 0; i < sizeof wrong; i++)
    {
      memcpy (wrong, world->key, sizeof wrong);
      wrong[i] ^= (guint8) (1u << (i % 8));
      g_assert_cmpint (prepare (world, wrong), ==, JN_SEAL_KEY_WRONG);
      g_assert_false (jn_seal_vfs_get_fault (WORLD_VFS, world->path, &fault));
    }
  g_assert_cmpint (prepare (world, world->key), ==, JN_SEAL_OK);
  db = seal_world_open (world);
  g_assert_cmpint (jn_seal_prepare (WORLD_VFS, world->path, wrong), ==, JN_SEAL_KEY_WRONG);
  g_assert_cmpint (jn_seal_prepare (WORLD_VFS, world->path, world->key), ==, JN_SEAL_OK);
  sqlite3_close (db);

  file = seal_world_load (world, "");
  file->data[JN_SEAL_PAGE_SIZE + 7] ^= 1;
  seal_world_save (world, "", file);
  g_assert_cmpint (prepare (world, world->key), ==, JN_SEAL_OK);
  db = seal_world_open (world);
  seal_exec (db, "PRAGMA integrity_check");
  g_assert_true (jn_seal_vfs_get_fault (WORLD_VFS, world->path, &fault));
  g_assert_cmpint (fault.status, ==, JN_SEAL_PAGE_DAMAGED);
  g_assert_cmpuint (fault.page, ==, 2);
  sqlite3_close (db);

  slot = seal_world_load (world, "-slot");
  slot->data[40] ^= 1;
  seal_world_save (world, "-slot", slot);
  seal_world_save (world, "-slot.old", slot);
  g_assert_cmpint (prepare (world, wrong), ==, JN_SEAL_SLOT_DAMAGED);
}

/* Any bit of a slot is noticed; the other generation answers; with the right key a lost slot is made anew. */
static void
test_slot (SealWorld *world, gconstpointer data)
{
  guint8 bytes[JN_SEAL_SLOT_SIZE], spoiled[JN_SEAL_SLOT_SIZE + 1];
  g_autofree char *name = NULL;
  g_autofree char *old = NULL;
  g_autoptr (GByteArray) junk = g_byte_array_new ();
  JnSealSlot slot, again;

  make_sealed (world);
  name = seal_world_name (world, "-slot");
  old = seal_world_name (world, "-slot.old");
  g_assert_cmpint (jn_seal_slot_read (world->path, &slot), ==, JN_SEAL_OK);
  jn_seal_slot_encode (&slot, bytes);
  for (guint bit = 0; bit < 8 * sizeof bytes; bit++)
    {
      memcpy (spoiled, bytes, sizeof bytes);
      spoiled[bit / 8] ^= (guint8) (1u << (bit % 8));
      g_assert_cmpint (jn_seal_slot_decode (spoiled, sizeof bytes, &again), ==,
                       JN_SEAL_SLOT_DAMAGED);
    }
  memcpy (spoiled, bytes, sizeof bytes);
  g_assert_cmpint (jn_seal_slot_decode (spoiled, sizeof bytes + 1, &again), ==,
                   JN_SEAL_SLOT_DAMAGED);
  g_assert_cmpint (jn_seal_slot_decode (spoiled, sizeof bytes - 1, &again), ==,
                   JN_SEAL_SLOT_DAMAGED);
  g_assert_cmpint (jn_seal_slot_decode (spoiled, sizeof bytes, &again), ==, JN_SEAL_OK);
  slot.generation++;
  g_assert_cmpint (jn_seal_slot_write (world->path, &slot), ==, JN_SEAL_OK);
  g_assert_cmpint (jn_seal_slot_read (world->path, &again), ==, JN_SEAL_OK);
  g_assert_cmpuint (again.generation, ==, slot.generation);
  g_byte_array_append (junk, bytes, 5);
  seal_world_save (world, "-slot", junk);
  g_assert_cmpint (jn_seal_slot_read (world->path, &again), ==, JN_SEAL_OK);
  g_assert_cmpuint (again.generation, ==, slot.generation - 1);
  g_assert_cmpint (prepare (world, world->key), ==, JN_SEAL_OK);
  g_unlink (old);
  g_assert_cmpint (jn_seal_slot_read (world->path, &again), ==, JN_SEAL_SLOT_DAMAGED);
  g_assert_cmpint (prepare (world, world->key), ==, JN_SEAL_OK);
  g_unlink (name);
  g_unlink (old);
  g_assert_cmpint (jn_seal_slot_read (world->path, &again), ==, JN_SEAL_NOT_FOUND);
  g_assert_cmpint (prepare (world, world->key), ==, JN_SEAL_OK);
  g_assert_cmpint (jn_seal_slot_read (world->path, &again), ==, JN_SEAL_OK);
  g_assert_cmpmem (again.uuid, 16, slot.uuid, 16);
}

static void
check_converted (SealWorld *world)
{
  sqlite3 *db = seal_world_open (world);
  g_autofree char *sound = seal_text (db, "PRAGMA integrity_check");
  g_autofree char *aside = seal_world_name (world, ".sealing");

  g_assert_cmpstr (sound, ==, "ok");
  g_assert_cmpint (seal_int (db, "SELECT count(*) FROM t"), ==, ROWS);
  g_assert_cmpint (seal_int (db, "SELECT count(*) FROM t INDEXED BY t_b WHERE b > ''"), ==, ROWS);
  g_assert_cmpint (seal_int (db, "PRAGMA user_version"), ==, 3);
  g_assert_cmpint (seal_int (db, "PRAGMA application_id"), ==, 77);
  g_assert_false (g_file_test (aside, G_FILE_TEST_EXISTS));
  g_assert_false (seal_world_leaks (world));
  seal_must (db, "INSERT INTO t VALUES (NULL, '" WORLD_CANARY "'); PRAGMA wal_checkpoint(FULL)");
  g_assert_false (seal_world_leaks (world));
  sqlite3_close (db);
}

static int
count_steps (void *ctx, uint64_t done, uint64_t total)
{
  uint64_t *last = ctx;

  g_assert_cmpuint (done, ==, *last + 1);
  g_assert_cmpuint (done, <=, total);
  *last = done;
  return 1;
}

/* A plain file is refused with a code of its own, untouched, and converted whatever its page size and mode. */
static void
test_convert (SealWorld *world, gconstpointer data)
{
  static const int sizes[] = { 512, 1024, 4096, 8192, 65536 };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *name = seal_world_name (world, "-slot");
      g_autofree char *old = seal_world_name (world, "-slot.old");
      static const guint8 uuid[16];
      sqlite3 *db = NULL;
      JnSealFault fault;
      uint64_t steps = 0;

      g_unlink (world->path);
      g_unlink (name);
      g_unlink (old);
      seal_world_make_plain (world, sizes[i / 2], i % 2 == 0 ? "DELETE" : "WAL", ROWS);
      g_assert_true (seal_world_leaks (world));
      g_assert_cmpint (prepare (world, world->key), ==, JN_SEAL_PLAIN);
      g_assert_cmpint (jn_seal_vfs_add_key (WORLD_VFS, world->path, uuid, world->key), ==,
                       JN_SEAL_OK);
      g_assert_cmpint (sqlite3_open_v2 (world->path, &db, SQLITE_OPEN_READWRITE, WORLD_VFS), ==,
                       SQLITE_NOTADB);
      sqlite3_close (db);
      g_assert_true (jn_seal_vfs_get_fault (WORLD_VFS, world->path, &fault));
      g_assert_cmpint (fault.status, ==, JN_SEAL_PLAIN);
      g_assert_cmpint (jn_seal_convert (WORLD_VFS, world->path, world->key, count_steps, &steps),
                       ==, JN_SEAL_OK);
      g_assert_cmpuint (steps, >, 10);
      check_converted (world);
      g_assert_cmpint (jn_seal_convert (WORLD_VFS, world->path, world->key, NULL, NULL), ==,
                       JN_SEAL_OK);
    }
}

static int
stop_at (void *ctx, uint64_t done, uint64_t total)
{
  return done != *(uint64_t *) ctx;
}

static void
check_plain (SealWorld *world)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (world->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (seal_int (db, "SELECT count(*) FROM t"), ==, ROWS);
  sqlite3_close (db);
}

/* The host may stop it, a reader holds it up, a damaged file is not carried over, the wrong key finds its slot. */
static void
test_convert_refused (SealWorld *world, gconstpointer data)
{
  g_autofree char *aside = seal_world_name (world, ".sealing");
  g_autoptr (GByteArray) bytes = NULL;
  guint8 wrong[JN_SEAL_KEY_SIZE] = { 0 };

  seal_world_make_plain (world, 4096, "WAL", ROWS);
  for (uint64_t step = 1; step < 60; step += 7)
    {
      g_assert_cmpint (jn_seal_convert (WORLD_VFS, world->path, world->key, stop_at, &step), ==,
                       JN_SEAL_BUSY);
      g_assert_false (g_file_test (aside, G_FILE_TEST_EXISTS));
      check_plain (world);
    }
  g_assert_cmpint (jn_seal_convert (WORLD_VFS, world->path, wrong, NULL, NULL), ==,
                   JN_SEAL_KEY_WRONG);
  check_plain (world);
  bytes = seal_world_load (world, "");
  memset (bytes->data + 3 * JN_SEAL_PAGE_SIZE, 0xff, 64);
  seal_world_save (world, "", bytes);
  g_assert_cmpint (jn_seal_convert (WORLD_VFS, world->path, world->key, NULL, NULL), ==,
                   JN_SEAL_PAGE_DAMAGED);
}

static int
die_at (void *ctx, uint64_t done, uint64_t total)
{
  if (done == *(uint64_t *) ctx)
    kill (getpid (), SIGKILL);
  return 1;
}

/* Runs the conversion in a child that dies: at page @step, or, when @step is 0, after @us microseconds. */
static gboolean
convert_and_die (SealWorld *world, uint64_t step, gulong us)
{
  pid_t child = fork ();
  int status = 0;

  if (child == 0)
    _exit (jn_seal_convert (WORLD_VFS, world->path, world->key, step > 0 ? die_at : NULL, &step)
                   == JN_SEAL_OK
               ? 0
               : 1);
  if (step == 0)
    {
      g_usleep (us);
      kill (child, SIGKILL);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status) || WEXITSTATUS (status) == 0);
  return WIFSIGNALED (status);
}

/* Killed at any moment, the file is one or the other, and the next run ends the work. */
static void
test_convert_killed (SealWorld *world, gconstpointer data)
{
  guint n_killed = 0, n_sealed = 0;

  for (guint round = 0; round < 70; round++)
    {
      uint64_t step = round < 40 ? 1 + round * 2 : 0;

      g_unlink (world->path);
      seal_world_make_plain (world, round % 2 == 0 ? 4096 : 1024, round % 3 == 0 ? "WAL" : "DELETE",
                             ROWS);
      n_killed += convert_and_die (world, step, (round - 40) * 400);
      switch (jn_seal_prepare (WORLD_VFS, world->path, world->key))
        {
        case JN_SEAL_OK:
          n_sealed++;
          break;
        case JN_SEAL_PLAIN:
          if (round % 2 == 0)
            check_plain (world);
          g_assert_cmpint (jn_seal_convert (WORLD_VFS, world->path, world->key, NULL, NULL), ==,
                           JN_SEAL_OK);
          break;
        default:
          g_assert_not_reached ();
        }
      check_converted (world);
      jn_seal_vfs_remove_key (WORLD_VFS, world->path);
    }
  g_test_message ("%u killed, %u of 70 were sealed by then", n_killed, n_sealed);
  g_assert_cmpuint (n_killed, >=, 30);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name)                                                                                 \
  g_test_add ("/seal/store/" #name, SealWorld, NULL, seal_world_set_up, test_##name,               \
              seal_world_tear_down)
  TEST (three_answers);
  TEST (slot);
  TEST (convert);
  TEST (convert_refused);
  TEST (convert_killed);
#undef TEST
  return g_test_run ();
}
