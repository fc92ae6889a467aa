#include "jn-bankd-signature.h"

#include <string.h>

#define WINDOW 64 /* counters below the highest that may still arrive */

typedef struct
{
  guint64 highest, written;
  guint64 seen; /* bit i: highest - 1 - i was here */
} Counter;

static guint
hash_key (gconstpointer key)
{
  guint hash;

  /* Only keys that have signed something get here; their bytes are as good as random. */
  memcpy (&hash, key, sizeof hash);
  return hash;
}

static gboolean
keys_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, JN_HTTP_KEY_BYTES) == 0;
}

GHashTable *
jn_bankd_counters_new (void)
{
  return g_hash_table_new_full (hash_key, keys_equal, g_free, g_free);
}

/* NULL: it could not be read, which is not the same as none. */
static Counter *
find_counter (JnBankdCore *core, const guint8 *key)
{
  Counter *counter = g_hash_table_lookup (core->counters, key);
  gint64 written;

  if (counter != NULL)
    return counter;
  written = jn_bankd_db_integer (core->db, 0, "SELECT written FROM counter WHERE key = ?", "b", key,
                                 (gsize) JN_HTTP_KEY_BYTES);
  if (jn_bankd_db_has_failed (core->db))
    return NULL;
  /* The others start from their last write again. */
  if (g_hash_table_size (core->counters) >= JN_BANKD_MAX_DEVICES)
    g_hash_table_remove_all (core->counters);
  counter = g_new0 (Counter, 1);
  counter->highest = counter->written = (guint64) written;
  counter->seen = G_MAXUINT64;
  g_hash_table_insert (core->counters, g_memdup2 (key, JN_HTTP_KEY_BYTES), counter);
  return counter;
}

/* Lets a number in once. */
static gboolean
take (Counter *self, guint64 number, gboolean write)
{
  guint64 distance;

  if (write && number <= self->written)
    return FALSE;
  if (number > self->highest)
    {
      distance = number - self->highest;
      self->seen = distance < WINDOW ? self->seen << distance : 0;
      if (distance <= WINDOW)
        self->seen |= (guint64) 1 << (distance - 1);
      self->highest = number;
    }
  else
    {
      distance = self->highest - number;
      if (distance == 0 || distance > WINDOW || (self->seen & ((guint64) 1 << (distance - 1))) != 0)
        return FALSE;
      self->seen |= (guint64) 1 << (distance - 1);
    }
  if (write)
    self->written = number;
  return TRUE;
}

static gboolean
refuse (JnBankdCall *call, const char *code, JnErrorCode reason)
{
  jn_bankd_call_fail (call, 401, code, reason);
  return FALSE;
}

static gboolean
refuse_counter (JnBankdCall *call, const Counter *counter)
{
  g_autofree char *highest = g_strdup_printf ("%" G_GUINT64_FORMAT, counter->highest);
  JnBankdProblem problem = { .status = 401,
                             .code = "SIGNATURE_INVALID",
                             .reason = JN_ERROR_COUNTER_USED,
                             .attempts_left = -1,
                             .counter = highest };

  jn_bankd_call_fail_with (call, &problem);
  return FALSE;
}

/* A body has to stand in the signature through its digest. */
static gboolean
body_is_bound (const JnBankdRequest *request)
{
  const char *digest = request->http.get_field (request->http.data, "content-digest");

  if (digest == NULL)
    return request->body_length == 0;
  return jn_content_digest_check (digest, request->body, request->body_length);
}

void
jn_bankd_signature_take_over (JnBankdCall *call, const guint8 *key)
{
  const JnHttpMessage *http = &call->request->http;
  guint64 number = 0;

  memcpy (call->signer, key, sizeof call->signer);
  if (jn_http_counter_parse (http->get_field (http->data, "jinnang-counter"), &number))
    call->counter = (gint64) number;
}

gboolean
jn_bankd_signature_check (JnBankdCall *call, const guint8 *key, gboolean write)
{
  const JnBankdRequest *request = call->request;
  Counter *counter;
  guint64 number = 0;

  switch (jn_http_signature_check (&request->http, NULL, key, 1, NULL))
    {
    case JN_HTTP_SIGNATURE_MISSING:
      return refuse (call, "SIGNATURE_MISSING", JN_ERROR_SIGNATURE_BAD);
    case JN_HTTP_SIGNATURE_WRONG:
      return refuse (call, "SIGNATURE_INVALID", JN_ERROR_SIGNATURE_BAD);
    case JN_HTTP_SIGNATURE_GOOD:
      break;
    }
  if (!body_is_bound (request)
      || !jn_http_counter_parse (request->http.get_field (request->http.data, "jinnang-counter"),
                                 &number))
    return refuse (call, "SIGNATURE_INVALID", JN_ERROR_SIGNATURE_BAD);
  counter = find_counter (call->core, key);
  if (counter == NULL)
    return FALSE;
  if (!take (counter, number, write))
    return refuse_counter (call, counter);
  jn_bankd_signature_take_over (call, key);
  return TRUE;
}

void
jn_bankd_signature_store (JnBankdCall *call)
{
  if (call->counter == 0) /* a write that needs no device: the sandbox's own */
    return;
  jn_bankd_db_run (call->core->db,
                   "INSERT INTO counter (key, written) VALUES (?, ?)"
                   " ON CONFLICT (key) DO UPDATE SET written = max (written, excluded.written)",
                   "bi", call->signer, sizeof call->signer, call->counter);
}
