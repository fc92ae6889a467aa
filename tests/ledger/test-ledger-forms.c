/* What can never work is refused before anything is written, field by field; nothing of it is kept, and the same id works once it is right. */
#include <string.h>

#include "ledger-booked.h"

#define TEXT_50 "12345678901234567890123456789012345678901234567890"
#define TEXT_201 TEXT_50 TEXT_50 TEXT_50 TEXT_50 "1"

static const jn_id ZEROS;
static const jn_id ONES = { { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
                              255, 255 } };

static void
must_be (jn_status got, jn_status wanted, const char *what)
{
  if (got != wanted)
    g_error ("%s: %d, not %d", what, got, wanted);
}

#define MUST_BE(call, wanted) must_be (call, wanted, #call)

static jn_status
submit (Booked *f, jn_event e)
{
  jn_result result = { 0 };

  g_assert_cmpint (jn_submit (f->ledger, &e, 1, &result, NULL), ==, JN_OK);
  return result.status;
}

/* ---- transfers ---- */

#define TRY(field, bad, wanted)                                                                    \
  do                                                                                               \
    {                                                                                              \
      jn_event tried = e;                                                                          \
                                                                                                   \
      tried.field = bad;                                                                           \
      must_be (submit (f, tried), wanted, #field " = " #bad);                                      \
    }                                                                                              \
  while (0)

static void
test_transfer (Booked *f, gconstpointer data)
{
  jn_event e = booked_pay_in (60, 10);

  TRY (kind, 0, JN_INVALID);
  TRY (kind, JN_VOID + 1, JN_INVALID);
  TRY (amount, -1, JN_INVALID);
  TRY (amount, 0, JN_AMOUNT_ZERO);
  TRY (timeout_us, -1, JN_INVALID);
  TRY (timeout_us, 5, JN_INVALID);
  TRY (value_date, 0, JN_INVALID);
  TRY (value_date, 10000100, JN_INVALID);
  TRY (value_date, 100000101, JN_INVALID);
  TRY (value_date, 20260001, JN_INVALID);
  TRY (value_date, 20261301, JN_INVALID);
  TRY (value_date, 20261100, JN_INVALID);
  TRY (value_date, 20261132, JN_INVALID);
  TRY (payee, TEXT_201, JN_INVALID);
  TRY (memo, TEXT_201, JN_INVALID);
  TRY (reference, TEXT_201, JN_INVALID);
  TRY (memo, "\xff", JN_INVALID);
  TRY (memo, "\xc0\x80", JN_INVALID);
  TRY (memo, "\xe4\xb8", JN_INVALID);
  TRY (memo, "\xed\xa0\x80", JN_INVALID);
  TRY (memo, "\xf4\x90\x80\x80", JN_INVALID);
  TRY (pending, world_id (103, 3), JN_INVALID);
  TRY (flags, JN_LOT, JN_INVALID);
  TRY (flags, 1u << 13, JN_UNKNOWN_FLAG);
  TRY (flags, JN_TOP_UP, JN_UNKNOWN_FLAG);
  TRY (flags, JN_CLOSE_DEBIT, JN_UNKNOWN_FLAG);
  TRY (flags, JN_LINKED, JN_GROUP_OPEN);
  TRY (id, ZEROS, JN_ID_RESERVED);
  TRY (id, ONES, JN_ID_RESERVED);
  TRY (debit, ZEROS, JN_ID_RESERVED);
  TRY (debit, ONES, JN_ID_RESERVED);
  TRY (credit, ZEROS, JN_ID_RESERVED);
  TRY (credit, ONES, JN_ID_RESERVED);
  TRY (credit, e.debit, JN_SAME_ACCOUNT);
  TRY (currency, 840, JN_CURRENCY_MISMATCH);
  g_assert_cmpint (submit (f, e), ==, JN_OK);
  e.memo = "\xf0\x9f\x8d\x9c";
  g_assert_cmpint (submit (f, e), ==, JN_CONFLICT_TEXT);
}

static void
test_resolving (Booked *f, gconstpointer data)
{
  jn_event e = { .id = world_id (70, 1), .kind = JN_POST, .pending = world_id (103, 3) };

  TRY (debit, world_id (1, 0), JN_INVALID);
  TRY (credit, world_id (1, 0), JN_INVALID);
  TRY (amount, -1, JN_INVALID);
  TRY (value_date, 20261199, JN_INVALID);
  TRY (timeout_us, 5, JN_INVALID);
  TRY (flags, JN_BALANCE_DEBIT, JN_UNKNOWN_FLAG);
  TRY (pending, ZEROS, JN_ID_RESERVED);
  TRY (pending, ONES, JN_ID_RESERVED);
  TRY (currency, 840, JN_CURRENCY_MISMATCH);
  e.kind = JN_VOID;
  TRY (amount, 1, JN_INVALID);
  TRY (flags, JN_TOP_UP, JN_UNKNOWN_FLAG);
  g_assert_cmpint (submit (f, e), ==, JN_OK);
  e.kind = JN_POST;
  g_assert_cmpint (submit (f, e), ==, JN_CONFLICT_KIND);
}

static void
test_lot (Booked *f, gconstpointer data)
{
  jn_event e = world_transfer (world_id (80, 1), world_id (1, 7), world_id (1, 8), 10);

  e.currency = 10001;
  e.flags = JN_LOT;
  e.timeout_us = 5;
  TRY (timeout_us, 0, JN_INVALID);
  TRY (kind, JN_PENDING, JN_INVALID);
  TRY (currency, 156, JN_INVALID);
  /* For ever is as long as the clock goes. */
  e.timeout_us = G_MAXINT64;
  g_assert_cmpint (submit (f, e), ==, JN_OK);
  e = world_transfer (world_id (80, 2), world_id (1, 8), world_id (1, 7), 1);
  e.currency = 10001;
  e.kind = JN_PENDING;
  e.timeout_us = G_MAXINT64;
  g_assert_cmpint (submit (f, e), ==, JN_OK);
  g_assert_cmpint (jn_verify (f->ledger, NULL, NULL), ==, JN_OK);
}

#undef TRY

/* ---- accounts ---- */

#define TRY(field, bad, wanted)                                                                    \
  do                                                                                               \
    {                                                                                              \
      jn_account tried = a;                                                                        \
                                                                                                   \
      tried.field = bad;                                                                           \
      must_be (jn_account_open (f->ledger, &tried), wanted, #field " = " #bad);                    \
    }                                                                                              \
  while (0)

static void
test_account (Booked *f, gconstpointer data)
{
  jn_account a = world_account (20, JN_ACCOUNT_CUSTOMER, 156, 0, 1000), got;

  TRY (class_, 0, JN_INVALID);
  TRY (class_, JN_ACCOUNT_ISSUER + 1, JN_INVALID);
  TRY (currency, 0, JN_INVALID);
  TRY (floor, 1001, JN_INVALID);
  TRY (flags, 2, JN_UNKNOWN_FLAG);
  TRY (id, ZEROS, JN_ID_RESERVED);
  TRY (id, ONES, JN_ID_RESERVED);
  MUST_BE (jn_account_get (f->ledger, &a.id, &got), JN_NOT_FOUND);
  MUST_BE (jn_account_open (f->ledger, &a), JN_OK);
  MUST_BE (jn_account_open (f->ledger, &a), JN_EXISTS);
  TRY (currency, 840, JN_CONFLICT_CURRENCY);
  TRY (class_, JN_ACCOUNT_WORLD, JN_CONFLICT_FLAGS);
  TRY (flags, 0, JN_CONFLICT_FLAGS);
  TRY (floor, -5, JN_CONFLICT_FLAGS);
  TRY (ceiling, 1001, JN_CONFLICT_FLAGS);
  MUST_BE (jn_account_get (f->ledger, &a.id, &got), JN_OK);
  g_assert_cmpint (got.ceiling, ==, 1000);
  MUST_BE (jn_account_close (f->ledger, &ONES), JN_ACCOUNT_UNKNOWN);
  MUST_BE (jn_account_close (f->ledger, &a.id), JN_OK);
  MUST_BE (jn_account_close (f->ledger, &a.id), JN_EXISTS);
}

#undef TRY

/* ---- annotations ---- */

#define TRY(field_, bad, wanted)                                                                   \
  do                                                                                               \
    {                                                                                              \
      jn_annotation tried = a;                                                                     \
                                                                                                   \
      tried.field_ = bad;                                                                          \
      must_be (jn_annotate (f->ledger, &tried, 1), wanted, #field_ " = " #bad);                    \
    }                                                                                              \
  while (0)

static void
test_annotation (Booked *f, gconstpointer data)
{
  jn_annotation a = { world_id (102, 2), JN_FIELD_CATEGORY, 50, 1, "7" };
  g_autofree char *most = g_strnfill (JN_ANNOTATION_MAX, 'n');
  g_autofree char *more = g_strnfill (JN_ANNOTATION_MAX + 1, 'n');
  jn_snapshot *snapshot = NULL;
  jn_annotation_row row;

  TRY (field, 0, JN_INVALID);
  TRY (field, JN_FIELD_TAG + 1, JN_INVALID);
  TRY (hlc, 0, JN_INVALID);
  TRY (hlc, (guint64) G_MAXINT64 + 1, JN_INVALID);
  TRY (value, NULL, JN_INVALID);
  TRY (value, "07", JN_INVALID);
  TRY (value, "x", JN_INVALID);
  TRY (value, "1/", JN_INVALID);
  TRY (value, "65536", JN_INVALID);
  TRY (value, "123456", JN_INVALID);
  TRY (transfer, ZEROS, JN_ID_RESERVED);
  TRY (transfer, ONES, JN_ID_RESERVED);
  MUST_BE (jn_annotate (f->ledger, &a, JN_BATCH_MAX + 1), JN_TOO_MANY);
  MUST_BE (jn_annotate (f->ledger, &a, 1), JN_OK);
  MUST_BE (jn_annotate (f->ledger, &a, 1), JN_EXISTS);
  a.field = JN_FIELD_NOTE;
  a.value = more;
  MUST_BE (jn_annotate (f->ledger, &a, 1), JN_INVALID);
  a.value = most;
  MUST_BE (jn_annotate (f->ledger, &a, 1), JN_OK);
  MUST_BE (jn_snapshot_begin (f->ledger, &snapshot), JN_OK);
  MUST_BE (jn_annotation_get (snapshot, &a.transfer, JN_FIELD_NOTE, &row), JN_OK);
  g_assert_cmpstr (row.value, ==, most);
  MUST_BE (jn_annotation_get (snapshot, &a.transfer, JN_FIELD_TAG, &row), JN_NOT_FOUND);
  jn_snapshot_end (snapshot);
  g_assert_cmpuint (jn_hlc_next (0, -5), ==, 1);
  g_assert_cmpuint (jn_hlc_next (0, 3000), ==, 3 << 16);
  g_assert_cmpuint (jn_hlc_next (9 << 16, 3000), ==, (9 << 16) + 1);
}

#undef TRY

/* ---- feeds and imports ---- */

#define TRY(field, bad, wanted)                                                                    \
  do                                                                                               \
    {                                                                                              \
      jn_feed_page tried = page;                                                                   \
                                                                                                   \
      tried.field = bad;                                                                           \
      must_be (jn_feed_apply (f->ledger, &tried, results, NULL), wanted, #field " = " #bad);       \
    }                                                                                              \
  while (0)

static void
test_feed (Booked *f, gconstpointer data)
{
  jn_event e = booked_pay_in (90, 5), held = booked_pay_in (91, 5);
  jn_stated_balance unknown = { .account = world_id (1, 99) };
  jn_feed_page page = { .feed = "main", .from_seq = 1, .to_seq = 1, .events = &e, .n_events = 1 };
  jn_result results[2];
  guint64 cursor = 7;

  TRY (feed, NULL, JN_INVALID);
  TRY (feed, "", JN_INVALID);
  TRY (feed, TEXT_201, JN_INVALID);
  TRY (from_seq, 0, JN_INVALID);
  TRY (from_seq, 3, JN_INVALID);
  TRY (from_seq, G_MAXUINT64, JN_INVALID);
  TRY (to_seq, G_MAXUINT64, JN_INVALID);
  TRY (n_events, JN_BATCH_MAX + 1, JN_TOO_MANY);
  page.balances = &unknown;
  TRY (n_balances, 1, JN_ACCOUNT_UNKNOWN);
  MUST_BE (jn_feed_cursor (f->ledger, "main", &cursor), JN_OK);
  g_assert_cmpuint (cursor, ==, 0);
  MUST_BE (jn_feed_apply (f->ledger, &page, results, NULL), JN_OK);
  held.kind = JN_PENDING;
  MUST_BE (jn_feed_pending (f->ledger, NULL, &held, 1), JN_INVALID);
  MUST_BE (jn_feed_pending (f->ledger, "", &held, 1), JN_INVALID);
  MUST_BE (jn_feed_pending (f->ledger, TEXT_201, &held, 1), JN_INVALID);
  MUST_BE (jn_feed_pending (f->ledger, "main", &held, JN_BATCH_MAX + 1), JN_TOO_MANY);
  MUST_BE (jn_feed_pending (f->ledger, "main", &e, 1), JN_INVALID);
  held.value_date = 5;
  MUST_BE (jn_feed_pending (f->ledger, "main", &held, 1), JN_INVALID);
}

#undef TRY

/* The same hold told with something else replaces it; one that another kind of record has is a conflict. */
static void
test_feed_holds (Booked *f, gconstpointer data)
{
  jn_event held = world_transfer (world_id (700, 1), world_id (1, 1), world_id (1, 0), 9);
  jn_event changed = held;
  jn_snapshot *snapshot = NULL;
  jn_entry_row rows[8];
  jn_id id = world_id (1, 1);
  gsize n = G_N_ELEMENTS (rows), total = 0;

  held.kind = changed.kind = JN_PENDING;
  MUST_BE (jn_feed_pending (f->ledger, "main", &held, 1), JN_OK);
  changed.credit = world_id (1, 2);
  MUST_BE (jn_feed_pending (f->ledger, "main", &changed, 1), JN_OK);
  changed.debit = world_id (1, 0);
  MUST_BE (jn_feed_pending (f->ledger, "main", &changed, 1), JN_OK);
  MUST_BE (jn_snapshot_begin (f->ledger, &snapshot), JN_OK);
  MUST_BE (jn_holds (snapshot, &id, rows, &n, NULL), JN_OK);
  g_assert_cmpuint (n, ==, 0);
  n = 0;
  id = world_id (1, 2);
  MUST_BE (jn_holds (snapshot, &id, rows, &n, &total), JN_OK);
  g_assert_cmpuint (n, ==, 0);
  g_assert_cmpuint (total, ==, 2);
  jn_snapshot_end (snapshot);
  g_assert_cmpint (jn_verify (f->ledger, NULL, NULL), ==, JN_OK);
}

static void
test_import (Booked *f, gconstpointer data)
{
  jn_event e = booked_pay_in (95, 5);
  jn_id import = world_id (7, 7);
  jn_result result;

  MUST_BE (jn_import (f->ledger, &ZEROS, &e, 1, &result, NULL), JN_ID_RESERVED);
  MUST_BE (jn_import (f->ledger, &import, &e, JN_BATCH_MAX + 1, &result, NULL), JN_TOO_MANY);
  MUST_BE (jn_import_undo (f->ledger, &import, NULL), JN_NOT_FOUND);
  MUST_BE (jn_import (f->ledger, &import, &e, 1, &result, NULL), JN_OK);
  MUST_BE (jn_import_undo (f->ledger, &import, NULL), JN_OK);
}

/* ---- opening, reading, exchanging ---- */

static void
test_open (Booked *f, gconstpointer data)
{
  jn_host no_clock = f->world.host, no_vfs = f->world.host;
  jn_ledger *ledger = NULL;
  jn_key key = { { 1 } };

  no_clock.now_us = NULL;
  no_vfs.vfs = "no such vfs";
  MUST_BE (jn_open (NULL, NULL, &f->world.host, 0, &ledger), JN_INVALID);
  MUST_BE (jn_open (f->world.path, NULL, NULL, 0, &ledger), JN_INVALID);
  MUST_BE (jn_open (f->world.path, &key, NULL, 0, &ledger), JN_INVALID);
  MUST_BE (jn_open (f->world.path, NULL, &no_clock, 0, &ledger), JN_INVALID);
  MUST_BE (jn_open (f->world.path, &key, &no_vfs, 0, &ledger), JN_INVALID);
  MUST_BE (jn_open (f->world.path, NULL, &f->world.host, 1u << 9, &ledger), JN_UNKNOWN_FLAG);
  g_assert_cmpint (jn_open (f->world.path, NULL, &no_vfs, 0, &ledger), >=, JN_BUSY);
  MUST_BE (jn_backup (f->ledger, NULL, NULL, NULL), JN_INVALID);
  MUST_BE (jn_close (NULL), JN_OK);
  g_assert_null (ledger);
}

static void
test_reading (Booked *f, gconstpointer data)
{
  g_autofree char *longer = g_strnfill (4 * JN_ANNOTATION_MAX, 'n');
  jn_page nothing = { .search = "" }, whole = { .search = longer },
          above = { .before = G_MAXUINT64 };
  jn_id nobody = world_id (1, 99), id = world_id (1, 1);
  jn_snapshot *snapshot = NULL;
  jn_payee_row payees[4];
  jn_rollup_row rollup[1];
  jn_entry_row rows[20];
  jn_balance balance;
  jn_day_row days[1];
  guint64 count = 0;
  gint64 posted = 1;
  gsize n = 20, total = 0;

  MUST_BE (jn_snapshot_begin (f->ledger, &snapshot), JN_OK);
  MUST_BE (jn_balance_get (snapshot, &nobody, &balance), JN_NOT_FOUND);
  MUST_BE (jn_balance_as_of (snapshot, &nobody, 20261101, &posted), JN_NOT_FOUND);
  MUST_BE (jn_balance_as_of (snapshot, &id, -20261101, &posted), JN_OK);
  g_assert_cmpint (posted, ==, 0);
  MUST_BE (jn_balance_known_at (snapshot, &nobody, 1, &posted), JN_NOT_FOUND);
  MUST_BE (jn_entries (snapshot, &nobody, NULL, rows, &n), JN_NOT_FOUND);
  n = 20;
  MUST_BE (jn_entries (snapshot, &id, &nothing, rows, &n), JN_OK);
  g_assert_cmpuint (n, ==, 3);
  MUST_BE (jn_entry_count (snapshot, &id, NULL, &count), JN_OK);
  g_assert_cmpuint (count, ==, 3);
  n = 20;
  MUST_BE (jn_entries (snapshot, &id, &above, rows, &n), JN_OK);
  g_assert_cmpuint (n, ==, 3);
  n = 20;
  MUST_BE (jn_entries (snapshot, &id, &whole, rows, &n), JN_OK);
  g_assert_cmpuint (n, ==, 0);
  MUST_BE (jn_entry_get (snapshot, &id, &nobody, rows), JN_NOT_FOUND);
  MUST_BE (jn_rollup (snapshot, &nobody, 1, 2, rollup, &n), JN_NOT_FOUND);
  MUST_BE (jn_days (snapshot, &id, 0, days, &n), JN_INVALID);
  MUST_BE (jn_days (snapshot, &id, 1000000, days, &n), JN_INVALID);
  n = 1;
  MUST_BE (jn_days (snapshot, &id, 202611, days, &n), JN_OK);
  g_assert_cmpuint (n, ==, 1);
  n = 1;
  MUST_BE (jn_rollup_payees (snapshot, 156, 202611, 202611, payees, &n, &total), JN_OK);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (total, ==, 2);
  jn_snapshot_end (snapshot);
  jn_snapshot_end (NULL);
}

#define TRY(field, bad, wanted)                                                                    \
  do                                                                                               \
    {                                                                                              \
      jn_exchange tried = x;                                                                       \
                                                                                                   \
      tried.field = bad;                                                                           \
      must_be (jn_exchange_make (&tried, &legs), wanted, #field " = " #bad);                       \
    }                                                                                              \
  while (0)

static void
test_exchange (Booked *f, gconstpointer data)
{
  jn_exchange x = { .from_currency = 156,
                    .to_currency = 840,
                    .sell = 1000,
                    .rate_num = 1,
                    .rate_den = 7,
                    .spread_ppm = 10,
                    .value_date = 20261101 };
  jn_exchange_legs legs;
  gint64 num, den;
  gint32 ppm;

  TRY (sell, 0, JN_INVALID);
  TRY (rate_num, 0, JN_INVALID);
  TRY (rate_den, 0, JN_INVALID);
  TRY (spread_ppm, -1, JN_INVALID);
  TRY (to_currency, 156, JN_CURRENCY_MISMATCH);
  TRY (sell, 1, JN_AMOUNT_ZERO);
  MUST_BE (jn_exchange_make (&x, &legs), JN_OK);
  g_assert_true (jn_exchange_read (legs.reference, &num, &den, &ppm));
  g_assert_false (jn_exchange_read ("fx 1", &num, &den, &ppm));
  g_assert_false (jn_exchange_read ("fx 0/7 10", &num, &den, &ppm));
  g_assert_false (jn_exchange_read ("fx 1/0 10", &num, &den, &ppm));
  g_assert_false (jn_exchange_read ("fx 1/7 -10", &num, &den, &ppm));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name)                                                                                 \
  g_test_add ("/ledger/forms/" #name, Booked, NULL, booked_set_up, test_##name, booked_tear_down)
  TEST (transfer);
  TEST (resolving);
  TEST (lot);
  TEST (account);
  TEST (annotation);
  TEST (feed);
  TEST (feed_holds);
  TEST (import);
  TEST (open);
  TEST (reading);
  TEST (exchange);
#undef TEST
  return g_test_run ();
}
