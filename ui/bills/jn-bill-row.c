/* One widget a row and no children: a list view keeps some two hundred rows alive, and only those in sight are drawn. */
#include "jn-bill-row.h"

#include <glib/gi18n.h>
#include <string.h>

#include "jn-bill-line.h"
#include "jn-format.h"
#include "jn-status-face.h"

#define ROW_HEIGHT 60
#define HEADING_HEIGHT 40
#define AVATAR 36
#define TEXT_X (AVATAR + 12)
#define GAP 12
#define CAPTION (13.0 / 15.0)
#define ICON 18
/* Below this a dim line may need a second one. */
#define NARROW 480

struct _JnBillRow
{
  GtkWidget parent_instance;

  JnContext *context;
  JnEntryItem *item;
  GSignalGroup *signals;
  gboolean first;
};

enum
{
  PROP_CONTEXT = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (JnBillRow, jn_bill_row, GTK_TYPE_WIDGET)

/* ---- texts ---- */

static PangoLayout *
layout_new (JnBillRow *self, const char *text, double scale, gboolean strong)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  PangoAttrList *attributes = pango_attr_list_new ();

  if (scale < 1)
    pango_attr_list_insert (attributes, pango_attr_scale_new (scale));
  if (strong)
    pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_SEMIBOLD));
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum"));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  return layout;
}

static gboolean
is_skeleton (JnBillRow *self)
{
  return !self->item || jn_entry_item_get_state (self->item) == JN_ENTRY_LOADING;
}

/* A sentence instead of a time: it takes the room that it needs. */
static gboolean
is_sentence (JnBillRow *self)
{
  return self->item && !is_skeleton (self) && !jn_entry_item_is_settled (self->item);
}

JnBillGroup
jn_bill_group_of (JnEntryItem *item)
{
  switch (jn_entry_item_get_state (item))
    {
    case JN_ENTRY_PENDING:
    case JN_ENTRY_HELD:
      return JN_BILL_GROUP_OPEN;
    case JN_ENTRY_UNKNOWN:
    case JN_ENTRY_SENDING:
      return JN_BILL_GROUP_UNDER_WAY;
    case JN_ENTRY_NOT_MADE:
    case JN_ENTRY_CANCELLED:
      return JN_BILL_GROUP_ENDED;
    case JN_ENTRY_BOOKED:
    case JN_ENTRY_LOADING:
    default:
      return JN_BILL_GROUP_BOOKED;
    }
}

static const char *
group_name (JnBillGroup group)
{
  switch (group)
    {
    case JN_BILL_GROUP_OPEN:
      return _ ("Held and pending");
    case JN_BILL_GROUP_ENDED:
      return _ ("Not made");
    case JN_BILL_GROUP_UNDER_WAY:
    case JN_BILL_GROUP_BOOKED:
    default:
      return _ ("Under way");
    }
}

/* What is not booked stands above the days, each kind under a heading of its own. */
static gboolean
has_heading (JnBillRow *self)
{
  return !is_skeleton (self)
         && (jn_entry_item_starts_day (self->item)
             || (self->first && jn_bill_group_of (self->item) != JN_BILL_GROUP_BOOKED));
}

static const char *
get_payee (JnEntryItem *item)
{
  if (jn_entry_item_get_category (item) == JN_CATEGORY_OPENING)
    return jn_format_category (JN_CATEGORY_OPENING);
  return jn_entry_item_get_payee (item);
}

/* No sign stands before what did not move, nor before what is not known to have moved. */
static JnMoney
get_amount (JnEntryItem *item, JnMoneyFormat *format)
{
  JnMoney money = jn_entry_item_get_amount (item);

  *format = JN_MONEY_FORMAT_SIGNED;
  if (!jn_entry_item_is_settled (item))
    {
      JnMoney plain = money;

      *format = JN_MONEY_FORMAT_PLAIN;
      if (money.minor < 0 && jn_money_negate (money, &plain))
        return plain;
    }
  return money;
}

static char *
dup_line (JnBillRow *self)
{
  return jn_format_entry_line (self->item, jn_context_now (self->context), FALSE,
                               jn_context_get_masked (self->context));
}

static PangoLayout *
line_layout (JnBillRow *self, int width)
{
  g_autofree char *line = dup_line (self);
  PangoLayout *layout = layout_new (self, line, CAPTION, FALSE);

  pango_layout_set_width (layout, MAX (width, 1) * PANGO_SCALE);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  if (!is_sentence (self))
    jn_bill_line_break (layout);
  return layout;
}

static PangoLayout *
amount_layout (JnBillRow *self)
{
  JnMoneyFormat format;
  JnMoney money = get_amount (self->item, &format);
  g_autofree char *text = jn_format_money (money, format, jn_context_get_masked (self->context));

  return layout_new (self, text, 1,
                     jn_entry_item_get_state (self->item) == JN_ENTRY_BOOKED && money.minor > 0);
}

/* ---- size ---- */

static int
row_height (JnBillRow *self, int width)
{
  g_autoptr (PangoLayout) amount = NULL;
  g_autoptr (PangoLayout) line = NULL;
  int amount_width, line_height;

  if (is_skeleton (self) || width < 0 || (!is_sentence (self) && width >= NARROW))
    return ROW_HEIGHT;
  amount = amount_layout (self);
  pango_layout_get_pixel_size (amount, &amount_width, NULL);
  line = line_layout (self, width - TEXT_X - GAP - amount_width);
  pango_layout_get_pixel_size (line, NULL, &line_height);
  return MAX (ROW_HEIGHT, line_height + 46);
}

static void
jn_bill_row_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                     int *natural, int *minimum_baseline, int *natural_baseline)
{
  JnBillRow *self = JN_BILL_ROW (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 200;
      *natural = 340;
      return;
    }
  *minimum = *natural = row_height (self, for_size) + (has_heading (self) ? HEADING_HEIGHT : 0);
}

static GtkSizeRequestMode
jn_bill_row_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* ---- drawing ---- */

static GdkRGBA
colour (JnBillRow *self, const char *name)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self));
  GdkRGBA found;

  if (!gtk_style_context_lookup_color (style, name, &found))
    gtk_style_context_get_color (style, &found);
  return found;
}

static void
draw_box (GtkSnapshot *snapshot, const GdkRGBA *fill, float x, float y, float width, float height,
          float radius)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (x, y, width, height);
  GskRoundedRect rounded;

  gsk_rounded_rect_init_from_rect (&rounded, &bounds, radius);
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  gtk_snapshot_append_color (snapshot, fill, &bounds);
  gtk_snapshot_pop (snapshot);
}

static void
draw_text (GtkSnapshot *snapshot, PangoLayout *layout, const GdkRGBA *ink, int x, int y)
{
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_snapshot_append_layout (snapshot, layout, ink);
  gtk_snapshot_restore (snapshot);
}

static void
draw_line (JnBillRow *self, GtkSnapshot *snapshot, int y)
{
  GdkRGBA line = colour (self, "jn_line");
  int width = gtk_widget_get_width (GTK_WIDGET (self));

  gtk_snapshot_append_color (snapshot, &line, &GRAPHENE_RECT_INIT (0, (float) y, (float) width, 1));
}

static void
draw_heading (JnBillRow *self, GtkSnapshot *snapshot)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  gboolean of_day = jn_entry_item_starts_day (self->item);
  g_autofree char *day =
      of_day ? jn_format_day (jn_entry_item_get_date (self->item), jn_context_now (self->context))
             : g_strdup (group_name (jn_bill_group_of (self->item)));
  g_autofree char *sum =
      of_day ? jn_format_money (jn_entry_item_get_day_sum (self->item), JN_MONEY_FORMAT_SIGNED,
                                jn_context_get_masked (self->context))
             : g_strdup ("");
  g_autoptr (PangoLayout) left = layout_new (self, day, CAPTION, FALSE);
  g_autoptr (PangoLayout) right = layout_new (self, sum, CAPTION, FALSE);
  GdkRGBA dim = colour (self, "jn_dim");
  int text_width, text_height;

  pango_layout_get_pixel_size (right, &text_width, &text_height);
  draw_text (snapshot, left, &dim, 0, HEADING_HEIGHT - text_height - 7);
  draw_text (snapshot, right, &dim, width - text_width, HEADING_HEIGHT - text_height - 7);
}

static void
draw_skeleton (JnBillRow *self, GtkSnapshot *snapshot)
{
  GdkRGBA grey = colour (self, "jn_line");
  int width = gtk_widget_get_width (GTK_WIDGET (self));

  draw_box (snapshot, &grey, 0, 12, AVATAR, AVATAR, 10);
  draw_box (snapshot, &grey, TEXT_X, 15, (float) MIN (110, width / 3), 13, 5);
  draw_box (snapshot, &grey, TEXT_X, 36, (float) MIN (150, width / 2), 10, 4);
  draw_box (snapshot, &grey, (float) width - 64, 23, 64, 14, 5);
}

static void
draw_icon (JnBillRow *self, GtkSnapshot *snapshot, const char *name, const GdkRGBA *ink, int y)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));
  g_autoptr (GtkIconPaintable) icon = gtk_icon_theme_lookup_icon (
      theme, name, NULL, ICON, gtk_widget_get_scale_factor (GTK_WIDGET (self)), GTK_TEXT_DIR_NONE,
      GTK_ICON_LOOKUP_FORCE_SYMBOLIC);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
      snapshot, &GRAPHENE_POINT_INIT ((AVATAR - ICON) / 2.0f, (float) y + (AVATAR - ICON) / 2.0f));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), snapshot, ICON, ICON,
                                            ink, 1);
  gtk_snapshot_restore (snapshot);
}

static void
draw_first_character (JnBillRow *self, GtkSnapshot *snapshot, const GdkRGBA *ink, int y)
{
  const char *payee = get_payee (self->item);
  char first[8] = { 0 };
  g_autofree char *upper = NULL;
  g_autoptr (PangoLayout) layout = NULL;
  int width, height;

  if (*payee)
    g_utf8_strncpy (first, payee, 1);
  upper = g_utf8_strup (first, -1);
  layout = layout_new (self, upper, 1, TRUE);
  pango_layout_get_pixel_size (layout, &width, &height);
  draw_text (snapshot, layout, ink, (AVATAR - width) / 2, y + (AVATAR - height) / 2);
}

/* What is made is known by its payee, everything else by the icon of its state. */
static void
draw_avatar (JnBillRow *self, GtkSnapshot *snapshot, int y)
{
  static const char *const washes[] = { "jn_wash", "jn_gold_wash", "jn_amber_wash", "jn_line" };
  static const char *const inks[] = { "jn_accent", "jn_gold", "jn_amber", "jn_dim" };
  JnStatus status = jn_entry_item_get_status (self->item);
  JnStatusFace face = jn_status_get_face (status);
  JnTone tone =
      jn_entry_item_get_category (self->item) == JN_CATEGORY_INCOME ? JN_TONE_GOLD : face.tone;
  GdkRGBA wash = colour (self, washes[tone]);
  GdkRGBA ink = colour (self, inks[tone]);

  draw_box (snapshot, &wash, 0, (float) y, AVATAR, AVATAR, 10);
  if (status == JN_STATUS_NONE || status == JN_STATUS_MADE)
    draw_first_character (self, snapshot, &ink, y);
  else
    draw_icon (self, snapshot, face.icon, &ink, y);
}

static void
draw_entry (JnBillRow *self, GtkSnapshot *snapshot, int height)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  JnEntryState state = jn_entry_item_get_state (self->item);
  gboolean quiet = state != JN_ENTRY_BOOKED;
  gboolean income = !quiet && jn_entry_item_get_amount (self->item).minor > 0;
  g_autoptr (PangoLayout) amount = amount_layout (self);
  g_autoptr (PangoLayout) name = layout_new (self, get_payee (self->item), 1, FALSE);
  g_autoptr (PangoLayout) line = NULL;
  GdkRGBA ink = colour (self, "jn_ink"), dim = colour (self, "jn_dim");
  GdkRGBA accent = colour (self, "jn_accent"), amber = colour (self, "jn_amber");
  int amount_width, amount_height, name_height, line_height, top;

  pango_layout_get_pixel_size (amount, &amount_width, &amount_height);
  pango_layout_set_width (name, MAX (width - TEXT_X - GAP - amount_width, 1) * PANGO_SCALE);
  pango_layout_set_ellipsize (name, PANGO_ELLIPSIZE_END);
  pango_layout_get_pixel_size (name, NULL, &name_height);
  line = line_layout (self, width - TEXT_X - GAP - amount_width);
  pango_layout_get_pixel_size (line, NULL, &line_height);
  top = (height - name_height - line_height - 3) / 2;
  draw_avatar (self, snapshot, (height - AVATAR) / 2);
  draw_text (snapshot, name, quiet && state != JN_ENTRY_UNKNOWN ? &dim : &ink, TEXT_X, top);
  draw_text (snapshot, line, state == JN_ENTRY_UNKNOWN ? &amber : &dim, TEXT_X,
             top + name_height + 3);
  draw_text (snapshot, amount,
             income  ? &accent
             : quiet ? &dim
                     : &ink,
             width - amount_width, (height - amount_height) / 2);
}

static void
jn_bill_row_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  JnBillRow *self = JN_BILL_ROW (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  int top = has_heading (self) ? HEADING_HEIGHT : 0;

  if (top || !self->first)
    draw_line (self, snapshot, top);
  if (gtk_widget_get_state_flags (widget) & GTK_STATE_FLAG_PRELIGHT && !is_skeleton (self))
    {
      GdkRGBA shade = colour (self, "jn_ink");

      shade.alpha = 0.03f;
      draw_box (snapshot, &shade, -6, (float) top + 2, (float) width + 12,
                (float) (height - top) - 3, 10);
    }
  if (top)
    draw_heading (self, snapshot);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, (float) top));
  if (is_skeleton (self))
    draw_skeleton (self, snapshot);
  else
    draw_entry (self, snapshot, height - top);
  gtk_snapshot_restore (snapshot);
}

static void
jn_bill_row_state_flags_changed (GtkWidget *widget, GtkStateFlags before)
{
  if ((before ^ gtk_widget_get_state_flags (widget)) & GTK_STATE_FLAG_PRELIGHT)
    gtk_widget_queue_draw (widget);
  GTK_WIDGET_CLASS (jn_bill_row_parent_class)->state_flags_changed (widget, before);
}

/* ---- what is said ---- */

static void
speak (JnBillRow *self)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  gboolean masked = jn_context_get_masked (self->context);
  g_autofree char *line = NULL;
  g_autofree char *day = NULL;
  g_autofree char *amount = NULL;
  g_autofree char *spoken = NULL;
  JnMoneyFormat format;
  JnMoney money;

  if (!parent)
    return;
  if (is_skeleton (self))
    {
      jn_widget_set_name (parent, _ ("Loading"));
      return;
    }
  money = get_amount (self->item, &format);
  amount = jn_format_money_spoken (money, format, masked);
  line = dup_line (self);
  day = jn_format_day (jn_entry_item_get_date (self->item), jn_context_now (self->context));
  spoken = g_strdup_printf ("%s, %s, %s, %s", get_payee (self->item), amount, day, line);
  jn_widget_set_name (parent, spoken);
}

static void
loaded_cb (JnBillRow *self)
{
  speak (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
mask_changed_cb (JnBillRow *self)
{
  speak (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
jn_bill_row_set_item (JnBillRow *self, JnEntryItem *item)
{
  g_return_if_fail (JN_IS_BILL_ROW (self));
  g_return_if_fail (!item || JN_IS_ENTRY_ITEM (item));

  g_set_object (&self->item, item);
  g_signal_group_set_target (
      self->signals, item && jn_entry_item_get_state (item) == JN_ENTRY_LOADING ? item : NULL);
  if (item)
    loaded_cb (self);
}

void
jn_bill_row_set_first (JnBillRow *self, gboolean first)
{
  g_return_if_fail (JN_IS_BILL_ROW (self));
  if (self->first == first)
    return;
  self->first = first;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/* ---- the object ---- */

static void
jn_bill_row_constructed (GObject *object)
{
  JnBillRow *self = JN_BILL_ROW (object);

  G_OBJECT_CLASS (jn_bill_row_parent_class)->constructed (object);
  g_signal_connect_object (self->context, "notify::masked", G_CALLBACK (mask_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
jn_bill_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_CONTEXT)
    JN_BILL_ROW (object)->context = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
jn_bill_row_dispose (GObject *object)
{
  JnBillRow *self = JN_BILL_ROW (object);

  if (self->signals)
    g_signal_group_set_target (self->signals, NULL);
  g_clear_object (&self->signals);
  g_clear_object (&self->item);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (jn_bill_row_parent_class)->dispose (object);
}

static void
jn_bill_row_class_init (JnBillRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = jn_bill_row_constructed;
  object_class->set_property = jn_bill_row_set_property;
  object_class->dispose = jn_bill_row_dispose;
  widget_class->measure = jn_bill_row_measure;
  widget_class->get_request_mode = jn_bill_row_get_request_mode;
  widget_class->snapshot = jn_bill_row_snapshot;
  widget_class->state_flags_changed = jn_bill_row_state_flags_changed;
  props[PROP_CONTEXT] =
      g_param_spec_object ("context", NULL, NULL, JN_TYPE_CONTEXT,
                           G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_css_name (widget_class, "billrow");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
jn_bill_row_init (JnBillRow *self)
{
  self->signals = g_signal_group_new (JN_TYPE_ENTRY_ITEM);
  g_signal_group_connect_swapped (self->signals, "loaded", G_CALLBACK (loaded_cb), self);
}

GtkWidget *
jn_bill_row_new (JnContext *context)
{
  g_return_val_if_fail (JN_IS_CONTEXT (context), NULL);
  return g_object_new (JN_TYPE_BILL_ROW, "context", context, NULL);
}
