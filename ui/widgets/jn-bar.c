#include "jn-bar.h"

struct _JnBar
{
  GtkWidget parent_instance;
  int thickness;
  int filled;
  int added;
  int tick;
  int strength;
  JnTone tone;
  gboolean trough;
};

G_DEFINE_FINAL_TYPE (JnBar, jn_bar, GTK_TYPE_WIDGET)

static GdkRGBA
color_of (GtkWidget *widget, const char *name)
{
  GdkRGBA color = { 0.5f, 0.5f, 0.5f, 1.0f };

  gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name, &color);
  return color;
}

static void
draw_piece (GtkSnapshot *snapshot, GdkRGBA color, int x, int y, int width, int height, float radius)
{
  GskRoundedRect rounded;
  graphene_rect_t bounds;

  if (width <= 0)
    return;
  graphene_rect_init (&bounds, (float) x, (float) y, (float) width, (float) height);
  gsk_rounded_rect_init_from_rect (&rounded, &bounds, radius);
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  gtk_snapshot_append_color (snapshot, &color, &bounds);
  gtk_snapshot_pop (snapshot);
}

static void
jn_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  static const char *const tones[] = { "jn_accent", "jn_gold", "jn_amber", "jn_dim" };
  JnBar *self = JN_BAR (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  int y = (height - self->thickness) / 2;
  int filled = width * self->filled / 1000;
  int total = width * MIN (self->filled + self->added, 1000) / 1000;
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  float radius = MIN ((float) self->thickness / 2, 4);
  GdkRGBA strong = color_of (widget, tones[self->tone]);
  GdkRGBA soft = strong;

  if (self->filled > 0)
    filled = MAX (filled, 3);
  if (self->added > 0)
    total = MAX (total, filled + 3);
  strong.alpha = (float) self->strength / 100;
  if (self->trough)
    draw_piece (snapshot, color_of (widget, "jn_trough"), 0, y, width, self->thickness, radius);
  if (self->added > 0)
    {
      draw_piece (snapshot, strong, mirrored ? width - total : 0, y, total, self->thickness,
                  radius);
      soft = color_of (widget, "jn_before");
    }
  else
    soft = strong;
  draw_piece (snapshot, soft, mirrored ? width - filled : 0, y, filled, self->thickness, radius);
  if (self->tick >= 0)
    {
      int x = CLAMP (width * self->tick / 1000, 1, width - 1);
      draw_piece (snapshot, color_of (widget, "jn_tick"), (mirrored ? width - x : x) - 1, y - 3, 2,
                  self->thickness + 6, 0);
    }
}

static void
jn_bar_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                int *natural, int *minimum_baseline, int *natural_baseline)
{
  JnBar *self = JN_BAR (widget);

  *minimum_baseline = *natural_baseline = -1;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural = self->thickness + (self->tick >= 0 ? 6 : 0);
  else
    {
      *minimum = 24;
      *natural = 120;
    }
}

static void
jn_bar_class_init (JnBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = jn_bar_snapshot;
  widget_class->measure = jn_bar_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
  gtk_widget_class_set_css_name (widget_class, "jnbar");
}

static void
jn_bar_init (JnBar *self)
{
  self->thickness = 7;
  self->tick = -1;
  self->strength = 100;
  self->trough = TRUE;
}

GtkWidget *
jn_bar_new (int thickness)
{
  JnBar *self = g_object_new (JN_TYPE_BAR, NULL);

  self->thickness = thickness;
  return GTK_WIDGET (self);
}

void
jn_bar_set (JnBar *self, int filled, int added, int tick)
{
  g_return_if_fail (JN_IS_BAR (self));
  self->filled = CLAMP (filled, 0, 1000);
  self->added = MAX (added, 0);
  if ((self->tick < 0) != (tick < 0))
    gtk_widget_queue_resize (GTK_WIDGET (self));
  self->tick = MIN (tick, 1000);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
jn_bar_set_tone (JnBar *self, JnTone tone)
{
  g_return_if_fail (JN_IS_BAR (self));
  self->tone = tone;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
jn_bar_set_strength (JnBar *self, int strength)
{
  g_return_if_fail (JN_IS_BAR (self));
  self->strength = CLAMP (strength, 0, 100);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
jn_bar_set_trough (JnBar *self, gboolean trough)
{
  g_return_if_fail (JN_IS_BAR (self));
  self->trough = trough;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
