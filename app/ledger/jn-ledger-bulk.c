#include "jn-ledger-private.h"

/* An array as the table `bulk` of one connection: what a statement costs to start is paid once for all rows, and the cursor that
 * writes them stays where the last one went. */

typedef struct
{
  sqlite3_vtab base;
  const jn_bulk *source;
} bulk_table;

typedef struct
{
  sqlite3_vtab_cursor base;
  size_t i;
} bulk_cursor;

static const jn_bulk *
source_of (sqlite3_vtab_cursor *cursor)
{
  return ((bulk_table *) (void *) cursor->pVtab)->source;
}

static size_t *
place_of (sqlite3_vtab_cursor *cursor)
{
  return &((bulk_cursor *) (void *) cursor)->i;
}

static int
bulk_connect (sqlite3 *db, void *source, int n, const char *const *words, sqlite3_vtab **out,
              char **error)
{
  bulk_table *table = sqlite3_malloc (sizeof *table);
  int rc = table == NULL
               ? SQLITE_NOMEM
               : sqlite3_declare_vtab (db, "CREATE TABLE bulk (a, b, c, d, e, f, g, h, i, j, k, l,"
                                           " m, n, o, p, q, r, s)");

  if (rc != SQLITE_OK)
    sqlite3_free (table);
  else
    {
      *table = (bulk_table){ .source = source };
      *out = &table->base;
    }
  return rc;
}

static int
bulk_disconnect (sqlite3_vtab *table)
{
  sqlite3_free (table);
  return SQLITE_OK;
}

/* From the first row to the last, whatever is asked. */
static int
bulk_best_index (sqlite3_vtab *table, sqlite3_index_info *info)
{
  info->estimatedCost = 1e6;
  return SQLITE_OK;
}

static int
bulk_open (sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
  bulk_cursor *cursor = sqlite3_malloc (sizeof *cursor);

  if (cursor == NULL)
    return SQLITE_NOMEM;
  *cursor = (bulk_cursor){ 0 };
  *out = &cursor->base;
  return SQLITE_OK;
}

static int
bulk_close (sqlite3_vtab_cursor *cursor)
{
  sqlite3_free (cursor);
  return SQLITE_OK;
}

static int
bulk_filter (sqlite3_vtab_cursor *cursor, int plan, const char *name, int n, sqlite3_value **values)
{
  *place_of (cursor) = 0;
  return SQLITE_OK;
}

static int
bulk_next (sqlite3_vtab_cursor *cursor)
{
  *place_of (cursor) += 1;
  return SQLITE_OK;
}

static int
bulk_eof (sqlite3_vtab_cursor *cursor)
{
  return *place_of (cursor) >= source_of (cursor)->n;
}

static int
bulk_column (sqlite3_vtab_cursor *cursor, sqlite3_context *out, int column)
{
  const jn_bulk *source = source_of (cursor);

  source->column (out, (const char *) source->rows + *place_of (cursor) * source->size, column);
  return SQLITE_OK;
}

static int
bulk_rowid (sqlite3_vtab_cursor *cursor, sqlite3_int64 *out)
{
  *out = (sqlite3_int64) *place_of (cursor);
  return SQLITE_OK;
}

jn_status
jn_bulk_register (jn_connection *connection)
{
  static const sqlite3_module module = {
    .xConnect = bulk_connect,
    .xBestIndex = bulk_best_index,
    .xDisconnect = bulk_disconnect,
    .xOpen = bulk_open,
    .xClose = bulk_close,
    .xFilter = bulk_filter,
    .xNext = bulk_next,
    .xEof = bulk_eof,
    .xColumn = bulk_column,
    .xRowid = bulk_rowid,
  };

  return jn_status_from_sqlite (
      sqlite3_create_module (connection->db, "bulk", &module, &connection->bulk));
}

jn_status
jn_bulk_run (jn_connection *connection, jn_sql which, const void *rows, size_t n, size_t size,
             jn_bulk_column column)
{
  sqlite3_stmt *s = jn_connection_get (connection, which);
  jn_status status;

  if (s == NULL)
    return jn_connection_status (connection);
  connection->bulk = (jn_bulk){ rows, n, size, column };
  status = jn_connection_run (connection, s);
  connection->bulk = (jn_bulk){ 0 };
  return status;
}
