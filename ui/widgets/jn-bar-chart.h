/* A month by category: horizontal bars sorted by size, the amount at the right, last month as a tick. Each bar is a
 * button that names its numbers; the same as a table on demand. Masked, there are no amounts and no scale. */
#pragma once

#include <gtk/gtk.h>

#include "jn-items.h"

G_BEGIN_DECLS

#define JN_TYPE_BAR_CHART (jn_bar_chart_get_type ())
G_DECLARE_FINAL_TYPE (JnBarChart, jn_bar_chart, JN, BAR_CHART, GtkWidget)

/* Signal "category-activated" (int category). Properties "masked", "as-table". */

GtkWidget *jn_bar_chart_new (void);

/* JnSliceItem, in the order they are drawn; follows changes of the model. */
void jn_bar_chart_set_slices (JnBarChart *self, GListModel *slices);

/* Marks one bar as chosen; JN_CATEGORY_NONE for none. */
void jn_bar_chart_set_selected (JnBarChart *self, JnCategory category);

void jn_bar_chart_set_as_table (JnBarChart *self, gboolean as_table);
void jn_bar_chart_set_masked (JnBarChart *self, gboolean masked);

G_END_DECLS
