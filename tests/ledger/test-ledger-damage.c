/* Each thing that can stand wrong in a file, made behind the ledger's back, and every call tried on it: none stumbles, what is wrong is told at the
 * opening or by the audit, and what is derived from the transfers can be made anew. */
#include <sqlite3.h>
#include <string.h>

#include <glib/gstdio.h>

#include "ledger-booked.h"

#define N_ACCOUNTS 9
#define ROOM 60

/* What the audit says of it. */
typedef enum
{
  TOLD,    /* the opening or the audit names it */
  DERIVED, /* so does it, and a rebuild mends it */
  FREE,    /* no transfer speaks against it: only that nothing stumbles */
} Kind;

typedef struct
{
  Kind kind;
  const char *sql;
} Damage;

#define LONG_TEXT "hex (zeroblob (400))"
#define MOST "9223372036854775807"
/* How many transfers the commit has. */
#define SEAL_OF(count)                                                                             \
  "UPDATE transfer SET seal = CAST (substr (seal, 1, 8) || x'" count                               \
  "' || substr (seal, 13) AS BLOB) WHERE seal IS NOT NULL"

static const Damage DAMAGES[] = {
  { TOLD, "UPDATE account SET id = x'00' WHERE no = 2" },
  { TOLD, "DELETE FROM account WHERE no = 2" },
  { TOLD, "UPDATE account SET currency = 840 WHERE no = 2" },
  { TOLD, "UPDATE account SET class = 2 WHERE no = 2" },
  { TOLD, "UPDATE account SET d_posted = " MOST ", c_posted = 0 WHERE no = 2" },
  { TOLD,
    "UPDATE account SET d_posted = " MOST ", c_posted = 0, d_pending = " MOST " WHERE no = 2" },
  { TOLD, "UPDATE account SET d_posted = " MOST " WHERE no = 1" },
  { TOLD, "UPDATE account SET c_posted = " MOST " WHERE no = 2" },
  { TOLD, "UPDATE account SET d_pending = 0" },
  { TOLD, "UPDATE account SET c_pending = 0" },
  { TOLD, "UPDATE account SET d_pending = " MOST ", c_pending = " MOST },
  { TOLD, "UPDATE account SET closed = 99 WHERE no = 2" },
  { TOLD, "UPDATE account SET closed = 3 WHERE no = 3" },
  { TOLD, "UPDATE transfer SET id = x'01' WHERE no = 2" },
  { TOLD, "UPDATE transfer SET kind = 9 WHERE no = 2" },
  { TOLD, "UPDATE transfer SET kind = 2 WHERE no = 2" },
  { TOLD, "UPDATE transfer SET kind = 1 WHERE kind = 2" },
  { TOLD, "UPDATE transfer SET kind = 4 WHERE no = 2" },
  { TOLD, "UPDATE transfer SET flags = 32768 WHERE no < 3" },
  { TOLD, "UPDATE transfer SET flags = 32768, pend_no = 99 WHERE no < 3" },
  { TOLD, "UPDATE transfer SET flags = 32768, pend_no = no WHERE no < 5" },
  { TOLD, "UPDATE transfer SET flags = 16384 WHERE no < 4" },
  { TOLD, "UPDATE transfer SET pend_no = 99" },
  { FREE, "UPDATE transfer SET digest = x'00'" },
  { TOLD, "UPDATE transfer SET amount = 0 WHERE no = 2" },
  { TOLD, "UPDATE transfer SET amount = " MOST },
  { TOLD, "UPDATE transfer SET amount = -5 WHERE no = 1" },
  { TOLD, "UPDATE transfer SET dr = cr WHERE no = 2" },
  { TOLD, "UPDATE transfer SET dr = 77 WHERE no = 2" },
  { TOLD, "UPDATE transfer SET cr = 77" },
  { TOLD, "UPDATE transfer SET value_date = 0 WHERE no = 2" },
  { TOLD, "UPDATE transfer SET payee = " LONG_TEXT },
  { TOLD, "UPDATE transfer SET memo = " LONG_TEXT },
  { TOLD, "UPDATE transfer SET reference = " LONG_TEXT },
  { TOLD, "UPDATE transfer SET seal = x'' WHERE seal IS NOT NULL" },
  { TOLD, "UPDATE transfer SET seal = zeroblob (3)" },
  { TOLD, "UPDATE transfer SET seal = NULL" },
  { TOLD, "UPDATE transfer SET seal = zeroblob (44) WHERE seal IS NOT NULL" },
  { TOLD, SEAL_OF ("00000001") },
  { TOLD, SEAL_OF ("00000002") },
  { TOLD, SEAL_OF ("00ffffff") },
  { TOLD, "UPDATE transfer SET no = no + 1000 WHERE no > 3" },
  { TOLD, "UPDATE transfer SET timeout_us = " MOST " WHERE no IN (SELECT no FROM lot)" },
  { TOLD, "DELETE FROM transfer" },
  { TOLD, "UPDATE state SET key = x'00'" },
  { TOLD, "DELETE FROM state" },
  { TOLD, "UPDATE state SET indexed = 1000" },
  { DERIVED, "UPDATE state SET indexed = 2" },
  { DERIVED, "UPDATE id_key SET no = 99" },
  { DERIVED, "INSERT INTO id_key SELECT key, no + 1 FROM id_key" },
  { DERIVED, "DELETE FROM id_key" },
  { DERIVED, "UPDATE block SET data = x''" },
  { DERIVED, "UPDATE block SET data = zeroblob (8)" },
  { DERIVED, "UPDATE block SET data = CAST (data || x'80' AS BLOB)" },
  { DERIVED, "UPDATE block SET data = CAST (data || x'80808080808080808080808080' AS BLOB)" },
  { DERIVED, "UPDATE block SET data = CAST (data || data AS BLOB)" },
  { DERIVED, "UPDATE block SET data = zeroblob (2000)" },
  { DERIVED, "UPDATE block SET key = key + 1" },
  { DERIVED, "DELETE FROM block" },
  { DERIVED, "UPDATE month SET d = " MOST },
  { DERIVED, "UPDATE month SET c = " MOST },
  { DERIVED, "UPDATE month SET d = " MOST ", c = " MOST " WHERE month < 0" },
  { DERIVED, "UPDATE month SET c = -" MOST " WHERE month < 0" },
  { DERIVED, "INSERT INTO month VALUES (2, -20261101, 0, " MOST ", " MOST ", 1, 1, 1, 1)" },
  { DERIVED, "INSERT INTO month VALUES (2, -2020, 0, 0, " MOST ", 1, 1, 1, 1),"
             " (2, -2021, 0, 0, " MOST ", 1, 1, 1, 1)" },
  { DERIVED, "UPDATE month SET first_no = 0" },
  { DERIVED, "UPDATE month SET first_no = 99" },
  { DERIVED, "UPDATE month SET last_no = 0" },
  { DERIVED, "UPDATE month SET n_c = n_c + 1 WHERE account = 2" },
  { DERIVED, "UPDATE month SET month = month + 1 WHERE month > 0" },
  { DERIVED, "DELETE FROM month" },
  { DERIVED, "UPDATE payee SET d = " MOST ", c = " MOST },
  { DERIVED, "UPDATE payee SET d = d + 1" },
  { DERIVED, "UPDATE payee SET n_d = n_d + 1" },
  { DERIVED, "UPDATE payee SET n_c = n_c + 1" },
  { DERIVED, "UPDATE payee SET last_no = 99" },
  { DERIVED, "DELETE FROM payee" },
  { TOLD, "UPDATE pending SET no = no + 50" },
  { TOLD, "UPDATE pending SET state = 7" },
  { TOLD, "UPDATE pending SET state = 1" },
  { TOLD, "UPDATE pending SET state = 3, posted_no = 99" },
  { FREE, "UPDATE pending SET posted_no = 99, again_no = 98" },
  { FREE, "UPDATE pending SET feed = 99" },
  { FREE, "UPDATE pending SET expires_us = 1" },
  { TOLD, "DELETE FROM pending" },
  { FREE, "UPDATE refused SET status = 1" },
  { FREE, "UPDATE refused SET digest = x'00', debit = x'', credit = x''" },
  { FREE, "DELETE FROM refused" },
  { FREE, "UPDATE feed SET cursor = -1" },
  { FREE, "UPDATE feed SET name = 'other'" },
  { FREE, "DELETE FROM feed" },
  { FREE, "UPDATE import SET first_no = 98, last_no = 99" },
  { FREE, "UPDATE import SET undone = 1" },
  { TOLD, "UPDATE annotation SET value = " LONG_TEXT " WHERE field = 2" },
  { FREE, "UPDATE annotation SET value = 'none' WHERE field = 1" },
  { FREE, "UPDATE annotation SET field = 9 WHERE field = 2" },
  { FREE, "UPDATE annotation SET field = 99 WHERE field = 2" },
  { FREE, "UPDATE annotation SET field = -1 WHERE field = 2" },
  { FREE, "UPDATE annotation SET id = x'05' WHERE hlc = 5" },
  { FREE, "UPDATE annotation SET hlc = -1" },
  { DERIVED, "UPDATE annotation SET early = 1 - early" },
  { DERIVED, "UPDATE local SET category = 12" },
  { DERIVED, "UPDATE local SET note = " LONG_TEXT },
  { DERIVED, "UPDATE local SET fields = 0" },
  { DERIVED, "UPDATE local SET no = no + 90" },
  { DERIVED, "DELETE FROM local" },
  { DERIVED, "UPDATE shift SET d = " MOST ", c = " MOST },
  { DERIVED, "UPDATE shift SET n_d = n_d + 1" },
  { DERIVED, "UPDATE shift SET n_c = n_c + 1" },
  { DERIVED, "UPDATE shift SET month = month + 1" },
  { DERIVED, "DELETE FROM shift" },
  { TOLD, "UPDATE lot SET account = 99" },
  { TOLD, "UPDATE lot SET account = 2" },
  { TOLD, "UPDATE lot SET left = -1" },
  { TOLD, "UPDATE lot SET left = " MOST },
  { TOLD, "UPDATE lot SET no = 99" },
  { TOLD, "UPDATE lot SET no = 2" },
  { TOLD, "UPDATE lot SET last_no = 99" },
  { TOLD, "UPDATE lot SET expires_us = 1" },
  { DERIVED, "UPDATE search_data SET block = x'00' WHERE id > 10" },
  { DERIVED, "DELETE FROM search_data WHERE id > 10" },
  { DERIVED, "UPDATE search_note_data SET block = x'00' WHERE id > 10" },
  { DERIVED, "DELETE FROM search_note_data WHERE id > 10" },
  { TOLD, "DROP TABLE account" },
  { TOLD, "DROP TABLE transfer" },
  { TOLD, "DROP TABLE state" },
  { TOLD, "DROP TABLE id_key" },
  { TOLD, "DROP TABLE block" },
  { TOLD, "DROP TABLE month" },
  { TOLD, "DROP TABLE payee" },
  { TOLD, "DROP TABLE pending" },
  { FREE, "DROP TABLE refused" },
  { FREE, "DROP TABLE feed" },
  { FREE, "DROP TABLE import" },
  { TOLD, "DROP TABLE annotation" },
  { TOLD, "DROP TABLE local" },
  { TOLD, "DROP TABLE shift" },
  { TOLD, "DROP TABLE lot" },
};

static guint complaints;

static void G_GNUC_PRINTF (1, 2) complain (const char *format, ...)
{
  va_list words;
  g_autofree char *text = NULL;

  va_start (words, format);
  text = g_strdup_vprintf (format, words);
  va_end (words);
  g_test_message ("%s", text);
  complaints++;
}

/* ---- the ledger ---- */

static jn_event
of_feed (guint64 n, gint64 amount)
{
  return world_transfer (world_id (400 + n, n), world_id (1, 1), world_id (1, 0), amount);
}

static void
must (jn_status status)
{
  g_assert_cmpint (status, ==, JN_OK);
}

/* Something in every table: besides what is booked already a feed with a hold, an import, a refusal, a note that came early. */
static void
set_up (Booked *f, gconstpointer data)
{
  jn_annotation notes[] = { { world_id (401, 1), JN_FIELD_CATEGORY, 7, 1, "8" },
                            { world_id (999, 9), JN_FIELD_NOTE, 8, 1, "early" },
                            { world_id (103, 3), JN_FIELD_TAG, 9, 1, "t" } };
  jn_event booked = of_feed (1, 40), pending = of_feed (2, 30);
  jn_event imported[] = { booked_pay_in (50, 60), of_feed (9, 5) };
  jn_event dear = world_transfer (world_id (500, 1), world_id (1, 1), world_id (1, 0), 9999999);
  jn_event posted = { .id = world_id (510, 1), .kind = JN_POST, .pending = world_id (511, 1) };
  jn_event held = world_transfer (world_id (511, 1), world_id (1, 1), world_id (1, 0), 21);
  jn_feed_page page = {
    .feed = "main", .from_seq = 1, .to_seq = 1, .events = &booked, .n_events = 1
  };
  jn_id import = world_id (7, 1);
  jn_result results[2];

  booked_set_up (f, data);
  must (jn_feed_apply (f->ledger, &page, results, NULL));
  pending.kind = held.kind = JN_PENDING;
  must (jn_feed_pending (f->ledger, "main", &pending, 1));
  must (jn_import (f->ledger, &import, imported, 2, results, NULL));
  must (jn_submit (f->ledger, &dear, 1, results, NULL));
  g_assert_cmpint (results[0].status, ==, JN_NO_FUNDS);
  booked_submit (f->ledger, &held, 1);
  booked_submit (f->ledger, &posted, 1);
  must (jn_annotate (f->ledger, notes, G_N_ELEMENTS (notes)));
  must (jn_verify (f->ledger, NULL, NULL));
}

/* ---- every call ---- */

/* Booked, refused or not there, or told as damage; never about a disk that is whole, and never that the request is wrong. */
static void
allow (const char *damage, const char *call, jn_status status)
{
  if ((status >= JN_BUSY && status < JN_PAGE_DAMAGED) || status == JN_INVALID)
    complain ("%s after \"%s\": %d", call, damage, status);
}

#define TRY(call) allow (damage, #call, call)

static void
read_account (const char *damage, jn_snapshot *snapshot, const jn_id *id)
{
  static const jn_page pages[] = { { 0 },
                                   { .search = "咖啡" },
                                   { .search = "with li" },
                                   { .search = "5" },
                                   { .code = 7 },
                                   { .month = 202611, .direction = 1 },
                                   { .before = 4, .skip = 1 } };
  static jn_entry_row rows[ROOM];
  jn_rollup_row rollup[ROOM];
  jn_day_row days[31];
  jn_balance balance;
  jn_lot lots[4];
  gsize n = ROOM, total = 0;
  guint64 count;
  gint64 posted;

  TRY (jn_balance_get (snapshot, id, &balance));
  TRY (jn_balance_as_of (snapshot, id, 20261115, &posted));
  TRY (jn_balance_as_of (snapshot, id, 20261001, &posted));
  TRY (jn_balance_as_of (snapshot, id, G_MAXINT32, &posted));
  TRY (jn_balance_known_at (snapshot, id, G_GINT64_CONSTANT (1700000000000001), &posted));
  TRY (jn_holds (snapshot, id, rows, &n, &total));
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      n = ROOM;
      TRY (jn_entries (snapshot, id, &pages[i], rows, &n));
      TRY (jn_entry_count (snapshot, id, &pages[i], &count));
    }
  n = ROOM;
  TRY (jn_rollup (snapshot, id, 202001, 202612, rollup, &n));
  n = 31;
  TRY (jn_days (snapshot, id, 202611, days, &n));
  n = 4;
  TRY (jn_lots (snapshot, id, lots, &n));
}

static const guint64 IDS[] = { 101, 102, 103, 104, 90, 401, 402, 150, 409, 500, 510, 511, 999 };
static const guint64 LOWS[] = { 1, 2, 3, 4, 1, 1, 2, 50, 9, 1, 1, 1, 9 };

static void
read_transfers (const char *damage, jn_ledger *ledger, jn_snapshot *snapshot)
{
  jn_head head = { 0 };
  jn_id account = world_id (1, 1);

  TRY (jn_head_get (ledger, &head));
  for (guint i = 0; i < G_N_ELEMENTS (IDS); i++)
    {
      static jn_link links[ROOM];
      jn_id id = world_id (IDS[i], LOWS[i]);
      jn_annotation_row note;
      jn_entry_row row;
      jn_proof proof;
      jn_result result;
      jn_status status;
      gsize n = ROOM;

      TRY (jn_outcome (ledger, &id, &result));
      TRY (jn_entry_get (snapshot, &account, &id, &row));
      TRY (jn_annotation_get (snapshot, &id, JN_FIELD_NOTE, &note));
      status = jn_prove (snapshot, &id, &proof);
      allow (damage, "prove", status);
      if (status == JN_OK)
        status = jn_prove_links (snapshot, &proof, &id, links, &n);
      if (status == JN_OK)
        TRY (jn_verify_proof (&proof, links, n, &head));
    }
}

static void
read_all (const char *damage, jn_ledger *ledger)
{
  static jn_annotation_row notes[ROOM];
  jn_snapshot *snapshot = NULL;
  jn_status status = jn_snapshot_begin (ledger, &snapshot);
  jn_rollup_row rollup[ROOM];
  jn_payee_row payees[ROOM];
  guint64 clock, cursor;
  gsize n = ROOM, total;

  allow (damage, "snapshot", status);
  if (status != JN_OK)
    return;
  for (guint64 i = 0; i < N_ACCOUNTS; i++)
    {
      jn_id id = world_id (1, i);

      read_account (damage, snapshot, &id);
    }
  TRY (jn_rollup_all (snapshot, 156, 202001, 202612, rollup, &n));
  n = ROOM;
  TRY (jn_rollup_payees (snapshot, 156, 202001, 202612, payees, &n, &total));
  n = ROOM;
  TRY (jn_annotation_list (snapshot, NULL, notes, &n));
  TRY (jn_annotation_clock (snapshot, &clock));
  TRY (jn_feed_cursor (ledger, "main", &cursor));
  read_transfers (damage, ledger, snapshot);
  jn_snapshot_end (snapshot);
}

static void
write_all (const char *damage, Booked *f)
{
  jn_ledger *ledger = f->ledger;
  jn_event events[] = {
    booked_pay_in (70, 3),
    booked_pay_in (2, 100),
    world_transfer (world_id (600, 1), world_id (1, 1), world_id (1, 2), 2),
    world_transfer (world_id (601, 1), world_id (1, 8), world_id (1, 7), 4),
    { .id = world_id (602, 1), .kind = JN_VOID, .pending = world_id (103, 3) },
    { .id = world_id (603, 1), .kind = JN_POST, .pending = world_id (103, 3) },
    { .id = world_id (500, 1), .kind = JN_TRANSFER },
  };
  jn_event fact = of_feed (2, 31), pending = of_feed (3, 6);
  jn_feed_page page = {
    .feed = "main", .from_seq = 2, .to_seq = 2, .events = &fact, .n_events = 1
  };
  jn_annotation note = { world_id (102, 2), JN_FIELD_NOTE, 70, 1, "new" };
  jn_annotation category = { world_id (101, 1), JN_FIELD_CATEGORY, 71, 1, "3" };
  jn_annotation other = { world_id (103, 3), JN_FIELD_CATEGORY, 72, 1, "4" };
  jn_id import = world_id (7, 1);
  jn_result result;

  events[3].currency = 10001;
  events[6] = world_transfer (world_id (500, 1), world_id (1, 1), world_id (1, 0), 9999999);
  pending.kind = JN_PENDING;
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    TRY (jn_submit (ledger, &events[i], 1, &result, NULL));
  TRY (jn_feed_apply (ledger, &page, &result, NULL));
  TRY (jn_feed_pending (ledger, "main", &pending, 1));
  TRY (jn_import (ledger, &import, events, 1, &result, NULL));
  TRY (jn_import_undo (ledger, &import, NULL));
  TRY (jn_annotate (ledger, &note, 1));
  TRY (jn_annotate (ledger, &category, 1));
  TRY (jn_annotate (ledger, &other, 1));
  /* Holds and lots are over. */
  f->world.now += 2 * G_TIME_SPAN_DAY;
  events[0] = booked_pay_in (71, 3);
  TRY (jn_submit (ledger, &events[0], 1, &result, NULL));
}

static void
try_damage (Booked *f, Kind kind, const char *damage)
{
  g_autofree char *bytes = NULL, *copy = g_strconcat (f->world.path, ".copy", NULL);
  jn_status opened, found;
  gsize n = 0;

  booked_close (f);
  g_assert_true (g_file_get_contents (f->world.path, &bytes, &n, NULL));
  booked_sql (f, damage);
  for (int rebuild = 0; rebuild < 2; rebuild++)
    {
      gint64 now = f->world.now;

      opened = jn_open (f->world.path, NULL, &f->world.host, 0, &f->ledger);
      allow (damage, "open", opened);
      found = opened == JN_OK ? jn_verify (f->ledger, NULL, NULL) : opened;
      if (kind != FREE && (rebuild == 0 || kind == TOLD) && found < JN_PAGE_DAMAGED)
        complain ("\"%s\" is not told: %d", damage, found);
      if (opened == JN_OK && rebuild == 1)
        {
          jn_status made = jn_rebuild (f->ledger);

          allow (damage, "rebuild", made);
          if (kind == DERIVED && (made != JN_OK || jn_verify (f->ledger, NULL, NULL) != JN_OK))
            complain ("\"%s\" is not mended: %d", damage, made);
        }
      if (opened == JN_OK)
        {
          read_all (damage, f->ledger);
          TRY (jn_backup (f->ledger, copy, NULL, NULL));
          write_all (damage, f);
          read_all (damage, f->ledger);
        }
      booked_close (f);
      g_unlink (copy);
      f->world.now = now;
      g_assert_true (g_file_set_contents (f->world.path, bytes, (gssize) n, NULL));
      booked_sql (f, damage);
    }
  g_assert_true (g_file_set_contents (f->world.path, bytes, (gssize) n, NULL));
  f->ledger = world_open (&f->world);
}

static void
test_all (Booked *f, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (DAMAGES); i++)
    try_damage (f, DAMAGES[i].kind, DAMAGES[i].sql);
  g_assert_cmpuint (complaints, ==, 0);
}

/* One row after the other is gone, or stands on another's place. */
static void
test_rows (Booked *f, gconstpointer data)
{
  for (guint no = 1; no <= 11; no++)
    {
      g_autofree char *gone = g_strdup_printf ("DELETE FROM transfer WHERE no = %u", no);
      g_autofree char *moved =
          g_strdup_printf ("UPDATE transfer SET pend_no = %u WHERE kind > 2", no);
      g_autofree char *closes = g_strdup_printf ("UPDATE account SET closed = %u WHERE no = 4", no);

      try_damage (f, TOLD, gone);
      try_damage (f, FREE, moved);
      try_damage (f, no == 1 ? FREE : TOLD, closes);
    }
  g_assert_cmpuint (complaints, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name)                                                                                 \
  g_test_add ("/ledger/damage/" #name, Booked, NULL, set_up, test_##name, booked_tear_down)
  TEST (all);
  TEST (rows);
#undef TEST
  return g_test_run ();
}
