#include "jn-amount-label.h"

#include "jn-format.h"

#include <string.h>

#define SIGN_SCALE 0.62

struct _JnAmountLabel
{
  GtkWidget parent_instance;
  GtkWidget *label;
  JnMoney money;
  JnMoneyFormat format;
  gboolean masked;
};

enum
{
  PROP_MASKED = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (JnAmountLabel, jn_amount_label, GTK_TYPE_WIDGET)

/* Everything before the first digit but a sign is the currency's: smaller, with a little air after it. */
static PangoAttrList *
attributes_for (const char *text)
{
  PangoAttrList *list = pango_attr_list_new ();
  const char *start = text, *end;
  PangoAttribute *attribute;

  while (*start && (g_utf8_get_char (start) == 0x2212 || *start == '+'))
    start = g_utf8_next_char (start);
  end = start;
  while (*end && !g_ascii_isdigit (*end))
    end = g_utf8_next_char (end);
  attribute = pango_attr_font_features_new ("tnum=1");
  pango_attr_list_insert (list, attribute);
  if (end == start || *end == '\0')
    return list;
  attribute = pango_attr_scale_new (SIGN_SCALE);
  attribute->start_index = (guint) (start - text);
  attribute->end_index = (guint) (end - text);
  pango_attr_list_insert (list, attribute);
  attribute = pango_attr_letter_spacing_new (2 * PANGO_SCALE);
  attribute->start_index = (guint) (start - text);
  attribute->end_index = (guint) (end - text);
  pango_attr_list_insert (list, attribute);
  return list;
}

static void
update (JnAmountLabel *self)
{
  g_autofree char *text = NULL;
  g_autofree char *spoken = NULL;
  PangoAttrList *list;

  if (self->money.currency == JN_CURRENCY_NONE)
    {
      gtk_label_set_text (GTK_LABEL (self->label), "");
      return;
    }
  text = jn_format_money (self->money, self->format, self->masked);
  spoken = jn_format_money_spoken (self->money, self->format, self->masked);
  list = attributes_for (text);
  gtk_label_set_text (GTK_LABEL (self->label), text);
  gtk_label_set_attributes (GTK_LABEL (self->label), list);
  pango_attr_list_unref (list);
  jn_widget_set_name (self->label, spoken);
  jn_widget_set_name (GTK_WIDGET (self), spoken);
}

static void
jn_amount_label_dispose (GObject *object)
{
  JnAmountLabel *self = JN_AMOUNT_LABEL (object);

  g_clear_pointer (&self->label, gtk_widget_unparent);
  G_OBJECT_CLASS (jn_amount_label_parent_class)->dispose (object);
}

static void
jn_amount_label_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_boolean (value, JN_AMOUNT_LABEL (object)->masked);
}

static void
jn_amount_label_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  jn_amount_label_set_masked (JN_AMOUNT_LABEL (object), g_value_get_boolean (value));
}

static void
jn_amount_label_class_init (JnAmountLabelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = jn_amount_label_dispose;
  object_class->get_property = jn_amount_label_get_property;
  object_class->set_property = jn_amount_label_set_property;
  props[PROP_MASKED] =
      g_param_spec_boolean ("masked", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "amount");
}

static void
jn_amount_label_init (JnAmountLabel *self)
{
  self->label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
}

GtkWidget *
jn_amount_label_new (void)
{
  return g_object_new (JN_TYPE_AMOUNT_LABEL, NULL);
}

void
jn_amount_label_set_money (JnAmountLabel *self, JnMoney money)
{
  g_return_if_fail (JN_IS_AMOUNT_LABEL (self));
  if (self->money.minor == money.minor && self->money.currency == money.currency)
    return;
  self->money = money;
  update (self);
}

JnMoney
jn_amount_label_get_money (JnAmountLabel *self)
{
  g_return_val_if_fail (JN_IS_AMOUNT_LABEL (self), jn_money (0, JN_CURRENCY_NONE));
  return self->money;
}

void
jn_amount_label_set_format (JnAmountLabel *self, JnMoneyFormat format)
{
  g_return_if_fail (JN_IS_AMOUNT_LABEL (self));
  self->format = format;
  update (self);
}

void
jn_amount_label_set_xalign (JnAmountLabel *self, float xalign)
{
  g_return_if_fail (JN_IS_AMOUNT_LABEL (self));
  gtk_label_set_xalign (GTK_LABEL (self->label), xalign);
}

void
jn_amount_label_set_masked (JnAmountLabel *self, gboolean masked)
{
  g_return_if_fail (JN_IS_AMOUNT_LABEL (self));
  if (self->masked == !!masked)
    return;
  self->masked = !!masked;
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MASKED]);
}

gboolean
jn_amount_label_get_masked (JnAmountLabel *self)
{
  g_return_val_if_fail (JN_IS_AMOUNT_LABEL (self), FALSE);
  return self->masked;
}
