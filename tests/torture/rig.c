#include "rig.h"

#include <sodium.h>
#include <sqlite3.h>
#include <string.h>

#include "jn-seal-vfs.h"

#define N_ACCOUNTS 8
#define N_IDS 60
#define ROOM 200

static guint64 entropy;

static int64_t
read_now (void *ctx)
{
  return ((Rig *) ctx)->now;
}

static bool
load_head (void *ctx, jn_head *out)
{
  const Rig *rig = ctx;

  *out = rig->head;
  return rig->has_head;
}

static void
store_head (void *ctx, const jn_head *head)
{
  Rig *rig = ctx;

  rig->head = *head;
  rig->has_head = TRUE;
}

void
rig_forget (void)
{
  static const guint8 key[JN_SEAL_KEY_SIZE] = { 0x4b, 1, 2, 3 };
  static const guint8 uuid[JN_SEAL_UUID_SIZE] = { 0x55, 4, 5, 6 };
  static const guint8 other[JN_SEAL_UUID_SIZE] = { 0x55, 7, 8, 9 };

  jn_seal_vfs_remove_key (RIG_VFS, RIG_PATH);
  jn_seal_vfs_remove_key (RIG_VFS, RIG_COPY);
  g_assert_cmpint (jn_seal_vfs_add_key (RIG_VFS, RIG_PATH, uuid, key), ==, JN_SEAL_OK);
  g_assert_cmpint (jn_seal_vfs_add_key (RIG_VFS, RIG_COPY, other, key), ==, JN_SEAL_OK);
}

static const char *
name_entropy (void)
{
  return "seeded";
}

static void
fill_entropy (void *const out, const size_t n)
{
  guint8 *bytes = out;

  for (gsize i = 0; i < n; i++)
    bytes[i] = (guint8) disk_random (&entropy);
}

static guint32
draw_entropy (void)
{
  return (guint32) disk_random (&entropy);
}

void
rig_same_again (void)
{
  entropy = 1;
  sqlite3_test_control (SQLITE_TESTCTRL_PRNG_SEED, 1, NULL);
}

void
rig_set_up (void)
{
  static randombytes_implementation seeded = { .implementation_name = name_entropy,
                                               .random = draw_entropy,
                                               .buf = fill_entropy };

  randombytes_set_implementation (&seeded);
  fault_vfs_register ();
  g_assert_cmpint (jn_seal_vfs_register (RIG_VFS, "jn-fault"), ==, 0);
  rig_forget ();
}

Rig *
rig_new (const Disk *image, const char *path, const char *vfs)
{
  Rig *rig = g_new0 (Rig, 1);

  rig->disk = disk_clone (image);
  rig->path = path == NULL ? RIG_PATH : path;
  rig->now = G_GINT64_CONSTANT (1700000100000000);
  rig->host = (jn_host){ .now_us = read_now,
                         .ctx = rig,
                         .vfs = vfs == NULL ? RIG_VFS : vfs,
                         .head_load = load_head,
                         .head_store = store_head,
                         .tail_rows = 16 };
  disk_record (rig->disk);
  fault_vfs_use (rig->disk);
  return rig;
}

void
rig_free (Rig *rig)
{
  rig_close (rig);
  fault_vfs_use (NULL);
  disk_free (rig->disk);
  g_free (rig->printed);
  g_free (rig);
}

jn_status
rig_open (Rig *rig)
{
  return jn_open (rig->path, NULL, &rig->host, 0, &rig->ledger);
}

jn_status
rig_open_older (Rig *rig)
{
  return jn_open (rig->path, NULL, &rig->host, JN_OPEN_ACCEPT_OLDER, &rig->ledger);
}

unsigned
rig_next_fault (unsigned n)
{
#ifdef __SANITIZE_ADDRESS__
  const unsigned first = 12, share = 4;
#else
  const unsigned first = 80, share = 30;
#endif

  return n < first || g_getenv ("JN_EXHAUSTIVE") != NULL ? n + 1 : n + 1 + n / share;
}

void
rig_close (Rig *rig)
{
  jn_close (rig->ledger);
  rig->ledger = NULL;
}

jn_id
rig_id (guint8 kind, guint32 n)
{
  jn_id id = { { kind } };

  for (int i = 0; i < 4; i++)
    id.b[15 - i] = (guint8) (n >> (8 * i));
  return id;
}

/* ---- everything that can be read ---- */

static void
print_rows (GString *out, const jn_entry_row *rows, gsize n)
{
  for (gsize i = 0; i < n; i++)
    g_string_append_printf (
        out,
        "  %" G_GUINT64_FORMAT " %02x%02x %u %u %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
        " %d %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s|%s|%s\n",
        rows[i].no, rows[i].id.b[0], rows[i].id.b[15], rows[i].kind, rows[i].code, rows[i].amount,
        rows[i].posted_after, rows[i].value_date, rows[i].recorded_us, rows[i].expires_us,
        rows[i].payee, rows[i].memo, rows[i].reference);
}

static jn_status
print_entries (jn_snapshot *snapshot, const jn_id *id, const char *search, GString *out)
{
  static jn_entry_row rows[ROOM];
  jn_page page = { .search = search };
  gsize n = ROOM;
  guint64 count = 0;
  jn_status status = jn_entries (snapshot, id, &page, rows, &n);

  if (status != JN_OK)
    return status;
  g_string_append_printf (out, " entries %s\n", search == NULL ? "" : search);
  print_rows (out, rows, n);
  if (search != NULL)
    return JN_OK;
  status = jn_entry_count (snapshot, id, &page, &count);
  g_string_append_printf (out, " count %" G_GUINT64_FORMAT "\n", count);
  return status;
}

static jn_status
print_sums (jn_snapshot *snapshot, const jn_id *id, GString *out)
{
  jn_rollup_row rows[40];
  jn_day_row days[31];
  gsize n = G_N_ELEMENTS (rows), n_days = G_N_ELEMENTS (days);
  gint64 as_of = 0, known = 0;
  jn_status status = jn_rollup (snapshot, id, 202601, 202612, rows, &n);

  for (gsize i = 0; status == JN_OK && i < n; i++)
    g_string_append_printf (out, " month %d %u %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %d %d\n",
                            rows[i].month, rows[i].code, rows[i].d, rows[i].c, (int) rows[i].n_d,
                            (int) rows[i].n_c);
  if (status == JN_OK)
    status = jn_days (snapshot, id, 202611, days, &n_days);
  for (gsize i = 0; status == JN_OK && i < n_days; i++)
    g_string_append_printf (out, " day %d %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
                            days[i].date, days[i].d, days[i].c);
  if (status == JN_OK)
    status = jn_balance_as_of (snapshot, id, 20261110, &as_of);
  if (status == JN_OK)
    status = jn_balance_known_at (snapshot, id, G_GINT64_CONSTANT (1700000010000000), &known);
  g_string_append_printf (out, " as of %" G_GINT64_FORMAT " known %" G_GINT64_FORMAT "\n", as_of,
                          known);
  return status;
}

static jn_status
print_lots (jn_snapshot *snapshot, const jn_id *id, GString *out)
{
  jn_lot lots[8];
  gsize n = G_N_ELEMENTS (lots);
  jn_status status = jn_lots (snapshot, id, lots, &n);

  for (gsize i = 0; status == JN_OK && i < n; i++)
    g_string_append_printf (
        out,
        " lot %02x%02x %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " until %" G_GINT64_FORMAT "\n",
        lots[i].id.b[0], lots[i].id.b[15], lots[i].left, lots[i].granted, lots[i].expires_us);
  return status;
}

/* By payee and over all accounts, and one row by its id. */
static jn_status
print_wholes (jn_snapshot *snapshot, GString *out)
{
  jn_id account = rig_id (1, 1), id = rig_id (2, 3), held = rig_id (3, 1);
  jn_rollup_row rows[40];
  jn_payee_row payees[8];
  jn_entry_row row;
  gsize n = G_N_ELEMENTS (payees), n_rows = G_N_ELEMENTS (rows);
  jn_status status = jn_rollup_payees (snapshot, 156, 202601, 202612, payees, &n, NULL);

  for (gsize i = 0; status == JN_OK && i < n; i++)
    g_string_append_printf (out, "payee %s %d %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
                            payees[i].payee, payees[i].month, payees[i].d, payees[i].c);
  if (status == JN_OK)
    status = jn_rollup_all (snapshot, 156, 202601, 202612, rows, &n_rows);
  for (gsize i = 0; status == JN_OK && i < n_rows; i++)
    g_string_append_printf (out, "all %d %u %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
                            rows[i].month, rows[i].code, rows[i].d, rows[i].c);
  for (int i = 0; status == JN_OK && i < 2; i++)
    {
      status = jn_entry_get (snapshot, &account, i == 0 ? &id : &held, &row);
      if (status == JN_OK)
        print_rows (out, &row, 1);
      status = status == JN_NOT_FOUND ? JN_OK : status;
    }
  return status;
}

static jn_status
print_account (Rig *rig, jn_snapshot *snapshot, guint i, GString *out)
{
  static jn_entry_row holds[ROOM];
  jn_id id = rig_id (1, i);
  gsize n = ROOM, total = 0;
  jn_balance b;
  jn_account a;
  jn_status status = jn_account_get (rig->ledger, &id, &a);

  g_string_append_printf (out, "account %u: ", i);
  if (status == JN_NOT_FOUND)
    {
      g_string_append (out, "none\n");
      return JN_OK;
    }
  if (status == JN_OK)
    status = jn_balance_get (snapshot, &id, &b);
  if (status != JN_OK)
    return status;
  g_string_append_printf (out,
                          "%u %u %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                          " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
                          a.class_, a.currency, b.d_posted, b.c_posted, b.d_pending, b.c_pending,
                          b.available);
  status = jn_holds (snapshot, &id, holds, &n, &total);
  if (status == JN_OK)
    print_rows (out, holds, n);
  if (status == JN_OK)
    status = print_entries (snapshot, &id, NULL, out);
  if (status == JN_OK)
    status = print_entries (snapshot, &id, i == 1 ? "anary" : "店", out);
  if (status == JN_OK)
    status = print_lots (snapshot, &id, out);
  return status == JN_OK ? print_sums (snapshot, &id, out) : status;
}

static jn_status
print_outcomes (Rig *rig, GString *out)
{
  /* By kind, more than any call uses. */
  static const guint32 n_ids[] = { 0, 0, N_IDS, 8, 16, 16, 4 };

  for (guint8 kind = 2; kind < G_N_ELEMENTS (n_ids); kind++)
    for (guint32 n = 0; n < n_ids[kind]; n++)
      {
        jn_id id = rig_id (kind, n);
        jn_result result;
        jn_status status = jn_outcome (rig->ledger, &id, &result);

        if (status != JN_OK && status != JN_NOT_FOUND)
          return status;
        if (status == JN_OK)
          g_string_append_printf (out, "%u.%u %d %" G_GINT64_FORMAT " %d\n", kind, n, result.status,
                                  result.amount, (int) result.no);
      }
  return JN_OK;
}

static jn_status
print_annotations (jn_snapshot *snapshot, GString *out)
{
  jn_annotation_row rows[20];
  gsize n = G_N_ELEMENTS (rows);
  jn_status status = jn_annotation_list (snapshot, NULL, rows, &n);

  for (gsize i = 0; status == JN_OK && i < n; i++)
    g_string_append_printf (out, "note %02x%02x %u %" G_GUINT64_FORMAT " %s\n",
                            rows[i].transfer.b[0], rows[i].transfer.b[15], rows[i].field,
                            rows[i].hlc, rows[i].value);
  return status;
}

/* Of every row that has a proof: that it holds to the head. */
static jn_status
print_proofs (Rig *rig, jn_snapshot *snapshot, const jn_head *head, GString *out)
{
  for (guint32 n = 1; n < N_IDS; n += 7)
    {
      static jn_link links[ROOM];
      jn_id id = rig_id (2, n);
      jn_proof proof;
      gsize n_links = ROOM;
      jn_status status = jn_prove (snapshot, &id, &proof);

      if (status == JN_NOT_FOUND)
        continue;
      if (status == JN_OK)
        status = jn_prove_links (snapshot, &proof, &id, links, &n_links);
      if (status == JN_OK)
        status = jn_verify_proof (&proof, links, n_links, head);
      if (status != JN_OK)
        return status;
      g_string_append_printf (out, "proof %u %d\n", n, (int) proof.seq);
    }
  return JN_OK;
}

static jn_status
print_state (Rig *rig, jn_snapshot *snapshot, GString *out)
{
  jn_head head = { 0 };
  guint64 cursor = 0;
  jn_status status = jn_head_get (rig->ledger, &head);

  g_string_append_printf (out, "head %d ", (int) head.seq);
  for (guint i = 0; i < 32; i++)
    g_string_append_printf (out, "%02x", head.hash[i]);
  if (status == JN_OK)
    status = jn_feed_cursor (rig->ledger, "main", &cursor);
  g_string_append_printf (out, "\ncursor %d\n", (int) cursor);
  for (guint i = 0; status == JN_OK && i < N_ACCOUNTS; i++)
    status = print_account (rig, snapshot, i, out);
  if (status == JN_OK)
    status = print_wholes (snapshot, out);
  if (status == JN_OK)
    status = print_annotations (snapshot, out);
  if (status == JN_OK)
    status = print_outcomes (rig, out);
  return status == JN_OK ? print_proofs (rig, snapshot, &head, out) : status;
}

jn_status
rig_print (Rig *rig, char **out)
{
  jn_snapshot *snapshot = NULL;
  GString *text = g_string_new (NULL);
  jn_status status = jn_snapshot_begin (rig->ledger, &snapshot);

  if (status == JN_OK)
    status = print_state (rig, snapshot, text);
  jn_snapshot_end (snapshot);
  *out = g_string_free (text, status != JN_OK);
  return status;
}
