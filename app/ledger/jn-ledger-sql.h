/* Connections and their statements, for the files of the ledger. */
#ifndef JN_LEDGER_SQL_H
#define JN_LEDGER_SQL_H

#include "jn-ledger.h"

#include <sqlite3.h>

/* ---- a connection with its kept statements ---- */

typedef enum
{
  JN_SQL_BEGIN,
  JN_SQL_BEGIN_READ,
  JN_SQL_COMMIT,
  JN_SQL_ROLLBACK,
  JN_SQL_SAVE,
  JN_SQL_SAVE_BACK,
  JN_SQL_RELEASE,
  JN_SQL_DATA_VERSION,
  JN_SQL_HEAD,
  JN_SQL_MAX_KEY,
  JN_SQL_MAX_REFUSED,
  JN_SQL_NEXT_EXPIRY,
  JN_SQL_ACCOUNT_BY_ID,
  JN_SQL_ACCOUNT_BY_NO,
  JN_SQL_ACCOUNT_INSERT,
  JN_SQL_ACCOUNT_COUNTERS,
  JN_SQL_ACCOUNT_CLOSE,
  JN_SQL_TRANSFER_INSERT,
  JN_SQL_TRANSFER_SEAL,
  JN_SQL_TRANSFER_TAIL,
  JN_SQL_TRANSFER_TAIL_TEXTS,
  JN_SQL_STATE_GET,
  JN_SQL_STATE_PUT,
  JN_SQL_KEY_INSERT,
  JN_SQL_KEY_GET,
  JN_SQL_KEY_SCAN,
  JN_SQL_TRANSFER_BY_NO,
  JN_SQL_TRANSFER_SCAN,
  JN_SQL_TRANSFER_FROM,
  JN_SQL_BLOCK_PUT,
  JN_SQL_BLOCK_DOWN,
  JN_SQL_BLOCK_SCAN,
  JN_SQL_SEARCH_INSERT,
  JN_SQL_SEARCH_MATCH,
  JN_SQL_SEARCH_MATCH_BOTH,
  JN_SQL_SEARCH_ROWS,
  JN_SQL_SEARCH_PROBE,
  JN_SQL_NOTE_PROBE,
  JN_SQL_NOTE_INSERT,
  JN_SQL_NOTE_DELETE,
  JN_SQL_ANNOTATION_ANY,
  JN_SQL_ANNOTATION_EARLY,
  JN_SQL_ANNOTATION_GET,
  JN_SQL_ANNOTATION_OF_ID,
  JN_SQL_ANNOTATION_AFTER,
  JN_SQL_ANNOTATION_SCAN,
  JN_SQL_ANNOTATION_CLOCK,
  JN_SQL_ANNOTATION_PUT,
  JN_SQL_ANNOTATION_CAME,
  JN_SQL_LOT_INSERT,
  JN_SQL_LOT_UPDATE,
  JN_SQL_LOT_GET,
  JN_SQL_LOT_OLDEST,
  JN_SQL_LOT_OPEN,
  JN_SQL_LOT_DUE,
  JN_SQL_LOT_NEXT,
  JN_SQL_LOT_SCAN,
  JN_SQL_LOCAL_GET,
  JN_SQL_LOCAL_DOWN,
  JN_SQL_LOCAL_SCAN,
  JN_SQL_LOCAL_PUT,
  JN_SQL_LOCAL_DELETE,
  JN_SQL_SHIFT_GET,
  JN_SQL_SHIFT_RANGE,
  JN_SQL_SHIFT_SCAN,
  JN_SQL_SHIFT_PUT,
  JN_SQL_SHIFT_DELETE,
  JN_SQL_MONTH_PUT,
  JN_SQL_MONTH_GET,
  JN_SQL_MONTH_RANGE,
  JN_SQL_MONTH_TOTALS,
  JN_SQL_MONTH_SCAN,
  JN_SQL_PAYEE_GET,
  JN_SQL_PAYEE_RANGE,
  JN_SQL_PAYEE_SCAN,
  JN_SQL_PAYEE_PUT,
  JN_SQL_PENDING_INSERT,
  JN_SQL_PENDING_UPDATE,
  JN_SQL_PENDING_GET,
  JN_SQL_PENDING_DUE,
  JN_SQL_PENDING_OF_FEED,
  JN_SQL_PENDING_OPEN,
  JN_SQL_PENDING_SCAN,
  JN_SQL_REFUSED_INSERT,
  JN_SQL_REFUSED_GET,
  JN_SQL_REFUSED_DELETE,
  JN_SQL_IMPORT_INSERT,
  JN_SQL_IMPORT_GET,
  JN_SQL_IMPORT_UNDO,
  JN_SQL_FEED_GET,
  JN_SQL_FEED_INSERT,
  JN_SQL_FEED_UPDATE,
  JN_SQL_ACCOUNT_SCAN,
  JN_SQL_QUICK_CHECK,
  JN_SQL_COUNT,
} jn_sql;

/* Gives column @i of one of the rows to @out. */
typedef void (*jn_bulk_column) (sqlite3_context *out, const void *row, int i);

typedef struct
{
  const void *rows;
  size_t n, size; /* of one row */
  jn_bulk_column column;
} jn_bulk;

typedef struct
{
  sqlite3 *db;
  sqlite3_stmt *kept[JN_SQL_COUNT];
  jn_bulk bulk; /* what the table `bulk` holds while a statement of the writer reads it */
} jn_connection;

extern const char *const jn_sql_text[JN_SQL_COUNT];
extern const char *const jn_sql_schema_accounts;
extern const char *const jn_sql_schema_facts;
extern const char *const jn_sql_schema_derived;
extern const char *const jn_sql_schema_rest;
extern const char *const jn_sql_schema_imports;
extern const char *const jn_sql_schema_annotations;
extern const char *const jn_sql_schema_lots;
extern const char *const jn_sql_migrate_1;
extern const char *const jn_sql_version;

jn_status jn_status_from_sqlite (int code);
/* Compiled once, reset and ready to bind; NULL on error, which jn_connection_status() then tells. */
sqlite3_stmt *jn_connection_get (jn_connection *connection, jn_sql which);
jn_status jn_connection_status (jn_connection *connection);
/* Steps to a row that has to be there: INVARIANT when it is not. */
jn_status jn_connection_need_row (jn_connection *connection, sqlite3_stmt *stmt);
/* Steps to the end. */
jn_status jn_connection_run (jn_connection *connection, sqlite3_stmt *stmt);
jn_status jn_connection_do (jn_connection *connection, jn_sql which);
/* Makes the table `bulk` known; the connection stays where it is. */
jn_status jn_bulk_register (jn_connection *connection);
/* Runs a statement that reads @n rows of @size bytes each as `bulk`. */
jn_status jn_bulk_run (jn_connection *connection, jn_sql which, const void *rows, size_t n,
                       size_t size, jn_bulk_column column);
void jn_connection_close (jn_connection *connection);
/* OK when the file is sealed with this key, KEY_WRONG with another, INVALID when it is not sealed. */
jn_status jn_connection_check_key (jn_connection *connection, const jn_key *key);
jn_status jn_connection_open (jn_connection *connection, const char *path, const char *vfs,
                              unsigned flags, int cache_kib);

#endif
