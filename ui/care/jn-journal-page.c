#include "jn-journal-page.h"

#include "jn-avatar.h"
#include "jn-card.h"
#include "jn-column.h"
#include "jn-config.h"
#include "jn-format.h"
#include "jn-journal-detail.h"
#include "jn-journal-text.h"
#include "jn-state-stack.h"
#include "jn-status-face.h"
#include "jn-open-page.h"

#include <glib/gi18n.h>
#include <string.h>

struct _JnJournalPage
{
  AdwBin parent_instance;
  JnContext *context;
  JnJournal *journal;
  JnJournal *wanted; /* one intent, opened from elsewhere */
  GtkWidget *stack;
  GtkWidget *detail;
  JnStateStack *states;
  GtkWidget *list;
  GtkWidget *more;
  GtkFileChooserNative *chooser;
};

static void jn_journal_page_iface_init (JnPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (JnJournalPage, jn_journal_page, ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (JN_TYPE_PAGE, jn_journal_page_iface_init))

static gboolean
in_detail (JnJournalPage *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (self->stack)), "detail") == 0;
}

static void
show_item (JnJournalPage *self, JnJournalItem *item)
{
  adw_bin_set_child (ADW_BIN (self->detail), jn_journal_detail_new (self->context, item));
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "detail");
  jn_page_changed (JN_PAGE (self));
}

static void
show_list (JnJournalPage *self)
{
  gboolean was_in_detail = in_detail (self);

  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "list");
  if (was_in_detail)
    jn_page_changed (JN_PAGE (self));
}

/* ---- rows ---- */

static GtkWidget *
row_new (gpointer data, gpointer user_data)
{
  JnJournalPage *self = user_data;
  JnJournalItem *item = data;
  JnStatusFace face = jn_status_get_face (jn_journal_item_get_status (item));
  g_autofree char *when =
      jn_format_when (jn_journal_item_get_created_at (item), jn_context_now (self->context));
  const char *word = *face.word ? face.word : _ ("Not sent");
  g_autofree char *line = g_strdup_printf ("%s · %s", when, word);
  g_autofree char *amount =
      jn_format_money (jn_journal_item_get_amount (item), JN_MONEY_FORMAT_PLAIN,
                       jn_context_get_masked (self->context));
  g_autofree char *title = jn_journal_dup_title (item);
  g_autofree char *spoken = g_strdup_printf ("%s, %s, %s", title, amount, line);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = jn_across_new (12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *avatar = jn_avatar_new (36);
  GtkWidget *money = jn_text_new (amount, "row-amount figures");

  jn_avatar_set_icon (JN_AVATAR (avatar), face.icon);
  jn_avatar_set_tone (JN_AVATAR (avatar), face.tone);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (texts), jn_text_new (title, "body-text"));
  gtk_box_append (GTK_BOX (texts), jn_text_new (line, "caption-text dim"));
  gtk_widget_add_css_class (box, "notice-row");
  jn_across_append (box, avatar);
  jn_across_append (box, texts);
  gtk_label_set_wrap (GTK_LABEL (money), FALSE);
  jn_across_append (box, money);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  jn_widget_set_name (row, spoken);
  return row;
}

static void
row_activated_cb (JnJournalPage *self, GtkListBoxRow *row)
{
  g_autoptr (JnJournalItem) item = g_list_model_get_item (jn_journal_get_items (self->journal),
                                                          (guint) gtk_list_box_row_get_index (row));

  if (item)
    show_item (self, item);
}

static void
changed_cb (JnJournalPage *self)
{
  jn_state_stack_set_state (self->states, jn_journal_get_state (self->journal),
                            jn_journal_get_error (self->journal));
  gtk_widget_set_visible (self->more, jn_journal_has_more (self->journal));
}

static void
bind_rows (JnJournalPage *self)
{
  gtk_list_box_bind_model (GTK_LIST_BOX (self->list), jn_journal_get_items (self->journal), row_new,
                           self, NULL);
}

static void
more_cb (JnJournalPage *self)
{
  jn_journal_load_more (self->journal);
}

/* ---- for service ---- */

static GBytes *
make_file (JnJournalPage *self, GPtrArray *items, gboolean json)
{
  const char *bank = jn_context_get_bank_name (self->context);
  JnInstant now = jn_context_now (self->context);
  char *text;

  if (json)
    return jn_journal_to_json (items, bank, JN_VERSION, now);
  text = jn_journal_to_text (items, bank, JN_VERSION, now);
  return g_bytes_new_take (text, strlen (text));
}

typedef struct
{
  JnJournalPage *page;
  GFile *file;
} Saving;

static void
saving_free (Saving *saving)
{
  g_object_unref (saving->page);
  g_object_unref (saving->file);
  g_free (saving);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saving, saving_free)

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnJournalPage) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean ok = g_file_replace_contents_finish (G_FILE (source), result, NULL, &error);

  gtk_widget_activate_action (GTK_WIDGET (self), "win.notice", "s",
                              ok ? _ ("The journal was saved")
                                 : _ ("The journal could not be saved there"));
}

static void
on_all (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Saving) saving = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = jn_journal_read_all_finish (JN_JOURNAL (source), result, &error);
  g_autofree char *name = g_file_get_basename (saving->file);

  if (items == NULL)
    {
      gtk_widget_activate_action (GTK_WIDGET (saving->page), "win.notice", "s",
                                  _ ("The journal could not be read"));
      return;
    }
  g_autoptr (GBytes) bytes = make_file (saving->page, items, g_str_has_suffix (name, ".json"));
  g_file_replace_contents_bytes_async (saving->file, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE,
                                       NULL, on_saved, g_object_ref (saving->page));
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, JnJournalPage *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      Saving *saving = g_new0 (Saving, 1);

      saving->page = g_object_ref (self);
      saving->file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      jn_journal_read_all_async (self->journal, NULL, on_all, saving);
    }
  g_clear_object (&self->chooser);
}

static void
save_cb (JnJournalPage *self, gboolean json)
{
  g_autofree char *day = jn_date_to_string (jn_date_at (jn_context_now (self->context)));
  g_autofree char *name = g_strdup_printf ("jinnang-journal-%s.%s", day, json ? "json" : "txt");

  if (self->chooser)
    return;
  self->chooser = gtk_file_chooser_native_new (
      _ ("Save the journal"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
      GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), _ ("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
save_text_cb (JnJournalPage *self)
{
  save_cb (self, FALSE);
}

static void
save_json_cb (JnJournalPage *self)
{
  save_cb (self, TRUE);
}

static GtkWidget *
service_card_new (JnJournalPage *self)
{
  GtkWidget *card = jn_card_new (10);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *text = gtk_button_new_with_label (_ ("Save as text"));
  GtkWidget *json = gtk_button_new_with_label (_ ("Save as JSON"));

  gtk_widget_add_css_class (text, "soft-button");
  gtk_widget_add_css_class (text, "small");
  gtk_widget_add_css_class (json, "soft-button");
  gtk_widget_add_css_class (json, "small");
  g_signal_connect_swapped (text, "clicked", G_CALLBACK (save_text_cb), self);
  g_signal_connect_swapped (json, "clicked", G_CALLBACK (save_json_cb), self);
  gtk_box_append (GTK_BOX (buttons), text);
  gtk_box_append (GTK_BOX (buttons), json);
  gtk_box_append (GTK_BOX (card),
                  jn_text_new (_ ("Every payment that was begun on this computer, with its key and "
                                  "each step."),
                               "body-text"));
  gtk_box_append (GTK_BOX (card),
                  jn_text_new (_ ("A file for the bank’s service holds payees, amounts, keys and "
                                  "times. It holds no PIN, no code and no key that could pay."),
                               "caption-text dim"));
  gtk_box_append (GTK_BOX (card), buttons);
  return card;
}

/* ---- a place of the window ---- */

static const char *
page_get_title (JnPage *page)
{
  return _ ("Payment journal");
}

static gboolean
page_can_go_back (JnPage *page)
{
  return in_detail (JN_JOURNAL_PAGE (page));
}

static void
page_go_back (JnPage *page)
{
  show_list (JN_JOURNAL_PAGE (page));
}

static void
wanted_cb (JnJournalPage *self)
{
  g_autoptr (JnJournalItem) item =
      self->wanted ? g_list_model_get_item (jn_journal_get_items (self->wanted), 0) : NULL;

  if (item)
    show_item (self, item);
}

static void
page_open (JnPage *page, const char *target)
{
  JnJournalPage *self = JN_JOURNAL_PAGE (page);
  JnId id;

  g_clear_object (&self->wanted);
  jn_journal_reload (self->journal);
  show_list (self);
  if (!g_str_has_prefix (target, "intent:")
      || !jn_id_from_string (target + strlen ("intent:"), &id))
    return;
  self->wanted = jn_context_create_journal (self->context, &id);
  g_signal_connect_object (self->wanted, "changed", G_CALLBACK (wanted_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
jn_journal_page_iface_init (JnPageInterface *iface)
{
  iface->get_title = page_get_title;
  iface->can_go_back = page_can_go_back;
  iface->go_back = page_go_back;
  iface->open = page_open;
}

/* ---- the object ---- */

static void
jn_journal_page_dispose (GObject *object)
{
  JnJournalPage *self = JN_JOURNAL_PAGE (object);

  adw_bin_set_child (ADW_BIN (self), NULL);
  g_clear_object (&self->chooser);
  g_clear_object (&self->wanted);
  g_clear_object (&self->journal);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (jn_journal_page_parent_class)->dispose (object);
}

static void
jn_journal_page_class_init (JnJournalPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_journal_page_dispose;
}

static void
jn_journal_page_init (JnJournalPage *self)
{
}

static GtkWidget *
list_card_new (JnJournalPage *self)
{
  GtkWidget *card = jn_card_new (0);
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "rows");
  gtk_widget_add_css_class (self->list, "alone");
  jn_widget_set_name (self->list, _ ("Payment journal"));
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (row_activated_cb), self,
                           G_CONNECT_SWAPPED);
  self->more = gtk_button_new_with_label (_ ("Show older ones"));
  gtk_widget_add_css_class (self->more, "link-button");
  gtk_widget_set_halign (self->more, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->more, "clicked", G_CALLBACK (more_cb), self);
  gtk_box_append (GTK_BOX (content), self->list);
  gtk_box_append (GTK_BOX (content), self->more);
  self->states = JN_STATE_STACK (jn_state_stack_new ());
  jn_state_stack_set_content (self->states, content);
  jn_state_stack_set_empty (self->states, "jn-journal-symbolic",
                            _ ("No payment was begun on this computer yet."),
                            _ ("Pay a first coffee"), "win.go", "pay#sample");
  g_signal_connect_object (self->states, "retry", G_CALLBACK (jn_journal_reload), self->journal,
                           G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (card), GTK_WIDGET (self->states));
  return card;
}

GtkWidget *
jn_journal_page_new (JnContext *context)
{
  JnJournalPage *self = g_object_new (JN_TYPE_JOURNAL_PAGE, NULL);
  GtkWidget *content = NULL;
  GtkWidget *column = jn_column_new (640, &content);

  self->context = g_object_ref (context);
  self->journal = jn_context_create_journal (context, NULL);
  gtk_box_append (GTK_BOX (content), service_card_new (self));
  gtk_box_append (GTK_BOX (content), list_card_new (self));
  bind_rows (self);
  self->detail = adw_bin_new ();
  self->stack = gtk_stack_new ();
  gtk_stack_set_transition_type (GTK_STACK (self->stack),
                                 GTK_STACK_TRANSITION_TYPE_SLIDE_LEFT_RIGHT);
  gtk_stack_set_transition_duration (GTK_STACK (self->stack), 180);
  gtk_stack_add_named (GTK_STACK (self->stack), column, "list");
  gtk_stack_add_named (GTK_STACK (self->stack), self->detail, "detail");
  jn_stack_present_open_page (GTK_STACK (self->stack));
  adw_bin_set_child (ADW_BIN (self), self->stack);
  g_signal_connect_object (self->journal, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "notify::masked", G_CALLBACK (bind_rows), self,
                           G_CONNECT_SWAPPED);
  changed_cb (self);
  return GTK_WIDGET (self);
}
