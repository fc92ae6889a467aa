#include "jn-bankd-idempotency.h"

#include <sodium.h>
#include <string.h>

typedef struct
{
  guint8 name[32]; /* row key */
  guint8 request[32];
  guint8 seal[crypto_secretbox_KEYBYTES];
} Derived;

/* An answer is sealed once under a key of its own. */
static const guint8 nonce[crypto_secretbox_NONCEBYTES];

char *
jn_bankd_key_parse (const char *header)
{
  JnId id;
  g_autofree char *text = NULL;

  if (header == NULL || strlen (header) != JN_ID_STRING_LENGTH + 2 || header[0] != '"'
      || header[JN_ID_STRING_LENGTH + 1] != '"')
    return NULL;
  text = g_strndup (header + 1, JN_ID_STRING_LENGTH);
  return jn_id_from_string (text, &id) ? g_steal_pointer (&text) : NULL;
}

static void
derive_one (JnBankdCall *call, const char *use, const char *a, const char *b, const char *c,
            gsize c_length, guint8 out[32])
{
  crypto_generichash_state state;
  gint64 customer = call->customer;

  /* Each part goes in with its NUL, so that no two lists of parts give the same bytes. */
  crypto_generichash_init (&state, (const guint8 *) call->key, JN_ID_STRING_LENGTH, 32);
  crypto_generichash_update (&state, (const guint8 *) use, strlen (use) + 1);
  crypto_generichash_update (&state, (const guint8 *) &customer, sizeof customer);
  crypto_generichash_update (&state, (const guint8 *) a, strlen (a) + 1);
  crypto_generichash_update (&state, (const guint8 *) b, strlen (b) + 1);
  crypto_generichash_update (&state, (const guint8 *) c, c_length);
  crypto_generichash_final (&state, out, 32);
}

void
jn_bankd_key_get_name (JnBankdCall *call, guint8 out[32])
{
  derive_one (call, "name", "", "", "", 0, out);
}

void
jn_bankd_key_get_request (JnBankdCall *call, guint8 out[32])
{
  derive_one (call, "request", call->request->method, call->request->path,
              call->request->body != NULL ? call->request->body : "", call->request->body_length,
              out);
}

static void
derive (JnBankdCall *call, Derived *out)
{
  jn_bankd_key_get_name (call, out->name);
  jn_bankd_key_get_request (call, out->request);
  derive_one (call, "seal", "", "", "", 0, out->seal);
}

static gboolean
open_answer (JnBankdCall *call, const Derived *derived, const guint8 *sealed, gsize length)
{
  g_autofree char *plain = NULL;

  if (length < crypto_secretbox_MACBYTES)
    return FALSE;
  plain = g_malloc0 (length - crypto_secretbox_MACBYTES + 1);
  if (crypto_secretbox_open_easy ((guint8 *) plain, sealed, length, nonce, derived->seal) != 0)
    return FALSE;
  g_free (call->answer->body);
  call->answer->body_length = length - crypto_secretbox_MACBYTES;
  call->answer->body = call->answer->body_length > 0 ? g_steal_pointer (&plain) : NULL;
  return TRUE;
}

JnBankdKeyState
jn_bankd_key_look_up (JnBankdCall *call)
{
  Derived derived;
  JnBankdKeyState state = JN_BANKD_KEY_CONFLICT;
  sqlite3_stmt *stmt;

  derive (call, &derived);
  stmt = jn_bankd_db_query (call->core->db,
                            "SELECT request, status, problem, sca, answer FROM idempotency"
                            " WHERE key = ?",
                            "b", derived.name, sizeof derived.name);
  if (!jn_bankd_db_step (call->core->db, stmt))
    return JN_BANKD_KEY_NEW;
  if (sqlite3_column_bytes (stmt, 0) == (int) sizeof derived.request
      && sodium_memcmp (sqlite3_column_blob (stmt, 0), derived.request, sizeof derived.request) == 0
      && open_answer (call, &derived, sqlite3_column_blob (stmt, 4),
                      (gsize) sqlite3_column_bytes (stmt, 4)))
    {
      call->answer->status = (guint) sqlite3_column_int (stmt, 1);
      call->answer->problem = sqlite3_column_int (stmt, 2) != 0;
      call->answer->embedded_sca = sqlite3_column_int (stmt, 3) != 0;
      call->answer->replayed = TRUE;
      state = JN_BANKD_KEY_REPLAYED;
    }
  jn_bankd_db_done (stmt);
  return state;
}

void
jn_bankd_key_store (JnBankdCall *call)
{
  Derived derived;
  gsize length = call->answer->body_length;
  g_autofree guint8 *sealed = g_malloc (length + crypto_secretbox_MACBYTES);

  derive (call, &derived);
  crypto_secretbox_easy (sealed,
                         (const guint8 *) (call->answer->body != NULL ? call->answer->body : ""),
                         length, nonce, derived.seal);
  jn_bankd_db_run (call->core->db,
                   "INSERT INTO idempotency (key, request, status, problem, sca, answer)"
                   " VALUES (?, ?, ?, ?, ?, ?)",
                   "bbiiib", derived.name, sizeof derived.name, derived.request,
                   sizeof derived.request, (gint64) call->answer->status,
                   (gint64) call->answer->problem, (gint64) call->answer->embedded_sca, sealed,
                   (gsize) (length + crypto_secretbox_MACBYTES));
}
