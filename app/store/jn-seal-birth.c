/* How a sealed file comes into being: in WAL mode at once, so that a rollback journal is never needed, and so that a power cut in
 * the middle is told apart from damage. A copy of page 1 is made durable one page further on, then page 1 itself, then the copy
 * is cut off. */
#include "jn-seal-private.h"

#include <string.h>

typedef enum
{
  BORN,
  UNBORN,
  HALF_BORN, /* the copy is there, page 1 may not be */
} Birth;

static int
read_at (JnSealFile *f, sqlite3_int64 offset, bool *whole)
{
  int rc = f->real->pMethods->xRead (f->real, f->scratch, SEAL_PAGE, offset);

  *whole = rc == SQLITE_OK;
  return rc == SQLITE_IOERR_SHORT_READ ? SQLITE_OK : rc;
}

/* Reads as little as it can: a grown file is born. */
static int
look (JnSealFile *f, bool wal_exists, Birth *out)
{
  const JnSealEntry *e = f->entry;
  sqlite3_int64 size = 0;
  bool whole = false, zero;
  int rc = f->real->pMethods->xFileSize (f->real, &size);

  *out = BORN;
  if (rc != SQLITE_OK || size > 2 * SEAL_PAGE || wal_exists)
    return rc;
  rc = read_at (f, 0, &whole);
  /* With a short read the base fills up with zeros. */
  zero = jn_seal_is_zero (f->scratch, SEAL_PAGE);
  if (rc != SQLITE_OK || (whole && jn_seal_page_open (e->keys, e->uuid, 1, f->scratch)))
    return rc;
  rc = read_at (f, SEAL_PAGE, &whole);
  if (rc != SQLITE_OK)
    return rc;
  if (whole && jn_seal_page_open (e->keys, e->uuid, 0, f->scratch))
    *out = HALF_BORN;
  else if (zero)
    *out = UNBORN;
  return SQLITE_OK;
}

static int
write_first (JnSealFile *f, uint32_t number, sqlite3_int64 offset)
{
  uint8_t page[SEAL_PAGE];
  int rc;

  jn_seal_first_page (page);
  jn_seal_page_close (f->entry->keys, f->entry->uuid, number, jn_seal_nonce (f), page, f->scratch);
  rc = f->real->pMethods->xWrite (f->real, f->scratch, SEAL_PAGE, offset);
  return rc == SQLITE_OK ? f->real->pMethods->xSync (f->real, SQLITE_SYNC_NORMAL) : rc;
}

static int
give_birth (JnSealFile *f, bool wal_exists)
{
  Birth birth;
  int rc = look (f, wal_exists, &birth);

  if (rc != SQLITE_OK || birth == BORN)
    return rc;
  if (birth == UNBORN)
    {
      rc = f->real->pMethods->xTruncate (f->real, 0);
      if (rc == SQLITE_OK)
        rc = write_first (f, 0, SEAL_PAGE);
    }
  if (rc == SQLITE_OK)
    rc = write_first (f, 1, 0);
  if (rc == SQLITE_OK)
    rc = f->real->pMethods->xTruncate (f->real, SEAL_PAGE);
  return rc == SQLITE_OK ? f->real->pMethods->xSync (f->real, SQLITE_SYNC_NORMAL) : rc;
}

int
jn_seal_birth (JnSealFile *f, bool wal_exists)
{
  Birth birth;
  int rc = look (f, wal_exists, &birth);

  if (rc != SQLITE_OK || birth == BORN)
    return rc;
  rc = f->real->pMethods->xLock (f->real, SQLITE_LOCK_SHARED);
  if (rc == SQLITE_OK)
    rc = f->real->pMethods->xLock (f->real, SQLITE_LOCK_EXCLUSIVE);
  /* Somebody else may have been first. */
  if (rc == SQLITE_OK)
    rc = give_birth (f, wal_exists);
  f->real->pMethods->xUnlock (f->real, SQLITE_LOCK_NONE);
  return rc;
}
