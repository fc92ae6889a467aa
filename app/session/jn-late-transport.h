/* A wire whose other end is not there yet: the embedded bank is still starting. Requests wait until it is, or until it
 * is known that it will not come. */
#pragma once

#include "jn-transport.h"

G_BEGIN_DECLS

#define JN_TYPE_LATE_TRANSPORT (jn_late_transport_get_type ())
G_DECLARE_FINAL_TYPE (JnLateTransport, jn_late_transport, JN, LATE_TRANSPORT, GObject)

JnLateTransport *jn_late_transport_new (void);

/* From now on everything goes through @inner; what waited is sent in order. NULL makes requests wait again. */
void jn_late_transport_set_inner (JnLateTransport *self, JnTransport *inner);
gboolean jn_late_transport_is_open (JnLateTransport *self);

/* What waits fails with JN_ERROR_OFFLINE, and so does every later request until there is an inner transport. */
void jn_late_transport_refuse (JnLateTransport *self);

G_END_DECLS
