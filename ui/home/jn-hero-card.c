#include "jn-hero-card.h"

#include "jn-amount-label.h"
#include "jn-card.h"
#include "jn-format.h"

#include <glib/gi18n.h>

struct _JnHeroCard
{
  AdwBin parent_instance;
  JnContext *context;
  GtkWidget *amount;
  GtkWidget *line;
};

G_DEFINE_FINAL_TYPE (JnHeroCard, jn_hero_card, ADW_TYPE_BIN)

static char *
amount_text (JnMoney money, gboolean masked)
{
  if (money.currency == JN_CURRENCY_NONE || money.minor == 0)
    return NULL;
  return jn_format_money (money, JN_MONEY_FORMAT_PLAIN, masked);
}

static void
update (JnHeroCard *self)
{
  JnHome *home = jn_context_get_home (self->context);
  gboolean masked = jn_context_get_masked (self->context);
  JnInstant as_of = jn_home_get_as_of (home);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *pending = amount_text (jn_home_get_pending (home), masked);
  g_autofree char *held = amount_text (jn_home_get_held (home), masked);
  g_autofree char *line = NULL;

  jn_amount_label_set_money (JN_AMOUNT_LABEL (self->amount), jn_home_get_available (home));
  if (pending)
    g_ptr_array_add (parts, g_strdup_printf (_ ("Pending %s"), pending));
  if (held)
    g_ptr_array_add (parts, g_strdup_printf (_ ("Held %s"), held));
  if (as_of)
    {
      JnInstant now = jn_context_now (self->context);
      gboolean today = jn_date_at (as_of) == jn_date_at (now);
      g_autofree char *when = today ? jn_format_time (as_of) : jn_format_when_inside (as_of, now);
      g_ptr_array_add (parts, g_strdup_printf (_ ("as of %s"), when));
    }
  g_ptr_array_add (parts, NULL);
  line = g_strjoinv (" · ", (char **) parts->pdata);
  gtk_label_set_text (GTK_LABEL (self->line), line);
}

static GtkWidget *
quick_new (const char *icon_name, const char *label, const char *target, gboolean primary)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", icon_name, "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *text = gtk_label_new (label);

  gtk_label_set_ellipsize (GTK_LABEL (text), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), text);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, primary ? "primary-button" : "soft-button");
  gtk_widget_add_css_class (button, "quick");
  jn_widget_set_name (button, label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.go");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", target);
  return button;
}

static GtkWidget *
quick_actions (JnContext *context)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);

  gtk_box_set_homogeneous (GTK_BOX (box), TRUE);
  gtk_box_append (GTK_BOX (box),
                  quick_new ("jn-scan-symbolic", C_ ("quick action", "Scan"), "pay", TRUE));
  gtk_box_append (GTK_BOX (box), quick_new ("jn-transfers-symbolic",
                                            C_ ("quick action", "Transfer"), "transfers", FALSE));
  gtk_box_append (GTK_BOX (box),
                  quick_new ("jn-bills-symbolic", C_ ("quick action", "Bills"), "bills", FALSE));
  if (jn_context_is_sandbox (context))
    gtk_box_append (GTK_BOX (box), quick_new ("jn-coffee-symbolic", C_ ("quick action", "Coffee"),
                                              "pay#sample", FALSE));
  else
    gtk_box_append (GTK_BOX (box), quick_new ("jn-offers-symbolic", C_ ("quick action", "Offers"),
                                              "offers", FALSE));
  return box;
}

static void
jn_hero_card_dispose (GObject *object)
{
  g_clear_object (&JN_HERO_CARD (object)->context);
  G_OBJECT_CLASS (jn_hero_card_parent_class)->dispose (object);
}

static void
jn_hero_card_class_init (JnHeroCardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_hero_card_dispose;
}

static void
jn_hero_card_init (JnHeroCard *self)
{
}

GtkWidget *
jn_hero_card_new (JnContext *context)
{
  JnHeroCard *self = g_object_new (JN_TYPE_HERO_CARD, NULL);
  GtkWidget *card = jn_card_new (2);
  GtkWidget *actions;

  self->context = g_object_ref (context);
  self->amount = jn_amount_label_new ();
  gtk_widget_add_css_class (self->amount, "hero");
  self->line = jn_text_new ("", "caption-text dim figures");
  actions = quick_actions (context);
  gtk_widget_set_margin_top (actions, 16);
  gtk_widget_add_css_class (card, "hero-card");
  gtk_box_append (GTK_BOX (card), jn_text_new (_ ("Available balance"), "caption-text dim"));
  gtk_box_append (GTK_BOX (card), self->amount);
  gtk_box_append (GTK_BOX (card), self->line);
  gtk_box_append (GTK_BOX (card), actions);
  adw_bin_set_child (ADW_BIN (self), card);
  jn_widget_follow_mask (self->amount, context);
  g_signal_connect_object (jn_context_get_home (context), "changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "notify::masked", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
