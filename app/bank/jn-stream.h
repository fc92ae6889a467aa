/* An answer that comes in pieces for as long as both sides like. Main thread. */
#pragma once

#include "jn-transport.h"

G_BEGIN_DECLS

#define JN_TYPE_STREAM (jn_stream_get_type ())
G_DECLARE_FINAL_TYPE (JnStream, jn_stream, JN, STREAM, GObject)

/* @head (taken) is the answer without a body; @body gives the bytes. */
JnStream *jn_stream_new (JnAnswer *head, GInputStream *body);
const JnAnswer *jn_stream_get_head (JnStream *self); /* borrowed */

/* Reads what comes next: at most 16 KiB, empty at the end. One reading at a time. JN_ERROR_OFFLINE after jn_stream_cut(),
 * JN_ERROR_ANSWER_CUT when the connection is lost, G_IO_ERROR_CANCELLED after jn_stream_close(). */
void jn_stream_read_async (JnStream *self, GAsyncReadyCallback callback, gpointer user_data);
GBytes *jn_stream_read_finish (JnStream *self, GAsyncResult *result, GError **error);

/* Ends the stream: nobody wants more of it; or the network under it is gone. */
void jn_stream_close (JnStream *self);
void jn_stream_cut (JnStream *self);

G_END_DECLS
