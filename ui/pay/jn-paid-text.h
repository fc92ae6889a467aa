/* An order that was paid before, in words. */
#pragma once

#include "jn-context.h"

G_BEGIN_DECLS

/* "Already paid at 14:05 on Laptop.", with the rest of what ORDER_PAID says; NULL for another error, or when the bank told nothing.
 * Caller frees. */
char *jn_error_text_dup_paid (JnContext *context, JnPayment *payment, const GError *error);

G_END_DECLS
