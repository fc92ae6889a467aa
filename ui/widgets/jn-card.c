#include "jn-card.h"

GtkWidget *
jn_card_new (int spacing)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, spacing);

  gtk_widget_add_css_class (card, "card-surface");
  return card;
}

GtkWidget *
jn_text_new (const char *text, const char *style_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (style_class)
    {
      g_auto (GStrv) classes = g_strsplit (style_class, " ", -1);
      for (guint i = 0; classes[i]; i++)
        gtk_widget_add_css_class (label, classes[i]);
    }
  return label;
}

GtkWidget *
jn_section_header_new (const char *title, const char *link, const char *action, const char *target)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = gtk_label_new (title);

  gtk_widget_add_css_class (box, "section-header");
  gtk_widget_add_css_class (label, "title-text");
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), label);
  if (link)
    {
      GtkWidget *button = gtk_button_new_with_label (link);

      gtk_widget_add_css_class (button, "link-button");
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      if (target)
        gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", target);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
      gtk_box_append (GTK_BOX (box), button);
    }
  return box;
}

/* A grid hands out the width first and asks for the heights that follow from it. */
GtkWidget *
jn_across_new (int spacing)
{
  GtkWidget *across = gtk_grid_new ();

  gtk_grid_set_column_spacing (GTK_GRID (across), (guint) spacing);
  /* What its children want of its own height is nothing to those around it. */
  gtk_widget_set_vexpand (across, FALSE);
  return across;
}

void
jn_across_append (GtkWidget *across, GtkWidget *child)
{
  gtk_widget_set_vexpand (child, TRUE);
  gtk_grid_attach_next_to (GTK_GRID (across), child, NULL, GTK_POS_RIGHT, 1, 1);
}

GtkWidget *
jn_pair_new (const char *label, const char *value, GtkWidget **value_label)
{
  GtkWidget *box = jn_across_new (16);
  GtkWidget *left = jn_text_new (label, "body-text dim");
  GtkWidget *right = jn_text_new (value, "body-text figures");

  gtk_widget_add_css_class (box, "pair");
  gtk_widget_set_valign (left, GTK_ALIGN_BASELINE);
  gtk_widget_set_valign (right, GTK_ALIGN_BASELINE);
  gtk_widget_set_hexpand (right, TRUE);
  gtk_label_set_xalign (GTK_LABEL (right), 1);
  gtk_label_set_justify (GTK_LABEL (right), GTK_JUSTIFY_RIGHT);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (right), GTK_ACCESSIBLE_RELATION_LABELLED_BY, left,
                                  NULL, -1);
  jn_across_append (box, left);
  jn_across_append (box, right);
  if (value_label)
    *value_label = right;
  return box;
}

GtkWidget *
jn_line_new (void)
{
  GtkWidget *line = gtk_separator_new (GTK_ORIENTATION_HORIZONTAL);

  gtk_widget_add_css_class (line, "line");
  return line;
}
