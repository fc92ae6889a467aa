/* Worlds from seeds. */
#pragma once

#include "sim-world.h"

G_BEGIN_DECLS

typedef struct _SimStart SimStart; /* a bank and enrolled wallets, from which worlds begin */

/* Builds it by enrolling @SIM_N_WALLETS wallets in a world without faults. Aborts when that fails. */
SimStart *sim_start_new (void);
void sim_start_free (SimStart *self);

/* Runs one world to its end. TRUE when every oracle held; else @failure (caller frees) says which did not. @hash: of all that happened. */
gboolean sim_run (SimStart *start, guint64 seed, gboolean verbose, SimStats *stats, guint64 *hash,
                  char **failure);

G_END_DECLS
