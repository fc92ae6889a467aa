/* Steps are words with a mark each, in the order in which they happen. */
#include "jn-payment-progress.h"

#include <glib/gi18n.h>

#include "jn-card.h"

struct _JnPaymentProgress
{
  AdwBin parent_instance;

  JnPayment *payment;
  GtkWidget *card;
  GtkWidget *steps;
  GtkWidget *spinner;
  GtkWidget *may_leave;
  GtkWidget *leave_button;
};

enum
{
  PROP_PAYMENT = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];
static guint signal_leave;

G_DEFINE_FINAL_TYPE (JnPaymentProgress, jn_payment_progress, ADW_TYPE_BIN)

typedef enum
{
  STEP_DONE,
  STEP_NOW,
  STEP_LATER,
} StepMark;

static GtkWidget *
step_new (const char *text, StepMark mark)
{
  GtkWidget *row = jn_across_new (12);
  GtkWidget *label = jn_text_new (text, "body-text");
  GtkWidget *sign;

  if (mark == STEP_NOW)
    {
      sign = gtk_spinner_new ();
      gtk_spinner_start (GTK_SPINNER (sign));
      gtk_widget_set_size_request (sign, 20, 20);
    }
  else
    {
      sign = gtk_image_new_from_icon_name (mark == STEP_DONE ? "object-select-symbolic"
                                                             : "content-loading-symbolic");
      gtk_image_set_pixel_size (GTK_IMAGE (sign), 20);
      gtk_widget_add_css_class (sign, mark == STEP_DONE ? "jade" : "dim");
    }
  gtk_widget_set_valign (sign, GTK_ALIGN_CENTER);
  if (mark == STEP_LATER)
    gtk_widget_add_css_class (label, "dim");
  jn_across_append (row, sign);
  jn_across_append (row, label);
  gtk_widget_add_css_class (row, "sheet-row");
  return row;
}

static void
fill_steps (JnPaymentProgress *self)
{
  GtkBox *steps = GTK_BOX (self->steps);
  JnPaymentState state = jn_payment_get_state (self->payment);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->steps)))
    gtk_box_remove (steps, child);
  if (state == JN_PAYMENT_APPROVING)
    {
      JnPaymentStep at = jn_payment_get_step (self->payment);

      gtk_box_append (steps, step_new (_ ("Written down on this computer"),
                                       at == JN_PAYMENT_STEP_WRITING ? STEP_NOW : STEP_DONE));
      gtk_box_append (steps, step_new (_ ("Signed and sent to the bank"),
                                       at == JN_PAYMENT_STEP_WRITING ? STEP_LATER : STEP_DONE));
      gtk_box_append (steps, step_new (_ ("Waiting for the answer of the bank"),
                                       at == JN_PAYMENT_STEP_WRITING   ? STEP_LATER
                                       : at == JN_PAYMENT_STEP_WAITING ? STEP_NOW
                                                                       : STEP_DONE));
      return;
    }
  gtk_box_append (
      steps, step_new (_ ("Reading the code"), state == JN_PAYMENT_READING ? STEP_NOW : STEP_DONE));
  gtk_box_append (steps, step_new (_ ("Asking the bank who the payee is"),
                                   state == JN_PAYMENT_READING     ? STEP_LATER
                                   : state == JN_PAYMENT_RESOLVING ? STEP_NOW
                                                                   : STEP_DONE));
  gtk_box_append (steps, step_new (_ ("Asking the bank for the price"),
                                   state == JN_PAYMENT_QUOTING ? STEP_NOW : STEP_LATER));
  if (jn_payment_is_transfer (self->payment))
    gtk_box_remove (steps, gtk_widget_get_first_child (self->steps));
}

static void
update (JnPaymentProgress *self)
{
  JnWait wait = jn_payment_get_wait (self->payment);
  gboolean approving = jn_payment_get_state (self->payment) == JN_PAYMENT_APPROVING;

  gtk_widget_set_visible (self->spinner, wait == JN_WAIT_SPINNER);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), wait == JN_WAIT_SPINNER);
  gtk_widget_set_visible (self->card, wait >= JN_WAIT_STEPS);
  if (wait >= JN_WAIT_STEPS)
    fill_steps (self);
  gtk_widget_set_visible (self->may_leave, approving && wait == JN_WAIT_MAY_LEAVE);
  gtk_widget_set_visible (self->leave_button, approving && wait == JN_WAIT_MAY_LEAVE);
}

static void
leave_cb (JnPaymentProgress *self)
{
  g_signal_emit (self, signal_leave, 0);
}

static void
jn_payment_progress_constructed (GObject *object)
{
  JnPaymentProgress *self = JN_PAYMENT_PROGRESS (object);

  G_OBJECT_CLASS (jn_payment_progress_parent_class)->constructed (object);
  g_signal_connect_object (self->payment, "notify::wait", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->payment, "notify::step", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->payment, "notify::state", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

static void
jn_payment_progress_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_PAYMENT)
    JN_PAYMENT_PROGRESS (object)->payment = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
jn_payment_progress_dispose (GObject *object)
{
  g_clear_object (&JN_PAYMENT_PROGRESS (object)->payment);
  G_OBJECT_CLASS (jn_payment_progress_parent_class)->dispose (object);
}

static void
jn_payment_progress_class_init (JnPaymentProgressClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = jn_payment_progress_constructed;
  object_class->set_property = jn_payment_progress_set_property;
  object_class->dispose = jn_payment_progress_dispose;
  props[PROP_PAYMENT] =
      g_param_spec_object ("payment", NULL, NULL, JN_TYPE_PAYMENT,
                           G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signal_leave = g_signal_new ("leave", JN_TYPE_PAYMENT_PROGRESS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 0);
}

static void
jn_payment_progress_init (JnPaymentProgress *self)
{
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->spinner = gtk_spinner_new ();
  gtk_widget_set_size_request (self->spinner, 40, 40);
  gtk_widget_set_halign (self->spinner, GTK_ALIGN_CENTER);
  self->card = jn_card_new (4);
  self->steps = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->may_leave =
      jn_text_new (_ ("You may leave. The result comes as a notification."), "body-text");
  self->leave_button = gtk_button_new_with_mnemonic (_ ("_Leave"));
  gtk_widget_add_css_class (self->leave_button, "soft-button");
  gtk_widget_set_margin_top (self->leave_button, 12);
  g_signal_connect_swapped (self->leave_button, "clicked", G_CALLBACK (leave_cb), self);
  gtk_box_append (GTK_BOX (self->card), jn_text_new (_ ("This takes a moment"), "title-text"));
  gtk_box_append (GTK_BOX (self->card), self->steps);
  gtk_box_append (GTK_BOX (self->card), self->may_leave);
  gtk_box_append (GTK_BOX (self->card), self->leave_button);
  gtk_box_append (GTK_BOX (box), self->spinner);
  gtk_box_append (GTK_BOX (box), self->card);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 420);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  adw_bin_set_child (ADW_BIN (self), clamp);
}

GtkWidget *
jn_payment_progress_new (JnPayment *payment)
{
  g_return_val_if_fail (JN_IS_PAYMENT (payment), NULL);
  return g_object_new (JN_TYPE_PAYMENT_PROGRESS, "payment", payment, NULL);
}
