/* The draft survives everything but its own success: a transfer that failed is still there to be corrected. */
#include "jn-transfers-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "jn-avatar.h"
#include "jn-card.h"
#include "jn-columns.h"
#include "jn-format.h"
#include "jn-open-page.h"
#include "jn-page.h"
#include "jn-payment-view.h"
#include "jn-text.h"
#include "jn-transfer-form.h"

struct _JnTransfersPage
{
  JnPlacePage page;

  GtkStack *stack;
  AdwBin *form_slot;
  AdwBin *flow_slot;
  GtkStack *payee_stack;
  GtkListBox *payee_list;
  JnTransferForm *form;
  JnPaymentView *view;

  JnTransfer *transfer;
};

static void jn_transfers_page_page_init (JnPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (JnTransfersPage, jn_transfers_page, JN_TYPE_PLACE_PAGE,
                               G_IMPLEMENT_INTERFACE (JN_TYPE_PAGE, jn_transfers_page_page_init))

static gboolean
in_flow (JnTransfersPage *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "flow") == 0;
}

static void
new_draft (JnTransfersPage *self)
{
  g_clear_object (&self->transfer);
  self->transfer = jn_context_create_transfer (self->page.context);
  jn_transfer_form_set_transfer (self->form, self->transfer);
}

/* ---- payees ---- */

/* The bank's name gives way, the number's end never does: it tells two cards of one payee apart. */
static GtkWidget *
payee_line_new (const char *bank, const char *number)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *end = jn_text_new (number, "row-line figures");

  if (bank)
    {
      GtkWidget *name = jn_text_new (bank, "row-line");
      GtkWidget *dot = gtk_label_new (" · ");

      gtk_widget_add_css_class (dot, "row-line");
      gtk_label_set_wrap (GTK_LABEL (name), FALSE);
      gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
      gtk_box_append (GTK_BOX (line), name);
      gtk_box_append (GTK_BOX (line), dot);
    }
  gtk_label_set_wrap (GTK_LABEL (end), FALSE);
  gtk_box_append (GTK_BOX (line), end);
  return line;
}

static char *
dup_end (const char *account)
{
  glong length = g_utf8_strlen (account, -1);

  return length <= 4 ? g_strdup ("••••")
                     : g_strdup_printf ("•••• %s", g_utf8_offset_to_pointer (account, length - 4));
}

static GtkWidget *
payee_row_new (gpointer item, gpointer user_data)
{
  JnPayeeItem *payee = item;
  const char *bank = jn_payee_item_get_bank (payee, jn_format_is_chinese ());
  g_autofree char *number = dup_end (jn_payee_item_get_account (payee));
  g_autofree char *line = bank ? g_strdup_printf ("%s · %s", bank, number) : g_strdup (number);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = jn_across_new (12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *avatar = jn_avatar_new (36);
  GtkWidget *name = jn_text_new (jn_payee_item_get_name (payee), "row-name");
  GtkWidget *dim = payee_line_new (bank, number);
  g_autofree char *spoken = g_strdup_printf (_ ("Transfer to %s"), jn_payee_item_get_name (payee));

  jn_avatar_set_name (JN_AVATAR (avatar), jn_payee_item_get_name (payee));
  gtk_box_append (GTK_BOX (texts), name);
  gtk_box_append (GTK_BOX (texts), dim);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  jn_across_append (box, avatar);
  jn_across_append (box, texts);
  gtk_widget_add_css_class (box, "payee");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  jn_widget_set_name (row, spoken);
  jn_widget_set_description (row, line);
  return row;
}

static void
payees_changed_cb (JnTransfersPage *self)
{
  GListModel *payees = jn_context_get_payees (self->page.context);
  gboolean any = g_list_model_get_n_items (payees) > 0;

  gtk_stack_set_visible_child_name (self->payee_stack, any ? "list" : "empty");
}

static void
take_payee (JnTransfersPage *self, JnPayeeItem *payee)
{
  jn_transfer_set_payee (self->transfer, payee);
  jn_transfer_form_focus_amount (self->form);
}

static void
payee_activated_cb (GtkListBox *list, GtkListBoxRow *row, JnTransfersPage *self)
{
  g_autoptr (JnPayeeItem) payee = g_list_model_get_item (jn_context_get_payees (self->page.context),
                                                         (guint) gtk_list_box_row_get_index (row));

  if (payee)
    take_payee (self, payee);
}

/* ---- from the draft to the payment and back ---- */

void
jn_transfers_page_show (JnTransfersPage *self, JnPayment *payment)
{
  g_return_if_fail (JN_IS_TRANSFERS_PAGE (self));
  g_return_if_fail (JN_IS_PAYMENT (payment));

  jn_payment_view_set_payment (self->view, payment);
  gtk_stack_set_visible_child_name (self->stack, "flow");
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  jn_page_changed (JN_PAGE (self));
}

static void
continued_cb (JnTransfersPage *self)
{
  g_autoptr (JnPayment) payment = NULL;

  if (in_flow (self) || !jn_transfer_is_ready (self->transfer))
    return;
  payment = jn_transfer_open (self->transfer);
  if (payment)
    jn_transfers_page_show (self, payment);
}

/* Sent means used up: a draft whose transfer was made or may have been made is not offered again. */
static gboolean
is_used_up (JnPayment *payment)
{
  JnPaymentState state = payment ? jn_payment_get_state (payment) : JN_PAYMENT_CANCELLED;

  return state == JN_PAYMENT_MADE || state == JN_PAYMENT_CHECKING || state == JN_PAYMENT_APPROVING;
}

static void
left_cb (JnTransfersPage *self)
{
  gboolean used = is_used_up (jn_payment_view_get_payment (self->view));

  jn_payment_view_set_payment (self->view, NULL);
  gtk_stack_set_visible_child_name (self->stack, "form");
  if (used)
    new_draft (self);
  jn_page_changed (JN_PAGE (self));
}

/* The same payee again, with a new amount and a new intent. */
static void
again_cb (JnTransfersPage *self)
{
  gboolean made = is_used_up (jn_payment_view_get_payment (self->view));
  g_autofree char *name = g_strdup (jn_transfer_get_name (self->transfer));
  g_autofree char *account = g_strdup (jn_transfer_get_account (self->transfer));

  left_cb (self);
  if (!made)
    return;
  jn_transfer_set_name (self->transfer, name);
  jn_transfer_set_account (self->transfer, account);
  jn_transfer_form_focus_amount (self->form);
}

/* ---- a place of the window ---- */

static const char *
page_get_title (JnPage *page)
{
  return _ ("Transfers");
}

static gboolean
page_can_go_back (JnPage *page)
{
  return in_flow (JN_TRANSFERS_PAGE (page));
}

static void
page_go_back (JnPage *page)
{
  JnTransfersPage *self = JN_TRANSFERS_PAGE (page);

  if (in_flow (self))
    jn_payment_view_go_back (self->view);
}

static void
page_open (JnPage *page, const char *target)
{
  JnTransfersPage *self = JN_TRANSFERS_PAGE (page);
  GListModel *payees = jn_context_get_payees (self->page.context);
  const char *account;

  if (in_flow (self) || !g_str_has_prefix (target, "payee:"))
    return;
  account = target + strlen ("payee:");
  for (guint i = 0; i < g_list_model_get_n_items (payees); i++)
    {
      g_autoptr (JnPayeeItem) payee = g_list_model_get_item (payees, i);

      if (g_strcmp0 (jn_payee_item_get_account (payee), account) == 0)
        {
          take_payee (self, payee);
          return;
        }
    }
  jn_transfer_set_account (self->transfer, account);
}

static void
jn_transfers_page_page_init (JnPageInterface *iface)
{
  iface->get_title = page_get_title;
  iface->can_go_back = page_can_go_back;
  iface->go_back = page_go_back;
  iface->open = page_open;
}

/* ---- the object ---- */

static void
jn_transfers_page_constructed (GObject *object)
{
  JnTransfersPage *self = JN_TRANSFERS_PAGE (object);
  GListModel *payees = jn_context_get_payees (self->page.context);

  G_OBJECT_CLASS (jn_transfers_page_parent_class)->constructed (object);
  self->form = JN_TRANSFER_FORM (jn_transfer_form_new (self->page.context));
  g_signal_connect_swapped (self->form, "continued", G_CALLBACK (continued_cb), self);
  jn_stack_present_open_page (self->stack);
  adw_bin_set_child (self->form_slot, GTK_WIDGET (self->form));
  self->view = JN_PAYMENT_VIEW (jn_payment_view_new (self->page.context));
  g_signal_connect_swapped (self->view, "left", G_CALLBACK (left_cb), self);
  g_signal_connect_swapped (self->view, "again", G_CALLBACK (again_cb), self);
  adw_bin_set_child (self->flow_slot, GTK_WIDGET (self->view));
  gtk_list_box_bind_model (self->payee_list, payees, payee_row_new, NULL, NULL);
  g_signal_connect_object (payees, "items-changed", G_CALLBACK (payees_changed_cb), self,
                           G_CONNECT_SWAPPED);
  payees_changed_cb (self);
  new_draft (self);
}

static void
jn_transfers_page_dispose (GObject *object)
{
  JnTransfersPage *self = JN_TRANSFERS_PAGE (object);

  g_clear_object (&self->transfer);
  G_OBJECT_CLASS (jn_transfers_page_parent_class)->dispose (object);
}

static void
jn_transfers_page_class_init (JnTransfersPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = jn_transfers_page_constructed;
  object_class->dispose = jn_transfers_page_dispose;
  g_type_ensure (JN_TYPE_COLUMNS);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/jinnang/Wallet/ui/transfers/jn-transfers-page.ui");
  gtk_widget_class_bind_template_child (widget_class, JnTransfersPage, stack);
  gtk_widget_class_bind_template_child (widget_class, JnTransfersPage, form_slot);
  gtk_widget_class_bind_template_child (widget_class, JnTransfersPage, flow_slot);
  gtk_widget_class_bind_template_child (widget_class, JnTransfersPage, payee_stack);
  gtk_widget_class_bind_template_child (widget_class, JnTransfersPage, payee_list);
  gtk_widget_class_bind_template_callback (widget_class, payee_activated_cb);
}

static void
jn_transfers_page_init (JnTransfersPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
jn_transfers_page_new (JnContext *context)
{
  return jn_place_page_new (JN_TYPE_TRANSFERS_PAGE, context);
}
