#include "jn-bankd-keys.h"

#include <sodium.h>
#include <string.h>

#include "jn-bankd-handlers.h"

#define MAX_RETIRED 62 /* named: as many rotations may be slept through */

static void
make_one (JnBankdCore *core, const char *state)
{
  guint8 seed[crypto_sign_SEEDBYTES], public[crypto_sign_PUBLICKEYBYTES];
  guint8 secret[crypto_sign_SECRETKEYBYTES];

  jn_entropy_fill (core->entropy, seed, sizeof seed);
  crypto_sign_seed_keypair (public, secret, seed);
  jn_bankd_db_run (core->db, "INSERT INTO bank_key (public, secret, state) VALUES (?, ?, ?)", "bbs",
                   public, sizeof public, secret, sizeof secret, state);
  sodium_memzero (seed, sizeof seed);
  sodium_memzero (secret, sizeof secret);
}

typedef struct
{
  gint64 number;
  guint8 public[crypto_sign_PUBLICKEYBYTES], next[crypto_sign_PUBLICKEYBYTES];
  guint8 secret[crypto_sign_SECRETKEYBYTES];
} Unlinked;

static gboolean
copy_column (sqlite3_stmt *stmt, int column, guint8 *out, gsize length)
{
  if (sqlite3_column_bytes (stmt, column) != (int) length)
    return FALSE;
  memcpy (out, sqlite3_column_blob (stmt, column), length);
  return TRUE;
}

/* A key that does not say yet what comes after it. */
static gboolean
find_unlinked (JnBankdCore *core, Unlinked *out)
{
  gboolean found;
  sqlite3_stmt *stmt =
      jn_bankd_db_query (core->db,
                         "SELECT key.number, key.public, key.secret, after.public FROM bank_key key"
                         " JOIN bank_key after ON after.number ="
                         " (SELECT min (number) FROM bank_key WHERE number > key.number)"
                         " WHERE key.succession IS NULL LIMIT 1",
                         "");

  if (!jn_bankd_db_step (core->db, stmt))
    return FALSE;
  out->number = sqlite3_column_int64 (stmt, 0);
  found = copy_column (stmt, 1, out->public, sizeof out->public)
          && copy_column (stmt, 2, out->secret, sizeof out->secret)
          && copy_column (stmt, 3, out->next, sizeof out->next);
  jn_bankd_db_done (stmt);
  return found;
}

void
jn_bankd_keys_link (JnBankdCore *core)
{
  Unlinked key;

  while (find_unlinked (core, &key) && !jn_bankd_db_has_failed (core->db))
    {
      g_autofree char *own = g_base64_encode (key.public, sizeof key.public);
      g_autofree char *next = g_base64_encode (key.next, sizeof key.next);
      g_autofree char *text = g_strdup_printf ("jinnang-key:%s:%s", own, next);
      guint8 signature[crypto_sign_BYTES];

      crypto_sign_detached (signature, NULL, (const guint8 *) text, strlen (text), key.secret);
      jn_bankd_db_run (core->db, "UPDATE bank_key SET succession = ? WHERE number = ?", "bi",
                       signature, sizeof signature, key.number);
    }
  sodium_memzero (&key, sizeof key);
  jn_bankd_db_run (core->db, "UPDATE bank_key SET secret = x'' WHERE state = 'retired'", "");
}

void
jn_bankd_keys_make (JnBankdCore *core)
{
  make_one (core, "current");
  make_one (core, "next");
  jn_bankd_keys_link (core);
}

gboolean
jn_bankd_keys_load (JnBankdCore *core, GError **error)
{
  gboolean found = FALSE;
  sqlite3_stmt *stmt = jn_bankd_db_query (
      core->db, "SELECT public, secret FROM bank_key WHERE state = 'current'", "");

  if (jn_bankd_db_step (core->db, stmt))
    {
      found = copy_column (stmt, 0, core->key_public, sizeof core->key_public)
              && copy_column (stmt, 1, core->key_secret, sizeof core->key_secret);
      jn_bankd_db_done (stmt);
    }
  if (!found)
    g_set_error_literal (error, JN_ERROR, JN_ERROR_PAGE_DAMAGED, "bank database: no signing key");
  core->keys_stale = !found;
  return found;
}

void
jn_bankd_keys_rotate (JnBankdCore *core)
{
  jn_bankd_db_run (core->db, "UPDATE bank_key SET state = 'retired' WHERE state = 'current'", "");
  jn_bankd_db_run (core->db, "UPDATE bank_key SET state = 'current' WHERE state = 'next'", "");
  jn_bankd_db_run (core->db,
                   "DELETE FROM bank_key WHERE state = 'retired' AND number NOT IN (SELECT number"
                   " FROM bank_key WHERE state = 'retired' ORDER BY number DESC LIMIT ?)",
                   "i", (gint64) MAX_RETIRED);
  make_one (core, "next");
  jn_bankd_keys_link (core);
  core->keys_stale = TRUE;
}

char *
jn_bankd_keys_make_id (JnBankdCore *core)
{
  /* Whether the transaction that touched the keys was committed is known to the database alone. */
  if (core->keys_stale)
    jn_bankd_keys_load (core, NULL);
  return g_base64_encode (core->key_public, sizeof core->key_public);
}

char *
jn_bankd_keys_sign (JnBankdCore *core, gconstpointer data, gsize length)
{
  guint8 signature[crypto_sign_BYTES];

  crypto_sign_detached (signature, NULL, data, length, core->key_secret);
  return g_base64_encode (signature, sizeof signature);
}

static void
answer_keys (JnBankdCall *call)
{
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  sqlite3_stmt *stmt = jn_bankd_db_query (
      call->core->db, "SELECT public, state, succession FROM bank_key ORDER BY number DESC", "");

  jn_json_writer_begin_object (writer, NULL);
  jn_json_writer_begin_array (writer, "keys");
  while (jn_bankd_db_step (call->core->db, stmt))
    {
      g_autofree char *text =
          g_base64_encode (sqlite3_column_blob (stmt, 0), (gsize) sqlite3_column_bytes (stmt, 0));
      g_autofree char *succession = NULL;

      if (sqlite3_column_type (stmt, 2) == SQLITE_BLOB)
        succession =
            g_base64_encode (sqlite3_column_blob (stmt, 2), (gsize) sqlite3_column_bytes (stmt, 2));
      jn_json_writer_begin_object (writer, NULL);
      jn_json_writer_string (writer, "keyId", text);
      jn_json_writer_string (writer, "publicKey", text);
      jn_json_writer_string (writer, "state", jn_bankd_column (stmt, 1));
      jn_json_writer_string (writer, "succession", succession);
      jn_json_writer_end_object (writer);
    }
  jn_json_writer_end_array (writer);
  jn_json_writer_end_object (writer);
  jn_bankd_call_answer (call, 200, writer);
}

void
jn_bankd_handle_keys (JnBankdCall *call)
{
  answer_keys (call);
}

void
jn_bankd_handle_rotate_key (JnBankdCall *call)
{
  if (!jn_bankd_json_only (call->body, ""))
    {
      jn_bankd_call_malformed (call);
      return;
    }
  jn_bankd_keys_rotate (call->core);
  answer_keys (call);
}
