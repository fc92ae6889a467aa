#include "jn-seal-disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

JnSealStatus
jn_seal_status_from_errno (int code)
{
  switch (code)
    {
    case 0:
      return JN_SEAL_OK;
    case ENOENT:
      return JN_SEAL_NOT_FOUND;
    case ENOSPC:
    case EDQUOT:
      return JN_SEAL_DISK_FULL;
    case EROFS:
    case EACCES:
    case EPERM:
      return JN_SEAL_READ_ONLY;
    case ENOMEM:
      return JN_SEAL_NO_MEMORY;
    default:
      return JN_SEAL_IO;
    }
}

JnSealStatus
jn_seal_sync_folder_of (const char *path)
{
  char *folder = strdup (path);
  char *slash = folder == NULL ? NULL : strrchr (folder, '/');
  int result = 0;
  int fd;

  if (folder == NULL)
    return JN_SEAL_NO_MEMORY;
  if (slash != NULL)
    slash[slash == folder ? 1 : 0] = '\0';
  fd = open (slash == NULL ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 || fsync (fd) != 0)
    result = errno;
  if (fd >= 0)
    close (fd);
  free (folder);
  return result == 0 ? JN_SEAL_OK : JN_SEAL_SYNC_FAILED;
}

int
jn_seal_read_all (int fd, void *data, size_t length, long long offset)
{
  uint8_t *to = data;

  while (length > 0)
    {
      ssize_t n = pread (fd, to, length, (off_t) offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return n < 0 ? errno : ENODATA;
      to += n;
      offset += n;
      length -= (size_t) n;
    }
  return 0;
}

int
jn_seal_write_all (int fd, const void *data, size_t length, long long offset)
{
  const uint8_t *from = data;

  while (length > 0)
    {
      ssize_t n = pwrite (fd, from, length, (off_t) offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return errno;
      from += n;
      offset += n;
      length -= (size_t) n;
    }
  return 0;
}

char *
jn_seal_name (const char *path, const char *suffix)
{
  size_t n = strlen (path), m = strlen (suffix) + 1;
  char *name = malloc (n + m);

  if (name != NULL)
    {
      memcpy (name, path, n);
      memcpy (name + n, suffix, m);
    }
  return name;
}
