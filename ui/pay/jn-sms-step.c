/* The code is bound to this amount and this payee, and the page says so. */
#include "jn-sms-step.h"

#include <glib/gi18n.h>

#include "jn-error-text.h"
#include "jn-format.h"
#include "jn-sheet-row.h"
#include "jn-pin-entry.h"

struct _JnSmsStep
{
  JnPaymentPanel panel;

  GtkLabel *explanation;
  AdwBin *code_slot;
  GtkLabel *error_label;
  GtkWidget *phone_hint;
  GtkWidget *confirm_button;
  GtkLabel *confirm_label;
  GtkSpinner *spinner;
  GtkWidget *resend_button;
  JnPinEntry *code;

  gboolean locked;
};

G_DEFINE_FINAL_TYPE (JnSmsStep, jn_sms_step, JN_TYPE_PAYMENT_PANEL)

static void
say (JnSmsStep *self, const char *text)
{
  gtk_label_set_text (self->error_label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), text != NULL);
}

static void
fill (JnSmsStep *self)
{
  gboolean waiting = self->locked && jn_payment_get_wait (self->panel.payment) >= JN_WAIT_SPINNER;
  g_autofree char *amount =
      jn_format_money (jn_payment_get_total (self->panel.payment), JN_MONEY_FORMAT_PLAIN,
                       jn_context_get_masked (self->panel.context));
  const char *payee = jn_payment_get_payee (self->panel.payment);
  g_autofree char *text =
      g_strdup_printf (_ ("The bank sent a code to your phone. It is good only for %s to %s."),
                       amount, payee ? payee : "");
  g_autofree char *label = jn_sheet_dup_verb (self->panel.payment, amount);

  gtk_label_set_text (self->explanation, text);
  gtk_label_set_text (self->confirm_label, label);
  jn_widget_set_name (self->confirm_button, label);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), waiting);
  gtk_spinner_set_spinning (self->spinner, waiting);
  gtk_widget_set_sensitive (self->confirm_button, !self->locked);
  gtk_widget_set_sensitive (self->resend_button, !self->locked);
  gtk_widget_set_sensitive (GTK_WIDGET (self->code), !self->locked);
}

static void
confirm_cb (JnSmsStep *self)
{
  if (self->locked || jn_payment_get_state (self->panel.payment) != JN_PAYMENT_SMS)
    return;
  if (!jn_pin_entry_is_complete (self->code))
    {
      say (self, _ ("Type the six digits of the code first."));
      gtk_widget_grab_focus (GTK_WIDGET (self->code));
      return;
    }
  self->locked = TRUE;
  say (self, NULL);
  fill (self);
  jn_payment_approve_sms (self->panel.payment, jn_pin_entry_peek (self->code));
}

static void
resend_cb (JnSmsStep *self)
{
  if (self->locked)
    return;
  jn_pin_entry_clear (self->code);
  say (self, NULL);
  jn_payment_resend_sms (self->panel.payment);
  gtk_widget_grab_focus (GTK_WIDGET (self->code));
}

static void
code_submit_cb (JnSmsStep *self)
{
  gtk_widget_grab_focus (self->confirm_button);
}

static void
state_changed_cb (JnSmsStep *self)
{
  const GError *error = jn_payment_get_error (self->panel.payment);

  if (jn_payment_get_state (self->panel.payment) != JN_PAYMENT_SMS)
    return;
  if (self->locked && error)
    {
      g_autofree char *text =
          jn_error_text_dup_field (error, jn_payment_get_attempts_left (self->panel.payment));

      jn_pin_entry_refuse (self->code);
      say (self, text);
    }
  self->locked = FALSE;
  fill (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->code));
}

static gboolean
jn_sms_step_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (JN_SMS_STEP (widget)->code));
}

static void
jn_sms_step_constructed (GObject *object)
{
  JnSmsStep *self = JN_SMS_STEP (object);

  G_OBJECT_CLASS (jn_sms_step_parent_class)->constructed (object);
  self->code = JN_PIN_ENTRY (jn_pin_entry_new (FALSE, _ ("Code from the text message")));
  g_signal_connect_swapped (self->code, "submit", G_CALLBACK (code_submit_cb), self);
  adw_bin_set_child (self->code_slot, GTK_WIDGET (self->code));
  gtk_widget_set_visible (self->phone_hint, jn_context_is_sandbox (self->panel.context));
  g_signal_connect_object (self->panel.payment, "notify::state", G_CALLBACK (state_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->panel.payment, "notify::wait", G_CALLBACK (fill), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->panel.context, "notify::masked", G_CALLBACK (fill), self,
                           G_CONNECT_SWAPPED);
  fill (self);
}

static void
jn_sms_step_class_init (JnSmsStepClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = jn_sms_step_constructed;
  widget_class->grab_focus = jn_sms_step_grab_focus;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/jinnang/Wallet/ui/pay/jn-sms-step.ui");
  gtk_widget_class_bind_template_child (widget_class, JnSmsStep, explanation);
  gtk_widget_class_bind_template_child (widget_class, JnSmsStep, code_slot);
  gtk_widget_class_bind_template_child (widget_class, JnSmsStep, error_label);
  gtk_widget_class_bind_template_child (widget_class, JnSmsStep, phone_hint);
  gtk_widget_class_bind_template_child (widget_class, JnSmsStep, confirm_button);
  gtk_widget_class_bind_template_child (widget_class, JnSmsStep, confirm_label);
  gtk_widget_class_bind_template_child (widget_class, JnSmsStep, spinner);
  gtk_widget_class_bind_template_child (widget_class, JnSmsStep, resend_button);
  gtk_widget_class_bind_template_callback (widget_class, confirm_cb);
  gtk_widget_class_bind_template_callback (widget_class, resend_cb);
}

static void
jn_sms_step_init (JnSmsStep *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
jn_sms_step_new (JnContext *context, JnPayment *payment)
{
  return jn_payment_panel_new (JN_TYPE_SMS_STEP, context, payment);
}
