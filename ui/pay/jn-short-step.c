#include "jn-question-steps.h"

#include "jn-avatar.h"
#include "jn-card.h"
#include "jn-format.h"
#include "jn-sheet-row.h"

#include <glib/gi18n.h>

struct _JnShortStep
{
  AdwBin parent_instance;
  JnContext *context;
  JnPayment *payment;
  GtkWidget *title;
  GtkWidget *rows;
  GtkWidget *top_up;
  GtkWidget *cards; /* a button for each that may pay */
  char **shown;     /* their numbers; NULL before the first time */
  GtkWidget *other;
  GtkWidget *cancel;
};

G_DEFINE_FINAL_TYPE (JnShortStep, jn_short_step, ADW_TYPE_BIN)

static void
clear (GtkWidget *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (box)))
    gtk_box_remove (GTK_BOX (box), child);
}

static void
append_money (JnShortStep *self, const char *title, const char *subtitle, JnMoney money)
{
  if (money.currency != JN_CURRENCY_NONE)
    gtk_box_append (GTK_BOX (self->rows),
                    jn_sheet_row_new_money (title, subtitle, money,
                                            jn_context_get_masked (self->context), NULL));
}

static void
fill_rows (JnShortStep *self)
{
  JnMoney held = jn_payment_get_held (self->payment);

  clear (self->rows);
  append_money (self, _ ("To pay"), jn_payment_get_payee (self->payment),
                jn_payment_get_total (self->payment));
  append_money (self, _ ("Available balance"), NULL, jn_payment_get_available (self->payment));
  if (held.minor > 0)
    append_money (self, _ ("Held"), _ ("Cannot be spent until it is let go"), held);
}

static void
card_cb (GtkWidget *button, JnShortStep *self)
{
  jn_payment_pay_by_card (self->payment, g_object_get_data (G_OBJECT (button), "card"));
}

static void
fill_cards (JnShortStep *self)
{
  g_auto (GStrv) cards = jn_payment_dup_cards (self->payment);

  /* Buttons that stay as they are keep the focus. */
  if (self->shown && g_strv_equal ((const char *const *) self->shown, (const char *const *) cards))
    return;
  clear (self->cards);
  for (char **card = cards; *card; card++)
    {
      g_autofree char *number = jn_format_card (*card);
      /* Translators: a card's number, most of it hidden. */
      g_autofree char *label = g_strdup_printf (_ ("Pay by card %s"), number);
      GtkWidget *button = gtk_button_new_with_label (label);

      gtk_widget_add_css_class (button, "soft-button");
      g_object_set_data_full (G_OBJECT (button), "card", g_strdup (*card), g_free);
      g_signal_connect_object (button, "clicked", G_CALLBACK (card_cb), self, 0);
      gtk_box_append (GTK_BOX (self->cards), button);
    }
  gtk_widget_set_visible (self->cards, *cards != NULL);
  g_strfreev (self->shown);
  self->shown = g_steal_pointer (&cards);
}

static void
fill (JnShortStep *self)
{
  JnMoney missing = jn_payment_get_shortfall (self->payment);
  gboolean known = missing.currency != JN_CURRENCY_NONE;
  gboolean can = known && jn_payment_get_card (self->payment) != NULL;
  g_autofree char *amount = known ? jn_format_money (missing, JN_MONEY_FORMAT_PLAIN,
                                                     jn_context_get_masked (self->context))
                                  : NULL;
  /* Translators: an amount that is missing. */
  g_autofree char *title = known ? g_strdup_printf (_ ("%s short"), amount)
                                 : g_strdup (_ ("The available balance is not enough."));
  g_autofree char *button = known ? g_strdup_printf (_ ("Top up %s and continue"), amount) : NULL;

  if (jn_payment_get_state (self->payment) != JN_PAYMENT_SHORT)
    return;
  gtk_label_set_text (GTK_LABEL (self->title), title);
  fill_rows (self);
  gtk_widget_set_visible (self->top_up, can);
  if (can)
    gtk_button_set_label (GTK_BUTTON (self->top_up), button);
  gtk_button_set_label (GTK_BUTTON (self->other), jn_payment_can_change_amount (self->payment)
                                                      ? _ ("Change the amount")
                                                      : _ ("Use another code"));
  fill_cards (self);
}

static gboolean
jn_short_step_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (JN_SHORT_STEP (widget)->title);
}

static void
jn_short_step_dispose (GObject *object)
{
  JnShortStep *self = JN_SHORT_STEP (object);

  adw_bin_set_child (ADW_BIN (self), NULL);
  g_clear_pointer (&self->shown, g_strfreev);
  g_clear_object (&self->payment);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (jn_short_step_parent_class)->dispose (object);
}

static void
jn_short_step_class_init (JnShortStepClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_short_step_dispose;
  GTK_WIDGET_CLASS (klass)->grab_focus = jn_short_step_grab_focus;
}

static void
jn_short_step_init (JnShortStep *self)
{
}

static GtkWidget *
head_new (JnShortStep *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *avatar = jn_avatar_new (52);
  GtkWidget *line =
      jn_text_new (_ ("Nothing was sent yet. Your money has not moved."), "caption-text dim");

  jn_avatar_set_icon (JN_AVATAR (avatar), "jn-wallet-symbolic");
  jn_avatar_set_tone (JN_AVATAR (avatar), JN_TONE_AMBER);
  gtk_widget_set_margin_bottom (avatar, 8);
  self->title = jn_text_new ("", "display-text");
  gtk_widget_set_focusable (self->title, TRUE);
  gtk_widget_add_css_class (self->title, "quiet-focus");
  gtk_label_set_xalign (GTK_LABEL (self->title), 0.5f);
  gtk_label_set_xalign (GTK_LABEL (line), 0.5f);
  gtk_label_set_justify (GTK_LABEL (line), GTK_JUSTIFY_CENTER);
  gtk_box_append (GTK_BOX (head), avatar);
  gtk_box_append (GTK_BOX (head), self->title);
  gtk_box_append (GTK_BOX (head), line);
  gtk_widget_add_css_class (head, "sheet-head");
  return head;
}

static GtkWidget *
button_new (JnShortStep *self, const char *label, const char *style_class, GCallback callback)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_add_css_class (button, style_class);
  g_signal_connect_object (button, "clicked", callback, self->payment, G_CONNECT_SWAPPED);
  return button;
}

static GtkWidget *
foot_new (JnShortStep *self)
{
  GtkWidget *foot = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  GtkWidget *pair = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);

  self->top_up = button_new (self, "", "suggested-action", G_CALLBACK (jn_payment_top_up));
  gtk_widget_add_css_class (self->top_up, "big-button");
  self->other = button_new (self, "", "soft-button", G_CALLBACK (jn_payment_choose_other));
  self->cancel = button_new (self, _ ("Cancel"), "soft-button", G_CALLBACK (jn_payment_cancel));
  gtk_widget_set_hexpand (self->other, TRUE);
  gtk_widget_set_hexpand (self->cancel, TRUE);
  gtk_box_append (GTK_BOX (pair), self->other);
  gtk_box_append (GTK_BOX (pair), self->cancel);
  self->cards = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  gtk_box_append (GTK_BOX (foot), self->top_up);
  gtk_box_append (GTK_BOX (foot), self->cards);
  gtk_box_append (GTK_BOX (foot), pair);
  gtk_widget_add_css_class (foot, "sheet-foot");
  return foot;
}

GtkWidget *
jn_short_step_new (JnContext *context, JnPayment *payment)
{
  JnShortStep *self = g_object_new (JN_TYPE_SHORT_STEP, NULL);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *card = jn_card_new (0);

  self->context = g_object_ref (context);
  self->payment = g_object_ref (payment);
  self->rows = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (self->rows, "sheet-rows");
  gtk_widget_add_css_class (card, "sheet");
  gtk_widget_set_valign (card, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (card), head_new (self));
  gtk_box_append (GTK_BOX (card), self->rows);
  gtk_box_append (GTK_BOX (card), foot_new (self));
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 420);
  adw_clamp_set_child (ADW_CLAMP (clamp), card);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  adw_bin_set_child (ADW_BIN (self), scrolled);
  g_signal_connect_object (payment, "notify::state", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (jn_context_get_home (context), "changed", G_CALLBACK (fill), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "notify::masked", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  fill (self);
  return GTK_WIDGET (self);
}
