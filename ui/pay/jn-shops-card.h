/* The sandbox's "Buy a coffee": sample shops whose codes are real pictures, to drag, save or use. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_SHOPS_CARD (jn_shops_card_get_type ())
G_DECLARE_FINAL_TYPE (JnShopsCard, jn_shops_card, JN, SHOPS_CARD, AdwBin)

/* Signal "picture" (GBytes *): the drawn code as a PNG file. */
GtkWidget *jn_shops_card_new (JnContext *context);

/* Asks the bank for fresh codes: an order can be paid once. Main thread. */
void jn_shops_card_refresh (JnShopsCard *self);

/* The picture shown, as a PNG file; NULL before there is one. Caller owns it. */
GBytes *jn_shops_card_dup_picture (JnShopsCard *self);

G_END_DECLS
