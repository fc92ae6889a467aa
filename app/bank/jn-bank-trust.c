/* Whose answers are believed: keys from the profile, from the keyring, or the first that the bank sends. */
#include "jn-bank-private.h"
#include "jn-error.h"
#include "jn-log.h"

#define KEYS_GOOD_FOR (6 * 3600 * JN_SECOND)

static void
adopt_keys (JnBank *self, GBytes *keys)
{
  gboolean same = self->keys != NULL && g_bytes_equal (self->keys, keys);

  g_clear_pointer (&self->keys, g_bytes_unref);
  self->keys = g_bytes_ref (keys);
  if (!same)
    jn_bank_emit_keys_changed (self);
}

/* The list may be signed by a key that we do not know, to which its own succession leads from one that we do. */
static gboolean
is_from_heir (JnBank *self, const JnAnswer *answer, const JnRequest *sent, JnJson *root)
{
  g_autoptr (GBytes) heir = self->keys != NULL ? jn_bank_keys_walk (root, self->keys) : NULL;
  return heir != NULL && jn_answer_check (answer, sent, heir, NULL, NULL, NULL);
}

/* A list signed by a key that we know, or by one that leads back to it, or the first one that we see: by the key that it names
 * itself. */
static gboolean
learn_keys (JnBank *self, const JnAnswer *answer, const JnRequest *sent, GError **error)
{
  gsize length = 0;
  const char *text = answer->body != NULL ? g_bytes_get_data (answer->body, &length) : "";
  g_autoptr (GBytes) list = NULL;
  g_autoptr (GBytes) none = g_bytes_new_static ("", 0);
  g_autoptr (JnJsonDoc) doc = answer->status == 200 ? jn_json_parse (text, length, NULL) : NULL;

  if (doc != NULL)
    list = jn_bank_keys_from_list (jn_json_doc_root (doc), NULL);
  GBytes *believed = self->keys != NULL ? self->keys : list != NULL ? list : none;
  if (!jn_answer_check (answer, sent, believed, NULL, NULL, error))
    {
      if (list == NULL || !is_from_heir (self, answer, sent, jn_json_doc_root (doc)))
        return FALSE;
      g_clear_error (error);
    }
  if (list == NULL)
    {
      g_set_error_literal (error, JN_ERROR, JN_ERROR_ANSWER_INVALID, "not a list of keys");
      return FALSE;
    }
  adopt_keys (self, list);
  return TRUE;
}

/* The request did not go out now, whatever became of the one for the keys; of a read it may be told as if it had been this one. */
static void
fail_call (GTask *task, const GError *error)
{
  JnBankPending *call = g_task_get_task_data (task);
  gboolean tell = error->domain == JN_ERROR
                  && (!jn_request_is_write (call->request)
                      || jn_error_get_class (error) == JN_ERROR_CLASS_AGAIN);

  if (!g_task_return_error_if_cancelled (task))
    jn_bank_fail_call (task, g_error_new (JN_ERROR, tell ? error->code : JN_ERROR_NOT_SENT,
                                          "no keys: %s", error->message));
  g_object_unref (task);
}

static void
stop_waiting (GTask *task)
{
  JnBankPending *call = g_task_get_task_data (task);
  /* Not g_cancellable_disconnect(), which would wait for the signal that may have led here. */
  if (call->cancelled != 0)
    g_signal_handler_disconnect (g_task_get_cancellable (task), call->cancelled);
  call->cancelled = 0;
}

static void
on_keys (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnBank) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JnRequest) sent = g_steal_pointer (&self->keys_request);
  g_autoptr (JnAnswer) answer = jn_transport_send_finish (JN_TRANSPORT (source), result, &error);
  gboolean stopped = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  GQueue waiting = self->waiting;
  GTask *task;

  g_queue_init (&self->waiting);
  gboolean learned = answer != NULL && learn_keys (self, answer, sent, &error);
  if (!learned && !stopped)
    jn_log (JN_LOG_WARNING, "bank", "no keys of the bank: %s", error->message);
  while ((task = g_queue_pop_head (&waiting)) != NULL)
    {
      stop_waiting (task);
      JnBankPending *call = g_task_get_task_data (task);
      /* Whoever came after the stop asks again, and so does who finds what was learnt forgotten. */
      if (call->doubt != NULL && !learned)
        {
          g_task_return_error (task, g_error_copy (call->doubt));
          g_object_unref (task);
        }
      else if (learned || self->keys != NULL || stopped)
        jn_bank_begin_call (self, task);
      else
        fail_call (task, error);
    }
}

static void
ask_keys (JnBank *self)
{
  if (self->keys_request != NULL)
    return;
  JnRequest *request = jn_bank_request ("GET", NULL, JN_BANK_READ_MS, "/wallet/v1/keys");
  g_autofree char *request_id = jn_uuid_make (self->entropy);

  jn_request_add_header (request, "X-Request-ID", request_id);
  self->keys_request = jn_request_copy (request);
  self->keys_asked_at = jn_clock_now (self->clock);
  g_clear_object (&self->keys_stop);
  self->keys_stop = g_cancellable_new ();
  jn_transport_send_async (self->transport, request, self->keys_stop, on_keys, g_object_ref (self));
}

/* A key that was only announced signs now, or the list is old: time to ask for the next ones. */
void
jn_bank_note_key (JnBank *self, guint index)
{
  JnInstant now = jn_clock_now (self->clock);
  gboolean old = self->keys_asked_at == 0 || now - self->keys_asked_at > KEYS_GOOD_FOR
                 || now < self->keys_asked_at;
  if (!self->keys_pinned && (old || index > 0))
    ask_keys (self);
}

/* Nobody waits for the keys any more: then neither do we. */
static void
on_waiting_cancelled (GCancellable *cancellable, gpointer user_data)
{
  JnBank *self = user_data;
  for (GList *l = self->waiting.head; l != NULL; l = l->next)
    if (!g_cancellable_is_cancelled (g_task_get_cancellable (l->data)))
      return;
  g_cancellable_cancel (self->keys_stop);
}

void
jn_bank_wait_for_keys (JnBank *self, GTask *task)
{
  JnBankPending *call = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (self->keys_lost)
    {
      g_autoptr (GError) error = g_error_new_literal (JN_ERROR, JN_ERROR_BANK_KEYS_UNREADABLE,
                                                      "those that were kept cannot be read");
      fail_call (task, error);
      return;
    }
  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }
  g_queue_push_tail (&self->waiting, task);
  ask_keys (self);
  if (cancellable != NULL)
    call->cancelled = g_cancellable_connect (cancellable, G_CALLBACK (on_waiting_cancelled),
                                             g_object_ref (self), g_object_unref);
}

void
jn_bank_wait_for_heirs (JnBank *self, GTask *task, GError *doubt)
{
  JnBankPending *call = g_task_get_task_data (task);
  call->doubt = doubt;
  jn_bank_wait_for_keys (self, task);
}

gboolean
jn_bank_set_keys (JnBank *self, const char *text, gboolean pinned)
{
  g_return_val_if_fail (JN_IS_BANK (self), FALSE);
  g_autoptr (GBytes) keys = text != NULL ? jn_bank_keys_from_text (text) : NULL;

  if (text != NULL && keys == NULL)
    return FALSE;
  g_clear_pointer (&self->keys, g_bytes_unref);
  self->keys = g_steal_pointer (&keys);
  self->keys_pinned = pinned && self->keys != NULL;
  self->keys_asked_at = 0;
  self->keys_lost = FALSE;
  /* A list that is under way may be another bank's. */
  g_cancellable_cancel (self->keys_stop);
  return TRUE;
}

void
jn_bank_lose_keys (JnBank *self)
{
  g_return_if_fail (JN_IS_BANK (self));
  jn_bank_set_keys (self, NULL, FALSE);
  self->keys_lost = TRUE;
}

GBytes *
jn_bank_get_keys (JnBank *self)
{
  g_return_val_if_fail (JN_IS_BANK (self), NULL);
  return self->keys;
}
