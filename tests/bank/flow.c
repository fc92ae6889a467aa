#include "flow.h"

#include "jn-error.h"
#include "wait.h"

#include <string.h>

void
flow_init (Flow *flow, JnTransport *transport)
{
  flow->clock = jn_system_clock_new ();
  flow->entropy = jn_system_entropy_new ();
  flow->transport = transport;
  flow->bank = jn_bank_new (transport, flow->clock, flow->entropy);
  flow->sandbox = NULL;
  flow->device = jn_device_new ();
}

void
flow_reach_sandbox_through (Flow *flow, JnTransport *transport)
{
  g_assert_null (flow->sandbox);
  flow->sandbox = jn_bank_new (transport, flow->clock, flow->entropy);
  g_object_unref (transport);
}

void
flow_clear (Flow *flow)
{
  g_clear_object (&flow->sandbox);
  g_clear_object (&flow->bank);
  g_clear_object (&flow->transport);
  g_clear_pointer (&flow->device, jn_device_free);
  g_clear_object (&flow->entropy);
  g_clear_object (&flow->clock);
}

static JnBankDocument *
get_from (JnBank *bank, const char *path, GError **error)
{
  Wait wait = { 0 };
  jn_bank_get_async (bank, path, NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  return jn_bank_get_finish (bank, result, error);
}

JnBankDocument *
flow_get (Flow *flow, const char *path, GError **error)
{
  return get_from (flow->bank, path, error);
}

static JnBankDocument *
get_from_sandbox (Flow *flow, const char *path, GError **error)
{
  return get_from (flow->sandbox != NULL ? flow->sandbox : flow->bank, path, error);
}

char *
flow_last_code (Flow *flow)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnBankDocument) document =
      get_from_sandbox (flow, "/wallet/v1/test-phone/messages?after=0", &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) messages = jn_wire_read_messages (jn_json_doc_root (document->doc), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (messages->len, >, 0);
  const JnWireSms *sms = g_ptr_array_index (messages, messages->len - 1);
  return g_strdup (sms->code);
}

static void
enrol_step (Flow *flow, const char *id, const char *step, GBytes *body)
{
  g_autoptr (GError) error = NULL;
  Wait wait = { 0 };
  jn_bank_enrol_step_async (flow->bank, id, step, body, NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  g_autoptr (JnJsonDoc) doc = jn_bank_enrol_step_finish (flow->bank, result, &error);
  g_assert_no_error (error);
  g_assert_nonnull (doc);
  g_bytes_unref (body);
}

static GBytes *
body_of (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

void
flow_enrol (Flow *flow)
{
  g_autoptr (GError) error = NULL;
  Wait start = { 0 }, finish = { 0 };

  jn_bank_enrol_async (flow->bank, "13800138000", flow->device, "test", NULL, wait_done, &start);
  g_autoptr (GAsyncResult) started = wait_for (&start);
  g_autofree char *id = jn_bank_enrol_finish (flow->bank, started, &error);
  g_assert_no_error (error);
  g_autofree char *code = flow_last_code (flow);
  g_autofree char *code_body = g_strdup_printf ("{\"code\":\"%s\"}", code);
  g_autoptr (JnSecret) pin = jn_secret_new (FLOW_PIN, strlen (FLOW_PIN));
  enrol_step (flow, id, "code", body_of (code_body));
  enrol_step (flow, id, "pin", jn_bank_pin_body (pin));
  enrol_step (flow, id, "identity", body_of ("{\"sample\":true}"));
  enrol_step (flow, id, "card", body_of ("{\"sample\":true}"));
  jn_bank_enrol_end_async (flow->bank, id, NULL, wait_done, &finish);
  g_autoptr (GAsyncResult) finished = wait_for (&finish);
  g_autoptr (JnEnrolled) enrolled = jn_bank_enrol_end_finish (flow->bank, finished, &error);
  g_assert_no_error (error);
  jn_bank_set_session (flow->bank, enrolled->consent_id, enrolled->session_secret);
}

JnWireOrder *
flow_initiate (Flow *flow, const JnPaymentRequest *request, GError **error)
{
  Wait wait = { 0 };
  jn_bank_initiate_async (flow->bank, request, NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  return jn_bank_initiate_finish (flow->bank, result, error);
}

char *
flow_authorise (Flow *flow, const JnWireOrder *order, GError **error)
{
  Wait wait = { 0 };
  jn_bank_authorise_async (flow->bank, order, NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  return jn_bank_authorise_finish (flow->bank, result, error);
}

gboolean
flow_approve (Flow *flow, const JnWireOrder *order, const char *authorisation_id, const char *pin,
              JnWireApprovalAnswer *answer, GError **error)
{
  Wait wait = { 0 };
  g_autoptr (JnSecret) secret = jn_secret_new (pin, strlen (pin));
  jn_bank_approve_pin_async (flow->bank, order, authorisation_id, secret, flow->device, NULL,
                             wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  return jn_bank_approve_finish (flow->bank, result, answer, error);
}

gboolean
flow_request_sms (Flow *flow, const JnWireOrder *order, const char *authorisation_id,
                  JnWireApprovalAnswer *answer, GError **error)
{
  Wait wait = { 0 };
  jn_bank_request_sms_async (flow->bank, order, authorisation_id, NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  return jn_bank_approve_finish (flow->bank, result, answer, error);
}

gboolean
flow_approve_sms (Flow *flow, const JnWireOrder *order, const char *authorisation_id,
                  const char *code, JnWireApprovalAnswer *answer, GError **error)
{
  Wait wait = { 0 };
  jn_bank_approve_sms_async (flow->bank, order, authorisation_id, code, NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  return jn_bank_approve_finish (flow->bank, result, answer, error);
}

gboolean
flow_settle (Flow *flow, const JnId *intent, JnWireIntent *out, GError **error)
{
  Wait wait = { 0 };
  jn_bank_settle_async (flow->bank, intent, NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  return jn_bank_settle_finish (flow->bank, result, out, error);
}

gboolean
flow_sync (JnSync *sync, GError **error)
{
  Wait wait = { 0 };
  jn_sync_run_async (sync, NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  return jn_sync_run_finish (sync, result, error);
}

GPtrArray *
flow_shops (Flow *flow)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnBankDocument) document = get_from_sandbox (flow, "/wallet/v1/sandbox/shops", &error);
  g_assert_no_error (error);
  GPtrArray *shops = jn_wire_read_shops (jn_json_doc_root (document->doc), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (shops->len, >=, 2);
  return shops;
}

JnWireQr *
flow_resolve (Flow *flow, const char *payload, GError **error)
{
  Wait wait = { 0 };
  jn_bank_resolve_qr_async (flow->bank, payload, NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  return jn_bank_resolve_qr_finish (flow->bank, result, error);
}

JnWirePayeeCheck *
flow_check_payee (Flow *flow, const char *account, const char *name, GError **error)
{
  Wait wait = { 0 };
  jn_bank_check_payee_async (flow->bank, account, name, NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  return jn_bank_check_payee_finish (flow->bank, result, error);
}
