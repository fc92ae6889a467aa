#include "jn-seal-private.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t PLAIN_MAGIC[16] = "SQLite format 3";

static JnSealVfs *
seal_vfs (sqlite3_vfs *vfs)
{
  return (JnSealVfs *) (void *) vfs;
}

/* ---- the ring of keys ---- */

static void
entry_free (JnSealEntry *entry)
{
  jn_seal_keys_free (entry->keys);
  free (entry->path);
  free (entry);
}

/* With the lock held. */
static void
entry_release (JnSealEntry *entry)
{
  if (--entry->n_users == 0)
    entry_free (entry);
}

static JnSealEntry **
find (JnSealVfs *v, const char *path)
{
  JnSealEntry **link = &v->ring;

  while (*link != NULL && strcmp ((*link)->path, path) != 0)
    link = &(*link)->next;
  return link;
}

static JnSealEntry *
entry_take (JnSealVfs *v, const char *path)
{
  JnSealEntry *entry;

  pthread_mutex_lock (&v->lock);
  entry = *find (v, path);
  if (entry != NULL)
    entry->n_users++;
  pthread_mutex_unlock (&v->lock);
  return entry;
}

static void
entry_give (JnSealVfs *v, JnSealEntry *entry)
{
  pthread_mutex_lock (&v->lock);
  entry_release (entry);
  pthread_mutex_unlock (&v->lock);
}

static void
drop (JnSealVfs *v, JnSealEntry **link)
{
  JnSealEntry *entry = *link;

  if (entry == NULL)
    return;
  *link = entry->next;
  entry->next = NULL;
  entry_release (entry);
}

static void
note (JnSealVfs *v, JnSealEntry *entry, JnSealFault fault)
{
  pthread_mutex_lock (&v->lock);
  fault.count = entry->fault.count + 1;
  entry->fault = fault;
  pthread_mutex_unlock (&v->lock);
}

int
jn_seal_note_damage (JnSealFile *f, uint32_t page, bool in_wal, sqlite3_int64 offset)
{
  note (f->vfs, f->entry,
        (JnSealFault){ .status = JN_SEAL_PAGE_DAMAGED,
                       .page = page,
                       .in_wal = in_wal,
                       .offset = (uint64_t) offset });
  sqlite3_log (SQLITE_IOERR_DATA, "page %u%s does not authenticate", page,
               in_wal ? " of the log" : "");
  return SQLITE_IOERR_DATA;
}

sqlite3_int64
jn_seal_get_doubt (JnSealFile *f)
{
  sqlite3_int64 doubt;

  pthread_mutex_lock (&f->vfs->lock);
  doubt = f->entry->doubt;
  pthread_mutex_unlock (&f->vfs->lock);
  return doubt;
}

void
jn_seal_set_doubt (JnSealFile *f, sqlite3_int64 doubt)
{
  pthread_mutex_lock (&f->vfs->lock);
  f->entry->doubt = doubt;
  pthread_mutex_unlock (&f->vfs->lock);
}

/* ---- opening ---- */

int
jn_seal_real_close (sqlite3_file *file)
{
  JnSealFile *f = jn_seal_file (file);
  int rc = f->real->pMethods->xClose (f->real);

  entry_give (f->vfs, f->entry);
  sodium_memzero (f->seen, sizeof f->seen);
  sodium_memzero (f->scratch, sizeof f->scratch);
  return rc;
}

static int
look_for_wal (JnSealVfs *v, const char *name, bool *there)
{
  char *wal = sqlite3_mprintf ("%s-wal", name);
  int result = 1;

  if (wal == NULL)
    return SQLITE_NOMEM;
  /* Not known counts as there: then nothing is born over what may be a file. */
  if (v->base->xAccess (v->base, wal, SQLITE_ACCESS_EXISTS, &result) != SQLITE_OK)
    result = 1;
  sqlite3_free (wal);
  *there = result != 0;
  return SQLITE_OK;
}

static int
refuse_plain (JnSealFile *f)
{
  uint8_t start[16] = { 0 };
  int rc = f->real->pMethods->xRead (f->real, start, sizeof start, 0);

  if (rc != SQLITE_OK || memcmp (start, PLAIN_MAGIC, sizeof start) != 0)
    return rc == SQLITE_IOERR_SHORT_READ ? SQLITE_OK : rc;
  note (f->vfs, f->entry, (JnSealFault){ .status = JN_SEAL_PLAIN, .page = 1 });
  sqlite3_log (SQLITE_NOTADB, "the file is not sealed");
  return SQLITE_NOTADB;
}

static int
open_main (JnSealVfs *v, const char *name, JnSealFile *f, int flags, int *out_flags)
{
  int got = flags;
  int rc;

  f->entry = entry_take (v, name);
  if (f->entry == NULL)
    {
      sqlite3_log (SQLITE_CANTOPEN, "no key was given for the file");
      return SQLITE_CANTOPEN;
    }
  rc = v->base->xOpen (v->base, name, f->real, flags, &got);
  if (rc == SQLITE_OK)
    {
      bool wal = true;

      rc = refuse_plain (f);
      if (rc == SQLITE_OK)
        rc = look_for_wal (v, name, &wal);
      if (rc == SQLITE_OK && (got & SQLITE_OPEN_READWRITE) != 0)
        rc = jn_seal_birth (f, wal);
      if (rc != SQLITE_OK)
        f->real->pMethods->xClose (f->real);
    }
  if (rc != SQLITE_OK)
    {
      entry_give (v, f->entry);
      return rc;
    }
  if (out_flags != NULL)
    *out_flags = got;
  f->file.pMethods = &jn_seal_main_methods;
  return SQLITE_OK;
}

static int
open_wal (JnSealVfs *v, const char *name, JnSealFile *f, int flags, int *out_flags)
{
  sqlite3_file *owner = sqlite3_database_file_object (name);
  int rc;

  if (owner == NULL || owner->pMethods != &jn_seal_main_methods)
    return SQLITE_CANTOPEN;
  rc = v->base->xOpen (v->base, name, f->real, flags, out_flags);
  if (rc != SQLITE_OK)
    return rc;
  f->entry = jn_seal_file (owner)->entry;
  pthread_mutex_lock (&v->lock);
  f->entry->n_users++;
  pthread_mutex_unlock (&v->lock);
  f->file.pMethods = &jn_seal_wal_methods;
  return SQLITE_OK;
}

/* Journals, temporary files and super-journals would hold plaintext: none is ever opened. */
static int
seal_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
  JnSealVfs *v = seal_vfs (vfs);
  JnSealFile *f = jn_seal_file (file);
  int rc = SQLITE_CANTOPEN;

  memset (f, 0, sizeof *f);
  f->vfs = v;
  f->held_at = f->seen_at = f->unsynced = -1;
  f->real = (sqlite3_file *) (void *) (f + 1);
  memset (f->real, 0, (size_t) v->base->szOsFile);
  if (name != NULL && (flags & SQLITE_OPEN_MAIN_DB) != 0
      && (flags & SQLITE_OPEN_DELETEONCLOSE) == 0)
    rc = open_main (v, name, f, flags, out_flags);
  else if (name != NULL && (flags & SQLITE_OPEN_WAL) != 0)
    rc = open_wal (v, name, f, flags, out_flags);
  if (rc != SQLITE_OK)
    f->file.pMethods = NULL;
  return rc;
}

static int
seal_delete (sqlite3_vfs *vfs, const char *name, int sync)
{
  sqlite3_vfs *base = seal_vfs (vfs)->base;

  return base->xDelete (base, name, sync);
}

/* A journal beside a sealed file is not ours, and must not be played back into it. */
static int
seal_access (sqlite3_vfs *vfs, const char *name, int how, int *out)
{
  sqlite3_vfs *base = seal_vfs (vfs)->base;

  if (how == SQLITE_ACCESS_EXISTS && sqlite3_strglob ("*-journal", name) == 0)
    {
      *out = 0;
      return SQLITE_OK;
    }
  return base->xAccess (base, name, how, out);
}

static int
seal_full_path (sqlite3_vfs *vfs, const char *name, int n, char *out)
{
  sqlite3_vfs *base = seal_vfs (vfs)->base;

  return base->xFullPathname (base, name, n, out);
}

static int
seal_randomness (sqlite3_vfs *vfs, int n, char *out)
{
  sqlite3_vfs *base = seal_vfs (vfs)->base;

  return base->xRandomness (base, n, out);
}

static int
seal_sleep (sqlite3_vfs *vfs, int us)
{
  sqlite3_vfs *base = seal_vfs (vfs)->base;

  return base->xSleep (base, us);
}

static int
seal_time (sqlite3_vfs *vfs, double *out)
{
  sqlite3_vfs *base = seal_vfs (vfs)->base;

  return base->xCurrentTime (base, out);
}

static int
seal_last_error (sqlite3_vfs *vfs, int n, char *out)
{
  sqlite3_vfs *base = seal_vfs (vfs)->base;

  return base->xGetLastError == NULL ? 0 : base->xGetLastError (base, n, out);
}

/* ---- the public part ---- */

int
jn_seal_vfs_register (const char *name, const char *base)
{
  sqlite3_vfs *under = sqlite3_vfs_find (base == NULL ? "unix-excl" : base);
  size_t length = strlen (name) + 1;
  JnSealVfs *v;
  char *own_name;

  if (sqlite3_vfs_find (name) != NULL)
    return SQLITE_OK;
  if (under == NULL)
    return SQLITE_NOTFOUND;
  v = calloc (1, sizeof *v + length);
  if (v == NULL || sodium_init () < 0 || pthread_mutex_init (&v->lock, NULL) != 0)
    {
      free (v);
      return SQLITE_NOMEM;
    }
  own_name = (char *) (v + 1);
  memcpy (own_name, name, length);
  v->base = under;
  v->vfs = (sqlite3_vfs){
    .iVersion = 1,
    .szOsFile = (int) sizeof (JnSealFile) + under->szOsFile,
    .mxPathname = under->mxPathname,
    .zName = own_name,
    .xOpen = seal_open,
    .xDelete = seal_delete,
    .xAccess = seal_access,
    .xFullPathname = seal_full_path,
    .xRandomness = seal_randomness,
    .xSleep = seal_sleep,
    .xCurrentTime = seal_time,
    .xGetLastError = seal_last_error,
  };
  return sqlite3_vfs_register (&v->vfs, 0);
}

static JnSealVfs *
find_vfs (const char *name)
{
  sqlite3_vfs *vfs = sqlite3_vfs_find (name);

  return vfs != NULL && vfs->xOpen == seal_open ? seal_vfs (vfs) : NULL;
}

bool
jn_seal_vfs_is_sealing (const char *name)
{
  return name != NULL && find_vfs (name) != NULL;
}

void
jn_seal_vfs_unregister (const char *name)
{
  JnSealVfs *v = find_vfs (name);

  if (v == NULL)
    return;
  sqlite3_vfs_unregister (&v->vfs);
  while (v->ring != NULL)
    drop (v, &v->ring);
  pthread_mutex_destroy (&v->lock);
  free (v);
}

/* As SQLite will name it. Caller frees. */
static char *
full_path (JnSealVfs *v, const char *path)
{
  char *full = calloc (1, (size_t) v->base->mxPathname + 1);
  int rc = full == NULL ? SQLITE_NOMEM
                        : v->base->xFullPathname (v->base, path, v->base->mxPathname, full);

  if (rc == SQLITE_OK || rc == SQLITE_OK_SYMLINK)
    return full;
  free (full);
  return NULL;
}

JnSealStatus
jn_seal_vfs_add_key (const char *name, const char *path, const uint8_t uuid[JN_SEAL_UUID_SIZE],
                     const uint8_t key[JN_SEAL_KEY_SIZE])
{
  JnSealVfs *v = find_vfs (name);
  JnSealEntry *entry;

  if (v == NULL)
    return JN_SEAL_INVALID;
  entry = calloc (1, sizeof *entry);
  if (entry == NULL)
    return JN_SEAL_NO_MEMORY;
  entry->n_users = 1;
  entry->doubt = -1;
  entry->path = full_path (v, path);
  entry->keys = jn_seal_keys_new (key);
  memcpy (entry->uuid, uuid, JN_SEAL_UUID_SIZE);
  if (entry->path == NULL || entry->keys == NULL)
    {
      entry_free (entry);
      return JN_SEAL_NO_MEMORY;
    }
  pthread_mutex_lock (&v->lock);
  if (*find (v, entry->path) != NULL)
    entry->doubt = (*find (v, entry->path))->doubt;
  drop (v, find (v, entry->path));
  entry->next = v->ring;
  v->ring = entry;
  pthread_mutex_unlock (&v->lock);
  return JN_SEAL_OK;
}

void
jn_seal_vfs_remove_key (const char *name, const char *path)
{
  JnSealVfs *v = find_vfs (name);
  char *full = v == NULL ? NULL : full_path (v, path);

  if (full == NULL)
    return;
  pthread_mutex_lock (&v->lock);
  drop (v, find (v, full));
  pthread_mutex_unlock (&v->lock);
  free (full);
}

JnSealStatus
jn_seal_vfs_check_open (const char *name, const char *path, const uint8_t *key)
{
  JnSealVfs *v = find_vfs (name);
  char *full = v == NULL ? NULL : full_path (v, path);
  JnSealKeys *keys = full == NULL ? NULL : jn_seal_keys_new (key);
  JnSealStatus status = JN_SEAL_NO_MEMORY;

  if (v == NULL)
    status = JN_SEAL_INVALID;
  else if (keys != NULL)
    {
      JnSealEntry *entry;

      pthread_mutex_lock (&v->lock);
      entry = *find (v, full);
      if (entry == NULL || entry->n_users < 2)
        status = JN_SEAL_NOT_FOUND;
      else
        status =
            sodium_memcmp (keys, entry->keys, sizeof *keys) == 0 ? JN_SEAL_OK : JN_SEAL_KEY_WRONG;
      pthread_mutex_unlock (&v->lock);
    }
  jn_seal_keys_free (keys);
  free (full);
  return status;
}

bool
jn_seal_vfs_get_fault (const char *name, const char *path, JnSealFault *out)
{
  JnSealVfs *v = find_vfs (name);
  char *full = v == NULL ? NULL : full_path (v, path);
  JnSealEntry *entry;

  memset (out, 0, sizeof *out);
  if (full == NULL)
    return false;
  pthread_mutex_lock (&v->lock);
  entry = *find (v, full);
  if (entry != NULL)
    *out = entry->fault;
  pthread_mutex_unlock (&v->lock);
  free (full);
  return entry != NULL;
}

/* VACUUM attaches a nameless database of its own. */
static int
authorize (void *data, int action, const char *name, const char *unused, const char *database,
           const char *trigger)
{
  return action == SQLITE_ATTACH && (name == NULL || *name != '\0') ? SQLITE_DENY : SQLITE_OK;
}

int
jn_seal_connect (sqlite3 *db, const uint8_t *key)
{
  sqlite3_file *file = NULL;
  int rc = sqlite3_file_control (db, "main", SQLITE_FCNTL_FILE_POINTER, &file);

  if (rc != SQLITE_OK)
    return rc;
  if (file == NULL || file->pMethods != &jn_seal_main_methods)
    return SQLITE_NOTFOUND;
  if (key != NULL)
    rc = sqlite3_file_control (db, "main", JN_SEAL_FCNTL_CHECK, (void *) (uintptr_t) key);
  if (rc == SQLITE_OK)
    rc = sqlite3_exec (db, "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0", NULL, NULL, NULL);
  if (rc == SQLITE_OK)
    rc = sqlite3_set_authorizer (db, authorize, NULL);
  return rc;
}
