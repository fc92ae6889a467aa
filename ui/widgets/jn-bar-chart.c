#include "jn-bar-chart.h"

#include "jn-bar.h"
#include "jn-card.h"
#include "jn-format.h"

#include <glib/gi18n.h>

struct _JnBarChart
{
  GtkWidget parent_instance;
  GtkWidget *stack;
  GtkWidget *bars;
  GtkWidget *table;
  GListModel *slices;
  GSignalGroup *model_signals;
  JnCategory selected;
  gboolean masked;
  gboolean as_table;
};

enum
{
  PROP_MASKED = 1,
  PROP_AS_TABLE,
  N_PROPS
};

static GParamSpec *props[N_PROPS];
static guint signal_activated;

G_DEFINE_FINAL_TYPE (JnBarChart, jn_bar_chart, GTK_TYPE_WIDGET)

static void
empty (GtkWidget *parent, void (*take) (GtkWidget *))
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (parent)))
    take (child);
}

static void
on_bar_clicked (GtkButton *button, JnBarChart *self)
{
  int category = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "category"));

  g_signal_emit (self, signal_activated, 0, category);
}

static gint64
scale_of (JnBarChart *self)
{
  gint64 most = 1;
  guint n = self->slices ? g_list_model_get_n_items (self->slices) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (JnSliceItem) slice = g_list_model_get_item (self->slices, i);
      most = MAX (most, MAX (jn_slice_item_get_spent (slice).minor,
                             jn_slice_item_get_spent_before (slice).minor));
    }
  return most;
}

/* Thousandths of @most; both are cut first when their product could overflow. */
static int
share (gint64 part, gint64 most)
{
  if (most > G_MAXINT64 / 1000)
    {
      part /= 1000;
      most /= 1000;
    }
  return (int) (MAX (part, 0) * 1000 / MAX (most, 1));
}

static char *
spoken (JnBarChart *self, JnSliceItem *slice)
{
  g_autofree char *now =
      jn_format_money_spoken (jn_slice_item_get_spent (slice), JN_MONEY_FORMAT_PLAIN, self->masked);
  g_autofree char *before = jn_format_money_spoken (jn_slice_item_get_spent_before (slice),
                                                    JN_MONEY_FORMAT_PLAIN, self->masked);
  guint count = jn_slice_item_get_count (slice);

  if (self->masked)
    return g_strdup_printf ("%s, %s", jn_format_category (jn_slice_item_get_category (slice)), now);
  /* Translators: category, amount this month, number of bills, amount last month. */
  return g_strdup_printf (ngettext ("%1$s, %2$s, %3$u bill, last month %4$s",
                                    "%1$s, %2$s, %3$u bills, last month %4$s", count),
                          jn_format_category (jn_slice_item_get_category (slice)), now, count,
                          before);
}

static GtkWidget *
bar_row (JnBarChart *self, JnSliceItem *slice, gint64 most, guint rank, GtkSizeGroup *names,
         GtkSizeGroup *amounts)
{
  JnCategory category = jn_slice_item_get_category (slice);
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *name = gtk_label_new (jn_format_category (category));
  GtkWidget *bar = jn_bar_new (12);
  g_autofree char *amount =
      jn_format_money (jn_slice_item_get_spent (slice), JN_MONEY_FORMAT_PLAIN, self->masked);
  g_autofree char *text = spoken (self, slice);
  GtkWidget *value = gtk_label_new (amount);
  gint64 before = jn_slice_item_get_spent_before (slice).minor;

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_xalign (GTK_LABEL (value), 1);
  gtk_widget_add_css_class (name, "chart-name");
  gtk_widget_add_css_class (value, "chart-amount");
  gtk_size_group_add_widget (names, name);
  gtk_size_group_add_widget (amounts, value);
  gtk_widget_set_hexpand (bar, TRUE);
  jn_bar_set_trough (JN_BAR (bar), FALSE);
  jn_bar_set_strength (JN_BAR (bar),
                       category == JN_CATEGORY_OTHER ? 35 : MAX (100 - 9 * (int) rank, 45));
  if (self->masked)
    jn_bar_set (JN_BAR (bar), 500, 0, -1);
  else
    jn_bar_set (JN_BAR (bar), share (jn_slice_item_get_spent (slice).minor, most), 0,
                before > 0 ? share (before, most) : -1);
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), value);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "chart-row");
  if (category == self->selected)
    gtk_widget_add_css_class (button, "selected");
  gtk_accessible_update_state (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_STATE_SELECTED,
                               category == self->selected, -1);
  jn_widget_set_name (button, text);
  g_object_set_data (G_OBJECT (button), "category", GINT_TO_POINTER ((int) category));
  g_signal_connect (button, "clicked", G_CALLBACK (on_bar_clicked), self);
  return button;
}

static void
table_cell (JnBarChart *self, int column, int row, const char *text, const char *style_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), column == 0 ? 0 : 1);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, column == 0);
  gtk_widget_add_css_class (label, style_class);
  gtk_grid_attach (GTK_GRID (self->table), label, column, row, 1, 1);
}

static void
table_row (JnBarChart *self, JnSliceItem *slice, int row)
{
  g_autofree char *now =
      jn_format_money (jn_slice_item_get_spent (slice), JN_MONEY_FORMAT_PLAIN, self->masked);
  g_autofree char *before =
      jn_format_money (jn_slice_item_get_spent_before (slice), JN_MONEY_FORMAT_PLAIN, self->masked);

  table_cell (self, 0, row, jn_format_category (jn_slice_item_get_category (slice)), "chart-name");
  table_cell (self, 1, row, now, "chart-amount");
  table_cell (self, 2, row, before, "chart-amount");
}

static void
rebuild (JnBarChart *self)
{
  g_autoptr (GtkSizeGroup) names = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  g_autoptr (GtkSizeGroup) amounts = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  guint n = self->slices ? g_list_model_get_n_items (self->slices) : 0;
  gint64 most = scale_of (self);

  empty (self->bars, gtk_widget_unparent);
  empty (self->table, gtk_widget_unparent);
  table_cell (self, 0, 0, _ ("Category"), "dim");
  table_cell (self, 1, 0, _ ("This month"), "dim");
  table_cell (self, 2, 0, _ ("Last month by this day"), "dim");
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (JnSliceItem) slice = g_list_model_get_item (self->slices, i);

      gtk_box_append (GTK_BOX (self->bars), bar_row (self, slice, most, i, names, amounts));
      table_row (self, slice, (int) i + 1);
    }
}

static void
jn_bar_chart_dispose (GObject *object)
{
  JnBarChart *self = JN_BAR_CHART (object);

  if (self->model_signals)
    g_signal_group_set_target (self->model_signals, NULL);
  g_clear_object (&self->model_signals);
  g_clear_object (&self->slices);
  g_clear_pointer (&self->stack, gtk_widget_unparent);
  G_OBJECT_CLASS (jn_bar_chart_parent_class)->dispose (object);
}

static void
jn_bar_chart_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  JnBarChart *self = JN_BAR_CHART (object);

  g_value_set_boolean (value, id == PROP_MASKED ? self->masked : self->as_table);
}

static void
jn_bar_chart_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_MASKED)
    jn_bar_chart_set_masked (JN_BAR_CHART (object), g_value_get_boolean (value));
  else
    jn_bar_chart_set_as_table (JN_BAR_CHART (object), g_value_get_boolean (value));
}

static void
jn_bar_chart_class_init (JnBarChartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = jn_bar_chart_dispose;
  object_class->get_property = jn_bar_chart_get_property;
  object_class->set_property = jn_bar_chart_set_property;
  props[PROP_MASKED] = g_param_spec_boolean ("masked", NULL, NULL, FALSE,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_AS_TABLE] = g_param_spec_boolean ("as-table", NULL, NULL, FALSE,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signal_activated = g_signal_new ("category-activated", JN_TYPE_BAR_CHART, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
jn_bar_chart_init (JnBarChart *self)
{
  self->stack = gtk_stack_new ();
  gtk_stack_set_vhomogeneous (GTK_STACK (self->stack), FALSE);
  self->bars = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  self->table = g_object_new (GTK_TYPE_GRID, "accessible-role", GTK_ACCESSIBLE_ROLE_GRID, NULL);
  gtk_grid_set_column_spacing (GTK_GRID (self->table), 20);
  gtk_grid_set_row_spacing (GTK_GRID (self->table), 10);
  gtk_widget_add_css_class (self->table, "chart-table");
  gtk_stack_add_named (GTK_STACK (self->stack), self->bars, "bars");
  gtk_stack_add_named (GTK_STACK (self->stack), self->table, "table");
  gtk_widget_set_parent (self->stack, GTK_WIDGET (self));
  self->model_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->model_signals, "items-changed", G_CALLBACK (rebuild), self);
}

GtkWidget *
jn_bar_chart_new (void)
{
  return g_object_new (JN_TYPE_BAR_CHART, NULL);
}

void
jn_bar_chart_set_slices (JnBarChart *self, GListModel *slices)
{
  g_return_if_fail (JN_IS_BAR_CHART (self));
  g_set_object (&self->slices, slices);
  g_signal_group_set_target (self->model_signals, slices);
  rebuild (self);
}

void
jn_bar_chart_set_selected (JnBarChart *self, JnCategory category)
{
  g_return_if_fail (JN_IS_BAR_CHART (self));
  if (self->selected == category)
    return;
  self->selected = category;
  for (GtkWidget *row = gtk_widget_get_first_child (self->bars); row;
       row = gtk_widget_get_next_sibling (row))
    {
      gboolean chosen =
          GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), "category")) == (int) category;

      if (chosen)
        gtk_widget_add_css_class (row, "selected");
      else
        gtk_widget_remove_css_class (row, "selected");
      gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_SELECTED, chosen, -1);
    }
}

void
jn_bar_chart_set_as_table (JnBarChart *self, gboolean as_table)
{
  g_return_if_fail (JN_IS_BAR_CHART (self));
  self->as_table = as_table;
  gtk_stack_set_visible_child (GTK_STACK (self->stack), as_table ? self->table : self->bars);
}

void
jn_bar_chart_set_masked (JnBarChart *self, gboolean masked)
{
  g_return_if_fail (JN_IS_BAR_CHART (self));
  if (self->masked == !!masked)
    return;
  self->masked = !!masked;
  rebuild (self);
}
