/* Ids, clocks, entropy. */
#include "jn-id.h"

#include <string.h>

static JnId
make (JnInstant now, guint64 seed)
{
  g_autoptr (JnManualClock) clock = jn_manual_clock_new (now);
  g_autoptr (JnEntropy) entropy = jn_seeded_entropy_new (seed);
  return jn_id_make (JN_CLOCK (clock), entropy);
}

static void
test_layout (void)
{
  JnId id = make (G_GINT64_CONSTANT (0x0123456789ab) * 1000 + 999, 1);
  static const guint8 time[6] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab };
  g_assert_cmpmem (id.bytes, 6, time, 6);
  g_assert_false (jn_id_is_zero (&id));
}

static void
test_text (void)
{
  static const JnId zero;
  JnId ones, back;
  memset (&ones, 0xff, sizeof ones);
  g_autofree char *zeros = jn_id_to_string (&zero);
  g_autofree char *full = jn_id_to_string (&ones);

  g_assert_cmpstr (zeros, ==, "00000000000000000000000000");
  g_assert_cmpstr (full, ==, "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
  g_assert_true (jn_id_is_zero (&zero));
  /* The example of the ULID specification: 1469918176385 ms. */
  g_assert_true (jn_id_from_string ("01ARYZ6S41TSV4RRFFQ69G5FAV", &back));
  guint64 millis = 0;
  for (int i = 0; i < 6; i++)
    millis = millis << 8 | back.bytes[i];
  g_assert_cmpuint (millis, ==, G_GUINT64_CONSTANT (1469918176385));
}

static void
test_refused (void)
{
  static const char *const texts[] = { "",
                                       "0000000000000000000000000",
                                       "000000000000000000000000000",
                                       "80000000000000000000000000",
                                       "0000000000000000000000000I",
                                       "0000000000000000000000000L",
                                       "0000000000000000000000000O",
                                       "0000000000000000000000000U",
                                       "0000000000000000000000000a",
                                       "0000000000000000000000000 ",
                                       "000000000000000000000000é" };
  JnId id;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_false (jn_id_from_string (texts[i], &id));
  g_assert_false (jn_id_from_string (NULL, &id));
}

static void
test_round_trips_and_order (void)
{
  g_autoptr (JnManualClock) clock = jn_manual_clock_new (1700000000 * JN_SECOND);
  g_autoptr (JnEntropy) entropy = jn_seeded_entropy_new (9);
  g_autofree char *before = NULL;

  for (int round = 0; round < 5000; round++)
    {
      JnId id = jn_id_make (JN_CLOCK (clock), entropy);
      JnId back;
      g_autofree char *text = jn_id_to_string (&id);
      g_assert_cmpuint (strlen (text), ==, JN_ID_STRING_LENGTH);
      g_assert_true (jn_id_from_string (text, &back));
      g_assert_true (jn_id_equal (&id, &back));
      g_assert_true (before == NULL || strcmp (before, text) < 0);
      g_free (before);
      before = g_steal_pointer (&text);
      jn_manual_clock_advance (clock, 1000 + round);
    }
}

static void
test_entropy (void)
{
  g_autoptr (JnEntropy) one = jn_seeded_entropy_new (1234567);
  g_autoptr (JnEntropy) same = jn_seeded_entropy_new (1234567);
  g_autoptr (JnEntropy) other = jn_seeded_entropy_new (1234568);
  g_autoptr (JnEntropy) system = jn_system_entropy_new ();
  /* SplitMix64 from 1234567: 6457827717110365317, little-endian. */
  static const guint8 first[8] = { 0x85, 0xfc, 0x08, 0xfb, 0x17, 0xd0, 0x9e, 0x59 };
  guint8 a[64], b[64];

  jn_entropy_fill (one, a, 64);
  jn_entropy_fill (same, b, 64);
  g_assert_cmpmem (a, 64, b, 64);
  g_assert_cmpmem (a, 8, first, 8);
  jn_entropy_fill (other, b, 64);
  g_assert_true (memcmp (a, b, 64) != 0);
  jn_entropy_fill (system, a, 64);
  jn_entropy_fill (system, b, 64);
  g_assert_true (memcmp (a, b, 64) != 0);
  jn_entropy_fill (system, NULL, 0);
}

static void
test_clocks (void)
{
  g_autoptr (JnManualClock) manual = jn_manual_clock_new (5);
  g_autoptr (JnClock) system = jn_system_clock_new ();
  gint64 before = g_get_real_time ();

  g_assert_cmpint (jn_clock_now (JN_CLOCK (manual)), ==, 5);
  g_assert_cmpint (jn_clock_now (JN_CLOCK (manual)), ==, 5);
  jn_manual_clock_advance (manual, 10);
  g_assert_cmpint (jn_clock_now (JN_CLOCK (manual)), ==, 15);
  jn_manual_clock_set (manual, 1);
  g_assert_cmpint (jn_clock_now (JN_CLOCK (manual)), ==, 1);
  g_assert_cmpint (jn_clock_now (system), >=, before);
}

static void
test_uuid (void)
{
  g_autoptr (JnEntropy) entropy = jn_seeded_entropy_new (4);
  for (int round = 0; round < 200; round++)
    {
      g_autofree char *uuid = jn_uuid_make (entropy);
      g_assert_true (g_uuid_string_is_valid (uuid));
      g_assert_cmpint (uuid[14], ==, '4');
      g_assert_nonnull (strchr ("89ab", uuid[19]));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/id/layout", test_layout);
  g_test_add_func ("/id/text", test_text);
  g_test_add_func ("/id/refused", test_refused);
  g_test_add_func ("/id/round-trips-and-order", test_round_trips_and_order);
  g_test_add_func ("/id/entropy", test_entropy);
  g_test_add_func ("/id/clocks", test_clocks);
  g_test_add_func ("/id/uuid", test_uuid);
  return g_test_run ();
}
