/* Cash flow, slices and budgets over a small book whose sums are known by hand. */
#include "jn-analysis.h"
#include "jn-budget.h"
#include "jn-cashflow.h"
#include "jn-currency.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *folder;
  jn_host host;
  jn_ledger *ledger;
  jn_snapshot *snapshot;
  jn_id me, world;
  guint8 next;
} Book;

static int64_t
host_now (void *ctx)
{
  return jn_date_start (20260320);
}

static void
host_random (void *ctx, void *buffer, size_t length)
{
  memset (buffer, 7, length);
}

static void
open_account (Book *book, jn_id *id, guint8 number, jn_account_class class_)
{
  jn_account account = { .currency = JN_CURRENCY_CNY,
                         .class_ = (uint16_t) class_,
                         .flags = class_ == JN_ACCOUNT_CUSTOMER ? JN_ACCOUNT_BOUNDED : 0,
                         .floor = class_ == JN_ACCOUNT_CUSTOMER ? 0 : INT64_MIN,
                         .ceiling = INT64_MAX };
  account.id.b[0] = number;
  *id = account.id;
  g_assert_cmpint (jn_account_open (book->ledger, &account), ==, JN_OK);
}

/* @amount as a statement shows it: below 0 leaves the account. */
static void
add (Book *book, JnDate date, JnCategory category, gint64 amount)
{
  jn_event event = { .kind = JN_TRANSFER,
                     .code = (uint16_t) category,
                     .currency = JN_CURRENCY_CNY,
                     .debit = amount < 0 ? book->me : book->world,
                     .credit = amount < 0 ? book->world : book->me,
                     .amount = amount < 0 ? -amount : amount,
                     .value_date = date,
                     .occurred_us = jn_date_start (date) };
  jn_result result;
  event.id.b[0] = 0x40;
  event.id.b[15] = ++book->next;
  g_assert_cmpint (jn_submit (book->ledger, &event, 1, &result, NULL), ==, JN_OK);
  g_assert_cmpint (result.status, ==, JN_OK);
}

static void
book_init (Book *book)
{
  *book = (Book){ .folder = g_dir_make_tmp ("jn-insights-XXXXXX", NULL) };
  g_autofree char *path = g_build_filename (book->folder, "ledger.db", NULL);
  book->host.now_us = host_now;
  book->host.random = host_random;
  g_assert_cmpint (jn_open (path, NULL, &book->host, 0, &book->ledger), ==, JN_OK);
  open_account (book, &book->me, 1, JN_ACCOUNT_CUSTOMER);
  open_account (book, &book->world, 2, JN_ACCOUNT_WORLD);

  add (book, 20260105, JN_CATEGORY_OPENING, 1000000);
  add (book, 20260210, JN_CATEGORY_INCOME, 500000);
  add (book, 20260203, JN_CATEGORY_DINING, -3000);
  add (book, 20260215, JN_CATEGORY_DINING, -4000);
  add (book, 20260226, JN_CATEGORY_SHOPPING, -20000);
  add (book, 20260301, JN_CATEGORY_DINING, -1000);
  add (book, 20260301, JN_CATEGORY_TRANSFER, -50000);
  add (book, 20260302, JN_CATEGORY_TRANSFER, 7000);
  add (book, 20260305, JN_CATEGORY_SHOPPING, -30000);
  add (book, 20260306, JN_CATEGORY_SHOPPING, 12000); /* a refund */
  add (book, 20260310, JN_CATEGORY_INCOME, 510000);
  add (book, 20260310, JN_CATEGORY_DINING, -2500);
  g_assert_cmpint (jn_snapshot_begin (book->ledger, &book->snapshot), ==, JN_OK);
}

static void
book_clear (Book *book)
{
  jn_snapshot_end (book->snapshot);
  jn_close (book->ledger);
  g_autoptr (GDir) dir = g_dir_open (book->folder, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (book->folder, name, NULL);
      g_remove (path);
    }
  g_rmdir (book->folder);
  g_free (book->folder);
}

static void
test_month (void)
{
  Book book;
  JnCashflow flow;
  gint64 sum = 0;

  book_init (&book);
  g_assert_cmpint (jn_cashflow_read (book.snapshot, &book.me, 202603, 20260320, &flow), ==, JN_OK);
  g_assert_cmpint (flow.spent, ==, 1000 + 30000 - 12000 + 2500);
  g_assert_cmpint (flow.income, ==, 510000);
  g_assert_cmpint (flow.spent_before, ==,
                   7000); /* the shopping of the 26th is later in its month */
  g_assert_cmpuint (flow.n_days, ==, 20);
  g_assert_cmpint (flow.days[0], ==, 1000);
  g_assert_cmpint (flow.days[1], ==, 0);
  g_assert_cmpint (flow.days[4], ==, 30000);
  g_assert_cmpint (flow.days[5], ==, -12000);
  g_assert_cmpint (flow.days[9], ==, 2500);
  for (guint i = 0; i < JN_CASHFLOW_DAYS; i++)
    sum += flow.days[i];
  g_assert_cmpint (sum, ==, flow.spent);

  /* A month that is over compares with the whole month before. */
  g_assert_cmpint (jn_cashflow_read (book.snapshot, &book.me, 202603, 20260401, &flow), ==, JN_OK);
  g_assert_cmpint (flow.spent_before, ==, 27000);
  g_assert_cmpuint (flow.n_days, ==, 31);

  g_assert_cmpint (jn_cashflow_read (book.snapshot, &book.me, 202505, 20260320, &flow), ==, JN_OK);
  g_assert_cmpint (flow.spent, ==, 0);
  g_assert_cmpint (flow.income, ==, 0);

  g_assert_cmpint (jn_cashflow_read_all (book.snapshot, &book.me, &flow), ==, JN_OK);
  g_assert_cmpint (flow.spent, ==, 27000 + 21500);
  g_assert_cmpint (flow.income, ==, 1010000);
  JnMonth first;
  g_assert_cmpint (jn_cashflow_first_month (book.snapshot, &book.me, &first), ==, JN_OK);
  g_assert_cmpint (first, ==, 202601);
  book_clear (&book);
}

static void
test_compare_until (void)
{
  static const struct
  {
    JnMonth month;
    JnDate today, until;
  } table[] = {
    { 202603, 20260320, 20260220 }, { 202603, 20260330, 20260228 },
    { 202603, 20260331, 20260228 }, { 202602, 20260228, 20260131 }, /* a last day, a last day */
    { 202601, 20260101, 20251201 }, { 202602, 20260320, 20260131 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    g_assert_cmpint (jn_cashflow_compare_until (table[i].month, table[i].today), ==,
                     table[i].until);
}

static void
test_slices (void)
{
  Book book;
  jn_status status;

  book_init (&book);
  g_autoptr (GArray) slices = jn_analysis_read (book.snapshot, &book.me, 202603, 20260320, &status);
  g_assert_cmpint (status, ==, JN_OK);
  g_assert_cmpuint (slices->len, ==, 2);
  const JnSlice *shopping = &g_array_index (slices, JnSlice, 0);
  const JnSlice *dining = &g_array_index (slices, JnSlice, 1);
  g_assert_cmpint (shopping->category, ==, JN_CATEGORY_SHOPPING);
  g_assert_cmpint (shopping->spent, ==, 18000);
  g_assert_cmpint (shopping->spent_before, ==, 0);
  g_assert_cmpuint (shopping->count, ==, 2);
  g_assert_cmpint (dining->category, ==, JN_CATEGORY_DINING);
  g_assert_cmpint (dining->spent, ==, 3500);
  g_assert_cmpint (dining->spent_before, ==, 7000);
  g_assert_cmpuint (dining->count, ==, 2);

  g_autoptr (GArray) all = jn_analysis_read (book.snapshot, &book.me, 0, 20260320, &status);
  g_assert_cmpint (status, ==, JN_OK);
  g_assert_cmpint (g_array_index (all, JnSlice, 0).spent, ==, 38000);
  g_assert_cmpint (g_array_index (all, JnSlice, 1).spent, ==, 10500);
  g_autoptr (GArray) none = jn_analysis_read (book.snapshot, &book.me, 202512, 20260320, &status);
  g_assert_cmpuint (none->len, ==, 0);
  book_clear (&book);
}

static void
test_budget (void)
{
  static const struct
  {
    gint64 spent, limit;
    int percent;
  } table[] = {
    { 31000, 50000, 62 },
    { 50000, 50000, 100 },
    { 52000, 50000, 104 },
    { 0, 50000, 0 },
    { -100, 50000, 0 },
    { 49999, 50000, 99 },
    { 1, 0, 100 },
    { 0, 0, 0 },
    { G_MAXINT64, G_MAXINT64, 100 },
    { G_MAXINT64, 1, G_MAXINT },
  };
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    g_assert_cmpint (jn_budget_percent (table[i].spent, table[i].limit), ==, table[i].percent);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/insights/month", test_month);
  g_test_add_func ("/insights/compare-until", test_compare_until);
  g_test_add_func ("/insights/slices", test_slices);
  g_test_add_func ("/insights/budget", test_budget);
  return g_test_run ();
}
