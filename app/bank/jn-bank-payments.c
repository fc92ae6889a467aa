/* Payments: opened under the intent's id, approved by PIN (and SMS), and settled when no answer came. */
#include "jn-bank.h"

#include "jn-bank-call.h"
#include "jn-error.h"
#include "jn-wire-read.h"

#include <string.h>

/* ---- opening ---- */

static void
write_account (JnJsonWriter *writer, const char *name, const char *bban)
{
  jn_json_writer_begin_object (writer, name);
  jn_json_writer_string (writer, "bban", bban);
  jn_json_writer_end_object (writer);
}

static void
write_card (JnJsonWriter *writer, const char *name, const char *masked)
{
  jn_json_writer_begin_object (writer, name);
  jn_json_writer_string (writer, "maskedPan", masked);
  jn_json_writer_end_object (writer);
}

static void
write_amount (JnJsonWriter *writer, const char *name, JnMoney money)
{
  g_autofree char *amount = jn_money_to_wire (money);
  jn_json_writer_begin_object (writer, name);
  jn_json_writer_string (writer, "currency", jn_currency_get_code (money.currency));
  jn_json_writer_string (writer, "amount", amount);
  jn_json_writer_end_object (writer);
}

GBytes *
jn_payment_request_to_bytes (const JnPaymentRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  g_autofree char *intent = jn_id_to_string (&request->intent);
  gsize length = 0;

  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "endToEndIdentification", intent);
  if (request->card != NULL)
    write_card (writer, "debtorAccount", request->card);
  else
    write_account (writer, "debtorAccount", request->debtor_account);
  write_amount (writer, "instructedAmount", request->amount);
  write_account (writer, "creditorAccount", request->creditor_account);
  jn_json_writer_string (writer, "creditorName", request->creditor_name);
  if (request->memo != NULL && request->memo[0] != '\0')
    jn_json_writer_string (writer, "remittanceInformationUnstructured", request->memo);
  jn_json_writer_begin_object (writer, "wallet");
  jn_json_writer_string (writer, "qrPayload", request->qr_payload);
  jn_json_writer_string (writer, "cardId", request->card_id);
  jn_json_writer_string (writer, "coupon", request->coupon != NULL ? request->coupon : "none");
  jn_json_writer_end_object (writer);
  jn_json_writer_end_object (writer);
  char *text = jn_json_writer_finish (writer, &length);
  return g_bytes_new_take (text, length);
}

/* What the order has to say, whatever else it says. */
typedef struct
{
  JnId intent;
  char *product;
  char *account;
  char *card_id; /* NULL: the wallet pays */
  JnMoney amount;
} Expected;

static void
expected_free (gpointer data)
{
  Expected *expected = data;
  g_free (expected->product);
  g_free (expected->account);
  g_free (expected->card_id);
  g_free (expected);
}

static gpointer
read_order (JnBankExchange *exchange, JnJsonDoc **doc, GError **error)
{
  const Expected *expected = exchange->data;
  g_autoptr (JnWireOrder) order = jn_wire_read_order (jn_json_doc_root (*doc), error);

  if (order == NULL)
    return NULL;
  if (!jn_id_equal (&order->intent, &expected->intent)
      || !g_str_equal (order->product, expected->product)
      || !g_str_equal (order->payee_account, expected->account)
      || g_strcmp0 (order->card_id, expected->card_id) != 0
      || !jn_money_equal (order->original, expected->amount))
    {
      g_set_error_literal (error, JN_ERROR, JN_ERROR_ANSWER_INVALID, "an order for something else");
      return NULL;
    }
  return g_steal_pointer (&order);
}

void
jn_bank_initiate_async (JnBank *self, const JnPaymentRequest *request, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (JN_IS_BANK (self) && request != NULL);
  g_autofree char *intent = jn_id_to_string (&request->intent);
  g_autofree char *key = g_strdup_printf ("\"%s\"", intent);

  if (!jn_wire_is_path_id (request->product) || request->amount.minor <= 0
      || (request->card == NULL) != (request->card_id == NULL))
    {
      jn_bank_refuse (self, jn_bank_initiate_async, cancellable, callback, user_data,
                      "not a payment");
      return;
    }
  Expected *expected = g_new0 (Expected, 1);
  expected->intent = request->intent;
  expected->product = g_strdup (request->product);
  expected->account = g_strdup (request->creditor_account);
  expected->card_id = g_strdup (request->card_id);
  expected->amount = request->amount;
  JnRequest *sent =
      jn_bank_request ("POST", NULL, JN_BANK_WRITE_MS, "/psd2/v1/payments/%s", request->product);
  sent->body = jn_payment_request_to_bytes (request);
  jn_request_add_header (sent, "Idempotency-Key", key);
  jn_bank_call (self, sent, JN_BANK_NO_KEY, read_order, (GDestroyNotify) jn_wire_order_free,
                expected, expected_free, jn_bank_initiate_async, cancellable, callback, user_data);
}

JnWireOrder *
jn_bank_initiate_finish (JnBank *self, GAsyncResult *result, GError **error)
{
  return jn_bank_call_finish (self, result, jn_bank_initiate_async, error);
}

/* ---- authorisation ---- */

static gpointer
read_authorisation (JnBankExchange *exchange, JnJsonDoc **doc, GError **error)
{
  JnJson *root = jn_json_doc_root (*doc);
  const char *digest = exchange->data;
  const char *id = jn_json_string (jn_json_get (root, "authorisationId"));
  JnJson *challenge = jn_json_path (root, "challengeData/data");

  if (!jn_wire_is_path_id (id))
    {
      g_set_error_literal (error, JN_ERROR, JN_ERROR_ANSWER_INVALID, "no authorisation id");
      return NULL;
    }
  if (challenge != NULL && g_strcmp0 (jn_json_string (jn_json_at (challenge, 0)), digest) != 0)
    {
      g_set_error_literal (error, JN_ERROR, JN_ERROR_SIGNATURE_BAD,
                           "a challenge for another order");
      return NULL;
    }
  return g_strdup (id);
}

void
jn_bank_authorise_async (JnBank *self, const JnWireOrder *order, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (JN_IS_BANK (self) && order != NULL);
  JnRequest *request =
      jn_bank_request ("POST", NULL, JN_BANK_WRITE_MS, "/psd2/v1/payments/%s/%s/authorisations",
                       order->product, order->payment_id);
  jn_bank_call (self, request, JN_BANK_FRESH_KEY, read_authorisation, g_free,
                g_strdup (order->digest), g_free, jn_bank_authorise_async, cancellable, callback,
                user_data);
}

char *
jn_bank_authorise_finish (JnBank *self, GAsyncResult *result, GError **error)
{
  return jn_bank_call_finish (self, result, jn_bank_authorise_async, error);
}

/* "commit;dur=1.5" of a Server-Timing field; −1 when there is none. */
static double
read_commit_ms (GHashTable *headers)
{
  const char *field = g_hash_table_lookup (headers, "server-timing");
  const char *found = field != NULL ? strstr (field, "commit;dur=") : NULL;
  char *end = NULL;
  if (found == NULL)
    return -1;
  const char *number = found + strlen ("commit;dur=");
  double milliseconds = g_ascii_strtod (number, &end);
  return end != number && milliseconds >= 0 && milliseconds < 1e6 ? milliseconds : -1;
}

static gpointer
read_approval (JnBankExchange *exchange, JnJsonDoc **doc, GError **error)
{
  JnJson *root = jn_json_doc_root (*doc);
  const char *sca = jn_json_string (jn_json_get (root, "scaStatus"));
  const char *status = jn_json_string (jn_json_get (root, "transactionStatus"));
  g_autofree JnWireApprovalAnswer *answer = g_new0 (JnWireApprovalAnswer, 1);

  answer->bank_commit_ms = read_commit_ms (exchange->headers);
  if (g_strcmp0 (sca, "finalised") == 0 && g_strcmp0 (status, "ACSC") == 0)
    {
      const char *id = jn_json_string (jn_json_get (root, "transactionId"));
      answer->state = JN_WIRE_APPROVAL_MADE;
      if (id != NULL && jn_id_from_string (id, &answer->transaction))
        return g_steal_pointer (&answer);
    }
  else if (g_strcmp0 (sca, "psuAuthenticated") == 0)
    {
      answer->state = JN_WIRE_APPROVAL_NEEDS_SMS;
      return g_steal_pointer (&answer);
    }
  else if (g_strcmp0 (sca, "scaMethodSelected") == 0)
    {
      answer->state = JN_WIRE_APPROVAL_SMS_SENT;
      return g_steal_pointer (&answer);
    }
  g_set_error_literal (error, JN_ERROR, JN_ERROR_ANSWER_INVALID, "not an answer to an approval");
  return NULL;
}

/* Takes @body. */
static void
approve (JnBank *self, const JnWireOrder *order, const char *authorisation_id, GBytes *body,
         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  if (body == NULL || !jn_wire_is_path_id (authorisation_id))
    {
      g_clear_pointer (&body, g_bytes_unref);
      jn_bank_refuse (self, jn_bank_approve_finish, cancellable, callback, user_data,
                      "not an approval");
      return;
    }
  JnRequest *request =
      jn_bank_request ("PUT", NULL, JN_BANK_WRITE_MS, "/psd2/v1/payments/%s/%s/authorisations/%s",
                       order->product, order->payment_id, authorisation_id);
  request->body = body;
  jn_bank_call (self, request, JN_BANK_FRESH_KEY, read_approval, g_free, NULL, NULL,
                jn_bank_approve_finish, cancellable, callback, user_data);
}

void
jn_bank_approve_pin_async (JnBank *self, const JnWireOrder *order, const char *authorisation_id,
                           JnSecret *pin, JnDevice *device, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (JN_IS_BANK (self) && order != NULL && pin != NULL && device != NULL);
  g_autofree char *challenge = g_strconcat (order->digest, ":", authorisation_id, NULL);
  g_autofree char *signature = jn_device_sign (device, challenge, strlen (challenge));
  g_autofree char *after = g_strconcat ("\"},\"deviceSignature\":\"", signature, "\"}", NULL);
  GBytes *body = jn_bank_secret_body ("{\"psuData\":{\"password\":\"", pin, after);
  approve (self, order, authorisation_id, body, cancellable, callback, user_data);
}

static GBytes *
one_member (const char *name, const char *value)
{
  gsize length = 0;
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, name, value);
  jn_json_writer_end_object (writer);
  char *text = jn_json_writer_finish (writer, &length);
  return g_bytes_new_take (text, length);
}

void
jn_bank_request_sms_async (JnBank *self, const JnWireOrder *order, const char *authorisation_id,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (JN_IS_BANK (self) && order != NULL);
  approve (self, order, authorisation_id, one_member ("authenticationMethodId", "sms"), cancellable,
           callback, user_data);
}

void
jn_bank_approve_sms_async (JnBank *self, const JnWireOrder *order, const char *authorisation_id,
                           const char *code, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (JN_IS_BANK (self) && order != NULL && code != NULL);
  approve (self, order, authorisation_id, one_member ("scaAuthenticationData", code), cancellable,
           callback, user_data);
}

gboolean
jn_bank_approve_finish (JnBank *self, GAsyncResult *result, JnWireApprovalAnswer *out,
                        GError **error)
{
  g_autofree JnWireApprovalAnswer *answer =
      jn_bank_call_finish (self, result, jn_bank_approve_finish, error);
  if (answer == NULL)
    return FALSE;
  if (out != NULL)
    *out = *answer;
  return TRUE;
}

/* ---- settlement ---- */

static gpointer
read_settlement (JnBankExchange *exchange, JnJsonDoc **doc, GError **error)
{
  JnJson *root = jn_json_doc_root (*doc);
  const JnId *asked = exchange->data;
  g_autofree JnWireIntent *intent = g_new0 (JnWireIntent, 1);
  JnId answered = { { 0 } };
  gboolean made = FALSE;
  const char *id = jn_json_string (jn_json_get (root, "intentId"));
  const char *transaction = jn_json_string (jn_json_get (root, "transactionId"));

  if (id == NULL || !jn_id_from_string (id, &answered) || !jn_id_equal (&answered, asked)
      || !jn_json_boolean (jn_json_get (root, "made"), &made)
      || (made && (transaction == NULL || !jn_id_from_string (transaction, &intent->transaction))))
    {
      g_set_error_literal (error, JN_ERROR, JN_ERROR_ANSWER_INVALID, "not a verdict");
      return NULL;
    }
  intent->verdict = made ? JN_WIRE_VERDICT_MADE : JN_WIRE_VERDICT_NOT_MADE;
  intent->reason = jn_error_code_from_name (jn_json_string (jn_json_get (root, "reason")));
  return g_steal_pointer (&intent);
}

void
jn_bank_settle_async (JnBank *self, const JnId *intent, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (JN_IS_BANK (self) && intent != NULL);
  g_autofree char *id = jn_id_to_string (intent);
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_end_object (writer);
  JnRequest *request =
      jn_bank_request ("POST", writer, JN_BANK_WRITE_MS, "/wallet/v1/intents/%s/settlement", id);
  jn_bank_call (self, request, JN_BANK_FRESH_KEY, read_settlement, g_free,
                g_memdup2 (intent, sizeof *intent), g_free, jn_bank_settle_async, cancellable,
                callback, user_data);
}

gboolean
jn_bank_settle_finish (JnBank *self, GAsyncResult *result, JnWireIntent *out, GError **error)
{
  g_autofree JnWireIntent *intent = jn_bank_call_finish (self, result, jn_bank_settle_async, error);
  if (intent == NULL)
    return FALSE;
  if (out != NULL)
    *out = *intent;
  return TRUE;
}
