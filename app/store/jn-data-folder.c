#include "jn-data-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#define LOCK_NAME "lock"

struct _JnDataFolder
{
  char *path;
  int folder_fd;
  int lock_fd;
};

static JnErrorCode
code_from_errno (int code)
{
  switch (code)
    {
    case EROFS:
    case EACCES:
    case EPERM:
      return JN_ERROR_READ_ONLY;
    case ENOSPC:
    case EDQUOT:
      return JN_ERROR_DISK_FULL;
    case EWOULDBLOCK:
      return JN_ERROR_BUSY;
    case ENOMEM:
      return JN_ERROR_NO_MEMORY;
    default:
      return JN_ERROR_IO;
    }
}

static void
set_error (int code, const char *what, GError **error)
{
  g_set_error (error, JN_ERROR, (int) code_from_errno (code), "%s: %s", what, g_strerror (code));
}

static gboolean
take_lock (JnDataFolder *folder, GError **error)
{
  folder->lock_fd =
      openat (folder->folder_fd, LOCK_NAME, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (folder->lock_fd < 0)
    {
      set_error (errno, "lock file", error);
      return FALSE;
    }
  /* flock, not fcntl: it belongs to the open file, so closing another descriptor of it does not drop it. */
  if (flock (folder->lock_fd, LOCK_EX | LOCK_NB) != 0)
    {
      set_error (errno, "lock", error);
      return FALSE;
    }
  return TRUE;
}

JnDataFolder *
jn_data_folder_open (const char *path, GError **error)
{
  g_autoptr (JnDataFolder) folder = g_new0 (JnDataFolder, 1);
  struct stat info;

  g_return_val_if_fail (path != NULL, NULL);
  folder->folder_fd = folder->lock_fd = -1;
  folder->path = g_canonicalize_filename (path, NULL);
  if (g_mkdir_with_parents (folder->path, 0700) != 0)
    {
      set_error (errno, "data folder", error);
      return NULL;
    }
  folder->folder_fd = open (folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder->folder_fd < 0 || fstat (folder->folder_fd, &info) != 0)
    {
      set_error (errno, "data folder", error);
      return NULL;
    }
  if ((info.st_mode & 077) != 0 && fchmod (folder->folder_fd, info.st_mode & 0700) != 0)
    {
      set_error (errno, "data folder", error);
      return NULL;
    }
  if (faccessat (folder->folder_fd, ".", W_OK | X_OK, 0) != 0)
    {
      set_error (errno, "data folder", error);
      return NULL;
    }
  return take_lock (folder, error) ? g_steal_pointer (&folder) : NULL;
}

void
jn_data_folder_close (JnDataFolder *folder)
{
  if (folder == NULL)
    return;
  if (folder->lock_fd >= 0)
    close (folder->lock_fd);
  if (folder->folder_fd >= 0)
    close (folder->folder_fd);
  g_free (folder->path);
  g_free (folder);
}

const char *
jn_data_folder_get_path (JnDataFolder *folder)
{
  return folder->path;
}

char *
jn_data_folder_build_path (JnDataFolder *folder, const char *name)
{
  g_return_val_if_fail (strchr (name, '/') == NULL, NULL);
  return g_build_filename (folder->path, name, NULL);
}

/* Returns 0 or an errno value. */
static int
write_all (int fd, const char *data, gsize length)
{
  while (length > 0)
    {
      ssize_t n = write (fd, data, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return errno;
      data += n;
      length -= (gsize) n;
    }
  return fsync (fd) == 0 ? 0 : errno;
}

gboolean
jn_data_folder_write (JnDataFolder *folder, const char *name, const void *data, gsize length,
                      GError **error)
{
  g_autofree char *aside = NULL;
  int result;
  int fd;

  g_return_val_if_fail (strchr (name, '/') == NULL, FALSE);
  aside = g_strdup_printf ("%s.new", name);
  fd = openat (folder->folder_fd, aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
               0600);
  if (fd < 0)
    {
      set_error (errno, "create", error);
      return FALSE;
    }
  result = write_all (fd, data, length);
  if (close (fd) != 0 && result == 0)
    result = errno;
  if (result == 0 && renameat (folder->folder_fd, aside, folder->folder_fd, name) != 0)
    result = errno;
  if (result != 0)
    {
      unlinkat (folder->folder_fd, aside, 0);
      set_error (result, "write", error);
      return FALSE;
    }
  if (fsync (folder->folder_fd) != 0)
    {
      set_error (errno, "sync", error);
      return FALSE;
    }
  return TRUE;
}
