/* Bills: where did it go. */
#pragma once

#include "jn-items.h"
#include "jn-view.h"

G_BEGIN_DECLS

#define JN_TYPE_BILLS (jn_bills_get_type ())
G_DECLARE_FINAL_TYPE (JnBills, jn_bills, JN, BILLS, GObject)

/* Signal "changed" after month, filter, totals or analysis changed. */
JnViewState jn_bills_get_state (JnBills *self);
const GError *jn_bills_get_error (JnBills *self);

/* The month shown (yyyymm); 0 shows the whole history. Within what the history holds. */
JnMonth jn_bills_get_month (JnBills *self);
void jn_bills_set_month (JnBills *self, JnMonth month);
JnMonth jn_bills_get_first_month (JnBills *self);
JnMonth jn_bills_get_last_month (JnBills *self);

/* Filters of the list; NONE and "" for none. A search looks through the whole history. */
void jn_bills_set_category (JnBills *self, JnCategory category);
JnCategory jn_bills_get_category (JnBills *self);
void jn_bills_set_search (JnBills *self, const char *text);
const char *jn_bills_get_search (JnBills *self);

/* JnEntryItem, newest first, lazily read: a million rows cost as much as fifty. Unknown and pending ones stand first in the current month. */
GListModel *jn_bills_get_entries (JnBills *self);

/* Totals of the month, both ≥ 0. */
JnMoney jn_bills_get_spent (JnBills *self);
JnMoney jn_bills_get_income (JnBills *self);
JnMoney jn_bills_get_spent_before (JnBills *self); /* last month up to the same day */
GListModel *jn_bills_get_slices (JnBills *self);   /* JnSliceItem, largest first */
const gint64 *jn_bills_get_day_spending (JnBills *self,
                                         guint *n); /* as in JnHome, for this month */

G_END_DECLS
