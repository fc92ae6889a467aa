/* Feed pages into the ledger: checked as a whole before anything is written. */
#include "jn-sync-apply.h"

#include "jn-error.h"

#include <string.h>

#define LEDGER_TEXT 200
#define POINTS_PAGE 500

static gboolean
mismatch (GError **error, const char *what)
{
  g_set_error (error, JN_ERROR, JN_ERROR_BALANCE_MISMATCH, "the balance does not match: %s", what);
  return FALSE;
}

static gboolean
invalid (GError **error, const char *what)
{
  g_set_error_literal (error, JN_ERROR, JN_ERROR_ANSWER_INVALID, what);
  return FALSE;
}

/* A page that the ledger refuses is the bank's mistake, unless our own disk is the reason. */
static gboolean
check_page_status (jn_status status, GError **error)
{
  JnErrorClass class_ = jn_error_code_get_class ((int) status);
  if (status != JN_OK
      && (class_ == JN_ERROR_CLASS_INVALID || class_ == JN_ERROR_CLASS_CONFLICT
          || class_ == JN_ERROR_CLASS_REFUSED || class_ == JN_ERROR_CLASS_GROUP))
    {
      g_set_error (error, JN_ERROR, JN_ERROR_ANSWER_INVALID, "the ledger refuses the page: %d",
                   (int) status);
      return FALSE;
    }
  return jn_storage_check (status, error);
}

static gboolean
read_posted (jn_ledger *ledger, const jn_id *account, gint64 *posted, GError **error)
{
  jn_snapshot *snapshot = NULL;
  jn_balance balance;
  jn_status status = jn_snapshot_begin (ledger, &snapshot);

  if (status == JN_OK)
    status = jn_balance_get (snapshot, account, &balance);
  if (status == JN_OK)
    *posted = balance.posted;
  jn_snapshot_end (snapshot);
  return jn_storage_check (status, error);
}

/* At most as many bytes as the ledger keeps, cut between characters. */
static char *
cut_text (const char *text)
{
  if (text == NULL)
    return NULL;
  if (strlen (text) <= LEDGER_TEXT)
    return g_strdup (text);
  const char *end = g_utf8_find_prev_char (text, text + LEDGER_TEXT + 1);
  return g_strndup (text, end != NULL ? (gsize) (end - text) : 0);
}

/* Events of a page with the texts that they borrow. */
typedef struct
{
  GArray *events;
  GPtrArray *texts;
} Events;

static void
events_init (Events *events, guint n)
{
  events->events = g_array_sized_new (FALSE, TRUE, sizeof (jn_event), n);
  events->texts = g_ptr_array_new_with_free_func (g_free);
}

static void
events_clear (Events *events)
{
  g_array_unref (events->events);
  g_ptr_array_unref (events->texts);
}

static const char *
events_keep (Events *events, char *text)
{
  if (text != NULL)
    g_ptr_array_add (events->texts, text);
  return text;
}

static void
set_sides (jn_event *event, const jn_id *customer, const jn_id *other, gint64 signed_amount)
{
  event->debit = signed_amount < 0 ? *customer : *other;
  event->credit = signed_amount < 0 ? *other : *customer;
  event->amount = signed_amount < 0 ? -signed_amount : signed_amount;
}

static void
events_add_entry (Events *events, const JnWireEntry *entry, gboolean pending, const jn_id *customer,
                  const jn_id *world)
{
  jn_event event = { 0 };

  if (pending)
    jn_storage_pending_id (entry, &event.id);
  else
    memcpy (event.id.b, entry->id.bytes, sizeof event.id.b);
  event.kind = pending ? JN_PENDING : JN_TRANSFER;
  event.code = (uint16_t) entry->category;
  event.currency = entry->amount.currency;
  set_sides (&event, customer, world, entry->amount.minor);
  event.value_date = entry->value_date;
  event.occurred_us = entry->occurred_at;
  event.payee = events_keep (events, cut_text (entry->counterparty));
  event.memo = events_keep (events, cut_text (entry->memo));
  if (!jn_id_is_zero (&entry->intent))
    event.reference = events_keep (events, jn_id_to_string (&entry->intent));
  g_array_append_val (events->events, event);
}

static gboolean
apply_page (jn_ledger *ledger, const char *feed, guint64 cursor, Events *events,
            const jn_id *account, gint64 posted, GError **error)
{
  guint n = events->events->len;
  jn_stated_balance stated = { *account, posted };
  g_autofree jn_result *results = g_new0 (jn_result, n + 1);
  jn_feed_page page = { .feed = feed,
                        .from_seq = cursor + 1,
                        .to_seq = cursor + n,
                        .events = (const jn_event *) (void *) events->events->data,
                        .n_events = n,
                        .balances = &stated,
                        .n_balances = 1 };
  return check_page_status (jn_feed_apply (ledger, &page, results, NULL), error);
}

/* ---- money ---- */

/* Every balance that the page states, against the sum of its entries on top of what we have. The first @n_known entries are ours already. */
static gboolean
check_booked (const JnSyncPlace *place, const JnWireFeedPage *page, guint n_known, gint64 posted,
              GError **error)
{
  JnCurrency currency = page->booked_balance.currency;
  JnMoney running = jn_money (posted, currency);

  for (guint i = 0; i < page->booked->len; i++)
    {
      const JnWireEntry *entry = g_ptr_array_index (page->booked, i);
      if (entry->sequence != place->head.sequence + 1 + i)
        return invalid (error, "a gap in the feed");
      if (i < n_known && entry->sequence != place->feed_cursor)
        {
          running = entry->balance_after;
          continue;
        }
      if (i < n_known)
        running = jn_money (posted, currency);
      else if (!jn_money_add (running, entry->amount, &running))
        return invalid (error, "an entry in another currency");
      if (!jn_money_equal (running, entry->balance_after))
        return mismatch (error, "after an entry");
    }
  return jn_money_equal (running, page->booked_balance) || mismatch (error, "booked");
}

static gboolean
check_available (const JnWireFeedPage *page, GError **error)
{
  JnMoney available = page->booked_balance;

  for (guint i = 0; i < page->pending->len; i++)
    {
      const JnWireEntry *entry = g_ptr_array_index (page->pending, i);
      if (entry->amount.currency != available.currency)
        return invalid (error, "a hold in another currency");
      if (entry->amount.minor < 0 && !jn_money_add (available, entry->amount, &available))
        return mismatch (error, "held");
    }
  return jn_money_equal (available, page->available_balance) || mismatch (error, "available");
}

static gboolean
apply_booked (JnSyncWork *work, const JnWireFeedPage *page, const char *feed, guint n_known,
              const jn_id *account, const jn_id *world, GError **error)
{
  Events events;
  gboolean done = FALSE;

  events_init (&events, page->booked->len);
  for (guint i = n_known; i < page->booked->len; i++)
    events_add_entry (&events, g_ptr_array_index (page->booked, i), FALSE, account, world);
  done = jn_storage_put_entry_details (work->storage, page->booked, FALSE, error)
         && apply_page (jn_storage_get_ledger (work->storage), feed, work->place.feed_cursor,
                        &events, account, page->booked_balance.minor, error);
  events_clear (&events);
  return done;
}

static gboolean
apply_pending (JnSyncWork *work, const JnWireFeedPage *page, const char *feed, const jn_id *account,
               const jn_id *world, gboolean *changed, GError **error)
{
  g_autoptr (GByteArray) ids = g_byte_array_new ();
  Events events;

  events_init (&events, page->pending->len);
  for (guint i = 0; i < page->pending->len; i++)
    {
      events_add_entry (&events, g_ptr_array_index (page->pending, i), TRUE, account, world);
      jn_event *event = &g_array_index (events.events, jn_event, i);
      g_byte_array_append (ids, event->id.b, sizeof event->id.b);
    }
  gboolean done =
      jn_storage_put_entry_details (work->storage, page->pending, TRUE, error)
      && check_page_status (jn_feed_pending (jn_storage_get_ledger (work->storage), feed,
                                             (const jn_event *) (void *) events.events->data,
                                             events.events->len),
                            error);
  events_clear (&events);
  g_autoptr (GBytes) set = g_bytes_new (ids->data, ids->len);
  return done && jn_sync_keep (work, "pending", set, changed, error);
}

/* Everything that can be wrong about a page, before anything of it is written. */
static gboolean
check_page (JnSyncWork *work, const JnWireFeedPage *page, guint n_known, gint64 posted,
            JnSyncPlace *after, GError **error)
{
  if (page->more && page->booked->len == 0)
    return invalid (error, "an empty page with a next one");
  return jn_sync_chain_check_not_older (page, after, error)
         && check_booked (&work->place, page, n_known, posted, error)
         && (page->more || check_available (page, error))
         && jn_sync_chain_page (work, after, error);
}

gboolean
jn_sync_apply_feed (JnSyncWork *work, JnSyncOutcome *outcome, GError **error)
{
  const JnWireFeedPage *page = work->paper->page;
  g_autofree char *feed = jn_sync_feed_name ("account", work->place.bban);
  JnSyncPlace *after = &outcome->place;
  jn_id account, world, issuer;
  gint64 posted = 0;

  if (!jn_storage_get_accounts (work->storage, &account, NULL)
      || !jn_storage_get_world (work->storage, &world, &issuer))
    return invalid (error, "no account");
  guint64 behind = work->place.feed_cursor - work->place.head.sequence;
  guint n_known = (guint) MIN (behind, page->booked->len);
  if (!read_posted (jn_storage_get_ledger (work->storage), &account, &posted, error)
      || !check_page (work, page, n_known, posted, after, error))
    return FALSE;
  if (page->booked->len > n_known)
    {
      if (!apply_booked (work, page, feed, n_known, &account, &world, error))
        return FALSE;
      after->feed_cursor += page->booked->len - n_known;
      outcome->changed = TRUE;
    }
  outcome->more = page->more;
  /* A head that does not make it into the file is caught up with at the next run. */
  if (page->booked->len > 0 && !jn_storage_set_feed_head (work->storage, &after->head, error))
    return FALSE;
  return page->more || apply_pending (work, page, feed, &account, &world, &outcome->changed, error);
}

/* ---- points ---- */

static void
events_add_points (Events *events, const JnWirePointsEntry *entry, const jn_id *account,
                   const jn_id *issuer)
{
  jn_event event = { 0 };

  memcpy (event.id.b, entry->id.bytes, sizeof event.id.b);
  event.kind = JN_TRANSFER;
  event.code = (uint16_t) entry->kind;
  event.currency = JN_CURRENCY_POINTS;
  set_sides (&event, account, issuer, entry->points);
  event.value_date = jn_date_at (entry->occurred_at);
  event.occurred_us = entry->occurred_at;
  event.payee = events_keep (events, cut_text (entry->payee_name));
  if (!jn_id_is_zero (&entry->transaction))
    event.reference = events_keep (events, jn_id_to_string (&entry->transaction));
  g_array_append_val (events->events, event);
}

static gboolean
check_points (const JnWirePoints *points, guint64 cursor, gint64 posted, GError **error)
{
  for (guint i = 0; i < points->entries->len; i++)
    {
      const JnWirePointsEntry *entry = g_ptr_array_index (points->entries, i);
      if (entry->sequence != cursor + 1 + i)
        return invalid (error, "a gap in the points");
      if (__builtin_add_overflow (posted, entry->points, &posted) || posted != entry->balance_after)
        return mismatch (error, "points after an entry");
    }
  return points->entries->len >= POINTS_PAGE || posted == points->balance
         || mismatch (error, "points");
}

/* The document without its entries, which are in the ledger: the same bytes while nothing changed. */
static GBytes *
make_points_document (JnSyncWork *work, const JnWirePoints *points, GError **error)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  JnJson *expiring = jn_json_get (jn_json_doc_root (work->paper->doc), "expiring");
  g_autofree char *list = jn_json_canonical (expiring, NULL);
  gsize length = 0;

  if (list == NULL)
    {
      invalid (error, "points that are not canonical");
      return NULL;
    }
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_integer (writer, "balance", points->balance);
  jn_json_writer_raw (writer, "expiring", list);
  jn_json_writer_begin_array (writer, "entries");
  jn_json_writer_end_array (writer);
  jn_json_writer_end_object (writer);
  char *text = jn_json_writer_finish (writer, &length);
  return g_bytes_new_take (text, length);
}

gboolean
jn_sync_apply_points (JnSyncWork *work, JnSyncOutcome *outcome, GError **error)
{
  g_autoptr (JnWirePoints) points =
      jn_wire_read_points (jn_json_doc_root (work->paper->doc), error);
  g_autofree char *feed = jn_sync_feed_name ("points", work->place.bban);
  jn_ledger *ledger = jn_storage_get_ledger (work->storage);
  guint64 cursor = work->place.points_cursor;
  jn_id account, world, issuer;
  gint64 posted = 0;

  if (points == NULL)
    return FALSE;
  if (!jn_storage_get_accounts (work->storage, NULL, &account)
      || !jn_storage_get_world (work->storage, &world, &issuer))
    return invalid (error, "no account");
  g_autoptr (GBytes) document = make_points_document (work, points, error);
  if (document == NULL || !read_posted (ledger, &account, &posted, error)
      || !check_points (points, cursor, posted, error))
    return FALSE;
  guint n = points->entries->len;
  if (n > 0)
    {
      Events events;
      events_init (&events, n);
      for (guint i = 0; i < n; i++)
        events_add_points (&events, g_ptr_array_index (points->entries, i), &account, &issuer);
      const JnWirePointsEntry *last = g_ptr_array_index (points->entries, n - 1);
      gboolean done =
          apply_page (ledger, feed, cursor, &events, &account, last->balance_after, error);
      events_clear (&events);
      if (!done)
        return FALSE;
      outcome->changed = TRUE;
    }
  outcome->place.points_cursor = cursor + n;
  outcome->more = n >= POINTS_PAGE;
  return jn_sync_keep (work, "points", document, &outcome->changed, error);
}
