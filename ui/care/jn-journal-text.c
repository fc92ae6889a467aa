#include "jn-journal-text.h"

#include "jn-error.h"
#include "jn-error-text.h"
#include "jn-format.h"
#include "jn-status-face.h"

#include <glib/gi18n.h>
#include <string.h>

static const struct
{
  const char *name;
  const char *text;
} steps[] = {
  { "created", N_ ("Written down on this computer") },
  { "quoted", N_ ("Price asked and answered by the bank") },
  { "approved", N_ ("Approved with the PIN") },
  { "sent", N_ ("Signed and sent to the bank") },
  { "answered", N_ ("The bank answered") },
  { "not known yet", N_ ("No answer came: not known yet") },
  { "checked", N_ ("Asked the bank for the result: no answer") },
  { "open", N_ ("The bank answered: not made, and still open") },
  { "settled", N_ ("The bank told the result") },
  { "made", N_ ("The bank answered: made") },
  { "refused", N_ ("The bank answered: not made") },
  { "cancelled", N_ ("Cancelled by you") },
};

static const char *
step_name (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (g_strcmp0 (steps[i].name, name) == 0)
      return gettext (steps[i].text);
  return name != NULL ? name : "";
}

char *
jn_journal_step_text (JnJournalStep step)
{
  g_autoptr (GError) error = NULL;

  if (step.code == 0 || step.code == JN_ERROR_SENT_NO_ANSWER || step.code == JN_ERROR_CANCELLED)
    return g_strdup (step_name (step.name));
  error = g_error_new_literal (JN_ERROR, step.code, "noted");
  /* Translators: what was done, and what came of it. */
  return g_strdup_printf (C_ ("journal", "%1$s: %2$s"), step_name (step.name),
                          jn_error_text_for (error).what);
}

static void
append_line (GString *text, const char *title, const char *value)
{
  g_string_append_printf (text, "  %s: %s\n", title, value);
}

static void
append_step (GString *text, JnJournalStep step)
{
  g_autofree char *at = jn_format_full_time (step.at);
  g_autofree char *words = jn_journal_step_text (step);

  g_string_append_printf (text, "    %s  %s", at, words);
  if (step.times > 1)
    {
      g_autofree char *last = jn_format_full_time (step.last_at);
      g_autofree char *times =
          g_strdup_printf (ngettext ("%d time, last at %s", "%d times, last at %s", step.times),
                           (int) step.times, last);
      g_string_append_printf (text, " (%s)", times);
    }
  g_string_append_c (text, '\n');
}

static void
append_item (GString *text, JnJournalItem *item)
{
  g_autofree char *amount =
      jn_money_format (jn_journal_item_get_amount (item), JN_MONEY_FORMAT_PLAIN);
  g_autofree char *created = jn_format_full_time (jn_journal_item_get_created_at (item));
  JnStatusFace face = jn_status_get_face (jn_journal_item_get_status (item));
  const char *account = jn_journal_item_get_account (item);
  gsize length = strlen (account);
  g_autofree char *payee = g_strdup_printf ("%s (…%s)", jn_journal_item_get_payee (item),
                                            length > 4 ? account + length - 4 : account);

  g_string_append_printf (text, "\n%s  %s  %s\n", created, amount,
                          *face.word ? face.word : _ ("Not sent"));
  if (jn_journal_item_is_top_up (item))
    append_line (text, _ ("Kind"), _ ("Top-up"));
  else
    append_line (text, _ ("Payee"), payee);
  if (jn_journal_item_get_card (item))
    append_line (text, _ ("From your card"), jn_journal_item_get_card (item));
  append_line (text, _ ("Key"), jn_journal_item_get_key (item));
  if (!jn_id_is_zero (jn_journal_item_get_transaction (item)))
    {
      g_autofree char *id = jn_id_to_string (jn_journal_item_get_transaction (item));
      append_line (text, _ ("Transaction"), id);
    }
  for (guint i = 0; i < jn_journal_item_get_n_steps (item); i++)
    append_step (text, jn_journal_item_get_step (item, i));
}

char *
jn_journal_to_text (GPtrArray *items, const char *bank, const char *version, JnInstant now)
{
  GString *text = g_string_new (NULL);
  g_autofree char *at = jn_format_full_time (now);

  g_string_append_printf (text, "%s · %s · Jinnang %s · %s\n", _ ("Payment journal"), bank, version,
                          at);
  g_string_append_printf (text, "%s\n",
                          _ ("Holds payees, amounts, keys, times and results of payments. Holds no "
                             "PIN, no code and no key that could pay."));
  for (guint i = 0; i < items->len; i++)
    append_item (text, items->pdata[i]);
  return g_string_free (text, FALSE);
}

char *
jn_journal_dup_title (JnJournalItem *item)
{
  if (jn_journal_item_is_top_up (item))
    return g_strdup_printf ("%s · %s", _ ("Top-up"), jn_journal_item_get_payee (item));
  return g_strdup (jn_journal_item_get_payee (item));
}
