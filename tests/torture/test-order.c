/* What a random play hardly meets: the order in which the engine itself writes, and the ends of sets, pages and bounds. */
#include <sodium.h>
#include <string.h>

#include "jn-ledger-private.h"
#include "rig.h"

static jn_event
hold (guint32 n, gint64 timeout_us)
{
  return (jn_event){ .id = rig_id (3, n),
                     .kind = JN_PENDING,
                     .currency = 156,
                     .debit = rig_id (1, 0),
                     .credit = rig_id (1, 1),
                     .amount = 5,
                     .timeout_us = timeout_us,
                     .value_date = 20261101 };
}

static void
open_accounts (Rig *rig)
{
  for (guint i = 0; i < 2; i++)
    {
      jn_account a = { .id = rig_id (1, i),
                       .currency = 156,
                       .class_ = i == 0 ? JN_ACCOUNT_WORLD : JN_ACCOUNT_CUSTOMER,
                       .flags = i == 0 ? 0 : JN_ACCOUNT_BOUNDED,
                       .ceiling = G_MAXINT64 };

      g_assert_cmpint (jn_account_open (rig->ledger, &a), ==, JN_OK);
    }
}

/* The number of the record by which the engine expired a hold, 0 for none. */
static guint64
expired_as (Rig *rig, const jn_result *pending, const jn_id *id)
{
  jn_result result = { 0 };
  jn_id own;

  jn_chain_derive (id, 'e', pending->no, &own);
  return jn_outcome (rig->ledger, &own, &result) == JN_OK ? result.no : 0;
}

/* By the time that they are due at; where that is the same, the older one first. */
static void
test_expiry (void)
{
  static const gint64 timeouts[] = { 3000, 1000, 2000, 1000 };
  static const guint order[] = { 1, 3, 2, 0 };
  Disk *empty = disk_new ();
  Rig *rig = rig_new (empty, NULL, NULL);
  jn_event events[4];
  jn_result results[4], ignored;
  guint64 before = 0;

  g_assert_cmpint (rig_open (rig), ==, JN_OK);
  open_accounts (rig);
  rig->now += 10;
  for (guint32 i = 0; i < 4; i++)
    events[i] = hold (i + 1, timeouts[i]);
  g_assert_cmpint (jn_submit (rig->ledger, events, 4, results, NULL), ==, JN_OK);
  rig->now += 5000;
  events[0] = hold (9, 0);
  g_assert_cmpint (jn_submit (rig->ledger, events, 1, &ignored, NULL), ==, JN_OK);
  for (guint i = 0; i < 4; i++)
    {
      jn_id id = rig_id (3, order[i] + 1);
      guint64 no = expired_as (rig, &results[order[i]], &id);

      g_assert_cmpuint (no, >, before);
      before = no;
    }
  rig_free (rig);
  disk_free (empty);
}

/* A leaf and a node of two leaves are never the same bytes: RFC 6962, 2.1. */
static void
test_domains (void)
{
  guint8 leaves[2][32] = { { 1 }, { 2 } }, root[32], expected[32], leaf[32];
  guint8 node[65] = { 1 }, bytes[129] = { 0 };
  jn_record record = { 0 };
  jn_account_state account = { 0 };

  memcpy (node + 1, leaves, 64);
  crypto_generichash (expected, 32, node, sizeof node, NULL, 0);
  jn_chain_root (leaves, 2, root);
  g_assert_cmpmem (root, 32, expected, 32);
  record.debit = record.credit = &account;
  jn_chain_record (&record, bytes + 1);
  crypto_generichash (expected, 32, bytes, sizeof bytes, NULL, 0);
  jn_chain_leaf (&record, leaf);
  g_assert_cmpmem (leaf, 32, expected, 32);
}

/* A page may name more of the feed than it has entries for. */
static void
test_cursor (void)
{
  jn_feed_page page = { .feed = "main", .from_seq = 1, .to_seq = 7 };
  Disk *empty = disk_new ();
  Rig *rig = rig_new (empty, NULL, NULL);
  guint64 cursor = 0;

  g_assert_cmpint (rig_open (rig), ==, JN_OK);
  g_assert_cmpint (jn_feed_apply (rig->ledger, &page, NULL, NULL), ==, JN_OK);
  g_assert_cmpint (jn_feed_cursor (rig->ledger, "main", &cursor), ==, JN_OK);
  g_assert_cmpuint (cursor, ==, 7);
  page.from_seq = 9;
  page.to_seq = 8;
  g_assert_cmpint (jn_feed_apply (rig->ledger, &page, NULL, NULL), ==, JN_FEED_GAP);
  rig_free (rig);
  disk_free (empty);
}

/* What is pending takes room under the ceiling. */
static void
test_ceiling (void)
{
  Disk *empty = disk_new ();
  Rig *rig = rig_new (empty, NULL, NULL);
  jn_account full = { .id = rig_id (1, 2),
                      .currency = 156,
                      .class_ = JN_ACCOUNT_CUSTOMER,
                      .flags = JN_ACCOUNT_BOUNDED,
                      .ceiling = 8 };
  jn_event events[2] = { hold (1, 0), hold (2, 0) };
  jn_result results[2];

  g_assert_cmpint (rig_open (rig), ==, JN_OK);
  open_accounts (rig);
  g_assert_cmpint (jn_account_open (rig->ledger, &full), ==, JN_OK);
  events[0].credit = events[1].credit = full.id;
  events[1].kind = JN_TRANSFER;
  events[1].amount = 4;
  g_assert_cmpint (jn_submit (rig->ledger, events, 2, results, NULL), ==, JN_OK);
  g_assert_cmpint (results[0].status, ==, JN_OK);
  g_assert_cmpint (results[1].status, ==, JN_OVER_CEILING);
  rig_free (rig);
  disk_free (empty);
}

/* A set with nothing in it: nothing is pending any more. */
static void
test_no_holds (void)
{
  Disk *empty = disk_new ();
  Rig *rig = rig_new (empty, NULL, NULL);
  jn_event event = hold (1, 0);
  jn_snapshot *snapshot = NULL;
  jn_entry_row rows[2];
  gsize n = 2, total = 0;

  g_assert_cmpint (rig_open (rig), ==, JN_OK);
  open_accounts (rig);
  g_assert_cmpint (jn_feed_pending (rig->ledger, "main", &event, 1), ==, JN_OK);
  g_assert_cmpint (jn_feed_pending (rig->ledger, "main", NULL, 0), ==, JN_OK);
  g_assert_cmpint (jn_snapshot_begin (rig->ledger, &snapshot), ==, JN_OK);
  g_assert_cmpint (jn_holds (snapshot, &event.credit, rows, &n, &total), ==, JN_OK);
  g_assert_cmpuint (n, ==, 0);
  jn_snapshot_end (snapshot);
  rig_free (rig);
  disk_free (empty);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  rig_set_up ();
  g_test_add_func ("/order/expiry", test_expiry);
  g_test_add_func ("/order/domains", test_domains);
  g_test_add_func ("/order/cursor", test_cursor);
  g_test_add_func ("/order/ceiling", test_ceiling);
  g_test_add_func ("/order/no-holds", test_no_holds);
  return g_test_run ();
}
