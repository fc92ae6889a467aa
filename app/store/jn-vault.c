#include "jn-vault.h"

#include "jn-data-folder.h"
#include "jn-db.h"
#include "jn-seal-slot.h"
#include "jn-seal-store.h"
#include "jn-seal-vfs.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#define SEALING_VFS "jinnang"

struct _JnVault
{
  JnDataFolder *folder; /* NULL in a VFS of the host's */
  char **names;
  GHashTable *admitted; /* paths of further files that got the key */
  char *private_path;   /* removed at the end; NULL when the folder is the customer's */
  char *prefix;         /* of the names in a VFS of the host's; NULL for none */
  char *base;           /* the host's VFS or NULL */
  char *vfs;            /* that the files are opened with; NULL for SQLite's own */
  JnSecret *key;
  JnVaultProgress progress;
  gpointer progress_data;
  guint64 plain_bytes, plain_done; /* of the files that are being sealed */
  guint64 plain_now;
};

/* ---- the folder ---- */

/* Memory that looks like a folder where there is one, so that a visit leaves nothing on a disk. */
static char *
make_private_folder (GError **error)
{
  const char *runtime = g_getenv ("XDG_RUNTIME_DIR");
  if (runtime != NULL && g_path_is_absolute (runtime) && access (runtime, W_OK | X_OK) == 0)
    {
      char *path = g_build_filename (runtime, "jinnang-XXXXXX", NULL);
      if (g_mkdtemp_full (path, 0700) != NULL)
        return path;
      g_free (path);
    }
  GError *inner = NULL;
  char *path = g_dir_make_tmp ("jinnang-XXXXXX", &inner);
  if (path == NULL)
    {
      g_set_error (error, JN_ERROR, JN_ERROR_READ_ONLY, "%s", inner->message);
      g_error_free (inner);
    }
  return path;
}

static void
remove_private_folder (const char *path)
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

static gboolean
choose_vfs (JnVault *self, GError **error)
{
  if (self->key == NULL)
    {
      self->vfs = g_strdup (self->base);
      return TRUE;
    }
  self->vfs =
      self->base != NULL ? g_strconcat (SEALING_VFS ":", self->base, NULL) : g_strdup (SEALING_VFS);
  int rc = jn_seal_vfs_register (self->vfs, self->base);
  if (rc == SQLITE_OK)
    return TRUE;
  g_set_error (error, JN_ERROR, (int) jn_db_error_code (rc), "the VFS that seals: SQLite %d", rc);
  return FALSE;
}

JnVault *
jn_vault_new (const JnVaultOptions *options, GError **error)
{
  g_autoptr (JnVault) self = g_new0 (JnVault, 1);
  gsize length = 0;

  if (options->key != NULL)
    jn_secret_get (options->key, &length);
  g_return_val_if_fail (options->key == NULL || length == JN_SEAL_KEY_SIZE, NULL);
  self->key = options->key != NULL ? jn_secret_ref (options->key) : NULL;
  self->names = g_strdupv ((char **) options->names);
  self->admitted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->base = g_strdup (options->vfs);
  self->progress = options->progress;
  self->progress_data = options->progress_data;
  self->folder = options->locked;
  if (!choose_vfs (self, error))
    return NULL;
  if (self->folder != NULL)
    return g_steal_pointer (&self);
  if (options->vfs != NULL)
    {
      self->prefix = g_strdup (options->folder);
      return g_steal_pointer (&self);
    }
  if (options->folder == NULL && (self->private_path = make_private_folder (error)) == NULL)
    return NULL;
  self->folder =
      jn_data_folder_open (options->folder != NULL ? options->folder : self->private_path, error);
  return self->folder != NULL ? g_steal_pointer (&self) : NULL;
}

static void
forget_keys (JnVault *self)
{
  for (gsize i = 0; self->key != NULL && self->vfs != NULL && self->names[i] != NULL; i++)
    {
      g_autofree char *path = jn_vault_build_path (self, self->names[i]);
      jn_seal_vfs_remove_key (self->vfs, path);
    }
  GHashTableIter iter;
  gpointer path;
  g_hash_table_iter_init (&iter, self->admitted);
  while (g_hash_table_iter_next (&iter, &path, NULL))
    jn_seal_vfs_remove_key (self->vfs, path);
}

void
jn_vault_free (JnVault *self)
{
  if (self == NULL)
    return;
  if (self->folder != NULL || self->base != NULL)
    forget_keys (self);
  g_clear_pointer (&self->folder, jn_data_folder_close);
  if (self->private_path != NULL)
    remove_private_folder (self->private_path);
  g_clear_pointer (&self->key, jn_secret_unref);
  g_hash_table_unref (self->admitted);
  g_strfreev (self->names);
  g_free (self->private_path);
  g_free (self->prefix);
  g_free (self->base);
  g_free (self->vfs);
  g_free (self);
}

const char *
jn_vault_get_folder (JnVault *self)
{
  return self->folder != NULL ? jn_data_folder_get_path (self->folder) : NULL;
}

gboolean
jn_vault_is_private (JnVault *self)
{
  return self->private_path != NULL;
}

const char *
jn_vault_get_vfs (JnVault *self)
{
  return self->vfs;
}

const guint8 *
jn_vault_get_key (JnVault *self)
{
  return self->key != NULL ? jn_secret_get (self->key, NULL) : NULL;
}

char *
jn_vault_build_path (JnVault *self, const char *name)
{
  if (self->folder != NULL)
    return g_build_filename (jn_data_folder_get_path (self->folder), name, NULL);
  return self->prefix != NULL ? g_build_filename (self->prefix, name, NULL) : g_strdup (name);
}

static const char *const suffixes[] = { "",
                                        "-wal",
                                        "-shm",
                                        "-journal",
                                        ".sealing",
                                        JN_SEAL_SLOT_SUFFIX,
                                        JN_SEAL_SLOT_SUFFIX ".old",
                                        JN_SEAL_SLOT_SUFFIX ".new",
                                        NULL };

const char *const *
jn_vault_get_suffixes (void)
{
  return suffixes;
}

void
jn_vault_remove_file (JnVault *self, const char *name)
{
  sqlite3_vfs *base = self->base != NULL ? sqlite3_vfs_find (self->base) : NULL;

  for (gsize i = 0; suffixes[i] != NULL; i++)
    {
      g_autofree char *full = g_strconcat (name, suffixes[i], NULL);
      g_autofree char *path = jn_vault_build_path (self, full);
      if (base != NULL)
        base->xDelete (base, path, 1);
      else
        g_unlink (path);
    }
}

void
jn_vault_remove (JnVault *self)
{
  for (gsize i = 0; self->names[i] != NULL; i++)
    jn_vault_remove_file (self, self->names[i]);
}

static gboolean
copy_one (JnVault *self, const char *from, const char *to, const char *suffix)
{
  g_autofree char *from_name = g_strconcat (from, suffix, NULL);
  g_autofree char *to_name = g_strconcat (to, suffix, NULL);
  g_autofree char *path = jn_vault_build_path (self, from_name);
  g_autofree char *data = NULL;
  gsize length = 0;

  return g_file_get_contents (path, &data, &length, NULL)
         && jn_data_folder_write (self->folder, to_name, data, length, NULL);
}

gboolean
jn_vault_copy_file (JnVault *self, const char *from, const char *to)
{
  g_return_val_if_fail (self->folder != NULL, FALSE);
  /* The slot first: the moment that the file is there, it can be opened. */
  if (copy_one (self, from, to, JN_SEAL_SLOT_SUFFIX)
      && copy_one (self, from, to, JN_SEAL_SLOT_SUFFIX ".old") && copy_one (self, from, to, ""))
    return TRUE;
  jn_vault_remove_file (self, to);
  return FALSE;
}

void
jn_vault_remove_folders (JnVault *self, const char *prefix)
{
  const char *folder = jn_vault_get_folder (self);
  g_autoptr (GDir) dir = folder != NULL ? g_dir_open (folder, 0, NULL) : NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, prefix))
      {
        g_autofree char *path = jn_vault_build_path (self, name);
        if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
          remove_private_folder (path);
      }
}

/* ---- keys ---- */

static gboolean
check (JnSealStatus status, const char *name, GError **error)
{
  if (status == JN_SEAL_OK)
    return TRUE;
  g_set_error (error, JN_ERROR, (int) status, "%s: the sealed store answered %d", name,
               (int) status);
  return FALSE;
}

/* There is no slot in a VFS of the host's: the uuid follows from key and name. */
static void
derive_uuid (JnVault *self, const char *path, guint8 uuid[JN_SEAL_UUID_SIZE])
{
  crypto_generichash (uuid, JN_SEAL_UUID_SIZE, (const guint8 *) path, strlen (path),
                      jn_vault_get_key (self), JN_SEAL_KEY_SIZE);
}

static JnSealStatus
give_key_in_vfs (JnVault *self, const char *path)
{
  guint8 uuid[JN_SEAL_UUID_SIZE];

  derive_uuid (self, path, uuid);
  return jn_seal_vfs_add_key (self->vfs, path, uuid, jn_vault_get_key (self));
}

gboolean
jn_vault_key_fits (JnVault *self, const char *name)
{
  g_autofree char *path = jn_vault_build_path (self, name);
  JnSealSlot slot;

  return self->key != NULL && self->base == NULL && jn_seal_slot_read (path, &slot) == JN_SEAL_OK
         && jn_seal_slot_check (&slot, jn_vault_get_key (self)) == JN_SEAL_OK;
}

gboolean
jn_vault_get_uuid (JnVault *self, const char *name, guint8 uuid[16])
{
  g_autofree char *path = jn_vault_build_path (self, name);
  JnSealSlot slot;

  if (self->key == NULL)
    return FALSE;
  if (self->base != NULL)
    derive_uuid (self, path, uuid);
  else if (jn_seal_slot_read (path, &slot) == JN_SEAL_OK)
    memcpy (uuid, slot.uuid, sizeof slot.uuid);
  else
    return FALSE;
  return TRUE;
}

guint64
jn_vault_get_log_size (JnVault *self, const char *name)
{
  g_autofree char *path = jn_vault_build_path (self, name);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  GStatBuf info;

  return self->base == NULL && g_stat (log, &info) == 0 ? (guint64) info.st_size : 0;
}

guint32
jn_vault_get_damaged_page (JnVault *self, const char *name)
{
  g_autofree char *path = jn_vault_build_path (self, name);
  JnSealFault fault;

  return self->key != NULL && jn_seal_vfs_get_fault (self->vfs, path, &fault) ? fault.page : 0;
}

typedef enum
{
  FILE_NONE, /* missing, or nothing in it */
  FILE_PLAIN,
  FILE_SEALED,
} FileKind;

static FileKind
look_at (const char *path)
{
  static const char magic[16] = "SQLite format 3";
  char start[sizeof magic] = { 0 };
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gssize n = fd < 0 ? 0 : read (fd, start, sizeof start);

  if (fd >= 0)
    close (fd);
  if (n <= 0)
    return FILE_NONE;
  return n == sizeof start && memcmp (start, magic, sizeof magic) == 0 ? FILE_PLAIN : FILE_SEALED;
}

/* Not just damaged: a sealed file has its slot beside it. */
static gboolean
has_slot (const char *path)
{
  JnSealSlot slot;
  return jn_seal_slot_read (path, &slot) != JN_SEAL_NOT_FOUND;
}

gboolean
jn_vault_is_sealed (const char *folder, const char *const *names)
{
  g_return_val_if_fail (folder != NULL && names != NULL, FALSE);
  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);
      if (look_at (path) == FILE_SEALED && has_slot (path))
        return TRUE;
    }
  return FALSE;
}

static int
tell_progress (void *data, uint64_t done, uint64_t total)
{
  JnVault *self = data;
  guint64 step = MAX (total / 100, 1);
  guint64 now = done == total ? self->plain_now : self->plain_now / total * done;
  /* In steps: the listener lives on another thread. */
  if (self->progress != NULL && (done % step == 0 || done == total))
    self->progress (self->progress_data, self->plain_done + now, self->plain_bytes);
  return 1;
}

/* A slot without a sealed file beside it protects nothing: an interrupted beginning whose key is lost. */
static void
drop_slot (const char *path)
{
  static const char *const both[] = { JN_SEAL_SLOT_SUFFIX, JN_SEAL_SLOT_SUFFIX ".old" };
  for (gsize i = 0; i < G_N_ELEMENTS (both); i++)
    {
      g_autofree char *slot = g_strconcat (path, both[i], NULL);
      g_unlink (slot);
    }
}

static JnSealStatus
seal_plain (JnVault *self, const char *path)
{
  const guint8 *key = jn_vault_get_key (self);
  JnSealStatus status = jn_seal_convert (self->vfs, path, key, tell_progress, self);

  if (status != JN_SEAL_KEY_WRONG && status != JN_SEAL_SLOT_DAMAGED)
    return status;
  drop_slot (path);
  return jn_seal_convert (self->vfs, path, key, tell_progress, self);
}

static JnSealStatus
give_key (JnVault *self, const char *path)
{
  const guint8 *key = jn_vault_get_key (self);
  JnSealStatus status = jn_seal_prepare (self->vfs, path, key);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  GStatBuf info;

  /* Only where there is nothing that another key could open. */
  if ((status == JN_SEAL_KEY_WRONG || status == JN_SEAL_SLOT_DAMAGED) && look_at (path) == FILE_NONE
      && (g_stat (log, &info) != 0 || info.st_size == 0))
    {
      drop_slot (path);
      status = jn_seal_prepare (self->vfs, path, key);
    }
  if (status != JN_SEAL_PLAIN)
    return status;
  self->plain_now = g_stat (path, &info) == 0 ? (guint64) info.st_size : 0;
  status = seal_plain (self, path);
  self->plain_done += self->plain_now;
  return status;
}

static gboolean
prepare_plain (JnVault *self, GError **error)
{
  const char *folder = self->folder != NULL ? jn_data_folder_get_path (self->folder) : NULL;

  if (folder == NULL || !jn_vault_is_sealed (folder, (const char *const *) self->names))
    return TRUE;
  g_set_error_literal (error, JN_ERROR, JN_ERROR_KEY_MISSING, "the files are sealed");
  return FALSE;
}

static void
measure_plain (JnVault *self)
{
  GStatBuf info;

  self->plain_bytes = self->plain_done = 0;
  for (gsize i = 0; self->names[i] != NULL; i++)
    {
      g_autofree char *path = jn_vault_build_path (self, self->names[i]);
      if (look_at (path) == FILE_PLAIN && g_stat (path, &info) == 0)
        self->plain_bytes += (guint64) info.st_size;
    }
}

/* An empty log says nothing, but one that was made while its database could not be written to cannot be written to either. */
static void
drop_empty_logs (JnVault *self)
{
  GStatBuf info;

  for (gsize i = 0; self->names[i] != NULL; i++)
    {
      g_autofree char *path = jn_vault_build_path (self, self->names[i]);
      g_autofree char *log = g_strconcat (path, "-wal", NULL);
      if (g_stat (log, &info) == 0 && info.st_size == 0 && g_access (log, W_OK) != 0)
        g_unlink (log);
    }
}

gboolean
jn_vault_admit (JnVault *self, const char *name, GError **error)
{
  g_autofree char *path = jn_vault_build_path (self, name);

  if (self->key == NULL)
    return TRUE;
  g_hash_table_add (self->admitted, g_strdup (path));
  return check (self->base != NULL ? give_key_in_vfs (self, path)
                                   : jn_seal_prepare (self->vfs, path, jn_vault_get_key (self)),
                name, error);
}

gboolean
jn_vault_prepare (JnVault *self, GError **error)
{
  if (self->base == NULL)
    drop_empty_logs (self);
  if (self->key == NULL)
    return prepare_plain (self, error);
  if (self->base == NULL)
    measure_plain (self);
  for (gsize i = 0; self->names[i] != NULL; i++)
    {
      g_autofree char *path = jn_vault_build_path (self, self->names[i]);
      JnSealStatus status =
          self->base != NULL ? give_key_in_vfs (self, path) : give_key (self, path);
      if (!check (status, self->names[i], error))
        return FALSE;
    }
  return TRUE;
}
