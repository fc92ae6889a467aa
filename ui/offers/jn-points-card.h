/* Points: how many, which end soon, where they came from. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_POINTS_CARD (jn_points_card_get_type ())
G_DECLARE_FINAL_TYPE (JnPointsCard, jn_points_card, JN, POINTS_CARD, AdwBin)

GtkWidget *jn_points_card_new (JnContext *context);

G_END_DECLS
