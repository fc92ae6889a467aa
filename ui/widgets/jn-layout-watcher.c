#include "jn-layout-watcher.h"

struct _JnLayoutWatcher
{
  GtkWidget parent_instance;
  GtkWidget *child;
  int threshold;
  gboolean narrow;
  gboolean wanted;
  guint idle;
};

enum
{
  PROP_NARROW = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (JnLayoutWatcher, jn_layout_watcher, GTK_TYPE_WIDGET)

static void
apply (JnLayoutWatcher *self)
{
  if (self->wanted == self->narrow)
    return;
  self->narrow = self->wanted;
  if (self->narrow)
    gtk_widget_add_css_class (GTK_WIDGET (self), "narrow");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "narrow");
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NARROW]);
}

static gboolean
on_idle (gpointer data)
{
  JnLayoutWatcher *self = data;

  self->idle = 0;
  apply (self);
  return G_SOURCE_REMOVE;
}

/* The child may want more than it gets until it has changed its layout: it is then clipped, for one frame. */
static void
jn_layout_watcher_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                           int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  JnLayoutWatcher *self = JN_LAYOUT_WATCHER (widget);
  int least = 0;

  *minimum = *natural = 0;
  *minimum_baseline = *natural_baseline = -1;
  if (self->child == NULL)
    return;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      gtk_widget_measure (self->child, orientation, for_size, &least, natural, NULL, NULL);
      return;
    }
  if (for_size >= 0)
    gtk_widget_measure (self->child, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  gtk_widget_measure (self->child, orientation, for_size < 0 ? -1 : MAX (for_size, least), minimum,
                      natural, NULL, NULL);
}

/* Properties must not change while sizes are being handed out: a source before the next frame does it. */
static void
jn_layout_watcher_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  JnLayoutWatcher *self = JN_LAYOUT_WATCHER (widget);
  int least_width = 0, least_height = 0;

  self->wanted = width < self->threshold;
  if (self->wanted != self->narrow && self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_HIGH, on_idle, self, NULL);
  if (self->child == NULL)
    return;
  gtk_widget_measure (self->child, GTK_ORIENTATION_HORIZONTAL, -1, &least_width, NULL, NULL, NULL);
  width = MAX (width, least_width);
  gtk_widget_measure (self->child, GTK_ORIENTATION_VERTICAL, width, &least_height, NULL, NULL,
                      NULL);
  gtk_widget_allocate (self->child, width, MAX (height, least_height), baseline, NULL);
}

static void
jn_layout_watcher_dispose (GObject *object)
{
  JnLayoutWatcher *self = JN_LAYOUT_WATCHER (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_pointer (&self->child, gtk_widget_unparent);
  G_OBJECT_CLASS (jn_layout_watcher_parent_class)->dispose (object);
}

static void
jn_layout_watcher_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_boolean (value, JN_LAYOUT_WATCHER (object)->narrow);
}

static void
jn_layout_watcher_class_init (JnLayoutWatcherClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = jn_layout_watcher_dispose;
  object_class->get_property = jn_layout_watcher_get_property;
  widget_class->measure = jn_layout_watcher_measure;
  widget_class->size_allocate = jn_layout_watcher_size_allocate;
  props[PROP_NARROW] =
      g_param_spec_boolean ("narrow", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
jn_layout_watcher_init (JnLayoutWatcher *self)
{
  self->threshold = JN_NARROW_WIDTH;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
jn_layout_watcher_new (int threshold)
{
  JnLayoutWatcher *self = g_object_new (JN_TYPE_LAYOUT_WATCHER, NULL);

  self->threshold = threshold;
  return GTK_WIDGET (self);
}

void
jn_layout_watcher_set_child (JnLayoutWatcher *self, GtkWidget *child)
{
  g_return_if_fail (JN_IS_LAYOUT_WATCHER (self));
  g_clear_pointer (&self->child, gtk_widget_unparent);
  self->child = child;
  gtk_widget_set_parent (child, GTK_WIDGET (self));
}

gboolean
jn_layout_watcher_get_narrow (JnLayoutWatcher *self)
{
  g_return_val_if_fail (JN_IS_LAYOUT_WATCHER (self), FALSE);
  return self->narrow;
}

void
jn_layout_watcher_expect_width (JnLayoutWatcher *self, int width)
{
  g_return_if_fail (JN_IS_LAYOUT_WATCHER (self));
  self->wanted = width < self->threshold;
  apply (self);
}
