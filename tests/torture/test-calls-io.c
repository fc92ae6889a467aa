/* For every public call: each of its disk operations fails, once and for ever, in every way, and the power goes at each of them in
 * every way. What was acknowledged is there; what was not is whole or absent; an answer that says nothing happened is right; the
 * same ledger goes on afterwards; what it says then survives the power too. */
#include <string.h>

#include "rig.h"

typedef struct
{
  const char *name;
  unsigned kinds;
  bool full, drop, lie, partial;
} Way;

static const Way WAYS[] = {
  { "read", FAULT_READ, false, false, false, false },
  { "short-read", FAULT_READ, false, false, false, true },
  { "write", FAULT_WRITE, false, false, false, false },
  { "full", FAULT_WRITE, true, false, false, false },
  { "sync", FAULT_SYNC, false, false, false, false },
  { "sync-drop", FAULT_SYNC, false, true, false, false },
  { "truncate", FAULT_TRUNCATE, false, false, false, false },
  { "delete", FAULT_DELETE, false, false, false, false },
  { "open", FAULT_OPEN, false, false, false, false },
  { "busy", FAULT_LOCK, false, false, false, false },
  { "share", FAULT_SHARE, false, false, false, false },
  { "size", FAULT_SIZE, false, false, false, false },
  { "access", FAULT_ACCESS, false, false, false, false },
};

typedef struct
{
  const Call *call;
  char *before, *after;
  const Way *way;
  unsigned n;
  bool once;
  guint64 random;
  jn_status status; /* of the call under fire */
  guint plays, images, unknown;
} Try;

static void G_GNUC_NORETURN
fail (const Try *t, const char *what, int status)
{
  g_error ("%s, %s %u %s (answer %d): %s (%d)", t->call->name,
           t->way == NULL ? "power" : t->way->name, t->n, t->once ? "once" : "for ever", t->status,
           what, status);
}

static void
tell_difference (const char *wanted, const char *got)
{
  g_auto (GStrv) a = g_strsplit (wanted, "\n", -1);
  g_auto (GStrv) b = g_strsplit (got, "\n", -1);

  for (guint i = 0; a[i] != NULL && b[i] != NULL; i++)
    if (!g_str_equal (a[i], b[i]))
      {
        g_printerr ("line %u: wanted \"%s\", got \"%s\"\n", i, a[i], b[i]);
        return;
      }
}

/* Whether the ledger shows the state after the call; FALSE: the one before. */
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
    {
      tell_difference (t->before, text);
      tell_difference (t->after, text);
      fail (t, when, -1);
    }
  return FALSE;
}

/* What may be seen: either state, or the one that was told. */
typedef enum
{
  EITHER,
  BEFORE,
  AFTER,
} Wanted;

static void
check_wanted (const Try *t, Rig *rig, Wanted wanted, const char *when)
{
  gboolean after = is_after (t, rig, when);

  if (wanted != EITHER && after != (wanted == AFTER) && !g_str_equal (t->before, t->after))
    fail (t, when, (int) wanted);
}

/* The power goes; what is left is opened by another process. */
static void
check_cut (Try *t, Rig *rig, const DiskHistory *history, CutDamage damage, Wanted wanted)
{
  Disk *left = disk_history_cut (history, damage, &t->random);
  Rig *later = rig_new (left, t->call->path, t->call->vfs);
  jn_status status;

  t->images++;
  later->now = rig->now;
  later->head = rig->head;
  later->has_head = rig->has_head;
  status = rig_open (later);
  if (status != JN_OK)
    fail (t, "does not open after a power cut", status);
  check_wanted (t, later, wanted, "after a power cut");
  if (t->images % 4 == 0 && jn_verify (later->ledger, NULL, NULL) != JN_OK)
    fail (t, "the audit has findings after a power cut", (int) damage);
  rig_free (later);
  disk_free (left);
  fault_vfs_use (rig->disk);
}

static void
cut_at_end (Try *t, Rig *rig, guint n, Wanted wanted)
{
  DiskHistory *history = disk_history_new (rig->disk);

  disk_history_advance (history, rig->disk->n_log);
  check_cut (t, rig, history, CUT_LOST, wanted);
  for (guint i = 1; i < n; i++)
    check_cut (t, rig, history, (CutDamage) (disk_random (&t->random) % CUT_COUNT), wanted);
  disk_history_free (history);
}

static void
check_copy (const Try *t, Rig *rig, gboolean must_be)
{
  int node = disk_find (rig->disk, RIG_COPY);
  Rig *copy;

  if (node < 0 || rig->disk->nodes[node].now.size == 0)
    {
      if (must_be)
        fail (t, "there is no copy", 0);
      return;
    }
  if (!must_be && (t->way->kinds & FAULT_DELETE) == 0 && t->once)
    fail (t, "a copy that failed stays", 0);
  if (!must_be)
    {
      disk_unlink (rig->disk, (unsigned) node);
      return;
    }
  copy = rig_new (rig->disk, RIG_COPY, t->call->vfs);
  if (rig_open (copy) != JN_OK)
    fail (t, "the copy does not open", 0);
  is_after (t, copy, "the copy");
  rig_free (copy);
  fault_vfs_use (rig->disk);
}

/* With the disk whole again the same call works, on the same ledger. */
static void
go_on (Try *t, Rig *rig, gsize start, jn_status first)
{
  jn_status status = JN_OK;
  Wanted told = EITHER;

  if (rig->ledger == NULL)
    {
      status = rig_open (rig);
      if (status != JN_OK)
        fail (t, "does not open any more", status);
    }
  else if (first >= 600)
    told = is_after (t, rig, "after the answer that it is not known") ? AFTER : BEFORE;
  /* What it tells now stays, whatever it is. */
  if (rig->ledger != NULL && first >= 600 && rig->disk->n_log > start)
    cut_at_end (t, rig, 3, told);
  if (t->call->copies && first != JN_OK)
    check_copy (t, rig, FALSE);
  if (!t->call->opens && !(t->call->copies && first == JN_OK))
    status = t->call->run (rig);
  if (status != JN_OK && status != JN_EXISTS)
    fail (t, "does not go on", status);
  if (!is_after (t, rig, "after going on") && !g_str_equal (t->before, t->after))
    fail (t, "did not happen the second time", status);
  if (t->call->copies)
    check_copy (t, rig, TRUE);
  if (rig->disk->n_log > start)
    cut_at_end (t, rig, 2, AFTER);
  if (jn_verify (rig->ledger, NULL, NULL) != JN_OK)
    fail (t, "the audit has findings", 0);
  rig_close (rig);
  if (rig_open (rig) != JN_OK)
    fail (t, "does not open again", 0);
  is_after (t, rig, "opened again");
  if (disk_holds (rig->disk, RIG_CANARY, strlen (RIG_CANARY)) && t->call->vfs == NULL)
    fail (t, "text in the clear was written", 0);
}

/* The process dies and another one opens the same disk, on which a failed sync has left what only the cache has. Not for a sync that
 * dropped it: nobody could know of that any more. */
static void
die (Try *t, Rig *rig)
{
  Wanted told;

  fault_plan = (FaultPlan){ .kinds = (1u << FAULT_KINDS) - 1, .fail_at = 1 };
  rig_close (rig);
  fault_plan = (FaultPlan){ 0 };
  rig_forget ();
  if (rig_open (rig) != JN_OK)
    fail (t, "does not open after the process died", 0);
  told = is_after (t, rig, "after the process died") ? AFTER : BEFORE;
  cut_at_end (t, rig, 3, told);
}

static gboolean
try_once (Try *t)
{
  Rig *rig = call_rig (t->call);
  gint64 now = rig->now;
  gsize start = rig->disk->n_log;
  jn_status status;
  gboolean met;

  fault_plan = (FaultPlan){ .kinds = t->way->kinds,
                            .fail_at = t->n,
                            .once = t->once,
                            .full = t->way->full,
                            .drop = t->way->drop,
                            .lie = t->way->lie,
                            .partial = t->way->partial };
  status = t->call->run (rig);
  met = fault_plan.met > 0;
  fault_plan = (FaultPlan){ 0 };
  t->status = status;
  t->plays++;
  t->unknown += status >= 600 && status < 700;
  if (status != JN_OK && !met)
    fail (t, "fails on a whole disk", status);
  if (status != JN_OK && (status < JN_BUSY || status >= JN_FILE_OLDER_THAN_HEAD))
    fail (t, "an answer that is not about the disk", status);
  if (met && t->way->kinds == FAULT_SYNC && status != JN_OK && status != JN_SYNC_FAILED)
    fail (t, "a failed sync is told as something else", status);
  if (status == JN_OK && rig->printed != NULL && !g_str_equal (rig->printed, t->after))
    fail (t, "read something else", status);
  if (rig->ledger != NULL && status < 600)
    {
      gboolean after = is_after (t, rig, "after the call");

      if (after != (status == JN_OK) && !g_str_equal (t->before, t->after))
        fail (t, "the answer says something else than the file", status);
    }
  if (rig->disk->n_log > start)
    cut_at_end (t, rig, 2, status == JN_OK && !t->way->lie ? AFTER : EITHER);
  if (status == JN_SYNC_FAILED && t->n % 2 == 1 && !t->way->drop)
    die (t, rig);
  rig->now = now;
  go_on (t, rig, start, status);
  rig_free (rig);
  return met;
}

static void
test_faults (gconstpointer data)
{
  Try t = { .call = data, .random = 1 };

  call_play (t.call, &t.before, &t.after);
  for (guint w = 0; w < G_N_ELEMENTS (WAYS); w++)
    for (int once = 0; once < 2; once++)
      {
        t.way = &WAYS[w];
        t.once = once;
        /* SQLite takes a short read of a file in the clear for its end. */
        if (t.way->partial && t.call->vfs != NULL)
          continue;
        for (t.n = 1; try_once (&t);)
          t.n = rig_next_fault (t.n);
      }
  g_test_message ("%s: %u plays, %u images, %u not known", t.call->name, t.plays, t.images,
                  t.unknown);
  g_free (t.before);
  g_free (t.after);
}

static void
test_power (gconstpointer data)
{
  Try t = { .call = data, .random = 7 };
  Rig *rig;
  DiskHistory *history;
  gsize start, acknowledged;

  call_play (t.call, &t.before, &t.after);
  rig = call_rig (t.call);
  start = rig->disk->n_log;
  g_assert_cmpint (t.call->run (rig), ==, JN_OK);
  acknowledged = rig->disk->n_log;
  rig_close (rig);
  history = disk_history_new (rig->disk);
  /* What was put outside when the call ended is not outside yet before. */
  rig->has_head = FALSE;
  for (gsize cut = start; cut <= rig->disk->n_log; cut++)
    {
      disk_history_advance (history, cut);
      t.n = (unsigned) (cut - start);
      for (int damage = 0; damage < CUT_COUNT; damage++)
        check_cut (&t, rig, history, (CutDamage) damage, cut >= acknowledged ? AFTER : EITHER);
    }
  g_test_message ("%s: %zu operations, %u images", t.call->name, rig->disk->n_log - start,
                  t.images);
  disk_history_free (history);
  rig_free (rig);
  g_free (t.before);
  g_free (t.after);
}

/* The disk says yes to each sync and keeps nothing. What was acknowledged is there, or the head outside tells that it is not. */
static void
check_lie (Try *t, Rig *rig, const DiskHistory *history, CutDamage damage, guint *noticed)
{
  Disk *left = disk_history_cut (history, damage, &t->random);
  Rig *later = rig_new (left, t->call->path, t->call->vfs);
  jn_status status;

  t->images++;
  later->now = rig->now;
  later->head = rig->head;
  later->has_head = rig->has_head;
  status = rig_open (later);
  if (status == JN_FILE_OLDER_THAN_HEAD)
    {
      *noticed += 1;
      if (rig_open_older (later) != JN_OK)
        fail (t, "what is older does not open", status);
      check_wanted (t, later, BEFORE, "older than the head");
    }
  else if (status != JN_OK)
    fail (t, "does not open after a lie", status);
  else
    check_wanted (t, later, AFTER, "after a lie");
  rig_free (later);
  disk_free (left);
  fault_vfs_use (rig->disk);
}

static void
test_lies (gconstpointer data)
{
  Try t = { .call = data, .random = 3 };
  guint noticed = 0;
  gboolean met = TRUE;

  call_play (t.call, &t.before, &t.after);
  for (t.n = 1; met; t.n++)
    {
      Rig *rig = call_rig (t.call);
      DiskHistory *history;

      fault_plan = (FaultPlan){ .kinds = FAULT_SYNC, .fail_at = t.n, .lie = true };
      t.status = t.call->run (rig);
      met = fault_plan.met > 0;
      fault_plan = (FaultPlan){ 0 };
      if (t.status != JN_OK)
        fail (&t, "a lie is told as an error", t.status);
      history = disk_history_new (rig->disk);
      disk_history_advance (history, rig->disk->n_log);
      for (int damage = 0; met && damage < CUT_COUNT; damage++)
        check_lie (&t, rig, history, (CutDamage) damage, &noticed);
      disk_history_free (history);
      rig_free (rig);
    }
  g_test_message ("%s: %u images, %u older than the head", t.call->name, t.images, noticed);
  g_assert_cmpuint (noticed, >, 0);
  g_free (t.before);
  g_free (t.after);
}

/* Of those that move money in one commit. */
static gboolean
lies_can_be_told (const Call *call)
{
  static const char *const names[] = { "submit-one",  "submit-one-dead", "submit-full-tail",
                                       "submit-many", "submit-expiry",   "points-pay",
                                       "feed-apply",  "feed-pending",    "import" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (call->name, names[i]))
      return TRUE;
  return FALSE;
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  rig_set_up ();
  for (guint i = 0; i < N_CALLS; i++)
    {
      g_autofree char *faults = g_strconcat ("/calls/faults/", CALLS[i].name, NULL);
      g_autofree char *power = g_strconcat ("/calls/power/", CALLS[i].name, NULL);

      g_test_add_data_func (power, &CALLS[i], test_power);
      g_test_add_data_func (faults, &CALLS[i], test_faults);
      if (lies_can_be_told (&CALLS[i]))
        {
          g_autofree char *lies = g_strconcat ("/calls/lies/", CALLS[i].name, NULL);

          g_test_add_data_func (lies, &CALLS[i], test_lies);
        }
    }
  return g_test_run ();
}
