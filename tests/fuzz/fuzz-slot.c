/* libFuzzer: the file that answers whether a key is the right one, and the answer itself. */
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"
#include "jn-seal-head.h"
#include "jn-seal-slot.h"

static JnSealHead kept;

static JnSealStatus
load_head (void *ctx, const uint8_t uuid[16], JnSealHead *out)
{
  *out = kept;
  return kept.seq == 0 ? JN_SEAL_NOT_FOUND : JN_SEAL_OK;
}

static JnSealStatus
store_head (void *ctx, const uint8_t uuid[16], const JnSealHead *head)
{
  kept = *head;
  return JN_SEAL_OK;
}

static const JnSealHeads HEADS = { load_head, store_head, NULL };

/* What is decoded is encoded the same; what is not whole is not believed. */
static void
try_slot (const uint8_t *data, size_t size)
{
  uint8_t key[32] = { 0 }, other[32], file[JN_SEAL_SLOT_SIZE];
  JnSealSlot slot, again;
  size_t bit = ((size_t) data[0] * 256 + data[1]) % (JN_SEAL_SLOT_SIZE * 8);

  if (jn_seal_slot_decode (data, size, &slot) == JN_SEAL_OK)
    {
      jn_seal_slot_encode (&slot, file);
      MUST (size == sizeof file && memcmp (file, data, size) == 0);
    }
  memcpy (key, data, size < 32 ? size : 32);
  jn_seal_slot_make_for (&slot, data, key);
  slot.generation += data[2];
  jn_seal_slot_encode (&slot, file);
  MUST (jn_seal_slot_decode (file, sizeof file, &again) == JN_SEAL_OK);
  MUST (memcmp (&again, &slot, sizeof slot) == 0);
  MUST (jn_seal_slot_check (&again, key) == JN_SEAL_OK);
  memcpy (other, key, 32);
  other[bit / 8 % 32] ^= (uint8_t) (1u << (bit % 8));
  MUST (jn_seal_slot_check (&again, other) == JN_SEAL_KEY_WRONG);
  file[bit / 8] ^= (uint8_t) (1u << (bit % 8));
  MUST (jn_seal_slot_decode (file, sizeof file, &again) == JN_SEAL_SLOT_DAMAGED);
  MUST (jn_seal_slot_decode (file, data[3], &again) == JN_SEAL_SLOT_DAMAGED);
}

/* A head outside never goes back. */
static void
try_heads (const uint8_t *data, size_t size)
{
  uint64_t highest = 0;

  memset (&kept, 0, sizeof kept);
  for (size_t i = 0; i < size; i++)
    {
      JnSealHead head = { .seq = data[i] / 4, .hash = { data[i] % 4 } };
      bool same = kept.seq == head.seq && memcmp (kept.hash, head.hash, 32) == 0;
      JnSealStatus status = jn_seal_head_keep (&HEADS, data, &head);

      MUST (kept.seq >= highest);
      MUST (status == JN_SEAL_OK || kept.seq >= head.seq);
      MUST (!same || status == JN_SEAL_OK);
      highest = kept.seq;
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size < 16)
    return 0;
  try_slot (data, size);
  try_heads (data, size);
  return 0;
}
