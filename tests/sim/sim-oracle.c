/* While the world runs: what the bank answers and books, and what the screens show. */
#include "sim-oracle-private.h"

#include "jn-json.h"
#include "sim-bank.h"

#include <string.h>

SimOracle *
sim_oracle_new (SimWorld *world)
{
  SimOracle *self = g_new0 (SimOracle, 1);

  self->world = world;
  world->oracle = self;
  self->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->counters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->returned = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < SIM_N_WALLETS; i++)
    sim_kept_init (&self->kept[i]);
  self->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->verdicts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
sim_oracle_free (SimOracle *self)
{
  g_hash_table_unref (self->asked);
  for (guint i = 0; i < SIM_N_WALLETS; i++)
    {
      sim_kept_clear (&self->kept[i]);
      g_clear_pointer (&self->shown[i], jn_facts_unref);
    }
  g_hash_table_unref (self->counters);
  g_hash_table_unref (self->returned);
  g_hash_table_unref (self->answers);
  g_hash_table_unref (self->verdicts);
  g_hash_table_unref (self->told);
  g_free (self);
}

/* ---- what people did ---- */

void
sim_oracle_approved (SimOracle *self, SimFlow *flow, gboolean right)
{
  const char *intent = jn_payment_get_reference (flow->payment);
  SimAsked *asked = g_hash_table_lookup (self->asked, intent);

  sim_check (self->world, SIM_CHECK_TAP,
             asked == NULL || asked->flow == flow || jn_payment_is_reopened (flow->payment),
             "%s is approved on two sheets", intent);
  if (asked == NULL)
    {
      asked = g_new0 (SimAsked, 1);
      *asked = (SimAsked){ .flow = flow,
                           .total = jn_payment_get_total (flow->payment).minor,
                           .top_up = jn_payment_is_top_up (flow->payment),
                           .card = jn_payment_get_paying_card (flow->payment) != NULL };
      g_hash_table_insert (self->asked, g_strdup (intent), asked);
    }
  asked->pin |= right;
}

/* A sheet on which something can be approved says that the bank has made nothing. */
void
sim_oracle_sheet_open (SimOracle *self, const char *intent)
{
  JnBankdCore *core = sim_bank_get_core (self->world->bank);

  if (core == NULL || sim_bank_get_balances_aside (self->world->bank) != NULL)
    return;
  sim_bank_hush (self->world->bank, TRUE);
  gint64 made = jn_bankd_db_integer (
      core->db, 0, "SELECT count (*) FROM intent WHERE id = ? AND state = 'ACSC'", "s", intent);
  sim_bank_hush (self->world->bank, FALSE);
  sim_check (self->world, SIM_CHECK_ONCE, made == 0, "%s is booked and its sheet is open", intent);
}

void
sim_oracle_asked_for_code (SimOracle *self, const char *intent)
{
  SimAsked *asked = g_hash_table_lookup (self->asked, intent);

  if (sim_check (self->world, SIM_CHECK_TAP, asked != NULL && asked->pin,
                 "a code is asked for, and the PIN of %s was not typed", intent))
    asked->needs = TRUE;
}

void
sim_oracle_typed_code (SimOracle *self, const char *intent)
{
  SimAsked *asked = g_hash_table_lookup (self->asked, intent);
  if (asked != NULL)
    asked->code = TRUE;
}

void
sim_oracle_returned (SimOracle *self, const char *transaction)
{
  g_hash_table_add (self->returned, g_strdup (transaction));
}

void
sim_oracle_received (SimOracle *self, gint64 amount, gboolean done)
{
  self->sent += amount;
  self->received += done ? amount : 0;
}

/* ---- what the bank answers ---- */

static gboolean
is_about_to_refuse_all (guint status)
{
  return status == 401 || status >= 500;
}

static char *
hash_of (const SimMessage *message, const char *head)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_MD5);

  g_checksum_update (sum, (const guchar *) head, (gssize) strlen (head));
  if (message->body != NULL && message->body->len > 0)
    g_checksum_update (sum, message->body->data, message->body->len);
  return g_strdup (g_checksum_get_string (sum));
}

/* One key, one request, one answer, for ever. */
static void
check_key (SimOracle *self, const SimMessage *request, const SimMessage *answer)
{
  const char *key = sim_message_get_header (request, "Idempotency-Key");

  if (key == NULL || is_about_to_refuse_all (answer->status))
    return;
  g_autofree char *line = g_strconcat (request->method, request->target, NULL);
  g_autofree char *asked = hash_of (request, line);
  g_autofree char *status = g_strdup_printf ("%u", answer->status);
  g_autofree char *answered = hash_of (answer, status);
  g_autofree char *now = g_strconcat (asked, " ", answered, NULL);
  const char *before = g_hash_table_lookup (self->answers, key);
  gboolean same_request = before != NULL && g_str_has_prefix (before, asked);

  if (before == NULL)
    {
      /* What was refused before anything was looked at is not remembered. */
      if (answer->status < 300)
        g_hash_table_insert (self->answers, g_strdup (key), g_steal_pointer (&now));
      return;
    }
  sim_check (self->world, SIM_CHECK_MODEL,
             same_request ? g_str_equal (before, now) : answer->status >= 400,
             "%s %s with key %s: %u after another answer", request->method, request->target, key,
             answer->status);
}

/* A write that is signed is done once: whoever sends it again, even after the bank's end, is refused. What was answered from what is kept
 * for its key is no write. */
static void
check_counter (SimOracle *self, const SimMessage *request, const SimMessage *answer)
{
  const char *counter = sim_message_get_header (request, "Jinnang-Counter");
  const char *input = sim_message_get_header (request, "Signature-Input");
  const char *key = input != NULL ? strstr (input, "keyid=") : NULL;

  const char *name = sim_message_get_header (request, "Idempotency-Key");

  if (counter == NULL || key == NULL || name == NULL)
    return;
  g_autofree char *used = g_strdup_printf ("%s %.60s", counter, key);
  if (g_hash_table_contains (self->counters, used))
    sim_check (self->world, SIM_CHECK_MODEL, answer->status == 401 || answer->status >= 500,
               "%s %s comes with a counter that was used and is answered with %u", request->method,
               request->target, answer->status);
  else if (answer->status < 300 && !g_hash_table_contains (self->answers, name))
    g_hash_table_add (self->counters, g_steal_pointer (&used));
}

/* A verdict is final. */
static void
check_verdict (SimOracle *self, const SimMessage *request, const SimMessage *answer)
{
  gboolean made = FALSE;

  if (answer->status != 200 || answer->body == NULL
      || !g_str_has_prefix (request->target, "/wallet/v1/intents/")
      || !g_str_has_suffix (request->target, "/settlement"))
    return;
  g_autoptr (JnJsonDoc) doc =
      jn_json_parse ((const char *) answer->body->data, answer->body->len, NULL);
  JnJson *root = doc != NULL ? jn_json_doc_root (doc) : NULL;
  const char *id = jn_json_string (jn_json_get (root, "intentId"));
  if (!sim_check (self->world, SIM_CHECK_MODEL,
                  id != NULL && jn_json_boolean (jn_json_get (root, "made"), &made),
                  "a verdict without one"))
    return;
  sim_bank_hush (self->world->bank, TRUE);
  gint64 open =
      jn_bankd_db_integer (sim_bank_get_core (self->world->bank)->db, 0,
                           "SELECT count(*) FROM intent WHERE id = ? AND state = 'RCVD'", "s", id);
  sim_bank_hush (self->world->bank, FALSE);
  sim_check (self->world, SIM_CHECK_MODEL, open == 0, "%s is open after its verdict", id);
  gpointer before = g_hash_table_lookup (self->verdicts, id);
  sim_check (self->world, SIM_CHECK_MODEL, before == NULL || before == GINT_TO_POINTER (made + 1),
             "the verdict about %s changes to %s", id, made ? "made" : "not made");
  g_hash_table_insert (self->verdicts, g_strdup (id), GINT_TO_POINTER (made + 1));
}

void
sim_oracle_answered (SimOracle *self, const SimMessage *request, const SimMessage *answer,
                     gboolean again)
{
  if (again)
    return;
  if (request->corrupt)
    {
      sim_check (self->world, SIM_CHECK_MODEL,
                 answer->status >= 400 || sim_message_get_header (request, "Signature") == NULL,
                 "%s %s was changed (%s) on its way and answered with %u", request->method,
                 request->target, request->what != NULL ? request->what : "-", answer->status);
      return;
    }
  if (sim_bank_get_balances_aside (self->world->bank) != NULL)
    return;
  check_counter (self, request, answer);
  check_key (self, request, answer);
  check_verdict (self, request, answer);
  if (g_strcmp0 (request->method, "GET") != 0)
    sim_oracle_book_changed (self);
}

/* ---- what the bank books ---- */

/* Whether a sheet waits for the PIN. */
static gboolean
is_on_sheet (SimOracle *self, const char *intent)
{
  GPtrArray *flows = sim_user_get_flows (self->world->user);

  for (guint i = 0; i < flows->len; i++)
    {
      JnPayment *payment = ((SimFlow *) flows->pdata[i])->payment;
      if (payment != NULL && jn_payment_get_state (payment) == JN_PAYMENT_CONFIRM
          && g_strcmp0 (jn_payment_get_reference (payment), intent) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
check_intent (SimOracle *self, JnBankdCore *core, const char *intent, gint64 amount)
{
  SimWorld *world = self->world;
  SimAsked *asked = g_hash_table_lookup (self->asked, intent);
  gpointer verdict = g_hash_table_lookup (self->verdicts, intent);
  gint64 n = jn_bankd_db_integer (core->db, 0,
                                  "SELECT count(*) FROM transfer JOIN entry ON transfer = number"
                                  " WHERE intent = ? AND account = 1",
                                  "s", intent);

  world->stats->transfers++;
  sim_log (world, "bank books %s", intent);
  sim_check (world, SIM_CHECK_ONCE, n == 1, "%s is booked %" G_GINT64_FORMAT " times", intent, n);
  if (!sim_check (world, SIM_CHECK_ONCE, asked != NULL, "nobody approved %s", intent))
    return;
  sim_check (world, SIM_CHECK_ONCE, !is_on_sheet (self, intent),
             "%s is booked while its sheet waits for the PIN", intent);
  sim_check (world, SIM_CHECK_ONCE, asked->pin && asked->code >= asked->needs,
             "%s is booked without the right PIN or code", intent);
  world->stats->topups += asked->top_up;
  sim_check (world, SIM_CHECK_ONCE, amount == (asked->top_up ? asked->total : -asked->total),
             "%s was approved with %" G_GINT64_FORMAT " and booked with %" G_GINT64_FORMAT, intent,
             asked->total, amount);
  sim_check (world, SIM_CHECK_MODEL, verdict != GINT_TO_POINTER (1),
             "%s is booked after the verdict that it is not made", intent);
  sim_check (world, SIM_CHECK_TAP,
             asked->flow->booked == NULL || g_str_equal (asked->flow->booked, intent),
             "one wish to pay is booked as %s and %s", asked->flow->booked, intent);
  if (asked->flow->booked == NULL)
    asked->flow->booked = g_strdup (intent);
}

/* Money from a card without an intent of its own is spent at once, by the payment that it was for. */
static void
check_card (SimOracle *self, JnBankdCore *core, gint64 number, gint64 amount)
{
  gint64 spent = jn_bankd_db_integer (
      core->db, 0, "SELECT amount FROM entry WHERE transfer = ? AND account = 1", "i", number + 1);

  sim_check (self->world, SIM_CHECK_ONCE, spent == -amount,
             "%" G_GINT64_FORMAT " comes from a card and nobody asked", amount);
}

/* A payment comes back once, whole, and when its payee's bank said so. */
static void
check_return (SimOracle *self, JnBankdCore *core, const char *original, gint64 amount)
{
  SimWorld *world = self->world;
  gint64 n = jn_bankd_db_integer (core->db, 0, "SELECT count (*) FROM transfer WHERE returns = ?",
                                  "s", original);
  gint64 paid = jn_bankd_db_integer (core->db, 0,
                                     "SELECT amount FROM entry JOIN transfer ON transfer = number"
                                     " WHERE id = ? AND account = 1",
                                     "s", original);

  world->stats->returns++;
  sim_check (world, SIM_CHECK_ONCE, n == 1 && g_hash_table_contains (self->returned, original),
             "%s comes back %" G_GINT64_FORMAT " times", original, n);
  sim_check (world, SIM_CHECK_ONCE, amount == -paid,
             "%" G_GINT64_FORMAT " was paid and %" G_GINT64_FORMAT " comes back", paid, amount);
}

static void
check_transfers (SimOracle *self, JnBankdCore *core)
{
  sqlite3_stmt *stmt = jn_bankd_db_query (
      core->db,
      "SELECT number, intent, kind, (SELECT sum (amount) FROM entry WHERE transfer = number),"
      " (SELECT amount FROM entry WHERE transfer = number AND account = 1), returns"
      " FROM transfer WHERE number > ? ORDER BY number",
      "i", self->last_transfer);

  while (jn_bankd_db_step (core->db, stmt))
    {
      g_autofree char *intent = g_strdup (jn_bankd_column (stmt, 1));
      gint64 amount = sqlite3_column_int64 (stmt, 4);

      self->last_transfer = sqlite3_column_int64 (stmt, 0);
      sim_check (self->world, SIM_CHECK_BALANCED,
                 sqlite3_column_type (stmt, 3) != SQLITE_NULL
                     && sqlite3_column_int64 (stmt, 3) == 0,
                 "transfer %" G_GINT64_FORMAT " does not balance", self->last_transfer);
      if (sqlite3_column_type (stmt, 4) == SQLITE_NULL)
        continue;
      if (intent != NULL)
        check_intent (self, core, intent, amount);
      else if (g_strcmp0 (jn_bankd_column (stmt, 2), "topup") == 0)
        check_card (self, core, self->last_transfer, amount);
      else if (g_strcmp0 (jn_bankd_column (stmt, 2), "refund") == 0)
        check_return (self, core, jn_bankd_column (stmt, 5), amount);
    }
}

static void
check_account (SimOracle *self, JnBankdCore *core)
{
  JnInstant now = jn_clock_now (JN_CLOCK (sim_bank_get_clock (self->world->bank)));
  gint64 available = jn_bankd_book_available (core, JN_BANKD_ACCOUNT_WALLET);
  gint64 early = jn_bankd_db_integer (
      core->db, 0, "SELECT count(*) FROM pending WHERE state = 'expired' AND expires_at > ?", "i",
      MAX (now, self->latest_bank_time));

  self->latest_bank_time = MAX (now, self->latest_bank_time);
  sim_check (self->world, SIM_CHECK_BOUNDS, available >= 0,
             "the account has %" G_GINT64_FORMAT " available", available);
  sim_check (self->world, SIM_CHECK_PENDING, early == 0, "a hold ended early");
}

void
sim_oracle_book_changed (SimOracle *self)
{
  JnBankdCore *core = sim_bank_get_core (self->world->bank);

  if (core == NULL || sim_bank_get_balances_aside (self->world->bank) != NULL)
    return;
  sim_bank_hush (self->world->bank, TRUE);
  check_transfers (self, core);
  check_account (self, core);
  sim_bank_hush (self->world->bank, FALSE);
}

void
sim_oracle_bank_started (SimOracle *self)
{
  JnBankdCore *core = sim_bank_get_core (self->world->bank);

  if (sim_bank_get_balances_aside (self->world->bank) != NULL)
    return;
  sim_bank_hush (self->world->bank, TRUE);
  gint64 newest =
      jn_bankd_db_integer (core->db, 0, "SELECT coalesce (max (number), 0) FROM transfer", "");
  if (!self->begun)
    {
      self->begun = TRUE;
      self->first_transfer = self->last_transfer = newest;
      self->first_balance = jn_bankd_book_balance (core, JN_BANKD_ACCOUNT_WALLET);
    }
  self->last_transfer = MIN (self->last_transfer, newest);
  sim_bank_hush (self->world->bank, FALSE);
  sim_oracle_book_changed (self);
}

/* ---- what the screens show ---- */

/* Who reads that it is made could end the program in the same moment: it is in the outbox, where the disk takes what is written. */
void
sim_oracle_told_made (SimWallet *wallet, JnPayment *payment)
{
  SimWorld *world = sim_wallet_get_world (wallet);
  JnContext *context = sim_wallet_get_context (wallet);
  JnId id = { { 0 } };

  if (context == NULL || sim_vfs_is_dead (sim_wallet_get_vfs (wallet))
      || world->rates[SIM_WALLET_DISK_ERROR] > 0 || world->rates[SIM_WALLET_DISK_FULL] > 0)
    return;
  jn_id_from_string (jn_payment_get_reference (payment), &id);
  g_autoptr (JnIntent) intent =
      jn_outbox_get (jn_storage_get_outbox (jn_context_get_storage (context)), &id, NULL);
  sim_check (world, SIM_CHECK_ENDS, intent != NULL && intent->state == JN_INTENT_MADE,
             "w%u says that %s is made, and has not written it", sim_wallet_get_number (wallet),
             jn_payment_get_reference (payment));
}

void
sim_oracle_settled (SimWallet *wallet, JnEntryItem *row, gboolean made)
{
  SimWorld *world = sim_wallet_get_world (wallet);
  g_autofree char *id = jn_id_to_string (jn_entry_item_get_id (row));
  gpointer before = g_hash_table_lookup (world->oracle->told, id);

  sim_log (world, "w%u tells that %s is %s", sim_wallet_get_number (wallet), id,
           made ? "made" : "not made");
  sim_check (world, SIM_CHECK_ONCE, before == NULL || before == GINT_TO_POINTER (made + 1),
             "%s is told as made and as not made", id);
  g_hash_table_insert (world->oracle->told, g_steal_pointer (&id), GINT_TO_POINTER (made + 1));
}

void
sim_oracle_home_changed (SimWallet *wallet)
{
  SimWorld *world = sim_wallet_get_world (wallet);

  if (sim_wallet_get_context (wallet) != NULL && sim_bank_get_core (world->bank) != NULL
      && !sim_vfs_is_dead (sim_wallet_get_vfs (wallet)))
    sim_oracle_check_prefix (world->oracle, wallet);
}

void
sim_oracle_connection_changed (SimWallet *wallet)
{
  static const char *const names[] = { "never", "syncing", "current", "offline", "distrust" };
  JnContext *context = sim_wallet_get_context (wallet);
  const GError *error = jn_context_get_error (context);
  JnConnection connection = jn_context_get_connection (context);

  sim_log (sim_wallet_get_world (wallet), "w%u is %s%s%s", sim_wallet_get_number (wallet),
           names[connection], error != NULL ? ": " : "",
           error != NULL ? jn_error_code_get_name (error->code) : "");
  sim_oracle_check_trust (wallet, connection, error);
}
