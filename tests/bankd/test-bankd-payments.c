/* Orders, authentication, execution, settlement and idempotency, through the router. */
#include "bankd-world.h"

#include <string.h>

#define QR "/psd2/v1/payments/qr-payments"
#define HOUSE "/psd2/v1/payments/book-transfers"
#define OTHER "/psd2/v1/payments/ibps-credit-transfers"

static gint64
available (World *world)
{
  return jn_bankd_book_available (world->core, JN_BANKD_ACCOUNT_WALLET);
}

static gint64
count (World *world, const char *sql)
{
  return jn_bankd_db_integer (world->core->db, -1, sql, "");
}

static World *
enrolled (void)
{
  World *world = world_new (NULL);

  world_enrol (world);
  return world;
}

static Reply *
order_coffee (World *world, char **intent)
{
  g_autofree char *body = NULL;

  *intent = world_make_id (world);
  body = world_coffee_body (world, *intent, NULL, "best");
  return world_call (world, "POST", QR, *intent, body);
}

static Reply *
authorise (World *world, const char *product, Reply *payment, const char *pin)
{
  g_autofree char *path = world_authorise (world, product, payment);
  g_autofree char *proof = world_proof (world, payment, path, pin);

  return world_call (world, "PUT", path, NULL, proof);
}

static Reply *
settle (World *world, const char *intent)
{
  g_autofree char *path = g_strdup_printf ("/wallet/v1/intents/%s/settlement", intent);

  return world_call (world, "POST", path, NULL, "{}");
}

static void
test_coffee (void)
{
  g_autoptr (World) world = enrolled ();
  gint64 rows = count (world, "SELECT sequence FROM account WHERE id = 1");
  g_autofree char *intent = NULL;
  g_autoptr (Reply) payment = order_coffee (world, &intent);
  g_autoptr (Reply) made = NULL;
  g_autoptr (Reply) offers = NULL;

  reply_assert (payment, 201, NULL);
  g_assert_cmpint (reply_amount (payment, "order/original"), ==, 2200);
  g_assert_cmpint (reply_amount (payment, "order/discount"), ==, 300);
  g_assert_cmpint (reply_amount (payment, "order/total"), ==, 1900);
  /* Nothing moved and nothing is reserved. */
  g_assert_cmpint (available (world), ==, 100000);
  made = authorise (world, "qr-payments", payment, WORLD_PIN);
  reply_assert (made, 200, NULL);
  g_assert_true (made->committed);
  g_assert_cmpint (available (world), ==, 98100);
  g_assert_cmpint (jn_bankd_book_balance (world->core, JN_BANKD_ACCOUNT_POINTS), ==, 1299);
  g_assert_cmpint (count (world, "SELECT sequence FROM account WHERE id = 1"), ==, rows + 1);
  offers = world_call (world, "GET", "/wallet/v1/offers", NULL, NULL);
  {
    JnJson *first = jn_json_at (jn_json_get (offers->json, "offers"), 0);

    g_assert_cmpstr (jn_json_string (jn_json_get (first, "state")), ==, "used");
    g_assert_cmpstr (jn_json_string (jn_json_get (first, "usedTransactionId")), ==,
                     reply_string (made, "transactionId"));
  }
}

/* The digest is over the order's RFC 8785 form, which the customer's device can make for itself. */
static void
test_digest (void)
{
  g_autoptr (World) world = enrolled ();
  g_autofree char *intent = NULL;
  g_autoptr (Reply) payment = order_coffee (world, &intent);
  g_autofree char *canonical = jn_json_canonical (jn_json_get (payment->json, "order"), NULL);
  g_autofree char *digest =
      g_compute_checksum_for_string (G_CHECKSUM_SHA256, canonical, (gssize) strlen (canonical));

  g_assert_cmpstr (digest, ==, reply_string (payment, "orderDigest"));
}

/* Coupon, points and money go together or not at all: here the points cannot be booked. */
static void
test_one_commit (void)
{
  g_autoptr (World) world = enrolled ();
  g_autofree char *intent = NULL;
  g_autoptr (Reply) payment = order_coffee (world, &intent);
  g_autoptr (Reply) refused = NULL;

  jn_bankd_db_run (world->core->db, "UPDATE account SET currency = 840 WHERE id = ?", "i",
                   JN_BANKD_ACCOUNT_POINTS_ISSUED);
  refused = authorise (world, "qr-payments", payment, WORLD_PIN);
  reply_assert (refused, 400, "CURRENCY_MISMATCH");
  jn_bankd_db_run (world->core->db, "UPDATE account SET currency = 10000 WHERE id = ?", "i",
                   JN_BANKD_ACCOUNT_POINTS_ISSUED);
  g_assert_cmpint (available (world), ==, 100000);
  g_assert_cmpint (jn_bankd_book_balance (world->core, JN_BANKD_ACCOUNT_POINTS), ==, 1280);
  g_assert_cmpint (count (world, "SELECT count (*) FROM offer WHERE used_at IS NOT NULL"), ==, 1);
  g_assert_cmpint (count (world, "SELECT count (*) FROM bill WHERE paid_by IS NOT NULL"), ==, 0);
}

static void
test_idempotency (void)
{
  g_autoptr (World) world = enrolled ();
  g_autofree char *intent = world_make_id (world);
  g_autofree char *body = world_coffee_body (world, intent, NULL, "best");
  g_autofree char *other = g_strconcat (body, " ", NULL);
  g_autoptr (Reply) first = world_call (world, "POST", QR, intent, body);
  g_autoptr (Reply) again = world_call (world, "POST", QR, intent, body);
  g_autoptr (Reply) conflict = world_call (world, "POST", QR, intent, other);
  g_autofree char *path = world_authorise (world, "qr-payments", first);
  g_autofree char *proof = world_proof (world, first, path, WORLD_PIN);
  g_autofree char *key = world_make_id (world);
  g_autoptr (Reply) made = world_call (world, "PUT", path, key, proof);
  g_autoptr (Reply) replayed = world_call (world, "PUT", path, key, proof);
  g_autoptr (Reply) elsewhere =
      world_call (world, "PUT", "/wallet/v1/enrolments/x/pin", intent, body);

  reply_assert (first, 201, NULL);
  g_assert_false (first->replayed);
  g_assert_true (again->replayed);
  g_assert_cmpstr (first->text, ==, again->text);
  g_assert_false (again->committed);
  reply_assert (conflict, 422, "CONFLICT");
  g_assert_cmpstr (reply_string (conflict, "code"), ==, "PARAMETER_NOT_CONSISTENT");
  reply_assert (made, 200, NULL);
  g_assert_cmpstr (made->text, ==, replayed->text);
  g_assert_cmpint (available (world), ==, 98100);
  /* Before enrolment keys are another scope. */
  reply_assert (elsewhere, 400, "INVALID");
}

/* What the file says about a key is worth nothing without the key. */
static void
test_no_secret_at_rest (void)
{
  g_autoptr (World) world = enrolled ();
  g_autofree char *secret = g_strdup (world->authorization + strlen ("Bearer "));

  g_assert_cmpint (jn_bankd_db_integer (world->core->db, -1,
                                        "SELECT count (*) FROM idempotency"
                                        " WHERE instr (answer, cast (? AS BLOB)) > 0",
                                        "s", secret),
                   ==, 0);
  g_assert_cmpint (jn_bankd_db_integer (world->core->db, -1,
                                        "SELECT count (*) FROM customer WHERE instr (pin, ?) > 0",
                                        "s", WORLD_PIN),
                   ==, 0);
}

static void
test_settlement_executed (void)
{
  g_autoptr (World) world = enrolled ();
  g_autofree char *intent = world_buy_coffee (world);
  g_autoptr (Reply) settled = settle (world, intent);
  gboolean made = FALSE;

  reply_assert (settled, 200, NULL);
  g_assert_cmpstr (reply_string (settled, "transactionStatus"), ==, "ACSC");
  g_assert_true (jn_json_boolean (jn_json_get (settled->json, "made"), &made) && made);
  g_assert_nonnull (reply_string (settled, "transactionId"));
}

static void
test_settlement_open (void)
{
  g_autoptr (World) world = enrolled ();
  g_autofree char *intent = NULL;
  g_autoptr (Reply) payment = order_coffee (world, &intent);
  g_autofree char *path = world_authorise (world, "qr-payments", payment);
  g_autofree char *proof = world_proof (world, payment, path, WORLD_PIN);
  g_autoptr (Reply) settled = settle (world, intent);
  g_autoptr (Reply) late = world_call (world, "PUT", path, NULL, proof);
  g_autoptr (Reply) again = settle (world, intent);

  g_assert_cmpstr (reply_string (settled, "transactionStatus"), ==, "CANC");
  g_assert_cmpstr (reply_string (settled, "reason"), ==, "CANCELLED");
  reply_assert (late, 409, "CANCELLED");
  g_assert_cmpstr (again->text, ==, settled->text);
  g_assert_cmpint (available (world), ==, 100000);
}

static void
test_settlement_never_seen (void)
{
  g_autoptr (World) world = enrolled ();
  g_autofree char *intent = world_make_id (world);
  g_autofree char *body = world_coffee_body (world, intent, NULL, "best");
  g_autofree char *path = g_strdup_printf ("/wallet/v1/intents/%s", intent);
  g_autoptr (Reply) unknown = world_call (world, "GET", path, NULL, NULL);
  g_autoptr (Reply) settled = settle (world, intent);
  g_autoptr (Reply) late = world_call (world, "POST", QR, intent, body);

  reply_assert (unknown, 404, NULL);
  g_assert_cmpstr (reply_string (settled, "transactionStatus"), ==, "CANC");
  reply_assert (late, 409, "CANCELLED");
  g_assert_cmpint (available (world), ==, 100000);
}

static void
test_pin (void)
{
  g_autoptr (World) world = enrolled ();
  g_autofree char *intent = NULL;
  g_autoptr (Reply) payment = order_coffee (world, &intent);
  g_autofree char *path = world_authorise (world, "qr-payments", payment);
  g_autofree char *wrong = world_proof (world, payment, path, "111223");
  g_autofree char *right = world_proof (world, payment, path, WORLD_PIN);

  for (gint64 left = 4; left >= 1; left--)
    {
      g_autoptr (Reply) reply = world_call (world, "PUT", path, NULL, wrong);
      gint64 told = 0;

      reply_assert (reply, 401, "PIN_WRONG");
      g_assert_true (jn_json_integer (jn_json_get (reply->json, "attemptsLeft"), &told));
      g_assert_cmpint (told, ==, left);
    }
  {
    g_autoptr (Reply) fifth = world_call (world, "PUT", path, NULL, wrong);
    g_autoptr (Reply) after = world_call (world, "PUT", path, NULL, right);

    reply_assert (fifth, 403, "PIN_BLOCKED");
    reply_assert (after, 403, "PIN_BLOCKED");
  }
  g_assert_cmpint (available (world), ==, 100000);
  /* A new enrolment proves the phone and sets a new PIN. */
  world_enrol (world);
  g_free (world_buy_coffee (world));
  g_assert_cmpint (available (world), ==, 98100);
}

static void
test_pin_counter (void)
{
  g_autoptr (World) world = enrolled ();

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *intent = NULL;
      g_autoptr (Reply) payment = order_coffee (world, &intent);
      g_autoptr (Reply) wrong = authorise (world, "qr-payments", payment, "111223");
      g_autoptr (Reply) wrong_too = authorise (world, "qr-payments", payment, "111224");
      g_autoptr (Reply) right = authorise (world, "qr-payments", payment, WORLD_PIN);

      reply_assert (wrong, 401, "PIN_WRONG");
      reply_assert (wrong_too, 401, "PIN_WRONG");
      reply_assert (right, 200, NULL);
    }
}

static void
test_signature (void)
{
  g_autoptr (World) world = enrolled ();
  g_autofree char *intent = NULL;
  g_autoptr (Reply) payment = order_coffee (world, &intent);
  g_autofree char *other_path = world_authorise (world, "qr-payments", payment);
  g_autofree char *path = world_authorise (world, "qr-payments", payment);
  g_autofree char *proof = world_proof (world, payment, other_path, "111223");

  /* A signature for another authorisation does not count, and costs no PIN try. */
  for (guint i = 0; i < 7; i++)
    {
      g_autoptr (Reply) reply = world_call (world, "PUT", path, NULL, proof);

      reply_assert (reply, 401, "SIGNATURE_BAD");
    }
  g_assert_cmpint (count (world, "SELECT pin_tries FROM customer"), ==, 0);
}

static Reply *
order_new_payee (World *world)
{
  g_autofree char *intent = world_make_id (world);
  g_autofree char *body =
      world_transfer_body (world, intent, "40.00", "6299041234567890123", "新朋友");
  Reply *payment = world_call (world, "POST", OTHER, intent, body);

  reply_assert (payment, 201, NULL);
  return payment;
}

static Reply *
send_code (World *world, const char *path, const char *code)
{
  g_autofree char *body = g_strdup_printf ("{\"scaAuthenticationData\":\"%s\"}", code);

  return world_call (world, "PUT", path, NULL, body);
}

static char *
reach_code (World *world, Reply *payment)
{
  g_autofree char *path = world_authorise (world, "ibps-credit-transfers", payment);
  g_autofree char *proof = world_proof (world, payment, path, WORLD_PIN);
  g_autoptr (Reply) methods = world_call (world, "PUT", path, NULL, proof);
  g_autoptr (Reply) chosen =
      world_call (world, "PUT", path, NULL, "{\"authenticationMethodId\":\"sms\"}");

  reply_assert (methods, 200, NULL);
  g_assert_cmpstr (reply_string (methods, "scaStatus"), ==, "psuAuthenticated");
  reply_assert (chosen, 200, NULL);
  return g_steal_pointer (&path);
}

static void
test_sms (void)
{
  g_autoptr (World) world = enrolled ();
  g_autoptr (Reply) payment = order_new_payee (world);
  g_autofree char *path = reach_code (world, payment);
  g_autofree char *code = world_read_code (world);
  const char *wrong = strcmp (code, "000000") == 0 ? "000001" : "000000";
  gboolean sms = FALSE;

  g_assert_true (jn_json_boolean (jn_json_get (payment->json, "requiresSms"), &sms) && sms);
  g_assert_cmpint (available (world), ==, 100000);
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (Reply) reply = send_code (world, path, wrong);

      reply_assert (reply, 400, "SMS_WRONG");
    }
  {
    /* Five tries are all: the right one comes too late, a new code is a new chance. */
    g_autoptr (Reply) late = send_code (world, path, code);
    g_autoptr (Reply) chosen =
        world_call (world, "PUT", path, NULL, "{\"authenticationMethodId\":\"sms\"}");
    g_autofree char *fresh = world_read_code (world);
    g_autoptr (Reply) made = send_code (world, path, fresh);

    reply_assert (late, 400, "SMS_EXPIRED");
    reply_assert (chosen, 200, NULL);
    reply_assert (made, 200, NULL);
  }
  g_assert_cmpint (available (world), ==, 96000);
}

static void
test_sms_late (void)
{
  g_autoptr (World) world = enrolled ();
  g_autoptr (Reply) payment = NULL;
  g_autofree char *path = NULL;
  g_autofree char *code = NULL;
  g_autoptr (Reply) late = NULL;

  payment = order_new_payee (world);
  path = reach_code (world, payment);
  code = world_read_code (world);
  /* The order of five minutes ends no later than its code. */
  jn_manual_clock_advance (world->clock, 5 * JN_MINUTE);
  late = send_code (world, path, code);
  reply_assert (late, 403, "CODE_EXPIRED");
  g_assert_cmpint (available (world), ==, 100000);
}

static void
test_expiry (void)
{
  g_autoptr (World) world = enrolled ();
  g_autofree char *intent = NULL;
  g_autoptr (Reply) payment = order_coffee (world, &intent);
  g_autofree char *path = world_authorise (world, "qr-payments", payment);
  g_autofree char *proof = world_proof (world, payment, path, WORLD_PIN);
  g_autofree char *code = world_coffee_code (world);
  g_autofree char *ask = g_strdup_printf ("{\"payload\":\"%s\"}", code);

  jn_manual_clock_advance (world->clock, 5 * JN_MINUTE);
  {
    g_autoptr (Reply) late = world_call (world, "PUT", path, NULL, proof);
    g_autoptr (Reply) settled = settle (world, intent);

    reply_assert (late, 403, "CODE_EXPIRED");
    g_assert_cmpstr (reply_string (settled, "transactionStatus"), ==, "CANC");
  }
  jn_manual_clock_advance (world->clock, 5 * JN_MINUTE);
  {
    g_autoptr (Reply) resolved = world_call (world, "POST", "/wallet/v1/qr/resolve", NULL, ask);

    reply_assert (resolved, 403, "CODE_EXPIRED");
  }
}

static void
test_bill_paid_once (void)
{
  g_autoptr (World) world = enrolled ();
  g_autofree char *code = world_coffee_code (world);
  g_autofree char *one = world_make_id (world);
  g_autofree char *two = world_make_id (world);
  g_autofree char *body_one = world_coffee_body (world, one, code, "none");
  g_autofree char *body_two = world_coffee_body (world, two, code, "none");
  g_autoptr (Reply) first = world_call (world, "POST", QR, one, body_one);
  g_autoptr (Reply) second = world_call (world, "POST", QR, two, body_two);
  g_autoptr (Reply) made = authorise (world, "qr-payments", first, WORLD_PIN);
  g_autoptr (Reply) refused = authorise (world, "qr-payments", second, WORLD_PIN);

  reply_assert (made, 200, NULL);
  reply_assert (refused, 400, "ORDER_PAID");
  g_assert_cmpint (available (world), ==, 97800);
}

/* Funds that are gone between order and PIN: refused, and for ever. */
static void
test_no_funds (void)
{
  g_autoptr (World) world = enrolled ();
  g_autofree char *intent = world_make_id (world);
  g_autofree char *friend =
      jn_bankd_db_text (world->core->db, "SELECT bban FROM payee WHERE name = '李思雨'", "");
  g_autofree char *body = world_transfer_body (world, intent, "500.00", friend, "李思雨");
  g_autofree char *again_intent = world_make_id (world);
  g_autofree char *again_body =
      world_transfer_body (world, again_intent, "500.00", friend, "李思雨");
  g_autofree char *third_intent = world_make_id (world);
  g_autofree char *third_body =
      world_transfer_body (world, third_intent, "500.00", friend, "李思雨");
  g_autoptr (Reply) one = world_call (world, "POST", HOUSE, intent, body);
  g_autoptr (Reply) two = world_call (world, "POST", HOUSE, again_intent, again_body);
  g_autoptr (Reply) three = world_call (world, "POST", HOUSE, third_intent, third_body);
  g_autoptr (Reply) made = authorise (world, "book-transfers", one, WORLD_PIN);
  g_autoptr (Reply) made_too = authorise (world, "book-transfers", two, WORLD_PIN);
  g_autofree char *path = world_authorise (world, "book-transfers", three);
  g_autofree char *proof = world_proof (world, three, path, WORLD_PIN);
  g_autoptr (Reply) refused = world_call (world, "PUT", path, NULL, proof);
  g_autoptr (Reply) later = world_call (world, "PUT", path, NULL, proof);
  g_autoptr (Reply) settled = settle (world, third_intent);

  reply_assert (made, 200, NULL);
  reply_assert (made_too, 200, NULL);
  g_assert_cmpint (available (world), ==, 0);
  reply_assert (refused, 400, "NO_FUNDS");
  reply_assert (later, 409, "NO_FUNDS");
  g_assert_cmpstr (reply_string (settled, "transactionStatus"), ==, "RJCT");
}

static void
test_refusals (void)
{
  static const struct
  {
    const char *amount, *reason;
    guint status;
  } cases[] = {
    { "0.00", "AMOUNT_ZERO", 400 }, { "-1.00", "INVALID", 400 },
    { "1.001", "INVALID", 400 },    { "1e3", "INVALID", 400 },
    { "1000.01", "NO_FUNDS", 400 }, { "5000.01", "OVER_LIMIT", 400 },
  };
  g_autoptr (World) world = enrolled ();
  g_autofree char *friend =
      jn_bankd_db_text (world->core->db, "SELECT bban FROM payee WHERE name = '李思雨'", "");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *intent = world_make_id (world);
      g_autofree char *body =
          world_transfer_body (world, intent, cases[i].amount, friend, "李思雨");
      g_autoptr (Reply) reply = world_call (world, "POST", HOUSE, intent, body);

      reply_assert (reply, cases[i].status, cases[i].reason);
    }
  {
    g_autofree char *intent = world_make_id (world);
    g_autofree char *own = world_transfer_body (world, intent, "1.00", world->bban, "王小明");
    g_autoptr (Reply) reply = world_call (world, "POST", HOUSE, intent, own);

    reply_assert (reply, 400, "SAME_ACCOUNT");
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bankd/payments/coffee", test_coffee);
  g_test_add_func ("/bankd/payments/digest", test_digest);
  g_test_add_func ("/bankd/payments/one-commit", test_one_commit);
  g_test_add_func ("/bankd/payments/idempotency", test_idempotency);
  g_test_add_func ("/bankd/payments/no-secret-at-rest", test_no_secret_at_rest);
  g_test_add_func ("/bankd/payments/settlement/executed", test_settlement_executed);
  g_test_add_func ("/bankd/payments/settlement/open", test_settlement_open);
  g_test_add_func ("/bankd/payments/settlement/never-seen", test_settlement_never_seen);
  g_test_add_func ("/bankd/payments/pin", test_pin);
  g_test_add_func ("/bankd/payments/pin-counter", test_pin_counter);
  g_test_add_func ("/bankd/payments/signature", test_signature);
  g_test_add_func ("/bankd/payments/sms", test_sms);
  g_test_add_func ("/bankd/payments/sms-late", test_sms_late);
  g_test_add_func ("/bankd/payments/expiry", test_expiry);
  g_test_add_func ("/bankd/payments/bill-paid-once", test_bill_paid_once);
  g_test_add_func ("/bankd/payments/no-funds", test_no_funds);
  g_test_add_func ("/bankd/payments/refusals", test_refusals);
  return g_test_run ();
}
