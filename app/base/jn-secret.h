/* Secret bytes: locked, not dumped, wiped when freed (libsodium's guarded memory). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _JnSecret JnSecret;

JnSecret *jn_secret_new (gconstpointer data, gsize length); /* copies; the caller wipes its own */
JnSecret *jn_secret_new_random (gsize length);
JnSecret *jn_secret_ref (JnSecret *self);
void jn_secret_unref (JnSecret *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnSecret, jn_secret_unref)

/* Borrowed; NUL-terminated for convenience, the NUL not counted. */
const guint8 *jn_secret_get (JnSecret *self, gsize *length);
gboolean jn_secret_equal (JnSecret *a, JnSecret *b); /* constant time */

G_END_DECLS
