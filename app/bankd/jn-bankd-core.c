#include "jn-bankd-core.h"

#include <sodium.h>

#include "jn-bankd-book.h"
#include "jn-bankd-feed.h"
#include "jn-bankd-hasher.h"
#include "jn-bankd-keys.h"
#include "jn-bankd-points.h"
#include "jn-bankd-schema.h"
#include "jn-bankd-seed.h"
#include "jn-bankd-signature.h"

/* A million PINs cannot be protected by cost alone; the tries are what counts. These keep one check near 10 ms. */
#define PIN_OPERATIONS 2
#define PIN_MEMORY (8 * 1024 * 1024)

/* The transaction that made the tables is still open: a bank is there whole or not at all. */
static gboolean
fill_book (JnBankdCore *self, GError **error)
{
  gint64 found = jn_bankd_db_get_found (self->db);

  if (found == JN_BANKD_FORMAT)
    return TRUE;
  if (found < 2)
    jn_bankd_keys_make (self);
  else if (found < 5)
    jn_bankd_keys_link (self);
  if (found == 0)
    jn_bankd_seed (self, self->seed, jn_clock_now (self->clock));
  else if (found < 2)
    jn_bankd_feed_rebuild (self);
  return jn_bankd_db_commit (self->db, error);
}

JnBankdCore *
jn_bankd_core_open (const JnBankdCoreOptions *options, GError **error)
{
  g_autoptr (JnBankdCore) self = g_new0 (JnBankdCore, 1);

  if (sodium_init () < 0)
    {
      g_set_error_literal (error, JN_ERROR, JN_ERROR_IO, "libsodium");
      return NULL;
    }
  self->seed = options->seed;
  self->public_address = g_strdup (options->public_address);
  self->pin_operations = options->pin_operations != 0 ? options->pin_operations : PIN_OPERATIONS;
  self->pin_memory = options->pin_memory != 0 ? options->pin_memory : PIN_MEMORY;
  self->clock = options->clock != NULL ? g_object_ref (options->clock) : jn_system_clock_new ();
  self->entropy =
      options->entropy != NULL ? g_object_ref (options->entropy) : jn_system_entropy_new ();
  self->db = jn_bankd_db_open (options->folder, options->vfs, error);
  if (self->db == NULL)
    return NULL;
  if (!fill_book (self, error) || !jn_bankd_keys_load (self, error))
    return NULL;
  self->hasher = jn_bankd_hasher_new (self, options->threads);
  self->counters = jn_bankd_counters_new ();
  self->streams = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return g_steal_pointer (&self);
}

void
jn_bankd_core_close (JnBankdCore *self)
{
  if (self == NULL)
    return;
  jn_bankd_hasher_free (self->hasher);
  jn_bankd_db_close (self->db);
  g_clear_pointer (&self->counters, g_hash_table_unref);
  g_clear_pointer (&self->streams, g_hash_table_unref);
  sodium_memzero (self->key_secret, sizeof self->key_secret);
  g_free (self->public_address);
  g_clear_object (&self->clock);
  g_clear_object (&self->entropy);
  g_free (self);
}

char *
jn_bankd_core_make_id (JnBankdCore *self)
{
  JnId id = jn_id_make (self->clock, self->entropy);

  return jn_id_to_string (&id);
}

void
jn_bankd_core_tell (JnBankdCore *self, gint64 customer, const char *kind)
{
  jn_bankd_db_run (self->db, "INSERT INTO event (customer, kind) VALUES (?, ?)", "is", customer,
                   kind);
}

/* 0 when the disk would not say: it is asked again, as what is due would stay undone for ever. */
static JnInstant
find_next_due (JnBankdCore *self)
{
  JnInstant due = jn_bankd_db_integer (
      self->db, G_MAXINT64, "SELECT min (expires_at) FROM pending WHERE state = 'open'", "");
  gint64 bill = jn_bankd_db_integer (self->db, 0,
                                     "SELECT min (due_on) FROM upcoming WHERE state = 'open'", "");
  gint64 lot = jn_bankd_db_integer (
      self->db, 0, "SELECT min (expires_on) FROM points_lot WHERE state = 'open'", "");

  if (bill != 0)
    due = MIN (due, jn_date_start ((JnDate) bill));
  if (lot != 0)
    due = MIN (due, jn_date_start ((JnDate) lot));
  return jn_bankd_db_has_failed (self->db) ? 0 : due;
}

static void
pay_bill (JnBankdCore *self, const char *id, JnInstant now)
{
  sqlite3_stmt *stmt = jn_bankd_db_query (
      self->db,
      "SELECT amount, account.id, merchant.name, account.bban, category, customer.name,"
      " own.bban, own.id, upcoming.customer FROM upcoming JOIN merchant ON merchant.id = "
      "upcoming.merchant"
      " JOIN account ON account.id = merchant.account"
      " JOIN customer ON customer.id = upcoming.customer"
      " JOIN account own ON own.customer = upcoming.customer AND own.kind = 'wallet'"
      " WHERE upcoming.id = ?",
      "s", id);
  gint64 customer;
  gboolean paid;

  if (!jn_bankd_db_step (self->db, stmt))
    return;
  {
    JnBankdTransfer transfer = {
      .kind = "bill",
      .currency = JN_CURRENCY_CNY,
      .at = now,
      .code = "PMNT-RDDT-PMDD",
      .creditor_name = jn_bankd_column (stmt, 2),
      .creditor_bban = jn_bankd_column (stmt, 3),
      .category = (JnCategory) sqlite3_column_int (stmt, 4),
      .debtor_name = jn_bankd_column (stmt, 5),
      .debtor_bban = jn_bankd_column (stmt, 6),
      .legs = { { sqlite3_column_int64 (stmt, 7), -sqlite3_column_int64 (stmt, 0) },
                { sqlite3_column_int64 (stmt, 1), sqlite3_column_int64 (stmt, 0) } },
      .n_legs = 2,
    };

    customer = sqlite3_column_int64 (stmt, 8);
    paid = jn_bankd_book_post (self, &transfer, NULL);
  }
  jn_bankd_db_done (stmt);
  jn_bankd_core_tell (self, customer, "feed");
  jn_bankd_core_tell (self, customer, "profile");
  /* Without funds the biller tries again the next day. */
  if (paid)
    jn_bankd_db_run (self->db, "UPDATE upcoming SET state = 'paid' WHERE id = ?", "s", id);
  else
    jn_bankd_db_run (self->db, "UPDATE upcoming SET due_on = ? WHERE id = ?", "is",
                     (gint64) jn_date_add_days (jn_date_at (now), 1), id);
}

static void
pay_bills (JnBankdCore *self, JnInstant now)
{
  g_autofree char *id = NULL;

  while ((id = jn_bankd_db_text (self->db,
                                 "SELECT id FROM upcoming WHERE state = 'open' AND due_on <= ?"
                                 " ORDER BY due_on LIMIT 1",
                                 "i", (gint64) jn_date_at (now)))
             != NULL
         && !jn_bankd_db_has_failed (self->db))
    {
      pay_bill (self, id, now);
      g_clear_pointer (&id, g_free);
    }
}

gboolean
jn_bankd_core_tick (JnBankdCore *self, JnInstant now)
{
  if (self->next_due == 0)
    {
      jn_bankd_db_forgive (self->db);
      self->next_due = find_next_due (self);
    }
  if (self->next_due == 0 || self->next_due > now)
    return FALSE;
  jn_bankd_db_begin (self->db);
  jn_bankd_book_expire_holds (self, now);
  pay_bills (self, now);
  jn_bankd_points_expire (self, now);
  if (!jn_bankd_db_commit (self->db, NULL))
    return FALSE;
  self->next_due = find_next_due (self);
  return TRUE;
}
