#include "bench-start-child.h"

#include "bench-ui-figures.h"

#include <stdio.h>

/* One program, one window. */
static struct
{
  gint64 start, entered, window, first;
  BenchIsFrame is_it;
  gboolean done;
} child;

static gboolean
on_end (gpointer data)
{
  g_application_quit (data);
  return G_SOURCE_REMOVE;
}

/* The screen has drawn what was sent to it. */
static void
on_after_paint (GdkFrameClock *clock, GtkWidget *window)
{
  gint64 now;

  if (child.done)
    return;
  gdk_display_sync (gtk_widget_get_display (window));
  now = g_get_monotonic_time ();
  if (child.first == 0)
    child.first = now;
  if (child.is_it != NULL && !child.is_it (window))
    return;
  child.done = TRUE;
  printf ("FRAME %f %f %f %f %f\n", (double) (now - child.start) / 1e3, bench_memory_mb ("VmHWM"),
          (double) (child.entered - child.start) / 1e3, (double) (child.window - child.start) / 1e3,
          (double) (child.first - child.start) / 1e3);
  fflush (stdout);
  g_idle_add (on_end, g_application_get_default ());
}

static void
on_realize (GtkWidget *window)
{
  g_signal_connect_object (gtk_widget_get_frame_clock (window), "after-paint",
                           G_CALLBACK (on_after_paint), window, 0);
}

static gboolean
on_window_added (GSignalInvocationHint *hint, guint n, const GValue *values, gpointer data)
{
  GtkWidget *window = g_value_get_object (&values[1]);

  if (child.window != 0)
    return TRUE;
  child.window = g_get_monotonic_time ();
  g_signal_connect (window, "realize", G_CALLBACK (on_realize), NULL);
  return TRUE;
}

void
bench_child_watch (gint64 start, BenchIsFrame is_it)
{
  g_type_class_unref (g_type_class_ref (GTK_TYPE_APPLICATION));
  child.start = start;
  child.entered = g_get_monotonic_time ();
  child.is_it = is_it;
  g_signal_add_emission_hook (g_signal_lookup ("window-added", GTK_TYPE_APPLICATION), 0,
                              on_window_added, NULL, NULL);
}
