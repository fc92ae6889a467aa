/* A SQLite VFS that seals every page with XChaCha20-Poly1305 and stands on another VFS. Plain C: SQLite and libsodium.
 *
 * A sealed file is 4,096-byte pages with 40 reserve bytes (tag, nonce), in WAL mode from its first byte to its last: it is born
 * so, and every way to another mode, another page size, a temporary file, a rollback journal or a memory map is closed. Pages are
 * bound to the file, to their number and, in the log, to their generation and place. The database key is given before the file
 * is opened, because SQLite reads while it opens.
 *
 * Not hidden: sizes of files, times of commits, which pages change. Not noticed by a page cipher: an older copy of the whole file.
 * The ledger notices it, by its head kept elsewhere (jn-ledger.h). Files attached to one connection do not commit together:
 * jn_seal_connect() refuses ATTACH. */
#ifndef JN_SEAL_VFS_H
#define JN_SEAL_VFS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "jn-seal-status.h"

#define JN_SEAL_PAGE_SIZE 4096
#define JN_SEAL_RESERVE 40
#define JN_SEAL_KEY_SIZE 32
#define JN_SEAL_UUID_SIZE 16

/* What did not authenticate last in a file, or why it was refused. */
typedef struct
{
  JnSealStatus status; /* PAGE_DAMAGED, PLAIN; OK when there was nothing */
  uint32_t page;       /* number of the page, from 1; in the log 0 when it is not known */
  bool in_wal;
  uint64_t offset; /* in the file named by in_wal */
  uint64_t count;  /* how many since the key was added */
} JnSealFault;

/* Registers the VFS @name on @base (NULL: "unix-excl", which keeps the WAL index in heap memory and shuts other processes out).
 * Again with the same name: fine. Any thread. Returns a SQLite code. */
int jn_seal_vfs_register (const char *name, const char *base);

/* Whether @name (nullable) is a VFS that seals. */
bool jn_seal_vfs_is_sealing (const char *name);

/* Removes the VFS and all its keys. No connection may use it any more. */
void jn_seal_vfs_unregister (const char *name);

/* Says which key opens @path, before it is opened. The key is copied into guarded memory as sub-keys. For a path that has
 * one already the new key counts from the next open on. Any thread. */
JnSealStatus jn_seal_vfs_add_key (const char *name, const char *path,
                                  const uint8_t uuid[JN_SEAL_UUID_SIZE],
                                  const uint8_t key[JN_SEAL_KEY_SIZE]);

/* Open connections go on; the sub-keys are wiped when the last one closes. */
void jn_seal_vfs_remove_key (const char *name, const char *path);

/* False when @path has no key. */
bool jn_seal_vfs_get_fault (const char *name, const char *path, JnSealFault *out);

/* Makes a connection keep to what a sealed file can do: temporary data in memory, no memory map, no ATTACH but VACUUM's own.
 * SQLITE_NOTFOUND when its main file is not sealed. @key (nullable): SQLITE_AUTH when the file was opened with another. */
int jn_seal_connect (sqlite3 *db, const uint8_t *key);

/* Makes durable what the log holds, for a connection that found one: when a process died between writing and syncing, SQLite recovers
 * commits that only the system's cache has. After a failed sync the system may take for clean what never reached the disk, so what a
 * sync failed for in this process is written once more, byte by byte (sealed files only; for plain ones it only syncs). Nothing to do
 * without a log. Returns a SQLite code: BUSY when another process is writing. */
int jn_seal_settle (sqlite3 *db);

#endif
