/* Two ways to hear of events: the stream, and the long poll while there is no stream. */
#include "jn-follow.h"

#include "jn-error.h"
#include "jn-sse.h"
#include "jn-stream.h"

#define LEAST_MS 1000
#define MOST_MS 60000
#define QUICK_MS 1000    /* a long poll that is answered sooner, and with nothing, was not one */
#define SILENCE_MS 45000 /* three times what the bank lets pass between two signs of life */

/* Something that is tried again later and later. */
typedef struct
{
  GSource *timer;
  guint wait_ms; /* the last one; 0: the next is the first */
} Again;

struct _JnFollow
{
  GObject parent_instance;
  JnBank *bank;
  JnClock *clock;
  JnFollowFuncs funcs;
  GCancellable *running; /* NULL after the stop */
  guint64 last_event;

  GCancellable *polling; /* NULL while there is a stream, or a wait */
  gint64 polled_at;      /* by the monotonic clock */
  gboolean failed;       /* the last poll: what happened meanwhile was not told */
  Again poll_again;

  JnStream *stream;
  JnSse *sse;
  GSource *silence;
  gboolean opening;
  gboolean no_streams; /* the transport has none */
  Again stream_again;
};

G_DEFINE_FINAL_TYPE (JnFollow, jn_follow, G_TYPE_OBJECT)

static void open_stream (JnFollow *self);
static void poll_events (JnFollow *self);

/* ---- waiting ---- */

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static GSource *
start_timer (JnFollow *self, guint milliseconds, GSourceFunc func)
{
  GSource *timer = jn_clock_timer_new (self->clock, milliseconds);
  g_source_set_callback (timer, func, self, NULL);
  g_source_attach (timer, g_main_context_get_thread_default ());
  return timer;
}

static void
again_later (JnFollow *self, Again *again, guint least_ms, GSourceFunc func)
{
  guint wait = again->wait_ms == 0 ? least_ms : again->wait_ms * 2;
  again->wait_ms = CLAMP (wait, LEAST_MS, MOST_MS);
  clear_source (&again->timer);
  again->timer = start_timer (self, again->wait_ms, func);
}

/* ---- the long poll ---- */

static gboolean
on_poll_time (gpointer user_data)
{
  JnFollow *self = user_data;
  clear_source (&self->poll_again.timer);
  poll_events (self);
  return G_SOURCE_REMOVE;
}

static void
on_events (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnFollow) self = user_data;
  g_autoptr (GError) error = NULL;
  guint64 last = 0;
  guint kinds = 0;
  gboolean told = jn_bank_events_finish (JN_BANK (source), result, &last, &kinds, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->polling == NULL)
    return;
  g_clear_object (&self->polling);
  if (!told)
    {
      self->failed = TRUE;
      again_later (self, &self->poll_again, LEAST_MS, on_poll_time);
      self->funcs.failed (self->funcs.data, error);
      return;
    }
  gboolean news = kinds != 0 || last != self->last_event;
  gboolean quick =
      jn_clock_get_monotonic (self->clock) - self->polled_at < QUICK_MS * G_TIME_SPAN_MILLISECOND;
  gboolean look = news || self->failed;
  self->last_event = last;
  self->failed = FALSE;
  if (!news && quick)
    again_later (self, &self->poll_again, LEAST_MS, on_poll_time);
  else
    {
      self->poll_again.wait_ms = 0;
      poll_events (self);
    }
  if (look)
    self->funcs.look (self->funcs.data);
}

static void
poll_events (JnFollow *self)
{
  if (self->running == NULL || self->polling != NULL || self->stream != NULL
      || self->poll_again.timer != NULL)
    return;
  self->polling = g_cancellable_new ();
  self->polled_at = jn_clock_get_monotonic (self->clock);
  jn_bank_events_async (self->bank, self->last_event, self->polling, on_events,
                        g_object_ref (self));
}

static void
stop_polling (JnFollow *self)
{
  g_autoptr (GCancellable) polling = g_steal_pointer (&self->polling);
  clear_source (&self->poll_again.timer);
  g_cancellable_cancel (polling);
}

/* ---- the stream ---- */

static gboolean
on_stream_time (gpointer user_data)
{
  JnFollow *self = user_data;
  clear_source (&self->stream_again.timer);
  open_stream (self);
  return G_SOURCE_REMOVE;
}

static void
drop_stream (JnFollow *self)
{
  clear_source (&self->silence);
  if (self->stream != NULL)
    jn_stream_close (self->stream);
  g_clear_object (&self->stream);
  g_clear_pointer (&self->sse, jn_sse_free);
}

/* There is no stream now: the poll serves, and the stream is tried again. */
static void
lose_stream (JnFollow *self, const GError *error)
{
  guint least = self->sse != NULL ? jn_sse_get_retry_ms (self->sse) : 0;

  drop_stream (self);
  again_later (self, &self->stream_again, MAX (least, LEAST_MS), on_stream_time);
  poll_events (self);
  if (error != NULL)
    self->funcs.failed (self->funcs.data, error);
}

static gboolean
on_silence (gpointer user_data)
{
  JnFollow *self = user_data;
  clear_source (&self->silence);
  lose_stream (self, NULL);
  return G_SOURCE_REMOVE;
}

static void
on_event (gpointer user_data, guint64 id, const char *kind, const char *data)
{
  JnFollow *self = user_data;
  if (id != 0)
    self->last_event = id;
  self->stream_again.wait_ms = 0;
  self->funcs.look (self->funcs.data);
}

static void read_stream (JnFollow *self);

static void
on_chunk (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnFollow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = jn_stream_read_finish (JN_STREAM (source), result, &error);
  gsize length = 0;

  if ((gpointer) self->stream != (gpointer) source)
    return;
  const char *data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;
  if (length == 0 || !jn_sse_feed (self->sse, data, length, &error))
    {
      lose_stream (self, error);
      return;
    }
  /* An event may have ended it all. */
  if ((gpointer) self->stream != (gpointer) source)
    return;
  if (jn_sse_get_comments (self->sse) > 0)
    self->stream_again.wait_ms = 0;
  read_stream (self);
}

static void
read_stream (JnFollow *self)
{
  clear_source (&self->silence);
  self->silence = start_timer (self, SILENCE_MS, on_silence);
  jn_stream_read_async (self->stream, on_chunk, g_object_ref (self));
}

static void
on_stream (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnFollow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JnStream) stream = jn_bank_stream_finish (JN_BANK (source), result, &error);

  self->opening = FALSE;
  if (self->running == NULL)
    return;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    {
      self->no_streams = TRUE;
      poll_events (self);
      return;
    }
  if (stream == NULL)
    {
      lose_stream (self, NULL);
      return;
    }
  self->stream = g_steal_pointer (&stream);
  self->sse = jn_sse_new (on_event, self);
  stop_polling (self);
  self->poll_again.wait_ms = 0;
  read_stream (self);
  /* What happened before it was open has not been told. */
  self->funcs.look (self->funcs.data);
}

static void
open_stream (JnFollow *self)
{
  if (self->running == NULL || self->opening || self->stream != NULL || self->no_streams
      || self->stream_again.timer != NULL)
    return;
  self->opening = TRUE;
  jn_bank_stream_async (self->bank, self->last_event, self->running, on_stream,
                        g_object_ref (self));
}

/* ---- the object ---- */

void
jn_follow_nudge (JnFollow *self)
{
  g_return_if_fail (JN_IS_FOLLOW (self));
  clear_source (&self->stream_again.timer);
  clear_source (&self->poll_again.timer);
  self->stream_again.wait_ms = 0;
  open_stream (self);
  if (!self->opening || self->no_streams)
    poll_events (self);
}

gboolean
jn_follow_is_streaming (JnFollow *self)
{
  g_return_val_if_fail (JN_IS_FOLLOW (self), FALSE);
  return self->stream != NULL;
}

void
jn_follow_stop (JnFollow *self)
{
  g_return_if_fail (JN_IS_FOLLOW (self));
  g_autoptr (GCancellable) running = g_steal_pointer (&self->running);

  clear_source (&self->stream_again.timer);
  stop_polling (self);
  drop_stream (self);
  g_cancellable_cancel (running);
}

static void
jn_follow_dispose (GObject *object)
{
  JnFollow *self = JN_FOLLOW (object);
  jn_follow_stop (self);
  g_clear_object (&self->bank);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (jn_follow_parent_class)->dispose (object);
}

static void
jn_follow_class_init (JnFollowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_follow_dispose;
}

static void
jn_follow_init (JnFollow *self)
{
  self->running = g_cancellable_new ();
}

JnFollow *
jn_follow_new (JnBank *bank, JnClock *clock, const JnFollowFuncs *funcs)
{
  g_return_val_if_fail (JN_IS_BANK (bank) && JN_IS_CLOCK (clock) && funcs != NULL, NULL);
  JnFollow *self = g_object_new (JN_TYPE_FOLLOW, NULL);
  self->bank = g_object_ref (bank);
  self->clock = g_object_ref (clock);
  self->funcs = *funcs;
  open_stream (self);
  return self;
}
