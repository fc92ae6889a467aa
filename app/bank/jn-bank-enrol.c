/* Enrolment of a device, and the checks that have no effect. */
#include "jn-bank.h"

#include "jn-bank-call.h"
#include "jn-error.h"
#include "jn-wire-read.h"

#include <string.h>

#define MAX_PIN 32

/* JSON around a PIN of digits, built on the stack and kept in guarded memory. */
GBytes *
jn_bank_secret_body (const char *before, JnSecret *pin, const char *after)
{
  gsize pin_length = 0, length = 0;
  const guint8 *digits = jn_secret_get (pin, &pin_length);
  char buffer[512];
  gsize before_length = strlen (before), after_length = strlen (after);

  g_return_val_if_fail (pin_length <= MAX_PIN, NULL);
  g_return_val_if_fail (before_length + pin_length + after_length < sizeof buffer, NULL);
  for (gsize i = 0; i < pin_length; i++)
    g_return_val_if_fail (g_ascii_isdigit (digits[i]), NULL);
  memcpy (buffer, before, before_length);
  memcpy (buffer + before_length, digits, pin_length);
  memcpy (buffer + before_length + pin_length, after, after_length);
  length = before_length + pin_length + after_length;
  JnSecret *text = jn_secret_new (buffer, length);
  explicit_bzero (buffer, sizeof buffer);
  return g_bytes_new_with_free_func (jn_secret_get (text, NULL), length,
                                     (GDestroyNotify) jn_secret_unref, text);
}

GBytes *
jn_bank_pin_body (JnSecret *pin)
{
  return jn_bank_secret_body ("{\"pin\":\"", pin, "\"}");
}

static gpointer
read_enrolment (JnBankExchange *exchange, JnJsonDoc **doc, GError **error)
{
  const char *id = jn_json_string (jn_json_get (jn_json_doc_root (*doc), "enrolmentId"));
  if (jn_wire_is_path_id (id))
    return g_strdup (id);
  g_set_error_literal (error, JN_ERROR, JN_ERROR_ANSWER_INVALID, "no enrolment id");
  return NULL;
}

void
jn_bank_enrol_async (JnBank *self, const char *phone, JnDevice *device, const char *device_name,
                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (JN_IS_BANK (self) && device != NULL);
  g_autofree char *key = jn_device_get_public_key (device);
  jn_bank_set_device (self, device);
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "phone", phone);
  jn_json_writer_string (writer, "devicePublicKey", key);
  jn_json_writer_string (writer, "deviceName", device_name);
  jn_json_writer_end_object (writer);
  JnRequest *request = jn_bank_request ("POST", writer, JN_BANK_WRITE_MS, "/wallet/v1/enrolments");
  jn_bank_call (self, request, JN_BANK_FRESH_KEY, read_enrolment, g_free, NULL, NULL,
                jn_bank_enrol_async, cancellable, callback, user_data);
}

char *
jn_bank_enrol_finish (JnBank *self, GAsyncResult *result, GError **error)
{
  return jn_bank_call_finish (self, result, jn_bank_enrol_async, error);
}

static gpointer
take_doc (JnBankExchange *exchange, JnJsonDoc **doc, GError **error)
{
  return g_steal_pointer (doc);
}

void
jn_bank_enrol_step_async (JnBank *self, const char *enrolment_id, const char *step, GBytes *body,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (JN_IS_BANK (self) && body != NULL);
  if (!jn_wire_is_path_id (enrolment_id) || !jn_wire_is_path_id (step))
    {
      jn_bank_refuse (self, jn_bank_enrol_step_async, cancellable, callback, user_data,
                      "not an enrolment step");
      return;
    }
  JnRequest *request = jn_bank_request ("PUT", NULL, JN_BANK_WRITE_MS,
                                        "/wallet/v1/enrolments/%s/%s", enrolment_id, step);
  request->body = g_bytes_ref (body);
  jn_bank_call (self, request, JN_BANK_FRESH_KEY, take_doc, (GDestroyNotify) jn_json_doc_free, NULL,
                NULL, jn_bank_enrol_step_async, cancellable, callback, user_data);
}

JnJsonDoc *
jn_bank_enrol_step_finish (JnBank *self, GAsyncResult *result, GError **error)
{
  return jn_bank_call_finish (self, result, jn_bank_enrol_step_async, error);
}

void
jn_enrolled_free (JnEnrolled *self)
{
  if (self == NULL)
    return;
  g_free (self->device_id);
  g_free (self->consent_id);
  g_clear_pointer (&self->session_secret, jn_secret_unref);
  g_free (self);
}

/* A session secret and a consent id stand in headers: printable ASCII, nothing else. */
static gboolean
is_token (const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (text[i]))
      return FALSE;
  return length > 0 && length <= 256;
}

static gpointer
read_enrolled (JnBankExchange *exchange, JnJsonDoc **doc, GError **error)
{
  JnJson *root = jn_json_doc_root (*doc);
  const char *device_id = jn_json_string (jn_json_get (root, "deviceId"));
  const char *consent_id = jn_json_string (jn_json_get (root, "consentId"));
  const char *secret = jn_json_string (jn_json_get (root, "sessionSecret"));

  if (!is_token (device_id) || !is_token (consent_id) || !is_token (secret))
    {
      g_set_error_literal (error, JN_ERROR, JN_ERROR_ANSWER_INVALID, "not an enrolled device");
      return NULL;
    }
  JnEnrolled *enrolled = g_new0 (JnEnrolled, 1);
  enrolled->device_id = g_strdup (device_id);
  enrolled->consent_id = g_strdup (consent_id);
  enrolled->session_secret = jn_secret_new (secret, strlen (secret));
  return enrolled;
}

void
jn_bank_enrol_end_async (JnBank *self, const char *enrolment_id, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (JN_IS_BANK (self));
  if (!jn_wire_is_path_id (enrolment_id))
    {
      jn_bank_refuse (self, jn_bank_enrol_end_async, cancellable, callback, user_data,
                      "not an enrolment");
      return;
    }
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_end_object (writer);
  JnRequest *request = jn_bank_request ("POST", writer, JN_BANK_WRITE_MS,
                                        "/wallet/v1/enrolments/%s/finish", enrolment_id);
  jn_bank_call (self, request, JN_BANK_FRESH_KEY, read_enrolled, (GDestroyNotify) jn_enrolled_free,
                NULL, NULL, jn_bank_enrol_end_async, cancellable, callback, user_data);
}

JnEnrolled *
jn_bank_enrol_end_finish (JnBank *self, GAsyncResult *result, GError **error)
{
  return jn_bank_call_finish (self, result, jn_bank_enrol_end_async, error);
}

/* ---- checks without effect ---- */

JN_BANK_WIRE_READER (read_qr, jn_wire_read_qr)
JN_BANK_WIRE_READER (read_payee_check, jn_wire_read_payee_check)

void
jn_bank_resolve_qr_async (JnBank *self, const char *payload, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (JN_IS_BANK (self));
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "payload", payload);
  jn_json_writer_end_object (writer);
  JnRequest *request = jn_bank_request ("POST", writer, JN_BANK_READ_MS, "/wallet/v1/qr/resolve");
  jn_bank_call (self, request, JN_BANK_NO_KEY, read_qr, (GDestroyNotify) jn_wire_qr_free, NULL,
                NULL, jn_bank_resolve_qr_async, cancellable, callback, user_data);
}

JnWireQr *
jn_bank_resolve_qr_finish (JnBank *self, GAsyncResult *result, GError **error)
{
  return jn_bank_call_finish (self, result, jn_bank_resolve_qr_async, error);
}

void
jn_bank_check_payee_async (JnBank *self, const char *account, const char *name,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (JN_IS_BANK (self));
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_string (writer, "account", account);
  jn_json_writer_string (writer, "name", name);
  jn_json_writer_end_object (writer);
  JnRequest *request = jn_bank_request ("POST", writer, JN_BANK_READ_MS, "/wallet/v1/payee-checks");
  jn_bank_call (self, request, JN_BANK_NO_KEY, read_payee_check,
                (GDestroyNotify) jn_wire_payee_check_free, NULL, NULL, jn_bank_check_payee_async,
                cancellable, callback, user_data);
}

JnWirePayeeCheck *
jn_bank_check_payee_finish (JnBank *self, GAsyncResult *result, GError **error)
{
  return jn_bank_call_finish (self, result, jn_bank_check_payee_async, error);
}
