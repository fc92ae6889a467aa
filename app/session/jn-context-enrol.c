/* From WELCOME to a wallet, or from a session that has ended to the next: the enrolment, and keeping what it gave. */
#include "jn-context-state.h"

#include "jn-error.h"
#include "jn-sync-apply.h"

#include <string.h>

static void
begin (JnContext *self)
{
  jn_context_open_door (self);
  self->enrolment = jn_enrolment_new (self, self->bank);
  jn_context_set_stage (self, JN_STAGE_ENROLLING);
}

void
jn_context_begin_enrolment (JnContext *self)
{
  if (!self->shut && self->stage == JN_STAGE_WELCOME && self->enrolment == NULL)
    begin (self);
}

gboolean
jn_context_can_sign_in_again (JnContext *self)
{
  const GError *error = self->sync != NULL ? jn_sync_get_error (self->sync) : NULL;

  return self->stage == JN_STAGE_READY
         && (jn_error_is (error, JN_ERROR_SESSION_EXPIRED)
             || jn_error_is (error, JN_ERROR_DEVICE_REVOKED)
             || jn_error_is (error, JN_ERROR_SIGNATURE_BAD)
             /* A session of one customer and files of another. */
             || jn_error_is (error, JN_ERROR_INVARIANT)
             || jn_error_is (error, JN_ERROR_BANK_KEYS_UNREADABLE));
}

void
jn_context_sign_in_again (JnContext *self)
{
  if (self->shut || !jn_context_can_sign_in_again (self) || self->enrolment != NULL)
    return;
  /* Keys that cannot be read are learnt anew, as the customer wants to begin a session; good ones stay. */
  if (jn_error_is (jn_sync_get_error (self->sync), JN_ERROR_BANK_KEYS_UNREADABLE))
    jn_context_trust_forget (self);
  jn_context_leave_wallet (self);
  self->signs_in_again = TRUE;
  begin (self);
}

/* Who did not sign in again has the wallet as it was. */
void
jn_context_enrolment_cancelled (JnContext *self)
{
  gboolean again = self->signs_in_again;

  self->signs_in_again = FALSE;
  jn_context_set_stage (self, again ? JN_STAGE_STARTING : JN_STAGE_WELCOME);
  g_clear_object (&self->enrolment);
  if (again)
    jn_context_look_up_secrets (self);
}

/* What is being kept, step by step: the files are the customer's, then the secrets. */
typedef struct
{
  JnContext *context;
  JnDevice *device;     /* NULL once it is the wallet's */
  JnSecret *secrets[4]; /* the account is known once the files are its customer's */
  char *consent_id;
  guint n;
  JnHandOver how; /* what became of the files that were here */
} Keeping;

static void
keeping_free (Keeping *keeping)
{
  g_clear_pointer (&keeping->device, jn_device_free);
  for (guint i = 0; i < G_N_ELEMENTS (keeping->secrets); i++)
    g_clear_pointer (&keeping->secrets[i], jn_secret_unref);
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

/* Still nobody's wallet: nothing of the session is left. */
static void
fail (Keeping *keeping, const GError *error)
{
  jn_bank_set_session (keeping->context->bank, NULL, NULL);
  jn_bank_set_device (keeping->context->bank, NULL);
  jn_enrolment_complete (keeping->context->enrolment, error);
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
      fail (keeping, error);
      return;
    }
  keeping->n++;
  keep_next (g_steal_pointer (&keeping));
}

static void
keep_next (Keeping *keeping)
{
  static const char *const names[] = { "device-key", "session-secret", "consent-id",
                                       JN_ACCOUNT_ITEM };
  JnContext *self = keeping->context;

  if (keeping->n < G_N_ELEMENTS (names))
    {
      jn_keyring_store_async (self->keyring, names[keeping->n], keeping->secrets[keeping->n], NULL,
                              on_kept, keeping);
      return;
    }
  self->signs_in_again = FALSE;
  if (keeping->how != JN_HAND_OVER_SAME)
    jn_context_set_notice (self, keeping->how == JN_HAND_OVER_OLDER
                                     ? JN_CONTEXT_NOTICE_OTHER_CUSTOMER_OLDER
                                     : JN_CONTEXT_NOTICE_OTHER_CUSTOMER);
  jn_context_enter_wallet (self, g_steal_pointer (&keeping->device), keeping->consent_id,
                           keeping->secrets[1]);
  keeping_free (keeping);
}

/* ---- whose files these are ---- */

typedef struct
{
  JnStorage *storage;
  char *bban;
} HandOver;

static void
hand_over_free (gpointer data)
{
  HandOver *job = data;
  g_object_unref (job->storage);
  g_free (job->bban);
  g_free (job);
}

static gpointer
hand_over (gpointer data, GCancellable *cancellable, GError **error)
{
  HandOver *job = data;
  JnHandOver how;

  if (!jn_storage_hand_over (job->storage, job->bban, &how, error))
    return NULL;
  return GUINT_TO_POINTER (how + 1);
}

static void
on_handed_over (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Keeping) keeping = user_data;
  JnContext *self = keeping->context;
  GError *error = NULL;
  guint answer = GPOINTER_TO_UINT (jn_worker_run_finish (JN_WORKER (source), result, &error));

  if (is_over (keeping))
    {
      g_clear_error (&error);
      return;
    }
  if (error != NULL && jn_storage_is_open (self->storage))
    {
      fail (keeping, error);
      g_clear_error (&error);
      return;
    }
  if (error != NULL)
    {
      jn_enrolment_stop (self->enrolment);
      jn_context_close_broken (self, error, FALSE);
      g_clear_object (&self->enrolment);
      return;
    }
  keeping->how = (JnHandOver) (answer - 1);
  g_clear_pointer (&keeping->secrets[3], jn_secret_unref);
  keeping->secrets[3] = jn_storage_dup_owner (self->storage);
  keep_next (g_steal_pointer (&keeping));
}

static void
on_accounts (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Keeping) keeping = user_data;
  JnContext *self = keeping->context;
  g_autoptr (GError) error = NULL;
  g_autoptr (JnBankDocument) document = jn_bank_get_finish (JN_BANK (source), result, &error);
  g_autoptr (GPtrArray) accounts = NULL;

  if (is_over (keeping))
    return;
  if (document != NULL && document->doc != NULL)
    accounts = jn_wire_read_accounts (jn_json_doc_root (document->doc), &error);
  if (error == NULL && (accounts == NULL || accounts->len == 0))
    g_set_error_literal (&error, JN_ERROR, JN_ERROR_ANSWER_INVALID, "no account");
  if (error != NULL)
    {
      fail (keeping, error);
      return;
    }
  HandOver *job = g_new0 (HandOver, 1);
  job->storage = g_object_ref (self->storage);
  job->bban = g_strdup (((const JnWireAccount *) accounts->pdata[0])->bban);
  jn_worker_run_async (jn_storage_get_worker (self->storage), hand_over, job, hand_over_free, NULL,
                       NULL, on_handed_over, g_steal_pointer (&keeping));
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
  /* The bank says whose the files are that are here, and whether others wait for this customer. */
  g_autofree char *path = jn_sync_path (JN_SYNC_STEP_ACCOUNTS, NULL);
  jn_bank_set_device (self->bank, keeping->device);
  jn_bank_set_session (self->bank, keeping->consent_id, keeping->secrets[1]);
  jn_bank_get_async (self->bank, path, NULL, on_accounts, keeping);
}
