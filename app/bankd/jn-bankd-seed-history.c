#include "jn-bankd-seed-history.h"

#include <string.h>

#define DAYS 90
#define SALARY 980000
#define OPENING 348216 /* before the last few yuan are made to fit */
#define LOW 60000      /* below this the customer moves savings back */
#define TOP_UP 200000
#define KEEP 420000 /* what stays in the wallet after payday */

typedef struct
{
  GArray *past;
  JnEntropy *entropy;
  JnInstant now;
  JnDate today, day;
  int index;   /* of the day, 0 is the oldest */
  int weekday; /* 0 is Sunday */
} Maker;

static guint
roll (Maker *maker, guint n)
{
  guint32 value;

  jn_entropy_fill (maker->entropy, (guint8 *) &value, sizeof value);
  return value % n;
}

static gboolean
chance (Maker *maker, guint percent)
{
  return roll (maker, 100) < percent;
}

/* A time within @span minutes from @hour:@minute of @day, down to the second. */
static JnInstant
moment (Maker *maker, JnDate day, int hour, int minute, guint span)
{
  return jn_date_start (day) + hour * JN_HOUR + minute * JN_MINUTE
         + (gint64) roll (maker, span * 60) * JN_SECOND;
}

/* What has not happened yet is left out. */
static JnBankdPast *
add (Maker *maker, JnInstant at, gint64 amount, int merchant, const char *kind)
{
  JnBankdPast past = { .at = at,
                       .amount = amount,
                       .merchant = merchant,
                       .person = -1,
                       .kind = kind,
                       .category = merchant >= 0 ? jn_bankd_seed_merchants[merchant].category
                                                 : JN_CATEGORY_TRANSFER };

  if (at > maker->now)
    return NULL;
  g_array_append_val (maker->past, past);
  return &g_array_index (maker->past, JnBankdPast, maker->past->len - 1);
}

static void
add_person (Maker *maker, JnInstant at, gint64 amount, int person, const char *memo)
{
  JnBankdPast *past = add (maker, at, amount, -1, "transfer");

  if (past == NULL)
    return;
  past->person = person;
  past->memo = memo;
}

static gint64
pick (Maker *maker, const gint64 *prices, guint n)
{
  return prices[roll (maker, n)];
}

/* Somewhere from @low to @high yuan, in steps of ten fen. */
static gint64
between (Maker *maker, guint low, guint high)
{
  return (gint64) low * 100 + (gint64) roll (maker, (high - low) * 10) * 10;
}

static gboolean
is_this_month (const Maker *maker)
{
  return jn_date_month (maker->day) == jn_date_month (maker->today);
}

static void
live_workday (Maker *maker)
{
  static const gint64 lunches[] = {
    1500, 1650, 1800, 1900, 2200, 2400, 2650, 2800, 3200, 1750, 2100
  };
  static const gint64 coffees[] = { 1500, 1800, 2200, 1900 };

  add (maker, moment (maker, maker->day, 8, 2, 25), -400, JN_BANKD_METRO, "payment");
  add (maker, moment (maker, maker->day, 18, 15, 70), chance (maker, 85) ? -400 : -500,
       JN_BANKD_METRO, "payment");
  if (!is_this_month (maker) && chance (maker, 45))
    add (maker, moment (maker, maker->day, 12, 2, 45),
         -pick (maker, lunches, G_N_ELEMENTS (lunches)),
         chance (maker, 65) ? JN_BANKD_CANTEEN : JN_BANKD_NOODLES, "payment");
  if (!is_this_month (maker) && chance (maker, 20))
    add (maker, moment (maker, maker->day, 8, 40, 15),
         -pick (maker, coffees, G_N_ELEMENTS (coffees)), JN_BANKD_COFFEE, "payment");
  if ((maker->weekday == 3 || maker->weekday == 5) && chance (maker, 60))
    add (maker, moment (maker, maker->day, 19, 30, 60), -between (maker, 14, 58), JN_BANKD_MARKET,
         "payment");
  if (maker->weekday == 5 && chance (maker, 30))
    add (maker, moment (maker, maker->day, 22, 10, 50), -between (maker, 18, 42), JN_BANKD_TAXI,
         "payment");
}

static void
live_weekend (Maker *maker)
{
  if (maker->weekday == 6)
    add (maker, moment (maker, maker->day, 10, 0, 70), -between (maker, 62, 148),
         chance (maker, 55) ? JN_BANKD_GREENS : JN_BANKD_MARKET, "payment");
  if (chance (maker, 25))
    add (maker, moment (maker, maker->day, 14, 10, 150), chance (maker, 50) ? -4500 : -7600,
         JN_BANKD_CINEMA, "payment");
  if (!is_this_month (maker) && chance (maker, 30))
    add (maker, moment (maker, maker->day, 18, 20, 60), -between (maker, 58, 118), JN_BANKD_HOTPOT,
         "payment");
}

static void
live_any_day (Maker *maker)
{
  static const gint64 parcels[] = { 1200, 1500, 1800, 2300 };

  if (chance (maker, 9))
    add (maker, moment (maker, maker->day, 20, 30, 90), -between (maker, 59, 268),
         chance (maker, 60) ? JN_BANKD_STORE : JN_BANKD_CLOTHES, "payment");
  if (maker->index % 31 == 12)
    add (maker, moment (maker, maker->day, 19, 5, 40), -between (maker, 18, 96), JN_BANKD_PHARMACY,
         "payment");
  if (maker->index % 29 == 8)
    add (maker, moment (maker, maker->day, 16, 20, 80), -between (maker, 45, 128), JN_BANKD_BOOKS,
         "payment");
  if (maker->index % 13 == 5)
    add (maker, moment (maker, maker->day, 13, 10, 40),
         -pick (maker, parcels, G_N_ELEMENTS (parcels)), JN_BANKD_PARCEL, "payment");
  if (maker->index % 30 == 17)
    add (maker, moment (maker, maker->day, 19, 40, 50), -4800, JN_BANKD_BARBER, "payment");
}

/* The tenth, or the Friday before when that is a weekend. */
static gboolean
is_payday (const Maker *maker)
{
  int day = jn_date_day (maker->day);

  return (day == 10 && maker->weekday >= 1 && maker->weekday <= 5)
         || (maker->weekday == 5 && (day == 8 || day == 9));
}

static void
live_calendar (Maker *maker)
{
  int day = jn_date_day (maker->day);
  int bill_day = MIN (jn_date_day (jn_date_add_days (maker->today, JN_BANKD_BILL_DAYS)), 28);
  JnBankdPast *past;

  if (is_payday (maker))
    {
      past = add (maker, moment (maker, maker->day, 9, 30, 5), SALARY, -1, "income");
      if (past != NULL)
        {
          past->category = JN_CATEGORY_INCOME;
          past->memo = "工资";
        }
    }
  if (day == 1
      && (past = add (maker, moment (maker, maker->day, 9, 0, 3), -260000, JN_BANKD_RENT, "bill"))
             != NULL)
    past->memo = "房租";
  if (day == 5)
    add (maker, moment (maker, maker->day, 6, 0, 10), -5900, JN_BANKD_TELECOM, "bill");
  if (day == bill_day)
    add (maker, moment (maker, maker->day, 6, 10, 10), -between (maker, 108, 168), JN_BANKD_POWER,
         "bill");
  if (day == 20)
    add (maker, moment (maker, maker->day, 6, 20, 10), -between (maker, 31, 46), JN_BANKD_WATER,
         "bill");
  if (day == 23)
    add (maker, moment (maker, maker->day, 6, 30, 10), -between (maker, 38, 62), JN_BANKD_GAS,
         "bill");
  if (day == 15)
    add_person (maker, moment (maker, maker->day, 20, 5, 30), -50000, JN_BANKD_MOTHER, "家用");
}

/* What happens once, counted in days from the oldest. */
static void
live_once (Maker *maker)
{
  JnBankdPast *past;

  switch (maker->index)
    {
    case 20:
      add_person (maker, moment (maker, maker->day, 21, 5, 30), 8600, JN_BANKD_FRIEND, "AA 火锅");
      break;
    case 24:
      add (maker, moment (maker, maker->day, 21, 12, 30), -31300, JN_BANKD_TRAVEL, "payment");
      break;
    case 26:
      add (maker, moment (maker, maker->day, 11, 40, 15), -42800, JN_BANKD_HOTEL, "payment");
      break;
    case 33:
      add_person (maker, moment (maker, maker->day, 12, 30, 20), -12800, JN_BANKD_COUSIN,
                  "生日快乐");
      break;
    case 41:
      add (maker, moment (maker, maker->day, 20, 46, 10), -15900, JN_BANKD_CLOTHES, "payment");
      break;
    case 44:
      add (maker, moment (maker, maker->day, 10, 20, 30), 15900, JN_BANKD_CLOTHES, "refund");
      break;
    case 52:
      add_person (maker, moment (maker, maker->day, 19, 15, 30), 15000, JN_BANKD_COLLEAGUE,
                  "拼车费");
      break;
    case DAYS - 13:
      past = add (maker, moment (maker, maker->day, 22, 31, 20), -2300, JN_BANKD_TAXI, "payment");
      if (past != NULL)
        past->discount = 500;
      break;
    case DAYS - 4:
      add (maker, moment (maker, maker->day, 21, 2, 30), -23350, JN_BANKD_TRAVEL, "payment");
      break;
    default:
      break;
    }
}

/* Meals of this month: each line sums to JN_BANKD_DINING_THIS_MONTH. */
static const gint64 meals_12[] = { 2600, 1980, 3250, 2200, 2800, 1860,
                                   2550, 3500, 1690, 2320, 2150, 2200 };
static const gint64 meals_8[] = { 2800, 3600, 1800, 7800, 2650, 2050, 5200, 3200 };
static const gint64 meals_5[] = { 2800, 6800, 2200, 12800, 4500 };
static const gint64 meals_3[] = { 3500, 16800, 8800 };
static const gint64 meals_2[] = { 9300, 19800 };
static const gint64 meals_1[] = { 29100 };

static const struct
{
  const gint64 *meals;
  guint n;
} plans[] = { { meals_12, 12 }, { meals_8, 8 }, { meals_5, 5 },
              { meals_3, 3 },   { meals_2, 2 }, { meals_1, 1 } };

static int
place_for (gint64 price, JnInstant at)
{
  int hour, minute;

  jn_time_of_day_at (at, &hour, &minute);
  if (price >= 6000)
    return JN_BANKD_HOTPOT;
  if (hour < 11)
    return JN_BANKD_COFFEE;
  return price >= 2600 || hour > 14 ? JN_BANKD_NOODLES : JN_BANKD_CANTEEN;
}

static void
eat_this_month (Maker *maker)
{
  JnDate first = jn_month_first (jn_date_month (maker->today));
  JnInstant start = jn_date_start (first);
  g_autoptr (GArray) slots = g_array_new (FALSE, FALSE, sizeof (JnInstant));
  guint plan = 0;

  for (JnDate day = first; day <= maker->today; day = jn_date_add_days (day, 1))
    {
      const JnInstant meals[] = { moment (maker, day, 12, 2, 45), moment (maker, day, 18, 20, 60) };

      for (guint i = 0; i < G_N_ELEMENTS (meals); i++)
        if (meals[i] <= maker->now)
          g_array_append_val (slots, meals[i]);
    }
  if (slots->len == 0)
    {
      /* The month's first morning: one bill of the night, paid since it began. */
      JnInstant only = start + (maker->now - start) / 2;

      g_array_append_val (slots, only);
    }
  while (plans[plan].n > slots->len)
    plan++;
  for (guint i = 0; i < plans[plan].n; i++)
    {
      guint n = plans[plan].n;
      JnInstant at = g_array_index (slots, JnInstant, (i * slots->len + slots->len / 2) / n);

      add (maker, at, -plans[plan].meals[i], place_for (plans[plan].meals[i], at), "payment");
    }
}

static int
compare_past (gconstpointer a, gconstpointer b)
{
  const JnBankdPast *left = a, *right = b;

  return left->at < right->at ? -1 : left->at > right->at;
}

static JnBankdPast
savings_move (JnInstant at, gint64 amount)
{
  return (JnBankdPast){ .at = at,
                        .amount = amount,
                        .merchant = -1,
                        .person = JN_BANKD_SAVINGS,
                        .kind = "transfer",
                        .category = JN_CATEGORY_TRANSFER,
                        .memo = amount < 0 ? "存起来" : "取用" };
}

/* Puts savings moves between the rest so that the wallet is neither empty nor a savings book. */
static GArray *
balance_out (GArray *past, JnInstant now, gint64 *balance)
{
  GArray *out = g_array_new (FALSE, FALSE, sizeof (JnBankdPast));
  JnInstant last = 0;

  for (guint i = 0; i < past->len; i++)
    {
      JnBankdPast *one = &g_array_index (past, JnBankdPast, i);
      JnInstant next = i + 1 < past->len ? g_array_index (past, JnBankdPast, i + 1).at : now;

      if (*balance + one->amount < LOW)
        {
          JnBankdPast move = savings_move (MAX (one->at - 20 * JN_MINUTE, (last + one->at) / 2),
                                           TOP_UP - one->amount / 100000 * 100000);

          g_array_append_val (out, move);
          *balance += move.amount;
        }
      g_array_append_val (out, *one);
      *balance += one->amount;
      last = one->at;
      if (one->amount == SALARY && next - one->at > 2 * JN_MINUTE)
        {
          JnBankdPast move = savings_move (one->at + MIN (40 * JN_MINUTE, (next - one->at) / 2),
                                           -((*balance - KEEP) / 10000 * 10000));

          g_array_append_val (out, move);
          *balance += move.amount;
          last = move.at;
        }
    }
  return out;
}

/* One more savings move near the end brings the balance within fifty yuan of where it has to be. */
static void
fit_end (GArray *past, JnInstant now, gint64 *balance)
{
  gint64 over = *balance - JN_BANKD_BOOKED;
  gint64 rounded = (over + (over > 0 ? 5000 : -5000)) / 10000 * 10000;
  guint place = past->len > 6 ? past->len - 6 : 0;
  JnInstant at, next;
  JnBankdPast move;

  if (rounded == 0)
    return;
  for (guint i = place; i < past->len; i++)
    if (g_array_index (past, JnBankdPast, i).amount > 50000)
      place = i;
  at = g_array_index (past, JnBankdPast, place).at;
  next = place + 1 < past->len ? g_array_index (past, JnBankdPast, place + 1).at : now;
  move = savings_move (at + (next - at) / 2, -rounded);
  g_array_insert_val (past, place + 1, move);
  *balance -= rounded;
}

GArray *
jn_bankd_seed_history (JnEntropy *entropy, JnInstant now)
{
  g_autoptr (GArray) lived = g_array_new (FALSE, FALSE, sizeof (JnBankdPast));
  Maker maker = { .past = lived, .entropy = entropy, .now = now, .today = jn_date_at (now) };
  JnDate first = jn_date_add_days (maker.today, 1 - DAYS);
  JnBankdPast opening = { .at = jn_date_start (first),
                          .merchant = -1,
                          .person = -1,
                          .kind = "opening",
                          .category = JN_CATEGORY_OPENING };
  gint64 balance = OPENING;
  GArray *past;

  for (maker.index = 0; maker.index < DAYS; maker.index++)
    {
      maker.day = jn_date_add_days (first, maker.index);
      maker.weekday = (jn_date_days_between (19700101, maker.day) + 4) % 7;
      if (maker.weekday == 0 || maker.weekday == 6)
        live_weekend (&maker);
      else
        live_workday (&maker);
      live_any_day (&maker);
      live_calendar (&maker);
      live_once (&maker);
    }
  eat_this_month (&maker);
  g_array_sort (lived, compare_past);
  past = balance_out (lived, maker.now, &balance);
  fit_end (past, now, &balance);
  opening.amount = OPENING + JN_BANKD_BOOKED - balance;
  g_array_prepend_val (past, opening);
  return past;
}
