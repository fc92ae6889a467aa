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
    .legs = { { jn_bankd_book_account_of (core, customer, "points"), points },
              { JN_BANKD_ACCOUNT_POINTS_ISSUED, -points } },
    .n_legs = 2,
  };

  return jn_bankd_book_post (core, &transfer, error);
}

static void
expire_one (JnBankdCore *core, gint64 customer, JnInstant now)
{
  gint64 today = (gint64) jn_date_at (now);
  gint64 lot = jn_bankd_db_integer (core->db, 0,
                                    "SELECT sum (points) FROM points_lot WHERE customer = ?"
                                    " AND state = 'open' AND expires_on <= ?",
                                    "ii", customer, today);
  gint64 balance =
      jn_bankd_book_balance (core, jn_bankd_book_account_of (core, customer, "points"));

  jn_bankd_db_run (core->db,
                   "UPDATE points_lot SET state = 'expired' WHERE customer = ?"
                   " AND state = 'open' AND expires_on <= ?",
                   "ii", customer, today);
  if (MIN (lot, balance) > 0)
    jn_bankd_points_add (core, customer, -MIN (lot, balance), "expired", NULL, NULL, now, NULL);
  jn_bankd_core_tell (core, customer, "points");
}

void
jn_bankd_points_expire (JnBankdCore *core, JnInstant now)
{
  gint64 customer;

  while ((customer = jn_bankd_db_integer (core->db, 0,
                                          "SELECT customer FROM points_lot"
                                          " WHERE state = 'open' AND expires_on <= ? LIMIT 1",
                                          "i", (gint64) jn_date_at (now)))
             != 0
         && !jn_bankd_db_has_failed (core->db))
    expire_one (core, customer, now);
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
  gint64 account = jn_bankd_book_account_of (call->core, call->customer, "points");
  sqlite3_stmt *stmt;
  gint64 from;

  if (!jn_bankd_call_number (call, "from", 0, G_MAXINT32, &from))
    return;
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_integer (writer, "balance", jn_bankd_book_balance (call->core, account));
  write_expiring (call, writer);
  jn_json_writer_begin_array (writer, "entries");
  stmt = jn_bankd_db_query (call->core->db,
                            "SELECT sequence, id, amount, balance_after, occurred_at, kind,"
                            " creditor_name, money_transfer FROM entry"
                            " JOIN transfer ON transfer.number = entry.transfer"
                            " WHERE account = ? AND sequence > ? ORDER BY sequence LIMIT 500",
                            "ii", account, from);
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
