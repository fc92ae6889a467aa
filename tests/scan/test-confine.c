/* What the decoder may no longer do. Each attempt is made by a child of its own, which the kernel must kill. */
#include "jn-confine.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

typedef void (*Attempt) (void);

typedef struct
{
  Attempt attempt;
  const char *path;
} Case;

/* Returns the wait status of a confined child that made the attempt. */
static int
confined (Attempt attempt)
{
  int status = 0;
  pid_t child = fork ();

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      if (!jn_confine ())
        _exit (99);
      attempt ();
      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  return status;
}

static void
assert_killed (Attempt attempt)
{
  int status = confined (attempt);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGSYS);
}

static void
do_work (void)
{
  char *memory = malloc (1 << 22);
  if (memory == NULL)
    _exit (3);
  memory[12345] = 'x';
  free (memory);
  if (getenv ("PATH") != NULL)
    _exit (4);
  if (write (STDERR_FILENO, "", 0) != 0)
    _exit (5);
}

static void
do_open (void)
{
  _exit (open ("/etc/passwd", O_RDONLY) >= 0 ? 0 : 1);
}

static void
do_create (void)
{
  _exit (open ("/tmp/jinnang-scan-escape", O_CREAT | O_WRONLY, 0600) >= 0 ? 0 : 1);
}

static void
do_socket (void)
{
  _exit (socket (AF_INET, SOCK_STREAM, 0) >= 0 ? 0 : 1);
}

static void
do_fork (void)
{
  _exit (fork () >= 0 ? 0 : 1);
}

static void
do_exec (void)
{
  execl ("/bin/true", "true", NULL);
  _exit (1);
}

static void
do_read_other (void)
{
  char byte;
  _exit (read (7, &byte, 1) >= 0 ? 0 : 1);
}

static void
do_executable_memory (void)
{
  void *page =
      mmap (NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  _exit (page != MAP_FAILED ? 0 : 1);
}

static void
do_kill (void)
{
  _exit (kill (getppid (), 0) == 0 ? 0 : 1);
}

static void
test_work_goes_on (void)
{
  int status = confined (do_work);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

static void
test_attempts (gconstpointer data)
{
  assert_killed (((const Case *) data)->attempt);
}

int
main (int argc, char **argv)
{
  static const Case attempts[] = {
    { do_open, "/confine/killed/open" },
    { do_create, "/confine/killed/create" },
    { do_socket, "/confine/killed/socket" },
    { do_fork, "/confine/killed/fork" },
    { do_exec, "/confine/killed/exec" },
    { do_read_other, "/confine/killed/read-other-descriptor" },
    { do_executable_memory, "/confine/killed/executable-memory" },
    { do_kill, "/confine/killed/signal" },
  };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/confine/work-goes-on", test_work_goes_on);
  for (gsize i = 0; i < G_N_ELEMENTS (attempts); i++)
    g_test_add_data_func (attempts[i].path, &attempts[i], test_attempts);
  return g_test_run ();
}
