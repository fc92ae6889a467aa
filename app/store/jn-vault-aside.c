/* Files of the vault put away into sub-folders and found again: never over others. */
#include "jn-vault.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

static gboolean
fail_aside (const char *name, GError **error)
{
  int code = errno;
  g_set_error (error, JN_ERROR,
               code == ENOSPC || code == EDQUOT                   ? JN_ERROR_DISK_FULL
               : code == EROFS || code == EACCES || code == EPERM ? JN_ERROR_READ_ONLY
                                                                  : JN_ERROR_IO,
               "%s cannot be moved: %s", name, g_strerror (code));
  return FALSE;
}

static gboolean
is_file (const char *path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS) || g_file_test (path, G_FILE_TEST_IS_SYMLINK);
}

/* The lock of the folder keeps others from putting something there in between. */
static gboolean
move_file (const char *source, const char *target)
{
  if (is_file (source) && is_file (target))
    {
      errno = EEXIST;
      return FALSE;
    }
  return g_rename (source, target) == 0 || errno == ENOENT;
}

/* The database goes last: until then it stays what it is, and the next try takes the rest along. */
gboolean
jn_vault_set_aside (JnVault *self, const char *name, const char *where, GError **error)
{
  const char *const *suffixes = jn_vault_get_suffixes ();
  const char *folder = jn_vault_get_folder (self);

  if (folder == NULL)
    {
      jn_vault_remove_file (self, name);
      return TRUE;
    }
  g_autofree char *aside = jn_vault_build_path (self, where);
  if (g_mkdir (aside, 0700) != 0 && errno != EEXIST)
    return fail_aside (name, error);
  for (gsize i = g_strv_length ((char **) suffixes); i-- > 0;)
    {
      g_autofree char *full = g_strconcat (name, suffixes[i], NULL);
      g_autofree char *source = g_build_filename (folder, full, NULL);
      g_autofree char *target = g_build_filename (aside, full, NULL);
      if (!move_file (source, target))
        return fail_aside (name, error);
    }
  return TRUE;
}

gboolean
jn_vault_take_all_back (JnVault *self, const char *where, GError **error)
{
  const char *folder = jn_vault_get_folder (self);

  if (folder == NULL)
    return TRUE;
  g_autofree char *aside = jn_vault_build_path (self, where);
  g_autoptr (GDir) dir = g_dir_open (aside, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *source = g_build_filename (aside, name, NULL);
      g_autofree char *target = g_build_filename (folder, name, NULL);
      if (!move_file (source, target) && errno != EEXIST)
        return fail_aside (name, error);
    }
  if (g_rmdir (aside) != 0 && errno != ENOENT && errno != ENOTEMPTY && errno != EEXIST)
    return fail_aside (where, error);
  return TRUE;
}

/* ---- folders ---- */

static gboolean
sync_folder (const char *path)
{
  int fd = g_open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  gboolean ok = fd >= 0 && fsync (fd) == 0;
  int code = errno;

  if (fd >= 0)
    close (fd);
  errno = code;
  return ok;
}

gboolean
jn_vault_has_folder (JnVault *self, const char *name)
{
  if (jn_vault_get_folder (self) == NULL)
    return FALSE;
  g_autofree char *path = jn_vault_build_path (self, name);
  return is_file (path);
}

gboolean
jn_vault_rename_folder (JnVault *self, const char *from, const char *to, GError **error)
{
  const char *folder = jn_vault_get_folder (self);

  if (folder == NULL)
    return TRUE;
  g_autofree char *source = jn_vault_build_path (self, from);
  g_autofree char *target = jn_vault_build_path (self, to);
  if (is_file (target))
    errno = EEXIST;
  else if (sync_folder (source) && g_rename (source, target) == 0 && sync_folder (folder))
    return TRUE;
  return fail_aside (from, error);
}

char *
jn_vault_find_free_name (JnVault *self, const char *name)
{
  char *free_name = g_strdup (name);

  for (guint i = 2; jn_vault_has_folder (self, free_name); i++)
    {
      g_free (free_name);
      free_name = g_strdup_printf ("%s-%u", name, i);
    }
  return free_name;
}

GPtrArray *
jn_vault_list_folders (JnVault *self, const char *prefix)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  const char *folder = jn_vault_get_folder (self);
  g_autoptr (GDir) dir = folder != NULL ? g_dir_open (folder, 0, NULL) : NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, prefix))
      g_ptr_array_add (names, g_strdup (name));
  return names;
}
