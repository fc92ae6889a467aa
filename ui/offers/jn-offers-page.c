/* The best coupon is picked on the sheet by itself; this page is for those who want to know beforehand. */
#include "jn-offers-page.h"

#include <glib/gi18n.h>

#include "jn-columns.h"
#include "jn-coupon-card.h"
#include "jn-page.h"
#include "jn-points-card.h"
#include "jn-state-stack.h"

struct _JnOffersPage
{
  JnPlacePage page;

  JnStateStack *states;
  GtkWidget *content;
  GtkBox *open_box;
  GtkBox *past_box;
  GtkWidget *none_open;
  GtkWidget *past_title;
  AdwBin *points_slot;

  JnOffers *offers;
};

static void jn_offers_page_page_init (JnPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (JnOffersPage, jn_offers_page, JN_TYPE_PLACE_PAGE,
                               G_IMPLEMENT_INTERFACE (JN_TYPE_PAGE, jn_offers_page_page_init))

static void
empty_box (GtkBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))))
    gtk_box_remove (box, child);
}

static void
fill_coupons (JnOffersPage *self)
{
  GListModel *offers = jn_offers_get_offers (self->offers);

  empty_box (self->open_box);
  empty_box (self->past_box);
  for (guint i = 0; i < g_list_model_get_n_items (offers); i++)
    {
      g_autoptr (JnOfferItem) offer = g_list_model_get_item (offers, i);
      gboolean open = jn_offer_item_get_state (offer) == JN_OFFER_AVAILABLE;

      gtk_box_append (open ? self->open_box : self->past_box,
                      jn_coupon_card_new (self->page.context, offer));
    }
  gtk_widget_set_visible (self->none_open,
                          gtk_widget_get_first_child (GTK_WIDGET (self->open_box)) == NULL);
  gtk_widget_set_visible (self->past_title,
                          gtk_widget_get_first_child (GTK_WIDGET (self->past_box)) != NULL);
}

static void
changed_cb (JnOffersPage *self)
{
  fill_coupons (self);
  jn_state_stack_set_state (self->states, jn_offers_get_state (self->offers),
                            jn_offers_get_error (self->offers));
}

static void
retry_cb (JnOffersPage *self)
{
  jn_context_sync (self->page.context);
}

static const char *
page_get_title (JnPage *page)
{
  return _ ("Offers");
}

static void
jn_offers_page_page_init (JnPageInterface *iface)
{
  iface->get_title = page_get_title;
}

static void
jn_offers_page_constructed (GObject *object)
{
  JnOffersPage *self = JN_OFFERS_PAGE (object);

  G_OBJECT_CLASS (jn_offers_page_parent_class)->constructed (object);
  self->offers = g_object_ref (jn_context_get_offers (self->page.context));
  adw_bin_set_child (self->points_slot, jn_points_card_new (self->page.context));
  jn_state_stack_set_content (self->states, self->content);
  jn_state_stack_set_empty (self->states, "jn-offers-symbolic",
                            _ ("Coupons and points will stand here."), _ ("Pay with a code"),
                            "win.go", "pay");
  g_signal_connect_object (self->offers, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  changed_cb (self);
}

static void
jn_offers_page_dispose (GObject *object)
{
  JnOffersPage *self = JN_OFFERS_PAGE (object);

  g_clear_object (&self->offers);
  G_OBJECT_CLASS (jn_offers_page_parent_class)->dispose (object);
}

static void
jn_offers_page_class_init (JnOffersPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = jn_offers_page_constructed;
  object_class->dispose = jn_offers_page_dispose;
  g_type_ensure (JN_TYPE_COLUMNS);
  g_type_ensure (JN_TYPE_STATE_STACK);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/jinnang/Wallet/ui/offers/jn-offers-page.ui");
  gtk_widget_class_bind_template_child (widget_class, JnOffersPage, states);
  gtk_widget_class_bind_template_child (widget_class, JnOffersPage, content);
  gtk_widget_class_bind_template_child (widget_class, JnOffersPage, open_box);
  gtk_widget_class_bind_template_child (widget_class, JnOffersPage, past_box);
  gtk_widget_class_bind_template_child (widget_class, JnOffersPage, none_open);
  gtk_widget_class_bind_template_child (widget_class, JnOffersPage, past_title);
  gtk_widget_class_bind_template_child (widget_class, JnOffersPage, points_slot);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
}

static void
jn_offers_page_init (JnOffersPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
jn_offers_page_new (JnContext *context)
{
  return jn_place_page_new (JN_TYPE_OFFERS_PAGE, context);
}
