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

/* @address "http://127.0.0.1:PORT"; @headers lines with "\r\n" ends, or NULL. X-Request-ID is added. */
WireReply *wire_send (const char *address, const char *method, const char *target,
                      const char *headers, const char *body);

/* A write with an Idempotency-Key. */
WireReply *wire_write (const char *address, const char *method, const char *target, const char *key,
                       const char *body);

/* A body that starts an enrolment, and a new id. Callers free the id. */
#define WIRE_ENROLMENT                                                                             \
  "{\"phone\":\"13800138000\",\"devicePublicKey\":"                                                \
  "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\",\"deviceName\":\"desk\"}"
char *wire_make_id (void);

/* How many messages the test phone has. */
guint wire_count_messages (const char *address);
