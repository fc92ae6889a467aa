/* libFuzzer: everything that is made of bytes without a file: records and their proofs, blocks of entries, folded texts and queries,
 * the reference of an exchange. */
#include <sodium.h>
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"
#include "jn-ledger-private.h"

/* Any bytes for a proof: never believed, never read beyond its end. */
static void
try_proof (const uint8_t *data, size_t size)
{
  jn_proof proof = { { 0 } };
  jn_link links[4] = { { 0 } };
  jn_head head = { 0 };

  memcpy (&proof, data, size < sizeof proof ? size : sizeof proof);
  if (size > sizeof proof)
    memcpy (links, data + sizeof proof,
            size - sizeof proof < sizeof links ? size - sizeof proof : sizeof links);
  head.seq = proof.seq + 4;
  MUST (jn_verify_proof (&proof, links, 4, &head) == JN_CHAIN_BROKEN);
}

/* A commit of records made of the input, proven by hand: holds, and not with one bit changed anywhere. */
static void
try_commit (const uint8_t *data, size_t size)
{
  uint8_t leaves[2][32], bytes[129] = { 0 }, root[32];
  jn_proof proof = { .n = 2, .seq = 7, .n_path = 1, .index = data[0] & 1 };
  jn_head head = { .seq = 7 };
  size_t bit;

  memcpy (proof.record, data, size < 128 ? size : 128);
  jn_write_number (proof.record + 80, 12345, 8);
  proof.recorded_us = 12345;
  memcpy (bytes + 1, proof.record, 128);
  crypto_generichash (leaves[proof.index], 32, bytes, sizeof bytes, NULL, 0);
  memset (bytes, 0, sizeof bytes);
  crypto_generichash (leaves[proof.index ^ 1], 32, bytes, sizeof bytes, NULL, 0);
  memcpy (proof.path[0], leaves[proof.index ^ 1], 32);
  jn_chain_root (leaves, 2, root);
  jn_chain_commit (proof.previous, 7, 12345, 2, root, head.hash);
  MUST (jn_verify_proof (&proof, NULL, 0, &head) == JN_OK);
  bit = ((size_t) data[size - 1] * 256 + data[size / 2]) % (128 * 8);
  proof.record[bit / 8] ^= (uint8_t) (1u << (bit % 8));
  MUST (jn_verify_proof (&proof, NULL, 0, &head) == JN_CHAIN_BROKEN);
}

/* A block that is read is written the same again. */
static void
try_block (const uint8_t *data, size_t size)
{
  static jn_entry entries[JN_BLOCK_ENTRIES];
  jn_block block = { .account = 1 };
  size_t n = 0;

  if (!jn_block_read (data, size, 1, entries, &n))
    return;
  MUST (n <= JN_BLOCK_ENTRIES);
  for (size_t i = 0; i < size && i < 60; i++)
    {
      jn_entry e = { .no = i == 0 ? 1 : block.last.no + 1 + data[i],
                     .amount = (int64_t) data[i] * (data[size - 1 - i] & 1 ? -1 : 1),
                     .value_date = 20260101 + data[i] % 28,
                     .code = data[i] };

      if (!jn_block_append (&block, &e))
        break;
      if (i == 0)
        block.first_no = e.no;
    }
  MUST (jn_block_read (block.data, block.size, block.first_no, entries, &n));
  MUST (n == block.n && entries[n - 1].after == block.last.after
        && entries[n - 1].no == block.last.no);
}

static void
try_text (const uint8_t *data, size_t size)
{
  char text[301] = { 0 }, folded[300], query[2 * 300 + 6], again[300];
  size_t n, tokens;

  memcpy (text, data, size < 300 ? size : 300);
  n = jn_search_fold (text, strlen (text), folded);
  MUST (n <= strlen (text));
  MUST (jn_search_fold (folded, n, again) <= n);
  tokens = jn_search_query (folded, n, query);
  MUST (tokens <= n && strlen (query) < sizeof query);
  MUST (jn_search_contains (text, folded, n));
  MUST (jn_text_is_good (text, 300) || size > 0);
}

static void
try_exchange (const uint8_t *data, size_t size)
{
  char text[80] = { 0 };
  int64_t num = 0, den = 0;
  int32_t spread = 0;
  jn_exchange e = { .id = { { 1 } },
                    .from = { { 2 } },
                    .from_liquidity = { { 3 } },
                    .to = { { 4 } },
                    .to_liquidity = { { 5 } },
                    .spread_account = { { 6 } },
                    .from_currency = 156,
                    .to_currency = 840,
                    .value_date = 20260101 };
  jn_exchange_legs legs;

  memcpy (text, data, size < sizeof text - 1 ? size : sizeof text - 1);
  if (jn_exchange_read (text, &num, &den, &spread))
    MUST (num > 0 && den > 0 && spread >= 0);
  memcpy (&e.sell, data, size < 8 ? size : 8);
  e.rate_num = (int64_t) jn_read_number (data, 4);
  e.rate_den = 1 + data[size - 1];
  e.spread_ppm = data[0] * 5000;
  if (jn_exchange_make (&e, &legs) != JN_OK)
    return;
  MUST (legs.gross > 0 && legs.spread >= 0 && legs.spread <= legs.gross);
  MUST (jn_exchange_read (legs.reference, &num, &den, &spread));
  MUST (num == e.rate_num && den == e.rate_den && spread == e.spread_ppm);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size < 8)
    return 0;
  try_proof (data, size);
  try_commit (data, size);
  try_block (data, size);
  try_text (data, size);
  try_exchange (data, size);
  return 0;
}
