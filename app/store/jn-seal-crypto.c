#include "jn-seal-private.h"

#include <sodium.h>
#include <string.h>
#include <unistd.h>

#define DOMAIN_SIZE 16
#define PAGE_1_CLEAR 24 /* uuid and geometry, not encrypted */

static const uint8_t MAGIC[16] = "SQLite format 3";
/* Page size 4096, WAL read and write version, 40 reserve bytes, and three constants of the format. */
static const uint8_t GEOMETRY[8] = { 0x10, 0x00, 2, 2, JN_SEAL_RESERVE, 64, 32, 32 };
static const char PAGE_DOMAIN[DOMAIN_SIZE] = "jinnang page 1";
static const char WAL_DOMAIN[DOMAIN_SIZE] = "jinnang wal 1";

JnSealKeys *
jn_seal_keys_new (const uint8_t key[JN_SEAL_KEY_SIZE])
{
  static const char context[crypto_kdf_CONTEXTBYTES + 1] = "jn-seal1";
  JnSealKeys *keys = sodium_malloc (sizeof *keys);

  if (keys == NULL)
    return NULL;
  crypto_kdf_derive_from_key (keys->page, 32, 1, context, key);
  crypto_kdf_derive_from_key (keys->wal, 32, 2, context, key);
  crypto_kdf_derive_from_key (keys->mask, 32, 3, context, key);
  crypto_kdf_derive_from_key (keys->check, 32, 4, context, key);
  sodium_mprotect_readonly (keys);
  return keys;
}

void
jn_seal_keys_free (JnSealKeys *keys)
{
  sodium_free (keys);
}

const uint8_t *
jn_seal_nonce (JnSealFile *f)
{
  pid_t me = getpid ();

  /* A forked child must not draw what its parent draws. */
  if (f->n_nonces == 0 || f->owner != me)
    {
      randombytes_buf (f->nonces, sizeof f->nonces);
      f->n_nonces = SEAL_NONCES;
      f->owner = me;
    }
  return f->nonces[--f->n_nonces];
}

static void
put_le64 (uint8_t *out, uint64_t value)
{
  for (int i = 0; i < 8; i++)
    out[i] = (uint8_t) (value >> (8 * i));
}

#define PAGE_DATA (DOMAIN_SIZE + JN_SEAL_UUID_SIZE + 8 + sizeof GEOMETRY)
#define FRAME_DATA (DOMAIN_SIZE + JN_SEAL_UUID_SIZE + 16 + 8)

static void
page_data (const uint8_t *uuid, uint32_t number, const uint8_t *geometry, uint8_t out[PAGE_DATA])
{
  memcpy (out, PAGE_DOMAIN, DOMAIN_SIZE);
  memcpy (out + DOMAIN_SIZE, uuid, JN_SEAL_UUID_SIZE);
  put_le64 (out + DOMAIN_SIZE + JN_SEAL_UUID_SIZE, number);
  memcpy (out + DOMAIN_SIZE + JN_SEAL_UUID_SIZE + 8, geometry, sizeof GEOMETRY);
}

/* Page number, size after commit and both salts are bound as they stand; the checksums are masked instead. */
static void
frame_data (const uint8_t *uuid, sqlite3_int64 offset, const uint8_t *header,
            uint8_t out[FRAME_DATA])
{
  memcpy (out, WAL_DOMAIN, DOMAIN_SIZE);
  memcpy (out + DOMAIN_SIZE, uuid, JN_SEAL_UUID_SIZE);
  memcpy (out + DOMAIN_SIZE + JN_SEAL_UUID_SIZE, header, 16);
  put_le64 (out + DOMAIN_SIZE + JN_SEAL_UUID_SIZE + 16, (uint64_t) offset);
}

/* Number 0 is the copy of page 1 that is kept while a file is born. */
static size_t
clear_part (uint32_t number)
{
  return number == 1 ? PAGE_1_CLEAR : 0;
}

void
jn_seal_page_close (const JnSealKeys *keys, const uint8_t *uuid, uint32_t number,
                    const uint8_t *nonce, const uint8_t *plain, uint8_t *out)
{
  static const uint8_t none[sizeof GEOMETRY];
  size_t clear = clear_part (number);
  uint8_t data[PAGE_DATA];

  page_data (uuid, number, clear > 0 ? plain + 16 : none, data);
  if (clear > 0)
    {
      memcpy (out, uuid, JN_SEAL_UUID_SIZE);
      memcpy (out + 16, plain + 16, sizeof GEOMETRY);
    }
  crypto_aead_xchacha20poly1305_ietf_encrypt_detached (out + clear, out + SEAL_BODY, NULL,
                                                       plain + clear, SEAL_BODY - clear, data,
                                                       sizeof data, NULL, nonce, keys->page);
  memcpy (out + SEAL_BODY + SEAL_TAG, nonce, SEAL_NONCE);
}

bool
jn_seal_page_open (const JnSealKeys *keys, const uint8_t *uuid, uint32_t number, uint8_t *page)
{
  static const uint8_t none[sizeof GEOMETRY];
  size_t clear = clear_part (number);
  uint8_t data[PAGE_DATA];

  page_data (uuid, number, clear > 0 ? page + 16 : none, data);
  if ((clear > 0 && memcmp (page, uuid, JN_SEAL_UUID_SIZE) != 0)
      || crypto_aead_xchacha20poly1305_ietf_decrypt_detached (
             page + clear, NULL, page + clear, SEAL_BODY - clear, page + SEAL_BODY, data,
             sizeof data, page + SEAL_BODY + SEAL_TAG, keys->page)
             != 0)
    {
      memset (page, 0, SEAL_PAGE);
      return false;
    }
  if (clear > 0)
    memcpy (page, MAGIC, sizeof MAGIC);
  memset (page + SEAL_BODY, 0, JN_SEAL_RESERVE);
  return true;
}

/* SQLite's running checksum is over the plaintext: eight bytes that would tell whether a page is a guessed one. */
static void
mask (const JnSealKeys *keys, const uint8_t *nonce, uint8_t *header)
{
  crypto_stream_xchacha20_xor (header + 16, header + 16, 8, nonce, keys->mask);
}

void
jn_seal_frame_close (const JnSealKeys *keys, const uint8_t *uuid, sqlite3_int64 offset,
                     const uint8_t *nonce, const uint8_t *header, const uint8_t *plain,
                     uint8_t *out)
{
  uint8_t data[FRAME_DATA];
  uint8_t *page = out + SEAL_FRAME_HEADER;

  frame_data (uuid, offset, header, data);
  memcpy (out, header, SEAL_FRAME_HEADER);
  crypto_aead_xchacha20poly1305_ietf_encrypt_detached (
      page, page + SEAL_BODY, NULL, plain, SEAL_BODY, data, sizeof data, NULL, nonce, keys->wal);
  memcpy (page + SEAL_BODY + SEAL_TAG, nonce, SEAL_NONCE);
  mask (keys, nonce, out);
}

bool
jn_seal_frame_open (const JnSealKeys *keys, const uint8_t *uuid, sqlite3_int64 offset,
                    uint8_t *frame)
{
  uint8_t data[FRAME_DATA];
  uint8_t *page = frame + SEAL_FRAME_HEADER;
  const uint8_t *nonce = page + SEAL_BODY + SEAL_TAG;

  frame_data (uuid, offset, frame, data);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt_detached (
          page, NULL, page, SEAL_BODY, page + SEAL_BODY, data, sizeof data, nonce, keys->wal)
      != 0)
    {
      memset (frame, 0, SEAL_FRAME);
      return false;
    }
  mask (keys, nonce, frame);
  memset (page + SEAL_BODY, 0, JN_SEAL_RESERVE);
  return true;
}

bool
jn_seal_is_zero (const uint8_t *data, size_t length)
{
  uint8_t any = 0;

  for (size_t i = 0; i < length; i++)
    any |= data[i];
  return any == 0;
}

bool
jn_seal_page_is_ours (uint32_t number, const uint8_t *page)
{
  if (!jn_seal_is_zero (page + SEAL_BODY, JN_SEAL_RESERVE))
    return false;
  return number != 1
         || (memcmp (page, MAGIC, sizeof MAGIC) == 0
             && memcmp (page + sizeof MAGIC, GEOMETRY, sizeof GEOMETRY) == 0);
}

void
jn_seal_first_page (uint8_t page[SEAL_PAGE])
{
  memset (page, 0, SEAL_PAGE);
  memcpy (page, MAGIC, sizeof MAGIC);
  memcpy (page + sizeof MAGIC, GEOMETRY, sizeof GEOMETRY);
  page[31] = 1;     /* pages in the file */
  page[100] = 0x0d; /* an empty leaf of a table, its content starting at the end */
  page[105] = SEAL_BODY >> 8;
  page[106] = SEAL_BODY & 0xff;
}
