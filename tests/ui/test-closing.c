/* A window that goes while money is on its way asks once; a wallet that goes takes its sheets and dialogs with it. */
#include "page-fixture.h"

#include <adwaita.h>

#include "jn-code-input.h"
#include "jn-confirm-sheet.h"
#include "jn-payment-view.h"
#include "jn-pin-entry.h"
#include "jn-result-page.h"
#include "jn-search-dialog.h"
#include "jn-welcome-page.h"
#include "jn-window.h"

static GtkWidget *
open_window (Rig *rig)
{
  rig_init_enrolled (rig);
  return window_open (rig, 1000, 700);
}

static JnPayment *
to_sheet (Rig *rig, GtkWidget *window)
{
  g_autoptr (GBytes) png = shop_picture (rig, 0);

  jn_window_go (JN_WINDOW (window), "pay");
  rig_until (walk_find (window, JN_TYPE_CODE_INPUT));
  g_signal_emit_by_name (walk_find (window, JN_TYPE_CODE_INPUT), "picture", png);
  rig_until (walk_find (window, JN_TYPE_CONFIRM_SHEET));
  run_for (200);
  return g_object_ref (
      jn_payment_view_get_payment (JN_PAYMENT_VIEW (walk_find (window, JN_TYPE_PAYMENT_VIEW))));
}

static gboolean
ask_to_close (GtkWidget *window)
{
  gboolean stays = FALSE;

  g_signal_emit_by_name (window, "close-request", &stays);
  return stays;
}

static void
test_asks (void)
{
  Rig rig = { 0 };
  GtkWidget *window = open_window (&rig);
  g_autoptr (JnPayment) payment = to_sheet (&rig, window);
  GtkWidget *dialog;

  g_assert_false (jn_context_is_sending (rig.context));
  jn_payment_approve (payment, PIN);
  g_assert_true (jn_context_is_sending (rig.context));
  g_assert_true (ask_to_close (window));
  g_assert_true (ask_to_close (window));
  dialog = find_window (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_nonnull (dialog);
  g_assert_cmpstr (adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (dialog)), ==,
                   "A payment is being sent…");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), "wait");
  rig_until_state (payment, JN_PAYMENT_MADE);
  g_assert_false (jn_context_is_sending (rig.context));
  run_for (200);
  g_assert_nonnull (walk_find (window, JN_TYPE_RESULT_PAGE));
  assert_closed (window);
  rig_stop (&rig);
  rig_clear (&rig);
}

/* Who closes anyway finds one payment at the next start, made or not made, and nothing left open. */
static void
test_closed_anyway (void)
{
  Rig rig = { 0 };
  GtkWidget *window = open_window (&rig);
  JnPayment *payment = to_sheet (&rig, window);
  JnId intent = rig_intent_of (payment);
  guint all = 0;

  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  jn_payment_approve (payment, PIN);
  g_object_unref (payment);
  g_assert_true (ask_to_close (window));
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (find_window (ADW_TYPE_MESSAGE_DIALOG)), "close");
  rig_until (window == NULL);
  rig_stop (&rig);
  rig_start (&rig);
  rig_until (jn_context_get_stage (rig.context) == JN_STAGE_READY);
  rig_until (rig_count_unsettled (&rig) == 0);
  g_assert_cmpuint (rig_count_at_bank (&rig, &intent, &all), ==,
                    rig_intent_state (&rig, &intent) == JN_INTENT_MADE ? 1 : 0);
  rig_stop (&rig);
  rig_clear (&rig);
}

static void
test_start_over (gconstpointer data)
{
  Rig rig = { 0 };
  GtkWidget *window = open_window (&rig);
  JnPayment *payment = to_sheet (&rig, window);

  g_object_add_weak_pointer (G_OBJECT (payment), (gpointer *) &payment);
  g_object_unref (payment);
  gtk_window_present (GTK_WINDOW (jn_search_dialog_new (rig.context, GTK_WINDOW (window))));
  g_assert_nonnull (find_window (JN_TYPE_SEARCH_DIALOG));
  if (GPOINTER_TO_INT (data))
    jn_context_erase (rig.context);
  else
    jn_context_start_over (rig.context);
  g_assert_null (walk_find (window, JN_TYPE_CONFIRM_SHEET));
  g_assert_null (find_window (JN_TYPE_SEARCH_DIALOG));
  rig_until (jn_context_get_stage (rig.context) == JN_STAGE_WELCOME);
  run_for (200);
  g_assert_nonnull (walk_find (window, JN_TYPE_WELCOME_PAGE));
  rig_until (payment == NULL);
  assert_closed (window);
  rig_stop (&rig);
  rig_clear (&rig);
}

/* A sheet, and the end of the program. */
static void
cut_off (Rig *rig)
{
  JnPayment *payment;

  rig_init_enrolled (rig);
  payment = rig_quote_coffee (rig);
  rig_stop (rig);
  g_assert_finalize_object (payment);
}

/* The next start, which is seen from its beginning. */
static GtkWidget *
start_again (Rig *rig)
{
  GtkWidget *window;

  rig_make_context (rig);
  window = window_open (rig, 360, 700);
  jn_context_start (rig->context);
  return window;
}

/* Shown again from the order alone: that a coupon is used is said, though nobody knows any more what it was called. */
static void
test_coupon_over (void)
{
  Rig rig = { 0 };
  GtkWidget *window;

  cut_off (&rig);
  rig_run_sql (&rig, "wallet.db", "DELETE FROM document WHERE name = 'offers'");
  window = start_again (&rig);
  rig_until (walk_find (window, JN_TYPE_CONFIRM_SHEET));
  run_for (200);
  g_assert_true (walk_shows (window, "Coupon"));
  g_assert_true (walk_shows (window, "−¥3.00"));
  assert_named (window);
  assert_closed (window);
  rig_stop (&rig);
  rig_clear (&rig);
}

/* The bank does not take it up again: that is said, and what becomes of it. */
static void
test_not_shown_again (void)
{
  static const char words[] = "Not approved, being closed: 晨光咖啡";
  Rig rig = { 0 };
  GtkWidget *window;

  cut_off (&rig);
  rig_tamper (&rig, "UPDATE payment SET expires_at = 1");
  window = start_again (&rig);
  rig_until (walk_shows (window, words));
  run_for (400);
  assert_texts_fit (window);
  g_assert_null (walk_find (window, JN_TYPE_CONFIRM_SHEET));
  g_assert_nonnull (walk_find (window, JN_TYPE_CODE_INPUT));
  rig_until (rig_count_unsettled (&rig) == 0);
  assert_closed (window);
  rig_stop (&rig);
  rig_clear (&rig);
}

int
main (int argc, char **argv)
{
  page_test_init (&argc, &argv);
  g_test_add_func ("/ui/closing/asks", test_asks);
  g_test_add_func ("/ui/closing/anyway", test_closed_anyway);
  g_test_add_data_func ("/ui/closing/start-over", GINT_TO_POINTER (FALSE), test_start_over);
  g_test_add_data_func ("/ui/closing/erase", GINT_TO_POINTER (TRUE), test_start_over);
  g_test_add_func ("/ui/closing/coupon-over", test_coupon_over);
  g_test_add_func ("/ui/closing/not-shown-again", test_not_shown_again);
  return g_test_run ();
}
