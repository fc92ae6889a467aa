#include "jn-window-actions.h"

#include "jn-doctor-dialog.h"
#include "jn-format.h"
#include "jn-pin-entry.h"
#include "jn-search-dialog.h"

#include <glib/gi18n.h>

static JnContext *
context_of (JnWindow *self)
{
  return g_object_get_data (G_OBJECT (self), "context");
}

static void
on_go (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  jn_window_go (data, g_variant_get_string (parameter, NULL));
}

static void
on_back (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  AdwFlap *flap = g_object_get_data (G_OBJECT (data), "flap");

  if (adw_flap_get_folded (flap) && adw_flap_get_reveal_flap (flap))
    adw_flap_set_reveal_flap (flap, FALSE);
  else
    jn_window_back (data);
}

static void
on_search (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  if (jn_window_is_ready (data))
    gtk_window_present (GTK_WINDOW (jn_search_dialog_new (context_of (data), GTK_WINDOW (data))));
}

static void
on_find (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  if (!jn_window_find (data))
    on_search (action, parameter, data);
}

static void
on_notice (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  jn_window_notice (data, g_variant_get_string (parameter, NULL));
}

/* The boxes that wait for a text message's code now: mapped, and not for a PIN. */
static JnPinEntry *
find_code_boxes (GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget) || !gtk_widget_get_sensitive (widget))
    return NULL;
  if (JN_IS_PIN_ENTRY (widget))
    return jn_pin_entry_is_secret (JN_PIN_ENTRY (widget)) ? NULL : JN_PIN_ENTRY (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      JnPinEntry *found = find_code_boxes (child);
      if (found)
        return found;
    }
  return NULL;
}

static void
on_use_code (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  AdwFlap *flap = g_object_get_data (G_OBJECT (data), "flap");
  JnPinEntry *boxes = find_code_boxes (adw_flap_get_content (flap));

  if (adw_flap_get_folded (flap))
    adw_flap_set_reveal_flap (flap, FALSE);
  if (boxes == NULL)
    {
      jn_window_notice (data, _ ("Nothing is waiting for a code now."));
      return;
    }
  jn_pin_entry_clear (boxes);
  jn_pin_entry_insert (boxes, g_variant_get_string (parameter, NULL));
}

/* The states of two actions follow the context and the flap. Property actions would do the same, but they live on after
 * the window, with everything that they hold. */
static void
on_masked (JnContext *context, GParamSpec *pspec, gpointer data)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (data), "mask");

  g_simple_action_set_state (G_SIMPLE_ACTION (action),
                             g_variant_new_boolean (jn_context_get_masked (context)));
}

static void
on_mask (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  JnContext *context = context_of (data);

  jn_context_set_masked (context, !jn_context_get_masked (context));
}

static void
on_flap (AdwFlap *flap, GParamSpec *pspec, gpointer data)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (data), "test-phone");

  g_simple_action_set_state (G_SIMPLE_ACTION (action),
                             g_variant_new_boolean (adw_flap_get_reveal_flap (flap)));
}

static void
on_test_phone (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  AdwFlap *flap = g_object_get_data (G_OBJECT (data), "flap");

  if (jn_context_is_sandbox (context_of (data)))
    adw_flap_set_reveal_flap (flap, !adw_flap_get_reveal_flap (flap));
}

/* What stands in the way of the wallet as such; pages that know of a payment open it themselves. */
static void
on_doctor (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  if (jn_window_is_ready (data))
    jn_doctor_dialog_open (data, context_of (data), NULL, 0);
}

static GtkWidget *
question_new (JnWindow *self, const char *heading, const char *body)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), heading, body);

  gtk_window_set_destroy_with_parent (GTK_WINDOW (dialog), TRUE);
  return dialog;
}

static void
on_erase_response (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  if (g_strcmp0 (response, "erase") == 0)
    jn_context_erase (context_of (data));
}

static void
on_erase (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  JnContext *context = context_of (data);
  const char *heading =
      jn_context_is_sandbox (context) ? _ ("Delete all sandbox data?") : _ ("Erase all data?");
  /* An embedded bank lives in the wallet's folder and goes with it. */
  const char *body =
      jn_context_is_bank_embedded (context)
          ? _ ("Keys and bills of this wallet, and the sandbox bank with its play money, are "
               "removed from this computer. This cannot be undone. The language and the look of "
               "the program stay as they are.")
          : _ ("Keys and bills of this wallet are removed from this computer. This cannot be "
               "undone. Money at the bank is not touched. What waits here for other customers, "
               "the language and the look of the program stay as they are.");
  GtkWidget *dialog = question_new (data, heading, body);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("Keep"), "erase",
                                    _ ("Delete everything"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "erase",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_erase_response), data, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_sign_in (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  jn_context_sign_in_again (context_of (data));
}

/* Only when it is what helps. */
static void
on_connection (JnContext *context, GParamSpec *pspec, gpointer data)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (data), "sign-in");

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), jn_context_can_sign_in_again (context));
}

static void
on_start_over_response (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  if (g_strcmp0 (response, "again") == 0)
    jn_context_start_over (context_of (data));
}

static void
on_start_over (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWidget *dialog = question_new (
      data, _ ("Start over?"),
      _ ("The sandbox bank begins again from its first day. What you did in it is gone."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("Keep"), "again",
                                    C_ ("button", "Start over"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "again",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_start_over_response), data, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_connect_bank (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWidget *dialog =
      question_new (data, _ ("Connect to my bank"),
                    _ ("Your bank gives you a profile: a small file that names its address and its "
                       "certificates. Start Jinnang with it:\n\njinnang --bank=FILE\n\nThe sandbox "
                       "keeps its own data and stays apart."));

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("Close"));
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "close");
  gtk_window_present (GTK_WINDOW (dialog));
}

void
jn_window_add_actions (JnWindow *self, JnContext *context, GtkWidget *flap)
{
  static const GActionEntry entries[] = {
    { .name = "go", .activate = on_go, .parameter_type = "s" },
    { .name = "back", .activate = on_back },
    { .name = "search", .activate = on_search },
    { .name = "find", .activate = on_find },
    { .name = "notice", .activate = on_notice, .parameter_type = "s" },
    { .name = "use-code", .activate = on_use_code, .parameter_type = "s" },
    { .name = "mask", .activate = on_mask, .state = "false" },
    { .name = "test-phone", .activate = on_test_phone, .state = "false" },
    { .name = "doctor", .activate = on_doctor },
    { .name = "erase", .activate = on_erase },
    { .name = "sign-in", .activate = on_sign_in },
    { .name = "start-over", .activate = on_start_over },
    { .name = "connect-bank", .activate = on_connect_bank },
  };

  g_object_set_data_full (G_OBJECT (self), "context", g_object_ref (context), g_object_unref);
  g_object_set_data (G_OBJECT (self), "flap", flap);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect_object (context, "notify::masked", G_CALLBACK (on_masked), self, 0);
  on_masked (context, NULL, self);
  g_signal_connect_object (context, "notify::connection", G_CALLBACK (on_connection), self, 0);
  g_signal_connect_object (context, "notify::stage", G_CALLBACK (on_connection), self, 0);
  on_connection (context, NULL, self);
  g_signal_connect_object (flap, "notify::reveal-flap", G_CALLBACK (on_flap), self, 0);
}
