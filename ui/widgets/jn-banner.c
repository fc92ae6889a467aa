#include "jn-banner.h"

struct _JnBanner
{
  GtkWidget parent_instance;
  GtkWidget *revealer;
  GtkWidget *box;
  GtkWidget *label;
  GtkWidget *button;
};

static guint signal_clicked;

G_DEFINE_FINAL_TYPE (JnBanner, jn_banner, GTK_TYPE_WIDGET)

static void
on_clicked (JnBanner *self)
{
  g_signal_emit (self, signal_clicked, 0);
}

static void
jn_banner_dispose (GObject *object)
{
  JnBanner *self = JN_BANNER (object);

  g_clear_pointer (&self->revealer, gtk_widget_unparent);
  G_OBJECT_CLASS (jn_banner_parent_class)->dispose (object);
}

static void
jn_banner_class_init (JnBannerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_banner_dispose;
  signal_clicked = g_signal_new ("clicked", JN_TYPE_BANNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_ALERT);
}

static void
jn_banner_init (JnBanner *self)
{
  self->revealer = gtk_revealer_new ();
  gtk_revealer_set_transition_duration (GTK_REVEALER (self->revealer), 150);
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_widget_add_css_class (self->box, "banner-line");
  self->label = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_widget_set_hexpand (self->label, TRUE);
  self->button = gtk_button_new ();
  gtk_widget_set_visible (self->button, FALSE);
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->button, "link-button");
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (on_clicked), self);
  gtk_box_append (GTK_BOX (self->box), self->label);
  gtk_box_append (GTK_BOX (self->box), self->button);
  gtk_revealer_set_child (GTK_REVEALER (self->revealer), self->box);
  gtk_widget_set_parent (self->revealer, GTK_WIDGET (self));
}

GtkWidget *
jn_banner_new (JnTone tone)
{
  static const char *const classes[] = { "jade", "gold", "amber", "dim" };
  JnBanner *self = g_object_new (JN_TYPE_BANNER, NULL);

  gtk_widget_add_css_class (self->box, classes[tone]);
  return GTK_WIDGET (self);
}

void
jn_banner_set_text (JnBanner *self, const char *text)
{
  g_return_if_fail (JN_IS_BANNER (self));
  if (text)
    {
      gtk_label_set_text (GTK_LABEL (self->label), text);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                      -1);
    }
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), text != NULL);
}

void
jn_banner_set_button (JnBanner *self, const char *label)
{
  g_return_if_fail (JN_IS_BANNER (self));
  gtk_button_set_label (GTK_BUTTON (self->button), label ? label : "");
  gtk_widget_set_visible (self->button, label != NULL);
}
