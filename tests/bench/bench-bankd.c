/* How long the embedded bank takes to start, and what one payment costs on loopback. */
#include <glib/gstdio.h>
#include <string.h>

#include "bankd-wire.h"
#include "bankd-world.h"
#include "jn-bankd.h"

#define STARTS 9
#define PAYMENTS 60

static int
compare (gconstpointer a, gconstpointer b)
{
  const gint64 *left = a, *right = b;

  return *left < *right ? -1 : *left > *right;
}

/* Milliseconds; @goal: at most, 0 for none. */
static void
report (const char *name, gint64 *microseconds, guint n, int goal)
{
  g_autofree char *limit = goal > 0 ? g_strdup_printf (",\"goal\":%d", goal) : g_strdup ("");
  gint64 middle;

  qsort (microseconds, n, sizeof *microseconds, compare);
  middle = microseconds[n / 2];
  g_print ("BENCH {\"room\":\"bankd\",\"name\":\"%s\",\"value\":%" G_GINT64_FORMAT
           ".%03" G_GINT64_FORMAT ",\"unit\":\"ms\"%s}\n",
           name, middle / 1000, middle % 1000, limit);
}

static gint64
start_once (const char *folder)
{
  g_autoptr (GError) error = NULL;
  JnBankdOptions options = { .data_dir = folder };
  gint64 begun = g_get_monotonic_time ();
  g_autoptr (JnBankd) bank = jn_bankd_start (&options, &error);
  gint64 taken = g_get_monotonic_time () - begun;

  g_assert_no_error (error);
  return taken;
}

static void
remove_folder (char *folder)
{
  static const char *const files[] = { "bank.db", "bank.db-wal", "bank.db-shm" };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (folder, files[i], NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
  g_free (folder);
}

static void
bench_starts (void)
{
  gint64 memory[STARTS], fresh[STARTS], existing[STARTS];

  for (guint i = 0; i < STARTS; i++)
    {
      char *folder = g_dir_make_tmp ("jn-bench-XXXXXX", NULL);

      memory[i] = start_once (NULL);
      fresh[i] = start_once (folder);
      existing[i] = start_once (folder);
      remove_folder (folder);
    }
  report ("start in memory, seeded", memory, STARTS, 150);
  report ("start in a fresh folder, seeded", fresh, STARTS, 150);
  report ("start in an existing folder", existing, STARTS, 150);
}

/* Milliseconds with three decimals after "commit;dur=". */
static gint64
commit_time (const char *headers)
{
  const char *found = strstr (headers, "commit;dur=");
  guint64 whole, rest;
  char *end;

  g_assert_nonnull (found);
  whole = g_ascii_strtoull (found + strlen ("commit;dur="), &end, 10);
  rest = g_ascii_strtoull (end + 1, NULL, 10);
  return (gint64) (whole * 1000 + rest);
}

typedef struct
{
  gint64 order[PAYMENTS], authorise[PAYMENTS], execute[PAYMENTS], commit[PAYMENTS];
} Times;

static void
pay (World *world, const char *friend, Times *times, guint i)
{
  g_autofree char *intent = world_make_id (world);
  g_autofree char *body = world_transfer_body (world, intent, "1.00", friend, "李思雨");
  g_autofree char *path = NULL;
  g_autofree char *proof = NULL;
  gint64 begun = g_get_monotonic_time ();
  g_autoptr (Reply) payment =
      world_call (world, "POST", "/psd2/v1/payments/book-transfers", intent, body);
  g_autoptr (Reply) made = NULL;

  times->order[i] = g_get_monotonic_time () - begun;
  reply_assert (payment, 201, NULL);
  begun = g_get_monotonic_time ();
  path = world_authorise (world, "book-transfers", payment);
  times->authorise[i] = g_get_monotonic_time () - begun;
  proof = world_proof (world, payment, path, WORLD_PIN);
  begun = g_get_monotonic_time ();
  made = world_call (world, "PUT", path, NULL, proof);
  times->execute[i] = g_get_monotonic_time () - begun;
  reply_assert (made, 200, NULL);
  times->commit[i] = commit_time (g_hash_table_lookup (made->fields, "server-timing"));
}

static void
bench_payments (void)
{
  char *folder = g_dir_make_tmp ("jn-bench-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;
  JnBankdOptions options = { .data_dir = folder };
  g_autoptr (JnBankd) bank = jn_bankd_start (&options, &error);
  g_autoptr (World) world = NULL;
  g_autofree char *friend = NULL;
  g_autofree Times *times = g_new0 (Times, 1);

  g_assert_no_error (error);
  world = world_new_remote (jn_bankd_get_address (bank));
  world_enrol (world);
  friend = world_find_friend (world);
  for (guint i = 0; i < PAYMENTS; i++)
    pay (world, friend, times, i);
  report ("payment: order", times->order, PAYMENTS, 0);
  report ("payment: start of authorisation", times->authorise, PAYMENTS, 0);
  report ("payment: PIN, signature and booking", times->execute, PAYMENTS, 100);
  report ("payment: of which the bank's commit", times->commit, PAYMENTS, 0);
  jn_bankd_stop (bank);
  remove_folder (folder);
}

int
main (void)
{
  bench_starts ();
  bench_payments ();
  return 0;
}
