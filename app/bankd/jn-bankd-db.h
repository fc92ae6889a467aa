/* The bank's one SQLite connection: schema, cached statements, and a failure that sticks until the transaction ends. */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

typedef struct _JnBankdDb JnBankdDb;

/* Opens (creating folder and file) "bank.db" in @folder, or a database in memory when @folder is NULL. With @vfs the
 * file lives in that SQLite VFS and no folder is made. WAL, synchronous=FULL, exclusive lock. Errors: JN_ERROR BUSY, READ_ONLY, DISK_FULL, FORMAT_NEWER, PAGE_DAMAGED, IO. */
JnBankdDb *jn_bankd_db_open (const char *folder, const char *vfs, GError **error);
void jn_bankd_db_close (JnBankdDb *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnBankdDb, jn_bankd_db_close)

/* TRUE when the file held no bank yet; the format that it was found in. When that is not JN_BANKD_FORMAT, today's tables are
 * there, in a transaction that the core has to fill and to commit. */
gboolean jn_bankd_db_is_empty (JnBankdDb *self);
gint64 jn_bankd_db_get_found (JnBankdDb *self);

/* A cached statement for a string literal, reset and bound. @types: 's' const char* (NULL allowed), 'i' gint64,
 * 'b' const void* followed by gsize. Step it to its end or call jn_bankd_db_done. Not re-entrant by the same literal. */
sqlite3_stmt *jn_bankd_db_query (JnBankdDb *self, const char *sql, const char *types, ...);
gboolean jn_bankd_db_step (JnBankdDb *self, sqlite3_stmt *stmt);
void jn_bankd_db_done (sqlite3_stmt *stmt);

/* Runs to the end; returns rows changed, or -1 on failure. */
int jn_bankd_db_run (JnBankdDb *self, const char *sql, const char *types, ...);
/* First column of the first row, or @fallback. */
gint64 jn_bankd_db_integer (JnBankdDb *self, gint64 fallback, const char *sql, const char *types,
                            ...);
/* First column of the first row, or NULL. Caller frees. */
char *jn_bankd_db_text (JnBankdDb *self, const char *sql, const char *types, ...);

/* Text of a column; NULL for SQL NULL. Borrowed until the next step. */
const char *jn_bankd_column (sqlite3_stmt *stmt, int column);

/* Transactions. After a failed statement every other one does nothing; commit rolls back and reports it. */
void jn_bankd_db_begin (JnBankdDb *self);
gboolean jn_bankd_db_commit (JnBankdDb *self, GError **error);
void jn_bankd_db_rollback (JnBankdDb *self);
/* Whether a statement has failed since begin: loops over rows that they change end then. */
gboolean jn_bankd_db_has_failed (JnBankdDb *self);

/* Outside of a transaction: forgets an earlier failure, so that the next look tells whether anything failed since. */
void jn_bankd_db_forgive (JnBankdDb *self);
void jn_bankd_db_savepoint (JnBankdDb *self);
void jn_bankd_db_release (JnBankdDb *self, gboolean keep);

/* Empties every table but those of keys and counters (inside a transaction). */
void jn_bankd_db_clear (JnBankdDb *self);

G_END_DECLS
