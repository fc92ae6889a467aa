/* The bank's door: what every exchange has in common, and the plain reads. */
#include "jn-bank.h"

#include "jn-bank-call.h"
#include "jn-bank-told.h"
#include "jn-error.h"

#include <string.h>

struct _JnBank
{
  GObject parent_instance;
  JnTransport *transport;
  JnClock *clock;
  JnEntropy *entropy;
  char *consent_id;
  JnSecret *session_secret;
  int attempts_left;
  JnBankTold told;
};

G_DEFINE_FINAL_TYPE (JnBank, jn_bank, G_TYPE_OBJECT)

typedef struct
{
  JnBankReader reader;
  GDestroyNotify value_free;
  gpointer data;
  GDestroyNotify data_free;
} Call;

static void
call_free (gpointer user_data)
{
  Call *call = user_data;
  if (call->data_free != NULL && call->data != NULL)
    call->data_free (call->data);
  g_free (call);
}

/* ---- answers ---- */

/* A bank may refuse for many reasons, but not for one that only our own disk could have. */
static gboolean
reason_is_believable (int code)
{
  switch (jn_error_code_get_class (code))
    {
    case JN_ERROR_CLASS_INVALID:
    case JN_ERROR_CLASS_CONFLICT:
    case JN_ERROR_CLASS_REFUSED:
    case JN_ERROR_CLASS_SESSION:
      return TRUE;
    case JN_ERROR_CLASS_AGAIN:
      return code == JN_ERROR_RATE_LIMITED;
    default:
      return FALSE;
    }
}

static int
code_of_status (guint status)
{
  switch (status)
    {
    case 400:
    case 413:
    case 415:
      return JN_ERROR_INVALID;
    case 401:
      return JN_ERROR_SESSION_EXPIRED;
    case 409:
    case 422:
      return JN_ERROR_CONFLICT;
    case 429:
      return JN_ERROR_RATE_LIMITED;
    default:
      return status < 400 ? JN_ERROR_ANSWER_INVALID : JN_ERROR_REFUSED;
    }
}

static void
set_problem (JnBank *self, const JnAnswer *answer, GError **error)
{
  int code = answer->status >= 500 ? JN_ERROR_BANK_5XX : code_of_status (answer->status);

  if (answer->status >= 400 && answer->status < 500 && answer->body != NULL)
    {
      gsize length = 0;
      const char *text = g_bytes_get_data (answer->body, &length);
      g_autoptr (JnJsonDoc) doc = jn_json_parse (text, length, NULL);
      JnJson *root = doc != NULL ? jn_json_doc_root (doc) : NULL;
      int reason = jn_error_code_from_name (jn_json_string (jn_json_get (root, "reason")));
      gint64 attempts = 0;
      if (reason != 0 && reason_is_believable (reason))
        code = reason;
      if (jn_json_integer (jn_json_get (root, "attemptsLeft"), &attempts) && attempts >= 0
          && attempts <= 100)
        self->attempts_left = (int) attempts;
      jn_bank_told_read (&self->told, root);
    }
  g_set_error (error, JN_ERROR, code, "the bank answered %u", answer->status);
}

static void
finish_answer (JnBank *self, GTask *task, JnAnswer *answer)
{
  Call *call = g_task_get_task_data (task);
  g_autoptr (JnJsonDoc) doc = NULL;
  GError *error = NULL;
  gsize length = 0;

  if (answer->status < 200 || answer->status >= 300)
    {
      set_problem (self, answer, &error);
      g_task_return_error (task, error);
      return;
    }
  const char *text = answer->body != NULL ? g_bytes_get_data (answer->body, &length) : NULL;
  if (length > 0 && (doc = jn_json_parse (text, length, &error)) == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (doc == NULL && answer->status != 204)
    {
      g_task_return_new_error (task, JN_ERROR, JN_ERROR_ANSWER_INVALID, "an empty answer");
      return;
    }
  JnBankExchange exchange = { answer->body, answer->headers, call->data };
  gpointer value = call->reader (&exchange, &doc, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, value, call->value_free);
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  JnBank *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (JnAnswer) answer = jn_transport_send_finish (JN_TRANSPORT (source), result, &error);

  self->attempts_left = -1;
  jn_bank_told_begin (&self->told, answer, jn_clock_now (self->clock));
  if (answer == NULL)
    g_task_return_error (task, error);
  else
    finish_answer (self, task, answer);
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

void
jn_bank_call (JnBank *self, JnRequest *request, JnBankKey key, JnBankReader reader,
              GDestroyNotify value_free, gpointer data, GDestroyNotify data_free,
              gpointer source_tag, GCancellable *cancellable, GAsyncReadyCallback callback,
              gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  call->reader = reader;
  call->value_free = value_free;
  call->data = data;
  call->data_free = data_free;
  (g_task_set_source_tag) (task, source_tag);
  g_task_set_task_data (task, call, call_free);
  add_headers (self, request, key);
  jn_transport_send_async (self->transport, request, cancellable, on_answer, task);
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

/* ---- plain reads ---- */

void
jn_bank_document_free (JnBankDocument *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->doc, jn_json_doc_free);
  g_free (self);
}

static gpointer
read_document (JnBankExchange *exchange, JnJsonDoc **doc, GError **error)
{
  JnBankDocument *document = g_new0 (JnBankDocument, 1);
  if (exchange->body != NULL)
    document->bytes = g_bytes_ref (exchange->body);
  document->doc = g_steal_pointer (doc);
  return document;
}

void
jn_bank_get_async (JnBank *self, const char *path, GCancellable *cancellable,
                   GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (JN_IS_BANK (self));
  JnRequest *request = jn_bank_request ("GET", NULL, JN_BANK_READ_MS, "%s", path);
  jn_bank_call (self, request, JN_BANK_NO_KEY, read_document,
                (GDestroyNotify) jn_bank_document_free, NULL, NULL, jn_bank_get_async, cancellable,
                callback, user_data);
}

JnBankDocument *
jn_bank_get_finish (JnBank *self, GAsyncResult *result, GError **error)
{
  return jn_bank_call_finish (self, result, jn_bank_get_async, error);
}

typedef struct
{
  guint64 last;
  guint kinds;
} Events;

static guint
event_kind (const char *name)
{
  static const struct
  {
    const char *name;
    guint kind;
  } kinds[] = { { "feed", JN_BANK_EVENT_FEED },
                { "points", JN_BANK_EVENT_POINTS },
                { "offers", JN_BANK_EVENT_OFFERS },
                { "profile", JN_BANK_EVENT_PROFILE } };
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (name, kinds[i].name) == 0)
      return kinds[i].kind;
  return 0;
}

static gpointer
read_events (JnBankExchange *exchange, JnJsonDoc **doc, GError **error)
{
  JnJson *root = jn_json_doc_root (*doc);
  JnJson *list = jn_json_get (root, "events");
  gint64 last = 0;
  if (!jn_json_is_array (list) || !jn_json_integer (jn_json_get (root, "last"), &last) || last < 0)
    {
      g_set_error_literal (error, JN_ERROR, JN_ERROR_ANSWER_INVALID, "not an event list");
      return NULL;
    }
  Events *events = g_new0 (Events, 1);
  events->last = (guint64) last;
  for (guint i = 0; i < jn_json_length (list); i++)
    events->kinds |= event_kind (jn_json_string (jn_json_get (jn_json_at (list, i), "kind")));
  return events;
}

void
jn_bank_events_async (JnBank *self, guint64 after, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (JN_IS_BANK (self));
  JnRequest *request = jn_bank_request ("GET", NULL, JN_BANK_EVENTS_MS,
                                        "/wallet/v1/events?after=%" G_GUINT64_FORMAT "&wait=%d",
                                        after, JN_BANK_EVENTS_WAIT_S);
  jn_bank_call (self, request, JN_BANK_NO_KEY, read_events, g_free, NULL, NULL,
                jn_bank_events_async, cancellable, callback, user_data);
}

gboolean
jn_bank_events_finish (JnBank *self, GAsyncResult *result, guint64 *last, guint *kinds,
                       GError **error)
{
  g_autofree Events *events = jn_bank_call_finish (self, result, jn_bank_events_async, error);
  if (events == NULL)
    return FALSE;
  if (last != NULL)
    *last = events->last;
  if (kinds != NULL)
    *kinds = events->kinds;
  return TRUE;
}

static gpointer
read_nothing (JnBankExchange *exchange, JnJsonDoc **doc, GError **error)
{
  return GINT_TO_POINTER (TRUE);
}

void
jn_bank_reset_sandbox_async (JnBank *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (JN_IS_BANK (self));
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_end_object (writer);
  JnRequest *request =
      jn_bank_request ("POST", writer, JN_BANK_WRITE_MS, "/wallet/v1/sandbox/reset");
  jn_bank_call (self, request, JN_BANK_FRESH_KEY, read_nothing, NULL, NULL, NULL,
                jn_bank_reset_sandbox_async, cancellable, callback, user_data);
}

gboolean
jn_bank_reset_sandbox_finish (JnBank *self, GAsyncResult *result, GError **error)
{
  return jn_bank_call_finish (self, result, jn_bank_reset_sandbox_async, error) != NULL;
}

/* ---- the object ---- */

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
  G_OBJECT_CLASS (jn_bank_parent_class)->dispose (object);
}

static void
jn_bank_class_init (JnBankClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_bank_dispose;
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
