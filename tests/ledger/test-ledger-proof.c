/* Proofs hold for what is there and for nothing else; an old copy of the file is noticed. */
#include <sqlite3.h>
#include <string.h>

#include <glib/gstdio.h>

#include "ledger-world.h"

#define N_COMMITS 24

typedef struct
{
  World world;
  jn_ledger *ledger;
  jn_head kept;
  jn_head heads[N_COMMITS + 1];
  guint64 n;
} Fixture;

static bool
load_head (void *ctx, jn_head *out)
{
  Fixture *f = (Fixture *) ctx; /* the world is its first member */

  *out = f->kept;
  return true;
}

static void
store_head (void *ctx, const jn_head *head)
{
  ((Fixture *) ctx)->kept = *head;
}

static void
submit (Fixture *f, gsize n, jn_head *head)
{
  jn_event events[40];
  jn_result results[40];

  for (gsize i = 0; i < n; i++)
    {
      guint64 no = ++f->n;

      events[i] =
          world_transfer (world_id (100 + no, no), world_id (1, 0), world_id (1, 1), (gint64) no);
      events[i].payee = "瑞幸咖啡";
      events[i].kind = no % 7 == 3 ? JN_PENDING : JN_TRANSFER;
    }
  f->world.now += 1000;
  g_assert_cmpint (jn_submit (f->ledger, events, n, results, head), ==, JN_OK);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  world_init (&f->world);
  f->world.host.tail_rows = 30;
  f->world.host.head_load = load_head;
  f->world.host.head_store = store_head;
  f->ledger = world_open (&f->world);
  for (guint64 i = 0; i < 2; i++)
    {
      jn_account a = world_account (i, JN_ACCOUNT_WORLD, 156, 0, G_MAXINT64);

      g_assert_cmpint (jn_account_open (f->ledger, &a), ==, JN_OK);
    }
  for (guint c = 1; c <= N_COMMITS; c++)
    submit (f, c, &f->heads[c]);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  jn_close (f->ledger);
  world_clear (&f->world);
}

/* Every change of one bit in what the proof says breaks it. */
static void
assert_tight (const jn_proof *proof, const jn_head *head)
{
  jn_proof bent;
  jn_head other = *head;

  for (gsize i = 0; i < sizeof proof->record; i++)
    {
      bent = *proof;
      bent.record[i] ^= 1;
      g_assert_cmpint (jn_verify_proof (&bent, NULL, 0, head), ==, JN_CHAIN_BROKEN);
    }
  for (guint i = 0; i < proof->n_path; i++)
    {
      bent = *proof;
      bent.path[i][i] ^= 0x80;
      g_assert_cmpint (jn_verify_proof (&bent, NULL, 0, head), ==, JN_CHAIN_BROKEN);
    }
  bent = *proof;
  bent.previous[5] ^= 1;
  g_assert_cmpint (jn_verify_proof (&bent, NULL, 0, head), ==, JN_CHAIN_BROKEN);
  bent = *proof;
  bent.seq++;
  g_assert_cmpint (jn_verify_proof (&bent, NULL, 0, head), ==, JN_CHAIN_BROKEN);
  bent = *proof;
  bent.n++;
  g_assert_cmpint (jn_verify_proof (&bent, NULL, 0, head), ==, JN_CHAIN_BROKEN);
  bent = *proof;
  bent.n = 0;
  g_assert_cmpint (jn_verify_proof (&bent, NULL, 0, head), ==, JN_CHAIN_BROKEN);
  bent = *proof;
  bent.index = proof->n;
  g_assert_cmpint (jn_verify_proof (&bent, NULL, 0, head), ==, JN_CHAIN_BROKEN);
  bent = *proof;
  bent.n_path = 40;
  g_assert_cmpint (jn_verify_proof (&bent, NULL, 0, head), ==, JN_CHAIN_BROKEN);
  other.hash[31] ^= 1;
  g_assert_cmpint (jn_verify_proof (proof, NULL, 0, &other), ==, JN_CHAIN_BROKEN);
}

static void
test_proofs (Fixture *f, gconstpointer data)
{
  jn_snapshot *snapshot = NULL;
  jn_id nobody = world_id (9, 9);
  jn_proof proof;
  guint64 no = 0;

  g_assert_cmpint (jn_snapshot_begin (f->ledger, &snapshot), ==, JN_OK);
  for (guint c = 1; c <= N_COMMITS; c++)
    for (guint i = 0; i < c; i++)
      {
        jn_id id;
        jn_link links[N_COMMITS];
        gsize n = N_COMMITS;

        no++;
        id = world_id (100 + no, no);
        g_assert_cmpint (jn_prove (snapshot, &id, &proof), ==, JN_OK);
        g_assert_cmpuint (proof.seq, ==, c);
        g_assert_cmpuint (proof.n, ==, c);
        g_assert_cmpuint (proof.index, ==, i);
        g_assert_cmpuint (1u << proof.n_path, <, 2 * c + 1);
        g_assert_cmpmem (proof.record, 16, id.b, 16);
        g_assert_cmpint (jn_verify_proof (&proof, NULL, 0, &f->heads[c]), ==, JN_OK);
        if (no % 11 == 0)
          assert_tight (&proof, &f->heads[c]);
        if (no % 17 != 0)
          continue;
        g_assert_cmpint (jn_prove_links (snapshot, &proof, &id, links, &n), ==, JN_OK);
        g_assert_cmpuint (n, ==, N_COMMITS - c);
        g_assert_cmpint (jn_verify_proof (&proof, links, n, &f->heads[N_COMMITS]), ==, JN_OK);
        if (n == 0)
          continue;
        links[n - 1].root[0] ^= 1;
        g_assert_cmpint (jn_verify_proof (&proof, links, n, &f->heads[N_COMMITS]), ==,
                         JN_CHAIN_BROKEN);
        g_assert_cmpint (jn_verify_proof (&proof, links, n - 1, &f->heads[N_COMMITS]), ==,
                         JN_CHAIN_BROKEN);
      }
  g_assert_cmpint (jn_prove (snapshot, &nobody, &proof), ==, JN_NOT_FOUND);
  jn_snapshot_end (snapshot);
}

/* Links are those of the proof's own transfer, as many as there is room for. */
static void
test_links (Fixture *f, gconstpointer data)
{
  jn_snapshot *snapshot = NULL;
  jn_id first = world_id (101, 1), second = world_id (102, 2), last = world_id (100 + f->n, f->n),
        nobody = world_id (9, 9);
  jn_link links[N_COMMITS];
  jn_proof proof;

  g_assert_cmpint (jn_snapshot_begin (f->ledger, &snapshot), ==, JN_OK);
  g_assert_cmpint (jn_prove (snapshot, &first, &proof), ==, JN_OK);
  for (gsize room = 0; room < N_COMMITS; room++)
    {
      gsize n = room;

      g_assert_cmpint (jn_prove_links (snapshot, &proof, &first, links, &n), ==, JN_OK);
      g_assert_cmpuint (n, ==, room);
      g_assert_cmpint (jn_verify_proof (&proof, links, n, &f->heads[1 + n]), ==, JN_OK);
    }
  for (guint i = 0; i < 2; i++)
    {
      gsize n = N_COMMITS;

      g_assert_cmpint (jn_prove_links (snapshot, &proof, i == 0 ? &second : &nobody, links, &n), ==,
                       i == 0 ? JN_INVALID : JN_NOT_FOUND);
      g_assert_cmpuint (n, ==, 0);
    }
  g_assert_cmpint (jn_prove (snapshot, &last, &proof), ==, JN_OK);
  for (gsize n = N_COMMITS; n > 0;)
    {
      g_assert_cmpint (jn_prove_links (snapshot, &proof, &last, links, &n), ==, JN_OK);
      g_assert_cmpuint (n, ==, 0);
    }
  jn_snapshot_end (snapshot);
}

static void
reopen (Fixture *f, unsigned flags, jn_status expected)
{
  jn_close (f->ledger);
  f->ledger = NULL;
  g_assert_cmpint (jn_open (f->world.path, NULL, &f->world.host, flags, &f->ledger), ==, expected);
  g_assert_true ((f->ledger != NULL) == (expected == JN_OK));
}

static void
copy_file (Fixture *f, const char *from, const char *to)
{
  g_autofree char *bytes = NULL;
  gsize n = 0;

  g_assert_true (g_file_get_contents (from, &bytes, &n, NULL));
  g_assert_true (g_file_set_contents (to, bytes, (gssize) n, NULL));
}

static void
test_old_copy (Fixture *f, gconstpointer data)
{
  g_autofree char *copy = g_strconcat (f->world.path, ".copy", NULL);
  jn_head kept;

  g_assert_cmpuint (f->kept.seq, ==, N_COMMITS);
  jn_close (f->ledger);
  copy_file (f, f->world.path, copy);
  f->ledger = world_open (&f->world);
  submit (f, 3, NULL);
  submit (f, 1, NULL);
  reopen (f, 0, JN_OK);

  /* The head outside lags behind, as after a crash between the commit and the keeping. */
  kept = f->kept;
  f->kept = f->heads[N_COMMITS];
  reopen (f, 0, JN_OK);
  f->kept = f->heads[1];
  reopen (f, 0, JN_OK);
  f->kept = kept;

  jn_close (f->ledger);
  f->ledger = NULL;
  copy_file (f, copy, f->world.path);
  reopen (f, 0, JN_FILE_OLDER_THAN_HEAD);
  reopen (f, JN_OPEN_READ_ONLY, JN_FILE_OLDER_THAN_HEAD);
  reopen (f, JN_OPEN_ACCEPT_OLDER, JN_OK);
  g_assert_cmpint (jn_verify (f->ledger, NULL, NULL), ==, JN_OK);
  /* The copy goes another way and even further than the original went. */
  f->n += 1000;
  for (int i = 0; i < 4; i++)
    submit (f, 2, NULL);
  f->kept = kept;
  reopen (f, 0, JN_CHAIN_BROKEN);
}

/* A chain with a hole between the head outside and the end, or whose seals do not say where their commits begin. */
static void
test_broken_chain (Fixture *f, gconstpointer data)
{
  static const char *const damages[] = {
    "DELETE FROM transfer WHERE no = 153",
    "UPDATE transfer SET seal = NULL WHERE no = (SELECT max (no) FROM transfer)",
    "UPDATE transfer SET seal = NULL WHERE no > 1",
    "UPDATE transfer SET seal = zeroblob (44) WHERE no > 1 AND seal IS NOT NULL",
    "UPDATE transfer SET seal = CAST (substr (seal, 1, 8) || x'000fffff' || substr (seal, 13) AS "
    "BLOB)"
    " WHERE no > 1 AND seal IS NOT NULL",
    "UPDATE transfer SET seal = CAST (substr (seal, 1, 8) || x'00000002' || substr (seal, 13) AS "
    "BLOB)"
    " WHERE no > 1 AND seal IS NOT NULL",
    "UPDATE transfer SET seal = CAST (substr (seal, 1, 8) || x'0000012c' || substr (seal, 13) AS "
    "BLOB)"
    " WHERE no = 300",
    "UPDATE transfer SET seal = (SELECT seal FROM transfer WHERE no = 300) WHERE seal IS NOT NULL",
  };
  g_autofree char *copy = g_strconcat (f->world.path, ".copy", NULL);
  jn_head newest = f->kept;

  g_assert_cmpuint (f->n, ==, 300);
  reopen (f, 0, JN_OK);
  jn_close (f->ledger);
  f->ledger = NULL;
  copy_file (f, f->world.path, copy);
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      jn_status status;
      sqlite3 *db = NULL;

      g_test_message ("%s", damages[i]);
      copy_file (f, copy, f->world.path);
      g_assert_cmpint (sqlite3_open (f->world.path, &db), ==, SQLITE_OK);
      g_assert_cmpint (sqlite3_exec (db, damages[i], NULL, NULL, NULL), ==, SQLITE_OK);
      sqlite3_close (db);
      f->kept = f->heads[1];
      status = jn_open (f->world.path, NULL, &f->world.host, 0, &f->ledger);
      g_test_message ("%d", status);
      g_assert_true (status == JN_CHAIN_BROKEN || status == JN_FILE_OLDER_THAN_HEAD);
      g_assert_null (f->ledger);
    }
  copy_file (f, copy, f->world.path);
  reopen (f, 0, JN_OK);
  /* A head without a number is none. */
  f->kept = (jn_head){ 0 };
  reopen (f, 0, JN_OK);
  f->kept = newest;
  reopen (f, 0, JN_OK);
  submit (f, 2, NULL);
  g_assert_cmpint (jn_verify (f->ledger, NULL, NULL), ==, JN_OK);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/ledger/proof/proofs", Fixture, NULL, set_up, test_proofs, tear_down);
  g_test_add ("/ledger/proof/links", Fixture, NULL, set_up, test_links, tear_down);
  g_test_add ("/ledger/proof/broken-chain", Fixture, NULL, set_up, test_broken_chain, tear_down);
  g_test_add ("/ledger/proof/old-copy", Fixture, NULL, set_up, test_old_copy, tear_down);
  return g_test_run ();
}
