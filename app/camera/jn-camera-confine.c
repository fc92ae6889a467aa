#include "jn-camera-confine.h"

#include <asm/ioctls.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/sockios.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* Pictures of 4096 by 4096 take a fifth of it. */
#define MEMORY_LIMIT (1024ul * 1024 * 1024)
/* What PipeWire shares with its clients is a file to the kernel; a few pages of it. */
#define FILE_LIMIT (1024ul * 1024)

/* ASan reserves terabytes of address space. */
#ifdef __SANITIZE_ADDRESS__
#define SANITIZED TRUE
#else
#define SANITIZED FALSE
#endif

/* Younger than libseccomp 2.5.4; the numbers are those of every architecture. */
#define CALL_FCHMODAT2 452
#define CALL_SETXATTRAT 463
#define CALL_REMOVEXATTRAT 466
#define CALL_FILE_SETATTR 469

static const int file_calls[] = {
  SCMP_SYS (open),         SCMP_SYS (creat),       SCMP_SYS (openat2),
  SCMP_SYS (truncate),     SCMP_SYS (unlink),      SCMP_SYS (unlinkat),
  SCMP_SYS (rename),       SCMP_SYS (renameat),    SCMP_SYS (renameat2),
  SCMP_SYS (mkdir),        SCMP_SYS (mkdirat),     SCMP_SYS (rmdir),
  SCMP_SYS (link),         SCMP_SYS (linkat),      SCMP_SYS (symlink),
  SCMP_SYS (symlinkat),    SCMP_SYS (mknod),       SCMP_SYS (mknodat),
  SCMP_SYS (chmod),        SCMP_SYS (fchmod),      SCMP_SYS (fchmodat),
  CALL_FCHMODAT2,          SCMP_SYS (chown),       SCMP_SYS (fchown),
  SCMP_SYS (lchown),       SCMP_SYS (fchownat),    SCMP_SYS (utime),
  SCMP_SYS (utimes),       SCMP_SYS (futimesat),   SCMP_SYS (utimensat),
  SCMP_SYS (setxattr),     SCMP_SYS (lsetxattr),   SCMP_SYS (fsetxattr),
  CALL_SETXATTRAT,         SCMP_SYS (removexattr), SCMP_SYS (lremovexattr),
  SCMP_SYS (fremovexattr), CALL_REMOVEXATTRAT,     CALL_FILE_SETATTR,
  SCMP_SYS (mq_open),      SCMP_SYS (mq_unlink),   SCMP_SYS (open_by_handle_at),
  SCMP_SYS (mount),        SCMP_SYS (umount2),     SCMP_SYS (move_mount),
  SCMP_SYS (fsmount),      SCMP_SYS (pivot_root),  SCMP_SYS (chroot),
};

static const int process_calls[] = {
  SCMP_SYS (execve),
  SCMP_SYS (execveat),
  SCMP_SYS (fork),
  SCMP_SYS (vfork),
  SCMP_SYS (unshare),
  SCMP_SYS (setns),
  SCMP_SYS (ptrace),
  SCMP_SYS (process_vm_readv),
  SCMP_SYS (process_vm_writev),
  SCMP_SYS (kill),
  SCMP_SYS (tkill),
  SCMP_SYS (rt_sigqueueinfo),
  SCMP_SYS (pidfd_open),
  SCMP_SYS (pidfd_send_signal),
  SCMP_SYS (pidfd_getfd),
  SCMP_SYS (rt_tgsigqueueinfo),
};

static const int other_calls[] = {
  SCMP_SYS (socket),
  SCMP_SYS (connect),
  SCMP_SYS (bind),
  SCMP_SYS (listen),
  SCMP_SYS (bpf),
  SCMP_SYS (keyctl),
  SCMP_SYS (add_key),
  SCMP_SYS (request_key),
  SCMP_SYS (io_uring_setup),
  SCMP_SYS (userfaultfd),
  SCMP_SYS (perf_event_open),
  SCMP_SYS (personality),
  SCMP_SYS (pkey_mprotect),
  SCMP_SYS (shmat),
  SCMP_SYS (msgget),
};

static gboolean
deny_calls (scmp_filter_ctx filter, const int *calls, gsize count)
{
  for (gsize i = 0; i < count; i++)
    if (seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), calls[i], 0) != 0)
      return FALSE;
  return TRUE;
}

typedef struct
{
  int call;
  struct scmp_arg_cmp argument;
} Bounded;

#define WITH(argument, bits) SCMP_CMP64 (argument, SCMP_CMP_MASKED_EQ, bits, bits)
#define WITHOUT(argument, bits) SCMP_CMP64 (argument, SCMP_CMP_MASKED_EQ, bits, 0)
/* The kernel looks at the lower half alone. */
#define IS(argument, value) SCMP_CMP64 (argument, SCMP_CMP_MASKED_EQ, 0xffffffffu, value)
#define IS_NOT(argument, value) SCMP_CMP64 (argument, SCMP_CMP_NE, value)

static gboolean
deny_arguments (scmp_filter_ctx filter)
{
  const Bounded bounded[] = {
    { SCMP_SYS (openat), WITH (2, O_WRONLY) },
    { SCMP_SYS (openat), WITH (2, O_RDWR) },
    { SCMP_SYS (openat), WITH (2, O_CREAT) },
    { SCMP_SYS (openat), WITH (2, O_TRUNC) },
    { SCMP_SYS (ioctl), IS (1, FS_IOC_SETFLAGS) },
    { SCMP_SYS (ioctl), IS (1, FS_IOC_FSSETXATTR) },
    { SCMP_SYS (ioctl), IS (1, TIOCSTI) },
    { SCMP_SYS (ioctl), IS (1, TIOCLINUX) },
    { SCMP_SYS (ioctl), IS (1, TIOCSCTTY) },
    { SCMP_SYS (clone), WITHOUT (0, CLONE_THREAD) },
    /* The kernel would send the signals of a descriptor for it. */
    { SCMP_SYS (ioctl), IS (1, FIOSETOWN) },
    { SCMP_SYS (ioctl), IS (1, SIOCSPGRP) },
    { SCMP_SYS (fcntl), IS (1, F_SETOWN) },
    { SCMP_SYS (fcntl), IS (1, F_SETOWN_EX) },
    { SCMP_SYS (tgkill), IS_NOT (0, (guint64) getpid ()) },
    { SCMP_SYS (prlimit64), IS_NOT (0, 0) },
    /* A pair of datagram sockets, or raw ones, sends to any name. */
    { SCMP_SYS (socketpair), WITH (1, SOCK_DGRAM) },
    { SCMP_SYS (socketpair), IS_NOT (0, AF_UNIX) },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bounded); i++)
    if (seccomp_rule_add_array (filter, SCMP_ACT_ERRNO (EPERM), bounded[i].call, 1,
                                &bounded[i].argument)
        != 0)
      return FALSE;
  /* Its flags are in memory, where no filter sees them; the C library falls back to clone. */
  return seccomp_rule_add (filter, SCMP_ACT_ERRNO (ENOSYS), SCMP_SYS (clone3), 0) == 0;
}

/* Code comes out of files alone. */
static gboolean
deny_code (scmp_filter_ctx filter)
{
  return seccomp_rule_add (
             filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (mmap), 1,
             SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_WRITE | PROT_EXEC, PROT_WRITE | PROT_EXEC))
             == 0
         && seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (mmap), 2,
                              SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC),
                              SCMP_A3 (SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS))
                == 0
         && seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (mprotect), 1,
                              SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC))
                == 0;
}

static gboolean
load_filter (void)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ALLOW);
  gboolean good = filter != NULL && seccomp_attr_set (filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0
                  && deny_calls (filter, file_calls, G_N_ELEMENTS (file_calls))
                  && deny_calls (filter, process_calls, G_N_ELEMENTS (process_calls))
                  && deny_calls (filter, other_calls, G_N_ELEMENTS (other_calls))
                  && deny_arguments (filter) && deny_code (filter) && seccomp_load (filter) == 0;
  if (filter != NULL)
    seccomp_release (filter);
  return good;
}

static gboolean
limit (__rlimit_resource_t resource, rlim_t value)
{
  struct rlimit bound = { value, value };
  return setrlimit (resource, &bound) == 0;
}

/* No limit of processor time: it runs for as long as the customer looks for a code. */
static gboolean
set_limits (void)
{
  return (SANITIZED || limit (RLIMIT_DATA, MEMORY_LIMIT)) && limit (RLIMIT_FSIZE, FILE_LIMIT)
         && limit (RLIMIT_CORE, 0);
}

gboolean
jn_camera_confine (void)
{
  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl (PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
    return FALSE;
  return setsid () >= 0 && set_limits () && load_filter ();
}
