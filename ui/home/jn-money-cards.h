/* Home's smaller cards: budgets with the goal, and what is coming. Each hides itself while it has nothing to say. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_MONEY_CARDS (jn_money_cards_get_type ())
G_DECLARE_FINAL_TYPE (JnMoneyCards, jn_money_cards, JN, MONEY_CARDS, AdwBin)

GtkWidget *jn_money_cards_new (JnContext *context);

G_END_DECLS
