#include "jn-application.h"

#include "jn-config.h"
#include "jn-format.h"
#include "jn-fonts.h"
#include "jn-language.h"
#include "jn-settings.h"
#include "jn-window.h"

#include <glib/gi18n.h>

/* How long a window may wait for the wallet before it shows that the program is starting. */
#define PATIENCE_MS 300

struct _JnApplication
{
  AdwApplication parent_instance;
  JnContext *context;
  GSettings *settings;
  gboolean started;
  guint patience; /* while the window waits for the wallet */
};

G_DEFINE_FINAL_TYPE (JnApplication, jn_application, ADW_TYPE_APPLICATION)

static const struct
{
  const char *action;
  const char *keys[3];
} accelerators[] = {
  { "win.go::home", { "<Alt>1" } },
  { "win.go::bills", { "<Alt>2" } },
  { "win.go::pay", { "<Alt>3", "<Control>g" } },
  { "win.go::transfers", { "<Alt>4", "<Control>n" } },
  { "win.go::offers", { "<Alt>5" } },
  { "win.go::settings", { "<Control>comma" } },
  { "win.go::safety", { "F1" } },
  { "win.search", { "<Control>k" } },
  { "win.find", { "<Control>f" } },
  { "win.mask", { "<Control><Shift>m" } },
  { "win.back", { "Escape", "<Alt>Left" } },
  { "win.test-phone", { "F9" } },
  { "win.show-help-overlay", { "<Control>question" } },
  { "window.close", { "<Control>w" } },
  { "app.quit", { "<Control>q" } },
};

static GtkWindow *
main_window (JnApplication *self)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l; l = l->next)
    if (JN_IS_WINDOW (l->data))
      return l->data;
  return NULL;
}

/* The list of keys is a window of its own, and nobody asks for it in the first moment. */
static gboolean
add_help (gpointer data)
{
  GtkApplicationWindow *window = data;
  g_autoptr (GtkBuilder) builder = NULL;

  if (gtk_window_get_application (GTK_WINDOW (window)) == NULL)
    return G_SOURCE_REMOVE;
  builder = gtk_builder_new_from_resource ("/org/jinnang/Wallet/ui/shell/jn-shortcuts.ui");
  gtk_application_window_set_help_overlay (
      window, GTK_SHORTCUTS_WINDOW (gtk_builder_get_object (builder, "shortcuts")));
  return G_SOURCE_REMOVE;
}

static GtkWindow *
make_window (JnApplication *self)
{
  GtkWidget *window = jn_window_new (GTK_APPLICATION (self), self->context, self->settings);

  g_timeout_add_full (G_PRIORITY_LOW, 700, add_help, g_object_ref (window), g_object_unref);
  return GTK_WINDOW (window);
}

/* The wallet is there sooner than a first frame would be drawn: one frame with data instead of two. */
static void
end_patience (JnApplication *self)
{
  GtkWindow *window = main_window (self);

  if (self->patience == 0 || jn_context_get_stage (self->context) == JN_STAGE_STARTING)
    return;
  g_clear_handle_id (&self->patience, g_source_remove);
  if (window)
    gtk_window_present (window);
}

static gboolean
on_patience (gpointer data)
{
  JnApplication *self = data;
  GtkWindow *window = main_window (self);

  self->patience = 0;
  if (window)
    gtk_window_present (window);
  return G_SOURCE_REMOVE;
}

static void
jn_application_activate (GApplication *application)
{
  JnApplication *self = JN_APPLICATION (application);
  GtkWindow *window = main_window (self);

  if (window == NULL)
    window = make_window (self);
  if (jn_context_get_stage (self->context) != JN_STAGE_STARTING
      || gtk_widget_get_visible (GTK_WIDGET (window)))
    gtk_window_present (window);
  else if (self->patience == 0)
    self->patience = g_timeout_add (PATIENCE_MS, on_patience, self);
}

/* The window is made anew in the other language; the wallet behind it goes on. */
static void
on_language (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  JnApplication *self = data;
  const char *language = g_variant_get_string (parameter, NULL);
  GtkWindow *old = main_window (self);
  GtkWindow *new;
  g_autofree char *place = old ? g_strdup (jn_window_get_place (JN_WINDOW (old))) : NULL;

  g_settings_set_string (self->settings, "language", language);
  jn_language_use (language);
  jn_fonts_apply ();
  if (old)
    jn_window_close_now (JN_WINDOW (old));
  new = make_window (self);
  gtk_window_present (new);
  if (place)
    jn_window_go (JN_WINDOW (new), place);
}

static void
on_quit (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWindow *window = main_window (data);

  if (window)
    gtk_window_close (window);
  /* The window asks first while a payment is being sent; when it goes, the program goes. */
  if (main_window (data) == NULL)
    g_application_quit (data);
}

static void
on_about (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  adw_show_about_window (main_window (data), "application-name", _ ("Jinnang"), "application-icon",
                         JN_APP_ID, "version", JN_VERSION, "comments",
                         _ ("A bank wallet for the Linux desktop"), "license-type",
                         GTK_LICENSE_GPL_3_0, "developer-name", _ ("The authors of Jinnang"), NULL);
}

static void
on_open_entry (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWindow *window;
  g_autofree char *where =
      g_strdup_printf ("bills#entry:%s", g_variant_get_string (parameter, NULL));

  g_application_activate (data);
  window = main_window (data);
  if (window)
    jn_window_go (JN_WINDOW (window), where);
}

static void
notify_settled (JnApplication *self, JnEntryItem *row, gboolean made)
{
  g_autoptr (GNotification) notification = NULL;
  JnMoney money = jn_entry_item_get_amount (row);
  g_autofree char *amount = NULL;
  g_autofree char *title = NULL;
  g_autofree char *id = jn_id_to_string (jn_entry_item_get_id (row));

  money.minor = ABS (money.minor);
  amount = jn_format_money (money, JN_MONEY_FORMAT_PLAIN, jn_context_get_masked (self->context));
  if (jn_entry_item_get_kind (row) == JN_ENTRY_KIND_TOP_UP)
    /* Translators: an amount and the bank of a card. */
    title = g_strdup_printf (made ? _ ("Topped up %1$s from %2$s")
                                  : _ ("Not topped up: %1$s from %2$s"),
                             amount, jn_entry_item_get_payee (row));
  else
    /* Translators: an amount and a payee. */
    title = g_strdup_printf (made ? _ ("Paid %1$s to %2$s") : _ ("Not paid: %1$s to %2$s"), amount,
                             jn_entry_item_get_payee (row));
  notification = g_notification_new (title);
  g_notification_set_body (notification, made ? _ ("You find it in your bills.")
                                              : _ ("Your money has not moved."));
  if (made)
    g_notification_set_default_action_and_target (notification, "app.open-entry", "s", id);
  g_application_send_notification (G_APPLICATION (self), id, notification);
}

static void
on_settled (JnApplication *self, JnEntryItem *row, gboolean made)
{
  GtkWindow *window = main_window (self);

  if (made && jn_entry_item_get_kind (row) != JN_ENTRY_KIND_TOP_UP)
    jn_settings_finish_task (self->settings, jn_entry_item_get_kind (row) == JN_ENTRY_KIND_TRANSFER
                                                 ? "transfer"
                                                 : "pay");
  /* Who looks at the window sees the result there. */
  if (window == NULL || !gtk_window_is_active (window))
    notify_settled (self, row, made);
}

/* What is done is done in a wallet; one that starts over has its first steps before it again. */
static void
on_stage (JnApplication *self)
{
  if (jn_context_get_stage (self->context) == JN_STAGE_WELCOME)
    g_settings_reset (self->settings, "tasks-done");
}

static gboolean
refuse_debugging (GtkWindow *window, gboolean toggle)
{
  return FALSE;
}

static void
jn_application_startup (GApplication *application)
{
  static const GActionEntry entries[] = {
    { .name = "language", .activate = on_language, .parameter_type = "s" },
    { .name = "open-entry", .activate = on_open_entry, .parameter_type = "s" },
    { .name = "about", .activate = on_about },
    { .name = "quit", .activate = on_quit },
  };
  JnApplication *self = JN_APPLICATION (application);
  GtkWindowClass *window_class;

  G_APPLICATION_CLASS (jn_application_parent_class)->startup (application);
  /* Every kind of window made from now on, the toolkit's own too, is without the inspector. */
  window_class = g_type_class_ref (GTK_TYPE_WINDOW);
  window_class->enable_debugging = refuse_debugging;
  /* A number that can be copied is not marked before anybody asked for it. */
  g_object_set (gtk_settings_get_default (), "gtk-label-select-on-focus", FALSE, NULL);
  jn_fonts_apply ();
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  for (guint i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accelerators[i].action,
                                           accelerators[i].keys);
  g_settings_bind (self->settings, "masked", self->context, "masked", G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (self->context, "payment-settled", G_CALLBACK (on_settled), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->context, "notify::stage", G_CALLBACK (on_stage), self,
                           G_CONNECT_SWAPPED);
  /* After the window has made its page. */
  g_signal_connect_object (self->context, "notify::stage", G_CALLBACK (end_patience), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  self->started = TRUE;
  jn_context_start (self->context);
}

static void
jn_application_shutdown (GApplication *application)
{
  JnApplication *self = JN_APPLICATION (application);
  GtkWindow *window = main_window (self);

  g_clear_handle_id (&self->patience, g_source_remove);
  if (window)
    gtk_window_destroy (window);
  g_settings_sync ();
  if (self->started)
    jn_context_shutdown (self->context);
  self->started = FALSE;
  G_APPLICATION_CLASS (jn_application_parent_class)->shutdown (application);
}

static void
jn_application_dispose (GObject *object)
{
  JnApplication *self = JN_APPLICATION (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (jn_application_parent_class)->dispose (object);
}

static void
jn_application_class_init (JnApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = jn_application_dispose;
  application_class->activate = jn_application_activate;
  application_class->startup = jn_application_startup;
  application_class->shutdown = jn_application_shutdown;
}

static void
jn_application_init (JnApplication *self)
{
}

/* Each bank has a program of its own: a start with another profile is no second start. */
static char *
dup_application_id (JnContext *context)
{
  const char *id = jn_context_get_bank_id (context);

  if (g_str_equal (id, "sandbox"))
    return g_strdup (JN_APP_ID);
  /* Part of a name on the bus: no digit at its beginning. */
  return g_strconcat (JN_APP_ID, g_ascii_isdigit (id[0]) ? "._" : ".", id, NULL);
}

JnApplication *
jn_application_new_with_settings (JnContext *context, const char *path)
{
  g_autofree char *id = dup_application_id (context);
  JnApplication *self =
      g_object_new (JN_TYPE_APPLICATION, "application-id", id, "resource-base-path",
                    "/org/jinnang/Wallet", "flags", G_APPLICATION_DEFAULT_FLAGS, NULL);
  g_autofree char *language = NULL;

  self->context = g_object_ref (context);
  self->settings = jn_settings_new (path);
  if (self->settings == NULL)
    g_error ("The settings schema is not installed in " JN_SCHEMA_DIR);
  language = g_settings_get_string (self->settings, "language");
  /* GTK would call setlocale() again and undo the choice. */
  gtk_disable_setlocale ();
  jn_language_use (language);
  return self;
}

JnApplication *
jn_application_new (JnContext *context)
{
  g_autofree char *path = jn_settings_dup_path ();

  return jn_application_new_with_settings (context, path);
}

GSettings *
jn_application_get_settings (JnApplication *self)
{
  g_return_val_if_fail (JN_IS_APPLICATION (self), NULL);
  return self->settings;
}
