/* Secret bytes in guarded memory. */
#include "jn-secret.h"

#include <sodium.h>
#include <string.h>

struct _JnSecret
{
  gint references;
  gsize length;
  guint8 *bytes;
};

static JnSecret *
secret_alloc (gsize length)
{
  if (sodium_init () < 0)
    g_error ("libsodium cannot start");
  if (length >= G_MAXSIZE - 1)
    g_error ("a secret of %" G_GSIZE_FORMAT " bytes", length);
  JnSecret *self = g_new0 (JnSecret, 1);
  self->references = 1;
  self->length = length;
  self->bytes = sodium_malloc (length + 1);
  if (self->bytes == NULL)
    g_error ("no guarded memory");
  self->bytes[length] = 0;
  return self;
}

static void
seal (JnSecret *self)
{
  sodium_mprotect_readonly (self->bytes);
}

JnSecret *
jn_secret_new (gconstpointer data, gsize length)
{
  g_return_val_if_fail (data != NULL || length == 0, NULL);
  JnSecret *self = secret_alloc (length);
  if (length > 0)
    memcpy (self->bytes, data, length);
  seal (self);
  return self;
}

JnSecret *
jn_secret_new_random (gsize length)
{
  JnSecret *self = secret_alloc (length);
  randombytes_buf (self->bytes, length);
  seal (self);
  return self;
}

JnSecret *
jn_secret_ref (JnSecret *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_int_inc (&self->references);
  return self;
}

void
jn_secret_unref (JnSecret *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->references))
    return;
  sodium_free (self->bytes);
  g_free (self);
}

const guint8 *
jn_secret_get (JnSecret *self, gsize *length)
{
  g_return_val_if_fail (self != NULL, NULL);
  if (length != NULL)
    *length = self->length;
  return self->bytes;
}

gboolean
jn_secret_equal (JnSecret *a, JnSecret *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);
  return a->length == b->length && sodium_memcmp (a->bytes, b->bytes, a->length) == 0;
}
