/* Each operation of a scenario fails, once and for ever, in each way; and what the log looks like on the disk. */
#include <sqlite3.h>
#include <string.h>

#include "jn-seal-vfs.h"
#include "torture-scenario.h"

#define PAGE JN_SEAL_PAGE_SIZE
#define FRAME (PAGE + 24)

typedef struct
{
  const char *name;
  unsigned kinds;
  bool full, drop;
} Way;

static const Way WAYS[] = {
  { "read", FAULT_READ, false, false },
  { "write", FAULT_WRITE, false, false },
  { "full", FAULT_WRITE, true, false },
  { "sync", FAULT_SYNC, false, false },
  { "sync-drop", FAULT_SYNC, false, true },
  { "truncate", FAULT_TRUNCATE, false, false },
  { "delete", FAULT_DELETE, false, false },
  { "open", FAULT_OPEN, false, false },
  { "any", FAULT_CHANGES | FAULT_READ, true, true },
};

/* Plays with one plan and looks at what is left: on the disk as it stands, and after a power cut. Returns whether a fault was
 * met. */
static gboolean
play_once (Scenario *whole, const Way *way, unsigned n, bool once, guint64 *random)
{
  Scenario *s = scenario_new (whole->kind, whole->seed);
  const char *wrong;
  DiskHistory *history;
  Disk *left;
  guint acked;
  gboolean met;

  fault_plan = (FaultPlan){
    .kinds = way->kinds, .fail_at = n, .once = once, .full = way->full, .drop = way->drop
  };
  scenario_play (s);
  met = fault_plan.met > 0;
  fault_plan = (FaultPlan){ 0 };
  acked = scenario_acked (s, s->disk->n_log);
  if (acked > 0
      && memcmp (s->states->data, whole->states->data, acked * whole->kind->state_size) != 0)
    g_error ("%s %s %u: an acknowledged state is another one", whole->kind->name, way->name, n);
  history = disk_history_new (s->disk);
  disk_history_advance (history, s->disk->n_log);
  for (guint i = 0; i < 3; i++)
    {
      left = disk_history_cut (history, (CutDamage) (disk_random (random) % CUT_COUNT), random);
      wrong = scenario_check (whole, left, acked, i == 0);
      if (wrong != NULL)
        g_error ("%s %s %u %d: after a power cut: %s", whole->kind->name, way->name, n, once,
                 wrong);
      disk_free (left);
    }
  disk_history_free (history);
  wrong = scenario_check (whole, s->disk, acked, TRUE);
  if (wrong != NULL)
    g_error ("%s %s %u %d: %s", whole->kind->name, way->name, n, once, wrong);
  scenario_free (s);
  return met;
}

static void
test_faults (gconstpointer data)
{
  const ScenarioKind *kind = data;
  Scenario *whole = scenario_new (kind, 3);
  guint64 random = 1;
  guint n_met = 0;

  scenario_play (whole);
  g_assert_false (whole->failed);
  for (guint w = 0; w < G_N_ELEMENTS (WAYS); w++)
    for (int once = 0; once < 2; once++)
      {
        guint n = 1;

        while (play_once (whole, &WAYS[w], n, once, &random))
          {
            n_met++;
            /* The first hundred one by one, then with ever larger strides. */
            n += n < 100 ? 1 : 1 + (guint) (disk_random (&random) % (n / 20));
          }
      }
  g_test_message ("%s: %u plays with a fault", kind->name, n_met);
  g_assert_cmpuint (n_met, >, 200);
  scenario_free (whole);
}

static int
compare_nonces (const void *a, const void *b)
{
  return memcmp (*(const guint8 *const *) a, *(const guint8 *const *) b, 24);
}

/* Rules 2, 8 to 12: the log is written a whole frame at a time, no nonce serves twice, main pages are whole. */
static void
test_writes (gconstpointer data)
{
  const ScenarioKind *kind = data;
  Scenario *s = scenario_new (kind, 11);
  g_autoptr (GPtrArray) nonces = g_ptr_array_new ();
  guint again = 0;
  sqlite3_int64 highest = 0;

  scenario_play (s);
  for (gsize i = 0; i < s->disk->n_log; i++)
    {
      const DiskOp *op = &s->disk->log[i];

      if (op->kind != DISK_WRITE)
        continue;
      if (op->length == 32)
        {
          g_assert_cmpint (op->offset, ==, 0);
          highest = 0;
          continue;
        }
      g_assert_true (op->length == PAGE || op->length == FRAME);
      g_assert_cmpint ((op->offset - (op->length == FRAME ? 32 : 0)) % (gint64) op->length, ==, 0);
      g_ptr_array_add (nonces, op->data + op->length - 24);
      if (op->length == FRAME)
        {
          again += op->offset <= highest;
          highest = MAX (highest, op->offset);
        }
    }
  g_ptr_array_sort (nonces, compare_nonces);
  for (guint i = 1; i < nonces->len; i++)
    g_assert_true (memcmp (nonces->pdata[i - 1], nonces->pdata[i], 24) != 0);
  g_test_message ("%u nonces, %u frames sealed again in their place", nonces->len, again);
  /* The small cache makes SQLite write frames again and compute their checksums anew. */
  if (kind == &scenario_sql)
    g_assert_cmpuint (again, >, 20);
  g_assert_false (disk_holds (s->disk, TORTURE_CANARY, strlen (TORTURE_CANARY)));
  scenario_free (s);
}

/* The disk's own judgement: with a plain file the canary is found, so the search can find it. */
static void
test_canary (void)
{
  Disk *disk = disk_new ();
  sqlite3 *db = NULL;

  disk->recording = true;
  fault_vfs_use (disk);
  g_assert_cmpint (
      sqlite3_open_v2 ("/plain.db", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "jn-fault"),
      ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db,
                                 "CREATE TABLE t (x); INSERT INTO t VALUES ('" TORTURE_CANARY "')",
                                 NULL, NULL, NULL),
                   ==, SQLITE_OK);
  sqlite3_close (db);
  g_assert_true (disk_holds (disk, TORTURE_CANARY, strlen (TORTURE_CANARY)));
  fault_vfs_use (NULL);
  disk_free (disk);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  scenario_set_up ();
  g_test_add_func ("/seal/faults/canary", test_canary);
  g_test_add_data_func ("/seal/faults/writes-ledger", &scenario_ledger, test_writes);
  g_test_add_data_func ("/seal/faults/writes-sql", &scenario_sql, test_writes);
  g_test_add_data_func ("/seal/faults/sql", &scenario_sql, test_faults);
  g_test_add_data_func ("/seal/faults/ledger", &scenario_ledger, test_faults);
  return g_test_run ();
}
