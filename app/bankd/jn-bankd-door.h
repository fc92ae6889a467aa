/* The bank's door: one HTTP message in, one out, no socket. Whoever carries messages (libsoup, a simulated network, a
 * fuzzer) gives the bytes here. Belongs to the core's thread. */
#pragma once

#include "jn-bankd-hasher.h"

G_BEGIN_DECLS

#define JN_BANKD_MAX_BODY (64 * 1024)

typedef struct
{
  const char *name;
  const char *value;
} JnBankdHeader;

/* A request as it came off the wire; everything is borrowed. Header names in any case; a header that stands twice
 * is read as one list (RFC 9110 5.3). */
typedef struct
{
  const char *method;
  const char *target; /* path with query, still percent-encoded */
  const JnBankdHeader *headers;
  gsize n_headers;
  const char *body; /* NULL: none */
  gsize body_length;
  gboolean too_large; /* the body was longer than JN_BANKD_MAX_BODY and is not here */
} JnBankdMessage;

/* An answer; owned. Headers are complete: also Content-Length and Content-Type where there is a body. */
typedef struct
{
  guint status;
  GArray *headers; /* JnBankdHeader whose texts belong to the reply */
  char *body;      /* NULL: none */
  gsize body_length;
  guint
      wait; /* seconds for which the carrier may hold this answer back and look again; 0: send it now */
  /* Not NULL: there is no answer yet. jn_bankd_door_wait tells when to look again, with this reply. */
  JnBankdJob *job;
  /* The body does not end: jn_bankd_door_stream has its parts. The rest is the door's. */
  gboolean stream;
  gboolean stream_begun;
  gint64 stream_customer, stream_after;
  guint64 stream_number, stream_table;
  char *stream_device;
} JnBankdReply;

/* Handles @message and fills @reply, which is zeroed or was used before. */
void jn_bankd_door_handle (JnBankdCore *core, const JnBankdMessage *message, JnBankdReply *reply);

/* Tells @done in the thread-default main context when the job of @reply is over; forget ends that. A core without threads
 * leaves no jobs. */
void jn_bankd_door_wait (JnBankdCore *core, JnBankdReply *reply, GFunc done, gpointer data);
void jn_bankd_door_forget (JnBankdCore *core, JnBankdReply *reply, gpointer data);

/* Asks again for a message whose reply said to wait: what it asks is there when @reply->wait is 0 and it has no job. */
void jn_bankd_door_look_again (JnBankdCore *core, const JnBankdMessage *message,
                               JnBankdReply *reply);

/* Appends what is new in an answer that is a stream. FALSE: it ends here. A device has at most JN_BANKD_MAX_STREAMS;
 * the newest stay. Beyond JN_BANKD_MAX_DEVICES all that are open end, and their count begins anew. */
#define JN_BANKD_MAX_STREAMS 4
gboolean jn_bankd_door_stream (JnBankdCore *core, JnBankdReply *reply, GString *out);

/* Value of a header or NULL. Borrowed. */
const char *jn_bankd_reply_get_header (const JnBankdReply *reply, const char *name);

void jn_bankd_reply_clear (JnBankdReply *reply);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (JnBankdReply, jn_bankd_reply_clear)

G_END_DECLS
