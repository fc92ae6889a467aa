/* Home: what this month has cost so far, day by day, beside last month by the same day. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_SPENDING_CARD (jn_spending_card_get_type ())
G_DECLARE_FINAL_TYPE (JnSpendingCard, jn_spending_card, JN, SPENDING_CARD, AdwBin)

GtkWidget *jn_spending_card_new (JnContext *context);

G_END_DECLS
