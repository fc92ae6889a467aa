/* Accounts and feed pages. */
#include "jn-wire-read.h"

#include "jn-error.h"

#include <string.h>

void
jn_wire_account_free (JnWireAccount *self)
{
  if (self == NULL)
    return;
  g_free (self->resource_id);
  g_free (self->bban);
  g_free (self->name);
  g_free (self->owner);
  g_free (self);
}

/* The balance of one type in a list of balances; all types must be there once. */
static JnMoney
take_balance (JnWireReader *reader, JnJson *object, const char *type)
{
  JnJson *balances = jn_wire_take_array (reader, object, "balances");
  JnMoney found = jn_money (0, JN_CURRENCY_NONE);
  guint n = 0;

  for (guint i = 0; i < jn_json_length (balances); i++)
    {
      JnJson *balance = jn_json_at (balances, i);
      if (g_strcmp0 (jn_json_string (jn_json_get (balance, "balanceType")), type) != 0)
        continue;
      found = jn_wire_take_money (reader, balance, "balanceAmount", JN_WIRE_REQUIRED);
      n++;
    }
  if (n != 1)
    jn_wire_reader_fail (reader, type);
  return found;
}

static gpointer
read_account (JnWireReader *reader, JnJson *json)
{
  JnWireAccount *account = g_new0 (JnWireAccount, 1);
  account->resource_id = jn_wire_take_path_id (reader, json, "resourceId");
  account->bban = jn_wire_take_account (reader, json, "bban", JN_WIRE_REQUIRED);
  account->name = jn_wire_take_name (reader, json, "name", JN_WIRE_REQUIRED);
  account->owner = jn_wire_take_name (reader, json, "ownerName", JN_WIRE_REQUIRED);
  account->booked = take_balance (reader, json, "interimBooked");
  account->available = take_balance (reader, json, "interimAvailable");
  if (account->booked.currency != account->available.currency)
    jn_wire_reader_fail (reader, "balances");
  return account;
}

GPtrArray *
jn_wire_read_accounts (JnJson *json, GError **error)
{
  JnWireReader reader = { NULL };
  g_autoptr (GPtrArray) accounts = jn_wire_take_list (&reader, json, "accounts", read_account,
                                                      (GDestroyNotify) jn_wire_account_free);
  return jn_wire_reader_end (&reader, error) ? g_steal_pointer (&accounts) : NULL;
}

void
jn_wire_entry_free (JnWireEntry *self)
{
  if (self == NULL)
    return;
  g_free (self->counterparty);
  g_free (self->counterparty_account);
  g_free (self->card);
  g_free (self->memo);
  g_free (self);
}

static JnWireKind
take_kind (JnWireReader *reader, JnJson *json, gboolean pending)
{
  static const char *const booked_kinds[] = { "payment", "transfer", "income", "opening",
                                              "refund",  "bill",     "topup",  NULL };
  static const char *const pending_kinds[] = { "pending", "hold", NULL };
  if (pending)
    return JN_WIRE_KIND_PENDING + jn_wire_take_choice (reader, json, "wallet/kind", pending_kinds);
  guint choice = jn_wire_take_choice (reader, json, "wallet/kind", booked_kinds);
  return choice <= JN_WIRE_KIND_BILL ? JN_WIRE_KIND_PAYMENT + choice : JN_WIRE_KIND_TOPUP;
}

/* entryReference is a decimal number in a string. */
static guint64
take_sequence (JnWireReader *reader, JnJson *json, guint64 least)
{
  const char *text = jn_json_string (jn_json_get (json, "entryReference"));
  guint64 sequence = 0;
  if (text != NULL && (text[0] != '0' || text[1] == '\0')
      && g_ascii_string_to_unsigned (text, 10, least, G_MAXINT64 - 1, &sequence, NULL))
    return sequence;
  jn_wire_reader_fail (reader, "entryReference");
  return 0;
}

static void
take_counterparty (JnWireReader *reader, JnJson *json, JnWireEntry *entry)
{
  gboolean in = entry->amount.minor > 0;
  const char *name = in ? "debtorName" : "creditorName";
  const char *account = in ? "debtorAccount/bban" : "creditorAccount/bban";
  const char *other = in ? "creditorName" : "debtorName";

  /* XS2A leaves it to the bank which of the two it names. */
  if (jn_json_get (json, name) == NULL && jn_json_get (json, other) != NULL)
    name = other;
  entry->counterparty =
      jn_wire_take_name (reader, json, name,
                         entry->kind == JN_WIRE_KIND_OPENING ? JN_WIRE_OPTIONAL : JN_WIRE_REQUIRED);
  entry->counterparty_account = jn_wire_take_account (reader, json, account, JN_WIRE_OPTIONAL);
  entry->card = jn_wire_take_name (reader, json, "debtorAccount/maskedPan", JN_WIRE_OPTIONAL);
}

static gboolean
money_is_unlike (JnMoney money, JnCurrency currency)
{
  return money.currency != JN_CURRENCY_NONE && money.currency != currency;
}

JnWireEntry *
jn_wire_read_entry (JnWireReader *reader, JnJson *json, gboolean pending)
{
  JnWireEntry *entry = g_new0 (JnWireEntry, 1);

  entry->id = jn_wire_take_id (reader, json, "transactionId", JN_WIRE_REQUIRED);
  entry->intent = jn_wire_take_id (reader, json, "endToEndId", JN_WIRE_OPTIONAL);
  entry->returns = jn_wire_take_id (reader, json, "wallet/returns", JN_WIRE_OPTIONAL);
  entry->value_date =
      jn_wire_take_date (reader, json, "valueDate", pending ? JN_WIRE_OPTIONAL : JN_WIRE_REQUIRED);
  entry->occurred_at = jn_wire_take_instant (reader, json, "wallet/occurredAt", JN_WIRE_REQUIRED);
  entry->amount = jn_wire_take_money (reader, json, "transactionAmount", JN_WIRE_REQUIRED);
  entry->original = jn_wire_take_money (reader, json, "wallet/originalAmount", JN_WIRE_OPTIONAL);
  entry->discount = jn_wire_take_money (reader, json, "wallet/discount", JN_WIRE_OPTIONAL);
  entry->points_earned =
      jn_wire_take_integer (reader, json, "wallet/pointsEarned", 0, G_MAXINT32, JN_WIRE_OPTIONAL);
  entry->kind = take_kind (reader, json, pending);
  entry->category = jn_wire_take_category (reader, json, "wallet/category", JN_WIRE_REQUIRED);
  entry->memo =
      jn_wire_take_text (reader, json, "remittanceInformationUnstructured", JN_WIRE_OPTIONAL);
  take_counterparty (reader, json, entry);
  if (pending)
    {
      entry->expires_at = jn_wire_take_instant (reader, json, "wallet/expiresAt", JN_WIRE_OPTIONAL);
      if (entry->value_date == 0)
        entry->value_date = jn_date_at (entry->occurred_at);
    }
  else
    {
      entry->sequence = take_sequence (reader, json, 1);
      jn_wire_take_hex (reader, json, "wallet/chain", entry->chain, sizeof entry->chain);
      entry->balance_after = jn_wire_take_money (
          reader, json, "balanceAfterTransaction/balanceAmount", JN_WIRE_REQUIRED);
    }
  if (jn_id_is_zero (&entry->id) || entry->amount.minor == 0 || entry->amount.minor == G_MININT64)
    jn_wire_reader_fail (reader, "transactionAmount");
  if (money_is_unlike (entry->balance_after, entry->amount.currency)
      || money_is_unlike (entry->original, entry->amount.currency)
      || money_is_unlike (entry->discount, entry->amount.currency))
    jn_wire_reader_fail (reader, "currency");
  return entry;
}

static gpointer
read_booked (JnWireReader *reader, JnJson *json)
{
  return jn_wire_read_entry (reader, json, FALSE);
}

static gpointer
read_pending (JnWireReader *reader, JnJson *json)
{
  return jn_wire_read_entry (reader, json, TRUE);
}

/* Sequence numbers rise by one, so that a page with a hole is never taken for a whole one. */
static void
check_sequence (JnWireReader *reader, GPtrArray *booked, guint from)
{
  for (guint i = MAX (from, 1); i < booked->len && reader->failure == NULL; i++)
    {
      const JnWireEntry *before = g_ptr_array_index (booked, i - 1);
      const JnWireEntry *entry = g_ptr_array_index (booked, i);
      if (entry->sequence != before->sequence + 1)
        jn_wire_reader_fail (reader, "entryReference");
    }
}

/* The head is there also when there is no entry yet: then it is the one before the first. */
static void
take_head (JnWireReader *reader, JnJson *json, JnWireFeedPage *page)
{
  JnJson *head = jn_json_get (json, "head");
  if (!jn_json_is_object (head))
    {
      jn_wire_reader_fail (reader, "head");
      return;
    }
  page->head.sequence = take_sequence (reader, head, 0);
  jn_wire_take_hex (reader, head, "chain", page->head.chain, sizeof page->head.chain);
  jn_wire_take_base64 (reader, head, "signature", page->head_signature,
                       sizeof page->head_signature);
}

JnWireFeedPage *
jn_wire_read_feed_page (JnJson *json, GError **error)
{
  JnWireReader reader = { NULL };
  g_autoptr (JnWireFeedPage) page = g_new0 (JnWireFeedPage, 1);
  GDestroyNotify free_one = (GDestroyNotify) jn_wire_entry_free;

  page->booked = jn_wire_take_list (&reader, json, "transactions/booked", read_booked, free_one);
  page->pending = jn_wire_take_list (&reader, json, "transactions/pending", read_pending, free_one);
  page->booked_balance = take_balance (&reader, json, "interimBooked");
  page->available_balance = take_balance (&reader, json, "interimAvailable");
  page->more = jn_json_path (json, "transactions/_links/next") != NULL;
  check_sequence (&reader, page->booked, 0);
  take_head (&reader, json, page);
  return jn_wire_reader_end (&reader, error) ? g_steal_pointer (&page) : NULL;
}

gboolean
jn_wire_read_booked (JnWireFeedPage *page, JnJson *list, GError **error)
{
  JnWireReader reader = { NULL };
  guint before = page->booked->len;

  if (jn_json_length (list) > JN_WIRE_MAX_ARRAY - before)
    jn_wire_reader_fail (&reader, "transactions/booked");
  else
    jn_wire_take_elements (&reader, list, page->booked, read_booked);
  check_sequence (&reader, page->booked, before);
  return jn_wire_reader_end (&reader, error);
}

void
jn_wire_feed_page_free (JnWireFeedPage *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->booked, g_ptr_array_unref);
  g_clear_pointer (&self->pending, g_ptr_array_unref);
  g_free (self);
}
