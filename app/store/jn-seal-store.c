#include "jn-seal-store.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jn-seal-disk.h"
#include "jn-seal-private.h"
#include "jn-seal-slot.h"

typedef enum
{
  FILE_NONE, /* missing or empty */
  FILE_PLAIN,
  FILE_OTHER, /* sealed, as far as one can see */
} FileKind;

/* Reads page 1, or as much of it as there is; the rest becomes zeros. */
static JnSealStatus
read_first (const char *path, uint8_t page[SEAL_PAGE], FileKind *kind)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  ssize_t n;

  memset (page, 0, SEAL_PAGE);
  *kind = FILE_NONE;
  if (fd < 0)
    return errno == ENOENT ? JN_SEAL_OK : jn_seal_status_from_errno (errno);
  n = pread (fd, page, SEAL_PAGE, 0);
  close (fd);
  if (n < 0)
    return JN_SEAL_IO;
  if (n >= 16 && memcmp (page, "SQLite format 3", 16) == 0)
    *kind = FILE_PLAIN;
  else if (!jn_seal_is_zero (page, SEAL_PAGE))
    *kind = FILE_OTHER;
  return JN_SEAL_OK;
}

/* No slot is whole: the database itself says whether the key is right, and which uuid it has. */
static JnSealStatus
mend_slot (JnSealSlot *slot, uint8_t page[SEAL_PAGE], const uint8_t key[32])
{
  JnSealKeys *keys = jn_seal_keys_new (key);
  uint8_t uuid[JN_SEAL_UUID_SIZE];
  bool opens;

  if (keys == NULL)
    return JN_SEAL_NO_MEMORY;
  memcpy (uuid, page, sizeof uuid);
  opens = jn_seal_page_open (keys, uuid, 1, page);
  sodium_memzero (page, SEAL_PAGE);
  jn_seal_keys_free (keys);
  if (!opens)
    return JN_SEAL_SLOT_DAMAGED;
  jn_seal_slot_make_for (slot, uuid, key);
  return JN_SEAL_OK;
}

static JnSealStatus
find_slot (const char *path, const uint8_t key[32], JnSealSlot *slot)
{
  uint8_t page[SEAL_PAGE];
  FileKind kind;
  JnSealStatus status = jn_seal_slot_read (path, slot);
  JnSealStatus mended;

  if (status == JN_SEAL_OK)
    return jn_seal_slot_check (slot, key);
  if (status == JN_SEAL_NO_MEMORY)
    return status;
  mended = read_first (path, page, &kind);
  if (mended == JN_SEAL_OK && kind == FILE_OTHER)
    mended = mend_slot (slot, page, key);
  else if (mended == JN_SEAL_OK && status == JN_SEAL_SLOT_DAMAGED && kind == FILE_NONE)
    mended = JN_SEAL_SLOT_DAMAGED;
  else if (mended == JN_SEAL_OK)
    jn_seal_slot_make (slot, key);
  return mended == JN_SEAL_OK ? jn_seal_slot_write (path, slot) : mended;
}

JnSealStatus
jn_seal_prepare (const char *vfs, const char *path, const uint8_t key[32])
{
  uint8_t page[SEAL_PAGE];
  JnSealSlot slot;
  FileKind kind;
  JnSealStatus status;

  if (sodium_init () < 0)
    return JN_SEAL_NO_MEMORY;
  status = jn_seal_vfs_check_open (vfs, path, key);
  if (status != JN_SEAL_NOT_FOUND)
    return status;
  status = read_first (path, page, &kind);
  if (status == JN_SEAL_OK && kind == FILE_PLAIN)
    status = JN_SEAL_PLAIN;
  if (status == JN_SEAL_OK)
    status = find_slot (path, key, &slot);
  return status == JN_SEAL_OK ? jn_seal_vfs_add_key (vfs, path, slot.uuid, key) : status;
}

/* ---- conversion ---- */

typedef struct
{
  const char *path;
  char *aside;
  sqlite3 *db; /* holds the plain file exclusively */
  int from, to;
  uint64_t n_pages;
  const uint8_t *uuid;
  JnSealFile *sealing; /* for its nonces */
  JnSealKeys *keys;
  JnSealProgress progress;
  void *ctx;
} Conversion;

static JnSealStatus
status_from_sqlite (int rc)
{
  switch (rc & 0xff)
    {
    case SQLITE_OK:
      return JN_SEAL_OK;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return JN_SEAL_BUSY;
    case SQLITE_NOMEM:
      return JN_SEAL_NO_MEMORY;
    case SQLITE_FULL:
      return JN_SEAL_DISK_FULL;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return JN_SEAL_READ_ONLY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return JN_SEAL_PAGE_DAMAGED;
    default:
      /* The side file of the log could not grow. */
      return rc == SQLITE_IOERR_SHMSIZE ? JN_SEAL_DISK_FULL : JN_SEAL_IO;
    }
}

static JnSealStatus
check_soundness (sqlite3 *db)
{
  sqlite3_stmt *stmt = NULL;
  int rc = sqlite3_prepare_v2 (db, "PRAGMA integrity_check(1)", -1, &stmt, NULL);
  JnSealStatus status;

  if (rc == SQLITE_OK)
    rc = sqlite3_step (stmt);
  status = status_from_sqlite (rc == SQLITE_ROW ? SQLITE_OK : rc);
  if (rc == SQLITE_ROW && strcmp ((const char *) sqlite3_column_text (stmt, 0), "ok") != 0)
    status = JN_SEAL_PAGE_DAMAGED;
  sqlite3_finalize (stmt);
  return status;
}

/* Brings the plain file into the shape that can be sealed page by page, with SQLite's own means and therefore all or nothing: no
 * log, 4,096-byte pages, 40 reserve bytes. Then holds it. */
static JnSealStatus
shape_plain (Conversion *c)
{
  int reserve = JN_SEAL_RESERVE;
  int rc = sqlite3_open_v2 (c->path, &c->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE, "unix");
  JnSealStatus status;

  if (rc == SQLITE_OK)
    rc = sqlite3_exec (c->db,
                       "PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON; PRAGMA synchronous=FULL;"
                       "PRAGMA journal_mode=DELETE",
                       NULL, NULL, NULL);
  status = rc == SQLITE_OK ? check_soundness (c->db) : status_from_sqlite (rc);
  if (status != JN_SEAL_OK)
    return status;
  /* In this order: the pragma sets the reserve back to zero. */
  rc = sqlite3_exec (c->db, "PRAGMA page_size=4096", NULL, NULL, NULL);
  if (rc == SQLITE_OK)
    rc = sqlite3_file_control (c->db, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserve);
  if (rc == SQLITE_OK)
    rc = sqlite3_exec (c->db, "VACUUM; PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE", NULL, NULL,
                       NULL);
  return status_from_sqlite (rc);
}

static JnSealStatus
read_plain (const Conversion *c, uint64_t number, uint8_t page[SEAL_PAGE])
{
  int result = jn_seal_read_all (c->from, page, SEAL_PAGE, (long long) (number - 1) * SEAL_PAGE);

  if (result != 0)
    return jn_seal_status_from_errno (result);
  if (number == 1)
    page[18] = page[19] = 2; /* WAL from now on */
  if (number == (uint64_t) (SEAL_LOCK_BYTE / SEAL_PAGE) + 1)
    memset (page, 0, SEAL_PAGE);
  return jn_seal_page_is_ours ((uint32_t) number, page) ? JN_SEAL_OK : JN_SEAL_PAGE_DAMAGED;
}

static bool
is_lock_page (uint64_t number)
{
  return number == (uint64_t) (SEAL_LOCK_BYTE / SEAL_PAGE) + 1;
}

static JnSealStatus
write_sealed (Conversion *c, uint64_t number, const uint8_t page[SEAL_PAGE])
{
  uint8_t sealed[SEAL_PAGE] = { 0 };

  if (!is_lock_page (number))
    jn_seal_page_close (c->keys, c->uuid, (uint32_t) number, jn_seal_nonce (c->sealing), page,
                        sealed);
  return jn_seal_status_from_errno (
      jn_seal_write_all (c->to, sealed, SEAL_PAGE, (long long) (number - 1) * SEAL_PAGE));
}

static JnSealStatus
compare_sealed (Conversion *c, uint64_t number, const uint8_t page[SEAL_PAGE])
{
  uint8_t sealed[SEAL_PAGE];
  int result = jn_seal_read_all (c->to, sealed, SEAL_PAGE, (long long) (number - 1) * SEAL_PAGE);

  if (result != 0)
    return jn_seal_status_from_errno (result);
  if (!is_lock_page (number) && !jn_seal_page_open (c->keys, c->uuid, (uint32_t) number, sealed))
    return JN_SEAL_IO;
  return memcmp (sealed, page, SEAL_PAGE) == 0 ? JN_SEAL_OK : JN_SEAL_IO;
}

/* One pass writes, the other reads back. */
static JnSealStatus
pass (Conversion *c, bool check)
{
  JnSealStatus status = JN_SEAL_OK;

  for (uint64_t number = 1; status == JN_SEAL_OK && number <= c->n_pages; number++)
    {
      uint8_t page[SEAL_PAGE];

      status = read_plain (c, number, page);
      if (status == JN_SEAL_OK)
        status = check ? compare_sealed (c, number, page) : write_sealed (c, number, page);
      sodium_memzero (page, sizeof page);
      if (status == JN_SEAL_OK && c->progress != NULL
          && !c->progress (c->ctx, (check ? c->n_pages : 0) + number, 2 * c->n_pages))
        status = JN_SEAL_BUSY;
    }
  return status;
}

static JnSealStatus
open_files (Conversion *c)
{
  off_t size;

  c->from = open (c->path, O_RDONLY | O_CLOEXEC);
  c->to = open (c->aside, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  size = c->from < 0 ? -1 : lseek (c->from, 0, SEEK_END);
  if (c->to < 0 || size < 0)
    return jn_seal_status_from_errno (errno);
  if (size == 0 || size % SEAL_PAGE != 0)
    return JN_SEAL_PAGE_DAMAGED;
  c->n_pages = (uint64_t) size / SEAL_PAGE;
  return JN_SEAL_OK;
}

static JnSealStatus
write_aside (Conversion *c)
{
  JnSealStatus status = open_files (c);

  if (status == JN_SEAL_OK)
    status = pass (c, false);
  if (status == JN_SEAL_OK && fsync (c->to) != 0)
    status = JN_SEAL_SYNC_FAILED;
  if (status == JN_SEAL_OK)
    status = pass (c, true);
  if (status == JN_SEAL_OK && rename (c->aside, c->path) != 0)
    status = jn_seal_status_from_errno (errno);
  return status == JN_SEAL_OK ? jn_seal_sync_folder_of (c->path) : status;
}

static JnSealStatus
convert (Conversion *c, const uint8_t key[32])
{
  JnSealStatus status = shape_plain (c);

  c->aside = jn_seal_name (c->path, ".sealing");
  c->keys = jn_seal_keys_new (key);
  c->sealing = calloc (1, sizeof *c->sealing);
  if (c->aside == NULL || c->keys == NULL || c->sealing == NULL)
    status = JN_SEAL_NO_MEMORY;
  if (status == JN_SEAL_OK)
    status = write_aside (c);
  if (c->to >= 0)
    close (c->to);
  if (status != JN_SEAL_OK && c->aside != NULL)
    unlink (c->aside);
  /* Closing any descriptor of a file drops the locks that SQLite holds on it, so this one goes last. */
  sqlite3_close (c->db);
  if (c->from >= 0)
    close (c->from);
  jn_seal_keys_free (c->keys);
  free (c->sealing);
  free (c->aside);
  return status;
}

JnSealStatus
jn_seal_convert (const char *vfs, const char *path, const uint8_t key[32], JnSealProgress progress,
                 void *ctx)
{
  Conversion c = { .path = path, .from = -1, .to = -1, .progress = progress, .ctx = ctx };
  uint8_t page[SEAL_PAGE];
  JnSealSlot slot;
  FileKind kind;
  JnSealStatus status;

  if (sodium_init () < 0)
    return JN_SEAL_NO_MEMORY;
  status = read_first (path, page, &kind);
  if (status != JN_SEAL_OK || kind != FILE_PLAIN)
    return status != JN_SEAL_OK ? status : jn_seal_prepare (vfs, path, key);
  /* The slot comes first: the moment that the sealed file has the name, it can be opened. */
  status = find_slot (path, key, &slot);
  c.uuid = slot.uuid;
  if (status == JN_SEAL_OK)
    status = convert (&c, key);
  return status == JN_SEAL_OK ? jn_seal_vfs_add_key (vfs, path, slot.uuid, key) : status;
}
