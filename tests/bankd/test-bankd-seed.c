/* What the sample customer's ninety days must look like, on any day of the calendar. */
#include "bankd-world.h"

#include <string.h>

static Reply *
feed (World *world, gint64 from)
{
  g_autofree char *path =
      g_strdup_printf ("/psd2/v1/accounts/%s/transactions?bookingStatus=both"
                       "&entryReferenceFrom=%" G_GINT64_FORMAT "&itemsPerPage=1000",
                       world->account, from);
  Reply *reply = world_call (world, "GET", path, NULL, NULL);

  reply_assert (reply, 200, NULL);
  return reply;
}

static gint64
dining_this_month (World *world)
{
  JnDate today = jn_date_at (jn_clock_now (JN_CLOCK (world->clock)));

  return jn_bankd_db_integer (world->core->db, 0,
                              "SELECT -sum (amount) FROM entry JOIN transfer ON number = transfer"
                              " WHERE account = 1 AND category = ? AND booked_on >= ?",
                              "ii", (gint64) JN_CATEGORY_DINING,
                              (gint64) jn_month_first (jn_date_month (today)));
}

static void
check_figures (const char *now, guint64 seed)
{
  g_autoptr (World) world = world_new_at (NULL, now, seed);
  JnBankdDb *db = world->core->db;
  JnInstant instant = jn_clock_now (JN_CLOCK (world->clock));

  g_test_message ("%s", now);
  g_assert_cmpint (jn_bankd_book_balance (world->core, JN_BANKD_ACCOUNT_WALLET), ==, 120000);
  g_assert_cmpint (jn_bankd_book_available (world->core, JN_BANKD_ACCOUNT_WALLET), ==, 100000);
  g_assert_cmpint (jn_bankd_book_balance (world->core, JN_BANKD_ACCOUNT_POINTS), ==, 1280);
  g_assert_cmpint (dining_this_month (world), ==, 29100);
  g_assert_cmpint (
      jn_bankd_db_integer (db, -1, "SELECT min (balance_after) FROM entry WHERE account = 1", ""),
      >, 0);
  g_assert_cmpint (jn_bankd_db_integer (db, -1, "SELECT max (occurred_at) FROM transfer", ""), <=,
                   instant);
  g_assert_cmpint (
      jn_bankd_db_integer (db, -1,
                           "SELECT count (*) FROM (SELECT occurred_at / 1000000 FROM transfer"
                           " JOIN entry ON transfer = number WHERE account = 1"
                           " GROUP BY 1 HAVING count (*) > 1)",
                           ""),
      ==, 0);
  /* Twelve categories of spending, salaries of three months, one refund. */
  g_assert_cmpint (
      jn_bankd_db_integer (db, 0,
                           "SELECT count (DISTINCT category) FROM transfer JOIN entry"
                           " ON transfer = number WHERE account = 1 AND category BETWEEN 1 AND 12",
                           ""),
      ==, 12);
  g_assert_cmpint (
      jn_bankd_db_integer (db, 0, "SELECT count (*) FROM transfer WHERE kind = 'income'", ""), >=,
      2);
  g_assert_cmpint (
      jn_bankd_db_integer (db, 0, "SELECT count (*) FROM transfer WHERE kind = 'refund'", ""), ==,
      1);
}

static void
test_figures (void)
{
  static const char *const hours[] = { "00:00:00", "00:00:07", "03:10:00", "11:59:59",
                                       "15:59:59", "16:00:00", "16:00:05", "21:30:00" };

  /* Every day of fourteen months, each at another hour; 16:00 UTC is the bank's midnight. */
  for (JnDate day = 20261101; day < 20280101; day = jn_date_add_days (day, 1))
    {
      g_autofree char *date = jn_date_to_string (day);
      g_autofree char *now =
          g_strdup_printf ("%sT%sZ", date, hours[(guint) jn_date_day (day) % G_N_ELEMENTS (hours)]);

      if (jn_date_day (day) > 3 && jn_date_day (day) < 27 && jn_date_day (day) % 5 != 0)
        continue;
      check_figures (now, (guint64) day % 3);
    }
}

static void
test_month_ends (void)
{
  static const char *const instants[] = { "2027-02-28T15:59:59Z", "2027-02-28T16:00:00Z",
                                          "2027-02-28T16:00:03Z", "2028-02-29T15:00:00Z",
                                          "2028-02-29T16:00:01Z", "2026-12-31T16:00:00Z",
                                          "2026-12-31T15:59:00Z", "2027-04-30T16:20:00Z",
                                          "2027-05-01T03:58:00Z" };

  for (guint i = 0; i < G_N_ELEMENTS (instants); i++)
    check_figures (instants[i], 0);
}

static char *
whole_feed (guint64 seed)
{
  g_autoptr (World) world = world_new_at (NULL, WORLD_NOW, seed);
  g_autoptr (Reply) reply = NULL;

  world_enrol (world);
  reply = feed (world, 0);
  /* What follows is signed with this bank's own key. */
  *strstr (reply->text, ",\"signature\"") = '\0';
  return g_steal_pointer (&reply->text);
}

static void
test_deterministic (void)
{
  g_autofree char *one = whole_feed (7);
  g_autofree char *two = whole_feed (7);
  g_autofree char *other = whole_feed (8);

  g_assert_cmpstr (one, ==, two);
  g_assert_cmpstr (one, !=, other);
}

static void
test_feed (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (Reply) reply = NULL;
  JnJson *booked;
  gint64 sum = 0;

  world_enrol (world);
  reply = feed (world, 0);
  booked = jn_json_path (reply->json, "transactions/booked");
  g_assert_cmpuint (jn_json_length (booked), >, 200);
  for (guint i = 0; i < jn_json_length (booked); i++)
    {
      JnJson *entry = jn_json_at (booked, i);
      JnMoney amount, after;
      g_autofree char *reference = g_strdup_printf ("%u", i + 1);

      g_assert_cmpstr (jn_json_string (jn_json_get (entry, "entryReference")), ==, reference);
      g_assert_true (jn_money_from_wire (
          jn_json_string (jn_json_path (entry, "transactionAmount/amount")), "CNY", &amount, NULL));
      g_assert_true (jn_money_from_wire (
          jn_json_string (jn_json_path (entry, "balanceAfterTransaction/balanceAmount/amount")),
          "CNY", &after, NULL));
      sum += amount.minor;
      g_assert_cmpint (sum, ==, after.minor);
    }
  g_assert_cmpstr (jn_json_string (jn_json_path (jn_json_at (booked, 0), "wallet/kind")), ==,
                   "opening");
  g_assert_cmpint (sum, ==, 120000);
  g_assert_cmpuint (jn_json_length (jn_json_path (reply->json, "transactions/pending")), ==, 1);
}

static void
test_paging (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autofree char *next = NULL;
  guint pages = 0, rows = 0;

  world_enrol (world);
  next = g_strdup_printf (
      "/psd2/v1/accounts/%s/transactions?bookingStatus=both&entryReferenceFrom=0&itemsPerPage=50",
      world->account);
  while (next != NULL)
    {
      g_autoptr (Reply) reply = world_call (world, "GET", next, NULL, NULL);
      JnJson *booked = jn_json_path (reply->json, "transactions/booked");
      JnJson *last = jn_json_at (booked, jn_json_length (booked) - 1);

      reply_assert (reply, 200, NULL);
      /* The balance is that of the end of the page, so that each page can be proved alone. */
      g_assert_cmpstr (
          jn_json_string (jn_json_path (jn_json_at (jn_json_get (reply->json, "balances"), 0),
                                        "balanceAmount/amount")),
          ==, jn_json_string (jn_json_path (last, "balanceAfterTransaction/balanceAmount/amount")));
      rows += jn_json_length (booked);
      pages++;
      g_free (next);
      next = g_strdup (reply_string (reply, "transactions/_links/next/href"));
    }
  g_assert_cmpuint (pages, ==, (rows + 49) / 50);
  g_assert_cmpint (
      rows, ==,
      jn_bankd_db_integer (world->core->db, 0, "SELECT sequence FROM account WHERE id = 1", ""));
}

static void
test_profile (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (Reply) profile = NULL;
  g_autoptr (Reply) offers = NULL;

  world_enrol (world);
  profile = world_call (world, "GET", "/wallet/v1/profile", NULL, NULL);
  offers = world_call (world, "GET", "/wallet/v1/offers", NULL, NULL);
  g_assert_cmpuint (jn_json_length (jn_json_get (profile->json, "payees")), ==, 10);
  g_assert_cmpuint (jn_json_length (jn_json_get (profile->json, "cards")), ==, 2);
  g_assert_cmpuint (jn_json_length (jn_json_get (profile->json, "upcoming")), ==, 1);
  g_assert_cmpuint (jn_json_length (jn_json_get (profile->json, "budgets")), ==, 2);
  g_assert_cmpuint (jn_json_length (jn_json_get (profile->json, "goals")), ==, 1);
  g_assert_cmpuint (jn_json_length (jn_json_get (offers->json, "offers")), ==, 4);
}

/* Days go by: the hold ends, the bill is paid, the gift of points expires. */
static void
test_time_passes (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (Reply) after = NULL;
  g_autoptr (Reply) profile = NULL;

  world_enrol (world);
  jn_manual_clock_advance (world->clock, 8 * JN_DAY);
  after = feed (world, 0);
  g_assert_cmpuint (jn_json_length (jn_json_path (after->json, "transactions/pending")), ==, 0);
  g_assert_cmpint (jn_bankd_book_available (world->core, JN_BANKD_ACCOUNT_WALLET), ==,
                   120000 - 12640);
  profile = world_call (world, "GET", "/wallet/v1/profile", NULL, NULL);
  g_assert_cmpuint (jn_json_length (jn_json_get (profile->json, "upcoming")), ==, 0);
  jn_manual_clock_advance (world->clock, 20 * JN_DAY);
  {
    g_autoptr (Reply) points = world_call (world, "GET", "/wallet/v1/points?from=0", NULL, NULL);
    gint64 balance = 0;

    g_assert_true (jn_json_integer (jn_json_get (points->json, "balance"), &balance));
    g_assert_cmpint (balance, ==, 1080);
    g_assert_cmpuint (jn_json_length (jn_json_get (points->json, "expiring")), ==, 0);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bankd/seed/figures", test_figures);
  g_test_add_func ("/bankd/seed/month-ends", test_month_ends);
  g_test_add_func ("/bankd/seed/deterministic", test_deterministic);
  g_test_add_func ("/bankd/seed/feed", test_feed);
  g_test_add_func ("/bankd/seed/paging", test_paging);
  g_test_add_func ("/bankd/seed/profile", test_profile);
  g_test_add_func ("/bankd/seed/time-passes", test_time_passes);
  return g_test_run ();
}
