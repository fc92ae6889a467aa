/* Files that older formats left behind: every one still opens and says what it said. */
#include "ledger-world.h"

static void
check_format_1 (jn_ledger *ledger)
{
  static const guint8 head[4] = { 0x33, 0x8d, 0x1d, 0x11 };
  static const gint64 posted[4] = { -62233, 31129, 31104, 0 };
  jn_event first = world_transfer (world_id (1000, 0), world_id (1, 0), world_id (1, 1), 100);
  jn_event refused = world_transfer (world_id (5102, 1), world_id (1, 3), world_id (1, 0), 999);
  jn_id booked = world_id (5200, 1), wallet = world_id (1, 1);
  jn_snapshot *snapshot = NULL;
  jn_result result;
  jn_entry_row row;
  guint64 cursor = 0;
  jn_head got;

  first.value_date = 20260101;
  first.code = 0;
  first.payee = "Corner Shop";
  first.reference = "REF-7";
  first.occurred_us = G_GINT64_CONSTANT (1699999996000000);
  g_assert_cmpint (jn_verify (ledger, NULL, NULL), ==, JN_OK);
  g_assert_cmpint (jn_head_get (ledger, &got), ==, JN_OK);
  g_assert_cmpuint (got.seq, ==, 26);
  g_assert_cmpmem (got.hash, 4, head, 4);
  g_assert_cmpint (jn_feed_cursor (ledger, "main", &cursor), ==, JN_OK);
  g_assert_cmpuint (cursor, ==, 1);
  g_assert_cmpint (jn_snapshot_begin (ledger, &snapshot), ==, JN_OK);
  for (guint64 i = 0; i < 4; i++)
    {
      jn_balance balance;
      jn_id id = world_id (1, i);
      gint64 as_of = 0;

      g_assert_cmpint (jn_balance_get (snapshot, &id, &balance), ==, JN_OK);
      g_assert_cmpint (balance.posted, ==, posted[i]);
      g_assert_cmpint (jn_balance_as_of (snapshot, &id, 20991231, &as_of), ==, JN_OK);
      g_assert_cmpint (as_of, ==, posted[i]);
    }
  g_assert_cmpint (jn_entry_get (snapshot, &wallet, &booked, &row), ==, JN_OK);
  g_assert_cmpint (row.amount, ==, -75);
  g_assert_cmpstr (row.memo, ==, "booked");
  jn_snapshot_end (snapshot);
  /* What was answered before format 2 is answered the same after. */
  g_assert_cmpint (jn_submit (ledger, &first, 1, &result, NULL), ==, JN_OK);
  g_assert_cmpint (result.status, ==, JN_EXISTS);
  first.memo = "changed";
  g_assert_cmpint (jn_submit (ledger, &first, 1, &result, NULL), ==, JN_OK);
  g_assert_cmpint (result.status, ==, JN_CONFLICT_TEXT);
  refused.value_date = 20261101;
  g_assert_cmpint (jn_submit (ledger, &refused, 1, &result, NULL), ==, JN_OK);
  g_assert_cmpint (result.status, ==, JN_NO_FUNDS);
}

/* A hold that the bank booked for another amount, an import that was undone, a hold that closes an account, the feed. */
static void
check_format_2 (jn_ledger *ledger)
{
  static const guint8 head[4] = { 0xa9, 0xd4, 0x3d, 0x71 };
  static const gint64 posted[6] = { -37034, 18284, 18750, 5000, 0, -5000 };
  jn_event closed = world_transfer (world_id (9000, 1), world_id (1, 0), world_id (1, 2), 1);
  jn_id booked = world_id (2401, 1), wallet = world_id (1, 1), import = world_id (7, 1);
  jn_page page = { .search = "咖啡", .code = 2 };
  jn_snapshot *snapshot = NULL;
  jn_entry_row rows[300];
  jn_result result;
  gsize n = G_N_ELEMENTS (rows);
  guint64 cursor = 0, count = 0;
  jn_head got;

  g_assert_cmpint (jn_verify (ledger, NULL, NULL), ==, JN_OK);
  g_assert_cmpint (jn_head_get (ledger, &got), ==, JN_OK);
  g_assert_cmpuint (got.seq, ==, 11);
  g_assert_cmpmem (got.hash, 4, head, 4);
  g_assert_cmpint (jn_feed_cursor (ledger, "main", &cursor), ==, JN_OK);
  g_assert_cmpuint (cursor, ==, 2);
  g_assert_cmpint (jn_import_undo (ledger, &import, NULL), ==, JN_EXISTS);
  g_assert_cmpint (jn_submit (ledger, &closed, 1, &result, NULL), ==, JN_OK);
  g_assert_cmpint (result.status, ==, JN_ACCOUNT_CLOSED);
  g_assert_cmpint (jn_snapshot_begin (ledger, &snapshot), ==, JN_OK);
  for (guint64 i = 0; i < 6; i++)
    {
      jn_balance balance;
      jn_id id = world_id (1, i);

      g_assert_cmpint (jn_balance_get (snapshot, &id, &balance), ==, JN_OK);
      g_assert_cmpint (balance.posted, ==, posted[i]);
      g_assert_cmpint (balance.d_pending, ==, i == 0 ? 55 : i == 1 ? 198 : 0);
    }
  g_assert_cmpint (jn_entry_get (snapshot, &wallet, &booked, rows), ==, JN_OK);
  g_assert_cmpint (rows[0].amount, ==, -41);
  g_assert_cmpint (jn_entries (snapshot, &wallet, &page, rows, &n), ==, JN_OK);
  g_assert_cmpuint (n, ==, 15);
  page.search = NULL;
  g_assert_cmpint (jn_entry_count (snapshot, &wallet, &page, &count), ==, JN_OK);
  g_assert_cmpuint (count, >, n);
  jn_snapshot_end (snapshot);
}

/* Annotations of a row, of a hold, of an undone import and of a transfer that never came; three rows in the tail. */
static void
check_format_3 (jn_ledger *ledger)
{
  jn_id lunch = world_id (1001, 1), hold = world_id (2400, 1), early = world_id (9999, 1);
  jn_id wallet = world_id (1, 2), payer = world_id (1, 1);
  jn_page page = { .search = "午餐" }, noted = { .search = "of a hold" };
  jn_snapshot *snapshot = NULL;
  jn_annotation_row note;
  jn_payee_row payees[50];
  jn_entry_row row;
  jn_head got;
  gsize n = 1;
  guint64 clock = 0;

  g_assert_cmpint (jn_verify (ledger, NULL, NULL), ==, JN_OK);
  g_assert_cmpint (jn_head_get (ledger, &got), ==, JN_OK);
  g_assert_cmpuint (got.seq, ==, 12);
  g_assert_cmpmem (got.hash, 4, "\x9f\x9e\xbb\x5c", 4);
  g_assert_cmpint (jn_snapshot_begin (ledger, &snapshot), ==, JN_OK);
  g_assert_cmpint (jn_annotation_get (snapshot, &lunch, JN_FIELD_NOTE, &note), ==, JN_OK);
  g_assert_cmpstr (note.value, ==, "Team lunch 午餐");
  g_assert_cmpint (jn_annotation_get (snapshot, &early, JN_FIELD_TAG, &note), ==, JN_OK);
  g_assert_cmpint (jn_annotation_get (snapshot, &hold, JN_FIELD_CATEGORY, &note), ==, JN_NOT_FOUND);
  g_assert_cmpint (jn_annotation_clock (snapshot, &clock), ==, JN_OK);
  g_assert_cmpuint (clock, ==, 200);
  g_assert_cmpint (jn_entries (snapshot, &payer, &page, &row, &n), ==, JN_OK);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (row.no, ==, 2);
  g_assert_cmpint (row.category, ==, 9);
  n = 1;
  g_assert_cmpint (jn_entries (snapshot, &wallet, &noted, &row, &n), ==, JN_OK);
  g_assert_cmpuint (n, ==, 0);
  n = G_N_ELEMENTS (payees);
  g_assert_cmpint (jn_rollup_payees (snapshot, 156, 202402, 202402, payees, &n, NULL), ==, JN_OK);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (payees[0].payee, ==, "Corner Shop");
  jn_snapshot_end (snapshot);
}

/* The same and one more, found by its initials. */
static void
check_format_4 (jn_ledger *ledger)
{
  jn_id payer = world_id (1, 1), nobody = world_id (1, 5);
  jn_page page = { .search = "cgkf", .direction = 1 };
  jn_snapshot *snapshot = NULL;
  jn_entry_row row;
  jn_lot lot;
  jn_head got;
  gsize n = 1;

  g_assert_cmpint (jn_verify (ledger, NULL, NULL), ==, JN_OK);
  g_assert_cmpint (jn_head_get (ledger, &got), ==, JN_OK);
  g_assert_cmpuint (got.seq, ==, 13);
  g_assert_cmpmem (got.hash, 4, "\xaa\x73\xe5\xa5", 4);
  g_assert_cmpint (jn_snapshot_begin (ledger, &snapshot), ==, JN_OK);
  g_assert_cmpint (jn_entries (snapshot, &payer, &page, &row, &n), ==, JN_OK);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (row.payee, ==, "晨光咖啡");
  g_assert_cmpint (jn_lots (snapshot, &nobody, &lot, &n), ==, JN_OK);
  g_assert_cmpuint (n, ==, 0);
  jn_snapshot_end (snapshot);
}

/* A busy month, rows that came late, a lot, a note, and three rows in the tail. */
static void
check_format_5 (jn_ledger *ledger)
{
  static const gint32 dates[] = { 20260930, 20261001, 20261010, 20261020,
                                  20261031, 20261103, 20991231 };
  static const gint64 posted[3][7] = { { -1357, -2236, -9203, -16201, -23504, -24232, -27272 },
                                       { 923, 1515, 6428, 11051, 15914, 16391, 18433 },
                                       { 434, 721, 2775, 5150, 7590, 7841, 8839 } };
  jn_id payer = world_id (1, 1), points = world_id (1, 7);
  jn_page page = { .code = 9 };
  jn_snapshot *snapshot = NULL;
  jn_day_row days[31];
  jn_entry_row row;
  jn_lot lot;
  jn_head got;
  gsize n = 1;

  g_assert_cmpint (jn_verify (ledger, NULL, NULL), ==, JN_OK);
  g_assert_cmpint (jn_head_get (ledger, &got), ==, JN_OK);
  g_assert_cmpuint (got.seq, ==, 4);
  g_assert_cmpmem (got.hash, 4, "\xfe\xb9\x6d\x83", 4);
  g_assert_cmpint (jn_snapshot_begin (ledger, &snapshot), ==, JN_OK);
  for (guint64 i = 0; i < 3; i++)
    for (guint k = 0; k < G_N_ELEMENTS (dates); k++)
      {
        jn_id id = world_id (1, i);
        gint64 as_of = 0;

        g_assert_cmpint (jn_balance_as_of (snapshot, &id, dates[k], &as_of), ==, JN_OK);
        g_assert_cmpint (as_of, ==, posted[i][k]);
      }
  g_assert_cmpint (jn_lots (snapshot, &points, &lot, &n), ==, JN_OK);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (lot.left, ==, 500);
  g_assert_cmpint (jn_entries (snapshot, &payer, &page, &row, &n), ==, JN_OK);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (row.no, ==, 11);
  n = G_N_ELEMENTS (days);
  g_assert_cmpint (jn_days (snapshot, &payer, 202610, days, &n), ==, JN_OK);
  g_assert_cmpuint (n, ==, 31);
  jn_snapshot_end (snapshot);
}

/* 400 rows of large amounts: the list of each account ended with its first block. */
static void
check_format_6 (jn_ledger *ledger)
{
  jn_id customer = world_id (1, 1);
  jn_page page = { 0 };
  jn_snapshot *snapshot = NULL;
  jn_entry_row rows[50];
  gsize n = G_N_ELEMENTS (rows), rows_in_all = 0;
  gint64 posted = 0;

  g_assert_cmpint (jn_verify (ledger, NULL, NULL), ==, JN_OK);
  g_assert_cmpint (jn_snapshot_begin (ledger, &snapshot), ==, JN_OK);
  while (n == G_N_ELEMENTS (rows))
    {
      g_assert_cmpint (jn_entries (snapshot, &customer, &page, rows, &n), ==, JN_OK);
      for (gsize i = 0; i < n; i++)
        posted += rows[i].amount;
      rows_in_all += n;
      page.before = rows[G_N_ELEMENTS (rows) - 1].no;
    }
  g_assert_cmpuint (rows_in_all, ==, 400);
  g_assert_cmpint (posted, ==, G_GINT64_CONSTANT (50096591749));
  jn_snapshot_end (snapshot);
}

/* Its index had no letters by themselves after a Chinese character: in a row, in a note, and beyond what is looked at before it. */
static void
check_format_7 (jn_ledger *ledger)
{
  static const char *const parts[] = { "尾号7", "尾号77", "餐5", "午餐7" };
  static const guint64 numbers[] = { 6, 6, 3, 0 };
  jn_id customer = world_id (1, 1);
  jn_snapshot *snapshot = NULL;
  jn_head got;

  g_assert_cmpint (jn_verify (ledger, NULL, NULL), ==, JN_OK);
  g_assert_cmpint (jn_head_get (ledger, &got), ==, JN_OK);
  g_assert_cmpuint (got.seq, ==, 2);
  g_assert_cmpmem (got.hash, 4, "\x81\x7c\xa2\x73", 4);
  g_assert_cmpint (jn_snapshot_begin (ledger, &snapshot), ==, JN_OK);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      jn_page page = { .search = parts[i] };
      jn_entry_row rows[2];
      gsize n = G_N_ELEMENTS (rows);

      g_assert_cmpint (jn_entries (snapshot, &customer, &page, rows, &n), ==, JN_OK);
      g_assert_cmpuint (n, ==, numbers[i] == 0 ? 0 : 1);
      g_assert_cmpuint (n == 0 ? 0 : rows[0].no, ==, numbers[i]);
    }
  jn_snapshot_end (snapshot);
}

static void
open_old (const char *name, void (*check) (jn_ledger *ledger))
{
  g_autofree char *fixture = g_test_build_filename (G_TEST_DIST, "fixtures", "ledger", name, NULL);
  g_autofree char *bytes = NULL;
  World world;
  jn_ledger *ledger = NULL;
  gsize n = 0;

  world_init (&world);
  g_assert_true (g_file_get_contents (fixture, &bytes, &n, NULL));
  g_assert_true (g_file_set_contents (world.path, bytes, (gssize) n, NULL));
  g_assert_cmpint (jn_open (world.path, NULL, &world.host, JN_OPEN_READ_ONLY, &ledger), ==,
                   JN_READ_ONLY);
  for (int i = 0; i < 2; i++)
    {
      ledger = world_open (&world);
      check (ledger);
      jn_close (ledger);
    }
  world_clear (&world);
}

/* Files that older formats left behind. */
static void
test_old_format (void)
{
  open_old ("format-1.db", check_format_1);
  open_old ("format-2.db", check_format_2);
  open_old ("format-3.db", check_format_3);
  open_old ("format-4.db", check_format_4);
  open_old ("format-5.db", check_format_5);
  open_old ("format-6.db", check_format_6);
  open_old ("format-7.db", check_format_7);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ledger/formats/old", test_old_format);
  return g_test_run ();
}
