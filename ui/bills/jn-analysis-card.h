/* Where a month's money went: by category, by day, beside the month before. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_ANALYSIS_CARD (jn_analysis_card_get_type ())
G_DECLARE_FINAL_TYPE (JnAnalysisCard, jn_analysis_card, JN, ANALYSIS_CARD, AdwBin)

/* Signal "category-chosen": a bar was pressed; the context's JnBills already shows its rows. */
GtkWidget *jn_analysis_card_new (JnContext *context);

G_END_DECLS
