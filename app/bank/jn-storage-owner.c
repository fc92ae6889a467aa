/* Whose files these are: one customer's alone. Another's are put beside them and found again. */
#include "jn-storage.h"

#include "jn-error.h"
#include "jn-storage-private.h"
#include "jn-vault.h"

#include <string.h>

#define OWNER_SETTING "owner"
#define KEY_BYTES 32
#define NAME_DIGITS 16

/* ---- who ---- */

/* From before the owner was remembered: by the bank's last list of accounts. */
static gboolean
read_from_accounts (JnStorage *self, jn_id *out)
{
  g_autoptr (GBytes) bytes = jn_storage_get_document (self, "accounts", NULL);
  gsize length = 0;
  const char *text = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;
  g_autoptr (JnJsonDoc) doc = text != NULL ? jn_json_parse (text, length, NULL) : NULL;
  g_autoptr (GPtrArray) accounts =
      doc != NULL ? jn_wire_read_accounts (jn_json_doc_root (doc), NULL) : NULL;

  if (accounts == NULL || accounts->len == 0)
    return FALSE;
  jn_storage_account_id (((const JnWireAccount *) accounts->pdata[0])->bban, out);
  return TRUE;
}

gboolean
jn_storage_get_owner (JnStorage *self, jn_id *out)
{
  return jn_storage_get_setting (self, OWNER_SETTING, out, sizeof *out)
         || jn_storage_get_accounts (self, out, NULL) || read_from_accounts (self, out);
}

gboolean
jn_storage_set_owner (JnStorage *self, const jn_id *account, GError **error)
{
  if (!jn_storage_put_setting (self, OWNER_SETTING, account, sizeof *account, error))
    return FALSE;
  jn_storage_note_owner (self);
  return TRUE;
}

static gboolean
has_intents (JnStorage *self)
{
  g_autoptr (GPtrArray) newest = jn_outbox_list (jn_storage_get_outbox (self), NULL, 1, NULL);
  return newest == NULL || newest->len > 0;
}

static gboolean
has_entries (JnStorage *self)
{
  jn_head head = { 0 };
  return jn_head_get (jn_storage_get_ledger (self), &head) != JN_OK || head.seq > 0;
}

static gboolean
has_something (JnStorage *self)
{
  return has_intents (self) || has_entries (self);
}

gboolean
jn_storage_is_used (JnStorage *self)
{
  g_return_val_if_fail (JN_IS_STORAGE (self), FALSE);
  jn_id owner;
  return jn_storage_get_owner (self, &owner) || has_something (self);
}

/* Of a wallet.db that lost its memory, the ledger still knows whose it is. */
static gboolean
is_owned_by (JnStorage *self, const jn_id *account)
{
  jn_account known;
  jn_id owner;

  if (jn_storage_get_owner (self, &owner))
    return memcmp (&owner, account, sizeof owner) == 0;
  return jn_account_get (jn_storage_get_ledger (self), account, &known) == JN_OK;
}

/* ---- where ---- */

/* The name says nothing to who has not the key, and is the same each time. */
static char *
name_for (JnVault *vault, const jn_id *owner)
{
  static const guint8 none[KEY_BYTES];
  const guint8 *key = jn_vault_get_key (vault);
  g_autofree char *hex = g_compute_hmac_for_data (G_CHECKSUM_SHA256, key != NULL ? key : none,
                                                  KEY_BYTES, owner->b, sizeof owner->b);
  return g_strdup_printf (JN_STORAGE_ASIDE_OF "%.*s", NAME_DIGITS, hex);
}

char *
jn_storage_name_for_what_is_here (JnStorage *self)
{
  jn_id owner;

  if (jn_storage_get_owner (self, &owner))
    return name_for (jn_storage_get_vault (self), &owner);
  return g_strdup (JN_STORAGE_ASIDE "unknown");
}

/* ---- never mixed ---- */

gboolean
jn_storage_is_of (JnStorage *self, JnSecret *account)
{
  g_return_val_if_fail (JN_IS_STORAGE (self), FALSE);
  g_autoptr (JnSecret) owner = jn_storage_dup_owner (self);
  return owner == NULL || account == NULL || jn_secret_equal (owner, account);
}

gboolean
jn_storage_is_for (JnStorage *self, const jn_id *account, GError **error)
{
  JnVault *vault = jn_storage_get_vault (self);
  jn_id owner;

  if (jn_storage_get_owner (self, &owner))
    {
      if (memcmp (&owner, account, sizeof owner) == 0)
        return TRUE;
      g_set_error_literal (error, JN_ERROR, JN_ERROR_INVARIANT, "the files are another account's");
      return FALSE;
    }
  g_autofree char *aside = vault != NULL ? name_for (vault, account) : NULL;
  if (aside == NULL || !jn_vault_has_folder (vault, aside))
    return TRUE;
  g_set_error_literal (error, JN_ERROR, JN_ERROR_INVARIANT, "the account's files lie aside");
  return FALSE;
}

gboolean
jn_storage_is_foreign (JnStorage *self, jn_ledger *ledger)
{
  jn_account known;
  jn_id owner, issuer;

  jn_storage_issuer_id (&issuer);
  if (!jn_storage_get_owner (self, &owner) || jn_account_get (ledger, &issuer, &known) != JN_OK)
    return FALSE;
  jn_status status = jn_account_get (ledger, &owner, &known);
  return status == JN_NOT_FOUND || status == JN_ACCOUNT_UNKNOWN;
}

/* ---- handing over ---- */

/* Sets that were in the way of others. */
static guint
count_older (JnVault *vault)
{
  g_autoptr (GPtrArray) names = jn_vault_list_folders (vault, JN_STORAGE_ASIDE);
  guint n = 0;

  for (guint i = 0; names != NULL && i < names->len; i++)
    n += strstr (names->pdata[i], JN_STORAGE_OLDER) != NULL;
  return n;
}

gboolean
jn_storage_hand_over (JnStorage *self, const char *bban, JnHandOver *how, GError **error)
{
  g_return_val_if_fail (JN_IS_STORAGE (self) && bban != NULL, FALSE);
  JnVault *vault = jn_storage_get_vault (self);
  jn_id account;

  *how = JN_HAND_OVER_SAME;
  if (vault == NULL)
    {
      g_set_error_literal (error, JN_ERROR, JN_ERROR_IO, "closed");
      return FALSE;
    }
  jn_storage_account_id (bban, &account);
  g_autofree char *in = name_for (vault, &account);
  gboolean waits = jn_vault_has_folder (vault, in);
  gboolean used = has_something (self);
  if (is_owned_by (self, &account) ? used || !waits : !waits && !jn_storage_is_used (self))
    return jn_storage_set_owner (self, &account, error);
  g_autofree char *out =
      used ? jn_storage_name_for_what_is_here (self) : g_strdup (JN_STORAGE_ASIDE "unused");
  guint n_older = count_older (vault);
  gboolean exchanged = jn_storage_exchange (self, out, waits ? in : NULL, error);
  if (exchanged && used)
    *how = count_older (jn_storage_get_vault (self)) > n_older ? JN_HAND_OVER_OLDER
                                                               : JN_HAND_OVER_OTHER;
  return exchanged && jn_storage_set_owner (self, &account, error);
}
