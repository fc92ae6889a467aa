/* The bank's public keys as the wallet keeps them: 32 bytes each in a row, the one in use first. */
#pragma once

#include "jn-json.h"

G_BEGIN_DECLS

#define JN_BANK_MAX_KEYS 8
#define JN_BANK_MAX_LISTED 128 /* of a list that is walked */

/* "BASE64;BASE64" of a profile or of the keyring. NULL on any other text. Caller unrefs. */
GBytes *jn_bank_keys_from_text (const char *text);
char *jn_bank_keys_to_text (GBytes *keys); /* caller frees */

/* The keys of GET /wallet/v1/keys that count: the current one, then those that are next; retired ones are left out. NULL with
 * JN_ERROR_ANSWER_INVALID when the list is not one. */
GBytes *jn_bank_keys_from_list (JnJson *root, GError **error);

/* The current key alone, when each key of the list from one of @known to it has signed the one that came after it: then it is
 * believed as @known are. NULL when none of @known is in the list, when the list is out of order, names a key twice or has more
 * than JN_BANK_MAX_LISTED, and when one signature on the way is not good. Who has the secret of a key leads astray every wallet
 * that still knows that key, as with any answer that it signs: a younger one that such a list leaves out is no hindrance. */
GBytes *jn_bank_keys_walk (JnJson *root, GBytes *known);

G_END_DECLS
