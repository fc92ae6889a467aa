/* seccomp, limits, descriptors. */
#include "jn-confine.h"

#include <seccomp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define MEMORY_LIMIT (768ul * 1024 * 1024)
#define PROCESSOR_SECONDS 8
#define ALARM_SECONDS 9

/* ASan reserves terabytes of address space. */
#ifdef __SANITIZE_ADDRESS__
#define SANITIZED TRUE
#else
#define SANITIZED FALSE
#endif

static gboolean
limit (__rlimit_resource_t resource, rlim_t value)
{
  struct rlimit bound = { value, value };
  return setrlimit (resource, &bound) == 0;
}

static gboolean
set_limits (void)
{
  if (!SANITIZED && !limit (RLIMIT_AS, MEMORY_LIMIT))
    return FALSE;
  return limit (RLIMIT_CPU, PROCESSOR_SECONDS) && limit (RLIMIT_CORE, 0) && limit (RLIMIT_FSIZE, 0)
         && limit (RLIMIT_NPROC, 0) && limit (RLIMIT_NOFILE, 3);
}

/* Calls that carry no argument worth a look; qsort of glibc 2.36 asks sysinfo for the size of memory. */
static gboolean
allow_plain (scmp_filter_ctx filter)
{
  static const int calls[] = {
    SCMP_SYS (brk),           SCMP_SYS (munmap),         SCMP_SYS (mremap),
    SCMP_SYS (madvise),       SCMP_SYS (futex),          SCMP_SYS (sched_yield),
    SCMP_SYS (clock_gettime), SCMP_SYS (gettimeofday),   SCMP_SYS (getrandom),
    SCMP_SYS (rt_sigreturn),  SCMP_SYS (rt_sigprocmask), SCMP_SYS (exit),
    SCMP_SYS (exit_group),    SCMP_SYS (sysinfo),
  };
  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
    if (seccomp_rule_add (filter, SCMP_ACT_ALLOW, calls[i], 0) != 0)
      return FALSE;
  return TRUE;
}

/* ASan looks at the alternate stack before each function that does not return. */
static gboolean
allow_sanitizer (scmp_filter_ctx filter)
{
  return !SANITIZED || seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (sigaltstack), 0) == 0;
}

/* Memory never becomes executable; only the three standard descriptors are touched. */
static gboolean
allow_bounded (scmp_filter_ctx filter)
{
  return seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (mmap), 2,
                           SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
                           SCMP_A3 (SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS))
             == 0
         && seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (mprotect), 1,
                              SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, 0))
                == 0
         && seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (read), 1,
                              SCMP_A0 (SCMP_CMP_EQ, STDIN_FILENO))
                == 0
         && seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (write), 1,
                              SCMP_A0 (SCMP_CMP_EQ, STDOUT_FILENO))
                == 0
         && seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (write), 1,
                              SCMP_A0 (SCMP_CMP_EQ, STDERR_FILENO))
                == 0;
}

static gboolean
load_filter (void)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_KILL_PROCESS);
  gboolean good = filter != NULL && allow_plain (filter) && allow_sanitizer (filter)
                  && allow_bounded (filter) && seccomp_load (filter) == 0;
  if (filter != NULL)
    seccomp_release (filter);
  return good;
}

gboolean
jn_confine (void)
{
  if (clearenv () != 0 || close_range (STDERR_FILENO + 1, ~0U, 0) != 0)
    return FALSE;
  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl (PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
    return FALSE;
  alarm (ALARM_SECONDS);
  return set_limits () && load_filter ();
}
