#include "jn-bankd-payments.h"

#include <string.h>

#include "jn-bankd-book.h"
#include "jn-bankd-cards.h"
#include "jn-bankd-offers.h"
#include "jn-bankd-points.h"

void
jn_bankd_payment_free (JnBankdPayment *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->product);
  g_free (self->intent);
  g_free (self->state);
  g_free (self->transfer);
  g_free (self->creditor_bban);
  g_free (self->creditor_name);
  g_free (self->offer);
  g_free (self->memo);
  g_free (self->bill);
  g_free (self->card);
  g_free (self->order_text);
  g_free (self->digest);
  g_free (self);
}

JnBankdPayment *
jn_bankd_payment_load (JnBankdCore *core, gint64 customer, const char *product, const char *id)
{
  JnBankdPayment *self;
  sqlite3_stmt *stmt = jn_bankd_db_query (
      core->db,
      "SELECT product, intent, state, transfer, reason, creditor, creditor_bban, creditor_name,"
      " offer, memo, bill, category, original, discount, total, points, sms, expires_at,"
      " order_text, digest, card, creditor = (SELECT id FROM account"
      " WHERE account.customer = payment.customer AND kind = 'wallet') FROM payment JOIN intent ON "
      "intent.id = payment.intent"
      " WHERE payment.id = ? AND payment.customer = ? AND product = ?",
      "sis", id, customer, product);

  if (!jn_bankd_db_step (core->db, stmt))
    return NULL;
  self = g_new0 (JnBankdPayment, 1);
  self->id = g_strdup (id);
  self->product = g_strdup (jn_bankd_column (stmt, 0));
  self->intent = g_strdup (jn_bankd_column (stmt, 1));
  self->state = g_strdup (jn_bankd_column (stmt, 2));
  self->transfer = g_strdup (jn_bankd_column (stmt, 3));
  self->reason = sqlite3_column_int (stmt, 4);
  self->creditor = sqlite3_column_int64 (stmt, 5);
  self->creditor_bban = g_strdup (jn_bankd_column (stmt, 6));
  self->creditor_name = g_strdup (jn_bankd_column (stmt, 7));
  self->offer = g_strdup (jn_bankd_column (stmt, 8));
  self->memo = g_strdup (jn_bankd_column (stmt, 9));
  self->bill = g_strdup (jn_bankd_column (stmt, 10));
  self->category = (JnCategory) sqlite3_column_int (stmt, 11);
  self->original = sqlite3_column_int64 (stmt, 12);
  self->discount = sqlite3_column_int64 (stmt, 13);
  self->total = sqlite3_column_int64 (stmt, 14);
  self->points = sqlite3_column_int64 (stmt, 15);
  self->sms = sqlite3_column_int (stmt, 16) != 0;
  self->expires_at = sqlite3_column_int64 (stmt, 17);
  self->order_text = g_strdup (jn_bankd_column (stmt, 18));
  self->digest = g_strdup (jn_bankd_column (stmt, 19));
  self->card = g_strdup (jn_bankd_column (stmt, 20));
  self->top_up = sqlite3_column_int (stmt, 21) != 0;
  jn_bankd_db_done (stmt);
  return self;
}

void
jn_bankd_payment_close (JnBankdCore *core, const char *intent, const char *state,
                        JnErrorCode reason)
{
  jn_bankd_db_run (core->db,
                   "UPDATE intent SET state = ?, reason = ? WHERE id = ? AND state = 'RCVD'", "sis",
                   state, (gint64) reason, intent);
}

gint64
jn_bankd_payment_spent_since (JnBankdCore *core, gint64 customer, JnDate from)
{
  return jn_bankd_db_integer (
      core->db, 0, "SELECT coalesce (sum (total), 0) FROM spent WHERE customer = ? AND day >= ?",
      "ii", customer, (gint64) from);
}

gboolean
jn_bankd_payment_within_limits (JnBankdCore *core, gint64 customer, gint64 total, gboolean top_up,
                                JnInstant now)
{
  JnDate today = jn_date_at (now);
  gint64 limits[3] = { 0 };
  sqlite3_stmt *stmt = jn_bankd_db_query (core->db,
                                          "SELECT limit_payment, limit_day, limit_year"
                                          " FROM customer WHERE id = ?",
                                          "i", customer);

  if (!jn_bankd_db_step (core->db, stmt))
    return FALSE;
  for (int i = 0; i < 3; i++)
    limits[i] = sqlite3_column_int64 (stmt, i);
  jn_bankd_db_done (stmt);
  if (top_up)
    return total <= limits[0];
  return total <= limits[0] && total <= limits[1] && total <= limits[2]
         && jn_bankd_payment_spent_since (core, customer, today) <= limits[1] - total
         && jn_bankd_payment_spent_since (core, customer, jn_date_make (jn_date_year (today), 1, 1))
                <= limits[2] - total;
}

static void
add_funds (JnBankdCall *call, gint64 total, JnBankdProblem *problem)
{
  gint64 wallet = jn_bankd_book_account_of (call->core, call->customer, "wallet");

  problem->has_funds = TRUE;
  problem->available = jn_bankd_book_available (call->core, wallet);
  problem->held = jn_bankd_book_balance (call->core, wallet) - problem->available;
  problem->missing = MAX (total - problem->available, 0);
}

/* Nobody learns from us who else paid a bill. */
static char *
find_payer (JnBankdCall *call, const char *bill, JnInstant *at)
{
  char *device;
  sqlite3_stmt *stmt = jn_bankd_db_query (call->core->db,
                                          "SELECT device.name, occurred_at FROM bill"
                                          " JOIN payment ON payment.id = paid_by"
                                          " JOIN intent ON intent.id = payment.intent"
                                          " JOIN transfer ON transfer.id = intent.transfer"
                                          " JOIN device ON device.id = payment.device"
                                          " WHERE reference = ? AND payment.customer = ?",
                                          "si", bill, call->customer);

  if (!jn_bankd_db_step (call->core->db, stmt))
    return NULL;
  device = g_strdup (jn_bankd_column (stmt, 0));
  *at = sqlite3_column_int64 (stmt, 1);
  jn_bankd_db_done (stmt);
  return device;
}

void
jn_bankd_payment_fail (JnBankdCall *call, guint status, const char *code, JnErrorCode reason,
                       gint64 total, const char *bill)
{
  JnBankdProblem problem = {
    .status = status, .code = code, .reason = reason, .attempts_left = -1
  };
  g_autofree char *device = NULL;

  if (reason == JN_ERROR_NO_FUNDS)
    add_funds (call, total, &problem);
  if (reason == JN_ERROR_ORDER_PAID && bill != NULL)
    device = find_payer (call, bill, &problem.paid_at);
  problem.paid_on = device;
  jn_bankd_call_fail_with (call, &problem);
}

gboolean
jn_bankd_payment_is_known_payee (JnBankdCore *core, gint64 customer, const char *bban)
{
  return jn_bankd_db_integer (core->db, 0,
                              "SELECT count (*) FROM payee WHERE customer = ? AND bban = ?", "is",
                              customer, bban)
         > 0;
}

static const char *
product_code (const char *product)
{
  if (strcmp (product, "qr-payments") == 0)
    return "PMNT-MCRD-POSP";
  return strcmp (product, "book-transfers") == 0 ? "PMNT-ICDT-BOOK" : "PMNT-ICDT-DMCT";
}

static gboolean
book_money (JnBankdCore *core, gint64 customer, const JnBankdPayment *self, const char *card,
            const char *id, JnInstant now, GError **error)
{
  g_autofree char *owner =
      jn_bankd_db_text (core->db, "SELECT name FROM customer WHERE id = ?", "i", customer);
  gint64 wallet = jn_bankd_book_account_of (core, customer, "wallet");
  g_autofree char *bban =
      jn_bankd_db_text (core->db, "SELECT bban FROM account WHERE id = ?", "i", wallet);
  JnBankdTransfer transfer = {
    .id = id,
    .intent = self->intent,
    .kind = strcmp (self->product, "qr-payments") == 0 ? "payment" : "transfer",
    .category = self->category,
    .currency = JN_CURRENCY_CNY,
    .at = now,
    .debtor_name = owner,
    .debtor_bban = bban,
    .creditor_name = self->creditor_name,
    .creditor_bban = self->creditor_bban,
    .memo = self->memo,
    .code = product_code (self->product),
    .original = self->discount > 0 ? self->original : 0,
    .discount = self->discount,
    .offer = self->offer,
    .points = self->points,
    .card = card,
    .legs = { { wallet, -self->total }, { self->creditor, self->original } },
    .n_legs = 2,
  };

  if (self->discount > 0)
    transfer.legs[transfer.n_legs++] = (JnBankdLeg){ JN_BANKD_ACCOUNT_MARKETING, -self->discount };
  return jn_bankd_book_post (core, &transfer, error);
}

/* What a card pays goes through the wallet: the customer's statement shows both, and its balance stays as it was. */
static gboolean
book_card (JnBankdCore *core, gint64 customer, const JnBankdPayment *self, const char *id,
           JnInstant now, GError **error)
{
  g_auto (JnBankdCard) card = { 0 };

  if (!jn_bankd_card_load (core, customer, self->card, &card))
    {
      g_set_error_literal (error, JN_ERROR, JN_ERROR_REFUSED, "card");
      return FALSE;
    }
  if (self->top_up)
    return jn_bankd_card_bring (core, customer, &card, self->total, id, self->intent, now, error);
  return jn_bankd_card_bring (core, customer, &card, self->total, NULL, NULL, now, error)
         && book_money (core, customer, self, card.masked, id, now, error);
}

static gboolean
mark_bill (JnBankdCore *core, const JnBankdPayment *self, GError **error)
{
  if (self->bill == NULL
      || jn_bankd_db_run (core->db,
                          "UPDATE bill SET paid_by = ? WHERE reference = ? AND paid_by IS NULL",
                          "ss", self->id, self->bill)
             == 1)
    return TRUE;
  g_set_error_literal (error, JN_ERROR, JN_ERROR_ORDER_PAID, "bill");
  return FALSE;
}

static void
remember_payee (JnBankdCore *core, gint64 customer, const JnBankdPayment *self, JnInstant now)
{
  g_autofree char *id = NULL;

  if (strcmp (self->product, "qr-payments") == 0 || self->top_up)
    return;
  id = jn_bankd_core_make_id (core);
  jn_bankd_db_run (core->db,
                   "INSERT INTO payee (id, customer, name, bban, last_paid_at)"
                   " VALUES (?, ?, ?, ?, ?) ON CONFLICT (customer, bban)"
                   " DO UPDATE SET last_paid_at = excluded.last_paid_at",
                   "sissi", id, customer, self->creditor_name, self->creditor_bban, now);
  jn_bankd_core_tell (core, customer, "profile");
}

static void
count_spent (JnBankdCore *core, gint64 customer, const JnBankdPayment *self, JnInstant now)
{
  if (self->top_up)
    return;
  jn_bankd_db_run (core->db,
                   "INSERT INTO spent (customer, day, total) VALUES (?, ?, ?)"
                   " ON CONFLICT DO UPDATE SET total = total + excluded.total",
                   "iii", customer, (gint64) jn_date_at (now), self->total);
}

static gboolean
execute_steps (JnBankdCore *core, gint64 customer, const JnBankdPayment *self, const char *id,
               JnInstant now, GError **error)
{
  if (!jn_bankd_payment_within_limits (core, customer, self->total, self->top_up, now))
    {
      g_set_error_literal (error, JN_ERROR, JN_ERROR_OVER_LIMIT, "limit");
      return FALSE;
    }
  return mark_bill (core, self, error)
         && (self->offer == NULL
             || jn_bankd_offer_use (core, customer, self->offer, id, self->discount, now, error))
         && (self->card != NULL ? book_card (core, customer, self, id, now, error)
                                : book_money (core, customer, self, NULL, id, now, error))
         && (self->points == 0
             || jn_bankd_points_add (core, customer, self->points, "payment", self->creditor_name,
                                     id, now, error));
}

char *
jn_bankd_payment_execute (JnBankdCore *core, gint64 customer, const JnBankdPayment *self,
                          JnInstant now, GError **error)
{
  g_autofree char *id = jn_bankd_core_make_id (core);
  g_autoptr (GError) reason = NULL;
  gboolean done;

  jn_bankd_db_run (core->db, "SAVEPOINT pay", "");
  done = execute_steps (core, customer, self, id, now, &reason);
  if (!done)
    {
      jn_bankd_db_run (core->db, "ROLLBACK TO pay", "");
      jn_bankd_db_run (core->db, "RELEASE pay", "");
      jn_bankd_payment_close (core, self->intent, "RJCT", (JnErrorCode) reason->code);
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  jn_bankd_db_run (core->db, "RELEASE pay", "");
  jn_bankd_db_run (core->db,
                   "UPDATE intent SET state = 'ACSC', transfer = ? WHERE id = ? AND state = 'RCVD'",
                   "ss", id, self->intent);
  count_spent (core, customer, self, now);
  remember_payee (core, customer, self, now);
  jn_bankd_core_tell (core, customer, "feed");
  if (self->points > 0)
    jn_bankd_core_tell (core, customer, "points");
  if (self->offer != NULL)
    jn_bankd_core_tell (core, customer, "offers");
  return g_steal_pointer (&id);
}
