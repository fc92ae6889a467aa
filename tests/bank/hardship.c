#include "hardship.h"
#include "wait.h"

#include "jn-sync.h"

#include <glib/gstdio.h>

void
hardship_set_up (Hardship *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("jinnang-hardship-XXXXXX", NULL);
  self->fake = fake_bank_new ();
  self->clock = JN_CLOCK (jn_manual_clock_new (1763770000 * JN_SECOND));
  self->entropy = jn_seeded_entropy_new (11);
  self->bank = jn_bank_new (JN_TRANSPORT (self->fake), self->clock, self->entropy);
  hardship_add_entries (self, 60);
  fake_bank_set_page_size (self->fake, 20);
  fake_bank_set_hold (self->fake, 7);
  fake_bank_add_points (self->fake, 5);
}

void
hardship_tear_down (Hardship *self, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = hardship_path (self, name);
      g_unlink (path);
    }
  g_rmdir (self->folder);
  g_free (self->folder);
  g_object_unref (self->bank);
  g_object_unref (self->fake);
  g_object_unref (self->clock);
  g_object_unref (self->entropy);
}

void
hardship_add_entries (Hardship *self, guint n)
{
  for (guint i = 0; i < n; i++)
    fake_bank_add (self->fake, 1);
  self->entries += n;
}

JnStorage *
hardship_open (Hardship *self)
{
  g_autoptr (GError) error = NULL;
  JnStorage *storage = jn_storage_open (
      &(JnStorageOptions){ .folder = self->folder, .clock = self->clock, .entropy = self->entropy },
      &error);
  g_assert_no_error (error);
  return storage;
}

void
hardship_close (JnStorage *storage)
{
  jn_storage_close (storage);
  g_assert_finalize_object (storage);
}

void
hardship_refused (Hardship *self, JnErrorCode code)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (jn_storage_open (
      &(JnStorageOptions){ .folder = self->folder, .clock = self->clock, .entropy = self->entropy },
      &error));
  g_assert_true (error->domain == JN_ERROR);
  g_assert_cmpstr (jn_error_code_get_name (error->code), ==, jn_error_code_get_name ((int) code));
}

gboolean
hardship_sync (Hardship *self, JnStorage *storage, GError **error)
{
  Wait wait = { 0 };
  JnSync *sync = jn_sync_new (self->bank, storage, NULL, self->clock);
  jn_sync_run_async (sync, NULL, wait_done, &wait);
  GAsyncResult *result = wait_for (&wait);
  gboolean done = jn_sync_run_finish (sync, result, error);
  g_object_unref (result);
  jn_sync_stop (sync);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (sync);
  return done;
}

gboolean
hardship_add_intent (Hardship *self, JnStorage *storage, JnId *id, GError **error)
{
  g_autoptr (JnIntent) intent = g_new0 (JnIntent, 1);
  JnOutbox *outbox = jn_storage_get_outbox (storage);
  *id = intent->id = jn_id_make (self->clock, self->entropy);
  intent->kind = JN_INTENT_PAYMENT;
  intent->state = JN_INTENT_OPEN;
  intent->payee_name = g_strdup ("商户");
  intent->payee_account = g_strdup ("6222021234567890123");
  intent->amount = jn_money (1900, JN_CURRENCY_CNY);
  intent->created_at = intent->changed_at = jn_clock_now (self->clock);
  intent->request = g_bytes_new_static ("{}", 2);
  return jn_outbox_add (outbox, intent, error)
         && jn_outbox_move (outbox, id, JN_INTENT_APPROVED, 0, NULL, intent->created_at, error);
}

void
hardship_fill (Hardship *self)
{
  g_autoptr (GError) error = NULL;
  JnStorage *storage = hardship_open (self);
  hardship_add_intent (self, storage, &self->intent, &error);
  g_assert_no_error (error);
  hardship_sync (self, storage, &error);
  g_assert_no_error (error);
  hardship_check (self, storage, self->entries);
  hardship_close (storage);
}

/* Nobody else is in the storage when a test looks: its worker has nothing to do. */
guint
hardship_count (JnStorage *storage)
{
  jn_snapshot *snapshot = NULL;
  jn_page page = { 0 };
  jn_id money, points;
  uint64_t n = 0;

  if (!jn_storage_get_accounts (storage, &money, &points))
    return 0;
  g_assert_cmpint (jn_snapshot_begin (jn_storage_get_ledger (storage), &snapshot), ==, JN_OK);
  g_assert_cmpint (jn_entry_count (snapshot, &money, &page, &n), ==, JN_OK);
  jn_snapshot_end (snapshot);
  return (guint) n;
}

static void
check_balance (JnStorage *storage, guint entries)
{
  jn_snapshot *snapshot = NULL;
  jn_balance balance;
  jn_id money, points;

  g_assert_true (jn_storage_get_accounts (storage, &money, &points));
  g_assert_cmpint (jn_snapshot_begin (jn_storage_get_ledger (storage), &snapshot), ==, JN_OK);
  g_assert_cmpint (jn_balance_get (snapshot, &money, &balance), ==, JN_OK);
  g_assert_cmpint (balance.posted, ==, entries);
  jn_snapshot_end (snapshot);
}

void
hardship_check (Hardship *self, JnStorage *storage, guint entries)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnIntent) intent =
      jn_outbox_get (jn_storage_get_outbox (storage), &self->intent, &error);

  g_assert_no_error (error);
  g_assert_nonnull (intent);
  g_assert_cmpint (intent->state, ==, JN_INTENT_APPROVED);
  g_assert_cmpint (intent->amount.minor, ==, 1900);
  g_assert_cmpuint (hardship_count (storage), ==, entries);
  if (entries > 0)
    check_balance (storage, entries);
  g_assert_cmpint (jn_verify (jn_storage_get_ledger (storage), NULL, NULL), ==, JN_OK);
}

char *
hardship_path (Hardship *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

GBytes *
hardship_read (Hardship *self, const char *name)
{
  g_autofree char *path = hardship_path (self, name);
  char *data = NULL;
  gsize length = 0;
  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  return g_bytes_new_take (data, length);
}

/* Keeps the file itself: owner and mode stay. */
void
hardship_write (Hardship *self, const char *name, GBytes *bytes)
{
  g_autofree char *path = hardship_path (self, name);
  gsize length = 0;
  const void *data = g_bytes_get_data (bytes, &length);
  FILE *file = g_fopen (path, "we");
  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (data, 1, length, file), ==, length);
  g_assert_cmpint (fclose (file), ==, 0);
}
