/* What the system's keyring can do: asked in small steps, none of which makes it prompt. */
#include "jn-keyring-probe.h"

#include <string.h>

#define PROBE_NAME "probe"
#define PROBE_BYTES 16

typedef struct
{
  char *bank_id;
  gboolean unlock;
  GCancellable *stop;
  gulong caller_handler;
  GSource *deadline;
  JnSecret *probe;
} Inspection;

static void
inspection_free (gpointer data)
{
  Inspection *inspection = data;
  if (inspection->deadline != NULL)
    {
      g_source_destroy (inspection->deadline);
      g_source_unref (inspection->deadline);
    }
  g_clear_pointer (&inspection->probe, jn_secret_unref);
  g_clear_object (&inspection->stop);
  g_free (inspection->bank_id);
  g_free (inspection);
}

static void
end (GTask *task, JnKeyringState state)
{
  Inspection *inspection = g_task_get_task_data (task);
  if (inspection->caller_handler != 0)
    g_cancellable_disconnect (g_task_get_cancellable (task), inspection->caller_handler);
  inspection->caller_handler = 0;
  g_task_return_int (task, (gssize) state);
}

static void
on_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  secret_password_clear_finish (result, NULL);
  end (task, JN_KEYRING_KEPT);
}

static GHashTable *
probe_attributes (Inspection *inspection)
{
  return jn_keyring_attributes (inspection->bank_id, PROBE_NAME);
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Inspection *inspection = g_task_get_task_data (task);
  g_autoptr (JnSecret) found = jn_keyring_find_finish (result, NULL);

  if (found == NULL || !jn_secret_equal (found, inspection->probe))
    {
      end (task, JN_KEYRING_THIS_RUN_ONLY);
      return;
    }
  g_autoptr (GHashTable) attributes = probe_attributes (inspection);
  secret_password_clearv (jn_keyring_schema (), attributes, inspection->stop, on_cleared,
                          g_steal_pointer (&task));
}

static void
on_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Inspection *inspection = g_task_get_task_data (task);

  if (!secret_password_store_finish (result, NULL))
    {
      end (task, JN_KEYRING_THIS_RUN_ONLY);
      return;
    }
  g_autoptr (GHashTable) attributes = probe_attributes (inspection);
  jn_keyring_find_async (attributes, inspection->stop, on_found, g_steal_pointer (&task));
}

/* Takes @task. */
static void
write_probe (GTask *task)
{
  Inspection *inspection = g_task_get_task_data (task);
  g_autoptr (GHashTable) attributes = probe_attributes (inspection);
  inspection->probe = jn_secret_new_random (PROBE_BYTES);
  SecretValue *value = jn_keyring_value (inspection->probe);
  secret_password_storev_binary (jn_keyring_schema (), attributes, SECRET_COLLECTION_DEFAULT,
                                 "Jinnang", value, inspection->stop, on_stored, task);
  secret_value_unref (value);
}

static void
on_unlocked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  int unlocked = secret_service_unlock_finish (SECRET_SERVICE (source), result, NULL, NULL);

  if (unlocked > 0)
    write_probe (g_steal_pointer (&task));
  else
    end (task, JN_KEYRING_LOCKED);
}

static void
on_collection (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Inspection *inspection = g_task_get_task_data (task);
  g_autoptr (SecretCollection) collection = secret_collection_for_alias_finish (result, NULL);

  /* Without a default keyring the first item would make the service ask for a new password. */
  if (collection == NULL)
    end (task, JN_KEYRING_THIS_RUN_ONLY);
  else if (!secret_collection_get_locked (collection))
    write_probe (g_steal_pointer (&task));
  else if (!inspection->unlock)
    end (task, JN_KEYRING_LOCKED);
  else
    {
      GList objects = { collection, NULL, NULL };
      secret_service_unlock (secret_collection_get_service (collection), &objects, inspection->stop,
                             on_unlocked, g_steal_pointer (&task));
    }
}

static void
on_backend (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Inspection *inspection = g_task_get_task_data (task);
  /* libsecret remembers the backend without a reference of its own: what it gives here stays for the whole program. */
  SecretBackend *backend = secret_backend_get_finish (result, NULL);

  if (backend == NULL)
    end (task, JN_KEYRING_THIS_RUN_ONLY);
  else if (SECRET_IS_SERVICE (backend))
    secret_collection_for_alias (SECRET_SERVICE (backend), SECRET_COLLECTION_DEFAULT,
                                 SECRET_COLLECTION_NONE, inspection->stop, on_collection,
                                 g_steal_pointer (&task));
  else
    write_probe (g_steal_pointer (&task));
}

static gboolean
on_deadline (gpointer user_data)
{
  g_cancellable_cancel (G_CANCELLABLE (user_data));
  return G_SOURCE_REMOVE;
}

static void
on_caller_cancelled (GCancellable *caller, gpointer user_data)
{
  g_cancellable_cancel (G_CANCELLABLE (user_data));
}

void
jn_keyring_inspect_async (const char *bank_id, gboolean unlock, guint deadline_ms,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Inspection *inspection = g_new0 (Inspection, 1);

  g_task_set_source_tag (task, jn_keyring_inspect_async);
  g_task_set_check_cancellable (task, FALSE);
  inspection->bank_id = g_strdup (bank_id);
  inspection->unlock = unlock;
  inspection->stop = g_cancellable_new ();
  g_task_set_task_data (task, inspection, inspection_free);
  inspection->deadline = g_timeout_source_new (deadline_ms);
  g_source_set_callback (inspection->deadline, on_deadline, g_object_ref (inspection->stop),
                         g_object_unref);
  g_source_attach (inspection->deadline, g_main_context_get_thread_default ());
  if (cancellable != NULL)
    inspection->caller_handler =
        g_cancellable_connect (cancellable, G_CALLBACK (on_caller_cancelled),
                               g_object_ref (inspection->stop), g_object_unref);
  secret_backend_get (SECRET_BACKEND_NONE, inspection->stop, on_backend, task);
}

JnKeyringState
jn_keyring_inspect_finish (GAsyncResult *result)
{
  return (JnKeyringState) g_task_propagate_int (G_TASK (result), NULL);
}
