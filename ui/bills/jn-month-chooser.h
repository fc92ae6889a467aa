/* ‹ November 2026 ›: which month is shown, or the whole history. */
#pragma once

#include <adwaita.h>

#include "jn-bills.h"

G_BEGIN_DECLS

#define JN_TYPE_MONTH_CHOOSER (jn_month_chooser_get_type ())
G_DECLARE_FINAL_TYPE (JnMonthChooser, jn_month_chooser, JN, MONTH_CHOOSER, AdwBin)

/* Follows @bills and sets its month. */
GtkWidget *jn_month_chooser_new (JnBills *bills);

G_END_DECLS
