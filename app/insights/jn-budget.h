/* How far a month's budget is used. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whole percent of @limit that @spent is, rounded down: 62 for 310.00 of 500.00; may pass 100; 0 when nothing or less is spent.
 * A limit of 0 or less counts as used up: 100 as soon as anything is spent. Minor units. Pure, any thread. */
int jn_budget_percent (gint64 spent, gint64 limit);

G_END_DECLS
