#include "jn-camera-confine.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static gboolean
deny_calls (scmp_filter_ctx filter)
{
  static const int calls[] = {
    SCMP_SYS (execve),
    SCMP_SYS (execveat),
    SCMP_SYS (socket),
    SCMP_SYS (connect),
    SCMP_SYS (bind),
    SCMP_SYS (listen),
    SCMP_SYS (ptrace),
    SCMP_SYS (process_vm_readv),
    SCMP_SYS (process_vm_writev),
    SCMP_SYS (open),
    SCMP_SYS (creat),
    SCMP_SYS (openat2),
    SCMP_SYS (unlink),
    SCMP_SYS (unlinkat),
    SCMP_SYS (rename),
    SCMP_SYS (renameat),
    SCMP_SYS (renameat2),
    SCMP_SYS (truncate),
    SCMP_SYS (mkdir),
    SCMP_SYS (mkdirat),
    SCMP_SYS (link),
    SCMP_SYS (linkat),
    SCMP_SYS (symlink),
    SCMP_SYS (symlinkat),
    SCMP_SYS (mount),
    SCMP_SYS (unshare),
    SCMP_SYS (setns),
    SCMP_SYS (bpf),
    SCMP_SYS (keyctl),
    SCMP_SYS (add_key),
    SCMP_SYS (kill),
    SCMP_SYS (io_uring_setup),
    SCMP_SYS (userfaultfd),
    SCMP_SYS (tkill),
    SCMP_SYS (pidfd_open),
    SCMP_SYS (perf_event_open),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
    if (seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), calls[i], 0) != 0)
      return FALSE;
  return TRUE;
}

static gboolean
deny_writing (scmp_filter_ctx filter)
{
  return seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (openat), 1,
                           SCMP_A2 (SCMP_CMP_MASKED_EQ, O_ACCMODE, O_WRONLY))
             == 0
         && seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (openat), 1,
                              SCMP_A2 (SCMP_CMP_MASKED_EQ, O_ACCMODE, O_RDWR))
                == 0;
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

gboolean
jn_camera_confine (void)
{
  struct rlimit none = { 0, 0 };
  scmp_filter_ctx filter;
  gboolean good;

  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl (PR_SET_DUMPABLE, 0, 0, 0, 0) != 0
      || setrlimit (RLIMIT_CORE, &none) != 0)
    return FALSE;
  filter = seccomp_init (SCMP_ACT_ALLOW);
  good = filter != NULL && seccomp_attr_set (filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0
         && deny_calls (filter) && deny_writing (filter) && deny_code (filter)
         && seccomp_load (filter) == 0;
  if (filter != NULL)
    seccomp_release (filter);
  return good;
}
