/* The write-ahead log. SQLite writes a frame in two pieces and computes a checksum over plaintext; on the disk a frame is one
 * write of a sealed page with a masked checksum. */
#include "jn-seal-private.h"

#include <sodium.h>
#include <string.h>

#define NOWHERE ((sqlite3_int64) -1)

static uint32_t
page_number (const uint8_t *header)
{
  return (uint32_t) header[0] << 24 | (uint32_t) header[1] << 16 | (uint32_t) header[2] << 8
         | header[3];
}

static int
write_real (JnSealFile *f, const void *data, int n, sqlite3_int64 at)
{
  if (f->unsynced == NOWHERE || at < f->unsynced)
    f->unsynced = at;
  return f->real->pMethods->xWrite (f->real, data, n, at);
}

static int
write_frame (JnSealFile *f, sqlite3_int64 at, const uint8_t *header, const uint8_t *page)
{
  uint8_t sealed[SEAL_FRAME];

  jn_seal_frame_close (f->entry->keys, f->entry->uuid, at, jn_seal_nonce (f), header, page, sealed);
  f->seen_at = NOWHERE;
  return write_real (f, sealed, SEAL_FRAME, at);
}

/* Opens the frame into scratch. */
static int
read_frame (JnSealFile *f, sqlite3_int64 at)
{
  int rc = f->real->pMethods->xRead (f->real, f->scratch, SEAL_FRAME, at);
  uint32_t number = page_number (f->scratch);

  if (rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ)
    return rc;
  if (rc == SQLITE_OK && jn_seal_frame_open (f->entry->keys, f->entry->uuid, at, f->scratch))
    return SQLITE_OK;
  memset (f->scratch, 0, SEAL_FRAME);
  return jn_seal_note_damage (f, rc == SQLITE_OK ? number : 0, true, at);
}

/* A header whose page did not follow was computed anew over a page that stays: the whole frame gets a new nonce, because two values
 * masked by one nonce would tell their difference. */
static int
flush (JnSealFile *f)
{
  sqlite3_int64 at = f->held_at;
  int rc;

  if (at == NOWHERE)
    return SQLITE_OK;
  f->held_at = NOWHERE;
  rc = read_frame (f, at);
  if (rc == SQLITE_OK)
    rc = write_frame (f, at, f->held, f->scratch + SEAL_FRAME_HEADER);
  return rc;
}

/* While SQLite recovers, a frame that does not authenticate is the end of the log, not an error: every power cut leaves one. */
static int
read_whole (JnSealFile *f, void *data, sqlite3_int64 at)
{
  int rc = f->real->pMethods->xRead (f->real, data, SEAL_FRAME, at);

  f->seen_at = NOWHERE;
  if (rc != SQLITE_OK)
    {
      memset (data, 0, SEAL_FRAME);
      return rc;
    }
  if (jn_seal_frame_open (f->entry->keys, f->entry->uuid, at, data))
    {
      memcpy (f->seen, data, SEAL_FRAME);
      f->seen_at = at;
    }
  return SQLITE_OK;
}

static int
wal_read (sqlite3_file *file, void *data, int n, sqlite3_int64 offset)
{
  JnSealFile *f = jn_seal_file (file);
  sqlite3_int64 within = (offset - SEAL_WAL_HEADER) % SEAL_FRAME;
  int rc = flush (f);

  if (rc != SQLITE_OK)
    return rc;
  if (offset + n <= SEAL_WAL_HEADER)
    return f->real->pMethods->xRead (f->real, data, n, offset);
  if (offset < SEAL_WAL_HEADER || within + n > SEAL_FRAME)
    return SQLITE_IOERR_READ;
  if (n == SEAL_FRAME)
    return read_whole (f, data, offset);
  rc = read_frame (f, offset - within);
  memcpy (data, f->scratch + within, (size_t) n);
  return rc;
}

static int
write_header (JnSealFile *f, const uint8_t *header, sqlite3_int64 at)
{
  int rc = flush (f);

  if (rc != SQLITE_OK)
    return rc;
  /* Right after the whole frame was read: SQLite computes checksums anew, and no page will come. */
  if (f->seen_at == at)
    return write_frame (f, at, header, f->seen + SEAL_FRAME_HEADER);
  f->held_at = at;
  memcpy (f->held, header, SEAL_FRAME_HEADER);
  return SQLITE_OK;
}

static int
write_page (JnSealFile *f, const uint8_t *page, sqlite3_int64 at)
{
  const uint8_t *header = f->held;
  int rc;

  if (f->held_at == at)
    f->held_at = NOWHERE;
  else
    {
      /* A page that changes again in its transaction goes under the header that it has. */
      rc = flush (f);
      if (rc == SQLITE_OK)
        rc = read_frame (f, at);
      if (rc != SQLITE_OK)
        return rc;
      header = f->scratch;
    }
  if (!jn_seal_page_is_ours (page_number (header), page))
    return SQLITE_IOERR_WRITE;
  return write_frame (f, at, header, page);
}

static int
wal_write (sqlite3_file *file, const void *data, int n, sqlite3_int64 offset)
{
  JnSealFile *f = jn_seal_file (file);
  sqlite3_int64 within = (offset - SEAL_WAL_HEADER) % SEAL_FRAME;
  int rc;

  if (offset == 0 && n == SEAL_WAL_HEADER)
    {
      rc = flush (f);
      f->seen_at = NOWHERE;
      return rc == SQLITE_OK ? write_real (f, data, n, offset) : rc;
    }
  if (offset >= SEAL_WAL_HEADER && within == 0 && n == SEAL_FRAME_HEADER)
    return write_header (f, data, offset);
  if (offset >= SEAL_WAL_HEADER && within == SEAL_FRAME_HEADER && n == SEAL_PAGE)
    return write_page (f, data, offset - within);
  return SQLITE_IOERR_WRITE;
}

static int
wal_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  JnSealFile *f = jn_seal_file (file);
  int rc = flush (f);

  f->seen_at = NOWHERE;
  return rc == SQLITE_OK ? f->real->pMethods->xTruncate (f->real, size) : rc;
}

/* What a sync failed for is not on the disk, even when a later sync says so: the system may have dropped it. Only what is written over
 * it helps. */
static void
note_sync (JnSealFile *f, bool good)
{
  sqlite3_int64 doubt = jn_seal_get_doubt (f);

  if (f->unsynced == NOWHERE)
    return;
  if (good && doubt != NOWHERE && f->unsynced <= doubt)
    jn_seal_set_doubt (f, NOWHERE);
  else if (!good && (doubt == NOWHERE || f->unsynced < doubt))
    jn_seal_set_doubt (f, f->unsynced);
  f->unsynced = NOWHERE;
}

static int
wal_sync (sqlite3_file *file, int flags)
{
  JnSealFile *f = jn_seal_file (file);
  int rc = flush (f);

  if (rc != SQLITE_OK)
    return rc;
  rc = f->real->pMethods->xSync (f->real, flags);
  note_sync (f, rc == SQLITE_OK);
  return rc;
}

static int
wal_size (sqlite3_file *file, sqlite3_int64 *size)
{
  JnSealFile *f = jn_seal_file (file);
  int rc = flush (f);

  return rc == SQLITE_OK ? f->real->pMethods->xFileSize (f->real, size) : rc;
}

static int
wal_close (sqlite3_file *file)
{
  JnSealFile *f = jn_seal_file (file);
  int flushed = flush (f);
  int rc = jn_seal_real_close (file);

  return flushed == SQLITE_OK ? rc : flushed;
}

static int
wal_control (sqlite3_file *file, int op, void *arg)
{
  JnSealFile *f = jn_seal_file (file);

  if (op == SQLITE_FCNTL_CHUNK_SIZE)
    return SQLITE_NOTFOUND;
  return f->real->pMethods->xFileControl (f->real, op, arg);
}

const sqlite3_io_methods jn_seal_wal_methods = {
  .iVersion = 1,
  .xClose = wal_close,
  .xRead = wal_read,
  .xWrite = wal_write,
  .xTruncate = wal_truncate,
  .xSync = wal_sync,
  .xFileSize = wal_size,
  .xLock = jn_seal_real_lock,
  .xUnlock = jn_seal_real_unlock,
  .xCheckReservedLock = jn_seal_real_check_lock,
  .xFileControl = wal_control,
  .xSectorSize = jn_seal_real_sector,
  .xDeviceCharacteristics = jn_seal_characteristics,
};
