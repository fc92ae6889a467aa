/* Bills, Transfers and Offers over a whole wallet: what they show, what they keep, and that they go away. */
#include "page-fixture.h"

#include <string.h>

#include "jn-bill-detail.h"
#include "jn-bills-page.h"
#include "jn-confirm-sheet.h"
#include "jn-coupon-card.h"
#include "jn-offer-text.h"
#include "jn-offers-page.h"
#include "jn-page.h"
#include "jn-payee-check-view.h"
#include "jn-pin-entry.h"
#include "jn-result-page.h"
#include "jn-sms-step.h"
#include "jn-state-stack.h"
#include "jn-transfer-form.h"
#include "jn-transfers-page.h"

static JnViewState
list_state (Fixture *self)
{
  GtkWidget *list = GTK_WIDGET (jn_bills_page_get_list (JN_BILLS_PAGE (self->page)));

  return jn_state_stack_get_state (JN_STATE_STACK (walk_find (list, JN_TYPE_STATE_STACK)));
}

/* Whether the list has rows, and those at its top are read and of this category. */
static gboolean
all_in_category (JnBills *bills, JnCategory category)
{
  GListModel *entries = jn_bills_get_entries (bills);
  guint n = MIN (g_list_model_get_n_items (entries), 5);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (JnEntryItem) item = g_list_model_get_item (entries, i);

      if (jn_entry_item_get_state (item) == JN_ENTRY_LOADING
          || jn_entry_item_get_category (item) != category)
        return FALSE;
    }
  return n > 0;
}

static void
test_bills (gconstpointer data)
{
  Fixture self = { 0 };
  JnBills *bills;

  page_open (&self, jn_bills_page_new, GPOINTER_TO_INT (data), 700);
  bills = jn_context_get_bills (self.rig.context);
  rig_until (list_state (&self) == JN_VIEW_CONTENT);
  run_for (200);
  assert_named (self.page);
  jn_page_open (JN_PAGE (self.page), "category:2");
  g_assert_cmpint (jn_bills_get_category (bills), ==, JN_CATEGORY_DINING);
  rig_until (all_in_category (bills, JN_CATEGORY_DINING));
  jn_page_open (JN_PAGE (self.page), "search:zzzz");
  rig_until (list_state (&self) == JN_VIEW_EMPTY);
  run_for (200);
  assert_named (self.page);
  gtk_widget_activate_action (GTK_WIDGET (jn_bills_page_get_list (JN_BILLS_PAGE (self.page))),
                              "bills.end-search", NULL);
  rig_until (list_state (&self) == JN_VIEW_CONTENT);
  page_close (&self);
}

static void
test_bill_detail (void)
{
  Fixture self = { 0 };
  g_autoptr (JnEntryItem) item = NULL;
  g_autofree char *id = NULL;
  g_autofree char *target = NULL;

  page_open (&self, jn_bills_page_new, 1000, 700);
  rig_until (list_state (&self) == JN_VIEW_CONTENT);
  item = g_list_model_get_item (jn_bills_get_entries (jn_context_get_bills (self.rig.context)), 2);
  rig_until (jn_entry_item_get_state (item) != JN_ENTRY_LOADING);
  id = jn_id_to_string (jn_entry_item_get_id (item));
  target = g_strconcat ("entry:", id, NULL);
  jn_page_open (JN_PAGE (self.page), target);
  rig_until (walk_find (self.page, JN_TYPE_BILL_DETAIL));
  run_for (200);
  assert_named (self.page);
  g_assert_true (walk_shows (self.page, id));
  g_assert_true (jn_page_can_go_back (JN_PAGE (self.page)));
  jn_page_go_back (JN_PAGE (self.page));
  run_for (200);
  g_assert_null (walk_find (self.page, JN_TYPE_BILL_DETAIL));
  page_close (&self);
}

/* The bill of a payment that nobody knows the end of says how it ended, while it is looked at. */
static void
test_bill_settles (void)
{
  Fixture self = { 0 };
  g_autoptr (JnPayment) payment = NULL;
  g_autofree char *id = NULL;
  g_autofree char *target = NULL;
  JnId intent;

  page_open (&self, jn_bills_page_new, 360, 700);
  payment = rig_quote_coffee (&self.rig);
  intent = rig_intent_of (payment);
  jn_context_set_cut (self.rig.context, TRUE);
  jn_payment_approve (payment, PIN);
  rig_until_state (payment, JN_PAYMENT_CHECKING);
  id = jn_id_to_string (&intent);
  target = g_strconcat ("entry:", id, NULL);
  jn_page_open (JN_PAGE (self.page), target);
  rig_until (text_with (self.page, "Not known yet."));
  g_assert_nonnull (walk_find (self.page, JN_TYPE_BILL_DETAIL));
  jn_context_set_cut (self.rig.context, FALSE);
  rig_until (text_with (self.page, "Booked by the bank."));
  g_assert_nonnull (walk_find (self.page, JN_TYPE_BILL_DETAIL));
  g_assert_null (text_with (self.page, "Not known yet"));
  page_close (&self);
}

/* ---- transfers ---- */

static GtkEditable *
entry_of (GtkWidget *form, guint index)
{
  guint seen = 0;
  GtkWidget *box = gtk_widget_get_first_child (form);

  for (GtkWidget *child = gtk_widget_get_first_child (box); child;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_ENTRY (child) && seen++ == index)
      return GTK_EDITABLE (child);
  g_assert_not_reached ();
}

static void
test_transfer_text (void)
{
  Fixture self = { 0 };
  GtkWidget *form, *button;
  g_autoptr (JnPayeeItem) payee = NULL;
  g_autofree char *text = NULL;

  page_open (&self, jn_transfers_page_new, 1000, 700);
  assert_named (self.page);
  form = walk_find (self.page, JN_TYPE_TRANSFER_FORM);
  payee = g_list_model_get_item (jn_context_get_payees (self.rig.context), 1);
  text = g_strdup_printf ("%s %s 30元", jn_payee_item_get_name (payee),
                          jn_payee_item_get_account (payee));
  gtk_editable_set_text (entry_of (form, 0), text);
  g_assert_cmpstr (gtk_editable_get_text (entry_of (form, 1)), ==, jn_payee_item_get_name (payee));
  g_assert_cmpstr (gtk_editable_get_text (entry_of (form, 3)), ==, "30.00");
  gtk_editable_set_text (entry_of (form, 0), "nothing useful");
  g_assert_true (walk_shows (self.page,
                             "There is no account number in this text. Type the account number "
                             "yourself, or paste another text.")
                 || gtk_widget_has_css_class (GTK_WIDGET (entry_of (form, 0)), "error"));
  g_assert_cmpstr (gtk_editable_get_text (entry_of (form, 3)), ==, "30.00");
  button = gtk_widget_get_last_child (gtk_widget_get_first_child (form));
  rig_until (gtk_widget_get_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
  rig_until (walk_find (self.page, JN_TYPE_CONFIRM_SHEET));
  run_for (200);
  assert_named (self.page);
  jn_page_go_back (JN_PAGE (self.page));
  run_for (200);
  g_assert_cmpstr (gtk_editable_get_text (entry_of (form, 1)), ==, jn_payee_item_get_name (payee));
  page_close (&self);
}

static void
test_transfer_mismatch (void)
{
  Fixture self = { 0 };
  GtkWidget *form, *button;
  g_autoptr (JnPayeeItem) payee = NULL;

  page_open (&self, jn_transfers_page_new, 360, 720);
  form = walk_find (self.page, JN_TYPE_TRANSFER_FORM);
  payee = g_list_model_get_item (jn_context_get_payees (self.rig.context), 0);
  gtk_editable_set_text (entry_of (form, 1), "欧阳无名");
  gtk_editable_set_text (entry_of (form, 2), jn_payee_item_get_account (payee));
  gtk_editable_set_text (entry_of (form, 3), "12.5");
  button = gtk_widget_get_last_child (gtk_widget_get_first_child (form));
  rig_until (walk_shows (self.page, "Transfer _anyway")
             || walk_shows (self.page, "Transfer anyway"));
  g_assert_false (gtk_widget_get_sensitive (button));
  assert_named (self.page);
  page_close (&self);
}

/* Above the bank's limit the text message's code is asked for; a wrong one says so and the right one makes the transfer. */
static void
test_transfer_sms (void)
{
  Fixture self = { 0 };
  GtkWidget *form, *button, *sheet, *step;
  g_autoptr (JnPayeeItem) payee = NULL;
  g_autofree char *text = NULL;
  g_autofree char *code = NULL;
  guint known;

  page_open (&self, jn_transfers_page_new, 1000, 700);
  form = walk_find (self.page, JN_TYPE_TRANSFER_FORM);
  payee = g_list_model_get_item (jn_context_get_payees (self.rig.context), 2);
  text = g_strdup_printf ("%s %s 700元", jn_payee_item_get_name (payee),
                          jn_payee_item_get_account (payee));
  gtk_editable_set_text (entry_of (form, 0), text);
  button = gtk_widget_get_last_child (gtk_widget_get_first_child (form));
  rig_until (gtk_widget_get_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
  rig_until ((sheet = walk_find (self.page, JN_TYPE_CONFIRM_SHEET)));
  known = g_list_model_get_n_items (
      jn_test_phone_get_messages (jn_context_get_test_phone (self.rig.context)));
  jn_pin_entry_insert (JN_PIN_ENTRY (walk_find (sheet, JN_TYPE_PIN_ENTRY)), PIN);
  g_signal_emit_by_name (find_class (sheet, "big-button"), "clicked");
  rig_until ((step = walk_find (self.page, JN_TYPE_SMS_STEP)));
  run_for (200);
  assert_named (self.page);
  code = rig_wait_sms (&self.rig, known);
  jn_pin_entry_insert (JN_PIN_ENTRY (walk_find (step, JN_TYPE_PIN_ENTRY)),
                       g_str_equal (code, "000000") ? "111111" : "000000");
  g_signal_emit_by_name (find_class (step, "big-button"), "clicked");
  rig_until (find_class (step, "error-text"));
  jn_pin_entry_insert (JN_PIN_ENTRY (walk_find (step, JN_TYPE_PIN_ENTRY)), code);
  g_signal_emit_by_name (find_class (step, "big-button"), "clicked");
  rig_until (walk_find (self.page, JN_TYPE_RESULT_PAGE));
  run_for (200);
  g_assert_true (walk_shows (self.page, "Transferred"));
  jn_page_go_back (JN_PAGE (self.page));
  g_assert_cmpstr (gtk_editable_get_text (entry_of (form, 3)), ==, "");
  page_close (&self);
}

/* ---- offers ---- */

/* Where the lines of a text break changes with each width, and which of them are Chinese and higher with it. */
static void
assert_fits_narrow (GtkWidget *window)
{
  for (int width = 380; width >= 330; width -= 5)
    {
      gtk_window_set_default_size (GTK_WINDOW (window), width, 720);
      run_for (60);
      assert_texts_fit (window);
    }
}

static void
test_offers (void)
{
  Fixture self = { 0 };
  JnOffers *offers;

  page_open (&self, jn_offers_page_new, 1000, 700);
  offers = jn_context_get_offers (self.rig.context);
  rig_until (jn_offers_get_state (offers) == JN_VIEW_CONTENT);
  run_for (200);
  assert_named (self.page);
  g_assert_nonnull (walk_find (self.page, JN_TYPE_COUPON_CARD));
  for (guint i = 0; i < g_list_model_get_n_items (jn_offers_get_offers (offers)); i++)
    {
      g_autoptr (JnOfferItem) offer = g_list_model_get_item (jn_offers_get_offers (offers), i);
      g_autofree char *rules =
          jn_offer_text_dup_rules (offer, jn_context_now (self.rig.context), FALSE);

      g_assert_true (walk_shows (self.page, rules));
      g_assert_null (strchr (rules, '{'));
    }
  assert_fits_narrow (self.window);
  page_close (&self);
}

int
main (int argc, char **argv)
{
  page_test_init (&argc, &argv);
  g_test_add_data_func ("/pages/bills/wide", GINT_TO_POINTER (1000), test_bills);
  g_test_add_data_func ("/pages/bills/narrow", GINT_TO_POINTER (360), test_bills);
  g_test_add_func ("/pages/bills/detail", test_bill_detail);
  g_test_add_func ("/pages/bills/settles", test_bill_settles);
  g_test_add_func ("/pages/transfers/text", test_transfer_text);
  g_test_add_func ("/pages/transfers/mismatch", test_transfer_mismatch);
  g_test_add_func ("/pages/transfers/sms", test_transfer_sms);
  g_test_add_func ("/pages/offers", test_offers);
  return g_test_run ();
}
