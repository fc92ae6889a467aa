/* What happened, what it means for the money, what to do now: in this order, in words, for each of the three ends. */
#include "jn-result-page.h"

#include <glib/gi18n.h>

#include "jn-amount-label.h"
#include "jn-doctor-dialog.h"
#include "jn-error-text.h"
#include "jn-format.h"
#include "jn-id.h"
#include "jn-paid-text.h"
#include "jn-result-mark.h"
#include "jn-sheet-row.h"
#include "jn-status-face.h"

struct _JnResultPage
{
  JnPaymentPanel panel;

  JnResultMark *mark;
  GtkLabel *title;
  AdwBin *amount_slot;
  GtkLabel *capital;
  GtkLabel *money;
  GtkLabel *reason;
  GtkLabel *now;
  GtkBox *rows;
  GtkButton *done_button;
  GtkButton *again_button;
  GtkWidget *bill_button;
  AdwBin *why_slot;
  JnAmountLabel *amount;
};

enum
{
  SIGNAL_DONE,
  SIGNAL_AGAIN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (JnResultPage, jn_result_page, JN_TYPE_PAYMENT_PANEL)

static void
set_line (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text && *text);
}

static void
set_button (GtkButton *button, const char *label)
{
  gtk_widget_set_visible (GTK_WIDGET (button), label != NULL);
  if (label)
    gtk_button_set_label (button, label);
}

/* A name of a few characters stays in one piece: one of them alone on a line is hard to read. */
static char *
dup_unbroken (const char *name)
{
  GString *text = g_string_new (NULL);
  gboolean is_short = g_utf8_strlen (name, -1) <= 10;

  for (const char *p = name; *p; p = g_utf8_next_char (p))
    {
      if (is_short && p > name)
        g_string_append (text, "\342\201\240"); /* WORD JOINER */
      g_string_append_unichar (text, g_utf8_get_char (p));
    }
  return g_string_free (text, FALSE);
}

/* ---- the three ends ---- */

static void
say_made (JnResultPage *self, gboolean masked)
{
  gboolean transfer = jn_payment_is_transfer (self->panel.payment);
  const char *payee = jn_payment_get_payee (self->panel.payment);
  g_autofree char *amount =
      jn_format_money (jn_payment_get_total (self->panel.payment), JN_MONEY_FORMAT_PLAIN, masked);
  gboolean top_up = jn_payment_is_top_up (self->panel.payment);
  const char *card = jn_payment_get_paying_card (self->panel.payment);
  g_autofree char *number = card ? jn_format_card (card) : NULL;
  g_autofree char *name = dup_unbroken (payee ? payee : "");
  /* Translators: an amount and a payee or a card. */
  g_autofree char *money =
      top_up ? g_strdup_printf (_ ("%1$s came to your wallet from your card %2$s."), amount, number)
      : card ? g_strdup_printf (_ ("%1$s went from your card %2$s to %3$s."), amount, number, name)
             : g_strdup_printf (_ ("%s went from your wallet to %s."), amount, name);

  jn_result_mark_show (self->mark, JN_MARK_MADE);
  gtk_label_set_text (self->title, top_up     ? _ ("Topped up")
                                   : transfer ? _ ("Transferred")
                                              : _ ("Paid"));
  set_line (self->money, money);
  set_line (self->reason, NULL);
  set_line (self->now, _ ("It is final. You need do nothing more."));
  set_button (self->done_button, _ ("_Done"));
  set_button (self->again_button, top_up     ? NULL
                                  : transfer ? _ ("_Transfer again")
                                             : _ ("_Pay again"));
}

static void
say_not_known (JnResultPage *self)
{
  jn_result_mark_show (self->mark, JN_MARK_NOT_KNOWN);
  gtk_label_set_text (self->title, jn_status_get_face (JN_STATUS_CHECKING).sentence);
  set_line (self->money, _ ("The bank has not answered. The money may or may not have moved; "
                            "it cannot move twice."));
  set_line (self->reason, NULL);
  set_line (self->now, _ ("You may leave. This settles by itself and you will be told."));
  set_button (self->done_button, _ ("_Leave"));
  set_button (self->again_button, NULL);
}

static void
say_not_made (JnResultPage *self)
{
  const GError *error = jn_payment_get_error (self->panel.payment);
  JnErrorText text = error ? jn_error_text_for (error) : (JnErrorText){ "", "", "" };
  g_autofree char *paid = jn_error_text_dup_paid (self->panel.context, self->panel.payment, error);
  gboolean transfer = jn_payment_is_transfer (self->panel.payment);

  jn_result_mark_show (self->mark, JN_MARK_NOT_MADE);
  gtk_label_set_text (self->title, jn_payment_is_top_up (self->panel.payment)
                                       ? _ ("Top-up not made")
                                   : transfer ? _ ("Transfer not made")
                                              : _ ("Payment not made"));
  set_line (self->money, *text.money ? text.money : _ ("Your money has not moved."));
  set_line (self->reason, paid ? paid : text.what);
  set_line (self->now, text.now);
  set_button (self->done_button, _ ("_Done"));
  set_button (self->again_button, _ ("_Start again"));
}

/* ---- facts ---- */

static void
append_points (JnResultPage *self)
{
  GtkWidget *row = jn_sheet_row_new_points (jn_payment_get_points (self->panel.payment));

  if (row)
    gtk_box_append (self->rows, row);
}

static void
append_saving (JnResultPage *self, gboolean masked)
{
  JnMoney discount = jn_payment_get_discount (self->panel.payment);
  JnCouponItem *coupon = jn_payment_get_coupon (self->panel.payment);
  JnMoney minus = discount;

  if (discount.minor <= 0 || !jn_money_negate (discount, &minus))
    return;
  gtk_box_append (self->rows,
                  jn_sheet_row_new_money (coupon ? jn_sheet_coupon_title (coupon) : _ ("Discount"),
                                          NULL, minus, masked, "jade"));
}

static void
append_topped_up (JnResultPage *self, gboolean masked)
{
  JnMoney money = jn_payment_get_topped_up (self->panel.payment);

  if (money.currency != JN_CURRENCY_NONE)
    gtk_box_append (self->rows, jn_sheet_row_new_money (_ ("Topped up before"),
                                                        jn_payment_get_card (self->panel.payment),
                                                        money, masked, NULL));
}

static void
fill_rows (JnResultPage *self, JnPaymentState state, gboolean masked)
{
  const char *reference = jn_payment_get_reference (self->panel.payment);
  const char *payee = jn_payment_get_payee (self->panel.payment);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->rows))))
    gtk_box_remove (self->rows, child);
  if (payee && state != JN_PAYMENT_MADE && !jn_payment_is_top_up (self->panel.payment))
    gtk_box_append (self->rows, jn_sheet_row_new_text (_ ("Payee"), NULL, payee, FALSE));
  if (state == JN_PAYMENT_MADE)
    {
      append_saving (self, masked);
      append_points (self);
    }
  append_topped_up (self, masked);
  if (reference)
    {
      GtkWidget *row = jn_sheet_row_new_text (_ ("Reference"), NULL, reference, TRUE);

      gtk_widget_add_css_class (gtk_widget_get_last_child (row), "reference");
      gtk_box_append (self->rows, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->rows),
                          gtk_widget_get_first_child (GTK_WIDGET (self->rows)) != NULL);
}

static void
fill (JnResultPage *self)
{
  JnPaymentState state = jn_payment_get_state (self->panel.payment);
  gboolean masked = jn_context_get_masked (self->panel.context);
  JnMoney total = jn_payment_get_total (self->panel.payment);
  gboolean known_total = total.currency != JN_CURRENCY_NONE;
  g_autofree char *capital = masked || !known_total || state != JN_PAYMENT_MADE
                                 ? NULL
                                 : jn_context_dup_capital_amount (total);

  /* A payment that is open again has no end to tell. */
  if (state < JN_PAYMENT_CHECKING)
    return;
  if (state == JN_PAYMENT_MADE)
    say_made (self, masked);
  else if (state == JN_PAYMENT_CHECKING)
    say_not_known (self);
  else
    say_not_made (self);
  gtk_widget_set_visible (GTK_WIDGET (self->amount_slot), known_total);
  if (known_total)
    jn_amount_label_set_money (self->amount, total);
  set_line (self->capital, capital);
  fill_rows (self, state, masked);
  gtk_widget_set_visible (self->bill_button,
                          state == JN_PAYMENT_MADE
                              && !jn_id_is_zero (jn_payment_get_transaction (self->panel.payment)));
  adw_bin_set_child (self->why_slot,
                     state == JN_PAYMENT_MADE
                         ? NULL
                         : jn_doctor_button_new (self->panel.context, self->panel.payment, 0));
  if (state == JN_PAYMENT_CHECKING)
    gtk_widget_add_css_class (GTK_WIDGET (self), "not-known");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "not-known");
}

/* ---- buttons ---- */

static void
done_cb (JnResultPage *self)
{
  g_signal_emit (self, signals[SIGNAL_DONE], 0);
}

static void
again_cb (JnResultPage *self)
{
  g_signal_emit (self, signals[SIGNAL_AGAIN], 0);
}

static void
bill_cb (JnResultPage *self)
{
  g_autofree char *id = jn_id_to_string (jn_payment_get_transaction (self->panel.payment));
  g_autofree char *target = g_strdup_printf ("bills#entry:%s", id);

  g_object_ref (self);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.go", "s", target);
  g_signal_emit (self, signals[SIGNAL_DONE], 0);
  g_object_unref (self);
}

/* Puts the reader's focus on what happened: GTK 4.8 has no announcements. */
static gboolean
jn_result_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (JN_RESULT_PAGE (widget)->title));
}

static void
jn_result_page_constructed (GObject *object)
{
  JnResultPage *self = JN_RESULT_PAGE (object);

  G_OBJECT_CLASS (jn_result_page_parent_class)->constructed (object);
  self->amount = JN_AMOUNT_LABEL (jn_amount_label_new ());
  gtk_widget_add_css_class (GTK_WIDGET (self->amount), "hero");
  jn_amount_label_set_xalign (self->amount, 0.5f);
  jn_widget_follow_mask (self->amount, self->panel.context);
  adw_bin_set_child (self->amount_slot, GTK_WIDGET (self->amount));
  g_signal_connect_object (self->panel.payment, "notify::state", G_CALLBACK (fill), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->panel.context, "notify::masked", G_CALLBACK (fill), self,
                           G_CONNECT_SWAPPED);
  fill (self);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  g_type_ensure (JN_TYPE_RESULT_MARK);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/jinnang/Wallet/ui/pay/jn-result-page.ui");
  gtk_widget_class_bind_template_child (widget_class, JnResultPage, mark);
  gtk_widget_class_bind_template_child (widget_class, JnResultPage, title);
  gtk_widget_class_bind_template_child (widget_class, JnResultPage, amount_slot);
  gtk_widget_class_bind_template_child (widget_class, JnResultPage, capital);
  gtk_widget_class_bind_template_child (widget_class, JnResultPage, money);
  gtk_widget_class_bind_template_child (widget_class, JnResultPage, reason);
  gtk_widget_class_bind_template_child (widget_class, JnResultPage, now);
  gtk_widget_class_bind_template_child (widget_class, JnResultPage, rows);
  gtk_widget_class_bind_template_child (widget_class, JnResultPage, done_button);
  gtk_widget_class_bind_template_child (widget_class, JnResultPage, again_button);
  gtk_widget_class_bind_template_child (widget_class, JnResultPage, bill_button);
  gtk_widget_class_bind_template_child (widget_class, JnResultPage, why_slot);
  gtk_widget_class_bind_template_callback (widget_class, done_cb);
  gtk_widget_class_bind_template_callback (widget_class, again_cb);
  gtk_widget_class_bind_template_callback (widget_class, bill_cb);
}

static void
jn_result_page_class_init (JnResultPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = jn_result_page_constructed;
  widget_class->grab_focus = jn_result_page_grab_focus;

  signals[SIGNAL_DONE] = g_signal_new ("done", JN_TYPE_RESULT_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_AGAIN] = g_signal_new ("again", JN_TYPE_RESULT_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
  bind_children (widget_class);
}

static void
jn_result_page_init (JnResultPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
jn_result_page_new (JnContext *context, JnPayment *payment)
{
  return jn_payment_panel_new (JN_TYPE_RESULT_PAGE, context, payment);
}

gboolean
jn_result_page_is_about (JnResultPage *self, const JnId *row)
{
  g_return_val_if_fail (JN_IS_RESULT_PAGE (self) && row != NULL, FALSE);
  g_autofree char *id = jn_id_to_string (row);

  return g_strcmp0 (id, jn_payment_get_reference (self->panel.payment)) == 0
         || jn_id_equal (row, jn_payment_get_transaction (self->panel.payment));
}
