#include "jn-avatar.h"

struct _JnAvatar
{
  GtkWidget parent_instance;
  GtkWidget *label;
  GtkWidget *icon;
  int size;
};

G_DEFINE_FINAL_TYPE (JnAvatar, jn_avatar, GTK_TYPE_WIDGET)

static const char *const tone_classes[] = { "jade", "gold", "amber", "dim" };

static void
jn_avatar_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                   int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = JN_AVATAR (widget)->size;
  *minimum_baseline = *natural_baseline = -1;
}

static void
jn_avatar_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  JnAvatar *self = JN_AVATAR (widget);

  if (gtk_widget_should_layout (self->label))
    gtk_widget_allocate (self->label, width, height, -1, NULL);
  if (gtk_widget_should_layout (self->icon))
    gtk_widget_allocate (self->icon, width, height, -1, NULL);
}

static void
jn_avatar_dispose (GObject *object)
{
  JnAvatar *self = JN_AVATAR (object);

  g_clear_pointer (&self->label, gtk_widget_unparent);
  g_clear_pointer (&self->icon, gtk_widget_unparent);
  G_OBJECT_CLASS (jn_avatar_parent_class)->dispose (object);
}

static void
jn_avatar_class_init (JnAvatarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = jn_avatar_dispose;
  widget_class->measure = jn_avatar_measure;
  widget_class->size_allocate = jn_avatar_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "jnavatar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
jn_avatar_init (JnAvatar *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->size = 36;
  self->label =
      g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  self->icon = g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                             "visible", FALSE, NULL);
  gtk_widget_set_parent (self->label, widget);
  gtk_widget_set_parent (self->icon, widget);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (widget, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (widget, tone_classes[JN_TONE_JADE]);
}

GtkWidget *
jn_avatar_new (int size)
{
  JnAvatar *self = g_object_new (JN_TYPE_AVATAR, NULL);

  self->size = size;
  gtk_image_set_pixel_size (GTK_IMAGE (self->icon), size >= 48 ? 24 : 16);
  if (size >= 48)
    gtk_widget_add_css_class (GTK_WIDGET (self), "large");
  return GTK_WIDGET (self);
}

void
jn_avatar_set_name (JnAvatar *self, const char *name)
{
  char first[8] = "";

  g_return_if_fail (JN_IS_AVATAR (self));
  if (name && *name)
    first[g_unichar_to_utf8 (g_unichar_toupper (g_utf8_get_char (name)), first)] = '\0';
  gtk_label_set_text (GTK_LABEL (self->label), first);
}

void
jn_avatar_set_icon (JnAvatar *self, const char *icon_name)
{
  g_return_if_fail (JN_IS_AVATAR (self));
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), icon_name);
  gtk_widget_set_visible (self->icon, icon_name != NULL);
  gtk_widget_set_visible (self->label, icon_name == NULL);
}

void
jn_avatar_set_tone (JnAvatar *self, JnTone tone)
{
  g_return_if_fail (JN_IS_AVATAR (self));
  for (guint i = 0; i < G_N_ELEMENTS (tone_classes); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self), tone_classes[i]);
  gtk_widget_add_css_class (GTK_WIDGET (self), tone_classes[tone]);
}
