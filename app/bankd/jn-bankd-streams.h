/* Answers that do not end: news as server-sent events (WHATWG HTML 9.2) over chunked HTTP/1.1. Belongs to the server's
 * thread. */
#pragma once

#include <libsoup/soup.h>

#include "jn-bankd-door.h"

G_BEGIN_DECLS

typedef struct _JnBankdStreams JnBankdStreams;

JnBankdStreams *jn_bankd_streams_new (JnBankdCore *core);
void jn_bankd_streams_free (JnBankdStreams *self);

/* Goes on with an answer whose status and headers are set: @reply is taken over and zeroed. */
void jn_bankd_streams_add (JnBankdStreams *self, SoupServerMessage *message, JnBankdReply *reply);

/* Tells each stream what is new. */
void jn_bankd_streams_wake (JnBankdStreams *self);

/* Ends all of them. */
void jn_bankd_streams_end (JnBankdStreams *self);

G_END_DECLS
