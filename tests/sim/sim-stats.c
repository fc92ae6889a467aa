#include "sim-stats.h"

#include <stdio.h>
#include <string.h>

static const char *const faults[SIM_N_FAULTS] = {
  [SIM_REFUSED] = "connection refused",
  [SIM_OFFLINE] = "offline",
  [SIM_DROP_REQUEST] = "request lost",
  [SIM_LATE_REQUEST] = "request too late",
  [SIM_DUPLICATE] = "request twice",
  [SIM_REORDER] = "request overtaken",
  [SIM_CORRUPT_REQUEST] = "request changed",
  [SIM_REPLAY] = "request replayed",
  [SIM_DROP_ANSWER] = "answer lost after commit",
  [SIM_LATE_ANSWER] = "answer too late",
  [SIM_CUT_ANSWER] = "answer cut",
  [SIM_CORRUPT_ANSWER] = "answer changed",
  [SIM_SWAP_ANSWER] = "answer of another request",
  [SIM_PROXY_BEFORE] = "front end 5xx, not done",
  [SIM_PROXY_AFTER] = "front end 5xx, done",
  [SIM_PORTAL] = "captive portal",
  [SIM_STREAM_CUT] = "event stream cut",
  [SIM_STREAM_SILENT] = "event stream half open",
  [SIM_WALLET_CRASH] = "wallet crash",
  [SIM_WALLET_POWER] = "wallet power cut in a write",
  [SIM_WALLET_DISK_ERROR] = "wallet disk error",
  [SIM_WALLET_DISK_FULL] = "wallet disk full",
  [SIM_WALLET_RESTORE] = "wallet old backup restored",
  [SIM_WALLET_CLOCK] = "wallet clock jump",
  [SIM_BANK_CRASH] = "bank crash",
  [SIM_BANK_POWER] = "bank power cut in a write",
  [SIM_BANK_DISK_ERROR] = "bank disk error",
  [SIM_BANK_DISK_FULL] = "bank disk full",
  [SIM_BANK_CLOCK] = "bank clock jump",
  [SIM_KEY_ROTATION] = "bank key rotation",
  [SIM_OLD_REPLICA] = "bank older replica",
};

static const char *const checks[SIM_N_CHECKS] = {
  [SIM_CHECK_WORLD] = "0 world",     [SIM_CHECK_BALANCED] = "1 balanced",
  [SIM_CHECK_SUPPLY] = "2 supply",   [SIM_CHECK_ONCE] = "3 once",
  [SIM_CHECK_TAP] = "4 tap",         [SIM_CHECK_PREFIX] = "5 prefix",
  [SIM_CHECK_BOUNDS] = "6 bounds",   [SIM_CHECK_PENDING] = "7 pending",
  [SIM_CHECK_DERIVED] = "8 derived", [SIM_CHECK_MODEL] = "9 model",
  [SIM_CHECK_ENDS] = "10 ends",      [SIM_CHECK_OLDER] = "11 older told",
  [SIM_CHECK_SECRET] = "12 secret",  [SIM_CHECK_SAME] = "13 same again",
};

static const char *const states[SIM_N_STATES] = {
  "START", "READING",    "RESOLVING", "AMOUNT",    "QUOTING", "AGAIN",
  "SHORT", "TOPPING_UP", "CONFIRM",   "APPROVING", "SMS",     "CHECKING",
  "MADE",  "NOT_MADE",   "CANCELLED", "FAILED",    "none",
};

const char *
sim_fault_name (SimFault fault)
{
  return faults[fault];
}

const char *
sim_check_name (SimCheck check)
{
  return checks[check];
}

const char *
sim_state_name (guint state)
{
  return state < SIM_N_STATES ? states[state] : "?";
}

#define STATE_READING 1
#define STATE_MADE 12
#define STATE_NONE (SIM_N_STATES - 1)

static gboolean
pair_can_be (SimFault fault, guint state)
{
  if (fault == SIM_WALLET_RESTORE)
    return state == STATE_NONE;
  return state != STATE_READING && (state < STATE_MADE || state == STATE_NONE);
}

static void
print_missing (const SimStats *stats)
{
  guint missing = 0, possible = 0;

  printf ("# fault x state pairs that never happened:");
  for (guint f = 0; f < SIM_N_FAULTS; f++)
    for (guint s = 0; s < SIM_N_STATES; s++)
      if (pair_can_be (f, s))
        {
          possible++;
          if (stats->pairs[f][s] > 0)
            continue;
          printf ("%s %s x %s", missing++ > 0 ? ";" : "", faults[f], states[s]);
        }
  printf ("%s (%u of %u)\n", missing == 0 ? " none" : "", missing, possible);
  printf ("# pairs that cannot be: READING (a code comes as text, not as a picture), MADE to "
          "FAILED (left"
          " in the same instant), a backup that is put back into a program that runs\n");
}

void
sim_stats_print (const SimStats *stats, gint64 wall_us)
{
  gint64 hours = (gint64) (stats->simulated_us / 3600000000u);

  printf ("# seeds %" G_GUINT64_FORMAT " (%" G_GUINT64_FORMAT
          " failed), simulated hours %" G_GINT64_FORMAT ", wall seconds %" G_GINT64_FORMAT
          ", simulated / wall %" G_GINT64_FORMAT "\n",
          stats->seeds, stats->failed, hours, wall_us / 1000000,
          wall_us > 0 ? (gint64) stats->simulated_us / wall_us : 0);
  printf ("# approvals tapped %" G_GUINT64_FORMAT ", transfers at the bank %" G_GUINT64_FORMAT
          ", seen made %" G_GUINT64_FORMAT ", seen not made %" G_GUINT64_FORMAT
          ", cancelled %" G_GUINT64_FORMAT ", requests %" G_GUINT64_FORMAT
          ", starts of a program %" G_GUINT64_FORMAT "\n",
          stats->taps, stats->transfers, stats->transfers_seen, stats->not_made, stats->cancelled,
          stats->requests, stats->restarts);
  printf ("# top-ups booked %" G_GUINT64_FORMAT ", payments returned %" G_GUINT64_FORMAT
          ", holds %" G_GUINT64_FORMAT ", notes kept %" G_GUINT64_FORMAT
          ", left before the PIN %" G_GUINT64_FORMAT ", left after it %" G_GUINT64_FORMAT
          ", event streams %" G_GUINT64_FORMAT ", older replicas noticed %" G_GUINT64_FORMAT
          ", sheets shown again %" G_GUINT64_FORMAT "\n",
          stats->topups, stats->returns, stats->holds, stats->notes, stats->left_before_pin,
          stats->left_after_pin, stats->streams, stats->replicas_noticed, stats->reopened);
  printf ("# faults:");
  for (guint f = 0; f < SIM_N_FAULTS; f++)
    printf ("%s %s %" G_GUINT64_FORMAT, f > 0 ? "," : "", faults[f], stats->faults[f]);
  printf ("\n# checks:");
  for (guint c = 0; c < SIM_N_CHECKS; c++)
    printf ("%s %s %" G_GUINT64_FORMAT, c > 0 ? "," : "", checks[c], stats->checks[c]);
  printf ("\n");
  print_missing (stats);
}

/* All of it is counters. */
void
sim_stats_write (const SimStats *stats, GString *out)
{
  const guint64 *values = (const guint64 *) stats;

  for (gsize i = 0; i < sizeof *stats / sizeof *values; i++)
    g_string_append_printf (out, "%" G_GUINT64_FORMAT " ", values[i]);
}

void
sim_stats_add (SimStats *stats, const char *text)
{
  guint64 *values = (guint64 *) stats;
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (gsize i = 0; i < sizeof *stats / sizeof *values && words[i] != NULL; i++)
    values[i] += g_ascii_strtoull (words[i], NULL, 10);
}
