/* A clock that runs like the system's, with timers, and can be put ahead. */
#pragma once

#include "jn-clock.h"

JnClock *step_clock_new (void);

/* Any thread. Timers that are due then ring. */
void step_clock_ahead (JnClock *clock, int milliseconds);
