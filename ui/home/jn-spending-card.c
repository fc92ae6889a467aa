#include "jn-spending-card.h"

#include "jn-amount-label.h"
#include "jn-card.h"
#include "jn-day-bars.h"
#include "jn-format.h"

#include <glib/gi18n.h>

struct _JnSpendingCard
{
  AdwBin parent_instance;
  JnContext *context;
  GtkWidget *amount;
  GtkWidget *comparison;
  GtkWidget *bars;
};

G_DEFINE_FINAL_TYPE (JnSpendingCard, jn_spending_card, ADW_TYPE_BIN)

static char *
comparison_text (JnMoney spent, JnMoney before, gboolean masked)
{
  JnMoney difference;
  g_autofree char *amount = NULL;

  if (!jn_money_subtract (spent, before, &difference))
    return g_strdup ("");
  if (difference.minor == 0)
    return g_strdup (_ ("As much as a month ago"));
  amount = jn_format_money (jn_money (ABS (difference.minor), difference.currency),
                            JN_MONEY_FORMAT_PLAIN, masked);
  return g_strdup_printf (difference.minor < 0 ? _ ("%s less than a month ago")
                                               : _ ("%s more than a month ago"),
                          amount);
}

static void
update (JnSpendingCard *self)
{
  JnHome *home = jn_context_get_home (self->context);
  JnDate today = jn_date_at (jn_context_now (self->context));
  JnMoney spent = jn_home_get_spent (home);
  guint n_days = 0;
  const gint64 *days = jn_home_get_day_spending (home, &n_days);
  g_autofree char *text = comparison_text (spent, jn_home_get_spent_before (home),
                                           jn_context_get_masked (self->context));

  jn_amount_label_set_money (JN_AMOUNT_LABEL (self->amount), spent);
  gtk_label_set_text (GTK_LABEL (self->comparison), text);
  jn_day_bars_set_days (JN_DAY_BARS (self->bars), jn_date_month (today), days, n_days,
                        jn_date_day (today), spent.currency);
}

static void
jn_spending_card_dispose (GObject *object)
{
  g_clear_object (&JN_SPENDING_CARD (object)->context);
  G_OBJECT_CLASS (jn_spending_card_parent_class)->dispose (object);
}

static void
jn_spending_card_class_init (JnSpendingCardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_spending_card_dispose;
}

static void
jn_spending_card_init (JnSpendingCard *self)
{
}

GtkWidget *
jn_spending_card_new (JnContext *context)
{
  JnSpendingCard *self = g_object_new (JN_TYPE_SPENDING_CARD, NULL);
  GtkWidget *card = jn_card_new (0);

  self->context = g_object_ref (context);
  self->amount = jn_amount_label_new ();
  gtk_widget_add_css_class (self->amount, "total");
  self->comparison = jn_text_new ("", "caption-text dim figures");
  self->bars = jn_day_bars_new ();
  gtk_widget_set_margin_top (self->bars, 14);
  gtk_box_append (GTK_BOX (card), jn_section_header_new (_ ("Spent this month"), _ ("Analysis"),
                                                         "win.go", "bills"));
  gtk_box_append (GTK_BOX (card), self->amount);
  gtk_box_append (GTK_BOX (card), self->comparison);
  gtk_box_append (GTK_BOX (card), self->bars);
  adw_bin_set_child (ADW_BIN (self), card);
  jn_widget_follow_mask (self->amount, context);
  jn_widget_follow_mask (self->bars, context);
  g_signal_connect_object (jn_context_get_home (context), "changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "notify::masked", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
