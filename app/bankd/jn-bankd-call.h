/* One request on its way through the bank, and the answer that grows in it. */
#pragma once

#include "jn-bankd-core.h"
#include "jn-bankd-hasher.h"
#include "jn-http-signature.h"
#include "jn-json.h"

G_BEGIN_DECLS

/* What came in. Strings are borrowed; header values are NULL when absent. */
typedef struct
{
  const char *method;
  const char *path; /* without the query, still percent-encoded */
  const char *query;
  const char *request_id;
  const char *authorization;
  const char *consent_id;
  const char *idempotency_key;
  const char *if_none_match;
  const char *content_type;
  const char *last_event_id;
  const char *body;
  gsize body_length;
  gboolean too_large;
  JnHttpMessage http; /* the same for whoever checks signatures */
  gboolean again;     /* handled before and held back: looked at once more */
  JnBankdJob *job;    /* for which it was held back, NULL: for news */
} JnBankdRequest;

/* What goes out. */
typedef struct
{
  guint status;
  gboolean problem;      /* application/problem+json */
  gboolean embedded_sca; /* ASPSP-SCA-Approach: EMBEDDED */
  gboolean replayed;
  char *body;
  gsize body_length;
  char *etag;
  gint64 commit_time;  /* microseconds, -1 when nothing was committed */
  guint wait;          /* seconds to wait for news before @body is sent; 0 for none */
  char *stream_device; /* NULL: no stream. Whose it is and after which event it begins */
  gint64 stream_customer, stream_after;
  JnBankdJob *job; /* not NULL: no answer yet, look again when this job is over */
} JnBankdAnswer;

void jn_bankd_answer_clear (JnBankdAnswer *answer);

#define JN_BANKD_MAX_ARGS 4

typedef struct
{
  JnBankdCore *core;
  const JnBankdRequest *request;
  JnBankdAnswer *answer;
  JnInstant now;
  char *args[JN_BANKD_MAX_ARGS]; /* the path's variable parts */
  GHashTable *query;             /* name → value */
  JnJson *body;                  /* the root object, NULL without a body */
  const char *key;               /* Idempotency-Key without its quotes */
  gint64 customer;               /* 0 before enrolment */
  char *device;
  guint8 signer
      [JN_HTTP_KEY_BYTES]; /* the device's key and the counter of a signed request; 0 when not signed */
  gint64 counter;
  JnBankdJob *
      job; /* what became of the hash that the handler wanted at first; NULL: handled for the first time */
} JnBankdCall;

/* Ends the call for now: it is handled anew when @pin is hashed, or checked against @stored (jn_bankd_job_new). Nothing
 * that was done so far stays. Only in a write. */
void jn_bankd_call_hash (JnBankdCall *call, const char *pin, const char *stored);

/* Ends the call with a body. Takes what @writer holds. */
void jn_bankd_call_answer (JnBankdCall *call, guint status, JnJsonWriter *writer);
void jn_bankd_call_answer_empty (JnBankdCall *call, guint status);

/* A problem (RFC 9457) with the members that some of them have. */
typedef struct
{
  guint status;
  const char *code; /* of the XS2A list */
  JnErrorCode reason;
  int attempts_left;               /* < 0: none */
  const char *counter;             /* NULL: none */
  gboolean has_funds;              /* NO_FUNDS: what the account has free and what is held */
  gint64 available, held, missing; /* minor units */
  JnInstant paid_at;   /* ORDER_PAID: when, and on which of the customer's devices; 0: none */
  const char *paid_on; /* NULL: none */
} JnBankdProblem;

void jn_bankd_call_fail_with (JnBankdCall *call, const JnBankdProblem *problem);

/* Ends the call with a problem. @attempts_left < 0 leaves the member out. */
void jn_bankd_call_fail (JnBankdCall *call, guint status, const char *code, JnErrorCode reason);
void jn_bankd_call_fail_tries (JnBankdCall *call, guint status, const char *code,
                               JnErrorCode reason, int attempts_left);
/* 400 FORMAT_ERROR INVALID. */
void jn_bankd_call_malformed (JnBankdCall *call);

/* Whether @json is an object without members other than those of the blank-separated list. */
gboolean jn_bankd_json_only (JnJson *json, const char *names);

/* Value of a query parameter or NULL; a whole number in a range, FALSE (call failed) when malformed. */
const char *jn_bankd_call_param (JnBankdCall *call, const char *name);
gboolean jn_bankd_call_number (JnBankdCall *call, const char *name, gint64 fallback, gint64 maximum,
                               gint64 *out);

/* Amounts in the bank's currency, minor units. */
void jn_bankd_write_amount (JnJsonWriter *writer, const char *name, gint64 minor);
gboolean jn_bankd_read_amount (JnJson *json, gint64 *minor);

void jn_bankd_write_instant (JnJsonWriter *writer, const char *name, JnInstant instant);
void jn_bankd_write_date (JnJsonWriter *writer, const char *name, JnDate date);
void jn_bankd_write_bilingual (JnJsonWriter *writer, const char *name, const char *zh,
                               const char *en);
/* "name":{"href":"…"} */
void jn_bankd_write_link (JnJsonWriter *writer, const char *name, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

G_END_DECLS
