#include "jn-journal-detail.h"

#include "jn-avatar.h"
#include "jn-card.h"
#include "jn-column.h"
#include "jn-format.h"
#include "jn-journal-text.h"
#include "jn-sheet-row.h"
#include "jn-status-face.h"
#include "jn-text.h"

#include <glib/gi18n.h>

static GtkWidget *
head_new (JnContext *context, JnJournalItem *item)
{
  JnStatus status = jn_journal_item_get_status (item);
  JnStatusFace face = jn_status_get_face (status);
  gboolean masked = jn_context_get_masked (context);
  g_autofree char *amount =
      jn_format_money (jn_journal_item_get_amount (item), JN_MONEY_FORMAT_PLAIN, masked);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *avatar = jn_avatar_new (52);
  GtkWidget *labels[4];
  g_autofree char *title = jn_journal_dup_title (item);

  jn_avatar_set_icon (JN_AVATAR (avatar), face.icon);
  jn_avatar_set_tone (JN_AVATAR (avatar), face.tone);
  gtk_widget_set_margin_bottom (avatar, 8);
  gtk_box_append (GTK_BOX (box), avatar);
  labels[0] = jn_text_new (title, "title-text");
  labels[1] = jn_text_new (amount, "body-text figures");
  labels[2] = jn_text_new (*face.word ? face.word : _ ("Not sent"), "body-text strong");
  labels[3] = jn_text_new (*face.sentence ? face.sentence : _ ("Nothing was approved."),
                           "caption-text dim");
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      gtk_label_set_xalign (GTK_LABEL (labels[i]), 0.5f);
      gtk_label_set_justify (GTK_LABEL (labels[i]), GTK_JUSTIFY_CENTER);
      gtk_box_append (GTK_BOX (box), labels[i]);
    }
  if (status != JN_STATUS_NONE)
    gtk_widget_add_css_class (labels[2], face.style_class);
  gtk_widget_add_css_class (box, "sheet-head");
  return box;
}

static void
append_reference (GtkWidget *rows, const char *title, const char *value)
{
  GtkWidget *row = jn_sheet_row_new_text (title, NULL, value, TRUE);
  GtkWidget *label = gtk_widget_get_last_child (row);

  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_CHAR);
  gtk_widget_add_css_class (label, "reference");
  gtk_box_append (GTK_BOX (rows), row);
}

static GtkWidget *
rows_new (JnJournalItem *item)
{
  GtkWidget *rows = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autofree char *begun = jn_format_full_time (jn_journal_item_get_created_at (item));
  g_autofree char *account = jn_text_group_account (jn_journal_item_get_account (item));

  gtk_widget_add_css_class (rows, "sheet-rows");
  append_reference (rows, _ ("Key"), jn_journal_item_get_key (item));
  if (!jn_id_is_zero (jn_journal_item_get_transaction (item)))
    {
      g_autofree char *id = jn_id_to_string (jn_journal_item_get_transaction (item));
      append_reference (rows, _ ("Transaction"), id);
    }
  gtk_box_append (GTK_BOX (rows), jn_sheet_row_new_text (_ ("Begun"), NULL, begun, FALSE));
  if (jn_journal_item_get_card (item))
    gtk_box_append (GTK_BOX (rows), jn_sheet_row_new_text (_ ("From your card"), NULL,
                                                           jn_journal_item_get_card (item), FALSE));
  if (*account && !jn_journal_item_is_top_up (item))
    gtk_box_append (GTK_BOX (rows),
                    jn_sheet_row_new_text (_ ("Account of the payee"), NULL, account, TRUE));
  return rows;
}

static char *
dup_repeats (JnJournalStep step)
{
  g_autofree char *last = NULL;

  if (step.times < 2)
    return NULL;
  last = jn_format_full_time (step.last_at);
  return g_strdup_printf (ngettext ("%d time, last at %s", "%d times, last at %s", step.times),
                          (int) step.times, last);
}

static GtkWidget *
step_new (JnJournalStep step)
{
  GtkWidget *box = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_HORIZONTAL, "spacing",
                                 14, "accessible-role", GTK_ACCESSIBLE_ROLE_GROUP, NULL);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *dot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  g_autofree char *at = jn_format_full_time (step.at);
  g_autofree char *words = jn_journal_step_text (step);
  g_autofree char *repeats = dup_repeats (step);
  g_autofree char *spoken = g_strdup_printf ("%s, %s", words, at);

  gtk_widget_add_css_class (dot, "sync-dot");
  gtk_widget_set_valign (dot, GTK_ALIGN_START);
  gtk_widget_set_margin_top (dot, 6);
  gtk_box_append (GTK_BOX (texts), jn_text_new (words, "body-text"));
  gtk_box_append (GTK_BOX (texts), jn_text_new (at, "caption-text dim figures"));
  if (repeats)
    gtk_box_append (GTK_BOX (texts), jn_text_new (repeats, "caption-text dim figures"));
  gtk_box_append (GTK_BOX (box), dot);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_widget_add_css_class (box, "journal-step");
  jn_widget_set_name (box, spoken);
  return box;
}

GtkWidget *
jn_journal_detail_new (JnContext *context, JnJournalItem *item)
{
  GtkWidget *content = NULL;
  GtkWidget *column = jn_column_new (460, &content);
  GtkWidget *card = jn_card_new (0);
  GtkWidget *steps = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_widget_add_css_class (card, "sheet");
  gtk_widget_add_css_class (steps, "sheet-foot");
  for (guint i = 0; i < jn_journal_item_get_n_steps (item); i++)
    gtk_box_append (GTK_BOX (steps), step_new (jn_journal_item_get_step (item, i)));
  gtk_box_append (GTK_BOX (card), head_new (context, item));
  gtk_box_append (GTK_BOX (card), rows_new (item));
  gtk_box_append (GTK_BOX (card), steps);
  gtk_box_append (GTK_BOX (content), card);
  return column;
}
