/* Money that comes back from a payee. */
#include "jn-bankd-book.h"
#include "jn-bankd-handlers.h"

/* What a refund needs of the payment that comes back. */
typedef struct
{
  gint64 number, customer;
  JnCategory category;
  char *payee, *payee_bban, *owner, *own_bban;
} Paid;

static void
paid_clear (Paid *self)
{
  g_free (self->payee);
  g_free (self->payee_bban);
  g_free (self->owner);
  g_free (self->own_bban);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Paid, paid_clear)

static gboolean
load_paid (JnBankdCall *call, const char *id, Paid *paid)
{
  sqlite3_stmt *stmt =
      jn_bankd_db_query (call->core->db,
                         "SELECT number, account.customer, category, creditor_name, creditor_bban,"
                         " debtor_name, debtor_bban FROM transfer"
                         " JOIN entry ON entry.transfer = number"
                         " JOIN account ON account.id = entry.account"
                         " WHERE transfer.id = ? AND account.kind = 'wallet' AND amount < 0"
                         " AND transfer.kind IN ('payment', 'transfer', 'bill')",
                         "s", id);

  if (!jn_bankd_db_step (call->core->db, stmt))
    {
      jn_bankd_call_fail (call, 404, "RESOURCE_UNKNOWN", JN_ERROR_INVALID);
      return FALSE;
    }
  paid->number = sqlite3_column_int64 (stmt, 0);
  paid->customer = sqlite3_column_int64 (stmt, 1);
  paid->category = (JnCategory) sqlite3_column_int (stmt, 2);
  paid->payee = g_strdup (jn_bankd_column (stmt, 3));
  paid->payee_bban = g_strdup (jn_bankd_column (stmt, 4));
  paid->owner = g_strdup (jn_bankd_column (stmt, 5));
  paid->own_bban = g_strdup (jn_bankd_column (stmt, 6));
  jn_bankd_db_done (stmt);
  return TRUE;
}

/* Every leg the other way: also the bank gets back what it added for a coupon. */
static void
turn_legs (JnBankdCall *call, gint64 number, JnBankdTransfer *transfer)
{
  sqlite3_stmt *stmt = jn_bankd_db_query (
      call->core->db, "SELECT account, amount FROM entry WHERE transfer = ?", "i", number);

  while (jn_bankd_db_step (call->core->db, stmt))
    if (transfer->n_legs < JN_BANKD_MAX_LEGS)
      transfer->legs[transfer->n_legs++] =
          (JnBankdLeg){ sqlite3_column_int64 (stmt, 0), -sqlite3_column_int64 (stmt, 1) };
}

static gboolean
book_return (JnBankdCall *call, const Paid *paid, const char *original, const char *id,
             GError **error)
{
  JnBankdTransfer transfer = {
    .id = id,
    .kind = "refund",
    .category = paid->category,
    .currency = JN_CURRENCY_CNY,
    .at = call->now,
    .debtor_name = paid->payee,
    .debtor_bban = paid->payee_bban,
    .creditor_name = paid->owner,
    .creditor_bban = paid->own_bban,
    .code = "PMNT-ICDT-RRTN",
    .returns = original,
  };

  turn_legs (call, paid->number, &transfer);
  return jn_bankd_book_post (call->core, &transfer, error);
}

void
jn_bankd_handle_return (JnBankdCall *call)
{
  const char *original = jn_json_string (jn_json_get (call->body, "transactionId"));
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  g_auto (Paid) paid = { 0 };

  if (!jn_bankd_json_only (call->body, "transactionId") || original == NULL)
    {
      jn_bankd_call_malformed (call);
      return;
    }
  if (!load_paid (call, original, &paid))
    return;
  if (jn_bankd_db_integer (call->core->db, 0, "SELECT count (*) FROM transfer WHERE returns = ?",
                           "s", original)
      > 0)
    {
      jn_bankd_call_fail (call, 409, "STATUS_INVALID", JN_ERROR_CONFLICT);
      return;
    }
  id = jn_bankd_core_make_id (call->core);
  if (!book_return (call, &paid, original, id, &error))
    {
      jn_bankd_call_fail (call, 409, "STATUS_INVALID", (JnErrorCode) error->code);
      return;
    }
  jn_bankd_core_tell (call->core, paid.customer, "feed");
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "transactionId", id);
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 201, writer);
}
