#include "jn-place-page.h"

enum
{
  PROP_CONTEXT = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_ABSTRACT_TYPE (JnPlacePage, jn_place_page, ADW_TYPE_BIN)

static void
jn_place_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_CONTEXT)
    JN_PLACE_PAGE (object)->context = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
jn_place_page_dispose (GObject *object)
{
  JnPlacePage *self = JN_PLACE_PAGE (object);

  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), G_OBJECT_TYPE (self));
  g_clear_object (&self->context);
  G_OBJECT_CLASS (jn_place_page_parent_class)->dispose (object);
}

static void
jn_place_page_class_init (JnPlacePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = jn_place_page_set_property;
  object_class->dispose = jn_place_page_dispose;
  props[PROP_CONTEXT] =
      g_param_spec_object ("context", NULL, NULL, JN_TYPE_CONTEXT,
                           G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
jn_place_page_init (JnPlacePage *self)
{
}

GtkWidget *
jn_place_page_new (GType type, JnContext *context)
{
  g_return_val_if_fail (g_type_is_a (type, JN_TYPE_PLACE_PAGE), NULL);
  g_return_val_if_fail (JN_IS_CONTEXT (context), NULL);
  return g_object_new (type, "context", context, NULL);
}
