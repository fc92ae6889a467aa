/* Plain reads, the event list, and the sandbox's reset. */
#include "jn-bank.h"

#include "jn-bank-call.h"
#include "jn-error.h"

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

void
jn_bank_fetch_async (JnBank *self, const char *path, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (JN_IS_BANK (self));
  JnRequest *request = jn_bank_request ("GET", NULL, JN_BANK_READ_MS, "%s", path);
  jn_bank_call (self, request, JN_BANK_NO_KEY, NULL, (GDestroyNotify) g_bytes_unref, NULL, NULL,
                jn_bank_fetch_async, cancellable, callback, user_data);
}

GBytes *
jn_bank_fetch_finish (JnBank *self, GAsyncResult *result, GError **error)
{
  return jn_bank_call_finish (self, result, jn_bank_fetch_async, error);
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
