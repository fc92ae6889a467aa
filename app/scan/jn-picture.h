/* From the bytes of a picture file to grey pixels, and from those to the texts of QR codes. Runs inside the confined
 * decoder only. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define JN_PICTURE_MAX_BYTES (16u * 1024u * 1024u)
#define JN_PICTURE_MAX_PIXELS 40000000

/* Loads what the libraries would otherwise load from files later. Before jn_confine. */
gboolean jn_picture_prepare (void);

/* One byte a pixel, 0 black. */
typedef struct
{
  guint width;
  guint height;
  guint8 *grey;
  gboolean whole; /* FALSE when the file was cut */
} JnPicture;

void jn_picture_free (JnPicture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnPicture, jn_picture_free)

/* Reads PNG or JPEG, or the grey picture of a camera. Larger pictures of the first two come scaled down; transparency is laid on white.
 * Returns 0 and *@out, or
 * JN_ERROR_PICTURE_TOO_LARGE (judged by the header, before any pixel is decoded) or JN_ERROR_PICTURE_UNREADABLE. */
int jn_picture_load (const guint8 *data, gsize length, JnPicture **out);

/* The texts of all QR codes, each once. Strings are UTF-8; *@undecodable tells that there was one that is not. */
GPtrArray *jn_picture_find_codes (const JnPicture *self, gboolean *undecodable);

G_END_DECLS
