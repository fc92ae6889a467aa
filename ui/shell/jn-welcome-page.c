#include "jn-welcome-page.h"

#include "jn-card.h"
#include "jn-column.h"
#include "jn-error-text.h"
#include "jn-format.h"
#include "jn-language-switch.h"

#include <glib/gi18n.h>

struct _JnWelcomePage
{
  AdwBin parent_instance;
  JnContext *context;
  GtkWidget *begin;
  GtkWidget *keeping;
  GtkWidget *error;
};

G_DEFINE_FINAL_TYPE (JnWelcomePage, jn_welcome_page, ADW_TYPE_BIN)

static void
update (JnWelcomePage *self)
{
  JnKeeping keeping = jn_context_get_keeping (self->context);
  const GError *error = jn_context_get_error (self->context);
  g_autofree char *text = error ? jn_error_text_dup (error) : NULL;

  gtk_widget_set_visible (self->keeping, keeping != JN_KEEPING_KEPT);
  gtk_label_set_text (GTK_LABEL (self->keeping),
                      keeping == JN_KEEPING_LOCKED
                          ? _ ("Your keyring is locked. It will ask for its password, because the "
                               "keys of the wallet lie there.")
                          : _ ("There is no keyring on this computer: what you set up now is kept "
                               "until Jinnang ends, and not longer."));
  gtk_widget_set_visible (self->error, text != NULL);
  gtk_label_set_text (GTK_LABEL (self->error), text ? text : "");
  gtk_widget_set_sensitive (self->begin, jn_context_get_stage (self->context) == JN_STAGE_WELCOME);
}

static void
on_begin (JnWelcomePage *self)
{
  gtk_widget_set_sensitive (self->begin, FALSE);
  jn_context_begin_enrolment (self->context);
}

static GtkWidget *
link_new (const char *label, const char *action)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_add_css_class (button, "link-button");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  return button;
}

static GtkWidget *
centred (const char *text, const char *style_class)
{
  GtkWidget *label = jn_text_new (text, style_class);

  gtk_label_set_xalign (GTK_LABEL (label), 0.5f);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  return label;
}

static void
add_buttons (JnWelcomePage *self, GtkBox *box)
{
  gboolean sandbox = jn_context_is_sandbox (self->context);
  g_autofree char *connect =
      g_strdup_printf (_ ("Connect to %s"), jn_context_get_bank_name (self->context));
  GtkWidget *other;

  self->begin = gtk_button_new_with_label (sandbox ? _ ("Try the sandbox bank") : connect);
  gtk_widget_add_css_class (self->begin, "primary-button");
  g_signal_connect_swapped (self->begin, "clicked", G_CALLBACK (on_begin), self);
  gtk_box_append (box, self->begin);
  if (!sandbox)
    return;
  other = gtk_button_new_with_label (_ ("Connect to my bank"));
  gtk_widget_add_css_class (other, "soft-button");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (other), "win.connect-bank");
  gtk_box_append (box, other);
  gtk_box_append (box, centred (_ ("The sandbox is a whole bank inside this program: everything "
                                   "works, and no money is real."),
                                "caption-text dim"));
}

static void
build (JnWelcomePage *self, GtkBox *box)
{
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", "jn-pouch", "pixel-size", 104,
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  GtkWidget *links = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 20);
  GtkWidget *languages = jn_language_switch_new ();

  gtk_widget_set_halign (languages, GTK_ALIGN_CENTER);
  gtk_box_append (box, icon);
  gtk_box_append (box, centred (_ ("Jinnang"), "display-text"));
  gtk_box_append (box,
                  centred (_ ("Pay, transfer, and see where your money goes, in one calm place."),
                           "body-text dim"));
  self->keeping = jn_text_new ("", "caption-text notice");
  self->error = jn_text_new ("", "caption-text error-text");
  gtk_box_append (box, self->keeping);
  gtk_box_append (box, self->error);
  add_buttons (self, GTK_BOX (buttons));
  gtk_widget_set_margin_top (buttons, 14);
  gtk_box_append (box, buttons);
  gtk_widget_set_margin_top (languages, 14);
  gtk_box_append (box, languages);
  gtk_widget_set_halign (links, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (links), link_new (_ ("Keyboard shortcuts"), "win.show-help-overlay"));
  gtk_box_append (GTK_BOX (links), link_new (_ ("About Jinnang"), "app.about"));
  gtk_box_append (box, links);
}

static void
jn_welcome_page_dispose (GObject *object)
{
  g_clear_object (&JN_WELCOME_PAGE (object)->context);
  G_OBJECT_CLASS (jn_welcome_page_parent_class)->dispose (object);
}

static void
jn_welcome_page_class_init (JnWelcomePageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_welcome_page_dispose;
}

static void
jn_welcome_page_init (JnWelcomePage *self)
{
}

GtkWidget *
jn_welcome_page_new (JnContext *context)
{
  JnWelcomePage *self = g_object_new (JN_TYPE_WELCOME_PAGE, NULL);
  GtkWidget *content = NULL;

  self->context = g_object_ref (context);
  adw_bin_set_child (ADW_BIN (self), jn_column_new (340, &content));
  gtk_box_set_spacing (GTK_BOX (content), 10);
  gtk_widget_set_valign (content, GTK_ALIGN_CENTER);
  build (self, GTK_BOX (content));
  g_signal_connect_object (context, "notify::keeping", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "notify::stage", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
