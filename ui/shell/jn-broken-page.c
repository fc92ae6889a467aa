#include "jn-broken-page.h"

#include "jn-avatar.h"
#include "jn-card.h"
#include "jn-column.h"
#include "jn-error-text.h"
#include "jn-error.h"

#include <glib/gi18n.h>

struct _JnBrokenPage
{
  AdwBin parent_instance;
};

G_DEFINE_FINAL_TYPE (JnBrokenPage, jn_broken_page, ADW_TYPE_BIN)

static void
jn_broken_page_class_init (JnBrokenPageClass *klass)
{
}

static void
jn_broken_page_init (JnBrokenPage *self)
{
}

static void
add (GtkWidget *box, const char *text, const char *style_class)
{
  GtkWidget *label = jn_text_new (text, style_class);

  if (*text == '\0')
    return;
  gtk_label_set_xalign (GTK_LABEL (label), 0.5f);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_box_append (GTK_BOX (box), label);
}

/* Data that cannot be trusted or read any more can only be erased; anything else may pass. */
static gboolean
erasing_helps (const GError *error)
{
  JnErrorClass class = jn_error_get_class (error);

  return (class == JN_ERROR_CLASS_DAMAGED && !jn_error_is (error, JN_ERROR_FORMAT_NEWER))
         || class == JN_ERROR_CLASS_ROLLED_BACK || class == JN_ERROR_CLASS_KEY
         || class == JN_ERROR_CLASS_SESSION;
}

/* What the one button does, and the sentence before it. */
static GtkWidget *
add_button (GtkWidget *content, JnContext *context, const char *now)
{
  const GError *error = jn_context_get_error (context);
  GtkWidget *button;

  if (jn_context_can_recover (context))
    {
      add (content,
           _ ("What cannot be used is set aside, not deleted. The bank has your payments; your own "
              "notes come along where they can still be read."),
           "body-text dim");
      button = gtk_button_new_with_label (_ ("Fetch everything from the bank again"));
      g_signal_connect_object (button, "clicked", G_CALLBACK (jn_context_recover), context,
                               G_CONNECT_SWAPPED);
    }
  else if (jn_context_get_keeping (context) == JN_KEEPING_LOCKED)
    {
      add (content, _ ("The keys of the wallet lie there. Nothing opens without them."),
           "body-text dim");
      button = gtk_button_new_with_label (_ ("Unlock the keyring"));
      g_signal_connect_object (button, "clicked", G_CALLBACK (jn_context_unlock), context,
                               G_CONNECT_SWAPPED);
    }
  else
    {
      gboolean erase = error && erasing_helps (error);
      add (content, now, "body-text dim");
      button = gtk_button_new_with_label (erase ? _ ("Erase and set up again") : _ ("Quit"));
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), erase ? "win.erase" : "app.quit");
    }
  gtk_box_append (GTK_BOX (content), button);
  return button;
}

GtkWidget *
jn_broken_page_new (JnContext *context)
{
  JnBrokenPage *self = g_object_new (JN_TYPE_BROKEN_PAGE, NULL);
  const GError *error = jn_context_get_error (context);
  JnErrorText text = jn_error_text_for (error);
  gboolean locked = jn_context_get_keeping (context) == JN_KEEPING_LOCKED;
  GtkWidget *icon = jn_avatar_new (52);
  GtkWidget *button;
  GtkWidget *content = NULL;

  jn_avatar_set_icon (JN_AVATAR (icon), locked ? "jn-lock-symbolic" : "jn-care-symbolic");
  jn_avatar_set_tone (JN_AVATAR (icon), JN_TONE_AMBER);
  adw_bin_set_child (ADW_BIN (self), jn_column_new (420, &content));
  gtk_box_set_spacing (GTK_BOX (content), 10);
  gtk_widget_set_valign (content, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (content), icon);
  add (content, locked ? _ ("The keyring is locked.") : text.what, "display-text");
  add (content, text.money, "body-text");
  button = add_button (content, context, text.now);
  gtk_widget_add_css_class (button, "primary-button");
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top (button, 14);
  return GTK_WIDGET (self);
}
