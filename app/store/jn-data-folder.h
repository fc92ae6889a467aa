/* The folder that all of a wallet's data lives in. One process at a time may have it. */
#pragma once

#include <glib.h>

#include "jn-error.h"

G_BEGIN_DECLS

typedef struct _JnDataFolder JnDataFolder;

/* Opens the folder, creating it and its parents with mode 0700 (an existing one that others may enter is narrowed), and locks it
 * for this process. Errors of JN_ERROR: BUSY when another process (or another JnDataFolder) holds it, READ_ONLY when it cannot be
 * written to, DISK_FULL, IO.
 * Returns: (transfer full): free with jn_data_folder_close() */
JnDataFolder *jn_data_folder_open (const char *path, GError **error);

/* Releases the lock. The files stay. NULL is fine. */
void jn_data_folder_close (JnDataFolder *folder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnDataFolder, jn_data_folder_close)

/* Absolute path. (transfer none) */
const char *jn_data_folder_get_path (JnDataFolder *folder);

/* Path of a file in the folder; @name holds no slash. Caller frees. */
char *jn_data_folder_build_path (JnDataFolder *folder, const char *name);

/* Replaces a small file as a whole, mode 0600: written aside, synced, renamed, folder synced. After an error the old content is there. */
gboolean jn_data_folder_write (JnDataFolder *folder, const char *name, const void *data,
                               gsize length, GError **error);

G_END_DECLS
