/* Money from a card of the customer's: to the wallet, and through it to a shop. Approved like every payment, charged once. */
#include "bankd-world.h"
#include "jn-bankd-payments.h"

#include <string.h>

#define QR "/psd2/v1/payments/qr-payments"
#define TOP_UP "/psd2/v1/payments/ibps-credit-transfers"
#define STRANGERS_CARD "01M81190PXBS08MX5YWZ670000"

static World *
enrolled (void)
{
  World *world = world_new (NULL);

  world_enrol (world);
  return world;
}

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

/* A card as the bank tells the wallet. */
typedef struct
{
  char *id, *masked;
  gboolean top_up, pays;
} Card;

static void
card_clear (Card *self)
{
  g_free (self->id);
  g_free (self->masked);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Card, card_clear)

static void
find_card (World *world, const char *kind, Card *out)
{
  g_autoptr (Reply) profile = world_call (world, "GET", "/wallet/v1/profile", NULL, NULL);
  JnJson *cards = jn_json_get (profile->json, "cards");

  for (guint i = 0; i < jn_json_length (cards); i++)
    {
      JnJson *card = jn_json_at (cards, i);

      if (g_strcmp0 (jn_json_string (jn_json_get (card, "kind")), kind) != 0)
        continue;
      out->id = g_strdup (jn_json_string (jn_json_get (card, "cardId")));
      out->masked = g_strdup (jn_json_string (jn_json_get (card, "maskedPan")));
      g_assert_true (jn_json_boolean (jn_json_get (card, "topUp"), &out->top_up));
      g_assert_true (jn_json_boolean (jn_json_get (card, "pays"), &out->pays));
      return;
    }
  g_assert_not_reached ();
}

static char *
top_up_body (World *world, const char *intent, const char *amount, const char *card,
             const char *masked)
{
  return g_strdup_printf (
      "{\"endToEndIdentification\":\"%s\",\"debtorAccount\":{\"maskedPan\":\"%s\"},"
      "\"instructedAmount\":{\"currency\":\"CNY\",\"amount\":\"%s\"},\"creditorAccount\":{\"bban\":"
      "\"%s\"},\"creditorName\":\"王小明\",\"wallet\":{\"coupon\":\"none\",\"cardId\":\"%s\"}}",
      intent, masked, amount, world->bban, card);
}

static Reply *
order (World *world, const char *kind, const char *amount, char **intent)
{
  g_auto (Card) card = { 0 };
  g_autofree char *body = NULL;

  *intent = world_make_id (world);
  find_card (world, kind, &card);
  body = top_up_body (world, *intent, amount, card.id, card.masked);
  return world_call (world, "POST", TOP_UP, *intent, body);
}

static Reply *
last_entry (World *world, JnJson **entry)
{
  g_autofree char *path =
      g_strdup_printf ("/psd2/v1/accounts/%s/transactions?bookingStatus=both", world->account);
  Reply *feed = world_call (world, "GET", path, NULL, NULL);
  JnJson *booked = jn_json_path (feed->json, "transactions/booked");

  *entry = jn_json_at (booked, jn_json_length (booked) - 1);
  return feed;
}

static void
check_books (World *world)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (jn_bankd_book_verify (world->core, &error));
  g_assert_no_error (error);
}

/* The PIN over the digest of the order moves it, once, however often it is said. */
static void
test_top_up (void)
{
  g_autoptr (World) world = enrolled ();
  g_autofree char *intent = NULL;
  g_autofree char *key = world_make_id (world);
  g_autoptr (Reply) payment = order (world, "debit", "30.00", &intent);
  g_autofree char *path = NULL;
  g_autofree char *wrong = NULL;
  g_autofree char *proof = NULL;
  JnJson *entry = NULL;

  reply_assert (payment, 201, NULL);
  g_assert_cmpstr (reply_string (payment, "order/payee/account"), ==, world->bban);
  g_assert_true (g_str_has_prefix (reply_string (payment, "order/card/maskedPan"), "****"));
  g_assert_cmpint (reply_amount (payment, "order/total"), ==, 3000);
  g_assert_cmpint (available (world), ==, 100000);

  path = world_authorise (world, "ibps-credit-transfers", payment);
  wrong = world_proof (world, payment, path, "111222");
  reply_free (world_call (world, "PUT", path, NULL, wrong));
  g_assert_cmpint (available (world), ==, 100000);
  proof = world_proof (world, payment, path, WORLD_PIN);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (Reply) made = world_call (world, "PUT", path, key, proof);

      reply_assert (made, 200, NULL);
      g_assert_cmpint (made->replayed, ==, i > 0);
      g_assert_cmpint (available (world), ==, 103000);
    }
  g_autoptr (Reply) other_key = world_call (world, "PUT", path, NULL, proof);
  reply_assert (other_key, 409, "CONFLICT");
  g_assert_cmpint (available (world), ==, 103000);
  /* It spends nothing: neither limits nor points nor payees know of it. */
  g_assert_cmpint (jn_bankd_payment_spent_since (world->core, JN_BANKD_CUSTOMER, 0), ==, 0);
  g_assert_cmpint (jn_bankd_book_balance (world->core, JN_BANKD_ACCOUNT_POINTS), ==, 1280);
  g_assert_cmpint (count (world, "SELECT count (*) FROM payee"), ==, 10);
  g_autoptr (Reply) feed = last_entry (world, &entry);
  g_assert_cmpstr (jn_json_string (jn_json_path (entry, "wallet/kind")), ==, "topup");
  g_assert_cmpstr (jn_json_string (jn_json_get (entry, "endToEndId")), ==, intent);
  g_assert_cmpstr (jn_json_string (jn_json_path (entry, "debtorAccount/maskedPan")), ==,
                   reply_string (payment, "order/card/maskedPan"));
  check_books (world);
}

/* Unanswered or never sent: the verdict is final, and the card is not charged after it. */
static void
test_settled (void)
{
  g_autoptr (World) world = enrolled ();
  g_autofree char *intent = NULL;
  g_autoptr (Reply) payment = order (world, "debit", "30.00", &intent);
  g_autofree char *path = world_authorise (world, "ibps-credit-transfers", payment);
  g_autofree char *proof = world_proof (world, payment, path, WORLD_PIN);
  g_autofree char *settlement = g_strdup_printf ("/wallet/v1/intents/%s/settlement", intent);
  g_autoptr (Reply) verdict = world_call (world, "POST", settlement, NULL, "{}");
  g_autoptr (Reply) late = world_call (world, "PUT", path, NULL, proof);

  reply_assert (verdict, 200, NULL);
  g_assert_cmpstr (reply_string (verdict, "transactionStatus"), ==, "CANC");
  reply_assert (late, 409, "CANCELLED");
  g_assert_cmpint (available (world), ==, 100000);
}

/* Above what a payment may be without one, a message's code too. */
static void
test_sms (void)
{
  g_autoptr (World) world = enrolled ();
  g_autofree char *intent = NULL;
  g_autoptr (Reply) payment = order (world, "debit", "600.00", &intent);
  g_autofree char *path = world_authorise (world, "ibps-credit-transfers", payment);
  g_autofree char *proof = world_proof (world, payment, path, WORLD_PIN);
  g_autoptr (Reply) pin = world_call (world, "PUT", path, NULL, proof);
  g_autofree char *code = NULL;
  g_autofree char *answer = NULL;

  g_assert_cmpstr (reply_string (pin, "scaStatus"), ==, "psuAuthenticated");
  g_assert_cmpint (available (world), ==, 100000);
  reply_free (world_call (world, "PUT", path, NULL, "{\"authenticationMethodId\":\"sms\"}"));
  code = world_read_code (world);
  answer = g_strdup_printf ("{\"scaAuthenticationData\":\"%s\"}", code);
  g_autoptr (Reply) made = world_call (world, "PUT", path, NULL, answer);
  reply_assert (made, 200, NULL);
  g_assert_cmpint (available (world), ==, 160000);
}

static void
assert_refused (World *world, const char *target, const char *body, guint status,
                const char *reason)
{
  JnJsonDoc *doc = jn_json_parse (body, strlen (body), NULL);
  const char *intent =
      jn_json_string (jn_json_get (jn_json_doc_root (doc), "endToEndIdentification"));
  g_autoptr (Reply) reply = world_call (world, "POST", target, intent, body);

  g_test_message ("%s %s", target, body);
  reply_assert (reply, status, reason);
  jn_json_doc_free (doc);
}

/* A body of a new intent; assert_refused() and then free. */
static void
refuse_top_up (World *world, const char *target, const char *amount, const char *card,
               const char *masked, guint status, const char *reason)
{
  g_autofree char *intent = world_make_id (world);
  g_autofree char *body = top_up_body (world, intent, amount, card, masked);

  assert_refused (world, target, body, status, reason);
}

static void
test_refusals (void)
{
  g_autoptr (World) world = enrolled ();
  g_auto (Card) debit = { 0 };
  g_auto (Card) credit = { 0 };
  gint64 entries = count (world, "SELECT count (*) FROM entry");

  find_card (world, "debit", &debit);
  find_card (world, "credit", &credit);
  g_assert_true (debit.top_up && debit.pays && credit.pays && !credit.top_up);
  jn_bankd_db_run (world->core->db,
                   "INSERT INTO card (id, customer, pan, kind) VALUES (?, 2, ?, ?)", "sss",
                   STRANGERS_CARD, "6299010001112223", "debit");
  refuse_top_up (world, TOP_UP, "1.00", credit.id, credit.masked, 400, "REFUSED");
  refuse_top_up (world, TOP_UP, "1.00", STRANGERS_CARD, "**** **** **** 2223", 404, "INVALID");
  refuse_top_up (world, TOP_UP, "1.00", debit.id, credit.masked, 404, "INVALID");
  refuse_top_up (world, TOP_UP, "1.00", debit.id, "6299010001112223", 404, "INVALID");
  refuse_top_up (world, TOP_UP, "0.00", debit.id, debit.masked, 400, "AMOUNT_ZERO");
  refuse_top_up (world, TOP_UP, "5000.01", debit.id, debit.masked, 400, "OVER_LIMIT");
  refuse_top_up (world, QR, "1.00", debit.id, debit.masked, 400, "REFUSED");
  refuse_top_up (world, "/psd2/v1/payments/book-transfers", "1.00", debit.id, debit.masked, 400,
                 "REFUSED");
  {
    /* The wallet does not pay itself, and a card is not named by half. */
    g_autofree char *intent = world_make_id (world);
    g_autofree char *other = world_make_id (world);
    g_autofree char *own = world_transfer_body (world, intent, "1.00", world->bban, "王小明");
    g_autofree char *half = g_strdup_printf (
        "{\"endToEndIdentification\":\"%s\",\"debtorAccount\":{\"maskedPan\":\"%s\"},"
        "\"instructedAmount\":{\"currency\":\"CNY\",\"amount\":\"1.00\"},"
        "\"creditorAccount\":{\"bban\":\"%s\"},\"creditorName\":\"x\"}",
        other, debit.masked, world->bban);

    assert_refused (world, TOP_UP, own, 400, "SAME_ACCOUNT");
    assert_refused (world, TOP_UP, half, 400, "INVALID");
  }
  g_assert_cmpint (count (world, "SELECT count (*) FROM entry"), ==, entries);
}

/* What a card pays goes through the wallet, in one commit: its balance is what it was, the row says by which card. */
static void
test_pay_by_card (gconstpointer kind)
{
  g_autoptr (World) world = enrolled ();
  g_auto (Card) card = { 0 };
  gint64 rows = count (world, "SELECT sequence FROM account WHERE id = 1");
  g_autofree char *intent = world_make_id (world);
  g_autofree char *code = world_coffee_code (world);
  g_autofree char *plain = world_coffee_body (world, intent, code, "best");
  g_autofree char *wallet = g_strdup_printf ("{\"bban\":\"%s\"}", world->bban);
  JnJson *entry = NULL;

  find_card (world, kind, &card);
  /* Nothing is left in the wallet itself. */
  jn_bankd_db_run (world->core->db, "UPDATE account SET held = credits - debits WHERE id = 1", "");
  g_autofree char *from = g_strdup_printf ("{\"maskedPan\":\"%s\"}", card.masked);
  g_autofree char *id = g_strdup_printf ("\"wallet\":{\"cardId\":\"%s\",", card.id);
  g_autoptr (GString) body = g_string_new (plain);
  g_string_replace (body, wallet, from, 1);
  g_string_replace (body, "\"wallet\":{", id, 1);
  g_autoptr (Reply) payment = world_call (world, "POST", QR, intent, body->str);
  reply_assert (payment, 201, NULL);
  g_assert_cmpint (reply_amount (payment, "order/total"), ==, 1900);
  g_autofree char *path = world_authorise (world, "qr-payments", payment);
  g_autofree char *proof = world_proof (world, payment, path, WORLD_PIN);
  g_autoptr (Reply) made = world_call (world, "PUT", path, NULL, proof);
  reply_assert (made, 200, NULL);
  g_assert_cmpint (available (world), ==, 0);
  g_assert_cmpint (jn_bankd_book_balance (world->core, JN_BANKD_ACCOUNT_WALLET), ==, 120000);
  g_assert_cmpint (count (world, "SELECT sequence FROM account WHERE id = 1"), ==, rows + 2);
  g_autoptr (Reply) feed = last_entry (world, &entry);
  g_assert_cmpstr (jn_json_string (jn_json_path (entry, "wallet/kind")), ==, "payment");
  g_assert_cmpstr (jn_json_string (jn_json_get (entry, "endToEndId")), ==, intent);
  g_assert_cmpstr (jn_json_string (jn_json_path (entry, "debtorAccount/maskedPan")), ==,
                   card.masked);
  g_assert_cmpint (jn_bankd_payment_spent_since (world->core, JN_BANKD_CUSTOMER, 0), ==, 1900);
  jn_bankd_db_run (world->core->db, "UPDATE account SET held = 20000 WHERE id = 1", "");
  check_books (world);
}

/* A disk that would not say what is due next is asked again; before, nothing became due until the bank's next start. */
static void
test_due_after_a_disk_error (void)
{
  g_autoptr (World) world = enrolled ();
  JnBankdDb *db = world->core->db;
  JnInstant far = 0;

  g_assert_true (jn_instant_from_string ("2027-03-01T00:00:00Z", &far));
  world->core->next_due = 0;
  jn_bankd_db_run (db, "ALTER TABLE points_lot RENAME TO away", "");
  g_assert_false (jn_bankd_core_tick (world->core, far));
  g_assert_cmpint (world->core->next_due, ==, 0);
  jn_bankd_db_forgive (db);
  jn_bankd_db_run (db, "ALTER TABLE away RENAME TO points_lot", "");
  g_assert_true (jn_bankd_core_tick (world->core, far));
  g_assert_cmpint (world->core->next_due, >, far);
  g_assert_cmpint (count (world, "SELECT held FROM account WHERE id = 1"), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bankd/cards/top-up", test_top_up);
  g_test_add_func ("/bankd/cards/settled", test_settled);
  g_test_add_func ("/bankd/cards/sms", test_sms);
  g_test_add_func ("/bankd/cards/refusals", test_refusals);
  g_test_add_data_func ("/bankd/cards/pay/debit", "debit", test_pay_by_card);
  g_test_add_data_func ("/bankd/cards/pay/credit", "credit", test_pay_by_card);
  g_test_add_func ("/bankd/cards/due-after-a-disk-error", test_due_after_a_disk_error);
  return g_test_run ();
}
