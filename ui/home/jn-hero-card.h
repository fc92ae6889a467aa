/* Home's first card: what is there, what is on its way, and four things to do. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_HERO_CARD (jn_hero_card_get_type ())
G_DECLARE_FINAL_TYPE (JnHeroCard, jn_hero_card, JN, HERO_CARD, AdwBin)

GtkWidget *jn_hero_card_new (JnContext *context);

G_END_DECLS
