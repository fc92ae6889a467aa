/* What is made of the engine's parts: exchanges between currencies, limits as reservations that expire, points that lapse. */
#include <string.h>

#include "ledger-world.h"

typedef struct
{
  World world;
  jn_ledger *ledger;
} Fixture;

enum
{
  WORLD_CNY,
  WALLET_CNY,
  WALLET_USD,
  LIQUIDITY_CNY,
  LIQUIDITY_USD,
  SPREAD_USD,
  LIMIT,
  LIMIT_ISSUER,
  POINTS,
  POINTS_ISSUER,
};

#define UNIT_LIMIT 10001u
#define UNIT_POINTS 10002u

static void
set_up (Fixture *f, gconstpointer data)
{
  static const struct
  {
    int class_;
    guint32 currency;
  } kinds[] = {
    [WORLD_CNY] = { JN_ACCOUNT_WORLD, 156 },
    [WALLET_CNY] = { JN_ACCOUNT_CUSTOMER, 156 },
    [WALLET_USD] = { JN_ACCOUNT_CUSTOMER, 840 },
    [LIQUIDITY_CNY] = { JN_ACCOUNT_WORLD, 156 },
    [LIQUIDITY_USD] = { JN_ACCOUNT_WORLD, 840 },
    [SPREAD_USD] = { JN_ACCOUNT_WORLD, 840 },
    [LIMIT] = { JN_ACCOUNT_CUSTOMER, UNIT_LIMIT },
    [LIMIT_ISSUER] = { JN_ACCOUNT_ISSUER, UNIT_LIMIT },
    [POINTS] = { JN_ACCOUNT_CUSTOMER, UNIT_POINTS },
    [POINTS_ISSUER] = { JN_ACCOUNT_ISSUER, UNIT_POINTS },
  };
  jn_event in;
  jn_result result;

  world_init (&f->world);
  f->ledger = world_open (&f->world);
  for (guint64 i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      jn_account a = world_account (i, kinds[i].class_, kinds[i].currency, 0, G_MAXINT64);

      g_assert_cmpint (jn_account_open (f->ledger, &a), ==, JN_OK);
    }
  in = world_transfer (world_id (50, 1), world_id (1, WORLD_CNY), world_id (1, WALLET_CNY), 100000);
  g_assert_cmpint (jn_submit (f->ledger, &in, 1, &result, NULL), ==, JN_OK);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (jn_verify (f->ledger, NULL, NULL), ==, JN_OK);
  jn_close (f->ledger);
  world_clear (&f->world);
}

static gint64
posted (Fixture *f, guint64 account)
{
  jn_snapshot *snapshot = NULL;
  jn_balance balance = { 0 };
  jn_id id = world_id (1, account);

  g_assert_cmpint (jn_snapshot_begin (f->ledger, &snapshot), ==, JN_OK);
  g_assert_cmpint (jn_balance_get (snapshot, &id, &balance), ==, JN_OK);
  jn_snapshot_end (snapshot);
  return balance.posted;
}

static jn_exchange
make_exchange (guint64 n, gint64 sell)
{
  return (jn_exchange){ .id = world_id (60 + n, n),
                        .from = world_id (1, WALLET_CNY),
                        .from_liquidity = world_id (1, LIQUIDITY_CNY),
                        .to = world_id (1, WALLET_USD),
                        .to_liquidity = world_id (1, LIQUIDITY_USD),
                        .spread_account = world_id (1, SPREAD_USD),
                        .from_currency = 156,
                        .to_currency = 840,
                        .sell = sell,
                        .rate_num = 10000,
                        .rate_den = 71923,
                        .spread_ppm = 2500,
                        .value_date = 20261101 };
}

static void
test_exchange (Fixture *f, gconstpointer data)
{
  jn_exchange x = make_exchange (1, 50000);
  jn_exchange_legs legs;
  jn_result results[3];
  jn_snapshot *snapshot = NULL;
  jn_entry_row row;
  gint64 num = 0, den = 0;
  gint32 ppm = 0;

  g_assert_cmpint (jn_exchange_make (&x, &legs), ==, JN_OK);
  /* 50000 × 10000 / 71923 = 6951.8…; 0.25 % of 6951 is 17.4, rounded up. */
  g_assert_cmpuint (legs.n, ==, 3);
  g_assert_cmpint (legs.gross, ==, 6951);
  g_assert_cmpint (legs.spread, ==, 18);
  g_assert_cmpint (jn_submit (f->ledger, legs.events, legs.n, results, NULL), ==, JN_OK);
  for (gsize i = 0; i < legs.n; i++)
    g_assert_cmpint (results[i].status, ==, JN_OK);
  g_assert_cmpint (posted (f, WALLET_CNY), ==, 50000);
  g_assert_cmpint (posted (f, WALLET_USD), ==, 6933);
  g_assert_cmpint (posted (f, LIQUIDITY_CNY), ==, 50000);
  g_assert_cmpint (posted (f, LIQUIDITY_USD), ==, -6951);
  g_assert_cmpint (posted (f, SPREAD_USD), ==, 18);
  g_assert_cmpint (jn_snapshot_begin (f->ledger, &snapshot), ==, JN_OK);
  g_assert_cmpint (jn_entry_get (snapshot, &x.to, &legs.events[1].id, &row), ==, JN_OK);
  g_assert_true (jn_exchange_read (row.reference, &num, &den, &ppm));
  g_assert_true (num == 10000 && den == 71923 && ppm == 2500);
  jn_snapshot_end (snapshot);

  /* Again is the same exchange; more than there is moves nothing in either currency. */
  g_assert_cmpint (jn_exchange_make (&x, &legs), ==, JN_OK);
  g_assert_cmpint (jn_submit (f->ledger, legs.events, legs.n, results, NULL), ==, JN_OK);
  g_assert_cmpint (results[2].status, ==, JN_EXISTS);
  x = make_exchange (2, 50001);
  g_assert_cmpint (jn_exchange_make (&x, &legs), ==, JN_OK);
  g_assert_cmpint (jn_submit (f->ledger, legs.events, legs.n, results, NULL), ==, JN_OK);
  g_assert_cmpint (results[0].status, ==, JN_NO_FUNDS);
  g_assert_cmpint (results[1].status, ==, JN_GROUP_FAILED);
  g_assert_cmpint (posted (f, WALLET_USD), ==, 6933);
}

static void
test_exchange_form (Fixture *f, gconstpointer data)
{
  jn_exchange_legs legs;
  jn_exchange x = make_exchange (1, 0);
  gint64 num, den;
  gint32 ppm;

  g_assert_cmpint (jn_exchange_make (&x, &legs), ==, JN_INVALID);
  x = make_exchange (1, 7);
  g_assert_cmpint (jn_exchange_make (&x, &legs), ==, JN_AMOUNT_ZERO);
  x = make_exchange (1, G_MAXINT64);
  x.rate_num = 100000;
  g_assert_cmpint (jn_exchange_make (&x, &legs), ==, JN_AMOUNT_OVERFLOW);
  x = make_exchange (1, 100);
  x.spread_ppm = 0;
  g_assert_cmpint (jn_exchange_make (&x, &legs), ==, JN_OK);
  g_assert_cmpuint (legs.n, ==, 2);
  g_assert_cmpuint (legs.events[1].flags, ==, 0);
  x.to_currency = 156;
  g_assert_cmpint (jn_exchange_make (&x, &legs), ==, JN_CURRENCY_MISMATCH);
  x = make_exchange (1, 100);
  x.spread_ppm = 1000000;
  g_assert_cmpint (jn_exchange_make (&x, &legs), ==, JN_INVALID);
  g_assert_false (jn_exchange_read ("fx 1/2", &num, &den, &ppm));
  g_assert_false (jn_exchange_read ("fx 1/2 3 ", &num, &den, &ppm));
  g_assert_false (jn_exchange_read ("fx 0/2 3", &num, &den, &ppm));
  g_assert_false (jn_exchange_read ("REF-1", &num, &den, &ppm));
}

/* A payment and its share of the limit: both or none; the share comes back by itself a day later. */
static jn_status
pay_within_limit (Fixture *f, guint64 n, gint64 amount)
{
  jn_event events[2];
  jn_result results[2];

  events[0] = world_transfer (world_id (200 + n, 1), world_id (1, LIMIT),
                              world_id (1, LIMIT_ISSUER), amount);
  events[0].kind = JN_PENDING;
  events[0].currency = UNIT_LIMIT;
  events[0].timeout_us = G_TIME_SPAN_DAY;
  events[0].flags = JN_LINKED;
  events[1] = world_transfer (world_id (200 + n, 2), world_id (1, WALLET_CNY),
                              world_id (1, WORLD_CNY), amount);
  f->world.now += G_TIME_SPAN_HOUR;
  g_assert_cmpint (jn_submit (f->ledger, events, 2, results, NULL), ==, JN_OK);
  return MIN (results[0].status, results[1].status);
}

static void
test_limit (Fixture *f, gconstpointer data)
{
  jn_event grant =
      world_transfer (world_id (150, 1), world_id (1, LIMIT_ISSUER), world_id (1, LIMIT), 5000);
  jn_result result;

  grant.currency = UNIT_LIMIT;
  g_assert_cmpint (jn_submit (f->ledger, &grant, 1, &result, NULL), ==, JN_OK);
  g_assert_cmpint (result.status, ==, JN_OK);
  g_assert_cmpint (pay_within_limit (f, 1, 3000), ==, JN_OK);
  g_assert_cmpint (pay_within_limit (f, 2, 2001), ==, JN_NO_FUNDS);
  g_assert_cmpint (posted (f, WALLET_CNY), ==, 97000);
  g_assert_cmpint (pay_within_limit (f, 3, 2000), ==, JN_OK);
  g_assert_cmpint (pay_within_limit (f, 4, 1), ==, JN_NO_FUNDS);
  f->world.now += 22 * G_TIME_SPAN_HOUR;
  g_assert_cmpint (pay_within_limit (f, 5, 3000), ==, JN_OK);
  g_assert_cmpint (pay_within_limit (f, 6, 2001), ==, JN_NO_FUNDS);
  g_assert_cmpint (posted (f, WALLET_CNY), ==, 92000);
}

/* ---- points ---- */

static jn_event
points (guint64 n, gboolean grant, gint64 amount, int days)
{
  jn_event e = world_transfer (world_id (300 + n, n), world_id (1, grant ? POINTS_ISSUER : POINTS),
                               world_id (1, grant ? POINTS : POINTS_ISSUER), amount);

  e.currency = UNIT_POINTS;
  e.flags = grant && days > 0 ? JN_LOT : 0;
  e.timeout_us = days * G_TIME_SPAN_DAY;
  return e;
}

static jn_status
move (Fixture *f, jn_event e)
{
  jn_result result;

  g_assert_cmpint (jn_submit (f->ledger, &e, 1, &result, NULL), ==, JN_OK);
  return result.status;
}

static void
assert_lots (Fixture *f, const gint64 *left, gsize n_left)
{
  jn_snapshot *snapshot = NULL;
  jn_id id = world_id (1, POINTS);
  jn_lot lots[8];
  gsize n = G_N_ELEMENTS (lots);

  g_assert_cmpint (jn_snapshot_begin (f->ledger, &snapshot), ==, JN_OK);
  g_assert_cmpint (jn_lots (snapshot, &id, lots, &n), ==, JN_OK);
  g_assert_cmpuint (n, ==, n_left);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpint (lots[i].left, ==, left[i]);
  jn_snapshot_end (snapshot);
}

static void
test_lots (Fixture *f, gconstpointer data)
{
  jn_id id = world_id (1, POINTS);
  jn_snapshot *snapshot = NULL;
  jn_entry_row rows[10];
  gsize n = G_N_ELEMENTS (rows);
  jn_event hold = points (5, FALSE, 40, 0);

  f->world.now = G_GINT64_CONSTANT (1767225600000000); /* 2026-01-01 */
  g_assert_cmpint (move (f, points (1, TRUE, 100, 30)), ==, JN_OK);
  g_assert_cmpint (move (f, points (2, TRUE, 50, 10)), ==, JN_OK);
  g_assert_cmpint (move (f, points (3, TRUE, 7, 0)), ==, JN_OK);
  /* The oldest first, although another ends sooner. */
  g_assert_cmpint (move (f, points (4, FALSE, 30, 0)), ==, JN_OK);
  assert_lots (f, (gint64[]){ 70, 50 }, 2);
  hold.kind = JN_PENDING;
  g_assert_cmpint (move (f, hold), ==, JN_OK);
  f->world.now += 11 * G_TIME_SPAN_DAY;
  g_assert_cmpint (move (f, points (6, TRUE, 1, 90)), ==, JN_OK);
  assert_lots (f, (gint64[]){ 70, 1 }, 2);
  g_assert_cmpint (posted (f, POINTS), ==, 78);
  /* 70 are over and 40 of them are reserved: the rest goes, the reserved part once it is free. */
  f->world.now += 20 * G_TIME_SPAN_DAY;
  g_assert_cmpint (move (f, points (7, TRUE, 2, 90)), ==, JN_OK);
  assert_lots (f, (gint64[]){ 40, 1, 2 }, 3);
  g_assert_cmpint (posted (f, POINTS), ==, 50);
  hold = (jn_event){ .id = world_id (400, 1), .kind = JN_POST, .amount = 25, .pending = hold.id };
  g_assert_cmpint (move (f, hold), ==, JN_OK);
  assert_lots (f, (gint64[]){ 15, 1, 2 }, 3);
  g_assert_cmpint (move (f, points (8, TRUE, 3, 90)), ==, JN_OK);
  assert_lots (f, (gint64[]){ 1, 2, 3 }, 3);
  g_assert_cmpint (posted (f, POINTS), ==, 13);

  g_assert_cmpint (jn_snapshot_begin (f->ledger, &snapshot), ==, JN_OK);
  g_assert_cmpint (
      jn_entries (snapshot, &id, &(jn_page){ .month = 202601, .direction = -1 }, rows, &n), ==,
      JN_OK);
  /* On the day of the end, whenever it was noticed. */
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpint (rows[0].amount, ==, -15);
  g_assert_cmpint (rows[0].value_date, ==, 20260131);
  g_assert_cmpint (rows[1].amount, ==, -30);
  g_assert_cmpint (rows[2].amount, ==, -50);
  g_assert_cmpint (rows[2].value_date, ==, 20260111);
  jn_snapshot_end (snapshot);
}

static void
test_lots_form (Fixture *f, gconstpointer data)
{
  jn_event e = points (1, TRUE, 10, 0);
  jn_id import = world_id (8, 1);
  jn_event both[2];
  jn_result results[2];

  e.flags = JN_LOT;
  g_assert_cmpint (move (f, e), ==, JN_INVALID);
  e = points (1, TRUE, 10, 1);
  e.flags = 0;
  g_assert_cmpint (move (f, e), ==, JN_INVALID);
  e = world_transfer (world_id (301, 1), world_id (1, WORLD_CNY), world_id (1, WALLET_CNY), 5);
  e.flags = JN_LOT;
  e.timeout_us = 5;
  g_assert_cmpint (move (f, e), ==, JN_INVALID);
  /* What takes a grant back takes it from that grant. */
  g_assert_cmpint (move (f, points (1, TRUE, 10, 5)), ==, JN_OK);
  both[0] = points (2, TRUE, 20, 5);
  both[1] = points (3, TRUE, 30, 5);
  g_assert_cmpint (jn_import (f->ledger, &import, both, 2, results, NULL), ==, JN_OK);
  g_assert_cmpint (move (f, points (4, TRUE, 40, 5)), ==, JN_OK);
  g_assert_cmpint (jn_import_undo (f->ledger, &import, NULL), ==, JN_OK);
  assert_lots (f, (gint64[]){ 10, 40 }, 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name)                                                                                 \
  g_test_add ("/ledger/recipes/" #name, Fixture, NULL, set_up, test_##name, tear_down)
  TEST (exchange);
  TEST (exchange_form);
  TEST (limit);
  TEST (lots);
  TEST (lots_form);
#undef TEST
  return g_test_run ();
}
