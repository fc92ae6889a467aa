/* Answers of the sealed store. The numbers are those of base/jn-error.h; this part of the room needs no GLib. */
#ifndef JN_SEAL_STATUS_H
#define JN_SEAL_STATUS_H

typedef enum
{
  JN_SEAL_OK = 0,
  JN_SEAL_INVALID = 100,
  JN_SEAL_BUSY = 500,
  JN_SEAL_NO_MEMORY = 501,
  JN_SEAL_DISK_FULL = 502,
  JN_SEAL_READ_ONLY = 506,
  JN_SEAL_SYNC_FAILED = 600,
  JN_SEAL_PAGE_DAMAGED = 700,
  JN_SEAL_IO = 704,
  JN_SEAL_PLAIN = 710, /* a database from before, not sealed: convert it */
  JN_SEAL_KEY_WRONG = 900,
  JN_SEAL_KEY_MISSING = 901,
  JN_SEAL_SLOT_DAMAGED = 902,
  JN_SEAL_NOT_FOUND = 1100,
} JnSealStatus;

#endif
