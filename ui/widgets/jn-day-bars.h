/* Spending a day of one month as slim bars over a base line; today's is dark. Masked, all bars are the same height. */
#pragma once

#include <gtk/gtk.h>

#include "jn-date.h"
#include "jn-money.h"

G_BEGIN_DECLS

#define JN_TYPE_DAY_BARS (jn_day_bars_get_type ())
G_DECLARE_FINAL_TYPE (JnDayBars, jn_day_bars, JN, DAY_BARS, GtkWidget)

GtkWidget *jn_day_bars_new (void);

/* @days: minor units of @currency, from the 1st of @month on; copied. @today: day of the month that is dark, 0 none. */
void jn_day_bars_set_days (JnDayBars *self, JnMonth month, const gint64 *days, guint n_days,
                           int today, JnCurrency currency);
void jn_day_bars_set_masked (JnDayBars *self, gboolean masked); /* also property "masked" */

G_END_DECLS
