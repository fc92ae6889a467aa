/* For every public call: each of its disk operations fails, once and for ever, in every way (of long calls the first ones, then
 * with growing strides; each with JN_EXHAUSTIVE=1), and the power goes at each of them in every way. What was acknowledged is
 * there; what was not is whole or absent; an answer that says nothing happened is right; the same ledger goes on afterwards;
 * what it says then survives the power too. */
#include <sodium.h>
#include <sqlite3.h>
#include <string.h>

#include "rig.h"

typedef struct
{
  const char *name;
  unsigned kinds;
  bool full, quota, drop, lie, partial;
  bool narrow; /* no page stays in memory, and each look at one asks the disk */
} Way;

static const Way WAYS[] = {
  { "read", FAULT_READ },
  { "short-read", FAULT_READ, .partial = true },
  { "narrow-read", FAULT_READ, .narrow = true },
  { "write", FAULT_WRITE },
  { "full", FAULT_WRITE, .full = true },
  { "quota", FAULT_WRITE, .quota = true },
  { "sync", FAULT_SYNC },
  { "sync-drop", FAULT_SYNC, .drop = true },
  { "truncate", FAULT_TRUNCATE },
  { "delete", FAULT_DELETE },
  { "open", FAULT_OPEN },
  { "busy", FAULT_LOCK },
  { "share", FAULT_SHARE },
  { "size", FAULT_SIZE },
  { "access", FAULT_ACCESS },
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
  /* Each different image is looked at once: those that a cut leaves, with whether they show the state after, and those that are
   * left at the end. */
  GHashTable *seen, *wholes;
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
check_told (const Try *t, gboolean after, Wanted wanted, const char *when)
{
  if (wanted != EITHER && after != (wanted == AFTER) && !g_str_equal (t->before, t->after))
    fail (t, when, (int) wanted);
}

static gboolean
check_wanted (const Try *t, Rig *rig, Wanted wanted, const char *when)
{
  gboolean after = is_after (t, rig, when);

  check_told (t, after, wanted, when);
  return after;
}

/* All that decides what opening this image shows. */
static GBytes *
identify (const Disk *left, const Rig *rig)
{
  guint8 hash[16];
  crypto_generichash_state state;

  crypto_generichash_init (&state, NULL, 0, sizeof hash);
  for (unsigned i = 0; i < left->n_nodes; i++)
    {
      const DiskNode *node = &left->nodes[i];
      guint64 size = node->now.size;

      if (node->name == NULL)
        continue;
      crypto_generichash_update (&state, (const guint8 *) node->name, strlen (node->name) + 1);
      crypto_generichash_update (&state, (const guint8 *) &size, sizeof size);
      if (size > 0)
        crypto_generichash_update (&state, node->now.data, size);
    }
  crypto_generichash_update (&state, (const guint8 *) &rig->now, sizeof rig->now);
  crypto_generichash_update (&state, (const guint8 *) &rig->has_head, sizeof rig->has_head);
  crypto_generichash_update (&state, (const guint8 *) &rig->head.seq, sizeof rig->head.seq);
  crypto_generichash_update (&state, rig->head.hash, sizeof rig->head.hash);
  crypto_generichash_final (&state, hash, sizeof hash);
  return g_bytes_new (hash, sizeof hash);
}

/* The power goes; what is left is opened by another process. */
static void
check_cut (Try *t, Rig *rig, const DiskHistory *history, CutDamage damage, Wanted wanted)
{
  Disk *left = disk_history_cut (history, damage, &t->random);
  g_autoptr (GBytes) image = identify (left, rig);
  gpointer known;
  Rig *later;
  jn_status status;

  t->images++;
  if (g_hash_table_lookup_extended (t->seen, image, NULL, &known))
    {
      check_told (t, GPOINTER_TO_INT (known), wanted, "after a power cut, as before");
      disk_free (left);
      return;
    }
  later = rig_new (left, t->call->path, t->call->vfs);
  later->now = rig->now;
  later->head = rig->head;
  later->has_head = rig->has_head;
  status = rig_open (later);
  if (status != JN_OK)
    fail (t, "does not open after a power cut", status);
  known = GINT_TO_POINTER (check_wanted (t, later, wanted, "after a power cut"));
  g_hash_table_insert (t->seen, g_steal_pointer (&image), known);
  /* Of the many that the power leaves a part. */
  if ((t->way != NULL || g_hash_table_size (t->seen) % 4 == 0)
      && jn_verify (later->ledger, NULL, NULL) != JN_OK)
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
  /* What a failed sync left tells itself apart by these two. */
  check_cut (t, rig, history, CUT_LOST, wanted);
  check_cut (t, rig, history, CUT_KEPT, wanted);
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

/* What a call that went on leaves behind opens, is sound and shows the state after. */
static void
check_whole (Try *t, Rig *rig)
{
  g_autoptr (GBytes) image = identify (rig->disk, rig);

  if (g_hash_table_contains (t->wholes, image))
    return;
  if (rig_open (rig) != JN_OK)
    fail (t, "does not open again", 0);
  check_wanted (t, rig, AFTER, "opened again");
  if (jn_verify (rig->ledger, NULL, NULL) != JN_OK)
    fail (t, "the audit has findings", 0);
  g_hash_table_add (t->wholes, g_steal_pointer (&image));
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
  rig_close (rig);
  check_whole (t, rig);
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
  Rig *rig;
  gint64 now;
  gsize start;
  jn_status status;
  gboolean met;

  sqlite3_soft_heap_limit64 (t->way->narrow ? 1 : 0);
  rig = call_rig (t->call);
  now = rig->now;
  start = rig->disk->n_log;
  fault_plan = (FaultPlan){ .kinds = t->way->kinds,
                            .fail_at = t->n,
                            .once = t->once,
                            .full = t->way->full,
                            .quota = t->way->quota,
                            .drop = t->way->drop,
                            .lie = t->way->lie,
                            .partial = t->way->partial };
  status = t->call->run (rig);
  met = fault_plan.met > 0;
  fault_plan = (FaultPlan){ 0 };
  sqlite3_soft_heap_limit64 (0);
  t->status = status;
  t->plays++;
  t->unknown += status >= 600 && status < 700;
  if (!met)
    {
      if (status != JN_OK)
        fail (t, "fails on a whole disk", status);
      rig_free (rig);
      return FALSE;
    }
  if (status != JN_OK && (status < JN_BUSY || status >= JN_FILE_OLDER_THAN_HEAD))
    fail (t, "an answer that is not about the disk", status);
  if (t->way->kinds == FAULT_SYNC && status != JN_OK && status != JN_SYNC_FAILED)
    fail (t, "a failed sync is told as something else", status);
  if ((t->way->full || t->way->quota) && status != JN_OK && status < 600 && status != JN_DISK_FULL)
    fail (t, "a full disk is told as something else", status);
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
  return TRUE;
}

static void
begin (Try *t)
{
  call_play (t->call, &t->before, &t->after);
  t->seen =
      g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  t->wholes =
      g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
}

static void
end (Try *t)
{
  g_test_message ("%s: %u plays, %u images, %u of them different, %u ends, %u not known",
                  t->call->name, t->plays, t->images, g_hash_table_size (t->seen),
                  g_hash_table_size (t->wholes), t->unknown);
  g_hash_table_unref (t->seen);
  g_hash_table_unref (t->wholes);
  g_free (t->before);
  g_free (t->after);
}

static void
test_faults (gconstpointer data)
{
  Try t = { .call = data, .random = 1 };

  begin (&t);
  for (guint w = 0; w < G_N_ELEMENTS (WAYS); w++)
    for (int once = 0; once < 2; once++)
      {
        t.way = &WAYS[w];
        t.once = once;
        /* SQLite takes a short read of a file in the clear for its end. */
        if (t.way->partial && t.call->vfs != NULL)
          continue;
        if ((t.way->narrow && !once) || (t.way->quota && once))
          continue;
        for (t.n = 1; try_once (&t);)
          t.n = rig_next_fault (t.n);
      }
  end (&t);
}

/* The sync of a commit has failed, and then what the next call does about it. */
static gboolean
mend_once (Try *t)
{
  Rig *rig = call_rig (t->call);
  gsize start = rig->disk->n_log;
  gint64 now = rig->now;
  jn_head head;
  gboolean met;

  fault_plan = (FaultPlan){ .kinds = FAULT_SYNC, .fail_at = 1, .once = true, .drop = true };
  if (t->call->run (rig) != JN_SYNC_FAILED)
    fail (t, "a failed sync is told as something else", 0);
  fault_plan = (FaultPlan){ .kinds = t->way->kinds, .fail_at = t->n, .once = t->once };
  t->status = jn_head_get (rig->ledger, &head);
  met = fault_plan.met > 0;
  fault_plan = (FaultPlan){ 0 };
  t->plays++;
  if (t->status != JN_OK && (!met || t->status < JN_BUSY || t->status >= JN_FILE_OLDER_THAN_HEAD))
    fail (t, "an answer that is not about the disk", t->status);
  rig->now = now;
  go_on (t, rig, start, JN_SYNC_FAILED);
  rig_free (rig);
  return met;
}

static void
test_mending (gconstpointer data)
{
  static const Way any = { "any", (1u << FAULT_KINDS) - 1 };
  Try t = { .call = data, .random = 5, .way = &any };

  begin (&t);
  for (int once = 0; once < 2; once++)
    for (t.once = once, t.n = 1; mend_once (&t);)
      t.n = rig_next_fault (t.n);
  end (&t);
}

static void
test_power (gconstpointer data)
{
  Try t = { .call = data, .random = 7 };
  Rig *rig;
  DiskHistory *history;
  gsize start, acknowledged;
  /* What an image shows is the plain build's to find. */
#ifdef __SANITIZE_ADDRESS__
  const int stride = 3;
#else
  const int stride = 1;
#endif

  begin (&t);
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
      for (int damage = (int) (cut % stride); damage < CUT_COUNT; damage += stride)
        check_cut (&t, rig, history, (CutDamage) damage, cut >= acknowledged ? AFTER : EITHER);
    }
  g_test_message ("%zu operations", rig->disk->n_log - start);
  disk_history_free (history);
  rig_free (rig);
  end (&t);
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
      if (g_str_has_prefix (CALLS[i].name, "submit-one")
          || g_str_equal (CALLS[i].name, "submit-full-tail"))
        {
          g_autofree char *mending = g_strconcat ("/calls/mending/", CALLS[i].name, NULL);

          g_test_add_data_func (mending, &CALLS[i], test_mending);
        }
      if (lies_can_be_told (&CALLS[i]))
        {
          g_autofree char *lies = g_strconcat ("/calls/lies/", CALLS[i].name, NULL);

          g_test_add_data_func (lies, &CALLS[i], test_lies);
        }
    }
  return g_test_run ();
}
