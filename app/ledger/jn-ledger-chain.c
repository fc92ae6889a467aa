#include "jn-ledger-private.h"

#include <sodium.h>
#include <string.h>

/* Big-endian fields one after the other. */
typedef struct
{
  uint8_t *at;
} writer;

static void
put (writer *w, uint64_t value, int bytes)
{
  for (int i = bytes - 1; i >= 0; i--)
    *w->at++ = (uint8_t) (value >> (8 * i));
}

static void
put_bytes (writer *w, const void *bytes, size_t n)
{
  memcpy (w->at, bytes, n);
  w->at += n;
}

static void
put_text (writer *w, const char *text)
{
  size_t n = text == NULL ? 0 : strlen (text);

  put (w, n, 2);
  if (n > 0)
    put_bytes (w, text, n);
}

static void
put_texts_hash (writer *w, const jn_record *r)
{
  uint8_t buffer[16 + 2 * (2 + JN_TEXT_MAX)];
  writer inner = { buffer };

  put (&inner, (uint64_t) r->occurred_us, 8);
  put (&inner, (uint64_t) r->timeout_us, 8);
  put_text (&inner, r->payee);
  put_text (&inner, r->memo);
  crypto_generichash (w->at, 16, buffer, (size_t) (inner.at - buffer), NULL, 0);
  w->at += 16;
}

static void
put_reference_hash (writer *w, const char *reference)
{
  if (reference != NULL && *reference != '\0')
    crypto_generichash (w->at, 16, (const uint8_t *) reference, strlen (reference), NULL, 0);
  else
    memset (w->at, 0, 16);
  w->at += 16;
}

/* The canonical 128 bytes. */
static void
write_record (uint8_t out[128], const jn_record *r, uint32_t currency, const jn_id *debit,
              const jn_id *credit)
{
  writer w = { out };

  put_bytes (&w, r->id.b, 16);
  put_bytes (&w, debit->b, 16);
  put_bytes (&w, credit->b, 16);
  put (&w, (uint64_t) r->amount, 8);
  put_bytes (&w, r->pending.b, 16);
  put (&w, (uint64_t) (int64_t) r->value_date, 8);
  put (&w, (uint64_t) r->recorded_us, 8);
  put (&w, currency, 4);
  put (&w, r->code, 2);
  put (&w, (uint64_t) (r->flags ^ (r->kind << 8)) & 0xffff, 2);
  put_texts_hash (&w, r);
  put_reference_hash (&w, r->reference);
}

void
jn_chain_record (const jn_record *record, uint8_t bytes[128])
{
  write_record (bytes, record, record->debit->info.currency, &record->debit->info.id,
                &record->credit->info.id);
}

void
jn_chain_leaf (const jn_record *record, uint8_t leaf[32])
{
  uint8_t bytes[129];

  bytes[0] = 0;
  jn_chain_record (record, bytes + 1);
  crypto_generichash (leaf, 32, bytes, sizeof bytes, NULL, 0);
}

void
jn_chain_digest (const jn_event *event, uint8_t digest[16])
{
  jn_record r = jn_record_from_event (event, NULL, NULL);
  uint8_t bytes[128];

  write_record (bytes, &r, event->currency, &event->debit, &event->credit);
  crypto_generichash (digest, 16, bytes, sizeof bytes, NULL, 0);
}

void
jn_chain_root (uint8_t (*leaves)[32], size_t n, uint8_t root[32])
{
  uint8_t bytes[65];

  bytes[0] = 1;
  while (n > 1)
    {
      for (size_t i = 0; i + 1 < n; i += 2)
        {
          memcpy (bytes + 1, leaves[i], 64);
          crypto_generichash (leaves[i / 2], 32, bytes, sizeof bytes, NULL, 0);
        }
      /* A leaf without a partner goes up as it is. */
      if (n % 2 == 1)
        memmove (leaves[n / 2], leaves[n - 1], 32);
      n = (n + 1) / 2;
    }
  memcpy (root, leaves[0], 32);
}

void
jn_chain_commit (const uint8_t previous[32], uint64_t seq, int64_t recorded_us, uint64_t n,
                 const uint8_t root[32], uint8_t hash[32])
{
  uint8_t bytes[1 + 32 + 24 + 32];
  writer w = { bytes };

  put (&w, 2, 1);
  put_bytes (&w, previous, 32);
  put (&w, seq, 8);
  put (&w, (uint64_t) recorded_us, 8);
  put (&w, n, 8);
  put_bytes (&w, root, 32);
  crypto_generichash (hash, 32, bytes, sizeof bytes, NULL, 0);
}

void
jn_chain_derive (const jn_id *from, char domain, uint64_t no, jn_id *out)
{
  uint8_t bytes[16 + 1 + 8];
  writer w = { bytes };
  jn_id id = *from;

  put_bytes (&w, from->b, 16);
  put (&w, (uint64_t) domain, 1);
  put (&w, no, 8);
  crypto_generichash (out->b, 16, bytes, sizeof bytes, NULL, 0);
  memcpy (out->b, id.b, 6);
}
