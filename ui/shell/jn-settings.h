/* The wallet's own settings, in a key file of the user's configuration folder: the same inside a Flatpak, on a kiosk
 * and on a machine without dconf. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* @path: the key file; NULL keeps settings in memory (tests). NULL when the schema is not installed. New reference. */
GSettings *jn_settings_new (const char *path);

/* The key file of the user; NULL where tests ask for settings in memory (GSETTINGS_BACKEND, which a release scrubs from
 * its environment). Caller frees. */
char *jn_settings_dup_path (void);

/* Adds @task to "tasks-done"; returns whether it is new. */
gboolean jn_settings_finish_task (GSettings *settings, const char *task);
gboolean jn_settings_task_is_done (GSettings *settings, const char *task);

G_END_DECLS
