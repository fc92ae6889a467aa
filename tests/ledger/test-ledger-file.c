/* The file itself: its format, its protection, its chain, and damage found. */
#include <sodium.h>
#include <sqlite3.h>
#include <string.h>

#include "ledger-booked.h"

static void
test_newer (Booked *f, gconstpointer data)
{
  g_autofree char *before = NULL, *after = NULL;
  gsize n_before, n_after;

  booked_close (f);
  booked_sql (f, "PRAGMA user_version = 1000");
  g_assert_true (g_file_get_contents (f->world.path, &before, &n_before, NULL));
  g_assert_cmpint (jn_open (f->world.path, NULL, &f->world.host, 0, &f->ledger), ==,
                   JN_FORMAT_NEWER);
  g_assert_null (f->ledger);
  g_assert_cmpint (jn_open (f->world.path, NULL, &f->world.host, JN_OPEN_READ_ONLY, &f->ledger), ==,
                   JN_FORMAT_NEWER);
  g_assert_true (g_file_get_contents (f->world.path, &after, &n_after, NULL));
  g_assert_cmpmem (before, n_before, after, n_after);
}

static void
test_not_a_ledger (Booked *f, gconstpointer data)
{
  g_autofree char *junk = g_strnfill (5000, 'x');

  booked_close (f);
  g_assert_true (g_file_set_contents (f->world.path, junk, 5000, NULL));
  g_assert_cmpint (jn_open (f->world.path, NULL, &f->world.host, 0, &f->ledger), ==,
                   JN_PAGE_DAMAGED);
}

typedef struct
{
  guint n;
  jn_status first;
} Findings;

static void
on_finding (void *ctx, jn_status what, const char *where, uint64_t no)
{
  Findings *findings = ctx;

  if (findings->n++ == 0)
    findings->first = what;
}

static const struct
{
  const char *sql;
  jn_status expected;
} DAMAGES[] = {
  { "UPDATE transfer SET amount = amount + 1 WHERE no = 1", JN_CHAIN_BROKEN },
  { "UPDATE transfer SET payee = 'x' WHERE no = 1", JN_CHAIN_BROKEN },
  { "UPDATE transfer SET reference = NULL WHERE no = 1", JN_CHAIN_BROKEN },
  { "UPDATE transfer SET occurred_us = 5 WHERE no = 2", JN_CHAIN_BROKEN },
  { "UPDATE transfer SET cr = 3 WHERE no = 2", JN_CHAIN_BROKEN },
  { "UPDATE transfer SET id = zeroblob(16) WHERE no = 4", JN_CHAIN_BROKEN },
  { "DELETE FROM transfer WHERE no = 4", JN_CHAIN_BROKEN },
  { "DELETE FROM transfer WHERE no = 1", JN_CHAIN_BROKEN },
  { "UPDATE transfer SET seal = zeroblob(44) WHERE no = 1", JN_CHAIN_BROKEN },
  { "UPDATE transfer SET seal = NULL WHERE no = 1", JN_CHAIN_BROKEN },
  { "UPDATE transfer SET seal = NULL WHERE no = 4", JN_CHAIN_BROKEN },
  { "UPDATE transfer SET recorded_us = 1 WHERE no >= 2", JN_CHAIN_BROKEN },
  { "UPDATE transfer SET recorded_us = 1 WHERE no = 3", JN_CHAIN_BROKEN },
  { "UPDATE account SET c_posted = c_posted + 1 WHERE no = 2", JN_INVARIANT },
  { "UPDATE account SET d_pending = 0 WHERE no = 1", JN_INVARIANT },
  { "UPDATE block SET data = zeroblob(length(data)) WHERE key >> 40 = 2", JN_INVARIANT },
  { "UPDATE block SET key = key + 1 WHERE key >> 40 = 2", JN_INVARIANT },
  { "INSERT INTO block SELECT key + 3, data FROM block WHERE key >> 40 = 2", JN_INVARIANT },
  { "INSERT INTO block VALUES (9 << 40, x'00')", JN_INVARIANT },
  { "DELETE FROM block WHERE key >> 40 = 1", JN_INVARIANT },
  { "DELETE FROM id_key WHERE no = 2", JN_INVARIANT },
  { "UPDATE id_key SET no = 2 WHERE no = 1", JN_INVARIANT },
  { "UPDATE month SET c = c - 1 WHERE account = 2", JN_INVARIANT },
  { "UPDATE month SET d = d + 1 WHERE account = 1", JN_INVARIANT },
  { "UPDATE month SET n_d = n_d + 1 WHERE account = 1", JN_INVARIANT },
  { "UPDATE month SET last_no = 1 WHERE account = 2", JN_INVARIANT },
  { "DELETE FROM month WHERE account = 1", JN_INVARIANT },
  { "UPDATE pending SET state = 2", JN_INVARIANT },
  { "DELETE FROM pending", JN_INVARIANT },
  { "UPDATE payee SET c = c + 1", JN_INVARIANT },
  { "UPDATE payee SET payee = payee + 1", JN_INVARIANT },
  { "DELETE FROM payee", JN_INVARIANT },
  { "DELETE FROM month WHERE account = -156", JN_INVARIANT },
  { "UPDATE account SET closed = 4 WHERE no = 2", JN_INVARIANT },
  { "UPDATE account SET closed = 0 WHERE closed > 0", JN_INVARIANT },
  { "UPDATE local SET category = 9", JN_INVARIANT },
  { "UPDATE local SET note = 'x'", JN_INVARIANT },
  { "DELETE FROM local", JN_INVARIANT },
  { "UPDATE shift SET c = c - 1", JN_INVARIANT },
  { "DELETE FROM shift", JN_INVARIANT },
  { "INSERT INTO shift VALUES (1, 202601, 1, 1, 0, 0, 0)", JN_INVARIANT },
  { "UPDATE annotation SET value = '8' WHERE field = 1", JN_INVARIANT },
  { "UPDATE annotation SET early = 1", JN_INVARIANT },
  { "DELETE FROM annotation", JN_INVARIANT },
  { "INSERT INTO lot VALUES (1, 1, 5, 1, 0, 0)", JN_INVARIANT },
  { "DELETE FROM lot", JN_INVARIANT },
  { "UPDATE lot SET left = left + 1", JN_INVARIANT },
  { "UPDATE lot SET expires_us = 9", JN_INVARIANT },
  { "DELETE FROM search_data WHERE id > 10", JN_INVARIANT },
  { "DELETE FROM search_note_data WHERE id > 10", JN_INVARIANT },
};

/* Each change made behind the ledger's back is found, and told as what it is. */
static void
test_damage (Booked *f, gconstpointer data)
{

  g_assert_cmpint (jn_verify (f->ledger, NULL, NULL), ==, JN_OK);
  for (guint i = 0; i < G_N_ELEMENTS (DAMAGES); i++)
    {
      Booked damaged = { 0 };
      Findings findings = { 0 };
      jn_status status;

      booked_set_up (&damaged, NULL);
      booked_close (&damaged);
      booked_sql (&damaged, DAMAGES[i].sql);
      damaged.ledger = world_open (&damaged.world);
      status = jn_verify (damaged.ledger, on_finding, &findings);
      g_test_message ("%s: %d, %u findings", DAMAGES[i].sql, status, findings.n);
      g_assert_cmpint (status, ==, DAMAGES[i].expected);
      g_assert_cmpuint (findings.n, >, 0);
      booked_tear_down (&damaged, NULL);
    }
}

static void
put (GByteArray *out, guint64 value, int bytes)
{
  for (int i = bytes - 1; i >= 0; i--)
    {
      guint8 byte = (guint8) (value >> (8 * i));

      g_byte_array_append (out, &byte, 1);
    }
}

static void
put_text (GByteArray *out, const char *text)
{
  put (out, strlen (text), 2);
  g_byte_array_append (out, (const guint8 *) text, (guint) strlen (text));
}

static void
hash_into (GByteArray *out, const GByteArray *in, gsize length)
{
  guint8 hash[32];

  crypto_generichash (hash, length, in->data, in->len, NULL, 0);
  g_byte_array_append (out, hash, (guint) length);
}

/* The leaf of a direct transfer, written from the description of the format and not with the engine's code. */
static void
expected_leaf (const jn_event *e, gint64 recorded_us, guint8 leaf[32])
{
  g_autoptr (GByteArray) r = g_byte_array_new ();
  g_autoptr (GByteArray) texts = g_byte_array_new ();

  put (r, 0, 1);
  g_byte_array_append (r, e->id.b, 16);
  g_byte_array_append (r, e->debit.b, 16);
  g_byte_array_append (r, e->credit.b, 16);
  put (r, (guint64) e->amount, 8);
  put (r, 0, 8);
  put (r, 0, 8);
  put (r, (guint64) e->value_date, 8);
  put (r, (guint64) recorded_us, 8);
  put (r, e->currency, 4);
  put (r, e->code, 2);
  put (r, (guint64) e->kind << 8 | e->flags, 2);
  put (texts, (guint64) e->occurred_us, 8);
  put (texts, (guint64) e->timeout_us, 8);
  put_text (texts, e->payee == NULL ? "" : e->payee);
  put_text (texts, e->memo == NULL ? "" : e->memo);
  hash_into (r, texts, 16);
  if (e->reference != NULL)
    {
      g_autoptr (GByteArray) reference = g_byte_array_new ();

      g_byte_array_append (reference, (const guint8 *) e->reference, (guint) strlen (e->reference));
      hash_into (r, reference, 16);
    }
  else
    {
      put (r, 0, 8);
      put (r, 0, 8);
    }
  g_assert_cmpuint (r->len, ==, 129);
  crypto_generichash (leaf, 32, r->data, r->len, NULL, 0);
}

static void
expected_node (const guint8 a[32], const guint8 b[32], guint8 out[32])
{
  guint8 bytes[65] = { 1 };

  memcpy (bytes + 1, a, 32);
  memcpy (bytes + 33, b, 32);
  crypto_generichash (out, 32, bytes, sizeof bytes, NULL, 0);
}

static void
expected_head (jn_head *head, gint64 recorded_us, guint64 n, const guint8 root[32])
{
  g_autoptr (GByteArray) r = g_byte_array_new ();

  put (r, 2, 1);
  g_byte_array_append (r, head->hash, 32);
  put (r, ++head->seq, 8);
  put (r, (guint64) recorded_us, 8);
  put (r, n, 8);
  g_byte_array_append (r, root, 32);
  crypto_generichash (head->hash, 32, r->data, r->len, NULL, 0);
}

static void
test_chain (void)
{
  World world;
  jn_ledger *ledger;
  jn_head head = { 0 }, expected = { 0 };
  jn_event events[3];
  jn_result results[3];
  guint8 leaves[3][32], left[32], root[32];

  world_init (&world);
  ledger = world_open (&world);
  for (guint64 i = 0; i < 2; i++)
    {
      jn_account a = world_account (i, JN_ACCOUNT_WORLD, 156, 0, G_MAXINT64);

      g_assert_cmpint (jn_account_open (ledger, &a), ==, JN_OK);
    }
  for (guint64 i = 0; i < 3; i++)
    events[i] = booked_pay_in (1 + i, (gint64) (100 + i));
  events[0].payee = "瑞幸咖啡";
  events[0].memo = "拿铁";
  events[0].occurred_us = 77;
  events[1].reference = "REF-1";
  g_assert_cmpint (jn_submit (ledger, events, 1, results, &head), ==, JN_OK);
  expected_leaf (&events[0], results[0].recorded_us, root);
  expected_head (&expected, results[0].recorded_us, 1, root);
  g_assert_cmpmem (&head, sizeof head, &expected, sizeof expected);

  for (guint64 i = 0; i < 3; i++)
    events[i].id = world_id (200, i);
  g_assert_cmpint (jn_submit (ledger, events, 3, results, &head), ==, JN_OK);
  for (gsize i = 0; i < 3; i++)
    expected_leaf (&events[i], results[i].recorded_us, leaves[i]);
  expected_node (leaves[0], leaves[1], left);
  expected_node (left, leaves[2], root);
  expected_head (&expected, results[0].recorded_us, 3, root);
  g_assert_cmpmem (&head, sizeof head, &expected, sizeof expected);

  /* A call that creates nothing leaves the chain alone, and the chain survives closing. */
  g_assert_cmpint (jn_submit (ledger, events, 3, results, &head), ==, JN_OK);
  g_assert_cmpint (results[2].status, ==, JN_EXISTS);
  g_assert_cmpmem (&head, sizeof head, &expected, sizeof expected);
  jn_close (ledger);
  ledger = world_open (&world);
  g_assert_cmpint (jn_head_get (ledger, &head), ==, JN_OK);
  g_assert_cmpmem (&head, sizeof head, &expected, sizeof expected);
  jn_close (ledger);
  world_clear (&world);
}

/* A snapshot keeps telling what was true when it began. */
static void
test_snapshot (Booked *f, gconstpointer data)
{
  jn_snapshot *before = NULL, *after = NULL;
  jn_event e = booked_pay_in (60, 1000);
  jn_id id = world_id (1, 1), nobody = world_id (9, 9);
  jn_balance balance;

  g_assert_cmpint (jn_snapshot_begin (f->ledger, &before), ==, JN_OK);
  booked_submit (f->ledger, &e, 1);
  g_assert_cmpint (jn_snapshot_begin (f->ledger, &after), ==, JN_OK);
  g_assert_cmpint (jn_balance_get (before, &id, &balance), ==, JN_OK);
  g_assert_cmpint (balance.posted, ==, 5202);
  g_assert_cmpint (jn_balance_get (after, &id, &balance), ==, JN_OK);
  g_assert_cmpint (balance.posted, ==, 6202);
  g_assert_cmpint (jn_balance_get (after, &nobody, &balance), ==, JN_NOT_FOUND);
  jn_snapshot_end (before);
  jn_snapshot_end (after);
}

static void
test_limits (Booked *f, gconstpointer data)
{
  g_autofree jn_event *events = g_new0 (jn_event, JN_BATCH_MAX + 1);
  g_autofree jn_result *results = g_new0 (jn_result, JN_BATCH_MAX + 1);
  g_autofree char *longest = g_strnfill (200, 'a');
  g_autofree char *too_long = g_strnfill (201, 'a');
  const char *bad[] = { too_long,           "\xff",        "\xe5\x92", "\xc0\x80", "\xed\xa0\x80",
                        "\xf4\x90\x80\x80", "\xed\xbf\xbf" };
  /* Right beside what is none. */
  const char *good[] = { "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf", "\x7f" };
  jn_key key = { { 0 } };
  jn_ledger *sealed = NULL;

  g_assert_cmpint (jn_submit (f->ledger, events, JN_BATCH_MAX + 1, results, NULL), ==, JN_TOO_MANY);
  for (guint64 i = 0; i < JN_BATCH_MAX; i++)
    events[i] = booked_pay_in (1000 + i, 1);
  events[0].memo = longest;
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    events[1 + i].memo = bad[i];
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    events[100 + i].memo = good[i];
  g_assert_cmpint (jn_submit (f->ledger, events, JN_BATCH_MAX, results, NULL), ==, JN_OK);
  for (guint i = 0; i < JN_BATCH_MAX; i++)
    g_assert_cmpint (results[i].status, ==, i >= 1 && i <= G_N_ELEMENTS (bad) ? JN_INVALID : JN_OK);
  g_assert_cmpint (jn_open (f->world.path, &key, &f->world.host, 0, &sealed), ==, JN_INVALID);
  g_assert_cmpint (jn_verify (f->ledger, NULL, NULL), ==, JN_OK);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name)                                                                                 \
  g_test_add ("/ledger/file/" #name, Booked, NULL, booked_set_up, test_##name, booked_tear_down)
  TEST (newer);
  TEST (not_a_ledger);
  TEST (damage);
  TEST (snapshot);
  TEST (limits);
#undef TEST
  g_test_add_func ("/ledger/file/chain", test_chain);
  return g_test_run ();
}
