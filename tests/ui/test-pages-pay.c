/* Pay over a whole wallet: a drawn picture to a booked row, one approval however the button is pressed, errors beside the
 * field, and nothing left behind. */
#include "page-fixture.h"

#include "jn-amount-step.h"
#include "jn-code-input.h"
#include "jn-confirm-sheet.h"
#include "jn-page.h"
#include "jn-pay-page.h"
#include "jn-payment-view.h"
#include "jn-pin-entry.h"
#include "jn-result-page.h"

static void
give_picture (Fixture *self, guint index)
{
  g_autoptr (GBytes) png = shop_picture (&self->rig, index);

  g_signal_emit_by_name (walk_find (self->page, JN_TYPE_CODE_INPUT), "picture", png);
}

static GtkWidget *
to_sheet (Fixture *self)
{
  give_picture (self, 0);
  rig_until (walk_find (self->page, JN_TYPE_CONFIRM_SHEET));
  run_for (250);
  return walk_find (self->page, JN_TYPE_CONFIRM_SHEET);
}

static void
test_paid_once (void)
{
  Fixture self = { 0 };
  GtkWidget *sheet, *button;
  JnId nobody = { 0 };
  guint before = 0, after = 0;

  page_open (&self, jn_pay_page_new, 1000, 700);
  assert_named (self.page);
  rig_count_at_bank (&self.rig, &nobody, &before);
  sheet = to_sheet (&self);
  assert_named (self.page);
  g_assert_true (jn_page_can_go_back (JN_PAGE (self.page)));
  button = find_class (sheet, "big-button");
  jn_pin_entry_insert (JN_PIN_ENTRY (walk_find (sheet, JN_TYPE_PIN_ENTRY)), PIN);
  for (int i = 0; i < 5; i++)
    g_signal_emit_by_name (button, "clicked");
  gtk_widget_activate (button);
  g_assert_false (gtk_widget_get_sensitive (button));
  rig_until (walk_find (self.page, JN_TYPE_RESULT_PAGE));
  run_for (300);
  assert_named (self.page);
  g_assert_true (walk_shows (self.page, "Paid"));
  rig_count_at_bank (&self.rig, &nobody, &after);
  g_assert_cmpuint (after, ==, before + 1);
  jn_page_go_back (JN_PAGE (self.page));
  run_for (250);
  g_assert_nonnull (walk_find (self.page, JN_TYPE_CODE_INPUT));
  g_assert_false (jn_page_can_go_back (JN_PAGE (self.page)));
  page_close (&self);
}

static void
test_enter_moves (void)
{
  Fixture self = { 0 };
  GtkWidget *sheet, *pin;
  JnId nobody = { 0 };
  guint before = 0, after = 0;

  page_open (&self, jn_pay_page_new, 1000, 700);
  rig_count_at_bank (&self.rig, &nobody, &before);
  sheet = to_sheet (&self);
  pin = walk_find (sheet, JN_TYPE_PIN_ENTRY);
  jn_pin_entry_insert (JN_PIN_ENTRY (pin), PIN);
  g_signal_emit_by_name (pin, "submit");
  run_for (300);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (self.window))
                 == find_class (sheet, "big-button"));
  g_assert_nonnull (walk_find (self.page, JN_TYPE_CONFIRM_SHEET));
  rig_count_at_bank (&self.rig, &nobody, &after);
  g_assert_cmpuint (after, ==, before);
  jn_page_go_back (JN_PAGE (self.page));
  page_close (&self);
}

static void
test_wrong_pin (void)
{
  Fixture self = { 0 };
  GtkWidget *sheet, *pin, *button;

  page_open (&self, jn_pay_page_new, 360, 720);
  sheet = to_sheet (&self);
  button = find_class (sheet, "big-button");
  pin = walk_find (sheet, JN_TYPE_PIN_ENTRY);
  g_signal_emit_by_name (button, "clicked");
  g_assert_true (walk_shows (sheet, "Type the six digits of your payment PIN first."));
  jn_pin_entry_insert (JN_PIN_ENTRY (pin), "111222");
  g_signal_emit_by_name (button, "clicked");
  rig_until (gtk_widget_get_sensitive (button));
  g_assert_cmpuint (jn_pin_entry_get_n_digits (JN_PIN_ENTRY (pin)), ==, 0);
  g_assert_nonnull (find_class (sheet, "error-text"));
  jn_pin_entry_insert (JN_PIN_ENTRY (pin), PIN);
  g_signal_emit_by_name (button, "clicked");
  rig_until (walk_find (self.page, JN_TYPE_RESULT_PAGE));
  page_close (&self);
}

/* What the window does when another place is chosen. */
static void
take_away (Fixture *self)
{
  g_object_ref (self->page);
  gtk_window_set_child (GTK_WINDOW (self->window), NULL);
}

static void
bring_back (Fixture *self)
{
  gtk_window_set_child (GTK_WINDOW (self->window), self->page);
  g_object_unref (self->page);
}

/* A sheet on which a wrong PIN was typed is closed, also at the bank, when it is left: by going back, or for another place. */
static void
test_left_after_wrong_pin (gconstpointer data)
{
  gboolean back = GPOINTER_TO_INT (data);
  Fixture self = { 0 };
  GtkWidget *sheet, *button;
  g_autoptr (JnPayment) payment = NULL;

  page_open (&self, jn_pay_page_new, 360, 720);
  sheet = to_sheet (&self);
  button = find_class (sheet, "big-button");
  payment = g_object_ref (
      jn_payment_view_get_payment (JN_PAYMENT_VIEW (walk_find (self.page, JN_TYPE_PAYMENT_VIEW))));
  take_away (&self);
  run_for (50);
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_CONFIRM);
  bring_back (&self);
  jn_pin_entry_insert (JN_PIN_ENTRY (walk_find (sheet, JN_TYPE_PIN_ENTRY)), "111222");
  g_signal_emit_by_name (button, "clicked");
  rig_until (gtk_widget_get_sensitive (button));
  if (back)
    jn_page_go_back (JN_PAGE (self.page));
  else
    take_away (&self);
  rig_until_state (payment, JN_PAYMENT_CANCELLED);
  if (!back)
    bring_back (&self);
  run_for (200);
  g_assert_nonnull (walk_find (self.page, JN_TYPE_CODE_INPUT));
  rig_until (rig_count_unsettled (&self.rig) == 0);
  page_close (&self);
}

static void
test_bad_codes (void)
{
  Fixture self = { 0 };
  GtkWidget *input;
  g_autoptr (GBytes) noise = g_bytes_new_static ("not a picture", 13);

  page_open (&self, jn_pay_page_new, 1000, 700);
  input = walk_find (self.page, JN_TYPE_CODE_INPUT);
  g_signal_emit_by_name (input, "code", "000201");
  rig_until (find_class (self.page, "trouble"));
  assert_named (self.page);
  jn_code_input_clear (JN_CODE_INPUT (input));
  g_assert_null (find_class (self.page, "trouble"));
  g_signal_emit_by_name (input, "picture", noise);
  rig_until (find_class (self.page, "trouble"));
  to_sheet (&self);
  page_close (&self);
}

static void
test_amount_typed (void)
{
  Fixture self = { 0 };
  g_autoptr (GListModel) shops = NULL;
  GtkWidget *step, *entry;

  page_open (&self, jn_pay_page_new, 1000, 700);
  shops = rig_list_shops (&self.rig);
  for (guint i = 0; i < g_list_model_get_n_items (shops); i++)
    {
      g_autoptr (JnShopItem) shop = g_list_model_get_item (shops, i);

      if (jn_shop_item_get_amount (shop).currency != JN_CURRENCY_NONE)
        continue;
      give_picture (&self, i);
      break;
    }
  rig_until (walk_find (self.page, JN_TYPE_AMOUNT_STEP));
  step = walk_find (self.page, JN_TYPE_AMOUNT_STEP);
  entry = walk_find (step, GTK_TYPE_ENTRY);
  assert_named (self.page);
  gtk_editable_set_text (GTK_EDITABLE (entry), "1.234");
  g_signal_emit_by_name (entry, "activate");
  rig_until (find_class (step, "error-text"));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "1.234");
  gtk_editable_set_text (GTK_EDITABLE (entry), "１２。５");
  g_signal_emit_by_name (entry, "activate");
  rig_until (walk_find (self.page, JN_TYPE_CONFIRM_SHEET));
  run_for (200);
  g_assert_true (walk_shows (self.page, "Pay ¥12.50"));
  page_close (&self);
}

/* Masked, no digit of an amount is anywhere on the sheet. */
static void
test_masked (void)
{
  Fixture self = { 0 };

  page_open (&self, jn_pay_page_new, 1000, 700);
  jn_context_set_masked (self.rig.context, TRUE);
  to_sheet (&self);
  g_assert_true (walk_shows (self.page, "Pay •••••"));
  g_assert_false (walk_shows (self.page, "¥22.00"));
  g_assert_false (walk_shows (self.page, "人民币壹拾玖元整"));
  jn_context_set_masked (self.rig.context, FALSE);
  g_assert_true (walk_shows (self.page, "Pay ¥19.00"));
  page_close (&self);
}

int
main (int argc, char **argv)
{
  page_test_init (&argc, &argv);
  g_test_add_func ("/pages/pay/once", test_paid_once);
  g_test_add_func ("/pages/pay/enter-moves", test_enter_moves);
  g_test_add_func ("/pages/pay/wrong-pin", test_wrong_pin);
  g_test_add_data_func ("/pages/pay/wrong-pin-back", GINT_TO_POINTER (TRUE),
                        test_left_after_wrong_pin);
  g_test_add_data_func ("/pages/pay/wrong-pin-away", GINT_TO_POINTER (FALSE),
                        test_left_after_wrong_pin);
  g_test_add_func ("/pages/pay/bad-codes", test_bad_codes);
  g_test_add_func ("/pages/pay/amount", test_amount_typed);
  g_test_add_func ("/pages/pay/masked", test_masked);
  return g_test_run ();
}
