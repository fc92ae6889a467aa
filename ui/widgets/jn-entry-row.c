#include "jn-entry-row.h"

#include "jn-avatar.h"
#include "jn-format.h"
#include "jn-status-face.h"

#include <glib/gi18n.h>

struct _JnEntryRow
{
  GtkWidget parent_instance;
  JnContext *context;
  JnEntryItem *item;
  GSignalGroup *item_signals;
  GtkWidget *avatar;
  GtkWidget *texts;
  GtkWidget *name;
  GtkWidget *line;
  GtkWidget *amount;
  gboolean show_day;
  char *spoken;
};

G_DEFINE_FINAL_TYPE (JnEntryRow, jn_entry_row, GTK_TYPE_WIDGET)

static const char *const state_classes[] = { "skeleton", "income", "pending", "unknown", "ended" };

static void
set_state_class (JnEntryRow *self, const char *state)
{
  for (guint i = 0; i < G_N_ELEMENTS (state_classes); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self), state_classes[i]);
  if (state)
    gtk_widget_add_css_class (GTK_WIDGET (self), state);
}

static void
show_skeleton (JnEntryRow *self)
{
  set_state_class (self, "skeleton");
  jn_avatar_set_name (JN_AVATAR (self->avatar), NULL);
  jn_avatar_set_tone (JN_AVATAR (self->avatar), JN_TONE_DIM);
  gtk_label_set_text (GTK_LABEL (self->name), "");
  gtk_label_set_text (GTK_LABEL (self->line), "");
  gtk_label_set_text (GTK_LABEL (self->amount), "");
  g_free (self->spoken);
  self->spoken = g_strdup (_ ("Loading"));
}

static const char *
state_class (JnEntryItem *item)
{
  switch (jn_entry_item_get_state (item))
    {
    case JN_ENTRY_UNKNOWN:
      return "unknown";
    case JN_ENTRY_PENDING:
    case JN_ENTRY_HELD:
    case JN_ENTRY_SENDING:
      return "pending";
    case JN_ENTRY_NOT_MADE:
    case JN_ENTRY_CANCELLED:
      return "ended";
    case JN_ENTRY_BOOKED:
    case JN_ENTRY_LOADING:
    default:
      return jn_entry_item_get_amount (item).minor > 0 ? "income" : NULL;
    }
}

/* What is made is known by its payee, everything else by the icon of its state. */
static void
show_avatar (JnEntryRow *self)
{
  JnCategory category = jn_entry_item_get_category (self->item);
  JnStatus status = jn_entry_item_get_status (self->item);
  JnStatusFace face = jn_status_get_face (status);
  const char *icon = NULL;

  if (status != JN_STATUS_NONE && status != JN_STATUS_MADE)
    icon = face.icon;
  else if (category == JN_CATEGORY_OPENING)
    icon = jn_format_category_icon (category);
  jn_avatar_set_name (JN_AVATAR (self->avatar), jn_entry_item_get_payee (self->item));
  jn_avatar_set_icon (JN_AVATAR (self->avatar), icon);
  jn_avatar_set_tone (JN_AVATAR (self->avatar),
                      category == JN_CATEGORY_INCOME ? JN_TONE_GOLD : face.tone);
}

static void
show_item (JnEntryRow *self)
{
  gboolean masked = self->context && jn_context_get_masked (self->context);
  JnInstant now = self->context ? jn_context_now (self->context) : g_get_real_time ();
  JnMoney money = jn_entry_item_get_amount (self->item);
  JnMoneyFormat format = JN_MONEY_FORMAT_SIGNED;
  const char *payee = jn_entry_item_get_payee (self->item);
  const char *state = state_class (self->item);
  gboolean is_sentence = !jn_entry_item_is_settled (self->item);
  g_autofree char *line = jn_format_entry_line (self->item, now, self->show_day, masked);
  g_autofree char *amount = NULL;
  g_autofree char *spoken = NULL;

  if (is_sentence)
    {
      /* It did not move, or whether it did is not known: no sign in front of it. */
      money.minor = ABS (money.minor);
      format = JN_MONEY_FORMAT_PLAIN;
    }
  if (jn_entry_item_get_category (self->item) == JN_CATEGORY_OPENING)
    payee = jn_format_category (JN_CATEGORY_OPENING);
  amount = jn_format_money (money, format, masked);
  spoken = jn_format_money_spoken (money, format, masked);
  set_state_class (self, state);
  show_avatar (self);
  gtk_label_set_text (GTK_LABEL (self->name), payee);
  gtk_label_set_text (GTK_LABEL (self->line), line);
  gtk_label_set_text (GTK_LABEL (self->amount), amount);
  g_free (self->spoken);
  self->spoken = g_strdup_printf ("%s, %s, %s", payee, spoken, line);
}

static void
update (JnEntryRow *self)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));

  if (self->item == NULL || jn_entry_item_get_state (self->item) == JN_ENTRY_LOADING)
    show_skeleton (self);
  else
    show_item (self);
  jn_widget_set_name (GTK_WIDGET (self), self->spoken);
  if (parent)
    jn_widget_set_name (parent, self->spoken);
}

static void
jn_entry_row_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (jn_entry_row_parent_class)->root (widget);
  update (JN_ENTRY_ROW (widget));
}

static void
jn_entry_row_dispose (GObject *object)
{
  JnEntryRow *self = JN_ENTRY_ROW (object);
  GtkWidget *child;

  if (self->item_signals)
    g_signal_group_set_target (self->item_signals, NULL);
  g_clear_object (&self->item_signals);
  g_clear_object (&self->item);
  g_clear_object (&self->context);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (jn_entry_row_parent_class)->dispose (object);
}

static void
jn_entry_row_finalize (GObject *object)
{
  g_free (JN_ENTRY_ROW (object)->spoken);
  G_OBJECT_CLASS (jn_entry_row_parent_class)->finalize (object);
}

static void
jn_entry_row_class_init (JnEntryRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = jn_entry_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = jn_entry_row_finalize;
  widget_class->root = jn_entry_row_root;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_GRID_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "entryrow");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

/* Side by side, by a grid: jn_across_new says why. */
static void
add_child (JnEntryRow *self, GtkWidget *child, int column)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  GtkLayoutChild *place;

  gtk_widget_set_vexpand (child, TRUE);
  gtk_widget_set_parent (child, GTK_WIDGET (self));
  place = gtk_layout_manager_get_layout_child (layout, child);
  gtk_grid_layout_child_set_column (GTK_GRID_LAYOUT_CHILD (place), column);
}

static GtkWidget *
label_new (const char *style_class, PangoEllipsizeMode ellipsize)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_widget_add_css_class (label, style_class);
  gtk_label_set_ellipsize (GTK_LABEL (label), ellipsize);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  return label;
}

static void
jn_entry_row_init (JnEntryRow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->show_day = TRUE;
  gtk_widget_set_vexpand (widget, FALSE);
  gtk_grid_layout_set_column_spacing (GTK_GRID_LAYOUT (gtk_widget_get_layout_manager (widget)), 12);
  self->avatar = jn_avatar_new (36);
  add_child (self, self->avatar, 0);
  self->texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gtk_widget_set_hexpand (self->texts, TRUE);
  gtk_widget_set_valign (self->texts, GTK_ALIGN_CENTER);
  add_child (self, self->texts, 1);
  self->name = label_new ("row-name", PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (self->texts), self->name);
  /* What a narrow row has no room for in one line stands in the next, not behind dots. */
  self->line = label_new ("row-line", PANGO_ELLIPSIZE_END);
  gtk_label_set_wrap (GTK_LABEL (self->line), TRUE);
  gtk_label_set_lines (GTK_LABEL (self->line), 3);
  gtk_box_append (GTK_BOX (self->texts), self->line);
  self->amount = label_new ("row-amount", PANGO_ELLIPSIZE_NONE);
  gtk_label_set_xalign (GTK_LABEL (self->amount), 1);
  add_child (self, self->amount, 2);
  self->item_signals = g_signal_group_new (JN_TYPE_ENTRY_ITEM);
  g_signal_group_connect_swapped (self->item_signals, "loaded", G_CALLBACK (update), self);
}

GtkWidget *
jn_entry_row_new (JnContext *context)
{
  JnEntryRow *self = g_object_new (JN_TYPE_ENTRY_ROW, NULL);

  if (context)
    {
      self->context = g_object_ref (context);
      g_signal_connect_object (context, "notify::masked", G_CALLBACK (update), self,
                               G_CONNECT_SWAPPED);
    }
  update (self);
  return GTK_WIDGET (self);
}

void
jn_entry_row_set_item (JnEntryRow *self, JnEntryItem *item)
{
  g_return_if_fail (JN_IS_ENTRY_ROW (self));
  g_set_object (&self->item, item);
  g_signal_group_set_target (self->item_signals, item);
  update (self);
}

JnEntryItem *
jn_entry_row_get_item (JnEntryRow *self)
{
  g_return_val_if_fail (JN_IS_ENTRY_ROW (self), NULL);
  return self->item;
}

void
jn_entry_row_set_show_day (JnEntryRow *self, gboolean show_day)
{
  g_return_if_fail (JN_IS_ENTRY_ROW (self));
  self->show_day = show_day;
  update (self);
}

const char *
jn_entry_row_get_spoken (JnEntryRow *self)
{
  g_return_val_if_fail (JN_IS_ENTRY_ROW (self), NULL);
  return self->spoken;
}
