#include <string.h>

#include "rig.h"

#define WORLD 0
#define OTHERS 3
#define ISSUER 6
#define POINTS 7
#define UNIT 10001u

static jn_event
move (guint kind, guint32 n, guint from, guint to, gint64 amount)
{
  return (jn_event){ .id = rig_id ((guint8) kind, n),
                     .kind = JN_TRANSFER,
                     .code = (guint16) (1 + n % 4),
                     .currency = 156,
                     .debit = rig_id (1, from),
                     .credit = rig_id (1, to),
                     .amount = amount,
                     .value_date = 20261101 + (gint32) n % 20,
                     .occurred_us = n,
                     .payee = "一家小店",
                     .memo = RIG_CANARY,
                     .reference = "reference" };
}

static jn_event
hold (guint kind, guint32 n, guint from, guint to, gint64 amount)
{
  jn_event e = move (kind, n, from, to, amount);

  e.kind = JN_PENDING;
  return e;
}

static jn_event
resolve (guint kind, guint32 n, jn_kind how, guint32 pending, gint64 amount)
{
  return (jn_event){
    .id = rig_id ((guint8) kind, n), .kind = how, .pending = rig_id (3, pending), .amount = amount
  };
}

static jn_status
submit (Rig *rig, const jn_event *events, gsize n)
{
  jn_result results[40];

  rig->now += 1000000;
  return jn_submit (rig->ledger, events, n, results, NULL);
}

static void
must (jn_status status)
{
  g_assert_cmpint (status, ==, JN_OK);
}

/* ---- what the calls are tried on ---- */

static void
fill_accounts (Rig *rig)
{
  for (guint i = 0; i < 5; i++)
    {
      jn_account a = { .id = rig_id (1, i), .currency = 156, .ceiling = G_MAXINT64 };

      a.class_ = i == WORLD ? JN_ACCOUNT_WORLD : JN_ACCOUNT_CUSTOMER;
      a.flags = i == WORLD ? 0 : JN_ACCOUNT_BOUNDED;
      a.floor = i == OTHERS ? -500 : 0;
      a.ceiling = i == OTHERS ? 100000 : G_MAXINT64;
      must (jn_account_open (rig->ledger, &a));
    }
}

static void
fill_feed (Rig *rig)
{
  jn_event events[] = { move (4, 1, WORLD, 1, 900), move (4, 2, 1, WORLD, 40) };
  jn_event pending[] = { hold (4, 10, 1, WORLD, 70), hold (4, 11, 1, WORLD, 30) };
  jn_feed_page page = {
    .feed = "main", .from_seq = 1, .to_seq = 2, .events = events, .n_events = 2
  };
  jn_result results[2];

  must (jn_feed_apply (rig->ledger, &page, results, NULL));
  must (jn_feed_pending (rig->ledger, "main", pending, 2));
}

static void
fill_import (Rig *rig)
{
  jn_event events[] = { move (5, 1, WORLD, 2, 300), move (5, 2, 2, WORLD, 20),
                        hold (5, 3, 2, WORLD, 10) };
  jn_result results[3];
  jn_id id = rig_id (9, 1);

  must (jn_import (rig->ledger, &id, events, 3, results, NULL));
}

static jn_event
points (guint32 n, guint from, guint to, gint64 amount)
{
  jn_event e = move (8, n, from, to, amount);

  e.currency = UNIT;
  return e;
}

static jn_event
grant (guint32 n, gint64 amount, gint64 timeout_us)
{
  jn_event e = points (n, ISSUER, POINTS, amount);

  e.flags = JN_LOT;
  e.timeout_us = timeout_us;
  return e;
}

/* Two lots, of which one is used in part and reserved in part. */
static void
fill_points (Rig *rig)
{
  jn_event events[] = { grant (1, 100, G_GINT64_CONSTANT (3600000000)),
                        grant (2, 50, G_GINT64_CONSTANT (864000000000)),
                        points (3, POINTS, ISSUER, 30), points (4, POINTS, ISSUER, 25) };

  for (guint i = ISSUER; i <= POINTS; i++)
    {
      jn_account a = { .id = rig_id (1, i), .currency = UNIT, .ceiling = G_MAXINT64 };

      a.class_ = i == ISSUER ? JN_ACCOUNT_ISSUER : JN_ACCOUNT_CUSTOMER;
      a.flags = i == ISSUER ? 0 : JN_ACCOUNT_BOUNDED;
      must (jn_account_open (rig->ledger, &a));
    }
  events[3].kind = JN_PENDING;
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    must (submit (rig, &events[i], 1));
}

/* Of rows that are there and of one that is not yet. */
static void
fill_notes (Rig *rig)
{
  jn_annotation notes[] = {
    { rig_id (2, 5), JN_FIELD_CATEGORY, 60000, 1, "9" },
    { rig_id (2, 6), JN_FIELD_NOTE, 60001, 1, "of old: " RIG_CANARY },
    { rig_id (5, 1), JN_FIELD_CATEGORY, 60002, 1, "4" },
    { rig_id (4, 2), JN_FIELD_TAG, 60003, 1, "店" },
    { rig_id (2, 58), JN_FIELD_NOTE, 60004, 1, "early" },
  };

  must (jn_annotate (rig->ledger, notes, G_N_ELEMENTS (notes)));
}

static void
fill (Rig *rig)
{
  jn_event events[20];

  fill_accounts (rig);
  for (guint32 n = 0; n < 20; n++)
    events[n] = move (2, n, WORLD, 1 + n % 3, 100 + n);
  must (submit (rig, events, 12));
  for (guint32 n = 12; n < 20; n++)
    must (submit (rig, &events[n], 1));
  for (guint32 n = 1; n <= 5; n++)
    {
      jn_event e = hold (3, n, 1, WORLD, 50);

      e.timeout_us = n == 2 ? G_GINT64_CONSTANT (3600000000) : 0;
      e.flags = n == 3 ? JN_CLOSE_CREDIT : 0;
      e.debit = n == 3 ? rig_id (1, 1) : e.debit;
      e.credit = n == 3 ? rig_id (1, OTHERS) : e.credit;
      must (submit (rig, &e, 1));
    }
  /* Refused and remembered. */
  events[0] = move (6, 1, 2, WORLD, 1000000);
  must (submit (rig, events, 1));
  fill_feed (rig);
  fill_import (rig);
  /* Not last: only money is chained, and what is said of it can be lost unnoticed at the end of a log. */
  fill_notes (rig);
  fill_points (rig);
}

static const Disk *
filled (gboolean closed)
{
  static Disk *kept[2];

  if (kept[closed] == NULL)
    {
      Disk *empty = disk_new ();
      Rig *rig = rig_new (empty, NULL, NULL);

      rig->now -= 100000000;
      must (rig_open (rig));
      fill (rig);
      if (closed)
        rig_close (rig);
      kept[closed] = disk_clone (rig->disk);
      rig_free (rig);
      disk_free (empty);
    }
  return kept[closed];
}

static const Disk *
image_closed (void)
{
  return filled (TRUE);
}

/* As a process that died leaves it: all of it in the log. */
static const Disk *
image_dead (void)
{
  return filled (FALSE);
}

static const Disk *
image_empty (void)
{
  static Disk *kept;

  if (kept == NULL)
    kept = disk_new ();
  return kept;
}

/* One row before the tail is full. */
static const Disk *
image_full (void)
{
  static Disk *kept;

  if (kept == NULL)
    {
      Rig *rig = rig_new (image_closed (), NULL, NULL);
      jn_snapshot *snapshot = NULL;

      must (rig_open (rig));
      for (guint32 n = 20; n < 31; n++)
        {
          jn_event e = move (2, n, WORLD, 1, 10);

          must (submit (rig, &e, 1));
        }
      must (jn_snapshot_begin (rig->ledger, &snapshot));
      jn_snapshot_end (snapshot);
      rig_close (rig);
      kept = disk_clone (rig->disk);
      rig_free (rig);
    }
  return kept;
}

/* More rows than a search looks at before it asks the index. */
static const Disk *
image_many (void)
{
  static Disk *kept;

  if (kept == NULL)
    {
      Rig *rig = rig_new (image_closed (), NULL, NULL);

      must (rig_open (rig));
      for (guint32 k = 0; k < 5; k++)
        {
          jn_event events[36];

          for (guint32 i = 0; i < G_N_ELEMENTS (events); i++)
            {
              events[i] = move (10, k * 100 + i, WORLD, 1, 1 + i);
              events[i].payee = "超市";
              events[i].memo = "x";
            }
          must (submit (rig, events, G_N_ELEMENTS (events)));
        }
      rig_close (rig);
      kept = disk_clone (rig->disk);
      rig_free (rig);
    }
  return kept;
}

static const Disk *
old_file (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", "ledger", name, NULL);
  g_autofree char *bytes = NULL;
  Disk *disk = disk_new ();
  gsize n = 0;

  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  disk_write (disk, disk_create (disk, RIG_PATH), bytes, n, 0);
  return disk;
}

static const Disk *
image_format_1 (void)
{
  static const Disk *kept;

  return kept != NULL ? kept : (kept = old_file ("format-1.db"));
}

static const Disk *
image_format_2 (void)
{
  static const Disk *kept;

  return kept != NULL ? kept : (kept = old_file ("format-2.db"));
}

static const Disk *
image_format_4 (void)
{
  static const Disk *kept;

  return kept != NULL ? kept : (kept = old_file ("format-4.db"));
}

/* ---- the calls ---- */

static jn_status
run_read (Rig *rig)
{
  g_clear_pointer (&rig->printed, g_free);
  return rig_print (rig, &rig->printed);
}

/* What is rare, by the index, with a category and in a month of its own too. */
static jn_status
run_search (Rig *rig)
{
  static const jn_page pages[] = { { .search = "anary-of" },
                                   { .search = "小店", .month = 202611, .code = 2 },
                                   { .search = "店 nowhere" } };
  jn_snapshot *snapshot = NULL;
  jn_id id = rig_id (1, 1);
  jn_status status = jn_snapshot_begin (rig->ledger, &snapshot);

  for (guint i = 0; status == JN_OK && i < G_N_ELEMENTS (pages); i++)
    {
      jn_entry_row rows[4];
      gsize n = G_N_ELEMENTS (rows);

      status = jn_entries (snapshot, &id, &pages[i], rows, &n);
      if (status == JN_OK && n != (i < 2 ? i == 0 ? 4u : 2u : 0u))
        g_error ("search %u finds %u", i, (guint) n);
    }
  jn_snapshot_end (snapshot);
  return status;
}

static jn_status
run_verify (Rig *rig)
{
  return jn_verify (rig->ledger, NULL, NULL);
}

static jn_status
run_close (Rig *rig)
{
  rig_close (rig);
  return rig_open (rig);
}

static jn_status
run_account_open (Rig *rig)
{
  jn_account a = { .id = rig_id (1, 5),
                   .currency = 156,
                   .class_ = JN_ACCOUNT_CUSTOMER,
                   .flags = JN_ACCOUNT_BOUNDED,
                   .ceiling = G_MAXINT64 };

  return jn_account_open (rig->ledger, &a);
}

static jn_status
run_account_close (Rig *rig)
{
  jn_id id = rig_id (1, 4);

  return jn_account_close (rig->ledger, &id);
}

static jn_status
run_submit_one (Rig *rig)
{
  jn_event e = move (2, 50, 1, 2, 5);

  return submit (rig, &e, 1);
}

/* Groups, a refusal, post, top-up, void, balancing, closing and opening again: all kinds of a submit. */
static jn_status
run_submit_many (Rig *rig)
{
  jn_event events[] = {
    move (2, 40, 1, 2, 7),
    move (2, 41, 1, 2, 8),
    move (2, 42, 2, WORLD, 100000000),
    move (2, 43, WORLD, 2, 1),
    move (2, 44, 2, WORLD, 100000000),
    resolve (2, 45, JN_POST, 1, 20),
    resolve (2, 46, JN_POST, 4, 60),
    resolve (2, 47, JN_VOID, 3, 0),
    move (2, 48, 1, OTHERS, 100000000),
    hold (2, 49, 1, OTHERS, 6),
    move (6, 1, 2, WORLD, 1000000),
    move (2, 5, WORLD, 3, 105),
  };

  events[0].flags = JN_LINKED;
  events[3].flags = JN_LINKED;
  events[6].flags = JN_TOP_UP;
  events[8].flags = JN_BALANCE_DEBIT | JN_BALANCE_CREDIT;
  events[9].flags = JN_CLOSE_DEBIT;
  events[9].timeout_us = 1000000;
  return submit (rig, events, G_N_ELEMENTS (events));
}

static jn_status
run_expiry (Rig *rig)
{
  rig->now += G_GINT64_CONSTANT (7200000000);
  return run_submit_one (rig);
}

static jn_status
run_grant (Rig *rig)
{
  jn_event e = grant (10, 7, 1000000);

  return submit (rig, &e, 1);
}

/* Out of both lots, what is reserved among it. */
static jn_status
run_points (Rig *rig)
{
  jn_event events[] = { { .id = rig_id (8, 11), .kind = JN_POST, .pending = rig_id (8, 4) },
                        points (12, POINTS, ISSUER, 60) };

  return submit (rig, events, G_N_ELEMENTS (events));
}

static jn_status
run_feed (Rig *rig)
{
  jn_event events[] = { move (4, 3, WORLD, 1, 11), move (4, 10, 1, WORLD, 75),
                        move (4, 4, 1, WORLD, 3) };
  jn_stated_balance balance = { .account = rig_id (1, 4), .posted = 0 };
  jn_feed_page page = { .feed = "main",
                        .from_seq = 2,
                        .to_seq = 5,
                        .events = events,
                        .n_events = 3,
                        .balances = &balance,
                        .n_balances = 1 };
  jn_result results[3];

  return jn_feed_apply (rig->ledger, &page, results, NULL);
}

/* One goes, one changes its amount, one is new. */
static jn_status
run_feed_pending (Rig *rig)
{
  jn_event pending[] = { hold (4, 11, 1, WORLD, 31), hold (4, 12, 1, WORLD, 9) };

  return jn_feed_pending (rig->ledger, "main", pending, 2);
}

static jn_status
run_import (Rig *rig)
{
  jn_event events[] = { move (5, 11, WORLD, 2, 30), hold (5, 12, 2, WORLD, 2),
                        move (5, 13, 2, WORLD, 1) };
  jn_result results[3];
  jn_id id = rig_id (9, 2);

  return jn_import (rig->ledger, &id, events, 3, results, NULL);
}

static jn_status
run_undo (Rig *rig)
{
  jn_id id = rig_id (9, 1);

  return jn_import_undo (rig->ledger, &id, NULL);
}

static jn_status
run_annotate (Rig *rig)
{
  jn_annotation notes[] = {
    { rig_id (2, 3), JN_FIELD_CATEGORY, 70000, 1, "9" },
    { rig_id (2, 4), JN_FIELD_NOTE, 70001, 1, "a note: " RIG_CANARY },
    { rig_id (2, 4), JN_FIELD_TAG, 70002, 1, "店" },
    { rig_id (2, 59), JN_FIELD_CATEGORY, 70003, 1, "3" },
  };

  return jn_annotate (rig->ledger, notes, G_N_ELEMENTS (notes));
}

static jn_status
run_backup (Rig *rig)
{
  return jn_backup (rig->ledger, RIG_COPY, NULL, NULL);
}

static jn_status
run_rebuild (Rig *rig)
{
  return jn_rebuild (rig->ledger);
}

const Call CALLS[] = {
  { "create", image_empty, NULL, NULL, TRUE, rig_open, FALSE },
  { "open", image_closed, NULL, NULL, TRUE, rig_open, FALSE },
  { "open-dead", image_dead, NULL, NULL, TRUE, rig_open, FALSE },
  { "migrate-1", image_format_1, NULL, "jn-fault", TRUE, rig_open, FALSE },
  { "migrate-2", image_format_2, NULL, "jn-fault", TRUE, rig_open, FALSE },
  { "migrate-4", image_format_4, NULL, "jn-fault", TRUE, rig_open, FALSE },
  { "close", image_dead, NULL, NULL, FALSE, run_close, FALSE },
  { "read", image_closed, NULL, NULL, FALSE, run_read, FALSE },
  { "read-dead", image_dead, NULL, NULL, FALSE, run_read, FALSE },
  { "search", image_many, NULL, NULL, FALSE, run_search, FALSE },
  { "verify", image_closed, NULL, NULL, FALSE, run_verify, FALSE },
  { "account-open", image_closed, NULL, NULL, FALSE, run_account_open, FALSE },
  { "account-close", image_closed, NULL, NULL, FALSE, run_account_close, FALSE },
  { "submit-one", image_closed, NULL, NULL, FALSE, run_submit_one, FALSE },
  { "submit-one-dead", image_dead, NULL, NULL, FALSE, run_submit_one, FALSE },
  { "submit-full-tail", image_full, NULL, NULL, FALSE, run_submit_one, FALSE },
  { "submit-many", image_closed, NULL, NULL, FALSE, run_submit_many, FALSE },
  { "submit-expiry", image_dead, NULL, NULL, FALSE, run_expiry, FALSE },
  { "lot-grant", image_closed, NULL, NULL, FALSE, run_grant, FALSE },
  { "points-pay", image_dead, NULL, NULL, FALSE, run_points, FALSE },
  { "feed-apply", image_closed, NULL, NULL, FALSE, run_feed, FALSE },
  { "feed-pending", image_closed, NULL, NULL, FALSE, run_feed_pending, FALSE },
  { "import", image_closed, NULL, NULL, FALSE, run_import, FALSE },
  { "import-undo", image_dead, NULL, NULL, FALSE, run_undo, FALSE },
  { "annotate", image_closed, NULL, NULL, FALSE, run_annotate, FALSE },
  { "annotate-dead", image_dead, NULL, NULL, FALSE, run_annotate, FALSE },
  { "backup", image_closed, NULL, NULL, FALSE, run_backup, TRUE },
  { "rebuild", image_dead, NULL, NULL, FALSE, run_rebuild, FALSE },
};
const guint N_CALLS = G_N_ELEMENTS (CALLS);

Rig *
call_rig (const Call *call)
{
  const Disk *image = call->image ();
  Rig *rig;

  rig_forget ();
  rig_same_again ();
  rig = rig_new (image, call->path, call->vfs);
  if (!call->opens)
    must (rig_open (rig));
  return rig;
}

void
call_play (const Call *call, char **before, char **after)
{
  Rig *rig = call_rig (call);

  if (call->opens)
    {
      /* Opening changes nothing that can be read; a file that has to be migrated cannot be read before. */
      must (rig_open (rig));
      must (rig_print (rig, before));
      *after = g_strdup (*before);
    }
  else
    {
      must (rig_print (rig, before));
      must (call->run (rig));
      must (rig_print (rig, after));
    }
  rig_free (rig);
}
