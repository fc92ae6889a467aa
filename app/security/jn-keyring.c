/* Secrets by name: in the system's keyring, or in memory for this run. */
#include "jn-keyring.h"

#include "jn-error.h"
#include "jn-keyring-probe.h"

#define PROBE_MS 3000
#define UNLOCK_MS 30000

struct _JnKeyring
{
  GObject parent_instance;
  char *bank_id; /* NULL: memory only */
  JnKeyringState state;
  gboolean probed;
  GHashTable *memory; /* name to JnSecret */
};

G_DEFINE_FINAL_TYPE (JnKeyring, jn_keyring, G_TYPE_OBJECT)

/* ---- the state ---- */

static void
on_inspected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  JnKeyring *self = g_task_get_source_object (task);

  self->state = jn_keyring_inspect_finish (result);
  self->probed = TRUE;
  g_task_return_int (task, (gssize) self->state);
}

static void
inspect (JnKeyring *self, gboolean unlock, gpointer tag, GCancellable *cancellable,
         GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  (g_task_set_source_tag) (task, tag);
  g_task_set_check_cancellable (task, FALSE);
  /* What is in memory by now stays findable: a keyring that comes back later is one for the next run. */
  if (self->bank_id == NULL || g_hash_table_size (self->memory) > 0)
    {
      self->probed = TRUE;
      g_task_return_int (task, (gssize) self->state);
      g_object_unref (task);
      return;
    }
  jn_keyring_inspect_async (self->bank_id, unlock, unlock ? UNLOCK_MS : PROBE_MS, cancellable,
                            on_inspected, task);
}

void
jn_keyring_probe_async (JnKeyring *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_return_if_fail (JN_IS_KEYRING (self));
  inspect (self, FALSE, jn_keyring_probe_async, cancellable, callback, user_data);
}

JnKeyringState
jn_keyring_probe_finish (JnKeyring *self, GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, self), JN_KEYRING_THIS_RUN_ONLY);
  return (JnKeyringState) g_task_propagate_int (G_TASK (result), NULL);
}

void
jn_keyring_unlock_async (JnKeyring *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (JN_IS_KEYRING (self));
  inspect (self, TRUE, jn_keyring_unlock_async, cancellable, callback, user_data);
}

JnKeyringState
jn_keyring_unlock_finish (JnKeyring *self, GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, self), JN_KEYRING_THIS_RUN_ONLY);
  return (JnKeyringState) g_task_propagate_int (G_TASK (result), NULL);
}

JnKeyringState
jn_keyring_get_state (JnKeyring *self)
{
  g_return_val_if_fail (JN_IS_KEYRING (self), JN_KEYRING_THIS_RUN_ONLY);
  return self->state;
}

/* ---- operations ---- */

/* Ends @task and returns TRUE unless the system's keyring is to be asked. */
static gboolean
refuse_unless_kept (JnKeyring *self, GTask *task)
{
  if (self->probed && self->state == JN_KEYRING_KEPT)
    return FALSE;
  g_task_return_new_error (task, JN_ERROR, JN_ERROR_KEY_MISSING, "%s",
                           self->probed ? "the keyring is locked" : "the keyring is not probed");
  return TRUE;
}

static gboolean
uses_memory (JnKeyring *self)
{
  return self->probed && self->state == JN_KEYRING_THIS_RUN_ONLY;
}

static void
return_failure (GTask *task, const GError *error)
{
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_new_error (task, JN_ERROR, JN_ERROR_KEY_MISSING, "%s",
                             error != NULL ? error->message : "the keyring failed");
}

static void
on_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  if (secret_password_store_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    return_failure (task, error);
}

void
jn_keyring_store_async (JnKeyring *self, const char *name, JnSecret *secret,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (JN_IS_KEYRING (self) && name != NULL && secret != NULL);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, jn_keyring_store_async);
  if (uses_memory (self))
    {
      g_hash_table_replace (self->memory, g_strdup (name), jn_secret_ref (secret));
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (refuse_unless_kept (self, task))
    return;
  SecretValue *value = jn_keyring_value (secret);
  if (value == NULL)
    {
      return_failure (task, NULL);
      return;
    }
  g_autoptr (GHashTable) attributes = jn_keyring_attributes (self->bank_id, name);
  secret_password_storev_binary (jn_keyring_schema (), attributes, SECRET_COLLECTION_DEFAULT,
                                 "Jinnang", value, cancellable, on_stored, g_steal_pointer (&task));
  secret_value_unref (value);
}

gboolean
jn_keyring_store_finish (JnKeyring *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  JnSecret *secret = jn_keyring_find_finish (result, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, secret, (GDestroyNotify) jn_secret_unref);
}

void
jn_keyring_lookup_async (JnKeyring *self, const char *name, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (JN_IS_KEYRING (self) && name != NULL);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, jn_keyring_lookup_async);
  if (uses_memory (self))
    {
      JnSecret *secret = g_hash_table_lookup (self->memory, name);
      g_task_return_pointer (task, secret != NULL ? jn_secret_ref (secret) : NULL,
                             (GDestroyNotify) jn_secret_unref);
      return;
    }
  if (refuse_unless_kept (self, task))
    return;
  g_autoptr (GHashTable) attributes = jn_keyring_attributes (self->bank_id, name);
  jn_keyring_find_async (attributes, cancellable, on_found, g_steal_pointer (&task));
}

JnSecret *
jn_keyring_lookup_finish (JnKeyring *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  secret_password_clear_finish (result, &error);
  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    return_failure (task, error);
}

void
jn_keyring_clear_async (JnKeyring *self, const char *name, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (JN_IS_KEYRING (self) && name != NULL);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, jn_keyring_clear_async);
  if (uses_memory (self))
    {
      g_hash_table_remove (self->memory, name);
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (refuse_unless_kept (self, task))
    return;
  g_autoptr (GHashTable) attributes = jn_keyring_attributes (self->bank_id, name);
  secret_password_clearv (jn_keyring_schema (), attributes, cancellable, on_cleared,
                          g_steal_pointer (&task));
}

gboolean
jn_keyring_clear_finish (JnKeyring *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- the object ---- */

static void
jn_keyring_finalize (GObject *object)
{
  JnKeyring *self = JN_KEYRING (object);
  g_free (self->bank_id);
  g_hash_table_unref (self->memory);
  G_OBJECT_CLASS (jn_keyring_parent_class)->finalize (object);
}

static void
jn_keyring_class_init (JnKeyringClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = jn_keyring_finalize;
}

static void
jn_keyring_init (JnKeyring *self)
{
  self->state = JN_KEYRING_THIS_RUN_ONLY;
  self->memory =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) jn_secret_unref);
}

JnKeyring *
jn_keyring_new_system (const char *bank_id)
{
  g_return_val_if_fail (bank_id != NULL, NULL);
  JnKeyring *self = g_object_new (JN_TYPE_KEYRING, NULL);
  self->bank_id = g_strdup (bank_id);
  return self;
}

JnKeyring *
jn_keyring_new_memory (void)
{
  JnKeyring *self = g_object_new (JN_TYPE_KEYRING, NULL);
  self->probed = TRUE;
  return self;
}

JnKeyring *
jn_keyring_copy_memory (JnKeyring *self)
{
  g_return_val_if_fail (JN_IS_KEYRING (self), NULL);
  JnKeyring *copy = jn_keyring_new_memory ();
  GHashTableIter iter;
  gpointer name, secret;

  g_hash_table_iter_init (&iter, self->memory);
  while (g_hash_table_iter_next (&iter, &name, &secret))
    g_hash_table_insert (copy->memory, g_strdup (name), jn_secret_ref (secret));
  return copy;
}
