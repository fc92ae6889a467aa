/* The outbox's states, and what storage keeps when the program is killed. */
#include "jn-error.h"
#include "jn-storage.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  char *folder;
  JnClock *clock;
  JnEntropy *entropy;
  JnStorage *storage;
} Fixture;

static JnStorage *
open_storage (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  JnStorage *storage = jn_storage_open (
      &(JnStorageOptions){ .folder = f->folder, .clock = f->clock, .entropy = f->entropy }, &error);
  g_assert_no_error (error);
  return storage;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = g_dir_make_tmp ("jinnang-test-XXXXXX", NULL);
  f->clock = JN_CLOCK (jn_manual_clock_new (1000 * JN_SECOND));
  f->entropy = jn_seeded_entropy_new (7);
  f->storage = open_storage (f);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_unlink (file);
    }
  g_rmdir (path);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  if (f->storage != NULL)
    {
      jn_storage_close (f->storage);
      g_assert_finalize_object (f->storage);
    }
  remove_folder (f->folder);
  g_free (f->folder);
  g_object_unref (f->clock);
  g_object_unref (f->entropy);
}

/* Tests may stand on any thread as long as it is one at a time: the worker has nothing to do here. */
static JnIntent *
make_intent (Fixture *f)
{
  JnIntent *intent = g_new0 (JnIntent, 1);
  intent->id = jn_id_make (f->clock, f->entropy);
  intent->kind = JN_INTENT_PAYMENT;
  intent->state = JN_INTENT_OPEN;
  intent->payee_name = g_strdup ("晨光咖啡");
  intent->payee_account = g_strdup ("6222021234567890");
  intent->memo = g_strdup ("memo");
  intent->category = 2;
  intent->amount = jn_money (2200, JN_CURRENCY_CNY);
  intent->created_at = jn_clock_now (f->clock);
  intent->request = g_bytes_new ("{\"a\":\"\"}", 8);
  return intent;
}

static JnIntentState
state_of (JnOutbox *outbox, const JnId *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnIntent) intent = jn_outbox_get (outbox, id, &error);
  g_assert_no_error (error);
  g_assert_nonnull (intent);
  return intent->state;
}

/* Brings a fresh intent into @state. */
static void
make_in_state (Fixture *f, JnIntentState state, JnId *id)
{
  g_autoptr (GError) error = NULL;
  JnOutbox *outbox = jn_storage_get_outbox (f->storage);
  g_autoptr (JnIntent) intent = make_intent (f);
  JnId transaction = jn_id_make (f->clock, f->entropy);

  *id = intent->id;
  g_assert_true (jn_outbox_add (outbox, intent, &error));
  if (state == JN_INTENT_OPEN)
    return;
  if (state != JN_INTENT_NOT_MADE)
    g_assert_true (jn_outbox_move (outbox, id, JN_INTENT_APPROVED, 0, NULL, 2, &error));
  if (state != JN_INTENT_APPROVED)
    g_assert_true (
        jn_outbox_move (outbox, id, state, JN_ERROR_SENT_NO_ANSWER, &transaction, 3, &error));
  g_assert_no_error (error);
}

/* Every pair of states against the diagram. */
static void
test_edges (Fixture *f, gconstpointer data)
{
  static const gboolean edges[6][6] = {
    [JN_INTENT_OPEN] = { [JN_INTENT_APPROVED] = TRUE, [JN_INTENT_NOT_MADE] = TRUE },
    [JN_INTENT_APPROVED] = { [JN_INTENT_UNKNOWN] = TRUE,
                             [JN_INTENT_MADE] = TRUE,
                             [JN_INTENT_NOT_MADE] = TRUE },
    [JN_INTENT_UNKNOWN] = { [JN_INTENT_MADE] = TRUE, [JN_INTENT_NOT_MADE] = TRUE },
  };
  JnOutbox *outbox = jn_storage_get_outbox (f->storage);

  for (int from = JN_INTENT_OPEN; from <= JN_INTENT_NOT_MADE; from++)
    for (int to = JN_INTENT_OPEN; to <= JN_INTENT_NOT_MADE; to++)
      {
        g_autoptr (GError) error = NULL;
        JnId id;
        make_in_state (f, (JnIntentState) from, &id);
        gboolean allowed = from == to || edges[from][to];
        gboolean moved = jn_outbox_move (outbox, &id, (JnIntentState) to, 0, NULL, 9, &error);
        g_assert_cmpint (moved, ==, allowed);
        g_assert_cmpint (state_of (outbox, &id), ==, allowed ? to : from);
        if (!allowed)
          g_assert_true (jn_error_is (error, JN_ERROR_INVARIANT));
      }
}

static void
test_made_twice (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  JnOutbox *outbox = jn_storage_get_outbox (f->storage);
  JnId id, other = jn_id_make (f->clock, f->entropy);
  make_in_state (f, JN_INTENT_MADE, &id);
  g_assert_false (jn_outbox_move (outbox, &id, JN_INTENT_MADE, 0, &other, 9, &error));
  g_assert_true (jn_error_is (error, JN_ERROR_INVARIANT));
}

/* What is not known yet stays what was paid, however long ago; what is made does so for as long as was asked. */
static void
test_paid (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  JnOutbox *outbox = jn_storage_get_outbox (f->storage);
  JnId id;

  for (int state = JN_INTENT_OPEN; state <= JN_INTENT_NOT_MADE; state++)
    make_in_state (f, (JnIntentState) state, &id);
  g_autoptr (GPtrArray) soon = jn_outbox_list_paid (outbox, "6222021234567890", 3, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (soon->len, ==, 3);
  g_autoptr (GPtrArray) later = jn_outbox_list_paid (outbox, "6222021234567890", 4, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (later->len, ==, 2);
  for (guint i = 0; i < later->len; i++)
    g_assert_cmpint (((JnIntent *) later->pdata[i])->state, !=, JN_INTENT_MADE);
  g_autoptr (GPtrArray) other = jn_outbox_list_paid (outbox, "6222029999999999", 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (other->len, ==, 0);
}

static void
test_contents (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  JnOutbox *outbox = jn_storage_get_outbox (f->storage);
  g_autoptr (JnIntent) intent = make_intent (f);

  g_assert_true (jn_outbox_add (outbox, intent, &error));
  g_assert_false (jn_outbox_add (outbox, intent, &error));
  g_assert_true (jn_error_is (error, JN_ERROR_CONFLICT));
  g_clear_error (&error);
  g_assert_true (
      jn_outbox_describe (outbox, &intent->id, "晨光", jn_money (1900, JN_CURRENCY_CNY), &error));
  g_assert_true (jn_outbox_note (outbox, &intent->id, "opened", 0, 5, &error));
  g_autofree char *order = g_strdup ("{\"a\":1}");
  JnIntentChange kept = { .id = intent->id, .now = 5, .order = order };
  g_assert_true (jn_outbox_apply (outbox, &kept, &error));
  g_autoptr (JnIntent) found = jn_outbox_get (outbox, &intent->id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found->payee_name, ==, "晨光");
  g_assert_cmpstr (found->payee_account, ==, intent->payee_account);
  g_assert_cmpstr (found->memo, ==, "memo");
  g_assert_cmpint (found->amount.minor, ==, 1900);
  g_assert_cmpint (found->category, ==, 2);
  g_assert_true (g_bytes_equal (found->request, intent->request));
  g_assert_true (jn_id_is_zero (&found->transaction));
  g_assert_cmpstr (found->order, ==, order);
  g_autoptr (JnIntent) copy = jn_intent_copy (found);
  g_assert_cmpstr (copy->payee_name, ==, found->payee_name);

  g_assert_true (jn_outbox_move (outbox, &intent->id, JN_INTENT_APPROVED, 0, NULL, 6, &error));
  g_assert_false (
      jn_outbox_describe (outbox, &intent->id, "x", jn_money (1, JN_CURRENCY_CNY), &error));
  g_assert_true (jn_error_is (error, JN_ERROR_INVARIANT));
  g_clear_error (&error);
  JnId nobody = jn_id_make (f->clock, f->entropy);
  g_assert_null (jn_outbox_get (outbox, &nobody, &error));
  g_assert_no_error (error);
  g_assert_false (jn_outbox_move (outbox, &nobody, JN_INTENT_APPROVED, 0, NULL, 6, &error));
}

static void
test_unsettled (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  JnId ids[5];
  for (int state = JN_INTENT_OPEN; state <= JN_INTENT_NOT_MADE; state++)
    {
      make_in_state (f, (JnIntentState) state, &ids[state - 1]);
      jn_manual_clock_advance (JN_MANUAL_CLOCK (f->clock), JN_SECOND);
    }
  g_autoptr (GPtrArray) list =
      jn_outbox_list_unsettled (jn_storage_get_outbox (f->storage), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_true (jn_id_equal (&((JnIntent *) g_ptr_array_index (list, i))->id, &ids[i]));
}

/* What was approved and not made is told apart from a sheet that was closed, and from what is long past. */
static void
test_not_made (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  JnOutbox *outbox = jn_storage_get_outbox (f->storage);
  JnId closed, refused, checked, made;

  make_in_state (f, JN_INTENT_OPEN, &closed);
  make_in_state (f, JN_INTENT_APPROVED, &refused);
  make_in_state (f, JN_INTENT_UNKNOWN, &checked);
  make_in_state (f, JN_INTENT_MADE, &made);
  g_assert_true (jn_outbox_move (outbox, &closed, JN_INTENT_NOT_MADE, 0, NULL, 500, &error));
  g_assert_true (jn_outbox_move (outbox, &refused, JN_INTENT_NOT_MADE, 0, NULL, 600, &error));
  g_assert_true (jn_outbox_move (outbox, &checked, JN_INTENT_NOT_MADE, 0, NULL, 700, &error));
  g_autoptr (GPtrArray) all = jn_outbox_list_not_made (outbox, 600, &error);
  g_autoptr (GPtrArray) late = jn_outbox_list_not_made (outbox, 601, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_true (jn_id_equal (&((JnIntent *) all->pdata[0])->id, &checked));
  g_assert_true (jn_id_equal (&((JnIntent *) all->pdata[1])->id, &refused));
  g_assert_true (((JnIntent *) all->pdata[1])->was_approved);
  g_assert_cmpuint (late->len, ==, 1);
  g_autoptr (JnIntent) sheet = jn_outbox_get (outbox, &closed, &error);
  g_assert_false (sheet->was_approved);
}

/* Writes intents until it is killed, saying after each that it is safe. */
static void
write_for_ever (Fixture *f, int fd)
{
  g_autoptr (JnStorage) storage = open_storage (f);
  JnOutbox *outbox = jn_storage_get_outbox (storage);
  for (;;)
    {
      g_autoptr (JnIntent) intent = make_intent (f);
      jn_manual_clock_advance (JN_MANUAL_CLOCK (f->clock), JN_SECOND);
      if (!jn_outbox_add (outbox, intent, NULL)
          || !jn_outbox_move (outbox, &intent->id, JN_INTENT_APPROVED, 0, NULL, 1, NULL)
          || write (fd, intent->id.bytes, sizeof intent->id.bytes) != sizeof intent->id.bytes)
        _exit (1);
    }
}

static void
test_kill (Fixture *f, gconstpointer data)
{
  jn_storage_close (f->storage);
  g_clear_object (&f->storage);
  for (int round = 0; round < 5; round++)
    {
      g_autoptr (GArray) safe = g_array_new (FALSE, FALSE, sizeof (JnId));
      int fds[2], status = 0;
      JnId id;
      g_assert_cmpint (pipe (fds), ==, 0);
      jn_manual_clock_advance (JN_MANUAL_CLOCK (f->clock), JN_HOUR);
      g_object_unref (f->entropy);
      f->entropy = jn_seeded_entropy_new ((guint64) round + 100);
      pid_t child = fork ();
      g_assert_cmpint (child, >=, 0);
      if (child == 0)
        {
          close (fds[0]);
          write_for_ever (f, fds[1]);
        }
      close (fds[1]);
      for (int i = 0; i < 5 + round * 7; i++)
        {
          g_assert_cmpint (read (fds[0], id.bytes, sizeof id.bytes), ==, sizeof id.bytes);
          g_array_append_val (safe, id);
        }
      kill (child, SIGKILL);
      while (read (fds[0], id.bytes, sizeof id.bytes) == sizeof id.bytes)
        g_array_append_val (safe, id);
      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      g_assert_true (WIFSIGNALED (status));
      close (fds[0]);

      g_autoptr (JnStorage) storage = open_storage (f);
      for (guint i = 0; i < safe->len; i++)
        g_assert_cmpint (state_of (jn_storage_get_outbox (storage), &g_array_index (safe, JnId, i)),
                         ==, JN_INTENT_APPROVED);
      jn_storage_close (storage);
    }
}

static void
test_documents (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) first = g_bytes_new ("one", 3);
  g_autoptr (GBytes) second = g_bytes_new ("", 0);
  JnInstant as_of = 0;

  g_assert_null (jn_storage_get_document (f->storage, "offers", &as_of));
  g_assert_true (jn_storage_put_document (f->storage, "offers", first, 11, &error));
  g_autoptr (GBytes) found = jn_storage_get_document (f->storage, "offers", &as_of);
  g_assert_true (g_bytes_equal (found, first));
  g_assert_cmpint (as_of, ==, 11);
  g_assert_true (jn_storage_put_document (f->storage, "offers", second, 12, &error));
  g_assert_true (jn_storage_set_synced_at (f->storage, 77, &error));
  jn_storage_close (f->storage);
  g_clear_object (&f->storage);
  f->storage = open_storage (f);
  g_autoptr (GBytes) again = jn_storage_get_document (f->storage, "offers", &as_of);
  g_assert_true (g_bytes_equal (again, second));
  g_assert_cmpint (as_of, ==, 12);
  g_assert_cmpint (jn_storage_get_synced_at (f->storage), ==, 77);
}

static void
test_second_start (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (jn_storage_open (
      &(JnStorageOptions){ .folder = f->folder, .clock = f->clock, .entropy = f->entropy },
      &error));
  g_assert_true (jn_error_is (error, JN_ERROR_BUSY));
}

static void
test_erase (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnIntent) intent = make_intent (f);
  jn_id money, points;

  g_assert_true (jn_outbox_add (jn_storage_get_outbox (f->storage), intent, &error));
  g_assert_true (
      jn_storage_open_accounts (f->storage, "6222021234567890123", JN_CURRENCY_CNY, &error));
  g_assert_no_error (error);
  g_assert_true (jn_storage_get_accounts (f->storage, &money, &points));
  g_assert_true (jn_storage_erase (f->storage, FALSE, &error));
  g_assert_no_error (error);
  g_assert_false (jn_storage_get_accounts (f->storage, &money, &points));
  g_assert_null (jn_outbox_get (jn_storage_get_outbox (f->storage), &intent->id, &error));
  g_assert_no_error (error);
}

/* A database that a later version wrote is refused and stays as it is. */
static void
test_newer (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (f->folder, "wallet.db", NULL);
  g_autofree char *before = NULL, *after = NULL;
  gsize before_length = 0, after_length = 0;

  jn_storage_close (f->storage);
  g_clear_object (&f->storage);
  /* user_version stands at byte 60 of the file, big-endian. */
  g_assert_true (g_file_get_contents (path, &before, &before_length, &error));
  g_assert_cmpuint (before_length, >, 64);
  before[62] = 0x7f;
  g_assert_true (g_file_set_contents (path, before, (gssize) before_length, &error));
  g_assert_null (jn_storage_open (
      &(JnStorageOptions){ .folder = f->folder, .clock = f->clock, .entropy = f->entropy },
      &error));
  g_assert_true (jn_error_is (error, JN_ERROR_FORMAT_NEWER));
  g_assert_true (g_file_get_contents (path, &after, &after_length, NULL));
  g_assert_cmpmem (after, after_length, before, before_length);
}

/* Without a folder of the customer's nothing is left behind. */
static void
test_private (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *runtime = g_dir_make_tmp ("jinnang-run-XXXXXX", NULL);
  g_autofree char *old = g_strdup (g_getenv ("XDG_RUNTIME_DIR"));
  g_setenv ("XDG_RUNTIME_DIR", runtime, TRUE);
  JnStorage *storage = jn_storage_open (
      &(JnStorageOptions){ .folder = NULL, .clock = f->clock, .entropy = f->entropy }, &error);
  g_assert_no_error (error);
  g_autoptr (JnIntent) intent = make_intent (f);
  g_assert_true (jn_outbox_add (jn_storage_get_outbox (storage), intent, &error));
  jn_storage_close (storage);
  g_object_unref (storage);
  g_assert_cmpint (g_rmdir (runtime), ==, 0);
  if (old != NULL)
    g_setenv ("XDG_RUNTIME_DIR", old, TRUE);
  else
    g_unsetenv ("XDG_RUNTIME_DIR");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/bank/outbox/edges", test_edges);
  ADD ("/bank/outbox/made-twice", test_made_twice);
  ADD ("/bank/outbox/paid", test_paid);
  ADD ("/bank/outbox/contents", test_contents);
  ADD ("/bank/outbox/unsettled", test_unsettled);
  ADD ("/bank/outbox/not-made", test_not_made);
  ADD ("/bank/outbox/kill", test_kill);
  ADD ("/bank/storage/documents", test_documents);
  ADD ("/bank/storage/second-start", test_second_start);
  ADD ("/bank/storage/erase", test_erase);
  ADD ("/bank/storage/newer", test_newer);
  ADD ("/bank/storage/private", test_private);
  return g_test_run ();
}
