/* Plain libc only: this runs before anything that reads the environment, GLib included. */
#include "jn-harden.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

/* TLS 1.3 and 1.2 only, no short RSA keys: the default of this library still completes TLS 1.0. */
#define TLS_PRIORITY "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%PROFILE_MEDIUM"

/* A name that ends in '*' stands for all that start so. */
static const char *const scrubbed[] = {
  "SSLKEYLOGFILE",
  "G_TLS_GNUTLS_PRIORITY",
  "GNUTLS_*",
  "GIO_EXTRA_MODULES",
  "GIO_MODULE_DIR",
  "GIO_USE_*",
  "http_proxy",
  "https_proxy",
  "ftp_proxy",
  "all_proxy",
  "no_proxy",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "FTP_PROXY",
  "ALL_PROXY",
  "NO_PROXY",
  "GTK_DEBUG",
  "GTK_PATH",
  "GTK_MODULES",
  "GTK_THEME",
  "GTK_EXE_PREFIX",
  "GTK_DATA_PREFIX",
  "GDK_DEBUG",
  "GDK_PIXBUF_MODULE_FILE",
  "GDK_PIXBUF_MODULEDIR",
  "GSK_DEBUG",
  "GST_*",
  "ORC_*",
  "PIPEWIRE_*",
  "SPA_*",
  "SOUP_*",
  "DBUS_SYSTEM_BUS_ADDRESS",
  "SQLITE_TMPDIR",
};

static const char *const steered_by_tests[] = {
  "G_DEBUG",        "G_MESSAGES_DEBUG",   "GSETTINGS_BACKEND", "GSETTINGS_SCHEMA_DIR",
  "SECRET_BACKEND", "SECRET_FILE_TEST_*", "MALLOC_*",          "LD_*",
};

static bool
matches (const char *entry, size_t name_length, const char *pattern)
{
  size_t length = strlen (pattern);

  if (pattern[length - 1] == '*')
    return name_length >= length - 1 && strncmp (entry, pattern, length - 1) == 0;
  return name_length == length && strncmp (entry, pattern, length) == 0;
}

static bool
matches_any (const char *entry, size_t name_length, const char *const *patterns, size_t n_patterns)
{
  for (size_t i = 0; i < n_patterns; i++)
    if (matches (entry, name_length, patterns[i]))
      return true;
  return false;
}

static bool
is_scrubbed (const char *entry, size_t name_length)
{
  if (matches_any (entry, name_length, scrubbed, sizeof scrubbed / sizeof *scrubbed))
    return true;
  return !JN_TEST_HOOKS
         && matches_any (entry, name_length, steered_by_tests,
                         sizeof steered_by_tests / sizeof *steered_by_tests);
}

/* Rewritten in place: unsetenv() takes one name of a pair that is there twice under some libcs, and cannot name an
 * entry without '='. */
static void
scrub_environment (void)
{
  char **kept = environ;

  if (environ == NULL)
    return;
  for (char **entry = environ; *entry != NULL; entry++)
    {
      const char *end = strchr (*entry, '=');

      if (end != NULL && !is_scrubbed (*entry, (size_t) (end - *entry)))
        *kept++ = *entry;
    }
  *kept = NULL;
}

/* A folder for temporary files that others may write to, without the sticky bit, lets them swap our files. */
static void
check_temporary_folder (void)
{
  const char *path = getenv ("TMPDIR");
  struct stat info;

  if (path == NULL)
    return;
  if (path[0] == '/' && lstat (path, &info) == 0 && S_ISDIR (info.st_mode)
      && (info.st_uid == geteuid () || info.st_uid == 0)
      && ((info.st_mode & (S_IWGRP | S_IWOTH)) == 0 || (info.st_mode & S_ISVTX) != 0))
    return;
  unsetenv ("TMPDIR");
}

static void
require (bool done, const char *what)
{
  if (done)
    return;
  perror (what);
  _exit (71); /* EX_OSERR */
}

void
jn_harden_process (void)
{
  const struct rlimit none = { 0, 0 };

  require (prctl (PR_SET_DUMPABLE, 0, 0, 0, 0) == 0, "jinnang: PR_SET_DUMPABLE");
  require (setrlimit (RLIMIT_CORE, &none) == 0, "jinnang: RLIMIT_CORE");
  umask (077);
  scrub_environment ();
  check_temporary_folder ();
  require (setenv ("G_TLS_GNUTLS_PRIORITY", TLS_PRIORITY, 1) == 0, "jinnang: TLS priority");
}
