#include "jn-bankd-seed.h"

#include "jn-bankd-book.h"
#include "jn-bankd-points.h"
#include "jn-bankd-seed-history.h"
#include "jn-check-digits.h"

#define NAME "王小明"
#define PHONE "13800138000"
#define RESIDENT_ID_FRONT "11010119960508001"
#define DEFAULT_SEED 20180507u
#define HOLD 20000
#define POINTS 1280
#define POINTS_OPENING 200
#define POINTS_GIFT 200

/* What the seed needs at hand while it works. */
typedef struct
{
  JnBankdCore *core;
  JnManualClock *clock;
  JnEntropy *entropy;
  JnInstant now;
  JnDate today;
  char wallet[20];
  gint64 *merchants; /* accounts by place in the table */
  char (*merchant_bbans)[20];
  gint64 *persons;
  char (*person_bbans)[20];
  char *coupon; /* id of the one that is used up */
} Seed;

/* 19 digits: bank, kind, a number and the check digit (ISO/IEC 7812-1). */
static void
make_bban (const char *prefix, guint kind, guint number, char out[20])
{
  g_snprintf (out, 20, "%s%u%011u", prefix, kind, (number * 7919u + 104729u) % 99999989u);
  out[18] = (char) ('0' + jn_luhn_check_digit (out));
  out[19] = '\0';
}

static char
resident_check (void)
{
  char number[19];

  for (const char *c = "0123456789X"; *c != '\0'; c++)
    {
      g_snprintf (number, sizeof number, "%s%c", RESIDENT_ID_FRONT, *c);
      if (jn_resident_id_is_valid (number))
        return *c;
    }
  return '0';
}

static void
add_customer (Seed *seed)
{
  JnBankdDb *db = seed->core->db;
  g_autofree char *resident = g_strdup_printf ("%s%c", RESIDENT_ID_FRONT, resident_check ());

  /* Tier II: 10,000 a day and 200,000 a year (银发〔2016〕302号). */
  jn_bankd_db_run (db,
                   "INSERT INTO customer (id, name, phone, tier, resident_id, limit_payment,"
                   " limit_day, limit_year) VALUES (?, ?, ?, 'II', ?, 500000, 1000000, 20000000)",
                   "isss", JN_BANKD_CUSTOMER, NAME, PHONE, resident);
  jn_bankd_db_run (db, "INSERT INTO meta (name, value) VALUES ('sample-name', ?)", "s", NAME);
  jn_bankd_db_run (db, "INSERT INTO meta (name, value) VALUES ('sample-resident-id', ?)", "s",
                   resident);
  make_bban (JN_BANKD_HOUSE_PREFIX, 1, 1, seed->wallet);
  jn_bankd_book_add_account (seed->core, JN_BANKD_ACCOUNT_WALLET, seed->wallet, "wallet",
                             JN_CURRENCY_CNY, "锦囊钱包", TRUE);
  jn_bankd_book_add_account (seed->core, JN_BANKD_ACCOUNT_CLEARING, NULL, "bank", JN_CURRENCY_CNY,
                             "clearing", FALSE);
  jn_bankd_book_add_account (seed->core, JN_BANKD_ACCOUNT_MARKETING, NULL, "bank", JN_CURRENCY_CNY,
                             "marketing", FALSE);
  jn_bankd_book_add_account (seed->core, JN_BANKD_ACCOUNT_POINTS, NULL, "points",
                             JN_CURRENCY_POINTS, "points", TRUE);
  jn_bankd_book_add_account (seed->core, JN_BANKD_ACCOUNT_POINTS_ISSUED, NULL, "bank",
                             JN_CURRENCY_POINTS, "points issued", FALSE);
  jn_bankd_db_run (db, "UPDATE account SET customer = ? WHERE id IN (?, ?)", "iii",
                   JN_BANKD_CUSTOMER, JN_BANKD_ACCOUNT_WALLET, JN_BANKD_ACCOUNT_POINTS);
}

static void
add_merchants (Seed *seed)
{
  for (guint i = 0; i < jn_bankd_seed_n_merchants; i++)
    {
      const JnBankdSeedMerchant *one = &jn_bankd_seed_merchants[i];

      make_bban (JN_BANKD_HOUSE_PREFIX, 3, i + 1, seed->merchant_bbans[i]);
      seed->merchants[i] =
          jn_bankd_book_add_account (seed->core, 100 + i, seed->merchant_bbans[i], "merchant",
                                     JN_CURRENCY_CNY, one->name, FALSE);
      jn_bankd_db_run (seed->core->db,
                       "INSERT INTO merchant (id, account, name, branch, category, city,"
                       " latin_name, latin_city, mcc, shop, shop_amount)"
                       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, nullif (?, 0), nullif (?, 0))",
                       "sississssii", one->id, seed->merchants[i], one->name, one->branch,
                       (gint64) one->category, one->city, one->latin_name, one->latin_city,
                       one->mcc, (gint64) one->shop, one->shop_amount);
    }
}

static void
add_persons (Seed *seed)
{
  for (guint i = 0; i < jn_bankd_seed_n_persons; i++)
    {
      const JnBankdSeedPerson *one = &jn_bankd_seed_persons[i];
      gboolean in_house = g_str_equal (one->prefix, JN_BANKD_HOUSE_PREFIX);
      char *bban = seed->person_bbans[i];
      g_autofree char *id = jn_bankd_core_make_id (seed->core);

      make_bban (one->prefix, 1, 100 + i, bban);
      seed->persons[i] = JN_BANKD_ACCOUNT_CLEARING;
      if (in_house)
        seed->persons[i] = jn_bankd_book_add_account (seed->core, 500 + i, bban, "person",
                                                      JN_CURRENCY_CNY, one->name, FALSE);
      jn_bankd_db_run (seed->core->db, "INSERT INTO person (bban, name) VALUES (?, ?)", "ss", bban,
                       one->name);
      jn_bankd_db_run (seed->core->db,
                       "INSERT INTO payee (id, customer, name, bban) VALUES (?, ?, ?, ?)", "siss",
                       id, JN_BANKD_CUSTOMER, one->name, bban);
    }
}

static void
add_card (Seed *seed, const char *front, const char *kind)
{
  g_autofree char *id = jn_bankd_core_make_id (seed->core);
  g_autofree char *pan = g_strdup_printf ("%s%d", front, jn_luhn_check_digit (front));

  jn_bankd_db_run (seed->core->db, "INSERT INTO card (id, customer, pan, kind) VALUES (?, ?, ?, ?)",
                   "siss", id, JN_BANKD_CUSTOMER, pan, kind);
}

static void
add_plans (Seed *seed)
{
  JnBankdDb *db = seed->core->db;
  g_autofree char *bill = jn_bankd_core_make_id (seed->core);
  g_autofree char *goal = jn_bankd_core_make_id (seed->core);

  add_card (seed, "629901000871234", "debit");
  add_card (seed, "629902004415208", "credit");
  jn_bankd_db_run (db,
                   "INSERT INTO upcoming (id, customer, merchant, amount, due_on, state)"
                   " VALUES (?, ?, ?, 12640, ?, 'open')",
                   "sisi", bill, JN_BANKD_CUSTOMER, jn_bankd_seed_merchants[JN_BANKD_POWER].id,
                   (gint64) jn_date_add_days (seed->today, JN_BANKD_BILL_DAYS));
  jn_bankd_db_run (db, "INSERT INTO budget (customer, category, monthly) VALUES (?, ?, 50000)",
                   "ii", JN_BANKD_CUSTOMER, (gint64) JN_CATEGORY_DINING);
  jn_bankd_db_run (db, "INSERT INTO budget (customer, category, monthly) VALUES (?, ?, 20000)",
                   "ii", JN_BANKD_CUSTOMER, (gint64) JN_CATEGORY_TRANSPORT);
  jn_bankd_db_run (db,
                   "INSERT INTO goal (id, customer, zh, en, target, saved, due_on)"
                   " VALUES (?, ?, '云南之旅', 'Trip to Yunnan', 800000, 320000, ?)",
                   "sii", goal, JN_BANKD_CUSTOMER,
                   (gint64) jn_month_first (jn_month_add (jn_date_month (seed->today), 6)));
}

typedef struct
{
  const char *zh, *en, *kind;
  gint64 amount, percent, multiple, minimum;
  JnCategory category;
  int merchant;
  int from, until; /* days from today */
} SeedOffer;

static const SeedOffer offers[] = {
  { "早安券", "Morning coupon", "amountOff", 300, 0, 0, 2000, JN_CATEGORY_DINING, -1, -3, 21 },
  { "家门口双倍积分", "Double points round the corner", "pointsMultiple", 0, 0, 2, 3000,
    JN_CATEGORY_GROCERIES, JN_BANKD_MARKET, -10, 20 },
  { "观影九折", "10 % off at the cinema", "percentOff", 0, 10, 0, 4000, JN_CATEGORY_LEISURE,
    JN_BANKD_CINEMA, -7, 14 },
  { "夜归立减", "Late ride coupon", "amountOff", 500, 0, 0, 2500, JN_CATEGORY_TRANSPORT,
    JN_BANKD_TAXI, -30, 2 },
};

static void
add_offers (Seed *seed)
{
  for (guint i = 0; i < G_N_ELEMENTS (offers); i++)
    {
      const SeedOffer *one = &offers[i];
      g_autofree char *id = jn_bankd_core_make_id (seed->core);

      jn_bankd_db_run (
          seed->core->db,
          "INSERT INTO offer (id, customer, position, zh, en, kind, amount, percent, multiple,"
          " minimum, category, merchant, valid_from, valid_until) VALUES (?, ?, ?, ?, ?, ?,"
          " nullif (?, 0), nullif (?, 0), nullif (?, 0), nullif (?, 0), ?, ?, ?, ?)",
          "siisssiiiiisii", id, JN_BANKD_CUSTOMER, (gint64) i, one->zh, one->en, one->kind,
          one->amount, one->percent, one->multiple, one->minimum, (gint64) one->category,
          one->merchant >= 0 ? jn_bankd_seed_merchants[one->merchant].id : NULL,
          jn_date_start (jn_date_add_days (seed->today, one->from)),
          jn_date_start (jn_date_add_days (seed->today, one->until)));
      g_free (seed->coupon);
      seed->coupon = g_steal_pointer (&id);
    }
}

static const char *
code_of (const JnBankdPast *past)
{
  if (past->merchant < 0)
    return g_str_equal (past->kind, "income") ? "PMNT-RCDT-SALA" : "PMNT-ICDT-DMCT";
  return g_str_equal (past->kind, "bill") ? "PMNT-RDDT-PMDD" : "PMNT-MCRD-POSP";
}

static void
name_parties (Seed *seed, const JnBankdPast *past, JnBankdTransfer *out)
{
  const char *name = NULL, *bban = NULL;

  if (past->merchant >= 0)
    {
      name = jn_bankd_seed_merchants[past->merchant].name;
      bban = seed->merchant_bbans[past->merchant];
    }
  else if (past->person >= 0)
    {
      name = jn_bankd_seed_persons[past->person].name;
      bban = seed->person_bbans[past->person];
    }
  else if (g_str_equal (past->kind, "income"))
    name = JN_BANKD_EMPLOYER;
  out->debtor_name = past->amount > 0 ? name : NAME;
  out->debtor_bban = past->amount > 0 ? bban : seed->wallet;
  out->creditor_name = past->amount > 0 ? NAME : name;
  out->creditor_bban = past->amount > 0 ? seed->wallet : bban;
}

static gint64
points_of (const JnBankdPast *past)
{
  return g_str_equal (past->kind, "payment") ? -past->amount / 100 : 0;
}

static void
book (Seed *seed, const JnBankdPast *past)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  gint64 other = JN_BANKD_ACCOUNT_CLEARING;
  JnBankdTransfer transfer = { .kind = past->kind,
                               .category = past->category,
                               .currency = JN_CURRENCY_CNY,
                               .at = past->at,
                               .memo = past->memo,
                               .points = points_of (past),
                               .n_legs = 2 };

  if (past->merchant >= 0)
    other = seed->merchants[past->merchant];
  else if (past->person >= 0)
    other = seed->persons[past->person];
  jn_manual_clock_set (seed->clock, past->at);
  transfer.id = id = jn_bankd_core_make_id (seed->core);
  name_parties (seed, past, &transfer);
  if (!g_str_equal (past->kind, "opening"))
    transfer.code = code_of (past);
  transfer.legs[0] = (JnBankdLeg){ JN_BANKD_ACCOUNT_WALLET, past->amount };
  transfer.legs[1] = (JnBankdLeg){ other, -past->amount + past->discount };
  if (past->discount > 0)
    {
      transfer.legs[transfer.n_legs++] =
          (JnBankdLeg){ JN_BANKD_ACCOUNT_MARKETING, -past->discount };
      transfer.original = past->discount - past->amount;
      transfer.discount = past->discount;
      transfer.offer = seed->coupon;
      jn_bankd_db_run (seed->core->db,
                       "UPDATE offer SET used_at = ?, used_by = ?, saved = ? WHERE id = ?", "isis",
                       past->at, id, past->discount, seed->coupon);
    }
  if (!jn_bankd_book_post (seed->core, &transfer, &error))
    g_critical ("bankd: seed: %s", error->message);
  if (past->person >= 0 && past->amount < 0)
    jn_bankd_db_run (seed->core->db, "UPDATE payee SET last_paid_at = ? WHERE bban = ?", "is",
                     past->at, seed->person_bbans[past->person]);
}

typedef struct
{
  JnInstant at;
  gint64 points;
  const char *kind, *payee;
  char id[JN_ID_STRING_LENGTH + 1];
} PastPoints;

static void
note_points (GArray *notes, JnInstant at, gint64 points, const char *kind, const char *payee,
             const char *id)
{
  PastPoints one = { .at = at, .points = points, .kind = kind, .payee = payee };

  if (id != NULL)
    g_strlcpy (one.id, id, sizeof one.id);
  g_array_append_val (notes, one);
}

/* Points that were redeemed on the way, so that the rest stays small; a last step ends at POINTS within fifty. */
static GArray *
plan_points (Seed *seed, gint64 *opening)
{
  GArray *notes = g_array_new (FALSE, FALSE, sizeof (PastPoints));
  JnInstant gift = jn_date_start (jn_date_add_days (seed->today, -45)) + 10 * JN_HOUR;
  gint64 balance = POINTS_OPENING, over;
  gboolean given = FALSE;
  JnInstant last = jn_date_start (jn_date_add_days (seed->today, -89)) + JN_SECOND;
  sqlite3_stmt *stmt =
      jn_bankd_db_query (seed->core->db,
                         "SELECT occurred_at, points, creditor_name, id FROM transfer"
                         " WHERE points > 0 ORDER BY number",
                         "");

  while (jn_bankd_db_step (seed->core->db, stmt))
    {
      const char *payee = jn_bankd_column (stmt, 2);

      last = sqlite3_column_int64 (stmt, 0);
      if (!given && last > gift)
        {
          note_points (notes, gift, POINTS_GIFT, "gift", NULL, NULL);
          balance += POINTS_GIFT;
          given = TRUE;
        }
      note_points (notes, last, sqlite3_column_int64 (stmt, 1), "payment", g_intern_string (payee),
                   jn_bankd_column (stmt, 3));
      balance += sqlite3_column_int64 (stmt, 1);
      if (balance >= 1500 + 300 && last < seed->now - 6 * JN_DAY)
        {
          note_points (notes, last + 3 * JN_SECOND, -1500, "redeemed", NULL, NULL);
          balance -= 1500;
        }
    }
  over = (balance - POINTS + (balance > POINTS ? 50 : -50)) / 100 * 100;
  if (over != 0)
    note_points (notes, MIN (last + 2 * JN_SECOND, seed->now), -over,
                 over > 0 ? "redeemed" : "gift", NULL, NULL);
  *opening = POINTS_OPENING + POINTS - (balance - over);
  return notes;
}

static void
add_points (Seed *seed)
{
  gint64 opening;
  JnInstant first = jn_date_start (jn_date_add_days (seed->today, -89));
  g_autoptr (GArray) notes = plan_points (seed, &opening);

  jn_manual_clock_set (seed->clock, first);
  jn_bankd_points_add (seed->core, JN_BANKD_CUSTOMER, opening, "opening", NULL, NULL, first, NULL);
  for (guint i = 0; i < notes->len; i++)
    {
      PastPoints *one = &g_array_index (notes, PastPoints, i);
      g_autoptr (GError) error = NULL;

      jn_manual_clock_set (seed->clock, one->at);
      if (!jn_bankd_points_add (seed->core, JN_BANKD_CUSTOMER, one->points, one->kind, one->payee,
                                one->id[0] != '\0' ? one->id : NULL, one->at, &error))
        g_critical ("bankd: seed points: %s", error->message);
    }
  jn_bankd_db_run (seed->core->db,
                   "INSERT INTO points_lot (customer, expires_on, points, state)"
                   " VALUES (?, ?, ?, 'open')",
                   "iii", JN_BANKD_CUSTOMER, (gint64) jn_date_add_days (seed->today, 24),
                   (gint64) POINTS_GIFT);
}

static void
add_hold (Seed *seed)
{
  JnInstant at = jn_date_start (jn_date_add_days (seed->today, -1)) + 15 * JN_HOUR + 12 * JN_MINUTE;
  g_autofree char *id = NULL;

  jn_manual_clock_set (seed->clock, at);
  id = jn_bankd_core_make_id (seed->core);
  jn_bankd_book_hold (seed->core, id, JN_BANKD_ACCOUNT_WALLET, HOLD, JN_CATEGORY_TRAVEL,
                      jn_bankd_seed_merchants[JN_BANKD_HOTEL].name, "酒店押金", at,
                      jn_date_start (jn_date_add_days (seed->today, 7)), NULL);
}

static void
fill (Seed *seed)
{
  g_autoptr (GArray) past = jn_bankd_seed_history (seed->entropy, seed->now);

  jn_manual_clock_set (seed->clock, g_array_index (past, JnBankdPast, 0).at);
  add_customer (seed);
  add_merchants (seed);
  add_persons (seed);
  add_plans (seed);
  add_offers (seed);
  for (guint i = 0; i < past->len; i++)
    book (seed, &g_array_index (past, JnBankdPast, i));
  add_points (seed);
  add_hold (seed);
}

void
jn_bankd_seed (JnBankdCore *core, guint64 number, JnInstant now)
{
  JnClock *clock = core->clock;
  JnEntropy *entropy = core->entropy;
  Seed seed = { .core = core, .now = now, .today = jn_date_at (now) };

  seed.clock = jn_manual_clock_new (now);
  seed.entropy = jn_seeded_entropy_new (number != 0 ? number : DEFAULT_SEED);
  seed.merchants = g_new0 (gint64, jn_bankd_seed_n_merchants);
  seed.merchant_bbans = g_malloc0_n (jn_bankd_seed_n_merchants, sizeof *seed.merchant_bbans);
  seed.persons = g_new0 (gint64, jn_bankd_seed_n_persons);
  seed.person_bbans = g_malloc0_n (jn_bankd_seed_n_persons, sizeof *seed.person_bbans);
  /* Ids of the past carry the past's time and come from the seed. */
  core->clock = JN_CLOCK (seed.clock);
  core->entropy = seed.entropy;
  fill (&seed);
  core->clock = clock;
  core->entropy = entropy;
  g_object_unref (seed.clock);
  g_object_unref (seed.entropy);
  g_free (seed.merchants);
  g_free (seed.merchant_bbans);
  g_free (seed.persons);
  g_free (seed.person_bbans);
  g_free (seed.coupon);
}
