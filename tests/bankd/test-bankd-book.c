/* The double-entry book under random operations. */
#include "bankd-world.h"

#define ACCOUNTS 6
#define FIRST 900

static gboolean
post (World *world, gint64 from, gint64 to, gint64 amount, GError **error)
{
  JnBankdTransfer transfer = {
    .kind = "transfer",
    .category = JN_CATEGORY_TRANSFER,
    .currency = JN_CURRENCY_CNY,
    .at = jn_clock_now (JN_CLOCK (world->clock)),
    .legs = { { from, -amount }, { to, amount } },
    .n_legs = 2,
  };

  return jn_bankd_book_post (world->core, &transfer, error);
}

static void
test_random (void)
{
  g_autoptr (World) world = world_new (NULL);
  gint64 model[ACCOUNTS] = { 0 };
  g_autoptr (GRand) chance = g_rand_new_with_seed (20261122);
  guint refused = 0, made = 0;

  jn_bankd_db_begin (world->core->db);
  for (gint64 i = 0; i < ACCOUNTS; i++)
    jn_bankd_book_add_account (world->core, FIRST + i, NULL, "person", JN_CURRENCY_CNY, "x", i > 0);
  for (guint i = 0; i < 2000; i++)
    {
      gint64 from = g_rand_int_range (chance, 0, ACCOUNTS);
      gint64 to = g_rand_int_range (chance, 0, ACCOUNTS);
      gint64 amount = g_rand_int_range (chance, 0, 500);
      g_autoptr (GError) error = NULL;
      gboolean done = post (world, FIRST + from, FIRST + to, amount, &error);

      if (amount == 0)
        g_assert_error (error, JN_ERROR, JN_ERROR_AMOUNT_ZERO);
      else if (from == to)
        g_assert_error (error, JN_ERROR, JN_ERROR_SAME_ACCOUNT);
      else if (from > 0 && model[from] < amount)
        g_assert_error (error, JN_ERROR, JN_ERROR_NO_FUNDS);
      else
        g_assert_no_error (error);
      refused += !done;
      if (!done)
        continue;
      made++;
      model[from] -= amount;
      model[to] += amount;
    }
  g_assert_true (jn_bankd_db_commit (world->core->db, NULL));
  g_assert_cmpuint (refused, >, 100);
  g_assert_cmpuint (made, >, 500);
  for (gint64 i = 0; i < ACCOUNTS; i++)
    g_assert_cmpint (jn_bankd_book_balance (world->core, FIRST + i), ==, model[i]);
}

static void
test_legs (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (GError) error = NULL;
  JnBankdTransfer transfer = { .kind = "transfer", .currency = JN_CURRENCY_CNY, .at = JN_DAY };

  transfer.legs[0] = (JnBankdLeg){ JN_BANKD_ACCOUNT_CLEARING, -5 };
  transfer.legs[1] = (JnBankdLeg){ JN_BANKD_ACCOUNT_WALLET, 4 };
  transfer.n_legs = 2;
  g_assert_false (jn_bankd_book_post (world->core, &transfer, &error));
  g_assert_error (error, JN_ERROR, JN_ERROR_INVALID);
  g_clear_error (&error);
  transfer.legs[1] = (JnBankdLeg){ JN_BANKD_ACCOUNT_POINTS, 5 };
  g_assert_false (jn_bankd_book_post (world->core, &transfer, &error));
  g_assert_error (error, JN_ERROR, JN_ERROR_CURRENCY_MISMATCH);
  g_clear_error (&error);
  g_assert_false (post (world, JN_BANKD_ACCOUNT_CLEARING, 4711, 5, &error));
  g_assert_error (error, JN_ERROR, JN_ERROR_ACCOUNT_UNKNOWN);
  g_clear_error (&error);
  g_assert_false (
      post (world, JN_BANKD_ACCOUNT_CLEARING, JN_BANKD_ACCOUNT_WALLET, G_MAXINT64, &error));
  g_assert_error (error, JN_ERROR, JN_ERROR_AMOUNT_OVERFLOW);
}

static void
test_holds (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (GError) error = NULL;
  JnInstant now = jn_clock_now (JN_CLOCK (world->clock));

  g_assert_cmpint (jn_bankd_book_available (world->core, JN_BANKD_ACCOUNT_WALLET), ==, 100000);
  g_assert_false (jn_bankd_book_hold (world->core, "a", JN_BANKD_ACCOUNT_WALLET, 100001,
                                      JN_CATEGORY_TRAVEL, NULL, NULL, now, now + 1, &error));
  g_assert_error (error, JN_ERROR, JN_ERROR_NO_FUNDS);
  g_clear_error (&error);
  g_assert_true (jn_bankd_book_hold (world->core, "b", JN_BANKD_ACCOUNT_WALLET, 100000,
                                     JN_CATEGORY_TRAVEL, NULL, NULL, now, now + 10, &error));
  g_assert_false (post (world, JN_BANKD_ACCOUNT_WALLET, JN_BANKD_ACCOUNT_CLEARING, 1, &error));
  g_assert_error (error, JN_ERROR, JN_ERROR_NO_FUNDS);
  g_assert_cmpuint (jn_bankd_book_expire_holds (world->core, now + 9), ==, 0);
  g_assert_cmpuint (jn_bankd_book_expire_holds (world->core, now + 10), ==, 1);
  g_assert_cmpint (jn_bankd_book_available (world->core, JN_BANKD_ACCOUNT_WALLET), ==, 100000);
}

/* The proof itself must be able to fail. */
static void
test_verify_finds (gconstpointer sql)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (GError) error = NULL;

  jn_bankd_db_begin (world->core->db);
  g_assert_cmpint (jn_bankd_db_run (world->core->db, sql, ""), >, 0);
  g_assert_false (jn_bankd_book_verify (world->core, &error));
  g_assert_error (error, JN_ERROR, JN_ERROR_INVARIANT);
  jn_bankd_db_rollback (world->core->db);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bankd/book/random", test_random);
  g_test_add_func ("/bankd/book/legs", test_legs);
  g_test_add_func ("/bankd/book/holds", test_holds);
  g_test_add_data_func ("/bankd/book/verify/amount",
                        "UPDATE entry SET amount = amount + 1 WHERE account = 1 AND sequence = 7",
                        test_verify_finds);
  g_test_add_data_func ("/bankd/book/verify/balance",
                        "UPDATE entry SET balance_after = 1 WHERE account = 1 AND sequence = 9",
                        test_verify_finds);
  g_test_add_data_func ("/bankd/book/verify/gap",
                        "DELETE FROM entry WHERE account = 1 AND sequence = 12", test_verify_finds);
  g_test_add_data_func ("/bankd/book/verify/total",
                        "UPDATE account SET credits = credits + 1 WHERE id = 1", test_verify_finds);
  g_test_add_data_func ("/bankd/book/verify/held", "UPDATE account SET held = 1 WHERE id = 1",
                        test_verify_finds);
  return g_test_run ();
}
