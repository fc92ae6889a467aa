/* The bank's keys: read, kept as text. */
#include "jn-bank-keys.h"

#include "jn-error.h"
#include "jn-http-signature.h"

#include <string.h>

/* @length bytes, or NULL. Caller frees. */
static guint8 *
decode (const char *text, gsize length)
{
  gsize found = 0;
  g_autofree guint8 *bytes = text != NULL ? jn_base64_decode_strict (text, -1, &found) : NULL;
  return found == length ? g_steal_pointer (&bytes) : NULL;
}

static gboolean
append_key (GByteArray *keys, const char *text)
{
  g_autofree guint8 *key = decode (text, JN_HTTP_KEY_BYTES);

  if (key == NULL || keys->len >= JN_BANK_MAX_KEYS * JN_HTTP_KEY_BYTES)
    return FALSE;
  g_byte_array_append (keys, key, JN_HTTP_KEY_BYTES);
  return TRUE;
}

GBytes *
jn_bank_keys_from_text (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);
  g_autoptr (GByteArray) keys = g_byte_array_new ();
  g_auto (GStrv) parts = g_strsplit (text, ";", JN_BANK_MAX_KEYS + 2);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      /* A list in a key file may end in its separator. */
      if (parts[i][0] == '\0' && parts[i + 1] == NULL && i > 0)
        break;
      if (!append_key (keys, parts[i]))
        return NULL;
    }
  return keys->len > 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&keys)) : NULL;
}

char *
jn_bank_keys_to_text (GBytes *keys)
{
  g_return_val_if_fail (keys != NULL, NULL);
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (keys, &length);
  GString *text = g_string_new (NULL);

  for (gsize at = 0; at + JN_HTTP_KEY_BYTES <= length; at += JN_HTTP_KEY_BYTES)
    {
      g_autofree char *key = g_base64_encode (data + at, JN_HTTP_KEY_BYTES);
      g_string_append_printf (text, "%s%s", at > 0 ? ";" : "", key);
    }
  return g_string_free (text, FALSE);
}

/* Appends the keys of one state; −1 when one of them is not a key, else how many. */
static int
append_state (GByteArray *keys, JnJson *list, const char *state)
{
  int n = 0;
  for (guint i = 0; i < jn_json_length (list); i++)
    {
      JnJson *key = jn_json_at (list, i);
      if (g_strcmp0 (jn_json_string (jn_json_get (key, "state")), state) != 0)
        continue;
      if (!append_key (keys, jn_json_string (jn_json_get (key, "publicKey"))))
        return -1;
      n++;
    }
  return n;
}

GBytes *
jn_bank_keys_from_list (JnJson *root, GError **error)
{
  JnJson *list = jn_json_get (root, "keys");
  g_autoptr (GByteArray) keys = g_byte_array_new ();

  if (append_state (keys, list, "current") == 1 && append_state (keys, list, "next") >= 0)
    return g_byte_array_free_to_bytes (g_steal_pointer (&keys));
  g_set_error_literal (error, JN_ERROR, JN_ERROR_ANSWER_INVALID, "not a list of keys");
  return NULL;
}

/* All keys of a list that goes from the newest one back: what is next, the current one, what is retired. −1 when it does not,
 * else where the current one stands. */
static int
read_in_order (GByteArray *keys, JnJson *list)
{
  guint n = jn_json_length (list);
  int current = -1;

  for (guint i = 0; i < n && n <= JN_BANK_MAX_LISTED; i++)
    {
      const char *text = jn_json_string (jn_json_get (jn_json_at (list, i), "publicKey"));
      const char *state = jn_json_string (jn_json_get (jn_json_at (list, i), "state"));
      g_autofree guint8 *key = decode (text, JN_HTTP_KEY_BYTES);

      if (key == NULL || jn_http_find_key (keys->data, i, key) < i)
        return -1;
      if (current < 0 && g_strcmp0 (state, "current") == 0)
        current = (int) i;
      else if (g_strcmp0 (state, current < 0 ? "next" : "retired") != 0)
        return -1;
      g_byte_array_append (keys, key, JN_HTTP_KEY_BYTES);
    }
  return current;
}

/* Whether the key at @index has signed the one before it in the list. */
static gboolean
succession_is_good (JnJson *list, const guint8 *keys, guint index)
{
  const char *text = jn_json_string (jn_json_get (jn_json_at (list, index), "succession"));
  const guint8 *key = keys + index * JN_HTTP_KEY_BYTES, *next = key - JN_HTTP_KEY_BYTES;
  g_autofree guint8 *signature = decode (text, JN_HTTP_SIGNATURE_BYTES);
  g_autofree char *own = g_base64_encode (key, JN_HTTP_KEY_BYTES);
  g_autofree char *other = g_base64_encode (next, JN_HTTP_KEY_BYTES);
  g_autofree char *said = g_strdup_printf ("jinnang-key:%s:%s", own, other);

  return signature != NULL && jn_ed25519_check (key, said, strlen (said), signature);
}

GBytes *
jn_bank_keys_walk (JnJson *root, GBytes *known)
{
  g_return_val_if_fail (known != NULL, NULL);
  JnJson *list = jn_json_get (root, "keys");
  g_autoptr (GByteArray) keys = g_byte_array_new ();
  gsize length = 0;
  const guint8 *ours = g_bytes_get_data (known, &length);
  gsize n_ours = length / JN_HTTP_KEY_BYTES;
  int current = read_in_order (keys, list);
  guint n = keys->len / JN_HTTP_KEY_BYTES, at;

  if (current < 0)
    return NULL;
  at = (guint) current;
  while (at < n && jn_http_find_key (ours, n_ours, keys->data + at * JN_HTTP_KEY_BYTES) == n_ours)
    at++;
  if (at == n)
    return NULL;
  for (; at > (guint) current; at--)
    if (!succession_is_good (list, keys->data, at))
      return NULL;
  return g_bytes_new (keys->data + at * JN_HTTP_KEY_BYTES, JN_HTTP_KEY_BYTES);
}
