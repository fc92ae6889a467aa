/* The wire to a bank: bytes out, bytes in. The one real implementation speaks HTTP through libsoup; the cut transport in front of it
 * plays a dead network. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  char *method;       /* "GET", "POST", "PUT", "DELETE" */
  char *path;         /* begins with '/', with its query */
  GPtrArray *headers; /* char * pairs: name, value, name, value */
  GBytes *body;       /* NULL for none; sent as application/json */
  guint timeout_ms;   /* whole exchange */
  gsize max_answer;   /* bytes; more is JN_ERROR_ANSWER_INVALID */
} JnRequest;

JnRequest *jn_request_new (const char *method, const char *path);
void jn_request_add_header (JnRequest *self, const char *name, const char *value);
const char *jn_request_get_header (const JnRequest *self,
                                   const char *name); /* NULL when it is not there */
JnRequest *jn_request_copy (const JnRequest *self);   /* the body is shared */
void jn_request_free (JnRequest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnRequest, jn_request_free)

typedef struct
{
  guint status;
  GHashTable *headers; /* lower-case name to value */
  GBytes *body;
} JnAnswer;

JnAnswer *jn_answer_new (guint status);
void jn_answer_free (JnAnswer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnAnswer, jn_answer_free)

#define JN_TYPE_TRANSPORT (jn_transport_get_type ())
G_DECLARE_INTERFACE (JnTransport, jn_transport, JN, TRANSPORT, GObject)

typedef struct _JnStream JnStream; /* jn-stream.h */

struct _JnTransportInterface
{
  GTypeInterface parent;
  void (*send_async) (JnTransport *self, JnRequest *request, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer user_data);
  JnAnswer *(*send_finish) (JnTransport *self, GAsyncResult *result, GError **error);
  void (*open_async) (JnTransport *self, JnRequest *request, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer user_data); /* NULL: no streams */
  JnStream *(*open_finish) (JnTransport *self, GAsyncResult *result, GError **error);
};

/* Sends @request (taken) and gives the whole answer. Errors tell what may have happened: JN_ERROR_OFFLINE and JN_ERROR_NOT_SENT (no byte
 * reached the bank), JN_ERROR_SENT_NO_ANSWER, JN_ERROR_ANSWER_CUT (shorter than announced), JN_ERROR_ANSWER_INVALID (over the cap). An HTTP
 * error status is an answer, not an error; whose answer it is and whether all of it is there, its signature and digest say (JnBank).
 * Main-context of the caller. */
void jn_transport_send_async (JnTransport *self, JnRequest *request, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
JnAnswer *jn_transport_send_finish (JnTransport *self, GAsyncResult *result, GError **error);

/* Sends @request (taken) and gives the answer as soon as its head is there, whatever its status; the body follows as a stream. The request's
 * time limit is for the head. Errors as above, and G_IO_ERROR_NOT_SUPPORTED from a transport without streams. */
void jn_transport_open_async (JnTransport *self, JnRequest *request, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
JnStream *jn_transport_open_finish (JnTransport *self, GAsyncResult *result, GError **error);

/* HTTP by libsoup 3.2: no redirects, no content decoding, no cookies, no cache, capped reads, a deadline. @address has no trailing slash.
 * TLS 1.2 and 1.3 alone. @ca_file (absolute path, PEM) holds the only certificate authorities that are believed; one that cannot be read means
 * nobody. NULL: the system's authorities; over http on loopback there is nothing to believe. */
#define JN_TYPE_SOUP_TRANSPORT (jn_soup_transport_get_type ())
G_DECLARE_FINAL_TYPE (JnSoupTransport, jn_soup_transport, JN, SOUP_TRANSPORT, GObject)
JnTransport *jn_soup_transport_new (const char *address, const char *ca_file);
/* The same for a bank whose public keys are known (jn-tls-pins.h): a connection to another one is given up before a byte of the request is
 * written. @pins NULL: no pins. */
JnTransport *jn_soup_transport_new_pinned (const char *address, const char *ca_file,
                                           const char *pins);

/* Stands before another transport. While cut, reads fail with JN_ERROR_OFFLINE before anything is sent, and writes reach the bank but their
 * answers are lost (JN_ERROR_SENT_NO_ANSWER), as when a network dies in the middle of a payment. */
#define JN_TYPE_CUT_TRANSPORT (jn_cut_transport_get_type ())
G_DECLARE_FINAL_TYPE (JnCutTransport, jn_cut_transport, JN, CUT_TRANSPORT, GObject)
JnCutTransport *jn_cut_transport_new (JnTransport *inner);
void jn_cut_transport_set_cut (JnCutTransport *self, gboolean cut);
gboolean jn_cut_transport_get_cut (JnCutTransport *self);

G_END_DECLS
