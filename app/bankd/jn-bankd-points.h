/* The points of a customer: a second currency in the same double-entry book. */
#pragma once

#include "jn-bankd-call.h"

G_BEGIN_DECLS

/* Books @points (negative: taken) on the customer's points account. @kind payment, gift, redeemed, expired, opening.
 * Errors as jn_bankd_book_post. */
gboolean jn_bankd_points_add (JnBankdCore *core, gint64 customer, gint64 points, const char *kind,
                              const char *payee, const char *money_transfer, JnInstant at,
                              GError **error);

/* Takes the points whose day has come and tells their customers. */
void jn_bankd_points_expire (JnBankdCore *core, JnInstant now);

G_END_DECLS
