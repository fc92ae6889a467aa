/* The customer's own words to a booked payment, kept beside what the bank says. */
#include "jn-context-state.h"

#include "jn-error.h"

#include <string.h>

typedef struct
{
  JnStorage *storage;
  JnId transfer;
  guint64 device;
  JnInstant now;
  char *text;
} NoteJob;

static void
note_job_free (gpointer data)
{
  NoteJob *job = data;
  g_object_unref (job->storage);
  g_free (job->text);
  g_free (job);
}

static gpointer
write_note (gpointer data, GCancellable *cancellable, GError **error)
{
  NoteJob *job = data;
  jn_ledger *ledger = jn_storage_get_ledger (job->storage);
  jn_annotation note = { .field = JN_FIELD_NOTE, .device = job->device, .value = job->text };
  jn_snapshot *snapshot = NULL;
  guint64 newest = 0;
  jn_status status = jn_snapshot_begin (ledger, &snapshot);

  if (status == JN_OK)
    status = jn_annotation_clock (snapshot, &newest);
  jn_snapshot_end (snapshot);
  if (status == JN_OK)
    {
      memcpy (note.transfer.b, job->transfer.bytes, sizeof note.transfer.b);
      note.hlc = jn_hlc_next (newest, job->now);
      status = jn_annotate (ledger, &note, 1);
    }
  return jn_storage_check (status, error) ? job : NULL;
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  JnContext *self = g_task_get_source_object (task);
  const NoteJob *job = g_task_get_task_data (task);

  if (jn_worker_run_finish (JN_WORKER (source), result, &error) == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  self->n_notes++;
  jn_context_refresh (self);
  g_task_return_pointer (task, g_strdup (job->text), g_free);
}

/* Which device wrote it: decides between two that wrote in the same millisecond. */
static guint64
device_number (JnContext *self)
{
  guint64 number = 1;

  if (self->device != NULL)
    {
      g_autofree char *key = jn_device_get_public_key (self->device);
      number = key != NULL ? g_str_hash (key) : 1;
    }
  return MAX (number, 1);
}

/* As much of the text as the ledger keeps, cut between characters. */
static char *
dup_fitting (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  char *clean = g_strstrip (g_steal_pointer (&valid));

  if (strlen (clean) > JN_ANNOTATION_MAX)
    *g_utf8_find_prev_char (clean, clean + JN_ANNOTATION_MAX + 1) = '\0';
  return clean;
}

void
jn_context_set_note_async (JnContext *self, const JnId *entry, const char *text,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  NoteJob *job;

  g_task_set_source_tag (task, jn_context_set_note_async);
  if (self->storage == NULL)
    {
      g_task_return_new_error (task, JN_ERROR, JN_ERROR_IO, "no wallet is open");
      g_object_unref (task);
      return;
    }
  job = g_new0 (NoteJob, 1);
  job->storage = g_object_ref (self->storage);
  job->transfer = *entry;
  job->device = device_number (self);
  job->now = jn_context_now (self);
  job->text = dup_fitting (text != NULL ? text : "");
  g_task_set_task_data (task, job, note_job_free);
  /* The task owns the job, and lives until the worker is done. */
  jn_worker_run_async (jn_storage_get_worker (job->storage), write_note, job, NULL, NULL, NULL,
                       on_written, task);
}

guint
jn_context_get_n_notes (JnContext *self)
{
  return self->n_notes;
}

char *
jn_context_set_note_finish (JnContext *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
