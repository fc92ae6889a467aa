#include "jn-ledger-private.h"

#include <string.h>

/* A block: the balance before it (8 bytes), then per entry the distance in numbers, the amount, the distance in dates and the code,
 * each as a little-endian base-128 number, the signed ones with the sign in the lowest bit. */

#define ENTRY_MAX 28u /* bytes of the largest entry: 10 + 10 + 5 + 3 */

static uint8_t *
put (uint8_t *at, uint64_t value)
{
  while (value > 0x7f)
    {
      *at++ = (uint8_t) (value | 0x80);
      value >>= 7;
    }
  *at++ = (uint8_t) value;
  return at;
}

static uint8_t *
put_signed (uint8_t *at, int64_t value)
{
  return put (at, ((uint64_t) value << 1) ^ (uint64_t) (value >> 63));
}

typedef struct
{
  const uint8_t *at, *end;
  bool bad;
} reader;

static uint64_t
take (reader *r)
{
  uint64_t value = 0;

  for (unsigned shift = 0; shift < 64 && r->at < r->end; shift += 7)
    {
      uint8_t byte = *r->at++;

      value |= (uint64_t) (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0)
        return value;
    }
  r->bad = true;
  return 0;
}

static int64_t
take_signed (reader *r)
{
  uint64_t value = take (r);

  return (int64_t) (value >> 1) ^ -(int64_t) (value & 1);
}

uint64_t
jn_read_number (const uint8_t *bytes, int n)
{
  uint64_t value = 0;

  for (int i = 0; i < n; i++)
    value = value << 8 | bytes[i];
  return value;
}

void
jn_write_number (uint8_t *bytes, uint64_t value, int n)
{
  for (int i = 0; i < n; i++)
    bytes[i] = (uint8_t) (value >> (8 * (n - 1 - i)));
}

bool
jn_block_append (jn_block *block, jn_entry *entry)
{
  uint8_t *at;

  if (block->n == JN_BLOCK_ENTRIES || block->size + ENTRY_MAX > JN_BLOCK_BYTES)
    return false;
  if (block->n == 0)
    {
      block->first_no = block->last.no = entry->no;
      block->last.value_date = 0;
      jn_write_number (block->data, (uint64_t) block->last.after, 8);
      block->size = 8;
    }
  at = put (block->data + block->size, entry->no - block->last.no);
  at = put_signed (at, entry->amount);
  at = put_signed (at, (int64_t) entry->value_date - block->last.value_date);
  at = put (at, entry->code);
  block->size = (size_t) (at - block->data);
  entry->after = (int64_t) ((uint64_t) block->last.after + (uint64_t) entry->amount);
  block->last = *entry;
  block->n++;
  block->dirty = true;
  return true;
}

bool
jn_block_read (const uint8_t *data, size_t size, uint64_t first_no, jn_entry *entries, size_t *n)
{
  reader r = { data + 8, data + size, data == NULL || size < 8 };
  jn_entry e = { .no = first_no };

  *n = 0;
  if (r.bad)
    return false;
  e.after = (int64_t) jn_read_number (data, 8);
  while (r.at < r.end && *n < JN_BLOCK_ENTRIES)
    {
      e.no += take (&r);
      e.amount = take_signed (&r);
      e.value_date = (int32_t) ((uint64_t) (int64_t) e.value_date + (uint64_t) take_signed (&r));
      e.code = (uint16_t) take (&r);
      e.after = (int64_t) ((uint64_t) e.after + (uint64_t) e.amount);
      entries[(*n)++] = e;
    }
  return !r.bad && r.at == r.end;
}
