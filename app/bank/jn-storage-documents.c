/* What storage remembers beside the ledger and the outbox: documents, accounts, details of entries. */
#include "jn-storage.h"

#include "jn-error.h"
#include "jn-storage-private.h"

#include <string.h>

#define LEDGER_TEXT 200

/* ---- documents and settings ---- */

gboolean
jn_storage_put_document (JnStorage *self, const char *name, GBytes *bytes, JnInstant as_of,
                         GError **error)
{
  g_return_val_if_fail (JN_IS_STORAGE (self) && name != NULL && bytes != NULL, FALSE);
  JnStatement *insert =
      jn_db_prepare (jn_storage_get_db (self),
                     "INSERT INTO document (name, as_of, bytes) VALUES (?1, ?2, ?3)"
                     " ON CONFLICT (name) DO UPDATE SET as_of = ?2, bytes = ?3",
                     error);
  gsize length = 0;
  const void *data = g_bytes_get_data (bytes, &length);
  if (insert == NULL)
    return FALSE;
  jn_statement_bind_text (insert, 1, name);
  jn_statement_bind_int (insert, 2, as_of);
  jn_statement_bind_blob (insert, 3, data != NULL ? data : "", length);
  return jn_statement_run (insert, error);
}

GBytes *
jn_storage_get_document (JnStorage *self, const char *name, JnInstant *as_of)
{
  g_return_val_if_fail (JN_IS_STORAGE (self) && name != NULL, NULL);
  JnStatement *query = jn_db_prepare (jn_storage_get_db (self),
                                      "SELECT as_of, bytes FROM document WHERE name = ?1", NULL);
  gsize length = 0;
  if (query == NULL)
    return NULL;
  jn_statement_bind_text (query, 1, name);
  if (jn_statement_step (query, NULL) != JN_STEP_ROW)
    return NULL;
  if (as_of != NULL)
    *as_of = jn_statement_column_int (query, 0);
  const void *data = jn_statement_column_blob (query, 1, &length);
  GBytes *bytes = g_bytes_new (data, length);
  jn_statement_reset (query);
  return bytes;
}

gboolean
jn_storage_put_setting (JnStorage *self, const char *name, const void *data, gsize length,
                        GError **error)
{
  JnStatement *insert = jn_db_prepare (jn_storage_get_db (self),
                                       "INSERT INTO setting (name, value) VALUES (?1, ?2)"
                                       " ON CONFLICT (name) DO UPDATE SET value = ?2",
                                       error);
  if (insert == NULL)
    return FALSE;
  jn_statement_bind_text (insert, 1, name);
  jn_statement_bind_blob (insert, 2, data, length);
  return jn_statement_run (insert, error);
}

gboolean
jn_storage_get_setting (JnStorage *self, const char *name, void *data, gsize length)
{
  JnStatement *query =
      jn_db_prepare (jn_storage_get_db (self), "SELECT value FROM setting WHERE name = ?1", NULL);
  gboolean found = FALSE;
  gsize stored = 0;

  if (query == NULL)
    return FALSE;
  jn_statement_bind_text (query, 1, name);
  if (jn_statement_step (query, NULL) != JN_STEP_ROW)
    return FALSE;
  const void *value = jn_statement_column_blob (query, 0, &stored);
  if (value != NULL && stored == length)
    {
      memcpy (data, value, length);
      found = TRUE;
    }
  jn_statement_reset (query);
  return found;
}

void
jn_storage_load_synced_at (JnStorage *self, JnInstant *at)
{
  if (!jn_storage_get_setting (self, "synced-at", at, sizeof *at))
    *at = 0;
}

gboolean
jn_storage_save_synced_at (JnStorage *self, JnInstant at, GError **error)
{
  return jn_storage_put_setting (self, "synced-at", &at, sizeof at, error);
}

gboolean
jn_storage_get_feed_head (JnStorage *self, JnFeedHead *out)
{
  g_return_val_if_fail (JN_IS_STORAGE (self), FALSE);
  return jn_storage_get_setting (self, "feed-head", out, sizeof *out);
}

gboolean
jn_storage_get_outside_feed_head (JnStorage *self, JnFeedHead *out)
{
  g_return_val_if_fail (JN_IS_STORAGE (self), FALSE);
  const JnStorageHeads *heads = jn_storage_get_heads (self);
  return heads->load_feed != NULL && heads->load_feed (heads->data, out);
}

gboolean
jn_storage_set_feed_head (JnStorage *self, const JnFeedHead *head, GError **error)
{
  g_return_val_if_fail (JN_IS_STORAGE (self) && head != NULL, FALSE);
  const JnStorageHeads *heads = jn_storage_get_heads (self);
  JnFeedHead outside;

  if (!jn_storage_put_setting (self, "feed-head", head, sizeof *head, error))
    return FALSE;
  if (heads->store_feed != NULL
      && (!jn_storage_get_outside_feed_head (self, &outside) || outside.sequence <= head->sequence))
    heads->store_feed (heads->data, head);
  return TRUE;
}

void
jn_storage_forget_synced_at (JnStorage *self)
{
  jn_db_exec (jn_storage_get_db (self), "DELETE FROM setting WHERE name = 'synced-at'", NULL);
}

/* ---- accounts ---- */

/* The first half of SHA-256 over "kind:text": the same id on every machine. */
static void
derive_id (jn_id *out, const char *kind, const char *text)
{
  g_autofree char *name = g_strconcat (kind, ":", text, NULL);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;
  g_checksum_update (checksum, (const guchar *) name, (gssize) strlen (name));
  g_checksum_get_digest (checksum, digest, &length);
  memcpy (out->b, digest, sizeof out->b);
}

void
jn_storage_issuer_id (jn_id *out)
{
  derive_id (out, "issuer", "points");
}

void
jn_storage_account_id (const char *bban, jn_id *out)
{
  derive_id (out, "account", bban);
}

static gboolean
open_account (JnStorage *self, const jn_id *id, JnCurrency currency, jn_account_class class_,
              GError **error)
{
  jn_account account = { 0 };
  account.id = *id;
  account.currency = currency;
  account.class_ = (uint16_t) class_;
  account.flags = class_ == JN_ACCOUNT_CUSTOMER ? JN_ACCOUNT_BOUNDED : 0;
  account.floor = class_ == JN_ACCOUNT_CUSTOMER ? 0 : INT64_MIN;
  account.ceiling = INT64_MAX;
  return jn_storage_check (jn_account_open (jn_storage_get_ledger (self), &account), error);
}

gboolean
jn_storage_open_accounts (JnStorage *self, const char *bban, JnCurrency currency, GError **error)
{
  g_return_val_if_fail (JN_IS_STORAGE (self) && bban != NULL, FALSE);
  const char *code = jn_currency_get_code (currency);
  jn_id ids[4], known;

  g_return_val_if_fail (code != NULL, FALSE);
  jn_storage_account_id (bban, &ids[0]);
  derive_id (&ids[1], "points", bban);
  derive_id (&ids[2], "world", code);
  jn_storage_issuer_id (&ids[3]);
  if (!jn_storage_is_for (self, &ids[0], error))
    return FALSE;
  if (jn_storage_get_setting (self, "account", &known, sizeof known)
      && memcmp (&known, &ids[0], sizeof known) == 0)
    return TRUE;
  return open_account (self, &ids[0], currency, JN_ACCOUNT_CUSTOMER, error)
         && open_account (self, &ids[1], JN_CURRENCY_POINTS, JN_ACCOUNT_CUSTOMER, error)
         && open_account (self, &ids[2], currency, JN_ACCOUNT_WORLD, error)
         && open_account (self, &ids[3], JN_CURRENCY_POINTS, JN_ACCOUNT_ISSUER, error)
         && jn_storage_put_setting (self, "points", &ids[1], sizeof ids[1], error)
         && jn_storage_put_setting (self, "world", &ids[2], sizeof ids[2], error)
         && jn_storage_put_setting (self, "issuer", &ids[3], sizeof ids[3], error)
         && jn_storage_set_owner (self, &ids[0], error)
         && jn_storage_put_setting (self, "account", &ids[0], sizeof ids[0], error);
}

gboolean
jn_storage_get_accounts (JnStorage *self, jn_id *money, jn_id *points)
{
  g_return_val_if_fail (JN_IS_STORAGE (self), FALSE);
  jn_id ids[2];
  if (!jn_storage_get_setting (self, "account", &ids[0], sizeof ids[0])
      || !jn_storage_get_setting (self, "points", &ids[1], sizeof ids[1]))
    return FALSE;
  if (money != NULL)
    *money = ids[0];
  if (points != NULL)
    *points = ids[1];
  return TRUE;
}

gboolean
jn_storage_get_world (JnStorage *self, jn_id *world, jn_id *issuer)
{
  g_return_val_if_fail (JN_IS_STORAGE (self), FALSE);
  return jn_storage_get_setting (self, "world", world, sizeof *world)
         && jn_storage_get_setting (self, "issuer", issuer, sizeof *issuer);
}

gboolean
jn_storage_match_files (JnStorage *self, GError **error)
{
  jn_account account;
  jn_id money;

  if (!jn_storage_get_accounts (self, &money, NULL))
    return TRUE;
  jn_status status = jn_account_get (jn_storage_get_ledger (self), &money, &account);
  if (status != JN_NOT_FOUND && status != JN_ACCOUNT_UNKNOWN)
    return jn_storage_check (status, error);
  return jn_db_exec (jn_storage_get_db (self),
                     "DELETE FROM setting WHERE name IN"
                     " ('account', 'points', 'world', 'issuer', 'synced-at')",
                     error);
}

/* ---- details of entries ---- */

/* A pending entry and the booked one that follows it share the bank's id, but are two transfers to the ledger; a hold that the
 * bank changed is another hold. */
void
jn_storage_pending_id (const JnWireEntry *entry, jn_id *out)
{
  g_autofree char *id = jn_id_to_string (&entry->id);
  g_autofree char *text = g_strdup_printf (
      "%s:%" G_GINT64_FORMAT ":%u:%" G_GINT64_FORMAT ":%d:%d:%d:%s:%s", id, entry->amount.minor,
      entry->amount.currency, entry->occurred_at, (int) entry->value_date, (int) entry->category,
      (int) entry->kind, entry->counterparty != NULL ? entry->counterparty : "",
      entry->memo != NULL ? entry->memo : "");
  derive_id (out, "pending", text);
}

static void
bind_optional_money (JnStatement *statement, int index, JnMoney money)
{
  if (money.currency != JN_CURRENCY_NONE)
    jn_statement_bind_int (statement, index, money.minor);
  else
    jn_statement_bind_null (statement, index);
}

/* Money that comes back is news, but not that of a history which a new device reads. */
static gboolean
tell_return (JnStorage *self, const JnWireEntry *entry, gboolean pending, GError **error)
{
  JnNotice notice = {
    .kind = JN_NOTICE_RETURNED,
    .about = entry->id,
    .at = entry->occurred_at,
    .payee = entry->counterparty,
    .amount = entry->amount,
  };

  if (pending || jn_id_is_zero (&entry->returns) || jn_storage_get_synced_at (self) == 0)
    return TRUE;
  return jn_outbox_tell (jn_storage_get_outbox (self), &notice, error);
}

/* @insert has a place for each value, and is ready again when it has run. */
static gboolean
put_detail (JnStorage *self, JnStatement *insert, const JnWireEntry *entry, gboolean pending,
            GError **error)
{
  jn_id transfer;

  if (pending)
    jn_storage_pending_id (entry, &transfer);
  else
    memcpy (transfer.b, entry->id.bytes, sizeof transfer.b);
  jn_statement_bind_blob (insert, 1, transfer.b, sizeof transfer.b);
  jn_statement_bind_blob (insert, 2, entry->id.bytes, sizeof entry->id.bytes);
  if (jn_id_is_zero (&entry->intent))
    jn_statement_bind_null (insert, 3);
  else
    jn_statement_bind_blob (insert, 3, entry->intent.bytes, sizeof entry->intent.bytes);
  jn_statement_bind_int (insert, 4, entry->kind);
  bind_optional_money (insert, 5, entry->original);
  bind_optional_money (insert, 6, entry->discount);
  jn_statement_bind_int (insert, 7, entry->amount.currency);
  jn_statement_bind_int (insert, 8, entry->points_earned);
  jn_statement_bind_int (insert, 9, entry->expires_at);
  jn_statement_bind_text (insert, 10, entry->counterparty_account);
  jn_statement_bind_text (
      insert, 11, entry->memo != NULL && strlen (entry->memo) > LEDGER_TEXT ? entry->memo : NULL);
  if (jn_id_is_zero (&entry->returns))
    jn_statement_bind_null (insert, 12);
  else
    jn_statement_bind_blob (insert, 12, entry->returns.bytes, sizeof entry->returns.bytes);
  jn_statement_bind_text (insert, 13, entry->card);
  return jn_statement_run (insert, error) && tell_return (self, entry, pending, error);
}

gboolean
jn_storage_put_entry_details (JnStorage *self, GPtrArray *entries, gboolean pending, GError **error)
{
  g_return_val_if_fail (JN_IS_STORAGE (self) && entries != NULL, FALSE);
  JnDb *db = jn_storage_get_db (self);

  if (entries->len == 0)
    return TRUE;
  JnStatement *insert = jn_db_prepare (
      db,
      "INSERT OR REPLACE INTO entry_detail (transfer, bank_id, intent, kind, original, discount,"
      " currency, points, expires_at, account, memo, returns, card)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
      error);
  if (insert == NULL || !jn_db_begin (db, error))
    return FALSE;
  for (guint i = 0; i < entries->len; i++)
    if (!put_detail (self, insert, g_ptr_array_index (entries, i), pending, error))
      {
        jn_db_rollback (db);
        return FALSE;
      }
  return jn_db_commit (db, error);
}

void
jn_entry_detail_free (JnEntryDetail *self)
{
  if (self == NULL)
    return;
  g_free (self->counterparty_account);
  g_free (self->card);
  g_free (self->memo);
  g_free (self);
}

static void
column_id (JnStatement *row, int column, JnId *out)
{
  gsize length = 0;
  const void *blob = jn_statement_column_blob (row, column, &length);
  memset (out, 0, sizeof *out);
  if (blob != NULL && length == sizeof out->bytes)
    memcpy (out->bytes, blob, length);
}

JnEntryDetail *
jn_storage_get_entry_detail (JnStorage *self, const JnId *transfer)
{
  g_return_val_if_fail (JN_IS_STORAGE (self) && transfer != NULL, NULL);
  JnStatement *query = jn_db_prepare (
      jn_storage_get_db (self),
      "SELECT bank_id, intent, kind, original, discount, currency, points,"
      " expires_at, account, memo, returns, card FROM entry_detail WHERE transfer = ?1",
      NULL);
  if (query == NULL)
    return NULL;
  jn_statement_bind_blob (query, 1, transfer->bytes, sizeof transfer->bytes);
  if (jn_statement_step (query, NULL) != JN_STEP_ROW)
    return NULL;
  JnEntryDetail *detail = g_new0 (JnEntryDetail, 1);
  JnCurrency currency = (JnCurrency) jn_statement_column_int (query, 5);
  column_id (query, 0, &detail->bank_id);
  column_id (query, 1, &detail->intent);
  detail->kind = (JnWireKind) jn_statement_column_int (query, 2);
  if (!jn_statement_column_is_null (query, 3))
    detail->original = jn_money (jn_statement_column_int (query, 3), currency);
  if (!jn_statement_column_is_null (query, 4))
    detail->discount = jn_money (jn_statement_column_int (query, 4), currency);
  detail->points_earned = jn_statement_column_int (query, 6);
  detail->expires_at = jn_statement_column_int (query, 7);
  detail->counterparty_account = g_strdup (jn_statement_column_text (query, 8));
  detail->memo = g_strdup (jn_statement_column_text (query, 9));
  column_id (query, 10, &detail->returns);
  detail->card = g_strdup (jn_statement_column_text (query, 11));
  jn_statement_reset (query);
  jn_storage_find_return (self, transfer, &detail->returned_by);
  return detail;
}

/* Details are written before their entries are: only what the ledger has is home. */
static gboolean
is_home (JnStorage *self, const JnId *transfer)
{
  jn_result result;
  jn_id key;

  memcpy (key.b, transfer->bytes, sizeof key.b);
  return jn_outcome (jn_storage_get_ledger (self), &key, &result) == JN_OK
         && result.status == JN_OK;
}

/* The first transfer that @sql gives for an id and that is home. */
static gboolean
find_home (JnStorage *self, const char *sql, const JnId *id, JnId *transfer)
{
  JnStatement *query = jn_db_prepare (jn_storage_get_db (self), sql, NULL);
  gboolean found = FALSE;

  if (query == NULL)
    return FALSE;
  jn_statement_bind_blob (query, 1, id->bytes, sizeof id->bytes);
  while (!found && jn_statement_step (query, NULL) == JN_STEP_ROW)
    {
      JnId one;
      column_id (query, 0, &one);
      found = is_home (self, &one);
      if (found && transfer != NULL)
        *transfer = one;
    }
  jn_statement_reset (query);
  return found;
}

gboolean
jn_storage_find_return (JnStorage *self, const JnId *transfer, JnId *by)
{
  g_return_val_if_fail (JN_IS_STORAGE (self) && transfer != NULL, FALSE);
  return find_home (self, "SELECT transfer FROM entry_detail WHERE returns = ?1", transfer, by);
}

guint64
jn_storage_count_returns (JnStorage *self)
{
  g_return_val_if_fail (JN_IS_STORAGE (self), 0);
  JnStatement *query =
      jn_db_prepare (jn_storage_get_db (self),
                     "SELECT count(*) FROM entry_detail WHERE returns IS NOT NULL", NULL);
  guint64 count = 0;

  if (query != NULL && jn_statement_step (query, NULL) == JN_STEP_ROW)
    {
      count = (guint64) jn_statement_column_int (query, 0);
      jn_statement_reset (query);
    }
  return count;
}

gboolean
jn_storage_find_intent (JnStorage *self, const JnId *intent, JnId *transfer)
{
  g_return_val_if_fail (JN_IS_STORAGE (self) && intent != NULL, FALSE);
  return find_home (self, "SELECT transfer FROM entry_detail WHERE intent = ?1", intent, transfer);
}
