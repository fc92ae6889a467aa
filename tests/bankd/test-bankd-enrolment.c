/* Enrolment, sessions and news, through the router. */
#include "bankd-world.h"

#include <string.h>

static gint64
available (World *world)
{
  return jn_bankd_book_available (world->core, JN_BANKD_ACCOUNT_WALLET);
}

static World *
enrolled (void)
{
  World *world = world_new (NULL);

  world_enrol (world);
  return world;
}

static void
test_enrolment_code (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autofree char *body = world_enrolment_body (world);
  g_autoptr (Reply) start = world_call (world, "POST", "/wallet/v1/enrolments", NULL, body);
  g_autofree char *path =
      g_strdup_printf ("/wallet/v1/enrolments/%s/code", reply_string (start, "enrolmentId"));
  g_autofree char *code = world_read_code (world);
  g_autofree char *right = g_strdup_printf ("{\"code\":\"%s\"}", code);
  const char *wrong =
      strcmp (code, "000000") == 0 ? "{\"code\":\"000001\"}" : "{\"code\":\"000000\"}";

  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (Reply) reply = world_call (world, "PUT", path, NULL, wrong);

      reply_assert (reply, 400, "SMS_WRONG");
    }
  {
    g_autoptr (Reply) late = world_call (world, "PUT", path, NULL, right);

    reply_assert (late, 400, "SMS_EXPIRED");
  }
}

static void
test_weak_pins (void)
{
  static const char *const weak[] = { "000000", "123456", "654321", "121212", "123123",
                                      "960508", "080596", "345678", "909090" };
  g_autoptr (World) world = enrolled ();
  g_autofree char *id =
      jn_bankd_db_text (world->core->db, "UPDATE enrolment SET finished = 0 RETURNING id", "");
  g_autofree char *path = g_strdup_printf ("/wallet/v1/enrolments/%s/pin", id);

  for (guint i = 0; i < G_N_ELEMENTS (weak); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"pin\":\"%s\"}", weak[i]);
      g_autoptr (Reply) reply = world_call (world, "PUT", path, NULL, body);

      reply_assert (reply, 400, "PIN_WEAK");
    }
}

static void
test_sessions (void)
{
  g_autoptr (World) world = enrolled ();
  g_autoptr (Reply) reset = NULL;
  g_autoptr (Reply) gone = NULL;
  g_autofree char *kept = g_strdup (world->authorization);

  g_free (world_buy_coffee (world));
  g_free (world->authorization);
  world->authorization = g_strdup ("Bearer AAAA");
  {
    g_autoptr (Reply) reply = world_call (world, "GET", "/psd2/v1/accounts", NULL, NULL);

    reply_assert (reply, 401, "SESSION_EXPIRED");
  }
  g_free (world->authorization);
  world->authorization = g_steal_pointer (&kept);
  reset = world_call (world, "POST", "/wallet/v1/sandbox/reset", NULL, "{}");
  reply_assert (reset, 204, NULL);
  gone = world_call (world, "GET", "/psd2/v1/accounts", NULL, NULL);
  reply_assert (gone, 401, "SESSION_EXPIRED");
  g_assert_cmpint (available (world), ==, 100000);
  world_enrol (world);
  g_free (world_buy_coffee (world));
}

static void
test_events (void)
{
  g_autoptr (World) world = enrolled ();
  g_autoptr (Reply) quiet = NULL;
  g_autoptr (Reply) news = NULL;

  quiet = world_call (world, "GET", "/wallet/v1/events?after=1&wait=20", NULL, NULL);
  g_assert_cmpuint (quiet->wait, ==, 20);
  g_free (world_buy_coffee (world));
  news = world_call (world, "GET", "/wallet/v1/events?after=1&wait=20", NULL, NULL);
  g_assert_cmpuint (news->wait, ==, 0);
  g_assert_cmpuint (jn_json_length (jn_json_get (news->json, "events")), ==, 3);
}

/* Two computers of one customer: both hear of a payment, and the one that is late learns when and where it was paid. */
static void
test_two_devices (void)
{
  g_autoptr (World) desk = enrolled ();
  g_autoptr (World) laptop = world_new_remote (NULL);
  g_autofree char *code = NULL;
  g_autofree char *intent = world_make_id (desk);
  g_autofree char *body = NULL;
  g_autofree char *ask = NULL;
  g_autofree char *path = NULL;
  g_autofree char *proof = NULL;
  g_autoptr (Reply) payment = NULL;
  g_autoptr (Reply) made = NULL;
  g_autoptr (Reply) late = NULL;
  g_autoptr (Reply) news = NULL;

  laptop->core = desk->core;
  laptop->device_name = "laptop";
  world_enrol (laptop);
  code = world_coffee_code (desk);
  body = world_coffee_body (desk, intent, code, "none");
  payment = world_call (desk, "POST", "/psd2/v1/payments/qr-payments", intent, body);
  path = world_authorise (desk, "qr-payments", payment);
  proof = world_proof (desk, payment, path, WORLD_PIN);
  made = world_call (desk, "PUT", path, NULL, proof);
  reply_assert (made, 200, NULL);
  news = world_call (laptop, "GET", "/wallet/v1/events?after=0&wait=0", NULL, NULL);
  g_assert_nonnull (strstr (news->text, "\"feed\""));
  ask = g_strdup_printf ("{\"payload\":\"%s\"}", code);
  late = world_call (laptop, "POST", "/wallet/v1/qr/resolve", NULL, ask);
  reply_assert (late, 409, "ORDER_PAID");
  g_assert_cmpstr (reply_string (late, "paidOn"), ==, "desk");
  g_assert_cmpstr (reply_string (late, "paidAt"), ==, WORLD_NOW);
  laptop->core = NULL;
}

/* Short of money: nothing was asked of the customer yet, and the bank says what there is and what is held. */
static void
test_short_of_money (void)
{
  g_autoptr (World) world = enrolled ();
  g_autofree char *intent = world_make_id (world);
  g_autofree char *bban =
      jn_bankd_db_text (world->core->db, "SELECT bban FROM payee ORDER BY id LIMIT 1", "");
  g_autofree char *body = world_transfer_body (world, intent, "1000.01", bban, "x");
  g_autoptr (Reply) reply = world_call (world, "POST",
                                        g_str_has_prefix (bban, JN_BANKD_HOUSE_PREFIX)
                                            ? "/psd2/v1/payments/book-transfers"
                                            : "/psd2/v1/payments/ibps-credit-transfers",
                                        intent, body);

  reply_assert (reply, 400, "NO_FUNDS");
  g_assert_cmpint (reply_amount (reply, "available"), ==, 100000);
  g_assert_cmpint (reply_amount (reply, "held"), ==, 20000);
  g_assert_cmpint (reply_amount (reply, "missing"), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bankd/enrolment/code", test_enrolment_code);
  g_test_add_func ("/bankd/enrolment/weak-pins", test_weak_pins);
  g_test_add_func ("/bankd/enrolment/sessions", test_sessions);
  g_test_add_func ("/bankd/enrolment/events", test_events);
  g_test_add_func ("/bankd/enrolment/two-devices", test_two_devices);
  g_test_add_func ("/bankd/enrolment/short-of-money", test_short_of_money);
  return g_test_run ();
}
