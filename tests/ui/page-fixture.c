#include "page-fixture.h"

#include <adwaita.h>
#include <string.h>

#include "jn-code-picture.h"
#include "jn-fonts.h"
#include "jn-language.h"
#include "jn-settings.h"
#include "jn-window.h"

void
page_test_init (int *argc, char ***argv)
{
  gtk_disable_setlocale ();
  jn_language_use ("en");
  gtk_test_init (argc, argv);
  adw_init ();
  jn_fonts_apply ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
}

void
page_show (Fixture *self, GtkWidget *page, int width, int height)
{
  self->page = page;
  self->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (self->window), width, height);
  gtk_window_set_child (GTK_WINDOW (self->window), page);
  gtk_window_present (GTK_WINDOW (self->window));
  run_for (200);
}

void
page_open (Fixture *self, GtkWidget *(*make) (JnContext *context), int width, int height)
{
  rig_init_enrolled (&self->rig);
  page_show (self, make (self->rig.context), width, height);
}

void
page_close (Fixture *self)
{
  GtkWidget *page = self->page;

  g_object_add_weak_pointer (G_OBJECT (page), (gpointer *) &self->page);
  assert_closed (self->window);
  g_assert_null (self->page);
  rig_stop (&self->rig);
  rig_clear (&self->rig);
}

GtkWidget *
window_open (Rig *rig, int width, int height)
{
  g_autoptr (GSettings) settings = jn_settings_new (NULL);
  GtkWidget *window;

  g_assert_nonnull (settings);
  g_settings_set_int (settings, "width", width);
  g_settings_set_int (settings, "height", height);
  window = jn_window_new (NULL, rig->context, settings);
  gtk_window_present (GTK_WINDOW (window));
  run_for (150);
  return window;
}

GtkWidget *
find_class (GtkWidget *widget, const char *style_class)
{
  GtkWidget *found = NULL;

  if (gtk_widget_get_mapped (widget) && gtk_widget_has_css_class (widget, style_class))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find_class (child, style_class);
  return found;
}

typedef struct
{
  const char *text;
  GtkWidget *found;
} Wanted;

static void
look_for_part (GtkWidget *widget, gpointer data)
{
  Wanted *wanted = data;

  if (wanted->found == NULL && GTK_IS_LABEL (widget)
      && strstr (gtk_label_get_text (GTK_LABEL (widget)), wanted->text))
    wanted->found = widget;
}

static void
look_for_button (GtkWidget *widget, gpointer data)
{
  Wanted *wanted = data;

  if (wanted->found == NULL && GTK_IS_BUTTON (widget)
      && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), wanted->text) == 0)
    wanted->found = widget;
}

const char *
text_with (GtkWidget *widget, const char *part)
{
  Wanted wanted = { part, NULL };

  walk (widget, look_for_part, &wanted);
  return wanted.found ? gtk_label_get_text (GTK_LABEL (wanted.found)) : NULL;
}

GtkWidget *
button_of (GtkWidget *widget, const char *label)
{
  Wanted wanted = { label, NULL };

  walk (widget, look_for_button, &wanted);
  return wanted.found;
}

void
press (GtkWidget *widget, const char *label)
{
  GtkWidget *button = button_of (widget, label);

  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
}

GtkWidget *
find_window (GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (window, type))
        return window;
    }
  return NULL;
}

GBytes *
shop_picture (Rig *rig, guint index)
{
  g_autoptr (JnShopItem) shop = rig_get_shop (rig, index);
  guint size = 0;
  const guint8 *modules = jn_shop_item_get_modules (shop, &size);
  g_autoptr (GdkTexture) texture = jn_code_picture_new (modules, size, 8);

  return gdk_texture_save_to_png_bytes (texture);
}
