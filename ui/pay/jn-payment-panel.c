#include "jn-payment-panel.h"

enum
{
  PROP_CONTEXT = 1,
  PROP_PAYMENT,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_ABSTRACT_TYPE (JnPaymentPanel, jn_payment_panel, ADW_TYPE_BIN)

static void
jn_payment_panel_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  JnPaymentPanel *self = JN_PAYMENT_PANEL (object);

  switch (id)
    {
    case PROP_CONTEXT:
      self->context = g_value_dup_object (value);
      break;
    case PROP_PAYMENT:
      self->payment = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
jn_payment_panel_dispose (GObject *object)
{
  JnPaymentPanel *self = JN_PAYMENT_PANEL (object);

  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), G_OBJECT_TYPE (self));
  g_clear_object (&self->payment);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (jn_payment_panel_parent_class)->dispose (object);
}

static void
jn_payment_panel_class_init (JnPaymentPanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->set_property = jn_payment_panel_set_property;
  object_class->dispose = jn_payment_panel_dispose;
  props[PROP_CONTEXT] = g_param_spec_object ("context", NULL, NULL, JN_TYPE_CONTEXT, flags);
  props[PROP_PAYMENT] = g_param_spec_object ("payment", NULL, NULL, JN_TYPE_PAYMENT, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
jn_payment_panel_init (JnPaymentPanel *self)
{
}

GtkWidget *
jn_payment_panel_new (GType type, JnContext *context, JnPayment *payment)
{
  g_return_val_if_fail (g_type_is_a (type, JN_TYPE_PAYMENT_PANEL), NULL);
  g_return_val_if_fail (JN_IS_CONTEXT (context), NULL);
  g_return_val_if_fail (JN_IS_PAYMENT (payment), NULL);
  return g_object_new (type, "context", context, "payment", payment, NULL);
}
