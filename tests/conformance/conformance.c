/* conformance XS2A WALLET: the customer's journeys, made by the program's own calls, through a validator before each half of the bank. Prints
 * what the validators found; ends with 1 when they found something or a journey did not get through. */
#include "conform-transport.h"
#include "flow.h"

#include "jn-bank-call.h"
#include "jn-error.h"
#include "wait.h"

#include <stdlib.h>
#include <string.h>

typedef struct
{
  ConformTransport *transport;
  Flow flow;
  char *account, *bban; /* of the wallet */
  guint wrong;
} World;

#define check(world, condition)                                                                    \
  G_STMT_START                                                                                     \
  {                                                                                                \
    if (!(condition))                                                                              \
      {                                                                                            \
        g_print ("WRONG %s:%d: not so: %s\n", __func__, __LINE__, #condition);                     \
        (world)->wrong++;                                                                          \
      }                                                                                            \
  }                                                                                                \
  G_STMT_END

/* ---- calls that the program does not make itself ---- */

static gpointer
read_document (JnBankExchange *exchange, JnJsonDoc **doc, GError **error)
{
  JnBankDocument *document = g_new0 (JnBankDocument, 1);
  document->bytes = exchange->body != NULL ? g_bytes_ref (exchange->body) : NULL;
  document->doc = g_steal_pointer (doc);
  return document;
}

/* One signed call; @code 0: it has to succeed, otherwise it has to be refused for that reason. Caller frees. */
static JnBankDocument *
ask (World *world, const char *method, const char *path, const char *body, int code)
{
  gboolean reads = g_str_equal (method, "GET") || g_str_has_suffix (path, "confirmations")
                   || g_str_has_suffix (path, "resolve");
  JnRequest *request = jn_bank_request (method, NULL, JN_BANK_WRITE_MS, "%s", path);
  g_autoptr (GError) error = NULL;
  Wait wait = { 0 };

  if (body != NULL)
    request->body = g_bytes_new (body, strlen (body));
  jn_bank_call (world->flow.bank, request, reads ? JN_BANK_NO_KEY : JN_BANK_FRESH_KEY,
                read_document, (GDestroyNotify) jn_bank_document_free, NULL, NULL, ask, NULL,
                wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  JnBankDocument *document = jn_bank_call_finish (world->flow.bank, result, ask, &error);
  if (code == 0 ? error != NULL : !jn_error_is (error, (JnErrorCode) code))
    {
      g_print ("WRONG %s %s: %s instead of %s\n", method, path,
               error == NULL ? "success" : jn_error_code_get_name (error->code),
               code == 0 ? "success" : jn_error_code_get_name (code));
      world->wrong++;
    }
  return document;
}

static void
expect (World *world, const char *method, const char *path, const char *body, int code)
{
  JnBankDocument *document = ask (world, method, path, body, code);
  jn_bank_document_free (document);
}

static void
expect_bad (World *world, const char *method, const char *path, const char *body, int code)
{
  conform_transport_set_deliberate (world->transport, TRUE);
  expect (world, method, path, body, code);
  conform_transport_set_deliberate (world->transport, FALSE);
}

/* ---- journeys ---- */

static void
read_account (World *world)
{
  g_autoptr (JnBankDocument) document =
      ask (world, "GET", "/psd2/v1/accounts?withBalance=true", NULL, 0);
  g_autoptr (GPtrArray) accounts = jn_wire_read_accounts (jn_json_doc_root (document->doc), NULL);
  g_assert_nonnull (accounts);
  const JnWireAccount *account = accounts->pdata[0];
  world->account = g_strdup (account->resource_id);
  world->bban = g_strdup (account->bban);
}

static void
journey_accounts (World *world)
{
  static const char *const queries[] = {
    "bookingStatus=both&entryReferenceFrom=0",
    "bookingStatus=both&entryReferenceFrom=0&itemsPerPage=100",
    "bookingStatus=both&entryReferenceFrom=100&itemsPerPage=100",
    "bookingStatus=pending",
    "bookingStatus=booked&dateFrom=2020-01-01&dateTo=2020-01-31",
  };
  g_autofree char *at = g_strconcat ("/psd2/v1/accounts/", world->account, NULL);
  g_autofree char *balances = g_strconcat (at, "/balances", NULL);
  g_autofree char *feed = g_strconcat (at, "/transactions", NULL);

  expect (world, "GET", "/psd2/v1/accounts", NULL, 0);
  expect (world, "GET", at, NULL, 0);
  expect (world, "GET", balances, NULL, 0);
  expect (world, "GET", "/psd2/v1/accounts/01JD0000000000000000000000", NULL,
          JN_ERROR_ACCOUNT_UNKNOWN);
  expect (world, "GET", "/psd2/v1/accounts/01JD0000000000000000000000/balances", NULL,
          JN_ERROR_ACCOUNT_UNKNOWN);
  expect_bad (world, "GET", feed, NULL, JN_ERROR_INVALID);
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autofree char *path = g_strdup_printf ("%s?%s", feed, queries[i]);
      g_autoptr (JnBankDocument) page = ask (world, "GET", path, NULL, 0);
      JnJson *booked = jn_json_path (jn_json_doc_root (page->doc), "transactions/booked");
      const char *id = jn_json_string (jn_json_get (jn_json_at (booked, 0), "transactionId"));
      g_autofree char *one = g_strdup_printf ("%s/%s", feed, id);
      if (id != NULL)
        expect (world, "GET", one, NULL, 0);
    }
}

/* Everything that can be asked about a payment. */
static void
look_at_payment (World *world, const JnWireOrder *order, const char *authorisation)
{
  g_autofree char *at =
      g_strdup_printf ("/psd2/v1/payments/%s/%s", order->product, order->payment_id);
  g_autofree char *status = g_strconcat (at, "/status", NULL);
  g_autofree char *list = g_strconcat (at, "/authorisations", NULL);
  g_autofree char *intent = jn_id_to_string (&order->intent);
  g_autofree char *asked = g_strconcat ("/wallet/v1/intents/", intent, NULL);

  expect (world, "GET", at, NULL, 0);
  expect (world, "GET", status, NULL, 0);
  expect (world, "GET", asked, NULL, 0);
  if (authorisation != NULL)
    {
      g_autofree char *sca = g_strdup_printf ("%s/%s", list, authorisation);
      expect (world, "GET", sca, NULL, 0);
    }
}

static JnWireOrder *
open_shop (World *world)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) shops = flow_shops (&world->flow);
  const JnWireShop *shop = shops->pdata[0];
  g_autoptr (JnWireQr) qr = flow_resolve (&world->flow, shop->payload, &error);
  g_assert_no_error (error);
  JnPaymentRequest request = { .intent = jn_id_make (world->flow.clock, world->flow.entropy),
                               .product = "qr-payments",
                               .debtor_account = world->bban,
                               .creditor_account = qr->account,
                               .creditor_name = qr->payee_name,
                               .amount = qr->amount,
                               .qr_payload = shop->payload,
                               .coupon = "best" };
  JnWireOrder *order = flow_initiate (&world->flow, &request, &error);
  g_assert_no_error (error);
  return order;
}

static void
journey_code (World *world)
{
  g_autoptr (GError) error = NULL;
  JnWireApprovalAnswer answer;
  JnWireIntent verdict;
  g_autoptr (JnWireOrder) order = open_shop (world);
  g_autofree char *authorisation = flow_authorise (&world->flow, order, &error);

  g_assert_no_error (error);
  look_at_payment (world, order, authorisation);
  check (world, !flow_approve (&world->flow, order, authorisation, "111222", &answer, &error));
  check (world, jn_error_is (error, JN_ERROR_PIN_WRONG));
  g_clear_error (&error);
  check (world, flow_approve (&world->flow, order, authorisation, FLOW_PIN, &answer, &error));
  check (world, answer.state == JN_WIRE_APPROVAL_MADE);
  look_at_payment (world, order, authorisation);
  check (world, flow_settle (&world->flow, &order->intent, &verdict, &error));
  check (world, verdict.verdict == JN_WIRE_VERDICT_MADE);
  /* Made: neither cancelled nor made again. */
  g_autofree char *at =
      g_strdup_printf ("/psd2/v1/payments/%s/%s", order->product, order->payment_id);
  expect (world, "DELETE", at, NULL, JN_ERROR_CONFLICT);
  check (world, !flow_approve (&world->flow, order, authorisation, FLOW_PIN, &answer, &error));
  check (world, jn_error_is (error, JN_ERROR_CONFLICT));
}

static JnWireOrder *
open_transfer (World *world, const char *product, const char *account, const char *name,
               gint64 minor, GError **error)
{
  JnPaymentRequest request = { .intent = jn_id_make (world->flow.clock, world->flow.entropy),
                               .product = product,
                               .debtor_account = world->bban,
                               .creditor_account = account,
                               .creditor_name = name,
                               .amount = jn_money (minor, JN_CURRENCY_CNY),
                               .memo = "还你饭钱",
                               .coupon = "none" };
  return flow_initiate (&world->flow, &request, error);
}

static void
approve_by_sms (World *world, const JnWireOrder *order)
{
  g_autoptr (GError) error = NULL;
  JnWireApprovalAnswer answer = { 0 };
  g_autofree char *authorisation = flow_authorise (&world->flow, order, &error);

  check (world, flow_approve (&world->flow, order, authorisation, FLOW_PIN, &answer, &error));
  check (world, answer.state == JN_WIRE_APPROVAL_NEEDS_SMS);
  look_at_payment (world, order, authorisation);
  check (world, flow_request_sms (&world->flow, order, authorisation, &answer, &error));
  check (world, answer.state == JN_WIRE_APPROVAL_SMS_SENT);
  g_autofree char *code = flow_last_code (&world->flow);
  const char *other = g_str_equal (code, "000000") ? "000001" : "000000";
  check (world, !flow_approve_sms (&world->flow, order, authorisation, other, &answer, &error));
  check (world, jn_error_is (error, JN_ERROR_SMS_WRONG));
  g_clear_error (&error);
  check (world, flow_approve_sms (&world->flow, order, authorisation, code, &answer, &error));
  check (world, answer.state == JN_WIRE_APPROVAL_MADE);
}

static void
journey_transfer (World *world)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnBankDocument) document = ask (world, "GET", "/wallet/v1/profile", NULL, 0);
  g_autoptr (JnWireProfile) profile = jn_wire_read_profile (jn_json_doc_root (document->doc), NULL);
  JnWireApprovalAnswer answer = { 0 };

  for (guint i = 0; i < 2; i++)
    {
      const JnWirePayee *payee = profile->payees->pdata[i];
      g_autoptr (JnWirePayeeCheck) known =
          flow_check_payee (&world->flow, payee->account, payee->name, &error);
      g_autoptr (JnWireOrder) order = open_transfer (world, known->product, payee->account,
                                                     payee->name, 1000 + (gint64) i, &error);
      g_assert_no_error (error);
      g_autofree char *authorisation = flow_authorise (&world->flow, order, &error);
      check (world, flow_approve (&world->flow, order, authorisation, FLOW_PIN, &answer, &error));
      look_at_payment (world, order, authorisation);
    }
  g_autoptr (JnWireOrder) first =
      open_transfer (world, "ibps-credit-transfers", "6299041234567890123", "新朋友", 1250, &error);
  approve_by_sms (world, first);
}

static JnWireOrder *
open_by_card (World *world, const JnWireCard *card, const JnPaymentRequest *like, GError **error)
{
  JnPaymentRequest request = *like;

  request.intent = jn_id_make (world->flow.clock, world->flow.entropy);
  request.card = card->masked_pan;
  request.card_id = card->card_id;
  return flow_initiate (&world->flow, &request, error);
}

static void
approve_order (World *world, const JnWireOrder *order)
{
  g_autoptr (GError) error = NULL;
  JnWireApprovalAnswer answer = { 0 };
  g_autofree char *authorisation = flow_authorise (&world->flow, order, &error);

  check (world, flow_approve (&world->flow, order, authorisation, FLOW_PIN, &answer, &error));
  check (world, answer.state == JN_WIRE_APPROVAL_MADE);
  look_at_payment (world, order, authorisation);
}

/* A card tops up the wallet, and pays a shop. */
static void
journey_cards (World *world)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnBankDocument) document = ask (world, "GET", "/wallet/v1/profile", NULL, 0);
  g_autoptr (JnWireProfile) profile = jn_wire_read_profile (jn_json_doc_root (document->doc), NULL);
  g_autoptr (GPtrArray) shops = flow_shops (&world->flow);
  const JnWireShop *shop = shops->pdata[0];
  g_autoptr (JnWireQr) qr = flow_resolve (&world->flow, shop->payload, &error);
  const JnPaymentRequest top_up = { .product = "ibps-credit-transfers",
                                    .creditor_account = world->bban,
                                    .creditor_name = profile->name,
                                    .amount = jn_money (5000, JN_CURRENCY_CNY),
                                    .coupon = "none" };
  const JnPaymentRequest coffee = { .product = "qr-payments",
                                    .creditor_account = qr->account,
                                    .creditor_name = qr->payee_name,
                                    .amount = qr->amount,
                                    .qr_payload = shop->payload,
                                    .coupon = "best" };
  gboolean paid = FALSE;

  for (guint i = 0; i < profile->cards->len; i++)
    {
      const JnWireCard *card = profile->cards->pdata[i];
      g_autoptr (JnWireOrder) order = open_by_card (world, card, &top_up, &error);

      check (world, (order != NULL) == card->top_up);
      if (order != NULL)
        approve_order (world, order);
      else
        check (world, jn_error_is (error, JN_ERROR_REFUSED));
      g_clear_error (&error);
      if (paid || !card->pays)
        continue;
      g_autoptr (JnWireOrder) bought = open_by_card (world, card, &coffee, &error);
      g_assert_no_error (error);
      approve_order (world, bought);
      paid = TRUE;
    }
  check (world, paid);
}

static void
refuse (World *world, const char *product, const char *account, const char *name, gint64 minor,
        int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnWireOrder) order = open_transfer (world, product, account, name, minor, &error);
  check (world, order == NULL);
  if (!jn_error_is (error, (JnErrorCode) code))
    g_print ("  %s\n", error != NULL ? error->message : "no error");
  check (world, jn_error_is (error, (JnErrorCode) code));
}

static void
journey_refusals (World *world)
{
  static const char *const bodies[] = {
    "{}",
    "[]",
    "{\"instructedAmount\":{\"currency\":\"CNY\",\"amount\":\"-1.00\"}}",
    "{\"unknown\":true}",
    "not json",
  };
  g_autoptr (JnBankDocument) document = ask (world, "GET", "/wallet/v1/profile", NULL, 0);
  g_autoptr (JnWireProfile) profile = jn_wire_read_profile (jn_json_doc_root (document->doc), NULL);
  const JnWirePayee *payee = profile->payees->pdata[0];
  const char *product =
      g_str_has_prefix (payee->account, "629988") ? "book-transfers" : "ibps-credit-transfers";

  refuse (world, product, payee->account, payee->name, 499900, JN_ERROR_NO_FUNDS);
  refuse (world, product, payee->account, payee->name, 500001, JN_ERROR_OVER_LIMIT);
  refuse (world, "book-transfers", "6299889999999999999", "张三", 100, JN_ERROR_PAYEE_UNKNOWN);
  for (guint i = 0; i < G_N_ELEMENTS (bodies) - 1; i++)
    {
      expect_bad (world, "POST", "/psd2/v1/payments/qr-payments", bodies[i], JN_ERROR_INVALID);
      expect_bad (world, "POST", "/psd2/v1/funds-confirmations", bodies[i], JN_ERROR_INVALID);
      expect_bad (world, "POST", "/wallet/v1/qr/resolve", bodies[i], JN_ERROR_INVALID);
      expect_bad (world, "POST", "/psd2/v1/consents", bodies[i], JN_ERROR_INVALID);
    }
  expect (world, "GET", "/psd2/v1/payments/qr-payments/01JD0000000000000000000000", NULL,
          JN_ERROR_INVALID);
  expect (world, "GET", "/psd2/v1/payments/qr-payments/01JD0000000000000000000000/status", NULL,
          JN_ERROR_INVALID);
  expect (world, "DELETE", "/psd2/v1/payments/qr-payments/01JD0000000000000000000000", NULL,
          JN_ERROR_INVALID);
  expect (world, "POST", "/psd2/v1/payments/qr-payments/01JD0000000000000000000000/authorisations",
          NULL, JN_ERROR_INVALID);
  expect (world, "GET", "/wallet/v1/intents/01JD0000000000000000000000", NULL, JN_ERROR_INVALID);
}

static void
journey_cancel (World *world)
{
  g_autoptr (GError) error = NULL;
  JnWireIntent verdict = { 0 };
  JnId never = jn_id_make (world->flow.clock, world->flow.entropy);

  for (guint by_settlement = 0; by_settlement < 2; by_settlement++)
    {
      g_autoptr (JnWireOrder) order = open_shop (world);
      g_autofree char *at =
          g_strdup_printf ("/psd2/v1/payments/%s/%s", order->product, order->payment_id);
      if (!by_settlement)
        expect (world, "DELETE", at, NULL, 0);
      check (world, flow_settle (&world->flow, &order->intent, &verdict, &error));
      check (world, verdict.verdict == JN_WIRE_VERDICT_NOT_MADE);
      look_at_payment (world, order, NULL);
    }
  check (world, flow_settle (&world->flow, &never, &verdict, &error));
  check (world, verdict.verdict == JN_WIRE_VERDICT_NOT_MADE);
}

static void
journey_funds (World *world)
{
  static const char *const amounts[] = { "1.00", "99999.00" };
  for (guint i = 0; i < G_N_ELEMENTS (amounts); i++)
    {
      g_autofree char *body =
          g_strdup_printf ("{\"account\":{\"bban\":\"%s\"},\"instructedAmount\":{\"currency\":"
                           "\"CNY\",\"amount\":\"%s\"}}",
                           world->bban, amounts[i]);
      g_autoptr (JnBankDocument) answer =
          ask (world, "POST", "/psd2/v1/funds-confirmations", body, 0);
      gboolean there = FALSE;
      check (world, jn_json_boolean (jn_json_get (jn_json_doc_root (answer->doc), "fundsAvailable"),
                                     &there)
                        && there == (i == 0));
    }
}

static void
journey_wallet (World *world)
{
  static const char *const reads[] = {
    "/wallet/v1/profile",       "/wallet/v1/offers",
    "/wallet/v1/points?from=0", "/wallet/v1/events?after=0&wait=0",
    "/wallet/v1/sandbox/shops", "/wallet/v1/test-phone/messages?after=0"
  };
  for (guint i = 0; i < G_N_ELEMENTS (reads); i++)
    expect (world, "GET", reads[i], NULL, 0);
  expect (world, "POST", "/wallet/v1/qr/resolve", "{\"payload\":\"000201\"}", JN_ERROR_CODE_FORMAT);
}

/* The record of this device's enrolment; the last journey, because it ends the enrolment. */
static void
journey_consent (World *world)
{
  g_autofree char *all = g_strdup ("{\"access\":{\"accounts\":[],\"balances\":[],"
                                   "\"transactions\":[]},\"recurringIndicator\":true,"
                                   "\"validUntil\":\"9999-12-31\",\"frequencyPerDay\":4,"
                                   "\"combinedServiceIndicator\":true}");
  g_autofree char *foreign =
      g_strdup ("{\"access\":{\"accounts\":[{\"bban\":\"6299889999999999999\"}]},"
                "\"recurringIndicator\":true,\"validUntil\":\"9999-12-31\","
                "\"frequencyPerDay\":4,\"combinedServiceIndicator\":false}");
  g_autoptr (JnBankDocument) made = ask (world, "POST", "/psd2/v1/consents", all, 0);
  const char *id =
      made != NULL ? jn_json_string (jn_json_get (jn_json_doc_root (made->doc), "consentId")) : "";
  g_autofree char *at = g_strconcat ("/psd2/v1/consents/", id, NULL);
  g_autofree char *status = g_strconcat (at, "/status", NULL);

  expect (world, "POST", "/psd2/v1/consents", foreign, JN_ERROR_INVALID);
  expect (world, "GET", at, NULL, 0);
  expect (world, "GET", status, NULL, 0);
  expect (world, "GET", "/psd2/v1/consents/01JD0000000000000000000000", NULL, JN_ERROR_INVALID);
  expect (world, "DELETE", "/psd2/v1/consents/01JD0000000000000000000000", NULL, JN_ERROR_INVALID);
  expect (world, "DELETE", at, NULL, 0);
  expect (world, "GET", status, NULL, JN_ERROR_DEVICE_REVOKED);
  expect (world, "GET", "/psd2/v1/accounts", NULL, JN_ERROR_DEVICE_REVOKED);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*run) (World *world);
  } journeys[] = {
    { "accounts", journey_accounts }, { "code", journey_code },
    { "transfer", journey_transfer }, { "cards", journey_cards },
    { "refusals", journey_refusals }, { "cancel", journey_cancel },
    { "funds", journey_funds },       { "wallet", journey_wallet },
    { "consent", journey_consent },
  };
  World world = { 0 };

  if (argc != 3)
    {
      g_printerr ("conformance XS2A-ADDRESS WALLET-ADDRESS\n");
      return 2;
    }
  g_autoptr (JnTransport) xs2a = jn_soup_transport_new (argv[1], NULL);
  g_autoptr (JnTransport) wallet = jn_soup_transport_new (argv[2], NULL);
  world.transport = conform_transport_new (xs2a, wallet);
  flow_init (&world.flow, JN_TRANSPORT (world.transport));
  flow_enrol (&world.flow);
  read_account (&world);
  for (guint i = 0; i < G_N_ELEMENTS (journeys); i++)
    {
      guint before = world.wrong + conform_transport_get_violations (world.transport);
      journeys[i].run (&world);
      guint found = world.wrong + conform_transport_get_violations (world.transport) - before;
      g_print ("%-10s %s\n", journeys[i].name, found == 0 ? "ok" : "NOT OK");
    }
  guint violations = conform_transport_get_violations (world.transport);
  g_print ("%u exchanges below /psd2/v1, %u below /wallet/v1: %u violations, %u wrong answers\n",
           conform_transport_get_exchanges (world.transport, TRUE),
           conform_transport_get_exchanges (world.transport, FALSE), violations, world.wrong);
  g_free (world.account);
  g_free (world.bban);
  flow_clear (&world.flow);
  return violations + world.wrong > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
