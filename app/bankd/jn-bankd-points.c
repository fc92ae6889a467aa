#include "jn-bankd-points.h"

#include "jn-bankd-book.h"
#include "jn-bankd-handlers.h"

gboolean
jn_bankd_points_add (JnBankdCore *core, gint64 customer, gint64 points, const char *kind,
                     const char *payee, const char *money_transfer, JnInstant at, GError **error)
{
  JnBankdTransfer transfer = {
    .kind = kind,
    .category = JN_CATEGORY_OTHER,
    .currency = JN_CURRENCY_POINTS,
    .at = at,
    .creditor_name = payee,
    .money_transfer = money_transfer,
    .legs = { { JN_BANKD_ACCOUNT_POINTS, points }, { JN_BANKD_ACCOUNT_POINTS_ISSUED, -points } },
    .n_legs = 2,
  };

  return jn_bankd_book_post (core, &transfer, error);
}

gboolean
jn_bankd_points_expire (JnBankdCore *core, JnInstant now)
{
  gint64 lot = jn_bankd_db_integer (core->db, 0,
                                    "SELECT sum (points) FROM points_lot"
                                    " WHERE state = 'open' AND expires_on <= ?",
                                    "i", (gint64) jn_date_at (now));
  gint64 balance = jn_bankd_book_balance (core, JN_BANKD_ACCOUNT_POINTS);

  if (lot == 0)
    return FALSE;
  jn_bankd_db_run (core->db,
                   "UPDATE points_lot SET state = 'expired'"
                   " WHERE state = 'open' AND expires_on <= ?",
                   "i", (gint64) jn_date_at (now));
  if (MIN (lot, balance) > 0)
    jn_bankd_points_add (core, JN_BANKD_CUSTOMER, -MIN (lot, balance), "expired", NULL, NULL, now,
                         NULL);
  return TRUE;
}

static void
write_expiring (JnBankdCall *call, JnJsonWriter *writer)
{
  sqlite3_stmt *stmt = jn_bankd_db_query (call->core->db,
                                          "SELECT points, expires_on FROM points_lot"
                                          " WHERE customer = ? AND state = 'open'"
                                          " ORDER BY expires_on",
                                          "i", call->customer);

  jn_json_writer_begin_array (writer, "expiring");
  while (jn_bankd_db_step (call->core->db, stmt))
    {
      jn_json_writer_begin_object (writer, NULL);
      jn_json_writer_integer (writer, "points", sqlite3_column_int64 (stmt, 0));
      jn_bankd_write_date (writer, "date", (JnDate) sqlite3_column_int64 (stmt, 1));
      jn_json_writer_end_object (writer);
    }
  jn_json_writer_end_array (writer);
}

void
jn_bankd_handle_points (JnBankdCall *call)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  sqlite3_stmt *stmt;
  gint64 from;

  if (!jn_bankd_call_number (call, "from", 0, G_MAXINT32, &from))
    return;
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_integer (writer, "balance",
                          jn_bankd_book_balance (call->core, JN_BANKD_ACCOUNT_POINTS));
  write_expiring (call, writer);
  jn_json_writer_begin_array (writer, "entries");
  stmt = jn_bankd_db_query (call->core->db,
                            "SELECT sequence, id, amount, balance_after, occurred_at, kind,"
                            " creditor_name, money_transfer FROM entry"
                            " JOIN transfer ON transfer.number = entry.transfer"
                            " WHERE account = ? AND sequence > ? ORDER BY sequence LIMIT 500",
                            "ii", JN_BANKD_ACCOUNT_POINTS, from);
  while (jn_bankd_db_step (call->core->db, stmt))
    {
      jn_json_writer_begin_object (writer, NULL);
      jn_json_writer_integer (writer, "sequence", sqlite3_column_int64 (stmt, 0));
      jn_json_writer_string (writer, "id", jn_bankd_column (stmt, 1));
      jn_json_writer_integer (writer, "points", sqlite3_column_int64 (stmt, 2));
      jn_json_writer_integer (writer, "balanceAfter", sqlite3_column_int64 (stmt, 3));
      jn_bankd_write_instant (writer, "occurredAt", sqlite3_column_int64 (stmt, 4));
      jn_json_writer_string (writer, "kind", jn_bankd_column (stmt, 5));
      jn_json_writer_string (writer, "payeeName", jn_bankd_column (stmt, 6));
      jn_json_writer_string (writer, "transactionId", jn_bankd_column (stmt, 7));
      jn_json_writer_end_object (writer);
    }
  jn_json_writer_end_array (writer);
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 200, writer);
}
