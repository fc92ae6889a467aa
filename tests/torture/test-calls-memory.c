/* For every public call: its n-th allocation fails, once and from then on; those of SQLite and, each of them, those of the engine and the
 * sealed store, which this program is linked with --wrap for; and its n-th statement is made, or takes its n-th step, while there is no
 * memory. The answer is that there is no memory, or the call is done; nothing is lost, nothing leaks, and the same ledger goes on. */
#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "jn-seal-memory.h"
#include "rig.h"

typedef enum
{
  OWN, /* allocations of the engine and the sealed store */
  SQLITE,
  STATEMENT, /* all that SQLite wants for one statement */
  STEP,
  N_KINDS
} Kind;

static const char *const KINDS[] = { "own allocation", "allocation", "statement", "step" };

typedef struct
{
  Kind kind;
  guint count, fail_at, met;
  gboolean armed, once;
} Shortage;

static Shortage shortage;
static guint within_sqlite;
static gboolean starved;

static gboolean
is_next (void)
{
  shortage.count++;
  return shortage.once ? shortage.count == shortage.fail_at : shortage.count >= shortage.fail_at;
}

static gboolean
is_short (void)
{
  gboolean fails;

  if (!shortage.armed || disk_is_allocating)
    return FALSE;
  if (shortage.kind > SQLITE)
    fails = starved && within_sqlite > 0;
  else
    fails = (within_sqlite > 0) == (shortage.kind == SQLITE) && is_next ();
  shortage.met += fails ? 1 : 0;
  return fails;
}

/* ---- the allocators of the rooms under test ---- */

void *__real_malloc (size_t size);
void *__real_calloc (size_t n, size_t size);
void *__real_realloc (void *block, size_t size);
char *__real_strdup (const char *text);
void *__real_sodium_malloc (size_t size);
int __real_sqlite3_prepare_v3 (sqlite3 *db, const char *sql, int n, unsigned flags,
                               sqlite3_stmt **out, const char **tail);
int __real_sqlite3_step (sqlite3_stmt *stmt);
void *__wrap_malloc (size_t size);
void *__wrap_calloc (size_t n, size_t size);
void *__wrap_realloc (void *block, size_t size);
char *__wrap_strdup (const char *text);
void *__wrap_sodium_malloc (size_t size);
int __wrap_sqlite3_prepare_v3 (sqlite3 *db, const char *sql, int n, unsigned flags,
                               sqlite3_stmt **out, const char **tail);
int __wrap_sqlite3_step (sqlite3_stmt *stmt);

void *
__wrap_malloc (size_t size)
{
  return is_short () ? NULL : __real_malloc (size);
}

void *
__wrap_calloc (size_t n, size_t size)
{
  return is_short () ? NULL : __real_calloc (n, size);
}

void *
__wrap_realloc (void *block, size_t size)
{
  return is_short () ? NULL : __real_realloc (block, size);
}

char *
__wrap_strdup (const char *text)
{
  return is_short () ? NULL : __real_strdup (text);
}

void *
__wrap_sodium_malloc (size_t size)
{
  return is_short () ? NULL : __real_sodium_malloc (size);
}

static void
starve (Kind kind)
{
  starved = shortage.armed && shortage.kind == kind && is_next ();
}

int
__wrap_sqlite3_prepare_v3 (sqlite3 *db, const char *sql, int n, unsigned flags, sqlite3_stmt **out,
                           const char **tail)
{
  int rc;

  starve (STATEMENT);
  rc = __real_sqlite3_prepare_v3 (db, sql, n, flags, out, tail);
  starved = FALSE;
  return rc;
}

int
__wrap_sqlite3_step (sqlite3_stmt *stmt)
{
  int rc;

  starve (STEP);
  rc = __real_sqlite3_step (stmt);
  starved = FALSE;
  return rc;
}

/* The methods that SQLite has, and that it is SQLite who asks. */
static sqlite3_mem_methods zeroing;

static void *
malloc_for_sqlite (int size)
{
  void *block;

  within_sqlite++;
  block = zeroing.xMalloc (size);
  within_sqlite--;
  return block;
}

static void *
realloc_for_sqlite (void *before, int size)
{
  void *block;

  within_sqlite++;
  block = zeroing.xRealloc (before, size);
  within_sqlite--;
  return block;
}

static void
install (void)
{
  sqlite3_mem_methods ours;

  g_assert_cmpint (jn_seal_memory_install (), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_config (SQLITE_CONFIG_GETMALLOC, &zeroing), ==, SQLITE_OK);
  ours = zeroing;
  ours.xMalloc = malloc_for_sqlite;
  ours.xRealloc = realloc_for_sqlite;
  g_assert_cmpint (sqlite3_config (SQLITE_CONFIG_MALLOC, &ours), ==, SQLITE_OK);
}

/* ---- the test ---- */

typedef struct
{
  const Call *call;
  char *before, *after;
  Kind kind;
  guint n;
  gboolean once;
  jn_status status;
  guint plays, refused;
} Try;

static void G_GNUC_NORETURN
fail (const Try *t, const char *what, int status)
{
  g_error ("%s, %s %u %s (answer %d): %s (%d)", t->call->name, KINDS[t->kind], t->n,
           t->once ? "once" : "for ever", t->status, what, status);
}

static gboolean
is_after (const Try *t, Rig *rig, const char *when)
{
  g_autofree char *text = NULL;
  jn_status status = rig_print (rig, &text);

  if (status != JN_OK)
    fail (t, when, status);
  if (g_str_equal (text, t->after))
    return TRUE;
  if (!g_str_equal (text, t->before))
    fail (t, when, -1);
  return FALSE;
}

static void
remove_copy (const Try *t, Rig *rig)
{
  int node = disk_find (rig->disk, RIG_COPY);

  if (node < 0)
    return;
  if (t->status != JN_OK && t->once && rig->disk->nodes[node].now.size > 0)
    fail (t, "a copy that failed stays", 0);
  disk_unlink (rig->disk, (unsigned) node);
}

static void
go_on (Try *t, Rig *rig)
{
  jn_status status = JN_OK;

  if (t->call->copies)
    remove_copy (t, rig);
  if (rig->ledger == NULL)
    status = rig_open (rig);
  else if (!t->call->opens)
    status = t->call->run (rig);
  if (status != JN_OK && status != JN_EXISTS)
    fail (t, "does not go on", status);
  if (!is_after (t, rig, "after going on") && !g_str_equal (t->before, t->after))
    fail (t, "did not happen the second time", status);
  if (t->n % 8 == 0 && jn_verify (rig->ledger, NULL, NULL) != JN_OK)
    fail (t, "the audit has findings", 0);
}

static gboolean
try_once (Try *t)
{
  Rig *rig = call_rig (t->call);
  gint64 now = rig->now;
  gboolean met;

  shortage = (Shortage){ .kind = t->kind, .armed = TRUE, .fail_at = t->n, .once = t->once };
  t->status = t->call->run (rig);
  shortage.armed = FALSE;
  /* A step that wants no memory is taken, and there may be others after it. */
  met = shortage.count >= t->n;
  t->plays++;
  t->refused += t->status != JN_OK;
  if (t->status != JN_OK && t->status != JN_NO_MEMORY)
    fail (t, "another answer than that there is no memory", t->status);
  if (t->status != JN_OK && shortage.met == 0)
    fail (t, "fails with all the memory", t->status);
  if (!met)
    {
      rig_free (rig);
      return FALSE;
    }
  if (t->status == JN_OK && rig->printed != NULL && !g_str_equal (rig->printed, t->after))
    fail (t, "read something else", t->status);
  if (rig->ledger != NULL && is_after (t, rig, "after the call") != (t->status == JN_OK)
      && !g_str_equal (t->before, t->after))
    fail (t, "the answer says something else than the file", t->status);
  rig->now = now;
  go_on (t, rig);
  rig_free (rig);
  return TRUE;
}

static void
sweep (Try *t, Kind kind, gboolean once)
{
  guint plays = t->plays, refused = t->refused;

  t->kind = kind;
  t->once = once;
  for (t->n = 1; try_once (t);)
    t->n = rig_next_fault (t->n);
  g_test_message ("%s, %s %s: %u, %u plays, %u refused", t->call->name, KINDS[kind],
                  once ? "once" : "for ever", shortage.count, t->plays - plays,
                  t->refused - refused);
}

static void
test_shortage (gconstpointer data)
{
  Try t = { .call = data };
  gint64 used;

  call_play (t.call, &t.before, &t.after);
  used = jn_seal_memory_used ();
  for (Kind kind = 0; kind < N_KINDS; kind++)
    sweep (&t, kind, TRUE);
  sweep (&t, OWN, FALSE);
  sweep (&t, SQLITE, FALSE);
  g_assert_cmpuint (t.refused, >, 0);
  /* SQLite keeps nothing of what failed. */
  g_assert_cmpint (jn_seal_memory_used (), ==, used);
  g_free (t.before);
  g_free (t.after);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  /* The zeroing allocator takes its memory from malloc, which is wrapped. */
  install ();
  rig_set_up ();
  for (guint i = 0; i < N_CALLS; i++)
    {
      g_autofree char *path = g_strconcat ("/calls/memory/", CALLS[i].name, NULL);

      g_test_add_data_func (path, &CALLS[i], test_shortage);
    }
  return g_test_run ();
}
