/* The list and its analysis look at the same JnBills, so that neither can say another month than the other. */
#include "jn-bills-page.h"

#include <string.h>

#include <glib/gi18n.h>

#include "jn-analysis-card.h"
#include "jn-bill-detail.h"
#include "jn-columns.h"
#include "jn-month-chooser.h"
#include "jn-page.h"
#include "jn-open-page.h"

struct _JnBillsPage
{
  JnPlacePage page;

  GtkStack *stack;
  JnColumns *columns;
  AdwBin *analysis_slot;
  AdwBin *list_slot;
  GtkToggleButton *list_button;
  GtkToggleButton *analysis_button;
  AdwBin *detail_slot;
  AdwBin *header;
  JnBillList *list;

  GCancellable *cancellable;
  JnId wanted;   /* a row to open as soon as it is here: a fresh payment may not be synced yet */
  JnId followed; /* the open bill while its end is not known; or zero */
  JnEntryState followed_state;
};

static void jn_bills_page_page_init (JnPageInterface *iface);
static void find_wanted (JnBillsPage *self);

G_DEFINE_FINAL_TYPE_WITH_CODE (JnBillsPage, jn_bills_page, JN_TYPE_PLACE_PAGE,
                               G_IMPLEMENT_INTERFACE (JN_TYPE_PAGE, jn_bills_page_page_init))

static gboolean
in_detail (JnBillsPage *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "detail") == 0;
}

/* By what a bill that is still open is found again: our intent where there is one, then also when the bank's own row is there. */
static JnId
id_to_follow (JnEntryItem *item)
{
  const JnId *intent = jn_entry_item_get_intent (item);
  JnId nothing = { 0 };

  switch (jn_entry_item_get_state (item))
    {
    case JN_ENTRY_UNKNOWN:
    case JN_ENTRY_SENDING:
    case JN_ENTRY_PENDING:
    case JN_ENTRY_HELD:
      return jn_id_is_zero (intent) ? *jn_entry_item_get_id (item) : *intent;
    case JN_ENTRY_LOADING:
    case JN_ENTRY_BOOKED:
    case JN_ENTRY_NOT_MADE:
    case JN_ENTRY_CANCELLED:
    default:
      return nothing;
    }
}

static void
show_entry (JnBillsPage *self, JnEntryItem *item)
{
  GtkWidget *detail = jn_bill_detail_new (self->page.context, item);

  memset (&self->wanted, 0, sizeof self->wanted);
  self->followed = id_to_follow (item);
  self->followed_state = jn_entry_item_get_state (item);
  adw_bin_set_child (self->detail_slot, detail);
  gtk_stack_set_visible_child_name (self->stack, "detail");
  gtk_widget_grab_focus (detail);
  jn_page_changed (JN_PAGE (self));
}

static void
show_list (JnBillsPage *self)
{
  gboolean was_in_detail = in_detail (self);

  memset (&self->wanted, 0, sizeof self->wanted);
  memset (&self->followed, 0, sizeof self->followed);
  gtk_stack_set_visible_child_name (self->stack, "list");
  if (was_in_detail)
    jn_page_changed (JN_PAGE (self));
}

static void
show_rows (JnBillsPage *self)
{
  gtk_toggle_button_set_active (self->list_button, TRUE);
}

static void
switch_cb (JnBillsPage *self)
{
  jn_columns_set_show_end (self->columns, gtk_toggle_button_get_active (self->list_button));
}

static void
search_cb (JnBillsPage *self)
{
  show_list (self);
  show_rows (self);
  jn_bill_list_set_searching (self->list, TRUE);
}

static void
opened_cb (JnBillsPage *self, JnEntryItem *item)
{
  show_entry (self, item);
}

/* ---- a row by its id ---- */

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnEntryItem) item = jn_context_find_entry_finish (JN_CONTEXT (source), result, &error);
  JnBillsPage *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = JN_BILLS_PAGE (user_data);
  if (item && jn_id_equal (jn_entry_item_get_id (item), &self->wanted))
    show_entry (self, item);
}

static void
find_wanted (JnBillsPage *self)
{
  if (!jn_id_is_zero (&self->wanted))
    jn_context_find_entry_async (self->page.context, &self->wanted, self->cancellable, found_cb,
                                 self);
}

/* The open bill's state is another one now: what is on the screen says so too. */
static void
followed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnEntryItem) item = jn_context_find_entry_finish (JN_CONTEXT (source), result, &error);
  JnBillsPage *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = JN_BILLS_PAGE (user_data);
  if (item && jn_entry_item_get_state (item) != self->followed_state
      && (jn_id_equal (jn_entry_item_get_intent (item), &self->followed)
          || jn_id_equal (jn_entry_item_get_id (item), &self->followed)))
    show_entry (self, item);
}

static void
look_again (JnBillsPage *self)
{
  if (!jn_id_is_zero (&self->followed))
    jn_context_find_entry_async (self->page.context, &self->followed, self->cancellable,
                                 followed_cb, self);
}

/* ---- a place of the window ---- */

static const char *
page_get_title (JnPage *page)
{
  return in_detail (JN_BILLS_PAGE (page)) ? _ ("Bill") : _ ("Bills");
}

static GtkWidget *
page_get_header (JnPage *page)
{
  JnBillsPage *self = JN_BILLS_PAGE (page);

  return in_detail (self) ? NULL : GTK_WIDGET (self->header);
}

static gboolean
page_can_go_back (JnPage *page)
{
  return in_detail (JN_BILLS_PAGE (page));
}

static void
page_go_back (JnPage *page)
{
  show_list (JN_BILLS_PAGE (page));
}

static void
page_open (JnPage *page, const char *target)
{
  JnBillsPage *self = JN_BILLS_PAGE (page);
  JnBills *bills = jn_context_get_bills (self->page.context);

  if (g_str_has_prefix (target, "entry:"))
    {
      if (jn_id_from_string (target + strlen ("entry:"), &self->wanted))
        find_wanted (self);
      return;
    }
  show_list (self);
  if (g_str_has_prefix (target, "category:"))
    {
      guint64 category = g_ascii_strtoull (target + strlen ("category:"), NULL, 10);

      if (category < JN_N_CATEGORIES)
        jn_bills_set_category (bills, (JnCategory) category);
      show_rows (self);
    }
  else if (g_str_has_prefix (target, "search:"))
    {
      show_rows (self);
      jn_bill_list_search (self->list, target + strlen ("search:"));
    }
}

static gboolean
page_find (JnPage *page)
{
  search_cb (JN_BILLS_PAGE (page));
  return TRUE;
}

static void
jn_bills_page_page_init (JnPageInterface *iface)
{
  iface->get_title = page_get_title;
  iface->get_header = page_get_header;
  iface->can_go_back = page_can_go_back;
  iface->go_back = page_go_back;
  iface->open = page_open;
  iface->find = page_find;
}

JnBillList *
jn_bills_page_get_list (JnBillsPage *self)
{
  g_return_val_if_fail (JN_IS_BILLS_PAGE (self), NULL);
  return self->list;
}

/* ---- the object ---- */

static void
jn_bills_page_constructed (GObject *object)
{
  JnBillsPage *self = JN_BILLS_PAGE (object);
  JnBills *bills = jn_context_get_bills (self->page.context);
  GtkWidget *analysis = jn_analysis_card_new (self->page.context);

  G_OBJECT_CLASS (jn_bills_page_parent_class)->constructed (object);
  g_object_ref_sink (self->header);
  jn_stack_present_open_page (self->stack);
  adw_bin_set_child (self->header, jn_month_chooser_new (bills));
  adw_bin_set_child (self->analysis_slot, analysis);
  g_signal_connect_swapped (analysis, "category-chosen", G_CALLBACK (show_rows), self);
  self->list = JN_BILL_LIST (jn_bill_list_new (self->page.context));
  g_signal_connect_swapped (self->list, "opened", G_CALLBACK (opened_cb), self);
  adw_bin_set_child (self->list_slot, GTK_WIDGET (self->list));
  g_signal_connect_object (bills, "changed", G_CALLBACK (find_wanted), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bills, "changed", G_CALLBACK (look_again), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->page.context, "payment-settled", G_CALLBACK (look_again), self,
                           G_CONNECT_SWAPPED);
}

static void
jn_bills_page_dispose (GObject *object)
{
  JnBillsPage *self = JN_BILLS_PAGE (object);
  AdwBin *header = self->header;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (jn_bills_page_parent_class)->dispose (object);
  g_clear_object (&header);
}

static void
jn_bills_page_class_init (JnBillsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = jn_bills_page_constructed;
  object_class->dispose = jn_bills_page_dispose;
  g_type_ensure (JN_TYPE_COLUMNS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/jinnang/Wallet/ui/bills/jn-bills-page.ui");
  gtk_widget_class_bind_template_child (widget_class, JnBillsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, JnBillsPage, columns);
  gtk_widget_class_bind_template_child (widget_class, JnBillsPage, analysis_slot);
  gtk_widget_class_bind_template_child (widget_class, JnBillsPage, list_slot);
  gtk_widget_class_bind_template_child (widget_class, JnBillsPage, list_button);
  gtk_widget_class_bind_template_child (widget_class, JnBillsPage, analysis_button);
  gtk_widget_class_bind_template_child (widget_class, JnBillsPage, detail_slot);
  gtk_widget_class_bind_template_child (widget_class, JnBillsPage, header);
  gtk_widget_class_bind_template_callback (widget_class, switch_cb);
}

static void
jn_bills_page_init (JnBillsPage *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
jn_bills_page_new (JnContext *context)
{
  return jn_place_page_new (JN_TYPE_BILLS_PAGE, context);
}
