/* From WELCOME to a wallet: the enrolment, and keeping what it gave. */
#include "jn-context-state.h"

#include "jn-error.h"

#include <string.h>

void
jn_context_begin_enrolment (JnContext *self)
{
  if (self->shut || self->stage != JN_STAGE_WELCOME || self->enrolment != NULL)
    return;
  jn_context_open_door (self);
  self->enrolment = jn_enrolment_new (self, self->bank);
  jn_context_set_stage (self, JN_STAGE_ENROLLING);
}

void
jn_context_enrolment_cancelled (JnContext *self)
{
  jn_context_set_stage (self, JN_STAGE_WELCOME);
  g_clear_object (&self->enrolment);
}

/* What is being kept, step by step: files emptied, then three secrets. */
typedef struct
{
  JnContext *context;
  JnDevice *device; /* NULL once it is the wallet's */
  JnSecret *secrets[3];
  char *consent_id;
  guint n;
} Keeping;

static void
keeping_free (Keeping *keeping)
{
  g_clear_pointer (&keeping->device, jn_device_free);
  for (guint i = 0; i < G_N_ELEMENTS (keeping->secrets); i++)
    jn_secret_unref (keeping->secrets[i]);
  g_free (keeping->consent_id);
  g_object_unref (keeping->context);
  g_free (keeping);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Keeping, keeping_free)

static void keep_next (Keeping *keeping);

static gboolean
is_over (Keeping *keeping)
{
  return keeping->context->shut || keeping->context->enrolment == NULL;
}

static void
on_kept (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Keeping) keeping = user_data;
  g_autoptr (GError) error = NULL;
  gboolean ok = jn_keyring_store_finish (JN_KEYRING (source), result, &error);

  if (is_over (keeping))
    return;
  if (!ok)
    {
      jn_enrolment_complete (keeping->context->enrolment, error);
      return;
    }
  keeping->n++;
  keep_next (g_steal_pointer (&keeping));
}

static void
keep_next (Keeping *keeping)
{
  static const char *const names[] = { "device-key", "session-secret", "consent-id" };
  JnContext *self = keeping->context;

  if (keeping->n < G_N_ELEMENTS (names))
    {
      jn_keyring_store_async (self->keyring, names[keeping->n], keeping->secrets[keeping->n], NULL,
                              on_kept, keeping);
      return;
    }
  jn_context_enter_wallet (self, g_steal_pointer (&keeping->device), keeping->consent_id,
                           keeping->secrets[1]);
  keeping_free (keeping);
}

static gpointer
erase_storage (gpointer data, GCancellable *cancellable, GError **error)
{
  jn_storage_erase (data, FALSE, error);
  return NULL;
}

static void
on_emptied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Keeping) keeping = user_data;
  g_autoptr (GError) error = NULL;

  jn_worker_run_finish (JN_WORKER (source), result, &error);
  if (is_over (keeping))
    return;
  if (error != NULL)
    jn_enrolment_complete (keeping->context->enrolment, error);
  else
    keep_next (g_steal_pointer (&keeping));
}

void
jn_context_enrolled (JnContext *self, JnDevice *device, const char *consent_id,
                     JnSecret *session_secret)
{
  Keeping *keeping = g_new0 (Keeping, 1);

  keeping->context = g_object_ref (self);
  keeping->secrets[0] = jn_device_dup_seed (device);
  keeping->secrets[1] = jn_secret_ref (session_secret);
  keeping->secrets[2] = jn_secret_new (consent_id, strlen (consent_id));
  keeping->device = jn_device_new_from_seed (keeping->secrets[0]);
  keeping->consent_id = g_strdup (consent_id);
  /* Files of a wallet whose keys are lost would not fit the new one. */
  jn_worker_run_async (jn_storage_get_worker (self->storage), erase_storage,
                       g_object_ref (self->storage), g_object_unref, NULL, NULL, on_emptied,
                       keeping);
}
