/* What can be wrong with the wallet as such, in its own window: a locked keyring, damage, lost keys, an older copy, a session that ended, and
 * an older version's files being sealed. Each is told, and its one button leads on. */
#include "page-fixture.h"
#include "rig-files.h"

#include <adwaita.h>
#include <glib/gstdio.h>

#include "jn-broken-page.h"
#include "jn-enrolment-page.h"
#include "jn-protecting-page.h"
#include "jn-shell.h"
#include "jn-welcome-page.h"

#define AGAIN "Fetch everything from the bank again"

/* Wide, and as narrow as it gets with nothing cut. */
static GtkWidget *
open_window (Rig *rig, gboolean narrow)
{
  GtkWidget *window = window_open (rig, narrow ? 360 : 1000, 700);

  run_for (100);
  assert_named (window);
  g_assert_cmpint (gtk_widget_get_width (window), <=, narrow ? 420 : 1060);
  return window;
}

static void
end (Rig *rig, GtkWidget *window)
{
  assert_closed (window);
  rig_stop (rig);
  rig_clear (rig);
}

/* Told in words, mended by its button, and then told once more that it is mended. */
static void
recover (Rig *rig, GtkWidget *window)
{
  g_assert_nonnull (walk_find (window, JN_TYPE_BROKEN_PAGE));
  g_assert_true (walk_shows (window, "Your money at the bank is not touched."));
  g_assert_nonnull (text_with (window, "is set aside, not deleted"));
  press (window, AGAIN);
  rig_until (jn_context_get_notice (rig->context) == JN_CONTEXT_NOTICE_REBUILT);
  rig_until (walk_find (window, JN_TYPE_SHELL) && button_of (window, "Understood"));
  assert_named (window);
  g_assert_nonnull (text_with (window, "Everything was fetched from the bank again."));
  press (window, "Understood");
  rig_until (text_with (window, "Everything was fetched from the bank again.") == NULL);
}

static void
test_damaged (gconstpointer name)
{
  Rig rig = { 0 };
  GtkWidget *window;

  rig_init_enrolled (&rig);
  rig_stop (&rig);
  rig_spoil (&rig, name);
  rig_start (&rig);
  rig_assert_code (jn_context_get_error (rig.context), JN_ERROR_PAGE_DAMAGED);
  window = open_window (&rig, g_str_equal (name, "wallet.db"));
  g_assert_true (walk_shows (window, "The data on this computer is damaged."));
  recover (&rig, window);
  end (&rig, window);
}

/* Also what tells a wrong key from damage is gone, in both generations. */
static void
test_slot_damaged (void)
{
  static const char *const slots[] = { "ledger.db-slot", "ledger.db-slot.old" };
  Rig rig = { 0 };
  GtkWidget *window;

  rig_init_enrolled (&rig);
  rig_stop (&rig);
  rig_spoil (&rig, "ledger.db");
  for (gsize i = 0; i < G_N_ELEMENTS (slots); i++)
    {
      g_autofree char *path = g_build_filename (rig.data, slots[i], NULL);

      g_assert_true (g_file_set_contents (path, "", 0, NULL));
    }
  rig_start (&rig);
  rig_assert_code (jn_context_get_error (rig.context), JN_ERROR_SLOT_DAMAGED);
  window = open_window (&rig, TRUE);
  recover (&rig, window);
  end (&rig, window);
}

static void
test_key_missing (void)
{
  Rig rig = { 0 };
  GtkWidget *window;

  rig_init_enrolled (&rig);
  rig_stop (&rig);
  rig_set_secret (&rig, "data-key", NULL);
  rig_start (&rig);
  rig_assert_code (jn_context_get_error (rig.context), JN_ERROR_KEY_MISSING);
  window = open_window (&rig, FALSE);
  g_assert_true (walk_shows (window, "The key of this wallet is not in the keyring."));
  recover (&rig, window);
  end (&rig, window);
}

/* ---- the keyring is locked ---- */

#define KEYRING "/org/freedesktop/secrets/collection/login"

static void
run_keyring (void)
{
  static const char *const command[] = { "gnome-keyring-daemon", "--unlock", "--components=secrets",
                                         NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) daemon =
      g_subprocess_newv (command,
                         G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                             | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                         &error);
  GOutputStream *password;

  g_assert_no_error (error);
  password = g_subprocess_get_stdin_pipe (daemon);
  g_assert_true (g_output_stream_write_all (password, "trouble", 7, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (password, NULL, NULL));
  g_assert_true (g_subprocess_wait_check (daemon, NULL, &error));
}

static GVariant *
ask_keyring (GDBusConnection *bus, const char *interface, const char *method, GVariant *parameters)
{
  return g_dbus_connection_call_sync (bus, "org.freedesktop.secrets", "/org/freedesktop/secrets",
                                      interface, method, parameters, NULL,
                                      G_DBUS_CALL_FLAGS_NO_AUTO_START, 5000, NULL, NULL);
}

static gboolean
lock_keyring (GDBusConnection *bus)
{
  const char *const path = KEYRING;
  g_autoptr (GVariant) answer =
      ask_keyring (bus, "org.freedesktop.Secret.Service", "Lock",
                   g_variant_new ("(@ao)", g_variant_new_objv (&path, 1)));
  g_autoptr (GVariant) locked = answer ? g_variant_get_child_value (answer, 0) : NULL;

  return locked && g_variant_n_children (locked) == 1;
}

/* What the keyring's prompt does with the password that is typed into it. */
static void
unlock_keyring (GDBusConnection *bus)
{
  g_autoptr (GVariant) session =
      ask_keyring (bus, "org.freedesktop.Secret.Service", "OpenSession",
                   g_variant_new ("(sv)", "plain", g_variant_new_string ("")));
  g_autoptr (GVariant) done = NULL;
  const char *path;

  g_assert_nonnull (session);
  g_variant_get (session, "(v&o)", NULL, &path);
  done = ask_keyring (
      bus, "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface", "UnlockWithMasterPassword",
      g_variant_new (
          "(o(o@ay@ays))", KEYRING, path, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, "", 0, 1),
          g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, "trouble", 7, 1), "text/plain"));
  g_assert_nonnull (done);
}

/* Nothing opens while it is locked; its button asks for it, and goes on once it is open. */
static void
test_locked (void)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  Rig rig = { 0 };
  GtkWidget *window;

  g_assert_nonnull (bus);
  run_keyring ();
  rig_until (lock_keyring (bus));
  rig_init (&rig);
  g_object_unref (rig.keyring);
  rig.keyring = jn_keyring_new_system ("trouble");
  rig_start_bank (&rig);
  rig_start (&rig);
  window = open_window (&rig, TRUE);
  g_assert_true (walk_shows (window, "The keyring is locked."));
  g_assert_nonnull (button_of (window, "Unlock the keyring"));
  g_assert_false (g_file_test (rig.data, G_FILE_TEST_EXISTS));
  unlock_keyring (bus);
  press (window, "Unlock the keyring");
  rig_until (walk_find (window, JN_TYPE_WELCOME_PAGE));
  end (&rig, window);
}

/* Said while the bank cannot be reached, and said to be over once it could. */
static void
test_older_copy (void)
{
  Rig rig = { 0 };
  GtkWidget *window;
  g_autofree char *backup = NULL;

  rig_init_enrolled (&rig);
  backup = g_build_filename (rig.folder, "backup", NULL);
  rig_stop (&rig);
  rig_copy_folder (rig.data, backup);
  rig_start (&rig);
  rig_pay_coffee (&rig, 98100);
  rig_stop (&rig);
  rig_copy_folder (backup, rig.data);
  rig_make_context (&rig);
  jn_context_set_cut (rig.context, TRUE);
  jn_context_start (rig.context);
  rig_until (jn_context_get_stage (rig.context) == JN_STAGE_READY);
  window = open_window (&rig, TRUE);
  rig_until (text_with (window, "This is an older copy of your data."));
  g_assert_null (button_of (window, "Understood"));
  jn_context_set_cut (rig.context, FALSE);
  rig_until (text_with (window, "It is up to date again, and your notes are kept."));
  assert_named (window);
  press (window, "Understood");
  rig_until (text_with (window, "It is up to date again") == NULL);
  end (&rig, window);
}

/* Not as if the bank could not be reached: the session is over, and the button leads to a new one. */
static void
test_session_ended (void)
{
  Rig rig = { 0 };
  GtkWidget *window;

  rig_init_enrolled (&rig);
  window = open_window (&rig, FALSE);
  rig_tamper (&rig, "UPDATE device SET expires_at = 0");
  jn_context_sync (rig.context);
  rig_until (text_with (window, "This device is no longer registered at the bank."));
  g_assert_null (text_with (window, "cannot be reached"));
  g_assert_nonnull (text_with (window, "Signed out, as of"));
  assert_named (window);
  press (window, "Sign in again");
  rig_until (walk_find (window, JN_TYPE_ENROLMENT_PAGE));
  end (&rig, window);
}

/* ---- sealing ---- */

typedef struct
{
  GtkWidget *window;
  gboolean seen;
} Protecting;

static void
look_for_page (JnContext *context, GParamSpec *spec, Protecting *self)
{
  GtkWidget *page = walk_find (self->window, JN_TYPE_PROTECTING_PAGE);

  if (jn_context_get_protecting (context) < 0 || page == NULL)
    return;
  self->seen = TRUE;
  assert_named (page);
  g_assert_true (walk_shows (page, "Protecting your data"));
  g_assert_cmpfloat (
      gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (walk_find (page, GTK_TYPE_PROGRESS_BAR))),
      <=, 1);
}

static void
test_protecting (void)
{
  Rig rig = { 0 };
  Protecting seen = { 0 };

  rig_init (&rig);
  rig_start_bank (&rig);
  rig_lay_out_older (&rig);
  rig_make_context (&rig);
  seen.window = window_open (&rig, 360, 700);
  g_signal_connect (rig.context, "notify::protecting", G_CALLBACK (look_for_page), &seen);
  jn_context_start (rig.context);
  rig_until (walk_find (seen.window, JN_TYPE_WELCOME_PAGE));
  g_assert_true (seen.seen);
  g_signal_handlers_disconnect_by_data (rig.context, &seen);
  end (&rig, seen.window);
}

int
main (int argc, char **argv)
{
  page_test_init (&argc, &argv);
  g_test_add_data_func ("/ui/trouble/damaged-ledger", "ledger.db", test_damaged);
  g_test_add_data_func ("/ui/trouble/damaged-wallet", "wallet.db", test_damaged);
  g_test_add_func ("/ui/trouble/slot-damaged", test_slot_damaged);
  g_test_add_func ("/ui/trouble/key-missing", test_key_missing);
  g_test_add_func ("/ui/trouble/locked", test_locked);
  g_test_add_func ("/ui/trouble/older-copy", test_older_copy);
  g_test_add_func ("/ui/trouble/session-ended", test_session_ended);
  g_test_add_func ("/ui/trouble/protecting", test_protecting);
  return g_test_run ();
}
