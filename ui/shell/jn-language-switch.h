/* 中文 / English: changes the whole window at once. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Two buttons that activate "app.language". */
GtkWidget *jn_language_switch_new (void);

G_END_DECLS
