/* Pictures arrive as files and streams and leave as bytes: capped, and never decoded in this process. */
#include "jn-picture-bytes.h"

#include "jn-error.h"

#define CHUNK (256 * 1024)

static void read_next (GTask *task);

typedef struct
{
  GInputStream *stream;
  GByteArray *bytes;
} Reading;

static void
reading_free (Reading *reading)
{
  g_clear_object (&reading->stream);
  g_clear_pointer (&reading->bytes, g_byte_array_unref);
  g_free (reading);
}

static void
return_unreadable (GTask *task, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_new_error (task, JN_ERROR, JN_ERROR_PICTURE_UNREADABLE, "%s", error->message);
}

static void
chunk_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) chunk =
      g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  Reading *reading = g_task_get_task_data (task);

  if (!chunk)
    {
      return_unreadable (task, error);
      return;
    }
  if (g_bytes_get_size (chunk) == 0)
    {
      GByteArray *all = g_steal_pointer (&reading->bytes);
      g_task_return_pointer (task, g_byte_array_free_to_bytes (all),
                             (GDestroyNotify) g_bytes_unref);
      return;
    }
  if (reading->bytes->len + g_bytes_get_size (chunk) > JN_PICTURE_BYTES_MAX)
    {
      g_task_return_new_error (task, JN_ERROR, JN_ERROR_PICTURE_TOO_LARGE, "over %d bytes",
                               JN_PICTURE_BYTES_MAX);
      return;
    }
  g_byte_array_append (reading->bytes, g_bytes_get_data (chunk, NULL), g_bytes_get_size (chunk));
  read_next (g_steal_pointer (&task));
}

static void
read_next (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);

  g_input_stream_read_bytes_async (reading->stream, CHUNK, G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task), chunk_read_cb, task);
}

static void
start_reading (GTask *task, GInputStream *stream)
{
  Reading *reading = g_new0 (Reading, 1);

  reading->stream = g_object_ref (stream);
  reading->bytes = g_byte_array_new ();
  g_task_set_task_data (task, reading, (GDestroyNotify) reading_free);
  read_next (task);
}

static void
file_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read_finish (G_FILE (source), result, &error);

  if (!stream)
    return_unreadable (task, error);
  else
    start_reading (g_steal_pointer (&task), G_INPUT_STREAM (stream));
}

void
jn_picture_bytes_from_file_async (GFile *file, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, jn_picture_bytes_from_file_async);
  g_file_read_async (file, G_PRIORITY_DEFAULT, cancellable, file_opened_cb, task);
}

void
jn_picture_bytes_from_stream_async (GInputStream *stream, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, jn_picture_bytes_from_stream_async);
  start_reading (task, stream);
}

GBytes *
jn_picture_bytes_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
