#include "broken-disk.h"

#include <errno.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/types.h>
#include <unistd.h>

static BrokenDisk how;
static guint at, count;
static gboolean installed;

/* What the linker puts in the place of the store's own calls. */
ssize_t __real_write (int fd, const void *data, size_t length);
ssize_t __real_pwrite64 (int fd, const void *data, size_t length, gint64 offset);
int __real_fsync (int fd);
int __real_rename (const char *from, const char *to);
int __real_unlink (const char *path);
ssize_t __wrap_write (int fd, const void *data, size_t length);
ssize_t __wrap_pwrite64 (int fd, const void *data, size_t length, gint64 offset);
int __wrap_fsync (int fd);
int __wrap_rename (const char *from, const char *to);
int __wrap_unlink (const char *path);

static void
die (void)
{
  kill (getpid (), SIGKILL);
}

/* TRUE: the call fails now. */
static gboolean
is_hit (void)
{
  if (++count != at || how == BROKEN_DISK_COUNTS)
    return FALSE;
  if (how == BROKEN_DISK_KILLS)
    die ();
  errno = EIO;
  return TRUE;
}

ssize_t
__wrap_write (int fd, const void *data, size_t length)
{
  if (!is_hit ())
    return __real_write (fd, data, length);
  if (how == BROKEN_DISK_TEARS)
    {
      __real_write (fd, data, length / 2);
      die ();
    }
  return -1;
}

ssize_t
__wrap_pwrite64 (int fd, const void *data, size_t length, gint64 offset)
{
  if (!is_hit ())
    return __real_pwrite64 (fd, data, length, offset);
  if (how == BROKEN_DISK_TEARS)
    {
      __real_pwrite64 (fd, data, length / 2, offset);
      die ();
    }
  return -1;
}

static int
hit_or (int result)
{
  if (how == BROKEN_DISK_TEARS)
    die ();
  return result;
}

int
__wrap_fsync (int fd)
{
  return is_hit () ? hit_or (-1) : __real_fsync (fd);
}

int
__wrap_rename (const char *from, const char *to)
{
  return is_hit () ? hit_or (-1) : __real_rename (from, to);
}

int
__wrap_unlink (const char *path)
{
  return is_hit () ? hit_or (-1) : __real_unlink (path);
}

/* ---- SQLite's ---- */

static int (*sqlite_ftruncate) (int fd, off_t size);

static int
broken_ftruncate (int fd, off_t size)
{
  return is_hit () ? hit_or (-1) : sqlite_ftruncate (fd, size);
}

static void
install (void)
{
  sqlite3_vfs *vfs = sqlite3_vfs_find ("unix");

  sqlite_ftruncate = (int (*) (int, off_t)) vfs->xGetSystemCall (vfs, "ftruncate");
  vfs->xSetSystemCall (vfs, "write", (sqlite3_syscall_ptr) __wrap_write);
  vfs->xSetSystemCall (vfs, "pwrite", (sqlite3_syscall_ptr) __wrap_pwrite64);
  vfs->xSetSystemCall (vfs, "pwrite64", (sqlite3_syscall_ptr) __wrap_pwrite64);
  vfs->xSetSystemCall (vfs, "unlink", (sqlite3_syscall_ptr) __wrap_unlink);
  vfs->xSetSystemCall (vfs, "ftruncate", (sqlite3_syscall_ptr) broken_ftruncate);
}

void
broken_disk_set (BrokenDisk what, guint when)
{
  if (!installed)
    install ();
  installed = TRUE;
  how = what;
  at = when;
  count = 0;
}

guint
broken_disk_count (void)
{
  return count;
}
