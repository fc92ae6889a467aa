/* The program ends in the middle of a payment, and the next start shows it again: in its true state, under the same intent, once. */
#include "rig.h"

#define PIN "258036"
#define APPROVAL "match=PUT /psd2/v1/payments"
#define OPENING "match=POST /psd2/v1/payments"
#define SETTLING "match=POST /wallet/v1/intents"

/* The customer does not go on. */
static const char leaving[] = "leaves";

typedef struct
{
  Rig rig;
  JnPayment *shown; /* by the start; NULL */
  guint n_shown;
} Fixture;

static void
on_reopened (JnContext *context, JnPayment *payment, Fixture *f)
{
  f->n_shown++;
  g_set_object (&f->shown, payment);
}

static void
set_up (Fixture *f)
{
  *f = (Fixture){ 0 };
  rig_init_enrolled (&f->rig);
}

/* Ends as a program that is killed does: nothing is said to anybody. */
static void
end_program (Fixture *f, JnPayment *payment)
{
  rig_stop (&f->rig);
  g_clear_object (&f->shown);
  f->n_shown = 0;
  g_assert_finalize_object (payment);
}

static void
start_program (Fixture *f)
{
  rig_make_context (&f->rig);
  g_signal_connect (f->rig.context, "payment-reopened", G_CALLBACK (on_reopened), f);
  jn_context_start (f->rig.context);
  rig_until (jn_context_get_stage (f->rig.context) == JN_STAGE_READY);
}

/* Of this intent the bank and the wallet say the same, and nothing is open; of the coffee's price, whether it is paid. */
static void
tear_down (Fixture *f, const JnId *intent, gboolean made)
{
  guint all;

  rig_set_faults (&f->rig, NULL);
  rig_until (rig_count_unsettled (&f->rig) == 0);
  g_assert_cmpuint (rig_count_at_bank (&f->rig, intent, &all), ==, made ? 1 : 0);
  g_assert_cmpint (rig_intent_state (&f->rig, intent), ==,
                   made ? JN_INTENT_MADE : JN_INTENT_NOT_MADE);
  rig_until (rig_available (&f->rig) == (made ? 98100 : 100000));
  g_clear_object (&f->shown);
  rig_clear (&f->rig);
}

/* The same intent, drawn from the order that was kept. */
static void
assert_same (Fixture *f, const JnId *intent)
{
  JnId shown = rig_intent_of (f->shown);

  g_assert_true (jn_id_equal (&shown, intent));
  g_assert_true (jn_payment_is_reopened (f->shown));
  g_assert_cmpstr (jn_payment_get_payee (f->shown), ==, "晨光咖啡");
  g_assert_true (jn_payment_get_verified (f->shown));
  g_assert_cmpint (jn_payment_get_original (f->shown).minor, ==, 2200);
  g_assert_cmpint (jn_payment_get_discount (f->shown).minor, ==, 300);
  g_assert_cmpint (jn_payment_get_total (f->shown).minor, ==, 1900);
  g_assert_nonnull (jn_payment_get_coupon (f->shown));
  g_assert_nonnull (jn_payment_get_code (f->shown));
  g_assert_false (jn_payment_can_choose_coupon (f->shown));
}

/* Approved, and the answer is not awaited. @faults: of the approval. */
static JnId
cut_off_sending (Fixture *f, const char *faults)
{
  JnPayment *payment = rig_quote_coffee (&f->rig);
  JnId intent = rig_intent_of (payment);

  rig_set_faults (&f->rig, faults);
  jn_payment_approve (payment, PIN);
  rig_until (jn_payment_get_step (payment) == JN_PAYMENT_STEP_WAITING);
  /* Let it leave. */
  rig_run_for (100);
  end_program (f, payment);
  rig_set_faults (&f->rig, NULL);
  return intent;
}

/* Approved with a wrong PIN, which the bank has answered: no request of it is under way. */
static JnId
cut_off_after_wrong_pin (Fixture *f)
{
  JnPayment *payment = rig_quote_coffee (&f->rig);
  JnId intent = rig_intent_of (payment);

  jn_payment_approve (payment, "111222");
  rig_until_state (payment, JN_PAYMENT_CONFIRM);
  end_program (f, payment);
  return intent;
}

static void
pay_on (Fixture *f)
{
  rig_until_state (f->shown, JN_PAYMENT_CONFIRM);
  g_assert_cmpint (jn_payment_get_available (f->shown).minor, ==, 100000);
  jn_payment_approve (f->shown, PIN);
  rig_until_state (f->shown, JN_PAYMENT_MADE);
}

/* ---- nothing was approved ---- */
/* Killed before the bank had answered with an order: there is no sheet to show, and nothing stays open. */
static void
test_before_order (void)
{
  Fixture f;

  set_up (&f);
  g_autoptr (JnShopItem) shop = rig_get_shop (&f.rig, 0);
  JnPayment *payment = jn_context_create_payment (f.rig.context);
  rig_set_faults (&f.rig, "delay=60000,count=1," OPENING);
  jn_payment_read_code (payment, jn_shop_item_get_payload (shop));
  rig_until_state (payment, JN_PAYMENT_QUOTING);
  rig_until (rig_count_unsettled (&f.rig) == 1);
  end_program (&f, payment);
  rig_set_faults (&f.rig, NULL);
  start_program (&f);
  rig_until (rig_count_unsettled (&f.rig) == 0);
  g_assert_cmpuint (f.n_shown, ==, 0);
  rig_clear (&f.rig);
}

static void
test_sheet (gconstpointer leaves)
{
  Fixture f;

  set_up (&f);
  JnPayment *payment = rig_quote_coffee (&f.rig);
  JnId intent = rig_intent_of (payment);
  end_program (&f, payment);
  start_program (&f);
  g_assert_cmpuint (f.n_shown, ==, 1);
  /* Nothing of it is "not known yet": it was never approved. */
  g_assert_cmpint (jn_payment_get_state (f.shown), ==, JN_PAYMENT_QUOTING);
  rig_until_state (f.shown, JN_PAYMENT_CONFIRM);
  assert_same (&f, &intent);
  if (leaves != NULL)
    jn_payment_cancel (f.shown);
  else
    pay_on (&f);
  tear_down (&f, &intent, leaves == NULL);
}

/* Who closes the sheet, and then the program, does not see it again. */
static void
test_closed_before (void)
{
  Fixture f;

  set_up (&f);
  JnPayment *payment = rig_quote_coffee (&f.rig);
  JnId intent = rig_intent_of (payment);
  rig_set_faults (&f.rig, "drop-before=1," SETTLING);
  jn_payment_cancel (payment);
  end_program (&f, payment);
  start_program (&f);
  rig_set_faults (&f.rig, NULL);
  rig_until (rig_count_unsettled (&f.rig) == 0);
  g_assert_cmpuint (f.n_shown, ==, 0);
  tear_down (&f, &intent, FALSE);
}

/* The bank does not take the order up again, or cannot be asked: the sheet is not there, and nothing is said that is not so. */
static void
test_sheet_gone (gconstpointer faults)
{
  Fixture f;

  set_up (&f);
  JnPayment *payment = rig_quote_coffee (&f.rig);
  JnId intent = rig_intent_of (payment);
  end_program (&f, payment);
  if (faults != NULL)
    rig_set_faults (&f.rig, faults);
  else
    rig_tamper (&f.rig, "UPDATE payment SET expires_at = 1");
  start_program (&f);
  rig_until_state (f.shown, JN_PAYMENT_CANCELLED);
  if (faults != NULL)
    {
      /* What is cancelled stays cancelled, though the bank has not heard of it yet. */
      JnPayment *gone = g_steal_pointer (&f.shown);
      end_program (&f, gone);
      start_program (&f);
      g_assert_cmpuint (f.n_shown, ==, 0);
    }
  tear_down (&f, &intent, FALSE);
}

/* Too late by our own clock: the bank is not even asked. */
static void
test_sheet_late (void)
{
  Fixture f;

  f = (Fixture){ 0 };
  rig_init (&f.rig);
  f.rig.clock = JN_CLOCK (jn_manual_clock_new (g_get_real_time ()));
  rig_start_bank (&f.rig);
  rig_start (&f.rig);
  rig_enrol (&f.rig);
  JnPayment *payment = rig_quote_coffee (&f.rig);
  JnId intent = rig_intent_of (payment);
  end_program (&f, payment);
  jn_manual_clock_advance (JN_MANUAL_CLOCK (f.rig.clock), 6 * JN_MINUTE);
  start_program (&f);
  tear_down (&f, &intent, FALSE);
  g_assert_cmpuint (f.n_shown, ==, 0);
}

/* ---- approved ---- */

/* The approval never came to the bank. */
static void
test_not_arrived (gconstpointer leaves)
{
  Fixture f;

  set_up (&f);
  JnId intent = cut_off_sending (&f, "delay=60000,count=1," APPROVAL);
  start_program (&f);
  g_assert_cmpuint (f.n_shown, ==, 1);
  g_assert_cmpint (jn_payment_get_state (f.shown), ==, JN_PAYMENT_CHECKING);
  assert_same (&f, &intent);
  rig_until_state (f.shown, JN_PAYMENT_CONFIRM);
  assert_same (&f, &intent);
  /* Nothing is being sent or checked: no row, in no sum. */
  rig_until (jn_home_get_pending (jn_context_get_home (f.rig.context)).minor == 0);
  g_assert_false (jn_context_is_checking (f.rig.context));
  g_assert_cmpint (rig_intent_state (&f.rig, &intent), ==, JN_INTENT_APPROVED);
  if (leaves != NULL)
    {
      jn_payment_cancel (f.shown);
      g_assert_cmpint (jn_payment_get_state (f.shown), ==, JN_PAYMENT_CANCELLED);
    }
  else
    pay_on (&f);
  tear_down (&f, &intent, leaves == NULL);
}

/* The approval comes to the bank after the sheet was opened again: it makes nothing, and the sheet's word holds. */
static void
test_arrives_late (void)
{
  Fixture f;
  guint all;

  set_up (&f);
  JnId intent = cut_off_sending (&f, "delay=700,count=1," APPROVAL);
  start_program (&f);
  rig_until_state (f.shown, JN_PAYMENT_CONFIRM);
  rig_run_for (1000);
  g_assert_cmpint (jn_payment_get_state (f.shown), ==, JN_PAYMENT_CONFIRM);
  g_assert_cmpuint (rig_count_at_bank (&f.rig, &intent, &all), ==, 0);
  pay_on (&f);
  tear_down (&f, &intent, TRUE);
}

/* The bank has booked it and nobody heard: the sheet says so by itself. */
static void
test_booked (void)
{
  Fixture f;
  guint all;

  set_up (&f);
  JnPayment *payment = rig_quote_coffee (&f.rig);
  JnId intent = rig_intent_of (payment);
  jn_payment_approve (payment, PIN);
  rig_until_state (payment, JN_PAYMENT_MADE);
  end_program (&f, payment);
  rig_run_sql (&f.rig, "wallet.db",
               "UPDATE intent SET state = 2, transaction_id = NULL; DELETE FROM notice");
  start_program (&f);
  g_assert_cmpuint (f.n_shown, ==, 1);
  g_assert_cmpint (jn_payment_get_state (f.shown), ==, JN_PAYMENT_CHECKING);
  jn_payment_approve (f.shown, PIN);
  g_assert_cmpint (jn_payment_get_state (f.shown), ==, JN_PAYMENT_CHECKING);
  rig_until_state (f.shown, JN_PAYMENT_MADE);
  g_assert_false (jn_id_is_zero (jn_payment_get_transaction (f.shown)));
  assert_same (&f, &intent);
  g_assert_cmpuint (rig_count_at_bank (&f.rig, &intent, &all), ==, 1);
  tear_down (&f, &intent, TRUE);
}

static void
test_expired (void)
{
  Fixture f;

  set_up (&f);
  JnId intent = cut_off_after_wrong_pin (&f);
  rig_tamper (&f.rig, "UPDATE payment SET expires_at = 1");
  start_program (&f);
  rig_until_state (f.shown, JN_PAYMENT_NOT_MADE);
  rig_assert_code (jn_payment_get_error (f.shown), JN_ERROR_CODE_EXPIRED);
  tear_down (&f, &intent, FALSE);
}

/* Asked for the text message's code: the PIN and a new code, under the same intent. */
static void
test_in_sms (void)
{
  Fixture f;
  guint all;

  set_up (&f);
  g_autofree char *code = rig_dup_static_code (&f.rig);
  JnPayment *payment = rig_quote (&f.rig, code, "600");
  JnId intent = rig_intent_of (payment);
  jn_payment_approve (payment, PIN);
  rig_until_state (payment, JN_PAYMENT_SMS);
  end_program (&f, payment);
  start_program (&f);
  g_assert_cmpint (jn_payment_get_state (f.shown), ==, JN_PAYMENT_CHECKING);
  rig_until_state (f.shown, JN_PAYMENT_CONFIRM);
  JnId shown = rig_intent_of (f.shown);
  g_assert_true (jn_id_equal (&shown, &intent));
  GListModel *messages = jn_test_phone_get_messages (jn_context_get_test_phone (f.rig.context));
  guint known = g_list_model_get_n_items (messages);
  jn_payment_approve (f.shown, PIN);
  rig_until_state (f.shown, JN_PAYMENT_SMS);
  g_autofree char *sms = rig_wait_sms (&f.rig, known);
  jn_payment_approve_sms (f.shown, sms);
  rig_until_state (f.shown, JN_PAYMENT_MADE);
  g_assert_cmpuint (rig_count_at_bank (&f.rig, &intent, &all), ==, 1);
  rig_until (rig_available (&f.rig) == 40000);
  g_clear_object (&f.shown);
  rig_clear (&f.rig);
}

/* Not known yet while the bank cannot be asked, as long as that may be. */
static void
test_unreachable (gconstpointer leaves)
{
  Fixture f;

  set_up (&f);
  JnId intent = cut_off_sending (&f, "delay=60000,count=1," APPROVAL);
  rig_set_faults (&f.rig, "drop-before=1");
  start_program (&f);
  rig_until (jn_context_get_connection (f.rig.context) == JN_CONNECTION_OFFLINE);
  rig_run_for (500);
  g_assert_cmpint (jn_payment_get_state (f.shown), ==, JN_PAYMENT_CHECKING);
  rig_until (jn_context_is_checking (f.rig.context));
  if (leaves != NULL)
    jn_payment_cancel (f.shown);
  rig_set_faults (&f.rig, NULL);
  if (leaves != NULL)
    rig_until_state (f.shown, JN_PAYMENT_NOT_MADE);
  else
    pay_on (&f);
  tear_down (&f, &intent, leaves == NULL);
}

/* The bank lets this device in no more: what became of the payment is not known, until somebody signs in again. */
static void
test_session_ended (void)
{
  Fixture f;

  set_up (&f);
  JnId intent = cut_off_after_wrong_pin (&f);
  rig_tamper (&f.rig, "UPDATE device SET expires_at = 0");
  start_program (&f);
  rig_until (jn_context_can_sign_in_again (f.rig.context));
  rig_run_for (300);
  g_assert_cmpint (jn_payment_get_state (f.shown), ==, JN_PAYMENT_CHECKING);
  g_clear_object (&f.shown);
  jn_context_sign_in_again (f.rig.context);
  rig_go_through_enrolment (&f.rig);
  g_assert_cmpuint (f.n_shown, ==, 2);
  pay_on (&f);
  assert_same (&f, &intent);
  tear_down (&f, &intent, TRUE);
}

/* The other computer has paid the same code meanwhile. */
static void
test_paid_elsewhere (void)
{
  Fixture f;

  set_up (&f);
  g_autoptr (JnShopItem) shop = rig_get_shop (&f.rig, 0);
  const char *payload = jn_shop_item_get_payload (shop);
  g_autoptr (JnPayment) other = rig_quote (&f.rig, payload, NULL);
  JnPayment *payment = rig_quote (&f.rig, payload, NULL);
  JnId intent = rig_intent_of (payment);
  jn_payment_approve (other, PIN);
  rig_until_state (other, JN_PAYMENT_MADE);
  g_clear_object (&other);
  end_program (&f, payment);
  start_program (&f);
  rig_until_state (f.shown, JN_PAYMENT_AGAIN);
  jn_payment_pay_again (f.shown);
  jn_payment_approve (f.shown, PIN);
  rig_until_state (f.shown, JN_PAYMENT_NOT_MADE);
  rig_assert_code (jn_payment_get_error (f.shown), JN_ERROR_ORDER_PAID);
  g_assert_nonnull (jn_payment_get_paid_on (f.shown, NULL));
  rig_until (rig_available (&f.rig) == 98100);
  g_assert_cmpint (rig_intent_state (&f.rig, &intent), ==, JN_INTENT_NOT_MADE);
  g_clear_object (&f.shown);
  rig_clear (&f.rig);
}

/* Two were open: the newest is a sheet, the other a bill that the bank closes. */
static void
test_two (void)
{
  Fixture f;
  guint all;

  set_up (&f);
  JnPayment *older = rig_quote_coffee (&f.rig);
  JnId first = rig_intent_of (older);
  jn_payment_approve (older, "111222");
  rig_until_state (older, JN_PAYMENT_CONFIRM);
  rig_set_faults (&f.rig, "delay=60000,count=1," APPROVAL);
  g_autofree char *code = rig_dup_static_code (&f.rig);
  JnPayment *newer = rig_quote (&f.rig, code, "19");
  JnId second = rig_intent_of (newer);
  jn_payment_approve (newer, PIN);
  rig_until (jn_payment_get_step (newer) == JN_PAYMENT_STEP_WAITING);
  rig_stop (&f.rig);
  g_assert_finalize_object (newer);
  g_assert_finalize_object (older);
  rig_set_faults (&f.rig, NULL);
  start_program (&f);
  g_assert_cmpuint (f.n_shown, ==, 1);
  rig_until_state (f.shown, JN_PAYMENT_CONFIRM);
  JnId shown = rig_intent_of (f.shown);
  g_assert_true (jn_id_equal (&shown, &second));
  rig_until (rig_intent_state (&f.rig, &first) == JN_INTENT_NOT_MADE);
  g_assert_cmpuint (rig_count_at_bank (&f.rig, &first, &all), ==, 0);
  /* The sheet may have come before the other one was settled, whose amount was not there then. */
  jn_payment_approve (f.shown, PIN);
  rig_until_state (f.shown, JN_PAYMENT_MADE);
  tear_down (&f, &second, TRUE);
}

/* The top-up is a payment of its own, and so it comes back: its payment had nothing open. */
static void
test_top_up (void)
{
  Fixture f;
  guint all;

  set_up (&f);
  g_autofree char *code = rig_dup_static_code (&f.rig);
  JnPayment *payment = rig_ask (&f.rig, code, "1030");
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_SHORT);
  jn_payment_top_up (payment);
  JnPayment *top_up = g_object_ref (jn_payment_get_top_up (payment));
  rig_until_state (top_up, JN_PAYMENT_CONFIRM);
  JnId intent = rig_intent_of (top_up);
  rig_set_faults (&f.rig, "delay=60000,count=1," APPROVAL);
  jn_payment_approve (top_up, PIN);
  rig_until (jn_payment_get_step (top_up) == JN_PAYMENT_STEP_WAITING);
  rig_stop (&f.rig);
  g_assert_finalize_object (payment);
  g_assert_finalize_object (top_up);
  rig_set_faults (&f.rig, NULL);
  start_program (&f);
  g_assert_true (jn_payment_is_top_up (f.shown));
  g_assert_false (jn_payment_is_transfer (f.shown));
  g_assert_nonnull (jn_payment_get_paying_card (f.shown));
  pay_on (&f);
  g_assert_cmpuint (rig_count_at_bank (&f.rig, &intent, &all), ==, 1);
  rig_until (rig_available (&f.rig) == 103000);
  g_clear_object (&f.shown);
  rig_clear (&f.rig);
}

/* Handed to the resolver before the end: it is a bill, and nobody is asked again. */
static void
test_handed_over (void)
{
  Fixture f;

  set_up (&f);
  JnPayment *payment = rig_quote_coffee (&f.rig);
  JnId intent = rig_intent_of (payment);
  jn_context_set_cut (f.rig.context, TRUE);
  jn_payment_approve (payment, PIN);
  rig_until_state (payment, JN_PAYMENT_CHECKING);
  rig_until (rig_intent_state (&f.rig, &intent) == JN_INTENT_UNKNOWN);
  end_program (&f, payment);
  rig_set_faults (&f.rig, "drop-before=1," SETTLING);
  start_program (&f);
  g_assert_cmpuint (f.n_shown, ==, 0);
  g_assert_true (jn_context_is_checking (f.rig.context));
  rig_set_faults (&f.rig, NULL);
  rig_until (rig_count_unsettled (&f.rig) == 0);
  g_clear_object (&f.shown);
  rig_clear (&f.rig);
}

/* Cut off again and again, in whatever state: one intent, one debit. */
static void
test_again_and_again (void)
{
  Fixture f;

  set_up (&f);
  JnId intent = cut_off_sending (&f, "delay=60000,count=1," APPROVAL);
  for (guint i = 0; i < 3; i++)
    {
      start_program (&f);
      rig_until_state (f.shown, JN_PAYMENT_CONFIRM);
      jn_payment_approve (f.shown, i == 1 ? "111222" : PIN);
      if (i == 1)
        rig_until_state (f.shown, JN_PAYMENT_CONFIRM);
      else if (i == 0)
        {
          JnPayment *again = g_steal_pointer (&f.shown);
          end_program (&f, again);
          continue;
        }
      else
        rig_until_state (f.shown, JN_PAYMENT_MADE);
      if (i < 2)
        {
          JnPayment *again = g_steal_pointer (&f.shown);
          end_program (&f, again);
        }
    }
  assert_same (&f, &intent);
  tear_down (&f, &intent, TRUE);
}

/* A wallet.db of before orders were kept: what is open there is settled, as ever. */
static void
test_older_file (void)
{
  Fixture f;

  set_up (&f);
  JnId intent = cut_off_after_wrong_pin (&f);
  rig_run_sql (&f.rig, "wallet.db",
               "ALTER TABLE intent DROP COLUMN order_text; PRAGMA user_version = 4");
  start_program (&f);
  tear_down (&f, &intent, FALSE);
  g_assert_cmpuint (f.n_shown, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/reopen/before-order", test_before_order);
  g_test_add_data_func ("/session/reopen/sheet", NULL, test_sheet);
  g_test_add_data_func ("/session/reopen/sheet-left", leaving, test_sheet);
  g_test_add_func ("/session/reopen/closed-before", test_closed_before);
  g_test_add_data_func ("/session/reopen/sheet-unreachable", "drop-before=1,match=POST",
                        test_sheet_gone);
  g_test_add_data_func ("/session/reopen/sheet-expired", NULL, test_sheet_gone);
  g_test_add_func ("/session/reopen/sheet-late", test_sheet_late);
  g_test_add_data_func ("/session/reopen/not-arrived", NULL, test_not_arrived);
  g_test_add_data_func ("/session/reopen/not-arrived-left", leaving, test_not_arrived);
  g_test_add_func ("/session/reopen/arrives-late", test_arrives_late);
  g_test_add_func ("/session/reopen/booked", test_booked);
  g_test_add_func ("/session/reopen/expired", test_expired);
  g_test_add_func ("/session/reopen/in-sms", test_in_sms);
  g_test_add_data_func ("/session/reopen/unreachable", NULL, test_unreachable);
  g_test_add_data_func ("/session/reopen/unreachable-left", leaving, test_unreachable);
  g_test_add_func ("/session/reopen/session-ended", test_session_ended);
  g_test_add_func ("/session/reopen/paid-elsewhere", test_paid_elsewhere);
  g_test_add_func ("/session/reopen/two", test_two);
  g_test_add_func ("/session/reopen/top-up", test_top_up);
  g_test_add_func ("/session/reopen/handed-over", test_handed_over);
  g_test_add_func ("/session/reopen/again-and-again", test_again_and_again);
  g_test_add_func ("/session/reopen/older-file", test_older_file);
  return g_test_run ();
}
