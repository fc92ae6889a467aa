/* Numbers that check themselves. All pure, any thread; NULL is never valid. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bank card numbers: ISO/IEC 7812-1 annex B (Luhn), 12 to 19 digits. */
gboolean jn_luhn_is_valid (const char *digits);

/* The digit that makes @digits followed by it valid, or -1 when there is something else than digits. */
int jn_luhn_check_digit (const char *digits);

/* Resident identity number of China: GB 11643-1999 (ISO 7064 MOD 11-2), 18 characters, a real birth date, upper-case X. */
gboolean jn_resident_id_is_valid (const char *text);

/* ISO 13616: country, check digits, MOD 97-10; 15 to 34 characters without blanks, upper case. */
gboolean jn_iban_is_valid (const char *text);

/* CNAPS bank code: 12 digits. */
gboolean jn_cnaps_is_valid (const char *text);

G_END_DECLS
