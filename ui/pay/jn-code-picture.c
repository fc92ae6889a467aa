/* A payment code drawn as a real picture. */
#include "jn-code-picture.h"

#include <string.h>

#define QUIET_ZONE 4
#define CHANNELS 3

static void
paint_module (guint8 *pixels, gsize stride, guint x, guint y, guint px)
{
  for (guint row = 0; row < px; row++)
    memset (pixels + (gsize) (y * px + row) * stride + (gsize) x * px * CHANNELS, 0,
            (gsize) px * CHANNELS);
}

GdkTexture *
jn_code_picture_new (const guint8 *modules, guint size, guint module_px)
{
  g_return_val_if_fail (modules && size > 0 && size <= 177 && module_px > 0, NULL);

  gsize side = (gsize) (size + 2 * QUIET_ZONE) * module_px;
  gsize stride = side * CHANNELS;
  guint8 *pixels = g_malloc (stride * side);

  memset (pixels, 0xff, stride * side);
  for (guint y = 0; y < size; y++)
    for (guint x = 0; x < size; x++)
      if (modules[y * size + x])
        paint_module (pixels, stride, x + QUIET_ZONE, y + QUIET_ZONE, module_px);

  g_autoptr (GBytes) bytes = g_bytes_new_take (pixels, stride * side);
  return gdk_memory_texture_new ((int) side, (int) side, GDK_MEMORY_R8G8B8, bytes, stride);
}
