#include "jn-day-bars.h"

#include "jn-format.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DAYS 31
#define HEIGHT 72

struct _JnDayBars
{
  GtkWidget parent_instance;
  gint64 days[MAX_DAYS];
  guint n_days;
  guint month_length;
  int today;
  JnCurrency currency;
  gboolean masked;
};

enum
{
  PROP_MASKED = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (JnDayBars, jn_day_bars, GTK_TYPE_WIDGET)

static void
draw_rounded (GtkSnapshot *snapshot, const GdkRGBA *color, float x, float y, float width,
              float height)
{
  GskRoundedRect rounded;
  graphene_rect_t bounds;
  graphene_size_t corner, none;

  graphene_rect_init (&bounds, x, y, width, height);
  graphene_size_init (&corner, MIN (2.0f, height / 2), MIN (2.0f, height / 2));
  graphene_size_init (&none, 0, 0);
  gsk_rounded_rect_init (&rounded, &bounds, &corner, &corner, &none, &none);
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  gtk_snapshot_append_color (snapshot, color, &bounds);
  gtk_snapshot_pop (snapshot);
}

static void
draw_day (GtkSnapshot *snapshot, const GdkRGBA *color, float x, int room, float thick, int height,
          gboolean cut)
{
  float top = (float) (room - height);

  if (height <= 0)
    return;
  draw_rounded (snapshot, color, x, top, thick, cut ? 7 : (float) height);
  if (cut)
    gtk_snapshot_append_color (snapshot, color,
                               &GRAPHENE_RECT_INIT (x, top + 10, thick, (float) (height - 10)));
}

static int
compare_spent (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;

  return left < right ? -1 : left > right;
}

/* The amount of a bar of full height. One day of rent would press all others flat: a day that stands far above the
 * rest is cut, and drawn with a gap that says so. */
static gint64
full_height (JnDayBars *self)
{
  gint64 sorted[MAX_DAYS];
  guint n = 0, high;

  for (guint i = 0; i < self->n_days; i++)
    if (self->days[i] > 0)
      sorted[n++] = self->days[i];
  if (n == 0)
    return 0;
  qsort (sorted, n, sizeof *sorted, compare_spent);
  high = n * 4 / 5;
  if (n < 5 || sorted[n - 1] / 3 < sorted[high - 1])
    return sorted[n - 1];
  return sorted[high - 1] + sorted[high - 1] / 2;
}

/* Height in pixels. A few pixels for a day on which anything was spent; masked, every such day looks the same. The largest day is cut to a thousandth first,
 * so that no product of amounts can overflow. */
static int
bar_height (JnDayBars *self, guint day, gint64 most, int room)
{
  gint64 spent = self->days[day];

  if (spent <= 0)
    return 0;
  if (self->masked)
    return room / 2;
  if (spent >= most)
    return room;
  if (most > G_MAXINT32)
    {
      spent /= 1 + most / G_MAXINT32;
      most /= 1 + most / G_MAXINT32;
    }
  return MAX (3, (int) (spent * room / MAX (most, 1)));
}

static void
jn_day_bars_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  JnDayBars *self = JN_DAY_BARS (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  float width = (float) gtk_widget_get_width (widget);
  int room = gtk_widget_get_height (widget) - 1;
  float slot = width / (float) MAX (self->month_length, 1);
  float thick = MAX (2.0f, MIN (8.0f, slot - 2.0f));
  gint64 most = full_height (self);
  GdkRGBA soft = { 0 }, strong = { 0 }, line = { 0 };

  gtk_style_context_lookup_color (style, "jn_before", &soft);
  gtk_style_context_lookup_color (style, "jn_accent", &strong);
  gtk_style_context_lookup_color (style, "jn_line", &line);
  for (guint i = 0; i < self->n_days; i++)
    {
      int height = bar_height (self, i, most, room);
      float x = slot * (float) i + (slot - thick) / 2;

      draw_day (snapshot, (int) i + 1 == self->today ? &strong : &soft, x, room, thick, height,
                !self->masked && self->days[i] > most);
    }
  gtk_snapshot_append_color (snapshot, &line, &GRAPHENE_RECT_INIT (0, (float) room, width, 1));
}

static void
jn_day_bars_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                     int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum_baseline = *natural_baseline = -1;
  *minimum = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : 124;
  *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : 240;
}

/* One sentence is the picture's twin: the day with the most. */
static void
describe (JnDayBars *self)
{
  guint most = 0;
  g_autofree char *amount = NULL;
  g_autofree char *text = NULL;

  for (guint i = 1; i < self->n_days; i++)
    if (self->days[i] > self->days[most])
      most = i;
  if (self->n_days == 0 || self->currency == JN_CURRENCY_NONE)
    return;
  amount = jn_format_money_spoken (jn_money (self->days[most], self->currency),
                                   JN_MONEY_FORMAT_PLAIN, self->masked);
  text = g_strdup_printf (_ ("Spending by day. The most was on day %1$u: %2$s"), most + 1, amount);
  jn_widget_set_name (GTK_WIDGET (self), text);
}

static void
jn_day_bars_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_boolean (value, JN_DAY_BARS (object)->masked);
}

static void
jn_day_bars_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  jn_day_bars_set_masked (JN_DAY_BARS (object), g_value_get_boolean (value));
}

static void
jn_day_bars_class_init (JnDayBarsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = jn_day_bars_get_property;
  object_class->set_property = jn_day_bars_set_property;
  widget_class->snapshot = jn_day_bars_snapshot;
  widget_class->measure = jn_day_bars_measure;
  props[PROP_MASKED] = g_param_spec_boolean ("masked", NULL, NULL, FALSE,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "daybars");
}

static void
jn_day_bars_init (JnDayBars *self)
{
  self->month_length = MAX_DAYS;
}

GtkWidget *
jn_day_bars_new (void)
{
  return g_object_new (JN_TYPE_DAY_BARS, NULL);
}

void
jn_day_bars_set_days (JnDayBars *self, JnMonth month, const gint64 *days, guint n_days, int today,
                      JnCurrency currency)
{
  g_return_if_fail (JN_IS_DAY_BARS (self));
  self->n_days = MIN (n_days, MAX_DAYS);
  if (self->n_days > 0)
    memcpy (self->days, days, self->n_days * sizeof *days);
  self->month_length = (guint) (month > 0 ? jn_month_length (month) : MAX_DAYS);
  self->today = today;
  self->currency = currency;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
jn_day_bars_set_masked (JnDayBars *self, gboolean masked)
{
  g_return_if_fail (JN_IS_DAY_BARS (self));
  self->masked = masked;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
