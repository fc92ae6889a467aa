/* Cut off after the approval: the next start shows it in its true state, under the same intent, once. */
#include "rig-reopen.h"

#define APPROVAL "match=PUT /psd2/v1/payments"
#define SETTLING "match=POST /wallet/v1/intents"

/* The customer does not go on. */
static const char leaving[] = "leaves";

/* Approved, and the answer is not awaited. @faults: of the approval. */
static JnId
cut_off_sending (Reopen *f, const char *faults)
{
  JnPayment *payment = rig_quote_coffee (&f->rig);
  JnId intent = rig_intent_of (payment);

  rig_set_faults (&f->rig, faults);
  jn_payment_approve (payment, REOPEN_PIN);
  rig_until (jn_payment_get_step (payment) == JN_PAYMENT_STEP_WAITING);
  /* Let it leave. */
  rig_run_for (100);
  reopen_end_program (f, payment);
  rig_set_faults (&f->rig, NULL);
  return intent;
}

/* Approved with a wrong PIN, which the bank has answered: no request of it is under way. */
static JnId
cut_off_after_wrong_pin (Reopen *f)
{
  JnPayment *payment = rig_quote_coffee (&f->rig);
  JnId intent = rig_intent_of (payment);

  jn_payment_approve (payment, "111222");
  rig_until_state (payment, JN_PAYMENT_CONFIRM);
  reopen_end_program (f, payment);
  return intent;
}

/* The approval never came to the bank. */
static void
test_not_arrived (gconstpointer leaves)
{
  Reopen f;

  reopen_set_up (&f);
  JnId intent = cut_off_sending (&f, "delay=60000,count=1," APPROVAL);
  reopen_start_program (&f);
  g_assert_cmpuint (f.n_shown, ==, 1);
  g_assert_cmpint (jn_payment_get_state (f.shown), ==, JN_PAYMENT_CHECKING);
  reopen_assert_same (&f, &intent);
  rig_until_state (f.shown, JN_PAYMENT_CONFIRM);
  reopen_assert_same (&f, &intent);
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
    reopen_pay_on (&f);
  reopen_tear_down (&f, &intent, leaves == NULL);
}

/* The approval comes to the bank after the sheet was opened again: it makes nothing, and the sheet's word holds. */
static void
test_arrives_late (void)
{
  Reopen f;
  guint all;

  reopen_set_up (&f);
  JnId intent = cut_off_sending (&f, "delay=700,count=1," APPROVAL);
  reopen_start_program (&f);
  rig_until_state (f.shown, JN_PAYMENT_CONFIRM);
  rig_run_for (1000);
  g_assert_cmpint (jn_payment_get_state (f.shown), ==, JN_PAYMENT_CONFIRM);
  g_assert_cmpuint (rig_count_at_bank (&f.rig, &intent, &all), ==, 0);
  reopen_pay_on (&f);
  reopen_tear_down (&f, &intent, TRUE);
}

/* The bank has booked it and nobody heard: the sheet says so by itself. */
static void
test_booked (void)
{
  Reopen f;
  guint all;

  reopen_set_up (&f);
  JnPayment *payment = rig_quote_coffee (&f.rig);
  JnId intent = rig_intent_of (payment);
  jn_payment_approve (payment, REOPEN_PIN);
  rig_until_state (payment, JN_PAYMENT_MADE);
  reopen_end_program (&f, payment);
  rig_run_sql (&f.rig, "wallet.db",
               "UPDATE intent SET state = 2, transaction_id = NULL; DELETE FROM notice");
  reopen_start_program (&f);
  g_assert_cmpuint (f.n_shown, ==, 1);
  g_assert_cmpint (jn_payment_get_state (f.shown), ==, JN_PAYMENT_CHECKING);
  jn_payment_approve (f.shown, REOPEN_PIN);
  g_assert_cmpint (jn_payment_get_state (f.shown), ==, JN_PAYMENT_CHECKING);
  rig_until_state (f.shown, JN_PAYMENT_MADE);
  g_assert_false (jn_id_is_zero (jn_payment_get_transaction (f.shown)));
  reopen_assert_same (&f, &intent);
  g_assert_cmpuint (rig_count_at_bank (&f.rig, &intent, &all), ==, 1);
  reopen_tear_down (&f, &intent, TRUE);
}

static void
test_expired (void)
{
  Reopen f;

  reopen_set_up (&f);
  JnId intent = cut_off_after_wrong_pin (&f);
  rig_tamper (&f.rig, "UPDATE payment SET expires_at = 1");
  reopen_start_program (&f);
  rig_until_state (f.shown, JN_PAYMENT_NOT_MADE);
  rig_assert_code (jn_payment_get_error (f.shown), JN_ERROR_CODE_EXPIRED);
  reopen_tear_down (&f, &intent, FALSE);
}

/* Asked for the text message's code: the REOPEN_PIN and a new code, under the same intent. */
static void
test_in_sms (void)
{
  Reopen f;
  guint all;

  reopen_set_up (&f);
  g_autofree char *code = rig_dup_static_code (&f.rig);
  JnPayment *payment = rig_quote (&f.rig, code, "600");
  JnId intent = rig_intent_of (payment);
  jn_payment_approve (payment, REOPEN_PIN);
  rig_until_state (payment, JN_PAYMENT_SMS);
  reopen_end_program (&f, payment);
  reopen_start_program (&f);
  g_assert_cmpint (jn_payment_get_state (f.shown), ==, JN_PAYMENT_CHECKING);
  rig_until_state (f.shown, JN_PAYMENT_CONFIRM);
  JnId shown = rig_intent_of (f.shown);
  g_assert_true (jn_id_equal (&shown, &intent));
  GListModel *messages = jn_test_phone_get_messages (jn_context_get_test_phone (f.rig.context));
  guint known = g_list_model_get_n_items (messages);
  jn_payment_approve (f.shown, REOPEN_PIN);
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
  Reopen f;

  reopen_set_up (&f);
  JnId intent = cut_off_sending (&f, "delay=60000,count=1," APPROVAL);
  rig_set_faults (&f.rig, "drop-before=1");
  reopen_start_program (&f);
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
    reopen_pay_on (&f);
  reopen_tear_down (&f, &intent, leaves == NULL);
}

/* The bank lets this device in no more: what became of the payment is not known, until somebody signs in again. */
static void
test_session_ended (void)
{
  Reopen f;

  reopen_set_up (&f);
  JnId intent = cut_off_after_wrong_pin (&f);
  rig_tamper (&f.rig, "UPDATE device SET expires_at = 0");
  reopen_start_program (&f);
  rig_until (jn_context_can_sign_in_again (f.rig.context));
  rig_run_for (300);
  g_assert_cmpint (jn_payment_get_state (f.shown), ==, JN_PAYMENT_CHECKING);
  g_clear_object (&f.shown);
  jn_context_sign_in_again (f.rig.context);
  rig_go_through_enrolment (&f.rig);
  g_assert_cmpuint (f.n_shown, ==, 2);
  reopen_pay_on (&f);
  reopen_assert_same (&f, &intent);
  reopen_tear_down (&f, &intent, TRUE);
}

/* Holds up whatever the wallet wants of its files. */
static int busy;

static gpointer
be_busy (gpointer data, GCancellable *cancellable, GError **error)
{
  do
    g_usleep (20 * 1000);
  while (g_atomic_int_get (&busy));
  return NULL;
}

static gboolean
add_work (gpointer worker)
{
  jn_worker_run_async (worker, be_busy, NULL, NULL, NULL, NULL, NULL, NULL);
  return G_SOURCE_CONTINUE;
}

/* Signed in again, and the bank is gone again before the files were looked into: what was cut off is shown all the same. */
static void
test_ready_first (void)
{
  Reopen f;

  reopen_set_up (&f);
  JnId intent = cut_off_after_wrong_pin (&f);
  rig_tamper (&f.rig, "UPDATE device SET expires_at = 0");
  reopen_start_program (&f);
  rig_until (jn_context_can_sign_in_again (f.rig.context));
  g_clear_object (&f.shown);
  jn_context_sign_in_again (f.rig.context);
  rig_enrol_to_card (&f.rig);
  guint source = g_timeout_add (10, add_work, jn_context_get_worker (f.rig.context));
  jn_enrolment_submit_card (jn_context_get_enrolment (f.rig.context), NULL);
  rig_until (jn_context_get_device (f.rig.context) != NULL);
  g_source_remove (source);
  g_atomic_int_set (&busy, TRUE);
  rig_set_faults (&f.rig, "drop-before=1");
  rig_until (jn_context_get_stage (f.rig.context) == JN_STAGE_READY);
  g_atomic_int_set (&busy, FALSE);
  rig_until (f.n_shown == 2);
  rig_set_faults (&f.rig, NULL);
  reopen_pay_on (&f);
  reopen_tear_down (&f, &intent, TRUE);
}

/* Two were open: the newest is a sheet, the other a bill that the bank closes. */
static void
test_two (void)
{
  Reopen f;
  guint all;

  reopen_set_up (&f);
  JnPayment *older = rig_quote_coffee (&f.rig);
  JnId first = rig_intent_of (older);
  jn_payment_approve (older, "111222");
  rig_until_state (older, JN_PAYMENT_CONFIRM);
  rig_set_faults (&f.rig, "delay=60000,count=1," APPROVAL);
  g_autofree char *code = rig_dup_static_code (&f.rig);
  JnPayment *newer = rig_quote (&f.rig, code, "19");
  JnId second = rig_intent_of (newer);
  jn_payment_approve (newer, REOPEN_PIN);
  rig_until (jn_payment_get_step (newer) == JN_PAYMENT_STEP_WAITING);
  rig_stop (&f.rig);
  g_assert_finalize_object (newer);
  g_assert_finalize_object (older);
  rig_set_faults (&f.rig, NULL);
  reopen_start_program (&f);
  g_assert_cmpuint (f.n_shown, ==, 1);
  rig_until_state (f.shown, JN_PAYMENT_CONFIRM);
  JnId shown = rig_intent_of (f.shown);
  g_assert_true (jn_id_equal (&shown, &second));
  rig_until (rig_intent_state (&f.rig, &first) == JN_INTENT_NOT_MADE);
  g_assert_cmpuint (rig_count_at_bank (&f.rig, &first, &all), ==, 0);
  /* The sheet may have come before the other one was settled, whose amount was not there then. */
  jn_payment_approve (f.shown, REOPEN_PIN);
  rig_until_state (f.shown, JN_PAYMENT_MADE);
  reopen_tear_down (&f, &second, TRUE);
}

/* The top-up is a payment of its own, and so it comes back: its payment had nothing open. */
static void
test_top_up (void)
{
  Reopen f;
  guint all;

  reopen_set_up (&f);
  g_autofree char *code = rig_dup_static_code (&f.rig);
  JnPayment *payment = rig_ask (&f.rig, code, "1030");
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_SHORT);
  jn_payment_top_up (payment);
  JnPayment *top_up = g_object_ref (jn_payment_get_top_up (payment));
  rig_until_state (top_up, JN_PAYMENT_CONFIRM);
  JnId intent = rig_intent_of (top_up);
  rig_set_faults (&f.rig, "delay=60000,count=1," APPROVAL);
  jn_payment_approve (top_up, REOPEN_PIN);
  rig_until (jn_payment_get_step (top_up) == JN_PAYMENT_STEP_WAITING);
  rig_stop (&f.rig);
  g_assert_finalize_object (payment);
  g_assert_finalize_object (top_up);
  rig_set_faults (&f.rig, NULL);
  reopen_start_program (&f);
  g_assert_true (jn_payment_is_top_up (f.shown));
  g_assert_false (jn_payment_is_transfer (f.shown));
  g_assert_nonnull (jn_payment_get_paying_card (f.shown));
  reopen_pay_on (&f);
  g_assert_cmpuint (rig_count_at_bank (&f.rig, &intent, &all), ==, 1);
  rig_until (rig_available (&f.rig) == 103000);
  g_clear_object (&f.shown);
  rig_clear (&f.rig);
}

/* Handed to the resolver before the end: it is a bill, and nobody is asked again. */
static void
test_handed_over (void)
{
  Reopen f;

  reopen_set_up (&f);
  JnPayment *payment = rig_quote_coffee (&f.rig);
  JnId intent = rig_intent_of (payment);
  jn_context_set_cut (f.rig.context, TRUE);
  jn_payment_approve (payment, REOPEN_PIN);
  rig_until_state (payment, JN_PAYMENT_CHECKING);
  rig_until (rig_intent_state (&f.rig, &intent) == JN_INTENT_UNKNOWN);
  reopen_end_program (&f, payment);
  rig_set_faults (&f.rig, "drop-before=1," SETTLING);
  reopen_start_program (&f);
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
  Reopen f;

  reopen_set_up (&f);
  JnId intent = cut_off_sending (&f, "delay=60000,count=1," APPROVAL);
  for (guint i = 0; i < 3; i++)
    {
      reopen_start_program (&f);
      rig_until_state (f.shown, JN_PAYMENT_CONFIRM);
      jn_payment_approve (f.shown, i == 1 ? "111222" : REOPEN_PIN);
      if (i == 1)
        rig_until_state (f.shown, JN_PAYMENT_CONFIRM);
      else if (i == 0)
        {
          JnPayment *again = g_steal_pointer (&f.shown);
          reopen_end_program (&f, again);
          continue;
        }
      else
        rig_until_state (f.shown, JN_PAYMENT_MADE);
      if (i < 2)
        {
          JnPayment *again = g_steal_pointer (&f.shown);
          reopen_end_program (&f, again);
        }
    }
  reopen_assert_same (&f, &intent);
  reopen_tear_down (&f, &intent, TRUE);
}

/* A wallet.db of before orders were kept: what is open there is settled, as ever. */
static void
test_older_file (void)
{
  Reopen f;

  reopen_set_up (&f);
  JnId intent = cut_off_after_wrong_pin (&f);
  rig_run_sql (&f.rig, "wallet.db",
               "ALTER TABLE intent DROP COLUMN order_text; PRAGMA user_version = 4");
  reopen_start_program (&f);
  reopen_tear_down (&f, &intent, FALSE);
  g_assert_cmpuint (f.n_shown, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/session/reopen-approved/not-arrived", NULL, test_not_arrived);
  g_test_add_data_func ("/session/reopen-approved/not-arrived-left", leaving, test_not_arrived);
  g_test_add_func ("/session/reopen-approved/arrives-late", test_arrives_late);
  g_test_add_func ("/session/reopen-approved/booked", test_booked);
  g_test_add_func ("/session/reopen-approved/expired", test_expired);
  g_test_add_func ("/session/reopen-approved/in-sms", test_in_sms);
  g_test_add_data_func ("/session/reopen-approved/unreachable", NULL, test_unreachable);
  g_test_add_data_func ("/session/reopen-approved/unreachable-left", leaving, test_unreachable);
  g_test_add_func ("/session/reopen-approved/session-ended", test_session_ended);
  g_test_add_func ("/session/reopen-approved/ready-first", test_ready_first);
  g_test_add_func ("/session/reopen-approved/two", test_two);
  g_test_add_func ("/session/reopen-approved/top-up", test_top_up);
  g_test_add_func ("/session/reopen-approved/handed-over", test_handed_over);
  g_test_add_func ("/session/reopen-approved/again-and-again", test_again_and_again);
  g_test_add_func ("/session/reopen-approved/older-file", test_older_file);
  return g_test_run ();
}
