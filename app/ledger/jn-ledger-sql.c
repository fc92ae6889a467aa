#include "jn-ledger-private.h"

/* Money is never added in SQL: its + turns an overflow into a REAL without a word. */
const char *const jn_sql_schema_accounts =
    "CREATE TABLE account (no INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,"
    " currency INTEGER NOT NULL, class INTEGER NOT NULL, flags INTEGER NOT NULL,"
    " floor INTEGER NOT NULL, ceiling INTEGER NOT NULL, closed INTEGER NOT NULL,"
    " d_posted INTEGER NOT NULL, c_posted INTEGER NOT NULL,"
    " d_pending INTEGER NOT NULL, c_pending INTEGER NOT NULL) STRICT;"
    "";

/* What the bank and the customer said: append only. The last row of a commit carries its seal: seq 8, n 4, hash 32 bytes. A digest is
 * kept only where it cannot be computed from the row. */
const char *const jn_sql_schema_facts =
    "CREATE TABLE transfer (no INTEGER PRIMARY KEY, id BLOB NOT NULL, kind INTEGER NOT NULL,"
    " flags INTEGER NOT NULL, dr INTEGER NOT NULL, cr INTEGER NOT NULL, amount INTEGER NOT NULL,"
    " asked INTEGER, pend_no INTEGER, value_date INTEGER NOT NULL, occurred_us INTEGER NOT NULL,"
    " timeout_us INTEGER NOT NULL, recorded_us INTEGER NOT NULL, code INTEGER NOT NULL,"
    " payee TEXT, memo TEXT, reference TEXT, digest BLOB, seal BLOB) STRICT;";

/* Derived from the transfers up to number `indexed`; the few after it are the tail, which readers and the writer keep in memory. */
const char *const jn_sql_schema_derived =
    "CREATE TABLE state (no INTEGER PRIMARY KEY, indexed INTEGER NOT NULL, key BLOB NOT NULL)"
    " STRICT;"
    "CREATE TABLE id_key (key INTEGER NOT NULL, no INTEGER NOT NULL, PRIMARY KEY (key, no))"
    " WITHOUT ROWID, STRICT;"
    "CREATE TABLE block (key INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;"
    "CREATE TABLE month (account INTEGER NOT NULL, month INTEGER NOT NULL, code INTEGER NOT NULL,"
    " d INTEGER NOT NULL, c INTEGER NOT NULL, n_d INTEGER NOT NULL, n_c INTEGER NOT NULL,"
    " first_no INTEGER NOT NULL, last_no INTEGER NOT NULL,"
    " PRIMARY KEY (account, month, code)) WITHOUT ROWID, STRICT;"
    /* By currency, for customers' accounts; payee: keyed hash of the folded name. */
    "CREATE TABLE payee (currency INTEGER NOT NULL, month INTEGER NOT NULL,"
    " payee INTEGER NOT NULL, d INTEGER NOT NULL, c INTEGER NOT NULL, n_d INTEGER NOT NULL,"
    " n_c INTEGER NOT NULL, last_no INTEGER NOT NULL, PRIMARY KEY (currency, month, payee))"
    " WITHOUT ROWID, STRICT;"
    /* A leaf of the index fits into one page, also into one with 40 bytes taken for its seal. */
    "CREATE VIRTUAL TABLE search USING fts5 (text, content = '', columnsize = 0,"
    " tokenize = 'jncjk');"
    "INSERT INTO search (search, rank) VALUES ('pgsz', 4000);"
    "INSERT INTO search (search, rank) VALUES ('hashsize', 8388608);"
    "INSERT INTO state VALUES (1, 0, randomblob(16));";

const char *const jn_sql_schema_imports =
    "CREATE TABLE import (id BLOB PRIMARY KEY, first_no INTEGER NOT NULL, last_no INTEGER NOT NULL,"
    " undone INTEGER NOT NULL) WITHOUT ROWID, STRICT;";

const char *const jn_sql_schema_rest =
    "CREATE TABLE pending (no INTEGER PRIMARY KEY, state INTEGER NOT NULL, feed INTEGER NOT NULL,"
    " expires_us INTEGER NOT NULL, posted_no INTEGER, again_no INTEGER) STRICT;"
    "CREATE INDEX pending_open ON pending (no) WHERE state = 0;"
    "CREATE INDEX pending_due ON pending (expires_us, no)"
    " WHERE state = 0 AND feed = 0 AND expires_us > 0;"
    "CREATE TABLE refused (id BLOB PRIMARY KEY, status INTEGER NOT NULL, kind INTEGER NOT NULL,"
    " flags INTEGER NOT NULL, currency INTEGER NOT NULL, debit BLOB NOT NULL,"
    " credit BLOB NOT NULL, pending BLOB NOT NULL, amount INTEGER NOT NULL,"
    " recorded_us INTEGER NOT NULL, digest BLOB NOT NULL) WITHOUT ROWID, STRICT;"
    "CREATE TABLE feed (no INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " cursor INTEGER NOT NULL) STRICT;"
    "";

/* What the customer says of transfers, and what follows from it: for each booked row that it is about what it shows, what moves from one
 * category to another beside `month`, and the notes to search. early: no row has the id yet. */
const char *const jn_sql_schema_annotations =
    "CREATE TABLE annotation (id BLOB NOT NULL, field INTEGER NOT NULL, value TEXT NOT NULL,"
    " hlc INTEGER NOT NULL, device INTEGER NOT NULL, early INTEGER NOT NULL,"
    " PRIMARY KEY (id, field)) WITHOUT ROWID, STRICT;"
    "CREATE INDEX annotation_hlc ON annotation (hlc);"
    "CREATE INDEX annotation_early ON annotation (early) WHERE early = 1;"
    "CREATE TABLE local (no INTEGER PRIMARY KEY, category INTEGER NOT NULL,"
    " fields INTEGER NOT NULL, note TEXT) STRICT;"
    "CREATE TABLE shift (account INTEGER NOT NULL, month INTEGER NOT NULL,"
    " category INTEGER NOT NULL, d INTEGER NOT NULL, c INTEGER NOT NULL, n_d INTEGER NOT NULL,"
    " n_c INTEGER NOT NULL, PRIMARY KEY (account, month, category)) WITHOUT ROWID, STRICT;"
    "CREATE VIRTUAL TABLE search_note USING fts5 (text, content = '', columnsize = 0,"
    " tokenize = 'jncjk');"
    "INSERT INTO search_note (search_note, rank) VALUES ('pgsz', 4000);";

const char *const jn_sql_schema_lots =
    "CREATE TABLE lot (no INTEGER PRIMARY KEY, account INTEGER NOT NULL, left INTEGER NOT NULL,"
    " expires_us INTEGER NOT NULL, last_no INTEGER NOT NULL, feed INTEGER NOT NULL) STRICT;"
    "CREATE INDEX lot_open ON lot (account, no) WHERE left > 0;"
    "CREATE INDEX lot_due ON lot (expires_us, no) WHERE left > 0 AND feed = 0;";

const char *const jn_sql_version = "PRAGMA user_version = 8";

/* 3: TRANSFER and PENDING; 32768: JN_DERIVED. */
const char *const jn_sql_migrate_1 =
    "INSERT INTO transfer SELECT no, id, kind, flags, dr, cr, amount, asked, pend_no, value_date,"
    " occurred_us, timeout_us, recorded_us, code, payee, memo, reference,"
    " CASE WHEN kind < 3 AND flags & 32768 = 0 THEN NULL ELSE digest END, NULL"
    " FROM old_transfer ORDER BY no";

#define TRANSFER                                                                                   \
  "SELECT no, id, kind, flags, dr, cr, amount, asked, pend_no, value_date, occurred_us, "          \
  "timeout_us,"                                                                                    \
  " recorded_us, code, payee, memo, reference, digest, seal FROM transfer "
#define TAIL                                                                                       \
  "SELECT t.no, t.id, t.kind, t.dr, t.cr, t.amount, t.value_date, t.code, t.payee, d.class,"       \
  " c.class, d.currency"
#define TAIL_FROM                                                                                  \
  " FROM transfer t LEFT JOIN account d ON d.no = t.dr LEFT JOIN account c ON c.no = t.cr"         \
  " WHERE t.no > ?1 ORDER BY t.no LIMIT ?2"
#define ACCOUNT                                                                                    \
  "SELECT no, id, currency, class, flags, floor, ceiling, closed, d_posted, c_posted, d_pending,"  \
  " c_pending FROM account "
#define ANNOTATION "SELECT id, field, value, hlc, device FROM annotation "
#define LOT "SELECT no, account, left, expires_us, last_no FROM lot "
#define SHIFT "SELECT account, month, category, d, c, n_d, n_c FROM shift "
#define PAYEE "SELECT currency, month, payee, d, c, n_d, n_c, last_no FROM payee "
#define MONTH "SELECT account, month, code, d, c, n_d, n_c, first_no, last_no FROM month "

const char *const jn_sql_text[JN_SQL_COUNT] = {
  [JN_SQL_BEGIN] = "BEGIN IMMEDIATE",
  [JN_SQL_BEGIN_READ] = "BEGIN",
  [JN_SQL_COMMIT] = "COMMIT",
  [JN_SQL_ROLLBACK] = "ROLLBACK",
  [JN_SQL_SAVE] = "SAVEPOINT linked",
  [JN_SQL_SAVE_BACK] = "ROLLBACK TO linked",
  [JN_SQL_RELEASE] = "RELEASE linked",
  [JN_SQL_DATA_VERSION] = "PRAGMA data_version",
  [JN_SQL_HEAD] = "SELECT seal, recorded_us, no FROM transfer ORDER BY no DESC LIMIT 1",
  [JN_SQL_MAX_KEY] = "SELECT key FROM id_key ORDER BY key DESC LIMIT 1",
  [JN_SQL_MAX_REFUSED] = "SELECT id FROM refused ORDER BY id DESC LIMIT 1",
  [JN_SQL_NEXT_EXPIRY] = "SELECT expires_us FROM pending WHERE state = 0 AND feed = 0"
                         " AND expires_us > 0 ORDER BY expires_us, no LIMIT 1",
  [JN_SQL_ACCOUNT_BY_ID] = ACCOUNT "WHERE id = ?1",
  [JN_SQL_ACCOUNT_BY_NO] = ACCOUNT "WHERE no = ?1",
  [JN_SQL_ACCOUNT_INSERT] = "INSERT INTO account VALUES"
                            " (NULL, ?1, ?2, ?3, ?4, ?5, ?6, 0, 0, 0, 0, 0)",
  [JN_SQL_ACCOUNT_COUNTERS] = "UPDATE account SET d_posted = ?2, c_posted = ?3, d_pending = ?4,"
                              " c_pending = ?5, closed = ?6 WHERE no = ?1",
  [JN_SQL_ACCOUNT_CLOSE] = "UPDATE account SET closed = 1 WHERE no = ?1",
  [JN_SQL_TRANSFER_INSERT] = "INSERT OR FAIL INTO transfer SELECT a, b, c, d, e, f, g, h, i, j,"
                             " k, l, m, n, o, p, q, r, s FROM bulk",
  [JN_SQL_TRANSFER_SEAL] = "UPDATE transfer SET seal = ?2 WHERE no = ?1",
  [JN_SQL_TRANSFER_TAIL] = TAIL TAIL_FROM,
  [JN_SQL_TRANSFER_TAIL_TEXTS] = TAIL ", t.memo, t.reference" TAIL_FROM,
  [JN_SQL_PAYEE_GET] = PAYEE "WHERE currency = ?1 AND month = ?2 AND payee = ?3",
  [JN_SQL_PAYEE_RANGE] = PAYEE "WHERE currency = ?1 AND month >= ?2 AND month <= ?3"
                               " ORDER BY month, payee",
  [JN_SQL_PAYEE_SCAN] = PAYEE,
  [JN_SQL_PAYEE_PUT] = "REPLACE INTO payee SELECT a, b, c, d, e, f, g, h FROM bulk",
  [JN_SQL_STATE_GET] = "SELECT indexed, key FROM state WHERE no = 1",
  [JN_SQL_STATE_PUT] = "UPDATE state SET indexed = ?1 WHERE no = 1",
  [JN_SQL_KEY_INSERT] = "INSERT OR FAIL INTO id_key SELECT a, b FROM bulk",
  [JN_SQL_KEY_GET] = "SELECT no FROM id_key WHERE key = ?1",
  [JN_SQL_KEY_SCAN] = "SELECT key, no FROM id_key",
  [JN_SQL_TRANSFER_BY_NO] = TRANSFER "WHERE no = ?1",
  [JN_SQL_TRANSFER_SCAN] = TRANSFER "ORDER BY no",
  [JN_SQL_TRANSFER_FROM] = TRANSFER "WHERE no >= ?1 ORDER BY no",
  [JN_SQL_BLOCK_PUT] = "REPLACE INTO block VALUES (?1, ?2)",
  [JN_SQL_BLOCK_DOWN] = "SELECT key, data FROM block WHERE key >= ?1 AND key <= ?2"
                        " ORDER BY key DESC",
  [JN_SQL_BLOCK_SCAN] = "SELECT key, data FROM block ORDER BY key",
  [JN_SQL_SEARCH_INSERT] = "INSERT INTO search (rowid, text) VALUES (?1, ?2)",
  [JN_SQL_SEARCH_MATCH] = "SELECT rowid FROM search WHERE search MATCH ?1 AND rowid <= ?2"
                          " AND rowid >= ?3 ORDER BY rowid DESC",
  /* A note stands for the numbers of a document from its own on: all of them are compared. */
  [JN_SQL_SEARCH_MATCH_BOTH] =
      "SELECT rowid FROM search WHERE search MATCH ?1 AND rowid <= ?2 AND rowid >= ?3"
      " UNION ALL"
      " SELECT rowid FROM search_note WHERE search_note MATCH ?1 AND rowid <= ?2 AND rowid >= ?3"
      " ORDER BY rowid DESC",
  [JN_SQL_SEARCH_ROWS] = "SELECT no, dr, cr, payee, memo, reference,"
                         " (SELECT note FROM local WHERE local.no = transfer.no) FROM transfer"
                         " WHERE no >= ?1 AND no <= ?2 AND kind IN (1, 3) ORDER BY no DESC",
  [JN_SQL_SEARCH_PROBE] = "SELECT rowid FROM search WHERE search MATCH ?1 AND rowid <= ?2"
                          " AND rowid >= ?3 LIMIT 1",
  [JN_SQL_NOTE_PROBE] = "SELECT rowid FROM search_note WHERE search_note MATCH ?1 AND rowid <= ?2"
                        " AND rowid >= ?3 LIMIT 1",
  [JN_SQL_NOTE_INSERT] = "INSERT INTO search_note (rowid, text) VALUES (?1, ?2)",
  [JN_SQL_NOTE_DELETE] = "INSERT INTO search_note (search_note, rowid, text)"
                         " VALUES ('delete', ?1, ?2)",
  [JN_SQL_ANNOTATION_ANY] = "SELECT 1 FROM annotation LIMIT 1",
  [JN_SQL_ANNOTATION_EARLY] = "SELECT 1 FROM annotation WHERE early = 1 LIMIT 1",
  [JN_SQL_ANNOTATION_GET] = ANNOTATION "WHERE id = ?1 AND field = ?2",
  [JN_SQL_ANNOTATION_OF_ID] = ANNOTATION "WHERE id = ?1",
  [JN_SQL_ANNOTATION_AFTER] = ANNOTATION "WHERE (id, field) > (?1, ?2) ORDER BY id, field LIMIT ?3",
  [JN_SQL_ANNOTATION_SCAN] = "SELECT id, field, value, hlc, device, early FROM annotation"
                             " ORDER BY id, field",
  [JN_SQL_ANNOTATION_CLOCK] = "SELECT hlc FROM annotation ORDER BY hlc DESC LIMIT 1",
  [JN_SQL_ANNOTATION_PUT] = "REPLACE INTO annotation VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
  [JN_SQL_ANNOTATION_CAME] = "UPDATE annotation SET early = 0 WHERE id = ?1 AND early = 1",
  [JN_SQL_LOT_INSERT] = "INSERT INTO lot VALUES (?1, ?2, ?3, ?4, 0, ?5)",
  [JN_SQL_LOT_UPDATE] = "UPDATE lot SET left = ?2, last_no = ?3 WHERE no = ?1",
  [JN_SQL_LOT_GET] = LOT "WHERE no = ?1",
  [JN_SQL_LOT_OLDEST] = LOT "WHERE account = ?1 AND left > 0 ORDER BY no LIMIT 1",
  [JN_SQL_LOT_OPEN] = LOT "WHERE account = ?1 AND left > 0 ORDER BY no",
  [JN_SQL_LOT_DUE] = LOT "WHERE left > 0 AND feed = 0 AND expires_us <= ?1"
                         " AND (expires_us, no) > (?2, ?3) ORDER BY expires_us, no LIMIT 1",
  [JN_SQL_LOT_NEXT] = "SELECT expires_us FROM lot WHERE left > 0 AND feed = 0"
                      " ORDER BY expires_us, no LIMIT 1",
  [JN_SQL_LOT_SCAN] = LOT "ORDER BY no",
  [JN_SQL_LOCAL_GET] = "SELECT no, category, fields, note FROM local WHERE no = ?1",
  [JN_SQL_LOCAL_DOWN] = "SELECT no, category FROM local WHERE no <= ?1 AND category > 0"
                        " ORDER BY no DESC",
  [JN_SQL_LOCAL_SCAN] = "SELECT no, category, fields, note FROM local ORDER BY no",
  [JN_SQL_LOCAL_PUT] = "REPLACE INTO local VALUES (?1, ?2, ?3, ?4)",
  [JN_SQL_LOCAL_DELETE] = "DELETE FROM local WHERE no = ?1",
  [JN_SQL_SHIFT_GET] = SHIFT "WHERE account = ?1 AND month = ?2 AND category = ?3",
  [JN_SQL_SHIFT_RANGE] = SHIFT "WHERE account = ?1 AND month >= ?2 AND month <= ?3",
  [JN_SQL_SHIFT_SCAN] = SHIFT,
  [JN_SQL_SHIFT_PUT] = "REPLACE INTO shift VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
  [JN_SQL_SHIFT_DELETE] = "DELETE FROM shift WHERE account = ?1 AND month = ?2 AND category = ?3",
  [JN_SQL_MONTH_PUT] = "REPLACE INTO month SELECT a, b, c, d, e, f, g, h, i FROM bulk",
  [JN_SQL_MONTH_GET] = MONTH "WHERE account = ?1 AND month = ?2 AND code = ?3",
  [JN_SQL_MONTH_RANGE] = MONTH "WHERE account = ?1 AND month >= ?2 AND month <= ?3"
                               " ORDER BY month, code",
  [JN_SQL_MONTH_TOTALS] = "SELECT month, d, c, first_no FROM month WHERE account = ?1"
                          " AND month >= ?2 AND month <= ?3 AND code = 0",
  [JN_SQL_MONTH_SCAN] = MONTH,
  [JN_SQL_PENDING_INSERT] = "INSERT INTO pending VALUES (?1, 0, ?2, ?3, NULL, NULL)",
  [JN_SQL_PENDING_UPDATE] =
      "UPDATE pending SET state = ?2, feed = ?3, posted_no = ?4, again_no = ?5"
      " WHERE no = ?1",
  [JN_SQL_PENDING_GET] = "SELECT state, feed, expires_us, posted_no, again_no FROM pending"
                         " WHERE no = ?1",
  [JN_SQL_PENDING_DUE] = "SELECT no FROM pending WHERE state = 0 AND feed = 0 AND expires_us > 0"
                         " AND expires_us <= ?1 ORDER BY expires_us, no LIMIT 1",
  [JN_SQL_PENDING_OF_FEED] = "SELECT no FROM pending INDEXED BY pending_open WHERE state = 0"
                             " AND feed = ?1 AND no > ?2 ORDER BY no LIMIT 1",
  [JN_SQL_PENDING_OPEN] = "SELECT no, expires_us FROM pending INDEXED BY pending_open"
                          " WHERE state = 0 ORDER BY no",
  [JN_SQL_PENDING_SCAN] = "SELECT no, state, feed FROM pending ORDER BY no",
  [JN_SQL_REFUSED_INSERT] = "INSERT INTO refused VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
                            " ?11)",
  [JN_SQL_REFUSED_GET] = "SELECT status, kind, flags, currency, debit, credit, pending, amount,"
                         " recorded_us, digest FROM refused WHERE id = ?1",
  [JN_SQL_REFUSED_DELETE] = "DELETE FROM refused WHERE id = ?1",
  [JN_SQL_IMPORT_INSERT] = "INSERT INTO import VALUES (?1, ?2, ?3, 0)",
  [JN_SQL_IMPORT_GET] = "SELECT first_no, last_no, undone FROM import WHERE id = ?1",
  [JN_SQL_IMPORT_UNDO] = "UPDATE import SET undone = 1 WHERE id = ?1",
  [JN_SQL_FEED_GET] = "SELECT no, cursor FROM feed WHERE name = ?1",
  [JN_SQL_FEED_INSERT] = "INSERT INTO feed VALUES (NULL, ?1, 0)",
  [JN_SQL_FEED_UPDATE] = "UPDATE feed SET cursor = ?2 WHERE no = ?1",
  [JN_SQL_ACCOUNT_SCAN] = ACCOUNT "ORDER BY no",
  [JN_SQL_QUICK_CHECK] = "PRAGMA quick_check(1)",
};
