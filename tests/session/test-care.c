/* What the customer sees while a payment is open and after it: questions before the PIN, waiting, inbox, journal, notes, and the doctor. */
#include "rig.h"

#include "step-clock.h"

#include "jn-bank-call.h"

#include <string.h>

#define PIN "258036"
#define APPROVAL "match=PUT /psd2/v1/payments"

/* Steps stay under the transport's own deadline, which is of the real clock. */
static void
test_waiting (void)
{
  Rig rig;

  rig_init (&rig);
  rig.clock = step_clock_new ();
  rig_start_bank (&rig);
  rig_start (&rig);
  rig_enrol (&rig);
  g_autoptr (JnPayment) payment = rig_quote_coffee (&rig);
  JnId intent = rig_intent_of (payment);
  rig_set_faults (&rig, "delay=8000,count=1," APPROVAL);
  jn_payment_approve (payment, PIN);
  rig_until (jn_payment_get_step (payment) == JN_PAYMENT_STEP_WAITING);
  g_assert_cmpint (jn_payment_get_status (payment), ==, JN_STATUS_SENDING);
  step_clock_ahead (rig.clock, 3100);
  rig_until (jn_payment_get_wait (payment) == JN_WAIT_STEPS);
  /* From now on it is a row: being sent, and not to be paid again. */
  GListModel *recent = jn_home_get_recent (jn_context_get_home (rig.context));
  rig_until (jn_home_get_pending (jn_context_get_home (rig.context)).minor == 1900);
  g_autoptr (JnEntryItem) row = g_list_model_get_item (recent, 0);
  g_assert_cmpint (jn_entry_item_get_status (row), ==, JN_STATUS_SENDING);
  g_assert_false (jn_entry_item_is_settled (row));
  g_assert_false (jn_context_is_checking (rig.context));
  step_clock_ahead (rig.clock, 7000);
  rig_until (jn_payment_get_wait (payment) == JN_WAIT_MAY_LEAVE);
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_APPROVING);
  step_clock_ahead (rig.clock, 34000);
  rig_run_for (50);
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_APPROVING);
  step_clock_ahead (rig.clock, 1500);
  rig_until_state (payment, JN_PAYMENT_CHECKING);
  g_assert_cmpint (jn_payment_get_status (payment), ==, JN_STATUS_CHECKING);
  rig_set_faults (&rig, NULL);
  rig_until (jn_payment_get_state (payment) == JN_PAYMENT_MADE
             || jn_payment_get_state (payment) == JN_PAYMENT_NOT_MADE);
  rig_until (rig_intent_state (&rig, &intent) >= JN_INTENT_MADE);
  rig_clear (&rig);
}

/* ---- the question ---- */

static void
pay (JnPayment *payment)
{
  jn_payment_approve (payment, PIN);
  rig_until_state (payment, JN_PAYMENT_MADE);
}

static void
test_again (void)
{
  Rig rig;

  rig_init (&rig);
  rig.clock = step_clock_new ();
  rig_start_bank (&rig);
  rig_start (&rig);
  rig_enrol (&rig);
  g_autofree char *code = rig_dup_static_code (&rig);
  g_autoptr (JnPayment) first = rig_ask (&rig, code, "50");
  g_assert_cmpint (jn_payment_get_state (first), ==, JN_PAYMENT_CONFIRM);
  pay (first);

  /* Another amount is another payment. */
  g_autoptr (JnPayment) other = rig_ask (&rig, code, "51");
  g_assert_cmpint (jn_payment_get_state (other), ==, JN_PAYMENT_CONFIRM);
  jn_payment_cancel (other);

  g_autoptr (JnPayment) second = rig_ask (&rig, code, "50");
  g_assert_cmpint (jn_payment_get_state (second), ==, JN_PAYMENT_AGAIN);
  g_assert_true (jn_payment_is_earlier_made (second));
  g_assert_cmpint (jn_payment_get_earlier_amount (second).minor, ==, 5000);
  jn_payment_approve (second, PIN);
  g_assert_cmpint (jn_payment_get_state (second), ==, JN_PAYMENT_AGAIN);
  JnId refused = rig_intent_of (second);
  jn_payment_cancel (second);
  rig_until (rig_intent_state (&rig, &refused) == JN_INTENT_NOT_MADE);

  g_autoptr (JnPayment) third = rig_ask (&rig, code, "50");
  jn_payment_pay_again (third);
  pay (third);

  step_clock_ahead (rig.clock, 6 * 60 * 1000);
  g_autoptr (JnPayment) later = rig_ask (&rig, code, "50");
  g_assert_cmpint (jn_payment_get_state (later), ==, JN_PAYMENT_CONFIRM);
  rig_clear (&rig);
}

/* Asked once of a payee and an amount: what the customer types instead is asked about too. */
static void
test_asked_of_each_amount (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  g_autofree char *code = rig_dup_static_code (&rig);
  g_autoptr (JnPayment) four = rig_ask (&rig, code, "4");
  pay (four);
  g_autoptr (JnPayment) five = rig_ask (&rig, code, "5");
  pay (five);
  g_autoptr (JnPayment) payment = rig_ask (&rig, code, "5");
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_AGAIN);
  jn_payment_pay_again (payment);
  /* Meanwhile nearly everything is spent: another quote of the same falls short. */
  g_autoptr (JnPayment) much = rig_ask (&rig, code, "490");
  pay (much);
  g_autoptr (JnPayment) more = rig_ask (&rig, code, "497");
  pay (more);
  jn_payment_choose_coupon (payment, "best");
  rig_until_state (payment, JN_PAYMENT_SHORT);
  g_assert_cmpint (jn_payment_get_shortfall (payment).minor, ==, 100);
  jn_payment_choose_other (payment);
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_AMOUNT);
  jn_payment_set_amount (payment, "4");
  rig_until_state (payment, JN_PAYMENT_AGAIN);
  g_assert_cmpint (jn_payment_get_earlier_amount (payment).minor, ==, 400);
  jn_payment_cancel (payment);
  rig_until (rig_count_unsettled (&rig) == 0);
  rig_clear (&rig);
}

/* ---- inbox and journal ---- */

static gboolean
has_step (JnJournalItem *item, const char *name)
{
  for (guint i = 0; i < jn_journal_item_get_n_steps (item); i++)
    if (g_str_equal (jn_journal_item_get_step (item, i).name, name))
      return TRUE;
  return FALSE;
}

static void
test_inbox_and_journal (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  JnInbox *inbox = jn_context_get_inbox (rig.context);
  g_assert_cmpuint (jn_inbox_get_n_unseen (inbox), ==, 0);
  g_autoptr (JnPayment) payment = rig_quote_coffee (&rig);
  JnId intent = rig_intent_of (payment);
  jn_context_set_cut (rig.context, TRUE);
  jn_payment_approve (payment, PIN);
  rig_until_state (payment, JN_PAYMENT_CHECKING);
  rig_until (rig_intent_state (&rig, &intent) == JN_INTENT_UNKNOWN);
  jn_context_set_cut (rig.context, FALSE);
  rig_until_state (payment, JN_PAYMENT_MADE);
  rig_until (jn_inbox_get_n_unseen (inbox) == 1);
  g_autoptr (JnNoticeItem) notice = g_list_model_get_item (jn_inbox_get_notices (inbox), 0);
  g_assert_cmpint (jn_notice_item_get_status (notice), ==, JN_STATUS_MADE);
  g_assert_true (jn_id_equal (jn_notice_item_get_about (notice), &intent));
  g_assert_cmpint (jn_notice_item_get_amount (notice).minor, ==, 1900);
  jn_inbox_see (inbox, &intent);
  rig_until (jn_inbox_get_n_unseen (inbox) == 0);
  g_assert_cmpuint (g_list_model_get_n_items (jn_inbox_get_notices (inbox)), ==, 1);

  g_autoptr (JnPayment) closed = rig_quote_coffee (&rig);
  JnId walked_away = rig_intent_of (closed);
  jn_payment_cancel (closed);
  rig_until (rig_intent_state (&rig, &walked_away) == JN_INTENT_NOT_MADE);

  g_autoptr (JnJournal) journal = jn_context_create_journal (rig.context, NULL);
  rig_until (jn_journal_get_state (journal) == JN_VIEW_CONTENT);
  g_assert_cmpuint (g_list_model_get_n_items (jn_journal_get_items (journal)), ==, 2);
  g_autoptr (JnJournalItem) newest = g_list_model_get_item (jn_journal_get_items (journal), 0);
  g_autoptr (JnJournalItem) made = g_list_model_get_item (jn_journal_get_items (journal), 1);
  g_assert_cmpint (jn_journal_item_get_status (newest), ==, JN_STATUS_CANCELLED);
  g_assert_false (jn_journal_item_was_approved (newest));
  g_assert_cmpint (jn_journal_item_get_status (made), ==, JN_STATUS_MADE);
  g_assert_cmpstr (jn_journal_item_get_key (made), ==, jn_payment_get_reference (payment));
  g_assert_true (
      jn_id_equal (jn_journal_item_get_transaction (made), jn_payment_get_transaction (payment)));
  const char *const steps[] = {
    "created", "quoted", "approved", "sent", "not known yet", "settled"
  };
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    g_assert_true (has_step (made, steps[i]));

  /* For service: no PIN, no account as a whole, nothing of what was signed. */
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  g_ptr_array_add (items, made);
  g_autoptr (GBytes) json = jn_journal_to_json (items, "Rig", "1", jn_context_now (rig.context));
  gsize length;
  const char *data = g_bytes_get_data (json, &length);
  g_autofree char *text = g_strndup (data, length);
  g_assert_nonnull (strstr (text, jn_journal_item_get_key (made)));
  g_assert_nonnull (strstr (text, "\"made\""));
  g_assert_null (strstr (text, PIN));
  g_assert_null (strstr (text, jn_journal_item_get_account (made)));
  rig_clear (&rig);
}

/* ---- notes ---- */

static void
on_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static JnEntryItem *
find (Rig *rig, const JnId *id)
{
  g_autoptr (GAsyncResult) result = NULL;
  jn_context_find_entry_async (rig->context, id, NULL, on_result, &result);
  rig_until (result != NULL);
  return jn_context_find_entry_finish (rig->context, result, NULL);
}

static void
test_note (void)
{
  Rig rig;
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  rig_init_enrolled (&rig);
  g_autoptr (JnPayment) payment = rig_quote_coffee (&rig);
  pay (payment);
  rig_until (rig_available (&rig) == 98100);
  JnId id = *jn_payment_get_transaction (payment);
  jn_context_set_note_async (rig.context, &id, "  和小李的早餐 ", NULL, on_result, &result);
  rig_until (result != NULL);
  g_autofree char *kept = jn_context_set_note_finish (rig.context, result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kept, ==, "和小李的早餐");
  jn_context_sync (rig.context);
  rig_until (jn_context_get_connection (rig.context) == JN_CONNECTION_CURRENT);
  rig_stop (&rig);
  rig_start (&rig);
  rig_until (jn_context_get_stage (rig.context) == JN_STAGE_READY);
  g_autoptr (JnEntryItem) row = find (&rig, &id);
  g_assert_nonnull (row);
  g_assert_cmpstr (jn_entry_item_get_note (row), ==, "和小李的早餐");
  JnBills *bills = jn_context_get_bills (rig.context);
  jn_bills_set_search (bills, "小李");
  rig_until (g_list_model_get_n_items (jn_bills_get_entries (bills)) == 1);
  rig_clear (&rig);
}

/* ---- money that comes back ---- */

static gpointer
read_done (JnBankExchange *exchange, JnJsonDoc **doc, GError **error)
{
  return GINT_TO_POINTER (TRUE);
}

static void
send_back (Rig *rig, const JnId *transaction)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = jn_id_to_string (transaction);
  JnBank *bank = jn_context_get_uncut_bank (rig->context);

  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "transactionId", id);
  jn_json_writer_end_object (writer);
  jn_bank_call (bank, jn_bank_request ("POST", writer, 5000, "/wallet/v1/sandbox/returns"),
                JN_BANK_FRESH_KEY, read_done, NULL, NULL, NULL, send_back, NULL, on_result,
                &result);
  rig_until (result != NULL);
  jn_bank_call_finish (bank, result, send_back, &error);
  g_assert_no_error (error);
}

static void
test_returned (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  g_autoptr (JnPayment) payment = rig_quote_coffee (&rig);
  pay (payment);
  rig_until (rig_available (&rig) == 98100);
  JnId id = *jn_payment_get_transaction (payment);
  JnInbox *inbox = jn_context_get_inbox (rig.context);
  guint before = g_list_model_get_n_items (jn_inbox_get_notices (inbox));
  send_back (&rig, &id);
  jn_context_sync (rig.context);
  rig_until (rig_available (&rig) == 100000);
  g_autoptr (JnEntryItem) row = find (&rig, &id);
  g_assert_cmpint (jn_entry_item_get_status (row), ==, JN_STATUS_RETURNED);
  g_autoptr (JnEntryItem) refund = find (&rig, jn_entry_item_get_returned_by (row));
  g_assert_nonnull (refund);
  g_assert_cmpint (jn_entry_item_get_kind (refund), ==, JN_ENTRY_KIND_REFUND);
  g_assert_true (jn_id_equal (jn_entry_item_get_returns (refund), &id));
  rig_until (g_list_model_get_n_items (jn_inbox_get_notices (inbox)) == before + 1);
  g_autoptr (JnNoticeItem) notice = g_list_model_get_item (jn_inbox_get_notices (inbox), 0);
  g_assert_cmpint (jn_notice_item_get_status (notice), ==, JN_STATUS_RETURNED);
  rig_clear (&rig);
}

/* ---- the doctor ---- */

static void
expect (JnDoctor *doctor, JnCheck check, JnCheckMark mark, JnFix fix)
{
  rig_until (jn_doctor_is_done (doctor));
  g_assert_cmpint (jn_doctor_get_mark (doctor, check), ==, mark);
  g_assert_cmpint (jn_doctor_get_fix (doctor), ==, fix);
}

static void
test_doctor (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  g_autoptr (JnDoctor) well = jn_context_create_doctor (rig.context, NULL, 0);
  expect (well, JN_CHECK_BANK, JN_MARK_GOOD, JN_FIX_NONE);
  g_assert_cmpint (jn_doctor_get_mark (well, JN_CHECK_NETWORK), ==, JN_MARK_NOT_NEEDED);
  g_assert_cmpint (jn_doctor_get_mark (well, JN_CHECK_CLOCK), ==, JN_MARK_GOOD);
  g_assert_cmpint (jn_doctor_get_mark (well, JN_CHECK_FUNDS), ==, JN_MARK_NOT_NEEDED);
  g_assert_cmpint (jn_doctor_get_mark (well, JN_CHECK_LIMITS), ==, JN_MARK_GOOD);
  g_assert_cmpint (jn_doctor_get_mark (well, JN_CHECK_CODE), ==, JN_MARK_NOT_NEEDED);

  jn_context_set_cut (rig.context, TRUE);
  g_autoptr (JnDoctor) cut = jn_context_create_doctor (rig.context, NULL, 0);
  expect (cut, JN_CHECK_NETWORK, JN_MARK_BAD, JN_FIX_RECONNECT);
  g_assert_cmpint (jn_doctor_get_mark (cut, JN_CHECK_BANK), ==, JN_MARK_CANNOT);
  jn_context_set_cut (rig.context, FALSE);

  rig_set_faults (&rig, "error=1,match=GET /psd2/v1/accounts");
  g_autoptr (JnDoctor) silent = jn_context_create_doctor (rig.context, NULL, 0);
  expect (silent, JN_CHECK_BANK, JN_MARK_BAD, JN_FIX_TRY_AGAIN);
  rig_set_faults (&rig, NULL);

  g_autoptr (JnDoctor) blocked = jn_context_create_doctor (rig.context, NULL, JN_ERROR_PIN_BLOCKED);
  expect (blocked, JN_CHECK_LIMITS, JN_MARK_BAD, JN_FIX_CALL_BANK);

  g_autofree char *code = rig_dup_static_code (&rig);
  g_autoptr (JnPayment) poor = rig_ask (&rig, code, "1030");
  g_autoptr (JnDoctor) funds = jn_context_create_doctor (rig.context, poor, 0);
  expect (funds, JN_CHECK_FUNDS, JN_MARK_BAD, JN_FIX_MORE_MONEY);
  g_assert_cmpint (jn_doctor_get_short (funds).minor, ==, 3000);
  g_assert_cmpint (jn_doctor_get_mark (funds, JN_CHECK_CODE), ==, JN_MARK_GOOD);

  g_autoptr (JnPayment) coffee = rig_quote_coffee (&rig);
  pay (coffee);
  g_autoptr (JnDoctor) used = jn_context_create_doctor (rig.context, coffee, 0);
  expect (used, JN_CHECK_CODE, JN_MARK_BAD, JN_FIX_NEW_CODE);
  g_assert_cmpint (jn_doctor_get_code (used, JN_CHECK_CODE), ==, JN_ERROR_ORDER_PAID);
  rig_clear (&rig);
}

/* The bank has its own clock: ours is ten minutes ahead. */
static void
test_doctor_clock (void)
{
  Rig rig;

  rig_init (&rig);
  rig_start_bank (&rig);
  rig.clock = step_clock_new ();
  rig_start (&rig);
  rig_enrol (&rig);
  step_clock_ahead (rig.clock, 10 * 60 * 1000);
  g_autoptr (JnDoctor) doctor = jn_context_create_doctor (rig.context, NULL, 0);
  expect (doctor, JN_CHECK_CLOCK, JN_MARK_BAD, JN_FIX_CLOCK_SETTINGS);
  g_assert_cmpint (jn_doctor_get_clock_ahead (doctor), >=, 590);
  g_assert_cmpint (jn_doctor_get_clock_ahead (doctor), <=, 660);
  rig_clear (&rig);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/care/waiting", test_waiting);
  g_test_add_func ("/session/care/again", test_again);
  g_test_add_func ("/session/care/asked-of-each-amount", test_asked_of_each_amount);
  g_test_add_func ("/session/care/inbox-and-journal", test_inbox_and_journal);
  g_test_add_func ("/session/care/note", test_note);
  g_test_add_func ("/session/care/returned", test_returned);
  g_test_add_func ("/session/care/doctor", test_doctor);
  g_test_add_func ("/session/care/doctor-clock", test_doctor_clock);
  return g_test_run ();
}
