/* A device's side of signed messages: signs requests with a rising counter, and checks that an answer is the bank's answer
 * to one request. */
#pragma once

#include <sodium.h>

#include "jn-http-signature.h"

typedef struct
{
  guint8 public_key[crypto_sign_PUBLICKEYBYTES];
  guint8 secret_key[crypto_sign_SECRETKEYBYTES];
  guint64 counter; /* of the last request */
} Signer;

/* @seed 32 bytes, or NULL for a key of its own. */
void signer_init (Signer *self, const guint8 *seed);

/* Header fields by lower-case name; both owned. */
GHashTable *fields_new (void);
void fields_set (GHashTable *fields, const char *name, const char *value);

/* Adds counter, digest and signature to @fields of a request that is otherwise complete. */
void signer_sign (Signer *self, const char *method, const char *target, GHashTable *fields,
                  const char *body);

/* The same under a counter of the caller's. */
void signer_sign_as (Signer *self, const char *method, const char *target, GHashTable *fields,
                     const char *body, guint64 counter);

/* Whether an answer with these fields and this body is signed by one of the bank's keys as the answer to the request. */
gboolean answer_is_signed (const guint8 *keys, gsize n_keys, const char *method, const char *target,
                           GHashTable *request_fields, guint status, GHashTable *fields,
                           const char *body, gsize length);

/* The public keys in an answer of /wallet/v1/keys, one after the other. */
GByteArray *read_keys (const char *body);
