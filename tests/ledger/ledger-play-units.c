/* Points with lots, exchanges between currencies and limits, at random beside the model. */
#include <string.h>

#include "ledger-play.h"

guint play_units[4];

static gint32
below (Play *play, gint32 n)
{
  return g_rand_int_range (play->rand, 0, n);
}

static jn_id
new_id (Play *play)
{
  jn_id id = world_id (play->next_id << 32, play->next_id + 1);

  play->next_id++;
  g_array_append_val (play->ids, id);
  return id;
}

void
play_open_units (Play *play)
{
  for (guint64 i = PLAY_ISSUER; i < PLAY_ACCOUNTS; i++)
    {
      guint32 currency = i <= PLAY_POINTS_B ? PLAY_POINTS : i <= PLAY_LIMIT ? PLAY_LIMITS : 840;
      gboolean customer =
          i == PLAY_POINTS_A || i == PLAY_POINTS_B || i == PLAY_LIMIT || i == PLAY_USD;
      jn_account a;

      if (i == PLAY_LIQUIDITY)
        currency = 156;
      a = world_account (i, customer ? JN_ACCOUNT_CUSTOMER : JN_ACCOUNT_ISSUER, currency, 0,
                         G_MAXINT64);
      g_assert_cmpint (model_open_account (play->model, play->world.now, &a), ==, JN_OK);
      g_assert_cmpint (jn_account_open (play->ledger, &a), ==, JN_OK);
    }
}

static void
submit (Play *play, const jn_event *events, gsize n, jn_result *got)
{
  jn_result expected[8] = { { 0 } };
  jn_head head;

  memset (got, 0, n * sizeof *got);
  model_submit (play->model, play->world.now, events, n, expected);
  g_assert_cmpint (jn_submit (play->ledger, events, n, got, &head), ==, JN_OK);
  play_assert_results (got, expected, n);
  g_assert_cmpuint (head.seq, ==, play->model->commits);
}

static jn_event
move_units (Play *play, guint32 currency, guint64 debit, guint64 credit, gint64 amount)
{
  jn_event e = world_transfer (new_id (play), world_id (1, debit), world_id (1, credit), amount);

  e.currency = currency;
  e.code = 0;
  e.value_date = 20260101 + below (play, 3) * 100 + below (play, 28);
  return e;
}

/* Grants with and without an end, payments, reservations and gifts of points. */
void
play_points (Play *play)
{
  guint64 who = PLAY_POINTS_A + (guint64) below (play, 2);
  jn_event events[3];
  jn_result results[3];
  gsize n = 1 + (gsize) below (play, 3);

  for (gsize i = 0; i < n; i++)
    switch (below (play, 7))
      {
      case 0:
      case 1:
      case 2:
        events[i] = move_units (play, PLAY_POINTS, PLAY_ISSUER, who, 1 + below (play, 100));
        events[i].flags = JN_LOT;
        events[i].timeout_us = below (play, 20) == 0 ? 0 : 1 + below (play, 9000);
        events[i].payee = below (play, 2) == 0 ? "银行" : NULL;
        break;
      case 3:
        events[i] = move_units (play, PLAY_POINTS, PLAY_ISSUER, who, 1 + below (play, 20));
        break;
      case 4:
        events[i] = move_units (play, PLAY_POINTS, who, PLAY_ISSUER, 1 + below (play, 120));
        events[i].flags = below (play, 2) == 0 ? JN_BALANCE_DEBIT : 0;
        break;
      case 5:
        events[i] = move_units (play, PLAY_POINTS, who, PLAY_ISSUER, 1 + below (play, 60));
        events[i].kind = JN_PENDING;
        events[i].timeout_us = below (play, 2) == 0 ? 0 : 1 + below (play, 9000);
        break;
      default:
        events[i] = move_units (play, PLAY_POINTS, who, PLAY_POINTS_A + PLAY_POINTS_B - who,
                                1 + below (play, 60));
      }
  if (n > 1 && below (play, 3) == 0)
    events[0].flags |= JN_LINKED;
  submit (play, events, n, results);
  play_units[0] += (events[0].flags & JN_LOT) != 0 && results[0].status == JN_OK ? 1 : 0;
}

/* Digit by digit, as on paper: what @sell × @num / @den is, rounded down. */
static gint64
share_down (gint64 sell, gint64 num, gint64 den)
{
  __int128 whole = 0, rest = 0;

  for (int bit = 62; bit >= 0; bit--)
    {
      whole *= 2;
      rest = rest * 2 + ((sell >> bit & 1) != 0 ? num : 0);
      whole += rest / den;
      rest %= den;
    }
  return (gint64) whole;
}

void
play_exchange (Play *play)
{
  jn_exchange x = { .id = new_id (play),
                    .from = world_id (1, 1 + (guint64) below (play, 2)),
                    .from_liquidity = world_id (1, PLAY_LIQUIDITY),
                    .to = world_id (1, PLAY_USD),
                    .to_liquidity = world_id (1, PLAY_LIQUIDITY_USD),
                    .spread_account = world_id (1, PLAY_SPREAD_USD),
                    .from_currency = 156,
                    .to_currency = 840,
                    .sell = 1 + below (play, 900),
                    .rate_num = 1 + below (play, 20000),
                    .rate_den = 1 + below (play, 90000),
                    .spread_ppm = below (play, 3) * below (play, 40000),
                    .value_date = 20260101 + below (play, 28),
                    .payee = "店" };
  gint64 gross = share_down (x.sell, x.rate_num, x.rate_den), num = 0, den = 0;
  gint64 fee = share_down (gross, x.spread_ppm, 1000000);
  gint32 ppm = -1;
  jn_exchange_legs legs;
  jn_result results[3];

  if (share_down (gross, x.spread_ppm, 1) % 1000000 != 0)
    fee++;
  if (gross == 0)
    {
      g_assert_cmpint (jn_exchange_make (&x, &legs), ==, JN_AMOUNT_ZERO);
      return;
    }
  g_assert_cmpint (jn_exchange_make (&x, &legs), ==, JN_OK);
  g_assert_cmpint (legs.gross, ==, gross);
  g_assert_cmpint (legs.spread, ==, fee);
  g_assert_true ((__int128) x.sell * x.rate_num == (__int128) gross * x.rate_den + legs.residue);
  g_assert_cmpint (legs.residue, <, x.rate_den);
  g_assert_cmpuint (legs.n, ==, fee > 0 ? 3 : 2);
  g_assert_true (jn_exchange_read (legs.reference, &num, &den, &ppm));
  g_assert_true (num == x.rate_num && den == x.rate_den && ppm == x.spread_ppm);
  for (gsize i = 0; i < legs.n; i++)
    {
      g_array_append_val (play->ids, legs.events[i].id);
      legs.events[i].reference = g_intern_string (legs.events[i].reference);
    }
  submit (play, legs.events, legs.n, results);
  play_units[results[0].status == JN_OK ? 1 : 2]++;
}

/* A payment and its share of what may be spent in a time: both or none. */
void
play_limit (Play *play)
{
  gint64 amount = 1 + below (play, 300);
  jn_event events[3];
  jn_result results[3];
  gsize n = 0;

  if (below (play, 6) == 0)
    events[n++] = move_units (play, PLAY_LIMITS, PLAY_LIMIT_ISSUER, PLAY_LIMIT, 400);
  events[n] = move_units (play, PLAY_LIMITS, PLAY_LIMIT, PLAY_LIMIT_ISSUER, amount);
  events[n].kind = JN_PENDING;
  events[n].timeout_us = 1 + below (play, 4000);
  events[n++].flags = JN_LINKED;
  events[n] = move_units (play, 156, 1 + (guint64) below (play, 2), 0, amount);
  submit (play, events, n + 1, results);
  play_units[3] += results[n].status == JN_OK ? 1 : 0;
}

void
play_compare_lots (Play *play, jn_snapshot *snapshot)
{
  for (guint64 who = PLAY_POINTS_A; who <= PLAY_POINTS_B; who++)
    {
      jn_id id = world_id (1, who);
      int account = model_find_account (play->model, &id);
      jn_lot rows[200];
      gsize n = G_N_ELEMENTS (rows), i = 0;

      g_assert_cmpint (jn_lots (snapshot, &id, rows, &n), ==, JN_OK);
      for (guint k = 0; k < play->model->transfers->len; k++)
        {
          const ModelTransfer *t = MODEL_TRANSFER (play->model, k);

          if (t->credit != account || t->lot_left == 0)
            continue;
          g_assert_cmpuint (i, <, n);
          g_assert_cmpmem (&rows[i].id, 16, &t->outside, 16);
          g_assert_true (rows[i].granted == t->amount && rows[i].left == t->lot_left
                         && rows[i].expires_us == t->lot_expires
                         && rows[i].recorded_us == t->recorded_us);
          i++;
        }
      g_assert_cmpuint (i, ==, n);
    }
}
