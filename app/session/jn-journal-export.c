/* The journal for a machine. */
#include "jn-journal.h"

#include "jn-error.h"
#include "jn-json.h"

#include <string.h>

static const char *const statuses[] = {
  [JN_STATUS_NONE] = "open",         [JN_STATUS_SENDING] = "sending",
  [JN_STATUS_CHECKING] = "checking", [JN_STATUS_MADE] = "made",
  [JN_STATUS_NOT_MADE] = "notMade",  [JN_STATUS_CANCELLED] = "cancelled",
  [JN_STATUS_RETURNED] = "returned",
};

static void
write_instant (JnJsonWriter *writer, const char *name, JnInstant at)
{
  g_autofree char *text = jn_instant_to_string (at);
  jn_json_writer_string (writer, name, text);
}

static void
write_code (JnJsonWriter *writer, const char *name, int code)
{
  if (code == 0)
    return;
  const char *known = jn_error_code_get_name (code);
  g_autofree char *number = g_strdup_printf ("%d", code);
  jn_json_writer_string (writer, name, known != NULL ? known : number);
}

static void
write_step (JnJsonWriter *writer, JnJournalStep step)
{
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "step", step.name);
  write_code (writer, "code", step.code);
  write_instant (writer, "at", step.at);
  if (step.times > 1)
    {
      jn_json_writer_integer (writer, "times", step.times);
      write_instant (writer, "lastAt", step.last_at);
    }
  jn_json_writer_end_object (writer);
}

static void
write_item (JnJsonWriter *writer, JnJournalItem *item)
{
  JnMoney amount = jn_journal_item_get_amount (item);
  g_autofree char *wire = jn_money_to_wire (amount);
  const char *account = jn_journal_item_get_account (item);
  gsize length = strlen (account);

  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "key", jn_journal_item_get_key (item));
  jn_json_writer_string (writer, "kind",
                         jn_journal_item_is_top_up (item)     ? "topUp"
                         : jn_journal_item_is_transfer (item) ? "transfer"
                                                              : "payment");
  jn_json_writer_string (writer, "card", jn_journal_item_get_card (item));
  jn_json_writer_string (writer, "state", statuses[jn_journal_item_get_status (item)]);
  jn_json_writer_boolean (writer, "approved", jn_journal_item_was_approved (item));
  write_code (writer, "reason", jn_journal_item_get_reason (item));
  jn_json_writer_string (writer, "payee", jn_journal_item_get_payee (item));
  jn_json_writer_string (writer, "accountEnd", length > 4 ? account + length - 4 : account);
  jn_json_writer_string (writer, "currency", jn_currency_get_code (amount.currency));
  jn_json_writer_string (writer, "amount", wire);
  write_instant (writer, "createdAt", jn_journal_item_get_created_at (item));
  write_instant (writer, "changedAt", jn_journal_item_get_changed_at (item));
  if (!jn_id_is_zero (jn_journal_item_get_transaction (item)))
    {
      g_autofree char *id = jn_id_to_string (jn_journal_item_get_transaction (item));
      jn_json_writer_string (writer, "transaction", id);
    }
  jn_json_writer_begin_array (writer, "steps");
  for (guint i = 0; i < jn_journal_item_get_n_steps (item); i++)
    write_step (writer, jn_journal_item_get_step (item, i));
  jn_json_writer_end_array (writer);
  jn_json_writer_end_object (writer);
}

GBytes *
jn_journal_to_json (GPtrArray *items, const char *bank, const char *version, JnInstant now)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  gsize length = 0;

  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "format", "jinnang-payment-journal-1");
  jn_json_writer_string (writer, "version", version);
  jn_json_writer_string (writer, "bank", bank);
  write_instant (writer, "writtenAt", now);
  jn_json_writer_begin_array (writer, "intents");
  for (guint i = 0; i < items->len; i++)
    write_item (writer, items->pdata[i]);
  jn_json_writer_end_array (writer);
  jn_json_writer_end_object (writer);
  char *text = jn_json_writer_finish (writer, &length);
  return g_bytes_new_take (text, length);
}
