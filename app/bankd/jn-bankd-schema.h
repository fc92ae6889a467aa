/* The bank's tables. Amounts are integers in minor units; instants are microseconds; dates yyyymmdd. */
#pragma once

#define JN_BANKD_APPLICATION_ID 0x4a4e424b
#define JN_BANKD_FORMAT 6

/* The bank's signing keys, and the highest counter of a write by device key. */
#define JN_BANKD_TABLES_2                                                                          \
  "CREATE TABLE bank_key (number INTEGER PRIMARY KEY, public BLOB NOT NULL UNIQUE,"                \
  " secret BLOB NOT NULL, state TEXT NOT NULL) STRICT;"                                            \
  "CREATE TABLE counter (key BLOB PRIMARY KEY, written INTEGER NOT NULL) STRICT, WITHOUT ROWID;"   \
  "CREATE UNIQUE INDEX transfer_returns ON transfer (returns) WHERE returns IS NOT NULL;"

/* What each customer paid by day: limits are asked of it, whatever the number of payments. */
#define JN_BANKD_TABLES_4                                                                          \
  "CREATE TABLE spent (customer INTEGER NOT NULL, day INTEGER NOT NULL, total INTEGER NOT NULL,"   \
  " PRIMARY KEY (customer, day)) STRICT, WITHOUT ROWID;"

/* What each key says of the one that comes after it. */
#define JN_BANKD_TABLES_5 "ALTER TABLE bank_key ADD COLUMN succession BLOB;"

/* A new authorisation ends the ones before it. */
#define JN_BANKD_TABLES_6 "CREATE INDEX authorisation_payment ON authorisation (payment);"

static const char jn_bankd_schema[] =
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, phone TEXT NOT NULL,"
    " tier TEXT NOT NULL, resident_id TEXT NOT NULL, pin TEXT, pin_tries INTEGER NOT NULL DEFAULT "
    "0,"
    " limit_payment INTEGER NOT NULL, limit_day INTEGER NOT NULL, limit_year INTEGER NOT NULL)"
    " STRICT;"
    "CREATE TABLE account (id INTEGER PRIMARY KEY, resource TEXT UNIQUE, bban TEXT UNIQUE,"
    " kind TEXT NOT NULL, currency INTEGER NOT NULL, name TEXT NOT NULL, customer INTEGER,"
    " bounded INTEGER NOT NULL, debits INTEGER NOT NULL DEFAULT 0,"
    " credits INTEGER NOT NULL DEFAULT 0, held INTEGER NOT NULL DEFAULT 0,"
    " sequence INTEGER NOT NULL DEFAULT 0, changed_at INTEGER NOT NULL DEFAULT 0) STRICT;"
    "CREATE TABLE transfer (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, intent TEXT,"
    " kind TEXT NOT NULL, category INTEGER NOT NULL, currency INTEGER NOT NULL,"
    " occurred_at INTEGER NOT NULL, booked_on INTEGER NOT NULL, debtor_name TEXT,"
    " debtor_bban TEXT, creditor_name TEXT, creditor_bban TEXT, memo TEXT, code TEXT,"
    " original INTEGER NOT NULL, discount INTEGER NOT NULL, offer TEXT, points INTEGER NOT NULL,"
    " money_transfer TEXT, returns TEXT, card TEXT) STRICT;"
    "CREATE TABLE entry (account INTEGER NOT NULL, sequence INTEGER NOT NULL,"
    " transfer INTEGER NOT NULL, amount INTEGER NOT NULL, balance_after INTEGER NOT NULL,"
    " chain BLOB, PRIMARY KEY (account, sequence)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX entry_transfer ON entry (transfer);"
    "CREATE TABLE pending (id TEXT PRIMARY KEY, account INTEGER NOT NULL, amount INTEGER NOT NULL,"
    " kind TEXT NOT NULL, category INTEGER NOT NULL, creditor_name TEXT, creditor_bban TEXT,"
    " memo TEXT, occurred_at INTEGER NOT NULL, expires_at INTEGER, state TEXT NOT NULL) STRICT,"
    " WITHOUT ROWID;"
    "CREATE TABLE merchant (id TEXT PRIMARY KEY, account INTEGER NOT NULL, name TEXT NOT NULL,"
    " branch TEXT, category INTEGER NOT NULL, city TEXT NOT NULL, latin_name TEXT NOT NULL,"
    " latin_city TEXT NOT NULL, mcc TEXT NOT NULL, shop INTEGER, shop_amount INTEGER) STRICT,"
    " WITHOUT ROWID;"
    "CREATE TABLE person (bban TEXT PRIMARY KEY, name TEXT NOT NULL, account INTEGER) STRICT,"
    " WITHOUT ROWID;"
    "CREATE TABLE bill (reference TEXT PRIMARY KEY, merchant TEXT NOT NULL, amount INTEGER NOT "
    "NULL,"
    " expires_at INTEGER NOT NULL, paid_by TEXT) STRICT, WITHOUT ROWID;"
    "CREATE TABLE payee (id TEXT PRIMARY KEY, customer INTEGER NOT NULL, name TEXT NOT NULL,"
    " bban TEXT NOT NULL, last_paid_at INTEGER, UNIQUE (customer, bban)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE card (id TEXT PRIMARY KEY, customer INTEGER NOT NULL, pan TEXT NOT NULL,"
    " kind TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE upcoming (id TEXT PRIMARY KEY, customer INTEGER NOT NULL, merchant TEXT NOT NULL,"
    " amount INTEGER NOT NULL, due_on INTEGER NOT NULL, state TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE budget (customer INTEGER NOT NULL, category INTEGER NOT NULL,"
    " monthly INTEGER NOT NULL, PRIMARY KEY (customer, category)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE goal (id TEXT PRIMARY KEY, customer INTEGER NOT NULL, zh TEXT NOT NULL,"
    " en TEXT NOT NULL, target INTEGER NOT NULL, saved INTEGER NOT NULL, due_on INTEGER NOT NULL)"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE offer (id TEXT PRIMARY KEY, customer INTEGER NOT NULL, position INTEGER NOT NULL,"
    " zh TEXT NOT NULL, en TEXT NOT NULL, kind TEXT NOT NULL, amount INTEGER, percent INTEGER,"
    " multiple INTEGER, minimum INTEGER, category INTEGER, merchant TEXT,"
    " valid_from INTEGER NOT NULL, valid_until INTEGER NOT NULL, used_at INTEGER, used_by TEXT,"
    " saved INTEGER) STRICT, WITHOUT ROWID;"
    "CREATE TABLE points_lot (customer INTEGER NOT NULL, expires_on INTEGER NOT NULL,"
    " points INTEGER NOT NULL, state TEXT NOT NULL, PRIMARY KEY (customer, expires_on)) STRICT,"
    " WITHOUT ROWID;"
    "CREATE TABLE enrolment (id TEXT PRIMARY KEY, phone TEXT NOT NULL, device_key BLOB NOT NULL,"
    " device_name TEXT NOT NULL, created_at INTEGER NOT NULL, code TEXT NOT NULL,"
    " code_expires_at INTEGER NOT NULL, code_tries INTEGER NOT NULL DEFAULT 0,"
    " verified INTEGER NOT NULL DEFAULT 0, pin TEXT, name TEXT, resident_id TEXT, pan TEXT,"
    " finished INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;"
    "CREATE TABLE device (id TEXT PRIMARY KEY, customer INTEGER NOT NULL, consent TEXT NOT NULL,"
    " session BLOB NOT NULL UNIQUE, public_key BLOB NOT NULL, name TEXT NOT NULL,"
    " created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL)"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE intent (id TEXT PRIMARY KEY, customer INTEGER NOT NULL, state TEXT NOT NULL,"
    " reason INTEGER NOT NULL DEFAULT 0, payment TEXT, transfer TEXT, created_at INTEGER NOT NULL)"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE payment (id TEXT PRIMARY KEY, customer INTEGER NOT NULL, device TEXT NOT NULL,"
    " product TEXT NOT NULL, intent TEXT NOT NULL UNIQUE, debtor INTEGER NOT NULL,"
    " creditor INTEGER NOT NULL, creditor_bban TEXT NOT NULL, creditor_name TEXT NOT NULL,"
    " category INTEGER NOT NULL, original INTEGER NOT NULL, discount INTEGER NOT NULL,"
    " total INTEGER NOT NULL, offer TEXT, points INTEGER NOT NULL, memo TEXT, bill TEXT,"
    " sms INTEGER NOT NULL, expires_at INTEGER NOT NULL, order_text TEXT NOT NULL,"
    " digest TEXT NOT NULL, card TEXT) STRICT, WITHOUT ROWID;"
    "CREATE TABLE authorisation (id TEXT PRIMARY KEY, payment TEXT NOT NULL, state TEXT NOT NULL,"
    " code TEXT, code_expires_at INTEGER NOT NULL DEFAULT 0, code_tries INTEGER NOT NULL DEFAULT 0,"
    " codes_sent INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;"
    "CREATE TABLE idempotency (key BLOB PRIMARY KEY, request BLOB NOT NULL, status INTEGER NOT "
    "NULL,"
    " problem INTEGER NOT NULL, sca INTEGER NOT NULL, answer BLOB NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE sms (sequence INTEGER PRIMARY KEY AUTOINCREMENT, sent_at INTEGER NOT NULL,"
    " kind TEXT NOT NULL, code TEXT NOT NULL, amount INTEGER, payee TEXT) STRICT;"
    "CREATE TABLE event (sequence INTEGER PRIMARY KEY AUTOINCREMENT, customer INTEGER NOT NULL,"
    " kind TEXT NOT NULL) STRICT;" JN_BANKD_TABLES_2 JN_BANKD_TABLES_4 JN_BANKD_TABLES_5
        JN_BANKD_TABLES_6;

/* From format 1: what the chain and the keys need; their contents are computed by the core. */
static const char jn_bankd_upgrade_2[] =
    "ALTER TABLE transfer ADD COLUMN returns TEXT;"
    "ALTER TABLE entry ADD COLUMN chain BLOB;" JN_BANKD_TABLES_2;

/* From format 2: the card that money comes from, of a payment its id, of a transfer its masked number. */
static const char jn_bankd_upgrade_3[] = "ALTER TABLE transfer ADD COLUMN card TEXT;"
                                         "ALTER TABLE payment ADD COLUMN card TEXT;";

/* From format 3. */
static const char jn_bankd_upgrade_4[] =
    JN_BANKD_TABLES_4 "INSERT INTO spent SELECT customer, booked_on, sum (total) FROM transfer"
                      " JOIN payment ON payment.intent = transfer.intent WHERE kind <> 'topup'"
                      " GROUP BY customer, booked_on;";

/* From format 4: what the keys say is signed by the core. */
static const char jn_bankd_upgrade_5[] = JN_BANKD_TABLES_5;

/* From format 5. */
static const char jn_bankd_upgrade_6[] = JN_BANKD_TABLES_6;
