/* QR symbols to draw. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A square of modules without the quiet zone (four modules of light around it are the drawer's duty). */
typedef struct
{
  int size;
  guint8 *bits; /* size × size, row by row; 1 is dark */
} JnQrMatrix;

/* Encodes UTF-8 @text (ISO/IEC 18004, byte mode, error correction M, smallest version). NULL with JN_ERROR_INVALID when
 * it is empty or does not fit. Any thread. */
JnQrMatrix *jn_qr_matrix_new (const char *text, GError **error);
void jn_qr_matrix_free (JnQrMatrix *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnQrMatrix, jn_qr_matrix_free)

/* Whether the module is dark; FALSE outside. */
gboolean jn_qr_matrix_get (const JnQrMatrix *self, int x, int y);

G_END_DECLS
