/* The customer's payment PIN: refused when it can be guessed, stored as a slow hash, blocked after five tries. */
#pragma once

#include "jn-bankd-core.h"

G_BEGIN_DECLS

#define JN_BANKD_PIN_TRIES 5

/* Six digits. */
gboolean jn_bankd_pin_is_valid (const char *pin);

/* All equal, running up or down, repeated pairs or triples, or the sample person's birth date in any order. */
gboolean jn_bankd_pin_is_weak (const char *pin);

/* Argon2id text for the database; NULL without memory. Caller frees. */
char *jn_bankd_pin_hash (JnBankdCore *core, const char *pin);

/* Checks and counts inside the current transaction. Returns 0, PIN_WRONG or PIN_BLOCKED. */
int jn_bankd_pin_check (JnBankdCore *core, gint64 customer, const char *pin, int *tries_left);

G_END_DECLS
