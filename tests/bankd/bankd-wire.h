/* One HTTP exchange over a socket of its own, without a client library that might retry or repair. */
#pragma once

#include <gio/gio.h>

typedef struct
{
  guint status;   /* 0: the connection ended before a status line */
  gboolean whole; /* as many bytes as Content-Length says */
  char *headers;
  char *body;
} WireReply;

void wire_reply_free (WireReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WireReply, wire_reply_free)

/* @address "http://127.0.0.1:PORT"; @headers lines with "\r\n" ends, or NULL. X-Request-ID is added unless it is
 * there. */
WireReply *wire_send (const char *address, const char *method, const char *target,
                      const char *headers, const char *body);

/* The same with fields of a bankd-signer.h; and the fields of an answer. Caller frees. */
WireReply *wire_send_fields (const char *address, const char *method, const char *target,
                             GHashTable *fields, const char *body);
/* The bytes of a request without a body. Caller frees. */
char *wire_make_request (const char *method, const char *target, GHashTable *fields);
GHashTable *wire_reply_fields (const WireReply *reply);

/* A write with an Idempotency-Key, signed by the key that WIRE_ENROLMENT enrols. */
WireReply *wire_write (const char *address, const char *method, const char *target, const char *key,
                       const char *body);

/* A body that starts an enrolment, and a new id. Callers free the id. */
#define WIRE_ENROLMENT                                                                             \
  "{\"phone\":\"13800138000\",\"devicePublicKey\":"                                                \
  "\"O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik=\",\"deviceName\":\"desk\"}"
char *wire_make_id (void);

/* How many messages the test phone has. */
guint wire_count_messages (const char *address);
