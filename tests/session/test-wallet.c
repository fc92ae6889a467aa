/* The way of a newcomer: enrolment, first picture of home, bills and offers, coffee, restart. */
#include "rig.h"

static void
test_enrol_and_see (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  JnHome *home = jn_context_get_home (rig.context);
  g_assert_cmpint (jn_context_get_keeping (rig.context), ==, JN_KEEPING_KEPT);
  g_assert_cmpint (jn_home_get_available (home).minor, ==, 100000);
  g_assert_cmpint (jn_home_get_held (home).minor, ==, 20000);
  g_assert_cmpint (jn_home_get_pending (home).minor, ==, 0);
  g_assert_cmpint (jn_home_get_as_of (home), >, 0);
  g_assert_cmpuint (g_list_model_get_n_items (jn_home_get_recent (home)), ==, 8);
  g_assert_cmpuint (g_list_model_get_n_items (jn_home_get_budgets (home)), ==, 2);
  g_assert_cmpuint (g_list_model_get_n_items (jn_home_get_goals (home)), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (jn_home_get_upcoming (home)), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (jn_context_get_payees (rig.context)), ==, 10);
  g_assert_nonnull (jn_context_get_customer_name (rig.context));

  JnOffers *offers = jn_context_get_offers (rig.context);
  g_assert_cmpint (jn_offers_get_state (offers), ==, JN_VIEW_CONTENT);
  g_assert_cmpuint (g_list_model_get_n_items (jn_offers_get_offers (offers)), ==, 4);
  g_assert_cmpint (jn_offers_get_points (offers), ==, 1280);
  g_assert_cmpuint (g_list_model_get_n_items (jn_offers_get_history (offers)), >, 3);

  JnBills *bills = jn_context_get_bills (rig.context);
  rig_until (jn_bills_get_state (bills) == JN_VIEW_CONTENT);
  rig_until (g_list_model_get_n_items (jn_bills_get_slices (bills)) > 0);
  g_assert_cmpint (jn_bills_get_spent (bills).minor, ==, jn_home_get_spent (home).minor);
  rig_clear (&rig);
}

static JnBudgetItem *
find_budget (JnHome *home, JnCategory category)
{
  GListModel *budgets = jn_home_get_budgets (home);
  for (guint i = 0; i < g_list_model_get_n_items (budgets); i++)
    {
      g_autoptr (JnBudgetItem) item = g_list_model_get_item (budgets, i);
      if (jn_budget_item_get_category (item) == category)
        return g_steal_pointer (&item);
    }
  g_assert_not_reached ();
}

typedef struct
{
  guint n;
  gboolean made;
  JnEntryItem *row;
} Settled;

static void
on_settled (JnContext *context, JnEntryItem *row, gboolean made, Settled *settled)
{
  settled->n++;
  settled->made = made;
  g_set_object (&settled->row, row);
}

static void
test_coffee (void)
{
  Rig rig;
  Settled settled = { 0 };

  rig_init_enrolled (&rig);
  g_signal_connect (rig.context, "payment-settled", G_CALLBACK (on_settled), &settled);
  JnHome *home = jn_context_get_home (rig.context);
  g_autoptr (JnPayment) payment = rig_quote_coffee (&rig);
  g_assert_cmpstr (jn_payment_get_payee (payment), ==, "晨光咖啡");
  g_assert_true (jn_payment_get_verified (payment));
  g_assert_cmpint (jn_payment_get_original (payment).minor, ==, 2200);
  g_assert_cmpint (jn_payment_get_discount (payment).minor, ==, 300);
  g_assert_cmpint (jn_payment_get_total (payment).minor, ==, 1900);
  g_assert_cmpint (jn_payment_get_points (payment), ==, 19);
  g_assert_cmpint (jn_payment_get_available (payment).minor, ==, 100000);
  g_assert_nonnull (jn_payment_get_coupon (payment));
  g_assert_cmpint (jn_budget_item_get_percent (jn_payment_get_budget_after (payment)), ==, 62);
  JnId intent = rig_intent_of (payment);
  g_assert_cmpint (rig_intent_state (&rig, &intent), ==, JN_INTENT_OPEN);

  jn_payment_approve (payment, "258036");
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_APPROVING);
  jn_payment_approve (payment, "258036");
  rig_until_state (payment, JN_PAYMENT_MADE);
  g_assert_false (jn_id_is_zero (jn_payment_get_transaction (payment)));
  g_assert_cmpint (jn_payment_get_elapsed_us (payment), >, 0);
  g_assert_cmpint (jn_payment_get_bank_commit_us (payment), >, 0);
  rig_until (settled.n > 0);
  g_assert_true (settled.made);
  g_assert_cmpint (jn_entry_item_get_state (settled.row), ==, JN_ENTRY_BOOKED);
  g_assert_cmpint (jn_entry_item_get_amount (settled.row).minor, ==, -1900);
  g_assert_cmpint (jn_entry_item_get_points (settled.row), ==, 19);
  g_assert_cmpint (jn_entry_item_get_original (settled.row).minor, ==, 2200);

  rig_until (rig_available (&rig) == 98100);
  g_autoptr (JnEntryItem) top = g_list_model_get_item (jn_home_get_recent (home), 0);
  g_assert_cmpstr (jn_entry_item_get_payee (top), ==, "晨光咖啡");
  g_assert_true (jn_id_equal (jn_entry_item_get_id (top), jn_payment_get_transaction (payment)));
  g_autoptr (JnBudgetItem) dining = find_budget (home, JN_CATEGORY_DINING);
  g_assert_cmpint (jn_budget_item_get_percent (dining), ==, 62);
  rig_until (jn_offers_get_points (jn_context_get_offers (rig.context)) == 1299);

  guint all;
  g_assert_cmpuint (rig_count_at_bank (&rig, &intent, &all), ==, 1);
  g_assert_cmpint (rig_intent_state (&rig, &intent), ==, JN_INTENT_MADE);
  g_assert_cmpuint (settled.n, ==, 1);
  g_clear_object (&settled.row);
  rig_clear (&rig);
}

static void
test_restart_offline (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  rig_stop (&rig);
  /* The bank is there but answers nothing: local data is on the screen all the same. */
  rig_set_faults (&rig, "drop-before=1");
  rig_start (&rig);
  g_assert_cmpint (jn_context_get_stage (rig.context), ==, JN_STAGE_READY);
  g_assert_cmpint (rig_available (&rig), ==, 100000);
  rig_until (jn_context_get_connection (rig.context) == JN_CONNECTION_OFFLINE);
  g_assert_cmpint (jn_context_get_as_of (rig.context), >, 0);
  rig_set_faults (&rig, NULL);
  rig_until (jn_context_get_connection (rig.context) == JN_CONNECTION_CURRENT);
  rig_clear (&rig);
}

static void
test_start_over (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  g_autoptr (JnPayment) payment = rig_quote_coffee (&rig);
  jn_payment_approve (payment, "258036");
  rig_until (rig_available (&rig) == 98100);
  jn_context_start_over (rig.context);
  rig_until (jn_context_get_stage (rig.context) == JN_STAGE_WELCOME);
  g_assert_cmpint (jn_home_get_state (jn_context_get_home (rig.context)), ==, JN_VIEW_LOADING);
  rig_enrol (&rig);
  g_assert_cmpint (rig_available (&rig), ==, 100000);

  jn_context_erase (rig.context);
  rig_until (jn_context_get_stage (rig.context) == JN_STAGE_WELCOME);
  rig_stop (&rig);
  rig_start (&rig);
  g_assert_cmpint (jn_context_get_stage (rig.context), ==, JN_STAGE_WELCOME);
  rig_clear (&rig);
}

static void
test_enrolment_errors (void)
{
  Rig rig;

  rig_init (&rig);
  rig_start_bank (&rig);
  rig_start (&rig);
  jn_context_begin_enrolment (rig.context);
  JnEnrolment *enrolment = jn_context_get_enrolment (rig.context);
  jn_enrolment_submit_phone (enrolment, "1380013");
  rig_assert_code (jn_enrolment_get_error (enrolment), JN_ERROR_INVALID);
  jn_enrolment_submit_phone (enrolment, "１３８００１３８０００");
  rig_until (jn_enrolment_get_state (enrolment) == JN_ENROLMENT_CODE);
  g_autofree char *code = rig_wait_sms (&rig, 0);
  jn_enrolment_submit_code (enrolment, g_str_equal (code, "000000") ? "000001" : "000000");
  rig_until (jn_enrolment_get_error (enrolment) != NULL);
  rig_assert_code (jn_enrolment_get_error (enrolment), JN_ERROR_SMS_WRONG);
  g_assert_cmpint (jn_enrolment_get_attempts_left (enrolment), ==, 4);
  jn_enrolment_submit_code (enrolment, code);
  rig_until (jn_enrolment_get_state (enrolment) == JN_ENROLMENT_PIN);

  jn_enrolment_submit_pin (enrolment, "258036", "258037");
  rig_assert_code (jn_enrolment_get_error (enrolment), JN_ERROR_INVALID);
  const char *weak[] = { "111111", "123456", "654321", "121212", "123123" };
  for (guint i = 0; i < G_N_ELEMENTS (weak); i++)
    {
      jn_enrolment_submit_pin (enrolment, weak[i], weak[i]);
      rig_assert_code (jn_enrolment_get_error (enrolment), JN_ERROR_PIN_WEAK);
    }
  jn_enrolment_submit_pin (enrolment, "258036", "258036");
  rig_until (jn_enrolment_get_state (enrolment) == JN_ENROLMENT_IDENTITY);
  jn_enrolment_submit_identity (enrolment, "王小明", "11010519491231002Y");
  rig_assert_code (jn_enrolment_get_error (enrolment), JN_ERROR_INVALID);
  jn_enrolment_submit_identity (enrolment, "王小明", "11010519491231002x");
  rig_until (jn_enrolment_get_state (enrolment) == JN_ENROLMENT_CARD);
  JnMoney payment, day, year;
  jn_enrolment_get_limits (enrolment, &payment, &day, &year);
  g_assert_cmpint (payment.minor, >, 0);
  g_assert_cmpint (day.minor, >=, payment.minor);
  g_assert_nonnull (jn_enrolment_get_tier (enrolment));
  jn_enrolment_submit_card (enrolment, "6222 0212 3456 7890");
  rig_assert_code (jn_enrolment_get_error (enrolment), JN_ERROR_INVALID);
  g_assert_cmpint (jn_enrolment_get_state (enrolment), ==, JN_ENROLMENT_CARD);
  jn_enrolment_cancel (enrolment);
  g_assert_cmpint (jn_context_get_stage (rig.context), ==, JN_STAGE_WELCOME);
  rig_enrol (&rig);
  rig_clear (&rig);
}

static void
test_this_run_only (void)
{
  Rig rig;
  g_autoptr (GError) error = NULL;

  rig_init (&rig);
  rig_start_bank (&rig);
  JnContextOptions options = { .profile_path = rig.profile };
  g_autoptr (JnContext) context = jn_context_new (&options, &error);
  g_assert_no_error (error);
  jn_context_start (context);
  rig_until (jn_context_get_stage (context) == JN_STAGE_WELCOME);
  g_assert_cmpint (jn_context_get_keeping (context), ==, JN_KEEPING_THIS_RUN_ONLY);
  /* No bank to talk to: the first step says so and stays. */
  jn_context_begin_enrolment (context);
  JnEnrolment *enrolment = jn_context_get_enrolment (context);
  jn_enrolment_submit_phone (enrolment, "13800138000");
  rig_until (jn_enrolment_get_error (enrolment) != NULL);
  rig_assert_code (jn_enrolment_get_error (enrolment), JN_ERROR_OFFLINE);
  g_assert_cmpint (jn_enrolment_get_state (enrolment), ==, JN_ENROLMENT_PHONE);
  jn_context_shutdown (context);
  rig_clear (&rig);
}

static void
count_settled (JnContext *context, JnEntryItem *row, gboolean made, guint *n)
{
  g_assert_false (made);
  g_assert_cmpint (jn_entry_item_get_state (row), ==, JN_ENTRY_NOT_MADE);
  n[0]++;
}

static guint
count_not_made (GListModel *rows, const JnId *intent)
{
  guint found = 0;
  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (JnEntryItem) row = g_list_model_get_item (rows, i);
      if (jn_entry_item_get_state (row) == JN_ENTRY_NOT_MADE
          && jn_id_equal (jn_entry_item_get_id (row), intent))
        found++;
    }
  return found;
}

/* Approved, lost before it reached the bank, and closed there later: it is told once and stays to be seen, in no sum. */
static void
test_not_made_later (void)
{
  Rig rig;
  guint settled = 0;

  rig_init_enrolled (&rig);
  JnHome *home = jn_context_get_home (rig.context);
  JnBills *bills = jn_context_get_bills (rig.context);
  JnPayment *payment = rig_quote_coffee (&rig);
  JnId intent = rig_intent_of (payment);
  gint64 spent = jn_home_get_spent (home).minor;
  gint64 held = jn_home_get_held (home).minor;
  g_signal_connect (rig.context, "payment-settled", G_CALLBACK (count_settled), &settled);
  rig_set_faults (&rig, "drop-before=1,match=P");
  jn_payment_approve (payment, "258036");
  rig_until (rig_intent_state (&rig, &intent) == JN_INTENT_UNKNOWN);
  g_object_unref (payment);
  rig_until (jn_home_get_pending (home).minor == 1900);
  g_assert_cmpuint (settled, ==, 0);

  rig_set_faults (&rig, NULL);
  rig_until (settled == 1);
  rig_until (count_not_made (jn_home_get_recent (home), &intent) == 1);
  rig_until (count_not_made (jn_bills_get_entries (bills), &intent) == 1);
  g_assert_cmpint (rig_available (&rig), ==, 100000);
  g_assert_cmpint (jn_home_get_pending (home).minor, ==, 0);
  g_assert_cmpint (jn_home_get_held (home).minor, ==, held);
  g_assert_cmpint (jn_home_get_spent (home).minor, ==, spent);
  g_assert_cmpint (jn_bills_get_spent (bills).minor, ==, spent);

  /* A sheet that was only closed leaves no row, and nothing is told. */
  g_autoptr (JnPayment) closed = rig_quote_coffee (&rig);
  JnId never = rig_intent_of (closed);
  jn_payment_cancel (closed);
  rig_until (rig_intent_state (&rig, &never) == JN_INTENT_NOT_MADE);
  jn_context_refresh (rig.context);
  rig_run_for (300);
  g_assert_cmpuint (settled, ==, 1);
  g_assert_cmpuint (count_not_made (jn_home_get_recent (home), &never), ==, 0);
  g_assert_cmpuint (count_not_made (jn_home_get_recent (home), &intent), ==, 1);
  rig_clear (&rig);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/wallet/enrol-and-see", test_enrol_and_see);
  g_test_add_func ("/session/wallet/coffee", test_coffee);
  g_test_add_func ("/session/wallet/restart-offline", test_restart_offline);
  g_test_add_func ("/session/wallet/start-over", test_start_over);
  g_test_add_func ("/session/wallet/enrolment-errors", test_enrolment_errors);
  g_test_add_func ("/session/wallet/this-run-only", test_this_run_only);
  g_test_add_func ("/session/wallet/not-made-later", test_not_made_later);
  return g_test_run ();
}
