#include "jn-viewfinder.h"

#define LEAST_WIDTH 200
#define WIDTH 480
#define RADIUS 14
/* The marks of the corners. */
#define INSET 18.0
#define ARM 30.0
#define BEND 10.0
#define STROKE 4.0

struct _JnViewfinder
{
  GtkWidget parent_instance;

  GdkTexture *picture;
};

G_DEFINE_FINAL_TYPE (JnViewfinder, jn_viewfinder, GTK_TYPE_WIDGET)

void
jn_viewfinder_show (JnViewfinder *self, GBytes *pixels, guint width, guint height)
{
  g_return_if_fail (JN_IS_VIEWFINDER (self));
  g_clear_object (&self->picture);
  if (pixels)
    self->picture = gdk_memory_texture_new (
        (int) width, (int) height, GDK_MEMORY_B8G8R8A8_PREMULTIPLIED, pixels, (gsize) width * 4);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Fills the frame; what is too wide or too high is cut at both sides alike. */
static void
draw_picture (JnViewfinder *self, GtkSnapshot *snapshot, float width, float height)
{
  float own_width = (float) gdk_texture_get_width (self->picture);
  float own_height = (float) gdk_texture_get_height (self->picture);
  float scale = MAX (width / own_width, height / own_height);
  graphene_rect_t place =
      GRAPHENE_RECT_INIT ((width - own_width * scale) / 2, (height - own_height * scale) / 2,
                          own_width * scale, own_height * scale);

  gtk_snapshot_append_texture (snapshot, self->picture, &place);
}

static void
draw_corner (cairo_t *cr, double x, double y, double right, double down)
{
  cairo_move_to (cr, x, y + down * ARM);
  cairo_line_to (cr, x, y + down * BEND);
  cairo_curve_to (cr, x, y + down * BEND / 2, x + right * BEND / 2, y, x + right * BEND, y);
  cairo_line_to (cr, x + right * ARM, y);
}

/* Light on a dark edge, so that they stand out from whatever is behind them. */
static void
draw_corners (GtkSnapshot *snapshot, const graphene_rect_t *bounds)
{
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, bounds);
  double right = bounds->size.width - INSET, bottom = bounds->size.height - INSET;

  draw_corner (cr, INSET, INSET, 1, 1);
  draw_corner (cr, right, INSET, -1, 1);
  draw_corner (cr, INSET, bottom, 1, -1);
  draw_corner (cr, right, bottom, -1, -1);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_width (cr, STROKE + 2);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.45);
  cairo_stroke_preserve (cr);
  cairo_set_line_width (cr, STROKE);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static void
jn_viewfinder_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  JnViewfinder *self = JN_VIEWFINDER (widget);
  float width = (float) gtk_widget_get_width (widget),
        height = (float) gtk_widget_get_height (widget);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, width, height);
  GskRoundedRect frame;

  gsk_rounded_rect_init_from_rect (&frame, &bounds, RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &frame);
  if (self->picture)
    draw_picture (self, snapshot, width, height);
  gtk_snapshot_pop (snapshot);
  draw_corners (snapshot, &bounds);
}

static GtkSizeRequestMode
jn_viewfinder_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* Four to three, as most cameras see. */
static void
jn_viewfinder_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                       int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = LEAST_WIDTH;
  *natural = WIDTH;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      *natural = (for_size < 0 ? WIDTH : MAX (for_size, LEAST_WIDTH)) * 3 / 4;
      *minimum = for_size < 0 ? LEAST_WIDTH * 3 / 4 : *natural;
    }
}

static void
jn_viewfinder_dispose (GObject *object)
{
  g_clear_object (&JN_VIEWFINDER (object)->picture);
  G_OBJECT_CLASS (jn_viewfinder_parent_class)->dispose (object);
}

static void
jn_viewfinder_class_init (JnViewfinderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = jn_viewfinder_dispose;
  widget_class->snapshot = jn_viewfinder_snapshot;
  widget_class->measure = jn_viewfinder_measure;
  widget_class->get_request_mode = jn_viewfinder_get_request_mode;
  gtk_widget_class_set_css_name (widget_class, "viewfinder");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
jn_viewfinder_init (JnViewfinder *self)
{
}
