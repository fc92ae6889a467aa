/* Points are counted like money and masked like money. */
#include "jn-points-card.h"

#include <glib/gi18n.h>

#include "jn-avatar.h"
#include "jn-card.h"
#include "jn-format.h"

/* More stands in the bank's statement; a card is for what is recent. */
#define SHOWN 12

struct _JnPointsCard
{
  AdwBin parent_instance;

  GtkWidget *balance;
  GtkWidget *unit;
  GtkWidget *expiring;
  GtkListBox *list;

  JnContext *context;
  JnOffers *offers;
};

enum
{
  PROP_CONTEXT = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (JnPointsCard, jn_points_card, ADW_TYPE_BIN)

static const char *
kind_text (JnPointsKind kind)
{
  switch (kind)
    {
    case JN_POINTS_OPENING:
      return _ ("Opening balance");
    case JN_POINTS_GIFT:
      return _ ("Gift");
    case JN_POINTS_REDEEMED:
      return _ ("Redeemed");
    case JN_POINTS_EXPIRED:
      return _ ("Expired");
    case JN_POINTS_PAYMENT:
    default:
      return _ ("Payment");
    }
}

static char *
dup_signed (gint64 points, gboolean masked)
{
  g_autofree char *count = NULL;

  if (masked)
    return g_strdup (JN_MASK);
  count = jn_format_count (points < 0 && points > G_MININT64 ? -points : points);
  return g_strconcat (points < 0 ? "−" : "+", count, NULL);
}

static GtkWidget *
points_row_new (JnPointsCard *self, JnPointsItem *item)
{
  const char *payee = jn_points_item_get_payee (item);
  const char *kind = kind_text (jn_points_item_get_kind (item));
  gint64 points = jn_points_item_get_points (item);
  gboolean masked = jn_context_get_masked (self->context);
  g_autofree char *amount = dup_signed (points, masked);
  g_autofree char *when =
      jn_format_when (jn_points_item_get_occurred_at (item), jn_context_now (self->context));
  g_autofree char *line = payee ? g_strdup_printf ("%s · %s", when, kind) : g_strdup (when);
  g_autofree char *spoken = g_strdup_printf ("%s, %s, %s", payee ? payee : kind,
                                             masked ? _ ("hidden amount") : amount, line);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = jn_across_new (12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *value =
      jn_text_new (amount, points < 0 ? "body-text figures" : "body-text figures gold strong");

  gtk_box_append (GTK_BOX (texts), jn_text_new (payee ? payee : kind, "row-name"));
  gtk_box_append (GTK_BOX (texts), jn_text_new (line, "row-line"));
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_label_set_wrap (GTK_LABEL (value), FALSE);
  gtk_widget_set_valign (value, GTK_ALIGN_CENTER);
  jn_across_append (box, texts);
  jn_across_append (box, value);
  gtk_widget_add_css_class (box, "points-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  jn_widget_set_name (row, spoken);
  return row;
}

static void
fill_history (JnPointsCard *self)
{
  GListModel *history = jn_offers_get_history (self->offers);
  guint n = MIN (g_list_model_get_n_items (history), SHOWN);
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))))
    gtk_list_box_remove (self->list, row);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (JnPointsItem) item = g_list_model_get_item (history, i);

      gtk_list_box_append (self->list, points_row_new (self, item));
    }
}

static void
fill (JnPointsCard *self)
{
  gboolean masked = jn_context_get_masked (self->context);
  gint64 points = jn_offers_get_points (self->offers);
  JnDate on = 0;
  gint64 ending = jn_offers_get_expiring (self->offers, &on);
  g_autofree char *count = masked ? g_strdup (JN_MASK) : jn_format_count (points);
  g_autofree char *text = NULL;

  gtk_label_set_text (GTK_LABEL (self->balance), count);
  jn_widget_set_name (self->balance, masked ? _ ("hidden amount") : count);
  gtk_label_set_text (GTK_LABEL (self->unit),
                      g_dngettext (NULL, "point", "points", (gulong) MAX (points, 0)));
  if (ending > 0 && on)
    {
      g_autofree char *number = masked ? g_strdup (JN_MASK) : jn_format_count (ending);
      g_autofree char *day = jn_format_day_inside (on, jn_context_now (self->context));

      text = g_strdup_printf (
          g_dngettext (NULL, "%s point ends on %s", "%s points end on %s", (gulong) ending), number,
          day);
    }
  gtk_label_set_text (GTK_LABEL (self->expiring), text ? text : "");
  gtk_widget_set_visible (self->expiring, text != NULL);
  fill_history (self);
}

static void
jn_points_card_constructed (GObject *object)
{
  JnPointsCard *self = JN_POINTS_CARD (object);

  G_OBJECT_CLASS (jn_points_card_parent_class)->constructed (object);
  self->offers = g_object_ref (jn_context_get_offers (self->context));
  g_signal_connect_object (self->offers, "changed", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->context, "notify::masked", G_CALLBACK (fill), self,
                           G_CONNECT_SWAPPED);
  fill (self);
}

static void
jn_points_card_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_CONTEXT)
    JN_POINTS_CARD (object)->context = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
jn_points_card_dispose (GObject *object)
{
  JnPointsCard *self = JN_POINTS_CARD (object);

  g_clear_object (&self->offers);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (jn_points_card_parent_class)->dispose (object);
}

static void
jn_points_card_class_init (JnPointsCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = jn_points_card_constructed;
  object_class->set_property = jn_points_card_set_property;
  object_class->dispose = jn_points_card_dispose;
  props[PROP_CONTEXT] =
      g_param_spec_object ("context", NULL, NULL, JN_TYPE_CONTEXT,
                           G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
jn_points_card_init (JnPointsCard *self)
{
  GtkWidget *card = jn_card_new (4);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  self->balance = jn_text_new ("", "points-balance figures gold");
  self->unit = jn_text_new ("", "body-text dim");
  gtk_label_set_wrap (GTK_LABEL (self->unit), FALSE);
  gtk_widget_set_valign (self->balance, GTK_ALIGN_BASELINE);
  gtk_widget_set_valign (self->unit, GTK_ALIGN_BASELINE);
  gtk_box_append (GTK_BOX (line), self->balance);
  gtk_box_append (GTK_BOX (line), self->unit);
  self->expiring = jn_text_new ("", "caption-text amber figures");
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "rows");
  gtk_widget_set_margin_top (GTK_WIDGET (self->list), 10);
  jn_widget_set_name (GTK_WIDGET (self->list), _ ("Points history"));
  gtk_widget_set_valign (card, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (card), jn_text_new (_ ("Points"), "title-text"));
  gtk_box_append (GTK_BOX (card), line);
  gtk_box_append (GTK_BOX (card), self->expiring);
  gtk_box_append (GTK_BOX (card), GTK_WIDGET (self->list));
  adw_bin_set_child (ADW_BIN (self), card);
}

GtkWidget *
jn_points_card_new (JnContext *context)
{
  g_return_val_if_fail (JN_IS_CONTEXT (context), NULL);
  return g_object_new (JN_TYPE_POINTS_CARD, "context", context, NULL);
}
