#include "bench-ui-figures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
bench_figure (const char *name, double value, const char *unit, double goal, const char *note)
{
  printf ("BENCH {\"room\":\"ui\",\"name\":\"%s\",\"value\":%.3f,\"unit\":\"%s\"", name, value,
          unit);
  if (goal >= 0)
    printf (",\"goal\":%g", goal);
  if (note != NULL)
    printf (",\"note\":\"%s\"", note);
  printf ("}\n");
  fflush (stdout);
}

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return x < y ? -1 : x > y;
}

double
bench_median (double *values, gsize n)
{
  return bench_percentile (values, n, 50);
}

double
bench_percentile (double *values, gsize n, double percent)
{
  gsize index = (gsize) ((double) n * percent / 100);

  g_return_val_if_fail (n > 0, 0);
  qsort (values, n, sizeof *values, compare);
  return values[MIN (index, n - 1)];
}

double
bench_memory_mb (const char *field)
{
  g_autofree char *text = NULL;
  g_autofree char *wanted = g_strconcat (field, ":", NULL);
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL)
      || (line = strstr (text, wanted)) == NULL)
    return 0;
  return (double) g_ascii_strtoll (line + strlen (wanted), NULL, 10) / 1024;
}
