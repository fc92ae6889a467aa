/* The steps before a sealed database is opened: which answer the file gives to a key, and the one conversion of a database from
 * before. Real files only (the VFS's base must be a unix one). Any thread; one process at a time. */
#ifndef JN_SEAL_STORE_H
#define JN_SEAL_STORE_H

#include <stdint.h>

#include "jn-seal-status.h"

/* Checks @key against the slot beside @path, makes the slot for a new database, and gives the key to the VFS @vfs. After OK the
 * database is opened with sqlite3_open_v2() and @vfs. Again while it is open: fine. Answers:
 *  OK
 *  KEY_WRONG     the slot belongs to another key; nothing was touched
 *  SLOT_DAMAGED  no slot is whole and the database does not open with @key either; with the right key the slot is mended
 *  PLAIN         the database is from before: jn_seal_convert()
 *  DISK_FULL, READ_ONLY, IO, NO_MEMORY
 * A damaged page shows later, when it is read: jn_seal_vfs_get_fault() tells which. */
JnSealStatus jn_seal_prepare (const char *vfs, const char *path, const uint8_t key[32]);

/* Called with pages done and pages to do; false stops with JN_SEAL_BUSY and leaves the plain database as it was. */
typedef int (*JnSealProgress) (void *ctx, uint64_t done, uint64_t total);

/* Replaces the plain database at @path by a sealed one with the same content. Done already: OK at once. May be cut off at any
 * moment, by the power too: then the file is either the plain or the sealed one, whole, and the next call ends the work. The sealed
 * file is written aside, read back and compared page by page before it takes the name. What the disk keeps of the blocks of the old
 * file cannot be reached from here.
 * Nothing in this process may have the plain file open. Errors: BUSY (another process has), KEY_WRONG, PAGE_DAMAGED (the plain one is not sound), DISK_FULL, READ_ONLY, IO. */
JnSealStatus jn_seal_convert (const char *vfs, const char *path, const uint8_t key[32],
                              JnSealProgress progress, void *ctx);

#endif
