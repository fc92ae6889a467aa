#include "jn-fonts.h"

#include <string.h>

/* Han characters look different in China, Japan and Korea. A system whose locale does not say "zh" would otherwise pick
 * any of them; and one without a font of its own ("Sans") draws Latin in a face that stands higher than the Chinese. */
static const char chinese_families[] =
    "\"Noto Sans CJK SC\", \"Source Han Sans SC\", \"Noto Sans SC\", \"WenQuanYi Micro Hei\"";

static gboolean
is_generic (const char *family)
{
  return family == NULL || *family == '\0' || g_ascii_strcasecmp (family, "sans") == 0
         || g_ascii_strcasecmp (family, "sans-serif") == 0;
}

static gboolean
has_family (const char *name)
{
  PangoFontMap *map = pango_cairo_font_map_get_default ();
  g_autofree PangoFontFamily **families = NULL;
  int n = 0;

  pango_font_map_list_families (map, &families, &n);
  for (int i = 0; i < n; i++)
    if (g_ascii_strcasecmp (pango_font_family_get_name (families[i]), name) == 0)
      return TRUE;
  return FALSE;
}

void
jn_fonts_apply (void)
{
  GdkDisplay *display = gdk_display_get_default ();
  GtkSettings *settings = gtk_settings_get_default ();
  GtkCssProvider *provider;
  g_autofree char *name = NULL;
  g_autofree char *css = NULL;
  PangoFontDescription *description;
  const char *family;

  if (display == NULL || g_object_get_data (G_OBJECT (display), "jn-fonts"))
    return;
  g_object_get (settings, "gtk-font-name", &name, NULL);
  description = pango_font_description_from_string (name ? name : "");
  family = pango_font_description_get_family (description);
  if (is_generic (family) || strpbrk (family, "\"\\{};") || !has_family (family))
    css = g_strdup_printf ("window { font-family: Cantarell, %s, sans-serif; }", chinese_families);
  else
    css = g_strdup_printf ("window { font-family: \"%s\", %s, sans-serif; }", family,
                           chinese_families);
  provider = gtk_css_provider_new ();
  gtk_css_provider_load_from_data (provider, css, -1);
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION - 1);
  g_object_set_data (G_OBJECT (display), "jn-fonts", GINT_TO_POINTER (1));
  pango_font_description_free (description);
  g_object_unref (provider);
}
