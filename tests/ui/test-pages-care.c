/* Inbox, journal, doctor and the questions before the PIN over a whole wallet: what they say, and that they go away. */
#include "rig.h"
#include "walk.h"

#include <adwaita.h>
#include <string.h>

#include "jn-doctor-dialog.h"
#include "jn-fonts.h"
#include "jn-inbox-page.h"
#include "jn-journal-page.h"
#include "jn-page.h"
#include "jn-question-steps.h"

#define PIN "258036"

typedef struct
{
  Rig rig;
  GtkWidget *window;
  GtkWidget *page;
} Fixture;

static void
show_page (Fixture *self, GtkWidget *page, int width)
{
  self->page = page;
  self->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (self->window), width, 700);
  gtk_window_set_child (GTK_WINDOW (self->window), page);
  gtk_window_present (GTK_WINDOW (self->window));
  run_for (200);
}

static void
close_page (Fixture *self)
{
  GtkWidget *page = self->page;

  g_object_add_weak_pointer (G_OBJECT (page), (gpointer *) &self->page);
  assert_closed (self->window);
  g_assert_null (self->page);
  rig_stop (&self->rig);
  rig_clear (&self->rig);
}

static JnPayment *
pay_coffee (Rig *rig)
{
  JnPayment *payment = rig_quote_coffee (rig);

  jn_payment_approve (payment, PIN);
  rig_until_state (payment, JN_PAYMENT_MADE);
  return payment;
}

static const char *
text_with (GtkWidget *widget, const char *part)
{
  const char *found = NULL;

  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), part))
    return gtk_label_get_text (GTK_LABEL (widget));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = text_with (child, part);
  return found;
}

static GtkWidget *
button_of (GtkWidget *widget, const char *label)
{
  GtkWidget *found = NULL;

  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = button_of (child, label);
  return found;
}

static void
press (GtkWidget *widget, const char *label)
{
  GtkWidget *button = button_of (widget, label);

  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
}

/* Narrow and wide: empty with a sentence, then one row that says how it ended, with no amount while they are hidden. */
static void
test_inbox (gconstpointer data)
{
  Fixture self = { 0 };
  g_autoptr (JnPayment) payment = NULL;

  rig_init_enrolled (&self.rig);
  show_page (&self, jn_inbox_page_new (self.rig.context), GPOINTER_TO_INT (data));
  g_assert_true (walk_shows (self.page, "How your payments end is told here."));
  payment = pay_coffee (&self.rig);
  rig_until (text_with (self.page, "Paid ¥19.00 to "));
  assert_named (self.page);
  jn_context_set_masked (self.rig.context, TRUE);
  run_for (100);
  g_assert_null (text_with (self.page, "19.00"));
  g_assert_nonnull (text_with (self.page, "Paid •"));
  close_page (&self);
}

/* The list has the payment; its page has the key that the bank was asked with, and goes back to the list. */
static void
test_journal (gconstpointer data)
{
  Fixture self = { 0 };
  g_autoptr (JnPayment) payment = NULL;
  g_autofree char *id = NULL;
  g_autofree char *target = NULL;
  JnId intent;

  rig_init_enrolled (&self.rig);
  show_page (&self, jn_journal_page_new (self.rig.context), GPOINTER_TO_INT (data));
  rig_until (walk_shows (self.page, "No payment was begun on this computer yet."));
  payment = pay_coffee (&self.rig);
  intent = rig_intent_of (payment);
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
  close_page (&self);
}

static GtkWidget *
find_doctor (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (JN_IS_DOCTOR_DIALOG (window))
        return window;
    }
  return NULL;
}

/* With the network cut it says that, and its one button mends it. */
static void
test_doctor (void)
{
  Fixture self = { 0 };
  GtkWidget *dialog;

  rig_init_enrolled (&self.rig);
  show_page (&self, jn_doctor_button_new (self.rig.context, NULL, 0), 1000);
  jn_context_set_cut (self.rig.context, TRUE);
  g_signal_emit_by_name (self.page, "clicked");
  dialog = find_doctor ();
  g_assert_nonnull (dialog);
  rig_until (walk_shows (dialog, "The sandbox’s network is cut."));
  rig_until (button_of (dialog, "Reconnect"));
  assert_named (dialog);
  press (dialog, "Reconnect");
  rig_until (button_of (dialog, "Close"));
  g_assert_false (jn_context_get_cut (self.rig.context));
  g_assert_false (walk_shows (dialog, "The sandbox’s network is cut."));
  press (dialog, "Close");
  rig_until (find_doctor () == NULL);
  close_page (&self);
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
  show_page (&self, jn_again_step_new (self.rig.context, second), 360);
  assert_named (self.page);
  g_assert_nonnull (text_with (self.page, "You paid ¥12.00 to "));
  press (self.page, "_Pay again");
  rig_until_state (second, JN_PAYMENT_CONFIRM);
  jn_payment_cancel (second);
  rig_until_state (second, JN_PAYMENT_CANCELLED);
  close_page (&self);
}

/* More than there is: how much is short, what tops it up, and a way out with nothing sent. */
static void
test_short (void)
{
  Fixture self = { 0 };
  g_autoptr (JnPayment) payment = NULL;

  rig_init_enrolled (&self.rig);
  payment = begin (&self.rig, "1030", JN_PAYMENT_SHORT);
  show_page (&self, jn_short_step_new (self.rig.context, payment), 360);
  assert_named (self.page);
  g_assert_true (walk_shows (self.page, "¥30.00 short"));
  g_assert_nonnull (button_of (self.page, "Top up ¥30.00 and continue"));
  jn_context_set_masked (self.rig.context, TRUE);
  run_for (100);
  g_assert_null (text_with (self.page, "30.00"));
  press (self.page, "Cancel");
  rig_until_state (payment, JN_PAYMENT_CANCELLED);
  close_page (&self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  jn_fonts_apply ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  g_test_add_data_func ("/pages/care/inbox", GINT_TO_POINTER (1000), test_inbox);
  g_test_add_data_func ("/pages/care/inbox-narrow", GINT_TO_POINTER (360), test_inbox);
  g_test_add_data_func ("/pages/care/journal", GINT_TO_POINTER (1000), test_journal);
  g_test_add_data_func ("/pages/care/journal-narrow", GINT_TO_POINTER (360), test_journal);
  g_test_add_func ("/pages/care/doctor", test_doctor);
  g_test_add_func ("/pages/care/again", test_again);
  g_test_add_func ("/pages/care/short", test_short);
  return g_test_run ();
}
