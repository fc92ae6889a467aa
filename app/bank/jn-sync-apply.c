/* Documents of the bank into the store. */
#include "jn-sync-apply.h"

#include "jn-error.h"

#define PAGE_ENTRIES 1000

void
jn_sync_place_clear (JnSyncPlace *place)
{
  g_clear_pointer (&place->resource_id, g_free);
  g_clear_pointer (&place->bban, g_free);
}

void
jn_sync_place_copy (const JnSyncPlace *from, JnSyncPlace *to)
{
  *to = *from;
  to->resource_id = g_strdup (from->resource_id);
  to->bban = g_strdup (from->bban);
}

void
jn_sync_outcome_free (JnSyncOutcome *self)
{
  if (self == NULL)
    return;
  jn_sync_place_clear (&self->place);
  g_free (self);
}

void
jn_sync_work_free (gpointer data)
{
  JnSyncWork *work = data;
  g_clear_object (&work->storage);
  g_clear_pointer (&work->paper, jn_sync_paper_free);
  g_clear_pointer (&work->keys, g_bytes_unref);
  jn_sync_place_clear (&work->place);
  g_free (work);
}

char *
jn_sync_feed_name (const char *kind, const char *bban)
{
  return g_strconcat (kind, ":", bban, NULL);
}

char *
jn_sync_path (JnSyncStep step, const JnSyncPlace *place)
{
  switch (step)
    {
    case JN_SYNC_STEP_ACCOUNTS:
      return g_strdup ("/psd2/v1/accounts?withBalance=true");
    case JN_SYNC_STEP_FEED:
      return g_strdup_printf ("/psd2/v1/accounts/%s/transactions?bookingStatus=both"
                              "&entryReferenceFrom=%" G_GUINT64_FORMAT "&itemsPerPage=%d",
                              place->resource_id, place->head.sequence, PAGE_ENTRIES);
    case JN_SYNC_STEP_POINTS:
      return g_strdup_printf ("/wallet/v1/points?from=%" G_GUINT64_FORMAT, place->points_cursor);
    case JN_SYNC_STEP_OFFERS:
      return g_strdup ("/wallet/v1/offers");
    case JN_SYNC_STEP_PROFILE:
      return g_strdup ("/wallet/v1/profile");
    case JN_SYNC_N_STEPS:
    default:
      g_return_val_if_reached (NULL);
    }
}

gboolean
jn_sync_keep (JnSyncWork *work, const char *name, GBytes *bytes, gboolean *changed, GError **error)
{
  g_autoptr (GBytes) known = jn_storage_get_document (work->storage, name, NULL);
  if (known == NULL || !g_bytes_equal (known, bytes))
    *changed = TRUE;
  return jn_storage_put_document (work->storage, name, bytes, work->now, error);
}

static gboolean
apply_accounts (JnSyncWork *work, JnSyncOutcome *outcome, GError **error)
{
  g_autoptr (GPtrArray) accounts =
      jn_wire_read_accounts (jn_json_doc_root (work->paper->doc), error);

  if (accounts == NULL)
    return FALSE;
  if (accounts->len == 0)
    {
      g_set_error_literal (error, JN_ERROR, JN_ERROR_ANSWER_INVALID, "no account");
      return FALSE;
    }
  const JnWireAccount *account = g_ptr_array_index (accounts, 0);
  g_autofree char *feed = jn_sync_feed_name ("account", account->bban);
  g_autofree char *points = jn_sync_feed_name ("points", account->bban);
  jn_ledger *ledger = jn_storage_get_ledger (work->storage);
  uint64_t feed_cursor = 0, points_cursor = 0;

  if (!jn_storage_open_accounts (work->storage, account->bban, account->booked.currency, error)
      || !jn_storage_check (jn_feed_cursor (ledger, feed, &feed_cursor), error)
      || !jn_storage_check (jn_feed_cursor (ledger, points, &points_cursor), error))
    return FALSE;
  jn_sync_place_clear (&outcome->place);
  outcome->place.resource_id = g_strdup (account->resource_id);
  outcome->place.bban = g_strdup (account->bban);
  outcome->place.feed_cursor = feed_cursor;
  outcome->place.points_cursor = points_cursor;
  jn_sync_chain_begin (work->storage, &outcome->place);
  return jn_sync_keep (work, "accounts", work->paper->bytes, &outcome->changed, error);
}

static gboolean
apply_offers (JnSyncWork *work, JnSyncOutcome *outcome, GError **error)
{
  g_autoptr (GPtrArray) offers = jn_wire_read_offers (jn_json_doc_root (work->paper->doc), error);
  return offers != NULL
         && jn_sync_keep (work, "offers", work->paper->bytes, &outcome->changed, error);
}

/* The last step: with it the whole run is true. */
static gboolean
apply_profile (JnSyncWork *work, JnSyncOutcome *outcome, GError **error)
{
  g_autoptr (JnWireProfile) profile =
      jn_wire_read_profile (jn_json_doc_root (work->paper->doc), error);
  return profile != NULL
         && jn_sync_keep (work, "profile", work->paper->bytes, &outcome->changed, error)
         && jn_storage_set_synced_at (work->storage, work->now, error);
}

gpointer
jn_sync_apply (gpointer data, GCancellable *cancellable, GError **error)
{
  static gboolean (*const apply[JN_SYNC_N_STEPS]) (JnSyncWork *, JnSyncOutcome *, GError **) = {
    [JN_SYNC_STEP_ACCOUNTS] = apply_accounts,     [JN_SYNC_STEP_FEED] = jn_sync_apply_feed,
    [JN_SYNC_STEP_POINTS] = jn_sync_apply_points, [JN_SYNC_STEP_OFFERS] = apply_offers,
    [JN_SYNC_STEP_PROFILE] = apply_profile,
  };
  JnSyncWork *work = data;
  g_autoptr (JnSyncOutcome) outcome = g_new0 (JnSyncOutcome, 1);

  jn_sync_place_copy (&work->place, &outcome->place);
  if (!apply[work->paper->step](work, outcome, error))
    return NULL;
  return g_steal_pointer (&outcome);
}
