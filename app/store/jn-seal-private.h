/* Shared by the files of the sealing VFS; nobody else includes it. */
#ifndef JN_SEAL_PRIVATE_H
#define JN_SEAL_PRIVATE_H

#include "jn-seal-vfs.h"

#include <pthread.h>
#include <sys/types.h>

#define SEAL_PAGE JN_SEAL_PAGE_SIZE
#define SEAL_BODY (SEAL_PAGE - JN_SEAL_RESERVE)
#define SEAL_NONCE 24
#define SEAL_TAG 16
#define SEAL_WAL_HEADER 32
#define SEAL_FRAME_HEADER 24
#define SEAL_FRAME (SEAL_FRAME_HEADER + SEAL_PAGE)
#define SEAL_LOCK_BYTE ((sqlite3_int64) 1 << 30)
#define SEAL_NONCES 32

/* Lives in guarded memory. */
typedef struct
{
  uint8_t page[32], wal[32], mask[32], check[32];
} JnSealKeys;

typedef struct JnSealEntry JnSealEntry;
struct JnSealEntry
{
  JnSealEntry *next; /* in the ring; NULL once removed */
  char *path;
  int n_users; /* open files, and the ring */
  uint8_t uuid[JN_SEAL_UUID_SIZE];
  JnSealKeys *keys;
  JnSealFault fault;
  sqlite3_int64 doubt; /* a sync failed for the log from here on; −1: for nothing */
};

typedef struct
{
  sqlite3_vfs vfs;
  sqlite3_vfs *base;
  pthread_mutex_t lock; /* guards the ring, counts and faults */
  JnSealEntry *ring;
} JnSealVfs;

typedef struct
{
  sqlite3_file file;
  JnSealVfs *vfs;
  JnSealEntry *entry;
  sqlite3_file *real;
  pid_t owner; /* of the nonces */
  unsigned n_nonces;
  uint8_t nonces[SEAL_NONCES][SEAL_NONCE];
  /* The log: a frame header that waits for its page, and the frame that was read last. */
  sqlite3_int64 held_at, seen_at;
  sqlite3_int64 unsynced; /* lowest place written since the last sync; −1: none */
  uint8_t held[SEAL_FRAME_HEADER];
  uint8_t seen[SEAL_FRAME];
  uint8_t scratch[SEAL_FRAME];
} JnSealFile;

extern const sqlite3_io_methods jn_seal_main_methods;
extern const sqlite3_io_methods jn_seal_wal_methods;

/* ---- pages ---- */

JnSealKeys *jn_seal_keys_new (const uint8_t key[JN_SEAL_KEY_SIZE]); /* NULL: no memory */
void jn_seal_keys_free (JnSealKeys *keys);

/* 24 fresh random bytes. */
const uint8_t *jn_seal_nonce (JnSealFile *f);

/* @plain ends in 40 zero bytes; @out may not overlap it. */
void jn_seal_page_close (const JnSealKeys *keys, const uint8_t *uuid, uint32_t number,
                         const uint8_t *nonce, const uint8_t *plain, uint8_t *out);
/* In place; the 40 bytes become zero. False leaves the page all zeros. */
bool jn_seal_page_open (const JnSealKeys *keys, const uint8_t *uuid, uint32_t number,
                        uint8_t *page);

/* A frame is its 24-byte header and its page; @offset is its place in the log. */
void jn_seal_frame_close (const JnSealKeys *keys, const uint8_t *uuid, sqlite3_int64 offset,
                          const uint8_t *nonce, const uint8_t *header, const uint8_t *plain,
                          uint8_t *out);
bool jn_seal_frame_open (const JnSealKeys *keys, const uint8_t *uuid, sqlite3_int64 offset,
                         uint8_t *frame);

/* Whether a page may be sealed: its tail is zero, and page 1 says what sealed files say. */
bool jn_seal_page_is_ours (uint32_t number, const uint8_t *page);
bool jn_seal_is_zero (const uint8_t *data, size_t length);
/* Page 1 of an empty sealed database. */
void jn_seal_first_page (uint8_t page[SEAL_PAGE]);

/* ---- files ---- */

static inline JnSealFile *
jn_seal_file (sqlite3_file *file)
{
  return (JnSealFile *) (void *) file;
}

/* Keeps and logs what did not authenticate; returns SQLITE_IOERR_DATA. */
int jn_seal_note_damage (JnSealFile *f, uint32_t page, bool in_wal, sqlite3_int64 offset);

/* From where on the log has to be written again, −1 for nowhere. */
sqlite3_int64 jn_seal_get_doubt (JnSealFile *f);
void jn_seal_set_doubt (JnSealFile *f, sqlite3_int64 doubt);

/* For a file that is open in this process, whose locks a look at it from outside would drop: OK or KEY_WRONG. NOT_FOUND when it is
 * not open. */
JnSealStatus jn_seal_vfs_check_open (const char *name, const char *path, const uint8_t *key);

/* Gives a new file its first page, or ends a birth that was cut off. @wal_exists: there is a log with content. */
int jn_seal_birth (JnSealFile *f, bool wal_exists);

/* Passed on by both kinds of file. */
int jn_seal_real_lock (sqlite3_file *file, int level);
int jn_seal_real_unlock (sqlite3_file *file, int level);
int jn_seal_real_check_lock (sqlite3_file *file, int *out);
int jn_seal_real_sector (sqlite3_file *file);
int jn_seal_characteristics (sqlite3_file *file);
int jn_seal_real_close (sqlite3_file *file);

#define JN_SEAL_FCNTL_CHECK                                                                        \
  0x4a4e5301 /* const uint8_t *: SQLITE_AUTH unless it is this file's key */

#endif
