#include "jn-bankd-cards.h"

#include <string.h>

#include "jn-bankd-book.h"
#include "jn-bankd-merchants.h"
#include "jn-text.h"

void
jn_bankd_card_clear (JnBankdCard *self)
{
  g_free (self->id);
  g_free (self->pan);
  g_free (self->kind);
  g_free (self->masked);
}

gboolean
jn_bankd_card_load (JnBankdCore *core, gint64 customer, const char *id, JnBankdCard *out)
{
  sqlite3_stmt *stmt = jn_bankd_db_query (
      core->db, "SELECT pan, kind FROM card WHERE id = ? AND customer = ?", "si", id, customer);

  if (!jn_bankd_db_step (core->db, stmt))
    return FALSE;
  out->id = g_strdup (id);
  out->pan = g_strdup (jn_bankd_column (stmt, 0));
  out->kind = g_strdup (jn_bankd_column (stmt, 1));
  out->masked = jn_text_mask_account (out->pan);
  jn_bankd_db_done (stmt);
  return TRUE;
}

gboolean
jn_bankd_card_can_top_up (const char *kind)
{
  return strcmp (kind, "debit") == 0;
}

void
jn_bankd_card_write_account (JnJsonWriter *writer, const char *name, const char *masked)
{
  if (masked == NULL)
    return;
  jn_json_writer_begin_object (writer, name);
  jn_json_writer_string (writer, "maskedPan", masked);
  jn_json_writer_end_object (writer);
}

gboolean
jn_bankd_card_bring (JnBankdCore *core, gint64 customer, const JnBankdCard *self, gint64 amount,
                     const char *id, const char *intent, JnInstant now, GError **error)
{
  gint64 wallet = jn_bankd_book_account_of (core, customer, "wallet");
  g_autofree char *owner =
      jn_bankd_db_text (core->db, "SELECT name FROM customer WHERE id = ?", "i", customer);
  g_autofree char *bban =
      jn_bankd_db_text (core->db, "SELECT bban FROM account WHERE id = ?", "i", wallet);
  const char *zh, *en;
  JnBankdTransfer transfer = {
    .id = id,
    .intent = intent,
    .kind = "topup",
    .category = JN_CATEGORY_TRANSFER,
    .currency = JN_CURRENCY_CNY,
    .at = now,
    .creditor_name = owner,
    .creditor_bban = bban,
    .memo = self->masked,
    .card = self->masked,
    .code = "PMNT-RCDT-DMCT",
    .legs = { { JN_BANKD_ACCOUNT_CLEARING, -amount }, { wallet, amount } },
    .n_legs = 2,
  };

  jn_bankd_bank_names (self->pan, &zh, &en);
  transfer.debtor_name = zh;
  return jn_bankd_book_post (core, &transfer, error);
}
