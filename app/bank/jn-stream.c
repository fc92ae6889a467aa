#include "jn-stream.h"

#include "jn-error.h"

#define READ_BYTES (16 * 1024)

struct _JnStream
{
  GObject parent_instance;
  JnAnswer *head;
  GInputStream *body;
  GCancellable *stop;
  gboolean cut;
};

G_DEFINE_FINAL_TYPE (JnStream, jn_stream, G_TYPE_OBJECT)

JnStream *
jn_stream_new (JnAnswer *head, GInputStream *body)
{
  g_return_val_if_fail (head != NULL && G_IS_INPUT_STREAM (body), NULL);
  JnStream *self = g_object_new (JN_TYPE_STREAM, NULL);
  self->head = head;
  self->body = g_object_ref (body);
  return self;
}

const JnAnswer *
jn_stream_get_head (JnStream *self)
{
  g_return_val_if_fail (JN_IS_STREAM (self), NULL);
  return self->head;
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  JnStream *self = g_task_get_source_object (task);
  GError *error = NULL;
  GBytes *bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);

  if (bytes != NULL)
    {
      g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
      return;
    }
  if (self->cut)
    g_task_return_new_error (task, JN_ERROR, JN_ERROR_OFFLINE, "the network is cut");
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "closed");
  else
    g_task_return_new_error (task, JN_ERROR, JN_ERROR_ANSWER_CUT, "%s", error->message);
  g_error_free (error);
}

void
jn_stream_read_async (JnStream *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (JN_IS_STREAM (self));
  GTask *task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, jn_stream_read_async);
  g_input_stream_read_bytes_async (self->body, READ_BYTES, G_PRIORITY_DEFAULT, self->stop, on_read,
                                   task);
}

GBytes *
jn_stream_read_finish (JnStream *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
jn_stream_close (JnStream *self)
{
  g_return_if_fail (JN_IS_STREAM (self));
  g_cancellable_cancel (self->stop);
}

void
jn_stream_cut (JnStream *self)
{
  g_return_if_fail (JN_IS_STREAM (self));
  self->cut = TRUE;
  g_cancellable_cancel (self->stop);
}

static void
jn_stream_finalize (GObject *object)
{
  JnStream *self = JN_STREAM (object);
  jn_answer_free (self->head);
  g_clear_object (&self->body);
  g_clear_object (&self->stop);
  G_OBJECT_CLASS (jn_stream_parent_class)->finalize (object);
}

static void
jn_stream_class_init (JnStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = jn_stream_finalize;
}

static void
jn_stream_init (JnStream *self)
{
  self->stop = g_cancellable_new ();
}
