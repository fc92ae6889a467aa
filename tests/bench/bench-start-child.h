/* What a measured program tells its starter: when its first frame stood on the screen. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @start: CLOCK_MONOTONIC of the starter when it spawned us, in microseconds. Watches the first window of any application made
 * from now on and ends the application after the first painted frame of which @is_it says so (NULL: the first). */
typedef gboolean (*BenchIsFrame) (GtkWidget *window);
void bench_child_watch (gint64 start, BenchIsFrame is_it);

G_END_DECLS
