/* Clocks and sources of random bytes. */
#include "jn-clock.h"

#include <sodium.h>

G_DEFINE_INTERFACE (JnClock, jn_clock, G_TYPE_OBJECT)
G_DEFINE_INTERFACE (JnEntropy, jn_entropy, G_TYPE_OBJECT)

static void
jn_clock_default_init (JnClockInterface *iface)
{
}

static void
jn_entropy_default_init (JnEntropyInterface *iface)
{
}

JnInstant
jn_clock_now (JnClock *self)
{
  g_return_val_if_fail (JN_IS_CLOCK (self), 0);
  return JN_CLOCK_GET_IFACE (self)->now (self);
}

gint64
jn_clock_get_monotonic (JnClock *self)
{
  g_return_val_if_fail (JN_IS_CLOCK (self), 0);
  JnClockInterface *iface = JN_CLOCK_GET_IFACE (self);
  return iface->monotonic != NULL ? iface->monotonic (self) : g_get_monotonic_time ();
}

GSource *
jn_clock_timer_new (JnClock *self, guint milliseconds)
{
  g_return_val_if_fail (JN_IS_CLOCK (self), NULL);
  JnClockInterface *iface = JN_CLOCK_GET_IFACE (self);
  return iface->timer != NULL ? iface->timer (self, milliseconds)
                              : g_timeout_source_new (milliseconds);
}

guint
jn_clock_add_timer (JnClock *self, guint milliseconds, GSourceFunc func, gpointer data)
{
  g_autoptr (GSource) source = jn_clock_timer_new (self, milliseconds);
  g_source_set_callback (source, func, data, NULL);
  return g_source_attach (source, NULL);
}

void
jn_entropy_fill (JnEntropy *self, guint8 *buffer, gsize length)
{
  g_return_if_fail (JN_IS_ENTROPY (self));
  JN_ENTROPY_GET_IFACE (self)->fill (self, buffer, length);
}

/* ---- the system's clock ---- */

#define JN_TYPE_SYSTEM_CLOCK (jn_system_clock_get_type ())
G_DECLARE_FINAL_TYPE (JnSystemClock, jn_system_clock, JN, SYSTEM_CLOCK, GObject)

struct _JnSystemClock
{
  GObject parent_instance;
};

static JnInstant
system_clock_now (JnClock *clock)
{
  return g_get_real_time ();
}

static void
system_clock_iface_init (JnClockInterface *iface)
{
  iface->now = system_clock_now;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (JnSystemClock, jn_system_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (JN_TYPE_CLOCK, system_clock_iface_init))

static void
jn_system_clock_init (JnSystemClock *self)
{
}

static void
jn_system_clock_class_init (JnSystemClockClass *klass)
{
}

JnClock *
jn_system_clock_new (void)
{
  return g_object_new (JN_TYPE_SYSTEM_CLOCK, NULL);
}

/* ---- a clock that is told ---- */

struct _JnManualClock
{
  GObject parent_instance;
  GMutex mutex;
  JnInstant now;
};

static JnInstant
manual_clock_now (JnClock *clock)
{
  JnManualClock *self = JN_MANUAL_CLOCK (clock);
  g_mutex_lock (&self->mutex);
  JnInstant now = self->now;
  g_mutex_unlock (&self->mutex);
  return now;
}

static void
manual_clock_iface_init (JnClockInterface *iface)
{
  iface->now = manual_clock_now;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (JnManualClock, jn_manual_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (JN_TYPE_CLOCK, manual_clock_iface_init))

static void
jn_manual_clock_finalize (GObject *object)
{
  g_mutex_clear (&JN_MANUAL_CLOCK (object)->mutex);
  G_OBJECT_CLASS (jn_manual_clock_parent_class)->finalize (object);
}

static void
jn_manual_clock_init (JnManualClock *self)
{
  g_mutex_init (&self->mutex);
}

static void
jn_manual_clock_class_init (JnManualClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = jn_manual_clock_finalize;
}

JnManualClock *
jn_manual_clock_new (JnInstant start)
{
  JnManualClock *self = g_object_new (JN_TYPE_MANUAL_CLOCK, NULL);
  self->now = start;
  return self;
}

void
jn_manual_clock_set (JnManualClock *self, JnInstant now)
{
  g_return_if_fail (JN_IS_MANUAL_CLOCK (self));
  g_mutex_lock (&self->mutex);
  self->now = now;
  g_mutex_unlock (&self->mutex);
}

void
jn_manual_clock_advance (JnManualClock *self, JnInstant by)
{
  g_return_if_fail (JN_IS_MANUAL_CLOCK (self));
  g_mutex_lock (&self->mutex);
  self->now += by;
  g_mutex_unlock (&self->mutex);
}

/* ---- the system's generator ---- */

#define JN_TYPE_SYSTEM_ENTROPY (jn_system_entropy_get_type ())
G_DECLARE_FINAL_TYPE (JnSystemEntropy, jn_system_entropy, JN, SYSTEM_ENTROPY, GObject)

struct _JnSystemEntropy
{
  GObject parent_instance;
};

static void
system_entropy_fill (JnEntropy *entropy, guint8 *buffer, gsize length)
{
  if (length > 0)
    randombytes_buf (buffer, length);
}

static void
system_entropy_iface_init (JnEntropyInterface *iface)
{
  iface->fill = system_entropy_fill;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (JnSystemEntropy, jn_system_entropy, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (JN_TYPE_ENTROPY, system_entropy_iface_init))

static void
jn_system_entropy_init (JnSystemEntropy *self)
{
  if (sodium_init () < 0)
    g_error ("libsodium cannot start");
}

static void
jn_system_entropy_class_init (JnSystemEntropyClass *klass)
{
}

JnEntropy *
jn_system_entropy_new (void)
{
  return g_object_new (JN_TYPE_SYSTEM_ENTROPY, NULL);
}

/* ---- SplitMix64 ---- */

#define JN_TYPE_SEEDED_ENTROPY (jn_seeded_entropy_get_type ())
G_DECLARE_FINAL_TYPE (JnSeededEntropy, jn_seeded_entropy, JN, SEEDED_ENTROPY, GObject)

struct _JnSeededEntropy
{
  GObject parent_instance;
  GMutex mutex;
  guint64 state;
};

/* Wrapping arithmetic is what the algorithm means. */
static guint64
split_mix_next (guint64 *state)
{
  guint64 z = (*state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static void
seeded_entropy_fill (JnEntropy *entropy, guint8 *buffer, gsize length)
{
  JnSeededEntropy *self = JN_SEEDED_ENTROPY (entropy);
  g_mutex_lock (&self->mutex);
  for (gsize i = 0; i < length;)
    {
      guint64 word = split_mix_next (&self->state);
      for (int byte = 0; byte < 8 && i < length; byte++, i++)
        buffer[i] = (guint8) (word >> (8 * byte));
    }
  g_mutex_unlock (&self->mutex);
}

static void
seeded_entropy_iface_init (JnEntropyInterface *iface)
{
  iface->fill = seeded_entropy_fill;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (JnSeededEntropy, jn_seeded_entropy, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (JN_TYPE_ENTROPY, seeded_entropy_iface_init))

static void
jn_seeded_entropy_finalize (GObject *object)
{
  g_mutex_clear (&JN_SEEDED_ENTROPY (object)->mutex);
  G_OBJECT_CLASS (jn_seeded_entropy_parent_class)->finalize (object);
}

static void
jn_seeded_entropy_init (JnSeededEntropy *self)
{
  g_mutex_init (&self->mutex);
}

static void
jn_seeded_entropy_class_init (JnSeededEntropyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = jn_seeded_entropy_finalize;
}

JnEntropy *
jn_seeded_entropy_new (guint64 seed)
{
  JnSeededEntropy *self = g_object_new (JN_TYPE_SEEDED_ENTROPY, NULL);
  self->state = seed;
  return JN_ENTROPY (self);
}
