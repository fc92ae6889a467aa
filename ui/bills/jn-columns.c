/* Layout is decided in allocate from the width that is there: no breakpoint objects (libadwaita 1.4) and no flicker. */
#include "jn-columns.h"

#define GAP 18

struct _JnColumns
{
  GtkWidget parent_instance;

  GtkWidget *start;
  GtkWidget *end;
  GtkWidget *switcher; /* NULL: narrow columns stand one below the other */

  gboolean show_end;
  int start_share;
  int breakpoint;
  int max_width;
};

enum
{
  PROP_SHOW_END = 1,
  PROP_START_SHARE,
  PROP_BREAKPOINT,
  PROP_MAX_WIDTH,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void jn_columns_buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (JnColumns, jn_columns, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE,
                                                      jn_columns_buildable_init))

static gboolean
has (GtkWidget *child)
{
  return child && gtk_widget_get_visible (child);
}

static int
height_of (GtkWidget *child, int width, gboolean natural)
{
  int minimum = 0, preferred = 0;

  if (!has (child))
    return 0;
  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, &minimum, &preferred, NULL, NULL);
  return natural ? preferred : minimum;
}

static int
start_width (JnColumns *self, int width)
{
  return has (self->end) ? (width - GAP) * self->start_share / 100 : width;
}

static gboolean
is_narrow (JnColumns *self, int width)
{
  return width >= 0 && width < self->breakpoint;
}

static void
measure_width (JnColumns *self, int *minimum, int *natural)
{
  GtkWidget *children[] = { self->start, self->end, self->switcher };
  int sum = 0;

  *minimum = 0;
  for (guint i = 0; i < G_N_ELEMENTS (children); i++)
    {
      int child_min = 0, child_nat = 0;

      if (!has (children[i]))
        continue;
      gtk_widget_measure (children[i], GTK_ORIENTATION_HORIZONTAL, -1, &child_min, &child_nat, NULL,
                          NULL);
      *minimum = MAX (*minimum, child_min);
      if (children[i] != self->switcher)
        sum += child_nat;
    }
  *natural = MIN (MAX (sum + GAP, *minimum), self->max_width);
}

static int
column_height (JnColumns *self, int width, gboolean natural)
{
  int first, second;

  width = MIN (width, self->max_width);
  if (width >= 0 && !is_narrow (self, width))
    {
      int left = start_width (self, width);

      first = height_of (self->start, left, natural);
      second = height_of (self->end, MAX (width - left - GAP, 0), natural);
      return MAX (first, second);
    }
  first = height_of (self->start, width, natural);
  second = height_of (self->end, width, natural);
  if (self->switcher)
    return height_of (self->switcher, width, natural) + GAP + MAX (first, second);
  return first + second + (has (self->start) && has (self->end) ? GAP : 0);
}

static void
jn_columns_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                    int *natural, int *minimum_baseline, int *natural_baseline)
{
  JnColumns *self = JN_COLUMNS (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      measure_width (self, minimum, natural);
      return;
    }
  *minimum = column_height (self, for_size, FALSE);
  *natural = MAX (column_height (self, for_size, TRUE), *minimum);
}

static void
place (GtkWidget *child, gboolean shown, int x, int y, int width, int height)
{
  if (!child)
    return;
  gtk_widget_set_child_visible (child, shown);
  if (shown && gtk_widget_get_visible (child))
    gtk_widget_size_allocate (child, &(GtkAllocation){ x, y, MAX (width, 0), MAX (height, 0) }, -1);
}

static void
allocate_wide (JnColumns *self, int x, int width, int height)
{
  int left = start_width (self, width);

  place (self->switcher, FALSE, 0, 0, 0, 0);
  place (self->start, TRUE, x, 0, left, height);
  place (self->end, TRUE, x + left + GAP, 0, width - left - GAP, height);
}

static void
allocate_switched (JnColumns *self, int width, int height)
{
  int top = height_of (self->switcher, width, TRUE);

  place (self->switcher, TRUE, 0, 0, width, top);
  top += GAP;
  place (self->start, !self->show_end, 0, top, width, height - top);
  place (self->end, self->show_end, 0, top, width, height - top);
}

static void
allocate_stacked (JnColumns *self, int width, int height)
{
  int top = MIN (height_of (self->start, width, TRUE), height);
  int below = has (self->start) ? top + GAP : 0;

  place (self->start, TRUE, 0, 0, width, has (self->end) ? top : height);
  place (self->end, TRUE, 0, below, width, height - below);
}

static void
jn_columns_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  JnColumns *self = JN_COLUMNS (widget);
  int inner = MIN (width, self->max_width);

  if (!is_narrow (self, inner))
    allocate_wide (self, (width - inner) / 2, inner, height);
  else if (self->switcher)
    allocate_switched (self, width, height);
  else
    allocate_stacked (self, width, height);
}

static GtkSizeRequestMode
jn_columns_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
jn_columns_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child,
                      const char *type)
{
  JnColumns *self = JN_COLUMNS (buildable);

  if (g_strcmp0 (type, "start") == 0)
    self->start = GTK_WIDGET (child);
  else if (g_strcmp0 (type, "end") == 0)
    self->end = GTK_WIDGET (child);
  else if (g_strcmp0 (type, "switcher") == 0)
    self->switcher = GTK_WIDGET (child);
  else
    {
      g_return_if_reached ();
    }
  gtk_widget_set_parent (GTK_WIDGET (child), GTK_WIDGET (self));
}

static void
jn_columns_buildable_init (GtkBuildableIface *iface)
{
  iface->add_child = jn_columns_add_child;
}

void
jn_columns_set_show_end (JnColumns *self, gboolean show_end)
{
  g_return_if_fail (JN_IS_COLUMNS (self));
  if (self->show_end == !!show_end)
    return;
  self->show_end = !!show_end;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SHOW_END]);
}

gboolean
jn_columns_get_show_end (JnColumns *self)
{
  g_return_val_if_fail (JN_IS_COLUMNS (self), FALSE);
  return self->show_end;
}

static void
jn_columns_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  JnColumns *self = JN_COLUMNS (object);

  switch (id)
    {
    case PROP_SHOW_END:
      g_value_set_boolean (value, self->show_end);
      break;
    case PROP_START_SHARE:
      g_value_set_int (value, self->start_share);
      break;
    case PROP_BREAKPOINT:
      g_value_set_int (value, self->breakpoint);
      break;
    case PROP_MAX_WIDTH:
      g_value_set_int (value, self->max_width);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
jn_columns_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  JnColumns *self = JN_COLUMNS (object);

  switch (id)
    {
    case PROP_SHOW_END:
      jn_columns_set_show_end (self, g_value_get_boolean (value));
      break;
    case PROP_START_SHARE:
      self->start_share = g_value_get_int (value);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;
    case PROP_BREAKPOINT:
      self->breakpoint = g_value_get_int (value);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;
    case PROP_MAX_WIDTH:
      self->max_width = g_value_get_int (value);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
jn_columns_dispose (GObject *object)
{
  JnColumns *self = JN_COLUMNS (object);

  g_clear_pointer (&self->start, gtk_widget_unparent);
  g_clear_pointer (&self->end, gtk_widget_unparent);
  g_clear_pointer (&self->switcher, gtk_widget_unparent);
  G_OBJECT_CLASS (jn_columns_parent_class)->dispose (object);
}

static void
jn_columns_class_init (JnColumnsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = jn_columns_dispose;
  object_class->get_property = jn_columns_get_property;
  object_class->set_property = jn_columns_set_property;
  widget_class->measure = jn_columns_measure;
  widget_class->size_allocate = jn_columns_size_allocate;
  widget_class->get_request_mode = jn_columns_get_request_mode;

  props[PROP_SHOW_END] = g_param_spec_boolean ("show-end", NULL, NULL, FALSE, flags);
  props[PROP_START_SHARE] = g_param_spec_int ("start-share", NULL, NULL, 10, 90, 50, flags);
  props[PROP_BREAKPOINT] = g_param_spec_int ("breakpoint", NULL, NULL, 0, 4000, 620, flags);
  props[PROP_MAX_WIDTH] = g_param_spec_int ("max-width", NULL, NULL, 100, 10000, 1060, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
jn_columns_init (JnColumns *self)
{
  self->start_share = 50;
  self->breakpoint = 620;
  self->max_width = 1060;
}
