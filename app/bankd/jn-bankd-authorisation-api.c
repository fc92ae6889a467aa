#include <sodium.h>
#include <string.h>

#include "jn-bankd-handlers.h"
#include "jn-bankd-payments.h"
#include "jn-bankd-pin.h"
#include "jn-bankd-sms.h"
#include "jn-text.h"

#define MAX_CODES 5 /* sent for one authorisation */

typedef struct
{
  JnBankdPayment *payment;
  char *id, *state, *code;
  JnInstant code_expires_at;
  gint64 code_tries, codes_sent;
} Authorisation;

static void
authorisation_clear (Authorisation *self)
{
  jn_bankd_payment_free (self->payment);
  g_free (self->id);
  g_free (self->state);
  g_free (self->code);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Authorisation, authorisation_clear)

static gboolean
load (JnBankdCall *call, Authorisation *self)
{
  sqlite3_stmt *stmt;

  self->payment = jn_bankd_payment_load (call->core, call->customer, call->args[0], call->args[1]);
  if (self->payment != NULL && call->args[2] != NULL)
    {
      stmt = jn_bankd_db_query (call->core->db,
                                "SELECT id, state, code, code_expires_at, code_tries, codes_sent"
                                " FROM authorisation WHERE id = ? AND payment = ?",
                                "ss", call->args[2], self->payment->id);
      if (jn_bankd_db_step (call->core->db, stmt))
        {
          self->id = g_strdup (jn_bankd_column (stmt, 0));
          self->state = g_strdup (jn_bankd_column (stmt, 1));
          self->code = g_strdup (jn_bankd_column (stmt, 2));
          self->code_expires_at = sqlite3_column_int64 (stmt, 3);
          self->code_tries = sqlite3_column_int64 (stmt, 4);
          self->codes_sent = sqlite3_column_int64 (stmt, 5);
          jn_bankd_db_done (stmt);
        }
    }
  if (self->payment != NULL && (call->args[2] == NULL || self->id != NULL))
    return TRUE;
  jn_bankd_call_fail (call, 404, "RESOURCE_UNKNOWN", JN_ERROR_INVALID);
  return FALSE;
}

/* Only an order that is open and not late can be authorised. */
static gboolean
payment_is_open (JnBankdCall *call, const JnBankdPayment *payment)
{
  if (strcmp (payment->state, "RCVD") != 0)
    {
      jn_bankd_payment_fail (call, 409, "STATUS_INVALID",
                             payment->reason != 0 ? (JnErrorCode) payment->reason
                                                  : JN_ERROR_CONFLICT,
                             payment->total, payment->bill);
      return FALSE;
    }
  if (payment->expires_at > call->now)
    return TRUE;
  jn_bankd_payment_close (call->core, payment->intent, "CANC", JN_ERROR_CODE_EXPIRED);
  jn_bankd_call_fail (call, 403, "RESOURCE_EXPIRED", JN_ERROR_CODE_EXPIRED);
  return FALSE;
}

static void
set_state (JnBankdCall *call, const Authorisation *self, const char *state)
{
  jn_bankd_db_run (call->core->db, "UPDATE authorisation SET state = ? WHERE id = ?", "ss", state,
                   self->id);
}

void
jn_bankd_handle_authorisation_start (JnBankdCall *call)
{
  g_auto (Authorisation) self = { 0 };
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  g_autofree char *id = NULL;
  const JnBankdPayment *payment;

  if (call->body != NULL && !jn_bankd_json_only (call->body, ""))
    {
      jn_bankd_call_malformed (call);
      return;
    }
  if (!load (call, &self) || !payment_is_open (call, self.payment))
    return;
  payment = self.payment;
  id = jn_bankd_core_make_id (call->core);
  /* It takes the place of those before: what is still on its way under one of them comes to nothing. */
  jn_bankd_db_run (call->core->db, "UPDATE authorisation SET state = 'failed' WHERE payment = ?",
                   "s", payment->id);
  jn_bankd_db_run (call->core->db,
                   "INSERT INTO authorisation (id, payment, state) VALUES (?, ?, 'received')", "ss",
                   id, payment->id);
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "authorisationId", id);
  jn_json_writer_string (writer, "scaStatus", "received");
  jn_json_writer_begin_object (writer, "challengeData");
  jn_json_writer_begin_array (writer, "data");
  jn_json_writer_string (writer, NULL, payment->digest);
  jn_json_writer_end_array (writer);
  jn_json_writer_end_object (writer);
  jn_json_writer_begin_object (writer, "_links");
  jn_bankd_write_link (writer, "scaStatus", "/psd2/v1/payments/%s/%s/authorisations/%s",
                       payment->product, payment->id, id);
  jn_bankd_write_link (writer, "updatePsuAuthentication",
                       "/psd2/v1/payments/%s/%s/authorisations/%s", payment->product, payment->id,
                       id);
  jn_json_writer_end_object (writer);
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 201, writer);
}

void
jn_bankd_handle_authorisation (JnBankdCall *call)
{
  g_auto (Authorisation) self = { 0 };
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();

  if (!load (call, &self))
    return;
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "scaStatus", self.state);
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 200, writer);
}

static void
execute (JnBankdCall *call, const Authorisation *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  g_autofree char *transfer =
      jn_bankd_payment_execute (call->core, call->customer, self->payment, call->now, &error);

  set_state (call, self, transfer != NULL ? "finalised" : "failed");
  if (transfer == NULL)
    {
      jn_bankd_payment_fail (call, 400, "PAYMENT_FAILED", (JnErrorCode) error->code,
                             self->payment->total, self->payment->bill);
      return;
    }
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "scaStatus", "finalised");
  jn_json_writer_string (writer, "transactionStatus", "ACSC");
  jn_json_writer_string (writer, "transactionId", transfer);
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 200, writer);
}

/* The device signs the digest of the order it showed together with this authorisation (EU 2018/389 art. 5). */
static gboolean
signature_is_good (JnBankdCall *call, const Authorisation *self, const char *signature)
{
  g_autofree char *message = g_strdup_printf ("%s:%s", self->payment->digest, self->id);
  guint8 bytes[crypto_sign_BYTES], key[crypto_sign_PUBLICKEYBYTES];
  gsize length = 0;
  gboolean found = FALSE;
  sqlite3_stmt *stmt;

  if (sodium_base642bin (bytes, sizeof bytes, signature, strlen (signature), NULL, &length, NULL,
                         sodium_base64_VARIANT_ORIGINAL)
          != 0
      || length != sizeof bytes)
    return FALSE;
  stmt = jn_bankd_db_query (call->core->db, "SELECT public_key FROM device WHERE id = ?", "s",
                            call->device);
  if (jn_bankd_db_step (call->core->db, stmt))
    {
      found = sqlite3_column_bytes (stmt, 0) == (int) sizeof key;
      if (found)
        memcpy (key, sqlite3_column_blob (stmt, 0), sizeof key);
      jn_bankd_db_done (stmt);
    }
  return found
         && crypto_sign_verify_detached (bytes, (const guint8 *) message, strlen (message), key)
                == 0;
}

static void
answer_methods (JnBankdCall *call)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  g_autofree char *phone =
      jn_bankd_db_text (call->core->db,
                        "SELECT substr (phone, 1, 3) || '****' || substr (phone, -4) FROM customer"
                        " WHERE id = ?",
                        "i", call->customer);

  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "scaStatus", "psuAuthenticated");
  jn_json_writer_begin_array (writer, "scaMethods");
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "authenticationType", "SMS_OTP");
  jn_json_writer_string (writer, "authenticationMethodId", "sms");
  jn_json_writer_string (writer, "name", phone);
  jn_json_writer_end_object (writer);
  jn_json_writer_end_array (writer);
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 200, writer);
}

static void
ask_for_hash (JnBankdCall *call, const char *pin)
{
  g_autofree char *stored = jn_bankd_db_text (
      call->core->db, "SELECT pin FROM customer WHERE id = ?", "i", call->customer);

  if (stored == NULL)
    jn_bankd_call_fail (call, 403, "SERVICE_BLOCKED", JN_ERROR_PIN_BLOCKED);
  else
    jn_bankd_call_hash (call, pin, stored);
}

/* The order and its authorisation were read anew; the PIN that was checked meanwhile says whether it is made. */
static void
use_verdict (JnBankdCall *call, const Authorisation *self)
{
  int left;
  int reason = jn_bankd_pin_settle (call->core, call->customer, call->job, &left);

  if (reason == JN_ERROR_PIN_BLOCKED)
    jn_bankd_call_fail (call, 403, "SERVICE_BLOCKED", JN_ERROR_PIN_BLOCKED);
  else if (reason == JN_ERROR_PIN_WRONG)
    jn_bankd_call_fail_tries (call, 401, "PSU_CREDENTIALS_INVALID", JN_ERROR_PIN_WRONG, left);
  else if (reason != 0)
    jn_bankd_call_fail (call, 503, "INTERNAL_SERVER_ERROR", (JnErrorCode) reason);
  else if (!self->payment->sms)
    execute (call, self);
  else
    {
      set_state (call, self, "psuAuthenticated");
      answer_methods (call);
    }
}

static void
check_password (JnBankdCall *call, const Authorisation *self)
{
  JnJson *data = jn_json_get (call->body, "psuData");
  const char *pin = jn_json_string (jn_json_get (data, "password"));
  const char *signature = jn_json_string (jn_json_get (call->body, "deviceSignature"));

  if (!jn_bankd_json_only (call->body, "psuData deviceSignature")
      || !jn_bankd_json_only (data, "password") || !jn_bankd_pin_is_valid (pin)
      || signature == NULL)
    {
      jn_bankd_call_malformed (call);
      return;
    }
  if (strcmp (self->state, "received") != 0)
    {
      jn_bankd_call_fail (call, 409, "STATUS_INVALID", JN_ERROR_CONFLICT);
      return;
    }
  /* The signature first, so that nobody without the device's key can try PINs. It stays good: order, authorisation and
   * key never change. */
  if (call->job != NULL)
    use_verdict (call, self);
  else if (signature_is_good (call, self, signature))
    ask_for_hash (call, pin);
  else
    jn_bankd_call_fail (call, 401, "SIGNATURE_INVALID", JN_ERROR_SIGNATURE_BAD);
}

static void
send_code (JnBankdCall *call, const Authorisation *self)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  g_autofree char *code = NULL;

  if (!jn_bankd_json_only (call->body, "authenticationMethodId"))
    {
      jn_bankd_call_malformed (call);
      return;
    }
  if (g_strcmp0 (jn_json_string (jn_json_get (call->body, "authenticationMethodId")), "sms") != 0)
    {
      jn_bankd_call_fail (call, 400, "SCA_METHOD_UNKNOWN", JN_ERROR_INVALID);
      return;
    }
  if ((strcmp (self->state, "psuAuthenticated") != 0
       && strcmp (self->state, "scaMethodSelected") != 0)
      || self->codes_sent >= MAX_CODES)
    {
      jn_bankd_call_fail (call, 409, "STATUS_INVALID", JN_ERROR_CONFLICT);
      return;
    }
  code = jn_bankd_sms_make_code (call->core);
  jn_bankd_sms_send (call->core, "paymentCode", code, self->payment->total,
                     self->payment->creditor_name, call->now);
  jn_bankd_db_run (call->core->db,
                   "UPDATE authorisation SET state = 'scaMethodSelected', code = ?,"
                   " code_expires_at = ?, code_tries = 0, codes_sent = codes_sent + 1 WHERE id = ?",
                   "sis", code, call->now + JN_BANKD_SMS_LIFETIME, self->id);
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "scaStatus", "scaMethodSelected");
  jn_json_writer_begin_object (writer, "challengeData");
  jn_json_writer_integer (writer, "otpMaxLength", JN_BANKD_SMS_DIGITS);
  jn_json_writer_string (writer, "otpFormat", "integer");
  jn_json_writer_end_object (writer);
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 200, writer);
}

static void
check_code (JnBankdCall *call, const Authorisation *self)
{
  const char *given = jn_json_string (jn_json_get (call->body, "scaAuthenticationData"));

  if (!jn_bankd_json_only (call->body, "scaAuthenticationData") || given == NULL)
    {
      jn_bankd_call_malformed (call);
      return;
    }
  if (strcmp (self->state, "scaMethodSelected") != 0)
    {
      jn_bankd_call_fail (call, 409, "STATUS_INVALID", JN_ERROR_CONFLICT);
      return;
    }
  if (self->code_expires_at <= call->now || self->code_tries >= JN_BANKD_SMS_TRIES)
    jn_bankd_call_fail (call, 400, "SCA_INVALID", JN_ERROR_SMS_EXPIRED);
  else if (jn_bankd_sms_code_equals (self->code, given))
    execute (call, self);
  else
    {
      jn_bankd_db_run (call->core->db,
                       "UPDATE authorisation SET code_tries = code_tries + 1 WHERE id = ?", "s",
                       self->id);
      jn_bankd_call_fail_tries (call, 400, "SCA_INVALID", JN_ERROR_SMS_WRONG,
                                (int) (JN_BANKD_SMS_TRIES - self->code_tries - 1));
    }
}

void
jn_bankd_handle_authorisation_update (JnBankdCall *call)
{
  g_auto (Authorisation) self = { 0 };

  if (!load (call, &self) || !payment_is_open (call, self.payment))
    return;
  if (jn_json_get (call->body, "psuData") != NULL)
    check_password (call, &self);
  else if (jn_json_get (call->body, "authenticationMethodId") != NULL)
    send_code (call, &self);
  else if (jn_json_get (call->body, "scaAuthenticationData") != NULL)
    check_code (call, &self);
  else
    jn_bankd_call_malformed (call);
}
