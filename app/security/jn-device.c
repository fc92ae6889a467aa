/* The device's key pair. */
#include "jn-device.h"

#include <sodium.h>

struct _JnDevice
{
  JnSecret *seed;
  JnSecret *secret_key; /* seed and public key, as libsodium wants them */
  guint8 public_key[crypto_sign_PUBLICKEYBYTES];
};

JnDevice *
jn_device_new_from_seed (JnSecret *seed)
{
  g_return_val_if_fail (seed != NULL, NULL);
  gsize length = 0;
  const guint8 *bytes = jn_secret_get (seed, &length);
  guint8 secret_key[crypto_sign_SECRETKEYBYTES];

  if (length != crypto_sign_SEEDBYTES)
    return NULL;
  JnDevice *self = g_new0 (JnDevice, 1);
  self->seed = jn_secret_ref (seed);
  crypto_sign_seed_keypair (self->public_key, secret_key, bytes);
  self->secret_key = jn_secret_new (secret_key, sizeof secret_key);
  sodium_memzero (secret_key, sizeof secret_key);
  return self;
}

JnDevice *
jn_device_new (void)
{
  g_autoptr (JnSecret) seed = jn_secret_new_random (crypto_sign_SEEDBYTES);
  return jn_device_new_from_seed (seed);
}

void
jn_device_free (JnDevice *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->seed, jn_secret_unref);
  g_clear_pointer (&self->secret_key, jn_secret_unref);
  g_free (self);
}

JnSecret *
jn_device_dup_seed (JnDevice *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return jn_secret_ref (self->seed);
}

char *
jn_device_get_public_key (JnDevice *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return g_base64_encode (self->public_key, sizeof self->public_key);
}

char *
jn_device_sign (JnDevice *self, gconstpointer data, gsize length)
{
  g_return_val_if_fail (self != NULL && (data != NULL || length == 0), NULL);
  guint8 signature[crypto_sign_BYTES];
  crypto_sign_detached (signature, NULL, data, length, jn_secret_get (self->secret_key, NULL));
  return g_base64_encode (signature, sizeof signature);
}
