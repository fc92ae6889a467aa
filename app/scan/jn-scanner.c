/* Starts jinnang-scan and reads its one answer. */
#include "jn-scanner.h"

#include "jn-error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define TIMEOUT_SECONDS 10
#define MAX_ANSWER 8192

typedef struct
{
  GSubprocess *process;
  GSource *timeout;
  gsize length;
  char answer[MAX_ANSWER + 1];
} Decode;

static void
decode_free (gpointer data)
{
  Decode *decode = data;
  if (decode->timeout != NULL)
    {
      g_source_destroy (decode->timeout);
      g_source_unref (decode->timeout);
    }
  if (decode->process != NULL)
    {
      g_subprocess_force_exit (decode->process);
      g_object_unref (decode->process);
    }
  g_free (decode);
}

static gboolean
on_timeout (gpointer data)
{
  Decode *decode = data;
  g_subprocess_force_exit (decode->process);
  return G_SOURCE_CONTINUE;
}

/* The picture in memory that nobody can change any more. */
static int
picture_descriptor (GBytes *picture)
{
  gsize length;
  const char *data = g_bytes_get_data (picture, &length);
  int fd = memfd_create ("picture", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  for (gsize at = 0; fd >= 0 && at < length;)
    {
      gssize done = write (fd, data + at, length - at);
      if (done < 0 && errno == EINTR)
        continue;
      if (done <= 0)
        {
          close (fd);
          return -1;
        }
      at += (gsize) done;
    }
  if (fd >= 0
      && (fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0
          || lseek (fd, 0, SEEK_SET) != 0))
    {
      close (fd);
      return -1;
    }
  return fd;
}

/* "OK <n>\n<text>" */
static char *
answer_text (const Decode *decode)
{
  const char *newline = memchr (decode->answer, '\n', decode->length);
  guint64 length;

  if (newline == NULL || !g_str_has_prefix (decode->answer, "OK "))
    return NULL;
  g_autofree char *number = g_strndup (decode->answer + 3, (gsize) (newline - decode->answer) - 3);
  const char *text = newline + 1;
  gsize rest = decode->length - (gsize) (text - decode->answer);
  if (!g_ascii_string_to_unsigned (number, 10, 1, MAX_ANSWER, &length, NULL) || length != rest
      || !g_utf8_validate_len (text, rest, NULL))
    return NULL;
  return g_strndup (text, rest);
}

/* "ERR <name>\n"; anything unheard of is an unreadable picture. */
static int
answer_code (const Decode *decode)
{
  if (decode->length < 6 || !g_str_has_prefix (decode->answer, "ERR ")
      || decode->answer[decode->length - 1] != '\n')
    return JN_ERROR_PICTURE_UNREADABLE;
  g_autofree char *name = g_strndup (decode->answer + 4, decode->length - 5);
  int code = jn_error_code_from_name (name);
  if (code < JN_ERROR_PICTURE_NO_CODE || code > JN_ERROR_PICTURE_UNREADABLE)
    return JN_ERROR_PICTURE_UNREADABLE;
  return code;
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Decode *decode = g_task_get_task_data (task);
  GError *error = NULL;

  if (!g_subprocess_wait_finish (G_SUBPROCESS (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  gboolean good = g_subprocess_get_if_exited (decode->process)
                  && g_subprocess_get_exit_status (decode->process) == 0;
  char *text = good ? answer_text (decode) : NULL;
  if (text != NULL)
    g_task_return_pointer (task, text, g_free);
  else
    g_task_return_new_error (task, JN_ERROR,
                             good ? answer_code (decode) : JN_ERROR_PICTURE_UNREADABLE,
                             "no code was read");
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Decode *decode = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &decode->length, &error))
    {
      g_subprocess_force_exit (decode->process);
      g_task_return_error (task, error);
      return;
    }
  decode->answer[decode->length] = '\0';
  /* An answer that fills the buffer has no end that we want to see. */
  if (decode->length == MAX_ANSWER)
    g_subprocess_force_exit (decode->process);
  g_subprocess_wait_async (decode->process, cancellable, on_ended, g_steal_pointer (&task));
}

static GSubprocess *
start (const char *program, GBytes *picture)
{
  static const char *const no_environment[] = { NULL };
  const char *const arguments[] = { program, NULL };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  int fd = picture_descriptor (picture);

  if (fd < 0)
    return NULL;
  g_subprocess_launcher_set_environ (launcher, (char **) no_environment);
  g_subprocess_launcher_take_stdin_fd (launcher, fd);
  return g_subprocess_launcher_spawnv (launcher, arguments, NULL);
}

GBytes *
jn_scanner_grey_picture (GBytes *grey, guint width, guint height)
{
  gsize length = g_bytes_get_size (grey);
  g_autofree char *head = g_strdup_printf ("P5\n%u %u\n255\n", width, height);
  GByteArray *picture = g_byte_array_sized_new ((guint) (strlen (head) + length));

  g_byte_array_append (picture, (const guint8 *) head, (guint) strlen (head));
  if (length > 0)
    g_byte_array_append (picture, g_bytes_get_data (grey, NULL), (guint) length);
  return g_byte_array_free_to_bytes (picture);
}

void
jn_scanner_decode_async (const char *program, GBytes *picture, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (program != NULL && picture != NULL);
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, jn_scanner_decode_async);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (g_bytes_get_size (picture) > JN_SCANNER_MAX_BYTES)
    {
      g_task_return_new_error (task, JN_ERROR, JN_ERROR_PICTURE_TOO_LARGE, "file too large");
      return;
    }
  Decode *decode = g_new0 (Decode, 1);
  g_task_set_task_data (task, decode, decode_free);
  decode->process = start (program, picture);
  if (decode->process == NULL)
    {
      g_task_return_new_error (task, JN_ERROR, JN_ERROR_IO, "the decoder does not start");
      return;
    }
  decode->timeout = g_timeout_source_new_seconds (TIMEOUT_SECONDS);
  g_source_set_callback (decode->timeout, on_timeout, decode, NULL);
  g_source_attach (decode->timeout, g_main_context_get_thread_default ());
  g_input_stream_read_all_async (g_subprocess_get_stdout_pipe (decode->process), decode->answer,
                                 MAX_ANSWER, G_PRIORITY_DEFAULT, cancellable, on_answer,
                                 g_steal_pointer (&task));
}

char *
jn_scanner_decode_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
