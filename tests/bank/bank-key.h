/* A bank's key in a test: signs answers and heads as a bank does. */
#pragma once

#include "jn-feed-chain.h"
#include "jn-transport.h"

typedef struct
{
  guint8 public_key[32];
  guint8 secret_key[64];
} BankKey;

/* The key that follows from the number: the same in every run. */
void bank_key_init (BankKey *key, guint8 number);
char *bank_key_get_text (const BankKey *key); /* base64; caller frees */

/* Adds X-Request-ID, Content-Type and Content-Digest where there is a body, and the signature for @request. */
void bank_key_sign_answer (const BankKey *key, JnAnswer *answer, const JnRequest *request);

/* Base64 of the signature over the feed's head. Caller frees. */
char *bank_key_sign_head (const BankKey *key, const JnFeedHead *head, const char *bban);

/* One member of that list: with what @key says of @next when there is one after it. Caller frees. */
char *bank_key_make_entry (const BankKey *key, const char *state, const BankKey *next);

/* {"keys":[…]}: @current in use, @next announced (NULL: none). Caller frees. */
char *bank_key_make_list (const BankKey *current, const BankKey *next);

/* Whether @request is signed by the device whose key it names, with a counter, and its digest fits. @counter may be NULL. */
gboolean bank_key_request_is_signed (const JnRequest *request, guint64 *counter);
