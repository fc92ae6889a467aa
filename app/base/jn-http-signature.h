/* HTTP Message Signatures (RFC 9421) with Ed25519 (RFC 8032), and Content-Digest (RFC 9530). The general part makes the signature base of any
 * list of components that we use; the part below it is the wallet's profile of it: which components stand under a request and an answer. */
#pragma once

#include "jn-structured-field.h"

G_BEGIN_DECLS

#define JN_HTTP_KEY_BYTES 32
#define JN_HTTP_SIGNATURE_BYTES 64
#define JN_HTTP_SIGNATURE_LABEL "jn"
#define JN_HTTP_SIGNATURE_TAG "jinnang"
#define JN_HTTP_COUNTER_FIELD "Jinnang-Counter"

/* A header's value by its lower-case name, values of a repeated one joined by ", "; NULL when it is not there. Borrowed. */
typedef const char *(*JnHttpGetField) (gconstpointer data, const char *name);

/* What is signed of a request (method and target) or of an answer (status). All borrowed. */
typedef struct
{
  const char *method; /* "GET"; NULL in an answer */
  const char *target; /* path and query exactly as in the request line; NULL in an answer */
  const char
      *authority; /* lower-case host and port, or NULL: then "@authority" cannot be covered */
  guint status;   /* 0 in a request */
  JnHttpGetField get_field;
  gconstpointer data; /* for @get_field */
} JnHttpMessage;

/* ---- Content-Digest ---- */

/* "sha-256=:…:" over the bytes of a body. Caller frees. */
char *jn_content_digest_make (gconstpointer data, gsize length);
/* Whether the field has a sha-256 digest and every digest of it that we know (sha-256, sha-512) is that of these bytes. NULL field: FALSE. */
gboolean jn_content_digest_check (const char *field, gconstpointer data, gsize length);

/* ---- any signature ---- */

/* Whether @signature is the key's over the bytes: Ed25519 (RFC 8032). */
gboolean jn_ed25519_check (const guint8 key[JN_HTTP_KEY_BYTES], gconstpointer data, gsize length,
                           const guint8 signature[JN_HTTP_SIGNATURE_BYTES]);

/* The signature base (RFC 9421, 2.5) for @input, a member of a parsed Signature-Input. @request is the request that an answer belongs to, for
 * components with ;req; NULL for a request's own signature. NULL when a component is not there, stands twice or is of a kind that we do not
 * make. Wiped before it is freed: the caller does both with jn_http_base_free. */
GString *jn_http_signature_base (const JnHttpMessage *message, const JnHttpMessage *request,
                                 const JnFieldItem *input);
void jn_http_base_free (GString *base);

/* Where @key stands in a row of @n_keys public keys, 32 bytes each; @n_keys when it does not. */
gsize jn_http_find_key (const guint8 *keys, gsize n_keys, const guint8 key[JN_HTTP_KEY_BYTES]);

/* ---- the wallet's profile ---- */

/* Base64 of the Ed25519 signature over @base. Caller frees. The shape of jn_device_sign. */
typedef char *(*JnHttpSigner) (gpointer data, gconstpointer base, gsize length);

/* Makes the values of Signature-Input and Signature for a request (@request NULL) or an answer to @request. The other headers, Content-Digest
 * and Jinnang-Counter among them, have to be there before. @created: seconds since 1970. @key_id: base64 of the public key. FALSE when the
 * message cannot be signed. Caller frees both. */
gboolean jn_http_sign (const JnHttpMessage *message, const JnHttpMessage *request, gint64 created,
                       const char *key_id, JnHttpSigner signer, gpointer signer_data, char **input,
                       char **signature);

typedef enum
{
  JN_HTTP_SIGNATURE_GOOD,
  JN_HTTP_SIGNATURE_MISSING, /* no Signature-Input and no Signature at all */
  JN_HTTP_SIGNATURE_WRONG,
} JnHttpVerdict;

typedef struct
{
  guint8 key[JN_HTTP_KEY_BYTES];
  gint64 created;
} JnHttpSigned;

/* Reads which key the message says it is signed with, without checking it: GOOD only means that the two fields are well formed and cover
 * exactly what the profile asks for. @out may be NULL. */
JnHttpVerdict jn_http_signature_read (const JnHttpMessage *message, const JnHttpMessage *request,
                                      JnHttpSigned *out);

/* Checks the signature: covers exactly the profile's components in their order, with its parameters and no others, by one of the @n_keys
 * public keys in @keys (32 bytes each). The body is bound by its digest alone: jn_content_digest_check is the caller's. */
JnHttpVerdict jn_http_signature_check (const JnHttpMessage *message, const JnHttpMessage *request,
                                       const guint8 *keys, gsize n_keys, JnHttpSigned *out);

/* A counter: 1 to 19 digits below 2^63, no leading zero. */
gboolean jn_http_counter_parse (const char *text, guint64 *out);

G_END_DECLS
