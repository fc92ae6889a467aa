/* Whom the wallet believes: the bank's keys, from the profile, from the keyring, or learnt at the first word. */
#include "jn-context-state.h"

#include "jn-bank-keys.h"
#include "jn-error.h"
#include "jn-log.h"

#include <string.h>

static void
on_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnContext) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!jn_keyring_store_finish (JN_KEYRING (source), result, &error))
    jn_log (JN_LOG_WARNING, "session", "the bank's keys could not be kept: %s",
            error != NULL ? error->message : "");
}

void
jn_context_trust_keep (JnContext *self)
{
  GBytes *keys = jn_bank_get_keys (self->bank);

  /* Without a wallet they are not kept: the next enrolment learns them anew. */
  if (keys == NULL || self->sync == NULL || self->shut || self->profile->keys != NULL)
    return;
  g_autofree char *text = jn_bank_keys_to_text (keys);
  g_autoptr (JnSecret) secret = jn_secret_new (text, strlen (text));
  jn_keyring_store_async (self->keyring, "bank-keys", secret, NULL, on_stored, g_object_ref (self));
}

static void
on_keys_changed (JnBank *bank, JnContext *self)
{
  jn_context_trust_keep (self);
}

void
jn_context_trust_begin (JnContext *self)
{
  if (self->profile->keys != NULL)
    {
      jn_bank_set_keys (self->bank, self->profile->keys, TRUE);
      jn_bank_set_keys (self->uncut_bank, self->profile->keys, TRUE);
    }
  g_signal_connect_object (self->bank, "keys-changed", G_CALLBACK (on_keys_changed), self, 0);
}

void
jn_context_trust_enter (JnContext *self, JnSecret *keys, gboolean unreadable)
{
  if (self->profile->keys != NULL || (keys == NULL && !unreadable))
    return;
  if (keys != NULL
      && jn_bank_set_keys (self->bank, (const char *) jn_secret_get (keys, NULL), FALSE))
    return;
  /* Whoever answers first is believed once, and that was at the enrolment. */
  jn_log (JN_LOG_WARNING, "session", "the bank's keys in the keyring cannot be read");
  jn_bank_lose_keys (self->bank);
}

void
jn_context_trust_forget (JnContext *self)
{
  if (self->profile->keys != NULL)
    return;
  jn_bank_set_keys (self->bank, NULL, FALSE);
  jn_bank_set_keys (self->uncut_bank, NULL, FALSE);
}

JnConnection
jn_context_trust_judge (const GError *error)
{
  switch (jn_error_get_class (error))
    {
    case JN_ERROR_CLASS_DAMAGED:
    case JN_ERROR_CLASS_ROLLED_BACK:
    case JN_ERROR_CLASS_INVALID:
    case JN_ERROR_CLASS_CONFLICT:
      return JN_CONNECTION_DISTRUST;
    default:
      return jn_error_is (error, JN_ERROR_ANSWER_INVALID)
                     || jn_error_is (error, JN_ERROR_ANSWER_NOT_SIGNED)
                     || jn_error_is (error, JN_ERROR_HEAD_MISMATCH)
                     || jn_error_is (error, JN_ERROR_BANK_KEYS_UNREADABLE)
                 ? JN_CONNECTION_DISTRUST
                 : JN_CONNECTION_OFFLINE;
    }
}
