/* The chain of the feed, page by page, against what the bank says and has said. */
#include "jn-sync-apply.h"

#include "jn-error.h"

#include <string.h>

void
jn_sync_chain_begin (JnStorage *storage, JnSyncPlace *place)
{
  JnFeedHead kept = { 0 };

  memset (place->known, 0, sizeof place->known);
  jn_feed_head_start (&place->head, place->bban);
  if (jn_storage_get_feed_head (storage, &kept))
    {
      if (kept.sequence <= place->feed_cursor)
        place->head = kept;
      else
        place->known[0] = kept;
    }
  if (jn_storage_get_outside_feed_head (storage, &kept))
    place->known[1] = kept;
}

static gboolean
fail (GError **error, JnErrorCode code, const char *what, guint64 sequence)
{
  g_set_error (error, JN_ERROR, (int) code, "the feed's chain: %s (%" G_GUINT64_FORMAT ")", what,
               sequence);
  return FALSE;
}

gboolean
jn_sync_chain_check_not_older (const JnWireFeedPage *page, const JnSyncPlace *place, GError **error)
{
  guint64 most = MAX (place->feed_cursor, place->head.sequence);
  for (gsize i = 0; i < G_N_ELEMENTS (place->known); i++)
    most = MAX (most, place->known[i].sequence);
  return page->head.sequence >= most
         || fail (error, JN_ERROR_BANK_OLDER_THAN_HEAD, "the bank has fewer entries", most);
}

static gboolean
check_known (const JnSyncPlace *place, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (place->known); i++)
    if (place->known[i].sequence == place->head.sequence && place->head.sequence != 0
        && !jn_feed_head_equal (&place->known[i], &place->head))
      return fail (error, JN_ERROR_HEAD_MISMATCH, "another history", place->head.sequence);
  return TRUE;
}

/* One entry further. From the second on, that it follows from the one before it was seen when the page was read. */
static gboolean
step (const JnSyncPaper *paper, guint i, JnFeedHead *head, GError **error)
{
  const JnWireEntry *entry = g_ptr_array_index (paper->page->booked, i);

  if (i == 0 && paper->first == NULL)
    return fail (error, JN_ERROR_ANSWER_INVALID, "not canonical", entry->sequence);
  if (i == 0)
    {
      jn_feed_head_step_bytes (head, paper->first, paper->first_length);
      return memcmp (head->chain, entry->chain, sizeof entry->chain) == 0
             || fail (error, JN_ERROR_HEAD_MISMATCH, "an entry", entry->sequence);
    }
  if (i >= paper->n_linked)
    return fail (error, paper->fault, "an entry behind another", entry->sequence);
  head->sequence++;
  memcpy (head->chain, entry->chain, sizeof entry->chain);
  return TRUE;
}

gboolean
jn_sync_chain_page (const JnSyncWork *work, JnSyncPlace *place, GError **error)
{
  const JnWireFeedPage *page = work->paper->page;

  if (!jn_feed_head_is_signed (&page->head, place->bban, page->head_signature, work->keys))
    return fail (error, JN_ERROR_ANSWER_NOT_SIGNED, "its head", page->head.sequence);
  if (!check_known (place, error))
    return FALSE;
  for (guint i = 0; i < page->booked->len; i++)
    if (!step (work->paper, i, &place->head, error) || !check_known (place, error))
      return FALSE;
  return page->more || jn_feed_head_equal (&place->head, &page->head)
         || fail (error, JN_ERROR_HEAD_MISMATCH, "the signed head", page->head.sequence);
}
