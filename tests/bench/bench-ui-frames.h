/* How long the frames of a window take. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* One painted frame. @work: what the main thread did since the frame before, everything but waiting, and the screen's own drawing
 * of it. @cpu: the main thread's share of it that was really computed: much less than @work means that others had the machine. */
typedef struct
{
  double work_ms, cpu_ms;
  gint64 at_us; /* when it stood on the screen */
} BenchFrame;

typedef struct _BenchFrames BenchFrames;

/* Measures from now on; one at a time, on the default main context. @window: realized. */
BenchFrames *bench_frames_new (GtkWidget *window);
void bench_frames_free (BenchFrames *self);

/* Forgets what was and begins a frame now. */
void bench_frames_reset (BenchFrames *self);
/* BenchFrame. Borrowed. */
GArray *bench_frames_get (BenchFrames *self);

/* Called in the update phase of frame 0, 1, ... of @n; comes back when the last one is painted. */
typedef void (*BenchStep) (gpointer data, guint frame);
void bench_frames_run (BenchFrames *self, guint n, BenchStep step, gpointer data);

/* Runs until a frame was painted of which @is_it says so, asked after its layout; gives when it stood on the screen. */
typedef gboolean (*BenchIsIt) (gpointer data);
gint64 bench_frames_wait (BenchFrames *self, const char *what, BenchIsIt is_it, gpointer data);

G_END_DECLS
