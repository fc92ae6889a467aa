/* Sealed files of versions before: each opens with all payments, notices, entries and notes, and goes on. The fixtures were written by those
 * versions, with a key of forty-twos. */
#include "jn-error.h"
#include "jn-storage.h"
#include "remove-tree.h"

#include <glib/gstdio.h>
#include <string.h>

#define AT(second) ((JnInstant) (1780000000 + (second)) * JN_SECOND)
#define CARD "**** **** **** 1234"

/* What was in the files of this one and of all after it. */
typedef enum
{
  FORMAT_3 = 3, /* payments, their journal, the inbox, what came back */
  FORMAT_4 = 4, /* a top-up from a card */
} Format;

static JnId
id_of (guint8 mark)
{
  JnId id;
  memset (id.bytes, mark, sizeof id.bytes);
  return id;
}

static gboolean
is_id (const JnId *id, guint8 mark)
{
  JnId other = id_of (mark);
  return jn_id_equal (id, &other);
}

static char *
lay_out (Format format)
{
  static const char *const files[] = { "wallet.db", "wallet.db-slot", "ledger.db",
                                       "ledger.db-slot" };
  char *folder = g_dir_make_tmp ("jinnang-formats-XXXXXX", NULL);
  g_autofree char *name = g_strdup_printf ("format-%d", (int) format);

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *from =
          g_test_build_filename (G_TEST_DIST, "fixtures", "wallet", name, files[i], NULL);
      g_autofree char *to = g_build_filename (folder, files[i], NULL);
      g_autofree char *bytes = NULL;
      gsize length = 0;
      g_assert_true (g_file_get_contents (from, &bytes, &length, NULL));
      g_assert_true (g_file_set_contents_full (to, bytes, (gssize) length, G_FILE_SET_CONTENTS_NONE,
                                               0600, NULL));
    }
  return folder;
}

static JnStorage *
open_storage (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnClock) clock = JN_CLOCK (jn_manual_clock_new (AT (100000)));
  g_autoptr (JnEntropy) entropy = jn_seeded_entropy_new (5);
  guint8 bytes[32];

  memset (bytes, 42, sizeof bytes);
  g_autoptr (JnSecret) key = jn_secret_new (bytes, sizeof bytes);
  const JnStorageOptions options = {
    .folder = folder, .key = key, .clock = clock, .entropy = entropy
  };
  JnStorage *storage = jn_storage_open (&options, &error);
  g_assert_no_error (error);
  return storage;
}

static void
close_storage (JnStorage *storage)
{
  jn_storage_close (storage);
  g_assert_finalize_object (storage);
}

/* ---- what was kept ---- */

typedef struct
{
  guint8 mark;
  JnIntentKind kind;
  JnIntentState state;
  const char *payee, *memo, *card;
  gint64 amount;
  int reason;
  guint8 transaction;
  gboolean was_approved, was_cancelled;
  const char *steps; /* "step×times" */
  Format since;
} Payment;

static const Payment payments[] = {
  { 0x11, JN_INTENT_PAYMENT, JN_INTENT_MADE, "晨光咖啡", "早餐", NULL, 1900, 0, 0x21, TRUE, FALSE,
    "created×1 quoted×1 approved×1 made×1", FORMAT_3 },
  { 0x12, JN_INTENT_TRANSFER, JN_INTENT_UNKNOWN, "李雷", NULL, NULL, 5000, JN_ERROR_SENT_NO_ANSWER,
    0, TRUE, FALSE, "created×1 approved×1 not known yet×1 checked×3", FORMAT_3 },
  { 0x13, JN_INTENT_PAYMENT, JN_INTENT_NOT_MADE, "家门口超市", NULL, NULL, 700, JN_ERROR_CANCELLED,
    0, TRUE, TRUE, "created×1 approved×1 cancelled×1 settled×1", FORMAT_3 },
  { 0x14, JN_INTENT_PAYMENT, JN_INTENT_OPEN, "地铁", NULL, NULL, 400, 0, 0, FALSE, FALSE,
    "created×1", FORMAT_3 },
  { 0x15, JN_INTENT_TOP_UP, JN_INTENT_MADE, "示例银行", NULL, CARD, 10000, 0, 0x24, TRUE, FALSE,
    "created×1 approved×1 made×1", FORMAT_4 },
};

static void
check_steps (JnOutbox *outbox, const JnId *id, const char *expected)
{
  g_autoptr (GPtrArray) steps = jn_outbox_list_steps (outbox, id, NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < steps->len; i++)
    {
      const JnIntentStep *step = steps->pdata[i];
      g_string_append_printf (text, "%s%s×%u", i > 0 ? " " : "", step->step, step->times);
      g_assert_cmpint (step->last_at - step->at, ==, (gint64) (step->times - 1) * JN_SECOND);
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
check_payment (JnOutbox *outbox, const Payment *payment)
{
  JnId id = id_of (payment->mark);
  g_autoptr (JnIntent) intent = jn_outbox_get (outbox, &id, NULL);

  g_assert_nonnull (intent);
  g_assert_cmpint (intent->kind, ==, payment->kind);
  g_assert_cmpint (intent->state, ==, payment->state);
  g_assert_cmpstr (intent->payee_name, ==, payment->payee);
  g_assert_cmpstr (intent->payee_account, ==, "6299880020000000019");
  g_assert_cmpstr (intent->memo, ==, payment->memo);
  g_assert_cmpstr (intent->card, ==, payment->card);
  g_assert_null (intent->order);
  g_assert_cmpint (intent->category, ==, JN_CATEGORY_DINING);
  g_assert_cmpint (intent->amount.minor, ==, payment->amount);
  g_assert_cmpint (intent->amount.currency, ==, JN_CURRENCY_CNY);
  g_assert_cmpint (intent->created_at, ==, AT ((payment->mark - 0x10) * 10));
  g_assert_cmpint (intent->reason, ==, payment->reason);
  g_assert_true (is_id (&intent->transaction, payment->transaction));
  g_assert_cmpmem (g_bytes_get_data (intent->request, NULL), g_bytes_get_size (intent->request),
                   "{\"a\":1}", 7);
  g_assert_cmpint (intent->was_approved, ==, payment->was_approved);
  g_assert_cmpint (intent->was_cancelled, ==, payment->was_cancelled);
  check_steps (outbox, &id, payment->steps);
}

static void
check_outbox (JnOutbox *outbox, Format format)
{
  g_autoptr (GPtrArray) notices = jn_outbox_list_notices (outbox, 10, NULL);
  g_autoptr (GPtrArray) all = jn_outbox_list (outbox, NULL, 10, NULL);
  guint n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (payments); i++)
    if (payments[i].since <= format)
      {
        check_payment (outbox, &payments[i]);
        n++;
      }
  g_assert_cmpuint (all->len, ==, n);
  g_assert_cmpuint (notices->len, ==, format >= FORMAT_4 ? 2 : 1);
  const JnNotice *first = notices->pdata[notices->len - 1];
  g_assert_cmpint (first->kind, ==, JN_NOTICE_MADE);
  g_assert_true (is_id (&first->about, 0x11));
  g_assert_cmpstr (first->payee, ==, "晨光咖啡");
  g_assert_false (first->seen);
  if (format >= FORMAT_4)
    g_assert_cmpint (((const JnNotice *) notices->pdata[0])->kind, ==, JN_NOTICE_TOPPED_UP);
}

static void
check_details (JnStorage *storage, Format format)
{
  JnId payment = id_of (0x21), top_up = id_of (0x24), intent = id_of (0x11), found;
  g_autoptr (JnEntryDetail) detail = jn_storage_get_entry_detail (storage, &payment);
  g_autoptr (JnEntryDetail) charged = jn_storage_get_entry_detail (storage, &top_up);

  g_assert_nonnull (detail);
  g_assert_cmpint (detail->kind, ==, JN_WIRE_KIND_PAYMENT);
  g_assert_cmpint (detail->original.minor, ==, -2200);
  g_assert_cmpint (detail->discount.minor, ==, 300);
  g_assert_cmpint (detail->points_earned, ==, 19);
  g_assert_null (detail->card);
  g_assert_cmpstr (charged != NULL ? charged->card : NULL, ==, format >= FORMAT_4 ? CARD : NULL);
  g_assert_true (jn_storage_find_intent (storage, &intent, &found));
  g_assert_true (is_id (&found, 0x21));
  g_assert_true (jn_storage_find_return (storage, &payment, &found));
  g_assert_true (is_id (&found, 0x22));
}

/* The customer's own words, and what they do to the months. */
static void
check_notes (jn_snapshot *snapshot, const jn_id *money)
{
  jn_annotation_row note;
  jn_rollup_row months[8];
  jn_entry_row rows[4];
  size_t n_months = G_N_ELEMENTS (months), n_rows = G_N_ELEMENTS (rows);
  jn_page page = { .search = "小李" };
  int64_t moved = 0;
  jn_id id;

  memset (id.b, 0x21, sizeof id.b);
  g_assert_cmpint (jn_annotation_get (snapshot, &id, JN_FIELD_NOTE, &note), ==, JN_OK);
  g_assert_cmpstr (note.value, ==, "与小李的早餐");
  g_assert_cmpint (jn_entries (snapshot, money, &page, rows, &n_rows), ==, JN_OK);
  g_assert_cmpuint (n_rows, ==, 1);
  g_assert_cmpmem (rows[0].id.b, sizeof id.b, id.b, sizeof id.b);
  g_assert_cmpstr (rows[0].memo, ==, "早餐");
  g_assert_cmpint (rows[0].category, ==, 3);
  g_assert_cmpint (jn_rollup (snapshot, money, 202605, 202605, months, &n_months), ==, JN_OK);
  for (size_t i = 0; i < n_months; i++)
    if (months[i].code == 3)
      moved += months[i].d;
  g_assert_cmpint (moved, ==, 1900);
}

static void
check_ledger (JnStorage *storage, Format format)
{
  jn_snapshot *snapshot = NULL;
  jn_page page = { 0 };
  jn_balance balance;
  uint64_t n = 0;
  jn_id money;

  g_assert_true (jn_storage_get_accounts (storage, &money, NULL));
  g_assert_cmpint (jn_snapshot_begin (jn_storage_get_ledger (storage), &snapshot), ==, JN_OK);
  g_assert_cmpint (jn_entry_count (snapshot, &money, &page, &n), ==, JN_OK);
  g_assert_cmpint (jn_balance_get (snapshot, &money, &balance), ==, JN_OK);
  check_notes (snapshot, &money);
  jn_snapshot_end (snapshot);
  g_assert_cmpuint (n, ==, format >= FORMAT_4 ? 4 : 3);
  g_assert_cmpint (balance.posted, ==, format >= FORMAT_4 ? 130000 : 120000);
}

static void
check_whole (JnStorage *storage, Format format)
{
  g_autoptr (GBytes) profile = jn_storage_get_document (storage, "profile", NULL);

  g_assert_nonnull (profile);
  g_assert_cmpmem (g_bytes_get_data (profile, NULL), g_bytes_get_size (profile), "{\"profile\":1}",
                   13);
  g_assert_cmpint (jn_storage_get_synced_at (storage), ==, AT (61));
  check_outbox (jn_storage_get_outbox (storage), format);
  check_details (storage, format);
  check_ledger (storage, format);
}

static void
test_format (gconstpointer data)
{
  Format format = (Format) GPOINTER_TO_INT (data);
  g_autofree char *folder = lay_out (format);
  g_autoptr (GError) error = NULL;

  /* Twice: as it was written, and as it was left. */
  for (int i = 0; i < 2; i++)
    {
      JnStorage *storage = open_storage (folder);
      check_whole (storage, format);
      close_storage (storage);
    }
  /* What only this version keeps has its place. */
  JnStorage *storage = open_storage (folder);
  JnIntentChange change = { .id = id_of (0x14), .now = AT (70), .order = (char *) "{\"order\":1}" };
  jn_outbox_apply (jn_storage_get_outbox (storage), &change, &error);
  g_assert_no_error (error);
  g_autoptr (JnIntent) intent = jn_outbox_get (jn_storage_get_outbox (storage), &change.id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (intent->order, ==, "{\"order\":1}");
  close_storage (storage);
  remove_tree (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/bank/formats/3", GINT_TO_POINTER (FORMAT_3), test_format);
  g_test_add_data_func ("/bank/formats/4", GINT_TO_POINTER (FORMAT_4), test_format);
  return g_test_run ();
}
