/* Plain SQL with hardly any cache: pages spill into the log and are written again in the same transaction, savepoints go back,
 * checkpoints are frequent. This is where the log's frames are sealed anew. */
#include <sqlite3.h>
#include <string.h>

#include "jn-seal-vfs.h"
#include "torture-scenario.h"

#define N_CALLS 10

typedef struct
{
  gint64 generation; /* one more with each transaction, in every row of `mark` */
  gint64 n_rows;
  gint64 sum;
} State;

static sqlite3 *
open_db (void)
{
  sqlite3 *db = NULL;
  int rc = sqlite3_open_v2 (TORTURE_PATH, &db,
                            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE,
                            TORTURE_VFS);

  if (rc == SQLITE_OK)
    rc = jn_seal_connect (db, NULL);
  if (rc == SQLITE_OK)
    rc = sqlite3_exec (db,
                       "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=6;"
                       "PRAGMA wal_autocheckpoint=12",
                       NULL, NULL, NULL);
  if (rc == SQLITE_OK)
    return db;
  sqlite3_close (db);
  return NULL;
}

static gboolean
read_state (sqlite3 *db, State *state)
{
  sqlite3_stmt *stmt = NULL;
  int rc;

  memset (state, 0, sizeof *state);
  rc = sqlite3_prepare_v2 (db, "SELECT (SELECT max(g) FROM mark), count(*), sum(v) FROM t", -1,
                           &stmt, NULL);
  /* No such table: the state before the first transaction. */
  if (rc == SQLITE_ERROR)
    return TRUE;
  if (rc == SQLITE_OK)
    rc = sqlite3_step (stmt);
  if (rc == SQLITE_ROW)
    {
      state->generation = sqlite3_column_int64 (stmt, 0);
      state->n_rows = sqlite3_column_int64 (stmt, 1);
      state->sum = sqlite3_column_int64 (stmt, 2);
    }
  sqlite3_finalize (stmt);
  return rc == SQLITE_ROW;
}

static int
transaction (sqlite3 *db, guint64 *r, guint call)
{
  char *sql = sqlite3_mprintf (
      "BEGIN IMMEDIATE;"
      "CREATE TABLE IF NOT EXISTS t (k INTEGER PRIMARY KEY, v INTEGER, b TEXT);"
      "CREATE TABLE IF NOT EXISTS mark (g INTEGER);"
      "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < %d)"
      " INSERT INTO t SELECT NULL, x, '" TORTURE_CANARY "' || hex(zeroblob(%d)) FROM c;"
      "UPDATE t SET v = v + 1 WHERE k %% 3 = 0;"
      "SAVEPOINT a; DELETE FROM t WHERE k %% 5 = %d; UPDATE t SET v = v * 2; %s; RELEASE a;"
      "UPDATE t SET b = b || 'x' WHERE k %% 2 = 0;"
      "INSERT INTO mark VALUES (%u); COMMIT",
      5 + (int) (disk_random (r) % 12), 100 + (int) (disk_random (r) % 500),
      (int) (disk_random (r) % 5), (disk_random (r) & 1) != 0 ? "ROLLBACK TO a" : "", call + 1);
  int rc = sqlite3_exec (db, sql, NULL, NULL, NULL);

  sqlite3_free (sql);
  return rc;
}

static void
play (Scenario *s)
{
  guint64 r = s->seed;
  sqlite3 *db = open_db ();

  s->failed = db == NULL;
  for (guint call = 0; !s->failed && call < N_CALLS; call++)
    {
      State state;

      s->failed = transaction (db, &r, call) != SQLITE_OK || !read_state (db, &state);
      scenario_acknowledge (s, &state);
      if (disk_random (&r) % 5 == 0)
        s->failed |= sqlite3_exec (db, "VACUUM", NULL, NULL, NULL) != SQLITE_OK;
      if (disk_random (&r) % 5 == 0)
        {
          sqlite3_close (db);
          db = open_db ();
          s->failed |= db == NULL;
        }
    }
  sqlite3_close (db);
}

static gboolean
same_state (const Scenario *s, guint n, const State *state)
{
  static const State none;

  return memcmp (n == 0 ? &none : &g_array_index (s->states, State, n - 1), state, sizeof *state)
         == 0;
}

static int
take_ok (void *ok, int n, char **values, char **names)
{
  *(gboolean *) ok = g_str_equal (values[0], "ok");
  return 0;
}

static const char *
check_open (Scenario *s, sqlite3 *db, guint acked, gboolean go_on)
{
  State state;
  gboolean sound = FALSE;

  if (!read_state (db, &state))
    return "the state cannot be read";
  if (!same_state (s, acked, &state)
      && !(acked < s->states->len && same_state (s, acked + 1, &state)))
    return "neither the acknowledged state nor the next one";
  if (sqlite3_exec (db, "PRAGMA integrity_check", take_ok, &sound, NULL) != SQLITE_OK || !sound)
    return "not sound";
  if (go_on
      && sqlite3_exec (db, "CREATE TABLE IF NOT EXISTS u (x); INSERT INTO u VALUES (1)", NULL, NULL,
                       NULL)
             != SQLITE_OK)
    return "cannot be written any more";
  return NULL;
}

static const char *
check (Scenario *s, guint acked, gboolean go_on)
{
  sqlite3 *db = open_db ();
  const char *wrong = db == NULL ? "does not open" : check_open (s, db, acked, go_on);

  sqlite3_close (db);
  return wrong;
}

const ScenarioKind scenario_sql = { "sql", sizeof (State), play, check };
