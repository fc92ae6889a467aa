/* Coupons and other offers of a customer, with their rules. */
#pragma once

#include "jn-bankd-call.h"

G_BEGIN_DECLS

typedef struct
{
  char *id; /* NULL: none */
  char *zh, *en;
  gint64 discount; /* minor units off this purchase */
  gint64 multiple; /* of points, 1 without */
} JnBankdCoupon;

void jn_bankd_coupon_clear (JnBankdCoupon *coupon);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (JnBankdCoupon, jn_bankd_coupon_clear)

/* What an offer is worth for a purchase of @amount. Pure. @kind amountOff, percentOff or pointsMultiple. */
gint64 jn_bankd_offer_discount (const char *kind, gint64 value, gint64 amount);

/* All offers that fit a purchase at @merchant, best first, as JnBankdCoupon with free function. */
GArray *jn_bankd_offers_for (JnBankdCore *core, gint64 customer, gint64 amount, JnCategory category,
                             const char *merchant, JnInstant now);

/* Marks an offer used by a transfer. Errors: JN_ERROR_REFUSED when it is not available any more. */
gboolean jn_bankd_offer_use (JnBankdCore *core, gint64 customer, const char *offer,
                             const char *transfer, gint64 saved, JnInstant now, GError **error);

G_END_DECLS
