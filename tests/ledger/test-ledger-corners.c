/* Corners of what the engine does: sums that cancel out, balances at the ends of the numbers, ids and texts as unlike or as long as they may be, and what is
 * said twice. */
#include <string.h>

#include "ledger-booked.h"

#define ROOM 64
#define LONGEST 200u

static jn_status
submit (Booked *f, jn_event e)
{
  jn_result result = { 0 };

  g_assert_cmpint (jn_submit (f->ledger, &e, 1, &result, NULL), ==, JN_OK);
  return result.status;
}

static void
must_be_sound (Booked *f)
{
  g_assert_cmpint (jn_verify (f->ledger, NULL, NULL), ==, JN_OK);
}

static jn_event
pay_out (guint64 n, gint64 amount, guint16 code)
{
  jn_event e = world_transfer (world_id (200 + n, n), world_id (1, 1), world_id (1, 0), amount);

  e.code = code;
  return e;
}

/* ---- categories ---- */

static void
categorize (Booked *f, guint64 n, const char *category, guint64 clock)
{
  jn_annotation a = { world_id (200 + n, n), JN_FIELD_CATEGORY, clock, 1, category };

  g_assert_cmpint (jn_annotate (f->ledger, &a, 1), ==, JN_OK);
}

static jn_rollup_row
sum_of (Booked *f, guint16 code)
{
  jn_rollup_row rows[ROOM], found = { 0 };
  jn_snapshot *snapshot = NULL;
  jn_id id = world_id (1, 1);
  gsize n = ROOM;

  g_assert_cmpint (jn_snapshot_begin (f->ledger, &snapshot), ==, JN_OK);
  g_assert_cmpint (jn_rollup (snapshot, &id, 202611, 202611, rows, &n), ==, JN_OK);
  for (gsize i = 0; i < n; i++)
    if (rows[i].code == code)
      found = rows[i];
  jn_snapshot_end (snapshot);
  return found;
}

/* What moves from one category to another comes back from it: first with other counts, then with the same ones, then not at all. */
static void
test_cancelled (Booked *f, gconstpointer data)
{
  g_assert_cmpint (submit (f, pay_out (1, 100, 11)), ==, JN_OK);
  g_assert_cmpint (submit (f, pay_out (2, 60, 12)), ==, JN_OK);
  g_assert_cmpint (submit (f, pay_out (3, 40, 12)), ==, JN_OK);
  categorize (f, 1, "12", 100);
  categorize (f, 2, "11", 101);
  categorize (f, 3, "11", 102);
  g_assert_cmpint (sum_of (f, 11).d, ==, 100);
  g_assert_cmpint (sum_of (f, 11).n_d, ==, 2);
  g_assert_cmpint (sum_of (f, 12).d, ==, 100);
  g_assert_cmpint (sum_of (f, 12).n_d, ==, 1);
  must_be_sound (f);
  g_assert_cmpint (submit (f, pay_out (4, 60, 13)), ==, JN_OK);
  categorize (f, 3, "", 103);
  categorize (f, 1, "", 104);
  categorize (f, 2, "13", 105);
  categorize (f, 4, "12", 106);
  g_assert_cmpint (sum_of (f, 12).d, ==, 100);
  g_assert_cmpint (sum_of (f, 12).n_d, ==, 2);
  g_assert_cmpint (sum_of (f, 13).d, ==, 60);
  must_be_sound (f);
  categorize (f, 2, "", 107);
  categorize (f, 4, "", 108);
  g_assert_cmpint (sum_of (f, 11).d, ==, 100);
  g_assert_cmpint (sum_of (f, 13).n_d, ==, 1);
  must_be_sound (f);
}

/* ---- numbers ---- */

static gint64
available (Booked *f, const jn_id *id)
{
  jn_snapshot *snapshot = NULL;
  jn_balance balance = { 0 };

  g_assert_cmpint (jn_snapshot_begin (f->ledger, &snapshot), ==, JN_OK);
  g_assert_cmpint (jn_balance_get (snapshot, id, &balance), ==, JN_OK);
  jn_snapshot_end (snapshot);
  return balance.available;
}

/* What can be spent is told as far as numbers go. */
static void
test_ends (Booked *f, gconstpointer data)
{
  jn_account deep = world_account (20, JN_ACCOUNT_CUSTOMER, 156, -G_MAXINT64, G_MAXINT64);
  jn_account high = world_account (21, JN_ACCOUNT_CUSTOMER, 156, G_MAXINT64, G_MAXINT64);
  jn_event e = world_transfer (world_id (300, 1), world_id (1, 0), deep.id, 10);
  jn_event fact = world_transfer (world_id (301, 1), high.id, world_id (1, 0), 2);
  jn_feed_page page = {
    .feed = "main", .from_seq = 1, .to_seq = 1, .events = &fact, .n_events = 1
  };
  jn_result result;

  g_assert_cmpint (jn_account_open (f->ledger, &deep), ==, JN_OK);
  g_assert_cmpint (jn_account_open (f->ledger, &high), ==, JN_OK);
  g_assert_cmpint (available (f, &deep.id), ==, G_MAXINT64);
  g_assert_cmpint (available (f, &high.id), ==, -G_MAXINT64);
  g_assert_cmpint (submit (f, e), ==, JN_OK);
  g_assert_cmpint (available (f, &deep.id), ==, G_MAXINT64);
  /* The bank may. */
  g_assert_cmpint (jn_feed_apply (f->ledger, &page, &result, NULL), ==, JN_OK);
  g_assert_cmpint (available (f, &high.id), ==, G_MININT64);
  must_be_sound (f);
}

/* Blocks of entries that are full before they have as many as they may. */
static void
test_large (Booked *f, gconstpointer data)
{
  static jn_event events[300];
  static jn_result results[300];
  static jn_entry_row rows[300];
  const gint64 most = G_GINT64_CONSTANT (30000000000000000);
  jn_snapshot *snapshot = NULL;
  jn_page page = { 0 };
  jn_id id = world_id (1, 1);
  gsize n_read = 0, n;

  for (guint64 i = 0; i < G_N_ELEMENTS (events); i++)
    {
      gboolean in = i % 2 == 0;

      events[i] = world_transfer (world_id (1000 + i, i), world_id (1, in ? 0 : 1),
                                  world_id (1, in ? 1 : 0), most + (gint64) i);
      events[i].value_date = in ? 10000101 : 99991231;
      events[i].code = in ? 1 : 65535;
    }
  g_assert_cmpint (jn_submit (f->ledger, events, G_N_ELEMENTS (events), results, NULL), ==, JN_OK);
  g_assert_cmpint (jn_snapshot_begin (f->ledger, &snapshot), ==, JN_OK);
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    g_assert_cmpint (results[i].status, ==, JN_OK);
  while (n_read < G_N_ELEMENTS (events))
    {
      n = G_N_ELEMENTS (rows) - n_read;
      g_assert_cmpint (jn_entries (snapshot, &id, &page, rows + n_read, &n), ==, JN_OK);
      g_assert_cmpuint (n, >, 0);
      n_read += n;
      page.before = rows[n_read - 1].no;
    }
  for (gsize i = 0; i + 1 < n_read; i++)
    {
      const jn_event *e = &events[n_read - 1 - i];

      g_assert_true (memcmp (&rows[i].id, &e->id, sizeof e->id) == 0);
      g_assert_cmpint (rows[i].amount, ==, i % 2 == 0 ? -e->amount : e->amount);
      g_assert_cmpint (rows[i].value_date, ==, e->value_date);
      g_assert_cmpint (rows[i].posted_after - rows[i].amount, ==, rows[i + 1].posted_after);
    }
  jn_snapshot_end (snapshot);
  must_be_sound (f);
}

/* ---- ids and texts ---- */

/* Ids that differ only where the index does not look. */
static void
test_same_beginning (Booked *f, gconstpointer data)
{
  jn_event events[40];
  jn_result results[40];

  for (guint64 i = 0; i < 40; i++)
    events[i] = world_transfer (world_id (777, (i * 23) % 40), world_id (1, 0), world_id (1, 1),
                                1 + (gint64) i);
  g_assert_cmpint (jn_submit (f->ledger, events, 40, results, NULL), ==, JN_OK);
  for (guint i = 0; i < 40; i++)
    {
      jn_result found;

      g_assert_cmpint (results[i].status, ==, JN_OK);
      g_assert_cmpint (jn_outcome (f->ledger, &events[i].id, &found), ==, JN_OK);
      g_assert_cmpuint (found.no, ==, results[i].no);
      g_assert_cmpint (found.amount, ==, 1 + i);
    }
  must_be_sound (f);
}

/* Neighbours that share a document of the index, each text as long as it may be. */
static void
test_long_texts (Booked *f, gconstpointer data)
{
  jn_snapshot *snapshot = NULL;
  jn_entry_row rows[ROOM];
  jn_event events[24];
  jn_result results[24];
  char texts[24][3][LONGEST + 1];
  jn_id id = world_id (1, 1);

  for (guint i = 0; i < 24; i++)
    {
      for (guint k = 0; k < 3; k++)
        {
          memset (texts[i][k], 'a' + (int) k, LONGEST);
          g_snprintf (texts[i][k] + LONGEST - 10, 11, "row%03u-%u.z", i, k);
        }
      events[i] = booked_pay_in (500 + i, 1);
      events[i].payee = texts[i][0];
      events[i].memo = texts[i][1];
      events[i].reference = texts[i][2];
    }
  g_assert_cmpint (jn_submit (f->ledger, events, 24, results, NULL), ==, JN_OK);
  g_assert_cmpint (jn_snapshot_begin (f->ledger, &snapshot), ==, JN_OK);
  for (guint i = 0; i < 24; i++)
    for (guint k = 0; k < 3; k++)
      {
        jn_page page = { .search = texts[i][k] + LONGEST - 11 };
        gsize n = ROOM;

        g_assert_cmpint (jn_entries (snapshot, &id, &page, rows, &n), ==, JN_OK);
        g_assert_cmpuint (n, ==, 1);
        g_assert_true (memcmp (&rows[0].id, &events[i].id, sizeof (jn_id)) == 0);
      }
  jn_snapshot_end (snapshot);
  must_be_sound (f);
}

/* An empty text of a POST is none of its own. */
static void
test_inherited (Booked *f, gconstpointer data)
{
  jn_event held = pay_out (20, 30, 5);
  jn_event post = { .id = world_id (221, 21),
                    .kind = JN_POST,
                    .pending = held.id,
                    .payee = "",
                    .memo = "",
                    .reference = "" };
  jn_snapshot *snapshot = NULL;
  jn_entry_row row;
  jn_id id = world_id (1, 1);

  held.kind = JN_PENDING;
  held.payee = "payee";
  held.memo = "memo";
  held.reference = "reference";
  g_assert_cmpint (submit (f, held), ==, JN_OK);
  g_assert_cmpint (submit (f, post), ==, JN_OK);
  g_assert_cmpint (jn_snapshot_begin (f->ledger, &snapshot), ==, JN_OK);
  g_assert_cmpint (jn_entry_get (snapshot, &id, &post.id, &row), ==, JN_OK);
  g_assert_cmpstr (row.payee, ==, "payee");
  g_assert_cmpstr (row.memo, ==, "memo");
  g_assert_cmpstr (row.reference, ==, "reference");
  g_assert_cmpint (row.amount, ==, -30);
  jn_snapshot_end (snapshot);
}

/* ---- said twice ---- */

/* A POST names no currency; one that does names the right one. */
static void
test_posted_again (Booked *f, gconstpointer data)
{
  jn_event held = pay_out (30, 30, 5);
  jn_event post = { .id = world_id (231, 31), .kind = JN_POST, .pending = held.id, .amount = 20 },
           other = post;
  jn_event points = world_transfer (world_id (232, 32), world_id (1, 8), world_id (1, 7), 2);

  held.kind = JN_PENDING;
  g_assert_cmpint (submit (f, held), ==, JN_OK);
  g_assert_cmpint (submit (f, post), ==, JN_OK);
  g_assert_cmpint (submit (f, post), ==, JN_EXISTS);
  other.memo = "other";
  g_assert_cmpint (submit (f, other), ==, JN_CONFLICT_TEXT);
  other.currency = 840;
  g_assert_cmpint (submit (f, other), ==, JN_CURRENCY_MISMATCH);
  points.kind = JN_PENDING;
  points.currency = other.currency = 10001;
  other.pending = points.id;
  g_assert_cmpint (submit (f, points), ==, JN_OK);
  g_assert_cmpint (submit (f, other), ==, JN_CONFLICT_CURRENCY);
  other.currency = 0;
  other.pending = world_id (103, 3);
  g_assert_cmpint (submit (f, other), ==, JN_CONFLICT_PENDING);
  must_be_sound (f);
}

static jn_status
apply (Booked *f, guint64 seq, jn_event e, jn_status *of_page)
{
  jn_feed_page page = {
    .feed = "main", .from_seq = seq, .to_seq = seq, .events = &e, .n_events = 1
  };
  jn_result result = { 0 };

  *of_page = jn_feed_apply (f->ledger, &page, &result, NULL);
  return result.status;
}

/* The bank books a hold that is ours, and then tells it again as something else. */
static void
test_booked_again (Booked *f, gconstpointer data)
{
  jn_event e = pay_out (40, 30, 5), other;
  jn_status page;

  e.kind = JN_PENDING;
  g_assert_cmpint (submit (f, e), ==, JN_OK);
  e.kind = JN_TRANSFER;
  g_assert_cmpint (apply (f, 1, e, &page), ==, JN_OK);
  g_assert_cmpint (page, ==, JN_OK);
  g_assert_cmpint (apply (f, 2, e, &page), ==, JN_EXISTS);
  g_assert_cmpint (page, ==, JN_OK);
  other = e;
  other.amount = 31;
  g_assert_cmpint (apply (f, 3, other, &page), ==, JN_CONFLICT_AMOUNT);
  other = e;
  other.debit = world_id (1, 2);
  g_assert_cmpint (apply (f, 3, other, &page), ==, JN_CONFLICT_DEBIT);
  other = e;
  other.credit = world_id (1, 2);
  g_assert_cmpint (apply (f, 3, other, &page), ==, JN_CONFLICT_CREDIT);
  g_assert_cmpint (page, !=, JN_OK);
  must_be_sound (f);
}

static gsize
n_holds (Booked *f)
{
  jn_snapshot *snapshot = NULL;
  jn_id id = world_id (1, 1);
  gsize n = 0, total = 0;

  g_assert_cmpint (jn_snapshot_begin (f->ledger, &snapshot), ==, JN_OK);
  g_assert_cmpint (jn_holds (snapshot, &id, NULL, &n, &total), ==, JN_OK);
  jn_snapshot_end (snapshot);
  return total;
}

/* The bank holds what is booked here already, and what was refused here. */
static void
test_held_again (Booked *f, gconstpointer data)
{
  jn_event booked = pay_out (50, 5, 5), refused = pay_out (51, 9999999, 5);
  jn_event group[2] = { pay_out (52, 1, 5), refused };
  jn_result results[2], found;
  gsize before;

  g_assert_cmpint (submit (f, booked), ==, JN_OK);
  g_assert_cmpint (submit (f, refused), ==, JN_NO_FUNDS);
  /* Its refusal is its answer in a group as well, and takes the others with it. */
  group[0].flags = JN_LINKED;
  g_assert_cmpint (jn_submit (f->ledger, group, 2, results, NULL), ==, JN_OK);
  g_assert_cmpint (results[0].status, ==, JN_GROUP_FAILED);
  g_assert_cmpint (results[1].status, ==, JN_NO_FUNDS);
  g_assert_cmpint (jn_outcome (f->ledger, &group[0].id, &found), ==, JN_NOT_FOUND);
  before = n_holds (f);
  booked.kind = refused.kind = JN_PENDING;
  g_assert_cmpint (jn_feed_pending (f->ledger, "main", &booked, 1), ==, JN_OK);
  g_assert_cmpuint (n_holds (f), ==, before);
  g_assert_cmpint (jn_feed_pending (f->ledger, "main", &refused, 1), ==, JN_OK);
  g_assert_cmpuint (n_holds (f), ==, before + 1);
  must_be_sound (f);
}

/* ---- time ---- */

static int32_t
last_day (void *ctx, int64_t us)
{
  return 20271231;
}

/* A lot ends on the day that the host says. */
static void
test_day_of (Booked *f, gconstpointer data)
{
  jn_snapshot *snapshot = NULL;
  jn_entry_row rows[4];
  jn_page page = { 0 };
  jn_id id = world_id (1, 8);
  gsize n = G_N_ELEMENTS (rows);

  booked_close (f);
  f->world.host.day_of = last_day;
  f->ledger = world_open (&f->world);
  f->world.now += 3 * G_TIME_SPAN_DAY;
  g_assert_cmpint (submit (f, booked_pay_in (80, 1)), ==, JN_OK);
  g_assert_cmpint (jn_snapshot_begin (f->ledger, &snapshot), ==, JN_OK);
  g_assert_cmpint (jn_entries (snapshot, &id, &page, rows, &n), ==, JN_OK);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpint (rows[0].amount, ==, -10);
  g_assert_cmpint (rows[0].value_date, ==, 20271231);
  jn_snapshot_end (snapshot);
  must_be_sound (f);
}

/* Months of payees come in their order also when the earlier one was written last. */
static void
test_late (Booked *f, gconstpointer data)
{
  jn_event early = pay_out (60, 5, 5), same = pay_out (61, 6, 5);
  jn_snapshot *snapshot = NULL;
  jn_payee_row rows[8];
  gsize n = G_N_ELEMENTS (rows);

  booked_close (f);
  f->world.host.tail_rows = 100;
  f->ledger = world_open (&f->world);
  early.value_date = same.value_date = 20261001;
  early.payee = same.payee = "面馆";
  g_assert_cmpint (submit (f, early), ==, JN_OK);
  g_assert_cmpint (submit (f, same), ==, JN_OK);
  g_assert_cmpint (jn_snapshot_begin (f->ledger, &snapshot), ==, JN_OK);
  g_assert_cmpint (jn_rollup_payees (snapshot, 156, 202601, 202612, rows, &n, NULL), ==, JN_OK);
  g_assert_cmpuint (n, >=, 2);
  g_assert_cmpint (rows[0].month, ==, 202610);
  g_assert_cmpstr (rows[0].payee, ==, "面馆");
  g_assert_cmpint (rows[0].c + rows[0].d, ==, 11);
  g_assert_cmpint (rows[1].month, ==, 202611);
  jn_snapshot_end (snapshot);
  must_be_sound (f);
}

typedef struct
{
  guint n, stop_at;
} Progress;

static bool
count_progress (void *ctx, uint64_t done, uint64_t total)
{
  Progress *p = ctx;

  g_assert_cmpuint (done, <=, total);
  return ++p->n != p->stop_at;
}

/* Stopped at any of its steps, the audit says so and nothing else. */
static void
test_stopped (Booked *f, gconstpointer data)
{
  Progress all = { 0 };

  g_assert_cmpint (jn_verify_with_progress (f->ledger, NULL, count_progress, &all), ==, JN_OK);
  g_assert_cmpuint (all.n, >, 0);
  for (guint at = 1; at <= all.n; at++)
    {
      Progress p = { .stop_at = at };

      g_assert_cmpint (jn_verify_with_progress (f->ledger, NULL, count_progress, &p), ==, JN_BUSY);
      g_assert_cmpuint (p.n, ==, at);
    }
  must_be_sound (f);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name)                                                                                 \
  g_test_add ("/ledger/corners/" #name, Booked, NULL, booked_set_up, test_##name, booked_tear_down)
  TEST (cancelled);
  TEST (ends);
  TEST (large);
  TEST (same_beginning);
  TEST (long_texts);
  TEST (inherited);
  TEST (posted_again);
  TEST (booked_again);
  TEST (held_again);
  TEST (day_of);
  TEST (late);
  TEST (stopped);
#undef TEST
  return g_test_run ();
}
