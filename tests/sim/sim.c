/* Runs worlds: sim --seed=N (one, twice; --verbose: every event), sim --seeds=N [--from=N] [--jobs=N], sim --fresh=N
 * --regressions=FILE --tap. A world that fails prints its last 50 events. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim-run.h"

static gint64 opt_seed = -1, opt_seeds, opt_from = 1;
static gint opt_jobs = 1;
static gint opt_fresh;
static gboolean opt_verbose, opt_quiet, opt_stop, opt_tap;
static char *opt_regressions;

static const GOptionEntry entries[] = {
  { "seed", 0, 0, G_OPTION_ARG_INT64, &opt_seed, "One world, twice", "N" },
  { "seeds", 0, 0, G_OPTION_ARG_INT64, &opt_seeds, "So many worlds", "N" },
  { "from", 0, 0, G_OPTION_ARG_INT64, &opt_from, "The first of them", "N" },
  { "fresh", 0, 0, G_OPTION_ARG_INT, &opt_fresh, "So many worlds that are others every day", "N" },
  { "tap", 0, 0, G_OPTION_ARG_NONE, &opt_tap, "Tell it as TAP", NULL },
  { "jobs", 0, 0, G_OPTION_ARG_INT, &opt_jobs, "Processes", "N" },
  { "regressions", 0, 0, G_OPTION_ARG_FILENAME, &opt_regressions, "Seeds of a file first", "FILE" },
  { "verbose", 0, 0, G_OPTION_ARG_NONE, &opt_verbose, "Every event", NULL },
  { "quiet", 0, 0, G_OPTION_ARG_NONE, &opt_quiet, "No totals", NULL },
  { "stop", 0, 0, G_OPTION_ARG_NONE, &opt_stop, "End at the first world that fails", NULL },
  { NULL },
};

/* The seed again, to see that it is the same world. */
static gboolean
run_twice (SimStart *start, guint64 seed, SimStats *stats)
{
  SimStats other = { 0 };
  guint64 first, second;
  g_autofree char *failure = NULL;
  g_autofree char *again = NULL;
  gboolean good = sim_run (start, seed, opt_verbose, stats, &first, &failure);

  if (failure != NULL)
    printf ("# seed %" G_GUINT64_FORMAT ": %s\n", seed, failure);
  sim_run (start, seed, FALSE, &other, &second, &again);
  stats->checks[SIM_CHECK_SAME]++;
  printf ("# seed %" G_GUINT64_FORMAT " hash %016" G_GINT64_MODIFIER "x\n", seed, first);
  if (first == second)
    return good;
  printf ("# seed %" G_GUINT64_FORMAT ": the second time it is another world\n", seed);
  stats->failed += good;
  return FALSE;
}

static void
run_some (SimStart *start, GArray *seeds, SimStats *stats)
{
  for (guint i = 0; i < seeds->len; i++)
    {
      guint64 seed = g_array_index (seeds, guint64, i), hash;
      g_autofree char *failure = NULL;

      if (!sim_run (start, seed, FALSE, stats, &hash, &failure))
        printf ("# seed %" G_GUINT64_FORMAT ": %s\n", seed, failure);
      fflush (stdout);
      if (failure != NULL && opt_stop)
        return;
    }
}

static void
add_regressions (GArray *seeds)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents (opt_regressions, &text, NULL, NULL))
    g_error ("%s cannot be read", opt_regressions);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_ascii_isdigit (lines[i][0]))
      {
        guint64 seed = g_ascii_strtoull (lines[i], NULL, 10);
        g_array_append_val (seeds, seed);
      }
}

/* Nothing in a world comes from a descriptor. */
static int
poll_nothing (GPollFD *fds, guint n, int timeout)
{
  for (guint i = 0; i < n; i++)
    fds[i].revents = 0;
  return 0;
}

/* Each process takes every n-th seed and writes its totals into a pipe. */
static FILE *
fork_job (SimStart *start, GArray *seeds, guint job, guint jobs, pid_t *child)
{
  int ends[2];

  g_assert_cmpint (pipe (ends), ==, 0);
  fflush (stdout);
  *child = fork ();
  g_assert_cmpint (*child, >=, 0);
  if (*child > 0)
    {
      close (ends[1]);
      return fdopen (ends[0], "r");
    }
  g_autoptr (GArray) mine = g_array_new (FALSE, FALSE, sizeof (guint64));
  for (guint i = job; i < seeds->len; i += jobs)
    g_array_append_val (mine, g_array_index (seeds, guint64, i));
  SimStats stats = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);
  run_some (start, mine, &stats);
  sim_stats_write (&stats, text);
  if (write (ends[1], text->str, text->len) != (ssize_t) text->len)
    _exit (2);
  fflush (stdout);
  _exit (0);
}

static void
run_jobs (SimStart *start, GArray *seeds, SimStats *stats)
{
  guint jobs = (guint) CLAMP (opt_jobs, 1, 64);
  g_autofree FILE **pipes = g_new0 (FILE *, jobs);
  g_autofree pid_t *children = g_new0 (pid_t, jobs);

  for (guint i = 0; i < jobs; i++)
    pipes[i] = fork_job (start, seeds, i, jobs, &children[i]);
  for (guint i = 0; i < jobs; i++)
    {
      char line[65536] = "";
      int status = 0;

      if (fgets (line, sizeof line, pipes[i]) != NULL)
        sim_stats_add (stats, line);
      fclose (pipes[i]);
      waitpid (children[i], &status, 0);
      if (status == 0 && line[0] != '\0')
        continue;
      printf ("# a process ended with %d\n", status);
      stats->failed++;
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) options = g_option_context_new (NULL);
  g_autoptr (GArray) seeds = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_autoptr (GError) error = NULL;
  SimStats stats = { 0 };

  g_option_context_add_main_entries (options, entries, NULL);
  if (!g_option_context_parse (options, &argc, &argv, &error))
    {
      fprintf (stderr, "%s\n", error->message);
      return 2;
    }
  gint64 begun = g_get_monotonic_time ();
  if (opt_fresh > 0)
    {
      opt_seeds = opt_fresh;
      opt_from = g_get_real_time () / 1000000 / 86400 * 1000000;
    }
  /* One thread: nothing has to be locked, and nobody asks how much memory SQLite takes. */
  sqlite3_config (SQLITE_CONFIG_SINGLETHREAD);
  sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
  g_main_context_set_poll_func (NULL, poll_nothing);
  SimStart *start = sim_start_new ();
  if (opt_tap)
    printf ("TAP version 13\n1..1\n# %" G_GINT64_FORMAT " seeds from %" G_GINT64_FORMAT "\n",
            opt_seeds, opt_from);
  if (opt_regressions != NULL)
    add_regressions (seeds);
  for (gint64 i = 0; i < opt_seeds; i++)
    {
      guint64 seed = (guint64) (opt_from + i);
      g_array_append_val (seeds, seed);
    }
  if (opt_seed >= 0)
    run_twice (start, (guint64) opt_seed, &stats);
  else if (opt_jobs > 1)
    run_jobs (start, seeds, &stats);
  else
    run_some (start, seeds, &stats);
  if (!opt_quiet && opt_seed < 0)
    sim_stats_print (&stats, g_get_monotonic_time () - begun);
  if (opt_tap)
    printf ("%sok 1 - %" G_GUINT64_FORMAT " worlds\n", stats.failed > 0 ? "not " : "", stats.seeds);
  sim_start_free (start);
  return stats.failed > 0 ? 1 : 0;
}
