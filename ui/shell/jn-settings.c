#define G_SETTINGS_ENABLE_BACKEND

#include "jn-settings.h"

#include "jn-config.h"

#include <gio/gsettingsbackend.h>

static GSettingsSchema *
lookup_schema (void)
{
  GSettingsSchemaSource *standard = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchemaSource) source =
      g_settings_schema_source_new_from_directory (JN_SCHEMA_DIR, standard, FALSE, NULL);

  if (source)
    return g_settings_schema_source_lookup (source, JN_APP_ID, TRUE);
  return standard ? g_settings_schema_source_lookup (standard, JN_APP_ID, TRUE) : NULL;
}

char *
jn_settings_dup_path (void)
{
  if (g_strcmp0 (g_getenv ("GSETTINGS_BACKEND"), "memory") == 0)
    return NULL;
  return g_build_filename (g_get_user_config_dir (), "jinnang", "settings.ini", NULL);
}

GSettings *
jn_settings_new (const char *path)
{
  g_autoptr (GSettingsSchema) schema = lookup_schema ();
  g_autoptr (GSettingsBackend) backend = NULL;

  if (schema == NULL)
    return NULL;
  if (path)
    backend = g_keyfile_settings_backend_new (path, "/", NULL);
  else
    backend = g_memory_settings_backend_new ();
  return g_settings_new_full (schema, backend, NULL);
}

gboolean
jn_settings_task_is_done (GSettings *settings, const char *task)
{
  g_auto (GStrv) done = g_settings_get_strv (settings, "tasks-done");

  return g_strv_contains ((const char *const *) done, task);
}

gboolean
jn_settings_finish_task (GSettings *settings, const char *task)
{
  g_auto (GStrv) done = g_settings_get_strv (settings, "tasks-done");
  g_autoptr (GPtrArray) all = g_ptr_array_new ();

  if (g_strv_contains ((const char *const *) done, task))
    return FALSE;
  for (guint i = 0; done[i]; i++)
    g_ptr_array_add (all, done[i]);
  g_ptr_array_add (all, (gpointer) task);
  g_ptr_array_add (all, NULL);
  g_settings_set_strv (settings, "tasks-done", (const char *const *) all->pdata);
  return TRUE;
}
