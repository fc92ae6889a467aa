/* From nothing to WELCOME, READY or BROKEN: keyring, files, secrets, bank. And back. */
#include "jn-context-state.h"

#include "jn-error.h"
#include "jn-log.h"

/* The bank's keys may be missing: a wallet from before learns them. */
static const char *const secret_names[] = { "device-key", "session-secret", "consent-id",
                                            JN_ACCOUNT_ITEM, "bank-keys" };
#define N_SECRETS G_N_ELEMENTS (secret_names)
#define N_REQUIRED 3
#define ACCOUNT N_REQUIRED
#define BANK_KEYS (N_REQUIRED + 1)

/* The secrets of this device, looked up one after the other. */
typedef struct
{
  JnContext *context;
  JnSecret *secrets[N_SECRETS];
  gboolean unreadable; /* the last one is there, but not ours */
  guint n;
} Lookup;

static void
lookup_free (Lookup *lookup)
{
  for (guint i = 0; i < N_SECRETS; i++)
    g_clear_pointer (&lookup->secrets[i], jn_secret_unref);
  g_object_unref (lookup->context);
  g_free (lookup);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Lookup, lookup_free)

const char *
jn_context_get_folder (JnContext *self)
{
  return self->keeping == JN_KEEPING_THIS_RUN_ONLY ? NULL : self->data_dir;
}

char *
jn_context_dup_bank_folder (JnContext *self)
{
  const char *folder = jn_context_get_folder (self);
  return folder != NULL ? g_build_filename (folder, "bank", NULL) : NULL;
}

/* ---- the door ---- */

typedef struct
{
  JnStartBankFunc start;
  gpointer data;
  char *folder;
} StartJob;

static void
start_job_free (gpointer data)
{
  StartJob *job = data;
  g_free (job->folder);
  g_free (job);
}

static gpointer
start_bank (gpointer data, GCancellable *cancellable, GError **error)
{
  StartJob *job = data;
  return job->start (job->data, job->folder, error);
}

JnWorker *
jn_context_make_worker (JnContext *self, const char *name)
{
  return self->make_worker != NULL ? self->make_worker (self->make_data, name)
                                   : jn_worker_new (name);
}

static void
set_address (JnContext *self, const char *address)
{
  g_autofree char *clean = g_strdup (address);
  gsize length = strlen (clean);
  while (length > 0 && clean[length - 1] == '/')
    clean[--length] = '\0';
  const char *ca_file = self->profile->certificates;
  g_autoptr (JnTransport) transport =
      self->make_transport != NULL
          ? self->make_transport (self->make_data, clean, ca_file)
          : jn_soup_transport_new_pinned (clean, ca_file, self->profile->pins);
  jn_late_transport_set_inner (self->door, transport);
}

/* What trying again alone does not mend: the page that says so is worth more than "cannot be reached" for ever. */
static gboolean
is_for_the_customer (const GError *error)
{
  return jn_error_is (error, JN_ERROR_FORMAT_NEWER) || jn_error_is (error, JN_ERROR_READ_ONLY)
         || jn_error_is (error, JN_ERROR_DISK_FULL) || jn_error_is (error, JN_ERROR_PAGE_DAMAGED)
         || jn_error_is (error, JN_ERROR_BUSY);
}

/* The wallet is left first: a reading that is under way must not end in READY. */
static void
break_with_bank (JnContext *self, GError *error)
{
  jn_context_leave_wallet (self);
  if (self->enrolment != NULL)
    jn_enrolment_stop (self->enrolment);
  jn_context_break (self, error);
  g_clear_object (&self->enrolment);
}

static void
on_bank_started (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnContext) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *address = jn_worker_run_finish (JN_WORKER (source), result, &error);

  self->opening_door = FALSE;
  if (self->shut)
    return;
  if (address == NULL)
    {
      jn_log (JN_LOG_WARNING, "session", "the embedded bank did not start: %s",
              error != NULL ? error->message : "no address");
      jn_late_transport_refuse (self->door);
      if (is_for_the_customer (error))
        break_with_bank (self, g_steal_pointer (&error));
      return;
    }
  set_address (self, address);
}

void
jn_context_open_door (JnContext *self)
{
  if (jn_late_transport_is_open (self->door) || self->opening_door)
    return;
  if (self->profile->address != NULL)
    {
      set_address (self, self->profile->address);
      return;
    }
  if (self->start_bank == NULL)
    {
      jn_late_transport_refuse (self->door);
      return;
    }
  StartJob *job = g_new0 (StartJob, 1);
  job->start = self->start_bank;
  job->data = self->start_bank_data;
  job->folder = jn_context_dup_bank_folder (self);
  self->opening_door = TRUE;
  jn_late_transport_set_inner (self->door, NULL);
  jn_worker_run_async (self->slow, start_bank, job, start_job_free, g_free, NULL, on_bank_started,
                       g_object_ref (self));
}

/* ---- secrets ---- */

static void look_up_next (Lookup *lookup);

static void
found_secrets (Lookup *lookup)
{
  JnContext *self = lookup->context;
  gsize length;

  for (guint i = 0; i < N_REQUIRED; i++)
    if (lookup->secrets[i] == NULL)
      {
        jn_context_set_stage (self, JN_STAGE_WELCOME);
        return;
      }
  /* Cut off between the files of one customer and the session of another: nothing is asked or paid with the two. */
  if (!jn_storage_is_of (self->storage, lookup->secrets[ACCOUNT]))
    {
      jn_context_set_stage (self, JN_STAGE_WELCOME);
      return;
    }
  JnDevice *device = jn_device_new_from_seed (lookup->secrets[0]);
  const char *consent_id = (const char *) jn_secret_get (lookup->secrets[2], &length);
  if (device == NULL || !g_utf8_validate (consent_id, (gssize) length, NULL))
    {
      g_clear_pointer (&device, jn_device_free);
      jn_context_set_stage (self, JN_STAGE_WELCOME);
      return;
    }
  jn_context_trust_enter (self, lookup->secrets[BANK_KEYS], lookup->unreadable);
  jn_context_enter_wallet (self, device, consent_id, lookup->secrets[1]);
}

static void
on_secret (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Lookup) lookup = user_data;
  GError *error = NULL;
  JnSecret *secret = jn_keyring_lookup_finish (JN_KEYRING (source), result, &error);

  if (lookup->context->shut)
    {
      g_clear_pointer (&secret, jn_secret_unref);
      g_clear_error (&error);
      return;
    }
  /* An item that cannot be read is as lost as one that is not there: signing in again puts another in its place. */
  lookup->unreadable = jn_error_is (error, JN_ERROR_SLOT_DAMAGED);
  if (error != NULL && !lookup->unreadable)
    {
      jn_context_break (lookup->context, error);
      return;
    }
  g_clear_error (&error);
  lookup->secrets[lookup->n++] = secret;
  look_up_next (g_steal_pointer (&lookup));
}

static void
look_up_next (Lookup *lookup)
{
  guint n = lookup->n;

  if (n == N_SECRETS || (n > 0 && n <= N_REQUIRED && lookup->secrets[n - 1] == NULL))
    {
      found_secrets (lookup);
      lookup_free (lookup);
      return;
    }
  jn_keyring_lookup_async (lookup->context->keyring, secret_names[lookup->n], NULL, on_secret,
                           lookup);
}

void
jn_context_look_up_secrets (JnContext *self)
{
  Lookup *lookup = g_new0 (Lookup, 1);
  lookup->context = g_object_ref (self);
  look_up_next (lookup);
}

/* ---- from the keyring to the files ---- */

static void
on_probed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnContext) self = user_data;
  JnKeyringState state = jn_keyring_probe_finish (JN_KEYRING (source), result);

  if (self->shut)
    return;
  if (state == JN_KEYRING_THIS_RUN_ONLY && self->keyring_kept)
    state = JN_KEYRING_KEPT;
  /* Kept means both: secrets in the keyring and files in the folder. */
  jn_context_set_keeping (self, state == JN_KEYRING_LOCKED ? JN_KEEPING_LOCKED
                                : state == JN_KEYRING_KEPT && self->data_dir != NULL
                                    ? JN_KEEPING_KEPT
                                    : JN_KEEPING_THIS_RUN_ONLY);
  if (self->storage != NULL)
    {
      jn_context_look_up_secrets (self);
      return;
    }
  /* Nothing opens, and nothing is made new, while the keys are locked away. */
  if (state == JN_KEYRING_LOCKED)
    jn_context_break (self, g_error_new (JN_ERROR, JN_ERROR_KEY_MISSING, "the keyring is locked"));
  else
    jn_context_open_files (self);
}

static void
on_unlocked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnContext) self = user_data;

  jn_keyring_unlock_finish (JN_KEYRING (source), result);
  if (!self->shut && self->stage == JN_STAGE_BROKEN)
    jn_context_start (self);
}

void
jn_context_unlock (JnContext *self)
{
  if (!self->shut && self->stage == JN_STAGE_BROKEN && self->keeping == JN_KEEPING_LOCKED)
    jn_keyring_unlock_async (self->keyring, NULL, on_unlocked, g_object_ref (self));
}

void
jn_context_start (JnContext *self)
{
  g_return_if_fail (self->stage == JN_STAGE_STARTING || self->stage == JN_STAGE_BROKEN);
  if (self->shut)
    return;
  g_clear_error (&self->error);
  if (self->heads == NULL)
    self->heads = jn_head_keeper_new (self->keyring, self->clock);
  if (self->slow == NULL)
    self->slow = jn_context_make_worker (self, "context");
  jn_context_set_stage (self, JN_STAGE_STARTING);
  jn_keyring_probe_async (self->keyring, NULL, on_probed, g_object_ref (self));
}

void
jn_context_shutdown (JnContext *self)
{
  if (self->shut)
    return;
  self->shut = TRUE;
  jn_context_leave_wallet (self);
  if (self->enrolment != NULL)
    jn_enrolment_stop (self->enrolment);
  g_clear_object (&self->enrolment);
  jn_test_phone_forget (self->test_phone);
  jn_late_transport_refuse (self->door);
  if (self->slow != NULL)
    jn_worker_stop (self->slow);
  g_clear_object (&self->slow);
  if (self->care != NULL)
    jn_worker_stop (self->care);
  g_clear_object (&self->care);
  if (self->storage != NULL)
    jn_storage_close (self->storage);
  g_clear_object (&self->storage);
  if (self->heads != NULL)
    jn_head_keeper_stop (self->heads);
}

/* ---- beginning again ---- */

/* What erasing does on a worker, off the main thread. */
typedef struct
{
  JnStorage *storage;
  JnStopBankFunc stop;
  gpointer data;
  char *bank_folder;
  gboolean others; /* the bank goes too, and with it all its customers */
} EraseJob;

static void
erase_job_free (gpointer data)
{
  EraseJob *job = data;
  g_clear_object (&job->storage);
  g_free (job->bank_folder);
  g_free (job);
}

/* Only plain files directly in the folder: the bank makes no others, and a link is not followed. */
static void
remove_folder (const char *path)
{
  g_autoptr (GFile) folder = g_file_new_for_path (path);
  g_autoptr (GFileEnumerator) files = g_file_enumerate_children (
      folder, G_FILE_ATTRIBUTE_STANDARD_NAME, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);
  GFile *file;

  while (files != NULL && g_file_enumerator_iterate (files, NULL, &file, NULL, NULL)
         && file != NULL)
    g_file_delete (file, NULL, NULL);
  g_file_delete (folder, NULL, NULL);
}

static gpointer
erase_bank (gpointer data, GCancellable *cancellable, GError **error)
{
  EraseJob *job = data;
  if (job->stop != NULL)
    job->stop (job->data);
  if (job->stop != NULL && job->bank_folder != NULL)
    remove_folder (job->bank_folder);
  return NULL;
}

static gpointer
erase_storage (gpointer data, GCancellable *cancellable, GError **error)
{
  EraseJob *job = data;
  jn_storage_erase (job->storage, job->others, error);
  return NULL;
}

static void
on_storage_erased (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnContext) self = user_data;
  GError *error = NULL;

  jn_worker_run_finish (JN_WORKER (source), result, &error);
  if (self->shut)
    g_clear_error (&error);
  else if (error != NULL)
    jn_context_break (self, error);
  else
    jn_context_set_stage (self, JN_STAGE_WELCOME);
}

static void
on_bank_erased (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnContext) self = user_data;
  g_autoptr (GError) error = NULL;

  jn_worker_run_finish (JN_WORKER (source), result, &error);
  if (self->shut || self->storage == NULL)
    return;
  EraseJob *job = g_new0 (EraseJob, 1);
  job->storage = g_object_ref (self->storage);
  job->others = self->profile->address == NULL && self->stop_bank != NULL;
  jn_worker_run_async (jn_storage_get_worker (self->storage), erase_storage, job, erase_job_free,
                       NULL, NULL, on_storage_erased, g_object_ref (self));
}

static void
on_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnContext) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!jn_keyring_clear_finish (JN_KEYRING (source), result, &error))
    jn_log (JN_LOG_WARNING, "session", "a keyring item could not be removed: %s",
            error != NULL ? error->message : "");
}

/* Removes everything of this wallet; with @bank the embedded bank's files too. */
static void
forget_all (JnContext *self, gboolean bank)
{
  jn_context_leave_wallet (self);
  jn_context_set_stage (self, JN_STAGE_STARTING);
  jn_test_phone_forget (self->test_phone);
  jn_context_trust_forget (self);
  for (guint i = 0; i < N_SECRETS; i++)
    jn_keyring_clear_async (self->keyring, secret_names[i], NULL, on_cleared, g_object_ref (self));
  jn_keyring_clear_async (self->keyring, JN_OLD_KEYS_ITEM, NULL, on_cleared, g_object_ref (self));

  EraseJob *job = g_new0 (EraseJob, 1);
  if (bank && self->profile->address == NULL && self->stop_bank != NULL)
    {
      jn_late_transport_set_inner (self->door, NULL);
      job->stop = self->stop_bank;
      job->data = self->start_bank_data;
      job->bank_folder = jn_context_dup_bank_folder (self);
    }
  jn_worker_run_async (self->slow, erase_bank, job, erase_job_free, NULL, NULL, on_bank_erased,
                       g_object_ref (self));
}

void
jn_context_erase (JnContext *self)
{
  if (!self->shut && self->storage != NULL)
    forget_all (self, TRUE);
}

static void
on_reset (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnContext) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean ok = jn_bank_reset_sandbox_finish (JN_BANK (source), result, &error);

  if (self->shut)
    return;
  /* A bank that cannot be asked starts over without its files. */
  forget_all (self, !ok);
}

void
jn_context_start_over (JnContext *self)
{
  if (self->shut || self->storage == NULL || !jn_context_is_sandbox (self))
    return;
  jn_context_leave_wallet (self);
  jn_context_set_stage (self, JN_STAGE_STARTING);
  jn_context_open_door (self);
  jn_bank_reset_sandbox_async (self->uncut_bank, NULL, on_reset, g_object_ref (self));
}
