/* Memory that is wiped before it goes back, and memory that is not there. Linked with --wrap=free: every block that the allocator
 * gives back is looked at. */
#include <stdlib.h>
#include <string.h>

#include "jn-seal-memory.h"
#include "seal-world.h"

void __real_free (void *block);
void __wrap_free (void *block);

static gboolean watching;
static guint n_freed, n_dirty;
static int countdown = -1; /* allocations until one fails */

/* The block begins with its size and 16 bytes on its data. */
void
__wrap_free (void *block)
{
  if (watching && block != NULL)
    {
      int size;

      memcpy (&size, block, sizeof size);
      n_freed++;
      for (int i = 0; i < size; i++)
        if (((const guint8 *) block)[16 + i] != 0)
          {
            n_dirty++;
            break;
          }
    }
  __real_free (block);
}

static void *
scarce_malloc (int size)
{
  if (countdown >= 0 && countdown-- == 0)
    return NULL;
  return jn_seal_memory_methods ()->xMalloc (size);
}

static void *
scarce_realloc (void *block, int size)
{
  if (countdown >= 0 && countdown-- == 0)
    return NULL;
  return jn_seal_memory_methods ()->xRealloc (block, size);
}

static void
watched_free (void *block)
{
  watching = TRUE;
  jn_seal_memory_methods ()->xFree (block);
  watching = FALSE;
}

static void
test_wiped (SealWorld *world, gconstpointer data)
{
  gint64 before = jn_seal_memory_used ();
  sqlite3 *db = seal_world_open (world);

  /* Blocks of two allocators must not meet. */
  g_assert_cmpint (jn_seal_memory_install (), ==, SQLITE_MISUSE);
  n_freed = n_dirty = 0;
  seal_world_fill (db, 500);
  g_assert_cmpint (seal_int (db, "SELECT count(*) FROM t WHERE b LIKE '%canary%'"), ==, 500);
  g_assert_cmpint (jn_seal_memory_used (), >, before);
  sqlite3_close (db);
  g_test_message ("%u blocks", n_freed);
  g_assert_cmpuint (n_freed, >, 1000);
  g_assert_cmpuint (n_dirty, ==, 0);
}

static void
test_methods (void)
{
  const sqlite3_mem_methods *m = jn_seal_memory_methods ();
  guint8 *block = m->xMalloc (100);

  g_assert_cmpint (m->xSize (block), ==, 100);
  g_assert_cmpint ((gint64) ((guintptr) block % 16), ==, 0);
  memset (block, 7, 100);
  block = m->xRealloc (block, 1000);
  g_assert_cmpint (m->xSize (block), >=, 1000);
  for (int i = 0; i < 100; i++)
    g_assert_cmpint (block[i], ==, 7);
  block = m->xRealloc (block, 10);
  g_assert_cmpint (m->xSize (block), >=, 10);
  m->xFree (block);
  m->xFree (NULL);
  g_assert_cmpint (m->xSize (NULL), ==, 0);
  g_assert_cmpint (m->xRoundup (17), ==, 32);
}

/* Every allocation fails once: an error at most, never damage. */
static void
test_scarce (SealWorld *world, gconstpointer data)
{
  guint n_failed = 0;
  gint64 rows = 0;

  for (int n = 0; n < 3000; n += n < 300 ? 1 : 7)
    {
      sqlite3 *db = NULL;
      gint64 now;
      int rc;

      g_assert_cmpint (jn_seal_prepare (WORLD_VFS, world->path, world->key), ==, JN_SEAL_OK);
      countdown = n;
      rc =
          sqlite3_open_v2 (world->path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, WORLD_VFS);
      if (rc == SQLITE_OK)
        rc = jn_seal_connect (db, NULL);
      if (rc == SQLITE_OK)
        rc = seal_exec (db,
                        "CREATE TABLE IF NOT EXISTS t (k INTEGER PRIMARY KEY, b TEXT);"
                        "PRAGMA cache_size=5; BEGIN; INSERT INTO t VALUES (NULL, zeroblob(20000));"
                        "INSERT INTO t VALUES (NULL, 'x'); COMMIT");
      n_failed += rc != SQLITE_OK;
      countdown = -1;
      sqlite3_close (db);
      db = seal_world_open (world);
      seal_must (db, "CREATE TABLE IF NOT EXISTS t (k INTEGER PRIMARY KEY, b TEXT)");
      now = seal_int (db, "SELECT count(*) FROM t");
      g_assert_true (now == rows + 2 || (rc != SQLITE_OK && now == rows));
      rows = now;
      sqlite3_close (db);
    }
  g_test_message ("%u calls failed", n_failed);
  g_assert_cmpuint (n_failed, >, 100);
}

int
main (int argc, char *argv[])
{
  sqlite3_mem_methods methods = *jn_seal_memory_methods ();

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (jn_seal_memory_install (), ==, SQLITE_OK);
  methods.xMalloc = scarce_malloc;
  methods.xRealloc = scarce_realloc;
  methods.xFree = watched_free;
  g_assert_cmpint (sqlite3_config (SQLITE_CONFIG_MALLOC, &methods), ==, SQLITE_OK);
  g_test_add_func ("/seal/memory/methods", test_methods);
  g_test_add ("/seal/memory/wiped", SealWorld, NULL, seal_world_set_up, test_wiped,
              seal_world_tear_down);
  g_test_add ("/seal/memory/scarce", SealWorld, NULL, seal_world_set_up, test_scarce,
              seal_world_tear_down);
  return g_test_run ();
}
