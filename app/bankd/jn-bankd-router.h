/* Finds the handler of a request, checks who asks, keeps answers by idempotency key, commits. No network in here. */
#pragma once

#include "jn-bankd-call.h"

G_BEGIN_DECLS

/* Answers @request into the cleared @answer. */
void jn_bankd_router_handle (JnBankdCore *core, const JnBankdRequest *request,
                             JnBankdAnswer *answer);

G_END_DECLS
