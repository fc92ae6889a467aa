/* Money from a card to the wallet. */
#include "jn-bank.h"

#include "jn-bank-call.h"

static gpointer
read_done (JnBankExchange *exchange, JnJsonDoc **doc, GError **error)
{
  return GINT_TO_POINTER (TRUE);
}

void
jn_bank_top_up_async (JnBank *self, const JnId *key, const char *account, const char *card_id,
                      JnMoney amount, GCancellable *cancellable, GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_return_if_fail (JN_IS_BANK (self) && key != NULL && card_id != NULL);
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  g_autofree char *wire = jn_money_to_wire (amount);
  g_autofree char *id = jn_id_to_string (key);
  g_autofree char *field = g_strdup_printf ("\"%s\"", id);

  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "cardId", card_id);
  jn_json_writer_begin_object (writer, "amount");
  jn_json_writer_string (writer, "currency", jn_currency_get_code (amount.currency));
  jn_json_writer_string (writer, "amount", wire);
  jn_json_writer_end_object (writer);
  jn_json_writer_end_object (writer);
  JnRequest *request =
      jn_bank_request ("POST", writer, JN_BANK_WRITE_MS, "/wallet/v1/transactions/type/deposit");
  jn_request_add_header (request, "Idempotency-Key", field);
  jn_bank_call (self, request, JN_BANK_NO_KEY, read_done, NULL, NULL, NULL, jn_bank_top_up_async,
                cancellable, callback, user_data);
}

gboolean
jn_bank_top_up_finish (JnBank *self, GAsyncResult *result, GError **error)
{
  return jn_bank_call_finish (self, result, jn_bank_top_up_async, error) != NULL;
}
