/* From the start of the program to its first frame with data, beside an empty AdwApplication window in the same run, and the
 * peak memory of each. bench-start EMPTY WALLET: the two programs; under run-display.sh. */
#include "bench-ui-figures.h"
#include "bench-ui-wallet.h"
#include "remove-tree.h"

#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 9
/* The size that the wallet has when it is new. */
#define WIDTH "1120"
#define HEIGHT "760"

/* What a child told: milliseconds since it was spawned, and MB. */
typedef struct
{
  double frame, memory, entered, window, first;
} Start;

static Start
start_program (const char *const *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) line = g_ptr_array_new ();
  g_autofree char *out = NULL;
  g_autofree char *start = NULL;
  Start answer = { 0 };

  g_ptr_array_add (line, (gpointer) words[0]);
  g_ptr_array_add (line, NULL);
  for (int i = 1; words[i] != NULL; i++)
    g_ptr_array_add (line, (gpointer) words[i]);
  g_ptr_array_add (line, NULL);
  start = g_strdup_printf ("%" G_GINT64_FORMAT, g_get_monotonic_time ());
  line->pdata[1] = start;
  g_autoptr (GSubprocess) program =
      g_subprocess_newv ((const char *const *) line->pdata, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  if (program == NULL || !g_subprocess_communicate_utf8 (program, NULL, NULL, &out, NULL, &error))
    g_error ("%s: %s", words[0], error->message);
  if (!g_subprocess_get_successful (program)
      || sscanf (out, "FRAME %lf %lf %lf %lf %lf", &answer.frame, &answer.memory, &answer.entered,
                 &answer.window, &answer.first)
             != 5)
    g_error ("%s told nothing: %s", words[0], out);
  return answer;
}

static double
median_of (const Start *starts, gsize offset)
{
  double values[ROUNDS];

  for (int i = 0; i < ROUNDS; i++)
    values[i] = *(const double *) (const void *) ((const char *) &starts[i] + offset);
  return bench_median (values, ROUNDS);
}

#define MEDIAN(starts, field) median_of (starts, G_STRUCT_OFFSET (Start, field))

static void
report (const Start *empty, const Start *wallet)
{
  g_autofree char *times = g_strdup_printf (
      "median of %d: %.0f ms to %.0f ms, whose window was made after %.0f ms", ROUNDS,
      MEDIAN (wallet, frame), MEDIAN (empty, frame), MEDIAN (wallet, window));
  g_autofree char *sizes = g_strdup_printf ("median of %d: %.1f MB to %.1f MB", ROUNDS,
                                            MEDIAN (wallet, memory), MEDIAN (empty, memory));
  double time_ratio[ROUNDS], memory_ratio[ROUNDS];

  for (int i = 0; i < ROUNDS; i++)
    {
      time_ratio[i] = wallet[i].frame / empty[i].frame;
      memory_ratio[i] = wallet[i].memory / empty[i].memory;
    }
  bench_figure ("start of an empty window", MEDIAN (empty, frame), "ms", -1, NULL);
  bench_figure ("start to a frame with data", MEDIAN (wallet, frame), "ms", -1, NULL);
  bench_figure ("start to the first frame of all", MEDIAN (wallet, first), "ms", -1, NULL);
  bench_figure ("start beside an empty window", bench_median (time_ratio, ROUNDS), "ratio", 1.5,
                times);
  bench_figure ("peak memory beside an empty window", bench_median (memory_ratio, ROUNDS), "ratio",
                1.4, sizes);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("jinnang-bench-XXXXXX", &error);
  g_autofree char *data = g_strconcat ("--data=", folder, NULL);
  Start empty[ROUNDS], wallet[ROUNDS];

  if (argc != 3 || folder == NULL)
    g_error ("bench-start EMPTY WALLET");
  const char *empty_words[] = { argv[1], WIDTH, HEIGHT, NULL };
  const char *wallet_words[] = { argv[2], "--bank=" BENCH_PROFILE, data, NULL };
  if (!bench_keyring_start ())
    g_error ("no keyring: a wallet would not survive its program");
  JnContext *context = bench_context_new (folder);
  jn_context_start (context);
  bench_wait_for_start (context);
  if (jn_context_get_keeping (context) != JN_KEEPING_KEPT)
    g_error ("the keyring does not keep anything");
  bench_enrol (context);
  bench_context_free (context);
  /* Once each for the caches of the disk and of the fonts. */
  start_program (empty_words);
  start_program (wallet_words);
  for (int i = 0; i < ROUNDS; i++)
    {
      empty[i] = start_program (empty_words);
      wallet[i] = start_program (wallet_words);
    }
  report (empty, wallet);
  remove_tree (folder);
  return EXIT_SUCCESS;
}
