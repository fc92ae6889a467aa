/* The bank's public keys as the wallet keeps them: 32 bytes each in a row, the one in use first. */
#pragma once

#include "jn-json.h"

G_BEGIN_DECLS

#define JN_BANK_MAX_KEYS 8

/* "BASE64;BASE64" of a profile or of the keyring. NULL on any other text. Caller unrefs. */
GBytes *jn_bank_keys_from_text (const char *text);
char *jn_bank_keys_to_text (GBytes *keys); /* caller frees */

/* The keys of GET /wallet/v1/keys that count: the current one, then those that are next; retired ones are left out. NULL with
 * JN_ERROR_ANSWER_INVALID when the list is not one. */
GBytes *jn_bank_keys_from_list (JnJson *root, GError **error);

G_END_DECLS
