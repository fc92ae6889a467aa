#include <string.h>

#include "jn-bankd-book.h"
#include "jn-bankd-feed.h"
#include "jn-bankd-handlers.h"

typedef struct
{
  gint64 id;
  char *resource, *bban, *name, *owner;
} Account;

static void
account_clear (Account *account)
{
  g_free (account->resource);
  g_free (account->bban);
  g_free (account->name);
  g_free (account->owner);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Account, account_clear)

static gboolean
load_account (JnBankdCall *call, const char *resource, Account *out)
{
  sqlite3_stmt *stmt = jn_bankd_db_query (
      call->core->db,
      "SELECT account.id, resource, bban, account.name, customer.name FROM account"
      " JOIN customer ON customer.id = account.customer"
      " WHERE kind = 'wallet' AND customer = ?1 AND (?2 IS NULL OR resource = ?2)",
      "is", call->customer, resource);

  if (!jn_bankd_db_step (call->core->db, stmt))
    {
      jn_bankd_call_fail (call, 404, "RESOURCE_UNKNOWN", JN_ERROR_ACCOUNT_UNKNOWN);
      return FALSE;
    }
  out->id = sqlite3_column_int64 (stmt, 0);
  out->resource = g_strdup (jn_bankd_column (stmt, 1));
  out->bban = g_strdup (jn_bankd_column (stmt, 2));
  out->name = g_strdup (jn_bankd_column (stmt, 3));
  out->owner = g_strdup (jn_bankd_column (stmt, 4));
  jn_bankd_db_done (stmt);
  return TRUE;
}

/* Balances as of the entry @sequence; the available one is always today's. */
static void
write_balances (JnBankdCall *call, JnJsonWriter *writer, const Account *account, gint64 sequence)
{
  JnBankdDb *db = call->core->db;
  JnInstant changed =
      jn_bankd_db_integer (db, 0, "SELECT changed_at FROM account WHERE id = ?", "i", account->id);
  gint64 booked = jn_bankd_db_integer (
      db, 0, "SELECT balance_after FROM entry WHERE account = ? AND sequence = ?", "ii",
      account->id, sequence);
  g_autofree char *last =
      jn_bankd_db_text (db,
                        "SELECT id FROM transfer JOIN entry ON entry.transfer = number"
                        " WHERE account = ? AND sequence = ?",
                        "ii", account->id, sequence);

  jn_json_writer_begin_array (writer, "balances");
  jn_bankd_write_balance (writer, NULL, "interimBooked", booked, changed, last);
  jn_bankd_write_balance (writer, NULL, "interimAvailable",
                          jn_bankd_book_available (call->core, account->id), changed, last);
  jn_json_writer_end_array (writer);
}

static gint64
last_sequence (JnBankdCall *call, const Account *account)
{
  return jn_bankd_db_integer (call->core->db, 0, "SELECT sequence FROM account WHERE id = ?", "i",
                              account->id);
}

static void
write_account (JnBankdCall *call, JnJsonWriter *writer, const char *name, const Account *account,
               gboolean with_balance)
{
  jn_json_writer_begin_object (writer, name);
  jn_json_writer_string (writer, "resourceId", account->resource);
  jn_json_writer_string (writer, "bban", account->bban);
  jn_json_writer_string (writer, "currency", "CNY");
  jn_json_writer_string (writer, "name", account->name);
  jn_json_writer_string (writer, "product", "wallet");
  jn_json_writer_string (writer, "cashAccountType", "CACC");
  jn_json_writer_string (writer, "status", "enabled");
  jn_json_writer_string (writer, "usage", "PRIV");
  jn_json_writer_string (writer, "ownerName", account->owner);
  if (with_balance)
    write_balances (call, writer, account, last_sequence (call, account));
  jn_json_writer_begin_object (writer, "_links");
  jn_bankd_write_link (writer, "balances", "/psd2/v1/accounts/%s/balances", account->resource);
  jn_bankd_write_link (writer, "transactions", "/psd2/v1/accounts/%s/transactions",
                       account->resource);
  jn_json_writer_end_object (writer);
  jn_json_writer_end_object (writer);
}

static gboolean
with_balance (JnBankdCall *call)
{
  return g_strcmp0 (jn_bankd_call_param (call, "withBalance"), "true") == 0;
}

void
jn_bankd_handle_accounts (JnBankdCall *call)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  g_auto (Account) account = { 0 };

  if (!load_account (call, NULL, &account))
    return;
  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_begin_array (writer, "accounts");
  write_account (call, writer, NULL, &account, with_balance (call));
  jn_json_writer_end_array (writer);
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 200, writer);
}

void
jn_bankd_handle_account (JnBankdCall *call)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  g_auto (Account) account = { 0 };

  if (!load_account (call, call->args[0], &account))
    return;
  jn_json_writer_begin_object (writer, NULL);
  write_account (call, writer, "account", &account, with_balance (call));
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 200, writer);
}

void
jn_bankd_handle_balances (JnBankdCall *call)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  g_auto (Account) account = { 0 };

  if (!load_account (call, call->args[0], &account))
    return;
  jn_json_writer_begin_object (writer, NULL);
  jn_bankd_write_account (writer, "account", account.bban);
  write_balances (call, writer, &account, last_sequence (call, &account));
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 200, writer);
}

static void
write_pending (JnBankdCall *call, JnJsonWriter *writer, const Account *account)
{
  sqlite3_stmt *stmt = jn_bankd_db_query (
      call->core->db,
      "SELECT id, amount, kind, category, creditor_name, creditor_bban, memo, occurred_at,"
      " expires_at FROM pending WHERE account = ? AND state = 'open' ORDER BY occurred_at, id",
      "i", account->id);

  jn_json_writer_begin_array (writer, "pending");
  while (jn_bankd_db_step (call->core->db, stmt))
    {
      jn_json_writer_begin_object (writer, NULL);
      jn_json_writer_string (writer, "transactionId", jn_bankd_column (stmt, 0));
      jn_bankd_write_amount (writer, "transactionAmount", -sqlite3_column_int64 (stmt, 1));
      jn_json_writer_string (writer, "creditorName", jn_bankd_column (stmt, 4));
      jn_bankd_write_account (writer, "creditorAccount", jn_bankd_column (stmt, 5));
      jn_json_writer_string (writer, "remittanceInformationUnstructured",
                             jn_bankd_column (stmt, 6));
      jn_json_writer_begin_object (writer, "wallet");
      jn_bankd_write_instant (writer, "occurredAt", sqlite3_column_int64 (stmt, 7));
      jn_json_writer_string (writer, "category",
                             jn_category_to_name ((JnCategory) sqlite3_column_int (stmt, 3)));
      jn_json_writer_string (writer, "kind", jn_bankd_column (stmt, 2));
      if (sqlite3_column_type (stmt, 8) != SQLITE_NULL)
        jn_bankd_write_instant (writer, "expiresAt", sqlite3_column_int64 (stmt, 8));
      jn_json_writer_end_object (writer);
      jn_json_writer_end_object (writer);
    }
  jn_json_writer_end_array (writer);
}

typedef struct
{
  const char *status;
  gint64 from, limit;
  JnDate first, last;
} Page;

static gboolean
read_page (JnBankdCall *call, Page *page)
{
  const char *first = jn_bankd_call_param (call, "dateFrom");
  const char *last = jn_bankd_call_param (call, "dateTo");

  page->first = 0;
  page->last = G_MAXINT32;
  page->status = jn_bankd_call_param (call, "bookingStatus");
  if (!jn_bankd_call_number (call, "entryReferenceFrom", 0, G_MAXINT32, &page->from)
      || !jn_bankd_call_number (call, "itemsPerPage", 500, 1000, &page->limit))
    return FALSE;
  if (page->status == NULL || page->limit == 0
      || (strcmp (page->status, "both") != 0 && strcmp (page->status, "booked") != 0
          && strcmp (page->status, "pending") != 0)
      || (first != NULL && !jn_date_from_string (first, &page->first))
      || (last != NULL && !jn_date_from_string (last, &page->last)))
    {
      jn_bankd_call_malformed (call);
      return FALSE;
    }
  return TRUE;
}

/* Returns the sequence of the last entry written, or @page->from. */
static gint64
write_booked (JnBankdCall *call, JnJsonWriter *writer, const Account *account, const Page *page)
{
  gint64 last = page->from;
  sqlite3_stmt *stmt = jn_bankd_db_query (
      call->core->db,
      JN_BANKD_FEED_SELECT " AND sequence > ?2 AND booked_on BETWEEN ?3 AND ?4"
                           " ORDER BY sequence LIMIT ?5",
      "iiiii", account->id, page->from, (gint64) page->first, (gint64) page->last, page->limit);

  jn_json_writer_begin_array (writer, "booked");
  while (jn_bankd_db_step (call->core->db, stmt))
    {
      jn_bankd_feed_write_entry (writer, NULL, stmt, TRUE);
      last = sqlite3_column_int64 (stmt, 0);
    }
  jn_json_writer_end_array (writer);
  return last;
}

static void
write_next (JnBankdCall *call, JnJsonWriter *writer, const Account *account, const Page *page,
            gint64 last)
{
  g_autoptr (GString) dates = g_string_new (NULL);
  gint64 more = jn_bankd_db_integer (
      call->core->db, 0,
      "SELECT EXISTS (SELECT 1 FROM entry JOIN transfer ON transfer.number = entry.transfer"
      " WHERE account = ? AND sequence > ? AND booked_on BETWEEN ? AND ?)",
      "iiii", account->id, last, (gint64) page->first, (gint64) page->last);

  if (more == 0)
    return;
  if (jn_bankd_call_param (call, "dateFrom") != NULL)
    g_string_append_printf (dates, "&dateFrom=%s", jn_bankd_call_param (call, "dateFrom"));
  if (jn_bankd_call_param (call, "dateTo") != NULL)
    g_string_append_printf (dates, "&dateTo=%s", jn_bankd_call_param (call, "dateTo"));
  jn_bankd_write_link (
      writer, "next",
      "/psd2/v1/accounts/%s/transactions?bookingStatus=%s&entryReferenceFrom=%" G_GINT64_FORMAT
      "&itemsPerPage=%" G_GINT64_FORMAT "%s",
      account->resource, page->status, last, page->limit, dates->str);
}

void
jn_bankd_handle_transactions (JnBankdCall *call)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  g_auto (Account) account = { 0 };
  Page page;
  gint64 last;

  if (!load_account (call, call->args[0], &account) || !read_page (call, &page))
    return;
  last = MIN (page.from, last_sequence (call, &account));
  page.from = last;
  jn_json_writer_begin_object (writer, NULL);
  jn_bankd_write_account (writer, "account", account.bban);
  jn_json_writer_begin_object (writer, "transactions");
  if (strcmp (page.status, "pending") != 0)
    last = write_booked (call, writer, &account, &page);
  if (strcmp (page.status, "booked") != 0)
    write_pending (call, writer, &account);
  jn_json_writer_begin_object (writer, "_links");
  jn_bankd_write_link (writer, "account", "/psd2/v1/accounts/%s", account.resource);
  if (strcmp (page.status, "pending") != 0)
    write_next (call, writer, &account, &page, last);
  jn_json_writer_end_object (writer);
  jn_json_writer_end_object (writer);
  write_balances (call, writer, &account, last);
  jn_bankd_feed_write_head (call->core, writer, account.id);
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 200, writer);
}

void
jn_bankd_handle_transaction (JnBankdCall *call)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  g_auto (Account) account = { 0 };
  sqlite3_stmt *stmt;

  if (!load_account (call, call->args[0], &account))
    return;
  stmt = jn_bankd_db_query (call->core->db, JN_BANKD_FEED_SELECT " AND id = ?2", "is", account.id,
                            call->args[1]);
  if (!jn_bankd_db_step (call->core->db, stmt))
    {
      jn_bankd_call_fail (call, 404, "RESOURCE_UNKNOWN", JN_ERROR_INVALID);
      return;
    }
  jn_json_writer_begin_object (writer, NULL);
  jn_bankd_feed_write_entry (writer, "transactionsDetails", stmt, TRUE);
  jn_json_writer_end_object (writer);
  jn_bankd_db_done (stmt);
  jn_bankd_call_answer (call, 200, writer);
}
