/* What a bank hears from people who mean no good: each is refused, nothing of it has an effect, and the others are served. */
#include <string.h>
#include <unistd.h>

#include "bankd-wire.h"
#include "bankd-world.h"
#include "jn-bankd.h"

#define BAD 1000
#define GOOD 25

/* ---- another customer ---- */

/* A second customer with a wallet, a card, a payee, a payment and an intent: ids that exist and are not ours. */
static void
add_stranger (World *world)
{
  JnBankdDb *db = world->core->db;

  jn_bankd_db_run (db,
                   "INSERT INTO customer (id, name, phone, tier, resident_id, limit_payment,"
                   " limit_day, limit_year) VALUES (2, '陈陌', '13700137000', 'II', 'x', 500000,"
                   " 1000000, 20000000)",
                   "");
  jn_bankd_book_add_account (world->core, 50, "6299881000009999999", "wallet", JN_CURRENCY_CNY,
                             "锦囊钱包", TRUE);
  jn_bankd_db_run (db, "UPDATE account SET customer = 2 WHERE id = 50", "");
  jn_bankd_db_run (db,
                   "INSERT INTO card (id, customer, pan, kind) VALUES"
                   " ('01M81190PXBS08MX5YWZ670000', 2, '6299010001112223', 'debit')",
                   "");
  jn_bankd_db_run (db,
                   "INSERT INTO intent (id, customer, state, payment, created_at) VALUES"
                   " ('01M81190PXBS08MX5YWZ671111', 2, 'RCVD', '01M81190PXBS08MX5YWZ672222', 0)",
                   "");
  jn_bankd_db_run (db,
                   "INSERT INTO payment (id, customer, device, product, intent, debtor, creditor,"
                   " creditor_bban, creditor_name, category, original, discount, total, points,"
                   " sms, expires_at, order_text, digest) VALUES ('01M81190PXBS08MX5YWZ672222', 2,"
                   " 'd', 'book-transfers', '01M81190PXBS08MX5YWZ671111', 50, 2, '629901', 'x', 12,"
                   " 100, 0, 100, 0, 0, 9000000000000000000, '{}', 'x')",
                   "");
  jn_bankd_db_run (db,
                   "INSERT INTO device (id, customer, consent, session, public_key, name,"
                   " created_at, expires_at) VALUES ('01M81190PXBS08MX5YWZ673333', 2,"
                   " '01M81190PXBS08MX5YWZ674444', zeroblob(32), zeroblob(32), 'x', 0,"
                   " 9000000000000000000)",
                   "");
}

/* What they were authorised to pay, saved with and received. */
static void
add_strangers_things (World *world)
{
  const JnBankdTransfer transfer = { .id = "01M81190PXBS08MX5YWZ677777",
                                     .kind = "income",
                                     .category = JN_CATEGORY_INCOME,
                                     .currency = JN_CURRENCY_CNY,
                                     .at = jn_clock_now (JN_CLOCK (world->clock)),
                                     .debtor_name = "x",
                                     .creditor_name = "陈陌",
                                     .legs = { { JN_BANKD_ACCOUNT_CLEARING, -100 }, { 50, 100 } },
                                     .n_legs = 2 };
  JnBankdDb *db = world->core->db;

  jn_bankd_db_run (db,
                   "INSERT INTO authorisation (id, payment, state) VALUES"
                   " ('01M81190PXBS08MX5YWZ675555', '01M81190PXBS08MX5YWZ672222', 'received')",
                   "");
  jn_bankd_db_run (db,
                   "INSERT INTO offer (id, customer, position, zh, en, kind, amount, valid_from,"
                   " valid_until) VALUES ('01M81190PXBS08MX5YWZ676666', 2, 1, 'x', 'x',"
                   " 'amountOff', 500, 0, 9000000000000000000)",
                   "");
  g_assert_true (jn_bankd_book_post (world->core, &transfer, NULL));
}

static char *
state_of (World *world)
{
  return g_strdup_printf (
      "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
      jn_bankd_db_integer (world->core->db, 0, "SELECT count (*) FROM entry", ""),
      jn_bankd_db_integer (world->core->db, 0, "SELECT count (*) FROM intent WHERE state = 'RCVD'",
                           ""),
      jn_bankd_db_integer (world->core->db, 0, "SELECT count (*) FROM device WHERE expires_at > 0",
                           ""),
      jn_bankd_db_integer (world->core->db, 0, "SELECT sum (credits - debits) FROM account", ""));
}

typedef struct
{
  const char *method, *target, *body;
  guint status;
} Try;

static void
test_other_customer (void)
{
#define PAYMENT "/psd2/v1/payments/book-transfers/01M81190PXBS08MX5YWZ672222"
#define AUTHORISATION PAYMENT "/authorisations/01M81190PXBS08MX5YWZ675555"
  static const Try tries[] = {
    { "GET", PAYMENT, NULL, 404 },
    { "GET", PAYMENT "/status", NULL, 404 },
    { "DELETE", PAYMENT, NULL, 404 },
    { "POST", PAYMENT "/authorisations", "{}", 404 },
    { "GET", AUTHORISATION, NULL, 404 },
    { "PUT", AUTHORISATION, "{\"psuData\":{\"password\":\"258036\"},\"deviceSignature\":\"AA==\"}",
      404 },
    { "PUT", AUTHORISATION, "{\"authenticationMethodId\":\"sms\"}", 404 },
    { "PUT", AUTHORISATION, "{\"scaAuthenticationData\":\"123456\"}", 404 },
    { "GET", "/wallet/v1/intents/01M81190PXBS08MX5YWZ671111", NULL, 404 },
    { "POST", "/wallet/v1/intents/01M81190PXBS08MX5YWZ671111/settlement", "{}", 404 },
    { "GET", "/psd2/v1/consents/01M81190PXBS08MX5YWZ674444", NULL, 404 },
    { "DELETE", "/psd2/v1/consents/01M81190PXBS08MX5YWZ674444", NULL, 404 },
    { "POST", "/psd2/v1/funds-confirmations",
      "{\"account\":{\"bban\":\"6299881000009999999\"},\"instructedAmount\":"
      "{\"currency\":\"CNY\",\"amount\":\"1.00\"}}",
      404 },
  };
  g_autoptr (World) world = world_new (NULL);
  g_autofree char *before = NULL;
  g_autofree char *account = NULL;
  g_autofree char *feed = NULL;

  world_enrol (world);
  add_stranger (world);
  add_strangers_things (world);
  before = state_of (world);
  for (guint i = 0; i < G_N_ELEMENTS (tries); i++)
    {
      g_autoptr (Reply) reply =
          world_call (world, tries[i].method, tries[i].target, NULL, tries[i].body);
      g_autofree char *after = state_of (world);

      g_test_message ("%s %s", tries[i].method, tries[i].target);
      reply_assert (reply, tries[i].status, NULL);
      g_assert_cmpstr (before, ==, after);
    }
  account = jn_bankd_db_text (world->core->db, "SELECT resource FROM account WHERE id = 50", "");
  feed = g_strdup_printf ("/psd2/v1/accounts/%s/transactions?bookingStatus=both", account);
  reply_free (world_call (world, "GET", feed, NULL, NULL));
  {
    g_autoptr (Reply) reply = world_call (world, "GET", feed, NULL, NULL);

    reply_assert (reply, 404, "ACCOUNT_UNKNOWN");
  }
}

/* Another customer's coupon is none, and their transaction is not in our account. */
static void
test_other_customers_things (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autofree char *intent = NULL;
  g_autofree char *body = NULL;
  g_autofree char *target = NULL;

  world_enrol (world);
  add_stranger (world);
  add_strangers_things (world);
  intent = world_make_id (world);
  body = world_coffee_body (world, intent, NULL, "01M81190PXBS08MX5YWZ676666");
  g_autoptr (Reply) coupon =
      world_call (world, "POST", "/psd2/v1/payments/qr-payments", intent, body);
  reply_assert (coupon, 400, "REFUSED");
  target = g_strdup_printf ("/psd2/v1/accounts/%s/transactions/01M81190PXBS08MX5YWZ677777",
                            world->account);
  g_autoptr (Reply) transaction = world_call (world, "GET", target, NULL, NULL);
  reply_assert (transaction, 404, NULL);
  g_autoptr (Reply) offers = world_call (world, "GET", "/wallet/v1/offers", NULL, NULL);
  g_assert_null (strstr (offers->text, "676666"));
}

/* ---- amounts and members ---- */

static char *
transfer_of (World *world, const char *intent, const char *debtor, const char *amount,
             const char *more)
{
  return g_strdup_printf (
      "{\"endToEndIdentification\":\"%s\",\"debtorAccount\":{\"bban\":\"%s\"},"
      "\"instructedAmount\":{\"currency\":\"CNY\",\"amount\":\"%s\"},"
      "\"creditorAccount\":{\"bban\":\"6299021000008966290\"},\"creditorName\":\"x\"%s}",
      intent, debtor != NULL ? debtor : world->bban, amount, more);
}

static void
test_payment_bodies (void)
{
  static const char *const bad[][3] = {
    { NULL, "-1.00", "" },
    { NULL, "-0.01", "" },
    { NULL, "0.00", "" },
    { NULL, "0.001", "" },
    { NULL, "1e3", "" },
    { NULL, "92233720368547758.07", "" },
    { NULL, "92233720368547758.08", "" },
    { NULL, "184467440737095516.16", "" },
    { NULL, "99999999999999999999999999999999.99", "" },
    { NULL, "1,00", "" },
    { NULL, "NaN", "" },
    { NULL, "", "" },
    { NULL, "1.00", ",\"creditorAgent\":\"X\"" },
    { NULL, "1.00", ",\"wallet\":{\"discount\":\"1.00\"}" },
    { NULL, "1.00", ",\"wallet\":[]" },
    { NULL, "1.00", ",\"total\":{\"currency\":\"CNY\",\"amount\":\"0.01\"}" },
    { "6299881000009999999", "1.00", "" },
    { "6299021000008966290", "1.00", "" },
  };
  g_autoptr (World) world = world_new (NULL);
  g_autofree char *before = NULL;

  world_enrol (world);
  add_stranger (world);
  before = state_of (world);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *intent = world_make_id (world);
      g_autofree char *body = transfer_of (world, intent, bad[i][0], bad[i][1], bad[i][2]);
      g_autoptr (Reply) reply =
          world_call (world, "POST", "/psd2/v1/payments/ibps-credit-transfers", intent, body);
      g_autofree char *after = state_of (world);

      g_test_message ("%s", body);
      g_assert_cmpuint (reply->status, ==, 400);
      g_assert_cmpstr (before, ==, after);
    }
}

static void
assert_refused (World *world, const char *method, const char *target, const char *body)
{
  g_autofree char *before = state_of (world);
  g_autofree char *after = NULL;
  g_autoptr (Reply) reply = NULL;

  g_test_message ("%s %s %s", method, target, body);
  reply = world_call (world, method, target, NULL, body);
  reply_assert (reply, 400, "INVALID");
  after = state_of (world);
  g_assert_cmpstr (before, ==, after);
}

/* A member that nobody knows is not passed over: whoever sent it meant something by it. */
static void
test_unknown_members (void)
{
  static const char *const bodies[][2] = {
    { "/wallet/v1/qr/resolve", "{\"payload\":\"x\",\"more\":1}" },
    { "/wallet/v1/payee-checks",
      "{\"account\":\"6299021000008966290\",\"name\":\"x\",\"more\":1}" },
    { "/psd2/v1/funds-confirmations",
      "{\"account\":{\"bban\":\"6299881000001234567\"},\"instructedAmount\":{\"currency\":\"CNY\","
      "\"amount\":\"1.00\"},\"more\":1}" },
    { "/wallet/v1/intents/01M81190PXBS08MX5YWZ67AAAA/settlement", "{\"more\":1}" },
    { "/wallet/v1/sandbox/reset", "{\"more\":1}" },
    { "/wallet/v1/sandbox/rotate-key", "{\"more\":1}" },
    { "/wallet/v1/sandbox/returns", "{\"transactionId\":\"x\",\"more\":1}" },
    { "/psd2/v1/consents",
      "{\"access\":{\"accounts\":[]},\"recurringIndicator\":true,\"validUntil\":\"2027-01-01\","
      "\"frequencyPerDay\":4,\"combinedServiceIndicator\":false,\"more\":1}" },
  };
  g_autoptr (World) world = world_new (NULL);

  world_enrol (world);
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    assert_refused (world, "POST", bodies[i][0], bodies[i][1]);
}

static void
test_unknown_members_of_enrolment (void)
{
  static const char *const steps[][2] = {
    { "pin", "{\"pin\":\"258036\",\"more\":1}" },
    { "identity", "{\"sample\":true,\"more\":1}" },
    { "card", "{\"sample\":true,\"more\":1}" },
  };
  g_autoptr (World) world = world_new (NULL);
  g_autofree char *start = world_enrolment_body (world);
  g_autofree char *more = g_strdup_printf ("%.*s,\"more\":1}", (int) strlen (start) - 1, start);
  g_autoptr (Reply) begun = world_call (world, "POST", "/wallet/v1/enrolments", NULL, start);
  const char *id = reply_string (begun, "enrolmentId");
  g_autofree char *code = world_read_code (world);
  g_autofree char *code_path = g_strdup_printf ("/wallet/v1/enrolments/%s/code", id);
  g_autofree char *finish = g_strdup_printf ("/wallet/v1/enrolments/%s/finish", id);
  g_autofree char *right = g_strdup_printf ("{\"code\":\"%s\"}", code);
  g_autofree char *wrong = g_strdup_printf ("{\"code\":\"%s\",\"more\":1}", code);

  assert_refused (world, "POST", "/wallet/v1/enrolments", more);
  assert_refused (world, "PUT", code_path, wrong);
  reply_free (world_call (world, "PUT", code_path, NULL, right));
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autofree char *path = g_strdup_printf ("/wallet/v1/enrolments/%s/%s", id, steps[i][0]);

      assert_refused (world, "PUT", path, steps[i][1]);
    }
  assert_refused (world, "POST", finish, "{\"more\":1}");
}

static void
test_unknown_members_of_payment (void)
{
  static const char *const proofs[] = {
    "{\"psuData\":{\"password\":\"258036\",\"more\":1},\"deviceSignature\":\"AA==\"}",
    "{\"psuData\":{\"password\":\"258036\"},\"deviceSignature\":\"AA==\",\"more\":1}",
    "{\"authenticationMethodId\":\"sms\",\"more\":1}",
    "{\"scaAuthenticationData\":\"123456\",\"more\":1}",
    "{\"more\":1}",
    "{}",
  };
  g_autoptr (World) world = world_new (NULL);

  world_enrol (world);
  g_autofree char *intent = world_make_id (world);
  g_autofree char *body = world_coffee_body (world, intent, NULL, "none");
  g_autoptr (Reply) payment =
      world_call (world, "POST", "/psd2/v1/payments/qr-payments", intent, body);
  g_autofree char *path = world_authorise (world, "qr-payments", payment);
  g_autofree char *start = g_path_get_dirname (path);

  assert_refused (world, "POST", start, "{\"more\":1}");
  for (guint i = 0; i < G_N_ELEMENTS (proofs); i++)
    assert_refused (world, "PUT", path, proofs[i]);
}

/* Numbers that are none, that are negative, or that are more than anything can be. */
static void
test_numbers (void)
{
  static const char *const feed[] = { "entryReferenceFrom=-1",
                                      "entryReferenceFrom=99999999999999999999",
                                      "entryReferenceFrom=1e3",
                                      "entryReferenceFrom=",
                                      "itemsPerPage=1001",
                                      "itemsPerPage=-5",
                                      "itemsPerPage=18446744073709551617" };
  static const char *const targets[] = {
    "/wallet/v1/points?from=-1",         "/wallet/v1/points?from=4294967296",
    "/wallet/v1/events?after=-1",        "/wallet/v1/events?after=0&wait=26",
    "/wallet/v1/events?after=0&wait=-1", "/wallet/v1/events?after=9223372036854775808"
  };
  static const char *const amounts[] = { "-1.00", "92233720368547758.08", "0.001", "", "١" };
  g_autoptr (World) world = world_new (NULL);

  world_enrol (world);
  for (guint i = 0; i < G_N_ELEMENTS (feed); i++)
    {
      g_autofree char *target = g_strdup_printf (
          "/psd2/v1/accounts/%s/transactions?bookingStatus=both&%s", world->account, feed[i]);

      assert_refused (world, "GET", target, NULL);
    }
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    assert_refused (world, "GET", targets[i], NULL);
  for (guint i = 0; i < G_N_ELEMENTS (amounts); i++)
    {
      g_autofree char *body =
          g_strdup_printf ("{\"account\":{\"bban\":\"%s\"},\"instructedAmount\":"
                           "{\"currency\":\"CNY\",\"amount\":\"%s\"}}",
                           world->bban, amounts[i]);

      assert_refused (world, "POST", "/psd2/v1/funds-confirmations", body);
    }
}

/* XS2A wants to know the customer's address where money or access begins. */
static void
test_address (void)
{
  static const char *const bad[] = { NULL, "", "localhost", "::1", "127.0.0.1, 10.0.0.1" };
  static const char *const targets[] = { "/psd2/v1/payments/ibps-credit-transfers",
                                         "/psd2/v1/consents" };
  g_autoptr (World) world = world_new (NULL);
  g_autofree char *before = NULL;

  world_enrol (world);
  before = state_of (world);
  for (guint i = 0; i < G_N_ELEMENTS (bad) * G_N_ELEMENTS (targets); i++)
    {
      const char *target = targets[i % G_N_ELEMENTS (targets)];
      const char *address = bad[i / G_N_ELEMENTS (targets)];
      g_autofree char *intent = world_make_id (world);
      g_autofree char *body = transfer_of (world, intent, NULL, "1.00", "");
      g_autoptr (GHashTable) fields = world_fields (world, intent);
      g_autoptr (Reply) reply = NULL;
      g_autofree char *after = NULL;

      if (address == NULL)
        g_hash_table_remove (fields, "psu-ip-address");
      else
        fields_set (fields, "psu-ip-address", address);
      signer_sign (&world->signer, "POST", target, fields, body);
      reply = world_send (world, "POST", target, fields, body);
      reply_assert (reply, 400, "INVALID");
      after = state_of (world);
      g_assert_cmpstr (before, ==, after);
    }
}

/* ---- the socket ---- */

static JnBankd *
start (void)
{
  g_autoptr (GError) error = NULL;
  JnBankdOptions options = { 0 };
  JnBankd *bank = jn_bankd_start (&options, &error);

  g_assert_no_error (error);
  return bank;
}

static GSocketConnection *
connect_to (const char *address)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  GSocketConnection *connection =
      g_socket_client_connect_to_host (client, address + strlen ("http://"), 80, NULL, NULL);

  g_assert_nonnull (connection);
  return connection;
}

static void
say (GSocketConnection *connection, const char *text)
{
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), text,
                             strlen (text), NULL, NULL, NULL);
}

/* Requests that never end are put out by the server, while another client is served. */
static void
test_slow_clients (void)
{
  static const char *const begun[] = {
    "",
    "G",
    "GET /wallet/v1/keys HTTP/1.1\r\nHost: bank\r\n",
    "POST /wallet/v1/enrolments HTTP/1.1\r\nHost: bank\r\nContent-Length: 100\r\n\r\n{",
    "POST /wallet/v1/enrolments HTTP/1.1\r\nHost: bank\r\nTransfer-Encoding: chunked\r\n\r\n",
  };
  g_autoptr (JnBankd) bank = start ();
  const char *address = jn_bankd_get_address (bank);
  GSocketConnection *slow[G_N_ELEMENTS (begun)];
  char buffer[256];

  for (guint i = 0; i < G_N_ELEMENTS (begun); i++)
    {
      slow[i] = connect_to (address);
      say (slow[i], begun[i]);
    }
  g_assert_cmpuint (wire_count_messages (address), ==, 0);
  /* No clock in here: a read that ends is the proof, one that does not is the test's own time limit. */
  for (guint i = 0; i < G_N_ELEMENTS (begun); i++)
    {
      GInputStream *stream = g_io_stream_get_input_stream (G_IO_STREAM (slow[i]));

      while (g_input_stream_read (stream, buffer, sizeof buffer, NULL, NULL) > 0)
        ;
      g_object_unref (slow[i]);
    }
  g_assert_cmpuint (wire_count_messages (address), ==, 0);
}

static void
test_header_bombs (void)
{
  g_autoptr (JnBankd) bank = start ();
  const char *address = jn_bankd_get_address (bank);
  g_autofree char *one = g_strnfill (200 * 1024, 'a');
  g_autofree char *large = g_strdup_printf ("X-Bomb: %s\r\n", one);
  g_autoptr (GString) many = g_string_new (NULL);
  g_autoptr (WireReply) first = NULL;
  g_autoptr (WireReply) second = NULL;

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (many, "X-%u: y\r\n", i);
  first = wire_send (address, "POST", "/wallet/v1/enrolments", large, "{}");
  second = wire_send (address, "POST", "/wallet/v1/enrolments", many->str, "{}");
  g_assert_cmpuint (first->status, !=, 201);
  g_assert_cmpuint (second->status, !=, 201);
  g_assert_cmpuint (wire_count_messages (address), ==, 0);
}

/* ---- the crowd ---- */

typedef struct
{
  const char *address;
  gint *stop;
  guint refused;
} Crowd;

static gpointer
be_bad (gpointer data)
{
  static const char *const lines[] = { "", "Idempotency-Key: \"x\"\r\n", "Consent-ID: x\r\n",
                                       "Authorization: Bearer x\r\nConsent-ID: y\r\n" };
  static const char *const targets[] = { "/psd2/v1/accounts", "/nowhere", "/wallet/v1/profile",
                                         "/wallet/v1/intents/x/settlement",
                                         "/wallet/v1/enrolments" };
  static const char *const bodies[] = { "{", "[]", "{\"a\":1,\"a\":2}", "{\"phone\":1}", "\xff" };
  Crowd *crowd = data;

  for (guint i = 0; i < BAD || !g_atomic_int_get (crowd->stop); i++)
    {
      g_autoptr (WireReply) reply =
          wire_send (crowd->address, i % 3 == 0 ? "GET" : "POST",
                     targets[i % G_N_ELEMENTS (targets)], lines[i / 5 % G_N_ELEMENTS (lines)],
                     i % 3 == 0 ? NULL : bodies[i / 7 % G_N_ELEMENTS (bodies)]);

      g_assert_cmpuint (reply->status, >=, 400);
      g_assert_cmpuint (reply->status, <, 500);
      crowd->refused++;
    }
  return NULL;
}

static gint64
memory_peak (void)
{
  g_autofree char *status = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/status", &status, NULL, NULL));
  return g_ascii_strtoll (strstr (status, "VmHWM:") + strlen ("VmHWM:"), NULL, 10);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

/* A thousand bad requests and more beside good ones: every bad one is refused, every good one is served. */
static void
test_crowd (void)
{
  g_autoptr (JnBankd) bank = start ();
  g_autoptr (World) world = world_new_remote (jn_bankd_get_address (bank));
  g_autoptr (Reply) balances = NULL;
  g_autofree char *path = NULL;
  gint64 times[GOOD], begun;
  gint stop = 0;
  Crowd crowd = { .address = jn_bankd_get_address (bank), .stop = &stop };
  GThread *thread;

  world_enrol (world);
  begun = g_get_monotonic_time ();
  thread = g_thread_new ("crowd", be_bad, &crowd);
  for (guint i = 0; i < GOOD; i++)
    {
      gint64 start_of = g_get_monotonic_time ();
      g_autoptr (Reply) reply = world_call (world, "GET", "/psd2/v1/accounts", NULL, NULL);

      reply_assert (reply, 200, NULL);
      times[i] = g_get_monotonic_time () - start_of;
    }
  g_free (world_buy_coffee (world));
  g_atomic_int_set (&stop, 1);
  g_thread_join (thread);
  begun = g_get_monotonic_time () - begun;
  g_assert_cmpuint (crowd.refused, >=, BAD);
  path = g_strdup_printf ("/psd2/v1/accounts/%s/balances", world->account);
  balances = world_call (world, "GET", path, NULL, NULL);
  g_assert_nonnull (strstr (balances->text, "\"1181.00\""));
  qsort (times, GOOD, sizeof *times, compare_times);
  g_test_message ("%u refused, %" G_GINT64_FORMAT " a second; good p95 %" G_GINT64_FORMAT
                  " us; peak %" G_GINT64_FORMAT " KiB",
                  crowd.refused, (gint64) crowd.refused * G_USEC_PER_SEC / begun,
                  times[GOOD * 95 / 100], memory_peak ());
#ifndef __SANITIZE_ADDRESS__
  g_assert_cmpint (memory_peak (), <, 256 * 1024);
#endif
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bankd/hostile/other-customer", test_other_customer);
  g_test_add_func ("/bankd/hostile/payment-bodies", test_payment_bodies);
  g_test_add_func ("/bankd/hostile/address", test_address);
  g_test_add_func ("/bankd/hostile/other-customers-things", test_other_customers_things);
  g_test_add_func ("/bankd/hostile/unknown-members", test_unknown_members);
  g_test_add_func ("/bankd/hostile/unknown-members-of-enrolment",
                   test_unknown_members_of_enrolment);
  g_test_add_func ("/bankd/hostile/unknown-members-of-payment", test_unknown_members_of_payment);
  g_test_add_func ("/bankd/hostile/numbers", test_numbers);
  g_test_add_func ("/bankd/hostile/slow-clients", test_slow_clients);
  g_test_add_func ("/bankd/hostile/header-bombs", test_header_bombs);
  g_test_add_func ("/bankd/hostile/crowd", test_crowd);
  return g_test_run ();
}
