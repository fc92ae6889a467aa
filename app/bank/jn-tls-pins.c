/* Pins of public keys. */
#include "jn-tls-pins.h"

#include "jn-structured-field.h"

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <string.h>

#define PREFIX "sha256/"
#define HASH_BYTES 32
#define LEAST 2
#define MOST 4

/* The hash of one pin; FALSE when it is none. */
static gboolean
read_pin (const char *text, guint8 hash[HASH_BYTES])
{
  gsize length = 0;
  if (!g_str_has_prefix (text, PREFIX))
    return FALSE;
  g_autofree guint8 *data = jn_base64_decode_strict (text + strlen (PREFIX), -1, &length);
  if (data == NULL || length != HASH_BYTES)
    return FALSE;
  memcpy (hash, data, length);
  return TRUE;
}

static GStrv
split (const char *text)
{
  /* A list in a key file may end in its separator. */
  g_autofree char *list = g_strdup (text);
  gsize length = strlen (list);
  if (length > 0 && list[length - 1] == ';')
    list[length - 1] = '\0';
  return g_strsplit (list, ";", MOST + 2);
}

gboolean
jn_tls_pins_are_valid (const char *text)
{
  g_return_val_if_fail (text != NULL, FALSE);
  g_auto (GStrv) pins = split (text);
  guint n = g_strv_length (pins);
  guint8 hash[HASH_BYTES];

  for (guint i = 0; i < n; i++)
    {
      if (!read_pin (pins[i], hash))
        return FALSE;
      for (guint k = 0; k < i; k++)
        if (g_str_equal (pins[i], pins[k]))
          return FALSE;
    }
  return n >= LEAST && n <= MOST;
}

/* NULL when it cannot be read. The caller deinits. */
static gnutls_x509_crt_t
import (GTlsCertificate *certificate)
{
  g_autoptr (GByteArray) der = NULL;
  gnutls_x509_crt_t crt = NULL;

  g_object_get (certificate, "certificate", &der, NULL);
  if (der == NULL || gnutls_x509_crt_init (&crt) != GNUTLS_E_SUCCESS)
    return NULL;
  const gnutls_datum_t data = { der->data, der->len };
  if (gnutls_x509_crt_import (crt, &data, GNUTLS_X509_FMT_DER) == GNUTLS_E_SUCCESS)
    return crt;
  gnutls_x509_crt_deinit (crt);
  return NULL;
}

gboolean
jn_tls_certificate_is_for_servers (GTlsCertificate *certificate)
{
  gnutls_x509_crt_t crt = certificate != NULL ? import (certificate) : NULL;
  if (crt == NULL)
    return FALSE;
  gboolean fits = gnutls_x509_crt_check_key_purpose (crt, GNUTLS_KP_TLS_WWW_SERVER, 0) != 0;
  gnutls_x509_crt_deinit (crt);
  return fits;
}

/* The SubjectPublicKeyInfo of a certificate in DER. */
static gboolean
export_key (GTlsCertificate *certificate, gnutls_datum_t *out)
{
  gnutls_x509_crt_t crt = import (certificate);
  gnutls_pubkey_t key = NULL;
  gboolean done = FALSE;

  if (crt == NULL)
    return FALSE;
  if (gnutls_pubkey_init (&key) == GNUTLS_E_SUCCESS)
    {
      done = gnutls_pubkey_import_x509 (key, crt, 0) == GNUTLS_E_SUCCESS
             && gnutls_pubkey_export2 (key, GNUTLS_X509_FMT_DER, out) == GNUTLS_E_SUCCESS;
      gnutls_pubkey_deinit (key);
    }
  gnutls_x509_crt_deinit (crt);
  return done;
}

gboolean
jn_tls_pins_match (const char *text, GTlsCertificate *certificate)
{
  g_return_val_if_fail (text != NULL, FALSE);
  g_auto (GStrv) pins = split (text);
  guint8 ours[HASH_BYTES], pin[HASH_BYTES];
  gnutls_datum_t key = { NULL, 0 };
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize n = sizeof ours;
  gboolean found = FALSE;

  if (certificate == NULL || !export_key (certificate, &key))
    return FALSE;
  g_checksum_update (checksum, key.data, (gssize) key.size);
  g_checksum_get_digest (checksum, ours, &n);
  gnutls_free (key.data);
  for (guint i = 0; pins[i] != NULL && !found; i++)
    found = read_pin (pins[i], pin) && memcmp (ours, pin, sizeof ours) == 0;
  return found;
}
