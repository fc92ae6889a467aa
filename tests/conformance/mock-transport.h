/* A transport to two mocks of the same documents that the validators hold. A mock knows the shape of an answer and none of the bank's
 * secrets: what only the bank can make (its signature, its digests, the order that answers a request, the id that was asked for, numbers that
 * rise) is put into the mock's answer here, and beside it members that nobody described. The program's own checks stay as they are. */
#pragma once

#include "jn-transport.h"

G_BEGIN_DECLS

#define MOCK_TYPE_TRANSPORT (mock_transport_get_type ())
G_DECLARE_FINAL_TYPE (MockTransport, mock_transport, MOCK, TRANSPORT, GObject)

/* The bank_key that signs. */
#define MOCK_KEY 7

/* Addresses; @xs2a answers to paths below /v1. */
JnTransport *mock_transport_new (const char *xs2a, const char *wallet);

/* How many requests a mock refused, which it does when they break its document. */
guint mock_transport_get_refused (MockTransport *self);
guint mock_transport_get_exchanges (MockTransport *self);

G_END_DECLS
