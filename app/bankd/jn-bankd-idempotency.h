/* Answers kept by Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07). Key, request and answer are stored
 * under values derived from the key itself, so that the file alone gives back neither a session secret nor a PIN. */
#pragma once

#include "jn-bankd-call.h"

G_BEGIN_DECLS

typedef enum
{
  JN_BANKD_KEY_NEW,
  JN_BANKD_KEY_REPLAYED, /* the stored answer is in call->answer */
  JN_BANKD_KEY_CONFLICT, /* used for another request */
} JnBankdKeyState;

/* Reads the structured-field string (RFC 9651) of 26 characters. Caller frees; NULL when malformed. */
char *jn_bankd_key_parse (const char *header);

/* What the key of this customer is called in the database; nothing leads back from it. */
void jn_bankd_key_get_name (JnBankdCall *call, guint8 out[32]);

/* Fingerprint of the request under its key: method, path and body. */
void jn_bankd_key_get_request (JnBankdCall *call, guint8 out[32]);

JnBankdKeyState jn_bankd_key_look_up (JnBankdCall *call);

/* Stores call->answer inside the current transaction. */
void jn_bankd_key_store (JnBankdCall *call);

G_END_DECLS
