/* A transport to a bank that two validators stand before: one with the public XS2A description for /psd2, one with the wallet's own for
 * /wallet. It is the program's transport twice, and it reads what the validators found. */
#pragma once

#include "jn-transport.h"

G_BEGIN_DECLS

#define CONFORM_TYPE_TRANSPORT (conform_transport_get_type ())
G_DECLARE_FINAL_TYPE (ConformTransport, conform_transport, CONFORM, TRANSPORT, GObject)

/* @xs2a answers to paths below /v1: what is asked below /psd2/v1 goes there without its /psd2. */
ConformTransport *conform_transport_new (JnTransport *xs2a, JnTransport *wallet);

/* While it is set, requests may break their description: only answers count. */
void conform_transport_set_deliberate (ConformTransport *self, gboolean deliberate);

/* How many exchanges went through, and how many violations were found and printed. */
guint conform_transport_get_exchanges (ConformTransport *self, gboolean xs2a);
guint conform_transport_get_violations (ConformTransport *self);

G_END_DECLS
