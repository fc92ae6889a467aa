#include "jn-protecting-page.h"

#include "jn-avatar.h"
#include "jn-card.h"
#include "jn-column.h"
#include "jn-format.h"

#include <glib/gi18n.h>

struct _JnProtectingPage
{
  AdwBin parent_instance;
  GtkWidget *bar;
};

G_DEFINE_FINAL_TYPE (JnProtectingPage, jn_protecting_page, ADW_TYPE_BIN)

static void
jn_protecting_page_class_init (JnProtectingPageClass *klass)
{
}

static void
jn_protecting_page_init (JnProtectingPage *self)
{
}

static void
add (GtkWidget *box, const char *text, const char *style_class)
{
  GtkWidget *label = jn_text_new (text, style_class);

  gtk_label_set_xalign (GTK_LABEL (label), 0.5f);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_box_append (GTK_BOX (box), label);
}

static void
update (JnProtectingPage *self, GParamSpec *spec, JnContext *context)
{
  int permille = jn_context_get_protecting (context);

  if (permille >= 0)
    gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->bar), permille / 1000.0);
}

GtkWidget *
jn_protecting_page_new (JnContext *context)
{
  JnProtectingPage *self = g_object_new (JN_TYPE_PROTECTING_PAGE, NULL);
  GtkWidget *icon = jn_avatar_new (52);
  GtkWidget *content = NULL;

  jn_avatar_set_icon (JN_AVATAR (icon), "jn-safety-symbolic");
  jn_avatar_set_tone (JN_AVATAR (icon), JN_TONE_JADE);
  adw_bin_set_child (ADW_BIN (self), jn_column_new (420, &content));
  gtk_box_set_spacing (GTK_BOX (content), 10);
  gtk_widget_set_valign (content, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (content), icon);
  add (content, _ ("Protecting your data"), "display-text");
  add (
      content,
      _ ("What this wallet keeps on the computer is being encrypted, with a key from your keyring. "
         "It happens once. You may close Jinnang: it goes on at the next start."),
      "body-text");
  self->bar = gtk_progress_bar_new ();
  jn_widget_set_name (self->bar, _ ("Protecting your data"));
  gtk_widget_set_margin_top (self->bar, 14);
  gtk_box_append (GTK_BOX (content), self->bar);
  g_signal_connect_object (context, "notify::protecting", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self, NULL, context);
  return GTK_WIDGET (self);
}
