#include "jn-safety-page.h"

#include "jn-avatar.h"
#include "jn-card.h"
#include "jn-column.h"
#include "jn-format.h"
#include "jn-page.h"
#include "jn-text.h"

#include <glib/gi18n.h>

struct _JnSafetyPage
{
  AdwBin parent_instance;
  JnContext *context;
  GtkWidget *kept;
  GtkWidget *hotline;
  GtkWidget *customer;
};

static void jn_safety_page_iface_init (JnPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (JnSafetyPage, jn_safety_page, ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (JN_TYPE_PAGE, jn_safety_page_iface_init))

static const char *
get_title (JnPage *page)
{
  return _ ("Safety");
}

static void
jn_safety_page_iface_init (JnPageInterface *iface)
{
  iface->get_title = get_title;
}

static const char *
kept_text (JnContext *context)
{
  switch (jn_context_get_keeping (context))
    {
    case JN_KEEPING_KEPT:
      return _ ("The keys of this wallet lie in your keyring. Your bills lie in a folder that only "
                "you can read.");
    case JN_KEEPING_LOCKED:
      return _ ("The keys of this wallet lie in your keyring, and the keyring is locked.");
    case JN_KEEPING_THIS_RUN_ONLY:
    default:
      return _ ("There is no keyring here. Keys and bills are kept for this run only and are gone "
                "when Jinnang ends.");
    }
}

static void
update (JnSafetyPage *self)
{
  const char *customer = jn_context_get_customer_name (self->context);
  g_autofree char *masked = customer ? jn_text_mask_name (customer) : g_strdup ("");

  gtk_label_set_text (GTK_LABEL (self->kept), kept_text (self->context));
  gtk_label_set_text (GTK_LABEL (self->customer), masked);
}

static GtkWidget *
fact_new (const char *icon, const char *title, const char *text, GtkWidget **label)
{
  GtkWidget *row = jn_across_new (14);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *avatar = jn_avatar_new (36);
  GtkWidget *body = jn_text_new (text, "caption-text dim");

  jn_avatar_set_icon (JN_AVATAR (avatar), icon);
  gtk_widget_set_valign (avatar, GTK_ALIGN_START);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (texts), jn_text_new (title, "body-text strong"));
  gtk_box_append (GTK_BOX (texts), body);
  jn_across_append (row, avatar);
  jn_across_append (row, texts);
  if (label)
    *label = body;
  return row;
}

static GtkWidget *
how_card (JnSafetyPage *self)
{
  GtkWidget *card = jn_card_new (20);

  gtk_box_append (GTK_BOX (card), fact_new ("jn-key-symbolic", _ ("Where keys and data are kept"),
                                            "", &self->kept));
  gtk_box_append (GTK_BOX (card),
                  fact_new ("jn-lock-symbolic", _ ("Every payment needs you"),
                            _ ("Your PIN, and for larger amounts a code by text message. This "
                               "device signs exactly what the sheet shows."),
                            NULL));
  gtk_box_append (GTK_BOX (card),
                  fact_new ("jn-unknown-symbolic", _ ("Never paid twice"),
                            _ ("A payment without an answer is marked “not known yet” and is asked "
                               "for until the bank has said yes or no."),
                            NULL));
  gtk_box_append (
      GTK_BOX (card),
      fact_new ("jn-scan-symbolic", _ ("Pictures are read behind a wall"),
                _ ("Codes are decoded by a separate program without network and without files. The "
                   "payee’s name comes from the bank, never from the code."),
                NULL));
  return card;
}

static GtkWidget *
device_card (JnSafetyPage *self)
{
  GtkWidget *card = jn_card_new (0);
  const char *bank = jn_context_is_sandbox (self->context)
                         ? _ ("Sandbox bank")
                         : jn_context_get_bank_name (self->context);

  gtk_box_append (GTK_BOX (card), jn_section_header_new (_ ("This wallet"), NULL, NULL, NULL));
  gtk_box_append (GTK_BOX (card), jn_pair_new (_ ("Bank"), bank, NULL));
  gtk_box_append (GTK_BOX (card), jn_pair_new (_ ("Customer"), "", &self->customer));
  gtk_box_append (GTK_BOX (card), jn_pair_new (_ ("Device"), g_get_host_name (), NULL));
  return card;
}

static GtkWidget *
help_card (JnSafetyPage *self)
{
  const char *hotline = jn_context_get_hotline (self->context);
  GtkWidget *card = jn_card_new (6);
  g_autofree char *text = NULL;

  gtk_box_append (GTK_BOX (card),
                  jn_section_header_new (_ ("If something is wrong"), NULL, NULL, NULL));
  if (hotline && *hotline)
    text = g_strdup_printf (_ ("Call the bank: %s. It can stop this device at once."), hotline);
  else if (jn_context_is_sandbox (self->context))
    text = g_strdup (
        _ ("This is the sandbox: no real money can be lost. A real bank’s number stands here."));
  else
    text =
        g_strdup (_ ("Your bank’s profile names no number. You find it on the back of your card."));
  self->hotline = jn_text_new (text, "body-text");
  gtk_box_append (GTK_BOX (card), self->hotline);
  gtk_box_append (GTK_BOX (card),
                  jn_text_new (_ ("Nobody from the bank will ever ask for your PIN or for a code."),
                               "caption-text dim"));
  return card;
}

static void
jn_safety_page_dispose (GObject *object)
{
  g_clear_object (&JN_SAFETY_PAGE (object)->context);
  G_OBJECT_CLASS (jn_safety_page_parent_class)->dispose (object);
}

static void
jn_safety_page_class_init (JnSafetyPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_safety_page_dispose;
}

static void
jn_safety_page_init (JnSafetyPage *self)
{
}

GtkWidget *
jn_safety_page_new (JnContext *context)
{
  JnSafetyPage *self = g_object_new (JN_TYPE_SAFETY_PAGE, NULL);
  GtkWidget *content = NULL;

  self->context = g_object_ref (context);
  adw_bin_set_child (ADW_BIN (self), jn_column_new (640, &content));
  gtk_box_append (GTK_BOX (content), how_card (self));
  gtk_box_append (GTK_BOX (content), device_card (self));
  gtk_box_append (GTK_BOX (content), help_card (self));
  g_signal_connect_object (context, "notify::keeping", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "notify::stage", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
