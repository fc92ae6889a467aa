/* Disks that fail and processes that die: what was acknowledged is there, the rest is whole or absent. */
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault-vfs.h"
#include "ledger-world.h"

#define N_CALLS 6
#define PER_CALL 5

static void
open_accounts (jn_ledger *ledger)
{
  for (guint64 i = 0; i < 3; i++)
    {
      jn_account a =
          world_account (i, i == 0 ? JN_ACCOUNT_WORLD : JN_ACCOUNT_CUSTOMER, 156, 0, G_MAXINT64);

      g_assert_cmpint (jn_account_open (ledger, &a), <=, JN_EXISTS);
    }
}

static jn_id
transfer_id (guint64 n)
{
  return world_id (1000 + n, n);
}

static void
make_call (jn_event events[PER_CALL], guint64 call)
{
  for (guint64 i = 0; i < PER_CALL; i++)
    {
      events[i] = world_transfer (transfer_id (call * PER_CALL + i), world_id (1, 0),
                                  world_id (1, 1 + i % 2), (gint64) (10 + i));
      events[i].memo = "a memo that takes a little room";
    }
  events[1].kind = JN_PENDING;
}

static gboolean
is_there (jn_ledger *ledger, guint64 n)
{
  jn_result result;
  jn_id id = transfer_id (n);
  jn_status status = jn_outcome (ledger, &id, &result);

  g_assert_true (status == JN_OK || status == JN_NOT_FOUND);
  return status == JN_OK;
}

/* All or nothing of each call; the acknowledged ones are there. */
static void
check_calls (jn_ledger *ledger, const jn_status answers[N_CALLS])
{
  for (guint64 call = 0; call < N_CALLS; call++)
    {
      gboolean first = is_there (ledger, call * PER_CALL);

      for (guint64 i = 1; i < PER_CALL; i++)
        g_assert_cmpint (is_there (ledger, call * PER_CALL + i), ==, first);
      if (answers[call] == JN_OK)
        g_assert_true (first);
      else if (answers[call] < 600)
        g_assert_false (first);
    }
  g_assert_cmpint (jn_verify (ledger, NULL, NULL), ==, JN_OK);
}

/* Plays the scenario with the plan in force; returns whether a fault was met. */
static gboolean
play (World *world, jn_status answers[N_CALLS])
{
  jn_ledger *ledger = NULL;
  jn_event events[PER_CALL];
  jn_result results[PER_CALL];
  gboolean met = FALSE;

  for (guint64 call = 0; call < N_CALLS; call++)
    answers[call] = JN_BUSY;
  if (jn_open (world->path, NULL, &world->host, 0, &ledger) != JN_OK)
    return TRUE;
  for (guint64 i = 0; i < 3; i++)
    {
      jn_account a =
          world_account (i, i == 0 ? JN_ACCOUNT_WORLD : JN_ACCOUNT_CUSTOMER, 156, 0, G_MAXINT64);

      met = jn_account_open (ledger, &a) > JN_EXISTS || met;
    }
  for (guint64 call = 0; !met && call < N_CALLS; call++)
    {
      make_call (events, call);
      answers[call] = jn_submit (ledger, events, PER_CALL, results, NULL);
      /* The same ledger object goes on where the disk lets it. */
      met = answers[call] != JN_OK;
      if (met && fault_plan.once)
        {
          jn_status again = jn_submit (ledger, events, PER_CALL, results, NULL);

          g_assert_true (again == JN_OK);
          answers[call] = again;
        }
    }
  jn_close (ledger);
  return met;
}

static void
test_every_operation (gconstpointer data)
{
  gboolean once = GPOINTER_TO_INT (data) & 1;
  int write_error = (GPOINTER_TO_INT (data) & 2) != 0 ? SQLITE_FULL : SQLITE_IOERR_WRITE;
  gboolean more = TRUE;
  guint n_faults = 0;

  fault_vfs_register ();
  for (guint n = 1; more; n++)
    {
      World world;
      jn_status answers[N_CALLS];
      jn_ledger *ledger;

      world_init (&world);
      world.host.vfs = "jn-fault";
      world.host.tail_rows = 7;
      fault_plan = (FaultPlan){ .fail_at = n, .once = once, .write_error = write_error };
      n_faults += play (&world, answers) ? 1 : 0;
      more = fault_plan.count >= n;
      fault_plan = (FaultPlan){ 0 };
      ledger = world_open (&world);
      check_calls (ledger, answers);
      open_accounts (ledger);
      jn_close (ledger);
      world_clear (&world);
    }
  g_test_message ("%u faults met", n_faults);
  g_assert_cmpuint (n_faults, >, N_CALLS);
}

/* Writes batches for ever and acknowledges each by its number. */
static void
write_until_killed (World *world, int fd)
{
  jn_ledger *ledger = world_open (world);
  jn_event events[PER_CALL];
  jn_result results[PER_CALL];
  jn_head head;

  g_assert_cmpint (jn_head_get (ledger, &head), ==, JN_OK);
  for (guint64 call = 0;; call++)
    {
      /* Calls made before the last death are repeated and answer EXISTS. */
      make_call (events, call);
      if (jn_submit (ledger, events, PER_CALL, results, NULL) != JN_OK
          || results[0].status > JN_EXISTS || write (fd, &call, sizeof call) != sizeof call)
        _exit (1);
    }
}

static guint64
kill_after (World *world, gulong delay_us)
{
  guint64 last = 0, call;
  int fds[2], status;
  pid_t child;

  g_assert_cmpint (pipe (fds), ==, 0);
  child = fork ();
  if (child == 0)
    {
      close (fds[0]);
      write_until_killed (world, fds[1]);
    }
  close (fds[1]);
  g_assert_cmpint (read (fds[0], &last, sizeof last), ==, sizeof last);
  g_usleep (delay_us);
  kill (child, SIGKILL);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
  while (read (fds[0], &call, sizeof call) == sizeof call)
    last = call;
  close (fds[0]);
  return last;
}

static void
test_kill (void)
{
  World world;
  jn_ledger *ledger;

  world_init (&world);
  world.host.tail_rows = 7;
  ledger = world_open (&world);
  open_accounts (ledger);
  jn_close (ledger);
  for (gulong round = 0; round < 12; round++)
    {
      guint64 last = kill_after (&world, 300 + round * 1700);

      ledger = world_open (&world);
      for (guint64 n = 0; n < (last + 1) * PER_CALL; n++)
        g_assert_true (is_there (ledger, n));
      /* At most the one call that was under way is there besides, whole or absent. */
      for (guint64 i = 1; i < PER_CALL; i++)
        g_assert_cmpint (is_there (ledger, (last + 1) * PER_CALL + i), ==,
                         is_there (ledger, (last + 1) * PER_CALL));
      g_assert_cmpint (jn_verify (ledger, NULL, NULL), ==, JN_OK);
      jn_close (ledger);
    }
  world_clear (&world);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/ledger/faults/io-for-ever", GINT_TO_POINTER (0), test_every_operation);
  g_test_add_data_func ("/ledger/faults/io-once", GINT_TO_POINTER (1), test_every_operation);
  g_test_add_data_func ("/ledger/faults/full-for-ever", GINT_TO_POINTER (2), test_every_operation);
  g_test_add_data_func ("/ledger/faults/full-once", GINT_TO_POINTER (3), test_every_operation);
  g_test_add_func ("/ledger/faults/kill", test_kill);
  return g_test_run ();
}
