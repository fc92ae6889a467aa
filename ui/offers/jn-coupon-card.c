/* The ticket is drawn: two half circles cut out where it would be torn, and a row of holes between them. */
#include "jn-coupon-card.h"

#include <glib/gi18n.h>

#include "jn-card.h"
#include "jn-format.h"
#include "jn-id.h"
#include "jn-offer-text.h"

#define STUB 112
#define NOTCH 8

struct _JnCouponCard
{
  AdwBin parent_instance;

  GtkWidget *value;
  GtkWidget *title;
  GtkWidget *rules;
  GtkWidget *used;
  GtkWidget *open_button;

  JnContext *context;
  JnOfferItem *offer;
};

enum
{
  PROP_CONTEXT = 1,
  PROP_OFFER,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (JnCouponCard, jn_coupon_card, ADW_TYPE_BIN)

/* ---- the ticket ---- */

static void
draw_notch (GtkSnapshot *snapshot, const GdkRGBA *paper, float x, float y)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (x - NOTCH, y - NOTCH, 2 * NOTCH, 2 * NOTCH);
  GskRoundedRect circle;

  gsk_rounded_rect_init_from_rect (&circle, &bounds, NOTCH);
  gtk_snapshot_push_rounded_clip (snapshot, &circle);
  gtk_snapshot_append_color (snapshot, paper, &bounds);
  gtk_snapshot_pop (snapshot);
}

static void
jn_coupon_card_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  float x = (float) (rtl ? width - STUB : STUB);
  GdkRGBA paper, line;

  GTK_WIDGET_CLASS (jn_coupon_card_parent_class)->snapshot (widget, snapshot);
  if (!gtk_style_context_lookup_color (style, "jn_paper", &paper)
      || !gtk_style_context_lookup_color (style, "jn_line", &line))
    return;
  for (float y = NOTCH + 6; y < (float) height - NOTCH - 4; y += 8)
    gtk_snapshot_append_color (snapshot, &line, &GRAPHENE_RECT_INIT (x - 0.5f, y, 1, 4));
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  draw_notch (snapshot, &paper, x, 0);
  draw_notch (snapshot, &paper, x, (float) height);
  gtk_snapshot_pop (snapshot);
}

/* ---- its words ---- */

static char *
dup_used (JnCouponCard *self, gboolean masked)
{
  JnMoney saved = jn_offer_item_get_saved (self->offer);
  g_autofree char *when = NULL;
  g_autofree char *amount = NULL;

  if (jn_offer_item_get_state (self->offer) == JN_OFFER_EXPIRED)
    return g_strdup (_ ("Expired"));
  if (jn_offer_item_get_state (self->offer) != JN_OFFER_USED)
    return NULL;
  when = jn_format_when_inside (jn_offer_item_get_used_at (self->offer),
                                jn_context_now (self->context));
  if (saved.currency == JN_CURRENCY_NONE)
    return g_strdup_printf (_ ("Used: %s"), when);
  amount = jn_format_money (saved, JN_MONEY_FORMAT_PLAIN, masked);
  return g_strdup_printf (_ ("Used: %s · saved %s"), when, amount);
}

static void
fill (JnCouponCard *self)
{
  gboolean masked = jn_context_get_masked (self->context);
  gboolean open = jn_offer_item_get_state (self->offer) == JN_OFFER_AVAILABLE;
  const char *title = jn_offer_item_get_title (self->offer, jn_format_is_chinese ());
  g_autofree char *value = jn_offer_text_dup_value (self->offer, masked);
  g_autofree char *rules =
      jn_offer_text_dup_rules (self->offer, jn_context_now (self->context), masked);
  g_autofree char *used = dup_used (self, masked);

  gtk_label_set_text (GTK_LABEL (self->value), value);
  gtk_label_set_text (GTK_LABEL (self->title), title);
  gtk_label_set_text (GTK_LABEL (self->rules), rules);
  gtk_label_set_text (GTK_LABEL (self->used), used ? used : "");
  gtk_widget_set_visible (self->used, used != NULL);
  gtk_widget_set_visible (self->open_button,
                          !jn_id_is_zero (jn_offer_item_get_used_entry (self->offer)));
  if (open)
    gtk_widget_remove_css_class (GTK_WIDGET (self), "past");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self), "past");
  jn_widget_set_name (GTK_WIDGET (self), title);
  jn_widget_set_description (GTK_WIDGET (self), rules);
}

static void
open_cb (JnCouponCard *self)
{
  g_autofree char *id = jn_id_to_string (jn_offer_item_get_used_entry (self->offer));
  g_autofree char *target = g_strdup_printf ("bills#entry:%s", id);

  gtk_widget_activate_action (GTK_WIDGET (self), "win.go", "s", target);
}

/* ---- the object ---- */

static void
jn_coupon_card_constructed (GObject *object)
{
  JnCouponCard *self = JN_COUPON_CARD (object);

  G_OBJECT_CLASS (jn_coupon_card_parent_class)->constructed (object);
  g_signal_connect_object (self->context, "notify::masked", G_CALLBACK (fill), self,
                           G_CONNECT_SWAPPED);
  fill (self);
}

static void
jn_coupon_card_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  JnCouponCard *self = JN_COUPON_CARD (object);

  switch (id)
    {
    case PROP_CONTEXT:
      self->context = g_value_dup_object (value);
      break;
    case PROP_OFFER:
      self->offer = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
jn_coupon_card_dispose (GObject *object)
{
  JnCouponCard *self = JN_COUPON_CARD (object);

  g_clear_object (&self->offer);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (jn_coupon_card_parent_class)->dispose (object);
}

static void
jn_coupon_card_class_init (JnCouponCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = jn_coupon_card_constructed;
  object_class->set_property = jn_coupon_card_set_property;
  object_class->dispose = jn_coupon_card_dispose;
  widget_class->snapshot = jn_coupon_card_snapshot;
  props[PROP_CONTEXT] = g_param_spec_object ("context", NULL, NULL, JN_TYPE_CONTEXT, flags);
  props[PROP_OFFER] = g_param_spec_object ("offer", NULL, NULL, JN_TYPE_OFFER_ITEM, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_css_name (widget_class, "coupon");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
jn_coupon_card_init (JnCouponCard *self)
{
  GtkWidget *box = jn_across_new (0);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  self->value = jn_text_new ("", "coupon-value figures");
  gtk_label_set_xalign (GTK_LABEL (self->value), 0.5f);
  gtk_label_set_justify (GTK_LABEL (self->value), GTK_JUSTIFY_CENTER);
  gtk_label_set_width_chars (GTK_LABEL (self->value), 4);
  gtk_label_set_max_width_chars (GTK_LABEL (self->value), 4);
  gtk_widget_set_size_request (self->value, STUB, -1);
  gtk_widget_set_valign (self->value, GTK_ALIGN_CENTER);
  self->title = jn_text_new ("", "title-text");
  self->rules = jn_text_new ("", "caption-text dim figures");
  self->used = jn_text_new ("", "caption-text strong");
  self->open_button = gtk_button_new_with_mnemonic (_ ("Open its _bill"));
  gtk_widget_add_css_class (self->open_button, "link-button");
  gtk_widget_set_halign (self->open_button, GTK_ALIGN_START);
  g_signal_connect_swapped (self->open_button, "clicked", G_CALLBACK (open_cb), self);
  gtk_widget_add_css_class (texts, "coupon-rules");
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (texts), self->title);
  gtk_box_append (GTK_BOX (texts), self->rules);
  gtk_box_append (GTK_BOX (texts), self->used);
  gtk_box_append (GTK_BOX (texts), self->open_button);
  jn_across_append (box, self->value);
  jn_across_append (box, texts);
  adw_bin_set_child (ADW_BIN (self), box);
}

GtkWidget *
jn_coupon_card_new (JnContext *context, JnOfferItem *offer)
{
  g_return_val_if_fail (JN_IS_CONTEXT (context), NULL);
  g_return_val_if_fail (JN_IS_OFFER_ITEM (offer), NULL);
  return g_object_new (JN_TYPE_COUPON_CARD, "context", context, "offer", offer, NULL);
}
