/* libFuzzer: the file that answers whether a key is the right one, and the answer itself. */
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"
#include "jn-seal-slot.h"

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

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size < 16)
    return 0;
  try_slot (data, size);
  return 0;
}
