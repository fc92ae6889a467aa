/* Power cuts by the hundred thousand: each scenario is played once on a disk that records, then the disk is cut after every
 * operation, in every way, and what is left is opened and compared with what had been acknowledged. Between them storms (storm.h).
 *   torture [--seed=N] [--images=N] [--minutes=N] [--jobs=N] [--total=FILE]
 * Ends when both the images are made and the minutes are over (0: only the images). A failure prints how to play it again. FILE keeps the
 * sum of all runs, which is printed too. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rig.h"
#include "storm.h"
#include "torture-scenario.h"

typedef struct
{
  guint64 scenarios, operations, images, recoveries_cut, violations;
  guint64 by_damage[CUT_COUNT];
  guint64 storms;
  StormCounts storm;
  guint64 faults[FAULT_KINDS];
} Totals;

typedef struct
{
  guint64 seed;
  guint64 images;
  gint64 deadline; /* monotonic; 0 for none */
  Totals totals;
} Job;

#define STORMS 8 /* between two scenarios */

static const ScenarioKind *const KINDS[] = { &scenario_ledger, &scenario_sql };

static void
tell (Job *job, const Scenario *s, gsize cut, int damage, const char *what)
{
  job->totals.violations++;
  printf ("# VIOLATION %s seed %" G_GUINT64_FORMAT " cut %zu damage %d: %s\n", s->kind->name,
          s->seed, cut, damage, what);
  fflush (stdout);
}

/* The power goes again while the image is being recovered, and the file is recovered once more. */
static void
cut_again (Job *job, Scenario *s, Disk *image, gsize cut, CutDamage damage, guint acked,
           guint64 *random)
{
  const char *wrong;
  gsize start;

  disk_record (image);
  start = image->n_log;
  wrong = scenario_check (s, image, acked, TRUE);
  if (wrong == NULL && image->n_log > start)
    {
      DiskHistory *history = disk_history_new (image);
      Disk *left;

      disk_history_advance (history, start + disk_random (random) % (image->n_log - start));
      left = disk_history_cut (history, (CutDamage) (disk_random (random) % CUT_COUNT), random);
      wrong = scenario_check (s, left, acked, FALSE);
      job->totals.images++;
      job->totals.recoveries_cut++;
      disk_free (left);
      disk_history_free (history);
    }
  if (wrong != NULL)
    tell (job, s, cut, (int) damage, wrong);
}

static void
cut_here (Job *job, Scenario *s, const DiskHistory *history, gsize cut, guint64 *random)
{
  guint acked = scenario_acked (s, cut);
  /* When all is durable every cut is the same. */
  int n = disk_history_pending (history) == 0 ? 1 : CUT_COUNT;

  for (int damage = 0; damage < n; damage++)
    {
      Disk *image = disk_history_cut (history, (CutDamage) damage, random);

      job->totals.images++;
      job->totals.by_damage[damage]++;
      if (disk_random (random) % 8 == 0)
        cut_again (job, s, image, cut, (CutDamage) damage, acked, random);
      else
        {
          const char *wrong = scenario_check (s, image, acked, disk_random (random) % 8 == 0);

          if (wrong != NULL)
            tell (job, s, cut, damage, wrong);
        }
      disk_free (image);
    }
}

static gboolean
job_is_done (const Job *job)
{
  if (job->totals.violations > 20)
    return TRUE;
  return job->totals.images >= job->images
         && (job->deadline == 0 || g_get_monotonic_time () >= job->deadline);
}

static void
run_scenario (Job *job, const ScenarioKind *kind, guint64 seed)
{
  Scenario *s = scenario_new (kind, seed);
  guint64 random = seed;
  DiskHistory *history;

  scenario_play (s);
  job->totals.scenarios++;
  job->totals.operations += s->disk->n_log;
  if (s->failed)
    tell (job, s, 0, -1, "a call failed on a whole disk");
  if (disk_holds (s->disk, TORTURE_CANARY, strlen (TORTURE_CANARY)))
    tell (job, s, 0, -1, "text in the clear was written");
  history = disk_history_new (s->disk);
  for (gsize cut = 0; cut <= s->disk->n_log && !job_is_done (job); cut++)
    {
      disk_history_advance (history, cut);
      cut_here (job, s, history, cut, &random);
    }
  disk_history_free (history);
  fault_vfs_use (NULL);
  scenario_free (s);
}

static void
run_storm (Job *job, guint64 seed)
{
  const char *wrong = storm_play (seed, &job->totals.storm);

  job->totals.storms++;
  if (wrong == NULL)
    return;
  job->totals.violations++;
  printf ("# VIOLATION storm seed %" G_GUINT64_FORMAT ": %s\n", seed, wrong);
  fflush (stdout);
}

static void
run_job (Job *job, guint number, guint n_jobs)
{
  scenario_set_up ();
  rig_set_up ();
  for (guint64 i = number; !job_is_done (job); i += n_jobs)
    {
      run_scenario (job, KINDS[i / n_jobs % G_N_ELEMENTS (KINDS)], job->seed * 100000 + i);
      for (guint64 n = 0; n < STORMS && !job_is_done (job); n++)
        run_storm (job, (job->seed * 100000 + i) * STORMS + n);
    }
  job->totals.images += job->totals.storm.images;
  for (guint i = 0; i < FAULT_KINDS; i++)
    job->totals.faults[i] = fault_counts[i];
}

/* Nothing but counts. */
static void
add (Totals *sum, const Totals *part)
{
  guint64 *to = (guint64 *) sum;
  const guint64 *from = (const guint64 *) part;

  for (guint i = 0; i < sizeof *sum / sizeof *to; i++)
    to[i] += from[i];
}

/* Adds what earlier runs left in the file, and leaves the sum there. */
static gboolean
keep_total (const char *file, Totals *total)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *before = NULL;
  guint64 *counts = (guint64 *) total;
  guint n = sizeof *total / sizeof *counts;

  if (g_file_get_contents (file, &before, NULL, NULL))
    {
      g_auto (GStrv) words = g_strsplit (before, " ", -1);

      /* A file of another version counts anew. */
      for (guint i = 0; g_strv_length (words) == n + 1 && i < n; i++)
        counts[i] += g_ascii_strtoull (words[i], NULL, 10);
    }
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%" G_GUINT64_FORMAT " ", counts[i]);
  return g_file_set_contents (file, text->str, -1, NULL);
}

/* Returns the descriptor that the job's totals will come through. */
static int
start_job (Job *job, guint number, guint n_jobs)
{
  int fds[2];
  pid_t child;

  if (pipe (fds) != 0)
    g_error ("pipe: %s", g_strerror (errno));
  fflush (stdout);
  child = fork ();
  if (child < 0)
    g_error ("fork: %s", g_strerror (errno));
  if (child == 0)
    {
      close (fds[0]);
      run_job (job, number, n_jobs);
      exit (write (fds[1], &job->totals, sizeof job->totals) == sizeof job->totals ? 0 : 1);
    }
  close (fds[1]);
  return fds[0];
}

static void
report (const char *title, const Totals *t)
{
  static const char *const names[] = { "lost",     "kept",    "torn last", "some", "reordered",
                                       "torn all", "garbage", "zeros",     "mixed" };
  static const char *const kinds[] = { "read", "write", "sync",  "truncate", "delete",
                                       "open", "lock",  "share", "size",     "access" };

  printf ("# %s: %" G_GUINT64_FORMAT " scenarios, %" G_GUINT64_FORMAT
          " operations, %" G_GUINT64_FORMAT " crash images (%" G_GUINT64_FORMAT
          " cut again while recovering), %" G_GUINT64_FORMAT " violations\n",
          title, t->scenarios, t->operations, t->images, t->recoveries_cut, t->violations);
  printf ("#   storms: %" G_GUINT64_FORMAT " seeds, %" G_GUINT64_FORMAT " steps, %" G_GUINT64_FORMAT
          " answers not known, %" G_GUINT64_FORMAT " times asked, %" G_GUINT64_FORMAT
          " deaths, %" G_GUINT64_FORMAT " power cuts\n",
          t->storms, t->storm.steps, t->storm.unknown, t->storm.asked, t->storm.deaths,
          t->storm.images);
  printf ("#   cuts:");
  for (guint i = 0; i < CUT_COUNT; i++)
    printf (" %s %" G_GUINT64_FORMAT, names[i], t->by_damage[i]);
  printf ("\n#   faults:");
  for (guint i = 0; i < FAULT_KINDS; i++)
    printf (" %s %" G_GUINT64_FORMAT, kinds[i], t->faults[i]);
  printf ("\n");
}

int
main (int argc, char *argv[])
{
  gint64 seed = 1, images = 100000, minutes = 0, n_jobs = 2, start = g_get_monotonic_time ();
  g_autofree char *total = NULL;
  GOptionEntry entries[] = {
    { "seed", 's', 0, G_OPTION_ARG_INT64, &seed, "First seed", "N" },
    { "images", 'i', 0, G_OPTION_ARG_INT64, &images, "Crash images to make at least", "N" },
    { "minutes", 'm', 0, G_OPTION_ARG_INT64, &minutes, "Go on for so long", "N" },
    { "total", 't', 0, G_OPTION_ARG_FILENAME, &total, "Keeps the sum of all runs", "FILE" },
    { "jobs", 'j', 0, G_OPTION_ARG_INT64, &n_jobs, "Processes", "N" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- power cuts on the ledger");
  g_autofree int *fds = NULL;
  g_autofree char *title = NULL;
  Totals sum = { 0 };
  gboolean lost = FALSE, good;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, NULL) || n_jobs < 1 || n_jobs > 64)
    return 2;
  fds = g_new (int, n_jobs);
  for (guint i = 0; i < n_jobs; i++)
    {
      Job job = { .seed = (guint64) seed,
                  .images = (guint64) (images / n_jobs + 1),
                  .deadline = minutes > 0 ? start + minutes * 60 * G_USEC_PER_SEC : 0 };

      fds[i] = start_job (&job, i, (guint) n_jobs);
    }
  for (guint i = 0; i < n_jobs; i++)
    {
      Totals part;

      if (read (fds[i], &part, sizeof part) == sizeof part)
        add (&sum, &part);
      else
        lost = TRUE;
      close (fds[i]);
    }
  while (wait (NULL) > 0)
    ;
  good = sum.violations == 0 && !lost;
  title = g_strdup_printf ("seed %" G_GINT64_FORMAT ", %.1f s", seed,
                           (double) (g_get_monotonic_time () - start) / 1e6);
  report (title, &sum);
  if (total != NULL && keep_total (total, &sum))
    report ("all runs", &sum);
  printf ("%s 1 - every image is one of the two states that it may be\n1..1\n",
          good ? "ok" : "not ok");
  return good ? 0 : 1;
}
