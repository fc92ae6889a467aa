/* One SQLite connection with its migrations and its prepared statements. Errors are in the domain JN_ERROR: BUSY, DISK_FULL,
 * READ_ONLY, NO_MEMORY (nothing happened), SYNC_FAILED (not known), PAGE_DAMAGED, FORMAT_NEWER, IO.
 * A JnDb and its statements belong to one thread at a time. */
#pragma once

#include <glib.h>

#include "jn-error.h"

G_BEGIN_DECLS

typedef struct _JnDb JnDb;
typedef struct _JnStatement JnStatement;

/* Opens or creates the file in WAL mode with synchronous=FULL, then runs the migrations that it lacks.
 * @path: the file; ":memory:" for none
 * @vfs: name of a SQLite VFS, or NULL for the default; one that seals (jn-seal-vfs.h) knows the file's key already
 * @migrations: (nullable): NULL-terminated; entry i is the SQL script that leads from user_version i to i + 1. Each runs in one
 *   transaction together with its version number. A file with a higher version is refused with FORMAT_NEWER and stays untouched.
 * Returns: (transfer full): NULL on error; free with jn_db_close() */
JnDb *jn_db_open (const char *path, const char *vfs, const char *const *migrations, GError **error);

/* Finalizes what is left of its statements and closes; rolls back an open transaction. NULL is fine. */
void jn_db_close (JnDb *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnDb, jn_db_close)

/* user_version of the file. */
int jn_db_get_version (JnDb *db);

/* Runs a script of one or more statements without parameters. */
gboolean jn_db_exec (JnDb *db, const char *sql, GError **error);

/* A write transaction (BEGIN IMMEDIATE). They do not nest. After a failed commit the transaction is rolled back. */
gboolean jn_db_begin (JnDb *db, GError **error);
gboolean jn_db_commit (JnDb *db, GError **error);
void jn_db_rollback (JnDb *db); /* fine without a transaction */
gboolean jn_db_in_transaction (JnDb *db);

/* Row number of the last INSERT, and rows changed by the last statement. */
gint64 jn_db_get_last_row (JnDb *db);
int jn_db_get_changes (JnDb *db);

/* The statement for @sql, compiled once and kept by @db; comes reset and with its parameters cleared. NULL on error.
 * One text has one statement: do not ask for it again while its rows are still being read. */
JnStatement *jn_db_prepare (JnDb *db, const char *sql, GError **error); /* (transfer none) */

/* Parameters count from 1. Texts and blobs are copied. NULL binds SQL NULL. */
void jn_statement_bind_int (JnStatement *statement, int index, gint64 value);
void jn_statement_bind_text (JnStatement *statement, int index, const char *value);
void jn_statement_bind_blob (JnStatement *statement, int index, const void *data, gsize length);
void jn_statement_bind_null (JnStatement *statement, int index);

typedef enum
{
  JN_STEP_ERROR = -1, /* @error is set; the statement is reset */
  JN_STEP_DONE = 0,   /* no more rows; the statement is reset */
  JN_STEP_ROW = 1,
} JnStep;

/* The next row. Also reports a parameter that could not be bound. */
JnStep jn_statement_step (JnStatement *statement, GError **error);

/* Steps a statement that gives no rows to its end; TRUE when it is done. */
gboolean jn_statement_run (JnStatement *statement, GError **error);

/* Ends reading before the last row. Needed before a commit when rows are left. */
void jn_statement_reset (JnStatement *statement);

/* Columns of the current row count from 0. Text and blob are valid until the next step or reset; text is NULL for SQL NULL. */
gint64 jn_statement_column_int (JnStatement *statement, int column);
const char *jn_statement_column_text (JnStatement *statement, int column);
const void *jn_statement_column_blob (JnStatement *statement, int column, gsize *length);
gboolean jn_statement_column_is_null (JnStatement *statement, int column);

/* Maps a SQLite result code (extended ones too) to a code of JN_ERROR. Pure. */
JnErrorCode jn_db_error_code (int sqlite_code);

G_END_DECLS
