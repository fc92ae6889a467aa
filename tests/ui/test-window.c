/* The window over a whole wallet with an embedded bank: every stage and place, names, widths, languages, no inspector. */
#include "page-fixture.h"

#include <glib/gstdio.h>

#include "jn-bills-page.h"
#include "jn-broken-page.h"
#include "jn-enrolment-page.h"
#include "jn-format.h"
#include "jn-offers-page.h"
#include "jn-pay-page.h"
#include "jn-places.h"
#include "jn-safety-page.h"
#include "jn-search-dialog.h"
#include "jn-settings.h"
#include "jn-shell.h"
#include "jn-transfers-page.h"
#include "jn-welcome-page.h"
#include "jn-window.h"

static void
test_welcome (void)
{
  Rig rig = { 0 };
  GtkWidget *window;

  rig_init (&rig);
  rig_start_bank (&rig);
  rig_start (&rig);
  window = window_open (&rig, 1000, 700);
  g_assert_nonnull (walk_find (window, JN_TYPE_WELCOME_PAGE));
  assert_named (window);
  jn_context_begin_enrolment (rig.context);
  rig_until (jn_context_get_stage (rig.context) == JN_STAGE_ENROLLING
             && jn_context_get_enrolment (rig.context));
  run_for (200);
  g_assert_nonnull (walk_find (window, JN_TYPE_ENROLMENT_PAGE));
  assert_named (window);
  jn_enrolment_cancel (jn_context_get_enrolment (rig.context));
  rig_until (jn_context_get_stage (rig.context) == JN_STAGE_WELCOME);
  rig_enrol (&rig);
  run_for (300);
  g_assert_nonnull (walk_find (window, JN_TYPE_SHELL));
  g_assert_cmpstr (jn_window_get_place (JN_WINDOW (window)), ==, "home");
  assert_closed (window);
  rig_stop (&rig);
  rig_clear (&rig);
}

static void
resize (GtkWidget *window, int width, int height)
{
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  run_for (200);
}

static void
visit_places (Rig *rig, int width, int height)
{
  GtkWidget *window = window_open (rig, width, height);

  for (guint i = 0; i < jn_n_places; i++)
    {
      jn_window_go (JN_WINDOW (window), jn_places[i].name);
      run_for (300);
      g_test_message ("%s at %d", jn_places[i].name, width);
      g_assert_cmpstr (jn_window_get_place (JN_WINDOW (window)), ==, jn_places[i].name);
      assert_named (window);
      resize (window, 1360 - width, height);
      assert_texts_fit (window);
      resize (window, width, height);
      assert_texts_fit (window);
    }
  jn_window_go (JN_WINDOW (window), "nowhere");
  g_assert_cmpstr (jn_window_get_place (JN_WINDOW (window)), ==, jn_places[jn_n_places - 1].name);
  g_assert_cmpint (gtk_widget_get_width (window), <=, width + 60);
  assert_closed (window);
}

static void
look_for_amount (GtkWidget *widget, gpointer data)
{
  if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), "¥"))
    g_string_append_printf (data, "\n  %s", gtk_label_get_text (GTK_LABEL (widget)));
}

static void
test_places (void)
{
  Rig rig = { 0 };
  GtkWidget *window;
  g_autoptr (GString) seen = g_string_new (NULL);

  rig_init_enrolled (&rig);
  visit_places (&rig, 1000, 700);
  visit_places (&rig, 360, 720);
  jn_context_set_masked (rig.context, TRUE);
  window = window_open (&rig, 1000, 700);
  run_for (300);
  walk (window, look_for_amount, seen);
  g_assert_cmpstr (seen->str, ==, "");
  g_assert_true (walk_shows (window, JN_MASK));
  assert_closed (window);
  rig_stop (&rig);
  rig_clear (&rig);
}

/* Money's ways are seen in the analysis alone: not by making its page, nor in a bill that was opened from elsewhere. */
static void
test_look (void)
{
  Rig rig = { 0 };
  GtkWidget *window;
  g_autoptr (GSettings) settings = NULL;
  g_autoptr (JnEntryItem) entry = NULL;
  g_autofree char *id = NULL;
  g_autofree char *where = NULL;

  rig_init_enrolled (&rig);
  entry = g_list_model_get_item (jn_home_get_recent (jn_context_get_home (rig.context)), 0);
  id = jn_id_to_string (jn_entry_item_get_id (entry));
  where = g_strconcat ("bills#entry:", id, NULL);
  settings = jn_settings_new (NULL);
  g_settings_set_int (settings, "width", 1000);
  window = jn_window_new (NULL, rig.context, settings);
  gtk_window_present (GTK_WINDOW (window));
  run_for (600);
  g_assert_false (jn_settings_task_is_done (settings, "look"));
  jn_window_go (JN_WINDOW (window), where);
  run_for (400);
  g_assert_false (jn_settings_task_is_done (settings, "look"));
  jn_window_go (JN_WINDOW (window), "home");
  run_for (200);
  jn_window_go (JN_WINDOW (window), "bills");
  run_for (400);
  g_assert_true (jn_settings_task_is_done (settings, "look"));
  assert_closed (window);
  rig_stop (&rig);
  rig_clear (&rig);
}

static void
look_for_checking (JnContext *context, GParamSpec *pspec, gpointer data)
{
  GtkWidget *window = g_object_get_data (G_OBJECT (context), "window");
  gboolean *seen = data;

  *seen |= walk_shows (window, "Checking a payment");
}

/* The pill is not content while a payment is not known. */
static void
test_checking (void)
{
  Rig rig = { 0 };
  GtkWidget *window;
  g_autoptr (JnPayment) payment = NULL;
  gboolean seen = FALSE;

  rig_init_enrolled (&rig);
  window = window_open (&rig, 1000, 700);
  g_object_set_data (G_OBJECT (rig.context), "window", window);
  g_signal_connect (rig.context, "notify::connection", G_CALLBACK (look_for_checking), &seen);
  payment = rig_quote_coffee (&rig);
  g_assert_false (jn_context_is_checking (rig.context));
  jn_context_set_cut (rig.context, TRUE);
  jn_payment_approve (payment, PIN);
  rig_until_state (payment, JN_PAYMENT_CHECKING);
  rig_until (jn_context_is_checking (rig.context));
  g_assert_false (seen);
  jn_context_set_cut (rig.context, FALSE);
  rig_until_state (payment, JN_PAYMENT_MADE);
  rig_until (!jn_context_is_checking (rig.context));
  g_assert_true (seen);
  g_signal_handlers_disconnect_by_data (rig.context, &seen);
  assert_closed (window);
  rig_stop (&rig);
  rig_clear (&rig);
}

typedef GtkWidget *(*MakePage) (JnContext *context);

/* Each page alone: made, shown, and gone without a trace, while the wallet lives on. */
static void
test_pages (void)
{
  const struct
  {
    const char *name;
    MakePage make;
  } pages[] = {
    { "bills", jn_bills_page_new },         { "pay", jn_pay_page_new },
    { "transfers", jn_transfers_page_new }, { "offers", jn_offers_page_new },
    { "safety", jn_safety_page_new },
  };
  Rig rig = { 0 };

  rig_init_enrolled (&rig);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      GtkWidget *window = gtk_window_new ();
      GtkWidget *page = pages[i].make (rig.context);

      g_test_message ("%s", pages[i].name);
      gtk_window_set_child (GTK_WINDOW (window), page);
      gtk_window_present (GTK_WINDOW (window));
      run_for (200);
      g_object_add_weak_pointer (G_OBJECT (page), (gpointer *) &page);
      assert_closed (window);
      g_assert_null (page);
    }
  jn_context_sync (rig.context);
  run_for (200);
  rig_stop (&rig);
  rig_clear (&rig);
}

static void
test_search (void)
{
  Rig rig = { 0 };
  GtkWidget *window, *dialog;

  rig_init_enrolled (&rig);
  window = window_open (&rig, 1000, 700);
  dialog = jn_search_dialog_new (rig.context, GTK_WINDOW (window));
  gtk_window_present (GTK_WINDOW (dialog));
  jn_search_dialog_set_text (JN_SEARCH_DIALOG (dialog), "预算");
  run_for (150);
  g_assert_true (walk_shows (dialog, "Dining budget"));
  g_assert_false (walk_shows (dialog, "New transfer"));
  assert_named (dialog);
  jn_search_dialog_set_text (JN_SEARCH_DIALOG (dialog), "fukuan");
  run_for (50);
  g_assert_true (walk_shows (dialog, "Scan or pay a code"));
  g_signal_emit_by_name (
      walk_find (dialog, GTK_TYPE_LIST_BOX), "row-activated",
      gtk_list_box_get_row_at_index (GTK_LIST_BOX (walk_find (dialog, GTK_TYPE_LIST_BOX)), 0));
  run_for (150);
  g_assert_cmpstr (jn_window_get_place (JN_WINDOW (window)), ==, "pay");
  assert_closed (window);
  rig_stop (&rig);
  rig_clear (&rig);
}

static void
test_no_inspector (void)
{
  Rig rig = { 0 };
  GtkWidget *window;
  gboolean handled = TRUE;

  rig_init (&rig);
  rig_start (&rig);
  window = window_open (&rig, 800, 600);
  g_signal_emit_by_name (window, "enable-debugging", FALSE, &handled);
  g_assert_false (handled);
  run_for (100);
  for (guint i = 0; i < g_list_model_get_n_items (gtk_window_get_toplevels ()); i++)
    {
      g_autoptr (GtkWidget) top = g_list_model_get_item (gtk_window_get_toplevels (), i);
      g_assert_cmpstr (G_OBJECT_TYPE_NAME (top), !=, "GtkInspectorWindow");
    }
  assert_closed (window);
  rig_stop (&rig);
  rig_clear (&rig);
}

static void
test_broken (void)
{
  Rig rig = { 0 };
  GtkWidget *window = gtk_window_new ();

  rig_init (&rig);
  rig_make_context (&rig);
  gtk_window_set_child (GTK_WINDOW (window), jn_broken_page_new (rig.context));
  gtk_window_present (GTK_WINDOW (window));
  run_for (100);
  g_assert_true (walk_shows (window, "Quit"));
  assert_named (window);
  assert_closed (window);
  rig_stop (&rig);
  rig_clear (&rig);
}

static void
test_settings (void)
{
  g_autofree char *folder = g_dir_make_tmp ("jinnang-settings-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "settings.ini", NULL);
  g_autoptr (GSettings) settings = jn_settings_new (path);
  g_autofree char *text = NULL;

  g_assert_false (jn_settings_task_is_done (settings, "pay"));
  g_assert_true (jn_settings_finish_task (settings, "pay"));
  g_assert_false (jn_settings_finish_task (settings, "pay"));
  g_settings_set_string (settings, "language", "zh_CN");
  g_settings_sync ();
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "zh_CN"));
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  page_test_init (&argc, &argv);
  g_test_add_func ("/ui/window/settings", test_settings);
  g_test_add_func ("/ui/window/pages", test_pages);
  g_test_add_func ("/ui/window/welcome", test_welcome);
  g_test_add_func ("/ui/window/places", test_places);
  g_test_add_func ("/ui/window/look", test_look);
  g_test_add_func ("/ui/window/checking", test_checking);
  g_test_add_func ("/ui/window/search", test_search);
  g_test_add_func ("/ui/window/no-inspector", test_no_inspector);
  g_test_add_func ("/ui/window/broken", test_broken);
  return g_test_run ();
}
