/* When the wallet's files cannot be opened: they are set aside, with the key that they may be of, and others begin. */
#include "jn-context-state.h"

#include "jn-error.h"

#include <string.h>

#define KEY_BYTES 32
#define MOST_OLD_KEYS 16

static gboolean
is_damage (const GError *error)
{
  return jn_error_get_class (error) == JN_ERROR_CLASS_DAMAGED
         && !jn_error_is (error, JN_ERROR_FORMAT_NEWER);
}

gboolean
jn_context_can_recover (JnContext *self)
{
  return self->stage == JN_STAGE_BROKEN && self->files_broke && self->keeping == JN_KEEPING_KEPT
         && (is_damage (self->error) || jn_error_get_class (self->error) == JN_ERROR_CLASS_KEY);
}

typedef struct
{
  char *folder, *vfs, *where;
  JnStorageAside what;
} AsideJob;

static void
aside_job_free (gpointer data)
{
  AsideJob *job = data;
  g_free (job->folder);
  g_free (job->vfs);
  g_free (job->where);
  g_free (job);
}

static gpointer
set_aside (gpointer data, GCancellable *cancellable, GError **error)
{
  AsideJob *job = data;
  jn_storage_set_aside (job->folder, job->vfs, job->what, job->where, error);
  return NULL;
}

/* Takes @error. Whether that is the end of it. */
static gboolean
stops (JnContext *self, GError *error)
{
  if (self->shut)
    g_clear_error (&error);
  else if (error != NULL)
    jn_context_break (self, error);
  return self->shut || error != NULL;
}

static void
on_head_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnContext) self = user_data;

  /* One that stays only means that the new files are told of as an older copy. */
  jn_keyring_clear_finish (JN_KEYRING (source), result, NULL);
  if (!self->shut)
    jn_context_start (self);
}

static void
clear_head (JnContext *self)
{
  jn_keyring_clear_async (self->keyring, JN_HEAD_ITEM, NULL, on_head_cleared, g_object_ref (self));
}

/* What was set aside may be of this key, or of one before it: none is thrown away, and the newest stands first. */
typedef struct
{
  JnContext *context;
  JnSecret *key;
} Retiring;

static void
retiring_free (Retiring *retiring)
{
  g_clear_pointer (&retiring->key, jn_secret_unref);
  g_object_unref (retiring->context);
  g_free (retiring);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Retiring, retiring_free)

static void
on_key_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Retiring) retiring = user_data;
  JnContext *self = retiring->context;
  GError *error = NULL;

  jn_keyring_clear_finish (JN_KEYRING (source), result, &error);
  if (!stops (self, error))
    clear_head (self);
}

static void
on_key_retired (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Retiring) retiring = user_data;
  JnContext *self = retiring->context;
  GError *error = NULL;

  jn_keyring_store_finish (JN_KEYRING (source), result, &error);
  if (!stops (self, error))
    jn_keyring_clear_async (self->keyring, JN_KEY_ITEM, NULL, on_key_cleared,
                            g_steal_pointer (&retiring));
}

static JnSecret *
join_keys (JnSecret *newest, JnSecret *before)
{
  gsize n = 0, m = 0;
  const guint8 *first = jn_secret_get (newest, &n);
  const guint8 *rest = before != NULL ? jn_secret_get (before, &m) : NULL;
  guint8 keys[MOST_OLD_KEYS * KEY_BYTES];

  n = MIN (n, KEY_BYTES);
  m = MIN (m, sizeof keys - n);
  memcpy (keys, first, n);
  if (m > 0)
    memcpy (keys + n, rest, m);
  JnSecret *joined = jn_secret_new (keys, n + m);
  explicit_bzero (keys, sizeof keys);
  return joined;
}

static void
on_old_keys (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Retiring) retiring = user_data;
  JnContext *self = retiring->context;
  GError *error = NULL;
  g_autoptr (JnSecret) before = jn_keyring_lookup_finish (JN_KEYRING (source), result, &error);

  if (stops (self, error))
    return;
  g_autoptr (JnSecret) keys = join_keys (retiring->key, before);
  jn_keyring_store_async (self->keyring, JN_OLD_KEYS_ITEM, keys, NULL, on_key_retired,
                          g_steal_pointer (&retiring));
}

static void
on_wrong_key (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Retiring) retiring = user_data;
  JnContext *self = retiring->context;
  GError *error = NULL;

  retiring->key = jn_keyring_lookup_finish (JN_KEYRING (source), result, &error);
  /* An item without a key in it opens nothing. */
  if (jn_error_is (error, JN_ERROR_SLOT_DAMAGED))
    g_clear_error (&error);
  if (stops (self, error))
    return;
  if (retiring->key == NULL)
    jn_keyring_clear_async (self->keyring, JN_KEY_ITEM, NULL, on_key_cleared,
                            g_steal_pointer (&retiring));
  else
    jn_keyring_lookup_async (self->keyring, JN_OLD_KEYS_ITEM, NULL, on_old_keys,
                             g_steal_pointer (&retiring));
}

static void
retire_key (JnContext *self)
{
  Retiring *retiring = g_new0 (Retiring, 1);

  retiring->context = g_object_ref (self);
  jn_keyring_lookup_async (self->keyring, JN_KEY_ITEM, NULL, on_wrong_key, retiring);
}

static void
on_set_aside (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnContext) self = user_data;
  GError *error = NULL;

  jn_worker_run_finish (JN_WORKER (source), result, &error);
  if (stops (self, error))
    return;
  self->rebuilding = TRUE;
  if (self->only_ledger_broke)
    jn_context_start (self);
  /* The key that opens what was set aside stays. */
  else if (!self->key_broke)
    clear_head (self);
  else
    retire_key (self);
}

/* Two in one second are two. */
static char *
find_free_name (const char *folder, GDateTime *now)
{
  g_autofree char *first = g_date_time_format (now, JN_STORAGE_ASIDE "%Y%m%dT%H%M%SZ");
  g_autofree char *name = g_strdup (first);

  for (guint i = 2; folder != NULL; i++)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        break;
      g_free (name);
      name = g_strdup_printf ("%s-%u", first, i);
    }
  return g_steal_pointer (&name);
}

void
jn_context_recover (JnContext *self)
{
  if (self->shut || !jn_context_can_recover (self))
    return;
  g_autoptr (GDateTime) now =
      g_date_time_new_from_unix_utc (jn_context_now (self) / G_USEC_PER_SEC);
  AsideJob *job = g_new0 (AsideJob, 1);
  gboolean wrong = jn_error_is (self->error, JN_ERROR_KEY_WRONG);

  job->folder = g_strdup (jn_context_get_folder (self));
  job->vfs = g_strdup (self->vfs);
  job->where = find_free_name (job->folder, now);
  job->what = !self->only_ledger_broke ? JN_STORAGE_ASIDE_ALL
              : wrong                  ? JN_STORAGE_ASIDE_LEDGER_NEW
                                       : JN_STORAGE_ASIDE_LEDGER;
  g_free (self->aside);
  /* A key that fits one of the files is not what broke. */
  self->key_broke = wrong && !self->key_fits;
  self->aside = self->key_broke ? NULL : g_strdup (job->where);
  jn_context_set_stage (self, JN_STAGE_STARTING);
  jn_worker_run_async (self->slow, set_aside, job, aside_job_free, NULL, NULL, on_set_aside,
                       g_object_ref (self));
}
