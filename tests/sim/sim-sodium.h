/* libsodium in a world: chance from the seed. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What libsodium draws from now on; what was signed in a world before is forgotten. @world: signatures are as cheap as they may be, else
 * libsodium's own. */
void sim_sodium_seed (guint64 seed, gboolean world);

G_END_DECLS
