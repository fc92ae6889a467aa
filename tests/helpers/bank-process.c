#include "bank-process.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static void
end_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

GSubprocess *
bank_process_spawn (const char *const *command, GSubprocessFlags flags)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  g_subprocess_launcher_set_child_setup (launcher, end_with_parent, NULL, NULL);
  GSubprocess *child = g_subprocess_launcher_spawnv (launcher, command, &error);
  g_assert_no_error (error);
  return child;
}

gboolean
bank_process_try_start (BankProcess *self)
{
  g_autofree char *port = g_strdup_printf ("--port=%u", self->port);
  g_autofree char *data = g_strdup_printf ("--data=%s", self->folder);
  const char *command[] = { self->program, port, self->folder != NULL ? data : NULL, NULL };

  g_assert_null (self->process);
  self->process = bank_process_spawn (command, G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GDataInputStream) lines =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  char *line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
  if (line == NULL)
    {
      g_subprocess_wait (self->process, NULL, NULL);
      g_clear_object (&self->process);
      return FALSE;
    }
  g_free (self->address);
  self->address = line;
  self->port = (guint16) g_ascii_strtoull (strrchr (line, ':') + 1, NULL, 10);
  return TRUE;
}

void
bank_process_start (BankProcess *self)
{
  g_assert_true (bank_process_try_start (self));
}

void
bank_process_kill (BankProcess *self)
{
  g_subprocess_send_signal (self->process, SIGKILL);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
}

void
bank_process_stop (BankProcess *self)
{
  g_autoptr (GError) error = NULL;
  g_subprocess_send_signal (self->process, SIGTERM);
  g_subprocess_wait_check (self->process, NULL, &error);
  g_assert_no_error (error);
  g_clear_object (&self->process);
}

void
bank_process_clear (BankProcess *self)
{
  if (self->process != NULL)
    bank_process_kill (self);
  g_clear_pointer (&self->program, g_free);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->address, g_free);
}

guint64
bank_process_get_memory (BankProcess *self)
{
  g_autofree char *path =
      g_strdup_printf ("/proc/%s/status", g_subprocess_get_identifier (self->process));
  g_autofree char *text = NULL;
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  const char *found = strstr (text, "VmRSS:");
  return found != NULL ? g_ascii_strtoull (found + strlen ("VmRSS:"), NULL, 10) : 0;
}

gint64
bank_process_get_cpu (BankProcess *self)
{
  g_autofree char *path =
      g_strdup_printf ("/proc/%s/stat", g_subprocess_get_identifier (self->process));
  g_autofree char *text = NULL;
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  /* proc(5): user and system time are the 14th and 15th field; the name in brackets is the second. */
  g_auto (GStrv) fields = g_strsplit (strrchr (text, ')') + 2, " ", -1);
  gint64 ticks = g_ascii_strtoll (fields[11], NULL, 10) + g_ascii_strtoll (fields[12], NULL, 10);
  return ticks * G_USEC_PER_SEC / sysconf (_SC_CLK_TCK);
}
