/* Each check runs in a child of its own: hardening cannot be undone. */
#include "jn-harden.h"

#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const char *const hostile[] = {
  "SSLKEYLOGFILE",
  "G_TLS_GNUTLS_PRIORITY",
  "GNUTLS_SYSTEM_PRIORITY_FILE",
  "GNUTLS_DEBUG_LEVEL",
  "GNUTLS_SKIP_FIPS_INTEGRITY_CHECKS",
  "GIO_EXTRA_MODULES",
  "GIO_MODULE_DIR",
  "GIO_USE_TLS",
  "GIO_USE_PROXY_RESOLVER",
  "GIO_USE_VFS",
  "http_proxy",
  "https_proxy",
  "all_proxy",
  "HTTPS_PROXY",
  "GTK_DEBUG",
  "GTK_PATH",
  "GTK_MODULES",
  "GTK_THEME",
  "GDK_DEBUG",
  "GDK_PIXBUF_MODULE_FILE",
  "GSK_DEBUG",
  "GST_PLUGIN_PATH",
  "GST_REGISTRY",
  "ORC_CODE",
  "PIPEWIRE_CONFIG_DIR",
  "PIPEWIRE_REMOTE",
  "SPA_PLUGIN_DIR",
  "DBUS_SYSTEM_BUS_ADDRESS",
  "SQLITE_TMPDIR",
};

static const char *const steering[] = {
  "G_DEBUG",
  "G_MESSAGES_DEBUG",
  "GSETTINGS_BACKEND",
  "GSETTINGS_SCHEMA_DIR",
  "SECRET_BACKEND",
  "SECRET_FILE_TEST_PATH",
  "SECRET_FILE_TEST_PASSWORD",
  "MALLOC_TRACE",
  "MALLOC_CHECK_",
  "LD_PRELOAD",
  "LD_LIBRARY_PATH",
  "LD_AUDIT",
};

static const char *const innocent[] = {
  "HOME",        "LANG",    "XDG_DATA_DIRS",  "GTK_IM_MODULE",           "GTK_A11Y",
  "GDK_BACKEND", "DISPLAY", "http_proxyless", "DBUS_SESSION_BUS_ADDRESS"
};

/* Runs check in a child and returns its answer, a small number; 99 when it died. */
static int
in_child (int (*check) (void))
{
  pid_t child = fork ();
  int status = 0;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    _exit (check ());
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  return WIFEXITED (status) ? WEXITSTATUS (status) : 99;
}

static void
set_all (const char *const *names, size_t n_names, const char *value)
{
  for (size_t i = 0; i < n_names; i++)
    setenv (names[i], value, 1);
}

static int
count_set (const char *const *names, size_t n_names)
{
  int n = 0;

  for (size_t i = 0; i < n_names; i++)
    n += getenv (names[i]) != NULL;
  return n;
}

static int
hostile_left (void)
{
  set_all (hostile, G_N_ELEMENTS (hostile), "/tmp/evil");
  jn_harden_process ();
  return count_set (hostile, G_N_ELEMENTS (hostile));
}

static void
test_hostile (void)
{
  g_assert_cmpuint (G_N_ELEMENTS (hostile), >=, 20);
  /* Only the TLS priority is there again, with our value. */
  g_assert_cmpint (in_child (hostile_left), ==, 1);
}

static int
tls_priority_is_ours (void)
{
  setenv ("G_TLS_GNUTLS_PRIORITY", "NORMAL:+VERS-ALL", 1);
  jn_harden_process ();
  return strcmp (getenv ("G_TLS_GNUTLS_PRIORITY"),
                 "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%PROFILE_MEDIUM")
         == 0;
}

static void
test_tls_priority (void)
{
  g_assert_cmpint (in_child (tls_priority_is_ours), ==, 1);
}

static int
steering_left (void)
{
  set_all (steering, G_N_ELEMENTS (steering), "1");
  jn_harden_process ();
  return count_set (steering, G_N_ELEMENTS (steering));
}

static void
test_steering (void)
{
  g_assert_cmpint (in_child (steering_left), ==, JN_TEST_HOOKS ? (int) G_N_ELEMENTS (steering) : 0);
}

static int
innocent_left (void)
{
  set_all (innocent, G_N_ELEMENTS (innocent), "kept");
  jn_harden_process ();
  return count_set (innocent, G_N_ELEMENTS (innocent));
}

static void
test_innocent (void)
{
  g_assert_cmpint (in_child (innocent_left), ==, G_N_ELEMENTS (innocent));
}

/* A name twice in the block: getenv() finds the first, a child program may find the second. */
static int
doubles_left (void)
{
  static char first[] = "SSLKEYLOGFILE=/tmp/a", second[] = "SSLKEYLOGFILE=/tmp/b",
              nameless[] = "GTK_MODULES", home[] = "HOME=/root";
  char *block[] = { first, home, second, nameless, NULL };
  int n = 0;

  environ = block;
  jn_harden_process ();
  for (char **entry = environ; *entry != NULL; entry++)
    n += strstr (*entry, "SSLKEYLOGFILE") != NULL || strstr (*entry, "GTK_MODULES") != NULL;
  return n + (getenv ("HOME") == NULL);
}

static void
test_doubles (void)
{
  g_assert_cmpint (in_child (doubles_left), ==, 0);
}

static int
empty_environment (void)
{
  environ = NULL;
  jn_harden_process ();
  return getenv ("G_TLS_GNUTLS_PRIORITY") != NULL;
}

static void
test_empty_environment (void)
{
  g_assert_cmpint (in_child (empty_environment), ==, 1);
}

static int
process_marks (void)
{
  struct rlimit core;

  jn_harden_process ();
  getrlimit (RLIMIT_CORE, &core);
  return (prctl (PR_GET_DUMPABLE) == 0) | (core.rlim_cur == 0 && core.rlim_max == 0) << 1
         | (umask (0) == 077) << 2;
}

static void
test_process (void)
{
  g_assert_cmpint (in_child (process_marks), ==, 7);
}

static char *temporary;

static int
temporary_left (void)
{
  setenv ("TMPDIR", temporary, 1);
  jn_harden_process ();
  return getenv ("TMPDIR") != NULL;
}

static void
test_temporary_folder (void)
{
  g_autofree char *folder = g_dir_make_tmp ("jinnang-harden-XXXXXX", NULL);
  g_autofree char *link = g_strconcat (folder, "-link", NULL);

  temporary = folder;
  g_assert_cmpint (in_child (temporary_left), ==, 1);
  g_assert_cmpint (chmod (folder, 0777), ==, 0);
  g_assert_cmpint (in_child (temporary_left), ==, 0);
  g_assert_cmpint (chmod (folder, 01777), ==, 0);
  g_assert_cmpint (in_child (temporary_left), ==, 1);
  g_assert_cmpint (symlink (folder, link), ==, 0);
  temporary = link;
  g_assert_cmpint (in_child (temporary_left), ==, 0);
  temporary = (char *) "relative";
  g_assert_cmpint (in_child (temporary_left), ==, 0);
  unlink (link);
  rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/harden/hostile", test_hostile);
  g_test_add_func ("/harden/tls-priority", test_tls_priority);
  g_test_add_func ("/harden/steering", test_steering);
  g_test_add_func ("/harden/innocent", test_innocent);
  g_test_add_func ("/harden/doubles", test_doubles);
  g_test_add_func ("/harden/empty-environment", test_empty_environment);
  g_test_add_func ("/harden/process", test_process);
  g_test_add_func ("/harden/temporary-folder", test_temporary_folder);
  return g_test_run ();
}
