/* A folder with a sealed database, and what the tests ask of it. */
#pragma once

#include <glib.h>
#include <sqlite3.h>

#include "jn-seal-store.h"
#include "jn-seal-vfs.h"

#define WORLD_VFS "jn-seal-test"
#define WORLD_CANARY "the-canary-of-the-payee"

typedef struct
{
  char *folder;
  char *path;
  guint8 key[JN_SEAL_KEY_SIZE];
} SealWorld;

void seal_world_set_up (SealWorld *world, gconstpointer data);
void seal_world_tear_down (SealWorld *world, gconstpointer data);

/* With the key given and the connection prepared; asserts that it opens. */
sqlite3 *seal_world_open (SealWorld *world);
/* A plain database of @rows rows with texts, at the path. @page_size and @mode: as in the pragmas. */
void seal_world_make_plain (SealWorld *world, int page_size, const char *mode, int rows);
/* Table t (k, b) of @rows rows with texts. */
void seal_world_fill (sqlite3 *db, int rows);

int seal_exec (sqlite3 *db, const char *sql); /* the extended result code */
void seal_must (sqlite3 *db, const char *sql);
char *seal_text (sqlite3 *db, const char *sql); /* first column of the first row; caller frees */
gint64 seal_int (sqlite3 *db, const char *sql);

/* Whether a file in the folder, or any file that this process has open, deleted ones included, holds the canary. */
gboolean seal_world_leaks (SealWorld *world);
char *seal_world_name (SealWorld *world, const char *suffix); /* caller frees */
/* Reads, changes or writes a file of the world as it is on the disk. */
GByteArray *seal_world_load (SealWorld *world, const char *suffix);
void seal_world_save (SealWorld *world, const char *suffix, const GByteArray *bytes);
