/* Offers: what do I get. */
#pragma once

#include "jn-items.h"
#include "jn-view.h"

G_BEGIN_DECLS

#define JN_TYPE_OFFERS (jn_offers_get_type ())
G_DECLARE_FINAL_TYPE (JnOffers, jn_offers, JN, OFFERS, GObject)

/* Signal "changed". */
JnViewState jn_offers_get_state (JnOffers *self);
const GError *jn_offers_get_error (JnOffers *self);
GListModel *
jn_offers_get_offers (JnOffers *self); /* JnOfferItem: available first, by end of validity */
gint64 jn_offers_get_points (JnOffers *self);
gint64 jn_offers_get_expiring (JnOffers *self, JnDate *on); /* 0: none */
GListModel *jn_offers_get_history (JnOffers *self);         /* JnPointsItem, newest first */

G_END_DECLS
