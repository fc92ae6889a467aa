/* Bills: the lazy list against direct reads, months, filters, search and analysis. */
#include "rig.h"

#include "jn-cashflow.h"
#include "jn-entry-block.h"
#include "jn-entry-list.h"

#include <string.h>

#define ROWS 700

/* ---- a ledger of its own, with more rows than a screen ---- */

typedef struct
{
  JnStorage *storage;
  JnClock *clock;
  JnEntropy *entropy;
  jn_id account, world;
  guint n;
  guint add;
  GPtrArray *rows;
  JnEntrySource source;
} Book;

static gpointer
open_book (gpointer data, GCancellable *cancellable, GError **error)
{
  Book *book = data;
  jn_id issuer;

  g_assert_true (
      jn_storage_open_accounts (book->storage, "6299020000000000001", JN_CURRENCY_CNY, NULL));
  g_assert_true (jn_storage_get_accounts (book->storage, &book->account, NULL));
  g_assert_true (jn_storage_get_world (book->storage, &book->world, &issuer));
  return NULL;
}

/* Three rows a day; every fifth is a bus, every eleventh comes in. */
static gpointer
add_rows (gpointer data, GCancellable *cancellable, GError **error)
{
  Book *book = data;

  for (guint i = 0; i < book->add; i++, book->n++)
    {
      guint k = book->n;
      JnId id = jn_id_make (book->clock, book->entropy);
      g_autofree char *payee = g_strdup_printf ("payee %u", k);
      gboolean in = k == 0 || k % 11 == 10;
      jn_event event = {
        .kind = JN_TRANSFER,
        .code = (uint16_t) (in           ? JN_CATEGORY_INCOME
                            : k % 5 == 0 ? JN_CATEGORY_TRANSPORT
                                         : JN_CATEGORY_DINING),
        .currency = JN_CURRENCY_CNY,
        .debit = in ? book->world : book->account,
        .credit = in ? book->account : book->world,
        .amount = k == 0 ? 100000000 : 100 + (gint64) k,
        .value_date = jn_date_add_days (20260101, (int) k / 3),
        .occurred_us = jn_date_start (jn_date_add_days (20260101, (int) k / 3)) + k,
        .payee = payee,
      };
      jn_result result;
      memcpy (event.id.b, id.bytes, sizeof event.id.b);
      g_assert_cmpint (jn_submit (jn_storage_get_ledger (book->storage), &event, 1, &result, NULL),
                       ==, JN_OK);
      g_assert_cmpint (result.status, ==, JN_OK);
    }
  return NULL;
}

static gpointer
read_all (gpointer data, GCancellable *cancellable, GError **error)
{
  Book *book = data;
  guint64 count;

  g_assert_true (jn_entry_count_now (&book->source, &count, NULL));
  book->source.n_booked = count;
  g_clear_pointer (&book->rows, g_ptr_array_unref);
  book->rows = jn_entry_block_read (&book->source, 0, count, NULL);
  g_assert_nonnull (book->rows);
  g_assert_cmpuint (book->rows->len, ==, count);
  return NULL;
}

static void
book_run (Book *book, JnWorkerFunc func)
{
  jn_worker_run (jn_storage_get_worker (book->storage), func, book, NULL);
}

static void
book_init (Book *book)
{
  g_autoptr (GError) error = NULL;

  *book = (Book){ .clock = jn_system_clock_new (), .entropy = jn_seeded_entropy_new (7) };
  book->storage = jn_storage_open (
      &(JnStorageOptions){ .folder = NULL, .clock = book->clock, .entropy = book->entropy },
      &error);
  g_assert_no_error (error);
  book->source = (JnEntrySource){ .storage = book->storage, .currency = JN_CURRENCY_CNY };
  book_run (book, open_book);
  book->add = ROWS;
  book_run (book, add_rows);
}

static void
book_clear (Book *book)
{
  g_clear_pointer (&book->rows, g_ptr_array_unref);
  jn_storage_close (book->storage);
  g_object_unref (book->storage);
  g_object_unref (book->clock);
  g_object_unref (book->entropy);
}

/* Every item of the list, in random order, says what a direct reading says. */
static void
assert_same (Book *book, JnEntryList *list, guint n_top)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (list));

  g_assert_cmpuint (n, ==, n_top + book->rows->len);
  for (guint i = 0; i < 200; i++)
    {
      guint at = (guint) g_test_rand_int_range (0, (gint32) book->rows->len);
      const JnEntryFacts *facts = book->rows->pdata[at];
      g_autoptr (JnEntryItem) item = g_list_model_get_item (G_LIST_MODEL (list), n_top + at);
      rig_until (jn_entry_item_get_state (item) != JN_ENTRY_LOADING);
      g_assert_true (jn_id_equal (jn_entry_item_get_id (item), &facts->id));
      g_assert_true (jn_money_equal (jn_entry_item_get_amount (item), facts->amount));
      g_assert_cmpint (jn_entry_item_starts_day (item), ==, facts->starts_day);
      g_assert_true (jn_money_equal (jn_entry_item_get_day_sum (item), facts->day_sum));
    }
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (list), n));
}

static void
on_items_changed (GListModel *list, guint position, guint removed, guint added, gint *n)
{
  *n += (gint) added - (gint) removed;
}

static void
test_list (void)
{
  Book book;
  gint counted = 0;
  g_autoptr (JnEntryList) list = jn_entry_list_new ();
  g_autoptr (GPtrArray) top = g_ptr_array_new_with_free_func (g_object_unref);

  book_init (&book);
  g_signal_connect (list, "items-changed", G_CALLBACK (on_items_changed), &counted);
  book_run (&book, read_all);
  g_assert_cmpuint (book.rows->len, ==, ROWS);
  jn_entry_list_show (list, &book.source, top);
  assert_same (&book, list, 0);

  /* Rows are added while some are being looked at: what was loaded and is not among the newest stays the same object. */
  g_autoptr (JnEntryItem) old = g_list_model_get_item (G_LIST_MODEL (list), 500);
  book.add = 5;
  book_run (&book, add_rows);
  book_run (&book, read_all);
  JnEntryFacts unknown = { .state = JN_ENTRY_UNKNOWN, .payee = g_strdup ("?") };
  g_ptr_array_add (top, jn_entry_item_new (&unknown));
  jn_entry_list_show (list, &book.source, top);
  g_autoptr (JnEntryItem) moved = g_list_model_get_item (G_LIST_MODEL (list), 500 + 5 + 1);
  g_assert_true (moved == old);
  assert_same (&book, list, 1);
  g_assert_cmpint (counted, ==, (gint) g_list_model_get_n_items (G_LIST_MODEL (list)));

  /* Filters: a month, a category, both. */
  const JnEntrySource filters[] = {
    { .month = 202603 },
    { .category = JN_CATEGORY_TRANSPORT },
    { .month = 202602, .category = JN_CATEGORY_DINING },
    { .month = 209901 },
  };
  g_ptr_array_set_size (top, 0);
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      book.source.month = filters[i].month;
      book.source.category = filters[i].category;
      book_run (&book, read_all);
      jn_entry_list_show (list, &book.source, top);
      g_assert_cmpint (counted, ==, (gint) g_list_model_get_n_items (G_LIST_MODEL (list)));
      if (book.rows->len > 0)
        assert_same (&book, list, 0);
    }
  jn_entry_list_clear (list);
  g_assert_cmpint (counted, ==, 0);
  book_clear (&book);
}

/* Headings stand where the date changes, and their sums are those of the rows under them. */
static void
test_day_sums (gconstpointer data)
{
  Book book;

  book_init (&book);
  book.source.category = (JnCategory) GPOINTER_TO_INT (data);
  book_run (&book, read_all);
  for (guint i = 0; i < book.rows->len; i++)
    {
      const JnEntryFacts *facts = book.rows->pdata[i];
      const JnEntryFacts *newer = i > 0 ? book.rows->pdata[i - 1] : NULL;
      g_assert_cmpint (facts->starts_day, ==, newer == NULL || newer->date != facts->date);
      if (!facts->starts_day)
        continue;
      gint64 sum = 0;
      for (guint k = i; k < book.rows->len; k++)
        if (((JnEntryFacts *) book.rows->pdata[k])->date == facts->date)
          sum += ((JnEntryFacts *) book.rows->pdata[k])->amount.minor;
      g_assert_cmpint (facts->day_sum.minor, ==, sum);
    }
  /* A block that begins in the middle of a day knows it. */
  g_autoptr (GPtrArray) whole = g_ptr_array_ref (book.rows);
  for (guint from = 1; from + 40 < whole->len; from += 37)
    {
      g_autoptr (GPtrArray) block = jn_entry_block_read (&book.source, from, from + 40, NULL);
      g_assert_cmpuint (block->len, ==, 40);
      for (guint i = 0; i < block->len; i++)
        {
          const JnEntryFacts *part = block->pdata[i];
          const JnEntryFacts *facts = whole->pdata[whole->len - (from + 40) + i];
          g_assert_true (jn_id_equal (&part->id, &facts->id));
          g_assert_cmpint (part->starts_day, ==, facts->starts_day);
          g_assert_true (jn_money_equal (part->day_sum, facts->day_sum));
        }
    }
  book_clear (&book);
}

/* ---- the view-model over the sample history ---- */

static gint64
sum_slices (JnBills *bills)
{
  GListModel *slices = jn_bills_get_slices (bills);
  gint64 sum = 0;
  for (guint i = 0; i < g_list_model_get_n_items (slices); i++)
    {
      g_autoptr (JnSliceItem) slice = g_list_model_get_item (slices, i);
      sum += jn_slice_item_get_spent (slice).minor;
    }
  return sum;
}

static void
test_months (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  JnBills *bills = jn_context_get_bills (rig.context);
  GListModel *entries = jn_bills_get_entries (bills);
  JnMonth last = jn_bills_get_last_month (bills);
  JnMonth before = jn_month_add (last, -1);
  rig_until (jn_bills_get_state (bills) == JN_VIEW_CONTENT);
  g_assert_cmpint (jn_bills_get_month (bills), ==, last);
  g_assert_cmpint (jn_bills_get_first_month (bills), <, before);
  /* The hold stands first in the current month. */
  g_autoptr (JnEntryItem) held = g_list_model_get_item (entries, 0);
  g_assert_cmpint (jn_entry_item_get_state (held), ==, JN_ENTRY_HELD);

  jn_bills_set_month (bills, before);
  guint n;
  rig_until (jn_bills_get_spent (bills).minor > 0 && sum_slices (bills) > 0
             && (jn_bills_get_day_spending (bills, &n), n == (guint) jn_month_length (before)));
  g_assert_cmpint (jn_bills_get_income (bills).minor, >, 0);
  g_assert_cmpint (sum_slices (bills), >=, jn_bills_get_spent (bills).minor);
  g_autoptr (JnEntryItem) first = g_list_model_get_item (entries, 0);
  rig_until (jn_entry_item_get_state (first) != JN_ENTRY_LOADING);
  g_assert_cmpint (jn_entry_item_get_state (first), ==, JN_ENTRY_BOOKED);
  g_assert_cmpint (jn_date_month (jn_entry_item_get_date (first)), ==, before);
  g_assert_true (jn_entry_item_starts_day (first));

  /* Out of the history is the nearest month inside. */
  jn_bills_set_month (bills, 190001);
  g_assert_cmpint (jn_bills_get_month (bills), ==, jn_bills_get_first_month (bills));
  jn_bills_set_month (bills, 0);
  guint all = (guint) jn_context_get_facts (rig.context)->n_booked;
  rig_until (g_list_model_get_n_items (entries) == all + 1);
  rig_clear (&rig);
}

static JnCategory
first_category (GListModel *entries)
{
  g_autoptr (JnEntryItem) item = g_list_model_get_item (entries, 0);
  return item != NULL ? jn_entry_item_get_category (item) : JN_CATEGORY_NONE;
}

static void
test_search_and_filter (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  JnBills *bills = jn_context_get_bills (rig.context);
  GListModel *entries = jn_bills_get_entries (bills);
  rig_until (jn_bills_get_state (bills) == JN_VIEW_CONTENT);
  jn_bills_set_month (bills, 0);
  jn_bills_set_category (bills, JN_CATEGORY_TRANSPORT);
  rig_until (first_category (entries) == JN_CATEGORY_TRANSPORT);
  g_autoptr (JnEntryItem) bus = g_list_model_get_item (entries, 0);
  guint n_buses = g_list_model_get_n_items (entries);
  for (guint i = 0; i < n_buses; i += 20)
    {
      g_autoptr (JnEntryItem) item = g_list_model_get_item (entries, i);
      rig_until (jn_entry_item_get_state (item) != JN_ENTRY_LOADING);
      g_assert_cmpint (jn_entry_item_get_category (item), ==, JN_CATEGORY_TRANSPORT);
    }
  jn_bills_set_category (bills, JN_CATEGORY_NONE);
  guint all = (guint) jn_context_get_facts (rig.context)->n_booked;
  rig_until (g_list_model_get_n_items (entries) == all + 1);

  g_autofree char *payee = g_strdup (jn_entry_item_get_payee (bus));
  jn_bills_set_search (bills, payee);
  rig_until (g_list_model_get_n_items (entries) <= n_buses);
  g_assert_cmpuint (g_list_model_get_n_items (entries), >, 0);
  for (guint i = 0; i < g_list_model_get_n_items (entries); i++)
    {
      g_autoptr (JnEntryItem) item = g_list_model_get_item (entries, i);
      g_assert_nonnull (strstr (jn_entry_item_get_payee (item), payee));
      g_assert_cmpint (jn_entry_item_get_state (item), ==, JN_ENTRY_BOOKED);
    }
  jn_bills_set_search (bills, "there is no such payee");
  rig_until (jn_bills_get_state (bills) == JN_VIEW_EMPTY);
  g_assert_cmpuint (g_list_model_get_n_items (entries), ==, 0);
  jn_bills_set_search (bills, "");
  rig_until (jn_bills_get_state (bills) == JN_VIEW_CONTENT);
  rig_clear (&rig);
}

static void
on_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **out = user_data;
  *out = g_object_ref (result);
}

static JnEntryItem *
find (Rig *rig, const JnId *id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  jn_context_find_entry_async (rig->context, id, NULL, on_result, &result);
  rig_until (result != NULL);
  JnEntryItem *item = jn_context_find_entry_finish (rig->context, result, &error);
  g_assert_no_error (error);
  return item;
}

static void
test_find (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  GListModel *recent = jn_home_get_recent (jn_context_get_home (rig.context));
  for (guint i = 0; i < g_list_model_get_n_items (recent); i++)
    {
      g_autoptr (JnEntryItem) row = g_list_model_get_item (recent, i);
      g_autoptr (JnEntryItem) found = find (&rig, jn_entry_item_get_id (row));
      g_assert_nonnull (found);
      g_assert_cmpstr (jn_entry_item_get_payee (found), ==, jn_entry_item_get_payee (row));
      g_assert_cmpint (jn_entry_item_get_state (found), ==, jn_entry_item_get_state (row));
    }
  JnId stranger = jn_context_make_id (rig.context);
  g_assert_null (find (&rig, &stranger));
  rig_clear (&rig);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/bills/list", test_list);
  g_test_add_data_func ("/session/bills/day-sums/all", GINT_TO_POINTER (JN_CATEGORY_NONE),
                        test_day_sums);
  g_test_add_data_func ("/session/bills/day-sums/category", GINT_TO_POINTER (JN_CATEGORY_TRANSPORT),
                        test_day_sums);
  g_test_add_func ("/session/bills/months", test_months);
  g_test_add_func ("/session/bills/search-and-filter", test_search_and_filter);
  g_test_add_func ("/session/bills/find", test_find);
  return g_test_run ();
}
