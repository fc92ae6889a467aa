/* conformance-mock XS2A WALLET: the customer's journeys against mocks. Each step has to get through what a mock of the documents says, which is
 * legal and not what our bank says. Ends with 1 when one did not. */
#include "bank-key.h"
#include "flow.h"
#include "mock-transport.h"

#include "jn-bank-call.h"
#include "jn-error.h"
#include "wait.h"

#include <stdlib.h>
#include <string.h>

typedef struct
{
  Flow flow;
  JnWireAccount *account;
  guint wrong;
} World;

static void
judge (World *world, const char *what, gboolean good, const GError *error)
{
  g_print ("%-34s %s\n", what, good && error == NULL ? "ok" : "NOT OK");
  if (!good || error != NULL)
    {
      g_print ("  %s\n", error != NULL ? error->message : "another answer");
      world->wrong++;
    }
}

/* A read whose answer goes through one of the readers of jn-wire.h. */
#define read_by(world, path, reader, free_func)                                                    \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autoptr (GError) read_error = NULL;                                                          \
    gpointer value = NULL;                                                                         \
    g_autoptr (JnBankDocument) read = flow_get (&(world)->flow, path, &read_error);                \
    if (read != NULL)                                                                              \
      value = reader (jn_json_doc_root (read->doc), &read_error);                                  \
    judge (world, path, value != NULL, read_error);                                                \
    g_clear_pointer (&value, free_func);                                                           \
  }                                                                                                \
  G_STMT_END

static void
journey_reads (World *world)
{
  static const char accounts_path[] = "/psd2/v1/accounts?withBalance=true";
  g_autoptr (GError) error = NULL;
  g_autoptr (JnBankDocument) document = flow_get (&world->flow, accounts_path, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) accounts = jn_wire_read_accounts (jn_json_doc_root (document->doc), &error);
  judge (world, accounts_path, accounts != NULL && accounts->len == 2, error);
  g_assert_nonnull (accounts);
  world->account = g_ptr_array_steal_index (accounts, 0);
  read_by (world, "/psd2/v1/accounts/01M811CBTBFX60KVJ2QW16XC4V/transactions?bookingStatus=both",
           jn_wire_read_feed_page, jn_wire_feed_page_free);
  read_by (world, "/wallet/v1/profile", jn_wire_read_profile, jn_wire_profile_free);
  read_by (world, "/wallet/v1/offers", jn_wire_read_offers, g_ptr_array_unref);
  read_by (world, "/wallet/v1/points?from=0", jn_wire_read_points, jn_wire_points_free);
  read_by (world, "/wallet/v1/test-phone/messages?after=0", jn_wire_read_messages,
           g_ptr_array_unref);
  read_by (world, "/wallet/v1/sandbox/shops", jn_wire_read_shops, g_ptr_array_unref);
}

static void
journey_events (World *world)
{
  g_autoptr (GError) error = NULL;
  Wait wait = { 0 };
  jn_bank_events_async (world->flow.bank, 0, NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  judge (world, "events", jn_bank_events_finish (world->flow.bank, result, NULL, NULL, &error),
         error);
}

static void
journey_payment (World *world)
{
  Flow *flow = &world->flow;
  g_autoptr (GError) error = NULL;
  JnWireApprovalAnswer answer = { 0 };
  JnWireIntent verdict = { 0 };
  g_autoptr (JnWireQr) qr = flow_resolve (flow, "000201", &error);
  judge (world, "code", qr != NULL, error);
  g_autoptr (JnWirePayeeCheck) payee =
      flow_check_payee (flow, "6299880000000000042", "张三", &error);
  judge (world, "payee", payee != NULL, error);
  JnPaymentRequest request = { .intent = jn_id_make (flow->clock, flow->entropy),
                               .product = "qr-payments",
                               .debtor_account = world->account->bban,
                               .creditor_account = "6299880000000000042",
                               .creditor_name = "晨光咖啡",
                               .amount = jn_money (2200, JN_CURRENCY_CNY),
                               .qr_payload = "000201",
                               .coupon = "best" };
  g_autoptr (JnWireOrder) order = flow_initiate (flow, &request, &error);
  judge (world, "order", order != NULL, error);
  g_assert_nonnull (order);
  g_autofree char *authorisation = flow_authorise (flow, order, &error);
  judge (world, "authorisation", authorisation != NULL, error);
  flow_approve (flow, order, authorisation, FLOW_PIN, &answer, &error);
  judge (world, "PIN", answer.state == JN_WIRE_APPROVAL_NEEDS_SMS, error);
  flow_request_sms (flow, order, authorisation, &answer, &error);
  judge (world, "SMS", answer.state == JN_WIRE_APPROVAL_SMS_SENT, error);
  flow_approve_sms (flow, order, authorisation, "482913", &answer, &error);
  judge (world, "its code", answer.state == JN_WIRE_APPROVAL_MADE, error);
  judge (world, "settlement", flow_settle (flow, &order->intent, &verdict, &error), error);
}

static gpointer
read_anything (JnBankExchange *exchange, JnJsonDoc **doc, GError **error)
{
  return GINT_TO_POINTER (TRUE);
}

static void
ask (World *world, const char *method, const char *path, const char *body)
{
  gboolean reads = g_str_equal (method, "GET") || g_str_has_suffix (path, "confirmations");
  JnRequest *request = jn_bank_request (method, NULL, JN_BANK_WRITE_MS, "%s", path);
  g_autoptr (GError) error = NULL;
  Wait wait = { 0 };

  if (body != NULL)
    request->body = g_bytes_new (body, strlen (body));
  jn_bank_call (world->flow.bank, request, reads ? JN_BANK_NO_KEY : JN_BANK_FRESH_KEY,
                read_anything, NULL, NULL, NULL, ask, NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  gboolean good = jn_bank_call_finish (world->flow.bank, result, ask, &error) != NULL;
  g_autofree char *what = g_strconcat (method, " ", path, NULL);
  judge (world, what, good, error);
}

static void
journey_others (World *world)
{
  static const char payment[] = "/psd2/v1/payments/qr-payments/1234-wertiq-983";
  g_autofree char *status = g_strconcat (payment, "/status", NULL);
  ask (world, "GET", payment, NULL);
  ask (world, "GET", status, NULL);
  ask (world, "DELETE", payment, NULL);
  ask (world, "POST", "/psd2/v1/funds-confirmations",
       "{\"account\":{\"bban\":\"6299880000000000042\"},\"instructedAmount\":{\"currency\":\"CNY\","
       "\"amount\":\"1.00\"}}");
  ask (world, "POST", "/psd2/v1/consents",
       "{\"access\":{\"accounts\":[],\"balances\":[],\"transactions\":[]},\"recurringIndicator\":"
       "true,\"validUntil\":\"9999-12-31\",\"frequencyPerDay\":4,\"combinedServiceIndicator\":"
       "false}");
  ask (world, "GET", "/psd2/v1/consents/01M811CBTBFX60KVJ2QW16XC4V", NULL);
  ask (world, "GET", "/psd2/v1/consents/01M811CBTBFX60KVJ2QW16XC4V/status", NULL);
  ask (world, "DELETE", "/psd2/v1/consents/01M811CBTBFX60KVJ2QW16XC4V", NULL);
}

int
main (int argc, char **argv)
{
  World world = { 0 };

  if (argc != 3)
    {
      g_printerr ("conformance-mock XS2A-ADDRESS WALLET-ADDRESS\n");
      return 2;
    }
  JnTransport *transport = mock_transport_new (argv[1], argv[2]);
  flow_init (&world.flow, transport);
  BankKey key;
  bank_key_init (&key, MOCK_KEY);
  g_autofree char *trusted = bank_key_get_text (&key);
  g_assert_true (jn_bank_set_keys (world.flow.bank, trusted, TRUE));
  flow_enrol (&world.flow);
  g_print ("%-34s ok\n", "enrolment");
  journey_reads (&world);
  journey_events (&world);
  journey_payment (&world);
  journey_others (&world);
  guint refused = mock_transport_get_refused (MOCK_TRANSPORT (transport));
  g_print ("%u exchanges with the mocks: %u requests refused, %u steps that did not get through\n",
           mock_transport_get_exchanges (MOCK_TRANSPORT (transport)), refused, world.wrong);
  jn_wire_account_free (world.account);
  flow_clear (&world.flow);
  return refused + world.wrong > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
