/* The main database file: whole pages only, each sealed under its number. */
#include "jn-seal-private.h"

#include <sodium.h>
#include <string.h>

int
jn_seal_real_lock (sqlite3_file *file, int level)
{
  sqlite3_file *real = jn_seal_file (file)->real;

  return real->pMethods->xLock (real, level);
}

int
jn_seal_real_unlock (sqlite3_file *file, int level)
{
  sqlite3_file *real = jn_seal_file (file)->real;

  return real->pMethods->xUnlock (real, level);
}

int
jn_seal_real_check_lock (sqlite3_file *file, int *out)
{
  sqlite3_file *real = jn_seal_file (file)->real;

  return real->pMethods->xCheckReservedLock (real, out);
}

int
jn_seal_real_sector (sqlite3_file *file)
{
  sqlite3_file *real = jn_seal_file (file)->real;

  return real->pMethods->xSectorSize (real);
}

/* Atomic writes of the device are of no use to pages that are sealed as a whole; a promise about them would be untrue. */
int
jn_seal_characteristics (sqlite3_file *file)
{
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* SQLite has its own view of what a short read means: a page that is only partly there is damage, and so is one beyond the end,
 * because in WAL mode SQLite asks the file only for pages that it holds. */
static int
read_page (JnSealFile *f, uint32_t number, uint8_t *page)
{
  sqlite3_int64 offset = (sqlite3_int64) (number - 1) * SEAL_PAGE;
  int rc = f->real->pMethods->xRead (f->real, page, SEAL_PAGE, offset);

  if (rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ)
    return rc;
  if (rc == SQLITE_OK && offset == SEAL_LOCK_BYTE && jn_seal_is_zero (page, SEAL_PAGE))
    return SQLITE_OK;
  if (rc == SQLITE_OK && jn_seal_page_open (f->entry->keys, f->entry->uuid, number, page))
    return SQLITE_OK;
  memset (page, 0, SEAL_PAGE);
  return jn_seal_note_damage (f, number, false, offset);
}

static int
main_read (sqlite3_file *file, void *data, int n, sqlite3_int64 offset)
{
  JnSealFile *f = jn_seal_file (file);
  uint32_t number = (uint32_t) (offset / SEAL_PAGE) + 1;
  int within = (int) (offset % SEAL_PAGE);
  int rc;

  if (within == 0 && n == SEAL_PAGE)
    return read_page (f, number, data);
  if (within + n > SEAL_PAGE)
    return SQLITE_IOERR_READ;
  rc = read_page (f, number, f->scratch);
  memcpy (data, f->scratch + within, (size_t) n);
  sodium_memzero (f->scratch, SEAL_PAGE);
  /* The look at the header while opening: page 1 may be torn and whole in the log. */
  if (rc == SQLITE_IOERR_DATA && offset == 0)
    return SQLITE_IOERR_SHORT_READ;
  return rc;
}

static int
main_write (sqlite3_file *file, const void *data, int n, sqlite3_int64 offset)
{
  JnSealFile *f = jn_seal_file (file);
  uint32_t number = (uint32_t) (offset / SEAL_PAGE) + 1;

  if (n != SEAL_PAGE || offset % SEAL_PAGE != 0 || !jn_seal_page_is_ours (number, data))
    return SQLITE_IOERR_WRITE;
  if (offset == SEAL_LOCK_BYTE)
    return jn_seal_is_zero (data, SEAL_PAGE) ? f->real->pMethods->xWrite (f->real, data, n, offset)
                                             : SQLITE_IOERR_WRITE;
  jn_seal_page_close (f->entry->keys, f->entry->uuid, number, jn_seal_nonce (f), data, f->scratch);
  return f->real->pMethods->xWrite (f->real, f->scratch, n, offset);
}

static int
main_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  JnSealFile *f = jn_seal_file (file);

  if (size % SEAL_PAGE != 0 || size == 0)
    return SQLITE_IOERR_TRUNCATE;
  return f->real->pMethods->xTruncate (f->real, size);
}

static int
main_sync (sqlite3_file *file, int flags)
{
  JnSealFile *f = jn_seal_file (file);

  return f->real->pMethods->xSync (f->real, flags);
}

static int
main_size (sqlite3_file *file, sqlite3_int64 *size)
{
  JnSealFile *f = jn_seal_file (file);

  return f->real->pMethods->xFileSize (f->real, size);
}

static int
check_key (JnSealFile *f, const uint8_t *key)
{
  JnSealKeys *keys = jn_seal_keys_new (key);
  int rc = SQLITE_NOMEM;

  if (keys != NULL)
    rc = sodium_memcmp (keys, f->entry->keys, sizeof *keys) == 0 ? SQLITE_OK : SQLITE_AUTH;
  jn_seal_keys_free (keys);
  return rc;
}

static int
main_control (sqlite3_file *file, int op, void *arg)
{
  JnSealFile *f = jn_seal_file (file);
  char **words = arg;

  switch (op)
    {
    case JN_SEAL_FCNTL_CHECK:
      return check_key (f, arg);
    case SQLITE_FCNTL_PRAGMA:
      /* Swallowed: the size of a page is not a choice. */
      if (sqlite3_stricmp (words[1], "page_size") == 0 && words[2] != NULL)
        return SQLITE_OK;
      break;
    case SQLITE_FCNTL_MMAP_SIZE:
      *(sqlite3_int64 *) arg = 0;
      return SQLITE_OK;
    case SQLITE_FCNTL_CHUNK_SIZE:
    case SQLITE_FCNTL_BEGIN_ATOMIC_WRITE:
    case SQLITE_FCNTL_COMMIT_ATOMIC_WRITE:
    case SQLITE_FCNTL_ROLLBACK_ATOMIC_WRITE:
      return SQLITE_NOTFOUND;
    default:
      break;
    }
  return f->real->pMethods->xFileControl (f->real, op, arg);
}

static int
main_shm_map (sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
  sqlite3_file *real = jn_seal_file (file)->real;

  return real->pMethods->xShmMap (real, region, size, extend, out);
}

static int
main_shm_lock (sqlite3_file *file, int offset, int n, int flags)
{
  sqlite3_file *real = jn_seal_file (file)->real;

  return real->pMethods->xShmLock (real, offset, n, flags);
}

static void
main_shm_barrier (sqlite3_file *file)
{
  sqlite3_file *real = jn_seal_file (file)->real;

  real->pMethods->xShmBarrier (real);
}

static int
main_shm_unmap (sqlite3_file *file, int delete)
{
  sqlite3_file *real = jn_seal_file (file)->real;

  return real->pMethods->xShmUnmap (real, delete);
}

/* Version 2: without xFetch there is no memory map. */
const sqlite3_io_methods jn_seal_main_methods = {
  .iVersion = 2,
  .xClose = jn_seal_real_close,
  .xRead = main_read,
  .xWrite = main_write,
  .xTruncate = main_truncate,
  .xSync = main_sync,
  .xFileSize = main_size,
  .xLock = jn_seal_real_lock,
  .xUnlock = jn_seal_real_unlock,
  .xCheckReservedLock = jn_seal_real_check_lock,
  .xFileControl = main_control,
  .xSectorSize = jn_seal_real_sector,
  .xDeviceCharacteristics = jn_seal_characteristics,
  .xShmMap = main_shm_map,
  .xShmLock = main_shm_lock,
  .xShmBarrier = main_shm_barrier,
  .xShmUnmap = main_shm_unmap,
};
