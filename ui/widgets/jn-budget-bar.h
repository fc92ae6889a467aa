/* How much of a budget is spent. Jade; amber from 80 %. */
#pragma once

#include <gtk/gtk.h>

#include "jn-items.h"

G_BEGIN_DECLS

#define JN_TYPE_BUDGET_BAR (jn_budget_bar_get_type ())
G_DECLARE_FINAL_TYPE (JnBudgetBar, jn_budget_bar, JN, BUDGET_BAR, GtkWidget)

/* Only the bar. */
GtkWidget *jn_budget_bar_new (void);

/* Percent now and, for a confirm sheet, after what is about to happen (the added piece is drawn darker). Equal or less
 * means nothing is added. Either may pass 100. */
void jn_budget_bar_set_percent (JnBudgetBar *self, int now, int after);

/* Masked, the bar keeps its frame and loses its filling. Property "masked". */
void jn_budget_bar_set_masked (JnBudgetBar *self, gboolean masked);

G_END_DECLS
