/* Bank profiles. */
#include "jn-bank-profile.h"

#include "jn-bank-keys.h"
#include "jn-currency.h"
#include "jn-error.h"
#include "jn-tls-pins.h"

#include <string.h>

#define GROUP "Bank"

void
jn_bank_profile_free (JnBankProfile *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_clear_pointer (&self->names, g_hash_table_unref);
  g_free (self->address);
  g_free (self->certificates);
  g_free (self->pins);
  g_free (self->keys);
  g_free (self->hotline);
  g_free (self->currency);
  g_strfreev (self->features);
  g_free (self->accent_light);
  g_free (self->accent_dark);
  g_free (self);
}

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, JN_ERROR, JN_ERROR_INVALID, "bank profile: %s", what);
  return FALSE;
}

/* NULL for an absent or empty value. */
static char *
take (GKeyFile *file, const char *key)
{
  g_autofree char *text = g_key_file_get_string (file, GROUP, key, NULL);
  return text != NULL && text[0] != '\0' ? g_steal_pointer (&text) : NULL;
}

/* "name" and every "name[LANGUAGE]". */
static GHashTable *
take_names (GKeyFile *file)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) keys = g_key_file_get_keys (file, GROUP, NULL, NULL);
  for (gsize i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      const char *bracket = keys[i] + strlen ("name");
      gsize length = strlen (keys[i]);
      g_autofree char *text = NULL;
      if (g_str_equal (keys[i], "name"))
        {
          if ((text = take (file, "name")) != NULL)
            g_hash_table_insert (names, g_strdup (""), g_steal_pointer (&text));
        }
      else if (g_str_has_prefix (keys[i], "name[") && keys[i][length - 1] == ']'
               && (text = take (file, keys[i])) != NULL)
        g_hash_table_insert (names, g_strndup (bracket + 1, length - strlen ("name[]")),
                             g_steal_pointer (&text));
    }
  return names;
}

static gboolean
is_id (const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_islower (text[i]) && !g_ascii_isdigit (text[i]) && text[i] != '-')
      return FALSE;
  return length > 0 && length <= 32;
}

static gboolean
is_loopback (const char *host)
{
  return g_str_equal (host, "127.0.0.1") || g_str_equal (host, "::1")
         || g_ascii_strcasecmp (host, "localhost") == 0;
}

/* https, or http on loopback; a host and a path, nothing else. The trailing slash goes. */
static gboolean
check_address (JnBankProfile *self, GError **error)
{
  if (self->address == NULL)
    return TRUE;
  g_autoptr (GUri) uri = g_uri_parse (self->address, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  if (host == NULL || host[0] == '\0' || g_uri_get_userinfo (uri) != NULL
      || g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    return refuse (error, "address");
  if (!g_str_equal (g_uri_get_scheme (uri), "https")
      && !(g_str_equal (g_uri_get_scheme (uri), "http") && is_loopback (host)))
    return refuse (error, "address is neither https nor loopback");
  if (!is_loopback (host) && (self->certificates == NULL || self->pins == NULL))
    return refuse (error, "a bank elsewhere needs its own certificates and pins");
  gsize length = strlen (self->address);
  while (length > 0 && self->address[length - 1] == '/')
    self->address[--length] = '\0';
  return TRUE;
}

static gboolean
is_colour (const char *text)
{
  if (text == NULL)
    return TRUE;
  if (strlen (text) != 7 || text[0] != '#')
    return FALSE;
  for (int i = 1; i < 7; i++)
    if (!g_ascii_isxdigit (text[i]))
      return FALSE;
  return TRUE;
}

static gboolean
keys_are_valid (const char *text)
{
  g_autoptr (GBytes) keys = text != NULL ? jn_bank_keys_from_text (text) : NULL;
  return text == NULL || keys != NULL;
}

static void
resolve_certificates (JnBankProfile *self, const char *path)
{
  if (self->certificates == NULL || g_path_is_absolute (self->certificates))
    return;
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *beside = g_build_filename (folder, self->certificates, NULL);
  g_free (self->certificates);
  self->certificates = g_canonicalize_filename (beside, NULL);
}

JnBankProfile *
jn_bank_profile_load (const char *path, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) inner = NULL;
  g_autoptr (JnBankProfile) self = g_new0 (JnBankProfile, 1);

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_KEEP_TRANSLATIONS, &inner))
    {
      refuse (error, inner->message);
      return NULL;
    }
  self->id = take (file, "id");
  self->names = take_names (file);
  self->address = take (file, "address");
  self->certificates = take (file, "certificates");
  self->pins = take (file, "pins");
  self->keys = take (file, "keys");
  self->hotline = take (file, "hotline");
  self->currency = take (file, "currency");
  self->features = g_key_file_get_string_list (file, GROUP, "features", NULL, NULL);
  self->accent_light = take (file, "accent-light");
  self->accent_dark = take (file, "accent-dark");
  if (self->features == NULL)
    self->features = g_new0 (char *, 1);
  if (!is_id (self->id))
    refuse (error, "id");
  else if (!g_hash_table_contains (self->names, ""))
    refuse (error, "name");
  else if (self->currency == NULL || jn_currency_from_code (self->currency) == JN_CURRENCY_NONE)
    refuse (error, "currency");
  else if (!is_colour (self->accent_light) || !is_colour (self->accent_dark))
    refuse (error, "accent");
  else if (self->pins != NULL && !jn_tls_pins_are_valid (self->pins))
    refuse (error, "pins");
  else if (!keys_are_valid (self->keys))
    refuse (error, "keys");
  else if (check_address (self, error))
    {
      resolve_certificates (self, path);
      return g_steal_pointer (&self);
    }
  return NULL;
}

const char *
jn_bank_profile_get_name (const JnBankProfile *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  const char *const *languages = g_get_language_names ();
  for (gsize i = 0; languages[i] != NULL; i++)
    {
      const char *name = g_hash_table_lookup (self->names, languages[i]);
      if (name != NULL)
        return name;
    }
  return g_hash_table_lookup (self->names, "");
}

gboolean
jn_bank_profile_has (const JnBankProfile *self, const char *feature)
{
  g_return_val_if_fail (self != NULL && feature != NULL, FALSE);
  return g_strv_contains ((const char *const *) self->features, feature);
}

gboolean
jn_bank_profile_is_sandbox (const JnBankProfile *self)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return self->address == NULL || jn_bank_profile_has (self, "sandbox");
}
