#include "step-clock.h"

#define STEP_TYPE_CLOCK (step_clock_get_type ())
G_DECLARE_FINAL_TYPE (StepClock, step_clock, STEP, CLOCK, GObject)

struct _StepClock
{
  GObject parent_instance;
  gint ahead_ms; /* atomic */
};

typedef struct
{
  GSource source;
  StepClock *clock;
  gint64 due;
  guint every_ms;
} StepTimer;

static gint64
step_now (StepClock *self)
{
  return g_get_monotonic_time () + (gint64) g_atomic_int_get (&self->ahead_ms) * 1000;
}

static gboolean
timer_prepare (GSource *source, gint *timeout)
{
  StepTimer *timer = (StepTimer *) source;
  *timeout = 5;
  return step_now (timer->clock) >= timer->due;
}

static gboolean
timer_check (GSource *source)
{
  StepTimer *timer = (StepTimer *) source;
  return step_now (timer->clock) >= timer->due;
}

static gboolean
timer_dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  StepTimer *timer = (StepTimer *) source;
  timer->due = step_now (timer->clock) + (gint64) timer->every_ms * 1000;
  return callback != NULL ? callback (data) : G_SOURCE_REMOVE;
}

static void
timer_finalize (GSource *source)
{
  g_object_unref (((StepTimer *) source)->clock);
}

static GSourceFuncs timer_funcs = { timer_prepare,  timer_check, timer_dispatch,
                                    timer_finalize, NULL,        NULL };

static JnInstant
clock_now (JnClock *clock)
{
  return g_get_real_time () + (JnInstant) g_atomic_int_get (&STEP_CLOCK (clock)->ahead_ms) * 1000;
}

static gint64
clock_monotonic (JnClock *clock)
{
  return step_now (STEP_CLOCK (clock));
}

static GSource *
clock_timer (JnClock *clock, guint milliseconds)
{
  GSource *source = g_source_new (&timer_funcs, sizeof (StepTimer));
  StepTimer *timer = (StepTimer *) source;

  timer->clock = g_object_ref (STEP_CLOCK (clock));
  timer->every_ms = milliseconds;
  timer->due = step_now (timer->clock) + (gint64) milliseconds * 1000;
  return source;
}

static void
step_clock_iface_init (JnClockInterface *iface)
{
  iface->now = clock_now;
  iface->monotonic = clock_monotonic;
  iface->timer = clock_timer;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (StepClock, step_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (JN_TYPE_CLOCK, step_clock_iface_init))

static void
step_clock_class_init (StepClockClass *klass)
{
}

static void
step_clock_init (StepClock *self)
{
}

JnClock *
step_clock_new (void)
{
  return g_object_new (STEP_TYPE_CLOCK, NULL);
}

void
step_clock_ahead (JnClock *clock, int milliseconds)
{
  g_atomic_int_add (&STEP_CLOCK (clock)->ahead_ms, milliseconds);
}
