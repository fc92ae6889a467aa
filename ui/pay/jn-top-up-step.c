#include "jn-question-steps.h"

#include "jn-card.h"
#include "jn-format.h"
#include "jn-payment-view.h"

#include <glib/gi18n.h>

struct _JnTopUpStep
{
  AdwBin parent_instance;
  JnContext *context;
  JnPayment *payment;
  JnPayment *top_up;
  GtkWidget *steps;
  GtkWidget *view;
};

G_DEFINE_FINAL_TYPE (JnTopUpStep, jn_top_up_step, ADW_TYPE_BIN)

static guint signal_left;

static GtkWidget *
step_line_new (const char *number, const char *text, const char *line, gboolean now)
{
  GtkWidget *row = jn_across_new (12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *sign = now ? gtk_spinner_new () : gtk_label_new (number);

  if (now)
    gtk_spinner_start (GTK_SPINNER (sign));
  else
    gtk_widget_add_css_class (sign, "step-number");
  gtk_widget_set_size_request (sign, 24, 24);
  gtk_widget_set_valign (sign, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (texts), jn_text_new (text, "body-text"));
  if (line)
    gtk_box_append (GTK_BOX (texts), jn_text_new (line, "caption-text dim"));
  jn_across_append (row, sign);
  jn_across_append (row, texts);
  gtk_widget_add_css_class (row, "sheet-row");
  return row;
}

static void
fill (JnTopUpStep *self)
{
  JnPaymentState state = jn_payment_get_state (self->top_up);
  gboolean masked = jn_context_get_masked (self->context);
  gboolean busy = state == JN_PAYMENT_APPROVING || state == JN_PAYMENT_CHECKING;
  g_autofree char *amount =
      jn_format_money (jn_payment_get_shortfall (self->payment), JN_MONEY_FORMAT_PLAIN, masked);
  g_autofree char *total =
      jn_format_money (jn_payment_get_total (self->payment), JN_MONEY_FORMAT_PLAIN, masked);
  g_autofree char *first = g_strdup_printf (_ ("Top up %s"), amount);
  g_autofree char *second = g_strdup_printf (_ ("Pay %s"), total);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->steps)))
    gtk_box_remove (GTK_BOX (self->steps), child);
  gtk_box_append (GTK_BOX (self->steps), step_line_new ("1", first, NULL, busy));
  gtk_box_append (GTK_BOX (self->steps),
                  step_line_new ("2", second, jn_payment_get_payee (self->payment), FALSE));
}

/* A top-up that was cancelled leads back to the question, which the payment knows itself. */
static void
left_cb (JnTopUpStep *self)
{
  if (jn_payment_get_state (self->payment) == JN_PAYMENT_TOPPING_UP)
    g_signal_emit (self, signal_left, 0);
}

static gboolean
jn_top_up_step_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (JN_TOP_UP_STEP (widget)->view);
}

static void
jn_top_up_step_dispose (GObject *object)
{
  JnTopUpStep *self = JN_TOP_UP_STEP (object);

  adw_bin_set_child (ADW_BIN (self), NULL);
  g_clear_object (&self->top_up);
  g_clear_object (&self->payment);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (jn_top_up_step_parent_class)->dispose (object);
}

static void
jn_top_up_step_class_init (JnTopUpStepClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_top_up_step_dispose;
  GTK_WIDGET_CLASS (klass)->grab_focus = jn_top_up_step_grab_focus;
  signal_left = g_signal_new ("left", JN_TYPE_TOP_UP_STEP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 0);
}

static void
jn_top_up_step_init (JnTopUpStep *self)
{
}

GtkWidget *
jn_top_up_step_new (JnContext *context, JnPayment *payment)
{
  JnTopUpStep *self = g_object_new (JN_TYPE_TOP_UP_STEP, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *card = jn_card_new (0);

  self->context = g_object_ref (context);
  self->payment = g_object_ref (payment);
  self->top_up = g_object_ref (jn_payment_get_top_up (payment));
  self->steps = card;
  self->view = jn_payment_view_new (context);
  gtk_widget_add_css_class (card, "two-steps");
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 420);
  adw_clamp_set_child (ADW_CLAMP (clamp), card);
  gtk_widget_set_vexpand (self->view, TRUE);
  gtk_box_append (GTK_BOX (box), clamp);
  gtk_box_append (GTK_BOX (box), self->view);
  adw_bin_set_child (ADW_BIN (self), box);
  g_signal_connect_object (self->top_up, "notify::state", G_CALLBACK (fill), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "notify::masked", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "left", G_CALLBACK (left_cb), self, G_CONNECT_SWAPPED);
  fill (self);
  jn_payment_view_set_payment (JN_PAYMENT_VIEW (self->view), self->top_up);
  return GTK_WIDGET (self);
}
