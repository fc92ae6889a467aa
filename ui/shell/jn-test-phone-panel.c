#include "jn-test-phone-panel.h"

#include "jn-card.h"
#include "jn-format.h"

#include <glib/gi18n.h>

struct _JnTestPhonePanel
{
  AdwBin parent_instance;
  JnContext *context;
  GtkWidget *list;
  GtkWidget *empty;
};

G_DEFINE_FINAL_TYPE (JnTestPhonePanel, jn_test_phone_panel, ADW_TYPE_BIN)

/* Text that wraps at the phone's width and does not ask for more. */
static GtkWidget *
phone_text (const char *text, const char *style_class)
{
  GtkWidget *label = jn_text_new (text, style_class);

  gtk_label_set_max_width_chars (GTK_LABEL (label), 22);
  return label;
}

static char *
compose (JnTestPhonePanel *self, JnSmsItem *sms)
{
  g_autofree char *amount = NULL;

  if (!jn_sms_item_is_payment (sms))
    return g_strdup (_ ("The code for setting up your wallet. Tell it to nobody."));
  amount = jn_format_money (jn_sms_item_get_amount (sms), JN_MONEY_FORMAT_PLAIN,
                            jn_context_get_masked (self->context));
  /* Translators: an amount and the payee. */
  return g_strdup_printf (_ ("The code for paying %1$s to %2$s. Tell it to nobody."), amount,
                          jn_sms_item_get_payee (sms) ? jn_sms_item_get_payee (sms) : "");
}

static GtkWidget *
message_new (gpointer item, gpointer data)
{
  JnTestPhonePanel *self = data;
  JnSmsItem *sms = item;
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *use = gtk_button_new_with_label (_ ("Use code"));
  GtkWidget *code = gtk_label_new (jn_sms_item_get_code (sms));
  g_autofree char *text = compose (self, sms);
  g_autofree char *when =
      jn_format_when (jn_sms_item_get_sent_at (sms), jn_context_now (self->context));

  gtk_widget_add_css_class (code, "code");
  gtk_widget_set_hexpand (code, TRUE);
  gtk_label_set_xalign (GTK_LABEL (code), 0);
  gtk_widget_add_css_class (use, "soft-button");
  gtk_widget_add_css_class (use, "small");
  gtk_widget_set_valign (use, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (use), "win.use-code");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (use), "s", jn_sms_item_get_code (sms));
  gtk_box_append (GTK_BOX (line), code);
  gtk_box_append (GTK_BOX (line), use);
  gtk_box_append (GTK_BOX (box), phone_text (when, "caption-text dim"));
  gtk_box_append (GTK_BOX (box), phone_text (text, "caption-text"));
  gtk_box_append (GTK_BOX (box), line);
  gtk_widget_add_css_class (box, "message");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  jn_widget_set_name (row, text);
  return row;
}

static void
update_empty (JnTestPhonePanel *self)
{
  GListModel *messages =
      G_LIST_MODEL (jn_test_phone_get_messages (jn_context_get_test_phone (self->context)));

  gtk_widget_set_visible (self->empty, g_list_model_get_n_items (messages) == 0);
}

static void
jn_test_phone_panel_dispose (GObject *object)
{
  JnTestPhonePanel *self = JN_TEST_PHONE_PANEL (object);

  if (self->list)
    gtk_list_box_bind_model (GTK_LIST_BOX (self->list), NULL, NULL, NULL, NULL);
  self->list = NULL;
  g_clear_object (&self->context);
  G_OBJECT_CLASS (jn_test_phone_panel_parent_class)->dispose (object);
}

static void
jn_test_phone_panel_class_init (JnTestPhonePanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_test_phone_panel_dispose;
}

static void
jn_test_phone_panel_init (JnTestPhonePanel *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *title = jn_text_new (_ ("Your test phone"), "title-text");
  GtkWidget *close = gtk_button_new_from_icon_name ("jn-close-symbolic");
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  gtk_widget_add_css_class (box, "test-phone");
  gtk_widget_set_size_request (box, 256, -1);
  gtk_widget_set_hexpand (box, FALSE);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_add_css_class (close, "icon-button");
  gtk_widget_set_tooltip_text (close, _ ("Put the test phone away"));
  jn_widget_set_name (close, _ ("Put the test phone away"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (close), "win.test-phone");
  gtk_box_append (GTK_BOX (head), title);
  gtk_box_append (GTK_BOX (head), close);
  self->empty =
      phone_text (_ ("The bank’s text messages arrive here. In real life this is your own phone."),
                  "caption-text dim");
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "messages");
  jn_widget_set_name (self->list, _ ("Text messages"));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->list);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (box), head);
  gtk_box_append (GTK_BOX (box), self->empty);
  gtk_box_append (GTK_BOX (box), scrolled);
  adw_bin_set_child (ADW_BIN (self), box);
}

GtkWidget *
jn_test_phone_panel_new (JnContext *context)
{
  JnTestPhonePanel *self = g_object_new (JN_TYPE_TEST_PHONE_PANEL, NULL);
  GListModel *messages = jn_test_phone_get_messages (jn_context_get_test_phone (context));

  self->context = g_object_ref (context);
  gtk_list_box_bind_model (GTK_LIST_BOX (self->list), messages, message_new, self, NULL);
  g_signal_connect_object (messages, "items-changed", G_CALLBACK (update_empty), self,
                           G_CONNECT_SWAPPED);
  update_empty (self);
  return GTK_WIDGET (self);
}
