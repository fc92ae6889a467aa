/* Chance comes from the seed. And within a world a signature is a hash of key and bytes that is remembered as good for them: a third of a
 * world's time went into curves. Every other signature, of the time before the world as well, is checked by libsodium. */
#include "sim-sodium.h"

#include "jn-disk.h"

#include <sodium.h>
#include <string.h>

#define HASH_BYTES 32

static guint64 state;
static GHashTable *made; /* signature → hash of key and bytes */
static gboolean in_world;

static const char *
get_name (void)
{
  return "simulated";
}

static guint32
draw_word (void)
{
  return (guint32) disk_random (&state);
}

static void
fill (void *const buffer, const size_t size)
{
  guint8 *bytes = buffer;
  for (size_t i = 0; i < size; i++)
    bytes[i] = (guint8) (disk_random (&state) >> 24);
}

static randombytes_implementation chance = {
  .implementation_name = get_name,
  .random = draw_word,
  .buf = fill,
};

/* ---- signatures ---- */

static guint
hash_signature (gconstpointer signature)
{
  guint hash;
  memcpy (&hash, signature, sizeof hash);
  return hash;
}

static gboolean
equal_signatures (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, crypto_sign_BYTES) == 0;
}

static void
hash_signed (guint8 hash[HASH_BYTES], const guint8 *key, const guint8 *bytes, gsize length)
{
  crypto_generichash_state sum;

  crypto_generichash_init (&sum, NULL, 0, HASH_BYTES);
  crypto_generichash_update (&sum, key, crypto_sign_PUBLICKEYBYTES);
  crypto_generichash_update (&sum, bytes, length);
  crypto_generichash_final (&sum, hash, HASH_BYTES);
}

/* These two stand before libsodium's for everything that is linked into the simulator. */
int
crypto_sign_detached (unsigned char *signature, unsigned long long *signature_length,
                      const unsigned char *bytes, unsigned long long length,
                      const unsigned char *secret_key)
{
  if (!in_world)
    return crypto_sign_ed25519_detached (signature, signature_length, bytes, length, secret_key);
  crypto_generichash (signature, crypto_sign_BYTES, bytes, length, secret_key,
                      crypto_sign_SEEDBYTES);
  if (signature_length != NULL)
    *signature_length = crypto_sign_BYTES;
  guint8 *entry = g_malloc (crypto_sign_BYTES + HASH_BYTES);
  memcpy (entry, signature, crypto_sign_BYTES);
  hash_signed (entry + crypto_sign_BYTES, secret_key + crypto_sign_SEEDBYTES, bytes, length);
  g_hash_table_replace (made, entry, entry + crypto_sign_BYTES);
  return 0;
}

int
crypto_sign_verify_detached (const unsigned char *signature, const unsigned char *bytes,
                             unsigned long long length, const unsigned char *public_key)
{
  const guint8 *known = in_world ? g_hash_table_lookup (made, signature) : NULL;
  guint8 hash[HASH_BYTES];

  if (known != NULL)
    {
      hash_signed (hash, public_key, bytes, length);
      if (memcmp (hash, known, HASH_BYTES) == 0)
        return 0;
    }
  return crypto_sign_ed25519_verify_detached (signature, bytes, length, public_key);
}

void
sim_sodium_seed (guint64 seed, gboolean world)
{
  if (made == NULL)
    {
      randombytes_set_implementation (&chance);
      if (sodium_init () < 0)
        g_error ("libsodium");
      made = g_hash_table_new_full (hash_signature, equal_signatures, g_free, NULL);
    }
  g_hash_table_remove_all (made);
  state = seed;
  in_world = world;
}
