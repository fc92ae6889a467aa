/* The widgets, each alone: what they show, what they say, and that nothing of them stays behind. */
#include "walk.h"

#include "jn-amount-label.h"
#include "jn-avatar.h"
#include "jn-banner.h"
#include "jn-bar-chart.h"
#include "jn-bill-line.h"
#include "jn-budget-bar.h"
#include "jn-card.h"
#include "jn-day-bars.h"
#include "jn-entry-row.h"
#include "jn-error.h"
#include "jn-format.h"
#include "jn-items-private.h"
#include "jn-layout-watcher.h"
#include "jn-pin-entry.h"
#include "jn-state-stack.h"

#include <adwaita.h>

#define NOON (G_GINT64_CONSTANT (1795320000) * JN_SECOND) /* 2026-11-22 12:00 at the bank */

static GtkWidget *
show (GtkWidget *child)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_child (GTK_WINDOW (window), child);
  gtk_window_set_default_size (GTK_WINDOW (window), 400, 300);
  gtk_window_present (GTK_WINDOW (window));
  run_for (60);
  return window;
}

static JnEntryItem *
entry (JnEntryState state, gint64 minor, JnCategory category)
{
  JnEntryFacts facts = { .state = state, .category = category };

  facts.payee = g_strdup ("晨光咖啡");
  facts.amount = jn_money (minor, JN_CURRENCY_CNY);
  facts.occurred_at = NOON - JN_HOUR;
  facts.date = jn_date_at (facts.occurred_at);
  if (category == JN_CATEGORY_DINING)
    facts.discount = jn_money (300, JN_CURRENCY_CNY);
  return jn_entry_item_new (&facts);
}

static void
test_amount (void)
{
  GtkWidget *amount = jn_amount_label_new ();
  GtkWidget *window = show (amount);
  PangoAttrList *attributes;

  jn_amount_label_set_money (JN_AMOUNT_LABEL (amount), jn_money (864250, JN_CURRENCY_CNY));
  g_assert_true (walk_shows (window, "¥8,642.50"));
  attributes = gtk_label_get_attributes (GTK_LABEL (gtk_widget_get_first_child (amount)));
  g_assert_nonnull (attributes);
  g_assert_null (gtk_test_accessible_check_property (GTK_ACCESSIBLE (amount),
                                                     GTK_ACCESSIBLE_PROPERTY_LABEL, "¥8,642.50"));
  jn_amount_label_set_masked (JN_AMOUNT_LABEL (amount), TRUE);
  g_assert_true (walk_shows (window, JN_MASK));
  g_assert_false (walk_shows (window, "¥8,642.50"));
  g_assert_null (gtk_test_accessible_check_property (
      GTK_ACCESSIBLE (amount), GTK_ACCESSIBLE_PROPERTY_LABEL, "hidden amount"));
  assert_closed (window);
}

static void
test_entry_row (void)
{
  GtkWidget *row = jn_entry_row_new (NULL);
  GtkWidget *window = show (row);
  g_autoptr (JnEntryItem) coffee = entry (JN_ENTRY_BOOKED, -1900, JN_CATEGORY_DINING);
  g_autoptr (JnEntryItem) salary = entry (JN_ENTRY_BOOKED, 980000, JN_CATEGORY_INCOME);
  g_autoptr (JnEntryItem) unknown = entry (JN_ENTRY_UNKNOWN, -5800, JN_CATEGORY_SHOPPING);
  g_autoptr (JnEntryItem) lazy = jn_entry_item_new_loading ();
  JnEntryFacts late = { .state = JN_ENTRY_BOOKED, .category = JN_CATEGORY_TRANSPORT };

  g_assert_true (gtk_widget_has_css_class (row, "skeleton"));
  jn_entry_row_set_item (JN_ENTRY_ROW (row), coffee);
  g_assert_false (gtk_widget_has_css_class (row, "skeleton"));
  g_assert_true (walk_shows (window, "−¥19.00"));
  g_assert_nonnull (strstr (jn_entry_row_get_spoken (JN_ENTRY_ROW (row)), "coupon −¥3.00"));
  jn_entry_row_set_item (JN_ENTRY_ROW (row), salary);
  g_assert_true (walk_shows (window, "+¥9,800.00"));
  g_assert_true (gtk_widget_has_css_class (row, "income"));
  jn_entry_row_set_item (JN_ENTRY_ROW (row), unknown);
  g_assert_true (walk_shows (window, "Not known yet. Do not pay again. We are checking"));
  g_assert_true (walk_shows (window, "¥58.00"));
  g_assert_false (walk_shows (window, "−¥58.00"));
  jn_entry_row_set_item (JN_ENTRY_ROW (row), lazy);
  g_assert_true (gtk_widget_has_css_class (row, "skeleton"));
  late.payee = g_strdup ("城市地铁");
  late.amount = jn_money (-500, JN_CURRENCY_CNY);
  jn_entry_item_load (lazy, &late);
  g_assert_false (gtk_widget_has_css_class (row, "skeleton"));
  g_assert_true (walk_shows (window, "城市地铁"));
  assert_closed (window);
  /* An item that outlives its row tells nobody. */
  g_signal_emit_by_name (lazy, "loaded");
}

static void
count (guint *n)
{
  (*n)++;
}

static void
test_pin (void)
{
  GtkWidget *pin = jn_pin_entry_new (TRUE, "PIN");
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *window = show (box);
  guint complete = 0;

  gtk_box_append (GTK_BOX (box), pin);
  run_for (30);
  g_signal_connect_swapped (pin, "complete", G_CALLBACK (count), &complete);
  g_assert_false (GTK_IS_EDITABLE (pin));
  g_assert_null (walk_find (pin, GTK_TYPE_EDITABLE));
  jn_pin_entry_insert (JN_PIN_ENTRY (pin), "2 5-８x0");
  g_assert_cmpuint (jn_pin_entry_get_n_digits (JN_PIN_ENTRY (pin)), ==, 4);
  g_assert_cmpstr (jn_pin_entry_peek (JN_PIN_ENTRY (pin)), ==, "2580");
  g_assert_false (walk_shows (window, "2"));
  g_assert_true (walk_shows (window, "●"));
  g_assert_cmpuint (complete, ==, 0);
  jn_pin_entry_insert (JN_PIN_ENTRY (pin), "3699");
  g_assert_cmpuint (complete, ==, 1);
  g_assert_cmpstr (jn_pin_entry_peek (JN_PIN_ENTRY (pin)), ==, "258036");
  assert_named (window);
  jn_pin_entry_refuse (JN_PIN_ENTRY (pin));
  g_assert_cmpstr (jn_pin_entry_peek (JN_PIN_ENTRY (pin)), ==, "");
  jn_pin_entry_insert (JN_PIN_ENTRY (pin), "123");
  gtk_widget_set_visible (pin, FALSE);
  g_assert_cmpuint (jn_pin_entry_get_n_digits (JN_PIN_ENTRY (pin)), ==, 0);
  assert_closed (window);
}

static void
test_code_shows_digits (void)
{
  GtkWidget *code = jn_pin_entry_new (FALSE, "Code");
  GtkWidget *window = show (code);

  jn_pin_entry_insert (JN_PIN_ENTRY (code), "7");
  g_assert_true (walk_shows (window, "7"));
  assert_closed (window);
}

static void
test_states (void)
{
  GtkWidget *states = jn_state_stack_new ();
  GtkWidget *window = show (states);
  g_autoptr (GError) offline = g_error_new_literal (JN_ERROR, JN_ERROR_OFFLINE, "offline");
  guint retries = 0;

  jn_state_stack_set_content (JN_STATE_STACK (states), gtk_label_new ("content"));
  jn_state_stack_set_empty (JN_STATE_STACK (states), "jn-bills-symbolic", "Nothing yet", "Pay",
                            "win.go", "pay");
  g_signal_connect_swapped (states, "retry", G_CALLBACK (count), &retries);
  g_assert_true (gtk_widget_get_mapped (walk_find (window, JN_TYPE_AVATAR)));
  jn_state_stack_set_state (JN_STATE_STACK (states), JN_VIEW_EMPTY, NULL);
  run_for (200);
  g_assert_true (walk_shows (window, "Nothing yet"));
  jn_state_stack_set_state (JN_STATE_STACK (states), JN_VIEW_ERROR, offline);
  run_for (200);
  g_assert_true (walk_shows (window, "The bank cannot be reached."));
  g_assert_true (walk_shows (window, "Your money has not moved."));
  g_signal_emit_by_name (walk_find (window, GTK_TYPE_BUTTON), "clicked");
  g_assert_cmpuint (retries, ==, 1);
  jn_state_stack_set_state (JN_STATE_STACK (states), JN_VIEW_CONTENT, NULL);
  run_for (200);
  g_assert_true (walk_shows (window, "content"));
  assert_named (window);
  assert_closed (window);
}

static void
remember (JnBarChart *chart, int category, int *seen)
{
  *seen = category;
}

static void
test_chart (void)
{
  GtkWidget *chart = jn_bar_chart_new ();
  GtkWidget *window = show (chart);
  g_autoptr (GListStore) slices = g_list_store_new (JN_TYPE_SLICE_ITEM);
  g_autoptr (JnSliceItem) dining = jn_slice_item_new (
      JN_CATEGORY_DINING, jn_money (31000, JN_CURRENCY_CNY), jn_money (35000, JN_CURRENCY_CNY), 9);
  g_autoptr (JnSliceItem) huge =
      jn_slice_item_new (JN_CATEGORY_HOUSING, jn_money (G_MAXINT64, JN_CURRENCY_CNY),
                         jn_money (0, JN_CURRENCY_CNY), 1);
  GtkWidget *bar;
  int seen = 0;

  g_list_store_append (slices, huge);
  jn_bar_chart_set_slices (JN_BAR_CHART (chart), G_LIST_MODEL (slices));
  g_list_store_remove (slices, 0);
  g_list_store_append (slices, dining);
  g_signal_connect (chart, "category-activated", G_CALLBACK (remember), &seen);
  run_for (30);
  g_assert_true (walk_shows (window, "Dining"));
  g_assert_true (walk_shows (window, "¥310.00"));
  bar = walk_find (window, GTK_TYPE_BUTTON);
  g_assert_null (
      gtk_test_accessible_check_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                          "Dining, ¥310.00, 9 bills, last month ¥350.00"));
  g_signal_emit_by_name (bar, "clicked");
  g_assert_cmpint (seen, ==, JN_CATEGORY_DINING);
  assert_named (window);
  jn_bar_chart_set_masked (JN_BAR_CHART (chart), TRUE);
  run_for (30);
  g_assert_false (walk_shows (window, "¥310.00"));
  jn_bar_chart_set_masked (JN_BAR_CHART (chart), FALSE);
  jn_bar_chart_set_as_table (JN_BAR_CHART (chart), TRUE);
  run_for (200);
  g_assert_true (walk_shows (window, "¥350.00"));
  assert_closed (window);
  /* The model lives on without the chart. */
  g_list_store_append (slices, huge);
}

static void
test_small (void)
{
  GtkWidget *box = jn_card_new (8);
  GtkWidget *days = jn_day_bars_new (), *budget = jn_budget_bar_new (),
            *banner = jn_banner_new (JN_TONE_AMBER);
  gint64 spent[31] = { 600000, 100, 0, G_MAXINT64, 2500 };
  GtkWidget *window;

  gtk_box_append (GTK_BOX (box), days);
  gtk_box_append (GTK_BOX (box), budget);
  gtk_box_append (GTK_BOX (box), banner);
  window = show (box);
  jn_day_bars_set_days (JN_DAY_BARS (days), 202611, spent, 31, 5, JN_CURRENCY_CNY);
  jn_day_bars_set_masked (JN_DAY_BARS (days), TRUE);
  g_assert_null (
      gtk_test_accessible_check_property (GTK_ACCESSIBLE (days), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                          "Spending by day. The most was on day 4: hidden amount"));
  jn_budget_bar_set_percent (JN_BUDGET_BAR (budget), 58, 160);
  jn_banner_set_text (JN_BANNER (banner), "Offline <b>now</b>");
  run_for (250);
  g_assert_true (walk_shows (window, "Offline <b>now</b>"));
  jn_banner_set_text (JN_BANNER (banner), NULL);
  assert_closed (window);
}

static void
test_layout (void)
{
  GtkWidget *watcher = jn_layout_watcher_new (300);
  GtkWidget *wide = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *window;

  gtk_widget_set_size_request (wide, 700, 20);
  jn_layout_watcher_set_child (JN_LAYOUT_WATCHER (watcher), wide);
  window = show (watcher);
  run_for (60);
  g_assert_false (jn_layout_watcher_get_narrow (JN_LAYOUT_WATCHER (watcher)));
  g_assert_cmpint (gtk_widget_get_width (window), <, 500);
  gtk_window_set_default_size (GTK_WINDOW (window), 250, 300);
  for (guint i = 0; i < 100 && !jn_layout_watcher_get_narrow (JN_LAYOUT_WATCHER (watcher)); i++)
    run_for (20);
  g_assert_true (jn_layout_watcher_get_narrow (JN_LAYOUT_WATCHER (watcher)));
  g_assert_true (gtk_widget_has_css_class (watcher, "narrow"));
  assert_closed (window);
}

static void
test_dates (void)
{
  const struct
  {
    JnInstant at;
    const char *text;
  } cases[] = {
    { NOON + 5 * JN_MINUTE, "Today 12:05" },
    { NOON - JN_DAY, "Yesterday 12:00" },
    { NOON - 50 * JN_DAY, "Oct 3" },
    { NOON - 365 * JN_DAY, "2025-11-22" },
  };
  g_autofree char *full = jn_format_full_time (NOON);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = jn_format_when (cases[i].at, NOON);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
  g_assert_cmpstr (full, ==, "2026-11-22 12:00:00 (UTC+8)");
  for (JnCategory c = 1; c < JN_N_CATEGORIES; c++)
    {
      g_assert_cmpstr (jn_format_category (c), !=, "");
      g_assert_true (
          gtk_icon_theme_has_icon (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                   jn_format_category_icon (c)));
    }
}

/* However narrow, no line begins or ends with the mark between two parts, and what was said is all there while it fits. */
static void
test_bill_line (void)
{
  static const char *const lines[] = { "今天 18:44 · 餐饮 · 已用券 −¥3.00",
                                       "18:44 · Dining · coupon −¥3.00", "One" };
  GtkWidget *label = gtk_label_new (NULL);

  g_object_ref_sink (label);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    for (int width = 60; width < 400; width += 3)
      {
        g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (label, lines[i]);
        const char *text;

        pango_layout_set_width (layout, width * PANGO_SCALE);
        pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
        jn_bill_line_break (layout);
        text = pango_layout_get_text (layout);
        g_assert_cmpint (pango_layout_get_line_count (layout), <=, 2);
        for (int n = 0; n < pango_layout_get_line_count (layout); n++)
          {
            const PangoLayoutLine *line = pango_layout_get_line_readonly (layout, n);
            g_autofree char *part = g_strndup (text + line->start_index, (gsize) line->length);

            g_strstrip (part);
            g_assert_false (g_str_has_prefix (part, "·"));
            g_assert_false (g_str_has_suffix (part, "·"));
          }
      }
  g_object_unref (label);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv);
  adw_init ();
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                    "/org/jinnang/Wallet/icons");
  g_test_add_func ("/ui/amount", test_amount);
  g_test_add_func ("/ui/entry-row", test_entry_row);
  g_test_add_func ("/ui/pin", test_pin);
  g_test_add_func ("/ui/code", test_code_shows_digits);
  g_test_add_func ("/ui/states", test_states);
  g_test_add_func ("/ui/chart", test_chart);
  g_test_add_func ("/ui/small", test_small);
  g_test_add_func ("/ui/layout", test_layout);
  g_test_add_func ("/ui/dates", test_dates);
  g_test_add_func ("/ui/bill-line", test_bill_line);
  return g_test_run ();
}
