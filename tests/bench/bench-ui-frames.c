#include "bench-ui-frames.h"

#include "bench-ui-wallet.h"

#include <poll.h>
#include <time.h>

struct _BenchFrames
{
  GtkWidget *window;
  GdkFrameClock *clock;
  gulong painted;
  GArray *frames;
  gint64 end, cpu_end; /* of the frame before */

  BenchStep step;
  gpointer step_data;
  guint n_steps, n, tick;
  gboolean ran;

  BenchIsIt is_it;
  gpointer is_it_data;
  gint64 found;
};

/* Time that the main loop waited. GPollFunc takes no data. */
static gint64 waited;

static gint
measured_poll (GPollFD *fds, guint n, gint timeout)
{
  gint64 begin = g_get_monotonic_time ();
  gint result = g_poll (fds, n, timeout);

  waited += g_get_monotonic_time () - begin;
  return result;
}

static gint64
cpu_now (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static void
begin (BenchFrames *self)
{
  waited = 0;
  self->end = g_get_monotonic_time ();
  self->cpu_end = cpu_now ();
}

static void
on_after_paint (GdkFrameClock *clock, BenchFrames *self)
{
  BenchFrame frame;

  /* Until the screen has drawn it. */
  gdk_display_sync (gtk_widget_get_display (self->window));
  frame.at_us = g_get_monotonic_time ();
  frame.work_ms = (double) (frame.at_us - self->end - waited) / 1e3;
  frame.cpu_ms = (double) (cpu_now () - self->cpu_end) / 1e3;
  g_array_append_val (self->frames, frame);
  if (self->is_it != NULL && self->is_it (self->is_it_data))
    {
      self->found = frame.at_us;
      self->is_it = NULL;
    }
  if (self->n_steps > 0 && self->n == self->n_steps)
    self->ran = TRUE;
  begin (self);
}

BenchFrames *
bench_frames_new (GtkWidget *window)
{
  BenchFrames *self = g_new0 (BenchFrames, 1);

  self->window = window;
  self->clock = g_object_ref (gtk_widget_get_frame_clock (window));
  self->frames = g_array_new (FALSE, FALSE, sizeof (BenchFrame));
  self->painted = g_signal_connect (self->clock, "after-paint", G_CALLBACK (on_after_paint), self);
  g_main_context_set_poll_func (NULL, measured_poll);
  begin (self);
  return self;
}

void
bench_frames_free (BenchFrames *self)
{
  g_main_context_set_poll_func (NULL, NULL);
  g_signal_handler_disconnect (self->clock, self->painted);
  g_object_unref (self->clock);
  g_array_unref (self->frames);
  g_free (self);
}

void
bench_frames_reset (BenchFrames *self)
{
  g_array_set_size (self->frames, 0);
  begin (self);
}

GArray *
bench_frames_get (BenchFrames *self)
{
  return self->frames;
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  BenchFrames *self = data;

  if (self->n < self->n_steps)
    self->step (self->step_data, self->n++);
  return G_SOURCE_CONTINUE;
}

static gboolean
has_run (gpointer data)
{
  return ((BenchFrames *) data)->ran;
}

void
bench_frames_run (BenchFrames *self, guint n, BenchStep step, gpointer data)
{
  self->step = step;
  self->step_data = data;
  self->n_steps = n;
  self->n = 0;
  self->ran = FALSE;
  bench_frames_reset (self);
  self->tick = gtk_widget_add_tick_callback (self->window, on_tick, self, NULL);
  bench_wait ("frames", has_run, self);
  gtk_widget_remove_tick_callback (self->window, self->tick);
  self->n_steps = 0;
}

static gboolean
has_found (gpointer data)
{
  return ((BenchFrames *) data)->found != 0;
}

gint64
bench_frames_wait (BenchFrames *self, const char *what, BenchIsIt is_it, gpointer data)
{
  self->found = 0;
  self->is_it = is_it;
  self->is_it_data = data;
  bench_wait (what, has_found, self);
  return self->found;
}
