/* Home: what do I have. */
#pragma once

#include "jn-items.h"
#include "jn-view.h"

G_BEGIN_DECLS

#define JN_TYPE_HOME (jn_home_get_type ())
G_DECLARE_FINAL_TYPE (JnHome, jn_home, JN, HOME, GObject)

/* Signal "changed" after any of these may have changed. */
JnViewState jn_home_get_state (JnHome *self);
const GError *jn_home_get_error (JnHome *self);

/* What can be spent for sure: what is not known yet counts as gone until it is known. */
JnMoney jn_home_get_available (JnHome *self);
JnMoney jn_home_get_pending (JnHome *self); /* being processed and not known yet, > 0 */
JnMoney jn_home_get_held (JnHome *self);    /* held, > 0 */
JnInstant jn_home_get_as_of (JnHome *self);

GListModel *
jn_home_get_recent (JnHome *self); /* JnEntryItem: unknown ones first, then newest; at most 8 */
GListModel *jn_home_get_upcoming (JnHome *self); /* JnUpcomingItem */
GListModel *jn_home_get_budgets (JnHome *self);  /* JnBudgetItem */
GListModel *jn_home_get_goals (JnHome *self);    /* JnGoalItem */

/* Spending this month, and last month up to the same day. */
JnMoney jn_home_get_spent (JnHome *self);
JnMoney jn_home_get_spent_before (JnHome *self);
/* Spending a day of this month: index 0 is the 1st; minor units; *n days of the month up to today. At least 0.
 * Borrowed until "changed". */
const gint64 *jn_home_get_day_spending (JnHome *self, guint *n);

G_END_DECLS
