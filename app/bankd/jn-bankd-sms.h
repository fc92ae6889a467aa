/* One-time codes and the sandbox's test phone that they are sent to. */
#pragma once

#include "jn-bankd-core.h"

G_BEGIN_DECLS

#define JN_BANKD_SMS_DIGITS 6
#define JN_BANKD_SMS_TRIES 5
#define JN_BANKD_SMS_LIFETIME (5 * JN_MINUTE)

/* Six random digits, each code as likely as any other. Caller frees. */
char *jn_bankd_sms_make_code (JnBankdCore *core);

/* Puts a message on the test phone; @amount 0 and @payee NULL for an enrolment. */
void jn_bankd_sms_send (JnBankdCore *core, const char *kind, const char *code, gint64 amount,
                        const char *payee, JnInstant now);

/* Compares in constant time. */
gboolean jn_bankd_sms_code_equals (const char *expected, const char *given);

G_END_DECLS
