/* Settings: language, hidden amounts, keys, about, starting over and erasing. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_SETTINGS_PAGE (jn_settings_page_get_type ())
G_DECLARE_FINAL_TYPE (JnSettingsPage, jn_settings_page, JN, SETTINGS_PAGE, AdwBin)

GtkWidget *jn_settings_page_new (JnContext *context, GSettings *settings);

G_END_DECLS
