#include "rig-files.h"

#include "jn-db.h"

#include <glib/gstdio.h>
#include <string.h>

#define PIN "258036"

/* Whether the keyring has the head that the ledger has. */
static gboolean
is_head_kept (Rig *rig)
{
  g_autoptr (JnSecret) item = rig_get_secret (rig, "ledger-head");
  gsize length = 0;
  const guint8 *bytes = item != NULL ? jn_secret_get (item, &length) : NULL;
  jn_head head = { 0 };
  guint64 seq = 0;

  jn_head_get (jn_storage_get_ledger (jn_context_get_storage (rig->context)), &head);
  for (int i = 0; bytes != NULL && length >= 56 && i < 8; i++)
    seq = seq << 8 | bytes[16 + i];
  return length >= 56 && seq == head.seq && memcmp (bytes + 24, head.hash, sizeof head.hash) == 0;
}

/* Between two syncs, when nothing is written any more. */
void
rig_until_head_kept (Rig *rig)
{
  rig_until (jn_context_get_connection (rig->context) == JN_CONNECTION_CURRENT
             && is_head_kept (rig));
}

JnId
rig_pay_coffee (Rig *rig, gint64 after)
{
  g_autoptr (JnPayment) payment = rig_quote_coffee (rig);
  JnId intent = rig_intent_of (payment);
  jn_payment_approve (payment, PIN);
  rig_until_state (payment, JN_PAYMENT_MADE);
  rig_until (rig_available (rig) == after);
  return intent;
}

void
rig_check_once_at_bank (Rig *rig, const JnId *intent)
{
  guint all;
  g_assert_cmpuint (rig_count_at_bank (rig, intent, &all), ==, 1);
}

/* ---- damage ---- */

void
rig_spoil (Rig *rig, const char *name)
{
  g_autofree char *path = g_build_filename (rig->data, name, NULL);
  g_autofree char *data = NULL;
  gsize length;
  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  for (gsize at = 2000; at < length; at += 4096)
    data[at] ^= 1;
  g_assert_true (
      g_file_set_contents_full (path, data, (gssize) length, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* Begins the file anew with another key, as if it came from another computer. */
void
rig_seal_anew (Rig *rig, const char *name, JnSecret *key)
{
  static const char *const suffixes[] = { "", "-wal", "-slot", "-slot.old" };
  const char *const names[] = { name, NULL };
  g_autofree char *elsewhere = g_build_filename (rig->folder, "elsewhere", NULL);
  g_autoptr (GError) error = NULL;
  JnVaultOptions options = { .names = names, .folder = elsewhere, .key = key };
  g_autoptr (JnVault) vault = jn_vault_new (&options, &error);
  g_autofree char *made = jn_vault_build_path (vault, name);

  g_assert_no_error (error);
  g_assert_true (jn_vault_prepare (vault, &error));
  static const char *const none[] = { NULL };
  jn_db_close (jn_db_open (made, jn_vault_get_vfs (vault), none, &error));
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *from = g_strconcat (made, suffixes[i], NULL);
      g_autofree char *to = g_strconcat (rig->data, "/", name, suffixes[i], NULL);
      g_unlink (to);
      g_assert_true (g_rename (from, to) == 0 || i == 1);
    }
}

/* ---- the customer's own words ---- */

typedef struct
{
  JnStorage *storage;
  guint8 mark;
  const char *text;
  char *found;
} Note;

static gpointer
write_note (gpointer data, GCancellable *cancellable, GError **error)
{
  Note *note = data;
  jn_annotation annotation = {
    .field = JN_FIELD_NOTE, .hlc = note->mark, .device = 1, .value = note->text
  };
  memset (annotation.transfer.b, note->mark, sizeof annotation.transfer.b);
  g_assert_cmpint (jn_annotate (jn_storage_get_ledger (note->storage), &annotation, 1), ==, JN_OK);
  return NULL;
}

static gpointer
read_note (gpointer data, GCancellable *cancellable, GError **error)
{
  Note *note = data;
  jn_snapshot *snapshot = NULL;
  jn_annotation_row row;
  jn_id id;

  memset (id.b, note->mark, sizeof id.b);
  g_assert_cmpint (jn_snapshot_begin (jn_storage_get_ledger (note->storage), &snapshot), ==, JN_OK);
  if (jn_annotation_get (snapshot, &id, JN_FIELD_NOTE, &row) == JN_OK)
    note->found = g_strdup (row.value);
  jn_snapshot_end (snapshot);
  return NULL;
}

void
rig_add_note (Rig *rig, guint8 mark, const char *text)
{
  Note note = { jn_context_get_storage (rig->context), mark, text, NULL };
  jn_worker_run (jn_storage_get_worker (note.storage), write_note, &note, NULL);
}

void
rig_check_note (Rig *rig, guint8 mark, const char *text)
{
  Note note = { jn_context_get_storage (rig->context), mark, NULL, NULL };
  jn_worker_run (jn_storage_get_worker (note.storage), read_note, &note, NULL);
  g_assert_cmpstr (note.found, ==, text);
  g_free (note.found);
}

/* ---- what was set aside ---- */

guint
rig_count_aside (Rig *rig, const char *file)
{
  g_autoptr (GDir) dir = g_dir_open (rig->data, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, JN_STORAGE_ASIDE))
      {
        g_autofree char *path = g_build_filename (rig->data, name, file, NULL);
        n += g_file_test (path, G_FILE_TEST_EXISTS);
      }
  return n;
}

void
rig_lay_out_older (Rig *rig)
{
  static const char *const names[] = { "ledger.db", "wallet.db" };

  g_assert_cmpint (g_mkdir (rig->data, 0700), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *from =
          g_test_build_filename (G_TEST_DIST, "fixtures", "wallet", names[i], NULL);
      g_autofree char *to = g_build_filename (rig->data, names[i], NULL);
      g_autofree char *data = NULL;
      gsize length;
      g_assert_true (g_file_get_contents (from, &data, &length, NULL));
      g_assert_true (g_file_set_contents (to, data, (gssize) length, NULL));
    }
}
