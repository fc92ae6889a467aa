/* The engine: accounts, batches of transfers and holds, closing and opening again. */
#include <string.h>

#include "jn-ledger.h"
#include "torture-scenario.h"

#define N_ACCOUNTS 4
#define N_CALLS 14
#define PER_CALL_MAX 7

typedef struct
{
  jn_head head;
  jn_balance balances[N_ACCOUNTS];
} State;

static gint64 clock_us;

static int64_t
read_now (void *ctx)
{
  return clock_us;
}

static const jn_host HOST = { .now_us = read_now, .vfs = TORTURE_VFS };

static jn_id
make_id (guint8 kind, guint32 n)
{
  jn_id id = { { kind } };

  for (int i = 0; i < 4; i++)
    id.b[15 - i] = (guint8) (n >> (8 * i));
  return id;
}

static jn_status
open_account (jn_ledger *ledger, guint n)
{
  jn_account a = { .id = make_id (1, n), .currency = 156, .ceiling = G_MAXINT64 };

  a.class_ = n == 0 ? JN_ACCOUNT_WORLD : JN_ACCOUNT_CUSTOMER;
  a.flags = n == 0 ? 0 : JN_ACCOUNT_BOUNDED;
  return jn_account_open (ledger, &a);
}

static gboolean
read_state (jn_ledger *ledger, State *state)
{
  jn_snapshot *snapshot = NULL;
  gboolean ok;

  memset (state, 0, sizeof *state);
  if (jn_head_get (ledger, &state->head) != JN_OK || jn_snapshot_begin (ledger, &snapshot) != JN_OK)
    return FALSE;
  ok = TRUE;
  for (guint i = 0; ok && i < N_ACCOUNTS; i++)
    {
      jn_id id = make_id (1, i);
      jn_status status = jn_balance_get (snapshot, &id, &state->balances[i]);

      ok = status == JN_OK || status == JN_NOT_FOUND;
    }
  jn_snapshot_end (snapshot);
  return ok;
}

/* The same for the same seed and number. */
static guint
make_call (const Scenario *s, guint call, jn_event events[PER_CALL_MAX])
{
  guint64 r = s->seed * 1000 + call;
  guint n = 1 + (guint) (disk_random (&r) % PER_CALL_MAX);

  for (guint i = 0; i < n; i++)
    {
      guint to = (guint) (disk_random (&r) % (N_ACCOUNTS - 1)) + 1;
      gboolean out = call > 2 && (disk_random (&r) & 1) != 0;

      events[i] = (jn_event){
        .id = make_id (2, call * PER_CALL_MAX + i),
        .kind = (disk_random (&r) & 3) == 0 ? JN_PENDING : JN_TRANSFER,
        .code = (guint16) (1 + disk_random (&r) % 5),
        .currency = 156,
        .debit = make_id (1, out ? to : 0),
        .credit = make_id (1, out ? 0 : to),
        .amount = (gint64) (1 + disk_random (&r) % 1000),
        .value_date = 20261101,
        .occurred_us = 1,
        .payee = "a payee",
        .memo = TORTURE_CANARY " and a little more, so that a page fills up with a few of them "
                               "and the tree has to split",
      };
    }
  return n;
}

static jn_ledger *
reopen (Scenario *s, jn_ledger *ledger)
{
  jn_close (ledger);
  ledger = NULL;
  if (jn_open (TORTURE_PATH, NULL, &HOST, 0, &ledger) != JN_OK)
    s->failed = TRUE;
  return ledger;
}

static void
play (Scenario *s)
{
  jn_ledger *ledger = NULL;
  guint64 r = s->seed;
  State state;

  clock_us = G_GINT64_CONSTANT (1700000000000000);
  ledger = reopen (s, NULL);
  for (guint i = 0; !s->failed && i < N_ACCOUNTS; i++)
    {
      s->failed = open_account (ledger, i) != JN_OK || !read_state (ledger, &state);
      scenario_acknowledge (s, &state);
    }
  for (guint call = 0; !s->failed && call < N_CALLS; call++)
    {
      jn_event events[PER_CALL_MAX];
      jn_result results[PER_CALL_MAX];
      guint n = make_call (s, call, events);

      clock_us += 1000000;
      s->failed =
          jn_submit (ledger, events, n, results, NULL) != JN_OK || !read_state (ledger, &state);
      scenario_acknowledge (s, &state);
      if (!s->failed && disk_random (&r) % 4 == 0)
        ledger = reopen (s, ledger);
    }
  jn_close (ledger);
}

static gboolean
same_state (const Scenario *s, guint n, const State *state)
{
  static const State none;
  const State *wanted = n == 0 ? &none : &g_array_index (s->states, State, n - 1);

  return memcmp (wanted, state, sizeof *state) == 0;
}

static const char *
check_open (Scenario *s, jn_ledger *ledger, guint acked, gboolean go_on)
{
  State state;
  gint64 sum = 0;
  jn_status status;

  if (!read_state (ledger, &state))
    return "the state cannot be read";
  if (!same_state (s, acked, &state)
      && !(acked < s->states->len && same_state (s, acked + 1, &state)))
    return "neither the acknowledged state nor the next one";
  for (guint i = 0; i < N_ACCOUNTS; i++)
    sum += state.balances[i].posted;
  if (sum != 0)
    return "money was made or lost";
  if (jn_verify (ledger, NULL, NULL) != JN_OK)
    return "the audit has findings";
  if (!go_on)
    return NULL;
  status = open_account (ledger, 0);
  return status == JN_OK || status == JN_EXISTS ? NULL : "cannot be written any more";
}

static const char *
check (Scenario *s, guint acked, gboolean go_on)
{
  jn_ledger *ledger = NULL;
  const char *wrong;

  clock_us = G_GINT64_CONSTANT (1800000000000000);
  if (jn_open (TORTURE_PATH, NULL, &HOST, 0, &ledger) != JN_OK)
    return "does not open";
  wrong = check_open (s, ledger, acked, go_on);
  jn_close (ledger);
  return wrong;
}

const ScenarioKind scenario_ledger = { "ledger", sizeof (State), play, check };
