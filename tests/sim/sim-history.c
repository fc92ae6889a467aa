/* The past of a world's customer, in place of jn-bankd-seed-history.c: a few days instead of ninety. Every proof, every screen and every
 * first sync reads all of it, and what happened before a world began shows no more when there is more of it. */
#include "jn-bankd-seed-history.h"

#define OPENING 80000
#define SALARY 300000

static void
live (GArray *past, JnInstant at, gint64 amount, int merchant, int person, const char *kind,
      JnCategory category)
{
  JnBankdPast one = { .at = at,
                      .amount = amount,
                      .merchant = merchant,
                      .person = person,
                      .kind = kind,
                      .category =
                          merchant >= 0 ? jn_bankd_seed_merchants[merchant].category : category };
  g_array_append_val (past, one);
}

static gint64
sum (const GArray *past)
{
  gint64 sum = 0;

  for (guint i = 0; i < past->len; i++)
    sum += g_array_index (past, JnBankdPast, i).amount;
  return sum;
}

GArray *
jn_bankd_seed_history (JnEntropy *entropy, JnInstant now)
{
  GArray *past = g_array_new (FALSE, FALSE, sizeof (JnBankdPast));
  JnInstant day = jn_date_start (jn_date_add_days (jn_date_at (now), -12)) + 9 * JN_HOUR;

  live (past, day - JN_HOUR, OPENING, -1, -1, "opening", JN_CATEGORY_OPENING);
  live (past, day, SALARY, -1, -1, "income", JN_CATEGORY_INCOME);
  live (past, day + JN_DAY, -2800, JN_BANKD_NOODLES, -1, "payment", 0);
  live (past, day + 2 * JN_DAY, -50000, -1, JN_BANKD_MOTHER, "transfer", JN_CATEGORY_TRANSFER);
  live (past, day + 3 * JN_DAY, -16800, JN_BANKD_HOTPOT, -1, "payment", 0);
  live (past, day + 4 * JN_DAY, 8600, -1, JN_BANKD_FRIEND, "transfer", JN_CATEGORY_TRANSFER);
  live (past, day + 5 * JN_DAY, -15900, JN_BANKD_CLOTHES, -1, "payment", 0);
  live (past, day + 6 * JN_DAY, 15900, JN_BANKD_CLOTHES, -1, "refund", 0);
  live (past, day + 8 * JN_DAY, -5900, JN_BANKD_TELECOM, -1, "bill", 0);
  live (past, day + 9 * JN_DAY, -2300, JN_BANKD_TAXI, -1, "payment", 0);
  g_array_index (past, JnBankdPast, past->len - 1).discount = 500;
  live (past, day + 10 * JN_DAY, JN_BANKD_BOOKED - sum (past), -1, JN_BANKD_SAVINGS, "transfer",
        JN_CATEGORY_TRANSFER);
  return past;
}
