/* Slots and the conversion of a plain database work on real files, below any VFS: each of their system calls fails, once and for ever, with
 * each kind of error, and is done by half; the same for what SQLite's own VFS does meanwhile. The file is the plain or the sealed one, whole; the
 * key is answered rightly; the same call works afterwards. Linked with --wrap. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "jn-seal-slot.h"
#include "jn-seal-store.h"
#include "jn-seal-vfs.h"

#define VFS "jn-seal-files"
#define ROWS 60
#define CANARY "canary-of-the-memo"

typedef enum
{
  CALL_OPEN = 1 << 0,
  CALL_READ = 1 << 1,
  CALL_WRITE = 1 << 2,
  CALL_SYNC = 1 << 3,
  CALL_RENAME = 1 << 4,
  CALL_SEEK = 1 << 5,
  CALL_MEMORY = 1 << 6,
} Kind;

static struct
{
  gboolean armed, once, half;
  unsigned kinds;
  guint count, fail_at, met;
  int error;
} plan;

static gboolean
must_fail (Kind kind)
{
  gboolean fails;

  if (!plan.armed || (plan.kinds & kind) == 0)
    return FALSE;
  plan.count++;
  fails = plan.once ? plan.count == plan.fail_at : plan.count >= plan.fail_at;
  plan.met += fails ? 1 : 0;
  if (fails)
    errno = plan.error;
  return fails;
}

/* ---- system calls of the sealed store, and of SQLite; by the names that they have where offsets are of 64 bits ---- */

int __real_open64 (const char *name, int flags, ...);
ssize_t __real_read (int fd, void *data, size_t n);
ssize_t __real_pread64 (int fd, void *data, size_t n, off_t offset);
ssize_t __real_pwrite64 (int fd, const void *data, size_t n, off_t offset);
int __real_fsync (int fd);
int __real_rename (const char *from, const char *to);
off_t __real_lseek64 (int fd, off_t offset, int whence);
void *__real_malloc (size_t size);
void *__real_calloc (size_t n, size_t size);
char *__real_strdup (const char *text);
void *__real_sodium_malloc (size_t size);
int __wrap_open64 (const char *name, int flags, ...);
ssize_t __wrap_read (int fd, void *data, size_t n);
ssize_t __wrap_pread64 (int fd, void *data, size_t n, off_t offset);
ssize_t __wrap_pwrite64 (int fd, const void *data, size_t n, off_t offset);
int __wrap_fsync (int fd);
int __wrap_rename (const char *from, const char *to);
off_t __wrap_lseek64 (int fd, off_t offset, int whence);
void *__wrap_malloc (size_t size);
void *__wrap_calloc (size_t n, size_t size);
char *__wrap_strdup (const char *text);
void *__wrap_sodium_malloc (size_t size);

int
__wrap_open64 (const char *name, int flags, ...)
{
  va_list rest;
  mode_t mode = 0;

  va_start (rest, flags);
  if ((flags & O_CREAT) != 0)
    mode = (mode_t) va_arg (rest, int);
  va_end (rest);
  return must_fail (CALL_OPEN) ? -1 : __real_open64 (name, flags, mode);
}

ssize_t
__wrap_read (int fd, void *data, size_t n)
{
  return must_fail (CALL_READ) ? -1 : __real_read (fd, data, n);
}

ssize_t
__wrap_pread64 (int fd, void *data, size_t n, off_t offset)
{
  if (must_fail (CALL_READ))
    return plan.half ? __real_pread64 (fd, data, n / 2, offset) : -1;
  return __real_pread64 (fd, data, n, offset);
}

ssize_t
__wrap_pwrite64 (int fd, const void *data, size_t n, off_t offset)
{
  if (must_fail (CALL_WRITE))
    return plan.half ? __real_pwrite64 (fd, data, n / 2, offset) : -1;
  return __real_pwrite64 (fd, data, n, offset);
}

int
__wrap_fsync (int fd)
{
  return must_fail (CALL_SYNC) ? -1 : __real_fsync (fd);
}

int
__wrap_rename (const char *from, const char *to)
{
  return must_fail (CALL_RENAME) ? -1 : __real_rename (from, to);
}

off_t
__wrap_lseek64 (int fd, off_t offset, int whence)
{
  return must_fail (CALL_SEEK) ? -1 : __real_lseek64 (fd, offset, whence);
}

void *
__wrap_malloc (size_t size)
{
  return must_fail (CALL_MEMORY) ? NULL : __real_malloc (size);
}

void *
__wrap_calloc (size_t n, size_t size)
{
  return must_fail (CALL_MEMORY) ? NULL : __real_calloc (n, size);
}

char *
__wrap_strdup (const char *text)
{
  return must_fail (CALL_MEMORY) ? NULL : __real_strdup (text);
}

void *
__wrap_sodium_malloc (size_t size)
{
  return must_fail (CALL_MEMORY) ? NULL : __real_sodium_malloc (size);
}

/* ---- the folder ---- */

typedef struct
{
  char *folder, *path;
  guint8 key[32], other[32];
} World;

static void
set_up (World *w)
{
  /* In memory where there is such a place. */
  w->folder = g_strdup ("/dev/shm/jn-files-XXXXXX");
  if (g_mkdtemp (w->folder) == NULL)
    {
      g_free (w->folder);
      w->folder = g_dir_make_tmp ("jn-files-XXXXXX", NULL);
    }
  w->path = g_build_filename (w->folder, "wallet.db", NULL);
  memset (w->key, 7, sizeof w->key);
  memset (w->other, 8, sizeof w->other);
  jn_seal_vfs_remove_key (VFS, w->path);
}

static void
tear_down (World *w)
{
  g_autoptr (GDir) dir = g_dir_open (w->folder, 0, NULL);
  const char *name;

  jn_seal_vfs_remove_key (VFS, w->path);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (w->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (w->folder);
  g_free (w->folder);
  g_free (w->path);
}

static void
make_plain (World *w)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (
      sqlite3_open_v2 (w->path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "unix"), ==, 0);
  g_assert_cmpint (
      sqlite3_exec (db,
                    "PRAGMA journal_mode=WAL; CREATE TABLE t (k INTEGER PRIMARY KEY, b);"
                    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c"
                    " WHERE x < 60) INSERT INTO t SELECT x, '" CANARY "' || x FROM c",
                    NULL, NULL, NULL),
      ==, 0);
  sqlite3_close (db);
}

static int
count_rows (sqlite3 *db)
{
  sqlite3_stmt *s = NULL;
  int n = -1;

  if (sqlite3_prepare_v2 (db, "SELECT count(*) FROM t WHERE b LIKE '" CANARY "%'", -1, &s, NULL)
          == 0
      && sqlite3_step (s) == SQLITE_ROW)
    n = sqlite3_column_int (s, 0);
  sqlite3_finalize (s);
  return n;
}

/* The rows through a VFS; −1 when it does not open. */
static int
look (const char *path, const char *vfs)
{
  sqlite3 *db = NULL;
  int n = -1;

  if (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, vfs) == SQLITE_OK)
    n = count_rows (db);
  sqlite3_close (db);
  return n;
}

/* ---- the calls ---- */

typedef struct
{
  const char *name;
  void (*prepare) (World *w);
  JnSealStatus (*run) (World *w);
  void (*check) (World *w); /* whatever the answer was */
} Step;

static JnSealStatus
run_convert (World *w)
{
  return jn_seal_convert (VFS, w->path, w->key, NULL, NULL);
}

static JnSealStatus
run_prepare (World *w)
{
  jn_seal_vfs_remove_key (VFS, w->path);
  return jn_seal_prepare (VFS, w->path, w->key);
}

/* Plain and whole, or sealed and whole. */
static void
check_convert (World *w)
{
  g_autofree char *start = NULL;
  gsize size = 0;

  g_assert_true (g_file_get_contents (w->path, &start, &size, NULL));
  g_assert_cmpuint (size, >, 4096);
  if (memcmp (start, "SQLite format 3", 16) == 0)
    g_assert_cmpint (look (w->path, "unix"), ==, ROWS);
  else
    {
      g_assert_cmpint (run_prepare (w), ==, JN_SEAL_OK);
      g_assert_cmpint (look (w->path, VFS), ==, ROWS);
      g_assert_null (memmem (start, size, CANARY, strlen (CANARY)));
    }
}

static void
prepare_nothing (World *w)
{
}

static void
prepare_sealed (World *w)
{
  make_plain (w);
  g_assert_cmpint (run_convert (w), ==, JN_SEAL_OK);
}

static void
prepare_no_slot (World *w)
{
  g_autofree char *slot = g_strconcat (w->path, JN_SEAL_SLOT_SUFFIX, NULL);
  g_autofree char *old = g_strconcat (w->path, JN_SEAL_SLOT_SUFFIX ".old", NULL);

  prepare_sealed (w);
  g_unlink (slot);
  g_unlink (old);
}

static JnSealStatus
run_slot_write (World *w)
{
  JnSealSlot slot;

  g_assert_cmpint (jn_seal_slot_read (w->path, &slot), ==, JN_SEAL_OK);
  slot.generation++;
  plan.armed = TRUE;
  return jn_seal_slot_write (w->path, &slot);
}

/* The key is answered rightly, whatever became of the slots. */
static void
check_sealed (World *w)
{
  jn_seal_vfs_remove_key (VFS, w->path);
  g_assert_cmpint (jn_seal_prepare (VFS, w->path, w->other), !=, JN_SEAL_OK);
  g_assert_cmpint (run_prepare (w), ==, JN_SEAL_OK);
  g_assert_cmpint (look (w->path, VFS), ==, ROWS);
}

static const Step STEPS[] = {
  { "new", prepare_nothing, run_prepare, prepare_nothing },
  { "prepare", prepare_sealed, run_prepare, check_sealed },
  { "lost-slot", prepare_no_slot, run_prepare, check_sealed },
  { "slot", prepare_sealed, run_slot_write, check_sealed },
  { "convert", make_plain, run_convert, check_convert },
};

typedef struct
{
  const char *name;
  unsigned kinds;
  int error;
  gboolean half;
} Way;

static const Way WAYS[] = {
  { "open", CALL_OPEN, EACCES, FALSE },      { "read", CALL_READ, EIO, FALSE },
  { "read-again", CALL_READ, EINTR, FALSE }, { "read-half", CALL_READ, 0, TRUE },
  { "write", CALL_WRITE, EIO, FALSE },       { "full", CALL_WRITE, ENOSPC, FALSE },
  { "quota", CALL_WRITE, EDQUOT, FALSE },    { "write-again", CALL_WRITE, EINTR, FALSE },
  { "write-half", CALL_WRITE, 0, TRUE },     { "sync", CALL_SYNC, EIO, FALSE },
  { "rename", CALL_RENAME, EROFS, FALSE },   { "seek", CALL_SEEK, EIO, FALSE },
  { "memory", CALL_MEMORY, ENOMEM, FALSE },
};

static gboolean
try_once (const Step *step, const Way *way, guint n, gboolean once)
{
  World w;
  JnSealStatus status;
  gboolean met;

  set_up (&w);
  step->prepare (&w);
  plan.kinds = way->kinds;
  plan.error = way->error;
  plan.half = way->half;
  plan.once = once;
  plan.fail_at = n;
  plan.count = plan.met = 0;
  plan.armed = step->run != run_slot_write;
  status = step->run (&w);
  plan.armed = FALSE;
  met = plan.met > 0;
  if (status != JN_SEAL_OK && !met)
    g_error ("%s: fails by itself (%d)", step->name, status);
  if (status == JN_SEAL_KEY_WRONG || status == JN_SEAL_INVALID)
    g_error ("%s %s %u: %d is not about the disk", step->name, way->name, n, status);
  if (way->kinds == CALL_MEMORY && status != JN_SEAL_OK && status != JN_SEAL_NO_MEMORY)
    g_error ("%s %s %u: %d without memory", step->name, way->name, n, status);
  if (way->error == ENOSPC && status != JN_SEAL_OK && status != JN_SEAL_DISK_FULL)
    g_error ("%s %s %u: %d on a full disk", step->name, way->name, n, status);
  plan.kinds = 0;
  step->check (&w);
  status = step->run (&w);
  plan.armed = FALSE;
  if (status != JN_SEAL_OK)
    g_error ("%s %s %u %d: does not work afterwards (%d)", step->name, way->name, n, once, status);
  step->check (&w);
  tear_down (&w);
  return met;
}

static void
test_step (gconstpointer data)
{
  guint n_met = 0;

  for (guint way = 0; way < G_N_ELEMENTS (WAYS); way++)
    for (int once = 0; once < 2; once++)
      {
        /* An interrupted call that is interrupted for ever is not one. */
        if (!once && (WAYS[way].error == EINTR || WAYS[way].half))
          continue;
        for (guint n = 1; try_once (data, &WAYS[way], n, once); n++)
          n_met++;
      }
  g_test_message ("%s: %u faults", ((const Step *) data)->name, n_met);
  g_assert_cmpuint (n_met, >, 5);
}

/* Without memory there is no VFS of that name; with it there is one. */
static void
test_register (void)
{
  plan.kinds = CALL_MEMORY;
  plan.once = TRUE;
  plan.fail_at = 1;
  plan.count = plan.met = 0;
  plan.armed = TRUE;
  g_assert_cmpint (jn_seal_vfs_register (VFS "-other", NULL), ==, SQLITE_NOMEM);
  plan.armed = FALSE;
  g_assert_false (jn_seal_vfs_is_sealing (VFS "-other"));
  g_assert_cmpint (jn_seal_vfs_register (VFS "-other", NULL), ==, SQLITE_OK);
  g_assert_true (jn_seal_vfs_is_sealing (VFS "-other"));
  jn_seal_vfs_unregister (VFS "-other");
}

static void
wrap_sqlite (void)
{
  static const struct
  {
    const char *name;
    sqlite3_syscall_ptr call;
  } calls[] = {
    { "open", (sqlite3_syscall_ptr) __wrap_open64 },
    { "read", (sqlite3_syscall_ptr) __wrap_read },
    { "pread", (sqlite3_syscall_ptr) __wrap_pread64 },
    { "pwrite", (sqlite3_syscall_ptr) __wrap_pwrite64 },
    { "pread64", (sqlite3_syscall_ptr) __wrap_pread64 },
    { "pwrite64", (sqlite3_syscall_ptr) __wrap_pwrite64 },
  };
  sqlite3_vfs *unix_vfs = sqlite3_vfs_find ("unix");

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    unix_vfs->xSetSystemCall (unix_vfs, calls[i].name, calls[i].call);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (jn_seal_vfs_register (VFS, NULL), ==, 0);
  wrap_sqlite ();
  g_test_add_func ("/files/register", test_register);
  for (guint i = 0; i < G_N_ELEMENTS (STEPS); i++)
    {
      g_autofree char *path = g_strconcat ("/files/", STEPS[i].name, NULL);

      g_test_add_data_func (path, &STEPS[i], test_step);
    }
  return g_test_run ();
}
