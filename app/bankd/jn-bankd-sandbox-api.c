#include "jn-bankd-handlers.h"
#include "jn-bankd-merchants.h"
#include "jn-bankd-seed.h"

#define BILL_LIFETIME (10 * JN_MINUTE)

void
jn_bankd_handle_messages (JnBankdCall *call)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  sqlite3_stmt *stmt;
  gint64 after;

  if (!jn_bankd_call_number (call, "after", 0, G_MAXINT32, &after))
    return;
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_begin_array (writer, "messages");
  stmt = jn_bankd_db_query (call->core->db,
                            "SELECT sequence, sent_at, kind, code, amount, payee FROM sms"
                            " WHERE sequence > ? ORDER BY sequence LIMIT 500",
                            "i", after);
  while (jn_bankd_db_step (call->core->db, stmt))
    {
      after = sqlite3_column_int64 (stmt, 0);
      jn_json_writer_begin_object (writer, NULL);
      jn_json_writer_integer (writer, "sequence", after);
      jn_bankd_write_instant (writer, "sentAt", sqlite3_column_int64 (stmt, 1));
      jn_json_writer_string (writer, "kind", jn_bankd_column (stmt, 2));
      jn_json_writer_string (writer, "code", jn_bankd_column (stmt, 3));
      if (sqlite3_column_type (stmt, 4) != SQLITE_NULL)
        jn_bankd_write_amount (writer, "amount", sqlite3_column_int64 (stmt, 4));
      jn_json_writer_string (writer, "payeeName", jn_bankd_column (stmt, 5));
      jn_json_writer_end_object (writer);
    }
  jn_json_writer_end_array (writer);
  jn_json_writer_integer (writer, "last", after);
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 200, writer);
}

/* A bill number that fits EMVCo's 25 characters. */
static char *
make_bill (JnBankdCall *call, const char *merchant, gint64 amount)
{
  g_autofree char *id = jn_bankd_core_make_id (call->core);
  char *reference = g_strdup (id + 2);

  jn_bankd_db_run (call->core->db,
                   "INSERT INTO bill (reference, merchant, amount, expires_at)"
                   " VALUES (?, ?, ?, ?)",
                   "ssii", reference, merchant, amount, call->now + BILL_LIFETIME);
  return reference;
}

static void
write_shop (JnBankdCall *call, JnJsonWriter *writer, const char *id, gint64 amount)
{
  g_autoptr (JnBankdMerchant) merchant = jn_bankd_merchant_find (call->core, id);
  g_autofree char *reference = NULL;
  g_autofree char *payload = NULL;

  if (merchant == NULL)
    return;
  if (amount > 0)
    reference = make_bill (call, id, amount);
  payload = jn_bankd_merchant_code (merchant, amount, reference);
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "shopId", id);
  jn_json_writer_string (writer, "name", merchant->name);
  jn_json_writer_string (writer, "branch", merchant->branch);
  jn_json_writer_string (writer, "category", jn_category_to_name (merchant->category));
  jn_json_writer_string (writer, "payload", payload);
  if (amount > 0)
    jn_bankd_write_amount (writer, "amount", amount);
  jn_json_writer_end_object (writer);
}

void
jn_bankd_handle_shops (JnBankdCall *call)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  sqlite3_stmt *stmt = jn_bankd_db_query (call->core->db,
                                          "SELECT id, coalesce (shop_amount, 0) FROM merchant"
                                          " WHERE shop IS NOT NULL ORDER BY shop",
                                          "");

  /* Codes nobody paid are forgotten a day after they ended. */
  jn_bankd_db_run (call->core->db, "DELETE FROM bill WHERE paid_by IS NULL AND expires_at < ?", "i",
                   call->now - JN_DAY);
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_begin_array (writer, "shops");
  while (jn_bankd_db_step (call->core->db, stmt))
    write_shop (call, writer, jn_bankd_column (stmt, 0), sqlite3_column_int64 (stmt, 1));
  jn_json_writer_end_array (writer);
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 200, writer);
}

void
jn_bankd_handle_reset (JnBankdCall *call)
{
  if (!jn_bankd_json_only (call->body, ""))
    {
      jn_bankd_call_malformed (call);
      return;
    }
  jn_bankd_db_clear (call->core->db);
  jn_bankd_seed (call->core, call->core->seed, call->now);
  call->core->next_due = 0;
  jn_bankd_call_answer_empty (call, 204);
}
