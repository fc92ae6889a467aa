/* Money that moves without a payment of the customer: from a card to the wallet, and back from a payee. */
#include <string.h>

#include "jn-bankd-book.h"
#include "jn-bankd-handlers.h"
#include "jn-bankd-merchants.h"
#include "jn-text.h"

typedef struct
{
  char *pan, *kind;
} Card;

static void
card_clear (Card *self)
{
  g_free (self->pan);
  g_free (self->kind);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Card, card_clear)

static gboolean
load_card (JnBankdCall *call, const char *id, Card *card)
{
  sqlite3_stmt *stmt =
      jn_bankd_db_query (call->core->db, "SELECT pan, kind FROM card WHERE id = ? AND customer = ?",
                         "si", id, call->customer);

  if (!jn_bankd_db_step (call->core->db, stmt))
    {
      jn_bankd_call_fail (call, 404, "RESOURCE_UNKNOWN", JN_ERROR_INVALID);
      return FALSE;
    }
  card->pan = g_strdup (jn_bankd_column (stmt, 0));
  card->kind = g_strdup (jn_bankd_column (stmt, 1));
  jn_bankd_db_done (stmt);
  return TRUE;
}

/* Why the card's bank or this one says no; 0 when both say yes. */
static JnErrorCode
refuse_deposit (JnBankdCall *call, const Card *card, gint64 amount)
{
  if (amount == 0)
    return JN_ERROR_AMOUNT_ZERO;
  if (amount > jn_bankd_db_integer (call->core->db, 0,
                                    "SELECT limit_payment FROM customer WHERE id = ?", "i",
                                    call->customer))
    return JN_ERROR_OVER_LIMIT;
  /* A credit card is not money of the customer's. */
  return strcmp (card->kind, "debit") == 0 ? 0 : JN_ERROR_REFUSED;
}

static gboolean
book_deposit (JnBankdCall *call, const Card *card, gint64 amount, const char *id, GError **error)
{
  gint64 wallet = jn_bankd_book_account_of (call->core, call->customer, "wallet");
  g_autofree char *owner = jn_bankd_db_text (
      call->core->db, "SELECT name FROM customer WHERE id = ?", "i", call->customer);
  g_autofree char *bban =
      jn_bankd_db_text (call->core->db, "SELECT bban FROM account WHERE id = ?", "i", wallet);
  g_autofree char *masked = jn_text_mask_account (card->pan);
  const char *zh, *en;
  JnBankdTransfer transfer = {
    .id = id,
    .intent = call->key,
    .kind = "topup",
    .category = JN_CATEGORY_TRANSFER,
    .currency = JN_CURRENCY_CNY,
    .at = call->now,
    .creditor_name = owner,
    .creditor_bban = bban,
    .memo = masked,
    .code = "PMNT-RCDT-DMCT",
    .legs = { { JN_BANKD_ACCOUNT_CLEARING, -amount }, { wallet, amount } },
    .n_legs = 2,
  };

  jn_bankd_bank_names (card->pan, &zh, &en);
  transfer.debtor_name = zh;
  return jn_bankd_book_post (call->core, &transfer, error);
}

void
jn_bankd_handle_deposit (JnBankdCall *call)
{
  const char *card_id = jn_json_string (jn_json_get (call->body, "cardId"));
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  g_auto (Card) card = { 0 };
  gint64 amount = 0;
  JnErrorCode reason;

  if (!jn_bankd_json_only (call->body, "cardId amount") || card_id == NULL
      || !jn_bankd_read_amount (jn_json_get (call->body, "amount"), &amount) || amount < 0)
    {
      jn_bankd_call_malformed (call);
      return;
    }
  if (!load_card (call, card_id, &card))
    return;
  reason = refuse_deposit (call, &card, amount);
  id = jn_bankd_core_make_id (call->core);
  if (reason == 0 && !book_deposit (call, &card, amount, id, &error))
    reason = (JnErrorCode) error->code;
  if (reason != 0)
    {
      jn_bankd_call_fail (call, 400, "PAYMENT_FAILED", reason);
      return;
    }
  jn_bankd_core_tell (call->core, call->customer, "feed");
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "transactionId", id);
  jn_json_writer_string (writer, "state", "booked");
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 201, writer);
}

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
