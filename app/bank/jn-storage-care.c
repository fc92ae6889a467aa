/* Care of the ledger beside its use: looked through, kept as a backup once a day, and what can be saved from a damaged one. */
#include "jn-storage.h"

#include "jn-error.h"
#include "jn-storage-private.h"
#include "jn-vault.h"

#include <glib/gstdio.h>
#include <string.h>

#define PREFIX "backup-"
#define SUFFIX ".db"
#define BACKUPS_KEPT 3
#define NOTES_A_STEP 16

/* ---- backups by name ---- */

static gboolean
is_backup (const char *name)
{
  return strlen (name) == strlen (PREFIX "yyyymmdd" SUFFIX) && g_str_has_prefix (name, PREFIX)
         && g_str_has_suffix (name, SUFFIX);
}

static int
newest_first (gconstpointer a, gconstpointer b)
{
  return -strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Names without the folder, newest first. */
static GPtrArray *
list_backups (const char *folder)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (is_backup (name))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, newest_first);
  return names;
}

static char *
name_of_today (JnStorage *self)
{
  g_autoptr (GDateTime) now =
      g_date_time_new_from_unix_utc (jn_clock_now (jn_storage_get_clock (self)) / G_USEC_PER_SEC);
  return g_date_time_format (now, PREFIX "%Y%m%d" SUFFIX);
}

static void
drop_old_backups (JnVault *vault)
{
  g_autoptr (GPtrArray) names = list_backups (jn_vault_get_folder (vault));
  for (guint i = BACKUPS_KEPT; i < names->len; i++)
    jn_vault_remove_file (vault, names->pdata[i]);
}

void
jn_storage_drop_backups (JnVault *vault)
{
  const char *folder = jn_vault_get_folder (vault);
  g_autoptr (GPtrArray) names = folder != NULL ? list_backups (folder) : NULL;
  for (guint i = 0; names != NULL && i < names->len; i++)
    jn_vault_remove_file (vault, names->pdata[i]);
}

gboolean
jn_storage_set_backups_aside (JnVault *vault, const char *where, GError **error)
{
  const char *folder = jn_vault_get_folder (vault);
  g_autoptr (GPtrArray) names = folder != NULL ? list_backups (folder) : NULL;

  for (guint i = 0; names != NULL && i < names->len; i++)
    if (!jn_vault_set_aside (vault, names->pdata[i], where, error))
      return FALSE;
  return TRUE;
}

gboolean
jn_storage_key_fits_backup (JnVault *vault)
{
  const char *folder = jn_vault_get_folder (vault);
  g_autoptr (GPtrArray) names = folder != NULL ? list_backups (folder) : NULL;

  for (guint i = 0; names != NULL && i < names->len; i++)
    if (jn_vault_key_fits (vault, names->pdata[i]))
      return TRUE;
  return FALSE;
}

/* ---- looking through ---- */

gboolean
jn_storage_needs_check_up (JnStorage *self)
{
  g_return_val_if_fail (JN_IS_STORAGE (self), FALSE);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (jn_storage_get_care (self));
  JnVault *vault = jn_storage_get_vault (self);

  if (vault == NULL || jn_vault_get_folder (vault) == NULL || jn_vault_is_private (vault))
    return FALSE;
  g_autofree char *name = name_of_today (self);
  g_autofree char *path = jn_vault_build_path (vault, name);
  return jn_storage_ended_badly (self) || !g_file_test (path, G_FILE_TEST_EXISTS);
}

typedef struct
{
  JnStorage *storage;
  GCancellable *cancellable;
  char *where; /* the first finding */
} CheckUp;

static bool
may_go_on (void *ctx, uint64_t done, uint64_t total)
{
  CheckUp *work = ctx;
  return !jn_storage_is_closing (work->storage) && !g_cancellable_is_cancelled (work->cancellable);
}

static void
note_finding (void *ctx, jn_status what, const char *where, uint64_t no)
{
  CheckUp *work = ctx;
  if (work->where == NULL)
    work->where = g_strdup_printf ("%s, no. %" G_GUINT64_FORMAT, where, (guint64) no);
}

static jn_status
look_through (CheckUp *work, jn_ledger *ledger)
{
  JnVault *vault = jn_storage_get_vault (work->storage);
  g_autofree char *name = name_of_today (work->storage);
  g_autofree char *path = jn_vault_build_path (vault, name);
  jn_status status = jn_verify_with_progress (ledger, note_finding, may_go_on, work);

  if (status != JN_OK || g_file_test (path, G_FILE_TEST_EXISTS))
    return status;
  /* A slot that is left over would be of another key. */
  jn_vault_remove_file (vault, name);
  if (!jn_vault_admit (vault, name, NULL))
    return JN_IO;
  status = jn_backup (ledger, path, may_go_on, work);
  if (status == JN_OK)
    drop_old_backups (vault);
  else
    jn_vault_remove_file (vault, name);
  return status;
}

gboolean
jn_storage_check_up (JnStorage *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (JN_IS_STORAGE (self), FALSE);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (jn_storage_get_care (self));
  JnVault *vault = jn_storage_get_vault (self);
  CheckUp work = { self, cancellable, NULL };
  jn_ledger *ledger = NULL;

  if (vault == NULL || jn_storage_is_closing (self))
    return TRUE;
  jn_status status = jn_storage_open_beside (self, NULL, &ledger);
  if (status == JN_OK)
    status = look_through (&work, ledger);
  jn_close (ledger);
  g_autofree char *where = work.where;
  if (jn_error_code_get_class ((int) status) != JN_ERROR_CLASS_DAMAGED || status == JN_IO)
    return TRUE;
  g_set_error (error, JN_ERROR, (int) status, "the ledger is damaged at %s",
               where != NULL ? where : "a page");
  return FALSE;
}

/* ---- after damage ---- */

gboolean
jn_storage_restore_backup (JnVault *vault, const char *ledger)
{
  const char *folder = jn_vault_get_folder (vault);
  g_autoptr (GPtrArray) names = folder != NULL ? list_backups (folder) : NULL;

  return names != NULL && names->len > 0 && jn_vault_copy_file (vault, names->pdata[0], ledger);
}

/* Where notes come from and go to. */
typedef struct
{
  jn_snapshot *from;
  jn_ledger *to;
  guint n_copied;
} Notes;

/* One that the ledger does not take is left out, and not those beside it. FALSE when nothing can be written any more. */
static gboolean
put_notes (Notes *notes, const jn_annotation_row *rows, size_t n)
{
  jn_annotation some[NOTES_A_STEP];

  for (size_t i = 0; i < n; i++)
    some[i] = (jn_annotation){ .transfer = rows[i].transfer,
                               .field = rows[i].field,
                               .hlc = rows[i].hlc,
                               .device = rows[i].device,
                               .value = rows[i].value };
  jn_status status = n > 0 ? jn_annotate (notes->to, some, n) : JN_OK;
  if (status == JN_OK || status == JN_EXISTS)
    notes->n_copied += (guint) n;
  else if (jn_error_code_get_class ((int) status) != JN_ERROR_CLASS_INVALID)
    return FALSE;
  else if (n > 1)
    for (size_t i = 0; i < n; i++)
      if (!put_notes (notes, &rows[i], 1))
        return FALSE;
  return TRUE;
}

/* FALSE when a page on the way cannot be read. */
static gboolean
copy_in_order (Notes *notes)
{
  g_autofree jn_annotation_row *rows = g_new0 (jn_annotation_row, NOTES_A_STEP);
  jn_annotation_row last;
  size_t n = NOTES_A_STEP;
  jn_status status = jn_annotation_list (notes->from, NULL, rows, &n);

  while (n > 0)
    {
      last = rows[n - 1];
      if (!put_notes (notes, rows, n))
        return TRUE;
      if (status != JN_OK)
        return FALSE;
      n = NOTES_A_STEP;
      status = jn_annotation_list (notes->from, &last, rows, &n);
    }
  return status == JN_OK;
}

/* The notes of one entry that can be read, behind the @n that are in @rows. */
static size_t
read_notes (Notes *notes, const jn_id *id, jn_annotation_row *rows, size_t n)
{
  for (uint16_t field = JN_FIELD_CATEGORY; field <= JN_FIELD_TAG; field++)
    if (jn_annotation_get (notes->from, id, field, &rows[n]) == JN_OK)
      n++;
  return n;
}

/* Each entry that wallet.db knows is asked for its notes: those behind a page that is damaged are found that way. */
static void
copy_by_entry (JnStorage *self, Notes *notes)
{
  g_autofree jn_annotation_row *rows = g_new0 (jn_annotation_row, NOTES_A_STEP);
  JnStatement *query =
      jn_db_prepare (jn_storage_get_db (self), "SELECT transfer FROM entry_detail", NULL);
  gboolean good = query != NULL;
  size_t n = 0;
  jn_id id;

  while (good && jn_statement_step (query, NULL) == JN_STEP_ROW)
    {
      gsize length = 0;
      const void *bytes = jn_statement_column_blob (query, 0, &length);
      if (bytes == NULL || length != sizeof id.b)
        continue;
      memcpy (id.b, bytes, sizeof id.b);
      n = read_notes (notes, &id, rows, n);
      if (n + JN_FIELD_TAG <= NOTES_A_STEP)
        continue;
      good = put_notes (notes, rows, n);
      n = 0;
    }
  if (good)
    put_notes (notes, rows, n);
  if (query != NULL)
    jn_statement_reset (query);
}

/* FALSE when it cannot be opened or is another customer's, so that another may do. */
static gboolean
carry_from (JnStorage *self, const char *name, guint *n_copied)
{
  Notes notes = { .to = jn_storage_get_ledger (self) };
  jn_ledger *ledger = NULL;

  if (jn_storage_open_beside (self, name, &ledger) == JN_OK && !jn_storage_is_foreign (self, ledger)
      && jn_snapshot_begin (ledger, &notes.from) == JN_OK && !copy_in_order (&notes))
    copy_by_entry (self, &notes);
  gboolean opened = notes.from != NULL;
  jn_snapshot_end (notes.from);
  jn_close (ledger);
  *n_copied += notes.n_copied;
  return opened;
}

guint
jn_storage_carry_notes (JnStorage *self, const char *where)
{
  g_return_val_if_fail (JN_IS_STORAGE (self) && where != NULL, 0);
  const char *folder = jn_vault_get_folder (jn_storage_get_vault (self));
  g_autofree char *ledger = g_build_filename (where, "ledger.db", NULL);
  guint n_copied = 0;

  if (folder == NULL || carry_from (self, ledger, &n_copied))
    return n_copied;
  g_autoptr (GPtrArray) backups = list_backups (folder);
  for (guint i = 0; i < backups->len; i++)
    if (carry_from (self, backups->pdata[i], &n_copied))
      break;
  return n_copied;
}
