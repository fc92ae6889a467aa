/* Currencies: the ISO 4217 table with its exponents, and the wallet's own units (points). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* ISO 4217 numeric code; 10000 and above are units of our own that are no legal tender. 0 is "none". */
typedef guint32 JnCurrency;

#define JN_CURRENCY_NONE ((JnCurrency) 0)
#define JN_CURRENCY_CNY ((JnCurrency) 156)
#define JN_CURRENCY_POINTS ((JnCurrency) 10000)

/* Looks up an alphabetic code ("CNY"; upper case only; "PTS" is our points unit).
 * Returns JN_CURRENCY_NONE for an unknown code. Pure, any thread. */
JnCurrency jn_currency_from_code (const char *code);

/* Returns whether the number is in the table. Pure, any thread. */
gboolean jn_currency_is_known (JnCurrency currency);

/* Returns the alphabetic code, or NULL when unknown. Static string. */
const char *jn_currency_get_code (JnCurrency currency);

/* Returns the number of decimal places of the minor unit (ISO 4217): CNY 2, JPY 0, KWD 3, points 0.
 * Returns -1 when unknown. */
int jn_currency_get_exponent (JnCurrency currency);

/* Returns the sign that stands before an amount ("¥" for CNY), or NULL when the code itself is shown. */
const char *jn_currency_get_symbol (JnCurrency currency);

G_END_DECLS
