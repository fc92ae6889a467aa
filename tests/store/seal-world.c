#include "seal-world.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "jn-seal-slot.h"

void
seal_world_set_up (SealWorld *world, gconstpointer data)
{
  world->folder = g_dir_make_tmp ("jn-seal-XXXXXX", NULL);
  world->path = g_build_filename (world->folder, "sealed.db", NULL);
  for (guint i = 0; i < sizeof world->key; i++)
    world->key[i] = (guint8) (i * 7 + 1);
  g_assert_cmpint (jn_seal_vfs_register (WORLD_VFS, NULL), ==, SQLITE_OK);
}

void
seal_world_tear_down (SealWorld *world, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (world->folder, 0, NULL);
  const char *name;

  jn_seal_vfs_unregister (WORLD_VFS);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (world->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (world->folder);
  g_free (world->folder);
  g_free (world->path);
}

sqlite3 *
seal_world_open (SealWorld *world)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (jn_seal_prepare (WORLD_VFS, world->path, world->key), ==, JN_SEAL_OK);
  g_assert_cmpint (sqlite3_open_v2 (world->path, &db,
                                    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                        | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_URI,
                                    WORLD_VFS),
                   ==, SQLITE_OK);
  g_assert_cmpint (jn_seal_connect (db, world->key), ==, SQLITE_OK);
  return db;
}

int
seal_exec (sqlite3 *db, const char *sql)
{
  return sqlite3_exec (db, sql, NULL, NULL, NULL);
}

void
seal_must (sqlite3 *db, const char *sql)
{
  int rc = seal_exec (db, sql);

  if (rc != SQLITE_OK)
    g_error ("%s: %d %s", sql, rc, sqlite3_errmsg (db));
}

char *
seal_text (sqlite3 *db, const char *sql)
{
  sqlite3_stmt *stmt = NULL;
  char *text = NULL;

  if (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL) == SQLITE_OK
      && sqlite3_step (stmt) == SQLITE_ROW)
    text = g_strdup ((const char *) sqlite3_column_text (stmt, 0));
  sqlite3_finalize (stmt);
  return text;
}

gint64
seal_int (sqlite3 *db, const char *sql)
{
  g_autofree char *text = seal_text (db, sql);

  return text == NULL ? -1 : g_ascii_strtoll (text, NULL, 10);
}

void
seal_world_fill (sqlite3 *db, int rows)
{
  g_autofree char *sql = g_strdup_printf (
      "CREATE TABLE IF NOT EXISTS t (k INTEGER PRIMARY KEY, b TEXT);"
      "CREATE INDEX IF NOT EXISTS t_b ON t (b);"
      "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < %d)"
      " INSERT INTO t SELECT NULL, '" WORLD_CANARY " ' || x || hex(zeroblob(100)) FROM c",
      rows);

  seal_must (db, sql);
}

void
seal_world_make_plain (SealWorld *world, int page_size, const char *mode, int rows)
{
  g_autofree char *pragmas = g_strdup_printf ("PRAGMA page_size=%d; PRAGMA journal_mode=%s;"
                                              "PRAGMA user_version=3; PRAGMA application_id=77",
                                              page_size, mode);
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (world->path, &db), ==, SQLITE_OK);
  seal_must (db, pragmas);
  seal_world_fill (db, rows);
  sqlite3_close (db);
}

static gboolean
file_leaks (const char *path)
{
  g_autofree char *data = NULL;
  gsize length = 0;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR)
      || !g_file_get_contents (path, &data, &length, NULL))
    return FALSE;
  return memmem (data, length, WORLD_CANARY, strlen (WORLD_CANARY)) != NULL;
}

static gboolean
folder_leaks (const char *folder, const char *only_below)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  gboolean leaks = FALSE;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *target = g_file_read_link (path, NULL);

      /* The program itself holds the canary too. */
      if (only_below != NULL
          && (target == NULL
              || !(g_str_has_prefix (target, only_below) || strstr (target, "(deleted)") != NULL)))
        continue;
      if (file_leaks (path))
        {
          g_test_message ("%s holds the canary", path);
          leaks = TRUE;
        }
    }
  return leaks;
}

gboolean
seal_world_leaks (SealWorld *world)
{
  gboolean in_folder = folder_leaks (world->folder, NULL);

  return folder_leaks ("/proc/self/fd", g_get_tmp_dir ()) || in_folder;
}

char *
seal_world_name (SealWorld *world, const char *suffix)
{
  return g_strconcat (world->path, suffix, NULL);
}

GByteArray *
seal_world_load (SealWorld *world, const char *suffix)
{
  g_autofree char *name = seal_world_name (world, suffix);
  char *data = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (name, &data, &length, NULL));
  return g_byte_array_new_take ((guint8 *) data, length);
}

/* In place: the inode stays, as it does when a disk goes bad. */
void
seal_world_save (SealWorld *world, const char *suffix, const GByteArray *bytes)
{
  g_autofree char *name = seal_world_name (world, suffix);
  int fd = open (name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, bytes->data, bytes->len), ==, (gssize) bytes->len);
  close (fd);
}
