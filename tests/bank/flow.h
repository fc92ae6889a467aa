/* A customer at a bank, step by step, as the program does it. */
#pragma once

#include "jn-bank.h"
#include "jn-sync.h"

#define FLOW_PIN "258036"

typedef struct
{
  JnClock *clock;
  JnEntropy *entropy;
  JnTransport *transport;
  JnBank *bank;
  JnBank
      *sandbox; /* past the front end, which keeps the sandbox's doors shut; NULL: bank has them */
  JnDevice *device;
} Flow;

void flow_init (Flow *flow, JnTransport *transport);
void flow_clear (Flow *flow);

/* The test phone and the shops are asked through transport (taken) from now on. */
void flow_reach_sandbox_through (Flow *flow, JnTransport *transport);

/* The newest code on the test phone. Caller frees. */
char *flow_last_code (Flow *flow);

/* Enrols the device with the sample customer and sets the session. */
void flow_enrol (Flow *flow);

JnBankDocument *flow_get (Flow *flow, const char *path, GError **error);
JnWireOrder *flow_initiate (Flow *flow, const JnPaymentRequest *request, GError **error);
char *flow_authorise (Flow *flow, const JnWireOrder *order, GError **error);
gboolean flow_approve (Flow *flow, const JnWireOrder *order, const char *authorisation_id,
                       const char *pin, JnWireApprovalAnswer *answer, GError **error);
gboolean flow_request_sms (Flow *flow, const JnWireOrder *order, const char *authorisation_id,
                           JnWireApprovalAnswer *answer, GError **error);
gboolean flow_approve_sms (Flow *flow, const JnWireOrder *order, const char *authorisation_id,
                           const char *code, JnWireApprovalAnswer *answer, GError **error);
gboolean flow_settle (Flow *flow, const JnId *intent, JnWireIntent *out, GError **error);
gboolean flow_sync (JnSync *sync, GError **error);

/* The first shop of the sandbox: a coffee of ¥22.00. Caller frees the array. */
GPtrArray *flow_shops (Flow *flow);
JnWireQr *flow_resolve (Flow *flow, const char *payload, GError **error);
JnWirePayeeCheck *flow_check_payee (Flow *flow, const char *account, const char *name,
                                    GError **error);
