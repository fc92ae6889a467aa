/* Where a month's money went: one slice a category. */
#pragma once

#include "jn-cashflow.h"

G_BEGIN_DECLS

typedef struct
{
  JnCategory category;
  gint64 spent;        /* minor units; below 0 when refunds outweigh */
  gint64 spent_before; /* the month before up to the same day */
  guint count;         /* entries, refunds too */
} JnSlice;

/* Spending categories with entries in @month (0: the whole history, nothing before), largest first. Free with g_array_unref().
 * NULL with @status set when the ledger cannot be read. Blocks: never on the main thread. */
GArray *jn_analysis_read (jn_snapshot *snapshot, const jn_id *account, JnMonth month, JnDate today,
                          jn_status *status);

G_END_DECLS
