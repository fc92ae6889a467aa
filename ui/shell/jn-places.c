#include "jn-places.h"

#include "jn-card.h"
#include "jn-format.h"

#include <glib/gi18n.h>

const JnPlace jn_places[] = {
  { "home", N_ ("Home"), "jn-home-symbolic", TRUE },
  { "bills", N_ ("Bills"), "jn-bills-symbolic", TRUE },
  { "pay", N_ ("Pay"), "jn-scan-symbolic", TRUE },
  { "transfers", N_ ("Transfers"), "jn-transfers-symbolic", TRUE },
  { "offers", N_ ("Offers"), "jn-offers-symbolic", TRUE },
  { "safety", N_ ("Safety"), "jn-safety-symbolic", FALSE },
  { "settings", N_ ("Settings"), "jn-settings-symbolic", FALSE },
  { "inbox", N_ ("Inbox"), "jn-inbox-symbolic", FALSE, TRUE },
  { "journal", N_ ("Payment journal"), "jn-journal-symbolic", FALSE, TRUE },
};
const guint jn_n_places = G_N_ELEMENTS (jn_places);

const JnPlace *
jn_place_find (const char *name)
{
  for (guint i = 0; i < jn_n_places; i++)
    if (g_strcmp0 (jn_places[i].name, name) == 0)
      return &jn_places[i];
  return NULL;
}

static GtkWidget *
place_button (const JnPlace *place, const char *style_class, GtkOrientation orientation,
              int spacing)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (orientation, spacing);
  GtkWidget *label = gtk_label_new (_ (place->title));
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", place->icon, "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, style_class);
  gtk_widget_set_name (button, place->name);
  jn_widget_set_name (button, _ (place->title));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.go");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", place->name);
  return button;
}

static GtkWidget *
brand (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", "jn-pouch", "pixel-size", 30,
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  gtk_widget_add_css_class (box, "brand");
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), jn_text_new (_ ("Jinnang"), NULL));
  return box;
}

GtkWidget *
jn_side_bar_new (void)
{
  GtkWidget *bar = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL,
                                 "accessible-role", GTK_ACCESSIBLE_ROLE_NAVIGATION, NULL);
  GtkWidget *gap = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *handle = gtk_window_handle_new ();

  gtk_widget_add_css_class (bar, "side");
  gtk_widget_set_size_request (bar, 220, -1);
  jn_widget_set_name (bar, _ ("Places"));
  gtk_box_append (GTK_BOX (bar), brand ());
  for (guint i = 0; i < jn_n_places; i++)
    if (jn_places[i].main)
      gtk_box_append (GTK_BOX (bar),
                      place_button (&jn_places[i], "place", GTK_ORIENTATION_HORIZONTAL, 10));
  gtk_widget_set_vexpand (handle, TRUE);
  gtk_window_handle_set_child (GTK_WINDOW_HANDLE (handle), gap);
  gtk_box_append (GTK_BOX (bar), handle);
  for (guint i = 0; i < jn_n_places; i++)
    if (!jn_places[i].main && !jn_places[i].aside)
      gtk_box_append (GTK_BOX (bar),
                      place_button (&jn_places[i], "place", GTK_ORIENTATION_HORIZONTAL, 10));
  return bar;
}

GtkWidget *
jn_bottom_bar_new (void)
{
  GtkWidget *bar =
      g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_HORIZONTAL, "homogeneous", TRUE,
                    "accessible-role", GTK_ACCESSIBLE_ROLE_NAVIGATION, NULL);

  gtk_widget_add_css_class (bar, "bottom-bar");
  jn_widget_set_name (bar, _ ("Places"));
  for (guint i = 0; i < jn_n_places; i++)
    if (jn_places[i].main)
      gtk_box_append (GTK_BOX (bar),
                      place_button (&jn_places[i], "tab", GTK_ORIENTATION_VERTICAL, 2));
  return bar;
}

void
jn_bar_mark_place (GtkWidget *bar, const char *name)
{
  for (GtkWidget *child = gtk_widget_get_first_child (bar); child;
       child = gtk_widget_get_next_sibling (child))
    {
      gboolean current =
          GTK_IS_BUTTON (child) && g_strcmp0 (gtk_widget_get_name (child), name) == 0;

      if (!GTK_IS_BUTTON (child))
        continue;
      if (current)
        gtk_widget_add_css_class (child, "current");
      else
        gtk_widget_remove_css_class (child, "current");
      gtk_accessible_update_state (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_STATE_SELECTED, current,
                                   -1);
    }
}
