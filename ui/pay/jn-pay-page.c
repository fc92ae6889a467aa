/* The first half of a payment, until the bank has named the payee, happens beside the field it began in; then the sheet
 * slides in. */
#include "jn-pay-page.h"

#include <glib/gi18n.h>

#include "jn-camera-view.h"
#include "jn-code-input.h"
#include "jn-columns.h"
#include "jn-paid-text.h"
#include "jn-page.h"
#include "jn-payment-view.h"
#include "jn-shops-card.h"
#include "jn-open-page.h"

struct _JnPayPage
{
  JnPlacePage page;

  GtkStack *stack;
  JnCodeInput *input;
  AdwBin *shops_slot;
  AdwBin *camera_slot;
  AdwBin *flow_slot;
  JnShopsCard *shops; /* NULL outside the sandbox */
  JnCamera *camera;   /* NULL until the page was seen */
  JnPaymentView *view;

  JnPayment *payment;
  GSignalGroup *signals;
};

static void jn_pay_page_page_init (JnPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (JnPayPage, jn_pay_page, JN_TYPE_PLACE_PAGE,
                               G_IMPLEMENT_INTERFACE (JN_TYPE_PAGE, jn_pay_page_page_init))

static gboolean
is_at (JnPayPage *self, const char *step)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), step) == 0;
}

static gboolean
in_flow (JnPayPage *self)
{
  return is_at (self, "flow");
}

static void
show_start (JnPayPage *self)
{
  gboolean was_there = is_at (self, "start");

  jn_code_input_set_busy (self->input, NULL);
  gtk_stack_set_visible_child_name (self->stack, "start");
  if (!was_there)
    jn_page_changed (JN_PAGE (self));
}

static void
show_flow (JnPayPage *self)
{
  if (in_flow (self))
    return;
  jn_code_input_set_busy (self->input, NULL);
  jn_code_input_clear (self->input);
  jn_payment_view_set_payment (self->view, self->payment);
  gtk_stack_set_visible_child_name (self->stack, "flow");
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  jn_page_changed (JN_PAGE (self));
}

/* An intent that reached its end has used its order: the shop needs a new code. */
static void
forget_payment (JnPayPage *self)
{
  g_signal_group_set_target (self->signals, NULL);
  jn_payment_view_set_payment (self->view, NULL);
  g_clear_object (&self->payment);
}

/* Another device of the customer was faster: which one, and when. */
static void
say_who_paid (JnPayPage *self, const GError *error)
{
  g_autofree char *text = jn_error_text_dup_paid (self->page.context, self->payment, error);

  if (text)
    jn_code_input_set_error_text (self->input, text);
}

static void
state_changed_cb (JnPayPage *self)
{
  const GError *error = jn_payment_get_error (self->payment);

  switch (jn_payment_get_state (self->payment))
    {
    case JN_PAYMENT_START:
      show_start (self);
      jn_code_input_set_error (self->input, error);
      say_who_paid (self, error);
      break;
    case JN_PAYMENT_READING:
      jn_code_input_set_busy (self->input, _ ("Reading the picture…"));
      break;
    case JN_PAYMENT_RESOLVING:
      jn_code_input_set_busy (self->input, _ ("Asking the bank who the payee is…"));
      break;
    case JN_PAYMENT_QUOTING:
      if (!in_flow (self))
        jn_code_input_set_busy (self->input, _ ("Asking the bank for the price…"));
      break;
    case JN_PAYMENT_AMOUNT:
    case JN_PAYMENT_AGAIN:
    case JN_PAYMENT_SHORT:
    case JN_PAYMENT_TOPPING_UP:
    case JN_PAYMENT_CONFIRM:
    case JN_PAYMENT_APPROVING:
    case JN_PAYMENT_SMS:
    case JN_PAYMENT_CHECKING:
    case JN_PAYMENT_MADE:
    case JN_PAYMENT_NOT_MADE:
    case JN_PAYMENT_FAILED:
      show_flow (self);
      break;
    case JN_PAYMENT_CANCELLED:
      if (!in_flow (self))
        show_start (self);
      break;
    default:
      break;
    }
}

/* Takes @payment. */
static void
watch (JnPayPage *self, JnPayment *payment)
{
  forget_payment (self);
  self->payment = payment;
  g_signal_group_set_target (self->signals, payment);
}

static void
begin (JnPayPage *self)
{
  jn_code_input_set_error (self->input, NULL);
  if (self->payment && jn_payment_get_state (self->payment) == JN_PAYMENT_START)
    return;
  watch (self, jn_context_create_payment (self->page.context));
}

void
jn_pay_page_show (JnPayPage *self, JnPayment *payment)
{
  g_return_if_fail (JN_IS_PAY_PAGE (self));
  g_return_if_fail (JN_IS_PAYMENT (payment));

  watch (self, g_object_ref (payment));
  state_changed_cb (self);
}

static void
picture_cb (JnPayPage *self, GBytes *picture)
{
  if (in_flow (self))
    return;
  begin (self);
  jn_payment_read_picture (self->payment, picture);
}

static void
code_cb (JnPayPage *self, const char *code)
{
  if (in_flow (self))
    return;
  begin (self);
  jn_payment_read_code (self->payment, code);
}

/* ---- the camera ---- */

static void
camera_cb (JnPayPage *self)
{
  if (!is_at (self, "start"))
    return;
  jn_code_input_set_error (self->input, NULL);
  gtk_stack_set_visible_child_name (self->stack, "camera");
  jn_camera_start (self->camera);
  gtk_widget_grab_focus (adw_bin_get_child (self->camera_slot));
  jn_page_changed (JN_PAGE (self));
}

static void
camera_code_cb (JnPayPage *self, const char *code)
{
  show_start (self);
  code_cb (self, code);
}

static void
other_way_cb (JnPayPage *self, JnOtherWay way)
{
  show_start (self);
  if (way == JN_OTHER_WAY_FILE)
    jn_code_input_choose_file (self->input);
  else if (way == JN_OTHER_WAY_PASTE)
    jn_code_input_paste (self->input);
  else if (way == JN_OTHER_WAY_TYPE)
    jn_code_input_type (self->input);
}

static void
camera_state_cb (JnPayPage *self)
{
  jn_code_input_offer_camera (self->input, jn_camera_get_state (self->camera) != JN_CAMERA_ABSENT);
}

/* Looking for a camera is left until somebody is about to pay. */
static void
look_for_camera (JnPayPage *self)
{
  GtkWidget *view;

  self->camera = jn_context_create_camera (self->page.context);
  g_signal_connect_object (self->camera, "notify::state", G_CALLBACK (camera_state_cb), self,
                           G_CONNECT_SWAPPED);
  view = jn_camera_view_new (self->camera);
  g_signal_connect_swapped (view, "code", G_CALLBACK (camera_code_cb), self);
  g_signal_connect_swapped (view, "other-way", G_CALLBACK (other_way_cb), self);
  adw_bin_set_child (self->camera_slot, view);
  camera_state_cb (self);
}

static void
jn_pay_page_map (GtkWidget *widget)
{
  JnPayPage *self = JN_PAY_PAGE (widget);

  if (!self->camera)
    look_for_camera (self);
  /* It went off when the page was left. */
  if (is_at (self, "camera"))
    show_start (self);
  GTK_WIDGET_CLASS (jn_pay_page_parent_class)->map (widget);
}

static void
left_cb (JnPayPage *self)
{
  forget_payment (self);
  show_start (self);
  if (self->shops && gtk_widget_get_mapped (GTK_WIDGET (self)))
    jn_shops_card_refresh (self->shops);
}

/* ---- a place of the window ---- */

static const char *
page_get_title (JnPage *page)
{
  return _ ("Pay");
}

static gboolean
page_can_go_back (JnPage *page)
{
  return !is_at (JN_PAY_PAGE (page), "start");
}

static void
page_go_back (JnPage *page)
{
  JnPayPage *self = JN_PAY_PAGE (page);

  if (in_flow (self))
    jn_payment_view_go_back (self->view);
  else if (is_at (self, "camera"))
    {
      jn_camera_stop (self->camera);
      show_start (self);
    }
}

static void
page_open (JnPage *page, const char *target)
{
  JnPayPage *self = JN_PAY_PAGE (page);

  if (in_flow (self))
    return;
  if (is_at (self, "camera"))
    show_start (self);
  if (g_str_equal (target, "picture"))
    jn_code_input_choose_file (self->input);
  else if (g_str_equal (target, "sample") && self->shops)
    gtk_widget_child_focus (GTK_WIDGET (self->shops), GTK_DIR_TAB_FORWARD);
}

static void
jn_pay_page_page_init (JnPageInterface *iface)
{
  iface->get_title = page_get_title;
  iface->can_go_back = page_can_go_back;
  iface->go_back = page_go_back;
  iface->open = page_open;
}

/* ---- the object ---- */

static void
jn_pay_page_constructed (GObject *object)
{
  JnPayPage *self = JN_PAY_PAGE (object);

  G_OBJECT_CLASS (jn_pay_page_parent_class)->constructed (object);
  self->view = JN_PAYMENT_VIEW (jn_payment_view_new (self->page.context));
  jn_stack_present_open_page (self->stack);
  g_signal_connect_swapped (self->view, "left", G_CALLBACK (left_cb), self);
  g_signal_connect_swapped (self->view, "again", G_CALLBACK (left_cb), self);
  adw_bin_set_child (self->flow_slot, GTK_WIDGET (self->view));
  gtk_widget_set_visible (GTK_WIDGET (self->shops_slot),
                          jn_context_is_sandbox (self->page.context));
  if (jn_context_is_sandbox (self->page.context))
    {
      self->shops = JN_SHOPS_CARD (jn_shops_card_new (self->page.context));
      g_signal_connect_swapped (self->shops, "picture", G_CALLBACK (picture_cb), self);
      adw_bin_set_child (self->shops_slot, GTK_WIDGET (self->shops));
    }
}

static void
jn_pay_page_dispose (GObject *object)
{
  JnPayPage *self = JN_PAY_PAGE (object);

  if (self->signals)
    g_signal_group_set_target (self->signals, NULL);
  g_clear_object (&self->signals);
  if (self->view)
    g_signal_handlers_disconnect_by_data (self->view, self);
  self->view = NULL;
  if (self->camera)
    jn_camera_stop (self->camera);
  g_clear_object (&self->camera);
  if (self->payment)
    jn_payment_cancel (self->payment);
  g_clear_object (&self->payment);
  G_OBJECT_CLASS (jn_pay_page_parent_class)->dispose (object);
}

static void
jn_pay_page_class_init (JnPayPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = jn_pay_page_constructed;
  object_class->dispose = jn_pay_page_dispose;
  widget_class->map = jn_pay_page_map;
  g_type_ensure (JN_TYPE_COLUMNS);
  g_type_ensure (JN_TYPE_CODE_INPUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/jinnang/Wallet/ui/pay/jn-pay-page.ui");
  gtk_widget_class_bind_template_child (widget_class, JnPayPage, stack);
  gtk_widget_class_bind_template_child (widget_class, JnPayPage, input);
  gtk_widget_class_bind_template_child (widget_class, JnPayPage, shops_slot);
  gtk_widget_class_bind_template_child (widget_class, JnPayPage, camera_slot);
  gtk_widget_class_bind_template_child (widget_class, JnPayPage, flow_slot);
  gtk_widget_class_bind_template_callback (widget_class, picture_cb);
  gtk_widget_class_bind_template_callback (widget_class, code_cb);
  gtk_widget_class_bind_template_callback (widget_class, camera_cb);
}

static void
jn_pay_page_init (JnPayPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->signals = g_signal_group_new (JN_TYPE_PAYMENT);
  g_signal_group_connect_swapped (self->signals, "notify::state", G_CALLBACK (state_changed_cb),
                                  self);
  g_signal_group_connect_swapped (self->signals, "notify::error", G_CALLBACK (state_changed_cb),
                                  self);
}

GtkWidget *
jn_pay_page_new (JnContext *context)
{
  return jn_place_page_new (JN_TYPE_PAY_PAGE, context);
}
