/* One line a figure, as the other benches print it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @goal: at most this; negative for none. @note: what else to know; NULL for nothing. */
void bench_figure (const char *name, double value, const char *unit, double goal, const char *note);

/* Sorts @values. */
double bench_median (double *values, gsize n);
/* The value that @percent of all do not pass. Sorts @values. */
double bench_percentile (double *values, gsize n, double percent);

/* A field of /proc/self/status in MB: "VmRSS" now, "VmHWM" at most. */
double bench_memory_mb (const char *field);

G_END_DECLS
