/* How long a server waits for its clients: libsoup itself waits for ever. A request has to be there within seconds of
 * its first byte, an answer has to be taken, and a quiet connection ends. Belongs to the server's thread. */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct _JnBankdPatience JnBankdPatience;

/* Watches every connection of @soup in the thread-default main context. */
JnBankdPatience *jn_bankd_patience_new (SoupServer *soup);
void jn_bankd_patience_free (JnBankdPatience *self);

/* Ends the connection of @message now. */
void jn_bankd_hang_up (SoupServerMessage *message);

/* For this message the time to answer has no end. */
void jn_bankd_patience_excuse (JnBankdPatience *self, SoupServerMessage *message);

G_END_DECLS
