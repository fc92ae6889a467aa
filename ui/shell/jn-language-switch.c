#include "jn-language-switch.h"

#include "jn-format.h"

#include <glib/gi18n.h>

static GtkWidget *
choice_new (const char *label, const char *language, gboolean chosen)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_add_css_class (button, "pill");
  if (chosen)
    gtk_widget_add_css_class (button, "chosen");
  gtk_accessible_update_state (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_STATE_SELECTED, chosen, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "app.language");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", language);
  return button;
}

GtkWidget *
jn_language_switch_new (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gboolean chinese = jn_format_is_chinese ();

  /* Each language is written in itself, so that it is found by those who read only that one. */
  gtk_box_append (GTK_BOX (box), choice_new ("中文", "zh_CN", chinese));
  gtk_box_append (GTK_BOX (box), choice_new ("English", "en", !chinese));
  gtk_accessible_update_property (GTK_ACCESSIBLE (box), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Language"), -1);
  return box;
}
