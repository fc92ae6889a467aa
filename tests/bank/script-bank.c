#include "script-bank.h"

#include "jn-error.h"
#include "jn-stream.h"

#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <string.h>
#include <unistd.h>

struct _ScriptBank
{
  GObject parent_instance;
  BankKey *key;
  const BankKey *next;
  ScriptAnswer answer;
  gpointer data;
  gboolean hold;
  int fail_keys;
  const char *list;
  GQueue held; /* GTask * */
  GPtrArray *requests;
  gboolean streams;
  int pipe; /* where the open stream is written to; −1 */
};

static void iface_init (JnTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ScriptBank, script_bank, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (JN_TYPE_TRANSPORT, iface_init))

JnAnswer *
script_answer (guint status, const char *body)
{
  JnAnswer *answer = jn_answer_new (status);
  answer->body = g_bytes_new (body, strlen (body));
  if (body[0] != '\0')
    g_hash_table_replace (answer->headers, g_strdup ("content-type"),
                          g_strdup ("application/json"));
  return answer;
}

static JnAnswer *
make_answer (ScriptBank *self, const JnRequest *request, GError **error)
{
  if (!g_str_equal (request->path, "/wallet/v1/keys"))
    return self->answer (self->data, request, error);
  if (self->fail_keys != 0)
    {
      g_set_error_literal (error, JN_ERROR, self->fail_keys, "no keys");
      return NULL;
    }
  g_autofree char *list = bank_key_make_list (self->key, self->next);
  JnAnswer *answer = script_answer (200, self->list != NULL ? self->list : list);
  bank_key_sign_answer (self->key, answer, request);
  return answer;
}

static void
complete (ScriptBank *self, GTask *task)
{
  GError *error = NULL;
  JnAnswer *answer = make_answer (self, g_task_get_task_data (task), &error);
  if (answer != NULL)
    g_task_return_pointer (task, answer, (GDestroyNotify) jn_answer_free);
  else
    g_task_return_error (task, error);
  g_object_unref (task);
}

static void
send_async (JnTransport *transport, JnRequest *request, GCancellable *cancellable,
            GAsyncReadyCallback callback, gpointer user_data)
{
  ScriptBank *self = SCRIPT_BANK (transport);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_ptr_array_add (self->requests, request);
  g_task_set_task_data (task, request, NULL);
  if (self->hold)
    g_queue_push_tail (&self->held, task);
  else
    complete (self, task);
}

static JnAnswer *
send_finish (JnTransport *transport, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
open_async (JnTransport *transport, JnRequest *request, GCancellable *cancellable,
            GAsyncReadyCallback callback, gpointer user_data)
{
  ScriptBank *self = SCRIPT_BANK (transport);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  int ends[2];

  if (!self->streams)
    {
      jn_request_free (request);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "no streams");
      return;
    }
  g_ptr_array_add (self->requests, request);
  script_bank_end_stream (self);
  g_assert_true (g_unix_open_pipe (ends, FD_CLOEXEC, NULL));
  self->pipe = ends[1];
  g_autoptr (GInputStream) body = g_unix_input_stream_new (ends[0], TRUE);
  JnAnswer *head = self->answer (self->data, request, NULL);
  g_clear_pointer (&head->body, g_bytes_unref);
  g_task_return_pointer (task, jn_stream_new (head, body), g_object_unref);
}

static JnStream *
open_finish (JnTransport *transport, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
iface_init (JnTransportInterface *iface)
{
  iface->open_async = open_async;
  iface->open_finish = open_finish;
  iface->send_async = send_async;
  iface->send_finish = send_finish;
}

static void
script_bank_finalize (GObject *object)
{
  ScriptBank *self = SCRIPT_BANK (object);
  g_assert_cmpuint (g_queue_get_length (&self->held), ==, 0);
  g_ptr_array_unref (self->requests);
  G_OBJECT_CLASS (script_bank_parent_class)->finalize (object);
}

static void
script_bank_class_init (ScriptBankClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = script_bank_finalize;
}

static void
script_bank_init (ScriptBank *self)
{
  self->pipe = -1;
  self->requests = g_ptr_array_new_with_free_func ((GDestroyNotify) jn_request_free);
}

ScriptBank *
script_bank_new (BankKey *key, ScriptAnswer answer, gpointer data)
{
  ScriptBank *self = g_object_new (SCRIPT_TYPE_BANK, NULL);
  self->key = key;
  self->answer = answer;
  self->data = data;
  return self;
}

void
script_bank_set_next (ScriptBank *self, const BankKey *next)
{
  self->next = next;
}

void
script_bank_set_list (ScriptBank *self, const char *list)
{
  self->list = list;
}

void
script_bank_fail_keys (ScriptBank *self, int code)
{
  self->fail_keys = code;
}

void
script_bank_hold (ScriptBank *self, gboolean hold)
{
  GTask *task;
  self->hold = hold;
  while (!self->hold && (task = g_queue_pop_head (&self->held)) != NULL)
    complete (self, task);
}

void
script_bank_allow_streams (ScriptBank *self, gboolean allow)
{
  self->streams = allow;
}

void
script_bank_push (ScriptBank *self, const char *text)
{
  g_assert_cmpint (self->pipe, >=, 0);
  g_assert_cmpint (write (self->pipe, text, strlen (text)), ==, (gssize) strlen (text));
}

void
script_bank_end_stream (ScriptBank *self)
{
  if (self->pipe >= 0)
    close (self->pipe);
  self->pipe = -1;
}

GPtrArray *
script_bank_get_requests (ScriptBank *self)
{
  return self->requests;
}

guint
script_bank_count (ScriptBank *self, const char *path)
{
  guint n = 0;
  for (guint i = 0; i < self->requests->len; i++)
    n += strstr (((JnRequest *) g_ptr_array_index (self->requests, i))->path, path) != NULL;
  return n;
}
