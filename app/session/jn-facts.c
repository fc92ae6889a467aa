/* Reads ledger, outbox and the last documents under one snapshot. */
#include "jn-facts.h"

#include "jn-budget.h"
#include "jn-entry-reader.h"

#define N_BOOKED 8
#define NOT_MADE_DAYS 7
#define MAX_HOLDS 200
#define MAX_NOTICES 200
#define MAX_POINTS 300

static void
facts_clear (gpointer data)
{
  JnFacts *self = data;
  g_clear_pointer (&self->unknown, g_ptr_array_unref);
  g_clear_pointer (&self->open, g_ptr_array_unref);
  g_clear_pointer (&self->not_made, g_ptr_array_unref);
  g_clear_pointer (&self->booked, g_ptr_array_unref);
  g_clear_pointer (&self->account, g_free);
  g_clear_pointer (&self->profile, jn_wire_profile_free);
  g_clear_pointer (&self->offers, g_ptr_array_unref);
  g_clear_pointer (&self->points, jn_wire_points_free);
  g_clear_pointer (&self->points_history, g_ptr_array_unref);
  g_clear_pointer (&self->notices, g_ptr_array_unref);
}

JnFacts *
jn_facts_ref (JnFacts *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
jn_facts_unref (JnFacts *self)
{
  g_atomic_rc_box_release_full (self, facts_clear);
}

JnAtHand
jn_at_hand_find (GArray *list, const JnId *intent)
{
  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const JnIntentAtHand *at_hand = &g_array_index (list, JnIntentAtHand, i);
      if (jn_id_equal (&at_hand->intent, intent))
        return at_hand->how;
    }
  return JN_AT_HAND_NOT;
}

static gboolean
read_unknown (JnFacts *self, JnStorage *storage, GArray *at_hand, GError **error)
{
  g_autoptr (GPtrArray) intents = jn_outbox_list_unsettled (jn_storage_get_outbox (storage), error);
  if (intents == NULL)
    return FALSE;
  for (guint i = intents->len; i > 0; i--)
    {
      const JnIntent *intent = intents->pdata[i - 1];
      JnAtHand how = jn_at_hand_find (at_hand, &intent->id);
      if (intent->state == JN_INTENT_OPEN || how == JN_AT_HAND_WAITING
          || jn_storage_find_intent (storage, &intent->id, NULL))
        continue;
      g_ptr_array_add (self->unknown,
                       jn_entry_item_new_from_intent (intent, how == JN_AT_HAND_SENDING));
      /* A card's money is not the wallet's: it counts when the bank says so. */
      if (intent->card != NULL)
        continue;
      if (!jn_money_add (self->pending, intent->amount, &self->pending)
          || !jn_money_subtract (self->available, intent->amount, &self->available))
        g_warn_if_reached ();
    }
  return TRUE;
}

/* What the customer approved does not go without a word: it stays to be seen for some days, in no sum. */
static gboolean
read_not_made (JnFacts *self, JnStorage *storage, JnInstant now, GError **error)
{
  g_autoptr (GPtrArray) intents = jn_outbox_list_not_made (jn_storage_get_outbox (storage),
                                                           now - NOT_MADE_DAYS * JN_DAY, error);

  if (intents == NULL)
    return FALSE;
  for (guint i = 0; i < intents->len; i++)
    g_ptr_array_add (self->not_made, jn_entry_item_new_from_intent (intents->pdata[i], FALSE));
  return TRUE;
}

static gboolean
read_notices (JnFacts *self, JnStorage *storage, GError **error)
{
  self->notices = jn_outbox_list_notices (jn_storage_get_outbox (storage), MAX_NOTICES, error);
  return self->notices != NULL;
}

static int
compare_newest (gconstpointer a, gconstpointer b)
{
  JnInstant left = jn_entry_item_get_occurred_at (*(JnEntryItem *const *) a);
  JnInstant right = jn_entry_item_get_occurred_at (*(JnEntryItem *const *) b);
  return left < right ? 1 : left > right ? -1 : 0;
}

static jn_status
read_holds (JnFacts *self, JnEntryReader *reader, jn_snapshot *snapshot)
{
  g_autofree jn_entry_row *rows = g_new (jn_entry_row, MAX_HOLDS);
  size_t n = MAX_HOLDS;
  jn_status status = jn_holds (snapshot, &reader->account, rows, &n, NULL);

  for (size_t i = 0; status == JN_OK && i < n; i++)
    {
      JnEntryFacts facts;
      jn_entry_reader_fill (reader, &rows[i], &facts);
      JnMoney *sum = facts.state == JN_ENTRY_PENDING ? &self->pending : &self->held;
      if (facts.amount.minor < 0 && !jn_money_subtract (*sum, facts.amount, sum))
        g_warn_if_reached ();
      g_ptr_array_add (self->open, jn_entry_item_new (&facts));
    }
  g_ptr_array_sort (self->open, compare_newest);
  return status;
}

static jn_status
read_booked (JnFacts *self, JnEntryReader *reader, jn_snapshot *snapshot)
{
  g_autofree jn_entry_row *rows = g_new (jn_entry_row, N_BOOKED);
  size_t n = N_BOOKED;
  jn_page page = { 0 };
  jn_status status = jn_entries (snapshot, &reader->account, &page, rows, &n);

  for (size_t i = 0; status == JN_OK && i < n; i++)
    {
      JnEntryFacts facts;
      jn_entry_reader_fill (reader, &rows[i], &facts);
      g_ptr_array_add (self->booked, jn_entry_item_new (&facts));
    }
  if (status == JN_OK)
    status = jn_entry_count (snapshot, &reader->account, &page, &self->n_booked);
  return status;
}

/* Points are a feed of their own: their kind stands where money has its category. */
static jn_status
read_points (JnFacts *self, JnStorage *storage, jn_snapshot *snapshot)
{
  g_autofree jn_entry_row *rows = g_new (jn_entry_row, MAX_POINTS);
  size_t n = MAX_POINTS;
  jn_page page = { 0 };
  jn_id account;

  if (!jn_storage_get_accounts (storage, NULL, &account))
    return JN_OK;
  jn_status status = jn_entries (snapshot, &account, &page, rows, &n);
  for (size_t i = 0; status == JN_OK && i < n; i++)
    {
      JnWirePointsEntry entry = {
        .points = rows[i].amount,
        .balance_after = rows[i].posted_after,
        .occurred_at = rows[i].occurred_us,
        .kind = (JnWirePointsKind) MIN (rows[i].code, JN_WIRE_POINTS_EXPIRED),
        .payee_name = rows[i].payee[0] != '\0' ? rows[i].payee : NULL,
      };
      g_ptr_array_add (self->points_history, jn_points_item_new (&entry));
    }
  return status;
}

static jn_status
read_ledger (JnFacts *self, JnEntryReader *reader, jn_snapshot *snapshot)
{
  JnMonth month = jn_date_month (self->today);
  jn_balance balance;
  jn_status status = jn_balance_get (snapshot, &reader->account, &balance);

  if (status == JN_OK)
    {
      self->available.minor = balance.available;
      status = read_holds (self, reader, snapshot);
    }
  if (status == JN_OK)
    status = read_booked (self, reader, snapshot);
  if (status == JN_OK)
    status = jn_cashflow_first_month (snapshot, &reader->account, &self->first_month);
  if (status == JN_OK)
    status = jn_cashflow_read (snapshot, &reader->account, month, self->today, &self->flow);
  if (status == JN_OK)
    status = jn_cashflow_by_category (snapshot, &reader->account, month,
                                      jn_month_first (jn_month_add (month, 1)),
                                      self->spent_by_category, NULL);
  return status;
}

static JnJsonDoc *
read_document (JnStorage *storage, const char *name)
{
  g_autoptr (GBytes) bytes = jn_storage_get_document (storage, name, NULL);
  gsize length;

  if (bytes == NULL)
    return NULL;
  const char *data = g_bytes_get_data (bytes, &length);
  return jn_json_parse (data, length, NULL);
}

/* Documents were read strictly before they were stored: one that does not read any more is as good as absent. */
static void
read_documents (JnFacts *self, JnStorage *storage)
{
  g_autoptr (JnJsonDoc) accounts = read_document (storage, "accounts");
  g_autoptr (JnJsonDoc) profile = read_document (storage, "profile");
  g_autoptr (JnJsonDoc) offers = read_document (storage, "offers");
  g_autoptr (JnJsonDoc) points = read_document (storage, "points");

  if (accounts != NULL)
    {
      g_autoptr (GPtrArray) list = jn_wire_read_accounts (jn_json_doc_root (accounts), NULL);
      if (list != NULL && list->len > 0)
        self->account = g_strdup (((JnWireAccount *) list->pdata[0])->bban);
    }
  if (profile != NULL)
    self->profile = jn_wire_read_profile (jn_json_doc_root (profile), NULL);
  if (offers != NULL)
    self->offers = jn_wire_read_offers (jn_json_doc_root (offers), NULL);
  if (points != NULL)
    self->points = jn_wire_read_points (jn_json_doc_root (points), NULL);
}

JnFacts *
jn_facts_read (JnStorage *storage, JnCurrency currency, JnInstant now, GArray *at_hand,
               GError **error)
{
  g_autoptr (JnFacts) self = g_atomic_rc_box_new0 (JnFacts);
  JnEntryReader reader;

  self->currency = currency;
  self->today = jn_date_at (now);
  self->available = self->pending = self->held = jn_money (0, currency);
  self->unknown = g_ptr_array_new_with_free_func (g_object_unref);
  self->open = g_ptr_array_new_with_free_func (g_object_unref);
  self->not_made = g_ptr_array_new_with_free_func (g_object_unref);
  self->booked = g_ptr_array_new_with_free_func (g_object_unref);
  self->points_history = g_ptr_array_new_with_free_func (g_object_unref);
  self->known = jn_entry_reader_init (&reader, storage, currency);
  if (self->known)
    {
      jn_snapshot *snapshot = NULL;
      jn_status status = jn_snapshot_begin (jn_storage_get_ledger (storage), &snapshot);
      reader.snapshot = snapshot;
      if (status == JN_OK)
        status = read_ledger (self, &reader, snapshot);
      if (status == JN_OK)
        status = read_points (self, storage, snapshot);
      jn_snapshot_end (snapshot);
      if (!jn_storage_check (status, error))
        return NULL;
    }
  if (!read_unknown (self, storage, at_hand, error) || !read_not_made (self, storage, now, error)
      || !read_notices (self, storage, error))
    return NULL;
  read_documents (self, storage);
  self->as_of = jn_storage_get_synced_at (storage);
  self->n_returns = jn_storage_count_returns (storage);
  return g_steal_pointer (&self);
}

gint64
jn_facts_get_budget (JnFacts *self, JnCategory category)
{
  for (guint i = 0; self->profile != NULL && i < self->profile->budgets->len; i++)
    {
      const JnWireBudget *budget = self->profile->budgets->pdata[i];
      if (budget->category == category && budget->monthly.currency == self->currency)
        return budget->monthly.minor;
    }
  return 0;
}

JnBudgetItem *
jn_facts_dup_budget (JnFacts *self, JnCategory category, gint64 more)
{
  gint64 limit = jn_facts_get_budget (self, category);
  gint64 spent;

  if (limit <= 0 || category >= JN_N_CATEGORIES
      || __builtin_add_overflow (self->spent_by_category[category], more, &spent))
    return NULL;
  return jn_budget_item_new (category, jn_money (spent, self->currency),
                             jn_money (limit, self->currency), jn_budget_percent (spent, limit));
}
