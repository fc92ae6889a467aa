/* The bank's door: what every exchange has in common. A request waits until the bank's keys are known and, when it has an effect, until the
 * one before it has ended; it goes out signed, and its answer is looked at only when the bank has signed it. */
#include "jn-bank-private.h"
#include "jn-error.h"

#include <string.h>

enum
{
  SIGNAL_KEYS_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (JnBank, jn_bank, G_TYPE_OBJECT)

static void
call_free (gpointer user_data)
{
  JnBankPending *call = user_data;
  jn_request_free (call->request);
  jn_request_free (call->sent);
  g_clear_error (&call->doubt);
  if (call->data_free != NULL && call->data != NULL)
    call->data_free (call->data);
  g_free (call);
}

/* ---- requests ---- */

static void
add_authorization (JnBank *self, JnRequest *request)
{
  gsize length = 0;
  if (self->session_secret == NULL || self->consent_id == NULL)
    return;
  const char *secret = (const char *) jn_secret_get (self->session_secret, &length);
  char *value = g_strconcat ("Bearer ", secret, NULL);
  jn_request_add_header (request, "Authorization", value);
  jn_request_add_header (request, "Consent-ID", self->consent_id);
  explicit_bzero (value, strlen (value));
  g_free (value);
}

static void
add_headers (JnBank *self, JnRequest *request, JnBankKey key)
{
  g_autofree char *request_id = jn_uuid_make (self->entropy);
  jn_request_add_header (request, "X-Request-ID", request_id);
  /* XS2A wants the customer's address as whoever asks for them sees it: it is the same computer. */
  if (g_str_has_prefix (request->path, "/psd2/"))
    jn_request_add_header (request, "PSU-IP-Address", "127.0.0.1");
  if (key == JN_BANK_FRESH_KEY)
    {
      JnId id = jn_id_make (self->clock, self->entropy);
      g_autofree char *text = jn_id_to_string (&id);
      g_autofree char *field = g_strdup_printf ("\"%s\"", text);
      jn_request_add_header (request, "Idempotency-Key", field);
    }
  add_authorization (self, request);
}

/* ---- sending ---- */

static void send_call (JnBank *self, GTask *task);

/* What stands in the way of a write that ended is gone. */
static void
end_call (JnBank *self, GTask *task)
{
  if (self->writing != task)
    return;
  self->writing = NULL;
  GTask *next = g_queue_pop_head (&self->writes);
  if (next != NULL)
    jn_bank_begin_call (self, next);
}

/* The bank has seen the counter: the same request goes once more, above the highest that the bank has seen. */
static gboolean
must_repeat (JnBank *self, JnBankPending *call, const JnAnswer *answer)
{
  gsize length = 0;
  guint64 highest = 0;

  if (answer->status != 401 || answer->body == NULL || call->repeated || self->device == NULL)
    return FALSE;
  const char *text = g_bytes_get_data (answer->body, &length);
  g_autoptr (JnJsonDoc) doc = jn_json_parse (text, length, NULL);
  JnJson *root = doc != NULL ? jn_json_doc_root (doc) : NULL;
  if (g_strcmp0 (jn_json_string (jn_json_get (root, "reason")), "COUNTER_USED") != 0
      || !jn_http_counter_parse (jn_json_string (jn_json_get (root, "counter")), &highest)
      || highest == G_MAXINT64)
    return FALSE;
  self->counter = MAX (self->counter, highest);
  call->repeated = TRUE;
  return TRUE;
}

/* What an earlier sending may have done: an error of a later one says nothing of it. NULL: nothing, for certain. */
static GError *
doubt_of_earlier (const JnBankPending *call)
{
  if (call->doubt != NULL)
    return g_error_copy (call->doubt);
  /* Another copy, that somebody on the way made, may have been taken under the counter. */
  if (call->repeated)
    return g_error_new_literal (JN_ERROR, JN_ERROR_COUNTER_USED, "the counter was used");
  return NULL;
}

void
jn_bank_fail_call (GTask *task, GError *error)
{
  JnBankPending *call = g_task_get_task_data (task);
  GError *doubt = NULL;

  if (jn_request_is_write (call->request) && jn_error_get_class (error) == JN_ERROR_CLASS_AGAIN)
    doubt = doubt_of_earlier (call);
  if (doubt != NULL)
    g_error_free (error);
  g_task_return_error (task, doubt != NULL ? doubt : error);
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  JnBank *self = g_task_get_source_object (task);
  JnBankPending *call = g_task_get_task_data (task);
  GError *error = NULL;
  guint index = 0;
  gint64 created = 0;
  g_autoptr (JnAnswer) answer = jn_transport_send_finish (JN_TRANSPORT (source), result, &error);

  gboolean good = answer != NULL && self->keys != NULL
                  && jn_answer_check (answer, call->sent, self->keys, &index, &created, &error);

  self->attempts_left = -1;
  jn_bank_told_begin (&self->told, good ? created * JN_SECOND : 0, jn_clock_now (self->clock));
  if (!good)
    {
      if (error == NULL)
        error = g_error_new_literal (JN_ERROR, JN_ERROR_ANSWER_NOT_SIGNED, "keys were forgotten");
      end_call (self, task);
      if (answer != NULL && !self->keys_pinned && self->keys != NULL && call->doubt == NULL
          && jn_answer_names_stranger (answer, call->sent, self->keys))
        jn_bank_wait_for_heirs (self, g_steal_pointer (&task), error);
      else
        jn_bank_fail_call (task, error);
      return;
    }
  jn_bank_note_key (self, index);
  if (must_repeat (self, call, answer))
    {
      send_call (self, g_steal_pointer (&task));
      return;
    }
  end_call (self, task);
  jn_bank_finish_answer (self, task, answer);
}

static guint64
next_counter (JnBank *self)
{
  if (self->counter == 0)
    self->counter = (guint64) MAX (jn_clock_now (self->clock), 0);
  return ++self->counter;
}

void
jn_bank_prepare (JnBank *self, JnRequest *request)
{
  add_headers (self, request, JN_BANK_NO_KEY);
  if (self->device != NULL)
    jn_request_sign (request, self->device, next_counter (self), jn_clock_now (self->clock));
}

/* Takes @task. */
static void
send_call (JnBank *self, GTask *task)
{
  JnBankPending *call = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    {
      end_call (self, task);
      g_object_unref (task);
      return;
    }
  g_clear_pointer (&call->sent, jn_request_free);
  call->sent = jn_request_copy (call->request);
  if (self->device != NULL && !jn_request_is_open (call->sent))
    jn_request_sign (call->sent, self->device, next_counter (self), jn_clock_now (self->clock));
  jn_transport_send_async (self->transport, jn_request_copy (call->sent),
                           g_task_get_cancellable (task), on_answer, task);
}

void
jn_bank_begin_call (JnBank *self, GTask *task)
{
  JnBankPending *call = g_task_get_task_data (task);
  gboolean write = jn_request_is_write (call->request);

  if (self->keys == NULL)
    jn_bank_wait_for_keys (self, task);
  else if (write && self->writing != NULL)
    g_queue_push_tail (&self->writes, task);
  else
    {
      if (write)
        self->writing = task;
      send_call (self, task);
    }
}

void
jn_bank_call (JnBank *self, JnRequest *request, JnBankKey key, JnBankReader reader,
              GDestroyNotify value_free, gpointer data, GDestroyNotify data_free,
              gpointer source_tag, GCancellable *cancellable, GAsyncReadyCallback callback,
              gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  JnBankPending *call = g_new0 (JnBankPending, 1);

  call->request = request;
  call->reader = reader;
  call->value_free = value_free;
  call->data = data;
  call->data_free = data_free;
  (g_task_set_source_tag) (task, source_tag);
  g_task_set_task_data (task, call, call_free);
  add_headers (self, request, key);
  jn_bank_begin_call (self, task);
}

gpointer
jn_bank_call_finish (JnBank *self, GAsyncResult *result, gpointer source_tag, GError **error)
{
  g_return_val_if_fail (JN_IS_BANK (self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, source_tag), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
jn_bank_refuse (JnBank *self, gpointer source_tag, GCancellable *cancellable,
                GAsyncReadyCallback callback, gpointer user_data, const char *what)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  (g_task_set_source_tag) (task, source_tag);
  g_task_return_new_error (task, JN_ERROR, JN_ERROR_INVALID, "%s", what);
}

JnRequest *
jn_bank_request (const char *method, JnJsonWriter *writer, guint timeout_ms,
                 const char *path_format, ...)
{
  va_list arguments;
  va_start (arguments, path_format);
  g_autofree char *path = g_strdup_vprintf (path_format, arguments);
  va_end (arguments);

  JnRequest *request = jn_request_new (method, path);
  request->timeout_ms = timeout_ms;
  request->max_answer = JN_JSON_MAX_BYTES;
  if (writer != NULL)
    {
      gsize length = 0;
      char *text = jn_json_writer_finish (writer, &length);
      request->body = g_bytes_new_take (text, length);
    }
  return request;
}

/* ---- the object ---- */

void
jn_bank_emit_keys_changed (JnBank *self)
{
  g_signal_emit (self, signals[SIGNAL_KEYS_CHANGED], 0);
}

void
jn_bank_set_session (JnBank *self, const char *consent_id, JnSecret *session_secret)
{
  g_return_if_fail (JN_IS_BANK (self));
  JnSecret *kept = session_secret != NULL ? jn_secret_ref (session_secret) : NULL;
  g_clear_pointer (&self->session_secret, jn_secret_unref);
  self->session_secret = kept;
  char *id = g_strdup (consent_id);
  g_free (self->consent_id);
  self->consent_id = id;
}

gboolean
jn_bank_has_session (JnBank *self)
{
  g_return_val_if_fail (JN_IS_BANK (self), FALSE);
  return self->consent_id != NULL && self->session_secret != NULL;
}

void
jn_bank_set_device (JnBank *self, JnDevice *device)
{
  g_return_if_fail (JN_IS_BANK (self));
  g_autoptr (JnSecret) seed = device != NULL ? jn_device_dup_seed (device) : NULL;
  g_clear_pointer (&self->device, jn_device_free);
  self->device = seed != NULL ? jn_device_new_from_seed (seed) : NULL;
}

int
jn_bank_get_attempts_left (JnBank *self)
{
  g_return_val_if_fail (JN_IS_BANK (self), -1);
  return self->attempts_left;
}

const char *
jn_bank_get_paid_on (JnBank *self, JnInstant *at)
{
  g_return_val_if_fail (JN_IS_BANK (self), NULL);
  if (at != NULL)
    *at = self->told.paid_at;
  return self->told.paid_on;
}

gboolean
jn_bank_get_funds (JnBank *self, JnMoney *available, JnMoney *held, JnMoney *missing)
{
  g_return_val_if_fail (JN_IS_BANK (self), FALSE);
  *available = self->told.available;
  *held = self->told.held;
  *missing = self->told.missing;
  return missing->currency != JN_CURRENCY_NONE;
}

gboolean
jn_bank_get_date (JnBank *self, JnInstant *bank, JnInstant *ours)
{
  g_return_val_if_fail (JN_IS_BANK (self), FALSE);
  *bank = self->told.date;
  *ours = self->told.came;
  return self->told.date != 0;
}

static void
jn_bank_dispose (GObject *object)
{
  JnBank *self = JN_BANK (object);
  g_clear_pointer (&self->told.paid_on, g_free);
  g_clear_object (&self->transport);
  g_clear_object (&self->clock);
  g_clear_object (&self->entropy);
  g_clear_pointer (&self->session_secret, jn_secret_unref);
  g_clear_pointer (&self->consent_id, g_free);
  g_clear_pointer (&self->device, jn_device_free);
  g_clear_pointer (&self->keys, g_bytes_unref);
  g_clear_object (&self->keys_stop);
  G_OBJECT_CLASS (jn_bank_parent_class)->dispose (object);
}

static void
jn_bank_class_init (JnBankClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_bank_dispose;
  signals[SIGNAL_KEYS_CHANGED] = g_signal_new ("keys-changed", JN_TYPE_BANK, G_SIGNAL_RUN_LAST, 0,
                                               NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
jn_bank_init (JnBank *self)
{
  self->attempts_left = -1;
}

JnBank *
jn_bank_new (JnTransport *transport, JnClock *clock, JnEntropy *entropy)
{
  g_return_val_if_fail (JN_IS_TRANSPORT (transport), NULL);
  JnBank *self = g_object_new (JN_TYPE_BANK, NULL);
  self->transport = g_object_ref (transport);
  self->clock = g_object_ref (clock);
  self->entropy = g_object_ref (entropy);
  return self;
}
