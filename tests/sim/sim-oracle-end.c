/* What wallet and bank have in common: at every change of the screen, and at the end. */
#include "sim-oracle-private.h"

#include "jn-sync-apply.h"
#include "sim-bank.h"
#include "sim-net.h"

#include <sodium.h>
#include <string.h>

#define PAGE 500

static void
hush (SimOracle *self, SimWallet *wallet, gboolean quiet)
{
  sim_bank_hush (self->world->bank, quiet);
  sim_vfs_hush (sim_wallet_get_vfs (wallet), quiet);
}

static guint64
get_cursor (jn_ledger *ledger, const char *account)
{
  g_autofree char *feed = jn_sync_feed_name ("account", account);
  guint64 cursor = 0;

  jn_feed_cursor (ledger, feed, &cursor);
  return cursor;
}

static gint64
get_posted (JnStorage *storage)
{
  jn_snapshot *snapshot = NULL;
  jn_balance balance = { 0 };
  jn_id money, points;

  if (jn_storage_get_accounts (storage, &money, &points)
      && jn_snapshot_begin (jn_storage_get_ledger (storage), &snapshot) == JN_OK)
    jn_balance_get (snapshot, &money, &balance);
  jn_snapshot_end (snapshot);
  return balance.posted;
}

/* Of the wallet's own money. */
static gint64
sum_unknown (const JnFacts *facts)
{
  gint64 sum = 0;

  for (guint i = 0; i < facts->unknown->len; i++)
    if (jn_entry_item_get_card (facts->unknown->pdata[i]) == NULL)
      sum += ABS (jn_entry_item_get_amount (facts->unknown->pdata[i]).minor);
  return sum;
}

/* The bank's balance after an entry; G_MININT64 when there is no such entry. While an older copy of the book serves, of the newer one. */
static gint64
true_balance (SimOracle *self, guint64 sequence)
{
  const GArray *aside = sim_bank_get_balances_aside (self->world->bank);

  if (aside != NULL)
    return sequence < aside->len ? g_array_index (aside, gint64, sequence) : G_MININT64;
  return jn_bankd_db_integer (sim_bank_get_core (self->world->bank)->db, G_MININT64,
                              "SELECT balance_after FROM entry WHERE account = 1"
                              " AND sequence = ?",
                              "i", (gint64) sequence);
}

/* The highest balance that the bank ever had between two entries. */
static gint64
highest_balance (SimOracle *self, guint64 from, guint64 to)
{
  gint64 most = G_MININT64;

  for (guint64 sequence = from; sequence <= to; sequence++)
    most = MAX (most, true_balance (self, sequence));
  return most;
}

void
sim_oracle_check_prefix (SimOracle *self, SimWallet *wallet)
{
  JnContext *context = sim_wallet_get_context (wallet);
  JnStorage *storage = jn_context_get_storage (context);
  const JnFacts *facts = jn_context_get_facts (context);
  guint number = sim_wallet_get_number (wallet);

  if (storage == NULL || facts == NULL || !facts->known || facts->account == NULL
      || jn_storage_get_ledger (storage) == NULL)
    return;
  hush (self, wallet, TRUE);
  guint64 cursor = get_cursor (jn_storage_get_ledger (storage), facts->account);
  gint64 posted = get_posted (storage);
  gint64 truth = true_balance (self, cursor);
  gint64 shown = jn_home_get_available (jn_context_get_home (context)).minor;
  if (self->shown[number] != facts)
    {
      g_clear_pointer (&self->shown[number], jn_facts_unref);
      self->shown[number] = jn_facts_ref ((JnFacts *) facts);
      self->shown_from[number] = self->cursors[number];
    }
  gint64 most = highest_balance (self, MIN (self->shown_from[number], cursor), cursor);
  hush (self, wallet, FALSE);
  sim_check (self->world, SIM_CHECK_PREFIX, posted == truth,
             "w%u has %" G_GINT64_FORMAT " at entry %" G_GUINT64_FORMAT
             ", the bank %" G_GINT64_FORMAT,
             number, posted, cursor, truth);
  sim_check (self->world, SIM_CHECK_BOUNDS, shown <= most - sum_unknown (facts),
             "w%u shows %" G_GINT64_FORMAT " as available of at most %" G_GINT64_FORMAT
             " with %" G_GINT64_FORMAT " not known",
             number, shown, most, sum_unknown (facts));
  self->cursors[number] = cursor;
}

/* ---- quiet ---- */

gboolean
sim_oracle_is_quiet (SimOracle *self, SimWallet *wallet, char **why)
{
  JnContext *context = sim_wallet_get_context (wallet);
  const char *wrong = NULL;

  if (!sim_wallet_is_ready (wallet))
    wrong = "it is not ready";
  else if (jn_context_get_connection (context) != JN_CONNECTION_CURRENT)
    wrong = "it is not current";
  else if (jn_context_is_checking (context) || jn_context_is_sending (context))
    wrong = "it is checking";
  else
    {
      g_autoptr (GPtrArray) open =
          jn_outbox_list_unsettled (jn_storage_get_outbox (jn_context_get_storage (context)), NULL);
      if (open == NULL || open->len > 0)
        wrong = "its outbox is not settled";
      else if (!sim_oracle_has_all (self, wallet))
        wrong = "it has not all entries";
    }
  if (wrong == NULL)
    return TRUE;
  g_free (*why);
  *why = g_strdup_printf ("w%u: %s (stage %d, connection %d, error %s)",
                          sim_wallet_get_number (wallet), wrong, jn_context_get_stage (context),
                          jn_context_get_connection (context),
                          jn_context_get_error (context) != NULL
                              ? jn_error_code_get_name (jn_context_get_error (context)->code)
                              : "none");
  return FALSE;
}

gboolean
sim_oracle_has_all (SimOracle *self, SimWallet *wallet)
{
  JnContext *context = sim_wallet_get_context (wallet);
  JnFacts *facts = jn_context_get_facts (context);
  gint64 newest = jn_bankd_db_integer (sim_bank_get_core (self->world->bank)->db, -1,
                                       "SELECT sequence FROM account WHERE id = 1", "");

  return facts != NULL && facts->account != NULL
         && (gint64) get_cursor (jn_storage_get_ledger (jn_context_get_storage (context)),
                                 facts->account)
                == newest;
}

/* ---- the end: rows ---- */

typedef struct
{
  SimOracle *self;
  guint wallet;
  jn_snapshot *snapshot;
  jn_id account;
} Reading;

static gboolean
same_row (Reading *reading, const jn_entry_row *row, sqlite3_stmt *stmt)
{
  JnId id = { { 0 } };
  gboolean same = jn_id_from_string (jn_bankd_column (stmt, 0), &id)
                  && memcmp (id.bytes, row->id.b, sizeof row->id.b) == 0
                  && row->amount == sqlite3_column_int64 (stmt, 1)
                  && row->posted_after == sqlite3_column_int64 (stmt, 2);

  return sim_check (reading->self->world, SIM_CHECK_PREFIX, same,
                    "w%u has another entry than the bank's %s of %" G_GINT64_FORMAT,
                    reading->wallet, jn_bankd_column (stmt, 0),
                    (gint64) sqlite3_column_int64 (stmt, 1));
}

/* Newest first, all of them. */
static void
compare_rows (Reading *reading, JnBankdCore *core)
{
  g_autofree jn_entry_row *rows = g_new (jn_entry_row, PAGE);
  jn_page page = { 0 };
  gsize n = 0, at = 0;
  gboolean same = TRUE;
  sqlite3_stmt *stmt =
      jn_bankd_db_query (core->db,
                         "SELECT id, amount, balance_after FROM entry JOIN transfer ON number ="
                         " entry.transfer WHERE account = 1 ORDER BY sequence DESC",
                         "");

  while (same && jn_bankd_db_step (core->db, stmt))
    {
      if (at == n)
        {
          n = PAGE;
          at = 0;
          if (jn_entries (reading->snapshot, &reading->account, &page, rows, &n) != JN_OK)
            n = 0;
        }
      same = sim_check (reading->self->world, SIM_CHECK_PREFIX, n > 0,
                        "w%u has fewer entries than the bank", reading->wallet)
             && same_row (reading, &rows[at], stmt);
      page.before = rows[at++].no;
    }
  jn_bankd_db_done (stmt);
  n = 1;
  if (same && jn_entries (reading->snapshot, &reading->account, &page, rows, &n) == JN_OK)
    sim_check (reading->self->world, SIM_CHECK_PREFIX, n == 0, "w%u has more entries than the bank",
               reading->wallet);
}

/* A search finds what looking at each row finds. */
static void
check_search (Reading *reading)
{
  g_autofree jn_entry_row *rows = g_new (jn_entry_row, PAGE);
  g_autofree jn_entry_row *found = g_new (jn_entry_row, PAGE);
  jn_page all = { 0 }, page = { .search = "canary" };
  gsize n = PAGE, n_found = PAGE, n_naive = 0;

  if (jn_entries (reading->snapshot, &reading->account, &all, rows, &n) != JN_OK
      || jn_entries (reading->snapshot, &reading->account, &page, found, &n_found) != JN_OK)
    return;
  for (gsize i = 0; i < n; i++)
    {
      jn_annotation_row note = { 0 };
      jn_annotation_get (reading->snapshot, &rows[i].id, JN_FIELD_NOTE, &note);
      n_naive += strstr (rows[i].memo, "CANARY") != NULL || strstr (rows[i].payee, "CANARY") != NULL
                 || strstr (note.value, "CANARY") != NULL;
    }
  sim_check (reading->self->world, SIM_CHECK_DERIVED, n_naive == n_found || n == PAGE,
             "a search finds %" G_GSIZE_FORMAT " rows of %" G_GSIZE_FORMAT, n_found, n_naive);
}

/* What the outbox says of an intent is what became of it. One that is not there went with an older copy, or with a disk. */
static void
check_outbox (SimOracle *self, SimWallet *wallet, JnOutbox *outbox, JnBankdCore *core)
{
  GHashTableIter iter;
  gpointer text, value;

  g_hash_table_iter_init (&iter, self->asked);
  while (g_hash_table_iter_next (&iter, &text, &value))
    {
      JnId id = { { 0 } };
      jn_id_from_string (text, &id);
      g_autoptr (JnIntent) intent = jn_outbox_get (outbox, &id, NULL);
      if (((SimAsked *) value)->flow->wallet != sim_wallet_get_number (wallet) || intent == NULL
          || !intent->was_approved)
        continue;
      gboolean made = jn_bankd_db_integer (core->db, 0,
                                           "SELECT count (*) FROM intent WHERE id = ?"
                                           " AND state = 'ACSC'",
                                           "s", text)
                      > 0;
      sim_check (self->world, SIM_CHECK_ENDS,
                 intent->state == (made ? JN_INTENT_MADE : JN_INTENT_NOT_MADE),
                 "w%u says %d of %s, the bank has %sbooked it", sim_wallet_get_number (wallet),
                 (int) intent->state, (char *) text, made ? "" : "not ");
    }
}

/* Everybody is told that money came back. */
static void
check_notices (SimOracle *self, SimWallet *wallet, JnOutbox *outbox, JnBankdCore *core)
{
  g_autoptr (GPtrArray) notices = jn_outbox_list_notices (outbox, 1000, NULL);
  sqlite3_stmt *stmt =
      jn_bankd_db_query (core->db, "SELECT id FROM transfer WHERE kind = 'refund' AND number > ?",
                         "i", self->first_transfer);

  while (notices != NULL && jn_bankd_db_step (core->db, stmt))
    {
      JnId id = { { 0 } };
      guint n = 0;
      jn_id_from_string (jn_bankd_column (stmt, 0), &id);
      for (guint i = 0; i < notices->len; i++)
        {
          const JnNotice *notice = notices->pdata[i];
          n += notice->kind == JN_NOTICE_RETURNED && jn_id_equal (&notice->about, &id);
        }
      sim_check (self->world, SIM_CHECK_DERIVED, n == 1,
                 "w%u is told %u times that %s brought money back", sim_wallet_get_number (wallet),
                 n, jn_bankd_column (stmt, 0));
    }
}

static void
check_wallet (SimOracle *self, SimWallet *wallet)
{
  JnContext *context = sim_wallet_get_context (wallet);
  JnStorage *storage = jn_context_get_storage (context);
  JnBankdCore *core = sim_bank_get_core (self->world->bank);
  Reading reading = { .self = self, .wallet = sim_wallet_get_number (wallet) };
  jn_id points;
  gint64 available = jn_bankd_book_available (core, JN_BANKD_ACCOUNT_WALLET);
  gint64 shown = jn_home_get_available (jn_context_get_home (context)).minor;

  sim_check (self->world, SIM_CHECK_BOUNDS, shown == available,
             "w%u shows %" G_GINT64_FORMAT ", the bank has %" G_GINT64_FORMAT, reading.wallet,
             shown, available);
  sim_check (self->world, SIM_CHECK_BALANCED,
             jn_verify (jn_storage_get_ledger (storage), NULL, NULL) == JN_OK,
             "w%u does not prove its book", reading.wallet);
  if (!sim_check (self->world, SIM_CHECK_PREFIX,
                  jn_storage_get_accounts (storage, &reading.account, &points)
                      && jn_snapshot_begin (jn_storage_get_ledger (storage), &reading.snapshot)
                             == JN_OK,
                  "w%u cannot be read", reading.wallet))
    return;
  compare_rows (&reading, core);
  check_outbox (self, wallet, jn_storage_get_outbox (storage), core);
  check_notices (self, wallet, jn_storage_get_outbox (storage), core);
  check_search (&reading);
  sim_oracle_check_notes (wallet, reading.snapshot);
  jn_snapshot_end (reading.snapshot);
}

/* ---- the end: what people saw ---- */

/* Who cancels while the power goes reads it, and has the sheet again after it: then what is done with that one counts. */
static gboolean
was_approved_later (GPtrArray *flows, const SimFlow *flow, const char *intent)
{
  for (guint i = 0; i < flows->len; i++)
    {
      const SimFlow *later = flows->pdata[i];
      if (later->number > flow->number
          && g_ptr_array_find_with_equal_func (later->approved, intent, g_str_equal, NULL))
        return TRUE;
    }
  return FALSE;
}

static void
check_flow (SimOracle *self, GPtrArray *flows, const SimFlow *flow, JnBankdCore *core)
{
  for (guint i = 0; i < flow->approved->len; i++)
    {
      const char *intent = flow->approved->pdata[i];
      g_autofree char *transfer = jn_bankd_db_text (
          core->db, "SELECT transfer FROM intent WHERE id = ? AND state = 'ACSC'", "s", intent);
      g_autofree char *seen = jn_id_to_string (&flow->transaction);

      if (i + 1 == flow->approved->len && flow->saw_made)
        sim_check (self->world, SIM_CHECK_ONCE, g_strcmp0 (transfer, seen) == 0,
                   "flow %u saw made, the bank has not booked %s", flow->number, intent);
      if (flow->saw_not_made || (flow->saw_cancelled && !was_approved_later (flows, flow, intent)))
        sim_check (self->world, SIM_CHECK_ONCE, transfer == NULL,
                   "flow %u saw %s, the bank has booked %s", flow->number,
                   flow->saw_not_made ? "not made" : "cancelled", intent);
    }
}

static void
check_told (SimOracle *self, JnBankdCore *core)
{
  GHashTableIter iter;
  gpointer id, made;

  g_hash_table_iter_init (&iter, self->told);
  while (g_hash_table_iter_next (&iter, &id, &made))
    {
      gint64 n = jn_bankd_db_integer (
          core->db, 0, "SELECT count(*) FROM transfer WHERE id = ?1 OR intent = ?1", "s", id);
      sim_check (self->world, SIM_CHECK_ONCE, (n > 0) == (made == GINT_TO_POINTER (2)),
                 "%s was told as %s", (const char *) id,
                 made == GINT_TO_POINTER (2) ? "made" : "not made");
    }
}

/* ---- the end: the bank, the disks ---- */

/* What a payment uses up, it uses up with the payment. */
static void
check_used (SimOracle *self, JnBankdCore *core)
{
  gint64 coupons = jn_bankd_db_integer (core->db, -1,
                                        "SELECT count (*) FROM offer WHERE used_by IS NOT NULL"
                                        " AND used_by NOT IN (SELECT id FROM transfer)",
                                        "");
  gint64 bills = jn_bankd_db_integer (
      core->db, -1,
      "SELECT count (*) FROM bill WHERE paid_by IS NOT NULL AND paid_by NOT IN (SELECT payment.id"
      " FROM payment JOIN intent ON intent.id = payment.intent WHERE state = 'ACSC')",
      "");

  sim_check (self->world, SIM_CHECK_SUPPLY, coupons == 0 && bills == 0,
             "%" G_GINT64_FORMAT " coupons and %" G_GINT64_FORMAT
             " bills went with payments that were not made",
             coupons, bills);
}

static void
check_supply (SimOracle *self, JnBankdCore *core)
{
  gint64 created = jn_bankd_db_integer (
      core->db, -1,
      "SELECT count(*) FROM (SELECT sum (credits - debits) AS s FROM account GROUP BY currency"
      " HAVING s <> 0)",
      "");
  gint64 income = jn_bankd_db_integer (
      core->db, 0,
      "SELECT coalesce (sum (amount), 0) FROM entry JOIN transfer ON number = entry.transfer"
      " WHERE account = 1 AND number > ? AND kind = 'income'",
      "i", self->first_transfer);
  gint64 expected = self->first_balance + income;
  gint64 other = jn_bankd_db_integer (
      core->db, 0,
      "SELECT coalesce (sum (amount), 0) FROM entry JOIN transfer ON number = entry.transfer"
      " WHERE account = 1 AND number > ? AND kind NOT IN ('income', 'payment', 'transfer', "
      "'topup')",
      "i", self->first_transfer);
  GHashTableIter iter;
  gpointer intent, value;

  g_hash_table_iter_init (&iter, self->asked);
  while (g_hash_table_iter_next (&iter, &intent, &value))
    {
      const SimAsked *asked = value;
      if (g_strcmp0 (asked->flow->booked, intent) == 0 && (asked->top_up || !asked->card))
        expected += asked->top_up ? asked->total : -asked->total;
    }
  sim_check (self->world, SIM_CHECK_SUPPLY, created == 0, "money was made of nothing");
  sim_check (self->world, SIM_CHECK_SUPPLY, income >= self->received && income <= self->sent,
             "%" G_GINT64_FORMAT " came in of %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, income,
             self->received, self->sent);
  sim_check (self->world, SIM_CHECK_SUPPLY,
             jn_bankd_book_balance (core, JN_BANKD_ACCOUNT_WALLET) == expected + other,
             "the account has %" G_GINT64_FORMAT ", what people did leaves %" G_GINT64_FORMAT,
             jn_bankd_book_balance (core, JN_BANKD_ACCOUNT_WALLET), expected + other);
}

static void
check_secrets (SimOracle *self, SimWallet *wallet)
{
  GPtrArray *disks = sim_wallet_get_disks (wallet);

  for (guint i = 0; i < disks->len; i++)
    {
      sim_check (self->world, SIM_CHECK_SECRET,
                 !disk_holds (disks->pdata[i], SIM_CANARY, strlen (SIM_CANARY)),
                 "a memo can be read on a disk of w%u", sim_wallet_get_number (wallet));
      sim_check (self->world, SIM_CHECK_SECRET,
                 !disk_holds (disks->pdata[i], SIM_PIN, strlen (SIM_PIN)),
                 "the PIN can be read on a disk of w%u", sim_wallet_get_number (wallet));
    }
}

void
sim_oracle_finish (SimOracle *self)
{
  JnBankdCore *core = sim_bank_get_core (self->world->bank);
  GPtrArray *flows = sim_user_get_flows (self->world->user);
  g_autoptr (GError) error = NULL;

  gboolean proved = jn_bankd_book_verify (core, &error);
  sim_check (self->world, SIM_CHECK_BALANCED, proved, "the bank's book: %s",
             error != NULL ? error->message : "");
  check_supply (self, core);
  check_used (self, core);
  for (guint i = 0; i < flows->len; i++)
    check_flow (self, flows, flows->pdata[i], core);
  check_told (self, core);
  for (guint i = 0; i < SIM_N_WALLETS; i++)
    if (self->world->wallets[i] != NULL)
      {
        check_wallet (self, self->world->wallets[i]);
        check_secrets (self, self->world->wallets[i]);
      }
}
