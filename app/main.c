/* Composition only: hardens the process, builds the context, runs the application. */
#include "jn-application.h"
#include "jn-bank-profile.h"
#include "jn-bankd.h"
#include "jn-config.h"
#include "jn-context.h"
#include "jn-harden.h"
#include "jn-seal-memory.h"

#include <glib-unix.h>
#include <stdlib.h>

#define REGISTER_AGAIN_US (300 * 1000)

/* The embedded bank, while there is one. Used by one worker at a time. */
static char *
start_bank (gpointer data, const char *folder, GError **error)
{
  JnBankd **bank = data;
  JnBankdOptions options = { .data_dir = folder };

  g_clear_object (bank);
  *bank = jn_bankd_start (&options, error);
  return *bank != NULL ? g_strdup (jn_bankd_get_address (*bank)) : NULL;
}

static void
stop_bank (gpointer data)
{
  JnBankd **bank = data;
  if (*bank != NULL)
    jn_bankd_stop (*bank);
  g_clear_object (bank);
}

/* While the name on the bus is still ours: a start that comes right after must find the bank's files free. */
static void
on_shutdown (GApplication *application, gpointer bank)
{
  stop_bank (bank);
}

/* The session ends, or somebody wants the program to: what is open is written, as when the window is closed. */
static gboolean
on_signal (gpointer application)
{
  g_application_quit (application);
  return G_SOURCE_CONTINUE;
}

static const int ENDS[] = { SIGTERM, SIGINT, SIGHUP };
static guint ends[G_N_ELEMENTS (ENDS)];

static void
listen_to_signals (gpointer application)
{
  for (guint i = 0; i < G_N_ELEMENTS (ENDS); i++)
    ends[i] = g_unix_signal_add (ENDS[i], on_signal, application);
}

/* After it a signal ends the program as it is: nobody has to wait for an end that hangs. */
static int
run (GApplication *application, int argc, char **argv)
{
  int status = g_application_run (application, argc, argv);

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    g_clear_handle_id (&ends[i], g_source_remove);
  return status;
}

/* A first instance that is just quitting is still on the bus and answers no more; a moment later its name is free, and
 * g_application_run() tries again. */
static void
register_patiently (GApplication *application)
{
  if (!g_application_register (application, NULL, NULL))
    g_usleep (REGISTER_AGAIN_US);
  listen_to_signals (application);
}

/* XDG data folder / jinnang / the profile's id: each bank's data is kept apart. NULL when the profile is no profile. */
static char *
dup_default_folder (const char *path)
{
  g_autoptr (JnBankProfile) profile = jn_bank_profile_load (path, NULL);
  if (profile == NULL)
    return NULL;
  return g_build_filename (g_get_user_data_dir (), "jinnang", profile->id, NULL);
}

static JnContext *
make_context (const char *profile, const char *folder, JnBankd **bank, GError **error)
{
  JnContextOptions options = {
    .profile_path = profile,
    .data_dir = folder,
    .scan_program = JN_SCAN_PROGRAM,
    .camera_program = JN_CAMERA_PROGRAM,
    .start_bank = start_bank,
    .stop_bank = stop_bank,
    .start_bank_data = bank,
  };

  return jn_context_new (&options, error);
}

int
main (int argc, char **argv)
{
  g_autofree char *profile = NULL;
  g_autofree char *folder = NULL;
  gboolean version = FALSE;
  GOptionEntry entries[] = {
    { "bank", 0, 0, G_OPTION_ARG_FILENAME, &profile, "Bank profile", "FILE" },
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &folder, "Where the wallet's data is kept", "FOLDER" },
    { "version", 0, 0, G_OPTION_ARG_NONE, &version, "Print the version and exit", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;

  jn_harden_process ();
  /* Before SQLite is used for the first time: what it frees is wiped. */
  if (jn_seal_memory_install () != SQLITE_OK)
    {
      g_printerr ("jinnang: SQLite is in use already\n");
      return EXIT_FAILURE;
    }
  g_autoptr (GOptionContext) arguments = g_option_context_new (NULL);
  g_option_context_add_main_entries (arguments, entries, NULL);
  g_option_context_set_ignore_unknown_options (arguments, TRUE);
  if (!g_option_context_parse (arguments, &argc, &argv, &error))
    {
      g_printerr ("jinnang: %s\n", error->message);
      return EXIT_FAILURE;
    }
  if (version)
    {
      g_print ("jinnang %s\n", JN_VERSION);
      return EXIT_SUCCESS;
    }
  if (profile == NULL)
    profile = g_strdup (JN_PKGDATA_DIR "/banks/sandbox.ini");
  if (folder == NULL)
    folder = dup_default_folder (profile);

  JnBankd *bank = NULL;
  g_autoptr (JnContext) context = make_context (profile, folder, &bank, &error);
  if (context == NULL)
    {
      g_printerr ("jinnang: %s: %s\n", profile, error->message);
      return EXIT_FAILURE;
    }
  g_autoptr (JnApplication) application = jn_application_new (context);
  g_signal_connect_after (application, "shutdown", G_CALLBACK (on_shutdown), &bank);
  register_patiently (G_APPLICATION (application));
  int status = run (G_APPLICATION (application), argc, argv);
  jn_context_shutdown (context);
  stop_bank (&bank);
  return status;
}
