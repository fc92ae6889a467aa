/* A payment code drawn as a real picture: what a shop would hang on its wall, and what the decoder reads. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Draws @size * @size modules (1 is dark) black on white with a quiet zone of four modules (ISO/IEC 18004) at
 * @module_px pixels a module. Main thread. The caller owns the texture. */
GdkTexture *jn_code_picture_new (const guint8 *modules, guint size, guint module_px);

G_END_DECLS
