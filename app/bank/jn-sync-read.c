/* Looks into documents: everything about them that needs no store. */
#include "jn-sync-apply.h"

#include "jn-error.h"

#include <string.h>

#define ENTRIES_AT_ONCE 16

void
jn_sync_paper_free (JnSyncPaper *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->doc, jn_json_doc_free);
  g_clear_pointer (&self->page, jn_wire_feed_page_free);
  g_free (self->first);
  g_free (self);
}

void
jn_sync_reading_free (gpointer data)
{
  JnSyncReading *reading = data;
  g_bytes_unref (reading->bytes);
  g_free (reading);
}

/* 0 when @entry, as @json has it, is what its chain value says behind @before. */
static JnErrorCode
check_link (const JnWireEntry *before, const JnWireEntry *entry, JnJson *json)
{
  JnFeedHead head = { .sequence = before->sequence };

  memcpy (head.chain, before->chain, sizeof head.chain);
  if (!jn_feed_head_step (&head, json))
    return JN_ERROR_ANSWER_INVALID;
  return memcmp (head.chain, entry->chain, sizeof head.chain) == 0 ? 0 : JN_ERROR_HEAD_MISMATCH;
}

/* @list: the entries of the page from number @from on. */
static void
follow_chain (JnSyncPaper *self, JnJson *list, guint from)
{
  const GPtrArray *entries = self->page->booked;

  if (from == 0)
    {
      self->first = jn_feed_entry_bytes (jn_json_at (list, 0), &self->first_length);
      self->n_linked = 1;
    }
  for (guint i = self->n_linked; i < entries->len && self->fault == 0; i++)
    {
      self->fault =
          check_link (entries->pdata[i - 1], entries->pdata[i], jn_json_at (list, i - from));
      self->n_linked += self->fault == 0;
    }
}

/* A few entries at a time, so that what stands for them as JSON never grows beyond what a processor has at hand. */
static gboolean
read_entries (JnSyncPaper *self, JnJsonParts *parts, GError **error)
{
  g_autoptr (GError) inner = NULL;
  JnJsonDoc *doc;

  while ((doc = jn_json_parts_read_next (parts, ENTRIES_AT_ONCE, &inner)) != NULL)
    {
      JnJson *list = jn_json_doc_root (doc);
      guint before = self->page->booked->len;
      if (jn_wire_read_booked (self->page, list, &inner))
        follow_chain (self, list, before);
      jn_json_doc_free (doc);
      if (inner != NULL)
        break;
    }
  if (inner == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&inner));
  return FALSE;
}

static gpointer
read_page (const char *text, gsize length, GError **error)
{
  g_autoptr (JnSyncPaper) self = g_new0 (JnSyncPaper, 1);
  g_autoptr (JnJsonParts) parts = jn_json_parts_new (text, length, "transactions/booked", error);
  g_autoptr (JnJsonDoc) rest = parts != NULL ? jn_json_parts_read_rest (parts, error) : NULL;

  self->step = JN_SYNC_STEP_FEED;
  if (rest != NULL)
    self->page = jn_wire_read_feed_page (jn_json_doc_root (rest), error);
  return self->page != NULL && read_entries (self, parts, error) ? g_steal_pointer (&self) : NULL;
}

gpointer
jn_sync_read (gpointer data, GCancellable *cancellable, GError **error)
{
  JnSyncReading *reading = data;
  gsize length = 0;
  const char *text = g_bytes_get_data (reading->bytes, &length);

  if (reading->step == JN_SYNC_STEP_FEED)
    return read_page (text, length, error);
  JnJsonDoc *doc = jn_json_parse (text, length, error);
  if (doc == NULL)
    return NULL;
  JnSyncPaper *self = g_new0 (JnSyncPaper, 1);
  self->step = reading->step;
  self->doc = doc;
  self->bytes = g_bytes_ref (reading->bytes);
  return self;
}
