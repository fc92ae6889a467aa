#include "jn-question-steps.h"

#include "jn-avatar.h"
#include "jn-card.h"
#include "jn-format.h"

#include <glib/gi18n.h>

static char *
dup_top_up_question (JnPayment *payment, const char *amount, int minutes)
{
  if (!jn_payment_is_earlier_made (payment))
    return g_strdup_printf (_ ("Whether %s came from your card is not known yet. If you "
                               "top up now, it may come twice. Top up again?"),
                            amount);
  if (minutes == 0)
    return g_strdup_printf (_ ("You topped up %s just now. Top up again?"), amount);
  /* Translators: an amount and minutes. */
  return g_strdup_printf (ngettext ("You topped up %1$s %2$d min ago. Top up again?",
                                    "You topped up %1$s %2$d min ago. Top up again?",
                                    (gulong) minutes),
                          amount, minutes);
}

static char *
dup_question (JnContext *context, JnPayment *payment)
{
  gint64 minutes =
      MAX ((jn_context_now (context) - jn_payment_get_earlier_at (payment)) / JN_SECOND / 60, 0);
  g_autofree char *amount =
      jn_format_money (jn_payment_get_earlier_amount (payment), JN_MONEY_FORMAT_PLAIN,
                       jn_context_get_masked (context));
  const char *payee = jn_payment_get_payee (payment);

  if (jn_payment_is_top_up (payment))
    return dup_top_up_question (payment, amount, (int) minutes);
  if (!jn_payment_is_earlier_made (payment))
    /* Translators: an amount and a payee. */
    return g_strdup_printf (_ ("Whether %1$s went to %2$s is not known yet. If you pay "
                               "now, it may be paid twice. Pay again?"),
                            amount, payee);
  if (minutes == 0)
    return g_strdup_printf (_ ("You paid %1$s to %2$s just now. Pay again?"), amount, payee);
  /* Translators: an amount, a payee and minutes. */
  return g_strdup_printf (ngettext ("You paid %1$s to %2$s %3$d min ago. Pay again?",
                                    "You paid %1$s to %2$s %3$d min ago. Pay again?",
                                    (gulong) minutes),
                          amount, payee, (int) minutes);
}

GtkWidget *
jn_again_step_new (JnContext *context, JnPayment *payment)
{
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *card = jn_card_new (8);
  GtkWidget *avatar = jn_avatar_new (52);
  g_autofree char *question = dup_question (context, payment);
  GtkWidget *text = jn_text_new (question, "title-text");
  GtkWidget *hint = jn_text_new (_ ("Nothing was sent yet."), "caption-text dim");
  gboolean top_up = jn_payment_is_top_up (payment);
  GtkWidget *no = gtk_button_new_with_mnemonic (top_up ? _ ("Do _not top up") : _ ("Do _not pay"));
  GtkWidget *yes = gtk_button_new_with_mnemonic (top_up ? _ ("_Top up again") : _ ("_Pay again"));

  g_return_val_if_fail (JN_IS_CONTEXT (context) && JN_IS_PAYMENT (payment), NULL);
  jn_avatar_set_icon (JN_AVATAR (avatar), "jn-again-symbolic");
  jn_avatar_set_tone (JN_AVATAR (avatar), JN_TONE_AMBER);
  gtk_label_set_justify (GTK_LABEL (text), GTK_JUSTIFY_CENTER);
  gtk_label_set_xalign (GTK_LABEL (text), 0.5f);
  gtk_label_set_xalign (GTK_LABEL (hint), 0.5f);
  gtk_widget_set_margin_bottom (hint, 10);
  gtk_widget_add_css_class (no, "suggested-action");
  gtk_widget_add_css_class (no, "big-button");
  gtk_widget_add_css_class (yes, "soft-button");
  g_signal_connect_object (no, "clicked", G_CALLBACK (jn_payment_cancel), payment,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (yes, "clicked", G_CALLBACK (jn_payment_pay_again), payment,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_css_class (card, "step");
  gtk_widget_set_valign (card, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (card), avatar);
  gtk_box_append (GTK_BOX (card), text);
  gtk_box_append (GTK_BOX (card), hint);
  gtk_box_append (GTK_BOX (card), no);
  gtk_box_append (GTK_BOX (card), yes);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 420);
  adw_clamp_set_child (ADW_CLAMP (clamp), card);
  return clamp;
}
