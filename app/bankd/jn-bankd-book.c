#include "jn-bankd-book.h"

#include "jn-bankd-feed.h"

typedef struct
{
  gint64 debits, credits, held, sequence;
  gint64 currency;
  gboolean bounded;
  gboolean is_wallet; /* a customer's: its entries make a feed */
} Account;

gint64
jn_bankd_book_add_account (JnBankdCore *core, gint64 id, const char *bban, const char *kind,
                           JnCurrency currency, const char *name, gboolean bounded)
{
  g_autofree char *resource = jn_bankd_core_make_id (core);

  if (id == 0)
    id = jn_bankd_db_integer (core->db, 0,
                              "SELECT max(id, 99) + 1 FROM account"
                              " ORDER BY id DESC LIMIT 1",
                              "");
  jn_bankd_db_run (core->db,
                   "INSERT INTO account (id, resource, bban, kind, currency, name, bounded)"
                   " VALUES (?, ?, ?, ?, ?, ?, ?)",
                   "isssisi", id, resource, bban, kind, (gint64) currency, name, (gint64) bounded);
  return id;
}

static gboolean
load_account (JnBankdCore *core, gint64 id, Account *out)
{
  sqlite3_stmt *stmt =
      jn_bankd_db_query (core->db,
                         "SELECT debits, credits, held, sequence, currency, bounded,"
                         " kind = 'wallet' FROM account WHERE id = ?",
                         "i", id);

  if (!jn_bankd_db_step (core->db, stmt))
    return FALSE;
  out->debits = sqlite3_column_int64 (stmt, 0);
  out->credits = sqlite3_column_int64 (stmt, 1);
  out->held = sqlite3_column_int64 (stmt, 2);
  out->sequence = sqlite3_column_int64 (stmt, 3);
  out->currency = sqlite3_column_int64 (stmt, 4);
  out->bounded = sqlite3_column_int (stmt, 5) != 0;
  out->is_wallet = sqlite3_column_int (stmt, 6) != 0;
  jn_bankd_db_done (stmt);
  return TRUE;
}

static gboolean
refuse (GError **error, JnErrorCode code)
{
  g_set_error_literal (error, JN_ERROR, (gint) code, "book");
  return FALSE;
}

static gboolean
check_legs (const JnBankdTransfer *transfer, GError **error)
{
  gint64 sum = 0;

  if (transfer->n_legs < 2 || transfer->n_legs > JN_BANKD_MAX_LEGS)
    return refuse (error, JN_ERROR_INVALID);
  for (guint i = 0; i < transfer->n_legs; i++)
    {
      if (transfer->legs[i].amount == 0)
        return refuse (error, JN_ERROR_AMOUNT_ZERO);
      if (transfer->legs[i].amount == G_MININT64
          || __builtin_add_overflow (sum, transfer->legs[i].amount, &sum))
        return refuse (error, JN_ERROR_AMOUNT_OVERFLOW);
      for (guint j = 0; j < i; j++)
        if (transfer->legs[i].account == transfer->legs[j].account)
          return refuse (error, JN_ERROR_SAME_ACCOUNT);
    }
  return sum == 0 ? TRUE : refuse (error, JN_ERROR_INVALID);
}

static gboolean
post_leg (JnBankdCore *core, const JnBankdTransfer *transfer, gint64 number, const JnBankdLeg *leg,
          GError **error)
{
  Account account;
  gint64 balance;

  if (!load_account (core, leg->account, &account))
    return refuse (error, JN_ERROR_ACCOUNT_UNKNOWN);
  if (account.currency != (gint64) transfer->currency)
    return refuse (error, JN_ERROR_CURRENCY_MISMATCH);
  if (leg->amount > 0 ? __builtin_add_overflow (account.credits, leg->amount, &account.credits)
                      : __builtin_sub_overflow (account.debits, leg->amount, &account.debits))
    return refuse (error, JN_ERROR_AMOUNT_OVERFLOW);
  balance = account.credits - account.debits;
  if (leg->amount < 0 && account.bounded && balance < account.held)
    return refuse (error, JN_ERROR_NO_FUNDS);
  jn_bankd_db_run (core->db,
                   "UPDATE account SET debits = ?, credits = ?, sequence = ?, changed_at = ?"
                   " WHERE id = ?",
                   "iiiii", account.debits, account.credits, account.sequence + 1, transfer->at,
                   leg->account);
  jn_bankd_db_run (core->db,
                   "INSERT INTO entry (account, sequence, transfer, amount, balance_after)"
                   " VALUES (?, ?, ?, ?, ?)",
                   "iiiii", leg->account, account.sequence + 1, number, leg->amount, balance);
  if (account.is_wallet)
    jn_bankd_feed_chain (core, leg->account, account.sequence + 1);
  return TRUE;
}

static gint64
insert_transfer (JnBankdCore *core, const JnBankdTransfer *transfer)
{
  g_autofree char *made = transfer->id == NULL ? jn_bankd_core_make_id (core) : NULL;
  gint64 number =
      jn_bankd_db_integer (core->db, 0, "SELECT coalesce (max (number), 0) + 1 FROM transfer", "");

  jn_bankd_db_run (
      core->db,
      "INSERT INTO transfer (number, id, intent, kind, category, currency, occurred_at, booked_on,"
      " debtor_name, debtor_bban, creditor_name, creditor_bban, memo, code, original, discount,"
      " offer, points, money_transfer, returns, card)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      "isssiiiissssssiisisss", number, made != NULL ? made : transfer->id, transfer->intent,
      transfer->kind, (gint64) transfer->category, (gint64) transfer->currency, transfer->at,
      (gint64) jn_date_at (transfer->at), transfer->debtor_name, transfer->debtor_bban,
      transfer->creditor_name, transfer->creditor_bban, transfer->memo, transfer->code,
      transfer->original, transfer->discount, transfer->offer, transfer->points,
      transfer->money_transfer, transfer->returns, transfer->card);
  return number;
}

gboolean
jn_bankd_book_post (JnBankdCore *core, const JnBankdTransfer *transfer, GError **error)
{
  gboolean posted = TRUE;
  gint64 number;

  if (!check_legs (transfer, error))
    return FALSE;
  jn_bankd_db_savepoint (core->db);
  number = insert_transfer (core, transfer);
  for (guint i = 0; i < transfer->n_legs && posted; i++)
    posted = post_leg (core, transfer, number, &transfer->legs[i], error);
  jn_bankd_db_release (core->db, posted);
  return posted;
}

gint64
jn_bankd_book_account_of (JnBankdCore *core, gint64 customer, const char *kind)
{
  return jn_bankd_db_integer (core->db, 0, "SELECT id FROM account WHERE customer = ? AND kind = ?",
                              "is", customer, kind);
}

gint64
jn_bankd_book_balance (JnBankdCore *core, gint64 account)
{
  return jn_bankd_db_integer (core->db, 0, "SELECT credits - debits FROM account WHERE id = ?", "i",
                              account);
}

gint64
jn_bankd_book_available (JnBankdCore *core, gint64 account)
{
  return jn_bankd_db_integer (
      core->db, 0, "SELECT credits - debits - held FROM account WHERE id = ?", "i", account);
}

gboolean
jn_bankd_book_hold (JnBankdCore *core, const char *id, gint64 account, gint64 amount,
                    JnCategory category, const char *creditor, const char *memo, JnInstant at,
                    JnInstant expires_at, GError **error)
{
  if (amount <= 0)
    return refuse (error, JN_ERROR_AMOUNT_ZERO);
  if (jn_bankd_db_run (core->db,
                       "UPDATE account SET held = held + ?1, changed_at = ?2"
                       " WHERE id = ?3 AND credits - debits - held >= ?1",
                       "iii", amount, at, account)
      != 1)
    return refuse (error, JN_ERROR_NO_FUNDS);
  jn_bankd_db_run (
      core->db,
      "INSERT INTO pending (id, account, amount, kind, category, creditor_name, memo,"
      " occurred_at, expires_at, state) VALUES (?, ?, ?, 'hold', ?, ?, ?, ?, ?, 'open')",
      "siiissii", id, account, amount, (gint64) category, creditor, memo, at, expires_at);
  return TRUE;
}

guint
jn_bankd_book_expire_holds (JnBankdCore *core, JnInstant now)
{
  int changed;

  jn_bankd_db_run (core->db,
                   "INSERT INTO event (customer, kind) SELECT DISTINCT customer, 'feed'"
                   " FROM account WHERE customer IS NOT NULL AND id IN (SELECT account"
                   " FROM pending WHERE state = 'open' AND expires_at <= ?)",
                   "i", now);
  jn_bankd_db_run (
      core->db,
      "UPDATE account SET changed_at = ?1, held = held - (SELECT sum (amount)"
      " FROM pending WHERE account = account.id AND state = 'open' AND expires_at <= ?1)"
      " WHERE id IN (SELECT account FROM pending WHERE state = 'open'"
      " AND expires_at <= ?1)",
      "i", now);
  changed = jn_bankd_db_run (core->db,
                             "UPDATE pending SET state = 'expired'"
                             " WHERE state = 'open' AND expires_at <= ?",
                             "i", now);
  return changed > 0 ? (guint) changed : 0;
}

typedef struct
{
  const char *what;
  const char *sql; /* counts rows that break the rule */
} Rule;

static const Rule rules[] = {
  { "a transfer's legs do not sum to zero", "SELECT count (*) FROM (SELECT transfer FROM entry "
                                            "GROUP BY transfer HAVING sum (amount) <> 0)" },
  { "a transfer without two legs",
    "SELECT count (*) FROM transfer WHERE (SELECT count (*) FROM entry"
    " WHERE entry.transfer = transfer.number) < 2" },
  { "an entry's balance does not follow from the one before",
    "SELECT count (*) FROM (SELECT balance_after - amount AS before, coalesce (lag (balance_after)"
    " OVER (PARTITION BY account ORDER BY sequence), 0) AS expected FROM entry)"
    " WHERE before <> expected" },
  { "a sequence has a gap",
    "SELECT count (*) FROM account WHERE sequence <> (SELECT count (*) FROM entry"
    " WHERE entry.account = account.id) OR sequence <> coalesce ((SELECT max (sequence) FROM entry"
    " WHERE entry.account = account.id), 0)" },
  { "an account's totals are not those of its entries",
    "SELECT count (*) FROM account WHERE"
    " credits <> coalesce ((SELECT sum (amount) FROM entry WHERE entry.account = account.id"
    " AND amount > 0), 0) OR"
    " debits <> coalesce ((SELECT -sum (amount) FROM entry WHERE entry.account = account.id"
    " AND amount < 0), 0)" },
  { "a bounded account is below its holds",
    "SELECT count (*) FROM account WHERE bounded AND credits - debits < held" },
  { "holds do not add up",
    "SELECT count (*) FROM account WHERE held <> coalesce ((SELECT sum (amount) FROM pending"
    " WHERE pending.account = account.id AND state = 'open'), 0)" },
  { "a made intent without its transfer",
    "SELECT count (*) FROM intent WHERE (state = 'ACSC') <> (transfer IS NOT NULL)"
    " OR (transfer IS NOT NULL AND transfer NOT IN (SELECT id FROM transfer))" },
  { "two transfers of one intent",
    "SELECT count (*) FROM (SELECT intent FROM transfer WHERE intent IS NOT NULL"
    " GROUP BY intent HAVING count (*) > 1)" },
  { "what was spent a day is not what was paid",
    "SELECT count (*) FROM (SELECT 1 FROM (SELECT customer, day, total FROM spent UNION ALL"
    " SELECT customer, booked_on, sum (total) FROM transfer"
    " JOIN payment ON payment.intent = transfer.intent WHERE kind <> 'topup'"
    " GROUP BY customer, booked_on)"
    " GROUP BY customer, day, total HAVING count (*) <> 2)" },
};

gboolean
jn_bankd_book_verify (JnBankdCore *core, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      gint64 broken = jn_bankd_db_integer (core->db, -1, rules[i].sql, "");

      if (broken != 0)
        {
          g_set_error (error, JN_ERROR, JN_ERROR_INVARIANT, "%s (%" G_GINT64_FORMAT ")",
                       rules[i].what, broken);
          return FALSE;
        }
    }
  return jn_bankd_feed_verify (core, error);
}
