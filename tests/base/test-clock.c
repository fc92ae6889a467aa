/* Clocks: the system's timers, a clock with its own, and seeded bytes. */
#include "jn-clock.h"

#include <string.h>

/* A clock that has its own idea of how fast time goes. */
#define TEST_TYPE_CLOCK (test_clock_get_type ())
G_DECLARE_FINAL_TYPE (TestClock, test_clock, TEST, CLOCK, GObject)

struct _TestClock
{
  GObject parent_instance;
  guint asked;
};

static JnInstant
test_clock_now (JnClock *clock)
{
  return 7;
}

static gint64
test_clock_monotonic (JnClock *clock)
{
  return 8;
}

static GSource *
test_clock_timer (JnClock *clock, guint milliseconds)
{
  TEST_CLOCK (clock)->asked = milliseconds;
  return g_idle_source_new ();
}

static void
test_clock_iface_init (JnClockInterface *iface)
{
  iface->now = test_clock_now;
  iface->monotonic = test_clock_monotonic;
  iface->timer = test_clock_timer;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestClock, test_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (JN_TYPE_CLOCK, test_clock_iface_init))

static void
test_clock_init (TestClock *self)
{
}

static void
test_clock_class_init (TestClockClass *klass)
{
}

static gboolean
on_timer (gpointer data)
{
  guint *fired = data;
  return ++*fired < 3 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
test_own (void)
{
  g_autoptr (TestClock) clock = g_object_new (TEST_TYPE_CLOCK, NULL);
  guint fired = 0;

  g_assert_cmpint (jn_clock_now (JN_CLOCK (clock)), ==, 7);
  g_assert_cmpint (jn_clock_get_monotonic (JN_CLOCK (clock)), ==, 8);
  g_assert_cmpuint (jn_clock_add_timer (JN_CLOCK (clock), 86400000, on_timer, &fired), >, 0);
  g_assert_cmpuint (clock->asked, ==, 86400000);
  while (fired < 3)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (g_main_context_pending (NULL));
}

static void
test_system (void)
{
  g_autoptr (JnClock) clock = jn_system_clock_new ();
  guint fired = 0;
  gint64 begun = jn_clock_get_monotonic (clock);
  guint id = jn_clock_add_timer (clock, 86400000, on_timer, &fired);

  g_assert_true (g_source_remove (id));
  jn_clock_add_timer (clock, 2, on_timer, &fired);
  while (fired < 3)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (jn_clock_get_monotonic (clock) - begun, >=, 6000);
}

static void
test_manual (void)
{
  g_autoptr (JnManualClock) clock = jn_manual_clock_new (1000);
  guint fired = 0;

  jn_manual_clock_advance (clock, 5);
  g_assert_cmpint (jn_clock_now (JN_CLOCK (clock)), ==, 1005);
  jn_clock_add_timer (JN_CLOCK (clock), 1, on_timer, &fired);
  while (fired < 3)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (jn_clock_now (JN_CLOCK (clock)), ==, 1005);
}

static void
test_seeded (void)
{
  guint8 first[20], second[20], other[20];
  g_autoptr (JnEntropy) a = jn_seeded_entropy_new (5);
  g_autoptr (JnEntropy) b = jn_seeded_entropy_new (5);
  g_autoptr (JnEntropy) c = jn_seeded_entropy_new (6);

  jn_entropy_fill (a, first, sizeof first);
  jn_entropy_fill (b, second, sizeof second);
  jn_entropy_fill (c, other, sizeof other);
  g_assert_cmpmem (first, sizeof first, second, sizeof second);
  g_assert_true (memcmp (first, other, sizeof first) != 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock/own", test_own);
  g_test_add_func ("/clock/system", test_system);
  g_test_add_func ("/clock/manual", test_manual);
  g_test_add_func ("/clock/seeded", test_seeded);
  return g_test_run ();
}
