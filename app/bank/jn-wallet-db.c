/* The tables of wallet.db. */
#include "jn-wallet-db.h"

static const char *const migrations[] = {
  "CREATE TABLE intent ("
  " id BLOB PRIMARY KEY CHECK (length (id) = 16),"
  " kind INTEGER NOT NULL,"
  " state INTEGER NOT NULL,"
  " payee_name TEXT NOT NULL,"
  " payee_account TEXT NOT NULL,"
  " memo TEXT,"
  " category INTEGER NOT NULL,"
  " amount INTEGER NOT NULL,"
  " currency INTEGER NOT NULL,"
  " created_at INTEGER NOT NULL,"
  " changed_at INTEGER NOT NULL,"
  " reason INTEGER NOT NULL,"
  " transaction_id BLOB,"
  " request BLOB NOT NULL) WITHOUT ROWID;"
  "CREATE INDEX intent_unsettled ON intent (created_at, id) WHERE state < 4;"
  "CREATE TABLE intent_step ("
  " no INTEGER PRIMARY KEY,"
  " intent BLOB NOT NULL REFERENCES intent (id),"
  " at INTEGER NOT NULL,"
  " step TEXT NOT NULL,"
  " code INTEGER NOT NULL);"
  "CREATE INDEX intent_step_by_intent ON intent_step (intent, no);"
  "CREATE TABLE document ("
  " name TEXT PRIMARY KEY,"
  " as_of INTEGER NOT NULL,"
  " bytes BLOB NOT NULL) WITHOUT ROWID;"
  "CREATE TABLE setting ("
  " name TEXT PRIMARY KEY,"
  " value BLOB NOT NULL) WITHOUT ROWID;"
  "CREATE TABLE entry_detail ("
  " transfer BLOB PRIMARY KEY CHECK (length (transfer) = 16),"
  " bank_id BLOB NOT NULL,"
  " intent BLOB,"
  " kind INTEGER NOT NULL,"
  " original INTEGER,"
  " discount INTEGER,"
  " currency INTEGER NOT NULL,"
  " points INTEGER NOT NULL,"
  " expires_at INTEGER NOT NULL,"
  " account TEXT,"
  " memo TEXT) WITHOUT ROWID;"
  "CREATE INDEX entry_detail_by_intent ON entry_detail (intent) WHERE intent IS NOT NULL;",
  /* 2: what the customer approved stays told apart from a sheet that was closed. */
  "ALTER TABLE intent ADD COLUMN was_approved INTEGER NOT NULL DEFAULT 0;"
  "UPDATE intent SET was_approved = 1 WHERE state IN (2, 3, 4)"
  " OR id IN (SELECT intent FROM intent_step WHERE step = 'approved');"
  "CREATE INDEX intent_not_made ON intent (changed_at) WHERE state = 5 AND was_approved = 1;",
  /* 3: what the customer cancelled is told apart from what the bank did not make; a line of the journal counts what repeats;
   * the inbox; which booked payment an entry returns. */
  "ALTER TABLE intent ADD COLUMN was_cancelled INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE intent_step ADD COLUMN times INTEGER NOT NULL DEFAULT 1;"
  "ALTER TABLE intent_step ADD COLUMN last_at INTEGER NOT NULL DEFAULT 0;"
  "UPDATE intent_step SET last_at = at;"
  "CREATE INDEX intent_by_time ON intent (created_at, id);"
  "CREATE TABLE notice ("
  " no INTEGER PRIMARY KEY,"
  " kind INTEGER NOT NULL,"
  " about BLOB NOT NULL CHECK (length (about) = 16),"
  " at INTEGER NOT NULL,"
  " payee TEXT NOT NULL,"
  " amount INTEGER NOT NULL,"
  " currency INTEGER NOT NULL,"
  " seen INTEGER NOT NULL DEFAULT 0,"
  " UNIQUE (kind, about));"
  "CREATE INDEX notice_unseen ON notice (no) WHERE seen = 0;"
  "ALTER TABLE entry_detail ADD COLUMN returns BLOB;"
  "CREATE INDEX entry_detail_by_return ON entry_detail (returns) WHERE returns IS NOT NULL;",
  /* 4: the card that money comes from. */
  "ALTER TABLE intent ADD COLUMN card TEXT;"
  "ALTER TABLE entry_detail ADD COLUMN card TEXT;",
  /* 5: the bytes that a sheet is drawn from. */
  "ALTER TABLE intent ADD COLUMN order_text TEXT;",
  NULL,
};

/* What is in here is nowhere else, and SQLite looks at a page no sooner than it is read. */
static gboolean
is_sound (JnDb *db, GError **error)
{
  JnStatement *check = jn_db_prepare (db, "PRAGMA quick_check(1)", error);
  JnStep step = check != NULL ? jn_statement_step (check, error) : JN_STEP_ERROR;
  gboolean sound =
      step == JN_STEP_ROW && g_strcmp0 (jn_statement_column_text (check, 0), "ok") == 0;

  if (step != JN_STEP_ERROR)
    jn_statement_reset (check);
  if (!sound && step != JN_STEP_ERROR)
    g_set_error_literal (error, JN_ERROR, JN_ERROR_PAGE_DAMAGED, "wallet.db is damaged");
  return sound;
}

JnDb *
jn_wallet_db_open (const char *path, const char *vfs, GError **error)
{
  g_autoptr (JnDb) db = jn_db_open (path, vfs, migrations, error);
  return db != NULL && is_sound (db, error) ? g_steal_pointer (&db) : NULL;
}
