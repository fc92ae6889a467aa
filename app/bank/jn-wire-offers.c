/* Offers and points. */
#include "jn-wire-read.h"

#define MAX_POINTS (G_GINT64_CONSTANT (1) << 50)

static void
offer_free (gpointer data)
{
  JnWireOffer *offer = data;
  if (offer == NULL)
    return;
  g_free (offer->offer_id);
  jn_wire_name_clear (&offer->title);
  g_free (offer->merchant);
  g_free (offer);
}

/* The days on which an offer holds: told as a date, or as an instant, of which the last one is the end and no longer in. */
static JnDate
take_day (JnWireReader *reader, JnJson *json, const char *path, gboolean is_end)
{
  const char *text = jn_json_string (jn_json_path (json, path));
  JnInstant instant = 0;
  if (text != NULL && jn_instant_from_string (text, &instant))
    return jn_date_at (is_end ? instant - 1 : instant);
  return jn_wire_take_date (reader, json, path, JN_WIRE_REQUIRED);
}

static gpointer
read_offer (JnWireReader *reader, JnJson *json)
{
  static const char *const kinds[] = { "amountOff", "percentOff", "pointsMultiple", NULL };
  static const char *const states[] = { "available", "used", "expired", NULL };
  JnWireOffer *offer = g_new0 (JnWireOffer, 1);

  offer->offer_id = jn_wire_take_path_id (reader, json, "offerId");
  offer->title = jn_wire_take_names (reader, json, "title");
  offer->kind = (JnWireOfferKind) jn_wire_take_choice (reader, json, "kind", kinds);
  offer->state = (JnWireOfferState) jn_wire_take_choice (reader, json, "state", states);
  offer->amount = jn_wire_take_money (reader, json, "amount", JN_WIRE_OPTIONAL);
  offer->minimum = jn_wire_take_money (reader, json, "minimumSpend", JN_WIRE_OPTIONAL);
  offer->saved = jn_wire_take_money (reader, json, "saved", JN_WIRE_OPTIONAL);
  offer->percent = (int) jn_wire_take_integer (reader, json, "percent", 1, 100, JN_WIRE_OPTIONAL);
  offer->multiple = (int) jn_wire_take_integer (reader, json, "multiple", 2, 100, JN_WIRE_OPTIONAL);
  offer->category = jn_wire_take_category (reader, json, "category", JN_WIRE_OPTIONAL);
  offer->merchant = jn_wire_take_name (reader, json, "merchantName", JN_WIRE_OPTIONAL);
  offer->valid_from = take_day (reader, json, "validFrom", FALSE);
  offer->valid_until = take_day (reader, json, "validUntil", TRUE);
  offer->used_at = jn_wire_take_instant (reader, json, "usedAt", JN_WIRE_OPTIONAL);
  offer->used_transaction = jn_wire_take_id (reader, json, "usedTransactionId", JN_WIRE_OPTIONAL);
  if ((offer->kind == JN_WIRE_OFFER_AMOUNT_OFF && offer->amount.minor <= 0)
      || (offer->kind == JN_WIRE_OFFER_PERCENT_OFF && offer->percent == 0)
      || (offer->kind == JN_WIRE_OFFER_POINTS_MULTIPLE && offer->multiple == 0))
    jn_wire_reader_fail (reader, "kind");
  return offer;
}

GPtrArray *
jn_wire_read_offers (JnJson *json, GError **error)
{
  JnWireReader reader = { NULL };
  g_autoptr (GPtrArray) offers =
      jn_wire_take_list (&reader, json, "offers", read_offer, offer_free);
  return jn_wire_reader_end (&reader, error) ? g_steal_pointer (&offers) : NULL;
}

static void
points_entry_free (gpointer data)
{
  JnWirePointsEntry *entry = data;
  if (entry == NULL)
    return;
  g_free (entry->payee_name);
  g_free (entry);
}

static gpointer
read_points_entry (JnWireReader *reader, JnJson *json)
{
  static const char *const kinds[] = { "opening", "payment", "gift", "redeemed", "expired", NULL };
  JnWirePointsEntry *entry = g_new0 (JnWirePointsEntry, 1);

  entry->sequence =
      (guint64) jn_wire_take_integer (reader, json, "sequence", 1, MAX_POINTS, JN_WIRE_REQUIRED);
  entry->id = jn_wire_take_id (reader, json, "id", JN_WIRE_REQUIRED);
  entry->points =
      jn_wire_take_integer (reader, json, "points", -MAX_POINTS, MAX_POINTS, JN_WIRE_REQUIRED);
  entry->balance_after =
      jn_wire_take_integer (reader, json, "balanceAfter", 0, MAX_POINTS, JN_WIRE_REQUIRED);
  entry->occurred_at = jn_wire_take_instant (reader, json, "occurredAt", JN_WIRE_REQUIRED);
  entry->kind = (JnWirePointsKind) jn_wire_take_choice (reader, json, "kind", kinds);
  entry->payee_name = jn_wire_take_name (reader, json, "payeeName", JN_WIRE_OPTIONAL);
  entry->transaction = jn_wire_take_id (reader, json, "transactionId", JN_WIRE_OPTIONAL);
  if (entry->points == 0)
    jn_wire_reader_fail (reader, "points");
  return entry;
}

static void
take_expiring (JnWireReader *reader, JnJson *json, JnWirePoints *points)
{
  JnJson *list = jn_wire_take_array (reader, json, "expiring");
  for (guint i = 0; i < jn_json_length (list); i++)
    {
      JnJson *one = jn_json_at (list, i);
      gint64 n = jn_wire_take_integer (reader, one, "points", 0, MAX_POINTS, JN_WIRE_REQUIRED);
      JnDate date = jn_wire_take_date (reader, one, "date", JN_WIRE_REQUIRED);
      if (n > 0 && (points->expiring_on == 0 || date < points->expiring_on))
        {
          points->expiring = n;
          points->expiring_on = date;
        }
    }
}

JnWirePoints *
jn_wire_read_points (JnJson *json, GError **error)
{
  JnWireReader reader = { NULL };
  g_autoptr (JnWirePoints) points = g_new0 (JnWirePoints, 1);

  points->balance =
      jn_wire_take_integer (&reader, json, "balance", 0, MAX_POINTS, JN_WIRE_REQUIRED);
  points->entries =
      jn_wire_take_list (&reader, json, "entries", read_points_entry, points_entry_free);
  take_expiring (&reader, json, points);
  for (guint i = 1; i < points->entries->len && reader.failure == NULL; i++)
    {
      const JnWirePointsEntry *before = g_ptr_array_index (points->entries, i - 1);
      const JnWirePointsEntry *entry = g_ptr_array_index (points->entries, i);
      if (entry->sequence != before->sequence + 1)
        jn_wire_reader_fail (&reader, "sequence");
    }
  return jn_wire_reader_end (&reader, error) ? g_steal_pointer (&points) : NULL;
}

void
jn_wire_points_free (JnWirePoints *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_free (self);
}
