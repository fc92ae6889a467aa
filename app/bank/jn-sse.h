/* Server-sent events (WHATWG HTML, 9.2): a reader of the byte stream, strict about what ours may hold and bounded whatever comes. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define JN_SSE_MAX_LINE 1024
#define JN_SSE_MAX_DATA 4096

typedef struct _JnSse JnSse;

/* One event: @id is the last that was told (0: none yet), @kind its event field ("message" when there is none). */
typedef void (*JnSseFunc) (gpointer user_data, guint64 id, const char *kind, const char *data);

JnSse *jn_sse_new (JnSseFunc func, gpointer user_data);
void jn_sse_free (JnSse *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnSse, jn_sse_free)

/* Reads the next bytes and calls back for each event that they complete. FALSE with JN_ERROR_ANSWER_INVALID, for ever: a line or an event that
 * is too long, bytes that are not UTF-8, NUL, an id that is not a decimal number. Unknown fields are skipped. An event may free @self: no further
 * byte is read then. */
gboolean jn_sse_feed (JnSse *self, const char *data, gsize length, GError **error);

/* How long to wait before the stream is opened again, as the server said last; 0: it did not. */
guint jn_sse_get_retry_ms (const JnSse *self);

/* How many lines that were comments came: the sign that the other side lives. */
guint jn_sse_get_comments (const JnSse *self);

G_END_DECLS
