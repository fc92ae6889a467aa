/* Files of an older version are sealed once, whatever happens in between; keys, damage and older copies are different answers. */
#include "broken-disk.h"

#include "jn-error.h"
#include "jn-storage.h"
#include "remove-tree.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ENTRIES 277
#define PAGE 4096

static const char *const files[] = { "wallet.db", "ledger.db" };

typedef struct
{
  char *folder;
  JnClock *clock;
  JnEntropy *entropy;
  JnSecret *key;
  /* What is kept outside. */
  gboolean kept;
  guint8 uuid[16];
  jn_head head;
  guint n_stored;
} Fixture;

static gboolean
load_head (gpointer data, const guint8 uuid[16], jn_head *out)
{
  Fixture *f = data;
  *out = f->head;
  if (memcmp (uuid, f->uuid, sizeof f->uuid) != 0)
    out->seq = G_MAXUINT64;
  return f->kept && f->head.seq > 0;
}

static void
store_head (gpointer data, const guint8 uuid[16], const jn_head *head)
{
  Fixture *f = data;
  f->kept = TRUE;
  f->head = *head;
  f->n_stored++;
  memcpy (f->uuid, uuid, sizeof f->uuid);
}

static JnStorage *
try_open (Fixture *f, JnSecret *key, JnStorageFault *fault, GError **error)
{
  JnStorageOptions options = { .folder = f->folder,
                               .key = key,
                               .heads = { .load = load_head, .store = store_head, .data = f },
                               .clock = f->clock,
                               .entropy = f->entropy,
                               .fault = fault };
  return jn_storage_open (&options, error);
}

static JnStorage *
open_storage (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  JnStorage *storage = try_open (f, f->key, NULL, &error);
  g_assert_no_error (error);
  return storage;
}

static void
close_storage (JnStorage *storage)
{
  jn_storage_close (storage);
  g_assert_finalize_object (storage);
}

static void
refused (Fixture *f, JnSecret *key, JnErrorCode code, JnStorageFault *fault)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (try_open (f, key, fault, &error));
  g_assert_error (error, JN_ERROR, (int) code);
}

static char *
path_of (Fixture *f, const char *name)
{
  return g_build_filename (f->folder, name, NULL);
}

static GBytes *
read_file (const char *path)
{
  char *data = NULL;
  gsize length = 0;
  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  return g_bytes_new_take (data, length);
}

/* The wallet as the version before the sealed store left it. */
static void
lay_out_plain (Fixture *f)
{
  remove_tree (f->folder);
  g_assert_cmpint (g_mkdir (f->folder, 0700), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *from =
          g_test_build_filename (G_TEST_DIST, "fixtures", "wallet", files[i], NULL);
      g_autofree char *to = path_of (f, files[i]);
      g_autoptr (GBytes) bytes = read_file (from);
      g_assert_true (g_file_set_contents_full (to, g_bytes_get_data (bytes, NULL),
                                               (gssize) g_bytes_get_size (bytes),
                                               G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    }
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = g_dir_make_tmp ("jinnang-sealed-XXXXXX", NULL);
  f->clock = JN_CLOCK (jn_manual_clock_new (1800000000 * JN_SECOND));
  f->entropy = jn_seeded_entropy_new (3);
  f->key = jn_secret_new_random (32);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  remove_tree (f->folder);
  g_free (f->folder);
  g_object_unref (f->clock);
  g_object_unref (f->entropy);
  jn_secret_unref (f->key);
}

/* ---- what was in the files ---- */

static gboolean
has_text (GBytes *bytes, const char *text)
{
  return memmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, strlen (text))
         != NULL;
}

static gboolean
leaks (Fixture *f)
{
  gsize length;
  const guint8 *key = jn_secret_get (f->key, &length);
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;
  gboolean found = FALSE;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = path_of (f, name);
      g_autoptr (GBytes) bytes = read_file (path);
      found |=
          has_text (bytes, "晨光咖啡") || has_text (bytes, "CREATE TABLE")
          || memmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), key, length) != NULL;
    }
  return found;
}

static guint64
count_entries (JnStorage *storage, gint64 *posted)
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
  jn_snapshot_end (snapshot);
  *posted = balance.posted;
  return n;
}

/* The ledger, the details and the outbox of the fixture. */
static void
check_whole (Fixture *f)
{
  JnStorage *storage = open_storage (f);
  g_autoptr (GBytes) profile = jn_storage_get_document (storage, "profile", NULL);
  g_autoptr (GPtrArray) intents = jn_outbox_list (jn_storage_get_outbox (storage), NULL, 10, NULL);
  gint64 posted;

  g_assert_nonnull (profile);
  g_assert_cmpuint (intents->len, ==, 1);
  const JnIntent *intent = intents->pdata[0];
  g_assert_cmpint (intent->state, ==, JN_INTENT_MADE);
  g_assert_cmpstr (intent->payee_name, ==, "晨光咖啡");
  g_assert_cmpuint (count_entries (storage, &posted), ==, ENTRIES);
  g_assert_cmpint (posted, ==, 118100);
  g_assert_cmpint (jn_verify (jn_storage_get_ledger (storage), NULL, NULL), ==, JN_OK);
  close_storage (storage);
  g_assert_false (leaks (f));
  g_assert_true (jn_storage_is_sealed (f->folder));
}

/* ---- sealing ---- */

typedef struct
{
  guint calls;
  guint64 done, total;
} Progress;

static void
on_progress (gpointer data, guint64 done, guint64 total)
{
  Progress *progress = data;
  g_assert_cmpuint (done, >=, progress->done);
  g_assert_cmpuint (done, <=, total);
  progress->calls++;
  progress->done = done;
  progress->total = total;
}

static void
test_convert (Fixture *f, gconstpointer data)
{
  Progress progress = { 0 };
  JnStorageOptions options = { .folder = f->folder,
                               .key = f->key,
                               .clock = f->clock,
                               .entropy = f->entropy,
                               .progress = on_progress,
                               .progress_data = &progress };
  g_autoptr (GError) error = NULL;

  lay_out_plain (f);
  g_assert_true (leaks (f));
  g_assert_false (jn_storage_is_sealed (f->folder));
  JnStorage *storage = jn_storage_open (&options, &error);
  g_assert_no_error (error);
  close_storage (storage);
  g_assert_cmpuint (progress.calls, >, 10);
  g_assert_cmpuint (progress.done, ==, progress.total);
  check_whole (f);
  progress = (Progress){ 0 };
  storage = jn_storage_open (&options, &error);
  g_assert_no_error (error);
  close_storage (storage);
  g_assert_cmpuint (progress.calls, ==, 0);
}

/* Never comes back. */
static void
open_in_child (Fixture *f, BrokenDisk how, guint at, int tell)
{
  g_autoptr (GError) error = NULL;
  broken_disk_set (how, at);
  JnStorage *storage = try_open (f, f->key, NULL, &error);
  guint count = broken_disk_count ();
  broken_disk_set (BROKEN_DISK_COUNTS, 0);
  if (tell >= 0 && write (tell, &count, sizeof count) != (ssize_t) sizeof count)
    _exit (3);
  if (storage == NULL && error->domain != JN_ERROR)
    _exit (4);
  _exit (storage != NULL ? 0 : 1);
}

static guint
count_changes (Fixture *f)
{
  int ends[2];
  guint count = 0;
  int status;

  lay_out_plain (f);
  g_assert_cmpint (pipe (ends), ==, 0);
  pid_t child = fork ();
  if (child == 0)
    open_in_child (f, BROKEN_DISK_COUNTS, 0, ends[1]);
  g_assert_cmpint (read (ends[0], &count, sizeof count), ==, sizeof count);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  close (ends[0]);
  close (ends[1]);
  return count;
}

/* Each change to the disk that sealing makes (in its middle a part of them; all with -m slow) is once the one that goes wrong; the next start has the whole wallet, sealed. */
static void
test_convert_broken (Fixture *f, gconstpointer data)
{
  BrokenDisk how = (BrokenDisk) GPOINTER_TO_INT (data);
  guint n = count_changes (f), n_hit = 0;
#ifdef __SANITIZE_ADDRESS__
  guint step = g_test_slow () ? 1 : 12;
#else
  guint step = g_test_slow () ? 1 : 3;
#endif
  int status;

  g_assert_cmpuint (n, >, 100);
  for (guint at = 1; at <= n; at += at < 20 || at + 20 > n ? 1 : step)
    {
      lay_out_plain (f);
      pid_t child = fork ();
      if (child == 0)
        open_in_child (f, how, at, -1);
      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      if (how == BROKEN_DISK_FAILS)
        g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) <= 1);
      else
        g_assert_true (WIFSIGNALED (status) || WEXITSTATUS (status) == 0);
      n_hit += WIFSIGNALED (status) || WEXITSTATUS (status) == 1;
      check_whole (f);
    }
  g_test_message ("%u changes, %u openings that ended there", n, n_hit);
  g_assert_cmpuint (n_hit, >, n / step / 2);
}

/* Half of it was sealed with a key that is lost since: the plain half is not given up, nor is the sealed one damaged. */
static void
test_key_lost_half_way (Fixture *f, gconstpointer data)
{
  g_autofree char *ledger = path_of (f, "ledger.db");
  g_autofree char *wallet = path_of (f, "wallet.db");

  lay_out_plain (f);
  g_autoptr (GBytes) plain = read_file (ledger);
  close_storage (open_storage (f));
  g_autoptr (GBytes) sealed = read_file (wallet);
  g_assert_true (g_file_set_contents (ledger, g_bytes_get_data (plain, NULL),
                                      (gssize) g_bytes_get_size (plain), NULL));
  g_assert_true (jn_storage_is_sealed (f->folder));
  g_autoptr (JnSecret) other = jn_secret_new_random (32);
  refused (f, other, JN_ERROR_KEY_WRONG, NULL);
  g_autoptr (GBytes) after = read_file (wallet);
  g_assert_true (g_bytes_equal (sealed, after));
  check_whole (f);
}

/* A slot without a sealed file is all that an interrupted start with a lost key left. */
static void
test_lonely_slot (Fixture *f, gconstpointer data)
{
  close_storage (open_storage (f));
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = path_of (f, files[i]);
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_clear_pointer (&f->key, jn_secret_unref);
  f->key = jn_secret_new_random (32);
  f->kept = FALSE;
  g_assert_false (jn_storage_is_sealed (f->folder));
  close_storage (open_storage (f));
}

/* ---- answers ---- */

static void
spoil (const char *path, gsize page)
{
  char *data;
  gsize length;
  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  g_assert_cmpuint (length, >=, page * PAGE);
  data[page * PAGE - PAGE / 2] ^= 0x10;
  g_assert_true (g_file_set_contents (path, data, (gssize) length, NULL));
  g_free (data);
}

/* No key, another key, damaged pages of either file, no slot that is whole. */
static void
test_answers (Fixture *f, gconstpointer data)
{
  g_autoptr (JnSecret) other = jn_secret_new_random (32);
  g_autofree char *wallet = path_of (f, "wallet.db");
  g_autofree char *ledger = path_of (f, "ledger.db");
  JnStorageFault fault = { 0 };

  lay_out_plain (f);
  close_storage (open_storage (f));
  refused (f, NULL, JN_ERROR_KEY_MISSING, NULL);
  refused (f, other, JN_ERROR_KEY_WRONG, NULL);
  check_whole (f);
  g_autoptr (GBytes) whole = read_file (ledger);
  spoil (ledger, 1);
  refused (f, f->key, JN_ERROR_PAGE_DAMAGED, &fault);
  g_assert_true (fault.ledger);
  g_assert_cmpuint (fault.page, ==, 1);
  g_assert_true (g_file_set_contents (ledger, g_bytes_get_data (whole, NULL),
                                      (gssize) g_bytes_get_size (whole), NULL));
  check_whole (f);
  spoil (wallet, 5);
  refused (f, f->key, JN_ERROR_PAGE_DAMAGED, &fault);
  g_assert_false (fault.ledger);
  g_assert_cmpuint (fault.page, ==, 5);
  spoil (wallet, 5);
  check_whole (f);
}

/* Set aside, nothing is deleted, and the files that are left begin anew. */
static void
test_set_aside (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  jn_id money;

  lay_out_plain (f);
  close_storage (open_storage (f));
  g_assert_true (jn_storage_set_aside (f->folder, NULL, JN_STORAGE_ASIDE_LEDGER, "aside", &error));
  g_assert_no_error (error);
  g_autofree char *ledger = path_of (f, "aside/ledger.db");
  g_autofree char *slot = path_of (f, "aside/ledger.db-slot");
  g_autofree char *wallet = path_of (f, "aside/wallet.db");
  g_assert_true (g_file_test (ledger, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (slot, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (wallet, G_FILE_TEST_EXISTS));
  JnStorage *storage = open_storage (f);
  g_autoptr (GPtrArray) intents = jn_outbox_list (jn_storage_get_outbox (storage), NULL, 10, NULL);
  g_assert_cmpuint (intents->len, ==, 1);
  g_assert_false (jn_storage_get_accounts (storage, &money, NULL));
  g_assert_cmpint (jn_storage_get_synced_at (storage), ==, 0);
  close_storage (storage);
  /* Never over what lies there. */
  g_assert_false (jn_storage_set_aside (f->folder, NULL, JN_STORAGE_ASIDE_ALL, "aside", NULL));
  g_assert_true (jn_storage_set_aside (f->folder, NULL, JN_STORAGE_ASIDE_ALL, "other", &error));
  g_assert_false (jn_storage_is_sealed (f->folder));
}

/* ---- the customer's own words ---- */

/* One note to each entry of the wallet. */
static void
write_notes (JnStorage *storage)
{
  static char texts[ENTRIES][181];
  static jn_annotation notes[ENTRIES];
  const char *folder = g_test_get_dir (G_TEST_DIST);
  g_autofree char *uri = g_strdup_printf ("file:%s/fixtures/wallet/wallet.db?immutable=1", folder);
  sqlite3_stmt *query = NULL;
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open_v2 (uri, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL), ==, 0);
  sqlite3_prepare_v2 (db, "SELECT transfer FROM entry_detail", -1, &query, NULL);
  for (guint i = 0; i < ENTRIES; i++)
    {
      g_assert_cmpint (sqlite3_step (query), ==, SQLITE_ROW);
      g_snprintf (texts[i], sizeof texts[i], "%0180u", i);
      notes[i] = (jn_annotation){ .field = JN_FIELD_NOTE, .hlc = i + 1, .value = texts[i] };
      memcpy (notes[i].transfer.b, sqlite3_column_blob (query, 0), 16);
    }
  sqlite3_finalize (query);
  sqlite3_close (db);
  g_assert_cmpint (jn_annotate (jn_storage_get_ledger (storage), notes, ENTRIES), ==, JN_OK);
}

/* How many notes of a ledger with one damaged page come along; 0 when the ledger does not open. */
static guint
carry_past (Fixture *f, guint page)
{
  g_autofree char *damaged = path_of (f, "aside/ledger.db");

  spoil (damaged, page);
  JnStorage *storage = open_storage (f);
  guint n = jn_storage_carry_notes (storage, "aside");
  close_storage (storage);
  spoil (damaged, page);
  return n;
}

/* A page that cannot be read takes its own notes with it, and no others. */
static void
test_notes_past_damage (Fixture *f, gconstpointer data)
{
  g_autofree char *ledger = path_of (f, "ledger.db");
  guint n_partly = 0;

  lay_out_plain (f);
  JnStorage *storage = open_storage (f);
  write_notes (storage);
  close_storage (storage);
  g_autoptr (GBytes) bytes = read_file (ledger);
  jn_storage_set_aside (f->folder, NULL, JN_STORAGE_ASIDE_LEDGER, "aside", NULL);
  for (guint page = (guint) (g_bytes_get_size (bytes) / PAGE); page > 1 && n_partly < 3; page--)
    {
      guint n = carry_past (f, page);
      /* Those before the page are met twice, in order and by their entries. */
      n_partly += n > ENTRIES;
      g_assert_true (n == 0 || n >= ENTRIES - PAGE / 180);
    }
  g_assert_cmpuint (n_partly, ==, 3);
}

/* ---- the head outside ---- */

static void
submit (JnStorage *storage, guint8 mark)
{
  jn_event event = { .kind = JN_TRANSFER,
                     .amount = 100 + mark,
                     .value_date = 20261101,
                     .currency = JN_CURRENCY_CNY,
                     .payee = "Head" };
  jn_result result;
  jn_id money, world, issuer;

  g_assert_true (jn_storage_get_accounts (storage, &money, NULL));
  g_assert_true (jn_storage_get_world (storage, &world, &issuer));
  memset (event.id.b, mark, sizeof event.id.b);
  event.debit = money;
  event.credit = world;
  g_assert_cmpint (jn_submit (jn_storage_get_ledger (storage), &event, 1, &result, NULL), ==,
                   JN_OK);
  g_assert_cmpint (result.status, ==, JN_OK);
}

/* An older copy is used, told as one, and taken for good only after a sync; also when it has gone on by itself in between. */
static void
test_older_copy (Fixture *f, gconstpointer data)
{
  g_autofree char *path = path_of (f, "ledger.db");
  g_autoptr (GError) error = NULL;

  lay_out_plain (f);
  JnStorage *storage = open_storage (f);
  g_assert_false (jn_storage_is_older_copy (storage));
  g_assert_cmpuint (f->n_stored, ==, 1);
  close_storage (storage);
  g_autoptr (GBytes) copy = read_file (path);
  storage = open_storage (f);
  submit (storage, 1);
  submit (storage, 2);
  close_storage (storage);
  jn_head kept = f->head;
  for (int round = 0; round < 2; round++)
    {
      g_assert_true (g_file_set_contents (path, g_bytes_get_data (copy, NULL),
                                          (gssize) g_bytes_get_size (copy), NULL));
      storage = open_storage (f);
      g_assert_true (jn_storage_is_older_copy (storage));
      for (guint8 i = 0; i < 3 * round; i++)
        submit (storage, (guint8) (10 + i));
      g_assert_cmpmem (&kept, sizeof kept, &f->head, sizeof f->head);
      close_storage (storage);
      storage = open_storage (f);
      g_assert_true (jn_storage_is_older_copy (storage));
      close_storage (storage);
    }
  storage = open_storage (f);
  g_assert_true (jn_storage_set_synced_at (storage, 5, &error));
  g_assert_false (jn_storage_is_older_copy (storage));
  g_assert_true (memcmp (&kept, &f->head, sizeof kept) != 0);
  close_storage (storage);
  storage = open_storage (f);
  g_assert_false (jn_storage_is_older_copy (storage));
  /* Erased on purpose is not older. */
  g_assert_true (jn_storage_erase (storage, FALSE, &error));
  g_assert_false (jn_storage_is_older_copy (storage));
  g_assert_cmpuint (f->head.seq, ==, 0);
  close_storage (storage);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/bank/sealed/convert", Fixture, NULL, set_up, test_convert, tear_down);
  g_test_add ("/bank/sealed/convert-killed", Fixture, GINT_TO_POINTER (BROKEN_DISK_KILLS), set_up,
              test_convert_broken, tear_down);
  g_test_add ("/bank/sealed/convert-torn", Fixture, GINT_TO_POINTER (BROKEN_DISK_TEARS), set_up,
              test_convert_broken, tear_down);
  g_test_add ("/bank/sealed/convert-failing", Fixture, GINT_TO_POINTER (BROKEN_DISK_FAILS), set_up,
              test_convert_broken, tear_down);
  g_test_add ("/bank/sealed/key-lost-half-way", Fixture, NULL, set_up, test_key_lost_half_way,
              tear_down);
  g_test_add ("/bank/sealed/lonely-slot", Fixture, NULL, set_up, test_lonely_slot, tear_down);
  g_test_add ("/bank/sealed/answers", Fixture, NULL, set_up, test_answers, tear_down);
  g_test_add ("/bank/sealed/set-aside", Fixture, NULL, set_up, test_set_aside, tear_down);
  g_test_add ("/bank/sealed/notes-past-damage", Fixture, NULL, set_up, test_notes_past_damage,
              tear_down);
  g_test_add ("/bank/sealed/older-copy", Fixture, NULL, set_up, test_older_copy, tear_down);
  return g_test_run ();
}
