/* What goes over the simulated wire. */
#pragma once

#include <glib.h>

typedef struct _SimLine SimLine;

G_BEGIN_DECLS

typedef struct
{
  gatomicrefcount refs;
  char *method, *target; /* of a request */
  guint status;          /* of an answer */
  GPtrArray *headers;    /* name, value, name, value */
  GByteArray *body;      /* NULL: none */
  guint wait;            /* of an answer: may be held back, seconds */
  guint64 older;    /* of an answer: entries of the older book that made it; 0: the bank's own */
  gboolean corrupt; /* somebody changed it on the way */
  const char *what; /* the header that was changed */
  SimLine *line;    /* of an answer that does not end; NULL: it does */
} SimMessage;

SimMessage *sim_message_new (void);
SimMessage *sim_message_copy (const SimMessage *self);
SimMessage *sim_message_ref (SimMessage *self);
void sim_message_unref (SimMessage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SimMessage, sim_message_unref)

void sim_message_add_header (SimMessage *self, const char *name, const char *value);
const char *sim_message_get_header (const SimMessage *self, const char *name);
void sim_message_set_body (SimMessage *self, const void *data, gsize length);

/* A page of HTML that something on the way says instead of the bank. */
SimMessage *sim_message_new_page (guint status, const char *html);

/* What the transport over libsoup would say about an answer whose body was said to be @whole bytes long: 0, or a JnErrorCode. */
int sim_message_judge (const SimMessage *answer, gsize whole);

/* Changes one byte of it: of a header's value, of the body, of the path, or the status. */
void sim_message_corrupt (SimMessage *self, guint64 random);

G_END_DECLS
