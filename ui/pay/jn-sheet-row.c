/* Lines of confirm sheets, results and details: one rhythm for all of them. */
#include "jn-sheet-row.h"

#include "jn-card.h"
#include "jn-format.h"

#include <glib/gi18n.h>

#define SHORT_TITLE 16

GtkWidget *
jn_sheet_row_new (const char *title, const char *subtitle, GtkWidget *end)
{
  GtkWidget *row = jn_across_new (12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *head = jn_text_new (title, "body-text");

  g_return_val_if_fail (title != NULL, NULL);
  /* A short title stays in one piece: what stands at the right gives way. */
  gtk_label_set_wrap (GTK_LABEL (head), g_utf8_strlen (title, -1) > SHORT_TITLE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (texts), head);
  if (subtitle && *subtitle)
    {
      GtkWidget *line = jn_text_new (subtitle, "caption-text");

      gtk_widget_add_css_class (line, "dim");
      gtk_box_append (GTK_BOX (texts), line);
    }
  jn_across_append (row, texts);
  if (end)
    {
      gtk_widget_set_hexpand (end, TRUE);
      gtk_widget_set_halign (end, GTK_ALIGN_END);
      gtk_widget_set_valign (end, GTK_ALIGN_CENTER);
      jn_across_append (row, end);
    }
  gtk_widget_add_css_class (row, "sheet-row");
  return row;
}

GtkWidget *
jn_sheet_row_new_text (const char *title, const char *subtitle, const char *value,
                       gboolean copyable)
{
  GtkWidget *label = gtk_label_new (value);
  PangoAttrList *attributes = pango_attr_list_new ();

  /* A hyphen where a number is broken would be read, and copied by hand, as part of it. */
  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (GTK_LABEL (label), attributes);
  pango_attr_list_unref (attributes);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_RIGHT);
  gtk_label_set_selectable (GTK_LABEL (label), copyable);
  gtk_widget_add_css_class (label, "body-text");
  if (copyable)
    {
      gtk_widget_add_css_class (label, "copyable");
      jn_widget_set_name (label, title);
    }
  return jn_sheet_row_new (title, subtitle, label);
}

GtkWidget *
jn_sheet_row_new_money (const char *title, const char *subtitle, JnMoney money, gboolean masked,
                        const char *style_class)
{
  g_autofree char *text = jn_format_money (money, JN_MONEY_FORMAT_PLAIN, masked);
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_add_css_class (label, "figures");
  gtk_widget_add_css_class (label, "body-text");
  if (style_class)
    gtk_widget_add_css_class (label, style_class);
  if (masked)
    {
      g_autofree char *spoken = jn_format_money_spoken (money, JN_MONEY_FORMAT_PLAIN, TRUE);
      jn_widget_set_name (label, spoken);
    }
  return jn_sheet_row_new (title, subtitle, label);
}

char *
jn_sheet_dup_verb (JnPayment *payment, const char *amount)
{
  if (jn_payment_is_top_up (payment))
    return g_strdup_printf (_ ("Top up %s"), amount);
  return g_strdup_printf (jn_payment_is_transfer (payment) ? _ ("Transfer %s") : _ ("Pay %s"),
                          amount);
}

const char *
jn_sheet_coupon_title (JnCouponItem *coupon)
{
  const char *title = jn_coupon_item_get_title (coupon, jn_format_is_chinese ());

  return title ? title : _ ("Coupon");
}

GtkWidget *
jn_sheet_row_new_points (gint64 points)
{
  g_autofree char *count = jn_format_count (points);
  g_autofree char *text = g_strdup_printf ("+%s", count);
  GtkWidget *row;

  if (points <= 0)
    return NULL;
  row = jn_sheet_row_new_text (_ ("Points earned"), NULL, text, FALSE);
  gtk_widget_add_css_class (gtk_widget_get_last_child (row), "gold");
  return row;
}
