/* Starts jinnang-camera and reads its pictures, one for each that is asked for. */
#include "jn-camera-stream.h"

#include "jn-camera-wire.h"

#include <sys/socket.h>
#include <unistd.h>

#define PAUSE_MS 50 /* between a frame and the question for the next */

struct _JnCameraStream
{
  JnCameraStreamFrameFunc frame;
  JnCameraStreamEndedFunc ended;
  gpointer data;
  JnClock *clock;
  GSubprocess *process;
  GSocketConnection *connection;
  GCancellable *cancellable;
  guint pause;
};

/* What is being read. It outlives the stream when that is freed meanwhile. */
typedef struct
{
  JnCameraStream *stream; /* valid until cancelled */
  GCancellable *cancellable;
  JnCameraHead head;
  guint8 *body;
} Answer;

static void
answer_free (Answer *self)
{
  g_object_unref (self->cancellable);
  g_free (self->body);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answer, answer_free)

/* ---- the process ---- */

/* What GStreamer and PipeWire look into; variables that could load code or redirect them stay behind. */
static char **
make_environment (void)
{
  static const char *const kept[] = { "HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR" };
  char **environment = g_environ_setenv (NULL, "LC_ALL", "C.UTF-8", TRUE);

  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    if (g_getenv (kept[i]) != NULL)
      environment = g_environ_setenv (environment, kept[i], g_getenv (kept[i]), TRUE);
  return environment;
}

static GSubprocessLauncher *
make_launcher (void)
{
  GSubprocessLauncher *launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                                                             | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_auto (GStrv) environment = make_environment ();

  g_subprocess_launcher_set_environ (launcher, environment);
  return launcher;
}

/* Takes @fd. A socket and not two pipes: writing to one whose reader is gone is an error and no signal. */
static gboolean
start (JnCameraStream *self, const char *program, int fd)
{
  g_autoptr (GSubprocessLauncher) launcher = make_launcher ();
  g_autoptr (GSocket) ours = NULL;
  const char *const arguments[] = { program, NULL };
  int ends[2];

  g_subprocess_launcher_take_fd (launcher, fd, JN_CAMERA_PIPEWIRE_FD);
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return FALSE;
  g_subprocess_launcher_take_stdin_fd (launcher, ends[1]);
  ours = g_socket_new_from_fd (ends[0], NULL);
  if (ours == NULL)
    {
      close (ends[0]);
      return FALSE;
    }
  self->connection = g_socket_connection_factory_create_connection (ours);
  self->process = g_subprocess_launcher_spawnv (launcher, arguments, NULL);
  return self->process != NULL;
}

/* ---- frames ---- */

static void
end (JnCameraStream *self)
{
  g_cancellable_cancel (self->cancellable);
  self->ended (self->data);
}

static void ask (JnCameraStream *self);

static gboolean
on_pause (gpointer data)
{
  JnCameraStream *self = data;

  self->pause = 0;
  ask (self);
  return G_SOURCE_REMOVE;
}

static gsize
pixels_of (const Answer *answer)
{
  return (gsize) answer->head.width * answer->head.height;
}

/* FALSE when the stream is gone, or ended because not all of it came. */
static gboolean
finish_read (Answer *answer, GObject *source, GAsyncResult *result, gsize wanted)
{
  gsize got = 0;
  gboolean good =
      g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &got, NULL) && got == wanted;

  if (g_cancellable_is_cancelled (answer->cancellable))
    return FALSE;
  if (!good)
    end (answer->stream);
  return good;
}

static void
on_body (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Answer) answer = data;
  gsize pixels = pixels_of (answer);

  if (!finish_read (answer, source, result, pixels * 5))
    return;
  g_autoptr (GBytes) body = g_bytes_new_take (g_steal_pointer (&answer->body), pixels * 5);
  g_autoptr (GBytes) colours = g_bytes_new_from_bytes (body, 0, pixels * 4);
  g_autoptr (GBytes) grey = g_bytes_new_from_bytes (body, pixels * 4, pixels);
  JnCameraFrame frame = { answer->head.width, answer->head.height, colours, grey };
  JnCameraStream *self = answer->stream;
  self->pause = jn_clock_add_timer (self->clock, PAUSE_MS, on_pause, self);
  self->frame (&frame, self->data);
}

static void
on_head (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Answer) answer = data;

  if (!finish_read (answer, source, result, sizeof answer->head))
    return;
  if (!jn_camera_head_is_good (&answer->head))
    {
      end (answer->stream);
      return;
    }
  gsize length = pixels_of (answer) * 5;
  answer->body = g_malloc (length);
  g_input_stream_read_all_async (G_INPUT_STREAM (source), answer->body, length,
                                 G_PRIORITY_DEFAULT_IDLE, answer->cancellable, on_body, answer);
  g_steal_pointer (&answer);
}

/* One byte into a socket that has nothing in it never waits. */
static void
ask (JnCameraStream *self)
{
  GIOStream *stream = G_IO_STREAM (self->connection);
  Answer *answer = g_new0 (Answer, 1);

  answer->stream = self;
  answer->cancellable = g_object_ref (self->cancellable);
  /* That nobody is there any more is told by the read. */
  g_output_stream_write (g_io_stream_get_output_stream (stream), "?", 1, NULL, NULL);
  g_input_stream_read_all_async (g_io_stream_get_input_stream (stream), &answer->head,
                                 sizeof answer->head, G_PRIORITY_DEFAULT_IDLE, self->cancellable,
                                 on_head, answer);
}

JnCameraStream *
jn_camera_stream_new (const char *program, int fd, JnClock *clock, JnCameraStreamFrameFunc frame,
                      JnCameraStreamEndedFunc ended, gpointer data)
{
  g_autoptr (JnCameraStream) self = g_new0 (JnCameraStream, 1);

  self->frame = frame;
  self->ended = ended;
  self->data = data;
  self->clock = g_object_ref (clock);
  self->cancellable = g_cancellable_new ();
  if (!start (self, program, fd))
    return NULL;
  ask (self);
  return g_steal_pointer (&self);
}

void
jn_camera_stream_free (JnCameraStream *self)
{
  if (self == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_clear_handle_id (&self->pause, g_source_remove);
  if (self->process != NULL)
    g_subprocess_force_exit (self->process);
  g_clear_object (&self->process);
  g_clear_object (&self->connection);
  g_object_unref (self->clock);
  g_free (self);
}

/* ---- whether it could ---- */

static void
on_probed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;

  g_task_return_boolean (task,
                         g_subprocess_wait_check_finish (G_SUBPROCESS (source), result, NULL));
}

void
jn_camera_stream_probe_async (const char *program, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  g_autoptr (GSubprocessLauncher) launcher = make_launcher ();
  const char *const arguments[] = { program, "--probe", NULL };
  g_autoptr (GSubprocess) process = g_subprocess_launcher_spawnv (launcher, arguments, NULL);

  g_task_set_source_tag (task, jn_camera_stream_probe_async);
  if (process == NULL)
    g_task_return_boolean (task, FALSE);
  else
    g_subprocess_wait_check_async (process, cancellable, on_probed, g_steal_pointer (&task));
}

gboolean
jn_camera_stream_probe_finish (GAsyncResult *result)
{
  return g_task_propagate_boolean (G_TASK (result), NULL);
}
