/* The small file beside a sealed database that answers "is this the right key?" without touching the data: a wrong key, a damaged
 * page and a damaged slot are three answers. It holds the file's uuid and a check value; neither helps to find the key. */
#ifndef JN_SEAL_SLOT_H
#define JN_SEAL_SLOT_H

#include <stdint.h>

#include "jn-seal-status.h"

#define JN_SEAL_SLOT_SUFFIX "-slot"
#define JN_SEAL_SLOT_SIZE 128

typedef struct
{
  uint8_t uuid[16];
  uint32_t generation; /* from 1, one more each time the slot is written anew */
  uint8_t check[32];
} JnSealSlot;

/* A slot with a fresh uuid for a new database. */
void jn_seal_slot_make (JnSealSlot *slot, const uint8_t key[32]);
/* The slot of a file whose uuid is known. */
void jn_seal_slot_make_for (JnSealSlot *slot, const uint8_t uuid[16], const uint8_t key[32]);

/* OK or KEY_WRONG. In constant time. */
JnSealStatus jn_seal_slot_check (const JnSealSlot *slot, const uint8_t key[32]);

/* Pure, for the file and for fuzzing. SLOT_DAMAGED unless every byte is as it was written. */
void jn_seal_slot_encode (const JnSealSlot *slot, uint8_t out[JN_SEAL_SLOT_SIZE]);
JnSealStatus jn_seal_slot_decode (const uint8_t *data, uint64_t length, JnSealSlot *out);

/* Two generations are kept, PATH-slot and PATH-slot.old, where PATH is the database. Written aside, synced, renamed, folder synced.
 * Errors: DISK_FULL, READ_ONLY, IO; the slot from before is then still there. */
JnSealStatus jn_seal_slot_write (const char *path, const JnSealSlot *slot);
/* The newest that is whole. NOT_FOUND when there is none at all, SLOT_DAMAGED when none is whole. */
JnSealStatus jn_seal_slot_read (const char *path, JnSealSlot *out);

#endif
