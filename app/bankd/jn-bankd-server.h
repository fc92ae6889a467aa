/* HTTP/1.1 on loopback in front of the door: reads, delays, waits, breaks on demand. Belongs to one thread. */
#pragma once

#include <gio/gio.h>

#include "jn-bankd-core.h"
#include "jn-bankd-faults.h"

G_BEGIN_DECLS

typedef struct _JnBankdServer JnBankdServer;

/* Listens on 127.0.0.1:@port in the thread-default main context. @core and @faults are borrowed. */
JnBankdServer *jn_bankd_server_new (JnBankdCore *core, JnBankdFaults *faults, guint16 port,
                                    GError **error);
/* "http://127.0.0.1:PORT". Caller frees. */
char *jn_bankd_server_make_address (JnBankdServer *self);

/* Accepts nothing new, answers those who wait, and calls @done when the last request is finished or after two
 * seconds. */
void jn_bankd_server_drain (JnBankdServer *self, GSourceFunc done, gpointer data);
void jn_bankd_server_free (JnBankdServer *self);

G_END_DECLS
