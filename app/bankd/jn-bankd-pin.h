/* The customer's payment PIN: refused when it can be guessed, stored as a slow hash, blocked after five tries. */
#pragma once

#include "jn-bankd-hasher.h"

G_BEGIN_DECLS

#define JN_BANKD_PIN_TRIES 5

/* Six digits. */
gboolean jn_bankd_pin_is_valid (const char *pin);

/* All equal, running up or down, repeated pairs or triples, or the sample person's birth date in any order. */
gboolean jn_bankd_pin_is_weak (const char *pin);

typedef enum
{
  JN_BANKD_TRY_COUNTED, /* the PIN may be checked */
  JN_BANKD_TRY_LATER,   /* all the tries that are left are being made */
  JN_BANKD_TRY_BLOCKED,
  JN_BANKD_TRY_FAILED, /* it could not be written down */
} JnBankdTry;

/* Counts a try before it is made, in a transaction of its own: who asks in parallel gets no more tries than one after
 * the other, and a bank that is killed meanwhile remembers it. @unsettled: those that were counted and are not settled
 * yet. @failure: of FAILED. */
JnBankdTry jn_bankd_pin_count_try (JnBankdCore *core, gint64 customer, guint unsettled,
                                   JnErrorCode *failure);

/* What a checked PIN means for its customer as they are now, inside the current transaction. Returns 0, PIN_WRONG or
 * PIN_BLOCKED; else why it was not checked. */
int jn_bankd_pin_settle (JnBankdCore *core, gint64 customer, JnBankdJob *job, int *tries_left);

G_END_DECLS
