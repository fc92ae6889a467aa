/* Cut off before anything was approved: the sheet is shown again, or goes; nothing of it is "not known yet". */
#include "rig-reopen.h"

#define OPENING "match=POST /psd2/v1/payments"
#define SETTLING "match=POST /wallet/v1/intents"

/* The customer does not go on. */
static const char leaving[] = "leaves";

/* Killed before the bank had answered with an order: there is no sheet to show, and nothing stays open. */
static void
test_before_order (void)
{
  Reopen f;

  reopen_set_up (&f);
  g_autoptr (JnShopItem) shop = rig_get_shop (&f.rig, 0);
  JnPayment *payment = jn_context_create_payment (f.rig.context);
  rig_set_faults (&f.rig, "delay=60000,count=1," OPENING);
  jn_payment_read_code (payment, jn_shop_item_get_payload (shop));
  rig_until_state (payment, JN_PAYMENT_QUOTING);
  rig_until (rig_count_unsettled (&f.rig) == 1);
  reopen_end_program (&f, payment);
  rig_set_faults (&f.rig, NULL);
  reopen_start_program (&f);
  rig_until (rig_count_unsettled (&f.rig) == 0);
  g_assert_cmpuint (f.n_shown, ==, 0);
  rig_clear (&f.rig);
}

static void
test_sheet (gconstpointer leaves)
{
  Reopen f;

  reopen_set_up (&f);
  JnPayment *payment = rig_quote_coffee (&f.rig);
  JnId intent = rig_intent_of (payment);
  reopen_end_program (&f, payment);
  reopen_start_program (&f);
  g_assert_cmpuint (f.n_shown, ==, 1);
  /* Nothing of it is "not known yet": it was never approved. */
  g_assert_cmpint (jn_payment_get_state (f.shown), ==, JN_PAYMENT_QUOTING);
  rig_until_state (f.shown, JN_PAYMENT_CONFIRM);
  reopen_assert_same (&f, &intent);
  if (leaves != NULL)
    {
      jn_payment_cancel (f.shown);
      g_assert_null (jn_payment_get_error (f.shown));
    }
  else
    reopen_pay_on (&f);
  reopen_tear_down (&f, &intent, leaves == NULL);
}

/* The list of offers does not have the coupon any more: the order does, whatever it was called. */
static void
test_coupon_over (void)
{
  Reopen f;

  reopen_set_up (&f);
  JnPayment *payment = rig_quote_coffee (&f.rig);
  JnId intent = rig_intent_of (payment);
  g_autofree char *coupon = g_strdup (jn_coupon_item_get_id (jn_payment_get_coupon (payment)));
  reopen_end_program (&f, payment);
  rig_run_sql (&f.rig, "wallet.db", "DELETE FROM document WHERE name = 'offers'");
  reopen_start_program (&f);
  rig_until_state (f.shown, JN_PAYMENT_CONFIRM);
  reopen_assert_same (&f, &intent);
  JnCouponItem *kept = jn_payment_get_coupon (f.shown);
  g_assert_cmpstr (jn_coupon_item_get_id (kept), ==, coupon);
  g_assert_cmpint (jn_coupon_item_get_discount (kept).minor, ==,
                   jn_payment_get_discount (f.shown).minor);
  g_assert_null (jn_coupon_item_get_title (kept, TRUE));
  jn_payment_cancel (f.shown);
  reopen_tear_down (&f, &intent, FALSE);
}

/* Who closes the sheet, and then the program, does not see it again. */
static void
test_closed_before (void)
{
  Reopen f;

  reopen_set_up (&f);
  JnPayment *payment = rig_quote_coffee (&f.rig);
  JnId intent = rig_intent_of (payment);
  rig_set_faults (&f.rig, "drop-before=1," SETTLING);
  jn_payment_cancel (payment);
  reopen_end_program (&f, payment);
  reopen_start_program (&f);
  rig_set_faults (&f.rig, NULL);
  rig_until (rig_count_unsettled (&f.rig) == 0);
  g_assert_cmpuint (f.n_shown, ==, 0);
  reopen_tear_down (&f, &intent, FALSE);
}

/* The bank does not take the order up again, or cannot be asked: the sheet does not come back, and it is said why. */
static void
test_sheet_gone (gconstpointer faults)
{
  Reopen f;

  reopen_set_up (&f);
  JnPayment *payment = rig_quote_coffee (&f.rig);
  JnId intent = rig_intent_of (payment);
  reopen_end_program (&f, payment);
  if (faults != NULL)
    rig_set_faults (&f.rig, faults);
  else
    rig_tamper (&f.rig, "UPDATE payment SET expires_at = 1");
  reopen_start_program (&f);
  rig_until_state (f.shown, JN_PAYMENT_CANCELLED);
  g_assert_nonnull (jn_payment_get_error (f.shown));
  if (faults != NULL)
    {
      /* What is cancelled stays cancelled, though the bank has not heard of it yet. */
      JnPayment *gone = g_steal_pointer (&f.shown);
      reopen_end_program (&f, gone);
      reopen_start_program (&f);
      g_assert_cmpuint (f.n_shown, ==, 0);
    }
  reopen_tear_down (&f, &intent, FALSE);
}

/* Too late for the order: that is said, and it is closed. */
static void
test_sheet_late (void)
{
  Reopen f;

  f = (Reopen){ 0 };
  rig_init (&f.rig);
  f.rig.clock = JN_CLOCK (jn_manual_clock_new (g_get_real_time ()));
  rig_start_bank (&f.rig);
  rig_start (&f.rig);
  rig_enrol (&f.rig);
  JnPayment *payment = rig_quote_coffee (&f.rig);
  JnId intent = rig_intent_of (payment);
  reopen_end_program (&f, payment);
  jn_manual_clock_advance (JN_MANUAL_CLOCK (f.rig.clock), 6 * JN_MINUTE);
  reopen_start_program (&f);
  rig_until_state (f.shown, JN_PAYMENT_CANCELLED);
  g_assert_nonnull (jn_payment_get_error (f.shown));
  reopen_tear_down (&f, &intent, FALSE);
}

/* The other computer has paid the same code meanwhile. */
static void
test_paid_elsewhere (void)
{
  Reopen f;

  reopen_set_up (&f);
  g_autoptr (JnShopItem) shop = rig_get_shop (&f.rig, 0);
  const char *payload = jn_shop_item_get_payload (shop);
  g_autoptr (JnPayment) other = rig_quote (&f.rig, payload, NULL);
  JnPayment *payment = rig_quote (&f.rig, payload, NULL);
  JnId intent = rig_intent_of (payment);
  jn_payment_approve (other, REOPEN_PIN);
  rig_until_state (other, JN_PAYMENT_MADE);
  g_clear_object (&other);
  reopen_end_program (&f, payment);
  reopen_start_program (&f);
  rig_until_state (f.shown, JN_PAYMENT_AGAIN);
  jn_payment_pay_again (f.shown);
  jn_payment_approve (f.shown, REOPEN_PIN);
  rig_until_state (f.shown, JN_PAYMENT_NOT_MADE);
  rig_assert_code (jn_payment_get_error (f.shown), JN_ERROR_ORDER_PAID);
  g_assert_nonnull (jn_payment_get_paid_on (f.shown, NULL));
  rig_until (rig_available (&f.rig) == 98100);
  g_assert_cmpint (rig_intent_state (&f.rig, &intent), ==, JN_INTENT_NOT_MADE);
  g_clear_object (&f.shown);
  rig_clear (&f.rig);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/reopen/before-order", test_before_order);
  g_test_add_data_func ("/session/reopen/sheet", NULL, test_sheet);
  g_test_add_data_func ("/session/reopen/sheet-left", leaving, test_sheet);
  g_test_add_func ("/session/reopen/coupon-over", test_coupon_over);
  g_test_add_func ("/session/reopen/closed-before", test_closed_before);
  g_test_add_data_func ("/session/reopen/sheet-unreachable", "drop-before=1,match=POST",
                        test_sheet_gone);
  g_test_add_data_func ("/session/reopen/sheet-expired", NULL, test_sheet_gone);
  g_test_add_func ("/session/reopen/sheet-late", test_sheet_late);
  g_test_add_func ("/session/reopen/paid-elsewhere", test_paid_elsewhere);
  return g_test_run ();
}
