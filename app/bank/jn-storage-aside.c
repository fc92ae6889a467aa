/* A customer's whole set of files moved out of the way and back. Whatever it is cut off by, the set is never in two halves: a folder that is being
 * filled or emptied says so by its name until that is done, and the next opening ends it or takes it back before anything is made. */
#include "jn-storage.h"

#include "jn-storage-private.h"
#include "jn-vault.h"

#include <string.h>

#define WALLET_FILE "wallet.db"
#define LEDGER_FILE "ledger.db"
#define FILLING ".partial"
#define EMPTYING ".returning"

/* What is there under this name already is kept, under another. */
static gboolean
make_room (JnVault *vault, JnClock *clock, const char *from, const char *where, GError **error)
{
  if (!jn_vault_has_folder (vault, from))
    return TRUE;
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (jn_clock_now (clock) / G_USEC_PER_SEC);
  g_autofree char *stamp = g_date_time_format (now, "%Y%m%dT%H%M%SZ");
  g_autofree char *name = g_strdup_printf ("%s" JN_STORAGE_OLDER "%s", where, stamp);
  g_autofree char *older = jn_vault_find_free_name (vault, name);
  return jn_vault_rename_folder (vault, from, older, error);
}

static gboolean
complete (JnVault *vault, JnClock *clock, const char *filling, const char *where, GError **error)
{
  return make_room (vault, clock, where, where, error)
         && jn_vault_rename_folder (vault, filling, where, error);
}

static gboolean
empty (JnVault *vault, JnClock *clock, const char *folder, const char *where, GError **error)
{
  return jn_vault_take_all_back (vault, folder, error)
         && make_room (vault, clock, folder, where, error);
}

/* wallet.db goes last: whose the rest is, is said by it. */
gboolean
jn_storage_move_out (JnVault *vault, JnClock *clock, const char *where, GError **error)
{
  g_autofree char *filling = g_strconcat (where, FILLING, NULL);

  return jn_storage_set_backups_aside (vault, filling, error)
         && jn_vault_set_aside (vault, LEDGER_FILE, filling, error)
         && jn_vault_set_aside (vault, WALLET_FILE, filling, error)
         && complete (vault, clock, filling, where, error);
}

gboolean
jn_storage_move_in (JnVault *vault, JnClock *clock, const char *where, GError **error)
{
  g_autofree char *emptying = g_strconcat (where, EMPTYING, NULL);

  return jn_vault_rename_folder (vault, where, emptying, error)
         && empty (vault, clock, emptying, where, error);
}

static gboolean
settle_one (JnVault *vault, JnClock *clock, const char *folder, GError **error)
{
  gboolean filling = g_str_has_suffix (folder, FILLING);
  g_autofree char *where =
      g_strndup (folder, strlen (folder) - strlen (filling ? FILLING : EMPTYING));
  g_autofree char *wallet = g_build_filename (folder, WALLET_FILE, NULL);

  /* wallet.db comes after everything else, its own companions too: where it is, all of it is. */
  if (filling
      && (jn_vault_has_folder (vault, wallet)
          || (!jn_vault_has_folder (vault, WALLET_FILE)
              && !jn_vault_has_folder (vault, LEDGER_FILE))))
    return complete (vault, clock, folder, where, error);
  return empty (vault, clock, folder, where, error);
}

gboolean
jn_storage_settle_aside (JnVault *vault, JnClock *clock, GError **error)
{
  g_autoptr (GPtrArray) names = jn_vault_list_folders (vault, JN_STORAGE_ASIDE);

  for (guint i = 0; i < names->len; i++)
    if ((g_str_has_suffix (names->pdata[i], FILLING)
         || g_str_has_suffix (names->pdata[i], EMPTYING))
        && !settle_one (vault, clock, names->pdata[i], error))
      return FALSE;
  return TRUE;
}

void
jn_storage_remove_aside (JnVault *vault, const char *own)
{
  g_autoptr (GPtrArray) names = jn_vault_list_folders (vault, JN_STORAGE_ASIDE);

  for (guint i = 0; i < names->len; i++)
    if (own == NULL || !g_str_has_prefix (names->pdata[i], JN_STORAGE_ASIDE_OF)
        || g_str_has_prefix (names->pdata[i], own))
      jn_vault_remove_folders (vault, names->pdata[i]);
}
