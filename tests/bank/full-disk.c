#include "full-disk.h"

#include <errno.h>
#include <sqlite3.h>
#include <sys/types.h>
#include <unistd.h>

static gint left = -1;
static gint hit;
static gint error_number = ENOSPC;

static gboolean
refuse (void)
{
  for (;;)
    {
      gint now = g_atomic_int_get (&left);
      if (now < 0)
        return FALSE;
      if (now == 0)
        break;
      if (g_atomic_int_compare_and_exchange (&left, now, now - 1))
        return FALSE;
    }
  g_atomic_int_set (&hit, TRUE);
  errno = g_atomic_int_get (&error_number);
  return TRUE;
}

static ssize_t
my_write (int fd, const void *data, size_t length)
{
  return refuse () ? -1 : write (fd, data, length);
}

static ssize_t
my_pwrite (int fd, const void *data, size_t length, off_t offset)
{
  return refuse () ? -1 : pwrite (fd, data, length, offset);
}

static void
install (const char *name, sqlite3_syscall_ptr call)
{
  sqlite3_vfs *vfs = sqlite3_vfs_find (NULL);
  /* Which of them there are depends on how SQLite was built. */
  if (vfs->xGetSystemCall (vfs, name) != NULL)
    g_assert_cmpint (vfs->xSetSystemCall (vfs, name, call), ==, SQLITE_OK);
}

void
full_disk_set (int writes, int error)
{
  static gsize installed;
  if (g_once_init_enter (&installed))
    {
      install ("write", (sqlite3_syscall_ptr) my_write);
      install ("pwrite", (sqlite3_syscall_ptr) my_pwrite);
      install ("pwrite64", (sqlite3_syscall_ptr) my_pwrite);
      g_once_init_leave (&installed, 1);
    }
  g_atomic_int_set (&error_number, error);
  g_atomic_int_set (&hit, FALSE);
  g_atomic_int_set (&left, writes);
}

gboolean
full_disk_was_hit (void)
{
  return g_atomic_int_get (&hit);
}
