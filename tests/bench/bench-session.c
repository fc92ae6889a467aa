/* Figures of session: from the tap on Pay to the row in home's list, and a list of 100,000 rows. */
#include "rig.h"

#include "jn-entry-list.h"

#include <stdlib.h>
#include <string.h>

#define PAYMENTS 20
#define ROWS 100000
#define BATCH 8000

static void
print_figure (const char *name, gint64 us, gint64 goal_us, const char *note)
{
  g_autofree char *goal =
      goal_us > 0
          ? g_strdup_printf (",\"goal\":%" G_GINT64_FORMAT ".0,\"better\":\"less\"", goal_us / 1000)
          : g_strdup ("");
  g_print ("BENCH {\"room\":\"session\",\"name\":\"%s\",\"value\":%" G_GINT64_FORMAT
           ".%03d,\"unit\":\"ms\"%s,\"note\":\"%s\"}\n",
           name, us / 1000, (int) (us % 1000), goal, note);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *) a;
  gint64 right = *(const gint64 *) b;
  return left < right ? -1 : left > right;
}

static gint64
median (gint64 *values, guint n)
{
  qsort (values, n, sizeof *values, compare);
  return values[n / 2];
}

static gboolean
is_on_top (Rig *rig, JnPayment *payment)
{
  GListModel *recent = jn_home_get_recent (jn_context_get_home (rig->context));
  g_autoptr (JnEntryItem) row = g_list_model_get_item (recent, 0);
  return jn_payment_get_state (payment) == JN_PAYMENT_MADE
         && jn_id_equal (jn_entry_item_get_id (row), jn_payment_get_transaction (payment));
}

static void
bench_payments (void)
{
  Rig rig;
  gint64 row[PAYMENTS], answer[PAYMENTS], commit[PAYMENTS];

  rig_init_enrolled (&rig);
  for (guint i = 0; i < PAYMENTS; i++)
    {
      g_autoptr (JnPayment) payment = rig_quote_coffee (&rig);
      gint64 start = g_get_monotonic_time ();
      jn_payment_approve (payment, "258036");
      rig_until (is_on_top (&rig, payment));
      row[i] = g_get_monotonic_time () - start;
      answer[i] = jn_payment_get_elapsed_us (payment);
      commit[i] = jn_payment_get_bank_commit_us (payment);
    }
  print_figure ("tap on Pay to the row in the list", median (row, PAYMENTS), 100000,
                "median of 20, loopback");
  print_figure ("of it to the bank's answer", median (answer, PAYMENTS), 0, "with the outbox");
  print_figure ("of it the bank's commit", median (commit, PAYMENTS), 0, "as the bank says");
  rig_clear (&rig);
}

/* ---- a long history ---- */

typedef struct
{
  JnStorage *storage;
  jn_id account, world;
  guint n;
} Book;

static void
submit (Book *book, const jn_event *events, guint n)
{
  g_autofree jn_result *results = g_new (jn_result, n);
  if (jn_submit (jn_storage_get_ledger (book->storage), events, n, results, NULL) != JN_OK
      || results[n - 1].status != JN_OK)
    g_error ("the book could not be filled");
}

static gpointer
fill_book (gpointer data, GCancellable *cancellable, GError **error)
{
  Book *book = data;
  g_autofree jn_event *events = g_new0 (jn_event, BATCH);
  jn_id issuer;

  jn_storage_open_accounts (book->storage, "6299020000000000001", JN_CURRENCY_CNY, NULL);
  jn_storage_get_accounts (book->storage, &book->account, NULL);
  jn_storage_get_world (book->storage, &book->world, &issuer);
  while (book->n < ROWS)
    {
      guint n = MIN (BATCH, ROWS - book->n);
      for (guint i = 0; i < n; i++, book->n++)
        {
          jn_event *event = &events[i];
          gboolean first = book->n == 0;
          guint32 number = GUINT32_TO_BE (book->n + 1);
          *event = (jn_event){ .kind = JN_TRANSFER,
                               .code = (uint16_t) (first ? JN_CATEGORY_INCOME
                                                         : 1 + book->n % JN_CATEGORY_OTHER),
                               .currency = JN_CURRENCY_CNY,
                               .debit = first ? book->world : book->account,
                               .credit = first ? book->account : book->world,
                               .amount = first ? 10000000000 : 100 + book->n % 1000,
                               .value_date = jn_date_add_days (20240101, (int) (book->n / 100)),
                               .occurred_us = (gint64) book->n * JN_MINUTE,
                               .payee = "家门口超市" };
          event->id.b[0] = 1;
          memcpy (event->id.b + 12, &number, sizeof number);
        }
      submit (book, events, n);
    }
  return NULL;
}

static gboolean
is_loaded (GListModel *list, guint position)
{
  g_autoptr (JnEntryItem) item = g_list_model_get_item (list, position);
  return jn_entry_item_get_state (item) != JN_ENTRY_LOADING;
}

static gint64
time_row (GListModel *list, guint position)
{
  gint64 start = g_get_monotonic_time ();
  rig_until (is_loaded (list, position));
  return g_get_monotonic_time () - start;
}

static gpointer
read_facts (gpointer data, GCancellable *cancellable, GError **error)
{
  Book *book = data;
  JnDate today = jn_date_add_days (20240101, ROWS / 100 - 1);
  return jn_facts_read (book->storage, JN_CURRENCY_CNY, jn_date_start (today), NULL, error);
}

static void
bench_list (void)
{
  g_autoptr (JnClock) clock = jn_system_clock_new ();
  g_autoptr (JnEntropy) entropy = jn_system_entropy_new ();
  g_autoptr (GError) error = NULL;
  Book book = { .storage = jn_storage_open (
                    &(JnStorageOptions){ .folder = NULL, .clock = clock, .entropy = entropy },
                    &error) };

  g_assert_no_error (error);
  JnWorker *worker = jn_storage_get_worker (book.storage);
  jn_worker_run (worker, fill_book, &book, NULL);
  g_autoptr (JnEntryList) list = jn_entry_list_new ();
  g_autoptr (GPtrArray) top = g_ptr_array_new ();
  JnEntrySource source = { .storage = book.storage, .currency = JN_CURRENCY_CNY, .n_booked = ROWS };
  jn_entry_list_show (list, &source, top);
  print_figure ("first screen of 100,000 rows", time_row (G_LIST_MODEL (list), 0), 50000,
                "block of 64");
  print_figure ("a screen in their middle", time_row (G_LIST_MODEL (list), ROWS / 2), 0,
                "after a jump");
  print_figure ("the oldest screen", time_row (G_LIST_MODEL (list), ROWS - 1), 0, "after a jump");
  gint64 start = g_get_monotonic_time ();
  g_autoptr (JnFacts) facts = jn_worker_run (worker, read_facts, &book, &error);
  g_assert_no_error (error);
  print_figure ("one reading of home", g_get_monotonic_time () - start, 0, "100,000 rows");
  jn_storage_close (book.storage);
  g_object_unref (book.storage);
}

int
main (int argc, char **argv)
{
  bench_payments ();
  bench_list ();
  return EXIT_SUCCESS;
}
