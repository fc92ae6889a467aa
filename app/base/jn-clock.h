/* Where time and randomness come from, so that a whole world can be simulated from a seed. */
#pragma once

#include <glib-object.h>
#include "jn-date.h"

G_BEGIN_DECLS

#define JN_TYPE_CLOCK (jn_clock_get_type ())
G_DECLARE_INTERFACE (JnClock, jn_clock, JN, CLOCK, GObject)

struct _JnClockInterface
{
  GTypeInterface parent;
  JnInstant (*now) (JnClock *self);
  gint64 (*monotonic) (JnClock *self);                   /* NULL: the system's */
  GSource *(*timer) (JnClock *self, guint milliseconds); /* NULL: g_timeout_source_new() */
};

/* The time now. Any thread. */
JnInstant jn_clock_now (JnClock *self);

/* Microseconds that only ever rise, from a start that says nothing: for how long something took. Any thread. */
gint64 jn_clock_get_monotonic (JnClock *self);

/* A source, not attached, that is ready every @milliseconds of this clock. Any thread; the caller owns it. */
GSource *jn_clock_timer_new (JnClock *self, guint milliseconds);

/* As g_timeout_add(), by this clock: attached to the default main context; g_source_remove() ends it. */
guint jn_clock_add_timer (JnClock *self, guint milliseconds, GSourceFunc func, gpointer data);

/* The system's real-time clock. */
JnClock *jn_system_clock_new (void);

/* A clock that stands still until it is told otherwise, for tests; its timers and its monotonic time are the system's. */
#define JN_TYPE_MANUAL_CLOCK (jn_manual_clock_get_type ())
G_DECLARE_FINAL_TYPE (JnManualClock, jn_manual_clock, JN, MANUAL_CLOCK, GObject)
JnManualClock *jn_manual_clock_new (JnInstant start);
void jn_manual_clock_set (JnManualClock *self, JnInstant now);
void jn_manual_clock_advance (JnManualClock *self, JnInstant by);

#define JN_TYPE_ENTROPY (jn_entropy_get_type ())
G_DECLARE_INTERFACE (JnEntropy, jn_entropy, JN, ENTROPY, GObject)

struct _JnEntropyInterface
{
  GTypeInterface parent;
  void (*fill) (JnEntropy *self, guint8 *buffer, gsize length);
};

/* Fills @buffer with random bytes. Any thread. */
void jn_entropy_fill (JnEntropy *self, guint8 *buffer, gsize length);

/* The operating system's generator through libsodium. */
JnEntropy *jn_system_entropy_new (void);

/* SplitMix64 from a seed: never for secrets. */
JnEntropy *jn_seeded_entropy_new (guint64 seed);

G_END_DECLS
