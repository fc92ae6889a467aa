/* QR symbols through libqrencode. */
#include "jn-qr-matrix.h"

#include "jn-error.h"

#include <qrencode.h>

JnQrMatrix *
jn_qr_matrix_new (const char *text, GError **error)
{
  QRcode *code =
      text != NULL && *text != '\0' ? QRcode_encodeString8bit (text, 0, QR_ECLEVEL_M) : NULL;
  if (code == NULL)
    {
      g_set_error_literal (error, JN_ERROR, JN_ERROR_INVALID, "the text does not fit a QR symbol");
      return NULL;
    }
  JnQrMatrix *self = g_new0 (JnQrMatrix, 1);
  gsize count = (gsize) code->width * (gsize) code->width;
  self->size = code->width;
  self->bits = g_malloc (count);
  for (gsize i = 0; i < count; i++)
    self->bits[i] = code->data[i] & 1;
  QRcode_free (code);
  return self;
}

void
jn_qr_matrix_free (JnQrMatrix *self)
{
  if (self == NULL)
    return;
  g_free (self->bits);
  g_free (self);
}

gboolean
jn_qr_matrix_get (const JnQrMatrix *self, int x, int y)
{
  if (x < 0 || y < 0 || x >= self->size || y >= self->size)
    return FALSE;
  return self->bits[(gsize) y * (gsize) self->size + (gsize) x] != 0;
}
