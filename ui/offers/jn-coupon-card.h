/* A coupon that looks like one: what it gives at the left of a perforation, its rules at the right. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_COUPON_CARD (jn_coupon_card_get_type ())
G_DECLARE_FINAL_TYPE (JnCouponCard, jn_coupon_card, JN, COUPON_CARD, AdwBin)

GtkWidget *jn_coupon_card_new (JnContext *context, JnOfferItem *offer);

G_END_DECLS
