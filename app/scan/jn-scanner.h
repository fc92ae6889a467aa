/* Reads the code in a picture by a confined process of its own. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Largest picture file, in bytes. */
#define JN_SCANNER_MAX_BYTES (16u * 1024u * 1024u)

/* What a camera sees, as a picture file (PGM: netpbm's "P5" with one space, no comments, depth 255). @grey: one byte a pixel, 0 black, row
 * after row without gaps, @width times @height long. Caller owns it. */
GBytes *jn_scanner_grey_picture (GBytes *grey, guint width, guint height);

/* Starts the decoder @program (JN_SCAN_PROGRAM) on @picture, the bytes of a whole PNG, JPEG or grey file, and gives the text
 * of the one QR code in it; the same code twice counts as one. The decoder has an empty environment and no descriptor
 * but the picture and a pipe; it is killed after 10 s and on cancellation. The callback runs in the caller's
 * thread-default main context. */
void jn_scanner_decode_async (const char *program, GBytes *picture, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);

/* The text (valid UTF-8, written by a stranger). Caller frees. Errors: JN_ERROR_PICTURE_NO_CODE, _MANY_CODES,
 * _TOO_LARGE, _UNREADABLE (also when the decoder dies), JN_ERROR_IO when it cannot be started, G_IO_ERROR_CANCELLED. */
char *jn_scanner_decode_finish (GAsyncResult *result, GError **error);

G_END_DECLS
