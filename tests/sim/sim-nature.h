/* What happens in a world without its customer: others send money, hold it, send it back; keys rotate, clocks jump, captured requests are
 * sent again. */
#pragma once

#include "sim-world.h"

G_BEGIN_DECLS

/* Plans it for the safety phase. */
void sim_nature_begin (SimWorld *world);
/* Clocks may jump and the bank may take another key, in a world where they do. */
void sim_nature_strikes (SimWorld *world);

G_END_DECLS
