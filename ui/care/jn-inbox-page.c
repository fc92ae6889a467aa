#include "jn-inbox-page.h"

#include "jn-avatar.h"
#include "jn-card.h"
#include "jn-column.h"
#include "jn-format.h"
#include "jn-state-stack.h"
#include "jn-status-face.h"

#include <glib/gi18n.h>

struct _JnInboxPage
{
  AdwBin parent_instance;
  JnContext *context;
  JnInbox *inbox;
  JnStateStack *states;
  GtkWidget *list;
};

static void jn_inbox_page_iface_init (JnPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (JnInboxPage, jn_inbox_page, ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (JN_TYPE_PAGE, jn_inbox_page_iface_init))

static const char *
get_title (JnPage *page)
{
  return _ ("Inbox");
}

static void
jn_inbox_page_iface_init (JnPageInterface *iface)
{
  iface->get_title = get_title;
}

/* ---- rows ---- */

static char *
dup_title (JnNoticeItem *notice, gboolean masked)
{
  g_autofree char *amount =
      jn_format_money (jn_notice_item_get_amount (notice), JN_MONEY_FORMAT_PLAIN, masked);
  const char *payee = jn_notice_item_get_payee (notice);

  if (jn_notice_item_is_top_up (notice))
    /* Translators: an amount and the bank of a card. */
    return g_strdup_printf (jn_notice_item_get_status (notice) == JN_STATUS_MADE
                                ? _ ("Topped up %1$s from %2$s")
                                : _ ("Not topped up: %1$s from %2$s"),
                            amount, payee);
  switch (jn_notice_item_get_status (notice))
    {
    case JN_STATUS_MADE:
      /* Translators: an amount and a payee. */
      return g_strdup_printf (_ ("Paid %1$s to %2$s"), amount, payee);
    case JN_STATUS_RETURNED:
      /* Translators: an amount and a payee. */
      return g_strdup_printf (_ ("%1$s came back from %2$s"), amount, payee);
    case JN_STATUS_NOT_MADE:
    default:
      return g_strdup_printf (_ ("Not paid: %1$s to %2$s"), amount, payee);
    }
}

static GtkWidget *
row_new (gpointer item, gpointer data)
{
  JnInboxPage *self = data;
  JnNoticeItem *notice = item;
  JnStatusFace face = jn_status_get_face (jn_notice_item_get_status (notice));
  gboolean seen = jn_notice_item_is_seen (notice);
  g_autofree char *title = dup_title (notice, jn_context_get_masked (self->context));
  g_autofree char *when =
      jn_format_when (jn_notice_item_get_at (notice), jn_context_now (self->context));
  g_autofree char *line = g_strdup_printf ("%s · %s", when, face.sentence);
  g_autofree char *spoken = seen ? g_strdup_printf ("%s. %s", title, line)
                                 : g_strdup_printf ("%s: %s. %s", _ ("New"), title, line);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = jn_across_new (12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *avatar = jn_avatar_new (36);
  GtkWidget *dot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  jn_avatar_set_icon (JN_AVATAR (avatar), face.icon);
  jn_avatar_set_tone (JN_AVATAR (avatar), face.tone);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (texts), jn_text_new (title, seen ? "body-text" : "body-text strong"));
  gtk_box_append (GTK_BOX (texts), jn_text_new (line, "caption-text dim"));
  gtk_widget_add_css_class (dot, "sync-dot");
  gtk_widget_set_valign (dot, GTK_ALIGN_CENTER);
  gtk_widget_set_visible (dot, !seen);
  gtk_widget_add_css_class (box, "notice-row");
  jn_across_append (box, avatar);
  jn_across_append (box, texts);
  jn_across_append (box, dot);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  jn_widget_set_name (row, spoken);
  return row;
}

static void
row_activated_cb (JnInboxPage *self, GtkListBoxRow *row)
{
  g_autoptr (JnNoticeItem) notice = g_list_model_get_item (
      jn_inbox_get_notices (self->inbox), (guint) gtk_list_box_row_get_index (row));
  g_autofree char *id = notice ? jn_id_to_string (jn_notice_item_get_about (notice)) : NULL;
  g_autofree char *target = g_strdup_printf ("bills#entry:%s", id);

  if (id)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.go", "s", target);
}

static void
changed_cb (JnInboxPage *self)
{
  guint n = g_list_model_get_n_items (jn_inbox_get_notices (self->inbox));

  jn_state_stack_set_state (self->states, n > 0 ? JN_VIEW_CONTENT : JN_VIEW_EMPTY, NULL);
}

/* Bound anew: every row says another amount. */
static void
bind_rows (JnInboxPage *self)
{
  gtk_list_box_bind_model (GTK_LIST_BOX (self->list), jn_inbox_get_notices (self->inbox), row_new,
                           self, NULL);
}

/* What was on the screen is seen when the screen is left, so that one can tell what is new. */
static void
jn_inbox_page_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (jn_inbox_page_parent_class)->unmap (widget);
  jn_inbox_see_all (JN_INBOX_PAGE (widget)->inbox);
}

static void
jn_inbox_page_dispose (GObject *object)
{
  JnInboxPage *self = JN_INBOX_PAGE (object);

  adw_bin_set_child (ADW_BIN (self), NULL);
  g_clear_object (&self->inbox);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (jn_inbox_page_parent_class)->dispose (object);
}

static void
jn_inbox_page_class_init (JnInboxPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_inbox_page_dispose;
  GTK_WIDGET_CLASS (klass)->unmap = jn_inbox_page_unmap;
}

static void
jn_inbox_page_init (JnInboxPage *self)
{
}

GtkWidget *
jn_inbox_page_new (JnContext *context)
{
  JnInboxPage *self = g_object_new (JN_TYPE_INBOX_PAGE, NULL);
  GtkWidget *content = NULL;
  GtkWidget *column = jn_column_new (640, &content);
  GtkWidget *card = jn_card_new (0);

  self->context = g_object_ref (context);
  self->inbox = g_object_ref (jn_context_get_inbox (context));
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "rows");
  gtk_widget_add_css_class (self->list, "alone");
  jn_widget_set_name (self->list, _ ("How payments ended"));
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (row_activated_cb), self,
                           G_CONNECT_SWAPPED);
  bind_rows (self);
  self->states = JN_STATE_STACK (jn_state_stack_new ());
  jn_state_stack_set_content (self->states, self->list);
  jn_state_stack_set_empty (self->states, "jn-inbox-symbolic",
                            _ ("How your payments end is told here."), NULL, NULL, NULL);
  gtk_box_append (GTK_BOX (card), GTK_WIDGET (self->states));
  gtk_box_append (GTK_BOX (content), card);
  adw_bin_set_child (ADW_BIN (self), column);
  g_signal_connect_object (self->inbox, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "notify::masked", G_CALLBACK (bind_rows), self,
                           G_CONNECT_SWAPPED);
  changed_cb (self);
  return GTK_WIDGET (self);
}
