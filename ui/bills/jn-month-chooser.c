/* Two arrows and a list: the arrows for the month before, the list for the one long ago. */
#include "jn-month-chooser.h"

#include <glib/gi18n.h>

#include "jn-format.h"

struct _JnMonthChooser
{
  AdwBin parent_instance;

  JnBills *bills;
  GtkWidget *earlier;
  GtkWidget *menu;
  GtkWidget *later;
  GtkListBox *list;
};

enum
{
  PROP_BILLS = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (JnMonthChooser, jn_month_chooser, ADW_TYPE_BIN)

static char *
dup_month_name (JnMonth month)
{
  return month ? jn_format_month (month) : g_strdup (_ ("Whole history"));
}

static void
update (JnMonthChooser *self)
{
  JnMonth month = jn_bills_get_month (self->bills);
  g_autofree char *name = dup_month_name (month);
  g_autofree char *spoken = g_strdup_printf (_ ("Month: %s"), name);

  gtk_menu_button_set_label (GTK_MENU_BUTTON (self->menu), name);
  jn_widget_set_name (self->menu, spoken);
  gtk_widget_set_visible (self->earlier, month != 0);
  gtk_widget_set_visible (self->later, month != 0);
  gtk_widget_set_sensitive (self->earlier, month > jn_bills_get_first_month (self->bills));
  gtk_widget_set_sensitive (self->later, month < jn_bills_get_last_month (self->bills));
}

static void
earlier_cb (JnMonthChooser *self)
{
  jn_bills_set_month (self->bills, jn_month_add (jn_bills_get_month (self->bills), -1));
}

static void
later_cb (JnMonthChooser *self)
{
  jn_bills_set_month (self->bills, jn_month_add (jn_bills_get_month (self->bills), 1));
}

static void
append_month (JnMonthChooser *self, JnMonth month)
{
  g_autofree char *name = dup_month_name (month);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *label = gtk_label_new (name);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
  jn_widget_set_name (row, name);
  g_object_set_data (G_OBJECT (row), "month", GINT_TO_POINTER (month));
  gtk_list_box_append (self->list, row);
  if (month == jn_bills_get_month (self->bills))
    gtk_list_box_select_row (self->list, GTK_LIST_BOX_ROW (row));
}

static void
fill_list_cb (GtkWidget *popover, JnMonthChooser *self)
{
  JnMonth first = jn_bills_get_first_month (self->bills);
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))))
    gtk_list_box_remove (self->list, row);
  append_month (self, 0);
  for (JnMonth month = jn_bills_get_last_month (self->bills); month && month >= first;
       month = jn_month_add (month, -1))
    append_month (self, month);
}

static void
row_activated_cb (GtkListBox *list, GtkListBoxRow *row, JnMonthChooser *self)
{
  JnMonth month = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), "month"));

  gtk_menu_button_popdown (GTK_MENU_BUTTON (self->menu));
  jn_bills_set_month (self->bills, month);
}

static GtkWidget *
arrow_new (JnMonthChooser *self, const char *icon, const char *name, GCallback callback)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  jn_widget_set_name (button, name);
  gtk_widget_set_tooltip_text (button, name);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_swapped (button, "clicked", callback, self);
  return button;
}

static GtkWidget *
popover_new (JnMonthChooser *self)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "month-list");
  jn_widget_set_name (GTK_WIDGET (self->list), _ ("Months"));
  g_signal_connect (self->list, "row-activated", G_CALLBACK (row_activated_cb), self);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->list));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 320);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_popover_set_child (GTK_POPOVER (popover), scrolled);
  g_signal_connect (popover, "show", G_CALLBACK (fill_list_cb), self);
  return popover;
}

static void
jn_month_chooser_constructed (GObject *object)
{
  JnMonthChooser *self = JN_MONTH_CHOOSER (object);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  G_OBJECT_CLASS (jn_month_chooser_parent_class)->constructed (object);
  self->earlier =
      arrow_new (self, "go-previous-symbolic", _ ("Earlier month"), G_CALLBACK (earlier_cb));
  self->later = arrow_new (self, "go-next-symbolic", _ ("Later month"), G_CALLBACK (later_cb));
  self->menu = gtk_menu_button_new ();
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->menu), popover_new (self));
  gtk_widget_add_css_class (self->menu, "flat");
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (box, "month-chooser");
  gtk_box_append (GTK_BOX (box), self->earlier);
  gtk_box_append (GTK_BOX (box), self->menu);
  gtk_box_append (GTK_BOX (box), self->later);
  adw_bin_set_child (ADW_BIN (self), box);
  g_signal_connect_object (self->bills, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
jn_month_chooser_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_BILLS)
    JN_MONTH_CHOOSER (object)->bills = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
jn_month_chooser_dispose (GObject *object)
{
  g_clear_object (&JN_MONTH_CHOOSER (object)->bills);
  G_OBJECT_CLASS (jn_month_chooser_parent_class)->dispose (object);
}

static void
jn_month_chooser_class_init (JnMonthChooserClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = jn_month_chooser_constructed;
  object_class->set_property = jn_month_chooser_set_property;
  object_class->dispose = jn_month_chooser_dispose;
  props[PROP_BILLS] =
      g_param_spec_object ("bills", NULL, NULL, JN_TYPE_BILLS,
                           G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
jn_month_chooser_init (JnMonthChooser *self)
{
}

GtkWidget *
jn_month_chooser_new (JnBills *bills)
{
  g_return_val_if_fail (JN_IS_BILLS (bills), NULL);
  return g_object_new (JN_TYPE_MONTH_CHOOSER, "bills", bills, NULL);
}
