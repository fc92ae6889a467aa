/* Tick, cross and clock drawn with one stroke, so that they sit together. */
#include "jn-result-mark.h"

#include <adwaita.h>

#define SIDE 64
#define ANIMATION_MS 200

struct _JnResultMark
{
  GtkWidget parent_instance;

  JnMark mark;
  double drawn; /* how much of the stroke stands: 0 to 1 */
  AdwAnimation *animation;
};

G_DEFINE_FINAL_TYPE (JnResultMark, jn_result_mark, GTK_TYPE_WIDGET)

static const char *const classes[] = { "made", "not-made", "not-known" };

typedef struct
{
  double x, y;
} Point;

static void
stroke_part (cairo_t *cr, const Point *points, guint n, double part)
{
  double length = 0;

  for (guint i = 1; i < n; i++)
    length += hypot (points[i].x - points[i - 1].x, points[i].y - points[i - 1].y);
  length *= part;
  cairo_move_to (cr, points[0].x, points[0].y);
  for (guint i = 1; i < n && length > 0; i++)
    {
      double dx = points[i].x - points[i - 1].x, dy = points[i].y - points[i - 1].y;
      double step = hypot (dx, dy), share = MIN (1.0, length / step);

      cairo_line_to (cr, points[i - 1].x + dx * share, points[i - 1].y + dy * share);
      length -= step;
    }
  cairo_stroke (cr);
}

static void
draw_symbol (JnResultMark *self, cairo_t *cr)
{
  static const Point tick[] = { { 20, 33.5 }, { 28.5, 42 }, { 45, 24 } };
  static const Point fall[] = { { 23, 23 }, { 41, 41 } };
  static const Point rise[] = { { 41, 23 }, { 23, 41 } };
  static const Point hands[] = { { 32, 19 }, { 32, 33 }, { 42, 38 } };

  if (self->mark == JN_MARK_MADE)
    stroke_part (cr, tick, G_N_ELEMENTS (tick), self->drawn);
  else if (self->mark == JN_MARK_NOT_KNOWN)
    stroke_part (cr, hands, G_N_ELEMENTS (hands), 1);
  else
    {
      stroke_part (cr, fall, G_N_ELEMENTS (fall), 1);
      stroke_part (cr, rise, G_N_ELEMENTS (rise), 1);
    }
}

static void
jn_result_mark_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  JnResultMark *self = JN_RESULT_MARK (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);
  GdkRGBA colour;
  cairo_t *cr;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  cairo_translate (cr, (width - SIDE) / 2.0, (height - SIDE) / 2.0);
  cairo_set_source_rgba (cr, colour.red, colour.green, colour.blue, colour.alpha * 0.13);
  cairo_arc (cr, SIDE / 2.0, SIDE / 2.0, SIDE / 2.0, 0, 2 * G_PI);
  cairo_fill (cr);
  gdk_cairo_set_source_rgba (cr, &colour);
  cairo_set_line_width (cr, 4);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  draw_symbol (self, cr);
  cairo_destroy (cr);
}

static void
jn_result_mark_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = SIDE;
}

static void
set_drawn (double value, gpointer data)
{
  JnResultMark *self = data;

  self->drawn = value;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
jn_result_mark_show (JnResultMark *self, JnMark mark)
{
  g_return_if_fail (JN_IS_RESULT_MARK (self));

  self->mark = mark;
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (i == mark)
      gtk_widget_add_css_class (GTK_WIDGET (self), classes[i]);
    else
      gtk_widget_remove_css_class (GTK_WIDGET (self), classes[i]);
  set_drawn (1, self);
  if (mark == JN_MARK_MADE)
    adw_animation_play (self->animation);
}

static void
jn_result_mark_dispose (GObject *object)
{
  JnResultMark *self = JN_RESULT_MARK (object);

  if (self->animation)
    adw_animation_skip (self->animation);
  g_clear_object (&self->animation);
  G_OBJECT_CLASS (jn_result_mark_parent_class)->dispose (object);
}

static void
jn_result_mark_class_init (JnResultMarkClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = jn_result_mark_dispose;
  widget_class->snapshot = jn_result_mark_snapshot;
  widget_class->measure = jn_result_mark_measure;
  gtk_widget_class_set_css_name (widget_class, "result-mark");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
jn_result_mark_init (JnResultMark *self)
{
  self->drawn = 1;
  self->animation =
      adw_timed_animation_new (GTK_WIDGET (self), 0, 1, ANIMATION_MS,
                               adw_callback_animation_target_new (set_drawn, self, NULL));
}
