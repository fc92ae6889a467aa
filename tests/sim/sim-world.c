#include "sim-world.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "jn-disk.h"
#include "sim-line.h"
#include "sim-wallet.h"

#define FNV_START G_GUINT64_CONSTANT (0xcbf29ce484222325)
#define FNV_PRIME G_GUINT64_CONSTANT (0x100000001b3)
/* As many turns of the main context without time passing mean that something spins. */
#define MAX_TURNS 100000
#define RATE_OF 10000

/* ---- the clock of a computer ---- */

struct _SimClock
{
  GObject parent_instance;
  SimWorld *world;
  gint64 error;
};

typedef struct
{
  GSource source;
  SimWorld *world;
  gint64 due;
  gint64 interval;
} SimTimer;

static gboolean
timer_prepare (GSource *source, gint *timeout)
{
  SimTimer *timer = (SimTimer *) source;
  *timeout = -1;
  return timer->world->mono >= timer->due;
}

static gboolean
timer_check (GSource *source)
{
  SimTimer *timer = (SimTimer *) source;
  return timer->world->mono >= timer->due;
}

static gboolean
timer_dispatch (GSource *source, GSourceFunc func, gpointer data)
{
  SimTimer *timer = (SimTimer *) source;
  timer->due = timer->world->mono + timer->interval;
  return func != NULL ? func (data) : G_SOURCE_REMOVE;
}

static void
timer_finalize (GSource *source)
{
  g_ptr_array_remove_fast (((SimTimer *) source)->world->timers, source);
}

static GSourceFuncs timer_funcs = {
  .prepare = timer_prepare,
  .check = timer_check,
  .dispatch = timer_dispatch,
  .finalize = timer_finalize,
};

static GSource *
sim_clock_timer (JnClock *clock, guint milliseconds)
{
  SimClock *self = SIM_CLOCK (clock);
  GSource *source = g_source_new (&timer_funcs, sizeof (SimTimer));
  SimTimer *timer = (SimTimer *) source;

  timer->world = self->world;
  timer->interval = MAX ((gint64) milliseconds * 1000, 1);
  timer->due = self->world->mono + timer->interval;
  g_ptr_array_add (self->world->timers, source);
  return source;
}

static JnInstant
sim_clock_now (JnClock *clock)
{
  SimClock *self = SIM_CLOCK (clock);
  return self->world->epoch + self->world->mono + self->error;
}

static gint64
sim_clock_monotonic (JnClock *clock)
{
  return SIM_CLOCK (clock)->world->mono;
}

static void
sim_clock_iface_init (JnClockInterface *iface)
{
  iface->now = sim_clock_now;
  iface->monotonic = sim_clock_monotonic;
  iface->timer = sim_clock_timer;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (SimClock, sim_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (JN_TYPE_CLOCK, sim_clock_iface_init))

static void
sim_clock_init (SimClock *self)
{
}

static void
sim_clock_class_init (SimClockClass *klass)
{
}

SimClock *
sim_clock_new (SimWorld *world)
{
  SimClock *self = g_object_new (SIM_TYPE_CLOCK, NULL);
  self->world = world;
  return self;
}

void
sim_clock_jump (SimClock *self, gint64 microseconds)
{
  self->error += microseconds;
}

/* ---- the world ---- */

typedef struct
{
  gint64 at;
  guint64 tie;
  SimFunc func;
  gpointer data;
  SimFunc drop;
} Planned;

SimWorld *
sim_world_new (guint64 seed, gint64 epoch, SimStats *stats)
{
  SimWorld *self = g_new0 (SimWorld, 1);
  guint64 state = seed;

  self->seed = seed;
  self->epoch = epoch;
  self->stats = stats;
  self->hash = FNV_START;
  for (guint i = 0; i < SIM_N_STREAMS; i++)
    self->streams[i] = disk_random (&state);
  self->queue = g_ptr_array_new_with_free_func (g_free);
  self->timers = g_ptr_array_new ();
  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) sim_line_unref);
  return self;
}

void
sim_world_free (SimWorld *self)
{
  for (guint i = 0; i < self->queue->len; i++)
    {
      Planned *planned = self->queue->pdata[i];
      if (planned->drop != NULL)
        planned->drop (planned->data);
    }
  g_ptr_array_unref (self->queue);
  g_ptr_array_unref (self->timers);
  g_ptr_array_unref (self->lines);
  for (guint i = 0; i < SIM_LAST_EVENTS; i++)
    g_free (self->last[i]);
  g_free (self->failure);
  g_free (self);
}

/* ---- chance ---- */

guint64
sim_random (SimWorld *self, SimStream stream)
{
  return disk_random (&self->streams[stream]);
}

gint64
sim_between (SimWorld *self, SimStream stream, gint64 low, gint64 high)
{
  return low + (gint64) (sim_random (self, stream) % (guint64) (high - low + 1));
}

gint64
sim_delay (SimWorld *self, SimStream stream, gint64 typical, gint64 longest)
{
  gint64 delay = sim_between (self, stream, typical / 2, typical * 3 / 2);

  while (delay < longest && sim_random (self, stream) % 8 == 0)
    delay *= 3;
  return MIN (delay, longest);
}

void
sim_fault_count (SimWorld *self, SimFault fault, guint wallet)
{
  self->stats->faults[fault]++;
  for (guint i = 0; i < SIM_N_WALLETS; i++)
    if (wallet == i || wallet >= SIM_N_WALLETS)
      {
        guint64 states = self->wallets[i] != NULL ? sim_wallet_get_states (self->wallets[i])
                                                  : G_GUINT64_CONSTANT (1) << (SIM_N_STATES - 1);
        for (guint s = 0; s < SIM_N_STATES; s++)
          if ((states & G_GUINT64_CONSTANT (1) << s) != 0)
            self->stats->pairs[fault][s]++;
      }
  sim_log (self, "FAULT %s", sim_fault_name (fault));
}

gboolean
sim_fault (SimWorld *self, SimStream stream, SimFault fault, guint wallet)
{
  if (self->rates[fault] == 0 || self->healed
      || sim_random (self, stream) % RATE_OF >= self->rates[fault])
    return FALSE;
  sim_fault_count (self, fault, wallet);
  return TRUE;
}

/* ---- time ---- */

static gboolean
is_before (const Planned *a, const Planned *b)
{
  return a->at < b->at || (a->at == b->at && a->tie < b->tie);
}

void
sim_plan_full (SimWorld *self, gint64 delay, SimFunc func, gpointer data, SimFunc drop)
{
  Planned *planned = g_new (Planned, 1);

  *planned =
      (Planned){ self->mono + MAX (delay, 0), sim_random (self, SIM_TIME), func, data, drop };
  g_ptr_array_add (self->queue, planned);
}

void
sim_plan (SimWorld *self, gint64 delay, SimFunc func, gpointer data)
{
  sim_plan_full (self, delay, func, data, NULL);
}

static guint
find_first (SimWorld *self)
{
  guint first = 0;

  for (guint i = 1; i < self->queue->len; i++)
    if (is_before (self->queue->pdata[i], self->queue->pdata[first]))
      first = i;
  return first;
}

static gint64
next_timer (SimWorld *self)
{
  gint64 next = G_MAXINT64;

  for (guint i = 0; i < self->timers->len; i++)
    {
      const SimTimer *timer = self->timers->pdata[i];
      if (!g_source_is_destroyed (self->timers->pdata[i]) && timer->source.context != NULL)
        next = MIN (next, timer->due);
    }
  return next;
}

void
sim_world_settle (SimWorld *self)
{
  guint turns = 0;

  while (g_main_context_iteration (NULL, FALSE))
    {
      for (guint i = 0; i < SIM_N_WALLETS; i++)
        if (self->wallets[i] != NULL)
          sim_wallet_turn (self->wallets[i]);
      if (++turns > MAX_TURNS)
        {
          sim_fail (self, SIM_CHECK_WORLD, "something spins without time passing");
          return;
        }
    }
  for (guint i = 0; i < SIM_N_WALLETS; i++)
    if (self->wallets[i] != NULL)
      sim_wallet_turn (self->wallets[i]);
}

void
sim_world_run (SimWorld *self, gint64 until)
{
  while (self->failure == NULL)
    {
      sim_world_settle (self);
      guint first = find_first (self);
      Planned *planned = self->queue->len > 0 ? self->queue->pdata[first] : NULL;
      gint64 timer = next_timer (self);
      gint64 next = MIN (timer, planned != NULL ? planned->at : G_MAXINT64);

      if (next > until)
        {
          self->mono = MAX (self->mono, until);
          return;
        }
      self->mono = MAX (self->mono, next);
      if (planned == NULL || timer < planned->at)
        continue;
      Planned now = *planned;
      g_ptr_array_remove_index_fast (self->queue, first);
      self->n_events++;
      now.func (now.data);
    }
}

/* ---- the record ---- */

static void
take_note (SimWorld *self, char *line)
{
  guint at = (guint) (self->n_notes++ % SIM_LAST_EVENTS);

  for (const char *p = line; *p != '\0'; p++)
    self->hash = (self->hash ^ (guint8) *p) * FNV_PRIME;
  if (self->verbose)
    printf ("# %s\n", line);
  g_free (self->last[at]);
  self->last[at] = line;
}

void
sim_log (SimWorld *self, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  take_note (self, g_strdup_printf ("%6" G_GINT64_FORMAT ".%06" G_GINT64_FORMAT " %s",
                                    self->mono / 1000000, self->mono % 1000000, text));
}

static void
fail_valist (SimWorld *self, SimCheck check, const char *format, va_list args)
{
  g_autofree char *text = g_strdup_vprintf (format, args);

  if (self->failure != NULL)
    return;
  self->failure = g_strdup_printf ("oracle %s: %s", sim_check_name (check), text);
  sim_log (self, "FAILED %s", self->failure);
}

void
sim_fail (SimWorld *self, SimCheck check, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  fail_valist (self, check, format, args);
  va_end (args);
}

gboolean
sim_check (SimWorld *self, SimCheck check, gboolean holds, const char *format, ...)
{
  va_list args;

  self->stats->checks[check]++;
  if (holds)
    return TRUE;
  va_start (args, format);
  fail_valist (self, check, format, args);
  va_end (args);
  return FALSE;
}

void
sim_print_last (SimWorld *self)
{
  for (guint i = 0; i < SIM_LAST_EVENTS; i++)
    {
      const char *line = self->last[(self->n_notes + i) % SIM_LAST_EVENTS];
      if (line != NULL)
        printf ("# %s\n", line);
    }
}
