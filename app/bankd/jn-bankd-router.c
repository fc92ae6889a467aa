#include "jn-bankd-router.h"

#include <gio/gio.h>
#include <sodium.h>
#include <string.h>

#include "jn-bankd-caller.h"
#include "jn-bankd-handlers.h"
#include "jn-bankd-idempotency.h"
#include "jn-bankd-signature.h"

typedef enum
{
  OPEN = 1 << 0,   /* no session needed */
  WRITE = 1 << 1,  /* Idempotency-Key, transaction */
  COMMIT = 1 << 2, /* transaction without a key */
  TAGGED = 1 << 3, /* ETag, If-None-Match */
  BARE = 1 << 4,   /* a body may be missing */
  ENROL = 1 << 5,  /* signed by the key that is being enrolled */
  PSU = 1 << 6,    /* PSU-IP-Address */
} RouteFlags;

typedef struct
{
  const char *method;
  const char *pattern; /* '*' stands for one variable part */
  RouteFlags flags;
  JnBankdHandler handler;
} Route;

#define PAYMENT "/psd2/v1/payments/*/*"
#define ACCOUNT "/psd2/v1/accounts/*"
#define ENROLMENT "/wallet/v1/enrolments"

static const Route routes[] = {
  { "GET", "/psd2/v1/accounts", TAGGED, jn_bankd_handle_accounts },
  { "GET", ACCOUNT, TAGGED, jn_bankd_handle_account },
  { "GET", ACCOUNT "/balances", TAGGED, jn_bankd_handle_balances },
  { "GET", ACCOUNT "/transactions", 0, jn_bankd_handle_transactions },
  { "GET", ACCOUNT "/transactions/*", 0, jn_bankd_handle_transaction },
  { "POST", "/psd2/v1/consents", WRITE | PSU, jn_bankd_handle_consent_create },
  { "GET", "/psd2/v1/consents/*", 0, jn_bankd_handle_consent },
  { "GET", "/psd2/v1/consents/*/status", 0, jn_bankd_handle_consent_status },
  { "DELETE", "/psd2/v1/consents/*", WRITE, jn_bankd_handle_consent_delete },
  { "POST", "/psd2/v1/payments/*", WRITE | PSU, jn_bankd_handle_payment_start },
  { "GET", PAYMENT, 0, jn_bankd_handle_payment },
  { "DELETE", PAYMENT, WRITE, jn_bankd_handle_payment_cancel },
  { "GET", PAYMENT "/status", 0, jn_bankd_handle_payment_status },
  { "POST", PAYMENT "/authorisations", WRITE | BARE, jn_bankd_handle_authorisation_start },
  { "GET", PAYMENT "/authorisations/*", 0, jn_bankd_handle_authorisation },
  { "PUT", PAYMENT "/authorisations/*", WRITE, jn_bankd_handle_authorisation_update },
  { "POST", "/psd2/v1/funds-confirmations", 0, jn_bankd_handle_funds },
  { "GET", "/wallet/v1/intents/*", 0, jn_bankd_handle_intent },
  { "POST", "/wallet/v1/intents/*/settlement", WRITE, jn_bankd_handle_settlement },
  { "POST", ENROLMENT, WRITE | OPEN | ENROL, jn_bankd_handle_enrolment_start },
  { "PUT", ENROLMENT "/*/code", WRITE | OPEN | ENROL, jn_bankd_handle_enrolment_code },
  { "PUT", ENROLMENT "/*/pin", WRITE | OPEN | ENROL, jn_bankd_handle_enrolment_pin },
  { "PUT", ENROLMENT "/*/identity", WRITE | OPEN | ENROL, jn_bankd_handle_enrolment_identity },
  { "PUT", ENROLMENT "/*/card", WRITE | OPEN | ENROL, jn_bankd_handle_enrolment_card },
  { "POST", ENROLMENT "/*/finish", WRITE | OPEN | ENROL, jn_bankd_handle_enrolment_finish },
  { "POST", "/wallet/v1/qr/resolve", 0, jn_bankd_handle_qr_resolve },
  { "POST", "/wallet/v1/payee-checks", 0, jn_bankd_handle_payee_check },
  { "GET", "/wallet/v1/profile", TAGGED, jn_bankd_handle_profile },
  { "GET", "/wallet/v1/offers", TAGGED, jn_bankd_handle_offers },
  { "GET", "/wallet/v1/points", 0, jn_bankd_handle_points },
  { "GET", "/wallet/v1/events", 0, jn_bankd_handle_events },
  { "GET", "/wallet/v1/events/stream", 0, jn_bankd_handle_event_stream },
  { "GET", "/wallet/v1/test-phone/messages", OPEN, jn_bankd_handle_messages },
  { "GET", "/wallet/v1/sandbox/shops", OPEN | COMMIT, jn_bankd_handle_shops },
  { "GET", "/wallet/v1/keys", OPEN, jn_bankd_handle_keys },
  { "POST", "/wallet/v1/sandbox/rotate-key", WRITE | OPEN, jn_bankd_handle_rotate_key },
  { "POST", "/wallet/v1/sandbox/returns", WRITE | OPEN, jn_bankd_handle_return },
  { "POST", "/wallet/v1/sandbox/reset", WRITE | OPEN, jn_bankd_handle_reset },
};

static gboolean
match_pattern (const char *pattern, const char *path, char *args[JN_BANKD_MAX_ARGS])
{
  guint n_args = 0;

  while (*pattern != '\0')
    {
      if (*pattern == '*')
        {
          gsize length = strcspn (path, "/");

          if (length == 0 || n_args == JN_BANKD_MAX_ARGS)
            return FALSE;
          g_free (args[n_args]);
          args[n_args++] = g_strndup (path, length);
          path += length;
          pattern++;
        }
      else if (*pattern++ != *path++)
        return FALSE;
    }
  return *path == '\0';
}

static const Route *
find_route (JnBankdCall *call)
{
  gboolean path_known = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    if (match_pattern (routes[i].pattern, call->request->path, call->args))
      {
        if (strcmp (routes[i].method, call->request->method) == 0)
          return &routes[i];
        path_known = TRUE;
      }
  if (path_known)
    jn_bankd_call_fail (call, 405, "SERVICE_INVALID", JN_ERROR_INVALID);
  else
    jn_bankd_call_fail (call, 404, "RESOURCE_UNKNOWN", JN_ERROR_INVALID);
  return NULL;
}

static gboolean
request_id_is_uuid (const char *text)
{
  return text != NULL && g_uuid_string_is_valid (text);
}

/* The disk is at fault, and nothing was done. */
static void
fail_disk (JnBankdCall *call, JnErrorCode code)
{
  call->answer->embedded_sca = FALSE;
  g_clear_pointer (&call->answer->etag, g_free);
  call->answer->wait = 0;
  jn_bankd_call_fail (call, 503, "INTERNAL_SERVER_ERROR", code);
}

static void
commit (JnBankdCall *call)
{
  gint64 begun = jn_clock_get_monotonic (call->core->clock);
  g_autoptr (GError) error = NULL;

  if (!jn_bankd_db_commit (call->core->db, &error))
    {
      fail_disk (call, (JnErrorCode) error->code);
      return;
    }
  if (call->job != NULL)
    jn_bankd_job_set_owed (call->job, FALSE);
  call->answer->commit_time = jn_clock_get_monotonic (call->core->clock) - begun;
}

/* While a PIN is hashed for a request, a copy of it waits for the first one's answer, and so does another request that
 * has taken its key. When the first one has gone without an answer, a copy takes its place; what is no copy begins anew,
 * with a PIN and a signature of its own. */
static gboolean
must_wait (JnBankdCall *call)
{
  guint8 name[JN_BANKD_JOB_NAME], request[JN_BANKD_JOB_NAME];
  JnBankdJob *job;

  if (call->key == NULL)
    return FALSE;
  jn_bankd_key_get_name (call, name);
  job = jn_bankd_hasher_find (call->core->hasher, name);
  if (job == NULL)
    return FALSE;
  if (job == call->request->job && jn_bankd_job_get_state (job) > JN_BANKD_JOB_RUNNING)
    {
      jn_bankd_key_get_request (call, request);
      if (jn_bankd_job_is_of (job, request))
        call->job = job;
      return FALSE;
    }
  call->answer->job = jn_bankd_job_ref (job);
  return TRUE;
}

static void
leave_job (JnBankdCall *call)
{
  gboolean failed = jn_bankd_db_has_failed (call->core->db);
  guint8 name[JN_BANKD_JOB_NAME], request[JN_BANKD_JOB_NAME];

  jn_bankd_db_rollback (call->core->db);
  jn_bankd_key_get_name (call, name);
  jn_bankd_key_get_request (call, request);
  if (!failed && jn_bankd_hasher_add (call->core->hasher, call->answer->job, name, request))
    return;
  g_clear_pointer (&call->answer->job, jn_bankd_job_unref);
  if (failed)
    fail_disk (call, JN_ERROR_IO);
  else
    jn_bankd_call_fail (call, 503, "SERVICE_UNAVAILABLE", JN_ERROR_RATE_LIMITED);
}

static void
run_write (JnBankdCall *call, const Route *route)
{
  jn_bankd_db_begin (call->core->db);
  if (call->key != NULL)
    {
      JnBankdKeyState state = jn_bankd_key_look_up (call);

      if (state != JN_BANKD_KEY_NEW)
        {
          jn_bankd_db_rollback (call->core->db);
          if (state == JN_BANKD_KEY_CONFLICT)
            jn_bankd_call_fail (call, 422, "PARAMETER_NOT_CONSISTENT", JN_ERROR_CONFLICT);
          return;
        }
    }
  if (must_wait (call))
    {
      jn_bankd_db_rollback (call->core->db);
      return;
    }
  route->handler (call);
  if (call->answer->job != NULL)
    {
      leave_job (call);
      return;
    }
  if (call->answer->status >= 500)
    {
      jn_bankd_db_rollback (call->core->db);
      return;
    }
  if (call->key != NULL)
    jn_bankd_key_store (call);
  jn_bankd_signature_store (call);
  commit (call);
}

static void
add_tag (JnBankdCall *call)
{
  guint8 hash[crypto_hash_sha256_BYTES];
  char hex[33];

  if (call->answer->status != 200)
    return;
  crypto_hash_sha256 (hash, (const guint8 *) call->answer->body, call->answer->body_length);
  sodium_bin2hex (hex, sizeof hex, hash, 16);
  call->answer->etag = g_strdup_printf ("\"%s\"", hex);
  if (g_strcmp0 (call->answer->etag, call->request->if_none_match) == 0)
    jn_bankd_call_answer_empty (call, 304);
}

static gboolean
parse_body (JnBankdCall *call, const Route *route, JnJsonDoc **doc)
{
  const JnBankdRequest *request = call->request;
  gboolean wanted = strcmp (request->method, "GET") != 0 && strcmp (request->method, "DELETE") != 0;

  if ((!wanted || (route->flags & BARE)) && request->body_length == 0)
    return TRUE;
  if (!wanted)
    {
      jn_bankd_call_malformed (call);
      return FALSE;
    }
  if (request->content_type == NULL
      || !g_str_has_prefix (request->content_type, "application/json"))
    {
      jn_bankd_call_fail (call, 415, "FORMAT_ERROR", JN_ERROR_INVALID);
      return FALSE;
    }
  *doc = jn_json_parse (request->body, request->body_length, NULL);
  call->body = *doc != NULL ? jn_json_doc_root (*doc) : NULL;
  if (jn_json_is_object (call->body))
    return TRUE;
  jn_bankd_call_malformed (call);
  return FALSE;
}

static gboolean
check_caller (JnBankdCall *call, const Route *route)
{
  if (!call->request->too_large)
    return (route->flags & OPEN) != 0 || jn_bankd_caller_check (call, (route->flags & WRITE) != 0);
  /* What was cut off cannot be held against its signature. */
  jn_bankd_call_fail (call, 413, "FORMAT_ERROR", JN_ERROR_INVALID);
  return FALSE;
}

/* XS2A 1.3.11 asks for it where a payment or a consent begins, as an IPv4 address. */
static gboolean
check_address (JnBankdCall *call, const Route *route)
{
  const JnHttpMessage *http = &call->request->http;
  const char *text = http->get_field (http->data, "psu-ip-address");
  g_autoptr (GInetAddress) address = NULL;

  if ((route->flags & PSU) == 0)
    return TRUE;
  address = text != NULL ? g_inet_address_new_from_string (text) : NULL;
  if (address != NULL && g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4)
    return TRUE;
  jn_bankd_call_malformed (call);
  return FALSE;
}

static gboolean
take_key (JnBankdCall *call, const Route *route, char **key)
{
  if ((route->flags & WRITE) == 0)
    return TRUE;
  call->key = *key = jn_bankd_key_parse (call->request->idempotency_key);
  if (call->key == NULL)
    jn_bankd_call_malformed (call);
  return call->key != NULL;
}

static void
run (JnBankdCall *call, const Route *route)
{
  g_autoptr (JnJsonDoc) doc = NULL;
  g_autofree char *key = NULL;

  jn_bankd_db_forgive (call->core->db);
  if (check_caller (call, route) && check_address (call, route) && parse_body (call, route, &doc)
      && ((route->flags & ENROL) == 0 || jn_bankd_caller_check_enrolment (call))
      && take_key (call, route, &key) && !jn_bankd_db_has_failed (call->core->db))
    {
      if (route->flags & (WRITE | COMMIT))
        run_write (call, route);
      else
        route->handler (call);
      if (route->flags & TAGGED)
        add_tag (call);
    }
  /* Neither "no session" nor an empty list may come of a disk that could not be read. */
  if (jn_bankd_db_has_failed (call->core->db))
    fail_disk (call, JN_ERROR_IO);
  call->job = NULL;
  call->body = NULL;
  call->key = NULL;
  jn_bankd_caller_clear (call);
}

void
jn_bankd_router_handle (JnBankdCore *core, const JnBankdRequest *request, JnBankdAnswer *answer)
{
  g_autoptr (GHashTable) query = NULL;
  JnBankdCall call = { .core = core, .request = request, .answer = answer };
  const Route *route;

  jn_bankd_answer_clear (answer);
  call.now = jn_clock_now (core->clock);
  if (request->query != NULL)
    query = g_uri_parse_params (request->query, -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
  call.query = query;
  if (!request_id_is_uuid (request->request_id) || (request->query != NULL && query == NULL))
    {
      jn_bankd_call_malformed (&call);
      return;
    }
  jn_bankd_core_tick (core, call.now);
  route = find_route (&call);
  if (route != NULL)
    run (&call, route);
  for (guint i = 0; i < JN_BANKD_MAX_ARGS; i++)
    g_free (call.args[i]);
}
