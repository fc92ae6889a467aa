#include <glib-unix.h>
#include <locale.h>

#include "jn-bankd.h"

typedef struct
{
  int port;
  gint64 seed;
  char *data;
  char *faults;
  char *address;
} Arguments;

static gboolean
on_signal (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
parse (int *argc, char ***argv, Arguments *out, GError **error)
{
  const GOptionEntry entries[] = {
    { "port", 'p', 0, G_OPTION_ARG_INT, &out->port, "Port on 127.0.0.1 (0: chosen by the kernel)",
      "PORT" },
    { "data", 'd', 0, G_OPTION_ARG_FILENAME, &out->data,
      "Folder for the book (without: in memory only)", "FOLDER" },
    { "seed", 's', 0, G_OPTION_ARG_INT64, &out->seed, "Seed of the sample customer's history",
      "NUMBER" },
    { "public-address", 'a', 0, G_OPTION_ARG_STRING, &out->address,
      "Address under which customers reach the bank's front end, told in Location",
      "https://HOST" },
    { "faults", 'f', 0, G_OPTION_ARG_STRING, &out->faults,
      "Comma list of delay=MS, drop-before=P, drop-after=P, error=P, duplicate=P, cut=P,"
      " match=PREFIX, count=N",
      "SWITCHES" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context, "The reference bank of Jinnang: sandbox money only.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1 || out->port < 0 || out->port > G_MAXUINT16 || out->seed < 0)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "See --help");
      return FALSE;
    }
  return TRUE;
}

static void
clear_arguments (Arguments *arguments)
{
  g_free (arguments->data);
  g_free (arguments->faults);
  g_free (arguments->address);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, clear_arguments)

int
main (int argc, char **argv)
{
  g_auto (Arguments) arguments = { 0 };
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (JnBankd) bank = NULL;
  g_autoptr (GError) error = NULL;
  JnBankdOptions options = { 0 };

  setlocale (LC_ALL, "");
  if (!parse (&argc, &argv, &arguments, &error))
    {
      g_printerr ("jinnang-bankd: %s\n", error->message);
      return 2;
    }
  options.data_dir = arguments.data;
  options.seed = (guint64) arguments.seed;
  options.port = (guint16) arguments.port;
  options.faults = arguments.faults;
  options.public_address = arguments.address;
  g_unix_signal_add (SIGTERM, on_signal, loop);
  g_unix_signal_add (SIGINT, on_signal, loop);
  bank = jn_bankd_start (&options, &error);
  if (bank == NULL)
    {
      g_printerr ("jinnang-bankd: %s\n", error->message);
      return 1;
    }
  g_print ("%s\n", jn_bankd_get_address (bank));
  g_main_loop_run (loop);
  jn_bankd_stop (bank);
  return 0;
}
