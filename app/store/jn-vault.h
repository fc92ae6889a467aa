/* The databases of one owner: where they are, which key they are sealed with, and what has to happen before they are opened. One thread at
 * a time. */
#pragma once

#include <glib.h>

#include "jn-data-folder.h"
#include "jn-error.h"
#include "jn-secret.h"

G_BEGIN_DECLS

typedef struct _JnVault JnVault;

/* Told in bytes while files from before are being sealed; on the thread that prepares. */
typedef void (*JnVaultProgress) (gpointer data, guint64 done, guint64 total);

typedef struct
{
  const char *const *names; /* of the databases, NULL-terminated */
  const char *
      folder; /* made (0700) and locked against a second process; NULL: a private one, removed at the end */
  const char *
      vfs; /* NULL: the disk. Else the SQLite VFS that the files live in, below the one that seals: no folder is made or locked, and @folder (nullable) only goes before the names */
  JnDataFolder *
      locked; /* (transfer full) (nullable): the folder, made and locked before; @folder is not looked at */
  JnSecret *key; /* 32 bytes; NULL: nothing is sealed */
  JnVaultProgress progress;
  gpointer progress_data;
} JnVaultOptions;

/* Makes and locks the folder. Errors: BUSY, READ_ONLY, DISK_FULL, IO. */
JnVault *jn_vault_new (const JnVaultOptions *options, GError **error);

/* Forgets the key, lets go of the folder and removes a private one. NULL is fine. */
void jn_vault_free (JnVault *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnVault, jn_vault_free)

/* Readies all files for being opened: sealed and new ones get their key, plain ones from before are sealed first, which may be cut off at any
 * moment and goes on the next time. Errors: KEY_WRONG, KEY_MISSING (sealed, and there is no key), SLOT_DAMAGED, PAGE_DAMAGED,
 * BUSY, DISK_FULL, READ_ONLY, IO. */
gboolean jn_vault_prepare (JnVault *self, GError **error);

/* Whether @name is sealed with the key that was given: its slot alone is looked at. FALSE without a key, or in a VFS of the host's. */
gboolean jn_vault_key_fits (JnVault *self, const char *name);

/* The uuid of a file that is ready. FALSE when it is not sealed. */
gboolean jn_vault_get_uuid (JnVault *self, const char *name, guint8 uuid[16]);

/* How many bytes of @name wait in its log: not 0 before it is opened when the program before this one did not end cleanly. */
guint64 jn_vault_get_log_size (JnVault *self, const char *name);

/* Which page of @name did not authenticate; 0 when all did, or when it is not known. */
guint32 jn_vault_get_damaged_page (JnVault *self, const char *name);

/* The folder's path; NULL in a VFS of the host's. Borrowed. */
const char *jn_vault_get_folder (JnVault *self);
gboolean jn_vault_is_private (JnVault *self);

/* Gives the key to one more file, new or sealed with it before: a backup. @name may be in a sub-folder. Fine without a key. Errors as of
 * jn_vault_prepare(). */
gboolean jn_vault_admit (JnVault *self, const char *name, GError **error);

/* The VFS to open with; NULL for SQLite's own. Borrowed. */
const char *jn_vault_get_vfs (JnVault *self);
/* 32 bytes, or NULL when nothing is sealed. Borrowed. */
const guint8 *jn_vault_get_key (JnVault *self);
/* Caller frees. */
char *jn_vault_build_path (JnVault *self, const char *name);

/* Removes the files with everything that belongs to them. Nothing may have them open. */
void jn_vault_remove (JnVault *self);

/* The same for one file. */
void jn_vault_remove_file (JnVault *self, const char *name);

/* Puts a copy of @from, with its slot, in the place of @to. Nothing may have either open. FALSE when that does not work: then @to is not there. */
gboolean jn_vault_copy_file (JnVault *self, const char *from, const char *to);

/* Removes the sub-folders whose names begin with @prefix, and the files directly in them. */
void jn_vault_remove_folders (JnVault *self, const char *prefix);

/* What a file's companions are called after its name; the first is "", the file itself. NULL-terminated. */
const char *const *jn_vault_get_suffixes (void);

/* Moves @name with everything that belongs to it into the sub-folder @where, made when it is not there, under the same names; nothing may
 * have it open, and nothing there is written over. In a VFS of the host's it is removed instead. Errors: READ_ONLY, DISK_FULL, IO. */
gboolean jn_vault_set_aside (JnVault *self, const char *name, const char *where, GError **error);

/* The opposite, of all that is in the sub-folder @where. What would go over a file of that name stays there; the sub-folder goes when nothing
 * is left in it. Does nothing more when it is called again. Errors as above. */
gboolean jn_vault_take_all_back (JnVault *self, const char *where, GError **error);

/* Sub-folders by name. A renamed one is on the disk when this returns; never over another (IO). A free name is @name, or one that begins so; the
 * caller frees it. In a VFS of the host's there are none, and renaming does nothing. */
gboolean jn_vault_has_folder (JnVault *self, const char *name);
gboolean jn_vault_rename_folder (JnVault *self, const char *from, const char *to, GError **error);
char *jn_vault_find_free_name (JnVault *self, const char *name);
GPtrArray *jn_vault_list_folders (JnVault *self, const char *prefix);

/* Whether one of @names in @folder is sealed, so that only its own key opens it. */
gboolean jn_vault_is_sealed (const char *folder, const char *const *names);

G_END_DECLS
