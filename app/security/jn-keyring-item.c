/* Items of ours in the keyring: how they are named, coded and found. */
#include "jn-keyring-probe.h"

#include "jn-config.h"
#include "jn-error.h"

#include <sodium.h>
#include <string.h>

#define MAX_SECRET 4096

const SecretSchema *
jn_keyring_schema (void)
{
  /* With a schema's name matched, an item in a keyring that was locked at first is not found. */
  static const SecretSchema schema = {
    JN_APP_ID,
    SECRET_SCHEMA_DONT_MATCH_NAME,
    { { "app", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "bank", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "name", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { NULL, 0 } },
  };
  return &schema;
}

GHashTable *
jn_keyring_attributes (const char *bank_id, const char *name)
{
  GHashTable *attributes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_hash_table_insert (attributes, (gpointer) "app", g_strdup (JN_APP_ID));
  g_hash_table_insert (attributes, (gpointer) "bank", g_strdup (bank_id));
  g_hash_table_insert (attributes, (gpointer) "name", g_strdup (name));
  return attributes;
}

SecretValue *
jn_keyring_value (JnSecret *secret)
{
  gsize length = 0;
  const guint8 *bytes = jn_secret_get (secret, &length);
  g_return_val_if_fail (length <= MAX_SECRET, NULL);
  gsize size = sodium_base64_encoded_len (length, sodium_base64_VARIANT_ORIGINAL);
  char *text = sodium_malloc (size);
  if (text == NULL)
    return NULL;
  sodium_bin2base64 (text, size, bytes, length, sodium_base64_VARIANT_ORIGINAL);
  return secret_value_new_full (text, (gssize) strlen (text), "text/plain", sodium_free);
}

JnSecret *
jn_keyring_value_read (SecretValue *value)
{
  guint8 bytes[MAX_SECRET];
  gsize text_length = 0, length = 0;
  const char *text = secret_value_get (value, &text_length);
  JnSecret *secret = NULL;

  if (text != NULL
      && sodium_base642bin (bytes, sizeof bytes, text, text_length, NULL, &length, NULL,
                            sodium_base64_VARIANT_ORIGINAL)
             == 0)
    secret = jn_secret_new (bytes, length);
  sodium_memzero (bytes, sizeof bytes);
  return secret;
}

static void
on_retrieved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  SecretValue *value =
      secret_retrievable_retrieve_secret_finish (SECRET_RETRIEVABLE (source), result, &error);
  JnSecret *secret = value != NULL ? jn_keyring_value_read (value) : NULL;

  if (value == NULL)
    g_task_return_new_error (task, JN_ERROR, JN_ERROR_KEY_MISSING, "%s",
                             error != NULL ? error->message : "the keyring is locked");
  else if (secret == NULL)
    g_task_return_new_error (task, JN_ERROR, JN_ERROR_SLOT_DAMAGED, "the item is not ours");
  else
    g_task_return_pointer (task, secret, (GDestroyNotify) jn_secret_unref);
  g_clear_pointer (&value, secret_value_unref);
}

static void
on_searched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  GList *items = secret_password_search_finish (result, &error);

  if (error != NULL)
    g_task_return_new_error (task, JN_ERROR, JN_ERROR_KEY_MISSING, "%s", error->message);
  else if (items == NULL)
    g_task_return_pointer (task, NULL, NULL);
  else
    secret_retrievable_retrieve_secret (SECRET_RETRIEVABLE (items->data),
                                        g_task_get_cancellable (task), on_retrieved,
                                        g_object_ref (task));
  g_list_free_full (items, g_object_unref);
}

void
jn_keyring_find_async (GHashTable *attributes, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, jn_keyring_find_async);
  secret_password_searchv (jn_keyring_schema (), attributes, SECRET_SEARCH_LOAD_SECRETS,
                           cancellable, on_searched, task);
}

JnSecret *
jn_keyring_find_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
