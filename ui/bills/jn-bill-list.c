/* The model is lazy and the rows are drawn, so that the length of a history does not matter. */
#include "jn-bill-list.h"

#include <glib/gi18n.h>

#include "jn-bill-row.h"
#include "jn-format.h"
#include "jn-state-stack.h"

struct _JnBillList
{
  AdwBin parent_instance;

  GtkEditable *search_entry;
  GtkWidget *filter_box;
  GtkWidget *category_chip;
  GtkLabel *category_label;
  GtkLabel *filter_label;
  AdwBin *state_slot;
  GtkWidget *scrolled;
  GtkListView *view;
  JnStateStack *states;

  JnContext *context;
  JnBills *bills;
  gboolean at_top;
  guint returning; /* goes back to the top as soon as the list is laid out */
};

enum
{
  PROP_CONTEXT = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];
static guint signal_opened;

G_DEFINE_FINAL_TYPE (JnBillList, jn_bill_list, ADW_TYPE_BIN)

/* ---- rows ---- */

/* Whether the row above belongs to another group, or there is none. */
static gboolean
begins_group (JnBillList *self, guint position, JnEntryItem *entry)
{
  g_autoptr (JnEntryItem) above = NULL;

  if (position == 0 || jn_bill_group_of (entry) == JN_BILL_GROUP_BOOKED)
    return position == 0;
  above = g_list_model_get_item (jn_bills_get_entries (self->bills), position - 1);
  return above == NULL || jn_bill_group_of (above) != jn_bill_group_of (entry);
}

/* A row that comes above another one moves it without binding it anew. */
static void
position_cb (GtkListItem *item, GParamSpec *pspec, JnBillList *self)
{
  GtkWidget *row = gtk_list_item_get_child (item);
  JnEntryItem *entry = gtk_list_item_get_item (item);

  if (row && entry && self->bills)
    jn_bill_row_set_first (JN_BILL_ROW (row),
                           begins_group (self, gtk_list_item_get_position (item), entry));
}

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *item, JnBillList *self)
{
  gtk_list_item_set_child (item, jn_bill_row_new (self->context));
  g_signal_connect (item, "notify::position", G_CALLBACK (position_cb), self);
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *item, JnBillList *self)
{
  jn_bill_row_set_item (JN_BILL_ROW (gtk_list_item_get_child (item)),
                        gtk_list_item_get_item (item));
  position_cb (item, NULL, self);
}

static void
unbind_cb (GtkListItemFactory *factory, GtkListItem *item, JnBillList *self)
{
  jn_bill_row_set_item (JN_BILL_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
activate_cb (JnBillList *self, guint position)
{
  g_autoptr (JnEntryItem) item =
      g_list_model_get_item (jn_bills_get_entries (self->bills), position);

  if (item && jn_entry_item_get_state (item) != JN_ENTRY_LOADING)
    g_signal_emit (self, signal_opened, 0, item);
}

/* ---- search and filters ---- */

static void
search_changed_cb (JnBillList *self)
{
  jn_bills_set_search (self->bills, gtk_editable_get_text (self->search_entry));
}

static void
stop_search_cb (JnBillList *self)
{
  jn_bill_list_set_searching (self, FALSE);
}

static void
clear_category_cb (JnBillList *self)
{
  jn_bills_set_category (self->bills, JN_CATEGORY_NONE);
}

void
jn_bill_list_set_searching (JnBillList *self, gboolean searching)
{
  g_return_if_fail (JN_IS_BILL_LIST (self));
  if (searching)
    {
      gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
      return;
    }
  gtk_editable_set_text (self->search_entry, "");
  jn_bills_set_search (self->bills, "");
}

void
jn_bill_list_search (JnBillList *self, const char *text)
{
  g_return_if_fail (JN_IS_BILL_LIST (self));
  g_return_if_fail (text != NULL);
  gtk_editable_set_text (self->search_entry, text);
  jn_bills_set_search (self->bills, text);
}

static void
show_filters (JnBillList *self)
{
  JnCategory category = jn_bills_get_category (self->bills);
  gboolean searching = *jn_bills_get_search (self->bills) != '\0';
  const char *name = jn_format_category (category);
  g_autofree char *spoken = g_strdup_printf (_ ("Only %s. Show all"), name);

  gtk_label_set_text (self->category_label, name);
  jn_widget_set_name (self->category_chip, spoken);
  gtk_widget_set_visible (self->category_chip, category != JN_CATEGORY_NONE);
  gtk_label_set_text (self->filter_label, searching ? _ ("From the whole history") : "");
  gtk_widget_set_visible (self->filter_box, category != JN_CATEGORY_NONE || searching);
}

static void
show_empty (JnBillList *self)
{
  if (*jn_bills_get_search (self->bills))
    jn_state_stack_set_empty (self->states, "edit-find-symbolic", _ ("No bill matches this."),
                              _ ("End the search"), "bills.end-search", NULL);
  else if (jn_bills_get_category (self->bills) != JN_CATEGORY_NONE)
    jn_state_stack_set_empty (self->states, "edit-find-symbolic",
                              _ ("Nothing in this category here."), _ ("Show all categories"),
                              "bills.all-categories", NULL);
  else
    jn_state_stack_set_empty (self->states, "view-list-symbolic",
                              _ ("Nothing was paid or received in this time."),
                              _ ("Pay a first coffee"), "win.go", "pay#sample");
}

static void
changed_cb (JnBillList *self)
{
  JnViewState state = jn_bills_get_state (self->bills);

  show_filters (self);
  if (state == JN_VIEW_EMPTY)
    show_empty (self);
  jn_state_stack_set_state (self->states, state, jn_bills_get_error (self->bills));
}

static void
end_search_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  jn_bill_list_set_searching (JN_BILL_LIST (widget), FALSE);
}

static void
all_categories_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  clear_category_cb (JN_BILL_LIST (widget));
}

/* ---- staying at the top ---- */

static gboolean
return_cb (gpointer data)
{
  JnBillList *self = data;

  self->returning = 0;
  gtk_adjustment_set_value (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view)), 0);
  return G_SOURCE_REMOVE;
}

/* A list keeps the row in sight that was there: who looked at the newest bill would have the next one above, out of sight. */
static void
extent_changed_cb (JnBillList *self, GtkAdjustment *adjustment)
{
  if (self->at_top && self->returning == 0 && gtk_adjustment_get_value (adjustment) > 0)
    self->returning = g_idle_add (return_cb, self);
}

static void
scrolled_cb (JnBillList *self, GtkAdjustment *adjustment)
{
  if (self->returning == 0)
    self->at_top = gtk_adjustment_get_value (adjustment) <= 0;
}

static void
stay_at_top (JnBillList *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view));

  self->at_top = TRUE;
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (extent_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (scrolled_cb), self,
                           G_CONNECT_SWAPPED);
}

GtkListView *
jn_bill_list_get_view (JnBillList *self)
{
  g_return_val_if_fail (JN_IS_BILL_LIST (self), NULL);
  return self->view;
}

/* ---- the object ---- */

static void
make_view (JnBillList *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkSelectionModel) model = GTK_SELECTION_MODEL (
      gtk_no_selection_new (g_object_ref (jn_bills_get_entries (self->bills))));

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), self);
  gtk_list_view_set_factory (self->view, factory);
  gtk_list_view_set_model (self->view, model);
}

static void
jn_bill_list_constructed (GObject *object)
{
  JnBillList *self = JN_BILL_LIST (object);

  G_OBJECT_CLASS (jn_bill_list_parent_class)->constructed (object);
  self->bills = g_object_ref (jn_context_get_bills (self->context));
  self->states = JN_STATE_STACK (jn_state_stack_new ());
  jn_state_stack_set_content (self->states, self->scrolled);
  g_signal_connect_object (self->states, "retry", G_CALLBACK (jn_context_sync), self->context,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (self->state_slot, GTK_WIDGET (self->states));
  make_view (self);
  stay_at_top (self);
  g_signal_connect_object (self->bills, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  changed_cb (self);
}

static void
jn_bill_list_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_CONTEXT)
    JN_BILL_LIST (object)->context = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
jn_bill_list_dispose (GObject *object)
{
  JnBillList *self = JN_BILL_LIST (object);

  g_clear_handle_id (&self->returning, g_source_remove);
  if (self->view)
    {
      gtk_list_view_set_model (self->view, NULL);
      gtk_list_view_set_factory (self->view, NULL);
    }
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), JN_TYPE_BILL_LIST);
  g_clear_object (&self->bills);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (jn_bill_list_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/jinnang/Wallet/ui/bills/jn-bill-list.ui");
  gtk_widget_class_bind_template_child (widget_class, JnBillList, search_entry);
  gtk_widget_class_bind_template_child (widget_class, JnBillList, filter_box);
  gtk_widget_class_bind_template_child (widget_class, JnBillList, category_chip);
  gtk_widget_class_bind_template_child (widget_class, JnBillList, category_label);
  gtk_widget_class_bind_template_child (widget_class, JnBillList, filter_label);
  gtk_widget_class_bind_template_child (widget_class, JnBillList, state_slot);
  gtk_widget_class_bind_template_child (widget_class, JnBillList, scrolled);
  gtk_widget_class_bind_template_child (widget_class, JnBillList, view);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_category_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
jn_bill_list_class_init (JnBillListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = jn_bill_list_constructed;
  object_class->set_property = jn_bill_list_set_property;
  object_class->dispose = jn_bill_list_dispose;
  props[PROP_CONTEXT] =
      g_param_spec_object ("context", NULL, NULL, JN_TYPE_CONTEXT,
                           G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signal_opened = g_signal_new ("opened", JN_TYPE_BILL_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, JN_TYPE_ENTRY_ITEM);
  gtk_widget_class_install_action (widget_class, "bills.end-search", NULL, end_search_cb);
  gtk_widget_class_install_action (widget_class, "bills.all-categories", NULL, all_categories_cb);
  bind_children (widget_class);
}

static void
jn_bill_list_init (JnBillList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
jn_bill_list_new (JnContext *context)
{
  g_return_val_if_fail (JN_IS_CONTEXT (context), NULL);
  return g_object_new (JN_TYPE_BILL_LIST, "context", context, NULL);
}
