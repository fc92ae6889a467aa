#include <string.h>

#include "jn-bankd-cards.h"
#include "jn-bankd-handlers.h"
#include "jn-bankd-merchants.h"
#include "jn-bankd-payments.h"
#include "jn-text.h"

#define MAX_WAIT 25

static void
fail_code (JnBankdCall *call, JnErrorCode reason, const char *bill)
{
  switch ((int) reason)
    {
    case JN_ERROR_PAYEE_UNKNOWN:
      jn_bankd_call_fail (call, 404, "RESOURCE_UNKNOWN", reason);
      break;
    case JN_ERROR_CODE_EXPIRED:
      jn_bankd_call_fail (call, 403, "RESOURCE_EXPIRED", reason);
      break;
    case JN_ERROR_ORDER_PAID:
      jn_bankd_payment_fail (call, 409, "STATUS_INVALID", reason, 0, bill);
      break;
    default:
      jn_bankd_call_fail (call, 400, "FORMAT_ERROR", reason);
    }
}

void
jn_bankd_handle_qr_resolve (JnBankdCall *call)
{
  const char *payload = jn_json_string (jn_json_get (call->body, "payload"));
  g_auto (JnBankdCode) code = { 0 };
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  int reason;

  if (!jn_bankd_json_only (call->body, "payload") || payload == NULL)
    {
      jn_bankd_call_malformed (call);
      return;
    }
  reason = jn_bankd_code_resolve (call->core, payload, call->now, &code);
  if (reason != 0)
    {
      fail_code (call, (JnErrorCode) reason, code.reference);
      return;
    }
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_begin_object (writer, "payee");
  jn_json_writer_string (writer, "name", code.merchant->name);
  jn_json_writer_string (writer, "account", code.merchant->bban);
  jn_json_writer_string (writer, "branch", code.merchant->branch);
  jn_json_writer_boolean (writer, "verified", TRUE);
  jn_json_writer_end_object (writer);
  if (code.amount > 0)
    jn_bankd_write_amount (writer, "amount", code.amount);
  jn_json_writer_boolean (writer, "amountEditable", code.amount == 0);
  jn_json_writer_string (writer, "category", jn_category_to_name (code.merchant->category));
  jn_json_writer_string (writer, "city", code.merchant->city);
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 200, writer);
}

static char *
squeeze (const char *name)
{
  g_autofree char *folded = jn_text_fold_width (name);
  g_autofree char *lower = g_utf8_casefold (folded, -1);
  GString *out = g_string_new (NULL);

  for (const char *p = lower; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isalnum (g_utf8_get_char (p)))
      g_string_append_unichar (out, g_utf8_get_char (p));
  return g_string_free (out, FALSE);
}

/* Close: the same but for one character, or one of two characters of a longer name missing. */
static gboolean
is_close (const char *a, const char *b)
{
  glong length = g_utf8_strlen (a, -1);
  int unlike = 0;

  if (length < 2 || length != g_utf8_strlen (b, -1))
    return length >= 2 && (strstr (a, b) != NULL || strstr (b, a) != NULL)
           && g_utf8_strlen (b, -1) >= 2;
  for (; *a != '\0'; a = g_utf8_next_char (a), b = g_utf8_next_char (b))
    unlike += g_utf8_get_char (a) != g_utf8_get_char (b);
  return unlike <= 1;
}

static const char *
compare_names (const char *registered, const char *given)
{
  g_autofree char *left = NULL;
  g_autofree char *right = NULL;

  if (registered == NULL)
    return "cannotCheck";
  left = squeeze (registered);
  right = squeeze (given);
  if (strcmp (left, right) == 0)
    return "match";
  return is_close (left, right) ? "close" : "noMatch";
}

/* "张*": the first character alone, so that the check cannot be used to collect names. */
static char *
mask_registered (const char *name)
{
  g_autofree char *first = g_utf8_substring (name, 0, 1);
  glong length = g_utf8_strlen (name, -1);

  return g_strconcat (first, length > 2 ? "**" : "*", NULL);
}

void
jn_bankd_handle_payee_check (JnBankdCall *call)
{
  const char *account = jn_json_string (jn_json_get (call->body, "account"));
  const char *name = jn_json_string (jn_json_get (call->body, "name"));
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  g_autofree char *registered = NULL;
  g_autofree char *masked = NULL;
  const char *zh, *en;
  gboolean in_house;

  if (!jn_bankd_json_only (call->body, "account name") || account == NULL || name == NULL
      || name[0] == '\0' || !jn_bankd_account_is_plausible (account) || !jn_text_is_name (name, 70))
    {
      jn_bankd_call_malformed (call);
      return;
    }
  in_house = g_str_has_prefix (account, JN_BANKD_HOUSE_PREFIX);
  registered = jn_bankd_db_text (call->core->db,
                                 "SELECT name FROM person WHERE bban = ?1 UNION ALL"
                                 " SELECT merchant.name FROM merchant JOIN account"
                                 " ON account.id = account WHERE bban = ?1",
                                 "s", account);
  if (in_house && registered == NULL)
    {
      jn_bankd_call_fail (call, 404, "RESOURCE_UNKNOWN", JN_ERROR_PAYEE_UNKNOWN);
      return;
    }
  if (registered != NULL)
    masked = mask_registered (registered);
  jn_bankd_bank_names (account, &zh, &en);
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "result", compare_names (registered, name));
  jn_json_writer_string (writer, "registeredName", masked);
  jn_bankd_write_bilingual (writer, "bankName", zh, en);
  jn_json_writer_string (writer, "product", in_house ? "book-transfers" : "ibps-credit-transfers");
  jn_json_writer_boolean (writer, "known",
                          jn_bankd_payment_is_known_payee (call->core, call->customer, account));
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 200, writer);
}

static void
write_customer (JnBankdCall *call, JnJsonWriter *writer)
{
  sqlite3_stmt *stmt = jn_bankd_db_query (
      call->core->db,
      "SELECT name, substr (phone, 1, 3) || '****' || substr (phone, -4), tier, limit_payment,"
      " limit_day, limit_year FROM customer WHERE id = ?",
      "i", call->customer);

  if (!jn_bankd_db_step (call->core->db, stmt))
    return;
  jn_json_writer_begin_object (writer, "customer");
  jn_json_writer_string (writer, "name", jn_bankd_column (stmt, 0));
  jn_json_writer_string (writer, "maskedPhone", jn_bankd_column (stmt, 1));
  jn_json_writer_string (writer, "tier", jn_bankd_column (stmt, 2));
  jn_json_writer_begin_object (writer, "limits");
  jn_bankd_write_amount (writer, "payment", sqlite3_column_int64 (stmt, 3));
  jn_bankd_write_amount (writer, "day", sqlite3_column_int64 (stmt, 4));
  jn_bankd_write_amount (writer, "year", sqlite3_column_int64 (stmt, 5));
  jn_json_writer_end_object (writer);
  jn_json_writer_end_object (writer);
  jn_bankd_db_done (stmt);
}

static void
write_bank_name (JnJsonWriter *writer, const char *number)
{
  const char *zh, *en;

  jn_bankd_bank_names (number, &zh, &en);
  jn_bankd_write_bilingual (writer, "bankName", zh, en);
}

static void
write_cards (JnBankdCall *call, JnJsonWriter *writer)
{
  sqlite3_stmt *stmt = jn_bankd_db_query (
      call->core->db, "SELECT id, pan, kind FROM card WHERE customer = ? ORDER BY id", "i",
      call->customer);

  jn_json_writer_begin_array (writer, "cards");
  while (jn_bankd_db_step (call->core->db, stmt))
    {
      g_autofree char *masked = jn_text_mask_account (jn_bankd_column (stmt, 1));

      jn_json_writer_begin_object (writer, NULL);
      jn_json_writer_string (writer, "cardId", jn_bankd_column (stmt, 0));
      jn_json_writer_string (writer, "maskedPan", masked);
      write_bank_name (writer, jn_bankd_column (stmt, 1));
      jn_json_writer_string (writer, "kind", jn_bankd_column (stmt, 2));
      jn_json_writer_boolean (writer, "topUp",
                              jn_bankd_card_can_top_up (jn_bankd_column (stmt, 2)));
      jn_json_writer_boolean (writer, "pays", TRUE);
      jn_json_writer_end_object (writer);
    }
  jn_json_writer_end_array (writer);
}

static void
write_payees (JnBankdCall *call, JnJsonWriter *writer)
{
  sqlite3_stmt *stmt = jn_bankd_db_query (call->core->db,
                                          "SELECT id, name, bban, last_paid_at FROM payee"
                                          " WHERE customer = ? ORDER BY"
                                          " coalesce (last_paid_at, 0) DESC, id",
                                          "i", call->customer);

  jn_json_writer_begin_array (writer, "payees");
  while (jn_bankd_db_step (call->core->db, stmt))
    {
      jn_json_writer_begin_object (writer, NULL);
      jn_json_writer_string (writer, "payeeId", jn_bankd_column (stmt, 0));
      jn_json_writer_string (writer, "name", jn_bankd_column (stmt, 1));
      jn_json_writer_string (writer, "account", jn_bankd_column (stmt, 2));
      write_bank_name (writer, jn_bankd_column (stmt, 2));
      if (sqlite3_column_type (stmt, 3) != SQLITE_NULL)
        jn_bankd_write_instant (writer, "lastPaidAt", sqlite3_column_int64 (stmt, 3));
      jn_json_writer_end_object (writer);
    }
  jn_json_writer_end_array (writer);
}

static void
write_upcoming (JnBankdCall *call, JnJsonWriter *writer)
{
  sqlite3_stmt *stmt = jn_bankd_db_query (
      call->core->db,
      "SELECT upcoming.id, merchant.name, amount, due_on, category FROM upcoming"
      " JOIN merchant ON merchant.id = merchant WHERE customer = ? AND state = 'open'"
      " ORDER BY due_on",
      "i", call->customer);

  jn_json_writer_begin_array (writer, "upcoming");
  while (jn_bankd_db_step (call->core->db, stmt))
    {
      jn_json_writer_begin_object (writer, NULL);
      jn_json_writer_string (writer, "upcomingId", jn_bankd_column (stmt, 0));
      jn_json_writer_string (writer, "payeeName", jn_bankd_column (stmt, 1));
      jn_bankd_write_amount (writer, "amount", sqlite3_column_int64 (stmt, 2));
      jn_bankd_write_date (writer, "dueDate", (JnDate) sqlite3_column_int64 (stmt, 3));
      jn_json_writer_string (writer, "category",
                             jn_category_to_name ((JnCategory) sqlite3_column_int (stmt, 4)));
      jn_json_writer_boolean (writer, "automatic", TRUE);
      jn_json_writer_end_object (writer);
    }
  jn_json_writer_end_array (writer);
}

static void
write_budgets (JnBankdCall *call, JnJsonWriter *writer)
{
  sqlite3_stmt *stmt = jn_bankd_db_query (call->core->db,
                                          "SELECT category, monthly FROM budget"
                                          " WHERE customer = ? ORDER BY category",
                                          "i", call->customer);

  jn_json_writer_begin_array (writer, "budgets");
  while (jn_bankd_db_step (call->core->db, stmt))
    {
      jn_json_writer_begin_object (writer, NULL);
      jn_json_writer_string (writer, "category",
                             jn_category_to_name ((JnCategory) sqlite3_column_int (stmt, 0)));
      jn_bankd_write_amount (writer, "monthly", sqlite3_column_int64 (stmt, 1));
      jn_json_writer_end_object (writer);
    }
  jn_json_writer_end_array (writer);
}

static void
write_goals (JnBankdCall *call, JnJsonWriter *writer)
{
  sqlite3_stmt *stmt = jn_bankd_db_query (call->core->db,
                                          "SELECT id, zh, en, target, saved, due_on FROM goal"
                                          " WHERE customer = ? ORDER BY due_on",
                                          "i", call->customer);

  jn_json_writer_begin_array (writer, "goals");
  while (jn_bankd_db_step (call->core->db, stmt))
    {
      jn_json_writer_begin_object (writer, NULL);
      jn_json_writer_string (writer, "goalId", jn_bankd_column (stmt, 0));
      jn_bankd_write_bilingual (writer, "name", jn_bankd_column (stmt, 1),
                                jn_bankd_column (stmt, 2));
      jn_bankd_write_amount (writer, "target", sqlite3_column_int64 (stmt, 3));
      jn_bankd_write_amount (writer, "saved", sqlite3_column_int64 (stmt, 4));
      jn_bankd_write_date (writer, "dueDate", (JnDate) sqlite3_column_int64 (stmt, 5));
      jn_json_writer_end_object (writer);
    }
  jn_json_writer_end_array (writer);
}

void
jn_bankd_handle_profile (JnBankdCall *call)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();

  jn_json_writer_begin_object (writer, NULL);
  write_customer (call, writer);
  write_cards (call, writer);
  write_payees (call, writer);
  write_upcoming (call, writer);
  write_budgets (call, writer);
  write_goals (call, writer);
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 200, writer);
}

void
jn_bankd_handle_events (JnBankdCall *call)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  sqlite3_stmt *stmt;
  gint64 after, wait;
  gboolean any = FALSE;

  if (!jn_bankd_call_number (call, "after", 0, G_MAXINT32, &after)
      || !jn_bankd_call_number (call, "wait", 0, MAX_WAIT, &wait))
    return;
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_begin_array (writer, "events");
  stmt = jn_bankd_db_query (call->core->db,
                            "SELECT sequence, kind FROM event WHERE customer = ? AND sequence > ?"
                            " ORDER BY sequence LIMIT 500",
                            "ii", call->customer, after);
  while (jn_bankd_db_step (call->core->db, stmt))
    {
      any = TRUE;
      after = sqlite3_column_int64 (stmt, 0);
      jn_json_writer_begin_object (writer, NULL);
      jn_json_writer_integer (writer, "sequence", after);
      jn_json_writer_string (writer, "kind", jn_bankd_column (stmt, 1));
      jn_json_writer_end_object (writer);
    }
  jn_json_writer_end_array (writer);
  if (!any)
    after = jn_bankd_db_integer (call->core->db, 0,
                                 "SELECT coalesce (max (sequence), 0) FROM event", "");
  jn_json_writer_integer (writer, "last", after);
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 200, writer);
  call->answer->wait = any ? 0 : (guint) wait;
}

void
jn_bankd_handle_event_stream (JnBankdCall *call)
{
  const char *last = call->request->last_event_id;
  gint64 newest =
      jn_bankd_db_integer (call->core->db, 0, "SELECT coalesce (max (sequence), 0) FROM event", "");
  guint64 after = (guint64) newest;

  if (last != NULL && !g_ascii_string_to_unsigned (last, 10, 0, G_MAXINT64, &after, NULL))
    {
      jn_bankd_call_malformed (call);
      return;
    }
  jn_bankd_call_answer_empty (call, 200);
  call->answer->stream_device = g_strdup (call->device);
  call->answer->stream_customer = call->customer;
  call->answer->stream_after = (gint64) after;
}
