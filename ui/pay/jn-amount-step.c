/* One question: how much. */
#include "jn-amount-step.h"

#include <glib/gi18n.h>

#include "jn-avatar.h"
#include "jn-currency.h"
#include "jn-error-text.h"
#include "jn-format.h"

struct _JnAmountStep
{
  JnPaymentPanel panel;

  AdwBin *avatar_slot;
  GtkLabel *payee;
  GtkLabel *payee_line;
  GtkEditable *entry;
  GtkLabel *error_label;
  GtkLabel *available;
  GtkWidget *continue_button;
};

G_DEFINE_FINAL_TYPE (JnAmountStep, jn_amount_step, JN_TYPE_PAYMENT_PANEL)

static void
show_error (JnAmountStep *self)
{
  const GError *error = jn_payment_get_error (self->panel.payment);
  g_autofree char *text = error ? jn_error_text_dup_field (error, -1) : NULL;

  gtk_label_set_text (self->error_label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), text != NULL);
  if (text)
    gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
  jn_widget_set_description (GTK_WIDGET (self->entry), text);
}

static void
continue_cb (JnAmountStep *self)
{
  jn_payment_set_amount (self->panel.payment, gtk_editable_get_text (self->entry));
  show_error (self);
}

static void
changed_cb (JnAmountStep *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), FALSE);
  gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
}

static void
state_changed_cb (JnAmountStep *self)
{
  gboolean here = jn_payment_get_state (self->panel.payment) == JN_PAYMENT_AMOUNT;

  gtk_widget_set_sensitive (self->continue_button, here);
  if (here)
    show_error (self);
}

static void
show_available (JnAmountStep *self)
{
  JnMoney available = jn_home_get_available (jn_context_get_home (self->panel.context));
  g_autofree char *amount = jn_format_money (available, JN_MONEY_FORMAT_PLAIN,
                                             jn_context_get_masked (self->panel.context));
  g_autofree char *text = g_strdup_printf (_ ("Available %s"), amount);

  gtk_label_set_text (self->available, text);
}

static void
fill (JnAmountStep *self)
{
  const char *payee = jn_payment_get_payee (self->panel.payment);
  const char *branch = jn_payment_get_branch (self->panel.payment);
  const char *symbol = jn_currency_get_symbol (jn_context_get_currency (self->panel.context));
  GtkWidget *avatar = jn_avatar_new (52);
  g_autofree char *line = NULL;

  jn_avatar_set_name (JN_AVATAR (avatar), payee);
  adw_bin_set_child (self->avatar_slot, avatar);
  gtk_label_set_text (self->payee, payee ? payee : "");
  if (!jn_payment_get_verified (self->panel.payment))
    line = g_strdup (branch ? branch : "");
  else
    line = branch ? g_strdup_printf (_ ("Merchant verified by the bank · %s"), branch)
                  : g_strdup (_ ("Merchant verified by the bank"));
  gtk_label_set_text (self->payee_line, line);
  if (symbol)
    {
      g_autofree char *hint = g_strdup_printf ("%s 0.00", symbol);
      g_object_set (self->entry, "placeholder-text", hint, NULL);
    }
  show_available (self);
}

static gboolean
jn_amount_step_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (JN_AMOUNT_STEP (widget)->entry));
}

static void
jn_amount_step_constructed (GObject *object)
{
  JnAmountStep *self = JN_AMOUNT_STEP (object);

  G_OBJECT_CLASS (jn_amount_step_parent_class)->constructed (object);
  g_signal_connect_object (self->panel.payment, "notify::state", G_CALLBACK (state_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->panel.payment, "notify::error", G_CALLBACK (state_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->panel.context, "notify::masked", G_CALLBACK (show_available), self,
                           G_CONNECT_SWAPPED);
  fill (self);
}

static void
jn_amount_step_class_init (JnAmountStepClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = jn_amount_step_constructed;
  widget_class->grab_focus = jn_amount_step_grab_focus;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/jinnang/Wallet/ui/pay/jn-amount-step.ui");
  gtk_widget_class_bind_template_child (widget_class, JnAmountStep, avatar_slot);
  gtk_widget_class_bind_template_child (widget_class, JnAmountStep, payee);
  gtk_widget_class_bind_template_child (widget_class, JnAmountStep, payee_line);
  gtk_widget_class_bind_template_child (widget_class, JnAmountStep, entry);
  gtk_widget_class_bind_template_child (widget_class, JnAmountStep, error_label);
  gtk_widget_class_bind_template_child (widget_class, JnAmountStep, available);
  gtk_widget_class_bind_template_child (widget_class, JnAmountStep, continue_button);
  gtk_widget_class_bind_template_callback (widget_class, continue_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
}

static void
jn_amount_step_init (JnAmountStep *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
jn_amount_step_new (JnContext *context, JnPayment *payment)
{
  return jn_payment_panel_new (JN_TYPE_AMOUNT_STEP, context, payment);
}
