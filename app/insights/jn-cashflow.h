/* What came in and what was spent, by month and by day, from one pinned state of the ledger.
 *
 * Spending is money out in a spending category less what came back in it (refunds); transfers, income and the opening balance
 * are none. All amounts are minor units of the account's currency. Functions block on the ledger: never on the main thread. */
#pragma once

#include "jn-category.h"
#include "jn-date.h"
#include "jn-ledger.h"

G_BEGIN_DECLS

#define JN_CASHFLOW_DAYS 31

typedef struct
{
  gint64 spent; /* in the month, up to @today */
  gint64 income;
  gint64
      spent_before; /* in the month before, up to the same day; all of it when the month is over */
  gint64 days
      [JN_CASHFLOW_DAYS]; /* spending by day of the month, 0 for the 1st; below 0 when refunds outweigh */
  guint n_days;           /* days of the month up to @today */
} JnCashflow;

/* Reads @month as it stands on @today. */
jn_status jn_cashflow_read (jn_snapshot *snapshot, const jn_id *account, JnMonth month,
                            JnDate today, JnCashflow *out);

/* The same over the whole history: no days and nothing before. */
jn_status jn_cashflow_read_all (jn_snapshot *snapshot, const jn_id *account, JnCashflow *out);

/* First month with an entry; 0 for an empty history. */
jn_status jn_cashflow_first_month (jn_snapshot *snapshot, const jn_id *account, JnMonth *out);

/* How far the month before is counted so that it compares with @month on @today: a date in the month before. */
JnDate jn_cashflow_compare_until (JnMonth month, JnDate today);

/* Spending by category of one month up to and including @until, minor units; @spent and @counts (may be NULL) have JN_N_CATEGORIES places. */
jn_status jn_cashflow_by_category (jn_snapshot *snapshot, const jn_id *account, JnMonth month,
                                   JnDate until, gint64 *spent, guint64 *counts);

G_END_DECLS
