/* Percent of a budget without floating point. */
#include "jn-budget.h"

int
jn_budget_percent (gint64 spent, gint64 limit)
{
  if (spent <= 0)
    return 0;
  if (limit <= 0)
    return 100;
  /* 128 bits: 100 times an amount need not fit in 64. */
  unsigned __int128 percent = (unsigned __int128) spent * 100 / (unsigned __int128) limit;
  return percent > G_MAXINT ? G_MAXINT : (int) percent;
}
