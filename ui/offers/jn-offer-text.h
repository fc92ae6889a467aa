/* A coupon's rules in plain words, composed from what the bank says in numbers. */
#pragma once

#include "jn-items.h"

G_BEGIN_DECLS

/* What it gives: "¥3.00", "12 % off", "2× points". @masked hides an amount. Caller frees. */
char *jn_offer_text_dup_value (JnOfferItem *offer, gboolean masked);

/* All its rules in one sentence: "¥3.00 off from ¥20.00, only for Dining, until Nov 30". Caller frees. */
char *jn_offer_text_dup_rules (JnOfferItem *offer, JnInstant now, gboolean masked);

G_END_DECLS
