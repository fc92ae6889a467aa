#include "jn-bankd-feed.h"

#include <sodium.h>
#include <string.h>

#include "jn-bankd-call.h"
#include "jn-bankd-cards.h"
#include "jn-bankd-keys.h"

#define CHAIN_BYTES crypto_hash_sha256_BYTES

void
jn_bankd_write_account (JnJsonWriter *writer, const char *name, const char *bban)
{
  if (bban == NULL)
    return;
  jn_json_writer_begin_object (writer, name);
  jn_json_writer_string (writer, "bban", bban);
  jn_json_writer_end_object (writer);
}

void
jn_bankd_write_balance (JnJsonWriter *writer, const char *name, const char *type, gint64 minor,
                        JnInstant changed, const char *last)
{
  jn_json_writer_begin_object (writer, name);
  jn_bankd_write_amount (writer, "balanceAmount", minor);
  jn_json_writer_string (writer, "balanceType", type);
  if (changed > 0)
    jn_bankd_write_instant (writer, "lastChangeDateTime", changed);
  jn_json_writer_string (writer, "lastCommittedTransaction", last);
  jn_json_writer_end_object (writer);
}

static void
write_parties (JnJsonWriter *writer, sqlite3_stmt *stmt)
{
  gboolean credit = sqlite3_column_int64 (stmt, 1) > 0;

  jn_json_writer_string (writer, credit ? "debtorName" : "creditorName",
                         jn_bankd_column (stmt, credit ? 9 : 11));
  jn_bankd_write_account (writer, credit ? "debtorAccount" : "creditorAccount",
                          jn_bankd_column (stmt, credit ? 10 : 12));
  jn_bankd_card_write_account (writer, "debtorAccount", jn_bankd_column (stmt, 21));
  jn_json_writer_string (writer, "remittanceInformationUnstructured", jn_bankd_column (stmt, 13));
  jn_json_writer_string (writer, "bankTransactionCode", jn_bankd_column (stmt, 14));
}

void
jn_bankd_feed_write_entry (JnJsonWriter *writer, const char *name, sqlite3_stmt *stmt,
                           gboolean with_chain)
{
  g_autofree char *reference =
      g_strdup_printf ("%" G_GINT64_FORMAT, (gint64) sqlite3_column_int64 (stmt, 0));
  JnDate booked_on = (JnDate) sqlite3_column_int64 (stmt, 8);

  jn_json_writer_begin_object (writer, name);
  jn_json_writer_string (writer, "transactionId", jn_bankd_column (stmt, 3));
  jn_json_writer_string (writer, "entryReference", reference);
  jn_json_writer_string (writer, "endToEndId", jn_bankd_column (stmt, 4));
  jn_bankd_write_date (writer, "bookingDate", booked_on);
  jn_bankd_write_date (writer, "valueDate", booked_on);
  jn_bankd_write_amount (writer, "transactionAmount", sqlite3_column_int64 (stmt, 1));
  write_parties (writer, stmt);
  jn_bankd_write_balance (writer, "balanceAfterTransaction", "interimBooked",
                          sqlite3_column_int64 (stmt, 2), 0, NULL);
  jn_json_writer_begin_object (writer, "wallet");
  jn_bankd_write_instant (writer, "occurredAt", sqlite3_column_int64 (stmt, 7));
  jn_json_writer_string (writer, "category",
                         jn_category_to_name ((JnCategory) sqlite3_column_int (stmt, 6)));
  jn_json_writer_string (writer, "kind", jn_bankd_column (stmt, 5));
  if (sqlite3_column_int64 (stmt, 16) > 0)
    {
      jn_bankd_write_amount (writer, "originalAmount", sqlite3_column_int64 (stmt, 15));
      jn_bankd_write_amount (writer, "discount", sqlite3_column_int64 (stmt, 16));
    }
  jn_json_writer_string (writer, "couponId", jn_bankd_column (stmt, 17));
  if (sqlite3_column_int64 (stmt, 18) > 0)
    jn_json_writer_integer (writer, "pointsEarned", sqlite3_column_int64 (stmt, 18));
  jn_json_writer_string (writer, "returns", jn_bankd_column (stmt, 19));
  if (with_chain && sqlite3_column_bytes (stmt, 20) == CHAIN_BYTES)
    {
      char hex[2 * CHAIN_BYTES + 1];

      sodium_bin2hex (hex, sizeof hex, sqlite3_column_blob (stmt, 20), CHAIN_BYTES);
      jn_json_writer_string (writer, "chain", hex);
    }
  jn_json_writer_end_object (writer);
  jn_json_writer_end_object (writer);
}

/* The value before the first entry. */
static void
begin_chain (JnBankdCore *core, gint64 account, guint8 out[CHAIN_BYTES])
{
  g_autofree char *bban =
      jn_bankd_db_text (core->db, "SELECT bban FROM account WHERE id = ?", "i", account);
  g_autofree char *text = g_strconcat ("jinnang-feed:", bban, NULL);

  crypto_hash_sha256 (out, (const guint8 *) text, strlen (text));
}

/* The RFC 8785 form of one entry as the wallet reads it, without its chain value. */
static char *
make_entry (JnBankdCore *core, gint64 account, gint64 sequence, gsize *length)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  g_autoptr (JnJsonDoc) doc = NULL;
  g_autofree char *text = NULL;
  gsize written = 0;
  sqlite3_stmt *stmt = jn_bankd_db_query (core->db, JN_BANKD_FEED_SELECT " AND sequence = ?2", "ii",
                                          account, sequence);

  if (!jn_bankd_db_step (core->db, stmt))
    return NULL;
  jn_bankd_feed_write_entry (writer, NULL, stmt, FALSE);
  jn_bankd_db_done (stmt);
  text = jn_json_writer_finish (writer, &written);
  doc = jn_json_parse (text, written, NULL);
  return doc != NULL ? jn_json_canonical (jn_json_doc_root (doc), length) : NULL;
}

/* From the value before @sequence to the one of @sequence. */
static gboolean
step_chain (JnBankdCore *core, gint64 account, gint64 sequence, guint8 chain[CHAIN_BYTES])
{
  crypto_hash_sha256_state state;
  gsize length = 0;
  g_autofree char *entry = make_entry (core, account, sequence, &length);

  if (entry == NULL)
    return FALSE;
  crypto_hash_sha256_init (&state);
  crypto_hash_sha256_update (&state, chain, CHAIN_BYTES);
  crypto_hash_sha256_update (&state, (const guint8 *) entry, length);
  crypto_hash_sha256_final (&state, chain);
  return TRUE;
}

static gboolean
load_chain (JnBankdCore *core, gint64 account, gint64 sequence, guint8 out[CHAIN_BYTES])
{
  gboolean found = FALSE;
  sqlite3_stmt *stmt;

  if (sequence == 0)
    {
      begin_chain (core, account, out);
      return TRUE;
    }
  stmt = jn_bankd_db_query (core->db, "SELECT chain FROM entry WHERE account = ? AND sequence = ?",
                            "ii", account, sequence);
  if (!jn_bankd_db_step (core->db, stmt))
    return FALSE;
  found = sqlite3_column_bytes (stmt, 0) == CHAIN_BYTES;
  if (found)
    memcpy (out, sqlite3_column_blob (stmt, 0), CHAIN_BYTES);
  jn_bankd_db_done (stmt);
  return found;
}

void
jn_bankd_feed_chain (JnBankdCore *core, gint64 account, gint64 sequence)
{
  guint8 chain[CHAIN_BYTES];

  if (!load_chain (core, account, sequence - 1, chain)
      || !step_chain (core, account, sequence, chain))
    return;
  jn_bankd_db_run (core->db, "UPDATE entry SET chain = ? WHERE account = ? AND sequence = ?", "bii",
                   chain, sizeof chain, account, sequence);
}

static GArray *
list_wallets (JnBankdCore *core)
{
  GArray *wallets = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *stmt =
      jn_bankd_db_query (core->db, "SELECT id FROM account WHERE kind = 'wallet'", "");

  while (jn_bankd_db_step (core->db, stmt))
    {
      gint64 id = sqlite3_column_int64 (stmt, 0);

      g_array_append_val (wallets, id);
    }
  return wallets;
}

static gint64
last_sequence (JnBankdCore *core, gint64 account)
{
  return jn_bankd_db_integer (core->db, 0, "SELECT sequence FROM account WHERE id = ?", "i",
                              account);
}

void
jn_bankd_feed_rebuild (JnBankdCore *core)
{
  g_autoptr (GArray) wallets = list_wallets (core);

  for (guint i = 0; i < wallets->len; i++)
    {
      gint64 account = g_array_index (wallets, gint64, i);
      gint64 last = last_sequence (core, account);

      for (gint64 sequence = 1; sequence <= last; sequence++)
        jn_bankd_feed_chain (core, account, sequence);
    }
}

static gboolean
verify_one (JnBankdCore *core, gint64 account, GError **error)
{
  gint64 last = last_sequence (core, account);
  guint8 chain[CHAIN_BYTES], stored[CHAIN_BYTES];

  begin_chain (core, account, chain);
  for (gint64 sequence = 1; sequence <= last; sequence++)
    if (!step_chain (core, account, sequence, chain)
        || !load_chain (core, account, sequence, stored)
        || memcmp (chain, stored, sizeof chain) != 0)
      {
        g_set_error (error, JN_ERROR, JN_ERROR_INVARIANT,
                     "entry %" G_GINT64_FORMAT " does not follow in the chain of its feed",
                     sequence);
        return FALSE;
      }
  return TRUE;
}

gboolean
jn_bankd_feed_verify (JnBankdCore *core, GError **error)
{
  g_autoptr (GArray) wallets = list_wallets (core);
  gboolean good = TRUE;

  for (guint i = 0; i < wallets->len && good; i++)
    good = verify_one (core, g_array_index (wallets, gint64, i), error);
  return good;
}

void
jn_bankd_feed_write_head (JnBankdCore *core, JnJsonWriter *writer, gint64 account)
{
  gint64 last = last_sequence (core, account);
  guint8 chain[CHAIN_BYTES];
  char hex[2 * CHAIN_BYTES + 1];
  g_autofree char *bban =
      jn_bankd_db_text (core->db, "SELECT bban FROM account WHERE id = ?", "i", account);
  g_autofree char *reference = g_strdup_printf ("%" G_GINT64_FORMAT, last);
  g_autofree char *text = NULL;
  g_autofree char *signature = NULL;

  if (bban == NULL || !load_chain (core, account, last, chain))
    return;
  sodium_bin2hex (hex, sizeof hex, chain, sizeof chain);
  text = g_strconcat ("jinnang-head:", bban, ":", reference, ":", hex, NULL);
  signature = jn_bankd_keys_sign (core, text, strlen (text));
  jn_json_writer_begin_object (writer, "head");
  jn_json_writer_string (writer, "entryReference", reference);
  jn_json_writer_string (writer, "chain", hex);
  jn_json_writer_string (writer, "signature", signature);
  jn_json_writer_end_object (writer);
}
