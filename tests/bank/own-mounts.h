/* Mounts that only this process sees, where the kernel lets it have them. */
#pragma once

#include <fcntl.h>
#include <glib.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

static inline gboolean
own_mounts_tell (const char *path, const char *text)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  gboolean done = fd >= 0 && write (fd, text, strlen (text)) == (ssize_t) strlen (text);
  if (fd >= 0)
    close (fd);
  return done;
}

/* A user namespace in which the user stays who it is: without that it could own no file. */
static inline gboolean
own_mounts_enter_as_user (void)
{
  g_autofree char *users = g_strdup_printf ("%u %u 1", (guint) geteuid (), (guint) geteuid ());
  g_autofree char *groups = g_strdup_printf ("%u %u 1", (guint) getegid (), (guint) getegid ());
  return unshare (CLONE_NEWUSER | CLONE_NEWNS) == 0
         && own_mounts_tell ("/proc/self/setgroups", "deny")
         && own_mounts_tell ("/proc/self/uid_map", users)
         && own_mounts_tell ("/proc/self/gid_map", groups);
}

/* The process must have one thread. */
static inline gboolean
own_mounts_enter (void)
{
  if (unshare (CLONE_NEWNS) != 0 && !own_mounts_enter_as_user ())
    return FALSE;
  return mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

/* Tries it in a child. */
static inline gboolean
own_mounts_allowed (void)
{
  int status = -1;
  pid_t child = fork ();

  if (child == 0)
    _exit (own_mounts_enter () && mount ("none", "/tmp", "tmpfs", 0, NULL) == 0 ? 0 : 1);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  return status == 0;
}
