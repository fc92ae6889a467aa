#include "storm.h"

#include <string.h>

#include "rig.h"

#define N_CALLS_MAX 60
#define PER_CALL 3

typedef enum
{
  ABSENT,
  THERE,
  UNSURE, /* nobody has said */
} Fate;

typedef struct
{
  guint64 random;
  StormCounts *counts;
  Rig *rig;
  Fate fates[N_CALLS_MAX];
  guint n_calls;
  const char *wrong;
} Storm;

static guint
below (Storm *s, guint n)
{
  return (guint) (disk_random (&s->random) % n);
}

static void
rage (Storm *s, gboolean may_drop)
{
  fault_plan =
      (FaultPlan){ .kinds = (unsigned) disk_random (&s->random) & ((1u << FAULT_KINDS) - 1),
                   .fail_at = 1 + below (s, 1u << below (s, 6)),
                   .once = below (s, 3) > 0,
                   .full = below (s, 2) == 0,
                   .drop = may_drop && below (s, 2) == 0,
                   .partial = below (s, 3) == 0 };
}

static void
calm (void)
{
  fault_plan = (FaultPlan){ 0 };
}

static void
blame (Storm *s, const char *what)
{
  calm ();
  if (s->wrong == NULL)
    s->wrong = what;
}

/* The ledger is open afterwards, or the storm is over. */
static void
open_again (Storm *s)
{
  for (guint tries = 0; s->rig->ledger == NULL && tries < 3; tries++)
    {
      jn_status status;

      if (below (s, 2) == 0)
        rage (s, FALSE);
      status = rig_open (s->rig);
      if (status != JN_OK && fault_plan.met == 0)
        blame (s, "does not open");
      if (status == JN_FILE_OLDER_THAN_HEAD || status == JN_CHAIN_BROKEN)
        blame (s, "says that it is another file");
      calm ();
    }
  if (s->rig->ledger == NULL && rig_open (s->rig) != JN_OK)
    blame (s, "does not open any more");
}

static jn_status
submit (Storm *s, guint call)
{
  jn_event events[PER_CALL];
  jn_result results[PER_CALL];

  for (guint i = 0; i < PER_CALL; i++)
    events[i] = (jn_event){ .id = rig_id (2, call * PER_CALL + i),
                            .kind = i == 1 ? JN_PENDING : JN_TRANSFER,
                            .flags = i + 1 < PER_CALL ? JN_LINKED : 0,
                            .currency = 156,
                            .debit = rig_id (1, 0),
                            .credit = rig_id (1, 1 + call % 3),
                            .amount = 1 + call,
                            .value_date = 20261101 + (gint32) call % 28,
                            .payee = "payee",
                            .memo = RIG_CANARY };
  s->rig->now += 1000;
  return jn_submit (s->rig->ledger, events, PER_CALL, results, NULL);
}

/* All of its ids are known, or none. */
static jn_status
ask (Storm *s, guint call, Fate *fate)
{
  guint known = 0;

  s->counts->asked++;
  for (guint i = 0; i < PER_CALL; i++)
    {
      jn_id id = rig_id (2, call * PER_CALL + i);
      jn_result result;
      jn_status status = jn_outcome (s->rig->ledger, &id, &result);

      if (status != JN_OK && status != JN_NOT_FOUND)
        return status;
      known += status == JN_OK;
    }
  if (known != 0 && known != PER_CALL)
    blame (s, "a group is there in part");
  *fate = known > 0 ? THERE : ABSENT;
  return JN_OK;
}

static void
settle_fate (Storm *s, guint call)
{
  Fate fate = UNSURE;

  if (below (s, 3) == 0)
    rage (s, FALSE);
  if (ask (s, call, &fate) != JN_OK)
    {
      calm ();
      if (ask (s, call, &fate) != JN_OK)
        blame (s, "does not say what happened");
    }
  calm ();
  if (s->fates[call] != UNSURE && s->fates[call] != fate)
    blame (s, fate == ABSENT ? "acknowledged and lost" : "told as absent and there");
  s->fates[call] = fate;
}

static void
check_all (Storm *s)
{
  for (guint call = 0; s->wrong == NULL && call < s->n_calls; call++)
    settle_fate (s, call);
  if (s->wrong == NULL && jn_verify (s->rig->ledger, NULL, NULL) != JN_OK)
    blame (s, "the audit has findings");
  if (disk_holds (s->rig->disk, RIG_CANARY, strlen (RIG_CANARY)))
    blame (s, "text in the clear was written");
}

static void
cut_power (Storm *s)
{
  DiskHistory *history = disk_history_new (s->rig->disk);
  Rig *before = s->rig;
  Disk *left;

  disk_history_advance (history, before->disk->n_log);
  left = disk_history_cut (history, (CutDamage) below (s, CUT_COUNT), &s->random);
  s->counts->images++;
  s->rig = rig_new (left, NULL, NULL);
  s->rig->now = before->now;
  s->rig->head = before->head;
  s->rig->has_head = before->has_head;
  disk_history_free (history);
  disk_free (left);
  /* What the old process still does it does to its own disk. */
  fault_vfs_use (before->disk);
  rig_free (before);
  fault_vfs_use (s->rig->disk);
  rig_forget ();
  open_again (s);
}

static void
kill_process (Storm *s)
{
  fault_plan = (FaultPlan){ .kinds = (1u << FAULT_KINDS) - 1, .fail_at = 1 };
  rig_close (s->rig);
  calm ();
  s->counts->deaths++;
  rig_forget ();
  open_again (s);
}

static void
one_call (Storm *s)
{
  gboolean again = s->n_calls > 0 && below (s, 4) == 0;
  guint call = again ? below (s, s->n_calls) : s->n_calls++;
  gboolean dropped;
  jn_status status;

  if (!again)
    s->fates[call] = ABSENT;
  if (below (s, 3) > 0)
    rage (s, TRUE);
  dropped = fault_plan.drop;
  status = submit (s, call);
  s->counts->unknown += status >= 600;
  if (status == JN_OK)
    s->fates[call] = THERE;
  else if (status >= 600 && s->fates[call] == ABSENT)
    s->fates[call] = UNSURE;
  calm ();
  if (status == JN_SYNC_FAILED && below (s, 4) == 0)
    cut_power (s);
  else if (status == JN_SYNC_FAILED && !dropped && below (s, 4) == 0)
    kill_process (s);
  if (s->wrong == NULL)
    settle_fate (s, call);
}

static void
something_else (Storm *s)
{
  jn_annotation note = { rig_id (2, below (s, 30)), JN_FIELD_NOTE,
                         1 + disk_random (&s->random) % 99, 1, RIG_CANARY };

  rage (s, FALSE);
  switch (below (s, 4))
    {
    case 0:
      jn_rebuild (s->rig->ledger);
      break;
    case 1:
      jn_backup (s->rig->ledger, RIG_COPY, NULL, NULL);
      break;
    case 2:
      jn_annotate (s->rig->ledger, &note, 1);
      break;
    default:
      rig_close (s->rig);
      break;
    }
  calm ();
  if (s->rig->ledger == NULL)
    open_again (s);
}

static void
begin (Storm *s)
{
  Disk *empty = disk_new ();

  calm ();
  rig_forget ();
  s->rig = rig_new (empty, NULL, NULL);
  disk_free (empty);
  open_again (s);
  for (guint i = 0; s->wrong == NULL && i < 4; i++)
    {
      jn_account a = { .id = rig_id (1, i), .currency = 156, .ceiling = G_MAXINT64 };

      a.class_ = i == 0 ? JN_ACCOUNT_WORLD : JN_ACCOUNT_CUSTOMER;
      a.flags = i == 0 ? 0 : JN_ACCOUNT_BOUNDED;
      if (jn_account_open (s->rig->ledger, &a) != JN_OK)
        blame (s, "cannot begin");
    }
}

const char *
storm_play (guint64 seed, StormCounts *counts)
{
  Storm s = { .random = seed, .counts = counts };

  begin (&s);
  for (guint step = 0; s.wrong == NULL && step < 80 && s.n_calls < N_CALLS_MAX; step++)
    {
      guint what = below (&s, 12);

      counts->steps++;
      if (what < 8)
        one_call (&s);
      else if (what < 10)
        something_else (&s);
      else if (what == 10)
        cut_power (&s);
      else
        kill_process (&s);
      if (s.wrong == NULL && step % 16 == 15)
        check_all (&s);
    }
  if (s.wrong == NULL)
    check_all (&s);
  rig_free (s.rig);
  return s.wrong;
}
