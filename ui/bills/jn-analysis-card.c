/* Every number here is also a bar, and every bar opens the rows it is made of. */
#include "jn-analysis-card.h"

#include <glib/gi18n.h>

#include "jn-amount-label.h"
#include "jn-bar-chart.h"
#include "jn-day-bars.h"
#include "jn-format.h"

struct _JnAnalysisCard
{
  AdwBin parent_instance;

  GtkToggleButton *table_button;
  AdwBin *total_slot;
  AdwBin *chart_slot;
  GtkLabel *explanation;
  GtkLabel *month_title;
  GtkBox *spent_box;
  GtkBox *income_box;
  GtkLabel *compared;
  AdwBin *days_slot;
  JnBarChart *chart;
  JnAmountLabel *total;
  JnAmountLabel *spent;
  JnAmountLabel *income;
  JnDayBars *days;

  JnContext *context;
  JnBills *bills;
};

enum
{
  PROP_CONTEXT = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];
static guint signal_category_chosen;

G_DEFINE_FINAL_TYPE (JnAnalysisCard, jn_analysis_card, ADW_TYPE_BIN)

static void
table_toggled_cb (JnAnalysisCard *self)
{
  jn_bar_chart_set_as_table (self->chart, gtk_toggle_button_get_active (self->table_button));
}

static void
category_activated_cb (JnAnalysisCard *self, int category)
{
  JnCategory now = jn_bills_get_category (self->bills);

  jn_bills_set_category (self->bills,
                         (int) now == category ? JN_CATEGORY_NONE : (JnCategory) category);
  g_signal_emit (self, signal_category_chosen, 0);
}

static char *
dup_compared (JnAnalysisCard *self)
{
  JnMoney spent = jn_bills_get_spent (self->bills);
  JnMoney before = jn_bills_get_spent_before (self->bills);
  JnMoney difference = spent;
  g_autofree char *amount = NULL;

  if (!jn_money_subtract (spent, before, &difference) || before.minor == 0)
    return g_strdup ("");
  if (difference.minor == 0)
    return g_strdup (_ ("As much as last month by this day"));
  amount = jn_format_money (jn_money (ABS (difference.minor), difference.currency),
                            JN_MONEY_FORMAT_PLAIN, jn_context_get_masked (self->context));
  return g_strdup_printf (difference.minor < 0 ? _ ("%s less than last month by this day")
                                               : _ ("%s more than last month by this day"),
                          amount);
}

static void
show_days (JnAnalysisCard *self, JnMonth month)
{
  guint n = 0;
  const gint64 *days = month ? jn_bills_get_day_spending (self->bills, &n) : NULL;
  JnDate today = jn_date_at (jn_context_now (self->context));

  gtk_widget_set_visible (GTK_WIDGET (self->days_slot), n > 0);
  if (n > 0)
    jn_day_bars_set_days (self->days, month, days, n,
                          jn_date_month (today) == month ? jn_date_day (today) : 0,
                          jn_context_get_currency (self->context));
}

static void
update (JnAnalysisCard *self)
{
  JnMonth month = jn_bills_get_month (self->bills);
  GListModel *slices = jn_bills_get_slices (self->bills);
  gboolean any = g_list_model_get_n_items (slices) > 0;
  g_autofree char *title = month ? jn_format_month (month) : g_strdup (_ ("Whole history"));
  g_autofree char *compared = dup_compared (self);

  gtk_label_set_text (self->month_title, title);
  jn_amount_label_set_money (self->total, jn_bills_get_spent (self->bills));
  jn_amount_label_set_money (self->spent, jn_bills_get_spent (self->bills));
  jn_amount_label_set_money (self->income, jn_bills_get_income (self->bills));
  gtk_label_set_text (self->compared, compared);
  gtk_widget_set_visible (GTK_WIDGET (self->compared), month && *compared);
  gtk_label_set_text (
      self->explanation,
      !any    ? _ ("Nothing was spent in this time.")
      : month ? _ ("The tick marks last month at this day. Press a bar to see its rows.")
              : _ ("Press a bar to see its rows."));
  gtk_widget_set_visible (GTK_WIDGET (self->chart_slot), any);
  gtk_widget_set_visible (GTK_WIDGET (self->table_button), any);
  jn_bar_chart_set_selected (self->chart, jn_bills_get_category (self->bills));
  show_days (self, month);
}

static JnAmountLabel *
add_amount (JnAnalysisCard *self, GtkBox *box)
{
  GtkWidget *label = jn_amount_label_new ();

  gtk_widget_add_css_class (label, "total");
  jn_widget_follow_mask (label, self->context);
  gtk_box_append (box, label);
  return JN_AMOUNT_LABEL (label);
}

static void
jn_analysis_card_constructed (GObject *object)
{
  JnAnalysisCard *self = JN_ANALYSIS_CARD (object);

  G_OBJECT_CLASS (jn_analysis_card_parent_class)->constructed (object);
  self->bills = g_object_ref (jn_context_get_bills (self->context));
  self->total = JN_AMOUNT_LABEL (jn_amount_label_new ());
  jn_widget_follow_mask (self->total, self->context);
  adw_bin_set_child (self->total_slot, GTK_WIDGET (self->total));
  self->spent = add_amount (self, self->spent_box);
  self->income = add_amount (self, self->income_box);
  self->chart = JN_BAR_CHART (jn_bar_chart_new ());
  jn_bar_chart_set_slices (self->chart, jn_bills_get_slices (self->bills));
  jn_widget_follow_mask (self->chart, self->context);
  g_signal_connect_swapped (self->chart, "category-activated", G_CALLBACK (category_activated_cb),
                            self);
  adw_bin_set_child (self->chart_slot, GTK_WIDGET (self->chart));
  self->days = JN_DAY_BARS (jn_day_bars_new ());
  gtk_widget_set_size_request (GTK_WIDGET (self->days), -1, 72);
  jn_widget_follow_mask (self->days, self->context);
  adw_bin_set_child (self->days_slot, GTK_WIDGET (self->days));
  g_signal_connect_object (self->bills, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->context, "notify::masked", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

static void
jn_analysis_card_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_CONTEXT)
    JN_ANALYSIS_CARD (object)->context = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
jn_analysis_card_dispose (GObject *object)
{
  JnAnalysisCard *self = JN_ANALYSIS_CARD (object);

  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), JN_TYPE_ANALYSIS_CARD);
  g_clear_object (&self->bills);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (jn_analysis_card_parent_class)->dispose (object);
}

static void
jn_analysis_card_class_init (JnAnalysisCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = jn_analysis_card_constructed;
  object_class->set_property = jn_analysis_card_set_property;
  object_class->dispose = jn_analysis_card_dispose;
  props[PROP_CONTEXT] =
      g_param_spec_object ("context", NULL, NULL, JN_TYPE_CONTEXT,
                           G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signal_category_chosen = g_signal_new ("category-chosen", JN_TYPE_ANALYSIS_CARD,
                                         G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/jinnang/Wallet/ui/bills/jn-analysis-card.ui");
  gtk_widget_class_bind_template_child (widget_class, JnAnalysisCard, table_button);
  gtk_widget_class_bind_template_child (widget_class, JnAnalysisCard, total_slot);
  gtk_widget_class_bind_template_child (widget_class, JnAnalysisCard, chart_slot);
  gtk_widget_class_bind_template_child (widget_class, JnAnalysisCard, explanation);
  gtk_widget_class_bind_template_child (widget_class, JnAnalysisCard, month_title);
  gtk_widget_class_bind_template_child (widget_class, JnAnalysisCard, spent_box);
  gtk_widget_class_bind_template_child (widget_class, JnAnalysisCard, income_box);
  gtk_widget_class_bind_template_child (widget_class, JnAnalysisCard, compared);
  gtk_widget_class_bind_template_child (widget_class, JnAnalysisCard, days_slot);
  gtk_widget_class_bind_template_callback (widget_class, table_toggled_cb);
}

static void
jn_analysis_card_init (JnAnalysisCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
jn_analysis_card_new (JnContext *context)
{
  g_return_val_if_fail (JN_IS_CONTEXT (context), NULL);
  return g_object_new (JN_TYPE_ANALYSIS_CARD, "context", context, NULL);
}
