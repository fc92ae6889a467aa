/* The files of a wallet and the thread that owns them. */
#include "jn-storage.h"

#include "jn-error.h"
#include "jn-storage-private.h"
#include "jn-vault.h"
#include "jn-wallet-db.h"

#include <string.h>

#define LEDGER_FILE "ledger.db"
#define WALLET_FILE "wallet.db"

struct _JnStorage
{
  GObject parent_instance;
  JnClock *clock;
  JnEntropy *entropy;
  JnWorker *worker;
  JnVault *vault;
  JnStorageHeads heads;
  guint8 uuid[16]; /* of the ledger's file */
  gboolean has_uuid;
  gint older; /* atomic */
  gboolean ended_badly;
  GMutex care;
  gint closing; /* atomic */
  jn_host host;
  jn_ledger *ledger;
  JnDb *db;
  JnOutbox *outbox;
  GMutex mutex;
  JnInstant synced_at; /* under the mutex */
  jn_id owner;         /* the same */
  gboolean has_owner;  /* the same */
};

G_DEFINE_FINAL_TYPE (JnStorage, jn_storage, G_TYPE_OBJECT)

static int64_t
host_now (void *ctx)
{
  return jn_clock_now (JN_STORAGE (ctx)->clock);
}

static void
host_random (void *ctx, void *buffer, size_t length)
{
  jn_entropy_fill (JN_STORAGE (ctx)->entropy, buffer, length);
}

static bool
host_head_load (void *ctx, jn_head *out)
{
  JnStorage *self = ctx;
  return self->has_uuid && !self->older && self->heads.load != NULL
         && self->heads.load (self->heads.data, self->uuid, out);
}

static void
host_head_store (void *ctx, const jn_head *head)
{
  JnStorage *self = ctx;
  if (self->has_uuid && !self->older && self->heads.store != NULL)
    self->heads.store (self->heads.data, self->uuid, head);
}

gboolean
jn_storage_check (jn_status status, GError **error)
{
  int code = (int) status;

  if (status == JN_OK || status == JN_EXISTS)
    return TRUE;
  if (jn_error_code_get_class (code) == JN_ERROR_CLASS_CONFLICT)
    code = JN_ERROR_CONFLICT;
  else if (status == JN_FEED_GAP)
    code = JN_ERROR_ANSWER_INVALID;
  else if (jn_error_code_get_name (code) == NULL)
    code = JN_ERROR_INVARIANT;
  g_set_error (error, JN_ERROR, code, "the ledger answered %d", (int) status);
  return FALSE;
}

/* ---- files ---- */

static const char *const names[] = { WALLET_FILE, LEDGER_FILE, NULL };

gboolean
jn_storage_is_sealed (const char *folder)
{
  return jn_vault_is_sealed (folder, names);
}

/* A file that has another past than the head outside is read without it; the bank tells what is missing. */
static jn_status
try_ledger (JnStorage *self)
{
  g_autofree char *path = jn_vault_build_path (self->vault, LEDGER_FILE);
  const jn_key *key = (const jn_key *) (gconstpointer) jn_vault_get_key (self->vault);
  jn_status status = jn_open (path, key, &self->host, 0, &self->ledger);

  if (status != JN_FILE_OLDER_THAN_HEAD && status != JN_CHAIN_BROKEN)
    return status;
  jn_head kept = { 0 };
  /* Another file than wallet.db was synced with: a backup. */
  if (host_head_load (self, &kept) && kept.seq == G_MAXUINT64)
    jn_storage_forget_synced_at (self);
  g_atomic_int_set (&self->older, TRUE);
  return jn_open (path, key, &self->host, 0, &self->ledger);
}

jn_status
jn_storage_open_beside (JnStorage *self, const char *name, jn_ledger **out)
{
  g_autofree char *path = jn_vault_build_path (self->vault, name != NULL ? name : LEDGER_FILE);
  const jn_key *key = (const jn_key *) (gconstpointer) jn_vault_get_key (self->vault);
  jn_host host = self->host;

  *out = NULL;
  host.head_load = NULL;
  host.head_store = NULL;
  if (name != NULL && !jn_vault_admit (self->vault, name, NULL))
    return JN_KEY_WRONG;
  return jn_open (path, key, &host, JN_OPEN_READ_ONLY, out);
}

static void
keep_head (JnStorage *self)
{
  jn_head head;
  if (jn_head_get (self->ledger, &head) == JN_OK)
    host_head_store (self, &head);
}

/* A backup that was put in its place can be from before wallet.db was another customer's. */
static gboolean
replace_ledger (JnStorage *self, GError **error)
{
  g_autofree char *where = jn_vault_find_free_name (self->vault, JN_STORAGE_ASIDE "foreign");

  jn_close (self->ledger);
  self->ledger = NULL;
  if (!jn_storage_set_backups_aside (self->vault, where, error)
      || !jn_vault_set_aside (self->vault, LEDGER_FILE, where, error)
      || !jn_vault_prepare (self->vault, error))
    return FALSE;
  self->has_uuid = jn_vault_get_uuid (self->vault, LEDGER_FILE, self->uuid);
  return jn_storage_check (try_ledger (self), error);
}

static gboolean
open_ledger (JnStorage *self, GError **error)
{
  g_atomic_int_set (&self->older, FALSE);
  self->has_uuid = jn_vault_get_uuid (self->vault, LEDGER_FILE, self->uuid);
  if (!jn_storage_check (try_ledger (self), error)
      || (jn_storage_is_foreign (self, self->ledger) && !replace_ledger (self, error)))
    return FALSE;
  keep_head (self);
  return jn_storage_match_files (self, error);
}

/* Says which file it was, and which page of it. */
static void
tell_fault (JnStorage *self, const char *name, JnStorageFault *fault, GError **error)
{
  guint32 page = jn_vault_get_damaged_page (self->vault, name);

  if (fault != NULL)
    *fault = (JnStorageFault){ .ledger = g_str_equal (name, LEDGER_FILE),
                               .page = page,
                               .key_fits = TRUE };
  if (page > 0 && error != NULL && *error != NULL)
    g_prefix_error (error, "%s, page %u: ", name, page);
}

/* A key that is wrong for one file alone is not the wrong key. */
static void
tell_key (JnStorage *self, JnStorageFault *fault)
{
  gboolean wallet = jn_vault_key_fits (self->vault, WALLET_FILE);

  if (fault != NULL)
    *fault = (JnStorageFault){ .ledger = wallet,
                               .key_fits = wallet || jn_vault_key_fits (self->vault, LEDGER_FILE)
                                           || jn_storage_key_fits_backup (self->vault) };
}

static gboolean
open_files (JnStorage *self, JnStorageFault *fault, GError **error)
{
  g_autofree char *wallet_path = jn_vault_build_path (self->vault, WALLET_FILE);

  g_atomic_int_set (&self->closing, FALSE);
  if (!jn_vault_prepare (self->vault, error))
    {
      tell_key (self, fault);
      return FALSE;
    }
  self->ended_badly = jn_vault_get_log_size (self->vault, LEDGER_FILE) > 0;
  self->db = jn_wallet_db_open (wallet_path, jn_vault_get_vfs (self->vault), error);
  if (self->db == NULL)
    {
      tell_fault (self, WALLET_FILE, fault, error);
      return FALSE;
    }
  if (!open_ledger (self, error))
    {
      tell_fault (self, LEDGER_FILE, fault, error);
      return FALSE;
    }
  self->outbox = jn_outbox_new (self->db);
  jn_storage_note_owner (self);
  JnInstant synced_at = 0;
  jn_storage_load_synced_at (self, &synced_at);
  g_mutex_lock (&self->mutex);
  self->synced_at = synced_at;
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

void
jn_storage_note_owner (JnStorage *self)
{
  jn_id owner = { 0 };
  gboolean has_owner = jn_storage_get_owner (self, &owner);

  g_mutex_lock (&self->mutex);
  self->owner = owner;
  self->has_owner = has_owner;
  g_mutex_unlock (&self->mutex);
}

JnSecret *
jn_storage_dup_owner (JnStorage *self)
{
  g_return_val_if_fail (JN_IS_STORAGE (self), NULL);
  g_mutex_lock (&self->mutex);
  JnSecret *owner = self->has_owner ? jn_secret_new (&self->owner, sizeof self->owner) : NULL;
  g_mutex_unlock (&self->mutex);
  return owner;
}

static void
close_files (JnStorage *self)
{
  g_atomic_int_set (&self->closing, TRUE);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->care);
  g_clear_pointer (&self->outbox, jn_outbox_free);
  g_clear_pointer (&self->db, jn_db_close);
  if (self->ledger != NULL)
    jn_close (self->ledger);
  self->ledger = NULL;
}

JnStorage *
jn_storage_open (const JnStorageOptions *options, GError **error)
{
  g_return_val_if_fail (JN_IS_CLOCK (options->clock) && JN_IS_ENTROPY (options->entropy), NULL);
  g_autoptr (JnStorage) self = g_object_new (JN_TYPE_STORAGE, NULL);

  self->clock = g_object_ref (options->clock);
  self->entropy = g_object_ref (options->entropy);
  self->heads = options->heads;
  self->worker = options->worker != NULL ? g_object_ref (options->worker) : NULL;
  JnVaultOptions vault = { .names = names,
                           .folder = options->folder,
                           .vfs = options->vfs,
                           .locked = options->locked,
                           .key = options->key,
                           .progress = options->progress,
                           .progress_data = options->progress_data };
  self->vault = jn_vault_new (&vault, error);
  if (self->vault == NULL)
    return NULL;
  self->host.vfs = jn_vault_get_vfs (self->vault);
  if (!jn_storage_settle_aside (self->vault, self->clock, error)
      || !open_files (self, options->fault, error))
    return NULL;
  if (self->worker == NULL)
    self->worker = jn_worker_new ("storage");
  return g_steal_pointer (&self);
}

void
jn_storage_close (JnStorage *self)
{
  g_return_if_fail (JN_IS_STORAGE (self));
  if (self->worker != NULL)
    jn_worker_stop (self->worker);
  close_files (self);
  g_mutex_lock (&self->care);
  g_clear_pointer (&self->vault, jn_vault_free);
  g_mutex_unlock (&self->care);
}

static gboolean
begin_with_what_is_here (JnStorage *self, GError **error)
{
  static const jn_head none = { 0 };

  if (!jn_vault_prepare (self->vault, error))
    return FALSE;
  g_atomic_int_set (&self->older, FALSE);
  self->has_uuid = jn_vault_get_uuid (self->vault, LEDGER_FILE, self->uuid);
  host_head_store (self, &none);
  return open_files (self, NULL, error);
}

gboolean
jn_storage_erase (JnStorage *self, gboolean others, GError **error)
{
  g_return_val_if_fail (JN_IS_STORAGE (self) && self->vault != NULL, FALSE);
  g_autofree char *own = jn_storage_name_for_what_is_here (self);
  close_files (self);
  jn_vault_remove (self->vault);
  jn_storage_drop_backups (self->vault);
  jn_storage_remove_aside (self->vault, others ? NULL : own);
  return begin_with_what_is_here (self, error);
}

/* What is outside is of the files that are put away: it comes back with them when they do at once. */
typedef struct
{
  guint8 uuid[16];
  jn_head head;
  JnFeedHead feed;
  gboolean has_head, has_feed;
} Outside;

static Outside
note_outside (JnStorage *self)
{
  Outside outside = { 0 };

  memcpy (outside.uuid, self->uuid, sizeof outside.uuid);
  outside.has_head = self->has_uuid && self->heads.load != NULL
                     && self->heads.load (self->heads.data, self->uuid, &outside.head)
                     && outside.head.seq != G_MAXUINT64;
  outside.has_feed =
      self->heads.load_feed != NULL && self->heads.load_feed (self->heads.data, &outside.feed);
  return outside;
}

/* The customer can set those aside, and only those. */
static gboolean
is_of_files (const GError *error)
{
  JnErrorClass what = jn_error_get_class (error);
  return what == JN_ERROR_CLASS_KEY
         || (what == JN_ERROR_CLASS_DAMAGED && !jn_error_is (error, JN_ERROR_FORMAT_NEWER)
             && !jn_error_is (error, JN_ERROR_IO));
}

/* Everything as it was: what cannot be moved now is moved at the next opening. */
static void
undo_exchange (JnStorage *self, const char *out, const char *in, const Outside *outside)
{
  close_files (self);
  if (!jn_storage_settle_aside (self->vault, self->clock, NULL))
    return;
  if (out != NULL && in == NULL)
    jn_vault_remove (self->vault);
  /* One that is there has not left. */
  gboolean came = out != NULL && in != NULL && !jn_vault_has_folder (self->vault, in);
  if ((came && !jn_storage_move_out (self->vault, self->clock, in, NULL))
      || (out != NULL && !jn_storage_move_in (self->vault, self->clock, out, NULL)))
    return;
  if (outside->has_head)
    self->heads.store (self->heads.data, outside->uuid, &outside->head);
  if (outside->has_feed && self->heads.store_feed != NULL)
    self->heads.store_feed (self->heads.data, &outside->feed);
  open_files (self, NULL, NULL);
}

gboolean
jn_storage_exchange (JnStorage *self, const char *out, const char *in, GError **error)
{
  Outside outside = note_outside (self);
  GError *inner = NULL;
  gboolean gone = FALSE;

  close_files (self);
  gone = jn_storage_move_out (self->vault, self->clock, out, &inner);
  if (gone && (in == NULL || jn_storage_move_in (self->vault, self->clock, in, &inner))
      && begin_with_what_is_here (self, &inner))
    return TRUE;
  if (!gone || in == NULL || !is_of_files (inner))
    undo_exchange (self, gone ? out : NULL, in, &outside);
  else
    close_files (self);
  g_propagate_error (error, inner);
  return FALSE;
}

gboolean
jn_storage_is_open (JnStorage *self)
{
  g_return_val_if_fail (JN_IS_STORAGE (self), FALSE);
  return self->outbox != NULL;
}

gboolean
jn_storage_set_aside (const char *folder, const char *vfs, JnStorageAside what, const char *where,
                      GError **error)
{
  JnVaultOptions options = { .names = names, .folder = folder, .vfs = vfs };
  gboolean all = what == JN_STORAGE_ASIDE_ALL;
  g_return_val_if_fail (folder != NULL && where != NULL, FALSE);
  g_autoptr (JnVault) vault = jn_vault_new (&options, error);

  if (vault == NULL || (all && !jn_storage_set_backups_aside (vault, where, error))
      || !jn_vault_set_aside (vault, LEDGER_FILE, where, error)
      || (all && !jn_vault_set_aside (vault, WALLET_FILE, where, error)))
    return FALSE;
  if (what == JN_STORAGE_ASIDE_LEDGER)
    jn_storage_restore_backup (vault, LEDGER_FILE);
  return TRUE;
}

gboolean
jn_storage_is_older_copy (JnStorage *self)
{
  g_return_val_if_fail (JN_IS_STORAGE (self), FALSE);
  return g_atomic_int_get (&self->older);
}

gboolean
jn_storage_ended_badly (JnStorage *self)
{
  g_return_val_if_fail (JN_IS_STORAGE (self), FALSE);
  return self->ended_badly;
}

/* ---- the object ---- */

static void
jn_storage_dispose (GObject *object)
{
  JnStorage *self = JN_STORAGE (object);
  jn_storage_close (self);
  g_clear_object (&self->worker);
  g_clear_object (&self->clock);
  g_clear_object (&self->entropy);
  G_OBJECT_CLASS (jn_storage_parent_class)->dispose (object);
}

static void
jn_storage_finalize (GObject *object)
{
  g_mutex_clear (&JN_STORAGE (object)->mutex);
  g_mutex_clear (&JN_STORAGE (object)->care);
  G_OBJECT_CLASS (jn_storage_parent_class)->finalize (object);
}

static void
jn_storage_class_init (JnStorageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_storage_dispose;
  G_OBJECT_CLASS (klass)->finalize = jn_storage_finalize;
}

static void
jn_storage_init (JnStorage *self)
{
  g_mutex_init (&self->mutex);
  g_mutex_init (&self->care);
  self->host.now_us = host_now;
  self->host.random = host_random;
  self->host.ctx = self;
  self->host.head_load = host_head_load;
  self->host.head_store = host_head_store;
}

JnWorker *
jn_storage_get_worker (JnStorage *self)
{
  g_return_val_if_fail (JN_IS_STORAGE (self), NULL);
  return self->worker;
}

jn_ledger *
jn_storage_get_ledger (JnStorage *self)
{
  g_return_val_if_fail (JN_IS_STORAGE (self), NULL);
  return self->ledger;
}

JnOutbox *
jn_storage_get_outbox (JnStorage *self)
{
  g_return_val_if_fail (JN_IS_STORAGE (self), NULL);
  return self->outbox;
}

const JnStorageHeads *
jn_storage_get_heads (JnStorage *self)
{
  return &self->heads;
}

JnClock *
jn_storage_get_clock (JnStorage *self)
{
  return self->clock;
}

JnVault *
jn_storage_get_vault (JnStorage *self)
{
  return self->vault;
}

GMutex *
jn_storage_get_care (JnStorage *self)
{
  return &self->care;
}

gboolean
jn_storage_is_closing (JnStorage *self)
{
  return g_atomic_int_get (&self->closing);
}

JnDb *
jn_storage_get_db (JnStorage *self)
{
  return self->db;
}

JnInstant
jn_storage_get_synced_at (JnStorage *self)
{
  g_return_val_if_fail (JN_IS_STORAGE (self), 0);
  g_mutex_lock (&self->mutex);
  JnInstant at = self->synced_at;
  g_mutex_unlock (&self->mutex);
  return at;
}

gboolean
jn_storage_set_synced_at (JnStorage *self, JnInstant at, GError **error)
{
  g_return_val_if_fail (JN_IS_STORAGE (self), FALSE);
  if (!jn_storage_save_synced_at (self, at, error))
    return FALSE;
  /* What an older copy lacked is here now. */
  if (g_atomic_int_get (&self->older))
    {
      g_atomic_int_set (&self->older, FALSE);
      keep_head (self);
    }
  g_mutex_lock (&self->mutex);
  self->synced_at = at;
  g_mutex_unlock (&self->mutex);
  return TRUE;
}
