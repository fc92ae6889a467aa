/* libsodium in a world: chance from the seed. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What libsodium draws from now on; what was signed before is forgotten. */
void sim_sodium_seed (guint64 seed);

G_END_DECLS
