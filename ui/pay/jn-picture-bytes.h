/* The bytes of a picture that the customer gave, unread: only jinnang-scan, in its own process, decodes them. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* More than this is no picture of a code. */
#define JN_PICTURE_BYTES_MAX (64 * 1024 * 1024)

/* Each reads at most JN_PICTURE_BYTES_MAX; errors: JN_ERROR_PICTURE_TOO_LARGE, JN_ERROR_PICTURE_UNREADABLE, G_IO_ERROR_CANCELLED. Main
 * thread; the reading itself does not block it. */
void jn_picture_bytes_from_file_async (GFile *file, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
void jn_picture_bytes_from_stream_async (GInputStream *stream, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data);
/* The caller owns the bytes. */
GBytes *jn_picture_bytes_finish (GAsyncResult *result, GError **error);

G_END_DECLS
