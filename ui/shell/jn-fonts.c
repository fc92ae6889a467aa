#include "jn-fonts.h"

#include "jn-format.h"

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

/* What a line's natural height is multiplied with to reach 1.4 times the size of the letters. Chinese fonts stand there by
 * themselves; a factor on top would tear their lines apart. */
static int
line_percent (const char *families)
{
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  PangoFontDescription *description = pango_font_description_from_string (families);
  PangoFontMetrics *metrics;
  int natural;

  pango_font_description_set_absolute_size (description, 100 * PANGO_SCALE);
  metrics = pango_context_get_metrics (context, description, pango_language_from_string ("en"));
  natural = pango_font_metrics_get_height (metrics) / PANGO_SCALE;
  pango_font_metrics_unref (metrics);
  g_object_unref (context);
  pango_font_description_free (description);
  if (jn_format_is_chinese () || natural <= 0)
    return 100;
  return CLAMP (14000 / natural, 100, 130);
}

static GtkCssProvider *
provider_for (GdkDisplay *display)
{
  GtkCssProvider *provider = g_object_get_data (G_OBJECT (display), "jn-fonts");

  if (provider)
    return provider;
  provider = gtk_css_provider_new ();
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION - 1);
  g_object_set_data_full (G_OBJECT (display), "jn-fonts", provider, g_object_unref);
  return provider;
}

void
jn_fonts_apply (void)
{
  GdkDisplay *display = gdk_display_get_default ();
  g_autofree char *name = NULL;
  g_autofree char *css = NULL;
  PangoFontDescription *description;
  const char *family;
  int percent;

  if (display == NULL)
    return;
  g_object_get (gtk_settings_get_default (), "gtk-font-name", &name, NULL);
  description = pango_font_description_from_string (name ? name : "");
  family = pango_font_description_get_family (description);
  if (is_generic (family) || strpbrk (family, "\"\\{};") || !has_family (family))
    family = "Cantarell";
  percent = line_percent (family);
  css = g_strdup_printf ("window { font-family: \"%s\", %s, sans-serif; }"
                         ".body-text, .caption-text { line-height: %d.%02d; }",
                         family, chinese_families, percent / 100, percent % 100);
  gtk_css_provider_load_from_data (provider_for (display), css, -1);
  pango_font_description_free (description);
}
