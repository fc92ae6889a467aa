/* What a run of many worlds counts. */
#pragma once

#include <glib.h>

typedef enum
{
  SIM_REFUSED, /* nobody listens */
  SIM_OFFLINE, /* the wallet's network is gone for a while */
  SIM_DROP_REQUEST,
  SIM_LATE_REQUEST, /* it arrives when the wallet has given up */
  SIM_DUPLICATE,    /* it arrives twice */
  SIM_REORDER,      /* it is overtaken by later ones */
  SIM_CORRUPT_REQUEST,
  SIM_REPLAY,      /* a captured one arrives again, much later */
  SIM_DROP_ANSWER, /* cut after the commit */
  SIM_LATE_ANSWER,
  SIM_CUT_ANSWER, /* in the middle of the body */
  SIM_CORRUPT_ANSWER,
  SIM_SWAP_ANSWER,   /* an answer to something else */
  SIM_PROXY_BEFORE,  /* a front end says 5xx; the bank never saw it */
  SIM_PROXY_AFTER,   /* a front end says 5xx; the bank has done it */
  SIM_STREAM_CUT,    /* the event stream breaks */
  SIM_STREAM_SILENT, /* it is half open: nothing comes any more */
  SIM_PORTAL,        /* HTML of a captive portal */
  SIM_WALLET_CRASH,
  SIM_WALLET_POWER, /* in the middle of a disk operation */
  SIM_WALLET_DISK_ERROR,
  SIM_WALLET_DISK_FULL,
  SIM_WALLET_RESTORE, /* an old backup is put back */
  SIM_WALLET_CLOCK,
  SIM_BANK_CRASH,
  SIM_BANK_POWER,
  SIM_BANK_DISK_ERROR,
  SIM_BANK_DISK_FULL,
  SIM_BANK_CLOCK,
  SIM_KEY_ROTATION,
  SIM_OLD_REPLICA, /* the bank goes on with an older copy of its book */
  SIM_N_FAULTS
} SimFault;

typedef enum
{
  SIM_CHECK_WORLD,    /* the simulator itself: nothing spins, nothing is left behind */
  SIM_CHECK_BALANCED, /* 1 */
  SIM_CHECK_SUPPLY,   /* 2 */
  SIM_CHECK_ONCE,     /* 3 */
  SIM_CHECK_TAP,      /* 4 */
  SIM_CHECK_PREFIX,   /* 5 */
  SIM_CHECK_BOUNDS,   /* 6 */
  SIM_CHECK_PENDING,  /* 7 */
  SIM_CHECK_DERIVED,  /* 8 */
  SIM_CHECK_MODEL,    /* 9 */
  SIM_CHECK_ENDS,     /* 10 */
  SIM_CHECK_OLDER,    /* 11 */
  SIM_CHECK_SECRET,   /* 12 */
  SIM_CHECK_SAME,     /* 13 */
  SIM_N_CHECKS
} SimCheck;

#define SIM_N_STATES 17 /* JnPaymentState, and one for no payment */

typedef struct
{
  guint64 seeds, failed;
  guint64 simulated_us;
  guint64 streams, topups, returns, holds, notes, left_before_pin, left_after_pin, replicas_noticed,
      reopened;
  guint64 taps, transfers, transfers_seen, not_made, cancelled, requests, restarts;
  guint64 faults[SIM_N_FAULTS];
  guint64 pairs[SIM_N_FAULTS][SIM_N_STATES];
  guint64 checks[SIM_N_CHECKS];
} SimStats;

const char *sim_fault_name (SimFault fault);
const char *sim_check_name (SimCheck check);
const char *sim_state_name (guint state);
/* Everything, for people; @wall_us the time that it took. */
void sim_stats_print (const SimStats *stats, gint64 wall_us);
/* One line a counter, and reading it back into another run's totals. */
void sim_stats_write (const SimStats *stats, GString *out);
void sim_stats_add (SimStats *stats, const char *text);
