#include "jn-settings-page.h"

#include "jn-card.h"
#include "jn-column.h"
#include "jn-format.h"
#include "jn-language-switch.h"
#include "jn-page.h"

#include <glib/gi18n.h>

struct _JnSettingsPage
{
  AdwBin parent_instance;
  JnContext *context;
  GSettings *settings;
};

static void jn_settings_page_iface_init (JnPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (JnSettingsPage, jn_settings_page, ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (JN_TYPE_PAGE, jn_settings_page_iface_init))

static const char *
get_title (JnPage *page)
{
  return _ ("Settings");
}

static void
jn_settings_page_iface_init (JnPageInterface *iface)
{
  iface->get_title = get_title;
}

static GtkWidget *
setting_new (GtkWidget *card, const char *title, const char *subtitle, GtkWidget *control)
{
  GtkWidget *row = jn_across_new (16);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);

  if (gtk_widget_get_first_child (card))
    gtk_box_append (GTK_BOX (card), jn_line_new ());
  gtk_widget_add_css_class (row, "setting");
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (texts), jn_text_new (title, "body-text"));
  if (subtitle)
    gtk_box_append (GTK_BOX (texts), jn_text_new (subtitle, "caption-text dim"));
  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  jn_across_append (row, texts);
  jn_across_append (row, control);
  gtk_box_append (GTK_BOX (card), row);
  return row;
}

static GtkWidget *
button_new (const char *label, const char *action, gboolean destructive)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_add_css_class (button, "link-button");
  if (destructive)
    gtk_widget_add_css_class (button, "destructive");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  return button;
}

static GtkWidget *
look_card (JnSettingsPage *self)
{
  GtkWidget *card = jn_card_new (0);
  GtkWidget *mask = gtk_switch_new ();

  setting_new (card, _ ("Language"), NULL, jn_language_switch_new ());
  jn_widget_set_name (mask, _ ("Hide amounts"));
  g_object_bind_property (self->context, "masked", mask, "active",
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  setting_new (card, _ ("Hide amounts"),
               _ ("Every amount becomes five dots, in notifications as well."), mask);
  return card;
}

static GtkWidget *
help_card (void)
{
  GtkWidget *card = jn_card_new (0);

  GtkWidget *journal = button_new (C_ ("button", "Open"), NULL, FALSE);

  gtk_actionable_set_action_target (GTK_ACTIONABLE (journal), "s", "journal");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (journal), "win.go");
  jn_widget_set_name (journal, _ ("Payment journal"));
  setting_new (card, _ ("Payment journal"),
               _ ("Every payment with its key and each step, for you and for service."), journal);
  setting_new (card, _ ("Why does it not work?"),
               _ ("Six checks: network, bank, clock, money, limits, code."),
               button_new (_ ("Check now"), "win.doctor", FALSE));
  setting_new (card, _ ("Keyboard shortcuts"), NULL,
               button_new (_ ("Show the keys"), "win.show-help-overlay", FALSE));
  setting_new (card, _ ("About Jinnang"), NULL,
               button_new (_ ("Show version"), "app.about", FALSE));
  return card;
}

static void
show_sign_in (GtkWidget *row, GParamSpec *spec, JnContext *context)
{
  gboolean ended = jn_context_can_sign_in_again (context);

  gtk_widget_set_visible (row, ended);
  gtk_widget_set_visible (gtk_widget_get_prev_sibling (row), ended);
}

/* Below the others, and only while it is what helps. */
static void
add_sign_in (JnSettingsPage *self, GtkWidget *card)
{
  GtkWidget *row =
      setting_new (card, _ ("Sign in again"),
                   _ ("When the bank has ended the session. Bills, notes and open payments stay."),
                   button_new (C_ ("button", "Sign in"), "win.sign-in", FALSE));

  g_signal_connect_object (self->context, "notify::connection", G_CALLBACK (show_sign_in), row,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->context, "notify::stage", G_CALLBACK (show_sign_in), row,
                           G_CONNECT_SWAPPED);
  show_sign_in (row, NULL, self->context);
}

static GtkWidget *
data_card (JnSettingsPage *self)
{
  GtkWidget *card = jn_card_new (0);
  gboolean sandbox = jn_context_is_sandbox (self->context);

  if (sandbox)
    {
      setting_new (card, _ ("Start over"),
                   _ ("The sandbox bank begins again, and so does this wallet."),
                   button_new (C_ ("button", "Start over"), "win.start-over", FALSE));
      setting_new (card, _ ("Delete all sandbox data"),
                   _ ("Removes the keys and every file of this wallet and of the sandbox bank."),
                   button_new (_ ("Delete"), "win.erase", TRUE));
      setting_new (card, _ ("Connect to my bank"), _ ("The sandbox stays apart from it."),
                   button_new (_ ("Show how"), "win.connect-bank", FALSE));
    }
  else
    setting_new (card, _ ("Erase all data"),
                 _ ("Removes the keys and every file of this wallet from this computer. Your money "
                    "stays at the bank."),
                 button_new (C_ ("button", "Erase"), "win.erase", TRUE));
  add_sign_in (self, card);
  return card;
}

static void
jn_settings_page_dispose (GObject *object)
{
  JnSettingsPage *self = JN_SETTINGS_PAGE (object);

  g_clear_object (&self->context);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (jn_settings_page_parent_class)->dispose (object);
}

static void
jn_settings_page_class_init (JnSettingsPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_settings_page_dispose;
}

static void
jn_settings_page_init (JnSettingsPage *self)
{
}

GtkWidget *
jn_settings_page_new (JnContext *context, GSettings *settings)
{
  JnSettingsPage *self = g_object_new (JN_TYPE_SETTINGS_PAGE, NULL);
  GtkWidget *content = NULL;

  self->context = g_object_ref (context);
  self->settings = g_object_ref (settings);
  adw_bin_set_child (ADW_BIN (self), jn_column_new (640, &content));
  gtk_box_append (GTK_BOX (content), look_card (self));
  gtk_box_append (GTK_BOX (content), help_card ());
  gtk_box_append (GTK_BOX (content), data_card (self));
  return GTK_WIDGET (self);
}
