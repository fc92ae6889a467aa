#include "conform-transport.h"

#include "jn-json.h"

#include <string.h>

#define XS2A_BASE "/psd2"

struct _ConformTransport
{
  GObject parent_instance;
  JnTransport *xs2a, *wallet;
  gboolean deliberate;
  guint exchanges[2]; /* wallet, xs2a */
  guint violations;
};

static void conform_transport_iface_init (JnTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ConformTransport, conform_transport, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (JN_TYPE_TRANSPORT,
                                                      conform_transport_iface_init))

typedef struct
{
  char *what; /* method, path and body as they were sent */
  gboolean deliberate;
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;
  g_free (call->what);
  g_free (call);
}

static char *
describe (const JnRequest *request)
{
  gsize length = 0;
  const char *body = request->body != NULL ? g_bytes_get_data (request->body, &length) : NULL;
  return g_strdup_printf ("%s %s %.*s", request->method, request->path, (int) length,
                          body != NULL ? body : "");
}

static char *
join (JnJson *location)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < jn_json_length (location); i++)
    {
      const char *part = jn_json_string (jn_json_at (location, i));
      g_string_append_printf (text, "%s%s", i > 0 ? "." : "", part != NULL ? part : "?");
    }
  return g_string_free (text, FALSE);
}

static void
tell (ConformTransport *self, const Call *call, const JnAnswer *answer, const char *place,
      const char *message)
{
  gsize length = 0;
  const char *body = answer->body != NULL ? g_bytes_get_data (answer->body, &length) : NULL;

  self->violations++;
  g_print ("VIOLATION %s: %s\n  request %s\n  answer %u %.*s\n", place, message, call->what,
           answer->status, (int) MIN (length, 600), body != NULL ? body : "");
}

static void
judge (ConformTransport *self, const Call *call, const JnAnswer *answer)
{
  const char *found = g_hash_table_lookup (answer->headers, "sl-violations");
  if (found == NULL)
    return;
  g_autoptr (JnJsonDoc) doc = jn_json_parse (found, strlen (found), NULL);
  if (doc == NULL)
    {
      tell (self, call, answer, "validator", found);
      return;
    }
  JnJson *list = jn_json_doc_root (doc);
  for (guint i = 0; i < jn_json_length (list); i++)
    {
      JnJson *one = jn_json_at (list, i);
      g_autofree char *place = join (jn_json_get (one, "location"));
      if (!call->deliberate || !g_str_has_prefix (place, "request"))
        tell (self, call, answer, place, jn_json_string (jn_json_get (one, "message")));
    }
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ConformTransport *self = g_task_get_source_object (task);
  GError *error = NULL;
  JnAnswer *answer = jn_transport_send_finish (JN_TRANSPORT (source), result, &error);

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  judge (self, g_task_get_task_data (task), answer);
  g_task_return_pointer (task, answer, (GDestroyNotify) jn_answer_free);
}

static void
send_async (JnTransport *transport, JnRequest *request, GCancellable *cancellable,
            GAsyncReadyCallback callback, gpointer user_data)
{
  ConformTransport *self = CONFORM_TRANSPORT (transport);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  gboolean xs2a = g_str_has_prefix (request->path, XS2A_BASE "/");
  Call *call = g_new0 (Call, 1);

  call->what = describe (request);
  call->deliberate = self->deliberate;
  g_task_set_task_data (task, call, call_free);
  self->exchanges[xs2a]++;
  if (xs2a)
    memmove (request->path, request->path + strlen (XS2A_BASE),
             strlen (request->path) - strlen (XS2A_BASE) + 1);
  jn_transport_send_async (xs2a ? self->xs2a : self->wallet, request, cancellable, on_answer, task);
}

static JnAnswer *
send_finish (JnTransport *transport, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
conform_transport_iface_init (JnTransportInterface *iface)
{
  iface->send_async = send_async;
  iface->send_finish = send_finish;
}

static void
conform_transport_finalize (GObject *object)
{
  ConformTransport *self = CONFORM_TRANSPORT (object);
  g_object_unref (self->xs2a);
  g_object_unref (self->wallet);
  G_OBJECT_CLASS (conform_transport_parent_class)->finalize (object);
}

static void
conform_transport_class_init (ConformTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = conform_transport_finalize;
}

static void
conform_transport_init (ConformTransport *self)
{
}

ConformTransport *
conform_transport_new (JnTransport *xs2a, JnTransport *wallet)
{
  ConformTransport *self = g_object_new (CONFORM_TYPE_TRANSPORT, NULL);
  self->xs2a = g_object_ref (xs2a);
  self->wallet = g_object_ref (wallet);
  return self;
}

void
conform_transport_set_deliberate (ConformTransport *self, gboolean deliberate)
{
  self->deliberate = deliberate;
}

guint
conform_transport_get_exchanges (ConformTransport *self, gboolean xs2a)
{
  return self->exchanges[xs2a];
}

guint
conform_transport_get_violations (ConformTransport *self)
{
  return self->violations;
}
