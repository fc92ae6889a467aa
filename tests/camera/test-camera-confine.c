/* What the process that reads the camera may no longer do. Each attempt is one call of the kernel, made twice by a child of its own in a folder
 * of its own: free, where it must work if it can anywhere, and confined, where it must be refused and the folder be as it was. */
#include "jn-camera-confine.h"

#include <asm/ioctls.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <linux/fs.h>
#include <linux/sockios.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEPT_FD 10   /* "kept", open for reading */
#define PARENT_FD 11 /* the parent in /proc */
#define PARENT (-4242)
#define MAPPED (-4243) /* a page that may be read */
#define P(pointer) ((gintptr) (pointer))

typedef struct
{
  const char *name;
  long call;
  gintptr arguments[6];
  gboolean anyhow; /* whether it would work is a matter of rights, or of the kernel */
} Case;

static const siginfo_t signal_info = { .si_code = SI_QUEUE };
static const guint64 thread_flags[11] = { 0, [4] = SIGCHLD };
static const guint64 how_to_write[3] = { O_WRONLY };
static const int owner[2] = { 1, 1 };
static const int attributes = 0;

static const Case files[] = {
  { "write", SYS_openat, { AT_FDCWD, P ("kept"), O_WRONLY }, FALSE },
  { "read-write", SYS_openat, { AT_FDCWD, P ("kept"), O_RDWR }, FALSE },
  { "neither", SYS_openat, { AT_FDCWD, P ("kept"), O_ACCMODE }, FALSE },
  { "truncating-open", SYS_openat, { AT_FDCWD, P ("kept"), O_RDONLY | O_TRUNC }, FALSE },
  { "creating-open", SYS_openat, { AT_FDCWD, P ("new"), O_RDONLY | O_CREAT, 0600 }, FALSE },
  { "nameless", SYS_openat, { AT_FDCWD, P ("."), O_TMPFILE | O_RDWR, 0600 }, TRUE },
  { "openat2", SYS_openat2, { AT_FDCWD, P ("kept"), P (how_to_write), 24 }, FALSE },
  { "truncate", SYS_truncate, { P ("kept"), 1 }, FALSE },
  { "unlinkat", SYS_unlinkat, { AT_FDCWD, P ("kept"), 0 }, FALSE },
  { "rmdir-at", SYS_unlinkat, { AT_FDCWD, P ("folder"), AT_REMOVEDIR }, FALSE },
  { "renameat2", SYS_renameat2, { AT_FDCWD, P ("kept"), AT_FDCWD, P ("new"), 0 }, FALSE },
  { "mkdirat", SYS_mkdirat, { AT_FDCWD, P ("new"), 0700 }, FALSE },
  { "linkat", SYS_linkat, { AT_FDCWD, P ("kept"), AT_FDCWD, P ("new"), 0 }, FALSE },
  { "symlinkat", SYS_symlinkat, { P ("kept"), AT_FDCWD, P ("new") }, FALSE },
  { "mknodat", SYS_mknodat, { AT_FDCWD, P ("new"), S_IFIFO | 0600, 0 }, FALSE },
  { "fchmod", SYS_fchmod, { KEPT_FD, 0644 }, FALSE },
  { "fchmodat", SYS_fchmodat, { AT_FDCWD, P ("kept"), 0644 }, FALSE },
  { "fchmodat2", 452, { AT_FDCWD, P ("kept"), 0644, 0 }, TRUE },
  { "fchown", SYS_fchown, { KEPT_FD, -1, -1 }, FALSE },
  { "fchownat", SYS_fchownat, { AT_FDCWD, P ("kept"), -1, -1, 0 }, FALSE },
  { "utimensat", SYS_utimensat, { AT_FDCWD, P ("kept"), 0, 0 }, FALSE },
  { "futimens", SYS_utimensat, { KEPT_FD, 0, 0, 0 }, FALSE },
  { "setxattr", SYS_setxattr, { P ("kept"), P ("user.x"), P ("x"), 1, 0 }, TRUE },
  { "lsetxattr", SYS_lsetxattr, { P ("kept"), P ("user.x"), P ("x"), 1, 0 }, TRUE },
  { "fsetxattr", SYS_fsetxattr, { KEPT_FD, P ("user.x"), P ("x"), 1, 0 }, TRUE },
  { "setxattrat", 463, { AT_FDCWD, P ("kept"), 0, P ("user.x"), 0, 0 }, TRUE },
  { "removexattr", SYS_removexattr, { P ("kept"), P ("user.x") }, TRUE },
  { "lremovexattr", SYS_lremovexattr, { P ("kept"), P ("user.x") }, TRUE },
  { "fremovexattr", SYS_fremovexattr, { KEPT_FD, P ("user.x") }, TRUE },
  { "removexattrat", 466, { AT_FDCWD, P ("kept"), 0, P ("user.x") }, TRUE },
  { "file-setattr", 469, { AT_FDCWD, P ("kept"), 0, 0, 0 }, TRUE },
  { "flags", SYS_ioctl, { KEPT_FD, FS_IOC_SETFLAGS, P (&attributes) }, TRUE },
  { "attributes", SYS_ioctl, { KEPT_FD, FS_IOC_FSSETXATTR, 0 }, TRUE },
  { "mq-open", SYS_mq_open, { P (""), O_CREAT, 0600, 0 }, TRUE },
  { "mq-unlink", SYS_mq_unlink, { P ("") }, TRUE },
  { "open-by-handle", SYS_open_by_handle_at, { -1, 0, 0 }, TRUE },
  { "mount", SYS_mount, { 0, 0, 0, 0, 0 }, TRUE },
  { "umount", SYS_umount2, { P (""), 0 }, TRUE },
  { "move-mount", SYS_move_mount, { -1, P (""), -1, P (""), 0 }, TRUE },
  { "fsmount", SYS_fsmount, { -1, 0, 0 }, TRUE },
  { "pivot-root", SYS_pivot_root, { P (""), P ("") }, TRUE },
  { "chroot", SYS_chroot, { P ("folder") }, TRUE },
#ifdef __x86_64__
  { "open", SYS_open, { P ("kept"), O_RDONLY | O_TRUNC }, FALSE },
  { "creat", SYS_creat, { P ("new"), 0600 }, FALSE },
  { "unlink", SYS_unlink, { P ("kept") }, FALSE },
  { "rmdir", SYS_rmdir, { P ("folder") }, FALSE },
  { "rename", SYS_rename, { P ("kept"), P ("new") }, FALSE },
  { "renameat", SYS_renameat, { AT_FDCWD, P ("kept"), AT_FDCWD, P ("new") }, FALSE },
  { "mkdir", SYS_mkdir, { P ("new"), 0700 }, FALSE },
  { "link", SYS_link, { P ("kept"), P ("new") }, FALSE },
  { "symlink", SYS_symlink, { P ("kept"), P ("new") }, FALSE },
  { "mknod", SYS_mknod, { P ("new"), S_IFIFO | 0600, 0 }, FALSE },
  { "chmod", SYS_chmod, { P ("kept"), 0644 }, FALSE },
  { "chown", SYS_chown, { P ("kept"), -1, -1 }, FALSE },
  { "lchown", SYS_lchown, { P ("kept"), -1, -1 }, FALSE },
  { "utime", SYS_utime, { P ("kept"), 0 }, FALSE },
  { "utimes", SYS_utimes, { P ("kept"), 0 }, FALSE },
  { "futimesat", SYS_futimesat, { AT_FDCWD, P ("kept"), 0 }, FALSE },
#endif
};

static const Case processes[] = {
  { "exec", SYS_execve, { P ("/bin/true"), 0, 0 }, TRUE },
  { "execveat", SYS_execveat, { AT_FDCWD, P ("/none"), 0, 0, 0 }, TRUE },
  { "clone", SYS_clone, { SIGCHLD, 0, 0, 0, 0 }, FALSE },
#ifdef __x86_64__
  { "fork", SYS_fork, { 0 }, FALSE },
  { "vfork", SYS_vfork, { 0 }, TRUE },
#endif
  { "unshare", SYS_unshare, { CLONE_FS }, TRUE },
  { "setns", SYS_setns, { -1, 0 }, TRUE },
  { "ptrace", SYS_ptrace, { -1, 0, 0, 0 }, TRUE },
  { "read", SYS_process_vm_readv, { PARENT, 0, 0, 0, 0, 0 }, TRUE },
  { "write", SYS_process_vm_writev, { PARENT, 0, 0, 0, 0, 0 }, TRUE },
  { "kill", SYS_kill, { PARENT, 0 }, FALSE },
  { "tkill", SYS_tkill, { PARENT, 0 }, FALSE },
  { "tgkill", SYS_tgkill, { PARENT, PARENT, 0 }, FALSE },
  { "sigqueue", SYS_rt_sigqueueinfo, { PARENT, 0, P (&signal_info) }, FALSE },
  { "tgsigqueue", SYS_rt_tgsigqueueinfo, { PARENT, PARENT, 0, P (&signal_info) }, FALSE },
  { "pidfd", SYS_pidfd_open, { PARENT, 0 }, FALSE },
  { "pidfd-signal", SYS_pidfd_send_signal, { PARENT_FD, 0, 0, 0 }, FALSE },
  { "pidfd-getfd", SYS_pidfd_getfd, { PARENT_FD, 0, 0 }, TRUE },
  { "signal-of-descriptor", SYS_fcntl, { 0, F_SETOWN, PARENT }, FALSE },
  { "signal-of-descriptor-ex", SYS_fcntl, { 0, F_SETOWN_EX, P (owner) }, FALSE },
  { "signal-of-file", SYS_ioctl, { 0, FIOSETOWN, P (owner) }, FALSE },
  { "signal-of-socket", SYS_ioctl, { 0, SIOCSPGRP, P (owner) }, FALSE },
  { "limits", SYS_prlimit64, { PARENT, RLIMIT_CORE, 0, 0 }, FALSE },
};

static const Case others[] = {
  { "socket", SYS_socket, { AF_UNIX, SOCK_STREAM, 0 }, FALSE },
  { "connect", SYS_connect, { 0, 0, 0 }, TRUE },
  { "bind", SYS_bind, { 0, 0, 0 }, TRUE },
  { "listen", SYS_listen, { 0, 0 }, TRUE },
  { "datagrams", SYS_socketpair, { AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, MAPPED }, TRUE },
  { "raw", SYS_socketpair, { AF_UNIX, SOCK_RAW, 0, MAPPED }, TRUE },
  { "other-family", SYS_socketpair, { AF_INET, SOCK_STREAM, 0, MAPPED }, TRUE },
  { "type-in", SYS_ioctl, { 0, TIOCSTI, P ("x") }, TRUE },
  { "type-in-hidden", SYS_ioctl, { 0, (gintptr) (0xdead00000000 | TIOCSTI), P ("x") }, TRUE },
  { "paste", SYS_ioctl, { 0, TIOCLINUX, P ("\3") }, TRUE },
  { "take-terminal", SYS_ioctl, { 0, TIOCSCTTY, 0 }, TRUE },
  { "bpf", SYS_bpf, { -1, 0, 0 }, TRUE },
  { "keyctl", SYS_keyctl, { -1, 0, 0, 0, 0 }, TRUE },
  { "add-key", SYS_add_key, { 0, 0, 0, 0, 0 }, TRUE },
  { "request-key", SYS_request_key, { 0, 0, 0, 0 }, TRUE },
  { "io-uring", SYS_io_uring_setup, { 0, 0 }, TRUE },
  { "userfaultfd", SYS_userfaultfd, { -1 }, TRUE },
  { "perf", SYS_perf_event_open, { 0, 0, -1, -1, 0 }, TRUE },
  { "personality", SYS_personality, { 0xffffffff }, FALSE },
  { "executable",
    SYS_mmap,
    { 0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0 },
    FALSE },
  { "writable-code", SYS_mmap, { 0, 4096, PROT_WRITE | PROT_EXEC, MAP_PRIVATE, KEPT_FD, 0 }, TRUE },
  { "protect", SYS_mprotect, { MAPPED, 4096, PROT_READ | PROT_EXEC }, FALSE },
  { "pkey-protect", SYS_pkey_mprotect, { MAPPED, 4096, PROT_READ | PROT_EXEC, -1 }, TRUE },
  { "shmat", SYS_shmat, { -1, 0, SHM_EXEC }, TRUE },
  { "msgget", SYS_msgget, { -1, 0 }, TRUE },
};

/* ---- one attempt ---- */

typedef struct
{
  char *path;
  char *kept;
} Folder;

static void
folder_make (Folder *self)
{
  g_autofree char *inner = NULL;

  self->path = g_dir_make_tmp ("jinnang-test-XXXXXX", NULL);
  g_assert_nonnull (self->path);
  self->kept = g_build_filename (self->path, "kept", NULL);
  inner = g_build_filename (self->path, "folder", NULL);
  g_assert_true (g_file_set_contents (self->kept, "as it was", -1, NULL));
  struct timespec times[2] = { { 1000, 0 }, { 1000, 0 } };
  g_assert_cmpint (g_chmod (self->kept, 0600), ==, 0);
  g_assert_cmpint (g_mkdir (inner, 0700), ==, 0);
  g_assert_cmpint (utimensat (AT_FDCWD, self->kept, times, 0), ==, 0);
}

static void
folder_assert_as_it_was (const Folder *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->path, 0, NULL);
  g_autofree char *inner = g_build_filename (self->path, "folder", NULL);
  g_autofree char *text = NULL;
  struct stat status;
  guint count = 0;

  g_assert_cmpint (stat (self->kept, &status), ==, 0);
  g_assert_cmpuint (status.st_mode, ==, S_IFREG | 0600);
  g_assert_cmpint (status.st_mtim.tv_sec, ==, 1000);
  g_assert_cmpuint (status.st_nlink, ==, 1);
  g_assert_true (g_file_get_contents (self->kept, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "as it was");
  g_assert_true (g_file_test (inner, G_FILE_TEST_IS_DIR));
  while (g_dir_read_name (dir) != NULL)
    count++;
  g_assert_cmpuint (count, ==, 2);
}

static void
folder_remove (Folder *self)
{
  static const char *const names[] = { "kept", "new", "folder" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (self->path, names[i], NULL);
      g_remove (path);
    }
  g_assert_cmpint (g_rmdir (self->path), ==, 0);
  g_free (self->path);
  g_free (self->kept);
}

static gintptr
argument_of (const Case *item, guint at, gintptr page)
{
  gintptr value = item->arguments[at];
  return value == PARENT ? getppid () : value == MAPPED ? page : value;
}

/* In the child: descriptor 0 is a socket, the folder is where it is. */
static void
make_ready (const char *folder)
{
  g_autofree char *parent = g_strdup_printf ("/proc/%d", getppid ());
  int ends[2];

  if (chdir (folder) != 0 || socketpair (AF_UNIX, SOCK_STREAM, 0, ends) != 0
      || dup2 (ends[0], 0) < 0 || dup2 (open ("kept", O_RDONLY), KEPT_FD) < 0
      || dup2 (open (parent, O_RDONLY | O_DIRECTORY), PARENT_FD) < 0)
    _exit (250);
}

/* 0, or the number of the error, of the call in a child of its own. */
static int
outcome (const Case *item, const char *folder, gboolean confined)
{
  int status = 0;
  pid_t child = fork ();

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      make_ready (folder);
      gintptr page =
          P (mmap (NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
      gintptr a[6];
      for (guint i = 0; i < G_N_ELEMENTS (a); i++)
        a[i] = argument_of (item, i, page);
      if (confined && !jn_camera_confine ())
        _exit (251);
      _exit (syscall (item->call, a[0], a[1], a[2], a[3], a[4], a[5]) >= 0 ? 0 : errno);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static void
test_refused (gconstpointer data)
{
  const Case *item = data;
  Folder folder;

  folder_make (&folder);
  g_assert_cmpint (outcome (item, folder.path, TRUE), ==, EPERM);
  folder_assert_as_it_was (&folder);
  if (!item->anyhow)
    g_assert_cmpint (outcome (item, folder.path, FALSE), ==, 0);
  folder_remove (&folder);
}

/* The C library takes clone when it hears that there is no clone3. */
static void
test_clone3 (void)
{
  static const Case item = { "clone3", SYS_clone3, { P (thread_flags), 64 }, FALSE };
  Folder folder;

  folder_make (&folder);
  g_assert_cmpint (outcome (&item, folder.path, TRUE), ==, ENOSYS);
  folder_remove (&folder);
}

/* ---- what must go on ---- */

/* 0, or a number for what did not work. */
static int
confined_work (int (*work) (void))
{
  int status = 0;
  pid_t child = fork ();

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    _exit (jn_camera_confine () ? work () : 251);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static void *
in_thread (void *data)
{
  /* The filter holds in it too. */
  return syscall (SYS_openat, AT_FDCWD, "/dev/null", O_WRONLY) < 0 && errno == EPERM ? data : NULL;
}

static int
do_work (void)
{
  pthread_t thread;
  void *result = NULL;
  char self[] = "/proc/self/exe";
  int ends[2];
  int program = open (self, O_RDONLY);
  int memory = memfd_create ("shared", MFD_CLOEXEC);

  if (pthread_create (&thread, NULL, in_thread, self) != 0 || pthread_join (thread, &result) != 0
      || result != self)
    return 1;
  if (program < 0
      || mmap (NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, program, 0) == MAP_FAILED)
    return 2;
  if (memory < 0 || ftruncate (memory, 4096) != 0
      || mmap (NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0) == MAP_FAILED)
    return 3;
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0
      || write (ends[0], "x", 1) != 1)
    return 4;
  return tgkill (getpid (), gettid (), 0) == 0 ? 0 : 5;
}

static void
test_work_goes_on (void)
{
  g_assert_cmpint (confined_work (do_work), ==, 0);
}

static int
do_limits (void)
{
  struct rlimit core, file;

  if (getsid (0) != getpid ())
    return 1;
  if (getrlimit (RLIMIT_CORE, &core) != 0 || core.rlim_max != 0)
    return 2;
  if (getrlimit (RLIMIT_FSIZE, &file) != 0 || file.rlim_max != 1 << 20)
    return 3;
#ifndef __SANITIZE_ADDRESS__
  struct rlimit data;
  if (getrlimit (RLIMIT_DATA, &data) != 0 || data.rlim_max != 1 << 30)
    return 4;
  void *much = mmap (NULL, 2ul << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (much != MAP_FAILED || errno != ENOMEM)
    return 5;
#endif
  return 0;
}

static void
test_limits (void)
{
  g_assert_cmpint (confined_work (do_limits), ==, 0);
}

static void
add (const char *group, const Case *cases, gsize count)
{
  for (gsize i = 0; i < count; i++)
    {
      g_autofree char *path = g_strdup_printf ("/camera-confine/%s/%s", group, cases[i].name);
      g_test_add_data_func (path, &cases[i], test_refused);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/camera-confine/work-goes-on", test_work_goes_on);
  g_test_add_func ("/camera-confine/limits", test_limits);
  g_test_add_func ("/camera-confine/clone3", test_clone3);
  add ("files", files, G_N_ELEMENTS (files));
  add ("processes", processes, G_N_ELEMENTS (processes));
  add ("others", others, G_N_ELEMENTS (others));
  return g_test_run ();
}
