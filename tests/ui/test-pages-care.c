/* Inbox, journal, doctor and the questions before the PIN over a whole wallet: what they say, and that they go away. */
#include "page-fixture.h"
#include "rig-files.h"

#include "jn-doctor-dialog.h"
#include "jn-inbox-page.h"
#include "jn-journal-page.h"
#include "jn-page.h"
#include "jn-question-steps.h"

/* Narrow and wide: empty with a sentence, then one row that says how it ended, with no amount while they are hidden. */
static void
test_inbox (gconstpointer data)
{
  Fixture self = { 0 };

  rig_init_enrolled (&self.rig);
  page_show (&self, jn_inbox_page_new (self.rig.context), GPOINTER_TO_INT (data), 700);
  g_assert_true (walk_shows (self.page, "How your payments end is told here."));
  rig_pay_coffee (&self.rig, 98100);
  rig_until (text_with (self.page, "Paid ¥19.00 to "));
  assert_named (self.page);
  jn_context_set_masked (self.rig.context, TRUE);
  run_for (100);
  g_assert_null (text_with (self.page, "19.00"));
  g_assert_nonnull (text_with (self.page, "Paid •"));
  page_close (&self);
}

/* The list has the payment; its page has the key that the bank was asked with, and goes back to the list. */
static void
test_journal (gconstpointer data)
{
  Fixture self = { 0 };
  g_autofree char *id = NULL;
  g_autofree char *target = NULL;
  JnId intent;

  rig_init_enrolled (&self.rig);
  page_show (&self, jn_journal_page_new (self.rig.context), GPOINTER_TO_INT (data), 700);
  rig_until (walk_shows (self.page, "No payment was begun on this computer yet."));
  intent = rig_pay_coffee (&self.rig, 98100);
  id = jn_id_to_string (&intent);
  jn_page_open (JN_PAGE (self.page), "");
  rig_until (text_with (self.page, " · Made"));
  assert_named (self.page);
  g_assert_false (jn_page_can_go_back (JN_PAGE (self.page)));
  target = g_strconcat ("intent:", id, NULL);
  jn_page_open (JN_PAGE (self.page), target);
  rig_until (jn_page_can_go_back (JN_PAGE (self.page)));
  rig_until (walk_shows (self.page, "Begun"));
  assert_named (self.page);
  g_assert_nonnull (text_with (self.page, id));
  jn_page_go_back (JN_PAGE (self.page));
  rig_until (text_with (self.page, " · Made"));
  page_close (&self);
}

/* With the network cut it says that, and its one button mends it. */
static void
test_doctor (void)
{
  Fixture self = { 0 };
  GtkWidget *dialog;

  rig_init_enrolled (&self.rig);
  page_show (&self, jn_doctor_button_new (self.rig.context, NULL, 0), 1000, 700);
  jn_context_set_cut (self.rig.context, TRUE);
  g_signal_emit_by_name (self.page, "clicked");
  dialog = find_window (JN_TYPE_DOCTOR_DIALOG);
  g_assert_nonnull (dialog);
  rig_until (walk_shows (dialog, "The sandbox’s network is cut."));
  rig_until (button_of (dialog, "Reconnect"));
  assert_named (dialog);
  press (dialog, "Reconnect");
  rig_until (button_of (dialog, "Close"));
  g_assert_false (jn_context_get_cut (self.rig.context));
  g_assert_false (walk_shows (dialog, "The sandbox’s network is cut."));
  press (dialog, "Close");
  rig_until (find_window (JN_TYPE_DOCTOR_DIALOG) == NULL);
  page_close (&self);
}

static JnPayment *
begin (Rig *rig, const char *amount, JnPaymentState end)
{
  g_autoptr (GListModel) shops = rig_list_shops (rig);
  JnPayment *payment = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (shops) && payment == NULL; i++)
    {
      g_autoptr (JnShopItem) shop = g_list_model_get_item (shops, i);

      if (jn_shop_item_get_amount (shop).currency != JN_CURRENCY_NONE)
        continue;
      payment = jn_context_create_payment (rig->context);
      jn_payment_read_code (payment, jn_shop_item_get_payload (shop));
    }
  g_assert_nonnull (payment);
  rig_until_state (payment, JN_PAYMENT_AMOUNT);
  jn_payment_set_amount (payment, amount);
  rig_until_state (payment, end);
  return payment;
}

/* The same again: asked before the PIN; no ends it and yes leads on. */
static void
test_again (void)
{
  Fixture self = { 0 };
  g_autoptr (JnPayment) first = NULL;
  g_autoptr (JnPayment) second = NULL;

  rig_init_enrolled (&self.rig);
  first = begin (&self.rig, "12", JN_PAYMENT_CONFIRM);
  jn_payment_approve (first, PIN);
  rig_until_state (first, JN_PAYMENT_MADE);
  second = begin (&self.rig, "12", JN_PAYMENT_AGAIN);
  page_show (&self, jn_again_step_new (self.rig.context, second), 360, 700);
  assert_named (self.page);
  g_assert_nonnull (text_with (self.page, "You paid ¥12.00 to "));
  press (self.page, "_Pay again");
  rig_until_state (second, JN_PAYMENT_CONFIRM);
  jn_payment_cancel (second);
  rig_until_state (second, JN_PAYMENT_CANCELLED);
  page_close (&self);
}

/* More than there is: how much is short, what tops it up, and a way out with nothing sent. */
static void
test_short (void)
{
  Fixture self = { 0 };
  g_autoptr (JnPayment) payment = NULL;

  rig_init_enrolled (&self.rig);
  payment = begin (&self.rig, "1030", JN_PAYMENT_SHORT);
  page_show (&self, jn_short_step_new (self.rig.context, payment), 360, 700);
  assert_named (self.page);
  g_assert_true (walk_shows (self.page, "¥30.00 short"));
  g_assert_nonnull (button_of (self.page, "Top up ¥30.00 and continue"));
  g_assert_nonnull (text_with (self.page, "Pay by card **** "));
  jn_context_set_masked (self.rig.context, TRUE);
  run_for (100);
  g_assert_null (text_with (self.page, "30.00"));
  press (self.page, "Cancel");
  rig_until_state (payment, JN_PAYMENT_CANCELLED);
  page_close (&self);
}

/* Both steps on one page: the top-up's own sheet, and after its PIN the payment goes on. */
static void
test_top_up (void)
{
  Fixture self = { 0 };
  g_autoptr (JnPayment) payment = NULL;

  rig_init_enrolled (&self.rig);
  payment = begin (&self.rig, "1030", JN_PAYMENT_SHORT);
  jn_payment_top_up (payment);
  rig_until_state (jn_payment_get_top_up (payment), JN_PAYMENT_CONFIRM);
  page_show (&self, jn_top_up_step_new (self.rig.context, payment), 360, 700);
  assert_named (self.page);
  g_assert_true (walk_shows (self.page, "Pay ¥1,030.00"));
  g_assert_true (walk_shows (self.page, "Top up your wallet"));
  g_assert_true (walk_shows (self.page, "From your card to your wallet"));
  jn_context_set_masked (self.rig.context, TRUE);
  run_for (100);
  g_assert_null (text_with (self.page, "30.00"));
  jn_payment_approve (jn_payment_get_top_up (payment), PIN);
  rig_until_state (payment, JN_PAYMENT_CONFIRM);
  jn_payment_cancel (payment);
  page_close (&self);
}

int
main (int argc, char **argv)
{
  page_test_init (&argc, &argv);
  g_test_add_data_func ("/pages/care/inbox", GINT_TO_POINTER (1000), test_inbox);
  g_test_add_data_func ("/pages/care/inbox-narrow", GINT_TO_POINTER (360), test_inbox);
  g_test_add_data_func ("/pages/care/journal", GINT_TO_POINTER (1000), test_journal);
  g_test_add_data_func ("/pages/care/journal-narrow", GINT_TO_POINTER (360), test_journal);
  g_test_add_func ("/pages/care/doctor", test_doctor);
  g_test_add_func ("/pages/care/again", test_again);
  g_test_add_func ("/pages/care/short", test_short);
  g_test_add_func ("/pages/care/top-up", test_top_up);
  return g_test_run ();
}
