#include <string.h>

#include "jn-bankd-handlers.h"
#include "jn-bankd-payments.h"

static gboolean
answer_intent (JnBankdCall *call)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  sqlite3_stmt *stmt = jn_bankd_db_query (call->core->db,
                                          "SELECT state, reason, transfer FROM intent"
                                          " WHERE id = ? AND customer = ?",
                                          "si", call->args[0], call->customer);

  if (!jn_bankd_db_step (call->core->db, stmt))
    return FALSE;
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "intentId", call->args[0]);
  jn_json_writer_string (writer, "transactionStatus", jn_bankd_column (stmt, 0));
  jn_json_writer_boolean (writer, "made", strcmp (jn_bankd_column (stmt, 0), "ACSC") == 0);
  jn_json_writer_string (writer, "transactionId", jn_bankd_column (stmt, 2));
  jn_json_writer_string (writer, "reason", jn_error_code_get_name (sqlite3_column_int (stmt, 1)));
  jn_json_writer_end_object (writer);
  jn_bankd_db_done (stmt);
  jn_bankd_call_answer (call, 200, writer);
  return TRUE;
}

void
jn_bankd_handle_intent (JnBankdCall *call)
{
  if (!answer_intent (call))
    jn_bankd_call_fail (call, 404, "RESOURCE_UNKNOWN", JN_ERROR_INVALID);
}

void
jn_bankd_handle_settlement (JnBankdCall *call)
{
  JnId id;

  if (!jn_bankd_json_only (call->body, "") || !jn_id_from_string (call->args[0], &id))
    {
      jn_bankd_call_malformed (call);
      return;
    }
  jn_bankd_db_run (call->core->db,
                   "INSERT INTO intent (id, customer, state, reason, created_at)"
                   " VALUES (?, ?, 'RCVD', 0, ?) ON CONFLICT DO NOTHING",
                   "sii", call->args[0], call->customer, call->now);
  /* Of this customer alone: an id that another one uses is not known here. */
  if (jn_bankd_db_integer (call->core->db, 0, "SELECT customer FROM intent WHERE id = ?", "s",
                           call->args[0])
      == call->customer)
    jn_bankd_payment_close (call->core, call->args[0], "CANC", JN_ERROR_CANCELLED);
  jn_bankd_handle_intent (call);
}
