/* Inside the room: requests signed by the device, answers signed by the bank, and what an answer that is not signed may still tell. */
#pragma once

#include "jn-bank-call.h"
#include "jn-http-signature.h"

G_BEGIN_DECLS

/* Whether the request has an effect: every one of those carries its idempotency key. */
gboolean jn_request_is_write (const JnRequest *request);

/* Whether the request is one of those that nobody signs: the list of keys, and what only a sandbox has. */
gboolean jn_request_is_open (const JnRequest *request);

/* Adds the counter, the digest and the signature (RFC 9421). @now in microseconds. */
void jn_request_sign (JnRequest *request, JnDevice *device, guint64 counter, JnInstant now);

/* Whether @answer says, in the form of a signed answer to @sent, that a key has signed it which is none of @keys. Whether it has is
 * not looked at. */
gboolean jn_answer_names_stranger (const JnAnswer *answer, const JnRequest *sent, GBytes *keys);

/* Whether one of the keys (32 bytes each) has signed @answer for the request that was @sent, and its body is the one that is signed.
 * @key_index, @created (both nullable): which, and when (seconds since 1970, by the bank's clock). FALSE with JN_ERROR_ANSWER_CUT for a body that is not the signed one; JN_ERROR_ANSWER_NOT_SIGNED, or by the look of
 * an answer that something between us and the bank made: JN_ERROR_BANK_5XX, and for reads JN_ERROR_SIGN_IN_PAGE, JN_ERROR_RATE_LIMITED
 * and JN_ERROR_INVALID. What a write has done is never taken from an answer without a signature. */
gboolean jn_answer_check (const JnAnswer *answer, const JnRequest *sent, GBytes *keys,
                          guint *key_index, gint64 *created, GError **error);

G_END_DECLS
