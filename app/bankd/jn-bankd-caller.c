#include "jn-bankd-caller.h"

#include <sodium.h>
#include <string.h>

#include "jn-bankd-signature.h"

/* The columns of a device of its session; 0, or why there is none. */
static JnErrorCode
read_device (JnBankdCall *call, sqlite3_stmt *stmt, const guint8 *secret, guint8 *key)
{
  JnInstant expires_at = sqlite3_column_int64 (stmt, 3);

  if (sqlite3_column_bytes (stmt, 2) != crypto_hash_sha256_BYTES
      || sodium_memcmp (sqlite3_column_blob (stmt, 2), secret, crypto_hash_sha256_BYTES) != 0
      || sqlite3_column_bytes (stmt, 4) != JN_HTTP_KEY_BYTES)
    return JN_ERROR_SESSION_EXPIRED;
  if (expires_at == JN_BANKD_REVOKED)
    return JN_ERROR_DEVICE_REVOKED;
  if (expires_at <= call->now)
    return JN_ERROR_SESSION_EXPIRED;
  call->customer = sqlite3_column_int64 (stmt, 0);
  call->device = g_strdup (jn_bankd_column (stmt, 1));
  memcpy (key, sqlite3_column_blob (stmt, 4), JN_HTTP_KEY_BYTES);
  return 0;
}

static JnErrorCode
load_session (JnBankdCall *call, guint8 *key)
{
  const char *header = call->request->authorization;
  guint8 secret[crypto_hash_sha256_BYTES];
  JnErrorCode reason;
  sqlite3_stmt *stmt;

  if (header == NULL || !g_str_has_prefix (header, "Bearer ") || call->request->consent_id == NULL)
    return JN_ERROR_SESSION_EXPIRED;
  crypto_hash_sha256 (secret, (const guint8 *) header + 7, strlen (header + 7));
  stmt = jn_bankd_db_query (call->core->db,
                            "SELECT customer, id, session, expires_at, public_key FROM device"
                            " WHERE consent = ?",
                            "s", call->request->consent_id);
  if (!jn_bankd_db_step (call->core->db, stmt))
    return JN_ERROR_SESSION_EXPIRED;
  reason = read_device (call, stmt, secret, key);
  jn_bankd_db_done (stmt);
  return reason;
}

/* Whoever was held back was let in before. */
static gboolean
check_signature (JnBankdCall *call, const guint8 *key, gboolean write)
{
  if (!call->request->again)
    return jn_bankd_signature_check (call, key, write);
  jn_bankd_signature_take_over (call, key);
  return TRUE;
}

gboolean
jn_bankd_caller_check (JnBankdCall *call, gboolean write)
{
  guint8 key[JN_HTTP_KEY_BYTES];
  JnErrorCode reason = load_session (call, key);

  if (reason == 0)
    return check_signature (call, key, write);
  jn_bankd_call_fail (call, 401, "TOKEN_UNKNOWN", reason);
  return FALSE;
}

void
jn_bankd_caller_clear (JnBankdCall *call)
{
  g_clear_pointer (&call->device, g_free);
  call->customer = 0;
}

/* Of the enrolment's row, or of the body that begins one. */
static gboolean
find_enrolment_key (JnBankdCall *call, guint8 *key)
{
  const char *text = jn_json_string (jn_json_get (call->body, "devicePublicKey"));
  sqlite3_stmt *stmt;
  gsize length = 0;
  gboolean found;

  if (call->args[0] == NULL)
    return text != NULL
           && sodium_base642bin (key, JN_HTTP_KEY_BYTES, text, strlen (text), NULL, &length, NULL,
                                 sodium_base64_VARIANT_ORIGINAL)
                  == 0
           && length == JN_HTTP_KEY_BYTES;
  stmt = jn_bankd_db_query (call->core->db, "SELECT device_key FROM enrolment WHERE id = ?", "s",
                            call->args[0]);
  if (!jn_bankd_db_step (call->core->db, stmt))
    return FALSE;
  found = sqlite3_column_bytes (stmt, 0) == JN_HTTP_KEY_BYTES;
  if (found)
    memcpy (key, sqlite3_column_blob (stmt, 0), JN_HTTP_KEY_BYTES);
  jn_bankd_db_done (stmt);
  return found;
}

gboolean
jn_bankd_caller_check_enrolment (JnBankdCall *call)
{
  guint8 key[JN_HTTP_KEY_BYTES];

  /* Without a key there is no enrolment: its handler says so. */
  return !find_enrolment_key (call, key) || check_signature (call, key, TRUE);
}
